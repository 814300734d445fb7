"""Clients that are slow, that never read, and that are too many."""

import asyncio
import logging
import os
import resource
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from bot.web.app import make_app
from bot.web.server import Patience, serving
from bot.web.site import Site
from bot.web.worker import BusyError, PageWorker
from tests.benchmarks.web import free_port, load

SHORT = Patience(connections=20, head=0.4, reading=0.4, idle=0.4)
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


async def ended(reader: asyncio.StreamReader) -> float:
    """Wait until the server closes; return after how many seconds."""
    started = time.monotonic()
    try:
        while await asyncio.wait_for(reader.read(65536), 10):
            pass
    except ConnectionError:
        pass
    return time.monotonic() - started


@pytest.mark.parametrize("said", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\nX: "])
async def test_a_request_that_does_not_come_to_its_end_is_given_up(site: Site, said: bytes) -> None:
    async with serving(make_app(site), "127.0.0.1", 0, patience=SHORT) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(said)
        assert 0.2 < await ended(reader) < 5
        writer.close()


async def test_dripping_does_not_earn_more_time(site: Site) -> None:
    async with serving(make_app(site), "127.0.0.1", 0, patience=SHORT) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        started = time.monotonic()
        end = asyncio.create_task(ended(reader))
        while not end.done() and time.monotonic() - started < 10:
            writer.write(b"G")
            await asyncio.sleep(0.05)
        assert time.monotonic() - started < 5
        writer.close()


async def test_a_connection_serves_request_after_request_and_is_closed_when_idle(site: Site) -> None:
    async with serving(make_app(site), "127.0.0.1", 0, patience=SHORT) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(3):
            writer.write(GET)
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
            assert head.startswith(b"HTTP/1.1 200")
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
            await reader.readexactly(int(length.split()[1]))
            await asyncio.sleep(0.1)
        assert await ended(reader) < 5
        writer.close()


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00 a client that speaks TLS\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"\r\n\r\n<script>\r\n\r\n",
    ],
)
async def test_what_is_no_request_gets_a_page_and_no_line_in_the_log(
    site: Site, said: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(make_app(site), "127.0.0.1", 0, patience=SHORT) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(said)
        reply = await asyncio.wait_for(reader.read(), 10)
        writer.close()
    assert reply.startswith((b"HTTP/1.0 400", b"HTTP/1.1 400"))
    assert b"Content-Security-Policy: default-src 'none'" in reply
    assert b"That cannot be asked" in reply
    assert b"aiohttp" not in reply
    assert caplog.records == []


async def test_a_question_of_a_thousand_long_characters_is_read(site: Site) -> None:
    question = "%F0%9F%A7%B5" * 1_000
    async with (
        serving(make_app(site), "127.0.0.1", 0) as port,
        aiohttp.ClientSession() as session,
        session.get(URL(f"http://127.0.0.1:{port}/ask?q={question}", encoded=True)) as reply,
    ):
        assert reply.status == 200


async def test_a_client_that_never_reads_is_dropped() -> None:
    async def large(_request: web.Request) -> web.Response:
        return web.Response(body=b"x" * 50_000_000)

    app = web.Application()
    app.router.add_get("/", large)
    async with serving(app, "127.0.0.1", 0, patience=SHORT) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        writer.write(GET)
        await asyncio.sleep(1.5)
        writer.transport.resume_reading()  # type: ignore[attr-defined]
        read = 0
        try:
            while chunk := await asyncio.wait_for(reader.read(1_000_000), 10):
                read += len(chunk)
        except ConnectionError:
            pass
        assert read < 50_000_000
        writer.transport.abort()


async def test_connections_beyond_the_bound_are_refused_and_the_others_served() -> None:
    release = asyncio.Event()

    async def slow(_request: web.Request) -> web.Response:
        await release.wait()
        return web.Response(text="done")

    app = web.Application()
    app.router.add_get("/", slow)
    few = replace(SHORT, connections=3, head=5, idle=5)
    async with serving(app, "127.0.0.1", 0, patience=few) as port:
        there = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        for _, writer in there:
            writer.write(GET)
        await asyncio.sleep(1.1)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await ended(reader) < 2
        writer.close()
        release.set()
        for reader, writer in there:
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            writer.close()
        await asyncio.sleep(0.1)
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/") as reply:
            assert reply.status == 200


@pytest.mark.parametrize("asked", [False, True])
async def test_connections_that_are_only_held_make_room_for_new_ones(site: Site, *, asked: bool) -> None:
    few = replace(SHORT, connections=3, head=30, idle=30)
    async with serving(make_app(site), "127.0.0.1", 0, patience=few) as port:
        there = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        for reader, writer in there:
            if asked:  # the reply is there, and the connection is kept for the next request
                writer.write(GET)
                assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        await asyncio.sleep(1.1)
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/") as reply:
            assert reply.status == 200
        assert await ended(there[0][0]) < 5
        for _, writer in there:
            writer.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", ""])
async def test_a_page_is_served_without_a_descriptor_left_and_at_each_address_of_a_host(
    site: Site, host: str
) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    async with serving(make_app(site), host, 0) as port, aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/") as reply:
            assert reply.status == 200
        with socket.socket() as client:
            client.setblocking(False)  # noqa: FBT003 - the parameter has no name
            # As of now nothing more can be opened but by giving up what is held in reserve.
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(free(), before[0]), before[1]))
            try:
                loop = asyncio.get_running_loop()
                await loop.sock_connect(client, ("127.0.0.1", port))
                await loop.sock_sendall(client, GET)
                assert (await asyncio.wait_for(loop.sock_recv(client, 100), 10)).startswith(b"HTTP/1.1 200")
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, before)


