"""Saved bytes as clean text: decoded, its newlines alike, nothing else touched."""

import codecs
import re
from functools import lru_cache
from typing import Final

from retrieval.errors import ReadError
from retrieval.formats.import_types import SavedFile
from retrieval.patterns import pattern

__all__ = [
    "ANCHOR",
    "GLANCE",
    "MAX_LINES",
    "MAX_TEXT_BYTES",
    "POST_LIMIT",
    "decode",
    "glance",
    "is_blank",
    "weighted_length",
]

MAX_TEXT_BYTES: Final = 10 * 1024 * 1024
MAX_LINES: Final = 100_000
POST_LIMIT: Final = 280
#: A file of at most so many bytes is decoded once for all readers.
_REMEMBERED: Final = 2**20
#: A form of text is recognised by so many characters at its opening.
GLANCE: Final = 200_000
#: Stands in a line for a picture or the like that was taken out of it; no text can hold it.
ANCHOR: Final = "\ufdd0"

# One damaged character in so many is damage; more is another encoding, or no text at all.
_MOSTLY_TEXT: Final = 100

# Where a page declares its encoding, by which names, and the one that looks like plain letters.
_DECLARED_WITHIN: Final = 4_096
_CHARSET: Final = pattern(
    rb"""<meta\b[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?([\w:.-]{2,40})""", re.IGNORECASE
)
_FAMILIES: Final = pattern(
    r"iso-8859-(?:[2-8]|1[03-6])|windows-(?:125[0-8]|874)|koi8-[ru]|euc-(?:jp|kr)|big5"
)
_ENCODINGS: Final = {
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"), "windows-1252"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji"), "cp932"),
    "iso-8859-9": "windows-1254",
    "iso-2022-jp": "iso2022_jp",
    "ks_c_5601-1987": "cp949",
}
_SEVEN_BITS: Final = "iso2022_jp"

# What leaves no mark on a page: white space, control characters, zero-width characters.
_INVISIBLE: Final = (
    "".join(map(chr, (*range(0x21), *range(0x7F, 0xA1))))
    + "\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    + "\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)

# Code points that count two; the rest count one. From X's published counting rules (version 3).
_HEAVY: Final = pattern(r"[^\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")


def decode(file: SavedFile, *, most: int = MAX_TEXT_BYTES) -> tuple[str, tuple[str, ...]]:
    r"""Return the file's text with ``\n`` for every newline, and warnings about what was dropped.

    UTF-8 with or without a byte order mark, and UTF-16 with one, are text, and so is a page of HTML in the
    encoding that it declares. Lone surrogates, which no
    database takes, are dropped and reported. Quotes, dashes and emoji stay as they were written.

    Where no more than one byte in a hundred is damaged, it is shown as U+FFFD, and that is reported.

    Raises :class:`~retrieval.errors.ReadError` for more than ``most`` bytes or ``MAX_LINES``
    lines, and for what is not text.
    """
    read = _lately_decoded if len(file.content) <= _REMEMBERED else _decode
    return read(file.name, file.content, most)


def _decode(name: str, content: bytes, most: int) -> tuple[str, tuple[str, ...]]:
    if len(content) > most:
        size, limit = len(content) / 2**20, most // 2**20
        raise ReadError(
            name, f"{size:.1f} MiB is too large for a text; split it into files of at most {limit} MiB"
        )
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text, warnings = _decoded(name, content, "utf-16" if wide else "utf-8-sig")
    if "\0" in text:
        if text.count("\0") * _MOSTLY_TEXT > len(text):
            raise ReadError(name, "not text: it holds NUL characters; save it as UTF-8 and import it again")
        text = text.replace("\0", "")
        warnings = (*warnings, "NUL characters were dropped")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > MAX_LINES:
        raise ReadError(name, f"more than {MAX_LINES:,} lines; split it into smaller files")
    return text, warnings


#: Every reader of text asks for the same file's.
_lately_decoded: Final = lru_cache(maxsize=2)(_decode)


def _decoded(name: str, content: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    """Return the bytes as text; a few that are damaged are no reason to refuse all others."""
    declared = _declared(content) if encoding != "utf-16" else None
    try:
        if declared != _SEVEN_BITS:
            return content.decode(encoding), ()
    except UnicodeDecodeError as error:
        if declared:
            return _honoured(content, declared)
        try:
            surrogates = content.decode(encoding, "surrogatepass")
        except UnicodeDecodeError:
            text = content.decode(encoding, "replace")
            broken = text.count("\ufffd")
            if broken * _MOSTLY_TEXT > len(content):
                shown = "UTF-16" if encoding == "utf-16" else "UTF-8"
                raise ReadError(
                    name,
                    f"not text in {shown} (byte {error.start + 1}); save it as UTF-8 and import it again",
                ) from error
            first = text.count("\n", 0, text.index("\ufffd")) + 1
            return text, (f"line {first}: damaged characters, here and perhaps below, are shown as \ufffd",)
        kept = surrogates.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
        return kept, ("broken characters (lone surrogates) were dropped",)
    return _honoured(content, declared or encoding)


def _declared(content: bytes) -> str | None:
    """Return the encoding that an HTML page declares, ``None`` where it is UTF-8 or not known.

    As browsers do, Latin-1 is taken for the encoding of Windows that holds it.
    """
    match = _CHARSET.search(content, 0, _DECLARED_WITHIN)
    if match is None:
        return None
    name = match[1].decode("ascii", "ignore").lower()
    return _ENCODINGS.get(name) or (name if _FAMILIES.fullmatch(name) else None)


def _honoured(content: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    text = content.decode(encoding, "replace")
    damage = ("damaged characters are shown as \ufffd",) if "\ufffd" in text else ()
    return text, damage


def glance(file: SavedFile) -> str:
    """Return the first ``GLANCE`` characters of a file's text, none of a bundle and of what is no text."""
    if file.bundle is not None:
        return ""
    try:
        return decode(file)[0][:GLANCE]
    except ReadError:
        return ""


def is_blank(text: str) -> bool:
    """Return whether nothing of the text would be seen on a page."""
    return not text.strip(_INVISIBLE)


def weighted_length(text: str) -> int:
    """Count a text as X counts a post against its limit of 280.

    Latin, Greek, Cyrillic and the like count one a character, the rest two. Addresses are counted as
    they stand.
    """
    return len(text) if text.isascii() else len(text) + len(_HEAVY.findall(text))
