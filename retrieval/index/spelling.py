"""The nearest words that the archive knows to one that it does not."""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.analysis.arrays import Floats, Integers
from retrieval.analysis.languages.letters import fold
from retrieval.index.vocabulary import Vocabulary

__all__ = ["Speller", "likeliest_words", "phonetic_skeleton"]

#: Shorter words have too many neighbours; those below ``_MIDDLING`` letters keep their first letter, and
#: from ``_LONG`` letters on a second slip is forgiven.
_SHORTEST = 4
_MIDDLING = 6
_LONG = 8
#: What a slip costs, and what an equal first letter and an equal sound are worth, as factors.
_SLIP = 1 / 3
_SAME_START, _OTHER_START = 1.5, 0.5
_SAME_SOUND = 1.5

_SIGNS = frozenset("@#&+./")
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
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


class Speller:
    """The words of a vocabulary, prefiltered by length and letters before edit distances are computed.

    ``frequencies`` is in how many posts each stands; a word that stands in none is never returned.
    What it takes to find neighbours is worked out when first asked for.
    """

    def __init__(self, vocabulary: Vocabulary, frequencies: NDArray[np.integer[Any]]) -> None:
        self._vocabulary = vocabulary
        self._frequencies = frequencies

    @cached_property
    def _traits(self) -> tuple[NDArray[np.int32], NDArray[np.uint64]]:
        """Return each word's length, and a bit for every letter in it (letters share bits by their code).

        Words that stand in no post have no length.
        """
        letters, starts = self._vocabulary.letters()
        bits = np.uint64(1) << (letters & np.uint32(63)).astype(np.uint64)
        # No word is empty, or the bits of the next would be taken for its.
        held = np.bitwise_or.reduceat(bits, starts[:-1]) if len(bits) else np.zeros(0, np.uint64)
        return np.where(self._frequencies > 0, np.diff(starts), -_LONG).astype(np.int32), held

    @cached_property
    def _accented(self) -> dict[str, list[int]]:
        """Return the numbers of the words with accents by the word without."""
        words: dict[str, list[int]] = {}
        for number, word in enumerate(self._vocabulary):
            if self._frequencies[number] and _ACCENTED.search(word):
                words.setdefault(fold(word, whole=True), []).append(number)
        return words

    def with_accents(self, word: str) -> list[tuple[str, int]]:
        """Return the words that differ from ``word`` by accents alone, and in how many posts each stands."""
        numbers = self._accented.get(word, [])
        return (
            list(
                zip(
                    self._vocabulary.spell(np.array(numbers, np.int64)),
                    self._frequencies[numbers].tolist(),
                    strict=True,
                )
            )
            if numbers
            else []
        )

    def near(self, word: str) -> list[tuple[str, float]]:
        """Return the words within reach of ``word``, the most likely first, each with its likelihood.

        Distance is optimal string alignment: letters changed, dropped, added or swapped. One slip is
        forgiven, in a word of eight letters or more two where none is one slip away; a word of less than
        six keeps its first letter. Likelihoods are relative to one another: fewer slips, the same first
        letter, the same sound, and standing in more posts make a word likelier. Short words, and words with
        digits or signs (C++, AT&T, a link) have no neighbours.
        """
        if len(word) < _SHORTEST or any(letter.isdigit() or letter in _SIGNS for letter in word):
            return []
        from rapidfuzz import process  # noqa: PLC0415 - slow to import, and few questions need it
        from rapidfuzz.distance import OSA  # noqa: PLC0415 - as above

        lengths, letters = self._traits
        for reach in (1, 2) if len(word) >= _LONG else (1,):
            places = np.flatnonzero(np.abs(lengths - len(word)) <= reach)
            places = places[np.bitwise_count(letters[places] ^ np.uint64(_bits(word))) <= 2 * reach]
            words = self._vocabulary.spell(places)
            if len(word) < _MIDDLING:
                near = [place for place, known in enumerate(words) if known[0] == word[0]]
                places, words = places[near], [words[place] for place in near]
            matches = process.extract(
                word,
                words,
                scorer=OSA.distance,
                score_cutoff=reach,
                limit=None,
            )
            if matches:
                numbers = places[[place for _, _, place in matches]]
                slips = np.array([slips for _, slips, _ in matches], np.float64)
                return self._likeliest(word, numbers, slips)
        return []

    def _likeliest(self, word: str, numbers: Integers, slips: Floats) -> list[tuple[str, float]]:
        key = phonetic_skeleton(word)
        candidates = self._vocabulary.spell(numbers)
        likelihoods = _SLIP**slips * (1 + np.log(self._frequencies[numbers]))
        likelihoods *= [_SAME_START if known[0] == word[0] else _OTHER_START for known in candidates]
        likelihoods *= [_SAME_SOUND if phonetic_skeleton(known) == key else 1.0 for known in candidates]
        order = np.argsort(-likelihoods, kind="stable")
        return [(candidates[place], float(likelihoods[place])) for place in order]


def phonetic_skeleton(word: str) -> str:
    """Return the skeleton of a word that its transliterations share: Zelensky, Zelenskyy, Selenskij."""
    for letters, sounds in _SOUNDS:
        word = letters.sub(sounds, word)
    return word


def likeliest_words(matches: Sequence[tuple[str, float]], most: int = 3) -> list[tuple[str, float]]:
    """Return the likeliest ``most`` of several spellers' words, likelihoods relative to the first's."""
    totals: dict[str, float] = {}
    for word, likelihood in matches:
        totals[word] = totals.get(word, 0.0) + likelihood
    ranked = sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    return [(word, likelihood / ranked[0][1]) for word, likelihood in ranked]


def _bits(word: str) -> int:
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 63)
    return bits
