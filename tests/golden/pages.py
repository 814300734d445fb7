"""What the pages say to a browser, a feed reader and a program: status, headers and body of every route."""

import asyncio
import contextlib
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote_plus

import aiohttp
from aiohttp.web import AbstractResource, UrlDispatcher
from yarl import URL

from bot.i18n import LANGUAGES
from retrieval.sqlite import sqlite3
from tests.canary import heard, watched
from tests.discord import LoopbackDiscord
from tests.golden.normal import normal, without_samples, without_vitals
from tests.golden.samples import ALTERED, CHECKED, OWN, PUBLIC, QUESTIONS, SERVER, write, write_handbook
from tests.golden.seams import NOON, build, digest_path, own_path, pages

__all__ = ["program", "web"]

_STARTING = 60.0
_ROOT = Path(__file__).resolve().parents[2]
#: Of the headers, those that Bobbin decides; a length would only say once more that the body is another.
_LEFT_OUT = frozenset({"Date", "Content-Length", "Transfer-Encoding", "Connection", "Content-Encoding"})
_IN_LANGUAGE = re.compile(rf"/(?:{'|'.join(LANGUAGES)})(?:/|$)")
_PICTURE = "image/png"
_THREAD = re.compile(r'href="/t/([0-9a-z]{12})"')


async def _reply(session: aiohttp.ClientSession, path: str, *, method: str = "GET", **headers: str) -> str:
    """Return a reply as text: its status, its headers in order, its body; of a picture only its size."""
    async with session.request(method, path, headers=headers, allow_redirects=False) as reply:
        body = await reply.read()
        shown = sorted(f"{name}: {value}\n" for name, value in reply.headers.items() if name not in _LEFT_OUT)
        is_picture = reply.content_type == _PICTURE
        text = f"{_PICTURE} {body[16:24].hex()}\n" if is_picture else body.decode("utf-8")
        if is_picture:  # its name in the cache says what is in it, and that differs from drawer to drawer
            shown = [line for line in shown if not line.startswith("Etag")]
        asked = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
        return f"{method} {path}\n{asked}\n{reply.status}\n{''.join(shown)}\n{text}"


@dataclass
class Reader:
    """One who opens pages, and what they were sent so far."""

    session: aiohttp.ClientSession
    cases: dict[str, str]
    url: URL
    router: UrlDispatcher
    opened: list[str] = field(default_factory=list)

    async def take(self, case: str, path: str, **more: str) -> str:
        """Open a page and keep it as a case; return it."""
        self.opened.append(path)
        names = {str(SERVER): "server"}
        self.cases[f"{case}.txt"] = normal(await _reply(self.session, path, **more), names)
        return self.cases[f"{case}.txt"]


async def web(folder: Path) -> Mapping[str, str]:
    """Return each page, in each language where it speaks to people, and each error."""
    cases: dict[str, str] = {}
    data, handbook = folder / "data", write_handbook(folder / "handbook")
    build(data, handbook, write(folder / "saved", PUBLIC), {SERVER: write(folder / "own", OWN)})
    build(folder / "empty", handbook, [])
    async with _reading(folder / "empty", handbook, cases) as reader:
        await reader.take("empty/front", "/")
        await reader.take("empty/ask", "/ask?q=How+do+I+ask%3F")
        await reader.take("empty/feed", "/feed.atom")
    async with _reading(data, handbook, cases) as reader:
        await _speaks(reader)
        front = cases["front/en.txt"]
        threads = list(dict.fromkeys(_THREAD.findall(front)))
        await _threads(reader, threads)
        await _searches(reader)
        await _own(reader, _own_thread(data))
        await _digests(reader, digest_path(data, SERVER, [*threads[:2], "z" * 12, _own_thread(data)]))
        await reader.take("ask-as-json", "/ask.json?q=harmonica")
        await reader.take("feed", "/feed.atom")
        await reader.take("feed-of-author", "/feed.atom?author=%40harbour_keeper")
        await reader.take("robots", "/robots.txt")
        await reader.take("favicon", "/favicon.ico")
        await reader.take("opensearch", "/opensearch.xml")
        await reader.take("sitemap", "/sitemap.xml")
        await reader.take("sitemap-1", "/sitemap-1.xml")
        await reader.take("threads/by-length", "/threads?sort=length&author=%40miller&q=the")
        for path in sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', front))):
            name = re.sub(r"[.][0-9a-f]{10}", "", path.rpartition("/")[2])
            await reader.take(f"static/{name}", path)
        await _errs(reader, front)
        with contextlib.closing(sqlite3.connect(data / "archive.db")) as database:
            database.execute("pragma foreign_keys = off")
            database.execute("drop table posts")
        await reader.take("error/inner", f"/t/{threads[1]}")
        await reader.take("error/store", "/ask?q=lamp")
        cases["error/too-many.txt"] = await _too_many(reader)
        # The same pages stand in each language, too.
        plain = [one for one in reader.router.resources() if not _IN_LANGUAGE.match(one.canonical)]
        left_out = [one for one in plain if not any(map(_matching(one), reader.opened))]
        if left_out:
            routes = ", ".join(route.canonical for route in left_out)
            raise ValueError(f"no case opens {routes}; give each a step in {__name__}")
    return cases


