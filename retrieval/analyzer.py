"""Text to terms: the words of posts and questions as the index counts them.

A *token* is a slice of the text. It stands for one *word*, the written form with case and accents folded,
or for several (``#DailyDigest`` is itself, and also ``daily`` and ``digest``). A word has one *term*, its
stem, or none when it is a stop word. Terms are what postings are keyed by, words are what neighbours and
spelling are judged by, tokens are what highlights are made of.
"""

import re
import threading
import unicodedata
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import regex
import Stemmer

from retrieval.stopwords import stop_words

__all__ = ["LANGUAGES", "UNSPACED", "Analyzer", "Token", "analyzer", "mark"]

#: ISO 639-1 codes of the languages that Snowball stems, with its names for them.
LANGUAGES = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}

#: How many written forms an analyzer remembers the terms of, before it starts anew.
_REMEMBERED = 100_000

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ＇`´", "'"))
UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_TOKEN = regex.compile(
    r"(?P<address>(?:https?://|www\.)\S+)"
    r"|(?P<tag>[@#＠＃][\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*)"
    rf"|(?P<unspaced>[{UNSPACED}][{UNSPACED}\p{{M}}ー]*)"
    r"|(?P<number>\p{Nd}+(?:[.,]\p{Nd}+)+(?![\p{L}\p{M}\p{N}]))"
    rf"|(?P<word>(?:(?![{UNSPACED}])[\p{{L}}\p{{M}}\p{{N}}])+"
    r"(?:['’‘ʼ＇´`](?=\p{L})[\p{L}\p{M}\p{N}]+)*)"
)
# Where no script, mark or numeral needs regex's Unicode, re reads the same tokens in a fifth of the time.
_PLAIN = (
    r"\t\n\r -~\xa0-\u02af\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u22ff"
    r"\u2500-\u2767\U0001f300-\U0001faff"
)
_OTHER = re.compile(rf"[^{_PLAIN}]")
_PLAIN_TOKEN = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|[@#]\w+"
    r"|\d+(?:[.,]\d+)+(?![^\W_])"
    r"|[^\W_]+(?:['’‘´`](?=[^\W\d_²³¹¼½¾])[^\W_]+)*"
)
_ASCII_TOKEN = re.compile(
    r"[A-Za-gi-vx-z][A-Za-z0-9]*(?:['`](?=[A-Za-z])[A-Za-z0-9]+)*"
    r"|(?:https?://|www\.)[^ \t\n\r]+"
    r"|[@#][A-Za-z0-9_]+"
    r"|[0-9]+(?:[.,][0-9]+)+(?![A-Za-z0-9])"
    r"|[A-Za-z0-9]+(?:['`](?=[A-Za-z])[A-Za-z0-9]+)*"
)
_ADDRESS = re.compile(r"https?://|www\.(?=.)")
_UNSPACED_START = regex.compile(rf"[{UNSPACED}]")
_CAMEL = regex.compile(r"\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lo}+|\p{Nd}+")
_THOUSANDS = regex.compile(r"(?<=\d),(?=\d{3}(?:\D|$))")
_POSSESSIVE = regex.compile(r"'s?$")


@dataclass(frozen=True, slots=True)
class Token:
    """The slice ``[start:end]`` of a text, the words it stands for, and their terms (none for stop words)."""

    start: int
    end: int
    words: tuple[str, ...]
    terms: tuple[str, ...]


