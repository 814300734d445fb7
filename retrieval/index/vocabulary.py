"""Words and their numbers, as arrays: as soon there as they are mapped, however many they are."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.analysis.arrays import Integers, intervals, starts_of

__all__ = ["Vocabulary"]

#: How many words a vocabulary remembers the numbers of, before it starts anew.
_REMEMBERED = 65_536
#: The bits of a byte that does not begin a letter in UTF-8.
_CONTINUING = 0b1100_0000, 0b1000_0000


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary(Mapping[str, int]):
    """A mapping from words to their numbers, 0 … w-1; immutable.

    ``text`` holds the words in UTF-8 one after another, word ``i`` from ``starts[i]`` to ``starts[i + 1]``.
    ``hashes`` are the words' hashes, rising, and ``order`` the numbers of their words.
    """

    text: NDArray[np.uint8]
    starts: Integers
    hashes: NDArray[np.uint64]
    order: NDArray[np.int32]
    _known: dict[str, int] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, words: Sequence[str]) -> "Vocabulary":
        """Number different words in the order given."""
        written = [word.encode() for word in words]
        hashes = np.fromiter(map(_hash, written), np.uint64, len(written))
        order = np.argsort(hashes, kind="stable").astype(np.int32)
        return cls(
            text=np.frombuffer(b"".join(written), np.uint8),
            starts=np.cumsum([0, *map(len, written)], dtype=np.int64),
            hashes=hashes[order],
            order=order,
        )

    @classmethod
    def joined(
        cls, vocabularies: Sequence["Vocabulary"], kept: Sequence[NDArray[np.bool_]]
    ) -> tuple["Vocabulary", list[NDArray[np.int32]]]:
        """Return a vocabulary of the kept words of several, and for each the new numbers of its words.

        Words are numbered as they come first; one that is not kept has the number -1.
        """
        hashes = np.concatenate([one.hashes_in_order() for one in vocabularies])
        places = np.flatnonzero(np.concatenate(kept))
        _, first, group = np.unique(hashes[places], return_index=True, return_inverse=True)
        lengths = np.concatenate([np.diff(one.starts) for one in vocabularies])
        starts = starts_of(lengths)
        text = np.concatenate([one.text for one in vocabularies])
        if not _alike(text, starts, places, places[first][group]):
            # Two words of one hash, one archive in a hundred million: number them one by one.
            words = [word for one in vocabularies for word in one]
            numbers = {word: number for number, word in enumerate(dict.fromkeys(words[at] for at in places))}
            numbers_of = np.array([numbers.get(word, -1) for word in words], np.int32)
            whole = cls.of(list(numbers))
        else:
            order = np.argsort(first)
            rank = np.empty(len(order), np.int32)
            rank[order] = np.arange(len(order), dtype=np.int32)
            numbers_of = np.full(len(hashes), -1, np.int32)
            numbers_of[places] = rank[group]
            chosen = places[first[order]]
            letters, _ = intervals(starts[chosen], starts[chosen + 1])
            hashed = np.argsort(hashes[chosen], kind="stable").astype(np.int32)
            whole = cls(text[letters], starts_of(lengths[chosen]), hashes[chosen][hashed], hashed)
        ends = np.cumsum([len(one) for one in vocabularies])[:-1]
        return whole, np.split(numbers_of, ends)

    def __len__(self) -> int:
        return len(self.order)

    def __iter__(self) -> Iterator[str]:
        return iter(self.spell(np.arange(len(self))))

    def __getitem__(self, word: str) -> int:
        number = self.get(word)
        if number is None:
            raise KeyError(word)
        return int(number)

    def get(self, word: str, default: Any = None) -> Any:
        """Return a word's number, ``default`` where it has none."""
        number = self._known.get(word)
        if number is None:
            number = self._find(word)
            if number is None:
                return default
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[word] = number
        return number

    def spell(self, numbers: NDArray[np.integer[Any]]) -> list[str]:
        """Return the words of some numbers."""
        first, last = self.starts[numbers].tolist(), self.starts[numbers + 1].tolist()
        return [self.text[a:b].tobytes().decode() for a, b in zip(first, last, strict=True)]

    def letters(self) -> tuple[NDArray[np.uint32], Integers]:
        """Return the code points of all words one after another, and where each word's begin; ``w + 1``."""
        text = np.asarray(self.text)
        points = np.frombuffer(text.tobytes().decode().encode("utf-32-le"), np.uint32)
        begun = np.cumsum((text & _CONTINUING[0]) != _CONTINUING[1], dtype=np.int64)
        return points, np.concatenate([[0], begun])[self.starts]

    def hashes_in_order(self) -> NDArray[np.uint64]:
        """Return the words' hashes by their numbers."""
        hashes = np.empty(len(self), np.uint64)
        hashes[self.order] = self.hashes
        return hashes

    def _find(self, word: str) -> int | None:
        try:
            written = word.encode()
        except UnicodeEncodeError:
            return None
        # A single number is found sooner without NumPy.
        wanted, hashes = _hash(written), self.hashes.data
        place = bisect_left(hashes, wanted)
        while place < len(hashes) and hashes[place] == wanted:
            number = self.order.item(place)
            if self.text[self.starts.item(number) : self.starts.item(number + 1)].tobytes() == written:
                return number
            place += 1
        return None


def _alike(text: NDArray[np.uint8], starts: Integers, some: Integers, others: Integers) -> bool:
    """Return whether each of some words is written as the other in its place."""
    some, others = some[some != others], others[some != others]
    if (starts[some + 1] - starts[some] != starts[others + 1] - starts[others]).any():
        return False
    these, _ = intervals(starts[some], starts[some + 1])
    those, _ = intervals(starts[others], starts[others + 1])
    return bool((text[these] == text[those]).all())


def _hash(written: bytes) -> int:
    return int.from_bytes(blake2b(written, digest_size=8).digest(), "little")
