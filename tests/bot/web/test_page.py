import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import LANGUAGES
from bot.web.page import preferred_language


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr, uk;q=0.4, de;q=0.3", "uk"),
        ("en;q=0.1, uk;q=0", "en"),
        ("de;q=x, en", "en"),
        ("*", "en"),
        ("", "en"),
    ],
)
def test_the_best_of_the_languages_spoken_is_chosen(accepted: str, language: str) -> None:
    assert preferred_language(accepted) == language


@given(st.text(max_size=80))
def test_any_header_gives_a_language(accepted: str) -> None:
    assert preferred_language(accepted) in LANGUAGES