def free() -> int:
    """Return the lowest number that is no open descriptor."""
    descriptor = os.open(os.devnull, os.O_RDONLY)
    os.close(descriptor)
    return descriptor


class Held:
    """Work that goes on until it is released, and the order in which work was begun."""

    def __init__(self) -> None:
        self.release = threading.Event()
        self.begun: list[str] = []

    def work(self, name: str) -> Callable[[], str]:
        def held() -> str:
            self.begun.append(name)
            self.release.wait(10)
            return name

        return held


async def test_a_request_beyond_the_queue_is_refused_at_once() -> None:
    worker, held = PageWorker(waiting=2, waiting_of_one=10), Held()
    working = [asyncio.create_task(worker.make("a", n, held.work(str(n)))) for n in range(3)]
    await asyncio.sleep(0.05)
    with pytest.raises(BusyError):
        await worker.make("b", "more", lambda: None)
    held.release.set()
    await asyncio.gather(*working)
    assert await worker.make("b", "later", lambda: 7) == 7
    worker.close()


async def test_one_client_has_one_page_made_at_a_time_and_clients_take_turns() -> None:
    worker, held = PageWorker(waiting_of_one=3), Held()
    flood = [asyncio.create_task(worker.make("a", n, held.work(f"a{n}"))) for n in range(4)]
    await asyncio.sleep(0.05)
    with pytest.raises(BusyError):
        await worker.make("a", "one too many", lambda: None)
    other = asyncio.create_task(worker.make("b", "b", held.work("b")))
    await asyncio.sleep(0.05)
    assert held.begun == ["a0", "b"]
    held.release.set()
    await asyncio.gather(*flood, other)
    assert held.begun == ["a0", "b", "a1", "a2", "a3"]
    worker.close()


async def test_identical_requests_at_the_same_time_are_made_once_and_an_error_reaches_all() -> None:
    worker, held = PageWorker(), Held()
    alike = [asyncio.create_task(worker.make(client, "same", held.work("x"))) for client in "abc"]
    await asyncio.sleep(0.05)
    held.release.set()
    results = await asyncio.gather(*alike)
    assert results == ["x"] * 3
    assert held.begun == ["x"]

    def fails() -> None:
        time.sleep(0.05)
        raise ValueError("no")

    failing = [asyncio.create_task(worker.make(client, "bad", fails)) for client in "ab"]
    assert [type(error) for error in await asyncio.gather(*failing, return_exceptions=True)] == [
        ValueError
    ] * 2
    assert await worker.make("a", "bad", lambda: 1) == 1
    worker.close()


