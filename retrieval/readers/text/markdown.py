"""Markdown made plain, line by line: pictures and links taken out, the words left as they were written."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from retrieval.model import Attachment, AttachmentKind
from retrieval.patterns import pattern
from retrieval.readers.attachments import attachment_of, link_text
from retrieval.readers.decoding import ANCHOR, is_blank

__all__ = ["IMAGE", "LINK_CARD", "PlainMarkdown", "count_constructs", "plain_lines"]

LINK_CARD: Final = "preview of a linked page (its address is kept)"
HEADING: Final = "heading (the thread's title)"
RULE: Final = "line drawn between posts"
EXCERPT: Final = "excerpt that the clipper puts above the text"


def _target(name: str) -> str:
    """Return the pattern of a link's target, its address in a group of that name."""
    address = rf"(?P<{name}>(?:[^()\s<>]++|\([^()\s]*+\))*+)"
    return rf"\(\s{{0,3}}<?{address}>?(?:\s{{1,3}}\"[^\"]*\")?\s{{0,3}}\)"


IMAGE: Final = pattern(rf"!\[(?P<alt>[^\[\]]*)\]{_target('source')}")
_LINKED_IMAGE: Final = pattern(rf"\[!\[(?P<alt>[^\[\]]*)\]{_target('source')}\s{{0,3}}\]{_target('address')}")
_LINK: Final = pattern(rf"(?<!\\)\[(?P<shown>(?:[^\[\]\\]++|\\.)*+)\]{_target('address')}")
# What a clipper makes of the box in which a page shows another: its title in bold, all of it a link.
_CARD: Final = pattern(
    rf"\[\*\*(?=[^\[\]]*?\*\*)[^\[\]]*+\]{_target('address')}(?:\s\[[^\[\]]*\]\(\S*\))?\s*$"
)
_AUTOLINK: Final = pattern(r"<(https?://[^<>\s]{1,2000})>")
_ESCAPED: Final = pattern(r"\\([!-/:-@\[-`{-~])")
_HEADING: Final = pattern(r"#{1,6}(?=\s+\S)")
_RULE: Final = pattern(r"\s{0,3}(?:(?:-\s?+){3,}+|(?:\*\s?+){3,}+|(?:_\s?+){3,}+)$")
_QUOTED: Final = pattern(r"\s{0,3}>\s?")
_SOURCE: Final = pattern(r"""\ssrc\s{0,3}=\s{0,3}["']?(https?://[^"'\s<>]{1,2000})""")
_EXCERPT: Final = pattern(r"\s{0,3}>\s?#{1,6}\s+Excerpt\s*$")
_PROFILE: Final = " Profile picture"
_SOFT: Final = "  "
# Rules that come less often part something else than posts: a note, a signature.
_RULES: Final = 2
_LONGEST: Final = 100_000


@dataclass(slots=True)
class PlainMarkdown:
    """Markdown's lines made plain, each in its place.

    ``attached`` are, by line, what was taken out of it, and an ``ANCHOR`` stands there;
    ``left_out`` says why lines are blank that were not. ``title`` is the heading above the thread.
    """

    lines: list[str]
    attached: dict[int, list[Attachment]] = field(default_factory=lambda: defaultdict(list))
    left_out: dict[int, str] = field(default_factory=dict)
    title: str | None = None


def count_constructs(lines: Sequence[str]) -> int:
    """Count the lines that are sure to be Markdown: pictures, links, and breaks that a clipper makes."""
    count = 0
    for above, text in zip(["", *lines], lines, strict=False):
        if len(text) > _LONGEST:
            continue
        linked = "](" in text and (IMAGE.search(text) or _LINK.search(text)) is not None
        linked = linked or _EXCERPT.match(text) is not None
        count += linked or (text == _SOFT and above.endswith(_SOFT) and not is_blank(above))
    return count


def plain_lines(lines: Sequence[str], start: int) -> PlainMarkdown:
    """Return the lines made plain from ``start`` on; those above, the front matter, stay.

    Emphasis and quotations inside posts stay as they are: they may be the author's. A quotation that is
    all of the text, headings' marks and escapes are the form's, and go.
    """
    made = PlainMarkdown(list(lines))
    body = range(start, len(lines))
    if all(_QUOTED.match(lines[index]) for index in body if not is_blank(lines[index])):
        for index in body:
            made.lines[index] = _QUOTED.sub("", made.lines[index], count=1)
    _take_title(made, start)
    _take_excerpt(made, start)
    rules = {index for index in body if _RULE.match(made.lines[index])}
    for index in body:
        if index in made.left_out or index in rules or len(made.lines[index]) > _LONGEST:
            continue
        made.lines[index] = _MarkdownLine(made, index).plain(made.lines[index])
    if len(rules) >= _RULES:
        _part_at(made, sorted(rules), start)
    return made


