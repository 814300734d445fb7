"""Posting lists: for each term the documents that hold it, each with the shape of the posting."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.analysis.arrays import Integers

__all__ = ["COMMON", "Postings", "Rows", "TermNumbers"]

#: The rows of the most common terms take so many bytes for each document, or so many in all.
_ROWS_BYTES: Final = 16
_LEVELS_BYTES: Final = 20
_ROWS_LEAST: Final = 16_000_000
#: A term is common when it stands in one of so many documents.
COMMON: Final = 64


class TermNumbers(Protocol):
    """Numbers the terms 0 … T-1; a dictionary is one."""

    def get(self, term: str, /) -> int | None:
        """Return the term's number, ``None`` where it is unknown."""
        ...

    def __len__(self) -> int: ...


class Rows:
    """A value for every document, for each of the most common terms; made as terms are asked for.

    They are of the postings alone, so that all scopes share them; ``room`` is how many bytes they may
    take for each document. Safe to share among threads.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._row_of: dict[int, int] = {}
        self._free = count()
        self._made: dict[str, NDArray[np.unsignedinteger[Any]]] = {}
        self._least: int | None = None

    def begin(self, values: NDArray[np.unsignedinteger[Any]]) -> NDArray[np.unsignedinteger[Any]]:
        """Set what stands in a row for each code, 0 being no posting; return what the first caller set."""
        return self._made.setdefault("values", values)

    def table(self, postings: "Postings") -> NDArray[np.unsignedinteger[Any]]:
        """Return all rows, shape ``(rows, documents)``; those that are not made yet are of zeros."""
        made = self._made.get("rows")
        if made is None:
            values = self._made["values"]
            width = len(postings) * values.itemsize
            most = max(self._room * len(postings), _ROWS_LEAST) // max(width, 1)
            shape = min(most, len(postings.vocabulary)), len(postings)
            # No memory is taken before a row is written; of several threads, all get the first one's.
            made = self._made.setdefault("rows", np.zeros(shape, values.dtype))
        return made

    def least(self, postings: "Postings") -> int:
        """Return how many documents a term stands in, at least, that has a row."""
        if self._least is None:
            lengths, most = np.diff(postings.offsets), len(self.table(postings))
            common = len(postings) // COMMON + 1
            if most < len(lengths):
                # One more than has the first term beyond those for which there is room.
                common = max(common, int(np.partition(lengths, -most - 1)[-most - 1]) + 1)
            self._least = common
        return self._least

    def of(self, number: int, postings: "Postings") -> int:
        """Return a term's place among the rows, -1 for one that is not common enough."""
        known = self._row_of.get(number)
        if known is not None:
            return known
        start, end = postings.offsets[number : number + 2].tolist()
        if end - start < self.least(postings):
            return -1
        table, row = self.table(postings), next(self._free)
        # Two threads that ask at once for the same term's may leave none for another.
        if row >= len(table):
            return -1
        table[row, postings.posts[start:end]] = self._made["values"].take(postings.codes[start:end])
        return self._row_of.setdefault(number, row)

    def row(self, number: int, postings: "Postings") -> NDArray[np.unsignedinteger[Any]] | None:
        """Return a term's row, ``None`` for one that is not common enough."""
        place = self.of(number, postings)
        return None if place < 0 else self.table(postings)[place]


@dataclass(frozen=True, slots=True)
class Postings:
    """The posting lists of some documents; immutable.

    ``vocabulary`` numbers the terms 0 … T-1. The postings of term ``t`` are
    ``posts[offsets[t]:offsets[t + 1]]``, document numbers in rising order, with as many ``codes``: each
    is a row of ``shapes``, a frequency and the length of the document. ``lengths`` holds each document's
    number of terms.
    """

    vocabulary: TermNumbers
    offsets: Integers
    posts: NDArray[np.int32]
    codes: NDArray[np.unsignedinteger[Any]]
    shapes: NDArray[np.int32]
    lengths: NDArray[np.int32]
    #: Each document's code plus one, and a level of its score that is at least as high.
    rows: Rows = field(default_factory=lambda: Rows(_ROWS_BYTES), init=False, repr=False, compare=False)
    levels: Rows = field(default_factory=lambda: Rows(_LEVELS_BYTES), init=False, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        vocabulary: TermNumbers,
        offsets: Integers,
        posts: NDArray[np.int32],
        frequencies: NDArray[np.int32],
        lengths: NDArray[np.int32],
    ) -> "Postings":
        """Find the shapes of postings given with their frequencies."""
        pairs = frequencies.astype(np.int64) << 32 | lengths[posts]
        shapes = np.unique(pairs)
        narrow: type[np.unsignedinteger[Any]] = np.uint16 if len(shapes) < 1 << 16 else np.uint32
        return cls(
            vocabulary=vocabulary,
            offsets=offsets,
            posts=posts,
            codes=np.searchsorted(shapes, pairs).astype(narrow),
            shapes=np.stack([shapes >> 32, shapes & 0xFFFFFFFF], axis=1).astype(np.int32),
            lengths=lengths,
        )

    @classmethod
    def build(cls, documents: Iterable[Sequence[str]]) -> "Postings":
        """Count the terms of documents, each a sequence of terms."""
        vocabulary: dict[str, int] = {}
        terms: list[int] = []
        frequencies: list[int] = []
        widths: list[int] = []
        lengths: list[int] = []
        for document in documents:
            counts = Counter(document)
            lengths.append(len(document))
            widths.append(len(counts))
            terms += [vocabulary.setdefault(term, len(vocabulary)) for term in counts]
            frequencies += counts.values()
        numbers = np.array(terms, dtype=np.int32)
        order = np.argsort(numbers, kind="stable")
        offsets = np.zeros(len(vocabulary) + 1, dtype=np.int64)
        np.cumsum(np.bincount(numbers, minlength=len(vocabulary)), out=offsets[1:])
        posts = np.repeat(np.arange(len(lengths), dtype=np.int32), widths)
        return cls.of(
            vocabulary,
            offsets,
            posts[order],
            np.array(frequencies, dtype=np.int32)[order],
            np.array(lengths, dtype=np.int32),
        )

    def __len__(self) -> int:
        return len(self.lengths)

    @property
    def frequencies(self) -> NDArray[np.int32]:
        """Return how often the term of each posting stands in its document."""
        return self.frequencies_of(0, len(self.posts))

    def frequencies_of(self, start: int, end: int) -> NDArray[np.int32]:
        """Return the frequencies of a span of postings."""
        frequencies: NDArray[np.int32] = self.shapes[:, 0].take(self.codes[start:end])
        return frequencies

    def span(self, term: str) -> tuple[int, int]:
        """Return where the term's postings begin and end; equal where it is unknown."""
        number = self.vocabulary.get(term)
        if number is None:
            return 0, 0
        return int(self.offsets[number]), int(self.offsets[number + 1])
