"""The posts of one language: two stages of ranking, and the verdict on the best of them.

The first stage scores every post of the scope by its own terms and keeps the best with their neighbours.
The second adds the other fields for these candidates. A hit's score is the sum of named shares. A message
of several parts is asked as a whole and by each of them, and the surest speaks for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from itertools import chain, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from retrieval.analysis.answer_type import AnswerType
from retrieval.analysis.arrays import Floats, Integers, distinct
from retrieval.analysis.chat_text import spelled_out, without_chat_marks
from retrieval.analysis.clauses import clauses_of, opens_a_question
from retrieval.index.bm25 import LengthNorm
from retrieval.index.segment import Segment
from retrieval.model import Hit, Verdict
from retrieval.search.corpus_words import CorpusWords
from retrieval.search.evidence import Witness, caps_of, evidence_of
from retrieval.search.fields import Averages, FieldQuery, Fields, context_total, weigh_rows
from retrieval.search.filters import Mask, PostFilter
from retrieval.search.query import ENGLISH, Question, count_subject_terms, is_filler, parse_question
from retrieval.search.ranker import Ranker
from retrieval.search.search_result import Conversation, SearchResult
from retrieval.search.verdict import CERTAIN, NOTHING, Judgement, VerdictModel, judge, logit_of, verdict_of
from retrieval.search.weights import Weights

__all__ = ["LanguageGroup"]

#: In so many of the best hits a number, or what "who" is asked to have done, is looked for.
_WITNESSES = 3
#: So many stop words are looked up word for word: "the who"; where they ask, or are that few, a post that
#: holds them comes close, and does not answer.
_PHRASE = 2
_CERTAIN_PHRASE = 3
_ASKING_PHRASE = 4
_CLOSE: Final = Judgement(-0.01, Verdict.CLOSEST)
#: So many of a quotation's rarest terms find the posts that are near to it.
_TELLING = 12
#: A pair of words stands in this part of the posts that hold its rarer word.
_RARER = 3


class LanguageGroup:
    """The segments of one language; posts are numbered through them.

    ``words`` is what these posts know of words, ``parts`` the segments with the numbers of their collections;
    arguments are those of :class:`~retrieval.search.searcher.Searcher`.
    """

    def __init__(  # noqa: PLR0913 - all but two are named where it is called
        self,
        segments: Sequence[Segment],
        weights: Weights,
        *,
        spelling: bool,
        model: VerdictModel,
        norms: Sequence[LengthNorm],
        collections: Sequence[int],
    ) -> None:
        self._segments = segments
        self.parts = list(zip(segments, collections, strict=True))
        self._model = model
        self._analyzer = segments[0].analyzer
        self._weights = weights = weights.of(self._analyzer.language)
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
        self.words = CorpusWords(segments, self._ranker, spelling=spelling)
        self._unit = self.words.unit

    def search(
        self, message: str, limit: int, conversation: Conversation, post_filter: PostFilter | None = None
    ) -> SearchResult:
        """Return the best ``limit`` posts for a message, as a whole or by the part that is surest."""
        if post_filter is None:
            return self._surest(message, limit, conversation)
        texts = self._texts(message)
        whole, part = next(texts), ""
        if next(texts, None) is not None:
            # A filter changes no score, so it does not change which part of a message is the surest either.
            part = self._surest(message, limit, conversation).part
        allowed = [post_filter.mask(*one) for one in self.parts]
        return replace(self._search(part or whole, limit, conversation, allowed), part=part)

    def _surest(self, message: str, limit: int, conversation: Conversation) -> SearchResult:
        readings = self.readings(message, limit, conversation)
        whole = next(readings)
        if whole.inherited:
            return whole
        return max(chain([whole], readings), key=lambda result: result.judgement.logit)

    def readings(self, message: str, limit: int, conversation: Conversation) -> Iterator[SearchResult]:
        """Yield what a message finds as a whole, then what its parts find by themselves."""
        texts = self._texts(message)
        yield self._search(next(texts), limit, conversation)
        for clause in texts:
            yield replace(self._search(clause, limit, conversation), part=clause)

    def _texts(self, message: str) -> Iterator[str]:
        """Yield a message as a whole, written out, then its parts."""
        text, analyzer = self._written_out(message), self._analyzer
        yield text
        count, filler = partial(count_subject_terms, analyzer=analyzer), partial(is_filler, analyzer=analyzer)
        yield from clauses_of(text, count, filler)

    def _search(
        self, text: str, limit: int, conversation: Conversation, allowed: Sequence[Mask] | None = None
    ) -> SearchResult:
        """Search one reading of a message; ``allowed`` are the masks of a filter, one for each segment."""
        question = self._parse(text, conversation.terms)
        if not question.terms:
            return self._phrase(question, limit, allowed, asks=opens_a_question(text))
        first, _ = self._ranker.rank(question.terms, max(self._weights.keep, limit), allowed)
        if question.apart:
            first = self._with_apart(question, first, allowed)
        letters = self._letters(question)
        ranked = [
            self._second_stage(
                question, letters, limit, part, conversation.threads, matching=allowed is not None
            )
            for part in self._candidates(first, allowed)
        ]
        hits = sorted((hit for part in ranked for hit in part.hits), key=lambda hit: (-hit.score, hit.post))
        inherited = question.subjectless and bool(conversation.terms)
        return SearchResult(
            hits=tuple(hits[:limit]),
            terms=tuple(question.terms)[: None if inherited else question.own or None],
            weights={
                term: self.words.idf(question, term) * weight for term, weight in question.terms.items()
            },
            judgement=self._inherited(conversation) if inherited else self._judge(question, letters, ranked),
            corrected=tuple(question.corrected.items()),
            asked=tuple(question.subject()),
            inherited=inherited,
        )

    def terms(self, text: str) -> list[str]:
        """Return the terms that a question is searched by, without searching."""
        return list(self._parse(self._written_out(text), ()).terms)

    def holding(self, text: str) -> list[int]:
        """Return the posts, by their numbers in the store, that hold every term of a text as written."""
        lists = [self._ranker.postings(term)[0] for term in dict.fromkeys(self._analyzer.terms(text))]
        if not lists:
            return []
        posts = reduce(np.intersect1d, sorted(lists, key=len))
        pks: list[int] = []
        for segment, (base, end) in zip(self._segments, pairwise(self._bases.tolist()), strict=True):
            pks += segment.pks[posts[(posts >= base) & (posts < end)] - base].tolist()
        return pks

    def quoting(self, text: str) -> Iterator[tuple[Segment, int]]:
        """Yield the posts that hold a text's words one after another, each by its segment and place there."""
        words = self._analyzer.words(text)
        for segment in self._segments:
            for post in segment.holding(words):
                yield segment, post

    def nearest(self, text: str, limit: int) -> Iterator[tuple[Segment, int]]:
        """Yield at most ``limit`` posts with most of a text's rarest terms, in the order of their places."""
        known = filter(self.words.knows, dict.fromkeys(self._analyzer.terms(text)))
        terms = sorted(known, key=self._ranker.document_frequency)[:_TELLING]
        for post in np.sort(self._ranker.rank(terms, limit)[0]).tolist():
            number = int(np.searchsorted(self._bases, post, side="right")) - 1
            yield self._segments[number], post - int(self._bases[number])

    def near_misses(self, text: str, limit: int) -> list[str]:
        """Return known words near to the question's unknown ones, at most ``limit`` for each."""
        question = self._parse(self._written_out(text), ())
        searched = set(question.terms)
        near = [
            word
            for asked in question.subject()
            if not asked.known
            for word, _ in self.words.near(asked.word.casefold())[:limit]
        ]
        return [word for word in near if self._analyzer.term(word) not in searched]

    def _written_out(self, message: str) -> str:
        """Return a message as one would write it elsewhere than in a chat."""
        text = without_chat_marks(message)
        return spelled_out(text) if self.words.language == ENGLISH else text

    def _parse(self, text: str, before: Sequence[str]) -> Question:
        return parse_question(text, self._analyzer, self.words, self._weights, before)

    def _with_apart(self, question: Question, first: Integers, allowed: Sequence[Mask] | None) -> Integers:
        """Return candidates with posts behind them that write a term in several words, stop words perhaps."""
        masks = allowed if allowed is not None else [None] * len(self._segments)
        more = [
            base + post
            for words, _ in question.apart.values()
            for segment, base, mask in zip(self._segments, self._bases.tolist(), masks, strict=False)
            for post in [one for one in segment.holding(words) if mask is None or mask[one]][
                : self._weights.keep
            ]
        ]
        return np.concatenate([first, np.setdiff1d(np.array(more, np.int64), first)])

    def _candidates(self, first: Integers, allowed: Sequence[Mask] | None) -> list[tuple[int, Integers]]:
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
            if allowed is not None:
                near = near[allowed[number][near]]
            candidates = distinct(np.concatenate([own, near]))
            if len(candidates):
                parts.append((number, candidates))
        return parts

    def _second_stage(  # noqa: PLR0913 - a search and one segment
        self,
        question: Question,
        letters: "_Letters",
        limit: int,
        part: tuple[int, Integers],
        quoted: Sequence[int],
        *,
        matching: bool,
    ) -> "_Ranked":
        """Score a segment's candidates by every field, and keep the best and what scores as much.

        With ``matching``, those are left out that hold no term.
        """
        number, candidates = part
        fields, segment, weights = self._fields[number], self._segments[number], self._weights
        terms = list(question.terms)
        idf = np.array([self.words.idf(question, term) * question.terms[term] for term in terms])
        own, around, thread = fields.terms(candidates, terms, self._ranker.loops)
        apart = {term: each.words for term, each in question.apart.items()}
        fields.count_other_ways(candidates, terms, apart, question.also, (own, around, thread))
        if matching and not (holding := own.any(axis=1)).all():
            candidates = candidates[holding]
            own, around, thread = own[holding], around[holding], thread[holding]
            if not len(candidates):
                return _Ranked([], [])
        shares = {
            "post": weights.post * weigh_rows(own, idf),
            "context": weights.context * weigh_rows(around, idf),
            "thread": weights.thread * weigh_rows(thread, idf),
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
            Witness(
                post=int(segment.pks[candidates[place]]),
                score=float(totals[place]),
                shares=dict(zip(names, table[:, place].tolist(), strict=True)),
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
        held = np.where(times > 0, np.maximum(expected, 1.0), 0.0)
        return _Letters(runs, held, float(np.log((posts + 1) / np.maximum(held, 1)).sum()))

    def _inherited(self, conversation: Conversation) -> Judgement:
        logit = logit_of(conversation.confidence)
        return Judgement(logit, verdict_of(logit, self._model))

    def _judge(self, question: Question, letters: "_Letters", ranked: "Sequence[_Ranked]") -> Judgement:
        """Judge the best hit by what it holds of the question."""
        witnesses = sorted(
            (witness for part in ranked for witness in part.witnesses),
            key=lambda witness: (-witness.score, witness.post),
        )
        if not witnesses:
            return NOTHING
        if witnesses[0].quoted:
            return CERTAIN
        return judge(
            evidence_of(question, witnesses[0], self.words, self._weights, letters.worth),
            caps_of(question, witnesses[:_WITNESSES], self.words.language),
            self._model,
        )

    def _phrase(
        self, question: Question, limit: int, allowed: Sequence[Mask] | None, *, asks: bool
    ) -> SearchResult:
        """Look a question that has no terms up word for word: "that is not what it was"."""
        hits: list[Hit] = []
        count = len(question.words)
        if count >= (_ASKING_PHRASE if asks else _PHRASE) and not question.asked:
            for number, segment in enumerate(self._segments):
                hits += [
                    Hit(int(segment.pks[post]), self._unit, (("phrase", self._unit),))
                    for post in segment.holding(question.words)
                    if allowed is None or allowed[number][post]
                ]
        certain = CERTAIN if count >= _CERTAIN_PHRASE and not asks else _CLOSE
        return SearchResult(
            tuple(hits[:limit]),
            judgement=certain if hits else NOTHING,
            asked=tuple(question.subject()),
        )


@dataclass(frozen=True, slots=True)
class _Letters:
    """The runs of letters of a question, in how many posts each stands, and the sum of their idf."""

    runs: NDArray[np.uint64]
    posts: Floats
    worth: float


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A segment's hits, and its best as witnesses."""

    hits: list[Hit]
    witnesses: list[Witness]
