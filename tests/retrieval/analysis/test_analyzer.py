"""What becomes of words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.analyzer import LANGUAGES, Analyzer, analyzer, term_mark

ENGLISH = analyzer("en")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NEGOTIATIONS", "negotiation"),
        ("Russia’s", "russia's"),
        ("Russia's", "Russia"),
        ("communiqué", "communique"),
        ("communique\u0301", "communiqué"),
        ("1,000,000", "1000000"),
        ("２０２４", "2024"),
        ("O’Neill", "O'Neill"),
        ("don’t know", "know"),
        ("_are_ voices", "voices"),
        ("set-piece", "set piece"),
        ("Straße", "STRASSE"),
    ],
)
def test_forms_of_one_word_share_their_terms(one: str, other: str) -> None:
    assert ENGLISH.terms(one) == ENGLISH.terms(other) != []


@pytest.mark.parametrize(
    "text", ["", "???", "who are you?", "https://example.org/putin", "— … 🧵", "isn’t it?"]
)
def test_what_has_no_subject_has_no_terms(text: str) -> None:
    assert ENGLISH.terms(text) == []


def test_handles_and_tags_are_found_whole_and_in_parts() -> None:
    assert set(ENGLISH.terms("@nytimes")) == {"@nytimes", "nytim"}
    assert {"#dailydigest", "daili", "digest"} <= set(ENGLISH.terms("#DailyDigest"))
    assert {"@snow_white", "snow", "white"} <= set(ENGLISH.terms("@snow_white"))


def test_decimals_and_thousands_are_told_apart() -> None:
    assert ENGLISH.terms("2.5 of 1,500 in 24/7") == ["2.5", "1500", "24", "7"]


def test_scripts_without_spaces_give_pairs_of_characters() -> None:
    assert analyzer("ja").terms("東京都 2024") == ["東京", "京都", "2024"]
    assert set(ENGLISH.terms("平和")) <= set(ENGLISH.terms("平和交渉"))


def test_marks_of_other_scripts_are_kept() -> None:
    assert analyzer("hi").terms("हिन्दी") == ["हिन्द"]
    assert analyzer("ru").terms("йод") == ["йод"]


def test_an_unknown_language_is_split_and_folded_but_not_stemmed() -> None:
    assert Analyzer("cy").terms("Negodiadau â’r Cremlín") == ["negodiadau", "ar", "cremlin"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_of_snowball_has_its_stemmer(language: str) -> None:
    assert analyzer(language).terms("2024 Kremlin")[0] == "2024"


@given(st.text())
def test_tokens_are_slices_in_order_that_never_overlap_but_for_pairs(text: str) -> None:
    tokens = ENGLISH.tokens(text)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)
    assert ENGLISH.terms(text) == [term for token in tokens for term in token.terms]
    assert "" not in ENGLISH.terms(text)


@given(st.text())
def test_a_mark_has_sixteen_bits(term: str) -> None:
    assert 0 <= term_mark(term.encode("utf-8", "ignore").decode()) < 2**16
