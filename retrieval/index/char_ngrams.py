"""Runs of four letters in words, ``_word_`` with its borders: what is alike in forms and misspellings.

A word with accents has the runs of both forms, with them and without: those who type none find what those
wrote who do, and those who do find first what is written as they write.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from retrieval.analysis.arrays import Integers, starts_of
from retrieval.analysis.languages.letters import fold
from retrieval.index.vocabulary import Vocabulary

__all__ = ["GRAM", "CharNgrams", "ngrams_of"]

#: How many letters a run has.
GRAM = 4
_BORDER = ord("_")
#: The blocks in which Unicode has Latin letters with accents.
_ACCENTED: Final = (range(0xC0, 0x250), range(0x1E00, 0x1F00))


@dataclass(frozen=True, slots=True, eq=False)
class CharNgrams:
    """The runs of letters in a vocabulary's words.

    ``keys`` are the different runs, rising, as :func:`runs_of` codes them, and ``counts`` how often each
    is found in posts, a post counting once for each of its words that has it. Word ``i`` has the runs
    ``keys[held[starts[i]:starts[i + 1]]]``.
    """

    keys: NDArray[np.uint64]
    counts: Integers
    starts: Integers
    held: NDArray[np.int32]

    @classmethod
    def of(cls, vocabulary: Vocabulary, word_counts: NDArray[np.int32]) -> "CharNgrams":
        """Find the runs of words, each standing in as many posts as ``word_counts`` says."""
        letters, begins = vocabulary.letters()
        lengths = np.diff(begins)
        # Every word with its borders: letter i of word w moves to i + 2 w + 1.
        wide = np.full(len(letters) + 2 * len(lengths), _BORDER, np.uint64)
        inner = np.arange(len(letters)) + 2 * np.repeat(np.arange(len(lengths)), lengths) + 1
        wide[inner] = letters & np.uint32(0xFFFF)
        sizes = np.maximum(lengths + 2 - GRAM + 1, 0)
        owners = np.repeat(np.arange(len(lengths)), sizes)
        places = np.arange(len(owners)) - starts_of(sizes)[owners] + begins[owners] + 2 * owners
        coded = _coded(wide, places)
        wide[inner] = _plain()[wide[inner]]
        accented = np.flatnonzero((plain := _coded(wide, places)) != coded)
        if len(accented):
            order = np.argsort(np.concatenate([owners, owners[accented]]), kind="stable")
            coded = np.concatenate([coded, plain[accented]])[order]
            owners = np.concatenate([owners, owners[accented]])[order]
        starts = starts_of(np.bincount(owners, minlength=len(lengths)))
        keys, held = np.unique(coded, return_inverse=True)
        counts = np.bincount(held, weights=word_counts[owners], minlength=len(keys))
        return cls(keys, counts.astype(np.int64), starts, held.astype(np.int32))

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, wanted: NDArray[np.uint64]) -> Integers:
        """Return the numbers of runs by their codes, -1 for one that no word has."""
        if not len(self.keys):
            return np.full(len(wanted), -1)
        places = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where(self.keys[places] == wanted, places, -1)

    def counts_of(self, wanted: NDArray[np.uint64]) -> Integers:
        """Return how often runs are found in posts, by their codes."""
        numbers = self.find(wanted)
        if not len(self.keys):
            return np.zeros(len(wanted), np.int64)
        return np.where(numbers >= 0, self.counts[numbers], 0)


def ngrams_of(word: str) -> list[int]:
    """Return the codes of a word's runs in order, then of those that differ without accents.

    A run's code is its letters' lowest 16 bits one after another.
    """
    line = [_BORDER, *(ord(letter) & 0xFFFF for letter in word), _BORDER]
    runs = _codes(line)
    if word.isascii():
        return runs
    plain = _plain_letters()
    return [
        *runs,
        *(
            code
            for code, run in zip(_codes([plain.get(code, code) for code in line]), runs, strict=True)
            if code != run
        ),
    ]


def _codes(line: list[int]) -> list[int]:
    return [
        line[at] << 48 | line[at + 1] << 32 | line[at + 2] << 16 | line[at + 3]
        for at in range(len(line) - GRAM + 1)
    ]


def _coded(letters: NDArray[np.uint64], places: Integers) -> NDArray[np.uint64]:
    """Return the codes of the runs that start at some places."""
    coded = np.zeros(len(places), np.uint64)
    for step in range(GRAM):
        coded = coded << np.uint64(16) | letters[places + step]
    return coded


@cache
def _plain_letters() -> dict[int, int]:
    """Return the plain letter of each accented one, by code; two letters in one count as the first."""
    codes = (code for block in _ACCENTED for code in block)
    return {code: ord(fold(chr(code), whole=True)[0]) for code in codes}


@cache
def _plain() -> NDArray[np.uint64]:
    table = np.arange(1 << 16, dtype=np.uint64)
    for code, plain in _plain_letters().items():
        table[code] = plain
    return table
