"""The client as a whole: its start, its sync of commands, its end, and what it never says."""

import asyncio
import contextlib
import json
import logging
import os
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest
import yarl

from bot.client import Bobbin, UnreachableError
from bot.process import ExitStatus, run
from bot.settings import Secret, Settings
from bot.startup import version
from retrieval.archive import Archive
from tests.bot.archives import RIVERS, fill, keep
from tests.bot.conftest import Start, running
from tests.canary import heard
from tests.discord import Channel, Person
from tests.discord.fixtures import Loopback
from tests.discord.waiting import attempts, until

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "Why does the ferry cross at dawn?"
WRONG = "not.the.token"
BEES = "The waggle dance tells the bees where the linden blooms.\n/1\nSo they fly.\n/END\n"
BEES_QUESTION = "where do linden trees bloom for bees?"
COMMANDS = r"/applications/\d+/commands$"


async def test_it_asks_for_three_unprivileged_intents_and_pings_no_one(bobbin: Bobbin) -> None:
    assert {name for name, on in bobbin.intents if on} == {"guilds", "guild_messages", "dm_messages"}
    assert bobbin.allowed_mentions is not None
    assert bobbin.allowed_mentions.to_dict() == discord.AllowedMentions.none().to_dict()


@pytest.mark.usefixtures("bobbin")
async def test_discord_receives_the_version_with_each_request_but_the_login(loopback: Loopback) -> None:
    await loopback.requested("PUT", COMMANDS)
    (agent,) = {one.user_agent for one in loopback.called("PUT", COMMANDS)}
    assert agent is not None
    assert agent.startswith("DiscordBot (")  # the form that Discord asks for
    assert agent.endswith(f" Bobbin/{version()}")


async def test_commands_are_registered_once_and_not_again(loopback: Loopback, start: Start) -> None:
    for _ in range(2):
        async with start() as client:
            await asyncio.sleep(0.05)
    assert len(loopback.called("PUT", COMMANDS)) == 1
    names = {one["name"] for one in loopback.commands}
    assert names == {command.name for command in client.tree.get_commands()}
    assert {"ask", "thread", "help", "Ask the threads"} <= names


@pytest.mark.parametrize("noted", ["{}", "not JSON", '{"another": "application"}', "[]"])
async def test_commands_are_registered_again_when_what_was_noted_is_of_others(
    loopback: Loopback, start: Start, settings: Settings, noted: str
) -> None:
    settings.data_dir.mkdir(exist_ok=True)
    (settings.data_dir / "commands.json").write_text(noted)
    async with start():
        pass
    assert len(loopback.called("PUT", COMMANDS)) == 1
    assert str(loopback.application_id) in json.loads((settings.data_dir / "commands.json").read_text())


async def test_a_failed_registration_notes_nothing_and_does_not_end_the_bot(
    loopback: Loopback, archive: Archive, settings: Settings, hall: Channel, alice: Person
) -> None:
    loopback.fail("PUT", COMMANDS, status=400, body={"message": "Invalid Form Body", "code": 50035})
    client = Bobbin(archive, settings, ready_timeout=0.01)
    async with running(client, loopback, until_registered=False):
        await loopback.requested("PUT", COMMANDS)
        await alice.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
        assert "**ferry**" in (await loopback.next_message(in_=hall)).text
    assert not (settings.data_dir / "commands.json").exists()


async def test_a_gateway_that_stays_away_is_given_up(archive: Archive, settings: Settings) -> None:
    client = Bobbin(archive, settings)
    client._attempts[7] = 5
    with pytest.raises(UnreachableError):
        await client.launch_shard(yarl.URL("ws://127.0.0.1:1"), 7)
    await client.close()


async def test_a_shard_that_is_not_reached_is_left_for_later_while_others_serve(
    bobbin: Bobbin, caplog: pytest.LogCaptureFixture
) -> None:
    bobbin._attempts[7] = 5
    await bobbin.launch_shard(yarl.URL("ws://127.0.0.1:1"), 7)
    assert "shard 7 is not reached" in caplog.text


async def test_it_takes_up_what_another_process_imported(
    loopback: Loopback, archive: Archive, settings: Settings, hall: Channel, alice: Person
) -> None:
    client = Bobbin(archive, settings, ready_timeout=0.01, refresh_every=0.05)
    async with running(client, loopback):
        await alice.dm(QUESTION)
        await loopback.next_message(in_=alice.dm_channel)
        with Archive.open(settings.database) as other:
            keep(
                other,
                "bees",
                "The waggle dance tells the bees where the linden blooms.\n/1\nSo they fly.\n/END\n",
            )
        async for _ in attempts("the thread of the other process", 0.1):
            await alice.says(hall, f"{loopback.bot_user.mention} where do linden trees bloom for bees?")
            if "linden" in (await loopback.next_message(in_=hall)).text:
                break


