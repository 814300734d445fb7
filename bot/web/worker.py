"""Where pages are made: away from the event loop, few at a time, and none for those who queue too long."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["BusyError", "PageWorker"]

T = TypeVar("T")


class BusyError(Exception):
    """More is asked for than can be made soon."""


class PageWorker:
    """One thread that makes pages, and at most ``queue`` requests that wait for it.

    One, because Discord's answers are made in the same process: each further thread would take its turn
    with theirs.
    """

    def __init__(self, *, queue: int = 256) -> None:
        self._queue = queue
        self._inside = 0
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pages")

    async def make(self, work: Callable[[], T]) -> T:
        """Return what the work returns; raise :class:`BusyError` where the queue is full."""
        if self._inside > self._queue:
            raise BusyError
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._inside -= 1

    def close(self) -> None:
        """Make nothing more; what is being made comes to its end."""
        self._pool.shutdown(wait=False, cancel_futures=True)
