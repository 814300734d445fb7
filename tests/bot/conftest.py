"""The real client against the loopback Discord, with a small archive of our own threads."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
import pytest_asyncio

from bot.client import Bobbin
from bot.settings import Secret, Settings
from retrieval.archive import Archive
from tests.bot.archives import LAMPS, RIVERS, fill, handbook_in
from tests.canary import TOKEN
from tests.discord import Channel, LoopbackDiscord, Person
from tests.discord.fixtures import Loopback, loopback
from tests.discord.waiting import PATIENCE

__all__ = ["loopback"]

Start = Callable[[], AbstractAsyncContextManager[Bobbin]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        discord_token=Secret(TOKEN),
        data_dir=tmp_path / "data",
        handbook=handbook_in(tmp_path / "handbook"),
        quotes_per_answer=2,
    )


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    with Archive.open(settings.database, handbook=settings.handbook) as opened:
        fill(opened, rivers=RIVERS, lamps=LAMPS)
        yield opened


@pytest.fixture
def start(loopback: Loopback, archive: Archive, settings: Settings) -> Start:
    return lambda: running(Bobbin(archive, settings, ready_timeout=0.01), loopback)


@pytest_asyncio.fixture
async def bobbin(start: Start, hall: Channel) -> AsyncIterator[Bobbin]:  # noqa: ARG001 - the hall is there first
    async with start() as client:
        yield client


@pytest.fixture
def hall(loopback: Loopback) -> Channel:
    return loopback.add_guild("Reading room").add_channel("hall")


@pytest.fixture
def alice(loopback: Loopback, hall: Channel) -> Person:
    return visitor(loopback, hall, "alice")


@pytest.fixture
def bob(loopback: Loopback, hall: Channel) -> Person:
    return visitor(loopback, hall, "bob")


def visitor(loopback: LoopbackDiscord, channel: Channel, name: str) -> Person:
    person = loopback.add_user(name)
    assert channel.guild is not None
    channel.guild.add_member(person)
    return person


@contextlib.asynccontextmanager
async def running(
    client: Bobbin, loopback: LoopbackDiscord, *, until_registered: bool = True
) -> AsyncIterator[Bobbin]:
    """Run a client until it is ready and its commands are known, and finish it afterwards."""
    task = asyncio.create_task(client.start(loopback.token))
    try:
        await loopback.ready()
        if until_registered:
            await asyncio.wait_for(client.registered.wait(), PATIENCE)
        loopback.busy = lambda: client.services.working > 0
        yield client
    finally:
        await client.finish()
        await asyncio.wait_for(task, PATIENCE)
