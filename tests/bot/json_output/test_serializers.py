import json

from hypothesis import example, given
from hypothesis import strategies as st

from bot.json_output import serializers


@given(st.text())
@example("\x9b2J \u202e \u2028 \ud800 \U000e0041 \x7f")
def test_json_says_every_text_and_moves_no_terminal(text: str) -> None:
    written = serializers.dumps({"text": text})
    assert json.loads(written) == {"text": text}
    assert written.encode("utf-8")
    assert not set(written) & {"\x1b", "\x7f", "\x9b", "\u202e", "\u2028", "\u200b", "\U000e0041"}
