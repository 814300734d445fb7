"""Counts of answers by server and local day: nothing but counts, and not for long."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.database import ServerFile
from bot.digest.usage_counts import USAGE_RETENTION, UsageCounts
from retrieval.errors import StoreError
from retrieval.model import Verdict

NIGHT = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def file(tmp_path: Path) -> Iterator[ServerFile]:
    with ServerFile.open(tmp_path / "servers.db") as opened:
        yield opened


@pytest.fixture
def counts(file: ServerFile) -> UsageCounts:
    return UsageCounts(file)


def answered(count: int) -> dict[Verdict, int]:
    return {Verdict.ANSWER: count, Verdict.CLOSEST: 0, Verdict.NOTHING: 0}


def test_verdicts_count_apart(counts: UsageCounts) -> None:
    for number, verdict in enumerate(Verdict, start=1):
        for _ in range(number):
            counts.note(5, [], NIGHT, verdict)
    counts.write(lambda _server_id: BERLIN)
    day = date(2026, 11, 23)
    assert list(counts.between(5, day, day)[0].values()) == [1, 2, 3]


def test_answers_count_on_the_local_day_of_their_server(counts: UsageCounts) -> None:
    counts.note(5, ["aaa", "bbb", "aaa"], NIGHT)
    counts.note(5, ["aaa"], NIGHT)
    counts.note(6, ["aaa"], NIGHT)
    counts.note(None, ["aaa"], NIGHT)
    counts.write(lambda server_id: BERLIN if server_id == 5 else ZoneInfo("Etc/UTC"))
    assert counts.between(5, date(2026, 11, 23), date(2026, 11, 23)) == (
        answered(2),
        [("aaa", 2), ("bbb", 1)],
    )
    assert counts.between(5, date(2026, 11, 22), date(2026, 11, 22)) == (answered(0), [])
    assert counts.between(6, date(2026, 11, 22), date(2026, 11, 22)) == (answered(1), [("aaa", 1)])


def test_days_add_up(counts: UsageCounts) -> None:
    for days in range(3):
        counts.note(5, ["aaa"], NIGHT + timedelta(days=days))
        counts.write(lambda _server_id: BERLIN)
    assert counts.between(5, date(2026, 11, 23), date(2026, 11, 25)) == (answered(3), [("aaa", 3)])


def test_what_cannot_be_written_is_written_with_the_next(counts: UsageCounts, file: ServerFile) -> None:
    counts.note(5, ["aaa"], NIGHT)
    path = file.path
    file.close()
    with pytest.raises(StoreError):
        counts.write(lambda _server_id: BERLIN)
    assert counts.pending
    with ServerFile.open(path) as again:
        counts._file = again
        counts.write(lambda _server_id: BERLIN)
        assert counts.between(5, date(2026, 11, 23), date(2026, 11, 23))[0] == answered(1)


def test_they_are_kept_for_forty_days(counts: UsageCounts, file: ServerFile) -> None:
    for server_id in (5, 6):
        counts.note(server_id, ["aaa"], NIGHT)
    counts.write(lambda _server_id: BERLIN)
    counts.tidy(NIGHT + USAGE_RETENTION)
    with file.reading() as db:
        assert db.table("asked").count == db.table("quoted").count == 2
    counts.tidy(NIGHT + USAGE_RETENTION + timedelta(days=2))
    with file.reading() as db:
        assert db.table("asked").count == db.table("quoted").count == 0


def test_no_column_could_hold_a_person_or_a_question(counts: UsageCounts, file: ServerFile) -> None:
    assert counts.pending is False
    with file.reading() as db:
        columns = {column.name for name in ("asked", "quoted") for column in db.table(name).columns}
    assert columns == {"server_id", "day", "answered", "closest", "missed", "thread_id", "times"}


def test_of_a_server_that_is_erased_what_was_noted_is_dropped_and_of_others_kept(
    counts: UsageCounts, file: ServerFile
) -> None:
    counts.note(5, ["aaa"], NIGHT)
    counts.note(6, ["bbb"], NIGHT)
    file.note_erasing(5)
    counts.write(lambda _server_id: BERLIN)
    day = date(2026, 11, 23)
    assert counts.between(5, day, day) == (answered(0), [])
    assert counts.between(6, day, day) == (answered(1), [("bbb", 1)])
