"""What is asked while the line to the gateway is in trouble is answered, once."""

import asyncio
import time
from typing import cast

import aiohttp
import pytest

from bot.client import Bobbin
from bot.gateway_resume import _Line
from tests.discord import Channel, Person
from tests.discord.fixtures import Loopback

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
    line, turns = _Line(cast("aiohttp.ClientWebSocketResponse", Talkative())), 0

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
    line = _Line(cast("aiohttp.ClientWebSocketResponse", Closed()))
    with pytest.raises(RuntimeError, match="closed"):
        await line.send_str("{}")
