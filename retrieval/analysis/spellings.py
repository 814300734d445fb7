"""The ways of writing one and the same word: F16 and F-16s, e-mail and email, U.S. and US, C++, links, emoji.

A token that is more than a plain word stands for its *whole*, the form in which all ways of writing it meet,
and for its *parts*. A post holds both; a question asks for the whole where the archive knows it, and
otherwise for the parts.
"""

import re
from typing import Final

import regex

__all__ = [
    "ADDRESS",
    "CAPITALS",
    "EMOJI",
    "HYPHENS",
    "SELECTORS",
    "address_words",
    "camel_parts",
    "code_parts",
    "emoji_words",
    "is_code",
    "is_emoji",
    "is_shouted",
    "is_unstemmed",
    "part_spans",
]

#: The letters of three character classes: pictures, what chooses between a picture's looks, and hyphens.
EMOJI: Final = "\u2600-\u2775\u2794-\u27bf\u2b50\u2b55\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff"
SELECTORS: Final = "\ufe0e\ufe0f"
HYPHENS: Final = "\\-\u2010\u2011"

#: English stop words that are names where capitals say so, and the words that stand for these names.
CAPITALS: Final = {"US": "usa", "IT": "IT", "WHO": "WHO", "AM": "AM", "May": "May"}

ADDRESS: Final = re.compile(r"https?://|www\.(?=.)")
_MOST_PATH_WORDS: Final = 24
_LONGEST_ADDRESS: Final = 500
#: A part of fewer letters says nothing by itself: F of F16, the country of a host.
_LONG: Final = 3
_YEAR: Final = 4
#: So many marks behind an address are looked at.
_MOST_CLOSING: Final = 20
#: What words of capitals only are before they are taken for shouting.
_SHOUTED: Final = 3

_SEPARATOR: Final = regex.compile(rf"[{HYPHENS}]|(?<=[\p{{L}}\p{{M}}])\.(?=\p{{L}})")
_CAMEL: Final = regex.compile(r"\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lo}+|\p{Nd}+")
_CODE: Final = re.compile(r"([^\W\d_]+)(\d[\d.]*)(s?)")
_DECADE: Final = re.compile(r"(\d{2,4})s")
_PICTURE: Final = regex.compile(
    r"[\U0001f1e6-\U0001f1ff]{2}"
    rf"|[{EMOJI}--[\U0001f3fb-\U0001f3ff]]",
    regex.VERSION1,
)
_SCHEME: Final = re.compile(r"(?:https?://)?(?:www\.)?", re.IGNORECASE)
_TRACKING: Final = re.compile(r"(?:utm_\w*|fbclid|gclid|igshid|si|ref_src)=", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_WORD: Final = re.compile(r"[^\W_]+")
_CLOSING: Final = ".,;:!?'\"’”»…*_>"
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}


def part_spans(surface: str) -> list[tuple[int, int]]:
    """Return where the parts of a compound stand in it (e-mail, F-16, Ph.D); one span for a plain word.

    A number is one part, whatever points are in it.
    """
    bounds = [0]
    for match in _SEPARATOR.finditer(surface):
        bounds += match.span()
    bounds.append(len(surface))
    return list(zip(bounds[::2], bounds[1::2], strict=True))


def code_parts(word: str) -> tuple[str, ...]:
    """Return what a folded word of letters and digits stands for, beginning with its whole.

    The plural of a code is the code (f16s); a decade is also its year (1990s); letters before digits are a
    word where they are three or more (covid19). Other words stand for themselves.
    """
    if match := _DECADE.fullmatch(word):
        return word, match[1]
    if not (match := _CODE.fullmatch(word)):
        return (word,)
    letters, digits, _ = match.groups()
    return (letters + digits, letters) if len(letters) >= _LONG else (letters + digits,)


def is_code(word: str) -> bool:
    """Return whether a folded word is letters before digits (f16), or a decade (1990s)."""
    return bool(_CODE.fullmatch(word) or _DECADE.fullmatch(word))


def camel_parts(surface: str) -> list[str]:
    """Return the words of a word in camel case as written: Open, AI."""
    parts: list[str] = _CAMEL.findall(surface)
    return parts


def emoji_words(surface: str) -> tuple[str, ...]:
    """Return the pictures of a run of emoji, without tones of skin; two letters of a flag are one."""
    return tuple(_PICTURE.findall(surface))


def is_emoji(word: str) -> bool:
    """Return whether a word is a picture."""
    return _PICTURE.match(word) is not None


def is_unstemmed(word: str) -> bool:
    """Return whether a word is no word to inflect: a handle, a tag, a link, C++, or IT by its capitals."""
    return word[0] in "@#./" or word[-1] in "+#" or "&" in word or word in _NAMES


def is_shouted(text: str) -> bool:
    """Return whether a text of several words is in capitals throughout, so that they say nothing."""
    return text.isupper() and len(text.split(maxsplit=_SHOUTED)) >= _SHOUTED


def address_words(address: str) -> tuple[int, tuple[str, ...]]:
    """Return how long an address is without the marks behind it, and what it stands for.

    The whole comes first, ``//`` before its host; then the host and its domain in one word each, as a host
    without a scheme is joined; then their parts and the words of the path. Random letters and long numbers
    are no words.
    """
    end = len(address)
    least = max(end - _MOST_CLOSING, 1)
    while end > least and (address[end - 1] in _CLOSING or _closes_nothing(address, end)):
        end -= 1
    start = _SCHEME.match(address).end()  # type: ignore[union-attr]  # it may match nothing
    bare, _, _ = address[start:end][:_LONGEST_ADDRESS].partition("#")
    location, _, query = bare.partition("?")
    asked = [part for part in query.split("&") if part and not _TRACKING.match(part)]
    location = _ESCAPED.sub(_unescaped, location).strip("/")
    host, _, path = location.partition("/")
    labels = [label for label in host.split(".") if label]
    if not labels or not any(map(str.isalnum, host)):
        return end, ()
    hosts = ["".join(labels), "".join(labels[-2:]), *(name for name in labels[:-1] if len(name) >= _LONG)]
    words = [
        word for word in _WORD.findall(path) if word.isalpha() or (word.isdecimal() and len(word) <= _YEAR)
    ]
    whole = "//" + location + ("?" + "&".join(asked) if asked else "")
    return end, tuple(dict.fromkeys([whole, *hosts, *words[:_MOST_PATH_WORDS]]))


def _unescaped(escaped: re.Match[str]) -> str:
    return bytes.fromhex(escaped[0].replace("%", "")).decode(errors="replace")


def _closes_nothing(address: str, end: int) -> bool:
    """Return whether a bracket at the end was opened before the address."""
    opening = _PAIRS.get(address[end - 1])
    return opening is not None and address.count(opening, 0, end) < address.count(address[end - 1], 0, end)


_NAMES: Final = frozenset(CAPITALS.values()) - {"usa"}