async def test_what_is_put_into_the_inbox_is_imported_without_an_answer_missed(
    loopback: Loopback, archive: Archive, settings: Settings, hall: Channel, alice: Person
) -> None:
    client = Bobbin(archive, settings, ready_timeout=0.01, look_every=0.2)
    settings.inbox_folder.mkdir(parents=True)
    async with running(client, loopback):
        (settings.inbox_folder / "bees.txt").write_text(BEES)
        async for number in attempts("what was put into the inbox", 0.05):
            await alice.says(hall, f"{loopback.bot_user.mention} {BEES_QUESTION if number % 2 else QUESTION}")
            answer = (await loopback.next_message(in_=hall)).text
            if "linden" in answer:
                break
            assert "ferry" in answer or number % 2
    assert (settings.inbox_folder / "done" / "bees.txt").exists()


async def test_closing_while_the_inbox_is_read_waits_for_nothing_and_nothing_is_half_in(
    loopback: Loopback, archive: Archive, settings: Settings
) -> None:
    client = Bobbin(archive, settings, ready_timeout=0.01, look_every=0.1)
    before = archive.catalog.statistics(archive.catalog.scope()).threads
    pages = settings.inbox_folder / "pages"
    pages.mkdir(parents=True)
    for number in range(300):
        (pages / f"{number}.txt").write_text(
            f"Page {number} tells of {number} lamps on the quay.\n/1\nOf no more.\n/END\n"
        )
    async with running(client, loopback):
        async for _ in attempts("the first page in the archive", 0.01):
            if archive.catalog.statistics(archive.catalog.scope()).threads > before:
                break
        started = time.monotonic()
    assert time.monotonic() - started < 5
    held = archive.catalog.statistics(archive.catalog.scope())
    assert before < held.threads < before + 300
    assert pages.is_dir()
    assert archive.check() == [] or all(problem.startswith("note: ") for problem in archive.check())


async def test_closing_waits_for_an_answer_in_hand(
    loopback: Loopback, start: Start, hall: Channel, alice: Person
) -> None:
    async with start():
        loopback.fail("PATCH", "@original$", delay=0.5, times=1)
        use = await alice.uses(hall, "ask", question=QUESTION)
        await use.acknowledged()
    assert "ferry" in (await use.reply()).text


async def test_an_answer_that_is_ready_when_all_is_closed_is_one_line_and_no_trouble(  # noqa: PLR0917
    loopback: Loopback,
    archive: Archive,
    start: Start,
    hall: Channel,
    alice: Person,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.INFO)
    asked, closed, ask = threading.Event(), threading.Event(), archive.ask

    def held(*given: Any, **named: Any) -> Any:
        asked.set()
        closed.wait(60)
        return ask(*given, **named)

    async with start() as client:
        monkeypatch.setattr(archive, "ask", held)
        await alice.says(hall, f"{loopback.bot_user.mention} {QUESTION}")
        await asyncio.to_thread(asked.wait, 60)
        await client.close()
        closed.set()
        await until(lambda: "Bobbin was stopped" in caplog.text, "the line about it")
    assert "trouble" not in caplog.text
    assert "Traceback" not in caplog.text


