"""Do whatever people and admins do in five servers, at random, and look for anything that leaks.

First through every front door of a client on the loopback Discord, then beneath, where each server's
view of the one archive is compared with an archive that holds nothing of the others. Run it as
``python -m tests.benchmarks.servers [--operations 10000] [--seed 1]``.
"""

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from pathlib import Path

from hypothesis import settings as searching
from hypothesis.stateful import run_state_machine_as_test

from bot.client import Bobbin
from bot.settings import Settings
from retrieval.archive import Archive
from tests.benchmarks.bars import fail_below_bar
from tests.benchmarks.trial import say
from tests.bot.archives import LAMPS, RIVERS, fill
from tests.bot.conftest import running
from tests.bot.mixing import Mixing
from tests.discord import LoopbackDiscord
from tests.discord.fixtures import point_at
from tests.retrieval.test_servers import Mixed

__all__ = ["main"]

_STEPS = 40


async def _through_doors(operations: int, seed: int, folder: Path) -> tuple[Mixing, Counter[str]]:
    async with LoopbackDiscord() as loopback:
        with point_at(loopback), Archive.open(folder / "archive.db") as archive:
            fill(archive, rivers=RIVERS, lamps=LAMPS)
            client = Bobbin(archive, Settings(data_dir=folder), ready_timeout=0.01)
            async with running(client, loopback):
                mixing = Mixing(client, loopback, seed)
                done = await mixing.run(operations)
                for place, text in mixing.everything():
                    mixing.hold(place, text, "left standing")
                mixing.leaks += loopback.problems
                return mixing, done


def main() -> None:
    """Run both and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--operations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        mixing, done = asyncio.run(_through_doors(wanted.operations, wanted.seed, Path(folder)))
    say(", ".join(f"{name} {count:,}" for name, count in sorted(done.items())))
    say("pressed: " + ", ".join(f"{name} {count:,}" for name, count in sorted(mixing.pressed.items())))
    seconds = time.perf_counter() - begun
    say(
        f"{sum(done.values()):,} operations in {seconds:.0f} s, {mixing.shown:,} things shown,"
        f" {len(mixing.leaks):,} leaks"
    )
    for leak in mixing.leaks[:20]:
        say(f"  {leak}")
    begun = time.perf_counter()
    examples = -(-wanted.operations // _STEPS)
    run_state_machine_as_test(
        Mixed, settings=searching(max_examples=examples, stateful_step_count=_STEPS, deadline=None)
    )
    seconds = time.perf_counter() - begun
    say(f"{examples} sequences of up to {_STEPS} operations in {seconds:.0f} s: no difference")
    fail_below_bar([f"{len(mixing.leaks):,} leaks"] if mixing.leaks else [])


if __name__ == "__main__":
    main()
