"""Hold the loopback Discord to what the real one refuses, and to every planned trouble."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest

from tests.discord import LoopbackDiscord, Timing
from tests.discord.echo import Echo, running
from tests.discord.fixtures import Loopback, Room, loopback, point_at, room
from tests.discord.own_clock import OwnClock
from tests.discord.waiting import until

__all__ = ["loopback", "room"]

V2 = 1 << 15


@pytest.mark.parametrize(
    "plan",
    [
        lambda server: server.limit_rate("POST", r"/messages$", retry_after=0.05),
        lambda server: server.limit_rate("POST", r"/messages$", retry_after=0.05, everywhere=True),
        lambda server: server.fail("POST", r"/messages$", status=502),
        lambda server: server.fail("POST", r"/messages$", delay=0.05),
    ],
)
async def test_what_passes_is_tried_again(
    loopback: Loopback, room: Room, plan: Callable[[LoopbackDiscord], Any]
) -> None:
    async with running(loopback):
        fault = plan(loopback)
        said = await room[2].says(room[1], f"{loopback.bot_user.mention} hi")
        assert "hi" in (await loopback.next_message(in_=room[1], after=said)).text
        assert fault.hits == 1


@pytest.mark.parametrize(
    ("plan", "error", "posted"),
    [
        (lambda server: server.limit_rate("POST", r"/messages$", via=False), discord.HTTPException, 0),
        (lambda server: server.fail("POST", r"/messages$", reset=True, times=9), OSError, 0),
        (lambda server: server.fail("POST", r"/messages$", hang_up=True), aiohttp.ServerDisconnectedError, 0),
        (lambda server: server.fail("POST", r"/messages$", reset=True, after=True, times=9), OSError, 1),
    ],
)
async def test_what_does_not_pass_is_raised(
    loopback: Loopback,
    room: Room,
    plan: Callable[[LoopbackDiscord], Any],
    error: type[Exception],
    posted: int,
) -> None:
    async with running(loopback) as client:
        plan(loopback)
        with pytest.raises(error):
            await client.get_partial_messageable(room[1].id).send("x")
        assert len(loopback.messages(room[1])) == posted


async def test_a_route_that_is_not_there_is_a_problem(loopback: Loopback, room: Room) -> None:
    loopback.expect_problems()
    async with running(loopback) as client:
        with pytest.raises(discord.HTTPException) as caught:
            await client.get_guild(room[0].id).fetch_roles()
        assert caught.value.status == 501
    assert "no such route" in loopback.problems[0]


async def test_a_breach_of_the_contract_is_a_problem(loopback: Loopback, room: Room) -> None:
    if not loopback.has_contract:
        pytest.skip("the contract, openapi.json, is not at hand")
    loopback.expect_problems()
    async with running(loopback) as client:
        route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=room[1].id)
        with pytest.raises(discord.HTTPException) as caught:
            await client.http.request(route, json={"components": [{"type": 1, "components": [{"type": 2}]}]})
        assert (caught.value.status, caught.value.code) == (400, 50035)
    assert "'style' is a required property" in loopback.problems[0]


def _rows(count: int, **button: Any) -> list[dict[str, Any]]:
    return [
        {"type": 1, "components": [{"type": 2, "style": 2, "label": "x", "custom_id": f"{n}", **button}]}
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"content": "x" * 2001}, "2,000 are allowed"),
        ({"content": "x", "allowed_mentions": {"parse": ["users"]}}, "would ping"),
        ({"content": "x", "allowed_mentions": None}, "without allowed_mentions"),
        ({"content": "x", "nonce": "1" * 26}, "nonce|too long"),
        (
            {"flags": V2, "content": "x", "components": [{"type": 10, "content": "x"}]},
            "content cannot be used",
        ),
        ({"flags": V2, "components": [{"type": 10, "content": "x" * 2001}] * 2}, "4,000 are allowed"),
        ({"flags": V2, "components": _rows(21)}, "40 are allowed"),
        ({"components": [{"type": 10, "content": "x"}]}, "needs the components V2 flag"),
        ({"components": _rows(1, label="x" * 81)}, "label"),
        ({"components": _rows(1, custom_id="x" * 101)}, "custom_id"),
        ({"components": _rows(2, custom_id="same")}, "stands in the message 2 times"),
        ({"components": _rows(1, custom_id=None, style=5, url="https://e.org/" + "x" * 500)}, "url"),
        ({"content": ""}, "empty message"),
    ],
)
@pytest.mark.parametrize("with_contract", [True, False])
async def test_a_breach_of_a_limit_is_a_problem(
    body: dict[str, Any], reason: str, *, with_contract: bool
) -> None:
    async with LoopbackDiscord(contract=with_contract) as server:
        channel = server.add_guild("room").add_channel("general")
        with point_at(server):
            client = Echo()
            async with client:
                await client.http.static_login(server.token)
                route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=channel.id)
                with pytest.raises(discord.HTTPException) as caught:
                    await client.http.request(route, json={"allowed_mentions": {"parse": []}, **body})
        assert caught.value.status == 400
        assert len(server.problems) == 1
        if not with_contract:
            assert any(word in server.problems[0] for word in reason.split("|"))


async def test_a_late_first_reply_is_refused() -> None:
    async with LoopbackDiscord(timing=Timing(acknowledge=0.05)) as server:
        guild = server.add_guild("room")
        alice = server.add_user("alice")
        guild.add_member(alice)
        with point_at(server):
            async with running(server) as client:
                client.block = 0.1
                use = await alice.uses(guild.add_channel("general"), "ask", question="x")
                await server.requested("POST", "/callback")
                await until(lambda: bool(client.errors))
                assert client.errors[0].code == 10062
                assert use.was_late
                with pytest.raises(TimeoutError, match="a first reply to command 'ask'"):
                    await use.acknowledged(timeout=0.01)


async def test_time_of_this_process_alone_makes_a_first_reply_late() -> None:
    async with LoopbackDiscord(timing=Timing(acknowledge=0.05, clock=OwnClock())) as server:
        guild = server.add_guild("room")
        alice = server.add_user("alice")
        guild.add_member(alice)
        with point_at(server):
            async with running(server) as client:
                client.block = 0.2
                use = await alice.uses(guild.add_channel("general"), "ask", question="x")
                await server.requested("POST", "/callback")
                assert use.was_late


def test_what_threads_wait_for_a_processor_is_no_time_of_their_own(tmp_path: Path) -> None:
    clock = iter([10.0, 12.0, 15.0, 19.0])
    own = OwnClock(tmp_path, lambda: next(clock))
    for name, waited in (("1", 500_000_000), ("2", 0)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "schedstat").write_text(f"7000000 {waited} 3\n")
    start = own()
    (tmp_path / "1" / "schedstat").write_text("8000000 1500000000 4\n")
    assert own() - start == 2.0 - 1.0
    (tmp_path / "2" / "schedstat").write_text("9000000 1000000000 5\n")
    assert own() - start == 5.0 - 2.0
    (tmp_path / "1" / "schedstat").unlink()  # the thread ended; what it waited stays known
    assert own() - start == 9.0 - 2.0


def test_without_such_counts_processor_time_passes(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        own = OwnClock(folder, lambda: 1e9)
        assert 0 <= own() < 1e8


async def test_an_expired_token_is_refused() -> None:
    async with LoopbackDiscord(timing=Timing(token=0.05)) as server:
        guild = server.add_guild("room")
        alice = server.add_user("alice")
        guild.add_member(alice)
        with point_at(server):
            async with running(server):
                server.fail("PATCH", "@original", delay=0.1)
                await alice.uses(guild.add_channel("general"), "ask", question="x")
                assert (await server.requested("PATCH", "@original")).status == 404


async def test_the_same_nonce_posts_once(loopback: Loopback, room: Room) -> None:
    async with running(loopback) as client:
        place = client.get_partial_messageable(room[1].id)
        first = await place.send("once", nonce="2024-05-01:42")
        again = await place.send("once", nonce="2024-05-01:42")
        assert first.id == again.id
        assert len(loopback.messages(room[1])) == 1


async def test_a_command_that_a_person_installed_works_where_the_bot_is_not(loopback: Loopback) -> None:
    alice = loopback.add_user("alice")
    guild = loopback.add_guild("elsewhere", with_bot=False)
    channel = guild.add_channel("general")
    guild.add_member(alice)
    bob = loopback.add_user("bob")
    async with running(loopback) as client:
        for place in (channel, loopback.private_conversation(alice, bob)):
            assert (await (await alice.uses(place, "ask", question="x")).reply()).text == "page 0\nx"
        with pytest.raises(LookupError, match="cannot be installed by a person"):
            await alice.uses(channel, "note")
        with pytest.raises(discord.Forbidden):
            await client.get_partial_messageable(channel.id).send("x")


async def test_where_the_bot_may_not_write_it_is_reported(loopback: Loopback, room: Room) -> None:
    async with running(loopback) as client:
        room[1].deny_bot()
        with pytest.raises(discord.Forbidden) as caught:
            await client.get_partial_messageable(room[1].id).send("x")
        assert caught.value.code == 50013
        assert (
            not client.get_channel(room[1].id).permissions_for(client.get_guild(room[0].id).me).send_messages
        )
        room[1].delete()
        with pytest.raises(discord.NotFound) as gone:
            await client.fetch_channel(room[1].id)
        assert gone.value.code == 10003
        room[2].accepts_dms = False
        with pytest.raises(discord.Forbidden):
            await (await client.fetch_user(room[2].id)).send("x")
        room[0].remove_bot()
        await asyncio.sleep(0.05)
        assert list(client.guilds) == []
