"""Questions to hits: two stages of ranking over a scope, and the verdict on the best of them.

The first stage scores every post of the scope by its own terms and keeps the best with their neighbours.
The second adds the other fields for these candidates. A hit's score is the sum of named shares. A message
of several parts is asked as a whole and by each of them, and the surest speaks for it.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from itertools import chain, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from retrieval.analysis.answer_type import AnswerType
from retrieval.analysis.arrays import Floats, Integers
from retrieval.analysis.chat_text import ABBREVIATED, spelled_out, without_chat_marks
from retrieval.analysis.clauses import clauses_of, opens_a_question
from retrieval.analysis.word_frequency import COMMON, has_frequencies, normal_form, tokens_per_word, zipf
from retrieval.index.bm25 import LengthNorm
from retrieval.index.segment import Segment, norm_of
from retrieval.model import Cap, Hit, Verdict
from retrieval.search.fields import Averages, FieldQuery, Fields, context_total
from retrieval.search.query import (
    ENGLISH,
    AskedTerm,
    Question,
    count_subject_terms,
    is_filler,
    parse_question,
)
from retrieval.search.ranker import Ranker
from retrieval.search.search_result import NO_CONVERSATION, Conversation, SearchResult
from retrieval.search.verdict import (
    CERTAIN,
    MODEL,
    NOTHING,
    Evidence,
    Judgement,
    TermEvidence,
    VerdictModel,
    judge,
    logit_of,
    verdict_of,
)
from retrieval.search.weights import WEIGHTS, Weights

__all__ = ["Searcher"]

#: In so many of the best hits a number, or what "who" is asked to have done, is looked for.
_WITNESSES = 3
#: So many stop words are looked up word for word: "the who"; where they ask, or are that few, a post that
#: holds them comes close, and does not answer.
_PHRASE = 2
_CERTAIN_PHRASE = 3
_ASKING_PHRASE = 4
_CLOSE: Final = Judgement(-0.01, Verdict.CLOSEST)
#: The answers to so many questions of this kind are remembered.
_REMEMBERED = 10_000
#: A pair of words stands in this part of the posts that hold its rarer word.
_RARER = 3


class Searcher:
    """Rank the posts of some segments; every statistic is of these segments alone.

    ``norms`` are those of the segments' collections, by default that of all of them as one. Without
    ``spelling``, a word that no post holds finds nothing; for measuring what spelling is worth.
    """

    def __init__(
        self,
        segments: Sequence[Segment],
        weights: Weights = WEIGHTS,
        *,
        spelling: bool = True,
        model: VerdictModel = MODEL,
        norms: Sequence[LengthNorm] | None = None,
    ) -> None:
        self._segments = segments
        self._norms = norms or [norm_of(segments)] * len(segments)
        by_language: dict[str, list[tuple[Segment, LengthNorm]]] = {}
        for segment, norm in zip(segments, self._norms, strict=True):
            if len(segment):
                by_language.setdefault(segment.analyzer.language, []).append((segment, norm))
        self._groups = [
            _Group(
                [segment for segment, _ in group],
                weights,
                spelling=spelling,
                model=model,
                norms=[norm for _, norm in group],
            )
            for group in by_language.values()
        ]

    def search(self, question: str, limit: int, conversation: Conversation = NO_CONVERSATION) -> SearchResult:
        """Return the best ``limit`` posts for a message; ``conversation`` is the answer that it follows."""
        results = [group.search(question, limit, conversation) for group in self._groups]
        if len(results) == 1:
            return results[0]
        if not results:
            return SearchResult()
        results.sort(key=lambda result: -result.judgement.logit)
        hits = sorted((hit for result in results for hit in result.hits), key=lambda hit: -hit.score)
        return replace(
            results[0],
            hits=tuple(hits[:limit]),
            terms=tuple(dict.fromkeys(term for result in results for term in result.terms)),
            weights={term: weight for result in results for term, weight in result.weights.items()},
            inherited=all(result.inherited for result in results),
        )

    def readings(self, message: str, limit: int) -> list[list[SearchResult]]:
        """Return for each language what a message finds as a whole and by its parts, for fitting the verdict.

        :meth:`search` takes the surest.
        """
        return [list(group.readings(message, limit, NO_CONVERSATION)) for group in self._groups]

    def terms(self, question: str) -> list[str]:
        """Return the terms that a question is searched by, misspelt ones replaced, without searching."""
        return [term for group in self._groups for term in group.terms(question)]

    def holding(self, text: str) -> list[int]:
        """Return the posts, by their numbers in the store, that hold every term of a text as written."""
        return [pk for group in self._groups for pk in group.holding(text)]

    def information(self, term: str, language: str) -> float:
        """Return a term's idf among the posts of a language."""
        return next((group.worth(term) for group in self._groups if group.language == language), 1.0)

    def near_misses(self, question: str, limit: int = 3) -> list[str]:
        """Return known words near to the question's unknown ones, at most ``limit`` for each."""
        return [word for group in self._groups for word in group.near_misses(question, limit)]


