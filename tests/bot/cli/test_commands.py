"""``bobbin commands`` lists, registers and removes what Discord knows, and says what differs."""

import asyncio
from pathlib import Path

import pytest

from bot.client import COMMANDS
from tests.bot.cli.commands import run
from tests.bot.conftest import Start
from tests.canary import heard
from tests.discord import Channel, Person
from tests.discord.fixtures import Loopback

PUT = r"/applications/\d+/commands$"
OTHER = {"name": "other", "description": "of another program", "type": 1}


@pytest.fixture(autouse=True)
def place(loopback: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOBBIN_DISCORD_API", loopback.api_url)
    monkeypatch.setenv("BOBBIN_DISCORD_TOKEN", loopback.token)
    monkeypatch.setenv("BOBBIN_DATA_DIR", str(tmp_path / "here"))


async def commands(*words: str) -> tuple[int, str]:
    result = await asyncio.to_thread(run, "commands", *words)
    return result.exit_code, heard(result.stdout + result.stderr)


async def test_commands_are_registered_listed_and_removed(loopback: Loopback) -> None:
    status, said = await commands("sync")
    assert (status, f"Registered: {len(COMMANDS)} commands" in said) == (0, True), said
    status, said = await commands("list")
    for name in ("/ask", "/digest setup", "/archive add", "Ask the threads"):
        assert f"  {name}\n" in said
    assert "They are those of this version." in said
    status, said = await commands("clear")
    assert status == 1
    assert len(loopback.commands) == len(COMMANDS)
    status, said = await commands("clear", "--yes")
    assert (status, f"Removed: {len(COMMANDS)} commands" in said) == (0, True), said
    assert list(loopback.commands) == []
    assert "Discord lists no commands." in (await commands("list"))[1]


async def test_what_differs_is_named_and_mended(loopback: Loopback) -> None:
    await commands("sync")
    kept = [dict(command) for command in loopback.commands if command["name"] != "trend"]
    next(command for command in kept if command["name"] == "ask")["description"] = "Something else."
    loopback.registry.replace([*kept, OTHER])
    said = (await commands("list"))[1]
    assert "Missing in Discord: /trend" in said
    assert "Only in Discord: /other" in said
    assert "Different in Discord: /ask" in said
    await commands("sync")
    assert "They are those of this version." in (await commands("list"))[1]


@pytest.mark.parametrize(
    ("token", "words"), [("", "there is no Discord token"), ("not.the.token", "Discord refuses the token")]
)
async def test_a_refused_or_missing_token_is_one_line(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch, token: str, words: str
) -> None:
    loopback.expect_problems()
    monkeypatch.setenv("BOBBIN_DISCORD_TOKEN", token)
    status, said = await commands("list")
    assert (status, words in said) == (1, True), said


async def test_a_command_that_is_not_there_has_them_compared_an_hour_later_and_once(
    loopback: Loopback, start: Start, hall: Channel, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.client._DOUBTED", 0.2)
    async with start() as client:
        ours = [dict(command) for command in loopback.commands]
        loopback.registry.replace([OTHER])
        for _ in range(3):
            answer = await (await alice.uses(hall, "other")).reply()
            assert "This command has changed" in answer.text
        await loopback.waiting.until(
            lambda: {one["name"] for one in loopback.commands} == {one["name"] for one in ours} or None,
            60,
            "sync",
        )
        await asyncio.sleep(0.5)
        assert len(loopback.called("PUT", PUT)) == 2
        assert client.registered.is_set()
