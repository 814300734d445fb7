"""Subscriptions, claims and ledger entries, as frozen data."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.digest.contents import Content
from bot.digest.due import EVERY_DAY, due_date, next_moment
from bot.digest.resurfacing import WITHOUT_SELECTION, Selection

__all__ = ["Claim", "DigestOptions", "DigestState", "LedgerEntry", "PauseReason", "Position", "Subscription"]


class PauseReason(StrEnum):
    """Why a digest is paused."""

    ADMIN = "admin"
    """An admin paused it."""
    FORBIDDEN = "forbidden"
    """Bobbin may not see the channel, or may not write there."""
    MISSING = "missing"
    """The channel was deleted, or Bobbin was removed from the server."""
    UNFIT = "unfit"
    """Discord rejects the message's form: a defect of Bobbin's."""


class DigestState(StrEnum):
    """The state of a digest."""

    CLAIMED = "claimed"
    """A process is posting it, or crashed while it did."""
    POSTED = "posted"
    QUIET = "quiet"
    """There was nothing to post."""
    REFUSED = "refused"
    """Discord refused it permanently."""
    MISSED = "missed"
    """It was never posted; the next one covers its threads."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the order of insertion: the archive's id and the number of its last thread."""

    archive: str
    number: int

    def following(self, before: "Position | None") -> int:
        """Return the number after which threads are new since ``before``.

        In an archive that replaced another one nothing counts as new.
        """
        if before is None or before.archive != self.archive:
            return self.number
        return min(before.number, self.number)


@dataclass(frozen=True, slots=True)
class DigestOptions:
    """An admin's choice of channel, hour and content.

    ``role_id`` is the one role that a digest mentions, if any; ``language`` that of Bobbin's own words in
    it; ``admin_id`` the account that is notified when it has to be paused. ``name`` tells the digests of a
    server apart, "" the one without a name; ``weekdays`` are those on which it comes, Monday is 0.
    """

    channel_id: int
    zone: ZoneInfo
    at: time
    content: Content = Content.EVERYTHING
    role_id: int | None = None
    language: str = "en"
    admin_id: int | None = None
    name: str = ""
    weekdays: frozenset[int] = EVERY_DAY
    selection: Selection = WITHOUT_SELECTION

    @property
    def daily(self) -> bool:
        """Return whether it comes every day."""
        return self.weekdays == EVERY_DAY


@dataclass(frozen=True, slots=True)
class Subscription:
    """One of a server's digests. ``last`` is the latest date done, ``position`` what it covered up to.

    ``number`` tells it from the others of its server, also in Discord; the first has 0.
    """

    server_id: int
    options: DigestOptions
    last: date
    position: Position
    paused: PauseReason | None = None
    number: int = 0

    def due(self, now: datetime) -> date | None:
        """Return the date whose digest is due, ``None`` where none is or it is paused."""
        options = self.options
        day = due_date(now, options.zone, options.at, options.weekdays)
        return day if self.paused is None and day > self.last else None

    def next(self, now: datetime) -> datetime:
        """Return when the next digest is due; in the past where one is due now."""
        options = self.options
        return next_moment(now, options.zone, options.at, self.last, options.weekdays)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """The ledger's row of one digest.

    It covers threads with numbers in ``(since, until]`` and questions after ``after``, the date of the
    digest before, ``None`` for the first. ``feature`` has the ids of the threads from the archive, with
    spaces between. It was claimed from ``claimed_at`` to ``held_until`` at the longest.
    """

    server_id: int
    day: date
    state: DigestState
    claimed_at: datetime
    held_until: datetime
    channel_id: int
    after: date | None
    since: int
    until: int
    feature: str | None = None
    message_id: int | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to post one digest, held by ``owner`` until it expires.

    With ``again`` an earlier claim expired, under which the digest may have been posted.
    """

    entry: LedgerEntry
    subscription: Subscription
    owner: str
    again: bool = False
