"""The nearest words that the archive knows to one that it does not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.ranking.numbers import Floats, Integers

__all__ = ["Speller", "likeliest", "sound"]

#: Shorter words have too many neighbours; those below ``_MIDDLING`` letters keep their first letter, and
#: from ``_LONG`` letters on a second slip is forgiven.
_SHORTEST = 4
_MIDDLING = 6
_LONG = 8
#: What a slip costs, and what an equal first letter and an equal sound are worth, as factors.
_SLIP = 1 / 3
_SAME_START, _OTHER_START = 1.5, 0.5
_SAME_SOUND = 1.5

_SOUNDS = tuple(
    (re.compile(letters), sounds)
    for letters, sounds in (
        (r"tch|sch|zh|sh|ch", "s"),
        (r"ph", "f"),
        (r"gh|kh", "g"),
        (r"ck|q|c", "k"),
        (r"x", "ks"),
        (r"z", "s"),
        (r"w", "v"),
        (r"[jy]", "i"),
        (r"(?<=.)[aeiouh]+", ""),
        (r"(.)\1+", r"\1"),
    )
)


@dataclass(frozen=True, slots=True)
class Speller:
    """The words of a segment, with what tells quickly which of them may be near to another.

    ``frequencies`` is in how many posts each stands; ``letters`` has a bit for every letter that
    occurs (letters share bits by their code).
    """

    words: NDArray[np.object_]
    frequencies: Integers
    lengths: Integers
    letters: NDArray[np.uint64]

    @classmethod
    def of(cls, words: NDArray[np.object_], frequencies: Integers) -> "Speller":
        """Prepare the words; each stands in as many posts as ``frequencies`` says."""
        return cls(
            words,
            frequencies,
            np.fromiter(map(len, words), np.int64, len(words)),
            np.fromiter(map(_bits, words), np.uint64, len(words)),
        )

    def near(self, word: str) -> list[tuple[str, float]]:
        """Return the words within reach of ``word``, the most likely first, each with its likelihood.

        Distance is optimal string alignment: letters changed, dropped, added or swapped. One slip is
        forgiven, in a word of eight letters or more two where none is one slip away; a word of less than
        six keeps its first letter. Likelihoods are relative to one another: fewer slips, the same first
        letter, the same sound, and standing in more posts make a word likelier. Short words and numbers
        have no neighbours.
        """
        if len(word) < _SHORTEST or any(letter.isdigit() for letter in word):
            return []
        for reach in (1, 2) if len(word) >= _LONG else (1,):
            close = np.abs(self.lengths - len(word)) <= reach
            close &= np.bitwise_count(self.letters ^ np.uint64(_bits(word))) <= 2 * reach
            places = np.flatnonzero(close)
            if len(word) < _MIDDLING:
                places = places[[known[0] == word[0] for known in self.words[places]]]
            found = process.extract(
                word,
                list(self.words[places]),
                scorer=OSA.distance,
                score_cutoff=reach,
                limit=None,
            )
            if found:
                numbers = places[[place for _, _, place in found]]
                slips = np.array([slips for _, slips, _ in found], np.float64)
                return self._likeliest(word, numbers, slips)
        return []

    def _likeliest(self, word: str, numbers: Integers, slips: Floats) -> list[tuple[str, float]]:
        key = sound(word)
        candidates = [str(known) for known in self.words[numbers]]
        likelihoods = _SLIP**slips * (1 + np.log(self.frequencies[numbers]))
        likelihoods *= [_SAME_START if known[0] == word[0] else _OTHER_START for known in candidates]
        likelihoods *= [_SAME_SOUND if sound(known) == key else 1.0 for known in candidates]
        order = np.argsort(-likelihoods, kind="stable")
        return [(candidates[place], float(likelihoods[place])) for place in order]


def sound(word: str) -> str:
    """Return the skeleton of a word that its transliterations share: Zelensky, Zelenskyy, Selenskij."""
    for letters, sounds in _SOUNDS:
        word = letters.sub(sounds, word)
    return word


def likeliest(found: Sequence[tuple[str, float]], most: int = 3) -> list[tuple[str, float]]:
    """Return the likeliest ``most`` of several spellers' words, likelihoods relative to the first's."""
    totals: dict[str, float] = {}
    for word, likelihood in found:
        totals[word] = totals.get(word, 0.0) + likelihood
    ranked = sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    return [(word, likelihood / ranked[0][1]) for word, likelihood in ranked]


def _bits(word: str) -> int:
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 63)
    return bits
