"""What is inside a post on an unrolled HTML page: its words, and what hangs on it."""

import re
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborNode

from retrieval.formats.fields import web_address
from retrieval.model import Attachment, AttachmentKind
from retrieval.patterns import pattern
from retrieval.readers.attachments import attachment_of, comparable_address, link_text, x_post_address
from retrieval.readers.html_fragment import TextFlow, classes, walk

__all__ = ["PAGE_CLASSES", "UNSEEN", "PostBody", "read_body"]

#: Tags that show no words of people.
UNSEEN: Final = frozenset({"button", "form", "noscript", "script", "style", "svg", "template", "textarea"})
#: Parts of the page that never stand inside a post; where one does, the post was not closed.
PAGE_CLASSES: Final = frozenset(
    {"box-user", "card-tweets", "card-tweetsv2", "t-main", "t-tweet", "thread-card", "thread-info"}
)
_BLOCKS: Final = frozenset({"div", "p", "li", "ul", "ol", "pre", "hr", "h1", "h2", "h3", "h4", "section"})
_LINK_CARD: Final = "entity-url-preview"
# What the page writes where the quoted post is not loaded.
_LOADING: Final = pattern(
    r"external tweet loading\.*|if nothing shows, it may have been deleted|by @\w+"
    r"|view original on (?:twitter|x)|https?://\S+|[\s.…]+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PostBody:
    """A post's words and its attachments.

    ``quoted`` counts quoted posts whose words the page shows, ``cards`` the previews of linked pages;
    neither are the author's words, so only their addresses are kept. ``spilled`` says that the post
    was not closed and ended where the page's own parts begin. ``tokens`` are what the page takes for the
    author's numbers; lists inside a post are among them.
    """

    text: str
    attachments: tuple[Attachment, ...] = ()
    quoted: int = 0
    cards: int = 0
    spilled: bool = False
    tokens: frozenset[str] = frozenset()


def read_body(post: LexborNode) -> PostBody:
    """Return what a post's element holds."""
    return _Reading().read(post)


class _Reading:
    """One walk through one post."""

    def __init__(self) -> None:
        self._flow = TextFlow()
        # In the order in which they were found; a set would lose it.
        self._attachments: dict[Attachment, None] = {}
        self._addresses: set[str] = set()
        self._carded: list[str] = []
        self._tokens: set[str] = set()
        self._quoted = 0
        self._cards = 0
        self._inside = True

    def read(self, post: LexborNode) -> PostBody:
        spilled = False
        for node, opening in walk(post, lambda _: self._inside):
            tag = node.tag or ""
            if not opening:
                if tag in _BLOCKS:
                    self._flow.block()
                continue
            self._inside = True
            if tag == "-text":
                self._flow.add(node.text_content or "")
            elif tag == "br":
                self._flow.line()
            elif node.mem_id != post.mem_id and classes(node) & PAGE_CLASSES:
                spilled = True
                break
            else:
                self._inside = self._element(node, tag, classes(node))
        for address in self._carded:
            if comparable_address(address) not in self._addresses:
                self._attach(AttachmentKind.LINK, address)
        attachments, tokens = tuple(self._attachments), frozenset(self._tokens)
        return PostBody(self._flow.text(), attachments, self._quoted, self._cards, spilled, tokens)

    def _element(self, node: LexborNode, tag: str, names: frozenset[str]) -> bool:
        """Take in an element; return whether its inside is to be walked."""
        if tag in UNSEEN or "tw-permalink" in names or (tag == "i" and any(n[:2] == "fa" for n in names)):
            return False
        if _LINK_CARD in names:
            self._cards += 1
            self._carded += [a.attributes.get("href") or "" for a in node.css("a[href]")][:1]
            return False
        match tag:
            case "img":
                self._image(node, names)
            case "video":
                self._attach(AttachmentKind.VIDEO, _video(node))
            case "iframe":
                self._frame(node)
            case "blockquote":
                return self._quotation(node)
            case "a":
                return self._link(node, names)
            case _:
                if tag in _BLOCKS:
                    self._flow.block()
                if "nop" in names:
                    self._tokens.add(node.text().strip())
                return True
        return False

    def _attach(self, kind: AttachmentKind, address: str | None, description: str | None = None) -> None:
        self._flow.gap()
        made = attachment_of(kind, address, description)
        if made:
            self._attachments[made] = None

    def _image(self, node: LexborNode, names: frozenset[str]) -> None:
        attributes = node.attributes
        alt, shown = attributes.get("alt"), attributes.get("src") or ""
        if alt and (any("emoji" in name for name in names) or "/emoji/" in shown):
            self._flow.add(alt)
            return
        parent = node.parent.attributes.get("href") if node.parent and node.parent.tag == "a" else None
        candidates = (attributes.get("data-src"), parent, shown)
        address = next(filter(web_address, candidates), None)
        self._attach(AttachmentKind.IMAGE, address, alt)

    def _frame(self, node: LexborNode) -> None:
        quoted = node.attributes.get("data-tweet-id") or ""
        if quoted.isdecimal():
            self._attach(AttachmentKind.QUOTED, f"https://x.com/i/status/{quoted}")
        else:
            self._attach(AttachmentKind.VIDEO, node.attributes.get("src"))

    def _quotation(self, node: LexborNode) -> bool:
        """Keep the address of a quoted post; a quotation without one is the author's own text."""
        addresses = [
            known for a in node.css("a[href]") if (known := x_post_address(a.attributes.get("href")))
        ]
        if not addresses:
            self._flow.block()
            return True
        self._attach(AttachmentKind.QUOTED, addresses[-1])
        self._quoted += bool(_LOADING.sub("", node.text()))
        return False

    def _link(self, node: LexborNode, names: frozenset[str]) -> bool:
        """Write a shortened address in full; keep an address that the text does not show."""
        shown, address = node.text(), node.attributes.get("href") or ""
        self._addresses.add(comparable_address(address))
        if names & {"entity-mention", "entity-hashtag"}:
            return True
        written, made = link_text(shown, address)
        if made:
            self._attachments[made] = None
        if written != shown:
            self._flow.add(written)
        return written == shown


def _video(node: LexborNode) -> str | None:
    """Return a video's file, else a picture of it."""
    sources = [source.attributes for source in node.css("source")]
    files = [known.get("src") for known in sources if known.get("type") == "video/mp4"]
    files += [known.get("src") for known in sources]
    files += [node.attributes.get("src"), node.attributes.get("poster")]
    return next(filter(web_address, files), None)