def _take_title(made: PlainMarkdown, start: int) -> None:
    """Take a first-level heading above everything for the title."""
    first = next((i for i in range(start, len(made.lines)) if not is_blank(made.lines[i])), None)
    heading = _HEADING.match(made.lines[first]) if first is not None else None
    if first is None or heading is None or heading[0] != "#":
        return
    if all(is_blank(text) for text in made.lines[first + 1 :]) or not is_blank(made.lines[first + 1]):
        return
    made.title, made.lines[first] = _ESCAPED.sub(r"\1", _words(made.lines[first])), ""
    made.left_out[first] = HEADING


def _take_excerpt(made: PlainMarkdown, start: int) -> None:
    """Take out the block that MarkDownload puts above the text: its beginning once more, and a rule."""
    begin = next((i for i in range(start, len(made.lines)) if not is_blank(made.lines[i])), None)
    if begin is None or not _EXCERPT.match(made.lines[begin]):
        return
    end = begin
    while end < len(made.lines) and (_QUOTED.match(made.lines[end]) or is_blank(made.lines[end])):
        end += 1
    if end < len(made.lines) and _RULE.match(made.lines[end]):
        end += 1
    for index in range(begin, end):
        if not is_blank(made.lines[index]):
            made.left_out[index], made.lines[index] = EXCERPT, ""


def _words(heading: str) -> str:
    """Return a heading without its marks; those behind it, too."""
    return heading.strip().lstrip("#").strip().rstrip("#").rstrip() or heading.strip()


def _part_at(made: PlainMarkdown, rules: Sequence[int], start: int) -> None:
    """Let rules part posts: what stands between two of them is one, its blank lines are paragraphs."""
    lines = made.lines
    for index in rules:
        lines[index] = ""
        made.left_out[index] = RULE
    bounds = [start - 1, *rules, len(lines)]
    for above, below in pairwise(bounds):
        text = [index for index in range(above + 1, below) if not is_blank(lines[index])]
        for index in range(text[0], text[-1]) if text else ():
            lines[index] = lines[index].rstrip() + _SOFT if not is_blank(lines[index]) else _SOFT


class _MarkdownLine:
    """One line of Markdown, and where what is taken out of it goes."""

    def __init__(self, made: PlainMarkdown, index: int) -> None:
        self._made = made
        self._index = index

    def plain(self, text: str) -> str:
        """Return the line's words, with an anchor for each thing that hangs on it."""
        if _CARD.match(text):
            self._made.left_out[self._index] = LINK_CARD
            return ""
        trailing = text[len(text.rstrip(" ")) :]
        text = text.replace(ANCHOR, "")
        text = self._without_frames(text, "video")
        text = self._without_frames(text, "iframe")
        text = _LINKED_IMAGE.sub(self._linked_image, text)
        text = IMAGE.sub(self._image, text)
        text = _LINK.sub(self._link, text)
        text = _AUTOLINK.sub(r"\1", text)
        text = _words(text) if _HEADING.match(text) else text
        text = _ESCAPED.sub(r"\1", text)
        if is_blank(text) and self._index in self._made.left_out:
            return ""
        return text.rstrip(" ") + trailing

    def _attach(self, made: Attachment | None) -> str:
        if made is None:
            return ""
        self._made.attached[self._index].append(made)
        return ANCHOR

    def _without_frames(self, text: str, tag: str) -> str:
        """Take out ``<video>…</video>`` and the like; one that does not end is text."""
        begin, end = f"<{tag}", f"</{tag}>"
        pieces, last = [], 0
        while (at := text.find(begin, last)) >= 0 and (behind := text.find(end, at)) >= 0:
            frame = text[at:behind]
            sources = _SOURCE.findall(frame)
            files = [source for source in sources if ".mp4" in source] or sources
            pieces += [
                text[last:at],
                self._attach(attachment_of(AttachmentKind.VIDEO, files[0] if files else None)),
            ]
            last = behind + len(end)
        return "".join([*pieces, text[last:]])

    def _image(self, match: re.Match[str]) -> str:
        alt, source = _ESCAPED.sub(r"\1", match["alt"]), match["source"]
        if alt.endswith(_PROFILE):
            return alt
        return self._attach(attachment_of(AttachmentKind.IMAGE, source, alt))

    def _linked_image(self, match: re.Match[str]) -> str:
        """Keep a picture that links to itself in full size; one that links to a page is a link card."""
        if match["alt"] or "/media/" in match["address"]:
            if match["alt"].endswith(_PROFILE):
                return match["alt"]
            alt = _ESCAPED.sub(r"\1", match["alt"])
            address = match["address"] if match["address"].startswith("http") else match["source"]
            return self._attach(attachment_of(AttachmentKind.IMAGE, address, alt))
        self._made.left_out[self._index] = LINK_CARD
        return self._attach(attachment_of(AttachmentKind.LINK, match["address"]))

    def _link(self, match: re.Match[str]) -> str:
        shown, made = link_text(_ESCAPED.sub(r"\1", match["shown"]), match["address"])
        return shown + self._attach(made)
