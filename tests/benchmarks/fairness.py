"""What one address that asks as fast as it may costs another reader of the pages.

``python -m tests.benchmarks.fairness`` makes an archive with threads of 2,000 posts and lets readers open
pages one after another, in turns alone and beside an address that keeps 20 requests under way, each a
question put to another long thread. It prints how the readers' waiting compares, and exits with 1 where the
p99 beside that address is more than three times the quiet one. Each turn has a new greedy address, so that it
comes with all that one may ask at once.
"""

import argparse
import asyncio
import contextlib
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import aiohttp

from bot.web.app import make_app
from bot.web.rate_limit import Rate
from bot.web.server import serving
from bot.web.site import Site
from retrieval.archive import Archive
from retrieval.storage.store import Source, Store
from tests.benchmarks.bars import fail_below_bar
from tests.benchmarks.web import corpus, percentile, words

__all__ = ["Fairness", "measure"]

_GREEDY = 20
#: How many times its quiet p99 another reader's may be.
_FAIR = 3.0
#: Readers who take turns, so that none of them asks too often; rounds of quiet and noise that take turns, so
#: that what else the machine does falls on both.
_READERS, _ROUNDS = 6, 4


@dataclass(frozen=True)
class Fairness:
    """The reader's seconds a page, alone and beside the greedy address, and what that one was answered."""

    quiet: Sequence[float]
    beside: Sequence[float]
    statuses: dict[int, int]

    @property
    def ratio(self) -> float:
        """Return how many times its quiet time the reader's p99 is."""
        return percentile(self.beside, 0.99) / percentile(self.quiet, 0.99)


async def measure(
    folder: Path, *, threads: int, posts: int, pages: int, rate: Rate | None = None
) -> Fairness:
    """Measure in an archive of so many threads of so many posts; the reader opens so many pages each time."""
    path = folder / "archive.db"
    with Store.open(path) as store:
        source = Source("made", "0", "made")
        store.save(corpus(threads, posts), store.collection("main"), source, datetime.now(UTC))
    with Archive.open(path) as archive:
        archive.refresh()
        site = Site(archive, bytes(32), trusted_proxies=(ip_network("127.0.0.0/8"),))
        site = replace(site, rate=rate) if rate else site
        ids = [summary.id for summary in archive.catalog.threads(site.scope(), limit=threads)]
        dice, known = random.Random(3), words(2_000)  # noqa: S311 - the same in every run
        reader = [f"/t/{dice.choice(ids)}?page={dice.randint(1, max(1, posts // 200))}" for _ in range(pages)]
        greedy = [f"/t/{dice.choice(ids)}?q={'+'.join(dice.sample(known, 12))}" for _ in range(5_000)]
        quiet: list[float] = []
        beside: list[float] = []
        statuses: dict[int, int] = {}
        async with contextlib.AsyncExitStack() as stack:
            port = await stack.enter_async_context(serving(make_app(site), "127.0.0.1", 0))
            readers = [
                await stack.enter_async_context(_session(port, f"198.51.100.{number}"))
                for number in range(_READERS)
            ]
            await _read(readers, reader[:5])
            for each in range(_ROUNDS):
                quiet += await _read(readers, reader[each :: 2 * _ROUNDS])
                async with _asking(port, f"203.0.113.{each}", greedy, statuses):
                    beside += await _read(readers, reader[_ROUNDS + each :: 2 * _ROUNDS])
        return Fairness(quiet, beside, statuses)


@contextlib.asynccontextmanager
async def _session(port: int, address: str) -> AsyncIterator[aiohttp.ClientSession]:
    """Give a session whose requests come as if from an address, through a proxy on this machine."""
    headers = {"X-Forwarded-For": address}
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(
        f"http://127.0.0.1:{port}", headers=headers, connector=connector
    ) as session:
        yield session


@contextlib.asynccontextmanager
async def _asking(
    port: int, address: str, paths: Sequence[str], statuses: dict[int, int]
) -> AsyncIterator[None]:
    """Have an address keep its requests under way for as long as the context lasts."""
    async with _session(port, address) as session:
        tasks = [
            asyncio.create_task(_ask_on(session, paths[place::_GREEDY], statuses)) for place in range(_GREEDY)
        ]
        await asyncio.sleep(0.3)
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read(readers: Sequence[aiohttp.ClientSession], paths: Sequence[str]) -> list[float]:
    """Return how long each page took; a reader looks at each for a moment."""
    times = []
    for place, path in enumerate(paths):
        started = time.perf_counter()
        async with readers[place % len(readers)].get(path) as reply:
            await reply.read()
            assert reply.status in {200, 404}, reply.status
        times.append(time.perf_counter() - started)
        await asyncio.sleep(0.1)
    return times


async def _ask_on(session: aiohttp.ClientSession, paths: Sequence[str], statuses: dict[int, int]) -> None:
    """Ask one question after another, as soon as the one before is answered or refused."""
    for path in paths:
        async with session.get(path) as reply:
            await reply.read()
            statuses[reply.status] = statuses.get(reply.status, 0) + 1
        await asyncio.sleep(0.01)


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--threads", type=int, default=60)
    arguments.add_argument("--posts", type=int, default=2_000)
    arguments.add_argument("--pages", type=int, default=400)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = asyncio.run(
            measure(Path(folder), threads=given.threads, posts=given.posts, pages=given.pages)
        )
    for name, times in (("alone", result.quiet), ("beside a greedy address", result.beside)):
        sys.stdout.write(
            f"{name:<26} p50 {percentile(times, 0.5):7.1f} ms   p99 {percentile(times, 0.99):7.1f} ms\n"
        )
    sys.stdout.write(
        f"p99 is {result.ratio:.1f} times the quiet one, at most {_FAIR:.0f} are right; "
        f"the greedy address: {result.statuses}\n"
    )
    fail_below_bar([f"p99 is more than {_FAIR:.0f} times the quiet one"] if result.ratio > _FAIR else [])


if __name__ == "__main__":
    main()
