"""Wait until something has happened, and say what did happen when it has not."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

__all__ = ["PATIENCE", "Waiting", "attempts", "until"]

#: How long is waited, in seconds, for what comes in a moment unless the machine is busy.
PATIENCE = 60.0

T = TypeVar("T")


async def attempts(what: str, pause: float = 0.02) -> AsyncIterator[int]:
    """Yield the number of each attempt until the caller has what it looks for; pause between them.

    Raises TimeoutError, which names what was waited for, after PATIENCE.
    """
    began, number = time.monotonic(), 0
    while time.monotonic() - began < PATIENCE:
        yield number
        await asyncio.sleep(pause)
        number += 1
    raise TimeoutError(f"{what} did not come within {PATIENCE:g} s")


async def until(look: Callable[[], T], what: str = "what was waited for") -> T:
    """Return what `look` finds, as soon as it finds anything, of which no event tells."""
    async for _ in attempts(what):
        if found := look():
            return found
    raise AssertionError("attempts end with an error")


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
