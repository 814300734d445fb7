"""What is remembered of digests, as frozen data: who wants them, and what became of each."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.digest.contents import Content
from bot.digest.due import due_date, next_moment

__all__ = ["Claim", "DigestState", "LedgerEntry", "PauseReason", "Position", "Subscription", "Wish"]


class PauseReason(StrEnum):
    """Why a digest is paused."""

    ADMIN = "admin"
    """An admin wished it."""
    FORBIDDEN = "forbidden"
    """Bobbin may not see the channel, or may not write there."""
    MISSING = "missing"
    """The channel is gone, or Bobbin was thrown out."""
    UNFIT = "unfit"
    """Discord does not take the post for what it is; a mistake of Bobbin's."""


class DigestState(StrEnum):
    """What became of a digest."""

    CLAIMED = "claimed"
    """Somebody is at it, or was when it ended."""
    POSTED = "posted"
    QUIET = "quiet"
    """There was nothing to say."""
    REFUSED = "refused"
    """Discord refused it for good."""
    MISSED = "missed"
    """It was never posted; the one after it covers what it would have."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the order in which threads came in: which archive, and the number of the last thread."""

    archive: str
    number: int

    def following(self, before: "Position | None") -> int:
        """Return the number after which threads are new since ``before``.

        In an archive that was put in the place of another nothing counts as new.
        """
        same = before is not None and before.archive == self.archive
        return min(before.number, self.number) if before is not None and same else self.number


@dataclass(frozen=True, slots=True)
class Wish:
    """What an admin chose: where, when and what.

    ``role_id`` is the one role that a digest mentions, if any; ``language`` that of Bobbin's words in
    it; ``admin_id`` who is told when it has to be paused.
    """

    channel_id: int
    zone: ZoneInfo
    at: time
    content: Content = Content.EVERYTHING
    role_id: int | None = None
    language: str = "en"
    admin_id: int | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A server's digest. ``last`` is the latest date that is done with, ``position`` what it covered."""

    server_id: int
    wish: Wish
    last: date
    position: Position
    paused: PauseReason | None = None

    def due(self, now: datetime) -> date | None:
        """Return the date whose digest is due, ``None`` where none is or it is paused."""
        day = due_date(now, self.wish.zone, self.wish.at)
        return day if self.paused is None and day > self.last else None

    def next(self, now: datetime) -> datetime:
        """Return when the next one is due; it lies in the past where one is due now."""
        return next_moment(now, self.wish.zone, self.wish.at, self.last)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What the ledger says of one digest.

    It covers threads with numbers in ``(since, until]`` and what was asked after ``after``, the date of
    the one before it, ``None`` where it is the first. ``feature`` is the thread from the archive. It
    was worked on from ``claimed_at`` to ``held_until`` at the longest.
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


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to post one digest, held by ``owner`` for a while.

    ``again`` says that somebody held it before and may have posted.
    """

    entry: LedgerEntry
    subscription: Subscription
    owner: str
    again: bool = False
