"""Where sentences begin and end, and whether one leans on the sentence before it.

A full stop ends no sentence behind an initial ("Mayor W. Smith"), an abbreviation ("z. B.") or an ordinal
("am 3. Oktober"). What these are is data by language, in :mod:`retrieval.analysis.sentence_words`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import regex

__all__ = ["UNSPACED", "leans", "promotes", "room_for", "sentences"]

_FOLDER: Final = "retrieval.analysis.sentence_words"

# A run of marks is looked at once, from its beginning. Thai and its neighbours part sentences, and what
# else is said in one breath, by blanks.
_UNMARKED: Final = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
#: Letters that are written without blanks between words, as the inside of a character class.
UNSPACED: Final = _UNMARKED + r"\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_END: Final = re.compile(
    r"(?<![.!?…؟۔।։።။។])[.!?…؟۔।։።။។]++[\"'”’»)\]]*+(?P<gap>\s++)"
    rf"|[。！？｡]+[\"”’」』）】]*\s*|\n\s*|(?<=[{_UNMARKED}])[ \xa0]+(?=[{_UNMARKED}])"
)
_OPENING_MARKS: Final = "\"'“”‘’«»„‚([{*_-–—•·"
#: What stands before a full stop, as far as it may be an abbreviation.
_BEFORE: Final = re.compile(r"[^\s\"'“”‘’«»„‚()\[\]{}*_—–/]+$")
#: The longest abbreviation of any language is shorter.
_REACH: Final = 16
_LIST_MARK: Final = re.compile(r"(?:^|\n)[ \t]*\(?(?:\d{1,3}|[^\W\d_])$")
#: Parts of initialisms: "U.S.", "z.B.", "Ph.D."
_INITIALISM: Final = re.compile(r"(?:[^\W\d_]{1,2}[.-]){1,5}[^\W\d_]{1,2}")
_ORDINAL: Final = re.compile(r"\d{1,2}")

_WORD: Final = regex.compile(r"\w[\w\p{M}'’-]*")
_WIDE: Final = re.compile(
    r"[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60"
    r"\uffe0-\uffe6\U00020000-\U0003fffd]"
)
#: Languages whose words are not parted by blanks, or have endings hanging on them.
_UNSPACED_LANGUAGES: Final = frozenset({"ja", "th", "zh", "ko"})


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a language, or of all, that bear on where sentences end and begin; small letters."""

    abbreviations: frozenset[str] = frozenset()
    before_numbers: frozenset[str] = frozenset()
    at_the_end: frozenset[str] = frozenset()
    ordinals: bool = False
    leaning: frozenset[str] = frozenset()
    phrases: tuple[str, ...] = ()
    promotion: tuple[tuple[str, re.Pattern[str]], ...] = ()
    unspaced: tuple[str, ...] = ()


def sentences(text: str, language: str | None = None) -> list[tuple[int, int]]:
    """Return the sentences as slices that cover a text; blanks belong to the sentence before them.

    ``language`` is an ISO 639-1 code; without one the abbreviations of all languages count. A line break
    ends a sentence.
    """
    words = _words(language)
    ends = list(_END.finditer(text))
    # Where sentences begin with capitals, a small letter begins none.
    capitals = any(end["gap"] and text[end.end() : end.end() + 1].isupper() for end in ends)
    spans, start = [], 0
    for end in ends:
        if end["gap"] and "\n" not in end["gap"] and not _ends(text, end, words, capitals=capitals):
            continue
        spans.append((start, end.end()))
        start = end.end()
    if start < len(text):
        spans.append((start, len(text)))
    return spans


