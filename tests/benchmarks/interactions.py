"""Measure an interaction's way: from its frame to the first reply and to the answer that is read.

Bobbin runs as a process of its own against the loopback Discord. In the same run a bare discord.py
client is measured, which defers and then answers one fixed sentence: what it takes is the price of
the library and of the loopback, and the ratio is Bobbin's own share. Run it as
``python -m tests.benchmarks.interactions [--questions 1000] [--at-once 1] [--threads 300]``.
"""

import argparse
import asyncio
import os
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import discord
import yarl
from discord import app_commands

from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from tests.benchmarks.loopback import asked, bobbin_at
from tests.benchmarks.trial import say
from tests.discord import LoopbackDiscord

__all__ = ["fill", "main", "sentence"]

_BOBBIN = ("bot", "run")
_BARE = ("tests.benchmarks.interactions", "--bare")
_WARM_UP = 20
_POSTS = 10
_WORDS = 6000
_COLUMNS = "{:<28}{:>12}{:>12}{:>12}{:>12}{:>10}"


def main() -> None:
    """Read the options and measure, or be the bare client."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.interactions", description=__doc__)
    parser.add_argument("--questions", type=int, default=1000, help="questions to ask of each")
    parser.add_argument("--at-once", type=int, default=1, help="how many are under way at a time")
    parser.add_argument("--threads", type=int, default=300, help=f"threads of {_POSTS} posts in the archive")
    parser.add_argument("--bare", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.bare:
        _be_bare()
    else:
        asyncio.run(_measure(chosen.questions, chosen.at_once, chosen.threads))


async def _measure(questions: int, at_once: int, threads: int) -> None:
    """Measure both and print one line each, and the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder) / "archive.db", threads)
        bare = await _times(_BARE, Path(folder), questions, at_once)
        bobbin = await _times(_BOBBIN, Path(folder), questions, at_once)
    say(f"{questions} questions, {at_once} at a time, over {threads * _POSTS} posts; milliseconds")
    say(_COLUMNS.format("", "reply p50", "reply p99", "answer p50", "answer p99", "a second"))
    for name, (row, rate) in (("bare discord.py client", bare), ("Bobbin", bobbin)):
        say(_COLUMNS.format(name, *(f"{value:.1f}" for value in row), f"{rate:.0f}"))
    ratios = [ours / theirs for ours, theirs in zip(bobbin[0], bare[0], strict=True)]
    say(_COLUMNS.format("ratio", *(f"{ratio:.2f}" for ratio in ratios), f"{bobbin[1] / bare[1]:.2f}"))


async def _times(
    module: tuple[str, ...], folder: Path, questions: int, at_once: int
) -> tuple[tuple[float, float, float, float], float]:
    """Return the p50 and p99 of reply and answer in ms, and the answers a second."""
    async with LoopbackDiscord(contract=False) as server, bobbin_at(module, server, folder):
        channel = server.add_guild("Reading room").add_channel("hall")
        person = server.add_user("alice")
        assert channel.guild is not None
        channel.guild.add_member(person)
        await server.ready(timeout=30)
        await server.waiting.until(lambda: server.commands or None, 30, "the commands")
        words = random.Random(2)  # noqa: S311 - made-up words, the same in every run
        await asked(person, channel, [sentence(words, 6) for _ in range(_WARM_UP)], at_once)
        started = time.perf_counter()
        uses = await asked(person, channel, [sentence(words, 6) for _ in range(questions)], at_once)
        seconds = time.perf_counter() - started
        assert not server.problems, server.problems[:3]
    replies = statistics.quantiles([use.first_reply_ms or 0.0 for use in uses], n=100)
    answers = statistics.quantiles([use.answer_ms or 0.0 for use in uses], n=100)
    return (replies[49], replies[98], answers[49], answers[98]), questions / seconds


def fill(path: Path, threads: int) -> None:
    """Make an archive of threads whose words are as unevenly frequent as those of a language."""
    words = random.Random(1)  # noqa: S311 - as above
    with Archive.open(path) as archive:
        for _ in range(threads):
            posts = [f"{sentence(words, 30)}.\n/{number}" for number in range(1, _POSTS)]
            text = "\n".join([*posts, f"{sentence(words, 30)}.\n/END\n"])
            archive.import_file(SavedFile("made up.txt", text.encode()))


def sentence(words: random.Random, length: int) -> str:
    """Return so many made-up words, the n-th of the vocabulary about 1/n as often as the first."""
    return " ".join(_word(int(_WORDS ** words.random())) for _ in range(length))


def _word(number: int) -> str:
    """Return the made-up word of a number: syllables, so that no two are alike."""
    syllables = []
    while True:
        number, digit = divmod(number, 80)
        syllables.append("bdfgklmnprstvzhj"[digit % 16] + "aeiou"[digit // 16])
        if not number:
            return "".join(syllables) + "k"


def _be_bare() -> None:
    """Be a client that knows one command, defers, and answers always the same."""
    discord.http.Route.BASE = os.environ["BOBBIN_DISCORD_API"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["BOBBIN_DISCORD_GATEWAY"])
    client = discord.AutoShardedClient(intents=discord.Intents(guilds=True), guild_ready_timeout=0.01)
    tree = app_commands.CommandTree(client)

    @tree.command(description="Answer always the same")
    async def ask(interaction: discord.Interaction[Any], question: str) -> None:
        assert question
        await interaction.response.defer()
        await interaction.edit_original_response(
            content="The same as ever.", allowed_mentions=discord.AllowedMentions.none()
        )

    async def setup_hook() -> None:
        await tree.sync()

    client.setup_hook = setup_hook  # type: ignore[method-assign]
    client.run(os.environ["BOBBIN_DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main()
