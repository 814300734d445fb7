import pytest
from discord import ButtonStyle
from discord.ui import ActionRow, Button, LayoutView, TextDisplay

from tests.bot.views.hostile import SOUP
from tests.bot.views.judge import assert_fits, live_marks


@pytest.mark.parametrize(
    "text", [text for text in SOUP if set(text) & set("[<@`|_~#>*") and text not in {"**", "> "}]
)
def test_the_judge_sees_live_markup(text: str) -> None:
    assert live_marks("x" + text)


def test_the_judge_sees_too_much_text_and_a_custom_id_used_twice() -> None:
    long, twice = LayoutView(timeout=None), LayoutView(timeout=None)
    long.add_item(TextDisplay("🧵" * 2_001))
    twice.add_item(
        ActionRow(*[Button(style=ButtonStyle.primary, label="a", custom_id="a") for _ in range(2)])
    )
    for view in (long, twice):
        with pytest.raises(AssertionError):
            assert_fits(view)
