"""Digests posted by real processes against a loopback Discord, with a clock that can be turned on.

The loopback and the one who looks are this process; whoever posts is another, forked from one that has
everything loaded, so that it can be killed hundreds of times.
"""

import asyncio
import contextlib
import multiprocessing
import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import discord
from discord.http import Route

from bot.database import ServerFile
from bot.digest.composer import Composer
from bot.digest.ledger import Ledger
from bot.digest.model import DigestOptions, DigestState, Position
from bot.digest.usage_counts import UsageCounts
from bot.posting.poster import Poster, PostingContext, RequestPace
from bot.posting.scheduler import Scheduler
from bot.views.digests import marker
from retrieval.archive import Archive
from tests.bot.archives import LAMPS, RIVERS, fill, keep
from tests.discord import Channel, LoopbackDiscord
from tests.discord.faults import Fault, Faults
from tests.discord.interactions import Timing
from tests.promises import sabotage

__all__ = ["Clock", "Job", "Round", "Storm", "round_of"]

NINE: Final = hour(9)
START: Final = datetime(2026, 11, 22, 18, tzinfo=UTC)
BEES: Final = "The waggle dance tells the bees where the linden{0}x blooms.\n/1\nSo they fly {0}.\n/END\n"
DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Clock:
    """A clock that shows ``base`` at the moment ``since`` of the real one, and runs ``speed`` as fast."""

    base: float
    since: float
    speed: float = 1.0

    def seconds(self) -> float:
        return self.base + (time.time() - self.since) * self.speed

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), UTC)

    def set_to(self, moment: datetime) -> "Clock":
        return replace(self, base=moment.timestamp(), since=time.time())

    def on(self, by: timedelta) -> "Clock":
        return self.set_to(self.now() + by)


@dataclass(frozen=True)
class Job:
    """What a posting process is to do: tick until nothing is left to do, or for ever."""

    folder: Path
    token: str
    api: str
    clock: Clock
    seconds: float = 20.0
    at_once: int = 4
    pace: float = 1000.0
    lasting: bool = False


def work(job: Job, started: Event) -> None:
    """Post what is due, as a process of its own."""
    sabotage.apply()
    Route.BASE = job.api
    asyncio.run(_work(job, started))


async def _work(job: Job, started: Event) -> None:
    client = discord.Client(intents=discord.Intents.none())
    now, folder = job.clock.now, job.folder
    with Archive.open(folder / "archive.db") as archive, ServerFile.open(folder / "servers.db") as file:
        ledger = Ledger(file)
        composer = Composer(archive, ledger, UsageCounts(file))
        context = PostingContext(
            owner=f"{time.time_ns()}", now=now, pace=RequestPace(job.pace), attempt_seconds=job.seconds
        )
        schedule = Scheduler(composer, Poster(client, composer, context), now, concurrent_posts=job.at_once)
        started.set()
        async with client:
            await client.login(job.token)
            while True:
                await schedule.tick()
                if not job.lasting and not _left(ledger, now()):
                    return
                await asyncio.sleep(0.02)


def _left(ledger: Ledger, now: datetime) -> bool:
    """Return whether any digest is due, also one that another process has claimed or that was put off."""
    return any(subscription.due(now) for subscription in ledger.subscriptions())


@dataclass
class Round:
    """Some servers that want a digest at nine, and the processes that post it."""

    folder: Path
    loopback: LoopbackDiscord
    channels: list[Channel]
    clock: Clock
    ledger: Ledger
    archive: Archive
    days: list[date] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    _number: int = 0

    @property
    def servers(self) -> list[int]:
        return [channel.guild.id for channel in self.channels if channel.guild]

    def next_morning(self, *, days: int = 1) -> None:
        """Turn the clock to nine of a later date; a new thread came in on each date between."""
        today = self.clock.now().date()
        for _ in range(days):
            self._number += 1
            keep(self.archive, f"bees{self._number}", BEES.format(self._number))
        day = today + days * DAY
        self.days.append(day)
        self.clock = self.clock.set_to(datetime.combine(day, NINE, tzinfo=UTC))

    def job(self, **changes: Any) -> Job:
        return replace(Job(self.folder, self.loopback.token, self.loopback.api_url, self.clock), **changes)

    async def post(self, *jobs: Job, seconds: float = 120.0) -> None:
        """Run processes until each has done what it is to do."""
        started = [_start(job) for job in jobs or (self.job(),)]
        children = [child for child, _ in started]
        try:
            async with asyncio.timeout(seconds):
                while any(child.is_alive() for child in children):  # noqa: ASYNC110 - a process tells nobody
                    await asyncio.sleep(0.01)
        finally:
            for child in children:
                child.kill()
                child.join()
        assert all(child.exitcode == 0 for child in children), [child.exitcode for child in children]

    async def kill_one(self, delay: float) -> bool:
        """Kill a process after a while; return whether it had not come to its end by itself."""
        child, started = _start(self.job())
        while not started.is_set():  # noqa: ASYNC110 - an event of processes, which asyncio cannot wait for
            await asyncio.sleep(0.002)
        await asyncio.sleep(delay)
        was_at_work = child.is_alive()
        child.kill()
        child.join()
        if was_at_work:
            self.kills[self.phase()] += 1
        await asyncio.sleep(0.02)  # what was sent before still arrives
        return was_at_work

    def phase(self) -> str:
        """Return what the digest that came farthest without an end was at, by its traces."""
        if not self.days:
            return "before"
        found = "between"
        for channel in self.channels:
            assert channel.guild
            entry = self.ledger.entry(channel.guild.id, self.days[-1])
            if entry and entry.state is DigestState.CLAIMED:
                if self.posts(channel)[self.days[-1]]:
                    return "posted, not recorded"
                found = "claimed, not posted"
        return found

    def posts(self, channel: Channel) -> Counter[date]:
        """Return how many digests of each date stand in a channel."""
        marks = {marker(day): day for day in self.days}
        numbers = [message.components[0].get("id") for message in channel.messages.values()]
        return Counter(marks[number] for number in numbers if number in marks)

    def lost_and_double(self) -> tuple[int, int]:
        """Return how many digests never came, or are not recorded, and how many came more than once."""
        lost = double = 0
        for channel in self.channels:
            assert channel.guild
            posts = self.posts(channel)
            for day in self.days:
                entry = self.ledger.entry(channel.guild.id, day)
                recorded = entry is not None and entry.message_id in channel.messages
                lost += not (posts[day] and recorded)
                double += posts[day] > 1
        return lost, double


