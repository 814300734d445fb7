"""Posting lists: for each term the documents that hold it, each with the shape of the posting."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.ranking.numbers import Integers

__all__ = ["Postings", "Vocabulary"]


class Vocabulary(Protocol):
    """Numbers the terms 0 … T-1; a dictionary is one."""

    def get(self, term: str, /) -> int | None:
        """Return the term's number, ``None`` where it is unknown."""
        ...

    def __len__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Postings:
    """The posting lists of some documents; immutable.

    ``vocabulary`` numbers the terms 0 … T-1. The postings of term ``t`` are
    ``posts[offsets[t]:offsets[t + 1]]``, document numbers in rising order, with as many ``codes``: each
    is a row of ``shapes``, a frequency and the length of the document. ``lengths`` holds each document's
    number of terms.
    """

    vocabulary: Vocabulary
    offsets: Integers
    posts: NDArray[np.int32]
    codes: NDArray[np.unsignedinteger[Any]]
    shapes: NDArray[np.int32]
    lengths: NDArray[np.int32]

    @classmethod
    def of(
        cls,
        vocabulary: Vocabulary,
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
        found: NDArray[np.int32] = self.shapes[:, 0].take(self.codes[start:end])
        return found

    def span(self, term: str) -> tuple[int, int]:
        """Return where the term's postings begin and end; equal where it is unknown."""
        number = self.vocabulary.get(term)
        if number is None:
            return 0, 0
        return int(self.offsets[number]), int(self.offsets[number + 1])
