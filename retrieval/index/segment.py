"""A segment: everything the ranking knows of some posts of a collection, as arrays; immutable.

Posts are numbered 0 … n-1 within the segment, and the posts of a thread stand together in their order, so
that a thread, or a post's neighbours, are an interval of numbers.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.arrays import Integers, intervals, starts_of
from retrieval.analysis.word_frequency import tokens_per_word
from retrieval.index.bm25 import LengthNorm
from retrieval.index.char_ngrams import CharNgrams
from retrieval.index.postings import Postings
from retrieval.index.spelling import Speller
from retrieval.index.vocabulary import Vocabulary

if TYPE_CHECKING:  # loaded where a segment is built: a stored one needs none of it
    from retrieval.index.builder import Post

__all__ = ["FACTS", "BuildProgress", "Segment", "norm_of"]

#: Where a segment's memo holds what filters ask of its posts, once it was asked for.
FACTS: Final = "facts"
_BLOCK = 2**20

#: Receives how many posts are done.
BuildProgress = Callable[[int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Some posts of one collection; every array is of one of these lengths: n posts, t threads, w words.

    ``pks`` (n) and ``thread_pks`` (t) are the store's numbers. ``home`` (n) is a post's thread, 0 … t-1,
    and ``starts`` (t + 1) a thread's first post. ``postings`` are those of the terms; ``running`` (n + 1)
    is the number of terms in the posts before. ``vocabulary`` numbers the words 0 … w-1, as posts write
    them; ``word_counts`` (w) is in how many posts each stands, ``term_of`` (w) the number of its term,
    -1 for a stop word. ``sequence`` holds every post's words one after another, post ``i`` from
    ``sequence_starts[i]`` to ``sequence_starts[i + 1]``. ``runs`` are the runs of letters in the words,
    ``spelled`` how many of them all posts hold together. ``signs`` (n) has a bit for each type of answer
    that a post can give.
    """

    analyzer: Analyzer
    pks: Integers
    thread_pks: Integers
    home: NDArray[np.int32]
    starts: Integers
    postings: Postings
    running: Integers
    vocabulary: Vocabulary
    word_counts: NDArray[np.int32]
    term_of: NDArray[np.int32]
    sequence: NDArray[np.int32]
    sequence_starts: Integers
    runs: CharNgrams
    spelled: int
    signs: NDArray[np.uint8]
    speller: Speller = field(init=False)
    #: Values derived from the arrays alone, computed once for all scopes.
    memo: dict[object, Any] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Stop words are never misspelt ones' neighbours.
        spoken = np.where(self.term_of >= 0, self.word_counts, 0)
        object.__setattr__(self, "speller", Speller(self.vocabulary, spoken))
        object.__setattr__(self, "memo", {})

    @classmethod
    def build(
        cls,
        analyzer: Analyzer,
        posts: "Iterable[Post]",
        *,
        processes: int | None = None,
        progress: BuildProgress | None = None,
    ) -> "Segment":
        """Build a segment from posts, each its number and its thread's in the store, and its text.

        The posts of a thread must follow one another, in order. ``processes`` is as
        :func:`~retrieval.index.builder.count_posts` takes it; ``progress`` receives how many posts are done.
        """
        from retrieval.index.builder import (  # noqa: PLC0415 - slow to import, as above
            SegmentBuilder,
            count_posts,
            encode_postings,
        )

        gathering = SegmentBuilder()
        for counted in count_posts(analyzer, posts, processes=processes):
            gathering.add(counted)
            if progress is not None:
                progress(len(gathering))
        words, terms = gathering.vocabularies()
        word_counts, term_of = gathering.word_counts, gathering.term_of
        lengths = gathering.lengths.array()
        offsets, listed, frequencies = gathering.postings()
        codes, shapes = encode_postings(frequencies, listed, lengths)
        return cls.assemble(
            analyzer,
            Postings(terms, offsets, listed, codes, shapes, lengths),
            pks=gathering.pks.array(),
            owners=gathering.thread_pks.array(),
            signs=gathering.signs.array(),
            vocabulary=words,
            word_counts=word_counts,
            term_of=term_of,
            sequence=gathering.sequence.array(),
            widths=gathering.widths.array(),
        )

    @classmethod
    def assemble(  # noqa: PLR0913 - what a segment is made of
        cls,
        analyzer: Analyzer,
        postings: Postings,
        *,
        pks: Integers,
        owners: Integers,
        signs: NDArray[np.uint8],
        vocabulary: Vocabulary,
        word_counts: NDArray[np.int32],
        term_of: NDArray[np.int32],
        sequence: NDArray[np.int32],
        widths: NDArray[np.int32],
    ) -> "Segment":
        """Make a segment of its independent arrays, and work the others out.

        ``owners`` (n) is each post's thread in the store, ``widths`` (n) its number of words.
        """
        opens = np.concatenate([np.ones(min(len(owners), 1), bool), owners[1:] != owners[:-1]])
        first = np.flatnonzero(opens)
        runs = CharNgrams.of(vocabulary, word_counts)
        return cls(
            analyzer=analyzer,
            pks=pks,
            thread_pks=owners[first],
            home=np.cumsum(opens, dtype=np.int32) - np.int32(1),
            starts=np.append(first, len(owners)),
            postings=postings,
            running=starts_of(postings.lengths),
            vocabulary=vocabulary,
            word_counts=word_counts,
            term_of=term_of,
            sequence=sequence,
            sequence_starts=starts_of(widths),
            runs=runs,
            spelled=_total(np.diff(runs.starts), sequence),
            signs=signs,
        )

    def __len__(self) -> int:
        return len(self.pks)

    def holding(self, words: Sequence[str]) -> list[int]:
        """Return the posts in which the words stand one after another, as written."""
        numbers = self.numbers(words).tolist()
        if not numbers or min(numbers) < 0:
            return []
        # The posts that hold the rarest word are known by its term, unless it is a stop word.
        rarest = min(range(len(numbers)), key=lambda place: self.word_counts[numbers[place]])
        term = int(self.term_of[numbers[rarest]])
        if term < 0:
            places = np.flatnonzero(self.sequence == numbers[rarest])
        else:
            listed = self.postings.posts[self.postings.offsets[term] : self.postings.offsets[term + 1]]
            places, _ = intervals(self.sequence_starts[listed], self.sequence_starts[listed + 1])
            places = places[self.sequence[places] == numbers[rarest]]
        places = places[(places >= rarest) & (places - rarest + len(numbers) <= len(self.sequence))] - rarest
        for step, number in enumerate(numbers):
            places = places[self.sequence[places + step] == number]
        posts = np.searchsorted(self.sequence_starts, places, side="right") - 1
        inside = places + len(numbers) <= self.sequence_starts[posts + 1]
        matching: list[int] = np.unique(posts[inside]).tolist()
        return matching

    def has_phrase(self, post: int, words: Sequence[str]) -> bool:
        """Return whether the words stand one after another, as written, in a post of this segment."""
        wanted = self.numbers(words)
        sequence = self.sequence[self.sequence_starts[post] : self.sequence_starts[post + 1]]
        if not len(wanted) or len(sequence) < len(wanted):
            return False
        windows = np.lib.stride_tricks.sliding_window_view(sequence, len(wanted))
        return bool((windows == wanted).all(axis=1).any())

    def numbers(self, words: Sequence[str]) -> Integers:
        """Return the numbers of words, -1 for one that no post holds."""
        return np.array([self.vocabulary.get(word, -1) for word in words], np.int64)

    def counts(self, words: Sequence[str]) -> Integers:
        """Return in how many posts words stand."""
        numbers = self.numbers(words)
        if not len(self.word_counts):
            return np.zeros(len(numbers), np.int64)
        return np.where(numbers >= 0, self.word_counts[numbers], 0).astype(np.int64)


def norm_of(segments: Sequence[Segment], before: float | None = None) -> LengthNorm:
    """Return how the length of posts counts in a collection of these segments; see :meth:`LengthNorm.of`.

    A language whose words fall into several tokens has posts of so many words less.
    """
    posts = sum(map(len, segments))
    words = sum(len(segment.sequence) / tokens_per_word(segment.analyzer.language) for segment in segments)
    return LengthNorm.of(words / posts if posts else 0.0, before)


def _total(sizes: Integers, which: NDArray[np.int32]) -> int:
    """Return the sum of ``sizes[which]``, taken a block at a time."""
    return sum(int(sizes[which[at : at + _BLOCK]].sum()) for at in range(0, len(which), _BLOCK))
