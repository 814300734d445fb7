"""Offer the loopback Discord to tests."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import discord.gateway
import discord.http
import pytest
import pytest_asyncio
import yarl

from tests.discord.interactions import Timing
from tests.discord.own_clock import OwnClock
from tests.discord.people import Person
from tests.discord.server import LoopbackDiscord
from tests.discord.state import Channel, Guild

__all__ = ["Loopback", "Room", "loopback", "point_at", "room"]

Room: TypeAlias = tuple[Guild, Channel, Person]


class Loopback(LoopbackDiscord):
    """Be a Discord whose test fails on any problem that it does not expect."""

    expects_problems = False

    def expect_problems(self) -> None:
        """Let the test look at the problems itself."""
        self.expects_problems = True


@contextmanager
def point_at(server: LoopbackDiscord) -> Iterator[None]:
    """Send this process's clients to a loopback Discord, and back to the real one afterwards."""
    route, socket = discord.http.Route, discord.gateway.DiscordWebSocket
    before = route.BASE, socket.DEFAULT_GATEWAY
    route.BASE, socket.DEFAULT_GATEWAY = server.api_url, yarl.URL(server.gateway_url)
    try:
        yield
    finally:
        route.BASE, socket.DEFAULT_GATEWAY = before


@pytest_asyncio.fixture
async def loopback() -> AsyncIterator[Loopback]:
    """Run a loopback Discord for one test, and hold that no request was out of order nor a first reply late.

    Discord's three seconds are counted without what other processes took of the machine.
    """
    async with Loopback(timing=Timing(clock=OwnClock())) as server:
        with point_at(server):
            yield server
    if not server.expects_problems:
        assert server.problems == [], "\n".join(server.problems)
        assert server.late() == [], "first replies came after more than three seconds"


@pytest.fixture
def room(loopback: Loopback) -> Room:
    """Give a server with the bot in it, its channel, and a person who is a member."""
    guild = loopback.add_guild("Reading room")
    alice = loopback.add_user("alice")
    guild.add_member(alice)
    return guild, guild.add_channel("general"), alice