async def _speaks(reader: Reader) -> None:
    for language, question in QUESTIONS.items():
        said = {"Accept_Language": language}
        asked = quote_plus(question)
        for case, path in (
            ("front", "/"),
            ("threads", "/threads"),
            ("authors", "/authors"),
            ("author", "/author/@harbour_keeper"),
            ("ask", f"/ask?q={asked}"),
            ("ask/nothing", "/ask?q=carburettor+torque"),
            ("ask/no-question", "/ask"),
            ("trend", "/trend?q=gulls"),
            ("when", "/when?q=the+gulls"),
            ("verify", f"/verify?q={quote_plus(ALTERED)}&author=%40nobody"),
            ("error/not-found", "/attic"),
        ):
            await reader.take(f"{case}/{language}", path, **said)


async def _threads(reader: Reader, threads: Sequence[str]) -> None:
    for number, thread_id in enumerate(threads, start=1):
        for form in ("txt", "md", "json"):
            await reader.take(f"thread/{number}-{form}", f"/t/{thread_id}.{form}")
        await reader.take(f"thread/{number}", f"/t/{thread_id}")
    first = threads[0]
    for language in ("de", "uk"):
        await reader.take(f"thread/1-{language}", f"/t/{first}", Accept_Language=language)
    await reader.take("thread/marked", f"/t/{first}?q=gulls")
    await reader.take("thread/oembed", f"/t/{first}.oembed")
    await reader.take("thread/bib", f"/t/{first}.bib")
    await reader.take("thread/csl", f"/t/{first}.csl.json")
    await reader.take("thread/cite", f"/t/{first}/cite")
    await reader.take("thread/none", "/t/zzzzzzzzzzzz")
    await reader.take("thread/none-json", "/t/zzzzzzzzzzzz.json")
    await reader.take("thread/wrong-form", f"/t/{first}.pdf")


async def _searches(reader: Reader) -> None:
    await reader.take("author/none", "/author/nobody")
    await reader.take("threads/second", "/threads?page=2")
    for case, quote in CHECKED.items():
        await reader.take(f"verify/{case}", f"/verify?q={quote_plus(quote)}")
    for form in ("", ".json", ".csv"):
        await reader.take(f"when/found{form}", f"/when{form}?q=the+gulls")
    await reader.take("api/openapi", "/api/v1/openapi.json")
    for name, query in (
        ("ask", "question=ferry+current&limit=1"),
        ("verify", f"quote={quote_plus(ALTERED)}"),
        ("thread", "id=zzzzzzzzzzzz"),
        ("when", "words=the+gulls&limit=1"),
        ("trend", "words=gulls"),
        ("threads", "limit=1"),
    ):
        await reader.take(f"api/{name}", f"/api/v1/{name}?{query}")
    await reader.take("api/nothing", "/api/v1/nothing")
    await reader.take("when/nothing", "/when?q=carburettor")
    await reader.take("when/both", "/when?q=gulls&author=harbour_keeper")
    await reader.take("when/both.json", "/when.json?q=gulls&author=harbour_keeper")
    await reader.take("when/box", "/when")
    await reader.take("when/none", "/when.json")
    await reader.take("verify/json", f"/verify.json?q={quote_plus(ALTERED)}")
    await reader.take("verify/none", "/verify.json")
    await reader.take("trend/nothing", "/trend?q=carburettor")
    picture = re.search(r'src="(/trend[^"]+)"', reader.cases["trend/en.txt"])
    if picture:
        await reader.take("trend/picture", picture[1].replace("&amp;", "&"))
    await reader.take("ask/hostile", "/ask?q=harmonica+%3Cscript%3Ealert(1)%3C/script%3E+%22x%22")
    await reader.take("ask/more", "/ask?q=ferry+current&n=8")


async def _own(reader: Reader, thread_id: str) -> None:
    """Open a server's own thread, by a signed address and without one."""
    signed = own_path(SERVER, thread_id)
    for form in ("", ".txt", ".md", ".json"):
        await reader.take(f"own/thread{form.replace('.', '-')}", signed + form)
    await reader.take("own/unsigned", f"/s/{'A' * 46}/{thread_id}")
    await reader.take("own/public", f"/t/{thread_id}")


async def _digests(reader: Reader, path: str) -> None:
    """Open a digest's editions, their list and their feed."""
    for language in LANGUAGES:
        said = {"Accept_Language": language}
        await reader.take(f"digest/latest-{language}", f"{path}/{NOON.date()}", **said)
        await reader.take(f"digest/list-{language}", path, **said)
    await reader.take("digest/before", f"{path}/{NOON.date() - timedelta(days=3)}")
    await reader.take("digest/feed", f"{path}/feed.atom")
    await reader.take("digest/none", f"{path}/2020-02-02")


