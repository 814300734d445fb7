"""What a digest holds, and how it is chosen. Pure: everything is passed in.

A choice depends on the server and the date, never on chance, so a preview, a repetition and a restarted
process show the same digest.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from enum import StrEnum

from bot.digest.resurfacing import REST_DAYS, draw_hash
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
"""Number of new threads that are shown with an excerpt; the rest is counted."""

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_ID_LENGTH = 12


class DigestPart(StrEnum):
    """A part of a digest."""

    NEW = "new"
    ARCHIVE = "archive"
    ASKED = "asked"


class Content(StrEnum):
    """An admin's choice of what the digest holds."""

    EVERYTHING = "everything"
    THREADS = "threads"
    """New threads and one from the archive; nothing about questions."""
    NEWS = "news"
    """Everything, but only when there is something new."""
    NEW = "new"
    """New threads alone; on a day without one there is no digest."""
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
        """Return whether a day without a new thread has no digest."""
        return self in {Content.NEWS, Content.NEW}


@dataclass(frozen=True, slots=True)
class NewThreads:
    """The threads that are new: ``shown`` with an excerpt each, ``total`` in all.

    ``since`` and ``until`` are the insertion numbers between which they came in, for browsing them.
    """

    shown: tuple[Excerpt, ...] = ()
    total: int = 0
    since: int = 0
    until: int = 0


@dataclass(frozen=True, slots=True)
class Feature:
    """A thread from the archive with its excerpt; ``years`` is set on an anniversary of its posting."""

    excerpt: Excerpt
    years: int | None = None


@dataclass(frozen=True, slots=True)
class QuestionCounts:
    """The numbers of questions on the ``days`` before by their verdicts, and the threads quoted most."""

    answered: int
    days: int = 1
    threads: tuple[tuple[ThreadSummary, int], ...] = ()
    closest: int = 0
    nothing: int = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """What a server's digest of a local date holds, covering everything since ``after``.

    ``after`` is the date of the digest before, ``None`` for the first. ``further`` are more threads from
    the archive, in a digest of those alone. ``number`` and ``name`` are those of the digest among the
    server's; ``narrow`` says that it leaves out some of the server's threads.
    """

    server_id: int
    day: date
    after: date | None = None
    arrivals: NewThreads = NewThreads()
    feature: Feature | None = None
    asked: QuestionCounts | None = None
    further: tuple[Feature, ...] = ()
    number: int = 0
    name: str = ""
    daily: bool = True
    narrow: bool = False

    def worth_posting(self, content: Content) -> bool:
        """Return whether there is anything to post, given the admin's choice of content."""
        if content.needs_news and not self.arrivals.total:
            return False
        return bool(self.arrivals.total or self.feature or self.asked)

    @property
    def threads(self) -> tuple[str, ...]:
        """Return the ids of the threads that are shown with an excerpt."""
        shown = [excerpt.thread.id for excerpt in self.arrivals.shown]
        return (*shown, *(feature.excerpt.thread.id for feature in self.features))

    @property
    def features(self) -> tuple[Feature, ...]:
        """Return the threads from the archive."""
        return (*([self.feature] if self.feature else ()), *self.further)


def nonce(server_id: int, day: date, number: int = 0) -> str:
    """Return the nonce by which Discord recognises a repeated post; at most 25 characters."""
    return f"{_base64_number(server_id)}-{day:%Y%m%d}" + (f"-{number}" if number else "")


def pivot(server_id: int, day: date, number: int = 0, item: int = 0) -> str:
    """Return the thread id at which a digest's search for a thread to feature begins on a date.

    Ids are hashes, so every thread is as likely as any other. ``item`` counts the threads of one digest.
    """
    drawn = draw_hash(server_id, number, day, f"pivot {item}" if item else "pivot")
    start = int.from_bytes(drawn[:8], "big") >> 4
    return "".join(_CROCKFORD[start >> shift & 31] for shift in range(5 * (_ID_LENGTH - 1), -1, -5))


def anniversary(summary: ThreadSummary, day: date, zone: tzinfo) -> int | None:
    """Return how many years ago to the day a thread was posted, ``None`` on any other day.

    The 29th of February has its anniversary on the 28th where the year has no 29th.
    """
    if summary.posted_at is None:
        return None
    posted = summary.posted_at.astimezone(zone).date()
    years = day.year - posted.year
    return years if years > 0 and _in_year(posted, day.year) == day else None


def pick_anniversary(  # noqa: PLR0913, PLR0917 - the digest, and what was shown
    candidates: Iterable[ThreadSummary],
    seen: Mapping[str, date],
    day: date,
    server_id: int,
    leave_out: Sequence[str] = (),
    number: int = 0,
) -> ThreadSummary | None:
    """Choose the thread to celebrate: the one that was not shown for the longest time.

    ``seen`` has the dates on which threads were last shown in this server. Those shown within half a
    year, and those to ``leave_out``, are not chosen. Complete threads come first among equals, then a
    hash of server, date and thread decides.
    """

    def order(summary: ThreadSummary) -> tuple[date, bool, bytes]:
        incomplete = summary.completeness is not Completeness.COMPLETE
        return seen.get(summary.id, date.min), incomplete, draw_hash(server_id, number, day, summary.id)

    rested = [
        summary
        for summary in candidates
        if summary.id not in leave_out
        and (summary.id not in seen or (day - seen[summary.id]).days >= REST_DAYS)
    ]
    return min(rested, key=order, default=None)


def _in_year(posted: date, year: int) -> date:
    try:
        return posted.replace(year=year)
    except ValueError:
        return posted.replace(year=year, day=28)


def _base64_number(number: int) -> str:
    """Return an unsigned 64-bit number in eleven characters."""
    return base64.urlsafe_b64encode(number.to_bytes(8, "big")).decode().rstrip("=")
