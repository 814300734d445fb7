"""How common a word is in its language, on the Zipf scale: 6 is one word in a thousand, 3 one in a million.

The lists are data of wordfreq (see ``frequencies/NOTICE.md``) and are read when a language is first asked
for.
"""

import lzma
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files

from retrieval.analysis.languages.letters import fold, letters_of

__all__ = [
    "COMMON",
    "has_frequencies",
    "listed_words",
    "normal_form",
    "tokens_per_word",
    "with_accents",
    "zipf",
]

_ENGLISH = "en"

#: A word from this frequency on is no misspelling of another: truce 3.5, diplomacy 3.7, bake 3.9.
COMMON = 3.4
#: How many terms the analyzer makes of a text, beside those of the same text in a language of words between
#: spaces: pairs of characters of scripts without spaces, less where Japanese leaves particles and inflection
#: out, and the syllables that Vietnamese writes apart. Of no collection's judgements, only of translations.
_TOKENS_PER_WORD = {
    "zh": 4.0, "ja": 1.7, "ko": 2.5, "th": 4.0, "lo": 4.0, "km": 4.0, "my": 4.0, "vi": 1.65,
}  # fmt: skip
_FOLDER = "retrieval.analysis.frequencies"


def zipf(word: str, language: str) -> float:
    """Return a word's frequency on the Zipf scale in an ISO 639-1 language, 0.0 where it is not listed.

    ``word`` is case folded; apostrophes do not matter, nor do the letters' ways of being written. A word
    without accents is as common as the commonest that has them, for that may be meant. Listed are words of
    3.0 and more in English, of 3.5 and more in other languages.
    """
    form = normal_form(word)
    if language == _ENGLISH:
        return _frequencies(language).get(form, 0.0)
    form = letters_of(language).normal(form)
    listed = _frequencies(language).get(form, 0.0)
    accented = _accented(language).get(form) if form.isascii() else None
    return max(listed, _frequencies(language).get(accented, 0.0)) if accented else listed


def with_accents(word: str, language: str) -> str | None:
    """Return the commonest listed word that differs from a word without accents by these alone, if any."""
    return _accented(language).get(word)


def has_frequencies(language: str) -> bool:
    """Return whether there is a list of a language's words."""
    return bool(_frequencies(language))


def listed_words(language: str) -> Collection[str]:
    """Return the listed words of an ISO 639-1 language, none where there is no list."""
    return _frequencies(language).keys()


def tokens_per_word(language: str) -> float:
    """Return how many tokens the analyzer makes of one word of a language, on average."""
    return _TOKENS_PER_WORD.get(language, 1.0)


def normal_form(word: str) -> str:
    """Return a word as the lists have it: case folded, without apostrophes."""
    return word.casefold().replace("'", "").replace("’", "")


@cache
def _frequencies(language: str) -> Mapping[str, float]:
    file = files(_FOLDER) / f"{language}.xz"
    if not language.isalpha() or not file.is_file():
        return {}
    frequencies: dict[str, float] = {}
    normal = letters_of(language).normal
    # The commonest come last, so that a word that is written in several ways has the frequency of that.
    for line in lzma.decompress(file.read_bytes()).decode().splitlines():
        tenths, _, words = line.partition("\t")
        forms = words.split(" ") if language == _ENGLISH else map(normal, words.split(" "))
        frequencies.update(dict.fromkeys(forms, int(tenths) / 10))
    return frequencies


@cache
def _accented(language: str) -> Mapping[str, str]:
    """Return the commonest word with accents for each form without."""
    words = (word for word in _frequencies(language) if not word.isascii())
    plain = ((fold(word, whole=True), word) for word in words)
    return {form: word for form, word in plain if form.isascii()}
