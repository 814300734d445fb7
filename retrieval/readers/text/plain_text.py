"""Plain text that is no thread by any sign, and is imported on an explicit request.

Nothing but :attr:`~retrieval.formats.import_types.SavedFile.form` makes this reader take a file; a file
that another reader knows is still that reader's. Posts are separated as in any text: by numbers, else by
blank lines, else by lines. Markdown is made plain as in a clipping.
"""

import re
from dataclasses import replace
from typing import Final

from retrieval.errors import ReadError, RejectedError
from retrieval.formats.import_types import TEXT, Reading, SavedFile
from retrieval.patterns import pattern
from retrieval.readers.decoding import decode, is_blank
from retrieval.readers.front_matter import front_matter
from retrieval.readers.text.line_threads import read_lines
from retrieval.readers.text.markdown import count_constructs, plain_lines

__all__ = ["FORM", "read", "recognise", "refusal"]

FORM = "plain text"

_ASKED: Final = 0.005
# Of these the words are asked for, not the markup that they are written in.
_MARKUP: Final = pattern(r"\s*(?:<(?:!doctype|html|head|body)\b|\{\\rtf|%PDF)", re.IGNORECASE)
_GLANCE: Final = 2_000


def recognise(file: SavedFile) -> float:
    """Return 0.005 for whatever is to be read as plain text, else 0.0."""
    return _ASKED if file.form == TEXT and file.bundle is None else 0.0


def refusal(file: SavedFile) -> str | None:
    """Return why the file cannot be read as plain text, ``None`` where it can be."""
    try:
        text, _ = decode(file)
    except ReadError as error:
        return error.reason
    if is_blank(text):
        return "holds no text"
    if _MARKUP.match(text[:_GLANCE]):
        return "holds markup, and no thread that is known; save its words as text and import that"
    return None


def read(file: SavedFile) -> Reading:
    """Return the text as one thread, and the previews where it has some.

    Raises :class:`~retrieval.errors.RejectedError` for what is not text, holds none, or is HTML or RTF.
    """
    reason = refusal(file)
    if reason:
        raise RejectedError(file.name, reason)
    text, warnings = decode(file)
    lines = text.split("\n")
    start, _ = front_matter(lines)
    if count_constructs(lines[start:]):
        plain = plain_lines(lines, start)
        known = replace(file, title=plain.title or file.title)
        reading = read_lines(known, FORM, plain.lines, attached=plain.attached, left_out=plain.left_out)
    else:
        reading = read_lines(file, FORM, lines)
    return replace(reading, warnings=warnings + reading.warnings)
