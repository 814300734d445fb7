"""What every rendered message must satisfy, judged on the wire form and without the renderer's help."""

import re
import string
from collections.abc import Iterator
from typing import Any

from discord.ui import LayoutView

__all__ = ["assert_fits", "buttons", "displayed", "labels", "live_marks", "parts", "unescaped", "wide"]

MARKS = re.escape(string.punctuation)
#: What may be live: Bobbin's own markup, and links whose addresses hold nothing that would end them.
OURS = re.compile(
    r"\A(### |## |-# |> )|<t:-?\d+:[Dd]>|\[original\]\(<https?://[^\s()<>]+>\)|\*\*|`/[a-z]+`|[.,:;?()]"
)


def parts(view: LayoutView) -> list[dict[str, Any]]:
    """Return every component of the message with those inside it."""
    return list(_walk(view.to_components()))  # type: ignore[no-untyped-call]


def _walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for part in components:
        yield part
        yield from _walk(part.get("components", []))
        if "accessory" in part:
            yield part["accessory"]


def displayed(view: LayoutView) -> list[str]:
    return [part["content"] for part in parts(view) if part["type"] == 10]


def buttons(view: LayoutView) -> list[dict[str, Any]]:
    return [part for part in parts(view) if part["type"] == 2]


def labels(view: LayoutView) -> list[str]:
    return [button.get("label") or button["emoji"]["name"] for button in buttons(view)]


def wide(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def unescaped(markup: str) -> str:
    """Take away block quotes, bold and backslashes: what a reader sees of a quote."""
    lines = [line.removeprefix("> ") for line in markup.split("\n")]
    return re.sub(r"\\([\s\S])|\*\*", lambda match: match[1] or "", "\n".join(lines))


def live_marks(markup: str) -> str:
    """Return the punctuation that has no backslash before it and is not markup of our own."""
    kept = [OURS.sub("", re.sub(rf"\\[{MARKS}]", "", line)) for line in markup.split("\n")]
    return "".join(character for character in "".join(kept) if character in string.punctuation)


def assert_fits(view: LayoutView) -> None:
    there = parts(view)
    assert len(view.children) == 1
    assert len(there) <= 40
    assert wide("".join(displayed(view))) <= 4_000
    assert view.content_length() <= 4_000
    assert all(content.strip() for content in displayed(view))
    assert view.timeout is None
    for part in there:
        assert part["type"] in {1, 2, 9, 10, 14, 17}
    for button in buttons(view):
        assert 1 <= wide(button.get("label") or button["emoji"]["name"]) <= 80
        assert ("url" in button) != ("custom_id" in button)
        assert re.fullmatch(r"[!-~]{1,100}", button.get("custom_id", "-"))
        assert re.fullmatch(r"https?://[!-~]{1,504}", button.get("url", "https://-"))
    named = [part["custom_id"] for part in there if "custom_id" in part]
    assert len(named) == len(set(named))