def leans(text: str, language: str | None = None) -> bool:
    """Return whether a sentence opens with a word that points to what was said before it.

    Such are pronouns and connectives: "it", "therefore", "for example".
    """
    words = _words(language)
    opening = text[:60].lstrip(_OPENING_MARKS + " \t\n….").casefold()
    first = _WORD.match(opening)
    if first is None:
        return False
    if first[0] in words.leaning:
        return True
    return opening.startswith(words.unspaced) or any(
        opening.startswith(phrase) and not opening[len(phrase) : len(phrase) + 1].isalnum()
        for phrase in words.phrases
    )


def promotes(text: str, language: str | None = None) -> bool:
    """Return whether a text asks for something: to follow, share, subscribe, buy, donate."""
    folded = text.casefold()
    return any(phrase in folded and pattern.search(folded) for phrase, pattern in _words(language).promotion)


def room_for(text: str, limit: int) -> int:
    """Return how many characters of a text are as much as ``limit`` letters, as X counts them.

    Each Chinese, Japanese or Korean character counts for two; it says as much as two letters or more.
    """
    if text.isascii():
        return limit
    return limit * len(text) // (len(text) + len(_WIDE.findall(text)))


def _ends(text: str, end: re.Match[str], words: _Words, *, capitals: bool) -> bool:
    """Return whether a mark before a blank ends a sentence."""
    at, behind = end.start(), end.end()
    following = text[behind : behind + 4].lstrip(_OPENING_MARKS)[:1]
    if capitals and following.islower():
        return False
    if text[at] != "." or text[at + 1 : at + 2] == ".":
        return True
    before = _BEFORE.search(text, max(0, at - _REACH), at)
    if before is None or _LIST_MARK.search(text, max(0, at - _REACH), at):
        return before is None
    word = before[0].casefold()
    if word in words.at_the_end:
        return not following.islower()
    is_initial = len(word) == 1 and before[0].upper() != before[0].lower()
    is_ordinal = words.ordinals and _ORDINAL.fullmatch(word)
    is_abbreviation = word in words.abbreviations or (following.isdigit() and word in words.before_numbers)
    return not (is_initial or is_ordinal or is_abbreviation or _INITIALISM.fullmatch(word))


@cache
def _words(language: str | None) -> _Words:
    """Read a language's words; those of all languages for ``None``, none for one without a file."""
    names = [file.name for file in files(_FOLDER).iterdir() if file.name.endswith(".txt")]
    if language is not None:
        names = [name for name in names if name == f"{language}.txt"]
    parts: dict[str, list[str]] = {}
    unspaced: list[str] = []
    for name in sorted(names):
        part: list[str] = []
        text = (files(_FOLDER) / name).read_text(encoding="utf-8")
        for line in text.splitlines():
            if line.startswith("["):
                part = parts.setdefault(line.strip("[]"), [])
            elif not line.startswith("#"):
                part.append(line)
        if name.removesuffix(".txt") in _UNSPACED_LANGUAGES:
            unspaced += " ".join(parts.pop("leaning", [])).split()
    return _Words(
        abbreviations=_split(parts.get("abbreviations", ())),
        before_numbers=_split(parts.get("before numbers", ())),
        at_the_end=_split(parts.get("at the end, too", ())),
        ordinals="ordinals" in parts,
        leaning=_split(parts.get("leaning", ())),
        phrases=_phrases(parts.get("leaning phrases", ())),
        promotion=tuple((phrase, _alone(phrase)) for phrase in _phrases(parts.get("promotion", ()))),
        unspaced=tuple(unspaced),
    )


def _split(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(" ".join(lines).casefold().split())


def _phrases(lines: Iterable[str]) -> tuple[str, ...]:
    phrases = map(str.strip, " | ".join(lines).casefold().split("|"))
    return tuple(phrase for phrase in phrases if phrase)


def _alone(phrase: str) -> re.Pattern[str]:
    """Return a pattern of a phrase between other words, or anywhere in letters without blanks."""
    unspaced = re.search(rf"[{UNSPACED}]", phrase)
    return re.compile(re.escape(phrase) if unspaced else rf"(?<!\w){re.escape(phrase)}(?!\w)")
