"""Measure how long the bot's event loop is held up while many ask at once, and how many it serves.

Bobbin runs as a process of its own against the loopback Discord, over an archive of made-up posts; so
does, in the same run, a bare discord.py client that answers always the same, which shows what the library
and the loopback cost by themselves. Each has one core and then two. Run it as
``python -m tests.benchmarks.loop_delay [--posts 100000] [--at-once 64] [--questions 640]``.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.benchmarks.archives import archive_of
from tests.benchmarks.corpus import Corpus
from tests.benchmarks.loopback import asked, bobbin_at
from tests.benchmarks.trial import say
from tests.benchmarks.watched import longest
from tests.discord import LoopbackDiscord

__all__ = ["main"]

_BOBBIN = ("bot", "run")
_BARE = ("tests.benchmarks.interactions", "--bare")
_WARM_UP = 64
_STARTING = 1200
_COLUMNS = "{:<24}{:>6}{:>16}{:>12}{:>12}{:>12}{:>10}"


@dataclass(frozen=True, slots=True)
class _Load:
    """What is asked: the questions, how many of them are under way at a time, where the data is."""

    folder: Path
    questions: Sequence[str]
    at_once: int


@dataclass(frozen=True, slots=True)
class _Served:
    """Milliseconds of the longest delay, to the first reply and to the answer; answers a second."""

    delay: float
    replied: float
    middle: float
    late: float
    rate: float

    def row(self, name: str, cores: str) -> str:
        figures = (self.delay, self.replied, self.middle, self.late)
        return _COLUMNS.format(name, cores, *(f"{figure:,.1f}" for figure in figures), f"{self.rate:,.0f}")


def main() -> None:
    """Read the options, measure with one core and with two, and print the tables."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.loop_delay", description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--at-once", type=int, default=64, help="how many questions are under way at a time")
    parser.add_argument("--questions", type=int, default=640)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where to keep the made archives; else they are deleted")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bobbin-") as scratch:
        folder = chosen.folder or Path(scratch)
        kept = folder / f"{chosen.posts}-{chosen.questions}-{chosen.seed}"
        corpus = Corpus.made(kept, chosen.posts, 2 * chosen.questions, chosen.seed)
        questions = [" ".join(terms) for terms in corpus.questions()[: chosen.questions]]
        load = _Load(archive_of(folder, corpus), questions, chosen.at_once)
        say(f"{len(questions)} questions, {load.at_once} at once, over {chosen.posts:,} posts; milliseconds")
        heads = ("longest delay", "reply p50", "answer p50", "answer p99", "a second")
        say(_COLUMNS.format("", "cores", *heads))
        asyncio.run(_measure(load))


async def _measure(load: _Load) -> None:
    """Measure both clients on one core and on two, and print a line each, and the ratios."""
    everything = sorted(os.sched_getaffinity(0))
    for count in (1, 2):
        if count > len(everything):
            say(f"this machine has not {count} cores")
            continue
        cores = everything[:count]
        # The loopback and the people keep off the client's cores where others are left to them.
        os.sched_setaffinity(0, set(everything[count:]) or everything)
        bare = await _served(_BARE, load, cores)
        bobbin = await _served(_BOBBIN, load, cores)
        os.sched_setaffinity(0, everything)
        say(bare.row("bare discord.py client", str(count)))
        say(bobbin.row("Bobbin", str(count)))
        ratios = (
            bobbin.delay / bare.delay,
            bobbin.replied / bare.replied,
            bobbin.middle / bare.middle,
            bobbin.late / bare.late,
            bobbin.rate / bare.rate,
        )
        say(_COLUMNS.format("ratio", count, *(f"{ratio:.2f}" for ratio in ratios)))


async def _served(module: Sequence[str], load: _Load, cores: Sequence[int]) -> _Served:
    """Ask everything of one client, and read afterwards what it noted of its loop."""
    with tempfile.TemporaryDirectory(prefix="bobbin-") as scratch:
        noted = Path(scratch) / "late.json"
        allowed = ",".join(map(str, cores))
        watched = ("tests.benchmarks.watched", str(noted), allowed, *module)
        async with LoopbackDiscord(contract=False) as server, bobbin_at(watched, server, load.folder):
            channel = server.add_guild("Reading room").add_channel("hall")
            person = server.add_user("alice")
            assert channel.guild is not None
            channel.guild.add_member(person)
            await server.ready(timeout=_STARTING)
            await server.waiting.until(lambda: server.commands or None, _STARTING, "the commands")
            await asked(person, channel, load.questions[:_WARM_UP], load.at_once)
            start = time.monotonic()
            uses = await asked(person, channel, load.questions, load.at_once)
            end = time.monotonic()
            assert not server.problems, server.problems[:3]
        delay = longest(noted, start, end)
    replies = np.array([use.first_reply_ms or 0.0 for use in uses])
    answers = np.array([use.answer_ms or 0.0 for use in uses])
    return _Served(
        delay=delay * 1000,
        replied=float(np.median(replies)),
        middle=float(np.median(answers)),
        late=float(np.quantile(answers, 0.99)),
        rate=len(uses) / (end - start),
    )


if __name__ == "__main__":
    main()
