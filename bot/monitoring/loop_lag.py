"""The lag of the event loop: how late it runs what is due."""

import asyncio
import math
import time
from collections import deque
from typing import Final

from bot.monitoring.metrics import Metrics

__all__ = ["LongestDelay", "measure_loop_lag"]

SAMPLE_SECONDS: Final = 0.05
"""Seconds between two samples."""


class LongestDelay:
    """The largest value of the last ``seconds``, in constant memory.

    Time is divided into ``parts``; a value is dropped with its part, at most one part late. Raises
    ``ValueError`` for no time or no part.
    """

    def __init__(self, seconds: float = 300.0, parts: int = 30) -> None:
        if seconds <= 0 or parts < 1:
            raise ValueError(
                "the longest of no time at all is not defined; pass more than 0 seconds and 1 part"
            )
        self._length = seconds / parts
        self._seen: deque[tuple[int, float]] = deque(maxlen=parts + 1)
        self._parts = parts
        self._latest = time.monotonic()

    def see(self, value: float, now: float) -> None:
        """Record a value; ``now`` is in seconds and never runs backwards."""
        self._latest = time.monotonic()
        part = math.floor(now / self._length)
        if self._seen and self._seen[-1][0] == part:
            self._seen[-1] = part, max(self._seen[-1][1], value)
        else:
            self._seen.append((part, value))

    def is_stuck(self, seconds: float = 60.0) -> bool:
        """Return whether nothing was recorded for so long; callable from any thread."""
        return time.monotonic() - self._latest > seconds

    def at(self, now: float) -> float:
        """Return the largest recorded value, 0.0 where there is none."""
        oldest = math.floor(now / self._length) - self._parts
        return max((value for part, value in self._seen if part >= oldest), default=0.0)


async def measure_loop_lag(metrics: Metrics, longest: LongestDelay, every: float = SAMPLE_SECONDS) -> None:
    """Measure the running loop's lag ``every`` so many seconds, until cancelled.

    ``longest`` records every lag, at the loop's own time.
    """
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + every
        await asyncio.sleep(every)
        now = loop.time()
        late = max(0.0, now - due)
        metrics.loop_delay.observe(late)
        longest.see(late, now)
