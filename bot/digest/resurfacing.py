"""Which threads of the archive a digest shows again: from which source, and which of its threads. Pure.

Everything follows from the digest, the date and the threads, never from chance, so that a preview, a
repetition and the post are the same. Sources take turns by a sequence of lowest discrepancy (multiples of the
golden ratio), because draws by chance would be off by several percent after a year.
"""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import accumulate
from typing import Any, Final
from unicodedata import east_asian_width

from retrieval.model import Completeness, ThreadSummary

__all__ = [
    "MAX_RECENCY",
    "MAX_SIZE",
    "MIN_SIZE",
    "REST_DAYS",
    "WITHOUT_SELECTION",
    "Frequency",
    "Selection",
    "Source",
    "author_key",
    "draw_hash",
    "in_order",
    "is_poor",
    "is_poor_text",
    "nth_date",
    "pick_source",
]

MIN_SIZE: Final = 3
MAX_SIZE: Final = 10
MAX_RECENCY: Final = 4
REST_DAYS: Final = 180
"""Days in which a thread that was shown is not shown again while there are others."""

_GOLDEN: Final = (math.sqrt(5) - 1) / 2
#: How many times a thread's chance is halved for each year of its age, by the choice of recency.
_HALVINGS: Final = (0.0, 0.25, 0.5, 1.0, 2.0)
_YEAR: Final = 365.25
#: Longer threads are books, which an excerpt does not do justice.
_LONGEST_THREAD: Final = 80
_LONGEST_TEXT: Final = 2_000
_FEWEST_LETTERS: Final = 20
#: A wide character, of Chinese say, stands for about as much as three letters.
_WIDE: Final = 3
_LINK: Final = re.compile(r"(?:https?://|www\.)\S+|\[image:[^\]]*\]|[@#]\w+")


class Frequency(StrEnum):
    """How often a source is shown, beside the others."""

    NEVER = "never"
    SELDOM = "seldom"
    NORMAL = "normal"
    OFTEN = "often"

    @property
    def factor(self) -> float:
        """Return by what the share of its threads is multiplied."""
        return {"never": 0.0, "seldom": 0.25, "normal": 1.0, "often": 4.0}[self.value]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which threads a digest takes, and how many.

    ``collections`` are names and ``authors`` names with an @; without any, all of them count. ``size`` is how
    many threads are shown, ``None`` for the usual. ``recency`` goes from 0, where age does not matter, to 4.
    ``frequency`` has sources with another frequency than the normal one: a collection's name, or an author's
    with an @.
    """

    collections: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    size: int | None = None
    recency: int = 0
    frequency: tuple[tuple[str, Frequency], ...] = ()

    @property
    def narrow(self) -> bool:
        """Return whether it leaves out some of the server's threads."""
        return bool(self.collections or self.authors)

    def factor(self, collection: str, author: str | None = None) -> float:
        """Return by what the share of a collection's threads, or of an author's within it, is multiplied.

        The author is given by :func:`author_key`.
        """
        collections = {name.casefold(): one.factor for name, one in self.frequency if name[:1] != "@"}
        authors = {author_key(name): one.factor for name, one in self.frequency if name[:1] == "@"}
        of_author = authors.get(author, 1.0) if author else 1.0
        return collections.get(collection.casefold(), 1.0) * of_author

    def author_keys(self) -> tuple[str, ...]:
        """Return the keys of the authors whose threads alone are taken."""
        return tuple(map(author_key, self.authors))

    def tuned_authors(self) -> tuple[str, ...]:
        """Return the keys of the authors that have a frequency of their own."""
        return tuple(author_key(name) for name, _ in self.frequency if name[:1] == "@")

    def with_frequency(self, source: str, frequency: Frequency) -> "Selection":
        """Return it with another frequency of a source."""
        kept = [one for one in self.frequency if one[0].casefold() != source.casefold()]
        new = [] if frequency is Frequency.NORMAL else [(source, frequency)]
        return Selection(
            self.collections, self.authors, self.size, self.recency, tuple(sorted([*kept, *new]))
        )

    def to_json(self) -> str:
        """Return it as it is stored."""
        kept: dict[str, Any] = {
            "collections": list(self.collections),
            "authors": list(self.authors),
            "size": self.size,
            "recency": self.recency,
            "frequency": {name: frequency.value for name, frequency in self.frequency},
        }
        return json.dumps({name: value for name, value in kept.items() if value}, ensure_ascii=False)

    @classmethod
    def from_json(cls, stored: str) -> "Selection":
        """Return what :meth:`to_json` stored."""
        kept = json.loads(stored)
        return cls(
            tuple(kept.get("collections", ())),
            tuple(kept.get("authors", ())),
            kept.get("size"),
            kept.get("recency", 0),
            tuple((name, Frequency(value)) for name, value in kept.get("frequency", {}).items()),
        )


