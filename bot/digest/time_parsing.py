"""Parse a time of day as people write it."""

import re
from datetime import time
from typing import Final

__all__ = ["parse_hour"]

_TIME: Final = re.compile(r"(\d{1,2})(?:\s?[:.h]\s?(\d{2})?)?\s*(a\.?m\.?|p\.?m\.?|h|uhr)?", re.IGNORECASE)
_NOON: Final = 12


def parse_hour(written: str) -> time | None:
    """Parse 9, 09:30, 9.30, 5:30 pm, 17h or 9 Uhr; return ``None`` for anything else."""
    parts = _TIME.fullmatch(written.strip())
    if parts is None:
        return None
    hour, minute, half = int(parts[1]), int(parts[2] or 0), (parts[3] or "").casefold()[:1]
    if half in {"a", "p"}:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        return None
