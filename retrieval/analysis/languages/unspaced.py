"""Scripts without spaces: runs of Chinese, Japanese, Thai, Lao, Khmer and Burmese fall into small pieces.

There is no dictionary here. A run gives overlapping pairs of letters, as they are read: a consonant with
its vowel signs is one. Where the collection's language is known, its function words part a run first,
since a pair that reaches from one word into the next is found nowhere else and would make every question
look strange to the archive:

- Chinese: the characters between function words, alone and in pairs, for many words are one character.
- Japanese: kanji and katakana in pairs, a kanji alone where kana stand around it or inflect it; hiragana
  that only inflect the kanji before them, or are particles, are left out.
- Thai: pairs of syllable parts between function words.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import pairwise

import regex

from retrieval.analysis.languages.letters import letters_of
from retrieval.analysis.stop_words import stop_words

__all__ = ["SCRIPTS", "UNSPACED", "pieces"]

#: The scripts without spaces, as the inside of a regular expression's character class.
SCRIPTS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"

#: The languages whose words fall into pieces; Korean has spaces, but no stemmer that takes its particles off.
UNSPACED = frozenset({"zh", "ja", "ko", "th", "lo", "km", "my"})

#: A letter with what is written around it: vowel signs before and after, marks, subscript consonants.
_LETTER = regex.compile(
    r"[เแโใไເແໂໃໄ]?.(?:[\p{M}ำຳﾞﾟ]|(?<=[\u17d2\u1039])\p{L})*",
    regex.DOTALL,
)
_KANA_AND_KANJI = regex.compile(
    r"(?P<kanji>\p{Han}+)|(?P<katakana>[\p{Katakana}ーｰﾞﾟ]+)|(?P<hiragana>[\p{Hiragana}ー]+)|(?P<other>.)",
    regex.DOTALL,
)
_ASKING_KANJI = regex.compile(r"何[時故]?|誰|私$")
#: Hiragana that is no particle and no form of する: the kanji before it is a verb or an adjective by itself.
_INFLECTED = regex.compile(r"(?![はがをにのへともでやかしさすだなま])\p{Hiragana}")
#: Hiragana behind a kanji inflect it, up to so many.
_INFLECTION = 3
#: Shorter Thai function words are parts of too many others.
_TELLING = 3
_SHORT_BUT_TELLING = frozenset({"ใน", "จะ", "ก็"})

Slice = tuple[int, int]


def pieces(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int, str]]:
    """Yield the pieces of the run ``[start:end]``: where each starts and ends, and its folded form.

    They come in the order of their starts and may overlap.
    """
    slices: Iterable[Slice]
    if language == "ja":
        slices = _japanese(text, start, end)
    elif language == "zh":
        # Function words are known in simplified characters, each of which stands for one traditional one.
        simplified = text[start:end].translate(letters_of(language).same)
        inside = _between(simplified, 0, end - start, _chinese(), _alone_and_in_pairs)
        slices = ((start + first, start + last) for first, last in inside)
    elif language == "th":
        slices = _between(text, start, end, _thai(), _pairs)
    else:
        slices = _pairs(text, start, end)
    normal = letters_of(language).normal
    for first, last in slices:
        yield first, last, normal(text[first:last])


def _letters(text: str, start: int, end: int) -> list[Slice]:
    return [match.span() for match in _LETTER.finditer(text, start, end)]


def _pairs(text: str, start: int, end: int) -> Iterable[Slice]:
    letters = _letters(text, start, end)
    if len(letters) == 1:
        return letters
    return [(first, last) for (first, _), (_, last) in pairwise(letters)]


def _alone_and_in_pairs(text: str, start: int, end: int) -> Iterable[Slice]:
    letters = _letters(text, start, end)
    return sorted({*letters, *((first, last) for (first, _), (_, last) in pairwise(letters))})


def _between(
    text: str,
    start: int,
    end: int,
    stops: regex.Pattern[str],
    cut: Callable[[str, int, int], Iterable[Slice]],
) -> Iterator[Slice]:
    """Yield function words as they are, and what stands between them cut up."""
    for stop in stops.finditer(text, start, end):
        first, last = stop.span()
        if start < first:
            yield from cut(text, start, first)
        yield first, last
        start = last
    if start < end:
        yield from cut(text, start, end)


def _japanese(text: str, start: int, end: int) -> Iterator[Slice]:
    before = text[start - 1] if start else " "
    joined = "other" if before.isalnum() else ""
    for run in _KANA_AND_KANJI.finditer(text, start, end):
        first, last = run.span()
        if run.lastgroup == "kanji":
            asking = _ASKING_KANJI.match(text, first, last)
            if asking:
                yield asking.span()
                first = asking.end()
            if first < last:
                yield from _pairs(text, first, last)
            if last - first > 1 and _INFLECTED.match(text, last):
                yield last - 1, last
        elif run.lastgroup == "hiragana":
            yield from _hiragana(text, first, last, joined)
        else:
            yield from _pairs(text, first, last)
        joined = run.lastgroup or ""


def _hiragana(text: str, start: int, end: int, joined: str) -> Iterable[Slice]:
    """Cut hiragana up, without the particles at its ends and the inflection of a kanji before it."""
    head, tail = _particles()
    closing = tail.search(text, start, end)
    last = closing.start() if closing else end
    opening = head.match(text, start, last) if joined else None
    first = opening.end() if opening else start
    inflects = joined == "kanji" and first == start
    if last - first <= (_INFLECTION if inflects else 1) and (joined or closing):
        return []
    return _pairs(text, first, last)


def _longest(words: Iterable[str]) -> str:
    return "|".join(map(regex.escape, sorted(words, key=lambda word: (-len(word), word))))


@cache
def _chinese() -> regex.Pattern[str]:
    return regex.compile(_longest(stop_words("zh")))


@cache
def _thai() -> regex.Pattern[str]:
    telling = (word for word in stop_words("th") if len(word) >= _TELLING or word in _SHORT_BUT_TELLING)
    return regex.compile(rf"(?:{_longest(telling)})(?![\p{{M}}ำ])")


@cache
def _particles() -> tuple[regex.Pattern[str], regex.Pattern[str]]:
    """Return patterns of the function words at the start and at the end of a run of hiragana."""
    words = _longest(word for word in stop_words("ja") if regex.fullmatch(r"\p{Hiragana}+", word))
    return regex.compile(f"(?:{words})+"), regex.compile(f"(?:{words})+$")
