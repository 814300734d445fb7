"""Questions to hits: two stages of ranking over a scope, and how sure the best of them is.

The first stage scores every post of the scope by its own terms and keeps the best with their neighbours.
The second adds the other fields for these candidates. A hit's score is the sum of named shares.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from retrieval.analysis.answer_type import AnswerType
from retrieval.analysis.arrays import Floats, Integers
from retrieval.index.char_ngrams import ngrams_of
from retrieval.index.segment import Segment
from retrieval.model import Hit
from retrieval.search.confidence import ENOUGH, Evidence
from retrieval.search.fields import Averages, FieldQuery, Fields, context_total
from retrieval.search.query import Question, parse_question
from retrieval.search.ranker import Ranker
from retrieval.search.weights import WEIGHTS, Weights

__all__ = ["SearchResult", "Searcher"]

#: So many of the best hits are looked through for the names in a question.
_WITNESSES = 10
#: A question of stop words only is looked up word for word from this many words on.
_PHRASE = 4
#: A pair of words stands in this part of the posts that hold its rarer word.
_RARER = 3


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found: hits best first, and how sure the best of them is.

    ``terms`` are the question's own, as far as the archive knows them or what stands in for them.
    ``weights`` gives the information of the terms that were searched, for choosing sentences.
    ``corrected`` are the words of the question that were replaced by ones the archive knows.
    ``inherited`` tells that it had no terms of its own and took those of the question before.
    """

    hits: tuple[Hit, ...] = ()
    terms: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    confidence: float = 0.0
    corrected: tuple[tuple[str, str], ...] = ()
    inherited: bool = False

    @property
    def enough(self) -> bool:
        """Return whether the hits may be quoted as an answer."""
        return bool(self.hits) and self.confidence >= ENOUGH


class Searcher:
    """Rank the posts of some segments; every statistic is of these segments alone.

    Without ``spelling``, a word that no post holds finds nothing; for measuring what spelling is worth.
    """

    def __init__(
        self, segments: Sequence[Segment], weights: Weights = WEIGHTS, *, spelling: bool = True
    ) -> None:
        by_language: dict[str, list[Segment]] = {}
        for segment in segments:
            if len(segment):
                by_language.setdefault(segment.analyzer.language, []).append(segment)
        self._groups = [_Group(group, weights, spelling=spelling) for group in by_language.values()]

    def search(
        self, question: str, limit: int, before: Sequence[str] = (), quoted: Sequence[int] = ()
    ) -> SearchResult:
        """Return the best ``limit`` posts for a question.

        In a follow-up, ``before`` are the terms of the question before it and ``quoted`` the threads,
        by their numbers in the store, that answered it.
        """
        founds = [group.search(question, limit, before, quoted) for group in self._groups]
        if len(founds) == 1:
            return founds[0]
        sure = sorted(founds, key=lambda found: -found.confidence)
        hits = sorted((hit for found in founds for hit in found.hits), key=lambda hit: -hit.score)
        return SearchResult(
            hits=tuple(hits[:limit]),
            terms=tuple(dict.fromkeys(term for found in sure for term in found.terms)),
            weights={term: weight for found in founds for term, weight in found.weights.items()},
            confidence=sure[0].confidence if sure else 0.0,
            corrected=sure[0].corrected if sure else (),
            inherited=all(found.inherited for found in founds),
        )

    def terms(self, question: str) -> list[str]:
        """Return the terms that a question is searched by, misspelt ones replaced, without searching."""
        return [term for group in self._groups for term in group.terms(question)]

    def holding(self, text: str) -> list[int]:
        """Return the posts, by their numbers in the store, that hold every term of a text as written."""
        return [pk for group in self._groups for pk in group.holding(text)]

    def information(self, term: str, language: str) -> float:
        """Return how much a term tells among the posts of a language: its idf."""
        return next((group.worth(term) for group in self._groups if group.language == language), 1.0)

    def near_misses(self, question: str, limit: int = 3) -> list[str]:
        """Return known words near to the question's unknown ones, at most ``limit`` for each."""
        return [word for group in self._groups for word in group.near_misses(question, limit)]


