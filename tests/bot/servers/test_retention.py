"""Servers that were left: forgotten when their days are over, whole, and not a day before."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.client import Bobbin
from bot.servers.retention import (
    DEPARTURE_GRACE,
    compare_membership,
    due_servers,
    forget_server,
    servers_with_data,
)
from bot.settings import Settings
from retrieval.archive import Archive
from tests.bot.archives import keep
from tests.bot.conftest import running
from tests.discord import Channel
from tests.discord.fixtures import Loopback
from tests.discord.waiting import until

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
CRANES = "A thread about the cranes of the quay.\n/1\nThe zirconium crane lifts at night.\n/END\n"

ids = st.frozensets(st.integers(1, 2**64 - 1), max_size=20)


@given(ids, ids, ids, st.integers(1, 4))
def test_each_server_is_noted_by_the_one_process_it_belongs_to(
    known: frozenset[int], departed: frozenset[int], present: frozenset[int], of: int
) -> None:
    looks = [compare_membership(known, departed, present, shards={shard}, of=of) for shard in range(of)]
    left = [server for look in looks for server in look.left]
    assert sorted(left) == sorted(known - present - departed)
    assert {server for look in looks for server in look.back} == departed & present


@given(st.dictionaries(st.integers(1, 99), st.timedeltas(timedelta(), timedelta(days=90)), max_size=20))
def test_what_is_due_has_had_all_its_days(ago: dict[int, timedelta]) -> None:
    departed = {server: NOW - gone for server, gone in ago.items()}
    assert set(due_servers(departed, NOW)) == {
        server for server, gone in ago.items() if gone >= DEPARTURE_GRACE
    }


def test_without_shards_nothing_can_be_compared() -> None:
    with pytest.raises(ValueError, match="at least one shard"):
        compare_membership([], [], [], shards=[], of=0)


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def again(archive: Archive, settings: Settings, clock: Clock) -> Callable[[], Bobbin]:
    return lambda: Bobbin(archive, settings, ready_timeout=0.01, now=clock)


def server_of(channel: Channel) -> int:
    assert channel.guild is not None
    return channel.guild.id


def settle(bobbin: Bobbin, server_id: int) -> None:
    """Let something of a server be kept in every store."""
    keep(bobbin.archive, f"cranes {server_id}", CRANES, server_id)
    bobbin.servers.change(server_id, lambda before: replace(before, unanswered=True))
    bobbin.unanswered.note(server_id, "molybdenum", NOW.date())


async def test_a_server_that_was_left_is_forgotten_after_its_days_across_restarts(
    loopback: Loopback, again: Callable[[], Bobbin], clock: Clock, hall: Channel, settings: Settings
) -> None:
    left, stays = server_of(hall), loopback.add_guild("Elsewhere").id
    async with running(again(), loopback) as bobbin:
        for server_id in (left, stays):
            settle(bobbin, server_id)
        assert hall.guild is not None
        hall.guild.remove_bot()
        await until(lambda: bobbin.servers.departed() == {left: NOW})
    clock.now = NOW + DEPARTURE_GRACE - timedelta(seconds=1)
    async with running(again(), loopback) as bobbin:
        await asyncio.sleep(0.1)
        assert len(bobbin.archive.catalog.uploads(left)) == 1
        assert bobbin.servers.of(left).unanswered
    clock.now = NOW + DEPARTURE_GRACE
    async with running(again(), loopback) as bobbin:
        await until(lambda: not bobbin.servers.departed())
        assert servers_with_data(bobbin.server_file, bobbin.archive) == {stays}
        assert bobbin.servers.decided() == {stays}
        assert len(bobbin.archive.catalog.uploads(stays)) == 1
    for path in settings.data_dir.iterdir():
        if path.is_file():
            assert str(left).encode() not in path.read_bytes(), path


async def test_what_happened_while_nobody_looked_is_caught_up_with(
    loopback: Loopback, again: Callable[[], Bobbin], clock: Clock, hall: Channel
) -> None:
    async with running(again(), loopback) as bobbin:
        settle(bobbin, server_of(hall))
    assert hall.guild is not None
    hall.guild.has_bot = False
    clock.now = NOW + timedelta(days=3)
    async with running(again(), loopback) as bobbin:
        await until(lambda: bobbin.servers.departed() == {server_of(hall): clock.now})
    hall.guild.has_bot = True
    clock.now = NOW + DEPARTURE_GRACE * 2
    async with running(again(), loopback) as bobbin:
        await until(lambda: not bobbin.servers.departed())
        assert bobbin.servers.of(server_of(hall)).unanswered
        assert len(bobbin.archive.catalog.uploads(server_of(hall))) == 1


async def test_a_server_of_which_nothing_is_kept_is_not_noted(
    loopback: Loopback, again: Callable[[], Bobbin], hall: Channel
) -> None:
    async with running(again(), loopback) as bobbin:
        assert hall.guild is not None
        hall.guild.remove_bot()
        await until(lambda: not bobbin.guilds)
        await asyncio.sleep(0.1)
        assert bobbin.servers.departed() == {}


def test_every_table_that_knows_servers_forgets_this_one_and_keeps_the_others(
    archive: Archive, settings: Settings
) -> None:
    bobbin = Bobbin(archive, settings)
    with bobbin.server_file.changing() as db:
        for table in db.tables:
            if "server_id" in table.columns_dict:
                for server_id in ("7", "8"):
                    keys = {"server_id", "message_id", "alert_id", "follow_id"} & table.columns_dict.keys()
                    own = dict.fromkeys(keys, server_id)
                    table.insert(example(table.columns_dict) | own)
    for number in (7, 8):
        keep(archive, f"cranes {number}", CRANES, number)
    forget_server(7, bobbin.server_file, archive, bobbin.servers)
    with bobbin.server_file.reading() as db:
        left = {
            table.name: [row["server_id"] for row in table.rows]
            for table in db.tables
            if "server_id" in table.columns_dict
        }
    assert set(left) >= {"preferences", "departures", "unanswered", "judgements", "judgement_notes"}
    assert all(servers == ["8"] for servers in left.values()), left
    assert archive.catalog.servers() == {8}
    bobbin.server_file.close()


def example(columns: dict[str, type]) -> dict[str, object]:
    return {name: 1 if kind is int else "x" for name, kind in columns.items() if name != "id"}


def test_forgetting_broken_off_can_be_done_again(
    archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    bobbin = Bobbin(archive, settings)
    settle(bobbin, 7)
    bobbin.servers.leave(7, NOW)
    archive.forget_server(7)  # and no more: as when the process is killed here
    assert bobbin.servers.departed() == {7: NOW}
    forget_server(7, bobbin.server_file, archive, bobbin.servers)
    assert servers_with_data(bobbin.server_file, archive) == frozenset()
    assert tmp_path.is_dir()
    bobbin.server_file.close()
