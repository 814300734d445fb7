"""The ledger: one claim for a server and a date, whoever asks, whatever crashes, however often."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Migrations

from bot.database import ServerFile
from bot.digest.contents import Content, nonce
from bot.digest.editions import Edition
from bot.digest.ledger import (
    LEASE,
    LEDGER_RETENTION,
    MAX_DIGESTS,
    Ledger,
    TooManyDigestsError,
)
from bot.digest.model import DigestOptions, DigestState, PauseReason, Position
from bot.digest.tables import m001_digests
from bot.views.digests import marker

SERVER, CHANNEL, ADMIN = 2**63 + 5, 77, 99
EVENING = datetime(2026, 11, 22, 18, tzinfo=UTC)
MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = date(2026, 11, 23)
HERE = Position("archive", 10)
WISH = DigestOptions(CHANNEL, ZoneInfo("Etc/UTC"), time(9), admin_id=ADMIN)
DAY = timedelta(days=1)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[ServerFile]:
    with ServerFile.open(tmp_path / "servers.db") as opened:
        yield opened


@pytest.fixture
def ledger(file: ServerFile) -> Ledger:
    made = Ledger(file)
    made.subscribe(SERVER, WISH, HERE, EVENING)
    return made


def due(ledger: Ledger, now: datetime) -> list[int]:
    return [subscription.server_id for subscription in ledger.waiting(now)]


def test_what_was_subscribed_is_what_is_kept(ledger: Ledger) -> None:
    subscription = ledger.subscription(SERVER)
    assert subscription
    assert (subscription.server_id, subscription.options, subscription.position) == (SERVER, WISH, HERE)
    assert subscription.last == date(2026, 11, 22)
    assert subscription.next(EVENING) == MORNING


def test_a_date_is_claimed_once(ledger: Ledger) -> None:
    assert due(ledger, MORNING) == [SERVER]
    assert ledger.claim(SERVER, TODAY, "one", HERE, MORNING)
    assert ledger.claim(SERVER, TODAY, "two", HERE, MORNING) is None
    assert ledger.claim(SERVER, TODAY, "one", HERE, MORNING) is None
    assert due(ledger, MORNING) == []


def test_a_claim_that_ran_out_is_taken_over_with_what_it_was_to_cover(ledger: Ledger) -> None:
    first = ledger.claim(SERVER, TODAY, "one", Position("archive", 15), MORNING)
    later = MORNING + LEASE
    assert due(ledger, later) == [SERVER]
    second = ledger.claim(SERVER, TODAY, "two", Position("archive", 20), later)
    assert first
    assert second
    assert second.again
    assert (second.entry.since, second.entry.until) == (first.entry.since, first.entry.until) == (10, 15)
    assert not ledger.renew(first, later)
    assert ledger.renew(second, later)


def test_what_is_finished_stays_finished_and_the_next_begins_where_it_ended(ledger: Ledger) -> None:
    claim = ledger.claim(SERVER, TODAY, "one", Position("archive", 15), MORNING)
    assert claim
    ledger.finish(
        claim.entry, DigestState.POSTED, 123, Edition(SERVER, 0, TODAY, "", MORNING, archive=("aaa",))
    )
    assert ledger.claim(SERVER, TODAY, "two", HERE, MORNING + LEASE) is None
    following = ledger.claim(SERVER, TODAY + DAY, "two", Position("archive", 30), MORNING + DAY)
    assert following
    assert (following.entry.since, following.entry.until) == (15, 30)
    assert following.entry.after == TODAY
    entry = ledger.entry(SERVER, TODAY)
    assert entry
    assert (entry.state, entry.message_id) == (DigestState.POSTED, 123)
    assert ledger.shown(SERVER, TODAY + DAY) == {"aaa": TODAY}
    assert ledger.shown(SERVER, TODAY) == {}


def test_an_unfinished_date_is_settled_before_the_next_is_claimed(ledger: Ledger) -> None:
    assert ledger.claim(SERVER, TODAY, "one", Position("archive", 15), MORNING)
    tomorrow, day = MORNING + DAY, TODAY + DAY
    assert ledger.claim(SERVER, day, "two", HERE, tomorrow) is None
    (entry,) = ledger.unfinished(SERVER, day, tomorrow)
    ledger.miss(entry)
    claim = ledger.claim(SERVER, day, "two", Position("archive", 30), tomorrow)
    assert claim
    assert (claim.entry.since, claim.entry.until) == (10, 30)


@pytest.mark.parametrize("days", [1, 30])
def test_after_a_downtime_one_digest_is_due_that_covers_everything_since(ledger: Ledger, days: int) -> None:
    now = MORNING + days * DAY
    assert due(ledger, now) == [SERVER]
    day = TODAY + days * DAY
    claim = ledger.claim(SERVER, day, "one", Position("archive", 99), now)
    assert claim
    assert (claim.entry.since, claim.entry.until, claim.entry.after) == (10, 99, date(2026, 11, 22))
    ledger.finish(claim.entry, DigestState.POSTED, 1)
    assert due(ledger, now) == []


def test_an_archive_in_the_place_of_another_floods_nobody(ledger: Ledger) -> None:
    claim = ledger.claim(SERVER, TODAY, "one", Position("another", 5000), MORNING)
    assert claim
    assert (claim.entry.since, claim.entry.until) == (5000, 5000)


def test_a_refusal_pauses_is_reported_once_and_the_date_can_be_tried_again(ledger: Ledger) -> None:
    claim = ledger.claim(SERVER, TODAY, "one", HERE, MORNING)
    assert claim
    assert ledger.paused_by_errors() == 0
    assert ledger.refuse(claim, PauseReason.FORBIDDEN)
    assert not ledger.refuse(claim, PauseReason.FORBIDDEN)
    ledger.subscribe(SERVER + 1, WISH, HERE, EVENING)
    ledger.pause(SERVER + 1)  # by its admin, which is no error
    assert ledger.paused_by_errors() == 1
    subscription = ledger.subscription(SERVER)
    assert subscription
    assert subscription.paused is PauseReason.FORBIDDEN
    assert due(ledger, MORNING + DAY) == []
    resumed = ledger.resume(SERVER, MORNING + timedelta(minutes=5))
    assert resumed
    assert (resumed.paused, resumed.due(MORNING + timedelta(minutes=5))) == (None, None)
    assert due(ledger, MORNING + DAY) == [SERVER]


def test_what_is_put_off_waits_longer_each_time(ledger: Ledger) -> None:
    now, pauses = MORNING, []
    for _ in range(6):
        claim = ledger.claim(SERVER, TODAY, "one", HERE, now)
        assert claim
        pauses.append(ledger.put_off(claim, now))
        assert due(ledger, now) == []
        now += pauses[-1]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=30)
    assert pauses[-1] == timedelta(minutes=10)


def test_digests_of_long_ago_are_forgotten(ledger: Ledger) -> None:
    claim = ledger.claim(SERVER, TODAY, "one", HERE, MORNING)
    assert claim
    ledger.finish(claim.entry, DigestState.POSTED, 123)
    ledger.tidy(MORNING + LEDGER_RETENTION)
    assert ledger.entry(SERVER, TODAY)
    ledger.tidy(MORNING + LEDGER_RETENTION + DAY)
    assert ledger.entry(SERVER, TODAY) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["claim", "finish", "put off", "again", "pause", "resume", "miss"]),
            st.sampled_from(["one", "two"]),
            st.integers(0, 1500),
        ),
        max_size=60,
    )
)
def test_whatever_two_processes_do_a_date_is_finished_once_and_dates_only_rise(  # noqa: C901 - a case a step
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, int]]
) -> None:
    path = tmp_path_factory.mktemp("ledger") / "servers.db"
    with ServerFile.open(path) as first, ServerFile.open(path) as second:
        ledgers = {"one": Ledger(first), "two": Ledger(second)}
        ledgers["one"].subscribe(SERVER, WISH, HERE, EVENING)
        now, held, posted = EVENING, {}, []
        for number, (step, who, minutes) in enumerate(steps):
            now += timedelta(minutes=minutes)
            ledger = ledgers[who]
            if step in {"claim", "miss"}:
                for subscription in ledger.waiting(now):
                    day = subscription.due(now)
                    assert day
                    for entry in ledger.unfinished(SERVER, day, now):
                        ledger.miss(entry)
                    claim = ledger.claim(SERVER, day, f"{who}{number}", Position("archive", 10 + number), now)
                    if claim:
                        held[who] = claim
            elif step == "finish" and who in held:
                claim = held.pop(who)
                if ledger.renew(claim, now):
                    posted.append((claim.entry.day, claim.entry.since, claim.entry.until))
                    ledger.finish(claim.entry, DigestState.POSTED, number)
            elif step == "put off" and who in held:
                ledger.put_off(held.pop(who), now)
            elif step == "again":
                ledger.subscribe(SERVER, WISH, HERE, now)
            elif step == "pause":
                ledger.pause(SERVER)
            elif step == "resume":
                ledger.resume(SERVER, now)
        days = [day for day, _, _ in posted]
        assert days == sorted(set(days))
        # What one covers ends where the next begins: nothing is told twice, nothing left out.
        assert all(one[2] == other[1] for one, other in pairwise(posted))


def test_every_option_is_kept_and_pausing_and_resuming_return_what_is_kept(ledger: Ledger) -> None:
    wish = DigestOptions(
        CHANNEL,
        ZoneInfo("Europe/Berlin"),
        time(17, 30),
        Content.NEWS,
        role_id=8,
        language="uk",
        admin_id=ADMIN,
    )
    ledger.subscribe(SERVER, wish, HERE, EVENING)
    assert ledger.pause(SERVER) == ledger.subscription(SERVER)
    paused = ledger.subscription(SERVER)
    assert paused
    assert (paused.options, paused.paused) == (wish, PauseReason.ADMIN)
    resumed = ledger.resume(SERVER, MORNING)
    assert resumed == ledger.subscription(SERVER)
    assert resumed
    assert (resumed.options, resumed.paused) == (wish, None)
    assert ledger.pause(SERVER + 1) is ledger.resume(SERVER + 1, MORNING) is None


def test_when_the_latest_digest_was_posted_is_known_once_one_was(ledger: Ledger) -> None:
    assert ledger.last_posted() is None
    claim = ledger.claim(SERVER, TODAY, "one", HERE, MORNING)
    assert claim
    assert ledger.last_posted() is None
    ledger.finish(claim.entry, DigestState.POSTED, 5)
    assert ledger.last_posted() == MORNING


def test_resuming_what_is_not_paused_changes_nothing(ledger: Ledger) -> None:
    before = ledger.subscription(SERVER)
    assert ledger.resume(SERVER, MORNING + 3 * DAY) == before == ledger.subscription(SERVER)


def test_changing_what_is_wished_counts_no_date_as_done(ledger: Ledger) -> None:
    changed = replace(WISH, channel_id=CHANNEL + 1)
    ledger.subscribe(SERVER, changed, Position("archive", 99), MORNING + DAY)
    subscription = ledger.subscription(SERVER)
    assert subscription
    assert (subscription.options, subscription.last, subscription.position) == (
        changed,
        EVENING.date(),
        HERE,
    )


def test_a_digest_of_a_server_that_was_erased_meanwhile_leaves_no_trace(
    ledger: Ledger, file: ServerFile
) -> None:
    claim = ledger.claim(SERVER, TODAY, "one", HERE, MORNING)
    assert claim
    with file.changing() as db:
        for table in ("digests", "digest_subscriptions"):
            db.execute(f"delete from {table}")  # noqa: S608 - two names above
    ledger.finish(claim.entry, DigestState.POSTED, 5, Edition(SERVER, 0, TODAY, "", MORNING, new=("aaa",)))
    with file.reading() as db:
        assert [db.table(name).count for name in ("digests", "digest_subscriptions", "digest_shown")] == [
            0
        ] * 3


def test_a_digest_is_unfinished_once_its_claim_expired_and_keeps_the_thread_it_chose(ledger: Ledger) -> None:
    claim = ledger.claim(SERVER, TODAY, "one", HERE, MORNING)
    assert claim
    ledger.note_feature(claim, "a thread")
    assert ledger.unfinished(SERVER, TODAY + DAY, MORNING) == []
    (entry,) = ledger.unfinished(SERVER, TODAY + DAY, MORNING + LEASE)
    assert (entry.day, entry.feature) == (TODAY, "a thread")
    assert ledger.unfinished(SERVER, TODAY, MORNING + LEASE) == []


def test_an_upgrade_gives_the_digest_there_is_the_number_0_and_posts_no_second_one_that_day(
    tmp_path: Path,
) -> None:
    """The version before posted one this morning, and was killed while it posted another."""
    posted, claimed = "7", "8"
    with ServerFile.open(tmp_path / "servers.db") as file:
        first = Migrations("digest")
        first(name="m001_digests")(m001_digests)
        file.bring_up(first)
        with file.changing() as db:
            for server, last in ((posted, "2026-11-23"), (claimed, "2026-11-22")):
                db.execute(
                    "insert into digest_subscriptions values (?, '77', 'Etc/UTC', '09:00', 'news', '5', 'de',"
                    " '99', ?, 'archive', 10, null)",
                    [server, last],
                )
            for server, state, until, message in (
                (posted, "posted", "2026-11-23T09:02:00.000000+00:00", "123"),
                (claimed, "claimed", "2026-11-23T09:02:00.000000+00:00", None),
            ):
                db.execute(
                    "insert into digests values (?, '2026-11-23', ?, 'old',"
                    " '2026-11-23T09:00:00.000000+00:00', ?, 0, '77', '2026-11-22', 'archive', 8, 10,"
                    " 'thread', ?)",
                    [server, state, until, message],
                )
            db.execute("insert into digest_shown values (?, 'thread', '2026-11-23')", [posted])
    with ServerFile.open(tmp_path / "servers.db") as file:
        ledger, later = Ledger(file), MORNING + timedelta(hours=1)
        wish = DigestOptions(
            77, ZoneInfo("Etc/UTC"), time(9), Content.NEWS, role_id=5, language="de", admin_id=99
        )
        (kept,) = ledger.subscriptions_of(7)
        assert (kept.number, kept.options, kept.last) == (0, wish, TODAY)
        assert kept.position == HERE
        assert due(ledger, later) == [8]
        assert ledger.claim(7, TODAY, "new", HERE, later) is None
        again = ledger.claim(8, TODAY, "new", HERE, later)
        assert again
        assert (again.again, again.entry.feature, again.entry.since) == (True, "thread", 8)
        assert ledger.shown(7, date.max) == {"thread": TODAY}
        # By these the post of the version before is known again.
        assert nonce(8, TODAY, 0) == nonce(8, TODAY) == "AAAAAAAAAAg-20261123"
        assert marker(TODAY, 0) == marker(TODAY) == 20261123
    numbers = [marker(TODAY, number) for number in range(MAX_DIGESTS)]
    assert len(set(numbers)) == MAX_DIGESTS
    assert max(numbers) < 2**31
    assert max(len(nonce(2**64 - 1, TODAY, number)) for number in range(MAX_DIGESTS)) <= 25


def test_a_server_has_ten_digests_at_most_and_the_number_of_one_that_ended_is_free(ledger: Ledger) -> None:
    for number in range(1, MAX_DIGESTS):
        made = ledger.subscribe(SERVER, replace(WISH, name=f"digest {number}"), HERE, EVENING)
        assert made.number == number
    with pytest.raises(TooManyDigestsError):
        ledger.subscribe(SERVER, replace(WISH, name="one more"), HERE, EVENING)
    ledger.unsubscribe(SERVER, 4)
    assert ledger.subscribe(SERVER, replace(WISH, name="one more"), HERE, EVENING).number == 4


def test_a_weekly_digest_comes_once_a_week_and_other_weekdays_bring_none_at_once(ledger: Ledger) -> None:
    weekly = replace(WISH, name="weekly", weekdays=frozenset({0}))
    ledger.subscribe(SERVER, weekly, HERE, EVENING)
    ledger.unsubscribe(SERVER)
    came = []
    for days in range(30):
        now = MORNING + DAY * days
        for subscription in ledger.waiting(now):
            day = subscription.due(now)
            assert day
            claim = ledger.claim(SERVER, day, "us", HERE, now, subscription.number)
            assert claim
            ledger.finish(claim.entry, DigestState.POSTED, 1)
            came.append(day)
    assert came == [TODAY + DAY * 7 * week for week in range(5)]
    thursday = MORNING + DAY * 31
    changed = ledger.subscribe(SERVER, replace(weekly, weekdays=frozenset(range(7))), HERE, thursday)
    assert changed.due(thursday) is None
    assert changed.next(thursday) == thursday + DAY
