"""What the posts of one language know of words: which they hold, how they spell them, what each is worth."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from retrieval.analysis.chat_text import ABBREVIATED
from retrieval.analysis.word_frequency import COMMON, with_accents, zipf
from retrieval.index.segment import Segment
from retrieval.search.query import ENGLISH, Question
from retrieval.search.ranker import Ranker

__all__ = ["CorpusWords"]

#: The answers to so many questions of this kind are remembered.
_REMEMBERED = 10_000


class CorpusWords:
    """The words of some segments of one language.

    ``posts`` is their number, ``unit`` the idf of a term that stands in one post alone, or that no post
    knows, ``mean_words`` how many words a post has, stop words among them. Without ``spelling``, no word is
    near to another.
    """

    def __init__(self, segments: Sequence[Segment], ranker: Ranker, *, spelling: bool) -> None:
        self._segments = segments
        self._ranker = ranker
        self._spelling = spelling
        self.analyzer = segments[0].analyzer
        self.language = self.analyzer.language
        self.posts = ranker.corpus_size
        self.unit = math.log(self.posts + 1)
        self.mean_words = sum(len(segment.sequence) for segment in segments) / self.posts
        #: How many posts hold words apart that are one word, as far as it was asked.
        self._apart: dict[tuple[str, ...], int] = {}

    def knows(self, term: str) -> bool:
        """Return whether the term stands in any post."""
        return self._ranker.document_frequency(term) > 0

    def accented(self, word: str) -> str:
        """Return a word without accents as posts write it, or its language, where no post has it without.

        Keyboards and haste leave accents out: Vietnamese "hoi" may be any of six words, of which the one of
        most posts is taken.
        """
        if (
            self.language == ENGLISH
            or not word.isascii()
            or not word.isalpha()
            or any(word in segment.vocabulary for segment in self._segments)
        ):
            return word
        posts: Counter[str] = Counter()
        for segment in self._segments:
            posts.update(dict(segment.speller.with_accents(word)))
        if posts:
            return max(posts, key=lambda form: (posts[form], form))
        return (
            word if self.knows(self.analyzer.term(word) or "") else with_accents(word, self.language) or word
        )

    def near(self, word: str) -> list[tuple[str, float]]:
        """Return the words of posts that are near to a word that no post holds, the likeliest first.

        A word that is common in its language is no misspelling, and has none; an abbreviation stands for
        its word alone.
        """
        if (
            self.language == ENGLISH
            and (full := ABBREVIATED.get(word))
            and self.knows(self.analyzer.term(full) or full)
        ):
            return [(full, 1.0)]
        if not self._spelling or zipf(word, self.language) >= COMMON:
            return []
        near = [match for segment in self._segments for match in segment.speller.near(word)]
        return sorted(near, key=lambda pair: -pair[1])

    def apart(self, words: Sequence[str], whole: str) -> int:
        """Return how many posts hold the words one after another, and not the term ``whole``."""
        known = self._apart.get((*words, whole))
        if known is not None:
            return known
        count = 0
        for segment in self._segments:
            # Most words of a language are not two of its words, which is soon seen.
            posts = segment.holding(words) if all(word in segment.vocabulary for word in words) else ()
            if posts:
                start, end = segment.postings.span(whole)
                count += len(np.setdiff1d(posts, segment.postings.posts[start:end]))
        if len(self._apart) >= _REMEMBERED:
            self._apart.clear()
        self._apart[*words, whole] = count
        return count

    def frequency(self, question: Question, term: str) -> int:
        """Return how many posts hold a term, those among them that write it in several words."""
        apart = question.apart.get(term)
        return self._ranker.document_frequency(term) + (apart.posts if apart else 0)

    def idf(self, question: Question, term: str) -> float:
        """Return a term's idf, where posts that write it in several words count, too."""
        if term in question.apart:
            return self._ranker.information_of(self.frequency(question, term))
        return self._ranker.information(term)

    def worth(self, term: str) -> float:
        """Return a term's idf; one that no post holds counts as one that a single post holds."""
        return self._ranker.information(term) or self.unit
