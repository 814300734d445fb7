"""Letters: the ways of writing one and the same word, folded language by language.

Every form is folded before stop words and stems are looked up, in posts and in questions alike. What
people leave out when they type (accents, the dots of Cyrillic ё, Arabic hamzas) must not keep a word from
being found. Chinese characters are folded by the table in ``traditional.tsv`` (see ``NOTICE.md``).
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import regex

__all__ = ["Letters", "fold", "letters_of"]

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ＇`´", "'"))
_FOREIGN_DIGIT = regex.compile(r"(?![0-9])\p{Nd}")
#: Latin letters that Unicode does not take apart, as keyboards without them write them.
_WHOLE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})


@dataclass(frozen=True, slots=True)
class Letters:
    """How a language is written.

    ``same`` maps letters to the ones they count as, before case is folded; ``marks`` are combining marks
    that are left out; ``ending`` is what may hang on a word behind an apostrophe. With ``accents`` its
    writers often leave the accents out, so its stop words count without them, too; with ``umlauts`` the
    vowels ä, ö, ü are also written ae, oe, ue. ``joined`` are conjunctions that are written together with
    the word behind them. ``comma`` is what parts a number's fraction off.
    """

    same: Mapping[int, int | str | None] = field(default_factory=dict)
    marks: frozenset[str] = frozenset()
    ending: regex.Pattern[str] | None = None
    accents: bool = False
    umlauts: bool = False
    joined: tuple[str, ...] = ()
    comma: str = ","

    def normal(self, surface: str) -> str:
        """Return a word with compatibility forms, case, apostrophes and digits folded."""
        word = unicodedata.normalize("NFKC", surface)
        if word.isascii() and not self.same:
            return word.casefold().translate(_APOSTROPHES)
        word = word.translate(self.same).casefold().translate(_APOSTROPHES)
        word = _FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0], digit[0])), word)
        if self.marks:
            parts = unicodedata.normalize("NFD", word)
            word = unicodedata.normalize("NFC", "".join(part for part in parts if part not in self.marks))
        return word

    def stop_words(self, words: frozenset[str]) -> frozenset[str]:
        """Return stop words in every form in which they are written."""
        forms = {self.normal(word) for word in words}
        if self.accents:
            forms |= {fold(form, whole=True) for form in forms}
        if self.umlauts:
            forms |= {form.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue") for form in forms}
        return frozenset(forms.union(first + form for first in self.joined for form in forms))

    def plain_number(self, number: str) -> str:
        """Return a number without thousands separators and with a point before its fraction."""
        number = number.translate(_ARABIC_SIGNS)
        if self.comma == "," and _COMMA_FRACTION.fullmatch(number):
            number = number.translate(_SWAPPED)
        return _THOUSANDS.sub("", number)


def fold(word: str, *, whole: bool = False) -> str:
    """Drop the accents of Latin letters; other scripts' marks are letters of their own.

    With ``whole``, letters such as ø and ł, which are no letter with an accent, become plain ones, too.
    """
    if word.isascii():
        return word
    folded: list[str] = []
    latin = False
    for character in unicodedata.normalize("NFD", word.translate(_WHOLE) if whole else word):
        if unicodedata.combining(character):
            if not latin:
                folded.append(character)
        else:
            latin = character.isascii()
            folded.append(character)
    return unicodedata.normalize("NFC", "".join(folded))


@cache
def letters_of(language: str) -> Letters:
    """Return how an ISO 639-1 language is written."""
    if language == "zh":
        return Letters(same=_simplified(), comma=".")
    return _LETTERS.get(language, _PLAIN)


def _simplified() -> dict[int, int | str | None]:
    """Return the simplified character of each traditional one."""
    text = (files(__package__) / "traditional.tsv").read_text(encoding="utf-8")
    pairs = [pair for line in text.splitlines() if not line.startswith("#") for pair in line.split("\t")]
    return {ord(pair[0]): pair[1] for pair in pairs}


_ARABIC_SIGNS = str.maketrans("٫٬", ".,")
_SWAPPED = str.maketrans(",.", ".,")
_COMMA_FRACTION = regex.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+")
_THOUSANDS = regex.compile(r"(?<=\d),(?=\d{3}(?:\D|$))")
_GENITIVE = regex.compile(r"'s?$")
_STRESS = frozenset("\u0300\u0301")
_VOWEL_SIGNS = frozenset(map(chr, (*range(0x64B, 0x653), 0x670)))
_SERBIAN: dict[str, int | str | None] = dict(
    zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True)
)
_SERBIAN |= {"љ": "lj", "њ": "nj", "џ": "dž"}

_PLAIN = Letters()
_GERMANIC = Letters(ending=_GENITIVE, accents=True)
_ACCENTED = Letters(accents=True)
_POINT = Letters(comma=".")
#: Hindi and Nepali write loan sounds with and without a dot, and nasal vowels by either sign.
_DEVANAGARI = Letters(same=str.maketrans("ँ", "ं"), marks=frozenset("\u093c"), comma=".")
_CYRILLIC = Letters(marks=_STRESS)
_LETTERS = {
    "en": Letters(ending=_GENITIVE, comma="."),
    "de": Letters(ending=_GENITIVE, accents=True, umlauts=True),
    # A hamza's seat, the dots of the last letter, and Persian keyboards make no other word.
    "ar": Letters(
        same=str.maketrans("أإآٱؤئةىیک", "ااااويهييك", "ـ"), marks=_VOWEL_SIGNS, joined=("و", "ف"), comma="."
    ),
    "be": _CYRILLIC,
    "bg": _CYRILLIC,
    "ca": Letters(accents=True, ending=regex.compile(r"'(?:ls?|ns?|m|t|s|hi|ho)$")),
    "el": Letters(marks=frozenset("\u0301"), accents=True),
    "fa": Letters(same=str.maketrans("يىكأإؤئةۀ", "ییکااویهه", "ـ"), marks=_VOWEL_SIGNS | {"\u0654"}),
    "ur": Letters(same=str.maketrans("يىكأإهة", "ییکااہہ", "ـ"), marks=_VOWEL_SIGNS),
    "he": Letters(marks=frozenset(map(chr, range(0x591, 0x5C8))), comma="."),
    # Upper case I is no i here; what follows the apostrophe of a name is its case.
    "tr": Letters(same=str.maketrans("İI", "iı"), accents=True, ending=regex.compile(r"(?<=..)'.*$")),
    "ro": Letters(same=str.maketrans("şţŞŢ", "șțȘȚ"), accents=True),
    "ru": Letters(same=str.maketrans("ёЁ", "еЕ"), marks=_STRESS),
    "sr": Letters(
        same=str.maketrans(_SERBIAN | {key.upper(): value for key, value in _SERBIAN.items()}),
        marks=_STRESS,
        accents=True,
    ),
    "uk": Letters(same=str.maketrans("ґҐ", "гГ"), marks=_STRESS),
}
_LETTERS |= dict.fromkeys(("da", "nl", "no", "sv"), _GERMANIC)
_LETTERS |= dict.fromkeys(
    ("cs", "eo", "es", "et", "eu", "fi", "fr", "hu", "it", "lt", "pl", "pt", "sk", "vi"), _ACCENTED
)
_LETTERS |= dict.fromkeys(("hi", "ne"), _DEVANAGARI)
_LETTERS |= dict.fromkeys(("ga", "ja", "ko", "ta", "th"), _POINT)
