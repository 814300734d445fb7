"""Seconds that this process had for itself: a busy machine does not make an answer late, a slow one does."""

import time
from collections.abc import Callable
from pathlib import Path

__all__ = ["OwnClock"]


class OwnClock:
    """Time on the clock without the time that threads of this process stood waiting for a processor.

    Linux counts the latter for each thread, in nanoseconds: the second number of its ``schedstat``. What
    sleeps or waits for a lock does pass time. Where nothing counts it, only processor time passes.
    """

    def __init__(
        self, threads: Path = Path("/proc/self/task"), now: Callable[[], float] = time.monotonic
    ) -> None:
        self._threads = threads
        self._now = now
        self._waited: dict[str, int] = {}
        self._waited_by_ended = 0

    def __call__(self) -> float:
        """Return seconds since some moment."""
        waited: dict[str, int] = {}
        try:
            for thread in self._threads.iterdir():
                try:
                    waited[thread.name] = int((thread / "schedstat").read_text().split()[1])
                except (ProcessLookupError, FileNotFoundError):
                    continue  # it ended just now
        except OSError:
            return time.process_time()
        if not waited:
            return time.process_time()
        self._waited_by_ended += sum(
            nanoseconds for name, nanoseconds in self._waited.items() if waited.get(name, -1) < nanoseconds
        )
        self._waited = waited
        return self._now() - (self._waited_by_ended + sum(waited.values())) / 1e9
