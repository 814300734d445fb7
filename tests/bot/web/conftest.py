"""The pages over a real socket, with a small archive of our own threads."""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.web.app import make_app
from bot.web.rate_limit import Rate
from bot.web.server import serving
from bot.web.site import Freshness, Site
from retrieval.archive import Archive
from tests.bot.archives import LAMPS, RIVERS, fill, handbook_in
from tests.canary import watched

KEY = b"k" * 32
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

Get = Callable[..., AbstractAsyncContextManager[aiohttp.ClientResponse]]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db", handbook=handbook_in(tmp_path / "handbook")) as opened:
        fill(opened, rivers=RIVERS, lamps=LAMPS)
        yield opened


@pytest.fixture
def site(archive: Archive) -> Site:
    return Site(archive, KEY, rate=Rate(10_000, 10_000), now=lambda: NOON, freshness=Freshness(NOON))


@contextlib.asynccontextmanager
async def client_of(site: Site) -> AsyncIterator[aiohttp.ClientSession]:
    async with (
        serving(make_app(site), "127.0.0.1", 0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}", trace_configs=[watched()]) as session,
    ):
        yield session


@pytest_asyncio.fixture
async def pages(site: Site) -> AsyncIterator[aiohttp.ClientSession]:
    async with client_of(site) as session:
        yield session
