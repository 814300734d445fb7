"""How fast the pages are, and what a storm of requests does to answers in Discord.

``python -m tests.benchmarks.web`` makes an archive of 100,000 threads and measures in it

- a thread's page: the time it is made in, and the whole request beside a bare aiohttp handler that sends
  the same bytes from memory;
- an answer's page beside the archive's own answer to the same question;
- questions in Discord (the bot as a process of its own, over the loopback Discord) while 1,000 requests
  are sent at once again and again, some clients send their request byte by byte and others never read.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import secrets
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import aiohttp
import yarl
from aiohttp import web

from bot.web.app import make_app
from bot.web.ask import ask
from bot.web.page import PageRequest, encode_page
from bot.web.rate_limit import Rate
from bot.web.server import serving
from bot.web.site import Site
from bot.web.thread import thread
from retrieval.archive import Archive
from retrieval.model import Post, Thread
from retrieval.storage.store import Source, Store
from tests.benchmarks.bars import fail_below_bar
from tests.discord import LoopbackDiscord

ROOT = Path(__file__).resolve().parents[2]
#: How many times the quiet p99 of first replies a storm of requests may make it.
_FAIR = 3.0
START = datetime(2015, 1, 1, tzinfo=UTC)
QUESTION = "Why does {} cross {} at dawn?"


def words(count: int) -> list[str]:
    """Words that look like some: syllables, each word once."""
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "ol")]
    return ["".join(random.Random(place).choices(syllables, k=3)) + str(place % 7) for place in range(count)]  # noqa: S311 - made-up words, the same in every run


def corpus(threads: int, posts: int = 3, seed: int = 1) -> Iterator[Thread]:
    """Threads of posts of some thirty words, as frequent as words are."""
    vocabulary, dice = words(60_000), random.Random(seed)  # noqa: S311 - as above
    weights = [1 / (rank + 30) for rank in range(len(vocabulary))]
    pool = dice.choices(vocabulary, weights, k=1_000_000)
    for number in range(threads):
        written = START + timedelta(hours=number)
        yield Thread(
            tuple(
                Post(
                    place,
                    " ".join(pool[at : at + 30]) + f" {number}.",
                    place,
                    posted_at=written,
                    url=f"https://posts.example/{number}/{place}",
                )
                for place in range(1, posts + 1)
                for at in [dice.randrange(len(pool) - 30)]
            ),
            author=f"author_{number % 997}",
            posted_at=written,
        )


def fill(path: Path, threads: int) -> None:
    """Make an archive of so many threads."""
    with Store.open(path) as store:
        store.save(corpus(threads), store.collection("main"), Source("made", "0", "made"), datetime.now(UTC))


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def percentile(times: Sequence[float], share: float) -> float:
    """Return the time that a share of the times is not above, in milliseconds."""
    return sorted(times)[min(len(times) - 1, int(share * len(times)))] * 1000


def told(name: str, times: Sequence[float]) -> str:
    """Say how long something took."""
    return f"{name:<46} p50 {percentile(times, 0.5):8.2f} ms   p99 {percentile(times, 0.99):8.2f} ms"


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds something takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


async def requests(address: yarl.URL, paths: Sequence[str]) -> list[float]:
    """Return how long each of some requests takes, one after the other."""
    times = []
    async with aiohttp.ClientSession() as session:
        for path in paths:
            started = time.perf_counter()
            async with session.get(
                address.with_path(path.partition("?")[0]).with_query(path.partition("?")[2])
            ) as reply:
                await reply.read()
                assert reply.status == 200, (path, reply.status)
            times.append(time.perf_counter() - started)
    return times


async def speed(path: Path, many: int) -> None:
    """Measure pages of threads and answers, beside peers in the same run."""
    with Archive.open(path) as archive:
        archive.refresh()
        dice = random.Random(7)  # noqa: S311 - as above
        site = Site(archive, bytes(32), rate=Rate(1e9, 1e9))
        listed = [
            archive.catalog.threads(site.scope(), offset=dice.randrange(1000), limit=1)[0]
            for _ in range(many)
        ]
        known = words(60_000)
        questions = [
            QUESTION.format(dice.choice(known[:5_000]), dice.choice(known[:500])) for _ in range(many)
        ]

        def made(one: str) -> object:
            site.state()
            return encode_page(thread(site, PageRequest({"thread": one})))

        pages = [timed(lambda one=one: made(one.id)) for one in listed]  # type: ignore[misc]
        say(told("a thread's page, made", pages))
        found = [" ".join(one.opening.split()[:3]) for one in listed]
        marked = [
            timed(lambda one=one, q=q: encode_page(thread(site, PageRequest({"thread": one.id}, {"q": q}))))  # type: ignore[misc]
            for one, q in zip(listed, found, strict=True)
        ]
        say(told("the same with some of its words highlighted", marked))
        for question in questions[:20]:
            archive.ask(question, site.scope(), limit=8)
        alone: list[float] = []
        page: list[float] = []
        for number, question in enumerate(questions):
            works: list[tuple[list[float], Callable[[], object]]] = [
                (alone, lambda q=question: archive.ask(q, site.scope(), limit=8)),  # type: ignore[misc]
                (page, lambda q=question: encode_page(ask(site, PageRequest(query={"q": q})))),  # type: ignore[misc]
            ]
            # By turns first, for what was asked before is found sooner.
            for times, work in works if number % 2 else reversed(works):
                times.append(timed(work))
        say(told("an answer from the archive", alone))
        say(told("an answer's page, made", page))
        more = statistics.median(b - a for a, b in zip(alone, page, strict=True))
        say(f"{'the page adds to the answer (median)':<46}     {more * 1000:8.2f} ms")

        body = encode_page(thread(site, PageRequest({"thread": listed[0].id}))).body

        async def bare(_request: web.Request) -> web.Response:
            return web.Response(body=body, content_type="text/html")

        peer = web.Application()
        peer.router.add_get("/t/{thread}", bare)
        paths = [f"/t/{one.id}" for one in listed]
        async with serving(make_app(site), "127.0.0.1", 0) as port, serving(peer, "127.0.0.1", 0) as other:
            ours = await requests(yarl.URL(f"http://127.0.0.1:{port}"), paths)
            theirs = await requests(yarl.URL(f"http://127.0.0.1:{other}"), paths)
        say(told("a thread's page, whole request", ours))
        say(told("a bare aiohttp handler with the same bytes", theirs))
        say(f"{'ratio (p50)':<46}     {percentile(ours, 0.5) / percentile(theirs, 0.5):8.1f}")


@dataclass(frozen=True)
class Load:
    """What came of questions in Discord and of requests to pages.

    Of each question the seconds to the first reply, for which Discord waits three, and to the answer; of
    requests how often which status came.
    """

    calm: list[tuple[float, float]]
    stormy: list[tuple[float, float]]
    statuses: dict[int, int]

    @property
    def requests(self) -> int:
        """Return how many requests there were."""
        return sum(self.statuses.values())


@asynccontextmanager
async def bot(
    discord: LoopbackDiscord,
    folder: Path,
    port: int,
    environment: Mapping[str, str] | None = None,
    *,
    descriptors: int | None = None,
) -> AsyncIterator[None]:
    """Run the bot as a process of its own until it is ready, and end it afterwards.

    ``descriptors`` limits how many files and connections it may have open.
    """
    limited = ("bash", "-c", f'ulimit -n {descriptors} && exec "$0" "$@"') if descriptors else ()
    child = await asyncio.create_subprocess_exec(
        *limited,
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "BOBBIN_DATA_DIR": str(folder),
            "BOBBIN_DISCORD_TOKEN": discord.token,
            "BOBBIN_DISCORD_API": discord.api_url,
            "BOBBIN_DISCORD_GATEWAY": discord.gateway_url,
            "BOBBIN_HTTP_PORT": str(port),
            "BOBBIN_LOG_LEVEL": "warning",
            **(environment or {}),
        },
    )
    try:
        await discord.ready(timeout=120)
        yield
    finally:
        if child.returncode is None:
            child.terminate()
        await child.wait()


async def load(folder: Path, port: int, *, questions: int, storm: int, slow: int, silent: int) -> Load:
    """Ask in Discord, first in calm and then in a storm of requests to the pages.

    ``storm`` requests are sent at once, each as if from an address of its own, and again each second as
    long as questions are asked; ``slow`` clients send byte by byte; ``silent`` ones ask and never read.
    """
    async with LoopbackDiscord() as discord:
        alice = discord.add_user("alice")
        hall = discord.add_guild("Reading room").add_channel("hall")
        assert hall.guild is not None
        hall.guild.add_member(alice)
        # The storm comes from many clients, as behind a proxy.
        async with bot(discord, folder, port, {"BOBBIN_TRUSTED_PROXIES": "127.0.0.0/8"}):
            await discord.waiting.until(lambda: discord.commands or None, 60, "the commands")

            async def question() -> tuple[float, float]:
                words_of = random.Random(len(asked))  # noqa: S311 - the same in every run
                use = await alice.uses(hall, "ask", question=QUESTION.format(*words_of.choices(known, k=2)))
                await use.reply(timeout=30)
                return (use.first_reply_ms or 0.0) / 1000, (use.answer_ms or 0.0) / 1000

            known = words(500)
            asked: list[tuple[float, float]] = []
            for _ in range(questions):
                asked.append(await question())  # noqa: PERF401 - a question's words depend on how many were
            calm, asked = asked, []
            crowd = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.benchmarks.web", "--crowd"),
                *map(str, (port, storm, slow, silent)),
                cwd=ROOT,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            assert crowd.stdout is not None
            await crowd.stdout.readline()  # the first thousand are on their way
            for _ in range(questions):
                asked.append(await question())
            said, _ = await crowd.communicate(b"enough")
            statuses = {int(status): many for status, many in json.loads(said.splitlines()[-1]).items()}
            return Load(calm, asked, statuses)


async def crowd(port: int, at_once: int, slow: int, silent: int) -> None:
    """Be the others: send many requests at once, each second again, until something is read from stdin.

    Prints a line when the first are on their way, and at the end how often which status came; 0 is none.
    """
    stop = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, stop.set)
    statuses: dict[int, int] = {}
    rude = [asyncio.create_task(drip(port, stop)) for _ in range(slow)]
    rude += [asyncio.create_task(never_read(port, stop)) for _ in range(silent)]
    paths = ["/", "/threads", "/ask?q=dawn", "/authors", "/feed.atom", "/nothing"]
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(30)) as session:

        async def one(number: int) -> None:
            headers = {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
            try:
                address = f"http://127.0.0.1:{port}{paths[number % len(paths)]}"
                async with session.get(address, headers=headers) as reply:
                    await reply.read()
                    status = reply.status
            except (aiohttp.ClientError, TimeoutError):
                status = 0
            statuses[status] = statuses.get(status, 0) + 1

        numbers = count()
        while not stop.is_set():
            burst = asyncio.gather(*(one(next(numbers)) for _ in range(at_once)))
            if not statuses:
                say("sent")
            await burst
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 1)
    await asyncio.gather(*rude)
    say(json.dumps(statuses))


async def drip(port: int, stop: asyncio.Event) -> None:
    """Send a request a byte at a time until told to stop, or until the server has had enough."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for byte in b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 1000:
            if stop.is_set() or reader.at_eof():
                return
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.25)
    except ConnectionError:
        return
    finally:
        writer.close()


