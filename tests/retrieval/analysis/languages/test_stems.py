"""Our own light stemmers: forms of one word meet, other words stay apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.languages import arabic, ukrainian

LETTERS = "абвгдеєжзиіїйклмнопрстуфхцчшщьюя"


@pytest.mark.parametrize(
    "forms",
    [
        "переговори переговорів переговорам переговорах переговорами",
        "війна війни війну війною війні",
        "київ києва києві києвом",
        "харків харкова харкову",
        "питання питань питанню питанням",
        "вибори виборів виборами",
        "державний державного державних державною",
        "місто міста містами містах",
        "голосувати голосує голосували голосування",
        "домовитися домовився домовилися",
    ],
)
def test_forms_of_a_ukrainian_word_share_their_stem(forms: str) -> None:
    assert len({ukrainian.stem(form) for form in forms.split()}) == 1


def test_other_ukrainian_words_stay_apart() -> None:
    words = "мир війна вибір виборець голос голова держава закон армія місяць місто мова країна"
    assert len({ukrainian.stem(word) for word in words.split()}) == len(words.split())


@pytest.mark.parametrize("forms", ["مفاوضات المفاوضات والمفاوضات بالمفاوضات", "صياد الصياد صيادين الصيادون"])
def test_forms_of_an_arabic_word_share_their_stem(forms: str) -> None:
    assert len({arabic.stem(form) for form in forms.split()}) == 1


@given(st.text(LETTERS, min_size=1))
def test_a_ukrainian_stem_is_never_empty_nor_longer_than_its_word(word: str) -> None:
    assert 0 < len(ukrainian.stem(word)) <= len(word)


@given(st.text("ابتجدرسعفقكلمنهويةى", min_size=1))
def test_an_arabic_stem_is_the_inside_of_its_word(word: str) -> None:
    assert arabic.stem(word)
    assert arabic.stem(word) in word
