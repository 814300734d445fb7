"""A process that follows authors and is killed again and again, on a clock that it turns from due to due.

The services, and the log of what is asked of them, are in the process of the test. The clock is memory that
both share, so that the log has for each request what the asking process took the time to be.
"""

import asyncio
import multiprocessing
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from ctypes import c_double
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import sharedctypes
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.database import ServerFile
from bot.fetching.guard import Guard
from bot.servers.follow_store import FollowStore
from bot.servers.following import Following
from retrieval.archive import Archive
from tests.bot.fetching.services import Handler, Web, serving

__all__ = ["Asked", "Lives", "lives"]

_POLL: Final = 0.002


@dataclass(frozen=True, slots=True)
class _Job:
    """What a following process needs: the files, where the services are, and the end of its time."""

    folder: Path
    port: int
    authority: bytes
    until: float


def _live(job: _Job, clock: c_double) -> None:
    asyncio.run(_follow(job, clock))


async def _follow(job: _Job, clock: c_double) -> None:
    """Follow until the end of the job's time, the clock going on to what is due next."""

    def now() -> datetime:
        return datetime.fromtimestamp(clock.value, UTC)

    async def wait(seconds: float) -> None:
        clock.value += seconds

    context = ssl.create_default_context(cadata=job.authority.decode())
    network = Web(_unserved, port=job.port, context=context).network()
    with (
        Archive.open(job.folder / "archive.db") as archive,
        ServerFile.open(job.folder / "servers.db") as file,
    ):
        store = FollowStore(file)
        async with Guard(
            "Bobbin/test (contact: test@example.org)",
            network=network,
            clock=lambda: clock.value,
            sleep=wait,
        ) as guard:
            following = Following(archive, store, lambda: guard, now)
            task = asyncio.create_task(following.run(_POLL))
            while not task.done():
                await asyncio.sleep(_POLL)
                if following._working:
                    continue
                due = await asyncio.to_thread(_next_due, file)
                if following._working or due <= clock.value:
                    continue
                clock.value = min(due + 0.001, job.until)
                if due > job.until:
                    task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _unserved(_request: web.BaseRequest) -> web.StreamResponse:
    raise web.HTTPNotFound


def _next_due(file: ServerFile) -> float:
    with file.reading() as db:
        rows = db.execute(
            "select min(due) from followed_accounts union all select min(due) from fetched_threads"
        ).fetchall()
    return min((datetime.fromisoformat(due).timestamp() for (due,) in rows if due), default=float("inf"))


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: the life of the process that made it, its time on that process's clock, and what it asks."""

    life: int
    at: float
    what: str


@dataclass
class Lives:
    """The lives of a following process, one after the other, and what they asked for."""

    folder: Path
    served: Web
    clock: c_double
    asked: list[Asked] = field(default_factory=list)
    life: int = 0
    kills: int = 0
    _awaited: int = 0
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.value, UTC)

    def note(self, request: web.BaseRequest) -> None:
        if self.life:
            self.asked.append(Asked(self.life, self.clock.value, request.path_qs))
            self._awaited -= 1
            if not self._awaited:
                self._came.set()

    async def live(self, until: datetime, *, kill_at: int = 0, delay: float = 0.0) -> bool:
        """Run a process to the end of its time; return whether it came to it.

        ``kill_at`` is the number of the request at which it is killed instead, ``delay`` seconds after it.
        """
        self.life += 1
        self._awaited, self._came = kill_at, asyncio.Event()
        context: ForkServerContext = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
        job = _Job(self.folder, self.served.port, self.served.authority, until.timestamp())
        child = context.Process(target=_live, args=(job, self.clock), daemon=True)
        child.start()
        try:
            async with asyncio.timeout(60):
                while child.is_alive() and not self._came.is_set():  # noqa: ASYNC110 - a process tells nobody
                    await asyncio.sleep(_POLL)
            await asyncio.sleep(delay if kill_at else 0)
        finally:
            at_work = child.is_alive()
            child.kill()
            await asyncio.to_thread(child.join)
        self.kills += at_work
        assert at_work or child.exitcode == 0, child.exitcode
        return not at_work


@asynccontextmanager
async def lives(handler: Handler, folder: Path, begin: datetime) -> AsyncIterator[Lives]:
    """Serve on the loopback for a following process whose clock shows ``begin``."""
    held: list[Lives] = []

    async def noted(request: web.BaseRequest) -> web.StreamResponse:
        held[0].note(request)
        return await handler(request)

    async with serving(noted) as served:
        held.append(Lives(folder, served, sharedctypes.RawValue(c_double, begin.timestamp())))
        yield held[0]
