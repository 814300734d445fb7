"""Counted chunks of posts brought together: one numbering of words and terms, one set of arrays."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.ranking.counting import Counted
from retrieval.ranking.numbers import Integers
from retrieval.ranking.vocabulary import Vocabulary

__all__ = ["Gathering", "coded"]

#: How many different products of frequency and length are told apart by a table.
_TABLE = 2**24
#: How many postings are coded at once.
_BLOCK = 2**20


@dataclass(frozen=True, slots=True)
class _Chunk:
    """The postings of a chunk: terms by their final numbers, owners from the chunk's first post on."""

    base: int
    held: NDArray[np.int32]
    spread: NDArray[np.int32]
    owners: NDArray[np.uint16]
    frequencies: NDArray[np.unsignedinteger[Any]]


class Gathering:
    """Takes counted chunks in the order of their posts."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}
        self._terms: dict[str, int] = {}
        # Of each reader, the final numbers of its words and terms.
        self._word_maps: dict[object, NDArray[np.int32]] = {}
        self._term_maps: dict[object, NDArray[np.int32]] = {}
        self._term_of = np.zeros(0, np.int32)
        self._word_counts = np.zeros(0, np.int64)
        self._spread = np.zeros(0, np.int64)
        self._chunks: list[_Chunk] = []
        self._posts = 0
        self.pks = _Growing(np.int64)
        self.thread_pks = _Growing(np.int64)
        self.said = _Growing(np.int32)
        self.widths = _Growing(np.int32)
        self.lengths = _Growing(np.int32)
        self.signs = _Growing(np.uint8)

    def __len__(self) -> int:
        return self._posts

    def vocabularies(self) -> tuple[Vocabulary, Vocabulary]:
        """Return the words' and the terms' numbers, and let go of them."""
        words, self._words = self._words, {}
        terms, self._terms = self._terms, {}
        return Vocabulary.of(list(words)), Vocabulary.of(list(terms))

    @property
    def term_of(self) -> NDArray[np.int32]:
        """Return the term of each word, -1 for none."""
        return self._term_of

    @property
    def word_counts(self) -> NDArray[np.int32]:
        """Return in how many posts each word stands."""
        return self._word_counts.astype(np.int32)

    def add(self, counted: Counted) -> None:
        """Take the next chunk."""
        reader = counted.reader
        known = self._words
        words = np.array([known.setdefault(word, len(known)) for word in counted.words], np.int32)
        terms = np.array([self._terms.setdefault(term, len(self._terms)) for term in counted.terms], np.int32)
        word_map = _extended(self._word_maps, reader, words)
        term_map = _extended(self._term_maps, reader, terms)
        self._term_of = _room(self._term_of, len(known))
        # A stop word has the last of the map's numbers, and keeps its -1.
        self._term_of[words] = np.append(term_map, np.int32(-1))[counted.term_of]
        self._word_counts = _room(self._word_counts, len(known))
        self._word_counts[word_map[counted.spoken]] += counted.word_counts
        held = term_map[counted.held]
        self._spread = _room(self._spread, len(self._terms))
        self._spread[held] += counted.spread
        self._chunks.append(_Chunk(self._posts, held, counted.spread, counted.owners, counted.frequencies))
        self._posts += len(counted.pks)
        self.pks.extend(counted.pks)
        self.thread_pks.extend(counted.thread_pks)
        self.said.extend(word_map[counted.said])
        self.widths.extend(counted.widths)
        self.lengths.extend(counted.lengths)
        self.signs.extend(counted.signs)

    def postings(self) -> tuple[Integers, NDArray[np.int32], NDArray[np.unsignedinteger[Any]]]:
        """Return offsets, posts and frequencies of all terms' postings, and let go of the chunks'."""
        offsets = np.concatenate([[0], np.cumsum(self._spread)])
        posts = np.empty(offsets[-1], np.int32)
        dtype = max((chunk.frequencies.dtype for chunk in self._chunks), default=np.dtype(np.uint8))
        frequencies = np.empty(offsets[-1], dtype)
        ends = offsets[:-1].copy()
        self._chunks.reverse()
        while self._chunks:
            chunk = self._chunks.pop()
            shifts = ends[chunk.held] - (np.cumsum(chunk.spread) - chunk.spread)
            places = np.repeat(shifts, chunk.spread)
            places += np.arange(len(places))
            posts[places] = chunk.owners.astype(np.int32) + chunk.base
            frequencies[places] = chunk.frequencies
            ends[chunk.held] += chunk.spread
        return offsets, posts, frequencies


class _Growing:
    """An array that grows at its end, by an eighth; a large one is moved without being copied."""

    def __init__(self, dtype: type[np.generic]) -> None:
        self._room = np.empty(0, dtype)
        self._used = 0

    def extend(self, more: NDArray[Any]) -> None:
        """Append an array."""
        end = self._used + len(more)
        if end > len(self._room):
            self._room.resize(max(end, len(self._room) * 9 // 8), refcheck=False)
        self._room[self._used : end] = more
        self._used = end

    def array(self) -> NDArray[Any]:
        """Return what was appended, and start anew."""
        found = self._room
        found.resize(self._used, refcheck=False)
        self._room, self._used = np.empty(0, found.dtype), 0
        return found


def coded(
    frequencies: NDArray[np.integer[Any]], posts: NDArray[np.int32], lengths: NDArray[np.int32]
) -> tuple[NDArray[np.uint16] | NDArray[np.uint32], NDArray[np.int32]]:
    """Return each posting's code and the shapes that codes number: frequency, and length of the post.

    Shapes stand in rising order; what is needed beside the codes is a block of postings at a time.
    """
    scale = int(lengths.max(initial=0)) + 1
    size = (int(frequencies.max(initial=0)) + 1) * scale
    blocks = [slice(at, at + _BLOCK) for at in range(0, len(posts), _BLOCK)]

    def pairs(block: slice) -> Integers:
        found: Integers = frequencies[block].astype(np.int64) * scale + lengths[posts[block]]
        return found

    if size <= _TABLE:
        seen = np.zeros(size, bool)
        for block in blocks:
            seen[pairs(block)] = True
        shapes = np.flatnonzero(seen)
        codes_of = (np.cumsum(seen, dtype=np.int64) - 1).astype(np.uint32)
    else:
        shapes = np.unique(np.concatenate([np.unique(pairs(block)) for block in blocks]))
    narrow = np.uint16 if len(shapes) <= np.iinfo(np.uint16).max else np.uint32
    codes: NDArray[Any] = np.empty(len(posts), narrow)
    for block in blocks:
        codes[block] = codes_of[pairs(block)] if size <= _TABLE else np.searchsorted(shapes, pairs(block))
    return codes, np.stack([shapes // scale, shapes % scale], axis=1).astype(np.int32)


def _extended(
    maps: dict[object, NDArray[np.int32]], reader: object, more: NDArray[np.int32]
) -> NDArray[np.int32]:
    known = maps.get(reader)
    maps[reader] = extended = more if known is None else np.concatenate([known, more])
    return extended


def _room(array: NDArray[Any], length: int) -> NDArray[Any]:
    """Return the array with zeros behind, at least ``length`` long."""
    return np.concatenate([array, np.zeros(length - len(array), array.dtype)])
