"""Text to terms: the words of posts and questions as the index counts them.

A *token* is a slice of the text. It stands for one *word*, the written form with case and accents folded,
or for several (``#DailyDigest`` is itself, and also ``daily`` and ``digest``). A word has one *term*, its
stem, or none when it is a stop word. Terms are what postings are keyed by, words are what neighbours and
spelling are judged by, tokens are what highlights are made of.
"""

import re
import threading
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import regex
import Stemmer

from retrieval.analysis.languages.arabic import stem as stem_arabic
from retrieval.analysis.languages.letters import fold, letters_of
from retrieval.analysis.languages.ukrainian import stem as stem_ukrainian
from retrieval.analysis.languages.unspaced import SCRIPTS, pieces
from retrieval.analysis.stop_words import stop_words

__all__ = ["LANGUAGES", "Analyzer", "Token", "analyzer", "term_mark"]

#: ISO 639-1 codes of the languages that Snowball stems, with its names for them.
LANGUAGES = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
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
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "st": "sesotho",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}

_ENGLISH = "en"
#: Light stemmers of our own, where Snowball has none or parts what belongs together.
_STEMMERS: dict[str, Callable[[str], str]] = {"ar": stem_arabic, "uk": stem_ukrainian}
#: How many written forms an analyzer remembers the terms of, before it starts anew.
_REMEMBERED = 100_000

# Where no script, mark or numeral needs regex's Unicode, re reads the same tokens in a fifth of the time.
_PLAIN = (
    r"\t\n\r -~\xa0-\u02af\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u22ff"
    r"\u2500-\u2767\U0001f300-\U0001faff"
)
_NOT_PLAIN = re.compile(rf"[^{_PLAIN}]")
#: Where words are elided, an apostrophe may part two tokens.
_NOT_PLAIN_OR_ELIDED = re.compile(rf"[^{_PLAIN}]|['’‘´`]")
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
_CAMEL = regex.compile(r"\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lo}+|\p{Nd}+")
_NUMBER = regex.compile(r"\p{Nd}+(?:[.,٫٬]\p{Nd}+)+")


@dataclass(frozen=True, slots=True)
class Token:
    """The slice ``[start:end]`` of a text, the words it stands for, and their terms (none for stop words)."""

    start: int
    end: int
    words: tuple[str, ...]
    terms: tuple[str, ...]


