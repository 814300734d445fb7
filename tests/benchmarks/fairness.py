"""What one address that asks as fast as it may costs another reader of the pages.

``python -m tests.benchmarks.fairness`` makes an archive with threads of 2,000 posts, lets a reader open pages
one after another, first alone and then beside an address that keeps 20 requests under way, each a question
put to another long thread, and prints how the reader's waiting compares. Both are measured in one run.
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
        async with serving(make_app(site), "127.0.0.1", 0) as port, _session(port, "198.51.100.1") as session:
            await _read(session, reader[:5])
            quiet = await _read(session, reader[::2])
            statuses: dict[int, int] = {}
            async with _session(port, "203.0.113.9") as other:
                tasks = [
                    asyncio.create_task(_ask_on(other, greedy[place::_GREEDY], statuses))
                    for place in range(_GREEDY)
                ]
                await asyncio.sleep(0.3)
                beside = await _read(session, reader[1::2])
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
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


async def _read(session: aiohttp.ClientSession, paths: Sequence[str]) -> list[float]:
    """Return how long each page took; a reader looks at each for a moment."""
    times = []
    for path in paths:
        started = time.perf_counter()
        async with session.get(path) as reply:
            await reply.read()
            assert reply.status in {200, 404}, reply.status
        times.append(time.perf_counter() - started)
        await asyncio.sleep(0.25)
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
    arguments.add_argument("--pages", type=int, default=120)
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
        f"p99 is {result.ratio:.1f} times the quiet one; the greedy address: {result.statuses}\n"
    )
    fail_below_bar([f"p99 is more than {_FAIR:.0f} times the quiet one"] if result.ratio > _FAIR else [])


if __name__ == "__main__":
    main()
