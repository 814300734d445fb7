"""The only place here that knows names inside Bobbin: after a move, mend these imports and nothing else."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp.web import UrlDispatcher

from bot.client import Bobbin
from bot.database import ServerFile
from bot.digest.editions import Edition, Editions, write_edition
from bot.settings import Secret, Settings
from bot.views.custom_id import (
    DAYS,
    AnswerAction,
    AnswerState,
    ArrivalsState,
    DeleteState,
    FilteredListState,
    ListState,
    Order,
    PostAction,
    PostState,
    ThreadState,
    packed_words,
)
from bot.web.app import make_app
from bot.web.rate_limit import Rate
from bot.web.server import serving
from bot.web.signing import digest_token, token
from bot.web.site import Freshness, Site
from retrieval.archive import Archive, ThreadOrder
from retrieval.formats.import_types import SavedFile
from tests.canary import TOKEN
from tests.discord import LoopbackDiscord
from tests.discord.waiting import PATIENCE

__all__ = [
    "NOON",
    "READER_SAMPLES",
    "Clock",
    "build",
    "client",
    "custom_ids",
    "digest_path",
    "own_path",
    "pages",
    "store_index",
]

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""The time at which everything happens that is not done by a process of its own."""

READER_SAMPLES = Path(__file__).resolve().parents[1] / "retrieval" / "readers" / "samples"
"""A saved file, or an unpacked export, of each form that can be imported."""

_KEY = b"k" * 32
_PUBLIC = "https://threads.example.org"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the time, aware."""
        return self.now


def build(
    folder: Path, handbook: Path, files: Sequence[Path], own: Mapping[int, Sequence[Path]] | None = None
) -> None:
    """Import files into the archive of a data folder, as of noon; ``own`` are those of servers by id."""
    with Archive.open(folder / "archive.db", handbook=handbook, now=Clock()) as archive:
        for server_id, paths in ((None, files), *(own or {}).items()):
            for path in paths:
                file = SavedFile(path.name, path.read_bytes())
                collection = "main" if server_id is None else "own"
                report = archive.import_file(file, collection=collection, server_id=server_id)
                if report.error is not None:
                    raise ValueError(f"{path.name} cannot be a sample: {report.error}")


def store_index(folder: Path, handbook: Path) -> None:
    """Have the index of a data folder's archive made and stored."""
    with Archive.open(folder / "archive.db", handbook=handbook, now=Clock()) as archive:
        archive.refresh()


@contextlib.asynccontextmanager
async def client(
    folder: Path, handbook: Path, loopback: LoopbackDiscord, clock: Clock
) -> AsyncIterator[None]:
    """Run the client over the archive of a data folder until it listens; nothing is posted by the clock."""
    settings = Settings(
        discord_token=Secret(TOKEN),
        discord_api=None,
        discord_gateway=None,
        data_dir=folder,
        handbook=handbook,
        public_url=_PUBLIC,
        quotes_per_answer=2,
    )
    with Archive.open(settings.database, handbook=handbook, now=clock, limits=settings.limits) as archive:
        archive.refresh()
        bobbin = Bobbin(archive, settings, ready_timeout=0.01, now=clock, look_every=3600, refresh_every=3600)
        bobbin.digests.scheduler.stop()
        bobbin.alerts.stop()
        running = asyncio.create_task(bobbin.start(loopback.token))
        try:
            await loopback.ready()
            await asyncio.wait_for(bobbin.registered.wait(), PATIENCE)
            yield
        finally:
            await bobbin.finish()
            await asyncio.wait_for(running, PATIENCE)


@contextlib.asynccontextmanager
async def pages(folder: Path, handbook: Path) -> AsyncIterator[tuple[str, UrlDispatcher]]:
    """Serve the pages over the archive of a data folder, as of noon.

    Yield their address without a slash, and the router that knows every route.
    """
    with (
        Archive.open(folder / "archive.db", handbook=handbook, now=Clock()) as archive,
        ServerFile.open(folder / "servers.db") as file,
    ):
        archive.refresh()
        known = Editions(file)
        site = Site(
            archive,
            _KEY,
            public_url=_PUBLIC,
            # What takes long costs more, and how long differs; errors cost one.
            rate=Rate(5_000, 0.001),
            now=Clock(),
            freshness=Freshness(NOON),
            editions=lambda: contextlib.nullcontext(known),
        )
        app = make_app(site)
        async with serving(app, "127.0.0.1", 0) as port:
            yield f"http://127.0.0.1:{port}", app.router


def own_path(server_id: int, thread_id: str) -> str:
    """Return the path of a server's own thread, signed as of noon."""
    return f"/s/{token(_KEY, server_id, thread_id, NOON)}/{thread_id}"


def digest_path(data: Path, server_id: int, threads: Sequence[str]) -> str:
    """Write two editions of a server's digest, of those threads and of one less, and return their path."""
    with ServerFile.open(data / "servers.db") as file:
        Editions(file)
        with file.changing() as db:
            for ago in (0, 3):
                day = NOON - timedelta(days=ago)
                new, archive = tuple(threads[:-1]), tuple(threads[-1:]) if ago else ()
                edition = Edition(server_id, 1, day.date(), "Harbour" if ago else "", day, new, ago, archive)
                write_edition(db, edition)
    return f"/d/{digest_token(_KEY, server_id, 1)}"


def custom_ids() -> Iterator[tuple[str, str]]:
    """Yield the custom_id of each kind of state at its least and its most, with what it is of."""
    user, thread = 2**64 - 1, "z" * 12
    keys, marks = tuple(range(1, 9)), tuple(range(2**16 - 8, 2**16))
    for action in AnswerAction:
        yield f"answer {action.name}, empty", AnswerState(0, 0, (), (), action).encode()
        yield f"answer {action.name}, full", AnswerState(user, 255, keys, marks, action).encode()
    for what in PostAction:
        yield f"post {what.name}, least", PostState(0, what).encode()
        yield f"post {what.name}, most", PostState(2**40 - 1, what, user, 255).encode()
    for opens in (False, True):
        yield f"thread opens={opens}, least", ThreadState(0, "0" * 12, opens=opens).encode()
        yield f"thread opens={opens}, most", ThreadState(user, thread, 2**16 - 1, 255, opens).encode()
        yield f"new threads opens={opens}, least", ArrivalsState(0, 0, opens=opens).encode()
        yield f"new threads opens={opens}, most", ArrivalsState(user, user, 2**16 - 1, opens).encode()
    for order in Order:
        yield f"list {order.name}, least", ListState(0, order).encode()
        yield f"list {order.name}, most", ListState(user, order, 2**16 - 1, 2**32 - 1, thread).encode()
    for sort in ThreadOrder:
        yield f"filtered list {sort.name}, least", FilteredListState(0, sort).encode()
        state = FilteredListState(user, sort, 2**16 - 1, 2**32 - 1, thread, *DAYS, packed_words("ж" * 20))
        yield f"filtered list {sort.name}, most", state.encode()
    yield "removal, least", DeleteState(0).encode()
    yield "removal, most", DeleteState(user).encode()
