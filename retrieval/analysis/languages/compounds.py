"""Compounds written as one word: Bundestagswahl is Bundestag and Wahl.

A long word that is not common itself falls into listed words of its language, with or without a linking
sound between them. Posts hold the compound and its parts, so that a question for either finds it.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

from retrieval.analysis.stop_words import stop_words
from retrieval.analysis.word_frequency import listed_words, zipf

__all__ = ["COMPOUNDING", "compound_parts"]

#: The languages whose compounds are taken apart, and the sounds that link their parts.
COMPOUNDING: Final[Mapping[str, tuple[str, ...]]] = {"de": ("", "s", "es", "n", "en", "er", "e")}
#: Shorter words are no compounds, and shorter parts are endings and prefixes more often than words.
_SHORTEST: Final = 9
_SHORTEST_PART: Final = 4
#: From this frequency on the Zipf scale, a compound is one word to everybody: Deutschland, Zusammenarbeit.
_COMMON: Final = 4.2
_REMEMBERED: Final = 10_000


@cache
def _parts_of(language: str) -> frozenset[str]:
    words = listed_words(language)
    return frozenset(
        word
        for word in words
        if len(word) >= _SHORTEST_PART and word.isalpha() and word not in stop_words(language)
    )


def compound_parts(word: str, language: str) -> tuple[str, ...]:
    """Return the parts of a folded compound of an ISO 639-1 language, the fewest there are; none else.

    The last part is as long as can be: it is what the compound is a kind of.
    """
    if len(word) < _SHORTEST or language not in COMPOUNDING or zipf(word, language) >= _COMMON:
        return ()
    return _split(word, language)


@lru_cache(_REMEMBERED)
def _split(word: str, language: str) -> tuple[str, ...]:
    known, links = _parts_of(language), COMPOUNDING[language]
    rest: tuple[str, ...] = ()
    for place in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        head, tail = word[:place], word[place:]
        first = next(
            (
                part
                for link in links
                if head.endswith(link)
                and len(part := head.removesuffix(link)) >= _SHORTEST_PART
                and part in known
            ),
            None,
        )
        if first is None:
            continue
        if tail in known:
            return first, tail
        if not rest and (parts := _split(tail, language)):
            rest = (first, *parts)
    return rest
