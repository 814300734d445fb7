from hypothesis import given
from hypothesis import strategies as st

from bot.views.limits import UNIT, clip, fit, units, weight, whole_before
from tests.bot.views.hostile import texts


@given(texts, st.integers(0, 60))
def test_what_is_clipped_never_exceeds_the_limit(text: str, limit: int) -> None:
    clipped = clip(text, limit)
    assert units(clipped) <= limit or clipped == text == ""
    assert clipped == text or text.startswith(clipped.removesuffix("…"))


@given(texts)
def test_a_text_that_fits_is_left_alone(text: str) -> None:
    assert clip(text, units(text)) == text


def test_units_are_those_of_utf_16() -> None:
    assert units("a🧵") == len("a🧵".encode("utf-16-le")) // 2 == 3


def test_a_text_is_cut_between_words() -> None:
    assert clip("spool thread bobbin", 15) == "spool thread…"


def test_a_long_word_is_cut_between_graphemes() -> None:
    assert clip("cafe\u0301s", 5) == "caf…"
    assert clip("a👩‍👩‍👧", 6) == "a…"
    assert clip("🇩🇪🇫🇷", 7) == "🇩🇪…"
    assert not whole_before("👍🏽", 1)


@given(texts, st.integers(1, 40))
def test_cuts_one_after_the_other_use_every_character_once(text: str, budget: int) -> None:
    costs, cuts = [1] * len(text), [0]
    while cuts[-1] < len(text):
        cuts.append(fit(text, costs, budget, cuts[-1]))
        assert 0 < cuts[-1] - cuts[-2] <= budget


@given(texts)
def test_units_and_weights_are_the_sums_of_those_of_the_characters(text: str) -> None:
    assert units(text) == sum(units(character) for character in text)
    assert weight(text) == sum(weight(character) for character in text)
    assert (weight("aé"), weight("…"), weight("🧵")) == (2 * UNIT, 27, 2 * UNIT)
