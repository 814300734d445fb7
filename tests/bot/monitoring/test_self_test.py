"""The self-test on real files: each fault is found, its repair too, and the operator hears of both once."""

import asyncio
import contextlib
import logging
import os
import resource
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from bot.client import Bobbin
from bot.database import ServerFile
from bot.digest.ledger import Ledger
from bot.digest.model import DigestOptions, Position
from bot.monitoring.health_alerts import HealthAlerts
from bot.monitoring.self_test import SelfTest
from bot.monitoring.status import OutcomeWindow, complaints
from bot.servers.feedback_store import Feedback
from bot.servers.preference_store import PreferenceStore
from bot.settings import Settings
from retrieval.archive import Archive
from retrieval.errors import StoreError
from retrieval.formats.import_types import SavedFile
from retrieval.storage.tombstones import tombstone_path
from tests.bot.archives import almost_full_disk
from tests.bot.conftest import running
from tests.discord import Channel, Person
from tests.discord.fixtures import Loopback

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that is a day later at each look, so that every self-test reads the whole files."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(days=1)
        return self.now


@pytest.fixture
def file(settings: Settings) -> Iterator[ServerFile]:
    settings.servers.parent.mkdir(parents=True, exist_ok=True)
    with ServerFile.open(settings.servers) as opened:
        yield opened


@pytest.fixture
def self_test(archive: Archive, file: ServerFile, settings: Settings) -> SelfTest:
    return SelfTest(archive, file, (settings.database, settings.servers), now=Clock())


