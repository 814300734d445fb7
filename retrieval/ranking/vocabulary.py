"""Words and their numbers, as arrays: as soon there as they are mapped, however many they are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.ranking.numbers import Integers

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

    def __len__(self) -> int:
        return len(self.order)

    def __iter__(self) -> Iterator[str]:
        return iter(self.spell(np.arange(len(self))))

    def __getitem__(self, word: str) -> int:
        number = self._known.get(word)
        if number is None:
            number = self._find(word)
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

    def _find(self, word: str) -> int:
        try:
            written = word.encode()
        except UnicodeEncodeError:
            raise KeyError(word) from None
        wanted = _hash(written)
        place = int(np.searchsorted(self.hashes, np.uint64(wanted)))
        while place < len(self.hashes) and self.hashes[place] == wanted:
            number = int(self.order[place])
            if self.text[self.starts[number] : self.starts[number + 1]].tobytes() == written:
                return number
            place += 1
        raise KeyError(word)


def _hash(written: bytes) -> int:
    return int.from_bytes(blake2b(written, digest_size=8).digest(), "little")
