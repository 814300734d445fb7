"""A segment: everything the ranking knows of one collection's posts, as arrays; immutable.

Posts are numbered 0 … n-1 within the segment, and the posts of a thread stand together in their order, so
that a thread, or a post's neighbours, are an interval of numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from retrieval.analyzer import Analyzer
from retrieval.ranker import Postings
from retrieval.ranking.answertype import signs_of
from retrieval.ranking.numbers import Integers, count_owners, counts_of
from retrieval.ranking.spelling import Speller

__all__ = ["GRAM", "Segment", "gram_codes"]

#: How many letters a run has.
GRAM = 4
#: A letter is one byte; those beyond the archive's 254 most frequent share the byte 0.
_LETTERS = 254


@dataclass(frozen=True, slots=True)
class Segment:
    """One collection's posts; every array is of one of these lengths: n posts, t threads, w words.

    ``pks`` and ``thread_pks`` (n) are the store's numbers. ``home`` (n) is a post's thread, 0 … t-1, and
    ``starts`` (t + 1) a thread's first post. ``postings`` are those of the terms; ``running`` (n + 1) is
    the number of terms in the posts before. ``vocabulary`` numbers
    the words 0 … w-1, as posts write them. ``said`` holds every post's words one after another, post ``i``
    from ``said_starts[i]`` to ``said_starts[i + 1]``; ``letters`` the same for ``_word_word_`` with
    ``alphabet`` numbering the letters. ``pairs`` and ``grams`` are the sorted keys of neighbouring words
    and of four letters, each with the number of posts it stands in. ``signs`` (n) has a bit for each type
    of answer that a post can give.
    """

    analyzer: Analyzer
    pks: Integers
    thread_pks: Integers
    home: Integers
    starts: Integers
    postings: Postings
    running: Integers
    vocabulary: dict[str, int]
    said: NDArray[np.int32]
    said_starts: Integers
    letters: NDArray[np.uint8]
    letter_starts: Integers
    alphabet: dict[str, int]
    pairs: Integers
    pair_counts: Integers
    grams: Integers
    gram_counts: Integers
    signs: NDArray[np.uint8]
    speller: Speller

    @classmethod
    def build(cls, analyzer: Analyzer, posts: Iterable[tuple[int, int, str]]) -> "Segment":
        """Build a segment from posts, each its number and its thread's in the store, and its text.

        The posts of a thread must follow one another, in order.
        """
        pks: list[int] = []
        thread_pks: list[int] = []
        signs: list[int] = []
        vocabulary: dict[str, int] = {}
        said: list[int] = []
        ends = [0]
        for pk, thread_pk, text in posts:
            pks.append(pk)
            thread_pks.append(thread_pk)
            signs.append(signs_of(text))
            said += [vocabulary.setdefault(word, len(vocabulary)) for word in analyzer.words(text)]
            ends.append(len(said))
        spoken = np.array(said, np.int32)
        starts = np.array(ends, np.int64)
        owners = np.repeat(np.arange(len(pks)), np.diff(starts))
        vocabulary_terms: dict[str, int] = {}
        terms = np.array(
            [
                -1 if term is None else vocabulary_terms.setdefault(term, len(vocabulary_terms))
                for term in map(analyzer.term, vocabulary)
            ],
            np.int64,
        )
        alphabet, letters, letter_starts = _spell_out(list(vocabulary), said, ends)
        inside = owners[1:] == owners[:-1]
        pairs, pair_counts = count_owners(_pair_codes(spoken)[inside], owners[1:][inside])
        letter_owners = np.repeat(np.arange(len(pks)), np.diff(letter_starts))
        whole = letter_owners[GRAM - 1 :] == letter_owners[: 1 - GRAM]
        grams, gram_counts = count_owners(gram_codes(letters)[whole], letter_owners[GRAM - 1 :][whole])
        threads = np.array(thread_pks, np.int64)
        opens = np.ones(len(threads), bool)
        opens[1:] = threads[1:] != threads[:-1]
        postings = _postings(vocabulary_terms, terms[spoken] if said else spoken, owners, len(pks))
        words, word_counts = count_owners(spoken.astype(np.int64), owners)
        spelled = terms[words] >= 0
        return cls(
            analyzer=analyzer,
            pks=np.array(pks, np.int64),
            thread_pks=threads,
            home=np.cumsum(opens) - 1,
            starts=np.append(np.flatnonzero(opens), len(threads)),
            postings=postings,
            running=np.append(0, np.cumsum(postings.lengths, dtype=np.int64)),
            vocabulary=vocabulary,
            said=spoken,
            said_starts=starts,
            letters=letters,
            letter_starts=letter_starts,
            alphabet=alphabet,
            pairs=pairs,
            pair_counts=pair_counts,
            grams=grams,
            gram_counts=gram_counts,
            signs=np.array(signs, np.uint8),
            speller=Speller.of(np.array(list(vocabulary), object)[words[spelled]], word_counts[spelled]),
        )

    def __len__(self) -> int:
        return len(self.pks)

    def holding(self, words: Sequence[str]) -> list[int]:
        """Return the posts in which the words stand one after another, as written."""
        numbers = [self.vocabulary.get(word, -1) for word in words]
        if not numbers or min(numbers) < 0:
            return []
        places = np.flatnonzero(self.said == numbers[0])
        for step, number in enumerate(numbers[1:], start=1):
            places = places[places + step < len(self.said)]
            places = places[self.said[places + step] == number]
        posts = np.searchsorted(self.said_starts, places, side="right") - 1
        inside = places + len(numbers) <= self.said_starts[posts + 1]
        found: list[int] = np.unique(posts[inside]).tolist()
        return found

    def pair_keys(self, pairs: Sequence[tuple[str, str]]) -> Integers:
        """Return the keys of neighbouring words, -1 where a word is unknown."""
        number = self.vocabulary.get
        numbers = [(number(first, -1), number(second, -1)) for first, second in pairs]
        return np.array([a << 32 | b if min(a, b) >= 0 else -1 for a, b in numbers], np.int64)

    def gram_keys(self, grams: Sequence[str]) -> Integers:
        """Return the keys of runs of four letters."""
        number = self.alphabet.get
        spelled = np.array([number(letter, 0) for gram in grams for letter in gram], np.uint8)
        return gram_codes(spelled)[::GRAM]

    def pair_frequencies(self, keys: Integers) -> Integers:
        """Return how many posts hold each pair."""
        return counts_of(keys, self.pairs, self.pair_counts)

    def gram_frequencies(self, keys: Integers) -> Integers:
        """Return how many posts hold each run of letters."""
        return counts_of(keys, self.grams, self.gram_counts)


def gram_codes(letters: NDArray[np.uint8]) -> Integers:
    """Read each run of four letters as one number; ``len(letters) - 3`` of them."""
    wide = letters.astype(np.int64)
    if len(wide) < GRAM:
        return np.zeros(0, np.int64)
    return wide[:-3] << 24 | wide[1:-2] << 16 | wide[2:-1] << 8 | wide[3:]


def _pair_codes(said: NDArray[np.int32]) -> Integers:
    wide = said.astype(np.int64)
    return wide[:-1] << 32 | wide[1:]


def _postings(
    vocabulary: dict[str, int], terms: NDArray[np.integer], owners: Integers, posts: int
) -> Postings:
    kept = terms >= 0
    keys, frequencies = np.unique(terms[kept] * max(posts, 1) + owners[kept], return_counts=True)
    offsets = np.searchsorted(keys // max(posts, 1), np.arange(len(vocabulary) + 1))
    return Postings(
        vocabulary=vocabulary,
        offsets=offsets,
        posts=(keys % max(posts, 1)).astype(np.int32),
        frequencies=frequencies.astype(np.int32),
        lengths=np.bincount(owners[kept], minlength=posts).astype(np.int32),
    )


def _spell_out(
    words: Sequence[str], said: Sequence[int], ends: Sequence[int]
) -> tuple[dict[str, int], NDArray[np.uint8], Integers]:
    """Write every post as ``_word_word_``, a byte a letter."""
    counts = np.bincount(np.array(said, np.int64), minlength=len(words)).tolist()
    frequency: dict[str, int] = {}
    for word, count in zip(words, counts, strict=True):
        for letter in word:
            frequency[letter] = frequency.get(letter, 0) + count
    common = sorted(frequency, key=lambda letter: (-frequency[letter], letter))[:_LETTERS]
    alphabet = {letter: number for number, letter in enumerate(["_", *common], start=1)}
    coded = [bytes(alphabet.get(letter, 0) for letter in f"{word}_") for word in words]
    lines = [b"\x01" + b"".join(map(coded.__getitem__, said[start:end])) for start, end in pairwise(ends)]
    starts = np.cumsum([0, *map(len, lines)]).astype(np.int64)
    return alphabet, np.frombuffer(b"".join(lines), np.uint8), starts
