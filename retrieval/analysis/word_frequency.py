"""How common a word is in its language, on the Zipf scale: 6 is one word in a thousand, 3 one in a million.

The lists are data of wordfreq (see ``frequencies/NOTICE.md``) and are read when a language is first asked
for.
"""

import lzma
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

__all__ = ["COMMON", "has_frequencies", "normal_form", "tokens_per_word", "zipf"]

#: A word from this frequency on is no misspelling of another: truce 3.5, diplomacy 3.7, bake 3.9.
COMMON = 3.4
#: How many tokens the analyzer makes of one word, where it is not one: pairs of characters of scripts
#: without spaces, and the syllables that Vietnamese writes apart.
_TOKENS_PER_WORD = {"zh": 4.0, "ja": 4.0, "th": 4.0, "lo": 4.0, "km": 4.0, "my": 4.0, "vi": 1.65}
_FOLDER = "retrieval.analysis.frequencies"


def zipf(word: str, language: str) -> float:
    """Return a word's frequency on the Zipf scale in an ISO 639-1 language, 0.0 where it is not listed.

    ``word`` is case folded; apostrophes do not matter. Listed are words of 3.0 and more in English, of 3.5
    and more in other languages.
    """
    return _frequencies(language).get(normal_form(word), 0.0)


def has_frequencies(language: str) -> bool:
    """Return whether there is a list of a language's words."""
    return bool(_frequencies(language))


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
    for line in lzma.decompress(file.read_bytes()).decode().splitlines():
        tenths, _, words = line.partition("\t")
        frequencies.update(dict.fromkeys(words.split(" "), int(tenths) / 10))
    return frequencies
