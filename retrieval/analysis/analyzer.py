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
from retrieval.analysis.languages.compounds import COMPOUNDING, compound_parts
from retrieval.analysis.languages.letters import fold, letters_of
from retrieval.analysis.languages.ukrainian import stem as stem_ukrainian
from retrieval.analysis.languages.unspaced import SCRIPTS, UNSPACED, pieces
from retrieval.analysis.spellings import (
    ADDRESS,
    CAPITALS,
    EMOJI,
    HYPHENS,
    SELECTORS,
    address_words,
    camel_parts,
    code_parts,
    emoji_words,
    is_shouted,
    is_unstemmed,
    part_spans,
)
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
_NOT_PLAIN = re.compile(rf"[^{_PLAIN}]|\+")
#: Where words are elided, an apostrophe may part two tokens.
_NOT_PLAIN_OR_ELIDED = re.compile(rf"[^{_PLAIN}]|['’‘´`+]")
#: C#, and .NET behind a blank or an opening mark.
_OPENING = r"\s(\"'\[“‘"
_SIGN = re.compile(rf"[A-Za-z]#|(?<![^{_OPENING}])\.[A-Za-z]{{2}}")
_LETTER = r"[^\W\d_²³¹¼½¾]"
_PLAIN_TOKEN = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|[@#]\w+"
    r"|\d+(?:[.,]\d+)+(?![^\W_])"
    rf"|[^\W_]+(?:['’‘´`](?={_LETTER})[^\W_]+)*"
    rf"(?:(?:(?:(?<!\d)[{HYPHENS}]|[{HYPHENS}](?!\d))(?=[^\W_])|(?<={_LETTER})[.&](?={_LETTER}))"
    rf"(?:\d+(?:[.,]\d+)+(?![^\W_])|[^\W_]+(?:['’‘´`](?={_LETTER})[^\W_]+)*))*"
    rf"|[{EMOJI}]+"
)
_ASCII_JOINED = (
    r"(?:(?:(?:(?<![0-9])-|-(?![0-9]))(?=[A-Za-z0-9])|(?<=[A-Za-z])[.&](?=[A-Za-z]))"
    r"(?:[0-9]+(?:[.,][0-9]+)+(?![A-Za-z0-9])|[A-Za-z0-9]+(?:['`](?=[A-Za-z])[A-Za-z0-9]+)*))*"
)
_ASCII_TOKEN = re.compile(
    rf"[A-Za-gi-vx-z][A-Za-z0-9]*(?:['`](?=[A-Za-z])[A-Za-z0-9]+)*{_ASCII_JOINED}"
    r"|(?:https?://|www\.)[^ \t\n\r]+"
    r"|[@#][A-Za-z0-9_]+"
    r"|[0-9]+(?:[.,][0-9]+)+(?![A-Za-z0-9])"
    rf"|[A-Za-z0-9]+(?:['`](?=[A-Za-z])[A-Za-z0-9]+)*{_ASCII_JOINED}"
)
_NUMBER = regex.compile(r"\p{Nd}+(?:[.,٫٬]\p{Nd}+)+")
_EMOJI_FIRST = re.compile(f"[{EMOJI}{SELECTORS}]")
#: C++, Disney+, F#, .NET: a word with a sign that belongs to it.
_SIGNED = re.compile(r"(?P<word>[^\W_]*)(?P<sign>\+\+?\d*|#)|\.(?P<net>[A-Za-z]+)")
#: A joined compound of more letters is no word that anyone writes.
_LONGEST_JOINED = 40
_MOST_PARTS = 6
_LONG_PART = 3

