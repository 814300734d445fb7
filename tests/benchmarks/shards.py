"""Measure how soon shards are back when every line is cut and the host for resuming is dead.

Bobbin beside plain discord.py, each with four shards against the loopback Discord in this process, for two
kinds of dead host: one that answers 503, and one that takes a connection and says nothing. It counts the
seconds until the first and the last shard is back, the sessions that were resumed, and of the messages
written meanwhile those that arrive. Run it as ``python -m tests.benchmarks.shards [--shards 4]``.
"""

import argparse
import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import discord
from aiohttp import web

from bot.client import Bobbin
from bot.settings import Secret, Settings
from retrieval.archive import Archive
from tests.benchmarks.bars import fail_below_bar
from tests.benchmarks.trial import say
from tests.discord import Channel, LoopbackDiscord
from tests.discord.fixtures import point_at

__all__ = ["Return", "main"]

#: What the bar allows a shard whose host for resuming is dead, in seconds.
_BAR = 4.0
_PATIENCE = 120.0
_COLUMNS = "{:<12}{:<14}{:>10}{:>10}{:>10}{:>12}"


@dataclass(frozen=True, slots=True)
class Return:
    """Seconds until the first and last shard were back, sessions resumed, and messages that arrived."""

    first: float
    last: float
    resumed: int
    arrived: int


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.shards", description=__doc__)
    parser.add_argument("--shards", type=int, default=4, help="shards of each client")
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait for the last of them")
    chosen = parser.parse_args()
    say(_COLUMNS.format("client", "dead host", "first, s", "last, s", "resumed", "messages"))
    short = []
    for kind in ("answers 503", "is silent"):
        returns = {
            name: asyncio.run(_measured(name, chosen.shards, kind, chosen.patience))
            for name in ("discord.py", "Bobbin")
        }
        for name, one in returns.items():
            counted = (f"{one.resumed}/{chosen.shards}", f"{one.arrived}/{chosen.shards}")
            say(_COLUMNS.format(name, kind, f"{one.first:.2f}", f"{one.last:.2f}", *counted))
        ratio = returns["Bobbin"].last / returns["discord.py"].last
        say(_COLUMNS.format("ratio", kind, "", f"{ratio:.2f}", "", ""))
        if returns["Bobbin"].last > _BAR:
            short.append(f"the last of {chosen.shards} shards is back after {returns['Bobbin'].last:.1f} s")
        if returns["Bobbin"].arrived < chosen.shards:
            short.append(f"{chosen.shards - returns['Bobbin'].arrived} messages did not arrive")
    fail_below_bar(short)


async def _measured(name: str, shards: int, kind: str, patience: float) -> Return:
    async with LoopbackDiscord(contract=False, shards=shards) as server, _dead_host(kind) as dead:
        server.gateway.resume_url = dead
        halls: dict[int, Channel] = {}
        while len(halls) < shards:
            guild = server.add_guild(f"Server {len(server.world.guilds)}")
            halls.setdefault((guild.id >> 22) % shards, guild.add_channel("hall"))
        with point_at(server), tempfile.TemporaryDirectory() as folder:
            async with _client(name, server, Path(folder)) as client:
                await server.ready(shards, timeout=_PATIENCE)
                await client.wait_until_ready()
                heard: set[int] = set()
                state = client._connection  # it took the client's own method when it was made
                state.dispatch = _listening(state.dispatch, heard)
                person = server.add_user("alice")
                for hall in halls.values():
                    assert hall.guild is not None
                    hall.guild.add_member(person)
                begun = time.monotonic()
                await server.drop_sockets()
                for hall in halls.values():
                    await person.says(hall, "good morning")
                first = await _until(server, 1, begun + patience) - begun
                last = await _until(server, shards, begun + patience) - begun
                await asyncio.sleep(0.5)
                resumed = sum(session.resumes for session in server.gateway.sessions.values())
                return Return(first, last, resumed, len(heard))


def _listening(dispatch: Callable[..., object], heard: set[int]) -> Callable[..., object]:
    def listen(event: str, /, *values: object, **named: object) -> None:
        if event == "message" and isinstance(values[0], discord.Message) and not values[0].author.bot:
            heard.add(values[0].channel.id)
        dispatch(event, *values, **named)

    return listen


async def _until(server: LoopbackDiscord, count: int, end: float) -> float:
    """Return when so many sessions are live, or the end."""
    # What is waited for happens in another task, which wakes no one.
    while len(server.gateway.live) < count and time.monotonic() < end:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    return time.monotonic()


@contextlib.asynccontextmanager
async def _client(name: str, server: LoopbackDiscord, folder: Path) -> AsyncIterator[discord.Client]:
    """Run a client of four shards; they identify as fast as Discord's largest bots may."""
    server.gateway.concurrency = 16
    with contextlib.ExitStack() as stack:
        client: discord.AutoShardedClient
        if name == "Bobbin":
            settings = Settings(
                discord_token=Secret(server.token),
                data_dir=folder,
            )
            archive = stack.enter_context(Archive.open(settings.database, handbook=settings.handbook))
            client = Bobbin(archive, settings, ready_timeout=0.01)
        else:
            intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
            client = discord.AutoShardedClient(intents=intents, guild_ready_timeout=0.01)
        running = asyncio.create_task(client.start(server.token))
        try:
            yield client
        finally:
            with contextlib.suppress(Exception):
                await client.close()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@contextlib.asynccontextmanager
async def _dead_host(kind: str) -> AsyncIterator[str]:
    """Listen as a host that is in trouble; its address is what Discord names for resuming."""

    async def refuse(_request: web.Request) -> web.Response:
        if kind == "is silent":
            await asyncio.sleep(_PATIENCE)
        return web.Response(status=503)

    app = web.Application()
    app.router.add_get("/{tail:.*}", refuse)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"ws://{host}:{port}/gateway"
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    main()
