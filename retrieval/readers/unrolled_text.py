"""Unrolled pages saved as plain text, and any other plain text that holds a thread."""

import re
from dataclasses import replace
from typing import Final

from retrieval.errors import ReadError, RejectedError
from retrieval.parsing.numbering import marks
from retrieval.parsing.page import debris, dissect
from retrieval.parsing.text import decode, is_blank
from retrieval.parsing.threads import read_lines
from retrieval.saved import Reading, SavedFile

__all__ = ["FORM", "read", "recognise"]

FORM = "unrolled page (text)"

_GLANCE: Final = 200_000
_OTHER_FORMS: Final = re.compile(
    r"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]]|window\.YTD|Grailbird\.|<(?:!doctype|\?xml|html|head|body|div|!--)\b)",
    re.IGNORECASE,
)
_BINARY: Final = (
    b"PK\x03\x04",
    b"%PDF",
    b"\x1f\x8b",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"SQLite format 3",
)


def recognise(file: SavedFile) -> float:
    """Return how surely the file is an unrolled page: 0.9 by its page text, 0.1 for any plain text.

    JSON, HTML and binary files are 0.0. What is no readable text but no other form either is 0.01, so
    that this reader is asked and says what is wrong with it.
    """
    if file.bundle is not None or file.content.startswith(_BINARY):
        return 0.0
    try:
        text, _ = decode(file)
    except ReadError:
        return 0.0 if b"\0" in file.content else 0.01
    glance = text[:_GLANCE]
    if _OTHER_FORMS.match(glance):
        return 0.0
    if is_blank(glance):
        return 0.01
    lines = glance.split("\n")
    page = dissect(lines)
    if page.broken or page.origin.count is not None or any(debris(line) for line in lines):
        return 0.9
    sure = sum(mark.sure for mark in marks(lines, page.main.span))
    return 0.8 if sure > 1 else 0.1


def read(file: SavedFile) -> Reading:
    """Return the file's thread and the previews that follow it on the page.

    Every line that is not blank is in exactly one post (its marker's line with it) or in
    ``left_out``. Gaps in the numbers are reported and never repaired.

    Raises :class:`~retrieval.errors.RejectedError` for a file without text or with nothing but
    previews of other threads, and :class:`~retrieval.errors.ReadError` for what is not text.
    """
    text, warnings = decode(file)
    if is_blank(text):
        raise RejectedError(file.name, "holds no text")
    reading = read_lines(file, FORM, text.split("\n"))
    return replace(reading, warnings=warnings + reading.warnings)
