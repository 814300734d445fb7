"""Digests of every kind and alerts in one server, posted by whole clients that are killed.

One channel has two digests a day and a weekly one, a forum and an announcement channel one each; two people
watch the same search by direct message, one of them two, and an admin has it reported to a channel.
"""

import asyncio
import contextlib
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.alerts.ledger import AlertLedger
from bot.alerts.model import AlertOptions
from bot.client import Bobbin
from bot.database import ServerFile
from bot.digest.due import EVERY_DAY, due_date
from bot.digest.ledger import Ledger
from bot.digest.model import DigestOptions, Position
from bot.settings import Secret, Settings
from bot.views.digests import marker
from retrieval.archive import Archive
from tests.bot.archives import LAMPS, RIVERS, fill, handbook_in, keep
from tests.bot.posting.rounds import BEES, NINE, START, Clock, Job
from tests.discord import Channel, LoopbackDiscord
from tests.discord.interactions import Timing
from tests.discord.state import ADMINISTRATOR
from tests.promises import sabotage

__all__ = ["EveryKind", "every_kind"]

_UTC = ZoneInfo("Etc/UTC")
_MONDAYS = frozenset({0})


@dataclass(frozen=True)
class Wanted:
    """One of the server's digests: where it comes, its number, and on which weekdays."""

    channel: Channel
    number: int
    weekdays: frozenset[int] = EVERY_DAY


