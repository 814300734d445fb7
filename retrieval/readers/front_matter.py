"""What a saved file says of itself: a front-matter block at its top, and the facts it gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

from retrieval.formats.fields import utc_time, web_address
from retrieval.patterns import pattern

__all__ = ["PAGE_TITLE", "Origin", "front_matter", "tells_of_thread"]

_KEY: Final = pattern(r"(?P<key>[A-Za-z][\w -]{0,40}):(?:\s+(?P<value>.*))?$")
#: The title of an unrolled page, which says whose thread it is and no more.
PAGE_TITLE: Final = pattern(r"(?P<title>Thread by (?P<author>@\w{1,30}))\b")
_ESCAPED: Final = pattern(r"\\([\"\\/])")
_AUTHOR_KEYS: Final = ("author", "authors", "by")
_URL_KEYS: Final = ("source", "url", "link")
_DATE_KEYS: Final = ("date", "published", "date_published", "posted", "posted_at")
_FRONT_LINES: Final = 60
_KNOWN: Final = frozenset({"title", *_AUTHOR_KEYS, *_URL_KEYS, *_DATE_KEYS})
_HANDLE: Final = pattern(r"@\w{1,30}(?:@[\w.-]{1,100})?$")
_POST: Final = pattern(
    r"https?://(?:(?:www\.|mobile\.)?(?:twitter|x|nitter)\.(?:com|net)/\w{1,30}/status/\d"
    r"|(?:www\.)?threadreaderapp\.com/thread/\d|bsky\.app/profile/[^/\s]{1,100}/post/\w"
    r"|(?:www\.)?threads\.(?:net|com)/@[\w.]{1,30}/post/\w|[\w.-]{1,100}/@\w{1,30}(?:@[\w.-]{1,100})?/\d{6})"
)


@dataclass(frozen=True, slots=True)
class Origin:
    """What the file itself says of its thread; ``count`` is the number of posts the page announces."""

    author: str | None = None
    title: str | None = None
    url: str | None = None
    posted_at: datetime | None = None
    count: int | None = None


def front_matter(lines: Sequence[str]) -> tuple[int, Origin]:
    """Return the index behind a front-matter block and what it says; ``(0, Origin())`` without one."""
    behind, values = _block(lines)
    return (behind, _said(values)) if behind else (0, Origin())


def tells_of_thread(lines: Sequence[str]) -> bool:
    """Return whether the lines begin with front matter that only a thread has.

    It gives the address of a post or of an unrolled page, a handle as the author, or the service's own
    title; or it names an author and has no key but those that are read here, as the documented block has.
    Other notes have front matter, too: with a title, tags, a layout.
    """
    behind, values = _block(lines)
    if not behind:
        return False
    author, url = _first(values, _AUTHOR_KEYS), _first(values, _URL_KEYS)
    if PAGE_TITLE.match(values.get("title", "")) or (url and _POST.match(url)):
        return True
    if author is None:
        return False
    return _HANDLE.match(author) is not None or values.keys() <= _KNOWN


def _block(lines: Sequence[str]) -> tuple[int, dict[str, str]]:
    """Return the index behind the block and its values by their keys in small letters; 0 without one."""
    if not lines or lines[0].rstrip() != "---":
        return 0, {}
    close = next((i for i in range(1, min(len(lines), _FRONT_LINES)) if lines[i].rstrip() == "---"), None)
    if close is None:
        return 0, {}
    values: dict[str, str] = {}
    key = ""
    for line in lines[1:close]:
        match = _KEY.match(line)
        if match:
            key = match["key"].lower()
            values.setdefault(key, _unquoted(match["value"] or ""))
        elif line.lstrip().startswith("- ") and key:
            values[key] = values[key] or _unquoted(line.lstrip()[2:])
        elif line.strip() and not line.startswith((" ", "\t")):
            return 0, {}
    return (close + 1, values) if values else (0, {})


def _first(values: dict[str, str], keys: tuple[str, ...]) -> str | None:
    return next((values[key] for key in keys if values.get(key)), None)


def _said(values: dict[str, str]) -> Origin:
    title = values.get("title") or None
    generic = PAGE_TITLE.match(title) if title else None
    url = _first(values, _URL_KEYS)
    dates = [moment for key in _DATE_KEYS if (moment := _moment(values.get(key, "")))]
    return Origin(
        author=_first(values, _AUTHOR_KEYS) or (generic["author"] if generic else None),
        title=None if generic else title,
        url=web_address(url),
        posted_at=dates[0] if dates else None,
    )


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        quote, value = value[0], value[1:-1]
        # YAML writes a quotation mark inside as \" between double ones, and twice between single ones.
        value = _ESCAPED.sub(r"\1", value) if quote == '"' else value.replace("''", "'")
    return value.removeprefix("[[").removesuffix("]]").strip()


def _moment(value: str) -> datetime | None:
    """Read an ISO 8601 or RFC 5322 date as aware UTC; a date alone is its midnight."""
    return utc_time(value, assume_utc=True) or utc_time(value, parsedate_to_datetime, assume_utc=True)