async def test_no_token_of_any_kind_is_logged(
    loopback: Loopback, start: Start, hall: Channel, alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with start():
        loopback.fail("PATCH", "@original$", status=404, body={"message": "Unknown", "code": 0})
        use = await alice.uses(hall, "ask", question=QUESTION)
        await loopback.requested("PATCH", "@original$")
        await asyncio.sleep(0.1)
    assert "trouble" in caplog.text
    assert loopback.token not in caplog.text
    assert use.interaction.token not in caplog.text


# As a process of its own


@contextlib.asynccontextmanager
async def process(
    loopback: Loopback, settings: Settings, **environment: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run ``python -m bot run`` against the loopback; kill it if it is still there afterwards."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=settings.data_dir.parent,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "BOBBIN_DATA_DIR": str(settings.data_dir),
            "BOBBIN_HANDBOOK": str(settings.handbook),
            "BOBBIN_DISCORD_TOKEN": loopback.token,
            "BOBBIN_DISCORD_API": loopback.api_url,
            "BOBBIN_DISCORD_GATEWAY": loopback.gateway_url,
            "BOBBIN_HTTP_PORT": "0",
        }
        | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        # Below nohup the tests ignore SIGHUP, and what they start would do so, too.
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def end_of(child: asyncio.subprocess.Process) -> tuple[int, str]:
    """Wait for the end, ten seconds at most; return the exit status and what was said."""
    said, _ = await asyncio.wait_for(child.communicate(), 10)
    assert child.returncode is not None
    return child.returncode, heard(said.decode())


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_a_signal_ends_the_process_in_order_after_it_answered(
    loopback: Loopback, settings: Settings, alice: Person, number: signal.Signals
) -> None:
    with Archive.open(settings.database) as archive:
        fill(archive, rivers=RIVERS)
    async with process(loopback, settings) as child:
        await loopback.ready()
        await alice.dm(QUESTION)
        assert "**ferry**" in (await loopback.next_message(in_=alice.dm_channel)).text
        child.send_signal(number)
        status, said = await end_of(child)
    assert status == 0, said
    assert loopback.token not in said
    assert "Traceback" not in said


@pytest.mark.slow
async def test_a_signal_while_the_gateway_is_away_ends_it_all_the_same(
    loopback: Loopback, settings: Settings
) -> None:
    async with process(loopback, settings, BOBBIN_DISCORD_GATEWAY=f"ws://127.0.0.1:{closed_port()}") as child:
        await loopback.requested("GET", "/gateway/bot$", timeout=20)
        await asyncio.sleep(0.3)
        child.terminate()
        assert (await end_of(child))[0] == 0


async def test_a_refused_token_ends_the_process_with_its_own_status_after_one_attempt(
    loopback: Loopback, settings: Settings
) -> None:
    loopback.expect_problems()
    async with process(loopback, settings, BOBBIN_DISCORD_TOKEN=WRONG) as child:
        status, said = await end_of(child)
    assert (status, ExitStatus.REFUSED) == (77, 77)
    assert "refuses the token" in said
    assert WRONG not in said
    assert len(loopback.called("GET", "/users/@me$")) == 1


async def test_a_token_that_the_gateway_refuses_ends_it_too(loopback: Loopback, settings: Settings) -> None:
    loopback.refuse_sessions(4004)
    async with process(loopback, settings) as child:
        status, said = await end_of(child)
    assert status == ExitStatus.REFUSED
    assert "refuses the token" in said


async def test_a_discord_that_cannot_be_reached_is_reported(loopback: Loopback, settings: Settings) -> None:
    nowhere = f"http://127.0.0.1:{closed_port()}/api/v10"
    async with process(loopback, settings, BOBBIN_DISCORD_API=nowhere) as child:
        status, said = await end_of(child)
    assert (status, ExitStatus.UNREACHABLE) == (69, 69)
    assert "cannot be reached" in said


async def test_a_discord_in_trouble_is_reported(loopback: Loopback, settings: Settings) -> None:
    loopback.fail("GET", "/users/@me$", status=503, times=None)
    async with process(loopback, settings) as child:
        status, said = await end_of(child)
    assert (status, ExitStatus.TROUBLED) == (75, 75)
    assert "in trouble" in said


def test_a_missing_token_is_reported(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(replace(settings, discord_token=None)) == 78
    assert "BOBBIN_DISCORD_TOKEN" in capsys.readouterr().err


async def test_a_proxy_for_api_and_gateway_is_taken_from_the_settings(
    archive: Archive, settings: Settings, loopback_addresses: None
) -> None:
    assert loopback_addresses is None
    api, gateway = "http://127.0.0.1:1/api/v10", "ws://127.0.0.1:2"
    chosen = replace(settings, discord_api=api, discord_gateway=gateway, discord_token=Secret("a.b.c"))
    Bobbin(archive, chosen)
    assert api == discord.http.Route.BASE
    assert str(discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY).rstrip("/") == gateway


@pytest.fixture
def loopback_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the addresses of discord.py back after the test."""
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    socket_class = discord.gateway.DiscordWebSocket
    monkeypatch.setattr(socket_class, "DEFAULT_GATEWAY", socket_class.DEFAULT_GATEWAY)


def closed_port() -> int:
    """Return a port of this machine at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.usefixtures("bobbin")
async def test_the_start_logs_the_invitation_with_exactly_the_permissions_needed(
    bobbin: Bobbin, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await bobbin.on_ready()
    (link,) = re.findall(r"https://discord.com/oauth2/authorize\S+", caplog.text)
    query = yarl.URL(link).query
    assert query["client_id"] == str(bobbin.application_id)
    assert query["scope"] == "bot applications.commands"
    assert int(query["permissions"]) == 1 << 10 | 1 << 11 | 1 << 16 | 1 << 38
    assert f"permissions={query['permissions']}" in (ROOT / "README.md").read_text()
