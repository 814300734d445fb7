"""``bobbin init`` writes the settings, checks the token, prints the invite, and never shows the token."""

import asyncio
import os
import pty
import re
import stat
from pathlib import Path

import pytest

from bot.cli.init import TokenCheck, ask_discord, with_token
from bot.posting.permissions import invite_link
from bot.settings import load
from tests.bot.cli.commands import process
from tests.canary import TOKEN, heard
from tests.discord.fixtures import Loopback

TOKEN_LIKE = "A" * 24 + "." + "b" * 6 + "." + "c" * 30


async def init(folder: Path, loopback: Loopback, token: str, *options: str) -> tuple[int, str]:
    environment = {"BOBBIN_DISCORD_API": loopback.api_url, "BOBBIN_DISCORD_TOKEN": ""}
    child = process("init", *options, cwd=folder, env=environment)
    said, errors = await asyncio.to_thread(child.communicate, f"{token}\n")
    return child.returncode, heard(said + errors)


async def test_an_empty_folder_becomes_one_that_can_be_started(loopback: Loopback, tmp_path: Path) -> None:
    status, said = await init(tmp_path, loopback, loopback.token)
    assert status == 0, said
    settings = tmp_path / ".env"
    assert f"BOBBIN_DISCORD_TOKEN={loopback.token}\n" in settings.read_text()
    assert stat.S_IMODE(settings.stat().st_mode) == 0o600
    assert loopback.token not in said
    found = re.search(r"https://discord\.com/\S+?client_id=(\d+)\S*", said)
    assert found
    assert found[0] == invite_link(int(found[1]))
    assert not (tmp_path / "bobbin.service").exists()


async def test_what_the_file_holds_already_stays(loopback: Loopback, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# mine\nBOBBIN_DISCORD_TOKEN=old\nBOBBIN_LOG_LEVEL=debug\n")
    status, said = await init(tmp_path, loopback, loopback.token, "--unit")
    assert status == 0, said
    assert (tmp_path / ".env").read_text() == (
        f"# mine\nBOBBIN_DISCORD_TOKEN={loopback.token}\nBOBBIN_LOG_LEVEL=debug\n"
    )
    unit = (tmp_path / "bobbin.service").read_text()
    assert f"WorkingDirectory={tmp_path}\n" in unit
    assert loopback.token not in unit


async def test_a_token_that_discord_refuses_is_not_written(loopback: Loopback, tmp_path: Path) -> None:
    loopback.expect_problems()
    status, said = await init(tmp_path, loopback, TOKEN_LIKE)
    assert status == 1
    assert "refuses this token" in said
    assert TOKEN_LIKE not in said
    assert not (tmp_path / ".env").exists()


@pytest.mark.parametrize("written", ["", "no token", "a.b.c"])
async def test_what_is_no_token_is_not_sent_to_discord(
    loopback: Loopback, tmp_path: Path, written: str
) -> None:
    status, said = await init(tmp_path, loopback, written)
    assert status == 1
    assert "nothing was written" in said
    assert not loopback.called("GET", "/oauth2/applications/@me$")


def test_without_discord_the_token_is_kept_and_that_it_is_unchecked_is_stated(tmp_path: Path) -> None:
    child = process(
        "init",
        cwd=tmp_path,
        env={"BOBBIN_DISCORD_API": "http://127.0.0.1:1/api/v10", "BOBBIN_DISCORD_TOKEN": ""},
    )
    said, errors = child.communicate(f"{TOKEN_LIKE}\n")
    assert child.returncode == 0, errors
    assert "could not be checked" in errors
    assert "authorize" not in said
    assert TOKEN_LIKE in (tmp_path / ".env").read_text()


async def test_in_a_terminal_the_token_is_not_shown(loopback: Loopback, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    environment = {"BOBBIN_DISCORD_API": loopback.api_url, "BOBBIN_DISCORD_TOKEN": "", "TERM": "dumb"}
    child = process(
        "init", "--no-unit", cwd=tmp_path, env=environment, stdin=theirs, stdout=theirs, stderr=theirs,
        preexec_fn=os.setsid,
    )  # fmt: skip
    os.close(theirs)
    shown = b""

    def read() -> bytes:
        try:
            return os.read(ours, 4096)
        except OSError:
            return b""

    while b"not shown)" not in shown:
        shown += await asyncio.to_thread(read)
    await asyncio.sleep(0.3)
    os.write(ours, f"{loopback.token}\n".encode())
    while part := await asyncio.to_thread(read):
        shown += part
    assert await asyncio.to_thread(child.wait) == 0, shown
    os.close(ours)
    assert loopback.token not in shown.decode()
    assert loopback.token in (tmp_path / ".env").read_text()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "BOBBIN_DISCORD_TOKEN=new\n"),
        ("A=1", "A=1\nBOBBIN_DISCORD_TOKEN=new\n"),
        ("export BOBBIN_DISCORD_TOKEN = 'x'\nA=1\n", "BOBBIN_DISCORD_TOKEN=new\nA=1\n"),
        ("# BOBBIN_DISCORD_TOKEN=\n", "# BOBBIN_DISCORD_TOKEN=\nBOBBIN_DISCORD_TOKEN=new\n"),
    ],
)
def test_the_token_takes_the_place_of_the_one_before_and_nothing_else(before: str, after: str) -> None:
    assert with_token(before, "new") == after


def test_the_file_that_is_written_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BOBBIN_DISCORD_TOKEN", raising=False)
    Path(".env").write_text(with_token("BOBBIN_LOG_LEVEL=debug\n", TOKEN))
    settings = load()
    assert settings.discord_token
    assert settings.discord_token.reveal() == TOKEN


def test_an_address_that_is_not_discords_is_reported() -> None:
    check = ask_discord(TOKEN_LIKE, "http://127.0.0.1:1/api/v10")
    assert check.application is None
    assert not check.refused
    assert check != TokenCheck()
