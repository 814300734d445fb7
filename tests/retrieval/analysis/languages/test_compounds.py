"""German compounds are found by their parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.analyzer import analyzer
from retrieval.analysis.languages.compounds import compound_parts


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("bundestagswahl", ("bundestag", "wahl")),
        ("unternehmensberatung", ("unternehmens", "beratung")),
        ("hauptstrasse", ("haupt", "strasse")),
        ("universitätsklinikum", ("universität", "klinikum")),
        ("deutschland", ()),
        ("zusammenarbeit", ()),
        ("haus", ()),
        ("qwertzuiopasdf", ()),
    ],
)
def test_a_compound_falls_into_words(compound: str, parts: tuple[str, ...]) -> None:
    assert compound_parts(compound, "de") == parts


def test_posts_hold_a_compound_and_its_parts() -> None:
    (token,) = analyzer("de").tokens("Bundestagswahl")
    assert token.words == ("bundestagswahl", "bundestag", "wahl")
    assert set(analyzer("de").terms("Wahl im Bundestag")) <= set(token.terms)


def test_other_languages_keep_their_words() -> None:
    assert compound_parts("bundestagswahl", "en") == ()
    assert analyzer("fr").words("bundestagswahl") == ["bundestagswahl"]


@given(st.text("aehrsntlbdgu", max_size=60))
def test_the_parts_stand_in_the_word_in_their_order(word: str) -> None:
    place = 0
    for part in compound_parts(word, "de"):
        place = word.index(part, place) + len(part)