@dataclass
class EveryKind:
    """The server, what it wants, and the processes that post it."""

    folder: Path
    loopback: LoopbackDiscord
    clock: Clock
    ledger: Ledger
    archive: Archive
    file: ServerFile
    server_id: int
    wanted: list[Wanted]
    alerts: dict[int, Channel]
    """Where each alert reports, by its number."""
    due: dict[int, list[date]] = field(default_factory=dict)
    kills: int = 0
    threads: int = 0
    morning: datetime = START

    def next_morning(self, *, days: int = 1) -> None:
        """Turn the clock to nine of a later date; each date between has a new thread that alerts match."""
        for _ in range(days):
            self.threads += 1
            keep(self.archive, f"bees{self.threads}", BEES.format(self.threads))
        day = self.clock.now().date() + timedelta(days=days)
        self.morning = datetime.combine(day, NINE, tzinfo=UTC)
        self.clock = self.clock.set_to(self.morning)
        for one in self.wanted:
            known = self.due.setdefault(one.number, [])
            due = due_date(self.clock.now(), _UTC, NINE, one.weekdays)
            if due > START.date() and due not in known:
                known.append(due)

    async def live(self, delay: float | None = None) -> bool:
        """Run a client until it has done what is due, or kill it before; return whether it was killed."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
        started = context.Event()
        job = Job(self.folder, self.loopback.token, self.loopback.api_url, self.clock)
        child = context.Process(target=work, args=(job, self.loopback.gateway_url, started), daemon=True)
        child.start()
        try:
            async with asyncio.timeout(60):
                while not started.is_set():  # noqa: ASYNC110 - an event of processes
                    await asyncio.sleep(0.005)
                if delay is None:
                    while child.is_alive():  # noqa: ASYNC110 - a process tells nobody
                        await asyncio.sleep(0.01)
                else:
                    await asyncio.sleep(delay)
        finally:
            killed = child.is_alive()
            child.kill()
            child.join()
        self.kills += killed
        await asyncio.sleep(0.02)  # what was sent before still arrives
        return killed

    async def kill_often(self, chance: random.Random) -> None:
        """Kill clients at random moments, turning the clock in between, also back; then settle."""
        for _ in range(4):
            if not await self.live(chance.uniform(0, 0.5)):
                break
            # Within the time that Discord knows a nonce, and long after it.
            self.clock = self.clock.on(timedelta(minutes=chance.choice([-40, 3, 10, 40])))
        await self.settle()

    async def settle(self, lives: int = 2) -> None:
        """Let clients do what is left, turning the clock beyond the claims of those that were killed.

        Where it was turned back, claims hold until what it showed before.
        """
        self.clock = self.clock.set_to(max(self.clock.now(), self.morning + timedelta(hours=3)))
        for _ in range(lives):
            self.clock = self.clock.on(timedelta(minutes=12))
            await self.live()

    def lost_and_double(self) -> tuple[int, int]:
        """Return how many digests and matches never came, or are not recorded, and how many came twice."""
        lost = double = 0
        for one in self.wanted:
            marks = _containers(one.channel)
            for day in self.due[one.number]:
                entry = self.ledger.entry(self.server_id, day, one.number)
                times = marks[marker(day, one.number)]
                lost += not (times and entry is not None and entry.message_id in _messages(one.channel))
                double += times > 1
        with self.file.reading() as db:
            reports = {row["id"]: row for row in db.table("alert_reports").rows}
            matches = list(db.table("alert_matches").rows)
        told = Counter(row["alert_id"] for row in matches)
        for alert, place in self.alerts.items():
            lost += self.threads - told[alert]
            for match in (row for row in matches if row["alert_id"] == alert):
                report = reports.get(match["report"])
                message = report and int(report["message_id"] or 0)
                lost += report is None or report["state"] != "sent" or message not in _messages(place)
        for place in set(self.alerts.values()):
            double += sum(times > 1 for times in _containers(place).values())
        return lost, double


def _messages(channel: Channel) -> dict[int, Any]:
    """Return the messages of a channel, of a forum those of its posts."""
    posts = channel.guild.channels.values() if channel.guild else ()
    held = dict(channel.messages)
    for post in posts:
        if post.parent is channel:
            held |= post.messages
    return held


def _containers(channel: Channel) -> Counter[int]:
    """Return how many messages have the container of each number."""
    parts = (message.components[0] for message in _messages(channel).values() if message.components)
    return Counter(int(part["id"]) for part in parts if "id" in part)


def work(job: Job, gateway: str, started: Event) -> None:
    """Be Bobbin until nothing is left to do, as a process of its own."""
    sabotage.apply()
    asyncio.run(_work(job, gateway, started))


async def _work(job: Job, gateway: str, started: Event) -> None:
    settings = Settings(
        discord_token=Secret(job.token),
        data_dir=job.folder,
        handbook=job.folder / "handbook",
        discord_api=job.api,
        discord_gateway=gateway,
    )
    with Archive.open(settings.database, handbook=settings.handbook) as archive:
        bobbin = Bobbin(archive, settings, ready_timeout=0.01, now=job.clock.now)
        bobbin.digests.scheduler.stop()
        bobbin.alerts.stop()
        running = asyncio.create_task(bobbin.start(job.token))
        while not bobbin.guilds:  # noqa: ASYNC110 - the library has no event for a server's arrival here
            await asyncio.sleep(0.01)
        started.set()
        for _ in range(3):
            bobbin.digests.scheduler._stopped = bobbin.alerts._stopped = False
            # Side by side, as in the bot.
            await asyncio.gather(bobbin.digests.scheduler.tick(), bobbin.alerts.tick())
        await bobbin.finish()
        await running


@contextlib.asynccontextmanager
async def every_kind(folder: Path) -> AsyncIterator[EveryKind]:
    """Found the server, with its digests and alerts, the evening before."""
    clock = Clock(START.timestamp(), time.time())
    held: list[EveryKind] = []

    def seconds() -> float:
        return (held[0].clock if held else clock).seconds()

    handbook_in(folder / "handbook")
    async with LoopbackDiscord(contract=False, timing=Timing(), clock=seconds) as loopback:
        guild = loopback.add_guild("Reading room")
        daily, forum = guild.add_channel("digests"), guild.add_forum("forum")
        news, watched = guild.add_announcements("news"), guild.add_channel("watched")
        alice, ada = loopback.add_user("alice"), loopback.add_user("ada")
        guild.add_member(alice)
        guild.add_member(ada, administrator=True)
        guild.add_role("admins", ada).permissions = ADMINISTRATOR
        wanted = [
            Wanted(daily, 0),
            Wanted(daily, 1),
            Wanted(daily, 2, _MONDAYS),
            Wanted(forum, 3),
            Wanted(news, 4),
        ]
        with Archive.open(folder / "archive.db") as archive, ServerFile.open(folder / "servers.db") as file:
            fill(archive, rivers=RIVERS, lamps=LAMPS)
            position, ledger = Position(*archive.timeline.position()), Ledger(file)
            for one in wanted:
                name = f"digest {one.number}" if one.number else ""
                options = DigestOptions(one.channel.id, _UTC, NINE, name=name, weekdays=one.weekdays)
                assert ledger.subscribe(guild.id, options, position, START).number == one.number
            alerts: dict[int, Channel] = {}
            for person, query, place in (
                (alice, "waggle dance", None),
                (alice, "linden OR bees", None),
                (ada, "waggle", None),
                (ada, "waggle", watched),
            ):
                wish = AlertOptions(person.id, daily.id, query, None if place is None else place.id)
                alert, _ = AlertLedger(file).add(guild.id, wish, position)
                alerts[alert.id] = place or person.dm_channel
            held.append(EveryKind(folder, loopback, clock, ledger, archive, file, guild.id, wanted, alerts))
            yield held[0]
