import pytest
from hypothesis import given

from bot.views.buttons import button_url, link_button
from tests.bot.views.hostile import texts


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "discord://x",
        "https://",
        "https://user@example.com/",
        "https://exam ple.com",
        "https://example.com/\n",
        "https://ex\u202eample.com/",
        "https://exämple.com/",
        "https://example.com:0/",
        "https://example.com:x/",
        "https://[::1/",
        "https://example.com/" + "a" * 500,
    ],
)
def test_an_address_unfit_for_a_link_makes_no_button(url: str | None) -> None:
    assert link_button("Full thread", url) is None


def test_the_first_fit_address_is_taken() -> None:
    button = link_button("Full thread", "javascript:a", "https://example.com/1")
    assert button is not None
    assert button.url == "https://example.com/1"


def test_what_an_address_may_not_hold_is_percent_encoded() -> None:
    assert button_url("https://example.com/ä?q=%20<b>#c") == "https://example.com/%C3%A4?q=%20%3Cb%3E#c"


@given(texts)
def test_no_address_makes_an_exception(text: str) -> None:
    for url in (text, f"https://{text}", f"https://example.com/{text}"):
        address = button_url(url)
        assert address is None or (address.isascii() and len(address) <= 512)
