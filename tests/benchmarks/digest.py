"""Measure the promise of the daily digest: once, whatever happens, and soon, however many there are.

``python -m tests.benchmarks.digest zones|kills|kinds|storm|downtimes|twins|crowd`` runs one of the long runs
whose short forms are tests; ``crowd`` has Bobbin itself post for many servers whose digest is due in the same
minute, while somebody goes on asking, and prints how long answers take beside how long they took before.
"""

import argparse
import asyncio
import contextlib
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from bot.database import ServerFile
from bot.digest.ledger import Ledger
from bot.digest.model import DigestOptions, Position, Subscription
from bot.posting.scheduler import by_waiting_time
from retrieval.archive import Archive
from tests.benchmarks.bars import fail_below_bar
from tests.benchmarks.interactions import fill, sentence
from tests.benchmarks.loopback import bobbin_at
from tests.benchmarks.trial import say
from tests.bot.posting.every_kind import every_kind
from tests.bot.posting.rounds import Storm, round_of
from tests.bot.posting.simulation import HOURS, simulate, ticks, utc
from tests.discord import Channel, LoopbackDiscord, Person, Request, Use

__all__ = ["main"]

_WEEKDAYS = (frozenset({0}), frozenset(range(5)), frozenset({5, 6}))
_AT = HOURS[-2:]
_POSTS = r"^/channels/\d+/messages$"


