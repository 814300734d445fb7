"""What X writes in every form: ids of posts, when they were given, where a post stands, escapes in texts."""

import html
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from retrieval.formats.fields import utc_time
from retrieval.patterns import pattern

__all__ = ["ESCAPE", "post_time", "time_of_id", "unescape", "x_post_id", "x_post_url"]

# Ids above this carry their time in milliseconds since the epoch below; both figures are X's.
_FIRST_TIMED: Final = 30_000_000_000
_EPOCH_MS: Final = 1_288_834_974_657
_END: Final = 2**63
_FIGURES: Final = 19
_OFFSET: Final = pattern(r"(?<!\s)\s++([+-]\d\d:?\d\d|Z)$")
#: A character that X escapes: one of HTML's own three, or any by its number.
ESCAPE: Final = pattern(r"&(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")


def x_post_id(text: str | None) -> str | None:
    """Return the id as text, ``None`` where the text is none: not a number, or beyond 63 bits."""
    if not text or len(text) > _FIGURES or not (text.isascii() and text.isdecimal()):
        return None
    return text if 0 < int(text) < _END else None


def time_of_id(identifier: str | None) -> datetime | None:
    """Return when a post was made, aware UTC; ``None`` for ids of before November 2010."""
    if identifier is None or int(identifier) <= _FIRST_TIMED:
        return None
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=(int(identifier) >> 22) + _EPOCH_MS)


def x_post_url(handle: str | None, identifier: str | None) -> str | None:
    """Return a post's address on the web, ``None`` while its author's handle or its id is unknown."""
    return f"https://x.com/{handle}/status/{identifier}" if handle and identifier else None


def unescape(text: str) -> str:
    """Return a text with its escapes undone, once; what they stand for is no escape again."""
    return ESCAPE.sub(lambda escape: html.unescape(escape[0]), text) if "&" in text else text


def post_time(value: object, identified: str | None = None) -> datetime | None:
    """Return when a post was posted, in UTC: as stated, else as its id tells.

    Times without an offset are in an unknown zone; the id's is taken then.
    """
    written = _OFFSET.sub(r"\1", value.strip()) if isinstance(value, str) else None
    return utc_time(written) or utc_time(written, _spelled_out) or time_of_id(identified)


def _spelled_out(value: str) -> datetime:
    """Read "Wed Oct 10 20:19:24 +0000 2018"."""
    day, month, date, clock, offset, year = value.split()
    return parsedate_to_datetime(f"{day}, {date} {month} {year} {clock} {offset}")