class Analyzer:
    """Turns text of one language into terms.

    Unicode words, case folded; Latin accents, straight and curly apostrophes and possessives folded;
    stop words dropped; Snowball stems. Addresses are dropped, handles and tags are kept whole and
    also split, thousands separators are dropped. Scripts without spaces give overlapping pairs of
    characters. A language that Snowball does not know is not stemmed. Safe to share among threads.
    """

    def __init__(self, language: str) -> None:
        name = LANGUAGES.get(language)
        self.language = language
        self._stemmer = Stemmer.Stemmer(name) if name else None
        self._stops = stop_words(language)
        self._words: dict[str, tuple[str, ...]] = {}
        self._terms: dict[str, str | None] = {}
        self._lock = threading.Lock()

    def tokens(self, text: str) -> list[Token]:
        """Return the text's tokens in order, stop words among them; addresses are left out."""
        found = []
        for start, end, words in self._split(text):
            terms = tuple(term for term in map(self.term, words) if term is not None)
            found.append(Token(start, end, words, terms))
        return found

    def words(self, text: str) -> list[str]:
        """Return the text's words in order, stop words among them, repeated as often as they occur."""
        return [word for surface in self.surfaces(text) for word in self._spelled(surface)]

    def surfaces(self, text: str) -> list[str]:
        """Return the text's tokens as written, in order; some are addresses, which have no words."""
        if _OTHER.search(text) is None:
            return (_ASCII_TOKEN if text.isascii() else _PLAIN_TOKEN).findall(text)
        return [text[start:end] for start, end, _ in self._split(text)]

    def spell(self, surface: str) -> tuple[str, ...]:
        """Return the words that a token as written stands for; none for an address. Not remembered."""
        if _ADDRESS.match(surface):
            return ()
        if _UNSPACED_START.match(surface):
            return (surface.casefold(),)
        return tuple(self._forms(surface))

    def terms(self, text: str) -> list[str]:
        """Return the text's terms in order, repeated as often as they occur."""
        return [term for term in map(self.term, self.words(text)) if term is not None]

    def term(self, word: str) -> str | None:
        """Return the term of a word, ``None`` for a stop word."""
        try:
            return self._terms[word]
        except KeyError:
            pass
        if len(self._terms) >= _REMEMBERED:
            self._terms.clear()
        term = self._terms[word] = self.stem(word)
        return term

    def stem(self, word: str) -> str | None:
        """Return the term of a word, ``None`` for a stop word. Not remembered."""
        if word in self._stops:
            return None
        if word[0] in "@#":
            return word
        if self._stemmer is None:
            return _fold(word)
        # Snowball's stemmers keep state between calls and are not made for threads.
        with self._lock:
            return _fold(self._stemmer.stemWord(word))

    def _split(self, text: str) -> Iterable[tuple[int, int, tuple[str, ...]]]:
        for match in _TOKEN.finditer(text):
            start, end = match.span()
            if match.lastgroup == "unspaced":
                for first, last in _pairs(start, end):
                    yield first, last, (text[first:last].casefold(),)
            elif match.lastgroup != "address":
                yield start, end, self._spelled(match.group())

    def _spelled(self, surface: str) -> tuple[str, ...]:
        words = self._words.get(surface)
        if words is None:
            if len(self._words) >= _REMEMBERED:
                self._words.clear()
            words = self._words[surface] = self.spell(surface)
        return words

    def _forms(self, surface: str) -> Iterable[str]:
        if surface[0] in "@#＠＃":
            yield unicodedata.normalize("NFKC", surface).casefold()
            parts = [part for word in surface[1:].split("_") for part in _CAMEL.findall(word)]
            for part in dict.fromkeys([surface[1:].replace("_", ""), *parts]):
                yield from self._form(part)
        else:
            yield from self._form(surface)

    def _form(self, surface: str) -> Iterable[str]:
        word = unicodedata.normalize("NFKC", surface).casefold().translate(_APOSTROPHES)
        if word not in self._stops:
            word = _POSSESSIVE.sub("", word)
        if word not in self._stops:
            word = _THOUSANDS.sub("", word).replace("'", "")
            # Snowball's other stemmers look at accents; English has none of its own.
            word = _fold(word) if self.language == "en" else word
        if word:
            yield word


@cache
def analyzer(language: str) -> Analyzer:
    """Return the analyzer of a language, made once."""
    return Analyzer(language)


def mark(term: str) -> int:
    """Return a term's 16-bit mark: enough to highlight it again, too little to read it back."""
    return zlib.crc32(term.encode()) & 0xFFFF


def _pairs(start: int, end: int) -> Iterable[tuple[int, int]]:
    if end - start == 1:
        yield start, end
    for first in range(start, end - 1):
        yield first, first + 2


def _fold(word: str) -> str:
    """Drop the accents of Latin letters; other scripts' marks are letters of their own."""
    if word.isascii():
        return word
    folded: list[str] = []
    latin = False
    for character in unicodedata.normalize("NFD", word):
        if unicodedata.combining(character):
            if not latin:
                folded.append(character)
        else:
            latin = character.isascii()
            folded.append(character)
    return unicodedata.normalize("NFC", "".join(folded))
