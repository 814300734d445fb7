"""What hangs on a post and is not its words: pictures, videos, quoted posts, addresses.

A post keeps them as lines of their own behind its text, each in brackets with its kind in front:
``[image: what its author says it shows]``. They cannot be taken for the author's sentences, and they can
be searched. A quoted post is an address: another author's words never stand in a post's text. A thread's id
is derived without these lines, so that the same thread has the same id in a form that knows nothing of
its pictures.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from retrieval.formats.fields import web_address
from retrieval.model import Post, identity
from retrieval.patterns import pattern

__all__ = [
    "Attachment",
    "attachment_line",
    "comparable_address",
    "id_without_attachments",
    "link_text",
    "with_lines",
    "without_attachments",
    "x_post_address",
]

_FILLERS: Final = frozenset({"", "image", "picture", "photo", "video", "gif", "embedded video"})
_LINE: Final = pattern(r"\[(?:image|video|quoted post|link): [^\n]*\]")
_STATUS: Final = pattern(r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/\w{1,30}/status(?:es)?/\d{1,19}")
_SCHEME: Final = pattern(r"^https?://(?:www\.)?|/$", re.IGNORECASE)
_LINKED: Final = "[link: "
_SERVICE: Final = "threadreaderapp.com/"
# So many addresses of one post are looked for in its text; no post has a tenth of them.
_LOOKED_FOR: Final = 1_000
_BLANK: Final = pattern(r"\s+")


class Attachment(StrEnum):
    """What hangs on a post."""

    IMAGE = "image"
    VIDEO = "video"
    QUOTED = "quoted post"
    LINK = "link"


def attachment_line(kind: Attachment, address: str | None, description: str | None = None) -> str | None:
    """Return an attachment's line: with its author's description, else with its address.

    ``None`` when neither says anything; what services write where a picture has no description
    ("Image") is no description. Only addresses on the web count.
    """
    content = _BLANK.sub(" ", description or "").strip()
    if content.casefold() in _FILLERS:
        content = _BLANK.sub("", address or "")
        if not web_address(content):
            return None
    return f"[{kind}: {content}]"


def comparable_address(address: str) -> str:
    """Return an address as it is compared: without scheme, ``www.``, last slash and case."""
    return _SCHEME.sub("", address.strip()).casefold()


def x_post_address(address: str | None) -> str | None:
    """Return the address of a post on X without what trails it, ``None`` for any other address."""
    match = _STATUS.match(address or "")
    return match[0] if match else None


def link_text(shown: str, address: str) -> tuple[str, str | None]:
    """Return what stands in the text for a link, and its line where the text does not tell its address.

    An address that was shortened for show ("lace.example/pi…") is written in full. Mentions, tags
    and links to the unrolling service have no line.
    """
    visible = shown.strip()
    if not visible or not web_address(address) or comparable_address(visible) == comparable_address(address):
        return shown, None
    if visible.endswith("…") and comparable_address(address).startswith(
        comparable_address(visible.removesuffix("…"))
    ):
        return shown.replace(visible, address), None
    if visible.startswith(("@", "#", "$")) or comparable_address(address).startswith(_SERVICE):
        return shown, None
    return shown, attachment_line(Attachment.QUOTED if x_post_address(address) else Attachment.LINK, address)


def with_lines(text: str, lines: Iterable[str]) -> str:
    """Return a post's text with the lines of its attachments behind it, each once.

    An address that stands in the text has no line, as far as the first thousand go.
    """
    made = list(dict.fromkeys(lines))
    shown = {one for one in made[:_LOOKED_FOR] if one.startswith(_LINKED) and one[7:-1] in text}
    kept = [one for one in made if one not in shown]
    return "\n".join(part for part in (text, *kept) if part)


def without_attachments(text: str) -> str:
    """Return a post's text without the lines of its attachments."""
    lines = text.split("\n")
    while lines and _LINE.fullmatch(lines[-1]):
        lines.pop()
    return "\n".join(lines)


def id_without_attachments(posts: Iterable[Post]) -> str:
    """Derive a thread's id from the words of its posts alone, as forms without attachments do."""
    return identity(without_attachments(post.text) or post.text for post in posts)
