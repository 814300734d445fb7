"""Compose a digest out of the archive and the usage counts. It blocks: call it in a thread.

The same plan gives the same digest for as long as the archive does not change, so the preview, the post, a
repetition and the terminal agree.
"""

import itertools
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, TypeVar, cast

from bot.digest.contents import (
    SHOWN,
    Content,
    Digest,
    DigestPart,
    Feature,
    NewThreads,
    QuestionCounts,
    anniversary,
    pick_anniversary,
    pivot,
)
from bot.digest.due import EVERY_DAY
from bot.digest.ledger import Ledger
from bot.digest.model import DigestOptions, LedgerEntry, Position, Subscription
from bot.digest.resurfacing import (
    REST_DAYS,
    WITHOUT_SELECTION,
    Selection,
    Source,
    draw_hash,
    in_order,
    is_poor_text,
    nth_date,
    pick_source,
)
from bot.digest.usage_counts import UsageCounts
from retrieval.archive import Archive
from retrieval.errors import ThreadNotFoundError
from retrieval.model import Excerpt, Scope, ThreadSummary, Verdict

__all__ = ["Composer", "Plan", "plan_of"]

#: Cached results; digests of many servers share most of them.
_CACHE_SIZE = 4096
_DAY = timedelta(days=1)
#: So many threads that follow each other by their ids, which are hashes, are one draw.
_DRAWN = 24

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a digest is to cover: threads with numbers in ``(since, until]``, questions after ``after``.

    ``feature`` has the ids of the threads from the archive, where an earlier attempt chose some. ``number``,
    ``name``, ``weekdays`` and ``selection`` are those of the digest among the server's.
    """

    server_id: int
    day: date
    zone: tzinfo
    content: Content = Content.EVERYTHING
    after: date | None = None
    since: int = 0
    until: int = 0
    feature: str | None = None
    number: int = 0
    name: str = ""
    weekdays: frozenset[int] = EVERY_DAY
    selection: Selection = WITHOUT_SELECTION


def plan_of(entry: LedgerEntry, subscription: Subscription | None) -> Plan:
    """Return the plan of a digest in the ledger; without a subscription, everything and in UTC."""
    plan = Plan(
        server_id=entry.server_id,
        day=entry.day,
        zone=UTC,
        after=entry.after,
        since=entry.since,
        until=entry.until,
        feature=entry.feature,
        number=entry.number,
    )
    return _chosen(plan, subscription.options) if subscription else plan


def _chosen(plan: Plan, options: DigestOptions) -> Plan:
    return replace(
        plan,
        zone=options.zone,
        content=options.content,
        name=options.name,
        weekdays=options.weekdays,
        selection=options.selection,
    )


class Composer:
    """Composes digests, with a cache of the archive's results that empties when the archive changes."""

    def __init__(self, archive: Archive, ledger: Ledger, usage: UsageCounts) -> None:
        self.ledger = ledger
        self.usage = usage
        self._archive = archive
        self._cache: dict[Hashable, object] = {}
        self._state: Hashable = None

    def clear_cache(self) -> None:
        """Empty the cache; done before each round of digests, so that it holds no more than one needs."""
        self._cache = {}

    def position(self) -> Position:
        """Return the position up to which a digest composed now covers the archive's new threads."""
        return Position(*self._archive.timeline.position())

    def next_plan(self, subscription: Subscription, now: datetime, day: date | None = None) -> Plan:
        """Return the plan of the next digest, as of now: what a preview shows.

        ``day`` replaces the date of that digest.
        """
        options, position = subscription.options, self.position()
        plan = Plan(
            server_id=subscription.server_id,
            day=day or subscription.due(now) or subscription.next(now).astimezone(options.zone).date(),
            zone=options.zone,
            after=subscription.last,
            since=position.following(subscription.position),
            until=position.number,
            number=subscription.number,
        )
        return _chosen(plan, options)

    def compose(self, plan: Plan) -> Digest:
        """Return the digest of a plan. Raises ``ArchiveError`` where the archive or a file refuses."""
        state = self._archive.state()
        if state != self._state:
            self._cache, self._state = {}, state
        parts, scope = plan.content.parts, self._scope(plan, self._archive.catalog.scope(plan.server_id))
        arrivals = self._new_threads(plan, scope) if DigestPart.NEW in parts else NewThreads()
        new = [excerpt.thread.id for excerpt in arrivals.shown]
        features = self._features(plan, scope, new) if DigestPart.ARCHIVE in parts else []
        return Digest(
            server_id=plan.server_id,
            day=plan.day,
            after=plan.after,
            arrivals=arrivals,
            feature=features[0] if features else None,
            asked=self._question_counts(plan, scope) if DigestPart.ASKED in parts else None,
            further=tuple(features[1:]),
            number=plan.number,
            name=plan.name,
            daily=plan.weekdays == EVERY_DAY,
            narrow=plan.selection.narrow,
        )

    def _scope(self, plan: Plan, scope: Scope) -> Scope:
        """Return the part of a scope that is in the collections which the digest names, if it names any."""
        if not plan.selection.collections:
            return scope
        wanted = {name.casefold() for name in plan.selection.collections}
        named = (one for one in self._archive.catalog.all_collections() if one.name.casefold() in wanted)
        return Scope(scope.collections & {one.id for one in named})

    def _new_threads(self, plan: Plan, scope: Scope) -> NewThreads:
        def load() -> NewThreads:
            summaries, total = self._archive.timeline.new_threads(
                visible, since=plan.since, until=plan.until, limit=size, authors=authors
            )
            excerpts = filter(None, (self._key_excerpt(summary.id, scope) for summary in summaries))
            return NewThreads(tuple(excerpts), total, plan.since, plan.until)

        if plan.since >= plan.until:
            return NewThreads(since=plan.since, until=plan.until)
        # What is new is the same for all servers that see the same; the handbook is never new.
        visible = self._scope(plan, self._archive.catalog.visible_scope(plan.server_id))
        authors, size = plan.selection.author_keys(), plan.selection.size or SHOWN
        return self._cached(("new", visible.collections, plan.since, plan.until, authors, size), load)

    def _features(self, plan: Plan, scope: Scope, new: Sequence[str]) -> list[Feature]:
        """Return the threads from the archive with their excerpts: one, or as many as are to be shown."""
        size = (plan.selection.size or 1) if plan.content is Content.ARCHIVE else 1
        shown, features = self.ledger.shown(plan.server_id, plan.day, plan.number), list[Feature]()
        earlier = (plan.feature or "").split()
        turn = nth_date(plan.day, plan.weekdays) * size
        for item in range(size):
            taken = [*new, *(feature.excerpt.thread.id for feature in features)]
            candidates = itertools.chain(
                self._archive.catalog.summaries(earlier[item : item + 1], scope).values(),
                self._candidates(plan, scope, shown, taken, turn + item),
            )
            feature = self._first_good(plan, scope, candidates, earlier)
            if feature is None:
                break
            features.append(feature)
        return features

    def _first_good(
        self, plan: Plan, scope: Scope, candidates: Iterable[ThreadSummary], earlier: Sequence[str]
    ) -> Feature | None:
        """Return the first candidate that is worth it, or else the first that is still in the archive."""
        first: Feature | None = None
        for summary in candidates:
            excerpt = self._key_excerpt(summary.id, scope)
            if excerpt is None:
                continue
            feature = Feature(excerpt, anniversary(excerpt.thread, plan.day, plan.zone))
            if summary.id in earlier or not is_poor_text(excerpt.post.text):
                return feature
            first = first or feature
        return first

    def _candidates(
        self, plan: Plan, scope: Scope, shown: Mapping[str, date], taken: Sequence[str], turn: int
    ) -> Iterator[ThreadSummary]:
        """Yield threads to feature, in order: anniversary, never shown, shown longest ago; source by source.

        ``shown`` has the date on which each thread was last shown in the digest, ``taken`` the ids of those
        in today's already.
        """
        start = draw_hash(plan.server_id, plan.number, date.min, "sources")
        sources = pick_source(self._sources(plan, scope), start, turn)
        for source in sources:
            yield from self._unseen(plan, source, shown, taken, turn)
        # All were shown before, and so the one of longest ago comes, of the sources in their order.
        known = [thread for thread in shown if thread not in taken]
        for source in sources:
            inside = self._within(self._archive.catalog.summaries(known, Scope(source.collections)), source)
            rested = [thread for thread in inside if (plan.day - shown[thread]).days >= REST_DAYS]
            if rested:
                yield inside[min(rested, key=lambda thread: (shown[thread], thread))]
        present = {
            thread: summary
            for source in sources
            for thread, summary in self._within(
                self._archive.catalog.summaries(known, Scope(source.collections)), source
            ).items()
        }
        if present:
            yield present[min(present, key=lambda thread: (shown[thread], thread))]

    def _unseen(
        self, plan: Plan, source: Source, shown: Mapping[str, date], taken: Sequence[str], turn: int
    ) -> Iterator[ThreadSummary]:
        """Yield the threads of a source that were not shown yet, an anniversary first."""
        scope, number, day = Scope(source.collections), plan.number, plan.day

        def draw(thread: str) -> bytes:
            return draw_hash(plan.server_id, number, day, thread)

        nearby = self._cached(
            ("anniversaries", scope, day), lambda: self._archive.timeline.anniversaries(scope, day)
        )
        today = {one.id: one for one in nearby if anniversary(one, day, plan.zone) is not None}
        celebrated = pick_anniversary(
            self._within(today, source).values(), shown, day, plan.server_id, taken, number
        )
        if celebrated is not None:
            yield celebrated
        drawn = self._archive.timeline.next_threads(
            scope,
            pivot(plan.server_id, day, number, turn % (plan.selection.size or 1)),
            [*shown, *taken],
            limit=_DRAWN,
            authors=source.authors,
            without=source.without,
        )
        yield from in_order(drawn, day, plan.selection.recency, draw)

    @staticmethod
    def _within(summaries: Mapping[str, ThreadSummary], source: Source) -> dict[str, ThreadSummary]:
        """Return the threads that are by a source's authors."""
        return {thread: one for thread, one in summaries.items() if source.holds(one.author)}

    def _sources(self, plan: Plan, scope: Scope) -> list[Source]:
        """Return what takes turns: the scope as a whole, or its parts of different frequency."""
        chosen, authors = plan.selection, plan.selection.author_keys()
        if not chosen.frequency:
            return [Source(scope.collections, 1.0, authors)] if scope.collections else []

        def load() -> list[Source]:
            catalog = self._archive.catalog
            names = {one.id: one.name for one in catalog.all_collections()}

            def count(one: Scope, author: str) -> int:
                return catalog.count(one, author=author) + catalog.count(one, author=f"@{author}")

            sources: list[Source] = []
            tuned = chosen.tuned_authors()
            for number in sorted(scope.collections):
                one = Scope(frozenset({number}))
                for author in authors or tuned:
                    weight = count(one, author) * chosen.factor(names[number], author)
                    sources.append(Source(one.collections, weight, (author,)))
                if not authors:
                    others = catalog.count(one) - sum(count(one, author) for author in tuned)
                    weight = others * chosen.factor(names[number])
                    sources.append(Source(one.collections, weight, without=tuned))
            return sources

        return self._cached(("sources", scope, chosen), load)

    def _question_counts(self, plan: Plan, scope: Scope) -> QuestionCounts | None:
        last = plan.day - _DAY
        first = min(plan.after or last, last)
        asked, quoted = self.usage.between(plan.server_id, first, last)
        if not any(asked.values()):
            return None
        summaries = self._archive.catalog.summaries([thread for thread, _ in quoted], scope)
        threads = tuple((summaries[thread], times) for thread, times in quoted if thread in summaries)
        return QuestionCounts(
            answered=asked[Verdict.ANSWER],
            days=(last - first).days + 1,
            threads=threads,
            closest=asked[Verdict.CLOSEST],
            nothing=asked[Verdict.NOTHING],
        )

    def _key_excerpt(self, thread_id: str, scope: Scope) -> Excerpt | None:
        def load() -> Excerpt | None:
            try:
                return self._archive.answers.key_excerpt(thread_id, scope)
            except ThreadNotFoundError:
                return None  # taken out since it was listed

        return self._cached(("key excerpt", scope, thread_id), load)

    def _cached(self, key: Hashable, load: Callable[[], T]) -> T:
        cache: dict[Any, Any] = self._cache
        if key not in cache:
            if len(cache) >= _CACHE_SIZE:
                cache.clear()
            cache[key] = load()
        return cast("T", cache[key])
