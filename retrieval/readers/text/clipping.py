"""Markdown clippings of threads: front matter, posts by blank lines, pictures and links as Markdown.

Clippers end the paragraphs of one post in two spaces and part posts by a blank line. Where two or more
lines are drawn (``---``), these part the posts. Numbers count as in any text.

The words stay as they were written; what is Markdown's own goes. A link is its text, or its address where
the text only abbreviates it. Pictures, videos and addresses that the text does not show stand behind the
post as lines of their own (see :mod:`retrieval.readers.attachments`). Emphasis and quotations (``>``)
inside a post stay, since they may be the author's; a quotation around the whole thread goes, and so do
headings' marks, the clipper's backslashes and its excerpt above the text. A heading above everything is the
title; that of an unrolled page names the author, too.

Plain text with front matter but without Markdown is read as text.
"""

from dataclasses import replace
from typing import Final

from retrieval.errors import RejectedError
from retrieval.formats.import_types import Reading, SavedFile
from retrieval.readers.decoding import decode, glance, is_blank
from retrieval.readers.front_matter import PAGE_TITLE, front_matter
from retrieval.readers.text.boilerplate import torn_tag
from retrieval.readers.text.line_threads import read_lines
from retrieval.readers.text.markdown import count_constructs, plain_lines
from retrieval.readers.text.recognition import sureness

__all__ = ["FORM", "read", "recognise"]

FORM = "clipping (Markdown)"

_OTHER_FORMS: Final = ("{", "[{", "<", "window.", "Grailbird.")


def recognise(file: SavedFile) -> float:
    """Return 0.95 for Markdown with a sign of a thread (see :mod:`retrieval.readers.text.recognition`).

    Without a picture, a link or a clipper's line break it is no Markdown, and 0.0; so is any other note.
    """
    text = glance(file)
    lines = text.split("\n")
    if text.lstrip().startswith(_OTHER_FORMS) or any(torn_tag(line) for line in lines):
        return 0.0
    start, _ = front_matter(lines)
    if not count_constructs(lines[start:]):
        return 0.0
    return 0.95 if sureness(lines) or sureness(plain_lines(lines, start).lines) else 0.0


def read(file: SavedFile) -> Reading:
    """Return the clipping's thread and the previews that follow it.

    Every line that is not blank is in exactly one post or in ``left_out``. Raises
    :class:`~retrieval.errors.RejectedError` for a file without text or with nothing but previews of
    other threads, and :class:`~retrieval.errors.ReadError` for what is not text.
    """
    text, warnings = decode(file)
    if is_blank(text):
        raise RejectedError(file.name, "holds no text")
    lines = text.split("\n")
    start, _ = front_matter(lines)
    plain = plain_lines(lines, start)
    page = PAGE_TITLE.match(plain.title or "")
    known = replace(file, title=page["title"] if page else plain.title or file.title)
    if page:
        known = replace(known, author=page["author"])
    reading = read_lines(known, FORM, plain.lines, attached=plain.attached, left_out=plain.left_out)
    return replace(reading, warnings=warnings + reading.warnings)
