"""A question as the ranking takes it: its words, its terms with their weights, what it asks for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.answer_type import AnswerType, answer_type_of
from retrieval.analysis.chat_text import is_stop_word_anywhere, small_talk_words
from retrieval.analysis.clauses import looks_like_a_question
from retrieval.analysis.spellings import is_shouted
from retrieval.analysis.word_frequency import normal_form, tokens_per_word, zipf
from retrieval.index.char_ngrams import ngrams_of
from retrieval.index.spelling import likeliest_words
from retrieval.search.asked_words import APART, JOINED, AskedWord, WrittenForms, asked_words
from retrieval.search.weights import Weights

__all__ = [
    "ENGLISH",
    "Apart",
    "AskedTerm",
    "KnownWords",
    "Question",
    "count_subject_terms",
    "is_filler",
    "parse_question",
]

#: The language whose types of answer, deeds, asking words and chat spellings are known.
ENGLISH: Final = "en"
#: Words with which one asks for something.
_ASKING: Final = """
    summarize summarise summary discuss discussion talk mention say said think thought opinion view
    describe description explain explanation tell give show list name identify conclude conclusion decide
    decision supply provide information question answer please know find want regarding concerning relate
    term refer call mean type kind example
"""
#: Words of follow-ups that name no subject ("go on", "tell me more"), in any language.
_CONTINUING: Final = [
    "go",
    "going",
    "come",
    "keep",
    "continue",
    "elaborate",
    "detail",
    "details",
    "else",
    "next",
    "then",
    "sure",
    "say",
    "tell",
    "explain",
    "example",
    "examples",
    "weiter",
    "mehr",
    "erzähl",
    "erzählen",
    "genauer",
    "beispiel",
    "далі",
    "ще",
    "більше",
    "продовжуй",
    "розкажи",
    "детальніше",
    "приклад",
    "дальше",
    "ещё",
    "больше",
    "продолжай",
    "расскажи",
    "подробнее",
    "пример",
]
#: From this frequency on the Zipf scale, a word of an introduction names no subject.
_EVERYDAY: Final = 4.5
#: From this frequency on a common word begins to weigh less, and at this one it weighs least.
_COMMON_FROM: Final = 4.5
_COMMONEST: Final = 6.0
#: From so many words on, what stands in a post word for word is taken for a quotation.
_SENTENCE: Final = 2
#: A correction of a word of so many letters, with the same first one, may vouch for an answer.
_SURE: Final = 6
#: "who won": the word after "who", where it is no stop word, is the deed asked about.
_WHO: Final = re.compile(
    r"(?:^|[.,:;!?]\s+)\W*(?:(?:so|and|but|ok|or|then|hey)\s+)*who\s+(\w+)", re.IGNORECASE
)

#: The World Health Organization, which asks for nobody.
_WHO_IN_CAPITALS: Final = re.compile(r"\bWHO\b")


@dataclass(frozen=True, slots=True)
class AskedTerm:
    """A term of a question as it was asked.

    ``word`` is its word as written; ``stand_ins`` are the terms that are searched for it: itself where the
    archive knows it, else the likeliest misspelt ones, none where there are none. ``name`` says that the word
    looks like a name, ``counts`` that it is no small talk, so that the verdict depends on it. ``accented`` is
    the word with the accents that posts have and the question lacks, empty where it lacks none.
    """

    word: str
    term: str
    weight: float
    stand_ins: tuple[str, ...] = ()
    name: bool = False
    counts: bool = True
    accented: str = ""

    @property
    def known(self) -> bool:
        """Return whether posts hold the term as it was asked."""
        return self.term in self.stand_ins

    @property
    def sure(self) -> bool:
        """Return whether what is searched is what was asked: a short word may be corrected to anything."""
        return self.known or (
            len(self.word) >= _SURE
            and bool(self.stand_ins)
            and self.stand_ins[0][0] == self.word[0].casefold()
        )


class Apart(NamedTuple):
    """The words that stand for a term one behind the other, and the number of posts that hold them so."""

    words: tuple[str, ...]
    posts: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question against the archive's words.

    ``words`` are its words in order, stop words among them, misspelt ones replaced. ``terms`` are the
    terms to search, all of them known to the archive, with their weights; the first ``own`` of them are
    the question's, the others come from the question before. ``asked`` are the question's terms as they
    were written, known or not. ``corrected`` maps a word that the archive does not know to the likeliest
    that it does. ``quiet`` are the words that ask, or are small talk, instead of naming the subject.
    ``apart`` has the terms that some posts write in several words, ``also`` for a term another one that
    stands for it as well: lowfrequ for low and for frequenc.
    ``kind`` is the type of answer asked for, ``deed`` the term of what "who" is asked to have done.
    ``subjectless`` says that nothing in it names a subject, so that it can only follow up on another
    question, ``asks`` that it looks like a question or a request.
    """

    words: tuple[str, ...] = ()
    terms: Mapping[str, float] = field(default_factory=dict)
    own: int = 0
    asked: tuple[AskedTerm, ...] = ()
    corrected: Mapping[str, str] = field(default_factory=dict)
    apart: Mapping[str, Apart] = field(default_factory=dict)
    also: Mapping[str, str] = field(default_factory=dict)
    kind: AnswerType | None = None
    quiet: frozenset[str] = frozenset()
    deed: str | None = None
    subjectless: bool = False
    asks: bool = True

    def spelled(self) -> list[str]:
        """Return the different words that name the subject; where none does, all words."""
        subject = [word for word in self.words if word not in self.quiet] or self.words
        return list(dict.fromkeys(subject))

    def runs(self) -> NDArray[np.uint64]:
        """Return the different runs of letters in the words that name the subject."""
        runs = dict.fromkeys(run for word in self.spelled() for run in ngrams_of(word))
        return np.array(list(runs), np.uint64)

    @property
    def keywords(self) -> bool:
        """Return whether it is made of its terms alone, without a word of grammar or small talk."""
        return 0 < len(self.words) == len(self.subject())

    @property
    def quotes(self) -> bool:
        """Return whether it may be a sentence out of a post: two words or more that ask nothing."""
        return len(self.words) >= _SENTENCE and not self.asks

    def subject(self) -> list[AskedTerm]:
        """Return the terms that the verdict depends on."""
        return [asked for asked in self.asked if asked.counts]


