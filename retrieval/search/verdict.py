"""Whether what was found answers a question, comes close, or is nothing: from evidence to a confidence.

The ranking orders posts; the verdict says what the best of them is worth. It is a logistic regression on
eight features of the evidence, fitted on own and foreign questions of several collections by
``python -m retrieval.evaluation.fit``. Every coefficient's sign is bounded, so that one more matched term,
or a term that matches better, never lowers the confidence. README.md has the figures, each of a collection
that the fit had not seen.

A word's weight is bounded by how special it is in its language: a word that everybody uses says little about
a subject, however rare it is in the archive, and a word that no post holds counts no more than that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp, log
from typing import Final

from retrieval.model import Cap, Verdict

__all__ = [
    "ANSWER_AT",
    "CERTAIN",
    "FITTED_ON",
    "MODEL",
    "NOTHING",
    "Evidence",
    "Judgement",
    "TermEvidence",
    "VerdictModel",
    "confidence_of",
    "features",
    "judge",
    "least_confidence",
    "logit_of",
    "verdict_of",
]

#: From this logit on, a post is an answer.
ANSWER_AT: Final = 0.0
#: Words of this frequency on the Zipf scale are as common as can be, those of the other are special.
_COMMONEST: Final = 6.0
_SPECIAL: Final = 3.0
_LEAST_SPECIAL: Final = 0.05
#: What is added to shares before their logarithm.
_OFFSET: Final = 0.05
#: The frequency that stands for words that are not listed: half of the list's end.
_UNLISTED: Final = 2.7
#: A term that only the post's neighbours hold counts so much of one that the post holds.
_AROUND: Final = 0.7
#: What stands for ``key`` and ``top_key`` in languages without a list: their means.
_NO_LIST: Final = (1.0, 1.6)
#: With less weight of special words than this, a question has no subject ("what is the problem?").
_POOR: Final = 0.3
#: A word this special carries a question: a post that holds every word of it answers, one that holds its
# names is among the closest.
_CARRYING: Final = 0.6
#: A word this special carries a question that neither looks something up nor names anyone.
_TELLING: Final = 0.8
#: A term in so large a part of the posts that its idf is below this says less about what is asked.
_INFORMATIVE: Final = 1.0
#: Names of little information stay near to what a question without names has, as if this much more were
# asked for.
_NO_NAMES: Final = 2.0
#: The share of held names at which they speak neither for nor against.
_EVEN: Final = 0.54
#: A post that holds half of what is looked up without a question is among the closest, and so is one that
# holds most of a question, with two words, each held at least in part, that are at least this special.
_HALF, _MOST, _PARTLY = 0.49, 0.58, 0.4
_TWO, _NOT_COMMON = 2, 0.25
#: What is looked up may be so far below the closest.
_LENIENCE: Final = 1.5
#: A capped question stays this far below an answer.
_BELOW: Final = 0.01


@dataclass(frozen=True, slots=True)
class VerdictModel:
    """What a fit gives: a coefficient and a mean for each feature, the intercept, where the closest begin.

    The means are those of the questions it was fitted on; they only say what speaks for and what against.
    ``closest_at`` is a logit. ``offsets`` are what is added to the logit in a language, by ISO 639-1 code;
    nothing in a language without data, which is judged as English is.
    """

    coefficients: Mapping[str, float]
    means: Mapping[str, float]
    intercept: float
    closest_at: float
    offsets: Mapping[str, float] = field(default_factory=dict)

    def logit(self, values: Mapping[str, float]) -> float:
        """Return the logit of features."""
        return self.intercept + sum(weight * values[name] for name, weight in self.coefficients.items())

    def factors(self, values: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
        """Return how far each feature speaks for an answer, or against it below 0."""
        return tuple(
            (name, weight * (values[name] - self.means[name])) for name, weight in self.coefficients.items()
        )


#: The collections that the fit has seen.
FITTED_ON: Final = ("squad", "qmsum", "vaswani", "molweni")
MODEL: Final = VerdictModel(
    coefficients={
        "coverage": 1.211,
        "letters": 2.965,
        "amount": 1.626,
        "names": 2.712,
        "length": -1.361,
        "pairs": 0.929,
        "top_key": 0.464,
        "key": 1.893,
    },
    means={
        "coverage": -0.734,
        "letters": -0.858,
        "amount": 2.47,
        "names": 0.009,
        "length": 3.295,
        "pairs": -0.305,
        "top_key": 1.659,
        "key": 1.042,
    },
    intercept=0.136,
    closest_at=-0.861,
    # No more than half of each language's questions allow; see retrieval.evaluation.fit_languages.
    offsets={"de": 0.5, "ru": 0.5, "zh": 0.7, "vi": 0.2},
)


@dataclass(frozen=True, slots=True)
class TermEvidence:
    """A term of the question, and how the best hit holds it.

    ``weight`` is 1, or less for words that ask; ``idf`` is that of the scope, that of a term of one post
    where no post holds it; ``df`` is the number of posts that hold it as asked; ``zipf`` is the word's
    frequency in its language, 0 where it is not listed. ``own`` and ``around`` are its saturated
    frequencies in the post and in its context; ``name`` says that the word looks like a name, ``sure`` that
    what was searched is what was asked, and no free correction.
    """

    weight: float
    idf: float
    df: int
    zipf: float
    own: float
    around: float
    name: bool = False
    sure: bool = True

    @property
    def special(self) -> float:
        """Return how special the word is in its language, from 0.05 to 1."""
        return min(1.0, max(_LEAST_SPECIAL, (_COMMONEST - self.zipf) / (_COMMONEST - _SPECIAL)))

    @property
    def held(self) -> float:
        """Return how far the hit holds the term, from 0 to 1."""
        return 1.0 if self.own > 0 else _AROUND * min(self.around, 1.0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a question's best hit shows.

    ``content`` is the part of its score that comes from what it says (post, context, thread, pairs, letters),
    ``pairs`` the part of neighbouring words, divided by the weight of that field; ``letters`` the share, from
    0 to 1, of the question's runs of letters that it holds. ``posts`` is the number of posts in the scope,
    ``mean_words`` their mean length with stop words, ``tokens_per_word`` how many tokens a word has.
    ``listed`` says whether the language has a list of frequencies, ``keywords`` that the question is made of
    its terms alone, without a word of grammar: a name to look up; ``asks`` that it looks like a question.
    ``collection_words`` is the mean number of words in the posts of the hit's own collection, 0 where that is
    all of the scope; ``language`` is an ISO 639-1 code.
    """

    terms: tuple[TermEvidence, ...]
    content: float
    pairs: float
    letters: float
    posts: int
    mean_words: float
    tokens_per_word: float = 1.0
    listed: bool = True
    keywords: bool = False
    asks: bool = True
    collection_words: float = 0.0
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A logit and its verdict; ``factors`` are the features' parts of it, ``caps`` what held it down.

    ``evidence`` is what was judged, ``None`` where the judgement did not come of any.
    """

    logit: float
    verdict: Verdict
    factors: tuple[tuple[str, float], ...] = ()
    caps: tuple[Cap, ...] = ()
    evidence: Evidence | None = None


#: The judgement where there is nothing to judge.
NOTHING: Final = Judgement(-20.0, Verdict.NOTHING)
#: The judgement of a post that holds the message word for word.
CERTAIN: Final = Judgement(30.0, Verdict.ANSWER)


def features(evidence: Evidence) -> dict[str, float]:
    """Return the features of evidence by name; each but ``length`` never falls when a term matches better."""
    unit = log(evidence.posts + 1)
    words, pieces = evidence.mean_words / evidence.tokens_per_word, evidence.tokens_per_word
    mass = covered = key = top_key = names = names_asked = 0.0
    for term in evidence.terms:
        worth = min(term.idf, term.special * unit) * term.weight
        mass += worth
        covered += worth * term.held
        # How much more often the archive has the word than its language: whether it is about this at all.
        expected = evidence.posts * words * 10 ** ((term.zipf or _UNLISTED) - 9)
        surplus = max(0.0, log((term.df + 0.5) / (expected + 0.5)))
        informative = min(1.0, term.idf / _INFORMATIVE)
        held_surplus = surplus * informative * min(term.weight, 1.0) * term.special * term.held
        key += held_surplus
        top_key = max(top_key, held_surplus)
        if term.name:
            worth = min(term.idf, term.special * unit)
            names += worth * ((1.0 if term.own > 0 else min(term.around, 1.0)) - _EVEN)
            names_asked += worth
    log_key = log(1 + key / pieces)
    if not evidence.listed:
        log_key, top_key = _NO_LIST
    return {
        "coverage": log((covered / mass if mass else 0.0) + _OFFSET),
        "letters": log(evidence.letters + _OFFSET),
        "amount": log(evidence.content / unit / pieces + 0.5),
        "names": names / (names_asked + _NO_NAMES),
        "length": log(evidence.collection_words or words),
        "pairs": log(evidence.pairs / unit / pieces + 0.3),
        "top_key": top_key,
        "key": log_key,
    }


def judge(evidence: Evidence, caps: tuple[Cap, ...] = (), model: VerdictModel = MODEL) -> Judgement:
    """Judge evidence; with ``caps``, the best hit is at most among the closest.

    Evidence without terms is nothing. A post that holds all words of a question, or all its names, or most
    of it, is among the closest at least. Where it holds all words and one of them is special, it answers;
    the word has to be more special where the question neither names anyone nor looks anything up.
    """
    if not evidence.terms:
        return NOTHING
    values = features(evidence)
    logit = model.logit(values) + model.offsets.get(evidence.language, 0.0)
    subject = [term for term in evidence.terms if term.weight >= 1]
    if sum(term.weight * term.special for term in evidence.terms) < _POOR:
        caps = (*caps, Cap.NO_SUBJECT)
    elif _comes_close(
        evidence, subject, exp(values["coverage"]) - _OFFSET, lenient=logit >= model.closest_at - _LENIENCE
    ):
        logit = max(logit, model.closest_at)
    looks_up = evidence.keywords or not evidence.asks or any(term.name for term in subject)
    if _is_carried(subject, _CARRYING if looks_up else _TELLING):
        logit = max(logit, ANSWER_AT)
    if caps:
        logit = min(logit, ANSWER_AT - _BELOW)
    factors = tuple(factor for factor in model.factors(values) if _applies(factor[0], evidence))
    return Judgement(logit, verdict_of(logit, model), factors, caps, evidence)


def verdict_of(logit: float, model: VerdictModel = MODEL) -> Verdict:
    """Return the verdict that a logit amounts to."""
    if logit >= ANSWER_AT:
        return Verdict.ANSWER
    return Verdict.CLOSEST if logit >= model.closest_at else Verdict.NOTHING


def _applies(feature: str, evidence: Evidence) -> bool:
    """Return whether a feature says anything of a question: names of one with names, pairs of two words."""
    if feature == "names":
        return any(term.name for term in evidence.terms)
    return feature != "pairs" or len(evidence.terms) > 1 or not evidence.keywords


def _comes_close(evidence: Evidence, subject: list[TermEvidence], coverage: float, *, lenient: bool) -> bool:
    """Return whether the hit holds too much of the question to call that nothing.

    ``lenient`` says that the logit is not far below that of the closest.
    """
    held = sum(term.held >= _PARTLY and term.sure and term.special >= _NOT_COMMON for term in subject)
    return (
        _holds(subject)
        or _is_carried([term for term in evidence.terms if term.name and term.idf >= _INFORMATIVE])
        or (lenient and not evidence.asks and coverage >= _HALF)
        or (held >= _TWO and coverage >= _MOST)
    )


def _holds(terms: list[TermEvidence]) -> bool:
    """Return whether there are terms, and the hit holds all of them."""
    return bool(terms) and all(term.own > 0 and term.sure for term in terms)


def _is_carried(terms: list[TermEvidence], special: float = _CARRYING) -> bool:
    """Return whether the hit holds all of some terms, and one of them is special enough to matter."""
    return _holds(terms) and any(term.special >= special for term in terms)


def least_confidence(verdict: Verdict) -> float:
    """Return a confidence that just amounts to a verdict, for one that is remembered without its own."""
    if verdict is Verdict.NOTHING:
        return 0.0
    return confidence_of((ANSWER_AT if verdict is Verdict.ANSWER else MODEL.closest_at) + _BELOW)


def logit_of(confidence: float) -> float:
    """Return the logit of a confidence; the inverse of :func:`confidence_of`."""
    if confidence >= 1:
        return CERTAIN.logit
    return log(confidence / (1 - confidence)) if confidence > 0 else NOTHING.logit


def confidence_of(logit: float) -> float:
    """Return the confidence that a logit stands for, from 0 to 1; an answer has 0.5 or more."""
    return 1 / (1 + exp(-max(logit, -700.0)))
