"""An older file about servers that comes back brings nothing back that was erased."""

import asyncio
import shutil
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.client import Bobbin
from bot.database import ServerFile
from bot.digest.ledger import Ledger
from bot.digest.model import DigestOptions, Position
from bot.servers.data_inventory import forget_account
from bot.servers.erasures import apply_erasures
from bot.servers.preference_store import PreferenceStore
from bot.servers.retention import forget_server, servers_with_rows
from bot.settings import Settings
from retrieval.archive import Archive
from tests.bot.conftest import running
from tests.discord.fixtures import Loopback

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HERE, THERE, ADMIN = 7_000_000_007, 8_000_000_008, 4_242_424_242


def settle(file: ServerFile, server_id: int) -> None:
    PreferenceStore(file).change(server_id, lambda before: replace(before, unanswered=True))
    options = DigestOptions(1, ZoneInfo("Europe/Berlin"), time(9), admin_id=ADMIN)
    Ledger(file).subscribe(server_id, options, Position("a", 0), NOW)


def copied(settings: Settings, name: str) -> Path:
    """Copy the file by hand, as it is without its log."""
    return Path(shutil.copyfile(settings.servers, settings.servers.with_name(name)))


def numbers(settings: Settings) -> set[int]:
    """Return which of the numbers stand anywhere in the file or its log."""
    held = b"".join(path.read_bytes() for path in settings.servers.parent.glob("servers.db*"))
    return {number for number in (HERE, THERE, ADMIN) if str(number).encode() in held}


@pytest.fixture
def older(archive: Archive, settings: Settings) -> Path:
    """Two servers settle and are copied; then one is erased, and the account of an admin."""
    with ServerFile.open(settings.servers) as file:
        for server in (HERE, THERE):
            settle(file, server)
    older = copied(settings, "older.db")
    with ServerFile.open(settings.servers) as file:
        forget_server(HERE, file, archive, PreferenceStore(file))
        forget_account(file, ADMIN, archive, NOW)
        assert apply_erasures(file, archive, PreferenceStore(file)) == 0
    assert numbers(settings) == {THERE}
    return older


def test_a_copy_that_is_put_back_by_hand_loses_what_was_erased_since(
    archive: Archive, settings: Settings, older: Path
) -> None:
    older.replace(settings.servers)
    with ServerFile.open(settings.servers) as file:
        servers = PreferenceStore(file)
        assert numbers(settings) == {HERE, THERE, ADMIN}
        assert apply_erasures(file, archive, servers) == 2
        assert servers_with_rows(file) == servers.decided() == {THERE}
        assert apply_erasures(file, archive, servers) == 0
    assert numbers(settings) == {THERE}


def test_a_server_that_came_back_after_it_was_erased_keeps_what_is_new(
    archive: Archive, settings: Settings, older: Path
) -> None:
    with ServerFile.open(settings.servers) as file:
        settle(file, HERE)
        assert apply_erasures(file, archive, PreferenceStore(file)) == 0
        assert servers_with_rows(file) == {HERE, THERE}
    newer = copied(settings, "newer.db")
    older.replace(settings.servers)
    newer.replace(settings.servers)
    with ServerFile.open(settings.servers) as file:
        assert apply_erasures(file, archive, PreferenceStore(file)) == 0
        assert servers_with_rows(file) == {HERE, THERE}


def test_an_erasure_that_was_broken_off_is_done_at_the_next_start(
    archive: Archive, settings: Settings
) -> None:
    with ServerFile.open(settings.servers) as file:
        settle(file, HERE)
        archive.forget_server(HERE)  # and no more: as when the process is killed here
    with ServerFile.open(settings.servers) as file:
        assert apply_erasures(file, archive, PreferenceStore(file)) == 1
        assert servers_with_rows(file) == frozenset()


async def test_a_running_bot_notices_the_older_file_and_erases_anew(
    loopback: Loopback, archive: Archive, settings: Settings, older: Path
) -> None:
    async with running(Bobbin(archive, settings, ready_timeout=0.01), loopback) as bobbin:
        assert bobbin.servers.decided() == {THERE}
        shutil.move(older, settings.servers)
        await bobbin.test_itself()
        for _ in range(200):
            if numbers(settings) == {THERE}:
                break
            await asyncio.sleep(0.02)
        assert numbers(settings) == {THERE}
        assert bobbin.servers.decided() == {THERE}
