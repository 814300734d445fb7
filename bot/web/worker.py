"""Making pages away from the event loop: a fair queue over the addresses that ask."""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

__all__ = ["BusyError", "PageWorker"]

T = TypeVar("T")

#: Two, so that one address's long page leaves room for the others'; more would take turns from Discord's
#: answers, which are made in the same process.
_THREADS: Final = 2
_WAITING: Final = 256
_WAITING_OF_ONE: Final = 16


class BusyError(Exception):
    """Too many requests wait already, of all clients or of this one."""


@dataclass(slots=True)
class _Job:
    """Work that waits: ``done`` gets its result and the seconds of processor time that it took."""

    work: Callable[[], Any]
    done: "asyncio.Future[tuple[Any, float]]"


class PageWorker:
    """Makes pages in two threads, at most one at a time for each client, clients in turn.

    Identical requests that wait at the same time are made once. At most ``waiting`` jobs wait in all, and
    ``waiting_of_one`` of one client. For one event loop.
    """

    def __init__(self, *, waiting: int = _WAITING, waiting_of_one: int = _WAITING_OF_ONE) -> None:
        self._limits = waiting, waiting_of_one
        self._queues: OrderedDict[str, deque[_Job]] = OrderedDict()
        self._busy: set[str] = set()
        self._shared: dict[Hashable, asyncio.Future[tuple[Any, float]]] = {}
        self._pool = ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="pages")
        self._looking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pages-state")
        self._tasks: set[asyncio.Task[None]] = set()

    async def look(self, work: Callable[[], T]) -> T:
        """Return the result of a short look into the archive, which waits for no page."""
        return await asyncio.get_running_loop().run_in_executor(self._looking, work)

    async def make(self, client: str, key: Hashable, work: Callable[[], T]) -> tuple[T, float]:
        """Return the result of the work and the seconds of processor time it took, 0 where it was shared.

        ``key`` is equal for identical requests. Raises :class:`BusyError` where the queue is full.
        """
        shared = self._shared.get(key)
        if shared is not None:
            result, _ = await asyncio.shield(shared)
            return cast("T", result), 0.0
        queue = self._queues.get(client, ())
        most, most_of_one = self._limits
        if len(queue) >= most_of_one or sum(map(len, self._queues.values())) >= most:
            raise BusyError
        job = _Job(work, asyncio.get_running_loop().create_future())
        self._queues.setdefault(client, deque()).append(job)
        self._shared[key] = job.done
        job.done.add_done_callback(lambda _done: self._shared.pop(key, None))
        self._start_next()
        return cast("tuple[T, float]", await asyncio.shield(job.done))

    def _start_next(self) -> None:
        """Start the next job of the client whose turn it is, while a thread is free."""
        while len(self._busy) < _THREADS:
            client = next((name for name in self._queues if name not in self._busy), None)
            if client is None:
                return
            queue = self._queues.pop(client)
            job = queue.popleft()
            if queue:
                self._queues[client] = queue  # behind the other clients
            self._busy.add(client)
            task = asyncio.create_task(self._run(client, job))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _run(self, client: str, job: _Job) -> None:
        try:
            result = await asyncio.get_running_loop().run_in_executor(self._pool, _timed, job.work)
        except asyncio.CancelledError:
            job.done.cancel()
            raise
        except BaseException as error:  # noqa: BLE001 - passed on to the requests that wait for it
            if not job.done.done():
                job.done.set_exception(error)
            job.done.exception()
        else:
            if not job.done.done():
                job.done.set_result(result)
        finally:
            self._busy.discard(client)
            self._start_next()

    def close(self) -> None:
        """Make nothing more; what is being made comes to its end."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._looking.shutdown(wait=False, cancel_futures=True)


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    started = time.thread_time()
    return work(), time.thread_time() - started
