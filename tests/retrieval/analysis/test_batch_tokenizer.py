"""Tokens found by array arithmetic are those that the analyzer finds."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.analyzer import LANGUAGES, Analyzer, analyzer
from retrieval.analysis.batch_tokenizer import BatchTokenizer
from retrieval.analysis.stop_words import languages

ENGLISH = analyzer("en")
#: What a token may be made of, end with, or be mistaken for.
PIECES = st.sampled_from(
    [
        *"ab1 9.,'’`´@#:/\n-‑&+(C_AwéЖ½²Ⅷʼ東ー🧵❤🇺🇦①\u0301\u2028\xa0ﷺ𝐀\ufe0f٫٬٣๑๕ｰﾞ한ガすเ的ข\u0345",
        *("C#", "C++", ".NET", "U.S.", "e-mail", "US", "May", "1990s"),
        *("www.", "http://", "1.5", "it's", "\x1c", "l'", "D’", "dell'", "Ankara'da"),
        *("Ђорђе", "行った", "のは", "在哪"),
    ]
)
#: Those that are read by a rule of their own, those with stop words or a stemmer, and one with neither.
EVERY = sorted({*languages(), *LANGUAGES, "ko", "lo", "cy"})
TEXTS = st.lists(st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=20)), max_size=8)


def read(reader: BatchTokenizer, known: list[str], texts: Sequence[str]) -> list[list[str]]:
    """The tokens of each text as written; ``known`` are those met so far."""
    tokens, widths = reader.read(texts)
    known += reader.fresh()
    listed = iter(tokens.tolist())
    found = [[known[next(listed)] for _ in range(width)] for width in widths.tolist()]
    assert next(listed, None) is None
    return found


def telling(surfaces: Sequence[str], reads: Analyzer = ENGLISH) -> list[str]:
    """Those tokens that stand for words."""
    return [surface for surface in surfaces if reads.spell(surface)]


def spelled(surfaces: Sequence[str], reads: Analyzer) -> list[str]:
    return [word for surface in surfaces for word in reads.spell(surface)]


def expected(text: str, reads: Analyzer = ENGLISH) -> list[str]:
    """The tokens as the language's own pattern finds them; those of a compound's parts are inside it."""
    found: list[tuple[int, int]] = []
    text = reads.quiet(text)
    for start, end, word in reads._found(text):
        if word or reads.spell(text[start:end]):
            found.append((start, end))
    return [text[start:end] for start, end in found]


def words(text: str, reads: Analyzer) -> list[str]:
    """The words of a text by the language's own pattern, whatever is in it."""
    return [word for token in reads.tokens(text) for word in token.words]


def every_letter() -> Iterator[str]:
    """Yield the letters up to the second plane; of long rows of one category every 16th, and both ends."""
    letters = (chr(number) for number in range(0x20100) if not 0xD800 <= number < 0xE000)
    for _, row in groupby(letters, key=category):
        alike = list(row)
        yield from alike if len(alike) < 64 else [*alike[:16], *alike[16:-16:16], *alike[-16:]]


@given(st.lists(TEXTS, max_size=3))
def test_tokens_are_those_of_the_analyzer(chunks: list[list[str]]) -> None:
    reader, known = BatchTokenizer(ENGLISH), list[str]()
    for texts in chunks:
        assert list(map(telling, read(reader, known, texts))) == list(map(expected, texts))
    assert len(known) == len(set(known))


@pytest.mark.slow
def test_every_letter_is_of_its_class() -> None:
    texts = [f"a{letter}b 1{letter}2 a'{letter} {letter}'b" for letter in every_letter()]
    assert list(map(telling, read(BatchTokenizer(ENGLISH), [], texts))) == list(map(expected, texts))


def test_long_tokens_are_distinguished_by_their_last_letter() -> None:
    texts = ["a" * length + end for length in range(1, 70) for end in "bc"]
    assert read(BatchTokenizer(ENGLISH), [], texts) == [[text] for text in texts]


def test_thousands_of_tokens_are_distinguished() -> None:
    texts = [
        " ".join(f"n{number}" for number in range(start, start + 100)) for start in range(0, 90_000, 100)
    ]
    reader, known = BatchTokenizer(ENGLISH), list[str]()
    for half in (texts[:450], texts[450:], texts):
        assert read(reader, known, half) == [text.split() for text in half]


@given(st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text()))
def test_surfaces_are_the_tokens_as_written(text: str) -> None:
    assert telling(ENGLISH.surfaces(text)) == expected(text)


@pytest.mark.slow
@pytest.mark.parametrize("language", EVERY)
@given(TEXTS)
def test_every_language_has_the_same_words_either_way(language: str, texts: list[str]) -> None:
    reads = analyzer(language)
    wanted = [words(text, reads) for text in texts]
    assert list(map(reads.words, texts)) == wanted
    assert [spelled(reads.surfaces(text), reads) for text in texts] == wanted
    found = read(BatchTokenizer(reads), [], texts)
    assert [spelled(surfaces, reads) for surfaces in found] == wanted
    for text, surfaces in zip(texts, found, strict=True):
        assert telling(surfaces, reads) == expected(text, reads) == telling(reads.surfaces(text), reads)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["fr", "ko"])
def test_every_letter_is_of_its_class_where_words_are_elided_or_hangul_is_cut(language: str) -> None:
    reads = analyzer(language)
    texts = [f"a{letter}b 1{letter}2 l'{letter} {letter}'b" for letter in every_letter()]
    found = [spelled(surfaces, reads) for surfaces in read(BatchTokenizer(reads), [], texts)]
    assert found == [words(text, reads) for text in texts]
