"""Following in a process that is killed with signal 9 at random points: each thread once, and no burst."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.servers.follow_store import FollowStore
from tests.bot.fetching.lives import Asked, Lives, lives
from tests.bot.fetching.services import INSTANCE, Bluesky, Mastodon
from tests.bot.fetching.test_following import PUBLIC, START, at, desk
from tests.promises.figures import note

NAMES = ("ada", "ben", "cleo", "dora", "emil", "fay")
PAUSES = (timedelta(minutes=2), timedelta(hours=3), timedelta(days=1), timedelta(days=8))


@dataclass
class Authors:
    """Six authors of a service, and how many posts each of their threads has by its name."""

    service: Bluesky | Mastodon
    chance: random.Random
    threads: dict[str, int] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)

    def handle(self, who: str) -> str:
        return f"@{who}.example" if isinstance(self.service, Bluesky) else f"@{who}@{INSTANCE}"

    def write(self, who: str, end: datetime) -> str:
        """Add a thread of three to 45 posts, a minute apart, the last one at ``end``."""
        name, count = f"subject{len(self.threads)}z", self.chance.choice([3, 3, 4, 7, 45])
        texts = [f"What {who} holds of {name} is written in part {number}." for number in range(count)]
        if isinstance(self.service, Bluesky):
            keys = self.service.add_line(f"did:plc:{who}", texts, key=f"{name}-")
        else:
            latest = max((int(one) for one in self.service.statuses), default=1000)
            keys = self.service.add_line(who, texts, first=latest + 1)
        for place, key in enumerate(keys):
            self.service.times[key] = at(end - timedelta(minutes=count - 1 - place))
        self.threads[name] = count
        return name


def looks(asked: list[Asked]) -> list[Asked]:
    """Return the requests that begin a look at an author."""
    lists = ("/xrpc/app.bsky.feed.getAuthorFeed", "/api/v1/accounts/")
    return [
        one
        for one in asked
        if one.what.startswith(lists) and not one.what.count("cursor=") and not one.what.count("max_id=")
    ]


def burst(run: Lives, starts: list[float]) -> str | None:
    """Return what came too soon after something else."""
    for one, other in pairwise(run.asked):
        if other.at - one.at < 1 - 1e-5:
            return f"{one} and {other}"
    last: dict[str, Asked] = {}
    for one in looks(run.asked):
        before = last.get(one.what)
        if before and one.at - before.at < 60:
            return f"{before} and {one}"
        last[one.what] = one
    for life, start in enumerate(starts, 1):
        # A first look at a new follow is not put off, so it counts from the second on.
        known = {one.what for one in looks(run.asked) if one.life < life}
        soon = {one.what for one in looks(run.asked) if one.life == life and one.at - start < 60}
        if len(known & soon) > len(NAMES) // 2:
            return f"{sorted(known & soon)} within a minute of start {life}"
    return None


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["bluesky", "mastodon"])
async def test_killed_at_random_points_every_thread_is_in_once_and_nothing_comes_in_a_burst(
    kind: str, tmp_path: Path
) -> None:
    chance = random.Random(f"kills {kind}")  # noqa: S311 - the same in every run
    handles = {f"{who}.example": f"did:plc:{who}" for who in NAMES}
    service = Bluesky(handles=handles) if kind == "bluesky" else Mastodon()
    authors = Authors(service, chance)
    for who in NAMES:
        for day in range(chance.randint(1, 3)):
            authors.write(who, START - timedelta(days=2 + day))
    async with desk(service, tmp_path) as held:
        for who in NAMES:
            await held.work.follow(authors.handle(who), PUBLIC)
    starts: list[float] = []
    async with lives(service, tmp_path, START) as run:
        for number in range(10):
            starts.append(run.clock.value)
            # At first each life is short, so that the first looks are killed too.
            request = chance.randint(1, 12 if number < 6 else 25)
            await run.live(run.now + timedelta(days=1), kill_at=request, delay=chance.uniform(0, 0.04))
            run.clock.value += chance.choice(PAUSES).total_seconds()
            for _ in range(1 + number % 2):
                # What ended before the follow is no news, also where it is seen after that.
                end = run.now - timedelta(minutes=chance.randrange(90))
                name = authors.write(chance.choice(NAMES), end)
                authors.new |= {name} if end > START else set()
        starts.append(run.clock.value)
        # The looks at an author who was quiet for long are up to 26 hours apart.
        assert await run.live(run.now + timedelta(hours=28))
    note(f"{kind}: {run.kills} kills, {len(authors.threads)} threads, {len(run.asked)} requests")
    assert run.kills >= 6
    assert burst(run, starts) is None
    async with desk(service, tmp_path) as held:
        assert held.lengths() == sorted(authors.threads.values())
        sources = {source.name for source in held.archive.catalog.sources()}
        assert len(sources) == len(authors.threads)
        announced = Counter(name for opening in held.news() for name in authors.threads if name in opening)
        assert announced == Counter(authors.new)
        for name in authors.threads:
            answer = held.archive.ask(name, held.archive.catalog.scope())
            assert any(name in excerpt.post.text for excerpt in answer.excerpts), name
        assert all(one.reason is None for one in FollowStore(held.file).following())
