"""``python -m tests.benchmarks.following``: a simulated year of followed authors, on a clock that jumps.

Authors write threads as people do: some daily, most weekly or monthly, some fall silent, a few instances fail
for hours or ask for rest. What is decided by :mod:`bot.fetching.schedule` is measured: requests per host
and second, freshness (from the end of a thread's silence to its import), threads taken twice or never.
It exits with 1 below its bars.
"""

import heapq
import random
import statistics
import sys
from argparse import ArgumentParser
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.fetching.schedule import (
    SILENCE,
    Course,
    after_failure,
    after_feed,
    finished_threads,
    spread_overdue,
)
from bot.fetching.service import Feed, FeedThread

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
#: Shares of authors and the days between two of their threads.
HABITS = ((0.1, 0.5), (0.2, 1.0), (0.3, 7.0), (0.3, 30.0), (0.1, 120.0))
#: Days between threads, up to which an author counts as active.
ACTIVE = 7.0
FEED = 40


@dataclass
class Author:
    """An author: what they will have written, how far they are known, and what was taken."""

    name: str
    host: str
    every: float
    threads: list[FeedThread]
    course: Course
    taken: dict[str, datetime] = field(default_factory=dict)


@dataclass
class Year:
    """What came of a simulated time."""

    requests: Counter[str] = field(default_factory=Counter)
    closest: float = float("inf")
    busiest_minute: int = 0
    fresh: list[float] = field(default_factory=list)
    active: list[float] = field(default_factory=list)
    news: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: int = 0


def _written(draw: random.Random, name: str, every: float, days: int) -> list[FeedThread]:
    threads, moment, number = [], draw.expovariate(1 / every), 0
    while moment < days - 3:
        # Two posts are no thread.
        posts = draw.choice((1, 2, 3, 4, 6, 9, 25))
        latest = BEGIN + timedelta(days=moment)
        threads.append(FeedThread(f"{name}-{number}", f"https://x.example/{number}", posts, latest))
        moment += SILENCE / timedelta(days=1) + draw.expovariate(1 / every)
        number += 1
    return threads


def simulate(authors: int, days: int, seed: int = 1) -> Year:  # noqa: C901, PLR0915 - one clock
    """Let days go by for some authors on three hosts; every request takes its turn at its host."""
    draw = random.Random(seed)  # noqa: S311 - nothing secret
    people = []
    for number in range(authors):
        (every,) = draw.choices([days for _, days in HABITS], [share for share, _ in HABITS])
        host = draw.choices(("bluesky", "big.example", "small.example"), (6, 3, 1))[0]
        name = f"{host} {number}"
        people.append(Author(name, host, every, _written(draw, name, every, days), Course(BEGIN)))
    year, ready, until = (
        Year(),
        dict.fromkeys({one.host for one in people}, BEGIN),
        BEGIN + timedelta(days=days),
    )
    minutes: Counter[tuple[str, int]] = Counter()
    last: dict[str, datetime] = {}
    outages = {
        host: [BEGIN + timedelta(days=draw.uniform(0, days)) for _ in range(max(1, days // 15))]
        for host in ready
    }
    restarts = sorted(BEGIN + timedelta(days=draw.uniform(0, days)) for _ in range(max(1, days // 30)))
    queue = [(one.course.due, place) for place, one in enumerate(people)]
    heapq.heapify(queue)

    def asked(host: str, due: datetime) -> datetime:
        at = max(due, ready[host])
        ready[host] = at + timedelta(seconds=1)
        year.requests[host] += 1
        minutes[host, int(at.timestamp() // 60)] += 1
        if host in last:
            year.closest = min(year.closest, (at - last[host]).total_seconds())
        last[host] = at
        return at

    while queue and queue[0][0] < until:
        due, place = heapq.heappop(queue)
        one = people[place]
        if restarts and due >= restarts[0]:
            # Down for six hours; then everything overdue is spread.
            up = restarts.pop(0) + timedelta(hours=6)
            overdue = {str(at): people[at].course.due for _, at in [*queue, (due, place)]}
            for key, moment in spread_overdue(overdue, up).items():
                held = people[int(key)]
                held.course = Course(
                    moment, held.course.looked, held.course.succeeded, latest=held.course.latest
                )
            queue = [(people[at].course.due, at) for _, at in [*queue, (due, place)]]
            heapq.heapify(queue)
            continue
        now = asked(one.host, due)
        broken = any(begun <= now < begun + timedelta(hours=3) for begun in outages[one.host])
        if broken:
            one.course = after_failure(one.course, "answers 503", one.name, now, retry_after=120)
        else:
            shown = [thread for thread in one.threads if thread.latest <= now][-FEED:]
            for thread in finished_threads(shown, one.taken, BEGIN, now, 20):
                imported = asked(one.host, now)
                delay = (imported - thread.latest - SILENCE).total_seconds() / 60
                year.fresh.append(delay)
                if one.every <= ACTIVE:
                    year.active.append(delay)
                if thread.key not in one.taken:
                    year.news[one.name, thread.key] += 1
                one.taken[thread.key] = thread.latest
            latest = max((thread.latest for thread in shown), default=None)
            one.course = after_feed(one.course, Feed(tuple(shown), latest), one.name, now)
        heapq.heappush(queue, (one.course.due, place))
    year.busiest_minute = max(minutes.values(), default=0)
    year.missed = sum(
        thread.posts >= 3
        and thread.latest + SILENCE < until - timedelta(days=2)
        and thread.key not in one.taken
        for one in people
        for thread in one.threads
    )
    return year


def shortfalls(year: Year) -> list[str]:
    """Return which bars a year misses."""
    twice = sum(count > 1 for count in year.news.values())
    bars = {
        f"two requests to a host {year.closest:.2f} s apart, at least 1 asked": year.closest < 0.999,
        f"{year.busiest_minute} requests to a host within a minute, at most 60 asked": year.busiest_minute
        > 61,
        f"freshness of active authors p50 {statistics.median(year.active or [0]):.0f} min, under 60 asked": (
            statistics.median(year.active or [0]) >= 60
        ),
        f"{twice} threads new twice": twice > 0,
        f"{year.missed} finished threads never taken": year.missed > 0,
    }
    return [bar for bar, missed in bars.items() if missed]


def _quantiles(minutes: list[float]) -> str:
    if len(minutes) < 2:
        return "–"
    parts = statistics.quantiles(minutes, n=100)
    return f"p50 {parts[49]:.1f}, p90 {parts[89]:.1f}, p99 {parts[98]:.0f} min"


def main() -> int:
    """Print the figures of a year; return the exit status."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--authors", type=int, default=1_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    year = simulate(chosen.authors, chosen.days, chosen.seed)
    taken = f"{len(year.news)} threads taken, {year.missed} missed"
    sys.stdout.write(f"{chosen.authors} authors, {chosen.days} days: {taken}\n")
    for host, count in sorted(year.requests.items()):
        sys.stdout.write(f"{host}: {count} requests, {count / chosen.days / 86_400:.4f} a second\n")
    sys.stdout.write(
        f"closest two requests to a host: {year.closest:.2f} s; busiest minute: {year.busiest_minute}\n"
    )
    sys.stdout.write(f"freshness, all authors: {_quantiles(year.fresh)}\n")
    sys.stdout.write(f"freshness, active authors: {_quantiles(year.active)}\n")
    missed = shortfalls(year)
    for bar in missed:
        sys.stdout.write(f"below the bar: {bar}\n")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
