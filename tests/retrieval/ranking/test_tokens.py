"""Tokens found by array arithmetic are those that the analyzer finds."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from retrieval.analyzer import analyzer
from retrieval.ranking.tokens import TokenReader

ENGLISH = analyzer("en")
#: What a token may be made of, end with, or be mistaken for.
PIECES = st.sampled_from(
    [*"ab1 9.,'’`´@#:/\n-_AwéЖ½²Ⅷʼ東ー🧵①\u0301\u2028\xa0ﷺ𝐀\ufe0f", "www.", "http://", "1.5", "it's", "\x1c"]
)
TEXTS = st.lists(st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=20)), max_size=8)


def read(reader: TokenReader, known: list[str], texts: Sequence[str]) -> list[list[str]]:
    """The tokens of each text that stand for words; ``known`` are those met so far."""
    tokens, widths = reader.read(texts)
    known += reader.fresh()
    listed = iter(tokens.tolist())
    found = [[known[next(listed)] for _ in range(width)] for width in widths.tolist()]
    assert next(listed, None) is None
    return [[token for token in text if ENGLISH.spell(token)] for text in found]


def expected(text: str) -> list[str]:
    return [text[token.start : token.end] for token in ENGLISH.tokens(text) if token.words]


@given(st.lists(TEXTS, max_size=3))
def test_tokens_are_those_of_the_analyzer(chunks: list[list[str]]) -> None:
    reader, known = TokenReader(ENGLISH), list[str]()
    for texts in chunks:
        assert read(reader, known, texts) == list(map(expected, texts))
    assert len(known) == len(set(known))


def test_every_letter_is_of_its_class() -> None:
    letters = [chr(number) for number in range(0x20100) if not 0xD800 <= number < 0xE000]
    texts = [f"a{letter}b 1{letter}2 a'{letter} {letter}'b" for letter in letters]
    assert read(TokenReader(ENGLISH), [], texts) == list(map(expected, texts))


def test_long_tokens_are_told_apart_by_their_last_letter() -> None:
    texts = ["a" * length + end for length in range(1, 70) for end in "bc"]
    assert read(TokenReader(ENGLISH), [], texts) == [[text] for text in texts]


def test_thousands_of_tokens_are_told_apart() -> None:
    texts = [
        " ".join(f"n{number}" for number in range(start, start + 100)) for start in range(0, 90_000, 100)
    ]
    reader, known = TokenReader(ENGLISH), list[str]()
    for half in (texts[:450], texts[450:], texts):
        assert read(reader, known, half) == [text.split() for text in half]


@given(st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text()))
def test_surfaces_are_the_tokens_as_written(text: str) -> None:
    found = [surface for surface in ENGLISH.surfaces(text) if ENGLISH.spell(surface)]
    assert found == expected(text)