async def never_read(port: int, stop: asyncio.Event) -> None:
    """Ask for page after page without reading any, until told to stop."""
    _reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    try:
        writer.write(b"GET /threads HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: identity\r\n\r\n" * 50)
        await stop.wait()
    finally:
        writer.transport.abort()


async def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.web", description=__doc__)
    parser.add_argument("--threads", type=int, default=100_000)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--archive", type=Path, help="Keep the archive in this folder, and use it again.")
    parser.add_argument("--crowd", type=int, nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.crowd:
        await crowd(*given.crowd)
        return
    with tempfile.TemporaryDirectory() as place:
        folder = given.archive or Path(place)
        if not (folder / "archive.db").exists():
            took = timed(lambda: fill(folder / "archive.db", given.threads))
            say(f"{given.threads:,} threads made in {took:.0f} s")
        await speed(folder / "archive.db", given.count)
        result = await load(folder, free_port(), questions=200, storm=1_000, slow=100, silent=20)
        for weather, times in (
            ("in calm", result.calm),
            (f"beside {result.requests:,} requests", result.stormy),
        ):
            say(told(f"first reply in Discord, {weather}", [reply for reply, _ in times]))
            say(told(f"answer in Discord, {weather}", [answer for _, answer in times]))
        say(f"requests by status: {dict(sorted(result.statuses.items()))}")
        fail_below_bar(shortfalls(result))


def shortfalls(result: Load) -> list[str]:
    """Return what of a storm is below the bar: first replies that it delays too much, and errors of ours."""
    calm, stormy = (percentile([reply for reply, _ in times], 0.99) for times in (result.calm, result.stormy))
    short = [f"first replies take {stormy:.0f} ms beside requests, {calm:.0f} in calm"]
    trouble = sum(count for status, count in result.statuses.items() if str(status).startswith("5"))
    return (short if stormy > _FAIR * calm else []) + (
        [f"{trouble} requests ended in trouble"] if trouble else []
    )


def free_port() -> int:
    """Return a port of this machine that is free now; the kernel gives none so low to a connection."""
    while True:
        port = 15_000 + secrets.randbelow(15_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("", port))
            return port


if __name__ == "__main__":
    asyncio.run(main())