class Storm(Faults):
    """Let a share of the requests to channels fail, in every manner there is, the same every time.

    ``slow`` is how many seconds those take that come to nothing in time.
    """

    def __init__(self, share: float, seed: int, slow: float) -> None:
        super().__init__()
        self.struck: Counter[str] = Counter()
        self.requests = 0
        self._share = share
        self._slow = slow
        self._chance = random.Random(seed)  # noqa: S311 - the same in every run

    def strike(self, method: str, path: str) -> Fault | None:  # noqa: ARG002 - any method
        if not path.startswith("/channels/"):
            return None
        self.requests += 1
        if self._chance.random() >= self._share:
            return None
        name = self._chance.choice(list(_FAULTS))
        self.struck[name] += 1
        return _FAULTS[name](self._slow)


_LIMITED: Final = {"message": "You are being rate limited.", "retry_after": 0.05, "global": False}
_ANY: Final = re.compile("")


def _fault(**facts: Any) -> Callable[[float], Fault]:
    return lambda _slow: Fault("*", _ANY, **facts)


_FAULTS: Final[dict[str, Callable[[float], Fault]]] = {
    "429": _fault(status=429, body=_LIMITED, headers={"Via": "1.1 google", "Retry-After": "1"}),
    "429 without Via": _fault(status=429, body=_LIMITED),
    "500": _fault(status=500),
    "502": _fault(status=502, body="<html>"),
    "503": _fault(status=503),
    "503 after it was done": _fault(status=503, after=True),
    "504 after it was done": _fault(status=504, after=True),
    "reset": _fault(reset=True),
    "reset after it was done": _fault(reset=True, after=True),
    "hang-up after it was done": _fault(hang_up=True, after=True),
    "timeout": lambda slow: Fault("*", _ANY, delay=slow, status=504),
    "timeout after it was done": lambda slow: Fault("*", _ANY, delay=slow, status=504, after=True),
}


@contextlib.asynccontextmanager
async def round_of(
    folder: Path, servers: int, *, speed: float = 1.0, nonce: float = 300.0
) -> AsyncIterator[Round]:
    """Found servers whose digest comes at nine by UTC; ``nonce`` is how long Discord knows a nonce."""
    clock = Clock(START.timestamp(), time.time(), speed)
    held: list[Round] = []

    def seconds() -> float:
        return (held[0].clock if held else clock).seconds()

    async with LoopbackDiscord(contract=False, timing=Timing(nonce=nonce), clock=seconds) as loopback:
        with Archive.open(folder / "archive.db") as archive, ServerFile.open(folder / "servers.db") as file:
            fill(archive, rivers=RIVERS, lamps=LAMPS)
            ledger, position = Ledger(file), Position(*archive.timeline.position())
            channels = [loopback.add_guild(f"Server {n}").add_channel("digests") for n in range(servers)]
            for channel in channels:
                assert channel.guild
                wish = DigestOptions(channel.id, ZoneInfo("Etc/UTC"), NINE)
                ledger.subscribe(channel.guild.id, wish, position, START)
            held.append(Round(folder, loopback, channels, clock, ledger, archive))
            yield held[0]


def _start(job: Job) -> tuple[ForkServerProcess, Event]:
    context: ForkServerContext = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    started = context.Event()
    child = context.Process(target=work, args=(job, started), daemon=True)
    child.start()
    return child, started
