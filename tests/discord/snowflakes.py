"""Mint ids as Discord does: milliseconds since 2015, then a counter."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

__all__ = ["DISCORD_EPOCH_MS", "SnowflakeMint", "iso", "time_of"]

DISCORD_EPOCH_MS = 1_420_070_400_000
_COUNTER_BITS = 22
_COUNTER_LIMIT = 1 << 12


class SnowflakeMint:
    """Hand out ids that grow and that tell their own time."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """Take a clock that gives seconds since 1970."""
        self._clock = clock
        self._last_ms = 0
        self._counter = 0

    def now(self) -> float:
        """Give the time, in seconds since 1970."""
        return self._clock()

    def mint(self, *, own_millisecond: bool = False) -> int:
        """Give the next id.

        With `own_millisecond` no other id shares its millisecond, so that servers made one after
        the other fall on different shards.
        """
        now_ms = max(int(self._clock() * 1000) - DISCORD_EPOCH_MS, self._last_ms)
        if now_ms > self._last_ms:
            self._last_ms, self._counter = now_ms, 0
        elif own_millisecond or self._counter + 1 >= _COUNTER_LIMIT:
            self._last_ms, self._counter = self._last_ms + 1, 0
        else:
            self._counter += 1
        return (self._last_ms << _COUNTER_BITS) | self._counter


def time_of(snowflake: int) -> datetime:
    """Give the moment in which an id was minted, in UTC."""
    return datetime.fromtimestamp(((snowflake >> _COUNTER_BITS) + DISCORD_EPOCH_MS) / 1000, UTC)


def iso(moment: datetime) -> str:
    """Write a moment as Discord writes it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
