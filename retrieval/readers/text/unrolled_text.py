"""Unrolled pages saved as plain text, and other plain text that shows by a sign that it is a thread.

What counts as a sign is decided in :mod:`retrieval.readers.text.recognition`.
"""

import re
from dataclasses import replace
from typing import Final

from retrieval.errors import ReadError, RejectedError
from retrieval.formats.import_types import Reading, SavedFile
from retrieval.patterns import pattern
from retrieval.readers.decoding import GLANCE, decode, is_blank
from retrieval.readers.text.line_threads import read_lines
from retrieval.readers.text.recognition import sureness

__all__ = ["FORM", "read", "recognise"]

FORM = "unrolled page (text)"

_OTHER_FORMS: Final = pattern(
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
    """Return how surely the file is a thread, by :func:`~retrieval.readers.text.recognition.sureness`.

    JSON, HTML and binary files are 0.0, and so is text without a sign of a thread. Where a thread's signs
    are in bytes that are no text in UTF-8, it is 0.01: this reader is asked and says what is wrong.
    """
    if file.bundle is not None or file.content.startswith(_BINARY):
        return 0.0
    try:
        text, _ = decode(file)
    except ReadError:
        if b"\0" in file.content:
            return 0.0
        glance = file.content[:GLANCE].decode("latin-1").replace("\r\n", "\n").replace("\r", "\n")
        return 0.01 if sureness(glance.split("\n")) else 0.0
    glance = text[:GLANCE]
    if _OTHER_FORMS.match(glance) or is_blank(glance):
        return 0.0
    return sureness(glance.split("\n"))


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