WITHOUT_SELECTION: Final = Selection()
"""All threads, as many as usual, whatever their age."""


@dataclass(frozen=True, slots=True)
class Source:
    """The threads of collections, by some authors or by all but some; ``weight`` is its share.

    Authors are given by :func:`author_key`.
    """

    collections: frozenset[int]
    weight: float
    authors: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def holds(self, author: str | None) -> bool:
        """Return whether threads of an author belong to it."""
        key = author_key(author or "")
        return key in self.authors if self.authors else key not in self.without


def author_key(name: str) -> str:
    """Return by what an author is known, with and without the @: SQLite's letters of ASCII in lower case."""
    return "".join(mark.lower() if mark.isascii() else mark for mark in name.lstrip("@"))


def draw_hash(server_id: int, number: int, day: date, what: str) -> bytes:
    """Return the hash of something in a digest of a date; it takes the place of chance."""
    name = f"{server_id}/{number}" if number else str(server_id)
    return hashlib.sha256(f"{name}/{day.isoformat()}/{what}".encode()).digest()


def nth_date(day: date, weekdays: AbstractSet[int]) -> int:
    """Return how many dates of these weekdays there were up to a date; it grows by one with each."""
    weeks, rest = divmod(day.toordinal() - 1, 7)  # the first of January of the year 1 was a Monday
    return weeks * len(weekdays) + sum(weekday <= rest for weekday in weekdays)


def pick_source(sources: Sequence[Source], start: bytes, turn: int) -> list[Source]:
    """Return the source whose turn it is, and after it the others, for when it has nothing left.

    ``start`` is of the digest alone, so that digests do not all begin with the same source. Of n turns in
    a row a source has its share to within a few of them.
    """
    wanted = [source for source in sources if source.weight > 0]
    if not wanted:
        return []
    total = sum(source.weight for source in wanted)
    offset = int.from_bytes(start[:6], "big") / 2**48
    place = math.modf(offset + turn * _GOLDEN)[0] * total
    ends = list(accumulate(source.weight for source in wanted))
    first = next((number for number, end in enumerate(ends) if place < end), len(wanted) - 1)
    return [*wanted[first:], *wanted[:first]]


def in_order(
    candidates: Iterable[ThreadSummary], day: date, recency: int, draw: Callable[[str], bytes]
) -> list[ThreadSummary]:
    """Return candidates, good ones before poor ones, each in an order drawn by weight.

    The weight falls with age as ``recency`` says; a thread without a date counts as five years old.
    ``draw`` gives a thread's hash. This is the weighted draw of Efraimidis and Spirakis (2006).
    """
    halvings = _HALVINGS[max(0, min(recency, MAX_RECENCY))]

    def sort_key(summary: ThreadSummary) -> tuple[bool, float, str]:
        days = (day - summary.posted_at.date()).days if summary.posted_at else 5 * _YEAR
        drawn = (int.from_bytes(draw(summary.id)[:6], "big") + 1) / (2**48 + 1)
        # The logarithm of -ln(drawn) / weight, so that no weight underflows.
        race = math.log(-math.log(drawn)) + halvings * max(days, 0) / _YEAR * math.log(2)
        return is_poor(summary), race, summary.id

    return sorted(candidates, key=sort_key)


def is_poor(summary: ThreadSummary) -> bool:
    """Return whether a thread is a fragment, over-long, or opens with nothing but links."""
    return (
        summary.completeness is not Completeness.COMPLETE
        or summary.length > _LONGEST_THREAD
        or not _has_words(f"{summary.title or ''} {summary.opening}", _FEWEST_LETTERS // 3)
    )


def is_poor_text(text: str) -> bool:
    """Return whether a post is a fragment, over-long or nothing but links."""
    return len(text) > _LONGEST_TEXT or not _has_words(text, _FEWEST_LETTERS)


def _has_words(text: str, letters: int) -> bool:
    counted = (
        _WIDE if east_asian_width(mark) == "W" else 1 for mark in _LINK.sub(" ", text) if mark.isalpha()
    )
    return sum(counted) >= letters
