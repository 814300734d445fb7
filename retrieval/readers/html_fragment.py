"""Pieces of HTML: parsed behind a cap, walked without recursion, and put to text as a browser shows it.

selectolax (Lexbor) reads what browsers read, by the same rules, compiled. It has two weaknesses, both
quadratic: each ``<div>`` looks through all elements that are open, so 100,000 of them cost ten seconds,
and each attribute looks through all of its tag. Depth never exceeds the number of tags, nor attributes that
of words, so the caps are on tags, on words and on the attributes of one tag, and these are counted without
parsing.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from retrieval.patterns import pattern

__all__ = [
    "MOST_ATTRIBUTES",
    "MOST_CHARACTERS",
    "MOST_TAGS",
    "MOST_WORDS",
    "HtmlFragment",
    "TextFlow",
    "classes",
    "count_words",
    "parse_fragment",
    "walk",
]

#: So many open elements cost less than a millisecond at the very worst, and no post has half as many.
MOST_TAGS: Final = 600

#: So many attributes cost a tag about a millisecond, and no tag has a tenth of them.
MOST_ATTRIBUTES: Final = 1_000

#: A tag of so many attributes costs a second; the longest post has a third as many words.
MOST_WORDS: Final = 20_000

#: Without pictures that are written into the page itself.
MOST_CHARACTERS: Final = 2**20

# What can be open: all but the elements that hold nothing.
_TAG: Final = pattern("<(?!(?:br|hr|img|source|wbr)[\\s/>])[a-z]", re.IGNORECASE)
# An attribute as HTML's tokenizer reads it, and a tag up to the first attribute that is too many.
_ATTRIBUTE: Final = r"""[\s/]++[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
_CROWDED: Final = pattern(
    rf"<[a-z][^\s/>]*+(?:{_ATTRIBUTE}){{0,{MOST_ATTRIBUTES}}}+(?P<more>{_ATTRIBUTE})?", re.IGNORECASE
)
_WORD: Final = pattern(r"[^\s/\"']+")
# A picture inside its own address: nothing to read, and thousands of words to the count above.
_INLINE: Final = pattern(r"data:[a-z]{1,12}/[^\"'\s<>]{64,}", re.IGNORECASE)
_BLANK: Final = pattern(r"[ \t\n\r\f]+")
_BREAKS: Final = frozenset("\n\r\f")
_SPACE: Final = " \t"


@dataclass(frozen=True, slots=True)
class HtmlFragment:
    """The nodes of a piece of HTML, in order; ``cut`` says that there was more than was parsed."""

    nodes: tuple[LexborNode, ...]
    cut: bool = False


def count_words(html: str) -> int:
    """Return how many words there are; no tag has more attributes, and none costs more than their square."""
    return min(MOST_WORDS, sum(1 for _ in _WORD.finditer(_INLINE.sub("data:,", html))))


def parse_fragment(html: str, *, most: int = MOST_TAGS) -> HtmlFragment:
    """Parse a piece of HTML as if it stood in a page's body.

    Behind ``most`` tags it is cut, as behind ``MOST_WORDS`` words and ``MOST_CHARACTERS``, and in front of a
    tag of more than ``MOST_ATTRIBUTES``. No input raises; a tag that never ends is text, as it is to a
    browser.
    """
    whole = _INLINE.sub("data:,", html)
    tag = next(islice(_TAG.finditer(whole), most, None), None)
    word = next(islice(_WORD.finditer(whole), MOST_WORDS, None), None)
    crowded = next((found for found in _CROWDED.finditer(whole) if found["more"]), None)
    stops = [found.start() for found in (tag, word, crowded) if found]
    stop = min([len(whole), MOST_CHARACTERS, *stops])
    body = LexborHTMLParser(f"<!doctype html><body>{whole[:stop]}").body
    return HtmlFragment(tuple(_siblings(body.first_child)) if body else (), stop < len(whole))


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


def _spaced(blank: re.Match[str]) -> str:
    return blank[0] if _BREAKS.isdisjoint(blank[0]) else " "


class TextFlow:
    """Text as it flows on a page, gathered piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._apart = False

    def add(self, text: str) -> None:
        """Add the text of one node; line breaks of the source are spaces."""
        text = _BLANK.sub(_spaced, text)
        before = self._pieces[-1][-1] if self._pieces else ""
        if before in {" ", "\t"}:
            text = text.lstrip(_SPACE)
        elif self._apart and before not in {"", "\n"} and text[:1] not in {"", *_SPACE}:
            text = f" {text}"
        if text:
            self._apart = False
            self._pieces.append(text)

    def add_verbatim(self, text: str) -> None:
        """Add text whose line breaks are the author's, as a page with ``white-space: pre-wrap`` shows it."""
        if text:
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
