"""Typography in quotations: what does not count, what does, and where a text's parts and words are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.search.quote_text import (
    find_in,
    fold_text,
    is_too_short,
    nearest_window,
    parts_of,
    split_words,
    without_marks,
)


def stands_in(quote: str, text: str) -> bool:
    return find_in(fold_text(quote), fold_text(text)) is not None


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("I don't know - really", "I don’t know—really"),
        ('"Oui", dit-il', "« Oui », dit-il"),
        ("FINE ABC", "ﬁne ＡＢＣ"),
        ("café is", "cafe\u0301 is"),
        ("one\u00a0two  three\nfour", "one two three four"),
        ("soft\u00adened and joined\u200b up", "softened and joined up"),
        ("日本語です", "日本 語です"),
        ("wait ... what", "wait… what"),
        ("it is over.", "it is over, he said"),
        ("ΟΔΟΣ ΜΑΣ", "οδος μας"),
        ("see example.com/light/ho… now", "see https://www.example.com/light/house now"),
        ("see https://t.co/abc123 now", "see https://example.com/light/house now"),
        ("see https://example.com/ now", "see example.com now"),
    ],
)
def test_typography_does_not_count(quote: str, text: str) -> None:
    assert stands_in(quote, text)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("x2 is large", "x² is large"),
        ("room no 5", "room № 5"),
        ("in Massen getrunken", "in Maßen getrunken"),
        ("cafe is", "café is"),
        ("the cat", "the catalogue"),
        ("log is long", "catalog is long"),
        ("it costs 1", "it costs 1,500"),
        ("500 ships", "1,500 ships"),
        ("5 degrees", "-5 degrees"),
        ("violent protest", "non-violent protest"),
        ("we can", "we can't"),
        ("no where to go", "nowhere to go"),
        ("we won", "we, won"),
        ("see example.com/dark now", "see example.com/light now"),
        ("see example.com/dark… now", "see example.com/light now"),
    ],
)
def test_words_numbers_accents_and_other_signs_count(quote: str, text: str) -> None:
    assert not stands_in(quote, text)


@given(st.text(max_size=200))
def test_every_slice_of_a_folded_text_leads_back_into_the_original(text: str) -> None:
    folded = fold_text(text)
    for start in range(0, len(folded.text), 7):
        first, last = folded.slice_of(start, len(folded.text))
        assert 0 <= first < last <= len(text)


@given(st.text(st.characters(exclude_categories=["Cs", "Co"]), max_size=200))
def test_folding_again_changes_nothing_more_than_links(text: str) -> None:
    once = fold_text(text)
    if not once.links:
        assert fold_text(once.text).text.replace(" ", "") == once.text.replace(" ", "") or "." in text


def test_marks_bullets_and_spaces_around_a_quotation_are_left_out() -> None:
    for written in ("“So it is”", ' "So it is" ', "> So it is", "«So it is»", "- So it is", "“> So it is”"):
        assert without_marks(written) == "So it is"
    assert without_marks('"Yes" and "no"') == '"Yes" and "no"'


def test_parts_stand_between_marks_of_omission_but_not_inside_links() -> None:
    assert parts_of("We went … and [...] came home. (…) Fine") == ["We went", "and", "came home.", "Fine"]
    assert parts_of("See example.com/a/lo… and go") == ["See example.com/a/lo… and go"]
    assert parts_of("…only this") == ["only this"]


@pytest.mark.parametrize(
    ("quote", "short"),
    [
        ("three words here", True),
        ("a b c d", True),
        ("Hobson (1858–1940), Joseph", True),
        ("four words are enough", False),
        ("state-of-the-art three", True),
        ("吾輩は猫である", True),
        ("吾輩は猫である。名前はまだ無い。", False),
        ("", True),
    ],
)
def test_few_words_or_letters_are_too_short_in_every_script(quote: str, *, short: bool) -> None:
    assert is_too_short(quote) is short


def test_a_mark_parts_two_words_and_an_apostrophe_does_not() -> None:
    folded = fold_text("the “privileges” held, don’t they")
    words = split_words(folded)
    assert words.words == ("the", "'", "privileges", "'", "held", ",", "don't", "they")
    assert [folded.text[start:end] for start, end in words.slices] == list(words.words)


def test_the_nearest_window_takes_a_changed_word_in() -> None:
    text = split_words(fold_text("well then we did not climb the tower because it was late")).words
    start, end = nearest_window(["we", "did", "climb", "the", "tower"], text)
    assert list(text[start:end]) == ["we", "did", "not", "climb", "the", "tower"]