class KnownWords(WrittenForms, Protocol):
    """What a question needs to know of the archive's words."""

    def accented(self, word: str) -> str:
        """Return a word as posts write it, where they write it with accents that it lacks."""
        ...

    def near(self, word: str) -> Sequence[tuple[str, float]]:
        """Return known words near to one that no post holds, with their likelihoods."""
        ...


def parse_question(
    text: str,
    analyzer: Analyzer,
    vocabulary: KnownWords,
    weights: Weights,
    before: Sequence[str] = (),
) -> Question:
    """Read a question against the archive's words.

    ``before`` are the terms of the question that this one follows: they enter with a weight of their own,
    or take the place of its terms where nothing in it names a subject ("why?").
    """
    plain = text if is_shouted(text) else _WHO_IN_CAPITALS.sub(" ", text)
    reading = _Reading(analyzer, vocabulary, weights, small_talk_words(text))
    for each in asked_words(text, analyzer, vocabulary):
        reading.take(each)
    words, asked = reading.words, reading.asked
    terms, light = reading.weighed()
    own = len(terms)
    subjectless = not any(
        each.counts and (each.name or not _continues(each, analyzer)) for each in asked.values()
    )
    for term in before:
        if vocabulary.knows(term):
            terms.setdefault(term, 1.0 if subjectless else weights.before)
    return Question(
        words=tuple(words),
        terms=terms,
        own=own,
        asked=tuple(asked.values()),
        corrected=reading.corrected,
        apart=reading.apart,
        also=reading.also,
        kind=answer_type_of(plain, analyzer.language),
        quiet=frozenset(
            word
            for word in words
            if (meant := analyzer.term(word)) in _asking_terms(analyzer) or meant in light
        ),
        deed=_deed(plain, analyzer),
        subjectless=subjectless,
        asks=looks_like_a_question(text),
    )


