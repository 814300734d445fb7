"""Ask twice as many questions at once as a bot has file descriptors: each is answered, or told why not.

    python -m tests.benchmarks.descriptors [LIMIT ...]

The bot is a process of its own with so many descriptors, hard limit included. Exits 1 where a question had no
reply. Readers of pages, as many as descriptors, hold connections open meanwhile.
"""

import argparse
import asyncio
import contextlib
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from retrieval.archive import Archive
from tests.benchmarks.trial import say
from tests.benchmarks.web import bot as running_bot
from tests.benchmarks.web import free_port
from tests.bot.archives import RIVERS, fill
from tests.discord import LoopbackDiscord
from tests.promises import sabotage

__all__ = ["Outcome", "burst"]

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "Why does the ferry cross at dawn?"
_QUIET = 10.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many of the questions were answered, were told that there is trouble, and had no reply."""

    asked: int
    answered: int
    told: int
    seconds: float

    @property
    def silent(self) -> int:
        return self.asked - self.answered - self.told


async def burst(limit: int, folder: Path, questions: int | None = None) -> Outcome:
    """Ask a bot with so many descriptors twice as many questions at once."""
    asked, port = questions or 2 * limit, free_port()
    with Archive.open(folder / "archive.db") as archive:
        fill(archive, rivers=RIVERS)
    async with LoopbackDiscord() as discord:
        guild = discord.add_guild("Reading room")
        hall = guild.add_channel("hall")
        person = discord.add_user("alice")
        guild.add_member(person)
        readers: list[asyncio.StreamWriter] = []
        async with running_bot(discord, folder, port, {"BOBBIN_LOG_LEVEL": "error"}, descriptors=limit):
            for _ in range(limit):
                with contextlib.suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    readers.append(writer)
            mention = discord.bot_user.mention
            started = time.monotonic()
            before = len(hall.messages)
            for _ in range(asked):
                await person.says(hall, f"{mention} {QUESTION}")
            latest = started
            replies = 0
            while replies < asked and time.monotonic() - latest < _QUIET:
                await asyncio.sleep(0.1)
                count = len(hall.messages) - before - asked
                if count > replies:
                    replies, latest = count, time.monotonic()
            bot = discord.bot_user.id
            replied = [message for message in hall.messages.values() if message.author.id == bot]
            texts = [str(message.components) for message in replied]
            for writer in readers:
                writer.close()
    answered = sum("ferry" in text for text in texts)
    return Outcome(asked, answered, len(texts) - answered, latest - started)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("limits", nargs="*", type=int, default=[64, 256, 1024])
    sabotage.apply()
    silent = 0
    for limit in parser.parse_args().limits:
        with tempfile.TemporaryDirectory() as folder:
            outcome = asyncio.run(burst(limit, Path(folder)))
        silent += outcome.silent
        say(
            f"{limit:>5} descriptors, {outcome.asked:>5} questions at once: {outcome.answered} answered,"
            f" {outcome.told} told, {outcome.silent} silent, {outcome.seconds:.1f} s"
        )
    return 1 if silent else 0


if __name__ == "__main__":
    sys.exit(main())
