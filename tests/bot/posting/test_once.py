"""One digest a date, with real processes: killed, in storms, after downtimes, and with a twin.

The long runs are ``python -m tests.benchmarks.digest``.
"""

import random
from datetime import timedelta
from pathlib import Path

import pytest

from retrieval.sqlite import outdated
from tests.bot.posting.every_kind import every_kind
from tests.bot.posting.rounds import Storm, round_of
from tests.discord.faults import Faults
from tests.promises.figures import note

pytestmark = pytest.mark.skipif(
    outdated() is not None, reason="processes write beside the test, which an old SQLite must not do"
)


async def test_killed_at_random_points_none_is_lost_and_none_comes_twice(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - the same in every run
    async with round_of(tmp_path, 4) as posting:
        posting.next_morning()
        for _ in range(60):
            if await posting.kill_one(chance.uniform(0, 0.2)):
                posting.clock = posting.clock.on(timedelta(minutes=chance.choice([3, 10])))
            else:
                posting.next_morning()
            if posting.kills.total() >= 8:
                break
        await posting.post()
        assert posting.kills.total() >= 8
        note(f"{posting.kills.total()} kills: {{}} lost, {{}} double".format(*posting.lost_and_double()))
        assert posting.lost_and_double() == (0, 0)


async def test_in_a_storm_none_is_lost_and_none_comes_twice(tmp_path: Path) -> None:
    async with round_of(tmp_path, 30, speed=60.0) as posting:
        storm = posting.loopback.api._faults = Storm(0.3, seed=5, slow=1.5)
        posting.next_morning()
        await posting.post(posting.job(seconds=1.0, at_once=16))
        assert storm.struck.total() > 5
        requests = f"{storm.struck.total()} of {storm.requests} requests failed"
        note("{}: {} lost, {} double".format(requests, *posting.lost_and_double()))
        assert posting.lost_and_double() == (0, 0)


@pytest.mark.parametrize(
    ("down", "digests"), [(timedelta(hours=1), 1), (timedelta(days=1), 1), (timedelta(days=30), 1)]
)
async def test_after_a_downtime_there_is_one_digest_that_covers_everything_since(
    tmp_path: Path, down: timedelta, digests: int
) -> None:
    async with round_of(tmp_path, 2) as posting:
        posting.next_morning()
        await posting.post()
        days = max(down.days, 1)
        posting.next_morning(days=days)
        posting.clock = posting.clock.on(down - timedelta(days=down.days))
        await posting.post()
        note("{} h down: {} lost, {} double".format(down // timedelta(hours=1), *posting.lost_and_double()))
        assert posting.lost_and_double() == (0, 0)
        for channel in posting.channels:
            late = list(channel.messages.values())[1:]
            assert len(late) == digests
            texts = str(late[0].components)
            assert (f"{days} new threads" if days > 1 else "One new thread") in texts


async def test_two_processes_by_mistake_post_one_digest(tmp_path: Path) -> None:
    async with round_of(tmp_path, 12) as posting:
        posting.next_morning()
        await posting.post(posting.job(), posting.job())
        assert posting.lost_and_double() == (0, 0)


@pytest.mark.slow
async def test_of_every_kind_of_digest_and_of_alerts_none_is_lost_in_kills_and_none_comes_twice(
    tmp_path: Path,
) -> None:
    chance = random.Random(5)  # noqa: S311 - the same in every run
    async with every_kind(tmp_path) as posting:
        while posting.kills < 4:
            posting.next_morning()
            await posting.kill_often(chance)
        note(f"every kind: {posting.kills} kills, {{}} lost, {{}} double".format(*posting.lost_and_double()))
        assert posting.lost_and_double() == (0, 0)


@pytest.mark.slow
async def test_of_every_kind_of_digest_and_of_alerts_none_is_lost_in_a_storm_and_none_comes_twice(
    tmp_path: Path,
) -> None:
    async with every_kind(tmp_path) as posting:
        storm = Storm(0.3, seed=5, slow=1.0)
        for _ in range(2):
            posting.next_morning()
            posting.loopback.api._faults = storm
            await posting.settle(2)
            # Before the next date is due, or what is left would be covered by that of the next.
            posting.loopback.api._faults = Faults()
            await posting.settle(1)
        assert storm.struck.total() > 0
        requests = f"every kind, {storm.struck.total()} of {storm.requests} requests failed"
        note("{}: {} lost, {} double".format(requests, *posting.lost_and_double()))
        assert posting.lost_and_double() == (0, 0)


@pytest.mark.slow
async def test_after_a_downtime_every_kind_of_digest_comes_once_and_alerts_report_all(tmp_path: Path) -> None:
    async with every_kind(tmp_path) as posting:
        posting.next_morning()
        await posting.live()
        posting.next_morning(days=30)
        await posting.live()
        note("every kind, 30 days down: {} lost, {} double".format(*posting.lost_and_double()))
        assert posting.lost_and_double() == (0, 0)
        assert all(len(days) == 2 for days in posting.due.values())