class _Group:
    """The segments of one language; posts are numbered through them."""

    def __init__(
        self,
        segments: Sequence[Segment],
        weights: Weights,
        *,
        spelling: bool,
        model: VerdictModel,
        norms: Sequence[LengthNorm],
    ) -> None:
        self._segments = segments
        self._spelling = spelling
        self._model = model
        self._weights = weights
        self._analyzer = segments[0].analyzer
        self.language = self._analyzer.language
        self._norms = norms
        self._ranker = Ranker([segment.postings for segment in segments], b=[norm.b for norm in norms])
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
        self._fields = [
            Fields(segment, averages, weights, norm.b) for segment, norm in zip(segments, norms, strict=True)
        ]
        #: How many posts hold words apart that are one word, as far as it was asked.
        self._apart: dict[tuple[str, ...], int] = {}
        #: What a term that stands in one post alone is worth, or one that no post knows.
        self._unit = math.log(posts + 1)
        #: How many words a post has, stop words among them.
        self._mean_words = sum(len(segment.sequence) for segment in segments) / posts

    def search(self, message: str, limit: int, conversation: Conversation) -> SearchResult:
        readings = self.readings(message, limit, conversation)
        whole = next(readings)
        if whole.inherited:
            return whole
        return max(chain([whole], readings), key=lambda result: result.judgement.logit)

    def readings(self, message: str, limit: int, conversation: Conversation) -> Iterator[SearchResult]:
        """Yield what a message finds as a whole, then what its parts find by themselves."""
        text, analyzer = self._written_out(message), self._analyzer
        yield self._search(text, limit, conversation)
        count, filler = partial(count_subject_terms, analyzer=analyzer), partial(is_filler, analyzer=analyzer)
        for clause in clauses_of(text, count, filler):
            yield replace(self._search(clause, limit, conversation), part=clause)

    def _search(self, text: str, limit: int, conversation: Conversation) -> SearchResult:
        question = self._parse(text, conversation.terms)
        if not question.terms:
            return self._phrase(question, limit, asks=opens_a_question(text))
        first, _ = self._ranker.rank(question.terms, max(self._weights.keep, limit))
        if question.apart:
            first = self._with_apart(question, first)
        letters = self._letters(question)
        ranked = [
            self._second_stage(question, letters, limit, part, conversation.threads)
            for part in self._candidates(first)
        ]
        hits = sorted((hit for part in ranked for hit in part.hits), key=lambda hit: (-hit.score, hit.post))
        inherited = question.subjectless and bool(conversation.terms)
        return SearchResult(
            hits=tuple(hits[:limit]),
            terms=tuple(question.terms)[: None if inherited else question.own or None],
            weights={term: self._idf(question, term) * weight for term, weight in question.terms.items()},
            judgement=self._inherited(conversation)
            if inherited
            else self._judge(question, letters, hits[0], ranked),
            corrected=tuple(question.corrected.items()),
            asked=tuple(question.subject()),
            inherited=inherited,
        )

    def terms(self, text: str) -> list[str]:
        return list(self._parse(self._written_out(text), ()).terms)

    def holding(self, text: str) -> list[int]:
        lists = [self._ranker.postings(term)[0] for term in dict.fromkeys(self._analyzer.terms(text))]
        if not lists:
            return []
        posts = reduce(np.intersect1d, sorted(lists, key=len))
        pks: list[int] = []
        for segment, (base, end) in zip(self._segments, pairwise(self._bases.tolist()), strict=True):
            pks += segment.pks[posts[(posts >= base) & (posts < end)] - base].tolist()
        return pks

    def near_misses(self, text: str, limit: int) -> list[str]:
        question = self._parse(self._written_out(text), ())
        searched = set(question.terms)
        near = [
            word
            for asked in question.subject()
            if not asked.known
            for word, _ in self.near(asked.word.casefold())[:limit]
        ]
        return [word for word in near if self._analyzer.term(word) not in searched]

    def _written_out(self, message: str) -> str:
        """Return a message as one would write it elsewhere than in a chat."""
        text = without_chat_marks(message)
        return spelled_out(text) if self.language == ENGLISH else text

    def _parse(self, text: str, before: Sequence[str]) -> Question:
        return parse_question(text, self._analyzer, self, self._weights, before)

    def knows(self, term: str) -> bool:
        """Return whether the term stands in any post."""
        return self._ranker.document_frequency(term) > 0

    def near(self, word: str) -> list[tuple[str, float]]:
        """Return the words of posts that are near to a word that no post holds, the likeliest first.

        A word that is common in its language is no misspelling, and has none; an abbreviation stands for
        its word alone.
        """
        if (
            self.language == ENGLISH
            and (full := ABBREVIATED.get(word))
            and self.knows(self._analyzer.term(full) or full)
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

    def _idf(self, question: Question, term: str) -> float:
        """Return a term's idf, where posts that write it in several words count, too."""
        apart = question.apart.get(term)
        if apart is None:
            return self._ranker.information(term)
        return self._ranker.information_of(self._ranker.document_frequency(term) + apart.posts)

    def worth(self, term: str) -> float:
        """Return a term's idf, for others than the search."""
        return self._information(term)

    def _information(self, term: str) -> float:
        """Return a term's idf; one that no post holds counts as one that a single post holds."""
        return self._ranker.information(term) or self._unit

    def _with_apart(self, question: Question, first: Integers) -> Integers:
        """Return candidates with posts behind them that write a term in several words, stop words perhaps."""
        more = [
            base + post
            for words, _ in question.apart.values()
            for segment, base in zip(self._segments, self._bases.tolist(), strict=False)
            for post in segment.holding(words)[: self._weights.keep]
        ]
        return np.concatenate([first, np.setdiff1d(np.array(more, np.int64), first)])

    def _candidates(self, first: Integers) -> list[tuple[int, Integers]]:
        """Return, by segment, the posts that the first stage keeps and their neighbours in the thread."""
        weights = self._weights
        parts = []
        for number, (base, end) in enumerate(pairwise(self._bases.tolist())):
            segment = self._segments[number]
            own = first[(first >= base) & (first < end)] - base
            among = first[: weights.widen]
            among = among[(among >= base) & (among < end)] - base
            steps = np.arange(-weights.widen_by, weights.widen_by + 1)
            near = (among[:, None] + steps).clip(0, len(segment) - 1)
            near = near[segment.home[near] == segment.home[among][:, None]]
            candidates = np.unique(np.concatenate([own, near]))
            if len(candidates):
                parts.append((number, candidates))
        return parts

    def _second_stage(
        self,
        question: Question,
        letters: "_Letters",
        limit: int,
        part: tuple[int, Integers],
        quoted: Sequence[int],
    ) -> "_Ranked":
        """Score a segment's candidates by every field, and keep the best and what scores as much."""
        number, candidates = part
        fields, segment, weights = self._fields[number], self._segments[number], self._weights
        terms = list(question.terms)
        idf = np.array([self._idf(question, term) * question.terms[term] for term in terms])
        own, around, thread = fields.terms(candidates, terms, self._ranker.loops)
        apart = {term: each.words for term, each in question.apart.items()}
        fields.count_other_ways(candidates, terms, apart, question.also, (own, around, thread))
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
        shares["grams"] = weights.grams * self._grams_of_best(letters, fields, candidates, shares, limit)
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
        witnesses = [
            _Witness(
                score=float(totals[place]),
                own=dict(zip(terms, own[place].tolist(), strict=True)),
                around=dict(zip(terms, around[place].tolist(), strict=True)),
                cues=int(segment.signs[candidates[place]]),
                collection_words=self._norms[number].mean_words,
                quoted=rank == 0
                and question.quotes
                and segment.has_phrase(int(candidates[place]), question.words),
            )
            for rank, place in enumerate(order[:_WITNESSES])
        ]
        return _Ranked(hits, witnesses)

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
        wanted = FieldQuery.of(np.array(keys, np.int64), expected, np.array(asking), self._ranker.corpus_size)
        return fields.pairs(candidates, wanted, self._ranker.loops)

    def _grams_of_best(
        self,
        letters: "_Letters",
        fields: Fields,
        candidates: Integers,
        shares: Mapping[str, Floats],
        limit: int,
    ) -> Floats:
        """Score the letters of the candidates that are best without them; no others can come to the top."""
        most = max(self._weights.spelled, 2 * limit)
        if len(candidates) <= most:
            return self._grams(letters, fields, candidates)
        totals = np.sum(list(shares.values()), axis=0)
        chosen = np.sort(np.argpartition(-totals, most)[:most])
        grams = np.zeros(len(candidates))
        grams[chosen] = self._grams(letters, fields, candidates[chosen])
        return grams

    def _grams(self, letters: "_Letters", fields: Fields, candidates: Integers) -> Floats:
        if not len(letters.runs):
            return np.zeros(len(candidates))
        numbers = fields.segment.runs.find(letters.runs)
        weights = np.ones(len(letters.runs))
        wanted = FieldQuery.of(numbers, letters.posts, weights, self._ranker.corpus_size)
        return fields.grams(candidates, wanted, self._ranker.loops)

    def _letters(self, question: Question) -> "_Letters":
        """Return the different runs of letters in the words that name the question's subject."""
        runs, posts = question.runs(), self._ranker.corpus_size
        times = np.sum([one.runs.counts_of(runs) for one in self._segments], axis=0)
        # As if words came together by chance.
        expected = posts * -np.expm1(-times / posts)
        return _Letters(runs, np.where(times > 0, np.maximum(expected, 1.0), 0.0))

    def _inherited(self, conversation: Conversation) -> Judgement:
        logit = logit_of(conversation.confidence)
        return Judgement(logit, verdict_of(logit, self._model))

    def _judge(
        self, question: Question, letters: "_Letters", best: Hit, ranked: "Sequence[_Ranked]"
    ) -> Judgement:
        """Judge the best hit by what it holds of the question."""
        witnesses = sorted((one for part in ranked for one in part.witnesses), key=lambda one: -one.score)
        if witnesses[0].quoted:
            return CERTAIN
        return judge(
            self._evidence(question, letters, best, witnesses[0]),
            self._caps(question, witnesses[:_WITNESSES]),
            self._model,
        )

    def _evidence(self, question: Question, letters: "_Letters", best: Hit, witness: "_Witness") -> Evidence:
        weights, shares = self._weights, best.explain()
        asked = float(np.log((self._ranker.corpus_size + 1) / np.maximum(letters.posts, 1)).sum())
        content = ("post", "context", "thread", "pairs", "grams")
        return Evidence(
            terms=tuple(self._term_evidence(question, term, witness) for term in question.subject()),
            content=sum(shares.get(name, 0.0) for name in content),
            pairs=shares.get("pairs", 0.0) / weights.pairs,
            letters=shares.get("grams", 0.0) / (weights.grams * asked) if asked else 0.0,
            posts=self._ranker.corpus_size,
            mean_words=self._mean_words,
            tokens_per_word=tokens_per_word(self.language),
            listed=has_frequencies(self.language),
            keywords=question.keywords,
            asks=question.asks,
            collection_words=witness.collection_words,
        )

    def _term_evidence(self, question: Question, asked: AskedTerm, witness: "_Witness") -> TermEvidence:
        apart = question.apart.get(asked.term)
        return TermEvidence(
            weight=asked.weight,
            idf=self._idf(question, asked.stand_ins[0]) if asked.stand_ins else self._unit,
            df=self._ranker.document_frequency(asked.term) + (apart.posts if apart else 0),
            # A name that is a stop word but for its capitals is as rare as a name.
            zipf=0.0
            if self._analyzer.term(normal_form(asked.word)) is None
            else zipf(asked.word, self.language),
            own=max((witness.own.get(term, 0.0) for term in asked.stand_ins), default=0.0),
            around=max((witness.around.get(term, 0.0) for term in asked.stand_ins), default=0.0),
            name=asked.name,
            sure=asked.sure,
        )

    def _caps(self, question: Question, witnesses: "Sequence[_Witness]") -> tuple[Cap, ...]:
        """Return what rules an answer out: no person did it, or there is no number."""
        caps = []
        deed = next((asked for asked in question.asked if asked.term == question.deed), None)
        if deed is not None and not any(one.holds(term) for one in witnesses for term in deed.stand_ins):
            caps.append(Cap.UNCONFIRMED)
        if question.kind is AnswerType.NUMBER and not any(
            one.cues >> AnswerType.NUMBER & 1 for one in witnesses
        ):
            caps.append(Cap.NO_NUMBER)
        return tuple(caps)

    def _phrase(self, question: Question, limit: int, *, asks: bool) -> SearchResult:
        """Look a question that has no terms up word for word: "that is not what it was"."""
        hits: list[Hit] = []
        count = len(question.words)
        if count >= (_ASKING_PHRASE if asks else _PHRASE) and not question.asked:
            for segment in self._segments:
                hits += [
                    Hit(int(segment.pks[post]), self._unit, (("phrase", self._unit),))
                    for post in segment.holding(question.words)
                ]
        certain = CERTAIN if count >= _CERTAIN_PHRASE and not asks else _CLOSE
        return SearchResult(
            tuple(hits[:limit]),
            judgement=certain if hits else NOTHING,
            asked=tuple(question.subject()),
        )


@dataclass(frozen=True, slots=True)
class _Letters:
    """The runs of letters of a question, and in how many posts each stands."""

    runs: NDArray[np.uint64]
    posts: Floats


@dataclass(frozen=True, slots=True)
class _Witness:
    """One of the best hits: its score, its terms' saturated frequencies, and the cues of answers in it.

    ``quoted`` says of the best that it holds the question word for word, where that is no question.
    """

    score: float
    own: Mapping[str, float]
    around: Mapping[str, float]
    cues: int
    collection_words: float
    quoted: bool

    def holds(self, term: str) -> bool:
        """Return whether the term stands in the post or in its context."""
        return self.own.get(term, 0.0) > 0 or self.around.get(term, 0.0) > 0


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A segment's hits, and its best as witnesses."""

    hits: list[Hit]
    witnesses: list[_Witness]
