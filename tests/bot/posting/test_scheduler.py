"""The digest's clock: fair, within a pace, and not to be stopped by whatever goes wrong."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.database import ServerFile
from bot.digest.composer import Composer
from bot.digest.ledger import Ledger
from bot.digest.model import DigestOptions, Position
from bot.digest.usage_counts import UsageCounts
from bot.posting.poster import Poster, PostOutcome, PostResult, RequestPace
from bot.posting.scheduler import Scheduler, by_waiting_time
from retrieval.archive import Archive
from tests.discord.waiting import PATIENCE, until

ZONE = ZoneInfo("Etc/UTC")
EVENING = datetime(2026, 11, 22, 18, tzinfo=UTC)
MORNING = datetime(2026, 11, 23, 9, 0, 30, tzinfo=UTC)


class Stand(Poster):
    """A poster that only notes what it is to post, and fails for one server."""

    def __init__(self) -> None:
        self.posted: list[tuple[int, date]] = []
        self.outcome = PostOutcome.POSTED

    async def post(self, server_id: int, day: date, number: int = 0, *, by_hand: bool = False) -> PostResult:  # noqa: ARG002
        self.posted.append((server_id, day))
        if server_id == 3:
            raise RuntimeError("this one always fails")
        return PostResult(self.outcome)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[ServerFile]:
    with ServerFile.open(tmp_path / "servers.db") as opened:
        yield opened


@pytest.fixture
def ledger(file: ServerFile) -> Ledger:
    return Ledger(file)


@pytest.fixture
def schedule(ledger: Ledger, file: ServerFile, tmp_path: Path) -> Iterator[Scheduler]:
    with Archive.open(tmp_path / "archive.db") as archive:
        composer = Composer(archive, ledger, UsageCounts(file))
        yield Scheduler(composer, Stand(), lambda: MORNING, owns=lambda server: server != 9)


def subscribe(ledger: Ledger, *servers: int, at: hour = hour(9)) -> None:
    for server in servers:
        ledger.subscribe(server, DigestOptions(1, ZONE, at), Position("a", 0), EVENING)


def test_who_waits_longest_is_first_and_among_equals_another_one_each_day(ledger: Ledger) -> None:
    subscribe(ledger, 100, at=hour(8))
    subscribe(ledger, *range(50))
    firsts: Counter[int] = Counter()
    for days in range(60):
        now = MORNING + timedelta(days=days)
        order = [one.server_id for one in by_waiting_time(ledger.subscriptions(), now)]
        assert order[0] == 100
        assert sorted(order[1:]) == list(range(50))
        firsts[order[1]] += 1
    assert len(firsts) > 25
    assert max(firsts.values()) < 8


async def test_a_digest_that_fails_holds_up_no_other_and_other_shards_are_left_alone(
    ledger: Ledger, schedule: Scheduler
) -> None:
    subscribe(ledger, *range(12))
    assert await schedule.tick() == 11
    stand = schedule._poster
    assert isinstance(stand, Stand)
    assert sorted(server for server, _ in stand.posted) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11]
    assert {day for _, day in stand.posted} == {date(2026, 11, 23)}


async def test_a_discord_in_trouble_is_left_alone_until_the_next_tick(
    ledger: Ledger, schedule: Scheduler
) -> None:
    subscribe(ledger, *range(100, 200))
    stand = schedule._poster
    assert isinstance(stand, Stand)
    stand.outcome = PostOutcome.LATER
    assert 10 <= await schedule.tick() < 20


async def test_it_ticks_on_whatever_goes_wrong(
    ledger: Ledger, file: ServerFile, schedule: Scheduler, caplog: pytest.LogCaptureFixture
) -> None:
    subscribe(ledger, 1)
    running = asyncio.create_task(schedule.run(every=0.02))
    await asyncio.sleep(0.1)
    file.close()
    await until(lambda: caplog.text.count("digest tick failed; retrying in") > 1, "the second failed tick")
    assert not running.done()
    schedule.stop()
    await asyncio.wait_for(running, PATIENCE)


async def test_a_stopped_schedule_begins_no_further_digest(ledger: Ledger, schedule: Scheduler) -> None:
    subscribe(ledger, *range(8))
    schedule.stop()
    assert await schedule.tick() == 0


async def test_a_pace_lets_no_more_begin_a_second_than_it_says() -> None:
    pace, began = RequestPace(100), []

    async def begin() -> None:
        await pace.wait()
        began.append(time.monotonic())

    await asyncio.gather(*(begin() for _ in range(30)))
    assert began == sorted(began)
    assert began[-1] - began[0] >= 0.28
    with pytest.raises(ValueError, match="needs to move"):
        RequestPace(0)


async def test_what_passed_its_retention_is_deleted_once_a_day(
    ledger: Ledger, schedule: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([MORNING, MORNING + timedelta(hours=23), MORNING + timedelta(days=1)])
    tidied: list[datetime] = []
    monkeypatch.setattr(schedule, "_now", lambda: next(moments))
    monkeypatch.setattr(ledger, "tidy", tidied.append)
    for _ in range(3):
        await schedule._tidy()
    assert tidied == [MORNING, MORNING + timedelta(days=1)]