async def test_however_many_heavy_clients_ask_a_thread_is_left_for_the_others() -> None:
    worker, held = PageWorker(heavy=lambda client: client.startswith("heavy")), Held()
    flood = [asyncio.create_task(worker.make(f"heavy {n}", n, held.work(f"heavy {n}"))) for n in range(8)]
    await asyncio.sleep(0.05)
    assert held.begun == ["heavy 0"]
    other = asyncio.create_task(worker.make("light", "light", held.work("light")))
    await asyncio.sleep(0.05)
    assert held.begun == ["heavy 0", "light"]
    held.release.set()
    assert await asyncio.gather(*flood, other) == [*(f"heavy {n}" for n in range(8)), "light"]
    worker.close()


async def test_what_no_request_waits_for_any_more_is_not_begun_and_what_was_begun_is_charged() -> None:
    worker, held, charged = PageWorker(), Held(), list[float]()
    gone = [
        asyncio.create_task(worker.make("a", n, held.work(f"a{n}"), charged.append)) for n in ("0", "1", "2")
    ]
    stays = asyncio.create_task(worker.make("b", "2", lambda: "another's", charged.append))
    await asyncio.sleep(0.05)
    for request in gone:
        request.cancel()
    await asyncio.gather(*gone, return_exceptions=True)
    held.release.set()
    assert await stays == "a2"
    assert held.begun == ["a0", "a2"]
    assert len(charged) == 2
    assert await worker.make("a", "1", lambda: "anew") == "anew"
    worker.close()


@pytest.mark.slow
@pytest.mark.usefixtures("archive")
async def test_discord_is_answered_while_a_thousand_ask_for_pages_at_once(tmp_path: Path) -> None:
    result = await load(tmp_path, free_port(), questions=15, storm=1_000, slow=20, silent=5)
    assert len(result.stormy) == 15
    assert max(reply for reply, _ in result.stormy) < 3
    assert result.requests >= 1_000
    assert result.statuses.keys() <= {200, 404, 503}
    assert result.statuses[200] > 100


GZIP = b"Content-Encoding: gzip\r\nContent-Length: 4"
CHUNKED = b"Transfer-Encoding: chunked"
BODIES = {
    "junk as gzip": (b"GET /", GZIP, b"junk"),
    "junk as deflate": (b"GET /", b"Content-Encoding: deflate\r\nContent-Length: 4", b"junk"),
    "posted": (b"POST /", GZIP, b"junk"),
    "to no page": (b"GET /x", GZIP, b"junk"),
    "no chunk": (b"GET /", CHUNKED, b"zz\r\njunk"),
    "longer chunk": (b"POST /", CHUNKED, b"4\r\njunkXX\r\n0\r\n\r\n"),
    "two lengths": (b"GET /", b"Content-Length: 4\r\nContent-Length: 5", b"junk"),
    "length and chunks": (b"GET /", b"Content-Length: 4\r\nTransfer-Encoding: chunked", b"junk"),
}


@pytest.mark.parametrize("body", BODIES)
async def test_a_bad_body_is_a_bad_request_and_leaves_no_traceback(
    site: Site, caplog: pytest.LogCaptureFixture, body: str
) -> None:
    async with serving(make_app(site), "127.0.0.1", 0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        begin, headers, rest = BODIES[body]
        writer.write(begin + b" HTTP/1.1\r\nHost: a\r\n" + headers + b"\r\n\r\n" + rest)
        assert b" 400 " in await asyncio.wait_for(reader.readline(), 5)
        await asyncio.wait_for(reader.read(), 20)
        writer.close()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