def main() -> None:
    """Read the options and run one of the runs."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.digest", description=__doc__)
    parser.add_argument("run", choices=["zones", "kills", "kinds", "storm", "downtimes", "twins", "crowd"])
    parser.add_argument("--kills", type=int, default=500, help="processes to kill")
    parser.add_argument("--posts", type=int, default=1000, help="digests to post in the storm")
    parser.add_argument("--servers", type=int, default=10_000, help="servers that are due in one minute")
    parser.add_argument("--seed", type=int, default=1, help="what chance begins with")
    chosen = parser.parse_args()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        match chosen.run:
            case "zones":
                short = _zones()
            case "kills":
                short = asyncio.run(_kills(Path(folder), chosen.kills, chosen.seed))
            case "kinds":
                short = asyncio.run(_kinds(Path(folder), chosen.kills, chosen.seed))
            case "storm":
                short = asyncio.run(_storm(Path(folder), chosen.posts, chosen.seed))
            case "downtimes":
                short = asyncio.run(_downtimes(Path(folder)))
            case "twins":
                short = asyncio.run(_twins(Path(folder)))
            case "crowd":
                short = asyncio.run(_crowd(Path(folder), chosen.servers))
    say(f"{time.perf_counter() - started:.0f} s")
    fail_below_bar(short)


def _zones() -> list[str]:
    """Two years of every zone, ticking every three hours, near clock changes every ten minutes."""
    found: Counter[str] = Counter()
    faults: list[str] = []
    names = sorted(available_timezones())
    for name in names:
        zone = ZoneInfo(name)
        moments = list(ticks(zone, utc(2025), utc(2027), coarse=180, fine=10))
        daily = zip(HOURS, simulate(zone, HOURS, moments), strict=True)
        some = (
            (f"{at} on {sorted(days)}", outcome)
            for days in _WEEKDAYS
            for at, outcome in zip(_AT, simulate(zone, _AT, moments, days), strict=True)
        )
        for at, outcome in (*daily, *some):
            found.update(posted=outcome.posted, twice=len(outcome.twice), missed=len(outcome.missed))
            found.update(skipped=len(outcome.skipped))
            faults += [f"{name} {at}: {outcome}"] if outcome.twice or outcome.missed else []
    say(f"{found['posted']:,} digests, {len(names)} zones, {len(HOURS)} hours, 2025 and 2026:")
    say(f"{found['twice']} twice, {found['missed']} missed, {found['skipped']} dates that a zone skipped")
    for fault in faults[:5]:
        say(fault)
    return faults[:5]


async def _kills(folder: Path, kills: int, seed: int) -> list[str]:
    """Kill processes at random moments of claiming, composing, posting and recording."""
    chance = random.Random(seed)  # noqa: S311 - the same in every run
    async with round_of(folder, 5, nonce=300) as posting:
        started = 0
        while posting.kills.total() < kills:
            posting.next_morning()
            for _ in range(12):
                started += 1
                if not await posting.kill_one(chance.uniform(0, 0.5)):
                    break
                # Within the time that Discord knows a nonce, and long after it.
                posting.clock = posting.clock.on(timedelta(minutes=chance.choice([3, 10, 40])))
            await posting.post()
        lost, double = posting.lost_and_double()
        total = len(posting.days) * len(posting.channels)
    say(f"{posting.kills.total()} of {started} processes killed at work: {dict(posting.kills)}")
    say(f"{total} digests of {len(posting.days)} dates: {lost} lost, {double} double")
    return _short(lost, double)


async def _kinds(folder: Path, kills: int, seed: int) -> list[str]:
    """Kill whole clients that post digests of every kind and report alerts, the clock going to and fro."""
    chance = random.Random(seed)  # noqa: S311 - the same in every run
    async with every_kind(folder) as posting:
        while posting.kills < kills:
            posting.next_morning()
            await posting.kill_often(chance)
        lost, double = posting.lost_and_double()
        digests, matches = sum(map(len, posting.due.values())), posting.threads * len(posting.alerts)
    say(f"{posting.kills} clients killed at work: {digests} digests of five kinds, {matches} matches")
    say(f"{lost} lost, {double} double")
    return _short(lost, double)


async def _storm(folder: Path, posts: int, seed: int) -> list[str]:
    """Have three of ten requests fail."""
    servers = 100
    async with round_of(folder, servers, speed=60.0) as posting:
        storm = posting.loopback.api._faults = Storm(0.3, seed=seed, slow=1.5)
        for _ in range(-(-posts // servers)):
            posting.next_morning()
            await posting.post(posting.job(seconds=1.0, at_once=32), seconds=300)
        lost, double = posting.lost_and_double()
        total = len(posting.days) * servers
    struck = storm.struck.total()
    share = struck / storm.requests
    say(f"{storm.requests:,} requests, {struck:,} failed ({share:.0%}): {dict(storm.struck)}")
    say(f"{total:,} digests: {lost} lost, {double} double")
    return _short(lost, double)


async def _downtimes(folder: Path) -> list[str]:
    """Be away when digests are due."""
    short: list[str] = []
    for hours, days in ((1, 1), (24, 1), (240, 10), (720, 30)):
        place = folder / str(hours)
        place.mkdir()
        async with round_of(place, 20) as posting:
            posting.next_morning()
            await posting.post()
            posting.next_morning(days=days)
            posting.clock = posting.clock.on(timedelta(hours=hours if hours < 24 else 0))
            await posting.post()
            late = [list(channel.messages.values())[1:] for channel in posting.channels]
            wanted = f"{days} new threads" if days > 1 else "One new thread"
            covering = sum(wanted in str(messages[0].components) for messages in late)
            lost, double = posting.lost_and_double()
        say(
            f"down for {hours} h: {sum(map(len, late))} digests in 20 servers, {covering} cover all of the"
            f" {days} dates; {lost} lost, {double} double"
        )
        short += _short(lost, double) + (
            [] if covering == len(late) else [f"{covering} of {len(late)} cover all"]
        )
    return short


async def _twins(folder: Path) -> list[str]:
    """Run two processes on one ledger."""
    async with round_of(folder, 50) as posting:
        for _ in range(10):
            posting.next_morning()
            await posting.post(posting.job(), posting.job())
        lost, double = posting.lost_and_double()
        total = len(posting.days) * len(posting.channels)
    say(f"two processes, {total} digests: {lost} lost, {double} double")
    return _short(lost, double)


async def _crowd(folder: Path, servers: int) -> list[str]:
    """Have all servers be due in one minute, and ask meanwhile."""
    fill(folder / "archive.db", 300)
    async with LoopbackDiscord(contract=False) as loopback:
        channels = [loopback.add_guild(f"Server {n}").add_channel("digests") for n in range(servers)]
        hall, alice = loopback.add_guild("Reading room").add_channel("hall"), loopback.add_user("alice")
        assert hall.guild
        hall.guild.add_member(alice)
        # So that everybody is there and rested when the minute comes.
        due = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(seconds=servers // 100)
        due = due.replace(second=0) + timedelta(minutes=1)
        known = await asyncio.to_thread(_subscribe, folder, channels, due)
        async with bobbin_at(("bot", "run"), loopback, folder):
            await loopback.ready(timeout=60)
            await loopback.waiting.until(lambda: loopback.commands or None, 60, "the commands")
            await _until_ready(loopback, alice, hall)
            before = await _ask(alice, hall, lambda: datetime.now(UTC) > due - timedelta(seconds=3))
            asked = await _ask(alice, hall, lambda: _count(channels) >= servers)
    posted = [one for one in loopback.called("POST", _POSTS) if one.status == 200]
    digests = [one for one in posted if int(one.path.split("/")[2]) != hall.id]
    once = _tell_crowd(servers, channels, digests, known, due)
    for name, uses in (("before", before), ("meanwhile", asked)):
        replies = statistics.quantiles([use.first_reply_ms or 0.0 for use in uses], n=100)
        answers = statistics.quantiles([use.answer_ms or 0.0 for use in uses], n=100)
        say(
            f"{len(uses)} questions {name}: first reply p50 {replies[49]:.0f} p99 {replies[98]:.0f} ms,"
            f" answer p50 {answers[49]:.0f} p99 {answers[98]:.0f} ms"
        )
    return [] if once == servers else [f"{servers - once} servers have no digest or more than one"]


def _short(lost: int, double: int) -> list[str]:
    return [f"{lost} lost, {double} double"] if lost or double else []


def _tell_crowd(
    servers: int, channels: list[Channel], digests: list[Request], known: list[Subscription], due: datetime
) -> int:
    times = sorted(one.when for one in digests)
    seconds = (times[at : at + 200] for at in range(len(times)))
    fullest = max(sum(when < second[0] + 1 for when in second) for second in seconds)
    of_channel = {channel.id: channel.guild.id for channel in channels if channel.guild}
    came = [of_channel[int(one.path.split("/")[2])] for one in sorted(digests, key=lambda one: one.when)]
    turns = {subscription.server_id: turn for turn, subscription in enumerate(by_waiting_time(known, due))}
    out_of_turn = max(abs(turns[server] - place) for place, server in enumerate(came))
    once = sum(len(channel.messages) == 1 for channel in channels)
    say(f"{servers:,} servers due at {due:%H:%M}: {once:,} have exactly one digest")
    say(
        f"posted in {times[-1] - times[0]:.0f} s, at most {fullest} in any second (Discord allows 50),"
        f" none more than {out_of_turn} places out of its turn"
    )
    return once


def _subscribe(folder: Path, channels: list[Channel], due: datetime) -> list[Subscription]:
    with Archive.open(folder / "archive.db") as archive, ServerFile.open(folder / "servers.db") as file:
        ledger, position = Ledger(file), Position(*archive.timeline.position())
        with file.writer() as db:
            db.execute("pragma synchronous = off")
        wishes = [
            (channel.guild.id, DigestOptions(channel.id, ZoneInfo("Etc/UTC"), due.time()))
            for channel in channels
            if channel.guild
        ]
        return [ledger.subscribe(server, wish, position, due - timedelta(hours=1)) for server, wish in wishes]


def _count(channels: list[Channel]) -> int:
    return sum(bool(channel.messages) for channel in channels)


async def _until_ready(loopback: LoopbackDiscord, person: Person, hall: Channel) -> None:
    """Wait until the first question is answered: the client has taken in all its servers by then."""
    for _ in range(60):
        with contextlib.suppress(TimeoutError):
            await (await person.uses(hall, "ask", question="a question")).reply(timeout=2)
            return
    raise TimeoutError(loopback.problems)


async def _ask(person: Person, hall: Channel, done: Callable[[], bool]) -> list[Use]:
    """Ask ten questions a second until something is done."""
    words, uses = random.Random(3), []  # noqa: S311 - made-up words, the same in every run
    while not done():
        uses.append(await person.uses(hall, "ask", question=sentence(words, 6)))
        await asyncio.sleep(0.1)
    await asyncio.gather(*(use.reply(timeout=30) for use in uses[-20:]))
    return uses


if __name__ == "__main__":
    main()
