"""What the best hits hold of a question: the evidence that the verdict is drawn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrieval.analysis.answer_type import AnswerType
from retrieval.analysis.word_frequency import has_frequencies, normal_form, tokens_per_word, zipf
from retrieval.model import Cap
from retrieval.search.corpus_words import CorpusWords
from retrieval.search.query import ENGLISH, AskedTerm, Question
from retrieval.search.verdict import Evidence, TermEvidence
from retrieval.search.weights import WEIGHTS, Weights

__all__ = ["Witness", "caps_of", "evidence_of"]

#: The shares of a score that are of what a post says, beside its letters.
_CONTENT = ("post", "context", "thread", "pairs")


@dataclass(frozen=True, slots=True)
class Witness:
    """One of the best hits: its score and its shares, its terms' saturated frequencies, its cues of answers.

    ``post`` is its number in the store, ``collection_words`` the mean length of its collection's posts.
    ``quoted`` says of the best that it holds the question word for word, where that is no question.
    """

    post: int
    score: float
    shares: Mapping[str, float]
    own: Mapping[str, float]
    around: Mapping[str, float]
    cues: int
    collection_words: float
    quoted: bool

    def holds(self, term: str) -> bool:
        """Return whether the term stands in the post or in its context."""
        return self.own.get(term, 0.0) > 0 or self.around.get(term, 0.0) > 0


def evidence_of(
    question: Question, witness: Witness, words: CorpusWords, weights: Weights, letters: float
) -> Evidence:
    """Return what the best hit holds of a question; ``letters`` is what all its runs of letters are worth."""
    shares = witness.shares
    # The letters' weight in the ranking is the language's, in the verdict that of the fit.
    grams = shares["grams"] / weights.grams
    return Evidence(
        terms=tuple(_term_evidence(question, term, witness, words) for term in question.subject()),
        content=sum(shares[name] for name in _CONTENT) + WEIGHTS.grams * grams,
        pairs=shares["pairs"] / weights.pairs,
        letters=grams / letters if letters else 0.0,
        posts=words.posts,
        mean_words=words.mean_words,
        tokens_per_word=tokens_per_word(words.language),
        listed=has_frequencies(words.language),
        keywords=question.keywords,
        asks=question.asks,
        collection_words=witness.collection_words,
        language=words.language,
    )


def _term_evidence(
    question: Question, asked: AskedTerm, witness: Witness, words: CorpusWords
) -> TermEvidence:
    return TermEvidence(
        weight=asked.weight,
        idf=words.idf(question, asked.stand_ins[0]) if asked.stand_ins else words.unit,
        df=words.frequency(question, asked.term),
        # A name that is a stop word but for its capitals is as rare as a name.
        zipf=0.0
        if words.analyzer.term(normal_form(asked.word)) is None
        else zipf(asked.accented or asked.word, words.language),
        own=max((witness.own.get(term, 0.0) for term in asked.stand_ins), default=0.0),
        around=max((witness.around.get(term, 0.0) for term in asked.stand_ins), default=0.0),
        name=asked.name,
        sure=asked.sure,
    )


def caps_of(question: Question, witnesses: Sequence[Witness], language: str) -> tuple[Cap, ...]:
    """Return what rules an answer out: no person did it, or there is no number.

    That there is none can be seen in English alone, of whose numbers every word is known.
    """
    caps = []
    deed = next((asked for asked in question.asked if asked.term == question.deed), None)
    if deed is not None and not any(witness.holds(term) for witness in witnesses for term in deed.stand_ins):
        caps.append(Cap.UNCONFIRMED)
    if (
        language == ENGLISH
        and question.kind is AnswerType.NUMBER
        and not any(witness.cues >> AnswerType.NUMBER & 1 for witness in witnesses)
    ):
        caps.append(Cap.NO_NUMBER)
    return tuple(caps)
