"""What posts of X have in common in every saved form: ids, times, addresses, short links, escapes."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from retrieval.model import AttachmentKind
from retrieval.patterns import pattern
from retrieval.readers.json.json_stream import clean_text
from retrieval.readers.x_ids import unescape, x_post_id, x_post_url

__all__ = [
    "display_text",
    "leading_mention",
    "own_medium",
    "post_url",
    "x_handle",
    "x_id",
]

_HANDLE: Final = pattern(r"@?(\w{1,30})", re.ASCII)
_MENTION: Final = pattern(r"\s*@(\w{1,30})\b", re.ASCII)
_SHORT: Final = pattern(r"https?://t\.co/\w+")
_MEDIUM: Final = pattern(
    r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/\w+/status/(?P<id>\d+)/(?P<kind>photo|video)/\d+"
)
_END: Final = 2**63


def x_id(value: object) -> str | None:
    """Return a post's or an account's id as text, ``None`` for what cannot be one.

    A number that went through a program which knows only floats has lost its last digits, so it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    # A longer number is no id, and turning it to text would cost by the square of its length.
    return x_post_id(value if isinstance(value, str) else str(value) if abs(value) < _END else None)


def x_handle(value: object) -> str | None:
    """Return an account's handle with its "@", ``None`` for what cannot be one."""
    match = _HANDLE.fullmatch(value) if isinstance(value, str) else None
    return f"@{match[1]}" if match else None


def post_url(author: str | None, identified: str | None) -> str | None:
    """Return the address of a post by its author's handle and its id, ``None`` where either is unknown."""
    return x_post_url(author.removeprefix("@") if author else None, identified)


def leading_mention(text: str) -> str | None:
    """Return the handle that a text begins with, which X puts before every reply to another account."""
    match = _MENTION.match(text)
    return f"@{match[1]}" if match else None


def own_medium(expanded: str | None, post: str) -> AttachmentKind | None:
    """Return what kind of picture of the post itself an address shows, ``None`` for any other address."""
    match = _MEDIUM.fullmatch(expanded or "")
    if match is None or match["id"] != post:
        return None
    return AttachmentKind.IMAGE if match["kind"] == "photo" else AttachmentKind.VIDEO


def display_text(raw: str, links: Mapping[str, str], dropped: Iterable[str] = ()) -> str:
    """Return a post's raw text as it is read: short links in full, escapes undone.

    ``links`` are short links with the address behind each; those ``dropped`` stand for the post's own
    pictures and go. Links are expanded before escapes are undone, in one pass each.
    """
    gone = frozenset(dropped)

    def full(match: re.Match[str]) -> str:
        return "" if match[0] in gone else links.get(match[0], match[0])

    return clean_text(unescape(_SHORT.sub(full, raw)))
