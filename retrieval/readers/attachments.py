"""What hangs on a post and is not its words: pictures, videos, quoted posts, addresses.

A post keeps each as data, and as a line of its own behind its text, in brackets with its kind in front:
``[image: what its author says it shows]``. Lines cannot be taken for the author's sentences, and they can
be searched. A quoted post is an address: another author's words never stand in a post's text. A thread's id
is derived without these lines, so that the same thread has the same id in a form that knows nothing of
its pictures.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from retrieval.formats.fields import web_address
from retrieval.model import Attachment, AttachmentKind, Post, identity
from retrieval.patterns import pattern

__all__ = [
    "attachment_of",
    "comparable_address",
    "id_without_attachments",
    "link_text",
    "with_attachments",
    "without_attachments",
    "x_post_address",
]

_FILLERS: Final = frozenset({"", "image", "picture", "photo", "video", "gif", "embedded video"})
_LINE: Final = pattern(r"\[(?:image|video|quoted post|link): [^\n]*\]")
_STATUS: Final = pattern(r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/\w{1,30}/status(?:es)?/\d{1,19}")
_SCHEME: Final = pattern(r"^https?://(?:www\.)?|/$", re.IGNORECASE)
_SERVICE: Final = "threadreaderapp.com/"
# So many addresses of one post are looked for in its text; no post has a tenth of them.
_LOOKED_FOR: Final = 1_000
_BLANK: Final = pattern(r"\s+")


def attachment_of(kind: AttachmentKind, address: object, description: object = None) -> Attachment | None:
    """Return an attachment with as much of its address and of its author's description as there is.

    ``None`` when neither says anything; what services write where a picture has no description
    ("Image") is no description. Only addresses on the web count.
    """
    words = _BLANK.sub(" ", description).strip() if isinstance(description, str) else ""
    known = web_address(_BLANK.sub("", address)) if isinstance(address, str) else None
    if words.casefold() in _FILLERS:
        words = ""
    return Attachment(kind, known, words or None) if known or words else None


def comparable_address(address: str) -> str:
    """Return an address as it is compared: without scheme, ``www.``, last slash and case."""
    return _SCHEME.sub("", address.strip()).casefold()


def x_post_address(address: str | None) -> str | None:
    """Return the address of a post on X without what trails it, ``None`` for any other address."""
    match = _STATUS.match(address or "")
    return match[0] if match else None


def link_text(shown: str, address: str) -> tuple[str, Attachment | None]:
    """Return what stands in the text for a link, and the link where the text does not tell its address.

    An address that was shortened for show ("lace.example/pi…") is written in full. Mentions, tags
    and links to the unrolling service are no attachments.
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
    kind = AttachmentKind.QUOTED if x_post_address(address) else AttachmentKind.LINK
    return shown, attachment_of(kind, address)


def with_attachments(
    post: Post, attachments: Iterable[Attachment | None], beside: Iterable[Attachment] = ()
) -> Post:
    """Return a post with what hangs on it: each once as data, and each line once behind its text.

    A link whose address stands in the text is none, as far as the first thousand go. What is ``beside`` the
    text has no line.
    """
    made = list(dict.fromkeys(one for one in attachments if one is not None))
    apart = tuple(dict.fromkeys(beside))
    if not made:
        return replace(post, attachments=apart) if apart else post
    shown = {
        one
        for one in made[:_LOOKED_FOR]
        if one.kind is AttachmentKind.LINK and (one.description or one.address or "") in post.text
    }
    kept = tuple(one for one in made if one not in shown)
    lines = dict.fromkeys(one.line for one in kept)
    text = "\n".join(part for part in (post.text, *lines) if part)
    return replace(post, text=text, attachments=kept + apart)


def without_attachments(text: str) -> str:
    """Return a post's text without the lines of its attachments."""
    lines = text.split("\n")
    while lines and _LINE.fullmatch(lines[-1]):
        lines.pop()
    return "\n".join(lines)


def id_without_attachments(posts: Iterable[Post]) -> str:
    """Derive a thread's id from the words of its posts alone, as forms without attachments do."""
    return identity(without_attachments(post.text) or post.text for post in posts)
