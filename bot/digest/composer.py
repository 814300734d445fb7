"""Compose a digest out of the archive and the usage counts. It blocks: call it in a thread.

The same plan gives the same digest for as long as the archive does not change, so the preview, the post, a
repetition and the terminal agree.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from bot.digest.ledger import Ledger
from bot.digest.model import LedgerEntry, Position, Subscription
from bot.digest.usage_counts import UsageCounts
from retrieval.archive import Archive
from retrieval.errors import ThreadNotFoundError
from retrieval.model import Excerpt, Scope, ThreadSummary, Verdict

__all__ = ["Composer", "Plan", "plan_of"]

#: Cached results; digests of many servers share most of them.
_CACHE_SIZE = 4096
_DAY = timedelta(days=1)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a digest is to cover: threads with numbers in ``(since, until]``, questions after ``after``.

    ``feature`` is the id of the thread from the archive, where an earlier attempt chose one.
    """

    server_id: int
    day: date
    zone: tzinfo
    content: Content = Content.EVERYTHING
    after: date | None = None
    since: int = 0
    until: int = 0
    feature: str | None = None


def plan_of(entry: LedgerEntry, subscription: Subscription | None) -> Plan:
    """Return the plan of a digest in the ledger; without a subscription, everything and in UTC."""
    options = subscription.options if subscription else None
    return Plan(
        server_id=entry.server_id,
        day=entry.day,
        zone=options.zone if options else UTC,
        content=options.content if options else Content.EVERYTHING,
        after=entry.after,
        since=entry.since,
        until=entry.until,
        feature=entry.feature,
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
        return Plan(
            server_id=subscription.server_id,
            day=day or subscription.due(now) or subscription.next(now).astimezone(options.zone).date(),
            zone=options.zone,
            content=options.content,
            after=subscription.last,
            since=position.following(subscription.position),
            until=position.number,
        )

    def compose(self, plan: Plan) -> Digest:
        """Return the digest of a plan. Raises ``ArchiveError`` where the archive or a file refuses."""
        state = self._archive.state()
        if state != self._state:
            self._cache, self._state = {}, state
        parts, scope = plan.content.parts, self._archive.catalog.scope(plan.server_id)
        arrivals = self._new_threads(plan, scope) if DigestPart.NEW in parts else NewThreads()
        new = [excerpt.thread.id for excerpt in arrivals.shown]
        return Digest(
            server_id=plan.server_id,
            day=plan.day,
            after=plan.after,
            arrivals=arrivals,
            feature=self._feature(plan, scope, new) if DigestPart.ARCHIVE in parts else None,
            asked=self._question_counts(plan, scope) if DigestPart.ASKED in parts else None,
        )

    def _new_threads(self, plan: Plan, scope: Scope) -> NewThreads:
        def load() -> NewThreads:
            summaries, total = self._archive.timeline.new_threads(
                visible, since=plan.since, until=plan.until, limit=SHOWN
            )
            excerpts = filter(None, (self._key_excerpt(summary.id, scope) for summary in summaries))
            return NewThreads(tuple(excerpts), total, plan.since, plan.until)

        if plan.since >= plan.until:
            return NewThreads(since=plan.since, until=plan.until)
        # What is new is the same for all servers that see the same; the handbook is never new.
        visible = self._archive.catalog.visible_scope(plan.server_id)
        return self._cached(("new", visible.collections, plan.since, plan.until), load)

    def _feature(self, plan: Plan, scope: Scope, new: Sequence[str]) -> Feature | None:
        """Return the first candidate that is still in the archive, with its excerpt."""
        for summary in self._candidates(plan, scope, self.ledger.shown(plan.server_id, plan.day), new):
            excerpt = self._key_excerpt(summary.id, scope)
            if excerpt is not None:
                return Feature(excerpt, anniversary(excerpt.thread, plan.day, plan.zone))
        return None

    def _candidates(
        self, plan: Plan, scope: Scope, shown: Mapping[str, date], new: Sequence[str]
    ) -> Iterator[ThreadSummary]:
        """Yield threads to feature, in order: chosen earlier, anniversary, never shown, shown longest ago.

        ``shown`` has the date on which each thread was last shown in the server, ``new`` the ids of today's
        new threads, which are not featured as well.
        """
        if plan.feature is not None:
            yield from self._archive.catalog.summaries([plan.feature], scope).values()
        nearby = self._cached(
            ("anniversaries", scope, plan.day), lambda: self._archive.timeline.anniversaries(scope, plan.day)
        )
        today = [summary for summary in nearby if anniversary(summary, plan.day, plan.zone) is not None]
        celebrated = pick_anniversary(today, shown, plan.day, plan.server_id, new)
        if celebrated is not None:
            yield celebrated
        unseen = self._archive.timeline.next_thread(scope, pivot(plan.server_id, plan.day), [*shown, *new])
        if unseen is not None:
            yield unseen
        present = self._archive.catalog.summaries([thread for thread in shown if thread not in new], scope)
        if present:
            yield present[min(present, key=lambda thread: (shown[thread], thread))]

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