async def _errs(reader: Reader, front: str) -> None:
    await reader.take("error/method", "/", method="POST")
    await reader.take("error/head", "/attic", method="HEAD")
    await reader.take("error/local", "/health")
    etag = re.search(r"Etag: (\S+)", front)
    assert etag is not None
    await reader.take("front/known", "/", Accept_Language="en", If_None_Match=etag[1])
    reader.cases["error/no-request.txt"] = normal(await _raw(reader.url, b"LAMP\r\n\r\n"))


async def _too_many(reader: Reader) -> str:
    """Open a page until that is too often, and return what is said then."""
    for _ in range(100_000):
        refused = await _reply(reader.session, "/attic")
        if "\n429\n" in refused:
            return re.sub(r"(Retry-After: )\d+", r"\1{n}", normal(refused))
    raise ValueError("a hundred thousand requests were let through")


@contextlib.asynccontextmanager
async def _reading(data: Path, handbook: Path, cases: dict[str, str]) -> AsyncIterator[Reader]:
    """Serve the pages of a data folder, and give who reads them."""
    async with (
        pages(data, handbook) as (url, router),
        aiohttp.ClientSession(url, trace_configs=[watched()], auto_decompress=True) as session,
    ):
        yield Reader(session, cases, URL(url), router)


async def _raw(url: URL, request: bytes) -> str:
    """Send bytes that need be no request, and return all that comes back, without the time and the length."""
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(request)
    await writer.drain()
    text = (await reader.read()).decode("utf-8").replace("\r\n", "\n")
    writer.close()
    await writer.wait_closed()
    return "".join(line for line in text.splitlines(keepends=True) if line.partition(":")[0] not in _LEFT_OUT)


def _own_thread(data: Path) -> str:
    """Return the id of the one thread that is a server's own."""
    with contextlib.closing(sqlite3.connect(data / "archive.db")) as database:
        joined = "threads join collections on collections.id = collection_id"
        query = f"select threads.id from {joined} where server_id = ?"  # noqa: S608 - nothing from outside
        (thread_id,) = database.execute(query, [str(SERVER)]).fetchone()
    return str(thread_id)


async def program(folder: Path) -> Mapping[str, str]:
    """Return what ``run`` and ``serve`` serve and print as programs of their own, and how they end."""
    cases: dict[str, str] = {}
    data, handbook = folder / "data", write_handbook(folder / "handbook")
    build(data, handbook, write(folder / "saved", PUBLIC))
    async with LoopbackDiscord(contract=False) as loopback:
        loopback.add_guild("Reading room").add_channel("hall")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("BOBBIN_")}
        environment |= {
            "BOBBIN_DATA_DIR": str(data),
            "BOBBIN_HANDBOOK": str(handbook),
            "BOBBIN_HTTP_PORT": str(port),
            "BOBBIN_DISCORD_API": loopback.api_url,
            "BOBBIN_DISCORD_GATEWAY": loopback.gateway_url,
            "BOBBIN_DISCORD_TOKEN": loopback.token,
            "PYTHONPATH": str(_ROOT),
        }
        async with _stopped(cases, "run", environment, folder):
            await loopback.ready(timeout=_STARTING)
            await loopback.requested("PUT", r"/commands$", timeout=_STARTING)
            for case, path, accepted, left_out in (
                ("health-json", "/health", "application/json", without_vitals),
                ("health", "/health", "text/html", without_vitals),
                ("metrics", "/metrics", "text/plain", without_samples),
            ):
                async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
                    text = normal(await _reply(session, path, Accept=accepted))
                asked, head, body = text.split("\n\n", 2)
                cases[f"{case}.txt"] = "\n\n".join((asked, head, left_out(body)))
        async with _stopped(cases, "serve", environment, folder) as lines:
            cases["serve-begins.txt"] = normal((await asyncio.wait_for(lines.readline(), _STARTING)).decode())
    return cases


@contextlib.asynccontextmanager
async def _stopped(
    cases: dict[str, str], command: str, environment: Mapping[str, str], folder: Path
) -> AsyncIterator[asyncio.StreamReader]:
    """Run a command as a program until the context ends and a signal ends it; yield what it prints.

    What it has printed then, and its exit status, are a case of its name.
    """
    bot = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", command),
        env=environment,
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert bot.stdout is not None
    try:
        yield bot.stdout
    finally:
        if bot.returncode is None:
            bot.send_signal(signal.SIGTERM)
        printed, _ = await asyncio.wait_for(bot.communicate(), _STARTING)
    cases[f"{command}.txt"] = (
        f"$ bobbin {command}\n{heard(printed.decode())}--- exit status {bot.returncode}\n"
    )


def _matching(route: AbstractResource) -> Callable[[str], bool]:
    """Return what tells whether a path is one of a route."""
    info = route.get_info()
    pattern = info.get("pattern") or re.compile(re.escape(info["path"]))
    return lambda path: pattern.fullmatch(URL(path).path) is not None
