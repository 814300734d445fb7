"""Questions to hits: rank the posts of a scope, and decide whether they answer at all."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.analyzer import Analyzer, analyzer
from retrieval.model import Hit
from retrieval.ranker import Floats, Integers, Ranker, Segment, best
from retrieval.spelling import nearest

__all__ = ["FOLLOW_UP", "Found", "Part", "Searcher"]

#: How much a term of the question before weighs in a follow-up, beside 1.0 for the question's own.
FOLLOW_UP = 0.3

#: The share of a question's information that the best posts must hold to count as an answer.
_ENOUGH = 0.4
#: How many of the best posts may vouch for an answer, and how much a post's thread adds to its word.
_WITNESSES = 10
_THREAD_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Part:
    """A segment with the store's numbers of its posts and their threads, arrays of its length."""

    segment: Segment
    posts: Integers
    threads: Integers

    def __len__(self) -> int:
        return len(self.segment)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: hits best first, the terms searched, and how sure it is, from 0 to 1.

    ``weights`` gives the terms' information, for choosing sentences. ``enough`` is the decision:
    whether the hits answer the question or merely resemble it.
    """

    hits: tuple[Hit, ...]
    terms: tuple[str, ...]
    weights: Mapping[str, float]
    confidence: float

    @property
    def enough(self) -> bool:
        """Return whether the hits may be quoted as an answer."""
        return bool(self.hits) and self.confidence >= _ENOUGH


class Searcher:
    """Rank the posts of some parts, given by language; document frequencies are of these parts alone."""

    def __init__(self, parts: Mapping[str, Sequence[Part]]) -> None:
        self._groups = [_Group(analyzer(language), group) for language, group in parts.items()]

    def search(self, question: str, limit: int, before: Sequence[str] = ()) -> Found:
        """Return the best ``limit`` posts for a question.

        ``before`` are the terms of the question that this one follows; they enter with the weight
        :data:`FOLLOW_UP`, or in full where the question has no terms of its own ("why?").
        """
        founds = [group.search(question, limit, before) for group in self._groups]
        hits = sorted((hit for found in founds for hit in found.hits), key=lambda hit: -hit.score)
        return Found(
            hits=tuple(hits[:limit]),
            terms=tuple(dict.fromkeys(term for found in founds for term in found.terms)),
            weights={term: weight for found in founds for term, weight in found.weights.items()},
            confidence=max((found.confidence for found in founds), default=0.0),
        )

    def near_misses(self, question: str, limit: int = 3) -> list[tuple[str, int]]:
        """Return the known terms nearest to the question's unknown ones, each with a post that holds it.

        At most ``limit`` for each unknown term; posts are the store's numbers.
        """
        return [miss for group in self._groups for miss in group.near_misses(question, limit)]


class _Group:
    """The parts of one language."""

    def __init__(self, analyze: Analyzer, parts: Sequence[Part]) -> None:
        self._analyzer = analyze
        self._ranker = Ranker([part.segment for part in parts])
        self._posts = np.concatenate([part.posts for part in parts])
        self._threads = np.concatenate([part.threads for part in parts])

    def search(self, question: str, limit: int, before: Sequence[str]) -> Found:
        own = dict.fromkeys(self._analyzer.terms(question), 1.0)
        inherited = dict.fromkeys(before, FOLLOW_UP if own else 1.0)
        query = inherited | own
        asked = tuple(own or inherited)
        scores = self._ranker.weigh(query)
        top = best(scores, max(limit, _WITNESSES))
        hits = tuple(Hit(int(self._posts[number]), float(scores[number])) for number in top[:limit])
        weights = {term: self._ranker.information(term) for term in query}
        return Found(hits, asked, weights, self._confidence(asked, top[:_WITNESSES]))

    def near_misses(self, question: str, limit: int) -> list[tuple[str, int]]:
        frequency = self._ranker.document_frequency
        unknown = [term for term in dict.fromkeys(self._analyzer.terms(question)) if frequency(term) == 0]
        known = {word for segment in self._ranker.segments for word in segment.vocabulary} if unknown else ()
        near = [word for term in unknown for word in nearest(term, known, frequency, limit)]
        return [(word, int(self._posts[self._ranker.postings(word)[0][0]])) for word in near]

    def _confidence(self, terms: Sequence[str], top: Sequence[int]) -> float:
        """Return the share of the question's information that a post and its thread hold, at best.

        A term that no post holds counts as rarer than any that is held.
        """
        if not terms or not top:
            return 0.0
        unknown = math.log((self._ranker.corpus_size + 1) / 0.5)
        information = np.array([self._ranker.information(term) or unknown for term in terms])
        held = np.zeros((len(terms), len(top)))
        beside = np.zeros((len(terms), len(top)))
        for row, term in enumerate(terms):
            posts, _ = self._ranker.postings(term)
            held[row] = np.isin(top, posts)
            beside[row] = np.isin(self._threads[list(top)], self._threads[posts])
        covered: Floats = information @ ((1 - _THREAD_SHARE) * held + _THREAD_SHARE * beside)
        return float(covered.max() / information.sum())
