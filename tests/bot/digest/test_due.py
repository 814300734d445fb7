"""When a digest is due: every zone there is, the nights the clocks change, and dates that never were."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.due import due_date, exists, first_moment, next_moment
from tests.bot.posting.simulation import HOURS, simulate, ticks, utc

BERLIN, APIA, GAZA = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia"), ZoneInfo("Asia/Gaza")
SECOND = timedelta(seconds=1)
ZONES = sorted(available_timezones())


def at(hour: int, minute: int = 0) -> time:
    return time(hour, minute)


def test_it_is_due_from_its_minute_on_and_before_that_yesterdays_is() -> None:
    nine = datetime(2026, 11, 22, 9, 0, tzinfo=BERLIN)
    assert due_date(nine, BERLIN, at(9)) == date(2026, 11, 22)
    assert due_date(nine - SECOND, BERLIN, at(9)) == date(2026, 11, 21)


def test_an_hour_that_the_clock_jumps_over_comes_at_the_end_of_the_jump() -> None:
    moment = first_moment(date(2026, 3, 29), BERLIN, at(2, 30))
    assert moment == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert moment.astimezone(BERLIN).time() == time(3)


def test_an_hour_that_the_clock_shows_twice_comes_the_first_time() -> None:
    moment = first_moment(date(2026, 10, 25), BERLIN, at(2, 30))
    assert moment == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second_time = moment + timedelta(hours=1)
    assert due_date(second_time - timedelta(minutes=10), BERLIN, at(2, 30)) < date(2026, 10, 25)
    assert due_date(second_time, BERLIN, at(2, 30)) == date(2026, 10, 25)


def test_a_date_that_a_zone_skipped_is_never_due() -> None:
    skipped = date(2011, 12, 30)
    assert not exists(skipped, APIA)
    after = datetime(2011, 12, 31, 0, 1, tzinfo=APIA)
    assert due_date(after, APIA, at(9)) == date(2011, 12, 29)
    assert next_moment(after, APIA, at(9), date(2011, 12, 29)) == datetime(2011, 12, 31, 9, tzinfo=APIA)


def test_what_is_overdue_was_due_in_the_past() -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert next_moment(now, UTC, at(9), date(2026, 11, 20)) == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert next_moment(now, UTC, at(9), date(2026, 11, 22)) == datetime(2026, 11, 23, 9, tzinfo=UTC)


@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(2000, 1, 1), date(2037, 12, 30)),
    hour=st.times().map(lambda hour: hour.replace(second=0, microsecond=0)),
)
def test_the_first_moment_of_a_date_is_the_first_at_which_it_is_due(zone: str, day: date, hour: time) -> None:
    info = ZoneInfo(zone)
    moment = first_moment(day, info, hour)
    assert due_date(moment - SECOND, info, hour) < day
    if exists(day, info):
        assert due_date(moment, info, hour) == day


@pytest.mark.slow
def test_every_zone_of_the_database_has_one_digest_a_date_for_two_years() -> None:
    posted, faults = 0, []
    for number, name in enumerate(ZONES):
        zone, hour = ZoneInfo(name), HOURS[number % len(HOURS)]
        moments = list(ticks(zone, utc(2025), utc(2027), coarse=12 * 60, fine=30))
        (outcome,) = simulate(zone, [hour], moments)
        posted += outcome.posted
        if outcome.twice or outcome.missed:
            faults.append((name, hour, outcome))
    assert faults == []
    assert posted > len(ZONES) * 728


@pytest.mark.parametrize("name", ["Pacific/Apia", "Pacific/Fakaofo", "Asia/Gaza", "Africa/Cairo"])
def test_zones_with_odd_clocks_miss_no_date_but_those_they_skipped(name: str) -> None:
    zone = ZoneInfo(name)
    moments = list(ticks(zone, utc(2011), utc(2013), coarse=60, fine=10))
    outcomes = simulate(zone, HOURS, moments)
    assert [outcome for outcome in outcomes if outcome.twice or outcome.missed] == []
    skips = name in {"Pacific/Apia", "Pacific/Fakaofo"}
    assert all(outcome.skipped == ((date(2011, 12, 30),) if skips else ()) for outcome in outcomes)


@pytest.mark.parametrize("weekdays", [{0}, {2}, set(range(5)), {5, 6}])
@pytest.mark.parametrize("name", ["Pacific/Apia", "Pacific/Kiritimati", "Africa/Cairo", "America/Sao_Paulo"])
def test_on_chosen_weekdays_too_none_comes_twice_and_none_is_missed(name: str, weekdays: set[int]) -> None:
    zone = ZoneInfo(name)
    moments = list(ticks(zone, utc(2011), utc(2013), coarse=180, fine=10))
    outcomes = simulate(zone, HOURS, moments, weekdays)
    assert [outcome for outcome in outcomes if outcome.twice or outcome.missed] == []
    weeks = sum(outcome.posted for outcome in outcomes) / len(weekdays) / len(HOURS)
    assert weeks == pytest.approx(731 / 7, abs=2)
