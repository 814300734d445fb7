"""What a digest holds, and the choices behind it. Pure: everything is passed in.

A choice depends on the server and the date alone, never on chance, so a preview, a repetition and a
restarted process show the same digest.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from enum import StrEnum

from retrieval.model import Completeness, Excerpt, ThreadSummary

__all__ = [
    "SHOWN",
    "Content",
    "Digest",
    "DigestPart",
    "Feature",
    "NewThreads",
    "QuestionCounts",
    "anniversary",
    "nonce",
    "pick_anniversary",
    "pivot",
]

SHOWN = 5
"""So many new threads are shown with an excerpt; the rest is counted."""

#: A thread that was shown within so many days does not come again for its anniversary alone.
_RESTS = 180
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_ID_LENGTH = 12


class DigestPart(StrEnum):
    """A part of a digest."""

    NEW = "new"
    ARCHIVE = "archive"
    ASKED = "asked"


class Content(StrEnum):
    """What an admin chose the digest to hold."""

    EVERYTHING = "everything"
    THREADS = "threads"
    """New threads and one from the archive; nothing about questions."""
    NEWS = "news"
    """Everything, but only when there is something new."""
    NEW = "new"
    """New threads alone; where there are none there is no digest."""
    ARCHIVE = "archive"
    """One thread from the archive, and nothing else."""

    @property
    def parts(self) -> frozenset[DigestPart]:
        """Return the parts that are shown."""
        return {
            Content.THREADS: frozenset({DigestPart.NEW, DigestPart.ARCHIVE}),
            Content.NEW: frozenset({DigestPart.NEW}),
            Content.ARCHIVE: frozenset({DigestPart.ARCHIVE}),
        }.get(self, frozenset(DigestPart))

    @property
    def needs_news(self) -> bool:
        """Return whether a day without a new thread is to pass in silence."""
        return self in {Content.NEWS, Content.NEW}


@dataclass(frozen=True, slots=True)
class NewThreads:
    """The threads that are new: ``shown`` with an excerpt each, ``total`` in all.

    ``since`` and ``until`` are the archive's numbers between which they came in, for browsing them.
    """

    shown: tuple[Excerpt, ...] = ()
    total: int = 0
    since: int = 0
    until: int = 0


@dataclass(frozen=True, slots=True)
class Feature:
    """A thread from the archive with its excerpt; ``years`` since it was posted where today is the day."""

    excerpt: Excerpt
    years: int | None = None


@dataclass(frozen=True, slots=True)
class QuestionCounts:
    """How many questions were answered on the ``days`` before, and the threads quoted most, with counts."""

    answered: int
    days: int = 1
    threads: tuple[tuple[ThreadSummary, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """What one digest of a server holds: that of a local date, covering all that came since ``after``.

    ``after`` is the date of the digest before, ``None`` where this is the first.
    """

    server_id: int
    day: date
    after: date | None = None
    arrivals: NewThreads = NewThreads()
    feature: Feature | None = None
    asked: QuestionCounts | None = None

    def worth_posting(self, content: Content) -> bool:
        """Return whether there is anything to say, and what the admin wants there to be."""
        if content.needs_news and not self.arrivals.total:
            return False
        return bool(self.arrivals.total or self.feature or self.asked)

    @property
    def threads(self) -> tuple[str, ...]:
        """Return the ids of the threads that are shown with an excerpt."""
        shown = [excerpt.thread.id for excerpt in self.arrivals.shown]
        return (*shown, *([self.feature.excerpt.thread.id] if self.feature else ()))


def nonce(server_id: int, day: date) -> str:
    """Return what tells Discord that two requests mean the same digest; at most 25 characters."""
    return f"{_spelt(server_id)}-{day:%Y%m%d}"


def pivot(server_id: int, day: date) -> str:
    """Return the place among all threads' ids at which a server's search for one begins on a date.

    It has the form of an id; ids are hashes, so every thread is as likely as any other.
    """
    number = int.from_bytes(_hash(server_id, day, "pivot")[:8], "big") >> 4
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(5 * (_ID_LENGTH - 1), -1, -5))


def anniversary(summary: ThreadSummary, day: date, zone: tzinfo) -> int | None:
    """Return how many years ago to the day a thread was posted, ``None`` where it was another day.

    The 29th of February has its anniversary on the 28th where the year has no 29th.
    """
    if summary.posted_at is None:
        return None
    posted = summary.posted_at.astimezone(zone).date()
    years = day.year - posted.year
    return years if years > 0 and _in_year(posted, day.year) == day else None


def pick_anniversary(
    candidates: Iterable[ThreadSummary],
    seen: Mapping[str, date],
    day: date,
    server_id: int,
    leave_out: Sequence[str] = (),
) -> ThreadSummary | None:
    """Choose one of the threads whose anniversary it is: the one not shown for the longest time.

    ``seen`` tells when threads were shown in this server last. Those shown within half a year, and
    those to ``leave_out``, are not chosen. Among equals complete threads come first, then the order
    is the server's own for this date.
    """

    def order(summary: ThreadSummary) -> tuple[date, bool, bytes]:
        incomplete = summary.completeness is not Completeness.COMPLETE
        return seen.get(summary.id, date.min), incomplete, _hash(server_id, day, summary.id)

    rested = [
        summary
        for summary in candidates
        if summary.id not in leave_out and (summary.id not in seen or (day - seen[summary.id]).days >= _RESTS)
    ]
    return min(rested, key=order, default=None)


def _in_year(posted: date, year: int) -> date:
    try:
        return posted.replace(year=year)
    except ValueError:
        return posted.replace(year=year, day=28)


def _spelt(number: int) -> str:
    """Return an unsigned 64-bit number in eleven characters."""
    return base64.urlsafe_b64encode(number.to_bytes(8, "big")).decode().rstrip("=")


def _hash(server_id: int, day: date, what: str) -> bytes:
    return hashlib.sha256(f"{server_id}/{day.isoformat()}/{what}".encode()).digest()
