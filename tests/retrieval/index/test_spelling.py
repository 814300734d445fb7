"""Words that are nearly right."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from retrieval.index.spelling import Speller, likeliest_words, phonetic_skeleton
from retrieval.index.vocabulary import Vocabulary

WORD = st.text(alphabet="abcdeghiknorstuvz", min_size=1, max_size=12)


def speller(*words: str, frequencies: list[int] | None = None) -> Speller:
    counts = frequencies or [1] * len(words)
    return Speller(Vocabulary.of(words), np.array(counts, np.int64))


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("Prigozin", "prigozhin"),
        ("negotiaton", "negotiation"),
        ("lukashenko", "lukashenka"),
        ("zelensky", "zelenskyy"),
        ("hrabour", "harbour"),
        ("acommodate", "accommodate"),
        ("recieve", "receive"),
    ],
)
def test_a_slip_finds_the_word_that_was_meant(written: str, known: str) -> None:
    others = ["prism", "negation", "lucas", "zealot", "labour", "accord", "relief"]
    assert speller(known, *others).near(written.casefold())[0][0] == known


@pytest.mark.parametrize("word", ["war", "2024", "bread", "xylophone"])
def test_short_words_numbers_and_strangers_have_no_neighbours(word: str) -> None:
    assert speller("wars", "2025", "read", "telephone").near(word) == []


def test_among_equally_near_words_the_more_frequent_is_likelier() -> None:
    assert [near for near, _ in speller("talker", "talked", frequencies=[1, 50]).near("talkex")] == [
        "talked",
        "talker",
    ]


def test_words_that_no_post_holds_are_nobodys_neighbours() -> None:
    assert [near for near, _ in speller("talker", "talked", frequencies=[0, 1]).near("talkex")] == ["talked"]


def test_transliterations_share_their_sound() -> None:
    assert phonetic_skeleton("zelensky") == phonetic_skeleton("zelenskyy") == phonetic_skeleton("selensky")
    assert phonetic_skeleton("prigozhin") == phonetic_skeleton("prigozin")
    assert phonetic_skeleton("harbour") != phonetic_skeleton("bakery")


@given(WORD, st.lists(WORD, min_size=1, max_size=30, unique=True))
def test_no_word_within_reach_is_missed_and_none_beyond_it_is_found(word: str, known: list[str]) -> None:
    near = {found for found, _ in speller(*known).near(word)}
    distances = {other: OSA.distance(word, other) for other in known}
    for reach in (1, 2):
        if any(distance <= reach for distance in distances.values()):
            break
    if len(word) < 4 or (reach == 2 and len(word) < 8):
        assert near == set()
    else:
        expected = {other for other, distance in distances.items() if distance <= reach}
        assert near == {other for other in expected if len(word) >= 6 or other[0] == word[0]}


def test_several_spellers_are_heard_together() -> None:
    heard = likeliest_words([("ship", 0.5), ("shop", 0.4), ("shop", 0.4), ("chip", 0.1), ("whip", 0.05)])
    assert [word for word, _ in heard] == ["shop", "ship", "chip"]
    assert heard[0][1] == 1.0
