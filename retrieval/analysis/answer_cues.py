"""The signs in posts of the types of answer that they can give.

A question that begins with "when" is better answered by a post that holds a date. The signs are judged
once, when a post is indexed, and cost a look at one bit when a question is asked. A word is judged once
however often it is written; posts are then read as arrays of numbers, many at a time.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import regex
from numpy.typing import NDArray

from retrieval.analysis.answer_type import MARKED, AnswerType, answer_words, plain_form
from retrieval.analysis.arrays import Integers

__all__ = ["AnswerCueReader"]

_MONTHS: Final = "January February March April June July August September October November December"
_NUMBERS: Final = """
    two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred hundreds
    thousand thousands million millions billion billions dozen half third quarter percent once twice
"""
_REASONS: Final = "because since therefore cause caused reason reasons thus"
#: Words, in lower case, that are a sign by themselves.
_ALONE: Final[Mapping[str, AnswerType]] = {
    **dict.fromkeys(_NUMBERS.split(), AnswerType.NUMBER),
    **dict.fromkeys(["mean", "means", "called"], AnswerType.WHAT),
    **dict.fromkeys(_REASONS.split(), AnswerType.WHY),
}
_DATE: Final = re.compile(
    rf"(?:1[0-9]{{3}}|20[0-9]{{2}})s?$|[0-9]+(?:st|nd|rd|th)$|centur|(?:{'|'.join(_MONTHS.split())})$"
)
_DIGIT: Final = re.compile(r"\d")
#: "512 BC" is a year, "5 BC" may be anything.
_THREE: Final = 3
_NAME: Final = re.compile(r"[A-Z][a-z]")
#: Neighbours that are a sign together, any of the first before any of the second. In angle brackets
#: stands what a word looks like.
_TOGETHER: Final[Sequence[tuple[AnswerType, str, str]]] = (
    (AnswerType.WHAT, "is are was were", "a an the one any considered defined known called"),
    (AnswerType.WHAT, "refer refers", "to"),
    (AnswerType.WHAT, "known", "as"),
    (AnswerType.WHY, "due led", "to"),
    (AnswerType.WHY, "so", "that"),
    (AnswerType.WHY, "in", "order"),
    (AnswerType.WHY, "a", "result"),
    (AnswerType.WHEN, "<May>", "<digits>"),
    (AnswerType.WHEN, "<digits>", "<era>"),
    (AnswerType.WHEN, "<era>", "<digits>"),
    (AnswerType.WHERE, "in at near from of to", "<name>"),
)
#: "in the City": a preposition before "the", which stands before what could follow the preposition.
_ARTICLE: Final = len(_TOGETHER)
_PREPOSITION: Final = _ARTICLE - 1

_FIRST: Final[dict[str, int]] = {}
_SECOND: Final[dict[str, int]] = {}
for _bit, (_, _firsts, _seconds) in enumerate(_TOGETHER):
    for _word in _firsts.split():
        _FIRST[_word] = _FIRST.get(_word, 0) | 1 << _bit
    for _word in _seconds.split():
        _SECOND[_word] = _SECOND.get(_word, 0) | 1 << _bit
for _word in _TOGETHER[_PREPOSITION][1].split():
    _FIRST[_word] |= 1 << _ARTICLE
_SECOND["the"] |= 1 << _ARTICLE

_TELLING: Final = {*_ALONE, *_FIRST, *_SECOND, *_MONTHS.lower().split(), "may", "ad", "bc"}

#: What each set of agreeing neighbours is a sign of.
_SIGNS: Final = np.array(
    [
        sum({1 << kind for bit, (kind, _, _) in enumerate(_TOGETHER) if agreed >> bit & 1})
        for agreed in range(1 << _ARTICLE)
    ],
    np.uint8,
)

# A name in the middle of a sentence is a capital before a small letter, neither after a letter or an
# opening mark, nor at the start of a line, nor after a blank that ends a sentence. By bytes of UTF-8.
_UPPER, _LOWER = np.zeros((2, 256), bool)
_UPPER[65:91] = _LOWER[97:123] = True
_OPENS: Final = np.zeros(256, bool)
_OPENS[list(b"\n\r\"'(_")] = _OPENS[48:58] = _OPENS[65:91] = _OPENS[97:123] = _OPENS[128:] = True
_ENDS: Final = np.zeros(256, bool)
_ENDS[list(b".!?:\n\r")] = True
_BLANK: Final = 32


#: Years of our calendar, and of the Thai one.
_YEAR: Final = re.compile(r"(?:1[0-9]{3}|20[0-9]{2}|2[45][0-9]{2})\D{0,3}$")
#: A name in the middle of a sentence, and two words of one where nouns have capitals as well.
_NAMED: Final = regex.compile(r"[\p{L},;] \p{Lu}\p{Ll}")
_NAMED_AMONG_NOUNS: Final = regex.compile(r"[\p{Ll},;] \p{Lu}\p{Ll}+ \p{Lu}\p{Ll}")
_NOUNS_IN_CAPITALS: Final = "de"


class AnswerCueReader:
    """Reads the signs in posts of a language, given as numbers of the tokens they are written with."""

    def __init__(self, language: str = "en") -> None:
        self._language = language
        self._marked = language in MARKED
        self._words = answer_words(language, marked=self._marked)
        self._name = _NAMED_AMONG_NOUNS if language == _NOUNS_IN_CAPITALS else _NAMED
        self._alone = np.zeros(0, np.uint8)
        self._first = np.zeros(0, np.uint16)
        self._second = np.zeros(0, np.uint16)

    def learn(self, surfaces: Iterable[str]) -> None:
        """Learn the next tokens, as they are written; they are numbered on from those known."""
        of = _traits if self._words is None else self._traits
        traits = np.array([of(surface) for surface in surfaces], np.uint16).reshape(-1, 3)
        self._alone = np.append(self._alone, traits[:, 0].astype(np.uint8))
        self._first = np.append(self._first, traits[:, 1])
        self._second = np.append(self._second, traits[:, 2])

    def read(self, texts: Sequence[str], tokens: NDArray[np.int32], owners: Integers) -> NDArray[np.uint8]:
        """Return a bit for each type of answer that each text has a sign of.

        ``tokens`` are the numbers of all texts' tokens in order, ``owners`` the texts they stand in.
        """
        if self._words is None:
            named = _named(texts)
        else:
            named = np.array([self._name.search(text) is not None for text in texts], bool)
        signs = named.astype(np.uint8) << np.uint8(AnswerType.WHO)
        cues = self._alone[tokens]
        second = self._second[tokens]
        agreed = self._first[tokens[:-1]] & second[1:]
        agreed *= owners[:-1] == owners[1:]
        cues[1:] |= _SIGNS[agreed & ((1 << _ARTICLE) - 1)]
        places = np.flatnonzero(agreed[:-1] >> _ARTICLE)
        places = places[(second[places + 2] >> _PREPOSITION & 1).astype(bool)]
        places = places[owners[places] == owners[places + 2]]
        cues[places] |= 1 << AnswerType.WHERE
        marked = np.flatnonzero(cues)
        np.bitwise_or.at(signs, owners[marked], cues[marked])
        return signs

    def _traits(self, surface: str) -> tuple[int, int, int]:
        """Return what a token of another language than English is a sign of, as :func:`_traits` does."""
        words = self._words
        if words is None:
            return _traits(surface)
        plain = plain_form(surface, self._language, marked=self._marked)
        alone = 1 << AnswerType.NUMBER if _DIGIT.search(plain) else 0
        if alone and _YEAR.match(plain):
            alone |= 1 << AnswerType.WHEN
        if not alone:
            if words.dates is not None and words.dates.fullmatch(plain):
                alone |= 1 << AnswerType.WHEN
            if words.numbers is not None and words.numbers.fullmatch(plain):
                alone |= 1 << AnswerType.NUMBER
        return alone, 0, 0


def _traits(surface: str) -> tuple[int, int, int]:
    """Return what a token is a sign of, and the bits it has as the first and the second of neighbours."""
    lowered = surface.lower()
    name = _SECOND["<name>"] if _NAME.match(surface) else 0
    if lowered not in _TELLING and surface.isalpha() and not lowered.startswith("centur"):
        return 0, 0, name
    kind = _ALONE.get(lowered)
    alone = 0 if kind is None else 1 << kind
    first, second = _FIRST.get(lowered, 0), _SECOND.get(lowered, 0) | name
    if _DIGIT.search(surface):
        alone |= 1 << AnswerType.NUMBER
        if surface.isdecimal():
            second |= _SECOND["<digits>"]
            first |= _FIRST["<digits>"] if len(surface) == _THREE else 0
    if _DATE.match(surface):
        alone |= 1 << AnswerType.WHEN
    if surface == "May":
        first |= _FIRST["<May>"]
    elif surface in {"AD", "BC"}:
        first |= _FIRST["<era>"]
        second |= _SECOND["<era>"]
    return alone, first, second


def _named(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Return whether each text has a name in the middle of a sentence."""
    named = np.zeros(len(texts), bool)
    # A line break before each text and blanks behind all: every letter has two before it and one behind.
    letters = np.frombuffer("\n\n".join(["", *texts, " "]).encode(errors="replace"), np.uint8)
    upper = np.flatnonzero(_UPPER[letters])
    upper = upper[_LOWER[letters[upper + 1]]]
    before = letters[upper - 1]
    upper = upper[~_OPENS[before] & ~((before == _BLANK) & _ENDS[letters[upper - 2]])]
    widths = [len(text) if text.isascii() else len(text.encode(errors="replace")) for text in texts]
    ends = np.cumsum(np.array(widths, np.int64) + 2)
    named[np.searchsorted(ends, upper)] = True
    return named
