"""When authors are looked at, purely; and a simulated time of many, smaller than the benchmark's year."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fetching.schedule import (
    EVERY,
    LATEST,
    Course,
    Revisit,
    after_failure,
    after_feed,
    finished_threads,
    next_visit,
    spread_overdue,
)
from bot.fetching.service import Feed, FeedThread
from tests.benchmarks.following import shortfalls, simulate

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_a_simulated_time_of_many_authors_keeps_its_bars() -> None:
    year = simulate(30, 30, seed=7)
    assert shortfalls(year) == []
    assert len(year.news) > 50


@given(st.floats(0, 400), st.integers(0, 2**30))
def test_the_wait_is_from_half_an_hour_to_a_day_and_grows_with_the_silence(days: float, number: int) -> None:
    latest = NOW - timedelta(days=days)
    after = after_feed(Course(NOW), Feed((), latest), f"a{number}", NOW)
    later = after_feed(Course(NOW), Feed((), latest - timedelta(days=2 * days + 4)), f"a{number}", NOW)
    assert EVERY * 0.9 <= after.due - NOW <= LATEST * 1.1
    assert later.due - NOW >= (after.due - NOW) * 0.9
    assert after == after_feed(Course(NOW), Feed((), latest), f"a{number}", NOW)


@pytest.mark.parametrize("retry_after", [None, 90.0, 7_200.0])
def test_failures_double_the_wait_up_to_a_day_and_wait_as_long_as_asked(retry_after: float | None) -> None:
    course, waits = Course(NOW), []
    for _ in range(15):
        course = after_failure(course, "answers 503", "a", NOW, retry_after=retry_after)
        waits.append(course.due - NOW)
        assert waits[-1] >= timedelta(seconds=retry_after or 0)
    assert waits[0] <= max(EVERY * 1.1, timedelta(seconds=retry_after or 0))
    assert LATEST * 0.9 <= waits[-1] <= LATEST * 1.1


@given(st.lists(st.integers(0, 10_000), min_size=50, max_size=50, unique=True))
def test_what_is_overdue_is_spread_and_nothing_else_is_moved(names: list[int]) -> None:
    due = {str(name): NOW + timedelta(minutes=place - 25) for place, name in enumerate(names)}
    moved = spread_overdue(due, NOW)
    assert moved.keys() == {name for name, at in due.items() if at < NOW}
    assert all(NOW <= at < NOW + EVERY for at in moved.values())
    assert len({at.replace(second=0, microsecond=0) for at in moved.values()}) > 5


def test_a_thread_is_taken_when_it_is_long_enough_silent_and_not_known_as_it_is() -> None:
    def thread(key: str, posts: int, minutes: int) -> FeedThread:
        return FeedThread(key, key, posts, NOW - timedelta(minutes=minutes))

    threads = [
        thread("short", 2, 90),
        thread("growing", 3, 59),
        thread("whole", 3, 60),
        thread("known", 3, 90),
    ]
    taken = {"known": NOW - timedelta(minutes=90)}
    begun = NOW - timedelta(days=1)
    assert [one.key for one in finished_threads(threads, taken, begun, NOW, 0)] == ["whole"]
    taken["known"] -= timedelta(minutes=1)
    assert [one.key for one in finished_threads(threads, taken, begun, NOW, 0)] == ["whole", "known"]
    assert finished_threads(threads, {}, NOW, NOW, 0) == []
    assert [one.key for one in finished_threads(threads, {}, NOW, NOW, 1)] == ["whole"]


def test_a_thread_that_is_gone_is_taken_out_after_two_looks_a_day_apart() -> None:
    first = next_visit(None, latest=NOW, now=NOW, whole=False, gone=True)
    assert not first.remove
    soon = next_visit(first, latest=NOW, now=NOW + timedelta(hours=23), whole=False, gone=True)
    assert not soon.remove
    assert next_visit(soon, latest=NOW, now=NOW + timedelta(days=1), whole=False, gone=True).remove
    back = next_visit(first, latest=NOW, now=NOW + timedelta(days=1), whole=True)
    assert (back.gone, back.remove) == (None, False)


def test_whole_threads_are_asked_for_weekly_for_thirty_days() -> None:
    week = next_visit(Revisit(NOW), latest=NOW, now=NOW, whole=True)
    assert week.due is not None
    assert timedelta(days=6) < week.due - NOW < timedelta(days=8)
    assert next_visit(None, latest=NOW - timedelta(days=31), now=NOW, whole=True).due is None
