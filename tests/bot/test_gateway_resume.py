"""What is asked while the line to the gateway is in trouble is answered, once."""

import asyncio
import time
from pathlib import Path
from typing import cast

import aiohttp
import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.shard import EventItem, EventType, Shard

from bot.client import Bobbin
from bot.gateway_resume import IdentifyGate, _ResumableSocket, keep_apart, keep_sessions
from bot.settings import Settings
from retrieval.archive import Archive
from tests.discord import Channel, Person
from tests.discord.fixtures import Loopback
from tests.discord.waiting import until

QUESTION = "Why does the ferry cross at dawn?"


@pytest.mark.parametrize(
    "trouble",
    [
        {"turned_away": 2},
        {"after_hello": 3},
        {"resuming": 3},
        {"turned_away": 1, "after_hello": 1, "resuming": 1},
    ],
    ids=["turned away", "cut after Hello", "cut while resuming", "all of it"],
)
async def test_trouble_while_resuming_costs_no_question_and_no_session(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, alice: Person, trouble: dict[str, int]
) -> None:
    await bobbin.wait_until_ready()
    loopback.spoil_connecting(**trouble)
    await loopback.drop_sockets()
    for _ in range(3):
        await alice.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
    for _ in range(3):
        assert "**ferry**" in (await loopback.next_message(in_=hall)).text
    await loopback.resumed()
    assert len(loopback.gateway.identifies) == 1
    await asyncio.sleep(0.2)
    assert len(loopback.messages(hall)) == 3


class Talkative:
    """A socket that always has a message there, each of which takes a millisecond to read."""

    async def receive(self, _timeout: float | None = None) -> str:
        time.sleep(0.001)  # noqa: ASYNC251 - work that holds the loop up
        return "talk"


async def test_a_flood_of_messages_leaves_others_their_turn() -> None:
    line, turns = _ResumableSocket(cast("aiohttp.ClientWebSocketResponse", Talkative())), 0

    async def other() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    beside = asyncio.create_task(other())
    for _ in range(100):
        await line.receive()
    beside.cancel()
    assert turns >= 5


class Closed:
    """A socket whose other end is gone."""

    async def send_str(self, _data: str) -> None:
        raise aiohttp.ClientConnectionResetError("Cannot write to closing transport")


async def test_writing_to_a_closed_line_raises_what_discord_py_leaves_to_the_next_read() -> None:
    line = _ResumableSocket(cast("aiohttp.ClientWebSocketResponse", Closed()))
    with pytest.raises(RuntimeError, match="closed"):
        await line.send_str("{}")


class Resuming:
    """An HTTP client whose host for resuming is dead, and whose default gateway answers."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def ws_connect(self, url: str, *, compress: int = 0) -> object:  # noqa: ARG002 - the library's
        self.asked.append(str(yarl.URL(url).host))
        if "dead" in url:
            await asyncio.sleep(60)
        return Talkative()


async def test_a_dead_resume_host_is_left_for_the_default_gateway_within_four_seconds() -> None:
    http = Resuming()
    keep_sessions(http)  # type: ignore[arg-type]
    begun = time.monotonic()
    await http.ws_connect("wss://dead.example/?v=10&encoding=json")
    assert time.monotonic() - begun < 4
    assert http.asked == ["dead.example", "dead.example", DiscordWebSocket.DEFAULT_GATEWAY.host]


class SlowShard:
    """A shard that takes half a second to reconnect."""

    id = 3

    def __init__(self) -> None:
        self.items: list[EventItem] = []
        self.reconnected = 0
        self._queue_put = self.items.append

    async def reidentify(self, _exc: Exception) -> None:
        await asyncio.sleep(0.5)
        self.reconnected += 1

    async def reconnect(self) -> None:
        await self.reidentify(ValueError())


async def test_shards_reconnect_beside_each_other() -> None:
    shards, tasks = [SlowShard() for _ in range(4)], set[asyncio.Task[None]]()
    for shard in shards:
        keep_apart(cast("Shard", shard), tasks)
    begun = time.monotonic()
    for shard in shards:
        await shard.reidentify(ValueError())
    assert time.monotonic() - begun < 0.2
    await asyncio.wait(tasks)
    assert [shard.reconnected for shard in shards] == [1, 1, 1, 1]


async def test_an_error_in_one_shard_costs_its_session_and_not_the_process() -> None:
    shard = SlowShard()
    keep_apart(cast("Shard", shard), set())
    shard._queue_put(EventItem(EventType.terminate, cast("Shard", shard), KeyError("d")))
    (item,) = shard.items
    assert item.type is EventType.identify
    assert isinstance(item.error, ReconnectWebSocket)
    refused = EventItem(EventType.terminate, cast("Shard", shard), discord.PrivilegedIntentsRequired(3))
    shard._queue_put(refused)
    assert shard.items[-1] is refused


async def test_identifies_are_spaced_over_all_processes_by_bucket(tmp_path: Path) -> None:
    gates = [IdentifyGate(tmp_path, 2, every=0.3) for _ in range(2)]
    begun = time.monotonic()
    await gates[0].wait(0)
    await gates[1].wait(1)
    assert time.monotonic() - begun < 0.25
    await gates[1].wait(2)
    assert time.monotonic() - begun >= 0.29


async def test_no_session_is_started_that_discord_does_not_allow_today(
    archive: Archive, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = Bobbin(archive, settings)
    limits = [{"remaining": 0, "reset_after": -900, "max_concurrency": 1}]
    limits.append({"remaining": 1, "reset_after": 0, "max_concurrency": 1})

    async def gateway() -> object:
        return 1, "wss://gateway.example", limits.pop(0)

    async def launch(*_: object, **__: object) -> None:
        return None

    monkeypatch.setattr(client.http, "get_bot_gateway", gateway)
    monkeypatch.setattr(client, "launch_shard", launch)
    await client.launch_shards()
    assert limits == []
    assert "1 sessions to start, Discord allows 0" in caplog.text
    await client.close()


async def test_what_bobbin_sent_itself_is_not_parsed_and_what_others_send_is(
    bobbin: Bobbin, hall: Channel, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bobbin.wait_until_ready()
    heard: list[int] = []

    async def on_message(message: discord.Message) -> None:
        heard.append(message.author.id)

    bobbin.event(on_message)
    monkeypatch.setattr(bobbin, "on_message", on_message)
    channel = bobbin.get_channel(hall.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.send("hello")
    await alice.says(hall, "and hello")
    await until(lambda: bool(heard), "a message")
    assert heard == [alice.id]
