"""Making pages away from the event loop: a fair queue over the addresses that ask."""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from bot.runtime import take_short_turns

__all__ = ["BusyError", "PageWorker"]

T = TypeVar("T")

#: Two, so that one address's long page leaves room for the others'; more would take turns from Discord's
#: answers, which are made in the same process.
_THREADS: Final = 2
_WAITING: Final = 256
_WAITING_OF_ONE: Final = 16


class BusyError(Exception):
    """Too many requests wait already, of all clients or of this one."""


@dataclass(slots=True, eq=False)
class _Job:
    """Work of a client that waits.

    ``done`` gets its result, which ``waiting`` requests want; ``charge`` gets the seconds that it took.
    """

    client: str
    work: Callable[[], Any]
    done: "asyncio.Future[Any]"
    charge: Callable[[float], None]
    waiting: int = 0


def _light(_client: str) -> bool:
    return False


def _free(_seconds: float) -> None:
    """Charge nothing."""


class PageWorker:
    """Makes pages in two threads, at most one at a time for each client, clients in turn.

    The last free thread is not for clients that are ``heavy``, so that however many of them ask, there is one
    for the others. Identical requests that wait at the same time are made once; what no request waits for any
    more is not begun. At most ``waiting`` jobs wait in all, and ``waiting_of_one`` of one client. For one
    event loop.
    """

    def __init__(
        self,
        *,
        waiting: int = _WAITING,
        waiting_of_one: int = _WAITING_OF_ONE,
        heavy: Callable[[str], bool] = _light,
    ) -> None:
        self._limits = waiting, waiting_of_one
        self._heavy = heavy
        self._queues: OrderedDict[str, deque[_Job]] = OrderedDict()
        self._busy: set[str] = set()
        self._shared: dict[Hashable, _Job] = {}
        self._pool = ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="pages")
        self._looking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pages-state")
        self._tasks: set[asyncio.Task[None]] = set()
        # With Python's own turns of 5 ms a page waits that long at each step between loop and thread while
        # another one is made.
        take_short_turns()

    async def look(self, work: Callable[[], T]) -> T:
        """Return the result of a short look into the archive, which waits for no page."""
        return await asyncio.get_running_loop().run_in_executor(self._looking, work)

    async def make(
        self, client: str, key: Hashable, work: Callable[[], T], charge: Callable[[float], None] = _free
    ) -> T:
        """Return the result of the work; ``charge`` gets the seconds of processor time once it is done.

        ``key`` is equal for identical requests; who waits for another's is charged nothing. Raises
        :class:`BusyError` where the queue is full.
        """
        job = self._shared.get(key)
        if job is None:
            done = asyncio.get_running_loop().create_future()
            job = self._queue(key, _Job(client, work, done, charge))
        job.waiting += 1
        try:
            return cast("T", await asyncio.shield(job.done))
        finally:
            job.waiting -= 1
            if not job.waiting:
                self._leave(key, job)

    def _queue(self, key: Hashable, job: _Job) -> _Job:
        queue = self._queues.get(job.client, ())
        most, most_of_one = self._limits
        if len(queue) >= most_of_one or sum(map(len, self._queues.values())) >= most:
            raise BusyError
        self._queues.setdefault(job.client, deque()).append(job)
        self._shared[key] = job
        job.done.add_done_callback(lambda _done: self._shared.pop(key, None))
        self._start_next()
        return job

    def _leave(self, key: Hashable, job: _Job) -> None:
        """Take what no request waits for out of the queue, where it was not begun."""
        queue = self._queues.get(job.client)
        if queue and job in queue:
            queue.remove(job)
            self._shared.pop(key, None)
            if not queue:
                del self._queues[job.client]

    def _start_next(self) -> None:
        """Start the next job of the client whose turn it is, while a thread is free."""
        while len(self._busy) < _THREADS:
            last = len(self._busy) == _THREADS - 1
            ready = (name for name in self._queues if name not in self._busy)
            client = next((name for name in ready if not (last and self._heavy(name))), None)
            if client is None:
                return
            queue = self._queues.pop(client)
            job = queue.popleft()
            if queue:
                self._queues[client] = queue  # behind the other clients
            self._busy.add(client)
            task = asyncio.create_task(self._run(job))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _run(self, job: _Job) -> None:
        try:
            result, seconds = await asyncio.get_running_loop().run_in_executor(self._pool, _timed, job.work)
        except asyncio.CancelledError:
            job.done.cancel()
            raise
        else:
            job.charge(seconds)
            if isinstance(result, _Failure):
                job.done.set_exception(result.error)
                job.done.exception()  # looked at, though every request for it may be gone
            else:
                job.done.set_result(result)
        finally:
            self._busy.discard(job.client)
            self._start_next()

    def close(self) -> None:
        """Make nothing more; what is being made comes to its end."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._looking.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Failure:
    """What the work raised, for the requests that wait for it."""

    error: BaseException


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Do the work; return its result, or what it raised, and the seconds of processor time it took."""
    started = time.thread_time()
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - passed on
        result = _Failure(error)
    return result, time.thread_time() - started
