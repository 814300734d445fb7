"""Pieces of HTML: parsed behind a cap, walked without recursion, and put to text as a browser shows it.

selectolax (Lexbor) reads what browsers read, by the same rules, compiled. Its one weakness is depth: each
``<div>`` looks through all that are open, so 100,000 of them cost seconds. Depth never exceeds the number
of tags, so the cap is on tags, which are counted without parsing.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["MOST_TAGS", "Flow", "Fragment", "classes", "fragment", "walk"]

#: At 4,000 open elements a tag costs some 8 µs, so a fragment some 30 ms at the very worst.
MOST_TAGS: Final = 4_000

_TAG: Final = re.compile("<[a-z]", re.IGNORECASE)
# A newline in the source is white space like any other; double spaces are left to the author.
_SOURCE_BREAK: Final = re.compile(r"[ \t]*[\n\r\f][ \t\n\r\f]*")
_SPACE: Final = " \t"


@dataclass(frozen=True, slots=True)
class Fragment:
    """The nodes of a piece of HTML, in order; ``cut`` says that it had more tags than were parsed."""

    nodes: tuple[LexborNode, ...]
    cut: bool = False


def fragment(html: str, *, most: int = MOST_TAGS) -> Fragment:
    """Parse a piece of HTML as if it stood in a page's body; behind ``most`` tags it is cut.

    No input raises; a tag that never ends is text, as it is to a browser.
    """
    cut = False
    for count, tag in enumerate(_TAG.finditer(html)):
        if count == most:
            html, cut = html[: tag.start()], True
            break
    body = LexborHTMLParser(f"<!doctype html><body>{html}").body
    return Fragment(tuple(_siblings(body.first_child)) if body else (), cut)


def _siblings(node: LexborNode | None) -> Iterator[LexborNode]:
    while node is not None:
        yield node
        node = node.next


def walk(top: LexborNode, into: Callable[[LexborNode], bool]) -> Iterator[tuple[LexborNode, bool]]:
    """Yield each node with ``True`` on the way in and ``False`` on the way out, in the page's order.

    ``into`` decides whether the nodes inside are walked, too. Depth costs no stack.
    """
    node, opening = top, True
    while True:
        yield node, opening
        inside = node.first_child if opening and into(node) else None
        if inside is not None:
            node = inside
        elif opening:
            opening = False
        elif node.mem_id == top.mem_id:
            return
        elif (following := node.next) is not None:
            node, opening = following, True
        else:
            parent = node.parent
            if parent is None:
                return
            node = parent


def classes(node: LexborNode) -> frozenset[str]:
    """Return the names in a node's ``class``."""
    return frozenset((node.attributes.get("class") or "").split())


class Flow:
    """Text as it flows on a page, gathered piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._apart = False

    def add(self, text: str) -> None:
        """Add the text of one node; line breaks of the source are spaces."""
        text = _SOURCE_BREAK.sub(" ", text)
        before = self._pieces[-1][-1] if self._pieces else ""
        if before in {" ", "\t"}:
            text = text.lstrip(_SPACE)
        elif self._apart and before not in {"", "\n"} and text[:1] not in {"", *_SPACE}:
            text = f" {text}"
        if text:
            self._apart = False
            self._pieces.append(text)

    def gap(self) -> None:
        """Note that something was taken out here: the text around it is kept one space apart."""
        self._apart = True

    def line(self) -> None:
        """Break the line, as ``<br>`` does."""
        self._pieces.append("\n")

    def block(self) -> None:
        """Begin a line unless one has just begun, as the bounds of a ``<div>`` or ``<p>`` do."""
        if self._pieces and self._pieces[-1].rstrip(_SPACE)[-1:] != "\n":
            self._pieces.append("\n")

    def text(self) -> str:
        """Return the text, without white space around its lines and empty lines around it."""
        return "\n".join(line.strip(_SPACE) for line in "".join(self._pieces).split("\n")).strip("\n ")
