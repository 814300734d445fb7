"""The queue of searches: short ones run on the event loop, one a turn, longer ones in a thread.

Handing Python's lock to a thread and back costs more than a short search itself. So an archive whose searches
are short is searched where the question came in, between two turns of the loop, and what may take longer, or
has to wait for the index, is searched in the thread.
"""

import asyncio
import contextvars
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import thread_time
from typing import Final, TypeVar

__all__ = ["SearchPace", "SearchQueue"]

T = TypeVar("T")

#: How long a search may hold the loop on average, in seconds of processor time,
_SHORT: Final = 0.002
#: and how long a single one may have taken lately.
_LONGEST: Final = 0.008
#: So many searches in a row tell how long the next one takes.
_LATEST: Final = 32


class SearchPace:
    """How long the latest searches took, in seconds of processor time."""

    def __init__(self) -> None:
        self._latest: deque[float] = deque(maxlen=_LATEST)

    def note(self, seconds: float) -> None:
        """Take a search into account; after a very long one, the others before it count no more."""
        if seconds > _LONGEST:
            self._latest.clear()
        else:
            self._latest.append(seconds)

    @property
    def short(self) -> bool:
        """Return whether the next search is short, as far as 32 in a row tell."""
        return len(self._latest) == _LATEST and sum(self._latest) <= _SHORT * _LATEST


class SearchQueue:
    """Runs one search at a time, in the order in which they came.

    ``ready`` says whether a search would begin without waiting for the index; it must not wait itself.
    """

    def __init__(self, ready: Callable[[], bool], pace: SearchPace | None = None) -> None:
        self._ready = ready
        self._pace = pace or SearchPace()
        # It wakes one waiter at a time, and that one in the next turn of the loop.
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, "search")

    async def run(self, search: Callable[[], T]) -> T:
        """Return what a search returns, or raise what it raises; it runs with a copy of the context."""
        timed = partial(contextvars.copy_context().run, partial(self._timed, search))
        async with self._turn:
            if self._pace.short:
                # The loop has its turn between two searches, also where the queue was empty.
                await asyncio.sleep(0)
                if self._ready():
                    return timed()
            return await asyncio.get_running_loop().run_in_executor(self._thread, timed)

    def _timed(self, search: Callable[[], T]) -> T:
        began = thread_time()
        try:
            return search()
        finally:
            self._pace.note(thread_time() - began)
