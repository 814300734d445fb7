"""Questions with one slip in one word, and what a slip costs."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from retrieval.analysis.analyzer import Analyzer

__all__ = ["MisspeltMeasures", "misspell", "misspellings"]

_SHORTEST = 4
#: The rarest letters of English are one in a thousand; accents on foreign names are rarer.
_COMMON = 0.0005


@dataclass(frozen=True, slots=True)
class MisspeltMeasures:
    """nDCG@10 of the questions as they are, with a slip each, and with it but without correction.

    ``untouched`` is the number of questions that have no word to slip in.
    """

    clean: float
    misspelt: float
    uncorrected: float
    untouched: int

    @property
    def kept(self) -> float:
        """Return the share of the clean questions' nDCG@10 that is kept."""
        return self.misspelt / self.clean if self.clean else 0.0

    @property
    def kept_uncorrected(self) -> float:
        """Return the share that is kept without correction."""
        return self.uncorrected / self.clean if self.clean else 0.0


def misspellings(questions: Mapping[str, str], analyzer: Analyzer, seed: int) -> dict[str, str]:
    """Return every question, by id, with one slip in one content word.

    What slips in a question depends on the seed, its id and its text, and on the letters that are
    common in all questions: one that is changed becomes one of these.
    """
    words = (word for text in questions.values() for word in analyzer.words(text) if word.isalpha())
    counts = Counter(letter for word in words for letter in word)
    letters = sorted(letter for letter, count in counts.items() if count >= _COMMON * counts.total())
    return {
        name: misspell(text, analyzer, letters, Random(f"{seed}/{name}"))  # noqa: S311 - nothing secret
        for name, text in questions.items()
    }


def misspell(text: str, analyzer: Analyzer, letters: list[str], chance: Random) -> str:
    """Return the text with one letter changed, dropped, doubled or swapped with the next.

    The word is one of four letters or more and no stop word; a text without such a word stays as it is.
    """
    places = [
        (token.start, token.end)
        for token in analyzer.tokens(text)
        if token.terms and token.end - token.start >= _SHORTEST and text[token.start : token.end].isalpha()
    ]
    if not places:
        return text
    start, end = chance.choice(places)
    word = text[start:end]
    return text[:start] + chance.choice(_slips(word, letters, chance)) + text[end:]


def _slips(word: str, letters: list[str], chance: Random) -> list[str]:
    """Return one word of each kind of slip that is possible, all of them different from the word."""
    place = chance.randrange(len(word))
    other = chance.choice([letter for letter in letters if letter != word[place].casefold()] or [""])
    swaps = [at for at in range(len(word) - 1) if word[at].casefold() != word[at + 1].casefold()]
    slips = [
        word[:place] + other + word[place + 1 :],
        word[:place] + word[place + 1 :],
        word[: place + 1] + word[place:],
    ]
    if swaps:
        at = chance.choice(swaps)
        slips.append(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    return slips
