"""What a saved file says of itself: a front-matter block at its top, and the facts it gives."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

__all__ = ["Origin", "front_matter"]

_KEY: Final = re.compile(r"(?P<key>[A-Za-z][\w -]{0,40}):(?:\s+(?P<value>.*))?$")
_GENERIC: Final = re.compile(r"Thread by (?P<author>@\w{1,30})\b")
_AUTHOR_KEYS: Final = ("author", "authors", "by")
_URL_KEYS: Final = ("source", "url", "link")
_DATE_KEYS: Final = ("date", "published", "date_published", "posted", "posted_at")
_FRONT_LINES: Final = 60


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
    if not lines or lines[0].rstrip() != "---":
        return 0, Origin()
    close = next((i for i in range(1, min(len(lines), _FRONT_LINES)) if lines[i].rstrip() == "---"), None)
    if close is None:
        return 0, Origin()
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
            return 0, Origin()
    if not values:
        return 0, Origin()
    return close + 1, _said(values)


def _said(values: dict[str, str]) -> Origin:
    def first(keys: tuple[str, ...]) -> str | None:
        return next((values[key] for key in keys if values.get(key)), None)

    title = values.get("title") or None
    generic = _GENERIC.match(title) if title else None
    url = first(_URL_KEYS)
    dates = [moment for key in _DATE_KEYS if (moment := _moment(values.get(key, "")))]
    return Origin(
        author=first(_AUTHOR_KEYS) or (generic["author"] if generic else None),
        title=None if generic else title,
        url=url if url and url.startswith(("https://", "http://")) else None,
        posted_at=dates[0] if dates else None,
    )


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return value.removeprefix("[[").removesuffix("]]").strip()


def _moment(value: str) -> datetime | None:
    """Read an ISO 8601 or RFC 5322 date as aware UTC; a date alone is its midnight."""
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(value)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None
