"""Addresses and times as saved files write them: what is damaged is unknown, and costs nothing but itself."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from retrieval.patterns import pattern

__all__ = ["utc_time", "web_address"]

#: An address on the web. Behind its host it may hold what it should not: it is kept as it was written.
_ADDRESS: Final = pattern(
    r"https?://(?:[^\s/?#@<>\"\\^`{|}\x00-\x20\x7f]{1,200}@)?"
    r"(?:\[[0-9A-Fa-f:.]{2,45}\]|[\w.-]{1,253})(?::\d{1,5})?(?:[/?#].*)?",
    re.DOTALL,
)
_HOST: Final = pattern(r"https?://[^/?#]*?[\w\]]")


def web_address(value: object) -> str | None:
    """Return an address on the web, which will stand behind quotes as a link, ``None`` for anything else."""
    good = isinstance(value, str) and _ADDRESS.fullmatch(value) and _HOST.match(value)
    return str(value) if good else None


def utc_time(
    value: object,
    parse: Callable[[str], datetime] = datetime.fromisoformat,
    *,
    assume_utc: bool = False,
) -> datetime | None:
    """Return a time as aware UTC, ``None`` for what ``parse`` does not take.

    A time without an offset is in an unknown zone, so it is unknown, too, unless it is to be taken as UTC.
    """
    if not isinstance(value, str):
        return None
    try:
        time = parse(value.strip())
        if time.tzinfo is None and not assume_utc:
            return None
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError, TypeError, IndexError, KeyError):
        return None
