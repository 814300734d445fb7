"""What Mastodon and its kin write as HTML, as the text that a reader sees; and their names and addresses."""

import re
from typing import Final

from selectolax.lexbor import LexborNode

from retrieval.model import Attachment, AttachmentKind
from retrieval.patterns import pattern
from retrieval.readers.attachments import attachment_of
from retrieval.readers.html_fragment import TextFlow, classes, parse_fragment, walk
from retrieval.readers.json.json_stream import clean_text

__all__ = ["MAX_NOTE_CHARACTERS", "account_handle", "mastodon_text"]

#: A note of more characters of HTML is cut here; servers allow a few thousand.
MAX_NOTE_CHARACTERS: Final = 500_000

_PARAGRAPHS: Final = frozenset({"p", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"})
_LINES: Final = frozenset({"div", "li"})
_UNSEEN: Final = frozenset({"script", "style", "template", "svg"})
_SCHEME: Final = pattern(r"^https?://(?:www\.)?|/$", re.IGNORECASE)
_PROFILE: Final = pattern(
    r"https?://(?P<host>[\w.-]+(?::\d+)?)/(?:@|users/|u/|profile/|accounts/)(?P<name>[\w.-]*[A-Za-z_][\w.-]*)"
)


def mastodon_text(html: str) -> tuple[str, tuple[Attachment, ...], bool]:
    """Return a note's text, the links that the text does not show, and whether it was cut.

    Paragraphs are an empty line apart, ``<br>`` is a newline. Inside a link, the parts that the server
    hides from view (``span.invisible``) belong to its address and join without a space.
    """
    flow = TextFlow()
    piece = parse_fragment(html[:MAX_NOTE_CHARACTERS])
    begun = apart = False
    for top in piece.nodes:
        for node, opening in walk(top, _shown):
            tag = node.tag or ""
            if not _shown(node):
                continue
            if tag in _PARAGRAPHS:
                apart = begun
            elif tag in _LINES:
                flow.block()
            elif tag == "br" and opening and not apart:
                flow.line()
            elif tag == "-text" and opening:
                words = node.text_content or ""
                if apart and not words.strip():
                    continue
                if apart:
                    flow.block()
                    flow.line()
                flow.add(words)
                begun, apart = True, False
    links = (
        _hidden(node.text(), node.attributes.get("href") or "")
        for top in piece.nodes
        for node, opening in walk(top, _shown)
        if opening and node.tag == "a"
    )
    return (
        clean_text(flow.text()),
        tuple(made for made in dict.fromkeys(links) if made),
        piece.cut or len(html) > MAX_NOTE_CHARACTERS,
    )


def account_handle(*addresses: object) -> str | None:
    """Return "@name@host" from the first address of a profile or of a post under one, else ``None``."""
    for address in addresses:
        match = _PROFILE.match(address) if isinstance(address, str) else None
        if match:
            return f"@{match['name']}@{match['host'].casefold()}"
    return None


def _shown(node: LexborNode) -> bool:
    """Return whether a node's inside is text of the note; a quotation's fallback is not."""
    tag = node.tag or ""
    return tag not in _UNSEEN and not (tag == "p" and "quote-inline" in classes(node))


def _hidden(shown: str, address: str) -> Attachment | None:
    """Return a link whose address stands behind other words."""
    words = shown.strip()
    if not words or words.startswith(("@", "#")) or _bare(words) == _bare(address):
        return None
    return attachment_of(AttachmentKind.LINK, address)


def _bare(address: str) -> str:
    return _SCHEME.sub("", address.strip()).casefold()