def damage(path: Path) -> bytes:
    """Overwrite 4,000 bytes in the middle of a file; return what it was."""
    whole = path.read_bytes()
    with path.open("r+b") as opened:
        opened.seek(len(whole) // 2 // 4096 * 4096)
        opened.write(b"\xa5" * 4_000)
    return whole


def test_a_sound_bobbin_has_no_problems(self_test: SelfTest) -> None:
    for _ in range(2):
        result = self_test.run()
        assert result.problems == ()
        assert result.integrity_checked is not None
        assert (result.free_disk or 0) > 0
        assert (result.free_descriptors or 0) > 0
        assert result.last_failed_write is None


@pytest.mark.parametrize("name", ["archive.db", "servers.db"])
def test_damage_is_found_and_so_is_its_repair(
    self_test: SelfTest, file: ServerFile, settings: Settings, name: str
) -> None:
    path = settings.data_dir / name
    assert self_test.run().problems == ()
    file.wipe()  # nothing is in the log, which would stand for what is damaged
    before = damage(path)
    assert any(name in problem for problem in self_test.run().problems)
    path.write_bytes(before)
    assert self_test.run().problems == ()


@pytest.mark.parametrize("content", [b"", b"no database" * 1000], ids=["empty", "something else"])
def test_another_file_in_the_place_of_the_archive_is_found_and_so_is_its_return(
    self_test: SelfTest, settings: Settings, content: bytes
) -> None:
    away = settings.database.with_name("away.db")
    assert self_test.run().problems == ()
    settings.database.rename(away)
    settings.database.write_bytes(content)
    assert any("archive.db" in problem for problem in self_test.run().problems)
    away.replace(settings.database)
    assert self_test.run().problems == ()


def test_a_removed_archive_is_found_and_so_is_its_return(self_test: SelfTest, settings: Settings) -> None:
    away = settings.database.with_name("away.db")
    settings.database.rename(away)
    assert any("archive.db" in problem for problem in self_test.run().problems)
    away.rename(settings.database)
    assert self_test.run().problems == ()


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="only the superuser can mount")
def test_a_full_disk_is_found_and_so_is_free_space(settings: Settings, tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()
    mount: list[str | Path] = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", place]
    if subprocess.run(mount, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        paths = place / "archive.db", place / "servers.db"
        with Archive.open(paths[0], handbook=settings.handbook) as archive, ServerFile.open(paths[1]) as file:
            tested = SelfTest(archive, file, paths, now=Clock())
            assert tested.run().problems == ()
            filler = place / "filler"
            with contextlib.suppress(OSError), filler.open("wb") as full:
                while True:
                    full.write(bytes(1 << 16))
            assert any("disk" in problem for problem in tested.run().problems)
            filler.unlink()
            assert tested.run().problems == ()
    finally:
        subprocess.run(["umount", "-l", place], check=True)  # noqa: S607


def test_exhausted_descriptors_are_found_and_so_are_free_ones(self_test: SelfTest) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    opened: list[int] = []
    assert self_test.run().problems == ()
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
    try:
        with contextlib.suppress(OSError):
            while True:
                opened.append(os.open(os.devnull, os.O_RDONLY))
        (problem,) = self_test.run().problems
        assert "0 of 256 file descriptors are free; raise the limit" in problem
    finally:
        for descriptor in opened:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert self_test.run().problems == ()


def test_a_write_that_is_refused_is_remembered_with_its_reason(self_test: SelfTest, file: ServerFile) -> None:
    with file.changing() as db:
        db.execute("drop table self_test")
    result = self_test.run()
    assert result.last_failed_write is not None
    assert result.last_failed_write.reason in result.problems


@given(st.lists(st.booleans(), max_size=60))
def test_alerts_come_in_turn_and_only_for_what_lasts(results: list[bool]) -> None:
    alerts, now, heard = HealthAlerts(), NOW, [True]
    latest: list[bool] = []
    for good in results:
        now += timedelta(seconds=20)
        latest = [*latest, good][-2:]
        change = alerts.note([] if good else ["The disk is full."], now)
        lasting = len(latest) == 2 and latest[0] == latest[1] == good
        assert (change is not None) == (lasting and good != heard[-1])
        if change is not None:
            assert change.good is good
            assert change.good or change.reasons == ("The disk is full.",)
            assert not change.good or change.lasted >= timedelta(seconds=40)
            heard.append(good)


def test_a_share_of_failed_questions_counts_until_ten_in_a_row_are_answered() -> None:
    window = OutcomeWindow()
    for moment in range(20):
        window.note(float(moment), failed=moment % 2 == 0)
    assert window.at(20.0) == (20, 10)
    assert window.at(400.0) == (0, 0)
    for moment in range(20, 30):
        window.note(float(moment), failed=False)
    assert window.at(30.0) == (30, 0)
    window.note(31.0, failed=True)
    assert window.at(31.0) == (31, 11)
    window.clear()
    assert window.at(31.0) == (0, 0)


@pytest_asyncio.fixture
async def watched(
    loopback: Loopback, archive: Archive, settings: Settings, alice: Person
) -> AsyncIterator[Bobbin]:
    operated = replace(settings, operator=alice.id)
    async with running(Bobbin(archive, operated, ready_timeout=0.01), loopback) as client:
        yield client


async def test_the_operator_gets_one_message_each_way(
    loopback: Loopback, watched: Bobbin, settings: Settings, alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    away = settings.database.with_name("away.db")
    settings.database.rename(away)
    for _ in range(4):
        await watched.test_itself()
        await watched._report_change()
    first = await loopback.next_message(in_=alice.dm_channel)
    assert first.text.startswith("Bobbin is in trouble")
    assert "archive" in first.text
    grave, _ = complaints(await watched.bot_status(), datetime.now(UTC))
    assert grave
    away.rename(settings.database)
    for _ in range(4):
        await watched.test_itself()
        await watched._report_change()
    second = await loopback.next_message(in_=alice.dm_channel)
    assert second.text.startswith("Bobbin is well again after")
    assert len(alice.dm_channel.messages) == 2
    assert caplog.text.count("health: in trouble") == caplog.text.count("health: good again") == 1


async def test_a_message_that_cannot_be_sent_is_sent_later(
    loopback: Loopback, watched: Bobbin, settings: Settings, alice: Person
) -> None:
    away = settings.database.with_name("away.db")
    settings.database.rename(away)
    loopback.fail(
        "POST", "/channels/[0-9]+/messages$", status=403, body={"message": "Blocked", "code": 50007}
    )
    for _ in range(3):
        await watched.test_itself()
        await watched._report_change()
    assert "in trouble" in (await loopback.next_message(in_=alice.dm_channel)).text
    away.rename(settings.database)


async def test_a_gateway_that_falls_silent_is_trouble_before_discord_py_notices(
    loopback: Loopback, watched: Bobbin
) -> None:
    assert complaints(await watched.bot_status())[0] == []
    loopback.gateway.answers_heartbeats = False
    keep_alive: Any = watched.shards[0]._parent.ws._keep_alive
    with mock.patch.object(keep_alive, "_last_ack", keep_alive._last_ack - keep_alive.interval - 11):
        (grave,) = complaints(await watched.bot_status())[0]
    assert "Not connected to Discord with shard 0" in grave
    await asyncio.sleep(0)


async def test_the_status_needs_no_file_but_the_databases(watched: Bobbin) -> None:
    with mock.patch("pathlib.Path.open", side_effect=OSError(24, "Too many open files")):
        status = await watched.bot_status()
    assert status.held is not None


async def test_an_answer_that_is_back_before_the_heartbeat_was_noted_is_no_slow_one(watched: Bobbin) -> None:
    keep_alive: Any = watched.shards[0]._parent.ws._keep_alive
    for latency, slow in ((keep_alive.interval + 0.1, 0), (keep_alive.interval - 0.1, 1), (0.05, 0)):
        with mock.patch.object(keep_alive, "latency", latency):
            status = await watched.bot_status()
        assert " ".join(complaints(status)[1]).count("for Discord's heartbeat") == slow
    await asyncio.sleep(0)


@pytest.mark.parametrize("manages", [False, True])
async def test_a_store_that_refuses_gives_the_reason_to_those_who_can_act(  # noqa: PLR0917
    loopback: Loopback,
    bobbin: Bobbin,
    settings: Settings,
    hall: Channel,
    alice: Person,
    caplog: pytest.LogCaptureFixture,
    manages: bool,  # noqa: FBT001
) -> None:
    person = alice
    if manages:
        person = loopback.add_user("ada")
        hall = loopback.add_guild("Ada's room", owner=person).add_channel("hall")
    away = settings.database.with_name("away.db")
    settings.database.rename(away)
    try:
        await person.says(hall, f"{loopback.bot_user.mention} Why does the ferry cross at dawn?")
        written = (await loopback.next_message(in_=hall)).text
        use = await person.uses(hall, "ask", question="Why does the ferry cross at dawn?")
        text = (await use.reply()).text
    finally:
        away.rename(settings.database)
    for sentence in (text.replace("\\", ""), written.replace("\\", "")):
        if manages:
            assert "archive" in sentence
            assert "Nothing was changed." in sentence
            assert str(settings.data_dir.parent.name) not in sentence
        else:
            assert sentence == "I cannot answer right now; the operator has been notified."
    lines = [record for record in caplog.records if "not answered" in record.message]
    assert len(lines) == 2
    assert all(record.exc_info is None for record in lines)
    assert bobbin.record.outcomes.at(asyncio.get_running_loop().time())[1] == 2


def an_import(archive: Archive, _file: ServerFile) -> None:
    text = "\n".join(f"{number} winch\n/{number}" for number in range(1, 4_000))
    with almost_full_disk(archive._store._connections, pages=0):
        archive.import_file(SavedFile("long.txt", text.encode()))


def the_ledger(_archive: Archive, file: ServerFile) -> None:
    ledger = Ledger(file)
    with almost_full_disk(file, pages=0):
        for server in range(2_000):
            ledger.subscribe(server, DigestOptions(1, ZoneInfo("UTC"), time(9)), Position("a", 0), NOW)


def preferences(_archive: Archive, file: ServerFile) -> None:
    store = PreferenceStore(file)
    with almost_full_disk(file, pages=0):
        for server in range(2_000):
            store.leave(server, NOW)


def the_tombstones(archive: Archive, _file: ServerFile) -> None:
    tombstone_path(archive._store.path).mkdir()
    archive.forget_author("@keeper")


def new_tables(_archive: Archive, file: ServerFile) -> None:
    with almost_full_disk(file, pages=0):
        Feedback(file)


@pytest.mark.parametrize("write", [an_import, the_ledger, preferences, the_tombstones, new_tables])
def test_every_stores_refused_write_is_the_last_failed_write(
    self_test: SelfTest, archive: Archive, file: ServerFile, write: Callable[[Archive, ServerFile], None]
) -> None:
    assert self_test.run().last_failed_write is None
    with pytest.raises(StoreError) as refused:
        write(archive, file)
    failed = self_test.run().last_failed_write
    assert failed is not None
    assert failed.reason == str(refused.value)


def test_a_read_that_is_refused_is_no_failed_write(
    self_test: SelfTest, archive: Archive, settings: Settings
) -> None:
    away = settings.database.with_name("away.db")
    settings.database.rename(away)
    with pytest.raises(StoreError):
        archive.catalog.scope()
    away.rename(settings.database)
    assert self_test.run().last_failed_write is None
