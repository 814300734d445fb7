"""Stop a bot at work by a signal at a random moment: it exits with 0 in time, and no post is left half done.

    python -m tests.benchmarks.signals [--signals 100]

Each time one more server's digest is due and people go on asking; SIGTERM, SIGINT and SIGHUP take turns.
Exits 1 where an exit status is not 0 or takes more than 10 seconds, a digest is lost or comes twice, a
question has two replies, or a reply is not whole.
"""

import argparse
import asyncio
import contextlib
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.database import ServerFile
from bot.digest.ledger import Ledger
from bot.digest.model import DigestOptions, Position
from retrieval.archive import Archive
from tests.benchmarks.bars import fail_below_bar
from tests.benchmarks.loopback import environment
from tests.benchmarks.trial import say
from tests.bot.archives import RIVERS, keep
from tests.discord import Channel, LoopbackDiscord, Person
from tests.promises import sabotage

__all__ = ["Stops", "stopped"]

_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_SECONDS = 10.0
_QUESTION = "Why does the ferry cross at dawn?"
_LARKS = "The larks of {0} sing above the barley.\n/1\nThey rise before the sun does, in year {0}.\n/END\n"


@dataclass
class Stops:
    """What came of some signals: exit statuses, the longest wait for an exit, and what stands in the end."""

    statuses: Counter[int | None] = field(default_factory=Counter)
    longest: float = 0.0
    digests: Counter[int] = field(default_factory=Counter)
    replies: Counter[int] = field(default_factory=Counter)
    half: int = 0

    def shortfalls(self) -> list[str]:
        """Return what is below the bar."""
        wrong = {
            "exits with another status than 0": self.statuses.total() - self.statuses[0],
            "exits after more than 10 s": int(self.longest > _SECONDS),
            "digests lost": self.digests[0],
            "digests posted twice": sum(count for times, count in self.digests.items() if times > 1),
            "questions with two replies": sum(count for times, count in self.replies.items() if times > 1),
            "replies cut short": self.half,
        }
        return [f"{count} {what}" for what, count in wrong.items() if count]

    def __str__(self) -> str:
        """Return the figures in a line."""
        return (
            f"{self.statuses.total()} signals: {self.statuses[0]} exits with 0, the slowest after"
            f" {self.longest:.1f} s; {self.digests.total()} digests, {self.digests[0]} lost,"
            f" {self.digests.total() - self.digests[0] - self.digests[1]} double;"
            f" {self.replies[1]} of {self.replies.total()} questions answered, {self.half} replies cut short"
        )


async def stopped(folder: Path, signals: int, seed: int = 1) -> Stops:
    """Send so many signals, each to a bot of its own on the same data; then let one finish what is due."""
    chance, stops = random.Random(seed), Stops()  # noqa: S311 - the same in every run
    with Archive.open(folder / "archive.db") as archive:
        keep(archive, "rivers", RIVERS)
    async with LoopbackDiscord() as discord:
        hall = discord.add_guild("Reading room").add_channel("hall")
        alice = discord.add_user("alice")
        assert hall.guild
        hall.guild.add_member(alice)
        channels: list[Channel] = []
        for number in range(signals):
            channels.append(discord.add_guild(f"Server {number}").add_channel("digests"))
            _make_due(folder, channels[-1], number)
            child = await _started(discord, folder)
            asking = asyncio.create_task(_ask(discord, alice, hall))
            await asyncio.sleep(chance.uniform(0.0, 1.5))
            began = time.monotonic()
            child.send_signal(_SIGNALS[number % len(_SIGNALS)])
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(child.wait(), 2 * _SECONDS)
            stops.longest = max(stops.longest, time.monotonic() - began)
            stops.statuses[child.returncode] += 1
            asking.cancel()
            await _ended(child)
        child = await _started(discord, folder)
        # Digests are due from the start on; the first look at them is soon after.
        for _ in range(600):
            if all(channel.messages for channel in channels):
                break
            await asyncio.sleep(0.1)
        child.terminate()
        await _ended(child)
        stops.digests.update(len(channel.messages) for channel in channels)
        bot = discord.bot_user.id
        written = [message for message in hall.messages.values() if message.author.id == bot]
        asked = [message.id for message in hall.messages.values() if message.author.id != bot]
        of = Counter(message.reply_to.id for message in written if message.reply_to)
        stops.replies.update(of[number] for number in asked)
        stops.half = sum("ferry" not in str(message.components) for message in written)
    return stops


def _make_due(folder: Path, channel: Channel, number: int) -> None:
    """Let a server's digest be due, with a thread that is new since."""
    past = datetime.now(UTC) - timedelta(days=2)
    with Archive.open(folder / "archive.db") as archive, ServerFile.open(folder / "servers.db") as file:
        assert channel.guild
        wish = DigestOptions(channel.id, ZoneInfo("Etc/UTC"), wall_time(0))
        Ledger(file).subscribe(channel.guild.id, wish, Position(*archive.timeline.position()), past)
        keep(archive, f"larks{number}", _LARKS.format(1900 + number))


async def _started(discord: LoopbackDiscord, folder: Path) -> asyncio.subprocess.Process:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=folder,
        env=environment(discord, folder) | {"BOBBIN_HTTP_PORT": "0", "BOBBIN_LOG_LEVEL": "error"},
        # Below nohup, and in the background of a shell, some signals are ignored from the start.
        preexec_fn=lambda: [signal.signal(number, signal.SIG_DFL) for number in _SIGNALS],
    )
    before = len(discord.gateway.sessions)
    for _ in range(1_200):
        if len(discord.gateway.sessions) > before or child.returncode is not None:
            return child
        await asyncio.sleep(0.05)
    raise TimeoutError(discord.problems)


async def _ended(child: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        if child.returncode is None:
            child.kill()
    await child.wait()


async def _ask(discord: LoopbackDiscord, person: Person, hall: Channel) -> None:
    while True:
        await person.says(hall, f"{discord.bot_user.mention} {_QUESTION}")
        await asyncio.sleep(0.1)


def main() -> None:
    """Send signals and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--signals", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sabotage.apply()
    with tempfile.TemporaryDirectory() as folder:
        stops = asyncio.run(stopped(Path(folder), given.signals, given.seed))
    say(str(stops))
    fail_below_bar(stops.shortfalls())


if __name__ == "__main__":
    main()