#: A slice of a token's text, and the words it stands for.
_Slice = tuple[int, int, tuple[str, ...]]


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
        #: Whether most words fall into pieces of them.
        self.falls_apart = language in UNSPACED
        #: Whether nouns are written together (Bundestagswahl), and are to be found by their parts.
        self.compounds = language in COMPOUNDING
        self._capitals = CAPITALS if language == _ENGLISH else {}
        self._scripts = regex.compile(f"[{self.unspaced}]")
        self._piece = regex.compile(rf"(?!\p{{Nd}})[{self.unspaced}]")
        self._pattern = _pattern(language)
        self._not_plain = _NOT_PLAIN_OR_ELIDED if self.elides else _NOT_PLAIN
        self._slices: dict[str, tuple[_Slice, ...]] = {}
        self._terms: dict[str, str | None] = {}
        self._lock = threading.Lock()

    def tokens(self, text: str) -> list[Token]:
        """Return the text's tokens in order, stop words among them.

        A compound is a token, and so is each of its parts behind it.
        """
        tokens = []
        for start, end, words in self._split(self.quiet(text)):
            terms = tuple(term for term in map(self.term, words) if term is not None)
            tokens.append(Token(start, end, words, terms))
        return tokens

    def words(self, text: str) -> list[str]:
        """Return the text's words in order, stop words among them, repeated as often as they occur."""
        text = self.quiet(text)
        plain = self._plain(text)
        if plain is None:
            return [word for _, _, words in self._split(text) for word in words]
        return [word for surface in plain for _, _, words in self._spelled(surface) for word in words]

    def surfaces(self, text: str) -> list[str]:
        """Return the text's tokens as written, in order, each compound once."""
        text = self.quiet(text)
        plain = self._plain(text)
        return [text[start:end] for start, end, _ in self._found(text)] if plain is None else plain

    def is_piece(self, word: str) -> bool:
        """Return whether a word has letters of a script that falls into pieces."""
        return self._scripts.search(word) is not None

    def quiet(self, text: str) -> str:
        """Return a text that is in capitals throughout in small letters: IT is no name there."""
        if self.language != _ENGLISH or not is_shouted(text):
            return text
        lowered = text.lower()
        return lowered if len(lowered) == len(text) else text

    def spell(self, surface: str) -> tuple[str, ...]:
        """Return the words that a token as written stands for. Not remembered."""
        if self._is_simple(surface):
            word = surface.lower()
            return (CAPITALS[surface], word) if surface in self._capitals else (word,)
        return tuple(word for _, _, words in self._read(surface) for word in words)

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
        if is_unstemmed(word):
            return word
        if self._stemmer is None:
            return fold(word, whole=True)
        # Snowball's stemmers keep state between calls and are not made for threads.
        with self._lock:
            return fold(self._stemmer(word), whole=True)

    def _plain(self, text: str) -> list[str] | None:
        """Return a plain text's tokens as written, ``None`` where only the language's pattern finds them."""
        if self._not_plain.search(text) or _SIGN.search(text):
            return None
        return (_ASCII_TOKEN if text.isascii() else _PLAIN_TOKEN).findall(text)

    def _split(self, text: str) -> Iterable[_Slice]:
        """Yield the slices of a text that stand for words, a compound's parts behind it."""
        for start, end, word in self._found(text):
            if word is not None:
                yield start, end, (word,)
                continue
            for first, last, words in self._spelled(text[start:end]):
                yield start + first, start + last, words

    def _found(self, text: str) -> Iterable[tuple[int, int, str | None]]:
        """Yield where tokens stand, and the word of each piece of a script without spaces."""
        for match in self._pattern.finditer(text):
            start, end = match.span()
            if match.lastgroup == "unspaced":
                yield from pieces(text, start, end, self.language)
            else:
                yield start, end, None

    def _spelled(self, surface: str) -> tuple[_Slice, ...]:
        slices = self._slices.get(surface)
        if slices is None:
            if len(self._slices) >= _REMEMBERED:
                self._slices.clear()
            slices = self._slices[surface] = tuple(self._read(surface))
        return slices

    def _read(self, surface: str) -> Iterable[_Slice]:
        """Yield the slices of a token, and the words that each stands for."""
        if surface.isalpha() and not self._scripts.search(surface):
            words = self._simple(surface)
        elif ADDRESS.match(surface):
            end, words = address_words(surface)
            words = tuple(map(self._letters.normal, words))
            surface = surface[:end]
        elif self._piece.match(surface):
            words = (self._letters.normal(surface),)
        elif _EMOJI_FIRST.match(surface):
            words = emoji_words(surface)
        elif surface[0] in "@#＠＃":
            words = tuple(self._tag(surface))
        elif match := _SIGNED.fullmatch(surface):
            words = self._signed(match)
        elif len(spans := part_spans(surface)) == 1 or _NUMBER.fullmatch(surface):
            words = self._simple(surface)
        else:
            yield from self._compound(surface, spans)
            return
        if words:
            yield 0, len(surface), words

    def _tag(self, surface: str) -> Iterable[str]:
        yield self._letters.normal(surface)
        parts = [part for word in surface[1:].split("_") for part in camel_parts(word)]
        for part in dict.fromkeys([surface[1:].replace("_", ""), *parts]):
            if self._scripts.search(part):
                yield from dict.fromkeys(self.words(part))
            else:
                yield from self._form(part)

    def _signed(self, match: re.Match[str]) -> tuple[str, ...]:
        """Return the words of C++17 (itself, C++), of Disney+ and of .NET (themselves, and without sign)."""
        if match["net"]:
            base = tuple(self._form(match["net"]))
            return (f".{base[0]}", *base) if base else ()
        word, sign = "".join(self._form(match["word"])), match["sign"]
        forms = [word + sign, word + sign.rstrip("0123456789")]
        if len(word) >= _LONG_PART:
            forms.append(word)
        return tuple(dict.fromkeys(forms))

    def _compound(self, surface: str, spans: list[tuple[int, int]]) -> Iterable[_Slice]:
        """Yield the whole of a compound in one word, where it is one, and its parts."""
        parts = [(start, end, self._simple(surface[start:end])) for start, end in spans]
        joined = "".join(words[0] for _, _, words in parts if words)
        abbreviated = "." in surface and all(end - start == 1 for start, end in spans)
        if abbreviated:
            yield 0, len(surface), self._named(joined.upper()) or (joined,)
            return
        if self._letters.normal(surface) in self._stops:
            yield 0, len(surface), (self._letters.normal(surface),)
            return
        names_something = any(word not in self._stops for _, _, words in parts for word in words)
        if names_something and len(spans) <= _MOST_PARTS and len(joined) <= _LONGEST_JOINED:
            yield 0, len(surface), code_parts(joined)[:1]
        yield from (part for part in parts if part[2])

    def _simple(self, surface: str) -> tuple[str, ...]:
        """Return the words of a token without parts: itself, and what it also stands for."""
        named = self._named(surface)
        words = tuple(self._form(surface))
        if words and surface.isalpha() and self.compounds:
            return words[:1] + compound_parts(words[0], self.language)
        if named or not words or surface.isalpha():
            return named + words
        word = words[0]
        if "&" in word:
            return (word, *(part for part in word.split("&") if len(part) >= _LONG_PART))
        return code_parts(word)

    def _is_simple(self, surface: str) -> bool:
        """Return whether small letters are all that a token needs: most words, so it is seen first."""
        return surface.isascii() and surface.isalpha() and not self._letters.same and not self.compounds

    def _named(self, surface: str) -> tuple[str, ...]:
        """Return the name that a stop word is by its capitals (US, WHO, May), if any."""
        if surface not in self._capitals:
            surface = surface.removesuffix("'s").removesuffix("’s")
        return (CAPITALS[surface],) if surface in self._capitals else ()

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
            word = fold(word, whole=True) if self.language == _ENGLISH else word
        if word:
            yield word


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
    letter = rf"[[\p{{L}}\p{{M}}\p{{N}}]--[{unspaced}--\p{{Nd}}]--[{SELECTORS}]]"
    number = r"\p{Nd}+(?:[.,٫٬]\p{Nd}+)+(?![\p{L}\p{M}\p{N}])"
    word = rf"{letter}+(?:['’‘ʼ＇´`](?=\p{{L}})[[\p{{L}}\p{{M}}\p{{N}}]--[{SELECTORS}]]+)*"
    connector = (
        rf"(?:(?<!\p{{Nd}})[{HYPHENS}]|[{HYPHENS}](?!\p{{Nd}}))(?={letter})"
        rf"|(?<=[\p{{L}}\p{{M}}])[.&](?=[\p{{L}}--[{unspaced}]])"
    )
    return regex.compile(
        rf"(?P<address>(?:https?://|www\.)[^\s{unspaced}]+)"
        rf"|(?P<signed>(?<![\p{{L}}\p{{M}}\p{{N}}_])(?:[A-Za-z]++\+\+?\d*(?![\w+])|[A-Za-z]\#(?![\w\#]))"
        rf"|(?<![^{_OPENING}])\.[A-Za-z]{{2,}}+(?!\w|[.&]\w))"
        rf"|(?P<tag>[@＠]{spaced}[\p{{L}}\p{{N}}_](?:{spaced}[\p{{L}}\p{{M}}\p{{N}}_])*"
        r"|[#＃][\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*)"
        rf"|(?P<unspaced>(?!\p{{Nd}})[{unspaced}](?:(?!\p{{Nd}})[{unspaced}\p{{M}}ーｰﾞﾟ])*)"
        rf"|(?P<emoji>[{EMOJI}{SELECTORS}]+)"
        rf"|(?P<number>{number})"
        + (rf"|(?P<elided>(?i:{elided})['’‘ʼ＇´`](?=\p{{L}}))" if elided else "")
        + rf"|(?P<word>{word}(?:(?:{connector})(?:{number}|{word}))*)",
        regex.VERSION1,
    )
