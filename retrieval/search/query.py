"""A question as the ranking takes it: its words, its terms with their weights, what it asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.answer_type import AnswerType, answer_type_of
from retrieval.index.spelling import likeliest_words
from retrieval.search.weights import Weights

__all__ = ["KnownWords", "Question", "parse_question"]

_ENGLISH = "en"
#: A correction vouches for an answer only in words of so many letters.
_SURE = 6
#: Words with which one asks for something.
_ASKING = """
    summarize summarise summary discuss discussion talk mention say said think thought opinion view
    describe description explain explanation tell give show list name identify conclude conclusion decide
    decision supply provide information question answer please know find want regarding concerning relate
    term refer call mean type kind example
"""


@dataclass(frozen=True, slots=True)
class Question:
    """A question against the archive's words.

    ``words`` are its words in order, stop words among them, misspelt ones replaced. ``terms`` are the
    terms to search, all of them known to the archive, with their weights; the first ``own`` of them are
    the question's, the others come from the question before. ``asked`` are the question's terms as they
    were written, known or not, with their weights. ``corrected`` maps a word that the archive does not
    know to the likeliest that it does; ``names`` are the terms of words that look like names; ``quiet``
    are the words that ask instead of naming the subject. ``subject`` has, for each term that names it,
    the searched terms that count as it: none for one that is unknown, or that was corrected too freely to
    vouch for an answer. ``kind`` is the type of answer asked for.
    """

    words: tuple[str, ...] = ()
    terms: Mapping[str, float] = field(default_factory=dict)
    own: int = 0
    asked: Mapping[str, float] = field(default_factory=dict)
    corrected: Mapping[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    kind: AnswerType | None = None
    quiet: frozenset[str] = frozenset()
    subject: tuple[frozenset[str], ...] = ()

    def spelled(self) -> list[str]:
        """Return the different words that name the subject; where none does, all words."""
        subject = [word for word in self.words if word not in self.quiet] or self.words
        return list(dict.fromkeys(subject))


class KnownWords(Protocol):
    """What a question must be told of the archive's words."""

    def knows(self, term: str) -> bool:
        """Return whether the term stands in any post."""
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

    ``before`` are the terms of the question that this one follows: they
    enter with a weight of their own, or take the place of its terms where it has none ("why?").
    """
    asking = _asking(analyzer)
    asked: dict[str, float] = {}
    terms: dict[str, float] = {}
    corrected: dict[str, str] = {}
    words: list[str] = []
    names: set[str] = set()
    subject: dict[str, frozenset[str]] = {}
    shouted = text.upper() == text
    for token in analyzer.tokens(text):
        looks_a_name = bool(words) and text[token.start].isupper() and not shouted
        for word in token.words:
            term = analyzer.term(word)
            if term is None:
                words.append(word)
                continue
            meant = _meant(word, term, analyzer, vocabulary, weights)
            weight = weights.asking if term in asking else 1.0
            asked[term] = weight
            for one, likelihood in meant.terms.items():
                terms[one] = max(terms.get(one, 0.0), weight * likelihood)
            if meant.word != word:
                corrected[word] = meant.word
            if term not in asking:
                subject[term] = frozenset(meant.terms) if meant.sure else frozenset()
            if looks_a_name:
                names.add(analyzer.term(meant.word) or term)
            words.append(meant.word)
    own = len(terms)
    inherited = [term for term in before if vocabulary.knows(term)]
    for term in inherited:
        terms.setdefault(term, weights.before if asked else 1.0)
    if not asked:
        subject = {term: frozenset([term]) for term in inherited}
    return Question(
        words=tuple(words),
        terms=terms,
        own=own,
        asked=asked or dict.fromkeys(before, 1.0),
        corrected=corrected,
        names=frozenset(names),
        kind=answer_type_of(text) if analyzer.language == _ENGLISH else None,
        quiet=frozenset(word for word in words if analyzer.term(word) in asking),
        subject=tuple(subject.values()),
    )


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a word of a question is searched as: terms by likelihood, and the word it stands for."""

    word: str
    terms: Mapping[str, float]
    sure: bool = True


def _meant(word: str, term: str, analyzer: Analyzer, vocabulary: KnownWords, weights: Weights) -> _Meaning:
    """Return the word itself where the archive knows it, else the likeliest of those near to it."""
    if vocabulary.knows(term):
        return _Meaning(word, {term: 1.0})
    near = likeliest_words(vocabulary.near(word))
    if not near:
        return _Meaning(word, {}, sure=False)
    terms: dict[str, float] = {}
    for other, likelihood in near:
        terms.setdefault(analyzer.term(other) or other, weights.corrected * likelihood)
    first = near[0][0]
    return _Meaning(first, terms, sure=len(word) >= _SURE and first[0] == word[0])


def _asking(analyzer: Analyzer) -> frozenset[str | None]:
    if analyzer.language != _ENGLISH:
        return frozenset()
    return frozenset(map(analyzer.term, _ASKING.split()))
