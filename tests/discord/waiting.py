"""Wait until something has happened, and say what did happen when it has not."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

__all__ = ["PATIENCE", "Waiting"]

#: How long is waited, in seconds, for what comes in a moment unless the machine is busy.
PATIENCE = 60.0

T = TypeVar("T")


class Waiting:
    """Wake those who wait whenever anything changes."""

    def __init__(self, story: Callable[[], str]) -> None:
        """Take what tells the latest events, for the words of a timeout."""
        self._story = story
        self._waiters: set[asyncio.Future[None]] = set()

    def wake(self) -> None:
        """Let every waiter look again."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    async def until(self, look: Callable[[], T | None], timeout: float, what: str) -> T:  # noqa: ASYNC109 - tests say timeout=
        """Give what `look` finds, as soon as it finds anything but `None` or `False`.

        Raises TimeoutError, which names what was waited for and the latest events.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while True:
            found = look()
            if found is not None and found is not False:
                return found
            left = deadline - loop.time()
            if left <= 0:
                raise TimeoutError(f"{what} did not come within {timeout:g} s; {self._story()}")
            waiter: asyncio.Future[None] = loop.create_future()
            self._waiters.add(waiter)
            await asyncio.wait([waiter], timeout=left)
            self._waiters.discard(waiter)
