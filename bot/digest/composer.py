"""Composing a digest out of the archive and the counts. It blocks: call it in a thread.

The same plan gives the same digest while the archive stays as it is, whoever composes it: the preview,
the post, a repetition, the terminal.
"""

from collections.abc import Callable, Hashable, Sequence
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
from retrieval.model import Excerpt, Scope, ThreadSummary

__all__ = ["Composer", "Plan", "plan_of"]

#: So many results are remembered; digests of many servers share most of them.
_REMEMBERED = 4096
_DAY = timedelta(days=1)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a digest is to cover: threads with numbers in ``(since, until]``, questions after ``after``.

    ``feature`` is the thread from the archive where it is chosen already.
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
    """Return the plan of a digest that the ledger knows; the wish may have been withdrawn since."""
    wish = subscription.wish if subscription else None
    return Plan(
        server_id=entry.server_id,
        day=entry.day,
        zone=wish.zone if wish else UTC,
        content=wish.content if wish else Content.EVERYTHING,
        after=entry.after,
        since=entry.since,
        until=entry.until,
        feature=entry.feature,
    )


class Composer:
    """Composes digests. What the archive said is remembered while it stays as it is.

    :meth:`refresh` forgets it at any rate: what one round of digests needs is remembered, no more.
    """

    def __init__(self, archive: Archive, ledger: Ledger, asked: UsageCounts) -> None:
        self._archive = archive
        self._ledger = ledger
        self._asked = asked
        self._known: dict[Hashable, object] = {}
        self._state: Hashable = None

    def refresh(self) -> None:
        """Look at the archive anew."""
        self._known = {}

    def position(self) -> Position:
        """Return up to which thread a digest of this moment reaches."""
        return Position(*self._archive.position())

    def next_plan(self, subscription: Subscription, now: datetime, day: date | None = None) -> Plan:
        """Return the plan of the digest that comes next, as of now: what a preview shows.

        ``day`` takes the place of its date.
        """
        wish, position = subscription.wish, self.position()
        return Plan(
            server_id=subscription.server_id,
            day=day or subscription.due(now) or subscription.next(now).astimezone(wish.zone).date(),
            zone=wish.zone,
            content=wish.content,
            after=subscription.last,
            since=position.following(subscription.position),
            until=position.number,
        )

    def compose(self, plan: Plan) -> Digest:
        """Return the digest of a plan. Raises ``ArchiveError`` where the archive or a file refuses."""
        state = self._archive.state()
        if state != self._state:
            self._known, self._state = {}, state
        parts, scope = plan.content.parts, self._archive.scope(plan.server_id)
        arrivals = self._arrivals(plan, scope) if DigestPart.NEW in parts else NewThreads()
        new = [excerpt.thread.id for excerpt in arrivals.shown]
        return Digest(
            server_id=plan.server_id,
            day=plan.day,
            after=plan.after,
            arrivals=arrivals,
            feature=self._feature(plan, scope, new) if DigestPart.ARCHIVE in parts else None,
            asked=self._questions(plan, scope) if DigestPart.ASKED in parts else None,
        )

    def _arrivals(self, plan: Plan, scope: Scope) -> NewThreads:
        def look() -> NewThreads:
            found, total = self._archive.arrivals(
                plan.server_id, since=plan.since, until=plan.until, limit=SHOWN
            )
            told = filter(None, (self._telling(summary.id, scope) for summary in found))
            return NewThreads(tuple(told), total, plan.since, plan.until)

        if plan.since >= plan.until:
            return NewThreads(since=plan.since, until=plan.until)
        # What is new is the same for all servers that see the same; the handbook is never new.
        collections = self._archive.visible_scope(plan.server_id).collections
        return self._remember(("new", collections, plan.since, plan.until), look)

    def _feature(self, plan: Plan, scope: Scope, new: Sequence[str]) -> Feature | None:
        for chosen in (self._chosen, self._celebrated, self._unseen, self._seen_longest_ago):
            summary = chosen(plan, scope, new)
            told = None if summary is None else self._telling(summary.id, scope)
            if told is not None:
                return Feature(told, anniversary(told.thread, plan.day, plan.zone))
        return None

    def _chosen(self, plan: Plan, scope: Scope, _new: Sequence[str]) -> ThreadSummary | None:
        """Return the thread that was chosen before, while it is there."""
        if plan.feature is None:
            return None
        return self._archive.summaries([plan.feature], scope).get(plan.feature)

    def _celebrated(self, plan: Plan, scope: Scope, new: Sequence[str]) -> ThreadSummary | None:
        """Return a thread that was posted on this day of an earlier year."""
        near = self._remember(
            ("anniversaries", scope, plan.day), lambda: self._archive.anniversaries(scope, plan.day)
        )
        today = [summary for summary in near if anniversary(summary, plan.day, plan.zone) is not None]
        seen = self._ledger.shown(plan.server_id, plan.day) if today else {}
        return pick_anniversary(today, seen, plan.day, plan.server_id, new)

    def _unseen(self, plan: Plan, scope: Scope, new: Sequence[str]) -> ThreadSummary | None:
        """Return a thread that was never shown in this server."""
        seen = self._ledger.shown(plan.server_id, plan.day)
        return self._archive.following(scope, pivot(plan.server_id, plan.day), [*seen, *new])

    def _seen_longest_ago(self, plan: Plan, scope: Scope, new: Sequence[str]) -> ThreadSummary | None:
        """Return the thread that was shown longest ago, where all were."""
        seen = self._ledger.shown(plan.server_id, plan.day)
        there = self._archive.summaries([thread for thread in seen if thread not in new], scope)
        oldest = min(there, key=lambda thread: (seen[thread], thread), default=None)
        return None if oldest is None else there[oldest]

    def _questions(self, plan: Plan, scope: Scope) -> QuestionCounts | None:
        last = plan.day - _DAY
        first = min(plan.after or last, last)
        answered, quoted = self._asked.between(plan.server_id, first, last)
        if not answered:
            return None
        known = self._archive.summaries([thread for thread, _ in quoted], scope)
        threads = tuple((known[thread], times) for thread, times in quoted if thread in known)
        return QuestionCounts(answered, (last - first).days + 1, threads)

    def _telling(self, thread_id: str, scope: Scope) -> Excerpt | None:
        def look() -> Excerpt | None:
            try:
                return self._archive.telling(thread_id, scope)
            except ThreadNotFoundError:
                return None  # forgotten this very moment

        return self._remember(("telling", scope, thread_id), look)

    def _remember(self, key: Hashable, look: Callable[[], T]) -> T:
        known: dict[Any, Any] = self._known
        if key not in known:
            if len(known) >= _REMEMBERED:
                known.clear()
            known[key] = look()
        return cast("T", known[key])