class _Group:
    """The segments of one language; posts are numbered through them."""

    def __init__(self, segments: Sequence[Segment], weights: Weights, *, spelling: bool) -> None:
        self._segments = segments
        self._spelling = spelling
        self._weights = weights
        self._analyzer = segments[0].analyzer
        self.language = self._analyzer.language
        self._ranker = Ranker([segment.postings for segment in segments])
        self._bases = np.cumsum([0, *map(len, segments)])
        posts = self._ranker.corpus_size
        threads = sum(len(segment.starts) - 1 for segment in segments)
        averages = Averages(
            post=self._ranker.avgdl,
            context=sum(context_total(segment, weights.kernel()) for segment in segments) / posts,
            thread=self._ranker.avgdl * posts / threads,
            pairs=sum(len(segment.sequence) for segment in segments) / posts - 1,
            grams=sum(segment.spelled for segment in segments) / posts,
        )
        self._fields = [Fields(segment, averages, weights) for segment in segments]
        #: What a term that stands in one post alone is worth, or one that no post knows.
        self._unit = math.log(posts + 1)

    def search(self, text: str, limit: int, before: Sequence[str], quoted: Sequence[int]) -> SearchResult:
        question = self._parse(text, before)
        if not question.terms:
            return self._phrase(question, limit)
        found, _ = self._ranker.rank(question.terms, max(self._weights.keep, limit))
        ranked = [self._second_stage(question, limit, *part, quoted) for part in self._candidates(found)]
        hits = sorted((hit for part in ranked for hit in part.hits), key=lambda hit: (-hit.score, hit.post))
        evidence = self._evidence(question, ranked)
        return SearchResult(
            hits=tuple(hits[:limit]),
            terms=tuple(question.terms)[: question.own or None],
            inherited=not question.own,
            weights={term: self._information(term) * weight for term, weight in question.terms.items()},
            confidence=evidence.confidence(),
            corrected=tuple(question.corrected.items()),
        )

    def terms(self, text: str) -> list[str]:
        return list(self._parse(text, ()).terms)

    def holding(self, text: str) -> list[int]:
        lists = [self._ranker.postings(term)[0] for term in dict.fromkeys(self._analyzer.terms(text))]
        if not lists:
            return []
        found = reduce(np.intersect1d, sorted(lists, key=len))
        pks: list[int] = []
        for segment, (base, end) in zip(self._segments, pairwise(self._bases.tolist()), strict=True):
            pks += segment.pks[found[(found >= base) & (found < end)] - base].tolist()
        return pks

    def near_misses(self, question: str, limit: int) -> list[str]:
        unknown = [
            word
            for word in dict.fromkeys(self._analyzer.words(question))
            if (term := self._analyzer.term(word)) is not None and not self.knows(term)
        ]
        return [near for word in unknown for near, _ in self.near(word)[:limit]]

    def _parse(self, text: str, before: Sequence[str]) -> Question:
        return parse_question(text, self._analyzer, self, self._weights, before)

    def knows(self, term: str) -> bool:
        """Return whether the term stands in any post."""
        return self._ranker.document_frequency(term) > 0

    def near(self, word: str) -> list[tuple[str, float]]:
        """Return the words of posts that are near to a word that no post holds, the likeliest first."""
        if not self._spelling:
            return []
        near = [found for segment in self._segments for found in segment.speller.near(word)]
        return sorted(near, key=lambda pair: -pair[1])

    def worth(self, term: str) -> float:
        """Return a term's idf, for others than the search."""
        return self._information(term)

    def _information(self, term: str) -> float:
        """Return a term's idf; one that no post holds counts as one that a single post holds."""
        return self._ranker.information(term) or self._unit

    def _candidates(self, found: Integers) -> list[tuple[int, Integers]]:
        """Return, by segment, the posts that the first stage found and their neighbours in the thread."""
        weights = self._weights
        parts = []
        for number, (base, end) in enumerate(pairwise(self._bases.tolist())):
            segment = self._segments[number]
            own = found[(found >= base) & (found < end)] - base
            among = found[: weights.widen]
            among = among[(among >= base) & (among < end)] - base
            steps = np.arange(-weights.widen_by, weights.widen_by + 1)
            near = (among[:, None] + steps).clip(0, len(segment) - 1)
            near = near[segment.home[near] == segment.home[among][:, None]]
            candidates = np.unique(np.concatenate([own, near]))
            if len(candidates):
                parts.append((number, candidates))
        return parts

    def _second_stage(
        self, question: Question, limit: int, number: int, candidates: Integers, quoted: Sequence[int]
    ) -> "_Ranked":
        """Score a segment's candidates by every field, and keep the best and what scores as much."""
        fields, segment, weights = self._fields[number], self._segments[number], self._weights
        terms = list(question.terms)
        idf = np.array([self._ranker.information(term) * question.terms[term] for term in terms])
        own, around, thread = fields.terms(candidates, terms, self._ranker.loops)
        shares = {
            "post": weights.post * own @ idf,
            "context": weights.context * around @ idf,
            "thread": weights.thread * thread @ idf,
            "pairs": weights.pairs * self._pairs(question, fields, candidates),
            "grams": np.zeros(len(candidates)),
            "first": weights.first * self._unit * (candidates == segment.starts[segment.home[candidates]]),
        }
        if question.kind is not None:
            seen = question.kind in {AnswerType.WHEN, AnswerType.NUMBER}
            weight = weights.answer_seen if seen else weights.answer_guessed
            shares["answer"] = weight * self._unit * (segment.signs[candidates] >> question.kind & 1)
        if quoted:
            again = np.isin(segment.thread_pks[segment.home[candidates]], quoted)
            shares["conversation"] = weights.quoted_before * self._unit * again
        shares["grams"] = weights.grams * self._grams_of_best(question, fields, candidates, shares, limit)
        each = (weights.post * own + weights.context * around + weights.thread * thread) * idf
        names, table = list(shares), np.array(list(shares.values()), np.float64)
        totals = table.sum(axis=0)
        order = np.lexsort((candidates, -totals))
        kept = order[totals[order] >= totals[order[: max(limit, 1)]].min()]
        hits = [
            Hit(
                post=int(segment.pks[candidates[place]]),
                score=float(totals[place]),
                shares=tuple(
                    (name, float(share)) for name, share in zip(names, table[:, place], strict=True) if share
                ),
                terms=tuple(
                    (term, float(share)) for term, share in zip(terms, each[place], strict=True) if share
                ),
            )
            for place in kept
        ]
        return _Ranked(hits, terms, around[order[:_WITNESSES]] > 0, own[order[0]] > 0)

    def _pairs(self, question: Question, fields: Fields, candidates: Integers) -> Floats:
        pairs = list(dict.fromkeys(pairwise(question.words)))
        if not pairs:
            return np.zeros(len(candidates))
        words = list(dict.fromkeys(question.words))
        counts = dict(zip(words, np.sum([one.counts(words) for one in self._segments], axis=0), strict=True))
        both = np.array([min(counts[first], counts[second]) for first, second in pairs])
        asking = [self._weights.asking if set(pair) & question.quiet else 1.0 for pair in pairs]
        numbers = dict(zip(words, fields.segment.numbers(words).tolist(), strict=True))
        keys = [
            numbers[first] << 32 | numbers[second] if numbers[first] >= 0 <= numbers[second] else -1
            for first, second in pairs
        ]
        expected = np.where(both > 0, np.maximum(both / _RARER, 1.0), 0.0)
        wanted = _wanted(np.array(keys, np.int64), expected, np.array(asking), self._ranker)
        return fields.pairs(candidates, wanted, self._ranker.loops)

    def _grams_of_best(
        self,
        question: Question,
        fields: Fields,
        candidates: Integers,
        shares: Mapping[str, Floats],
        limit: int,
    ) -> Floats:
        """Score the letters of the candidates that are best without them; no others can come to the top."""
        most = max(self._weights.spelled, 2 * limit)
        if len(candidates) <= most:
            return self._grams(question, fields, candidates)
        totals = np.sum(list(shares.values()), axis=0)
        chosen = np.sort(np.argpartition(-totals, most)[:most])
        grams = np.zeros(len(candidates))
        grams[chosen] = self._grams(question, fields, candidates[chosen])
        return grams

    def _grams(self, question: Question, fields: Fields, candidates: Integers) -> Floats:
        runs = _runs(question)
        if not len(runs):
            return np.zeros(len(candidates))
        numbers = fields.segment.runs.find(runs)
        wanted = _wanted(numbers, self._posts_with(runs), np.ones(len(runs)), self._ranker)
        return fields.grams(candidates, wanted, self._ranker.loops)

    def _posts_with(self, runs: NDArray[np.uint64]) -> Floats:
        """Return in how many posts runs of letters stand, as if words came together by chance."""
        times = np.sum([one.runs.counts_of(runs) for one in self._segments], axis=0)
        posts = self._ranker.corpus_size
        expected: Floats = posts * -np.expm1(-times / posts)
        return np.where(times > 0, np.maximum(expected, 1.0), 0.0)

    def _evidence(self, question: Question, ranked: "Sequence[_Ranked]") -> Evidence:
        """Read from the best hits what speaks for an answer."""
        weights, unit = self._weights, self._unit
        first = max(ranked, key=lambda part: part.hits[0].score)
        shares = first.hits[0].explain()
        mass = sum(self._information(term) * weight for term, weight in question.asked.items())
        counts = self._posts_with(_runs(question))
        letters = float(np.log((self._ranker.corpus_size + 1) / np.maximum(counts, 1)).sum())
        held = {part.terms[column] for part in ranked for column in np.flatnonzero(part.seen.any(axis=0))}
        inside = {first.terms[column] for column in np.flatnonzero(first.held)}
        content = ("post", "context", "thread", "pairs", "grams")
        return Evidence(
            covered=shares.get("context", 0.0) / (weights.context * mass),
            spelled=shares.get("grams", 0.0) / (weights.grams * letters) if letters else 0.0,
            amount=sum(shares.get(name, 0.0) for name in content) / unit,
            named=len(question.names & held) / len(question.names) if question.names else None,
            whole=bool(question.subject) and all(terms & inside for terms in question.subject),
        )

    def _phrase(self, question: Question, limit: int) -> SearchResult:
        """Look a question that has no terms up word for word: "that is not what it was"."""
        hits: list[Hit] = []
        if len(question.words) >= _PHRASE and not question.asked:
            for segment in self._segments:
                hits += [
                    Hit(int(segment.pks[post]), self._unit, (("phrase", self._unit),))
                    for post in segment.holding(question.words)
                ]
        return SearchResult(tuple(hits[:limit]), confidence=1.0 if hits else 0.0)


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A segment's hits, the terms searched, which are around the best hits, and which in the best."""

    hits: list[Hit]
    terms: list[str]
    seen: NDArray[np.bool_]
    held: NDArray[np.bool_]


def _runs(question: Question) -> NDArray[np.uint64]:
    """Return the different runs of letters in the words that name the question's subject."""
    runs = dict.fromkeys(run for word in question.spelled() for run in ngrams_of(word))
    return np.array(list(runs), np.uint64)


def _wanted(keys: Integers, counts: Floats, weights: Floats, ranker: Ranker) -> FieldQuery:
    """Give the keys that some post holds their worth: BM25+'s idf, times their weight."""
    known = (counts > 0) & (keys >= 0)
    idf = np.log((ranker.corpus_size + 1) / np.maximum(counts, 1))
    return FieldQuery(keys[known], (idf * weights)[known])