class Analyzer:
    """Turns text of one language into terms.

    Unicode words, case folded; Latin accents, straight and curly apostrophes and what hangs on them
    folded (possessives, the endings of Turkish names); elided words (l', d') words of their own; stop
    words dropped; Snowball stems. Addresses are dropped, handles and tags are kept whole and also split,
    thousands separators are dropped. Scripts without spaces give overlapping pairs of characters. A
    language that has no stemmer is not stemmed. Safe to share among threads.
    """

    def __init__(self, language: str) -> None:
        name = LANGUAGES.get(language)
        self.language = language
        self._stemmer = _STEMMERS.get(language) or (Stemmer.Stemmer(name).stemWord if name else None)
        self._letters = letters_of(language)
        self._stops = self._letters.stop_words(stop_words(language))
        #: The scripts without spaces, for a character class, and whether words are elided (l', d').
        self.unspaced = _unspaced(language)
        self.elides = any(word.endswith("'") for word in stop_words(language))
        self._scripts = regex.compile(f"[{self.unspaced}]")
        self._piece = regex.compile(rf"(?!\p{{Nd}})[{self.unspaced}]")
        self._pattern = _pattern(language)
        self._not_plain = _NOT_PLAIN_OR_ELIDED if self.elides else _NOT_PLAIN
        self._words: dict[str, tuple[str, ...]] = {}
        self._terms: dict[str, str | None] = {}
        self._lock = threading.Lock()

    def tokens(self, text: str) -> list[Token]:
        """Return the text's tokens in order, stop words among them; addresses are left out."""
        tokens = []
        for start, end, words in self._split(text):
            terms = tuple(term for term in map(self.term, words) if term is not None)
            tokens.append(Token(start, end, words, terms))
        return tokens

    def words(self, text: str) -> list[str]:
        """Return the text's words in order, stop words among them, repeated as often as they occur."""
        plain = self._plain(text)
        if plain is None:
            return [word for _, _, words in self._split(text) for word in words]
        return [word for surface in plain for word in self._spelled(surface)]

    def surfaces(self, text: str) -> list[str]:
        """Return the text's tokens as written, in order; some are addresses, which have no words."""
        plain = self._plain(text)
        return [text[start:end] for start, end, _ in self._split(text)] if plain is None else plain

    def spell(self, surface: str) -> tuple[str, ...]:
        """Return the words that a token as written stands for; none for an address. Not remembered."""
        if _ADDRESS.match(surface):
            return ()
        if self._piece.match(surface):
            return (self._letters.normal(surface),)
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
            return self._fold(word)
        # Snowball's stemmers keep state between calls and are not made for threads.
        with self._lock:
            return self._fold(self._stemmer(word))

    def _plain(self, text: str) -> list[str] | None:
        """Return a plain text's tokens as written, ``None`` where only the language's pattern finds them."""
        if self._not_plain.search(text):
            return None
        return (_ASCII_TOKEN if text.isascii() else _PLAIN_TOKEN).findall(text)

    def _split(self, text: str) -> Iterable[tuple[int, int, tuple[str, ...]]]:
        for match in self._pattern.finditer(text):
            start, end = match.span()
            if match.lastgroup == "unspaced":
                for first, last, word in pieces(text, start, end, self.language):
                    yield first, last, (word,)
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
            yield self._letters.normal(surface)
            parts = [part for word in surface[1:].split("_") for part in _CAMEL.findall(word)]
            for part in dict.fromkeys([surface[1:].replace("_", ""), *parts]):
                if self._scripts.search(part):
                    yield from dict.fromkeys(self.words(part))
                else:
                    yield from self._form(part)
        else:
            yield from self._form(surface)

    def _form(self, surface: str) -> Iterable[str]:
        letters = self._letters
        word = letters.normal(surface)
        if letters.ending and word not in self._stops:
            word = letters.ending.sub("", word)
        if word not in self._stops:
            if _NUMBER.fullmatch(word):
                word = letters.plain_number(word)
            word = word.replace("'", "")
            # Snowball's other stemmers look at accents; English has none of its own.
            word = fold(word) if self.language == _ENGLISH else word
        if word:
            yield word

    def _fold(self, term: str) -> str:
        return fold(term, whole=self.language != _ENGLISH)


@cache
def analyzer(language: str) -> Analyzer:
    """Return the analyzer of a language, made once."""
    return Analyzer(language)


def term_mark(term: str) -> int:
    """Return a term's 16-bit mark: enough to highlight it again, too little to read it back."""
    return zlib.crc32(term.encode()) & 0xFFFF


def _unspaced(language: str) -> str:
    """Return the scripts that a language writes without spaces between words, for a character class."""
    # Korean has spaces, but its particles hang on the words and no stemmer takes them off.
    return SCRIPTS + (r"\p{Hangul}" if language == "ko" else "")


def _pattern(language: str) -> regex.Pattern[str]:
    """Return the pattern of a language's tokens; the name of the group that matched is their kind."""
    unspaced = _unspaced(language)
    elided = "|".join(sorted(word[:-1] for word in stop_words(language) if word.endswith("'")))
    spaced = rf"(?![{unspaced}])"
    return regex.compile(
        rf"(?P<address>(?:https?://|www\.)[^\s{unspaced}]+)"
        rf"|(?P<tag>[@＠]{spaced}[\p{{L}}\p{{N}}_](?:{spaced}[\p{{L}}\p{{M}}\p{{N}}_])*"
        r"|[#＃][\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*)"
        rf"|(?P<unspaced>(?!\p{{Nd}})[{unspaced}](?:(?!\p{{Nd}})[{unspaced}\p{{M}}ーｰﾞﾟ])*)"
        r"|(?P<number>\p{Nd}+(?:[.,٫٬]\p{Nd}+)+(?![\p{L}\p{M}\p{N}]))"
        + (rf"|(?P<elided>(?i:{elided})['’‘ʼ＇´`](?=\p{{L}}))" if elided else "")
        + rf"|(?P<word>[[\p{{L}}\p{{M}}\p{{N}}]--[{unspaced}--\p{{Nd}}]]+"
        r"(?:['’‘ʼ＇´`](?=\p{L})[\p{L}\p{M}\p{N}]+)*)",
        regex.VERSION1,
    )