class _Reading:
    """What is read of a question, word by word."""

    def __init__(
        self, analyzer: Analyzer, vocabulary: KnownWords, weights: Weights, small_talk: frozenset[str]
    ) -> None:
        self._analyzer = analyzer
        self._vocabulary = vocabulary
        self._weights = weights
        self._small_talk = small_talk
        self.words: list[str] = []
        self.asked: dict[str, AskedTerm] = {}
        self.corrected: dict[str, str] = {}
        self.apart: dict[str, Apart] = {}
        self.also: dict[str, str] = {}
        self._terms: dict[str, float] = {}
        self._light: set[str] = set()
        self._heavy: set[str] = set()

    def take(self, each: AskedWord) -> None:
        """Take the next word."""
        word, accented = each.word, ""
        if self._analyzer.term(word) is not None and each.weight:
            word = self._vocabulary.accented(word)
            accented = word if word != each.word else ""
            each = replace(each, word=word)
        term = self._analyzer.term(word)
        if term is None or not each.weight:
            self.words.append(word)
            return
        meant, stand_ins = self._stand_ins(each, term)
        if each.stands:
            self.words.append(meant)
        if meant != word:
            self.corrected[word] = meant
        weight = (self._weights.asking if term in _asking_terms(self._analyzer) else 1.0) * each.weight
        is_talk = self._is_small_talk(word, term)
        (self._light if is_talk else self._heavy).update(stand_ins or [term])
        seen = self.asked.get(term) or AskedTerm(
            each.written, term, weight, tuple(stand_ins), counts=False, accented=accented
        )
        self.asked[term] = replace(seen, name=seen.name or each.is_name, counts=seen.counts or not is_talk)
        pull = weight * _rank_weight(accented or word, self._analyzer, self._weights)
        for stand_in, likelihood in stand_ins.items():
            self._terms[stand_in] = max(self._terms.get(stand_in, 0.0), pull * likelihood)

    def weighed(self) -> tuple[dict[str, float], set[str]]:
        """Return the terms to search with their weights, and those of them that are small talk."""
        terms, light = dict(self._terms), self._light - self._heavy
        for each in self.apart.values():
            for term in map(self._analyzer.term, each.words):
                if term is not None and self._vocabulary.knows(term):
                    terms.setdefault(term, APART)
        if terms.keys() - light:
            talk = self._weights.small_talk
            terms = {term: weight * talk if term in light else weight for term, weight in terms.items()}
        return terms, light

    def _stand_ins(self, each: AskedWord, term: str) -> tuple[str, dict[str, float]]:
        """Return the word that is meant, and the terms it is searched as with their likelihoods."""
        also = self._analyzer.term(each.also) if each.also else None
        if also is not None and not (self._vocabulary.knows(also) or also in self.apart):
            also = None
        if each.posts:
            self.apart[term] = Apart(each.apart, each.posts)
            meant, stand_ins = each.word, {term: 1.0}
        elif (also is not None or each.is_exact) and not self._vocabulary.knows(term):
            meant, stand_ins = each.word, {}
        else:
            meant, stand_ins = _meant(each.word, term, self._analyzer, self._vocabulary, self._weights)
        if also is None:
            return meant, stand_ins
        if term in stand_ins:
            self.also[term] = also
        return meant, {**stand_ins, also: JOINED}

    def _is_small_talk(self, word: str, term: str) -> bool:
        # A name by its capitals, such as WHO, is none.
        return word.islower() and (
            normal_form(word) in self._small_talk
            or (is_stop_word_anywhere(word) and not self._vocabulary.knows(term))
        )


def count_subject_terms(text: str, analyzer: Analyzer) -> int:
    """Return how many different terms of a text are neither small talk nor words that ask for more."""
    small_talk, asking = small_talk_words(text), _asking_terms(analyzer)
    return len(
        {
            term
            for word in analyzer.words(text)
            if (term := analyzer.term(word)) is not None
            and normal_form(word) not in small_talk
            and word not in _CONTINUING
            and term not in asking
        }
    )


def is_filler(text: str, analyzer: Analyzer) -> bool:
    """Return whether no word of a text can name a subject: stop words, small talk, everyday words."""
    small_talk = small_talk_words(text)
    return all(
        analyzer.term(word) is None
        or normal_form(word) in small_talk
        or zipf(word, analyzer.language) >= _EVERYDAY
        for word in analyzer.words(text)
    )


def _meant(
    word: str, term: str, analyzer: Analyzer, vocabulary: KnownWords, weights: Weights
) -> tuple[str, dict[str, float]]:
    """Return the word that is meant, and the terms it is searched as with their likelihoods.

    A word that the archive knows means itself, another one the likeliest of those near to it.
    """
    if vocabulary.knows(term):
        return word, {term: 1.0}
    near = likeliest_words(vocabulary.near(word))
    if not near:
        return word, {}
    terms: dict[str, float] = {}
    for other, likelihood in near:
        terms.setdefault(analyzer.term(other) or other, weights.corrected * likelihood)
    return near[0][0], terms


def _rank_weight(word: str, analyzer: Analyzer, weights: Weights) -> float:
    """Return what a word's language makes of its weight in the ranking; the verdict has measures of its own.

    Among pieces of words, a whole word (a name in Latin letters, a number) weighs as much as the pieces that
    a word falls into. A word that everybody uses says less of what is asked than its idf in a small archive.
    """
    if analyzer.language == ENGLISH:
        return 1.0
    if analyzer.falls_apart:
        return 1.0 if analyzer.is_piece(word) else tokens_per_word(analyzer.language)
    common = (zipf(word, analyzer.language) - _COMMON_FROM) / (_COMMONEST - _COMMON_FROM)
    return 1.0 - (1.0 - weights.everyday) * min(max(common, 0.0), 1.0)


def _continues(asked: AskedTerm, analyzer: Analyzer) -> bool:
    """Return whether a word asks for more, or asks at all, instead of naming a subject."""
    return asked.term in _asking_terms(analyzer) or normal_form(asked.word) in _CONTINUING


def _deed(text: str, analyzer: Analyzer) -> str | None:
    if analyzer.language != ENGLISH or not (match := _WHO.search(text)):
        return None
    return analyzer.term(match[1].lower())


@cache
def _asking_terms(analyzer: Analyzer) -> frozenset[str]:
    if analyzer.language != ENGLISH:
        return frozenset()
    return frozenset(term for term in map(analyzer.term, _ASKING.split()) if term is not None)
