"""What a digest holds: chosen by server and date alone, the same whoever asks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.database import ServerFile
from bot.digest.composer import Composer, Plan, plan_of
from bot.digest.contents import (
    Content,
    Digest,
    QuestionCounts,
    anniversary,
    nonce,
    pick_anniversary,
    pivot,
)
from bot.digest.editions import Edition
from bot.digest.ledger import Ledger
from bot.digest.model import DigestOptions, DigestState, LedgerEntry, Position, Subscription
from bot.digest.time_parsing import parse_hour
from bot.digest.usage_counts import UsageCounts
from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from retrieval.model import Completeness, ThreadSummary, Verdict
from tests.bot.archives import LAMPS, RIVERS, fill, handbook_in

UTC_ZONE = ZoneInfo("Etc/UTC")
DAY = date(2026, 11, 22)
BEES = "The waggle dance tells the bees where the linden blooms.\n/1\nSo they fly.\n/END\n"


def thread(name: str, posted: str | None = None, *, whole: bool = True) -> ThreadSummary:
    completeness = Completeness.COMPLETE if whole else Completeness.PREVIEW
    posted_at = None if posted is None else datetime.fromisoformat(posted)
    return ThreadSummary(name, 3, completeness, name, posted_at=posted_at)


@pytest.mark.parametrize(
    ("posted", "day", "zone", "years"),
    [
        ("2019-11-22T12:00Z", DAY, "Etc/UTC", 7),
        ("2026-11-22T12:00Z", DAY, "Etc/UTC", None),
        ("2019-11-21T23:30Z", DAY, "Europe/Berlin", 7),
        ("2019-11-21T23:30Z", DAY, "Etc/UTC", None),
        ("2024-02-29T12:00Z", date(2026, 2, 28), "Etc/UTC", 2),
        ("2024-02-29T12:00Z", date(2028, 2, 29), "Etc/UTC", 4),
        ("2024-02-29T12:00Z", date(2028, 2, 28), "Etc/UTC", None),
    ],
)
def test_an_anniversary_is_the_day_by_the_servers_own_calendar(
    posted: str, day: date, zone: str, years: int | None
) -> None:
    assert anniversary(thread("aaa", posted), day, ZoneInfo(zone)) == years


def test_of_anniversaries_the_one_not_shown_for_the_longest_time_is_picked() -> None:
    known = [thread("aaa"), thread("bbb"), thread("ccc")]
    seen = {
        "aaa": DAY - timedelta(days=400),
        "bbb": DAY - timedelta(days=800),
        "ccc": DAY - timedelta(days=5),
    }
    assert pick_anniversary(known, seen, DAY, 1) == known[1]
    assert pick_anniversary(known, seen, DAY, 1, ["bbb"]) == known[0]
    assert pick_anniversary([known[2]], seen, DAY, 1) is None
    assert pick_anniversary([thread("ddd", whole=False), *known], {}, DAY, 1) != thread("ddd", whole=False)


def test_what_tells_requests_and_places_apart_depends_on_server_and_date_and_fits() -> None:
    pairs = [(server, DAY + timedelta(days=days)) for server in (0, 1, 2**64 - 1) for days in range(3)]
    assert len({nonce(*pair) for pair in pairs}) == len({pivot(*pair) for pair in pairs}) == len(pairs)
    assert max(len(nonce(*pair)) for pair in pairs) <= 25
    assert nonce(1, DAY) == nonce(1, DAY)


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("9", time(9)),
        ("09:30", time(9, 30)),
        ("9.30", time(9, 30)),
        ("17h", time(17)),
        ("5:30 pm", time(17, 30)),
        ("12am", time(0)),
        ("12 pm", time(12)),
        ("20 Uhr", time(20)),
        ("24:00", None),
        ("13pm", None),
        ("9:60", None),
        ("noon", None),
        ("", None),
    ],
)
def test_a_time_of_day_is_read_as_people_write_it(written: str, hour: time | None) -> None:
    assert parse_hour(written) == hour


@pytest.mark.parametrize("content", Content)
def test_an_empty_digest_is_never_worth_posting(content: Content) -> None:
    assert not Digest(1, DAY).worth_posting(content)


# Composed out of an archive


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db", handbook=handbook_in(tmp_path / "handbook")) as opened:
        yield opened


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with ServerFile.open(tmp_path / "servers.db") as file:
        yield Ledger(file)


@pytest.fixture
def composer(archive: Archive, ledger: Ledger) -> Composer:
    return Composer(archive, ledger, UsageCounts(ledger._file))


def plan(
    archive: Archive, day: date = DAY, content: Content = Content.EVERYTHING, server_id: int = 1
) -> Plan:
    until = archive.timeline.position()[1]
    return Plan(server_id, day, UTC_ZONE, content, after=day - timedelta(days=1), since=until, until=until)


def show(ledger: Ledger, digest: Digest) -> None:
    """Let a digest count as posted."""
    now = datetime.combine(digest.day, time(9), tzinfo=UTC)
    before = datetime.combine(digest.day - timedelta(days=1), time(18), tzinfo=UTC)
    if ledger.subscription(digest.server_id) is None:
        ledger.subscribe(digest.server_id, DigestOptions(1, UTC_ZONE, time(9)), Position("a", 0), before)
    claim = ledger.claim(digest.server_id, digest.day, "test", Position("a", 0), now)
    assert claim
    ledger.finish(claim.entry, DigestState.POSTED, 1, Edition.of(digest, now))


def test_the_same_plan_gives_the_same_digest_also_after_a_restart(
    archive: Archive, ledger: Ledger, composer: Composer
) -> None:
    fill(archive, rivers=RIVERS, lamps=LAMPS, bees=BEES)
    one = composer.compose(plan(archive))
    again = Composer(archive, ledger, UsageCounts(ledger._file)).compose(plan(archive))
    assert one == again
    assert one.feature


def test_every_thread_is_shown_before_one_comes_again_and_then_the_one_of_longest_ago(
    archive: Archive, ledger: Ledger, composer: Composer
) -> None:
    fill(archive, rivers=RIVERS, lamps=LAMPS, bees=BEES)
    shown: list[str] = []
    for days in range(7):
        digest = composer.compose(plan(archive, DAY + timedelta(days=days)))
        show(ledger, digest)
        shown += digest.threads
    assert len(set(shown[:3])) == 3
    assert shown[3:6] == shown[:3]
    assert shown[6] == shown[0]


def test_the_anniversary_goes_first_and_is_not_repeated_the_day_after(
    archive: Archive, ledger: Ledger, composer: Composer
) -> None:
    posted = datetime(2020, 11, 22, 10, tzinfo=UTC)
    fill(archive, rivers=RIVERS, lamps=LAMPS)
    archive.import_file(SavedFile("bees.txt", BEES.encode(), title="Bees", posted_at=posted))
    digest = composer.compose(plan(archive))
    assert digest.feature
    assert digest.feature.excerpt.thread.title == "Bees"
    assert digest.feature.years == 6
    show(ledger, digest)
    following = composer.compose(plan(archive, DAY + timedelta(days=1)))
    assert following.feature
    assert following.feature.excerpt.thread.title != "Bees"


def test_another_server_and_another_day_show_other_threads(archive: Archive, composer: Composer) -> None:
    fill(archive, **{f"bees{n}": BEES.replace("linden", f"linden{n}x") for n in range(40)})
    chosen = {
        composer.compose(plan(archive, DAY + timedelta(days=days), server_id=server)).threads
        for server in (1, 2, 3)
        for days in (0, 1)
    }
    assert len(chosen) > 3


def test_what_is_new_is_shown_with_its_telling_part_and_the_rest_counted(
    archive: Archive, composer: Composer
) -> None:
    fill(archive, **{f"bees{n}": BEES.replace("linden", f"linden{n}x") for n in range(8)})
    digest = composer.compose(Plan(1, DAY, UTC_ZONE, since=0, until=archive.timeline.position()[1]))
    assert len(digest.arrivals.shown) == 5
    assert digest.arrivals.total == 8
    assert digest.feature
    assert digest.feature.excerpt.thread.id not in {one.thread.id for one in digest.arrivals.shown}


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (Content.EVERYTHING, (True, True, True)),
        (Content.THREADS, (True, True, False)),
        (Content.NEW, (True, False, False)),
        (Content.ARCHIVE, (False, True, False)),
    ],
)
def test_content_chooses_among_the_parts(
    archive: Archive, ledger: Ledger, content: Content, parts: tuple[bool, ...]
) -> None:
    fill(archive, rivers=RIVERS, lamps=LAMPS)
    asked = UsageCounts(ledger._file)
    asked.note(
        1, [archive.catalog.threads(archive.catalog.scope())[0].id], datetime(2026, 11, 21, 12, tzinfo=UTC)
    )
    asked.write(lambda _server_id: UTC_ZONE)
    wanted = Plan(
        1,
        DAY,
        UTC_ZONE,
        content,
        after=DAY - timedelta(days=1),
        since=2,
        until=archive.timeline.position()[1],
    )
    digest = Composer(archive, ledger, asked).compose(wanted)
    assert (bool(digest.arrivals.total), bool(digest.feature), bool(digest.asked)) == parts


def test_an_empty_archive_is_made_up_for_by_the_handbook_which_is_never_new(
    archive: Archive, composer: Composer
) -> None:
    digest = composer.compose(Plan(1, DAY, UTC_ZONE, since=0, until=archive.timeline.position()[1]))
    assert digest.arrivals.total == 0
    assert digest.feature


def test_questions_of_the_days_since_the_last_digest_are_added_up(archive: Archive, ledger: Ledger) -> None:
    fill(archive, rivers=RIVERS)
    asked = UsageCounts(ledger._file)
    for days in range(1, 5):
        asked.note(1, [], datetime(2026, 11, 22 - days, 12, tzinfo=UTC))
    asked.write(lambda _server_id: UTC_ZONE)
    late = Plan(1, DAY, UTC_ZONE, after=DAY - timedelta(days=3))
    found = Composer(archive, ledger, asked).compose(late).asked
    assert found
    assert (found.answered, found.days) == (3, 3)


def test_answers_closest_posts_and_nothing_are_counted_each(archive: Archive, ledger: Ledger) -> None:
    fill(archive, rivers=RIVERS)
    (summary,) = archive.catalog.threads(archive.catalog.scope(), limit=1)
    asked = UsageCounts(ledger._file)
    for verdict, times in ((Verdict.ANSWER, 1), (Verdict.CLOSEST, 2), (Verdict.NOTHING, 3)):
        for _ in range(times):
            asked.note(1, [summary.id, "gone"], datetime(2026, 11, 21, 12, tzinfo=UTC), verdict)
    asked.write(lambda _server_id: UTC_ZONE)
    counts = Composer(archive, ledger, asked).compose(Plan(1, DAY, UTC_ZONE)).asked
    assert counts == QuestionCounts(answered=1, days=1, threads=((summary, 6),), closest=2, nothing=3)
    assert Composer(archive, ledger, asked).compose(Plan(2, DAY, UTC_ZONE)).asked is None


def test_a_plan_has_what_its_entry_and_its_subscription_say() -> None:
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    before = DAY - timedelta(days=2)
    entry = LedgerEntry(1, DAY, DigestState.CLAIMED, now, now, 7, before, since=3, until=9, feature="abc")
    facts = Plan(1, DAY, UTC, after=before, since=3, until=9, feature="abc")
    assert plan_of(entry, None) == facts
    wish = DigestOptions(7, ZoneInfo("Europe/Berlin"), time(9), content=Content.NEWS)
    subscription = Subscription(1, wish, before, Position("archive", 3))
    assert plan_of(entry, subscription) == replace(facts, zone=wish.zone, content=Content.NEWS)


def test_nonces_and_beginnings_are_those_of_earlier_releases() -> None:
    assert nonce(2**40, DAY) == "AAABAAAAAAA-20261122"
    assert pivot(2**40, DAY) == "kq96hf62fw3k"


def test_what_is_new_says_between_which_positions_also_where_nothing_is(
    archive: Archive, composer: Composer
) -> None:
    fill(archive, bees=BEES)
    until = archive.timeline.position()[1]
    for since in (0, until):
        new = composer.compose(Plan(1, DAY, UTC_ZONE, since=since, until=until)).arrivals
        assert (new.since, new.until, new.total) == (since, until, int(since < until))
