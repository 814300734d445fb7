"""What must go on failing: the list of attacks on the pages, byte for byte over a real socket."""

import asyncio
import contextlib
import gzip
import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median

import pytest
from aiohttp import web

from bot.web import monitoring_app, signing
from bot.web.app import make_app
from bot.web.error_pages import GoneError
from bot.web.page import PageRequest
from bot.web.rate_limit import Rate
from bot.web.server import serving
from bot.web.site import Site
from bot.web.thread import own_thread, thread
from retrieval.archive import Archive
from retrieval.errors import ThreadNotFoundError
from tests.bot.web.conftest import KEY, NOON, client_of
from tests.bot.web.threads import UNDATED, keep_threads, thread_of

HEAD = b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
BOMB = gzip.compress(b"0" * 20_000_000)
SECRET = thread_of("A secret that only one server may read.", "It stays there.", author="mole")


def get(path: bytes, *headers: bytes, body: bytes = b"", method: bytes = b"GET") -> bytes:
    return method + b" " + path + HEAD + b"".join(header + b"\r\n" for header in headers) + b"\r\n" + body


#: Each attack, and the statuses that it may get; nothing of it may be obeyed.
ATTACKS: dict[str, tuple[bytes, set[int]]] = {
    "traversal": (get(b"/static/../../../../etc/passwd"), {404}),
    "traversal, encoded": (get(b"/static/%2e%2e%2f%2e%2e%2fetc%2fpasswd"), {404}),
    "traversal, overlong": (get(b"/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd"), {404}),
    "a line end in the path": (get(b"/threads%0d%0aX-Injected:%20yes/"), {308, 404}),
    "a line end in the question": (get(b"/ask?q=%0d%0aX-Injected:%20yes"), {200}),
    "another host in the path": (get(b"//evil.example/x/"), {308, 404}),
    "another host behind a backslash": (get(b"/\\evil.example/"), {308, 404}),
    "bytes that are no UTF-8": (get(b"/ask?q=%ff%fe%c0%80"), {200}),
    "a NUL in the path": (get(b"/author/%ff%00"), {404}),
    "an unfinished escape": (get(b"/ask?q=%zz%"), {200}),
    "raw UTF-8": (get("/author/é".encode()), {400, 404}),
    "absolute form": (get(b"http://evil.example/threads"), {200, 400}),
    "absolute form, impossible": (get(b"https://evil.example:99999/"), {400}),
    "a tunnel": (get(b"evil.example:443", method=b"CONNECT"), {400, 405}),
    "a star": (get(b"*", method=b"OPTIONS"), {400, 405}),
    "length and chunks": (
        get(b"/", b"Content-Length: 4", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
        {400},
    ),
    "two lengths": (get(b"/", b"Content-Length: 4", b"Content-Length: 5", body=b"abcde"), {400}),
    "a length with a sign": (get(b"/", b"Content-Length: +4", body=b"abcd"), {400}),
    "a negative length": (get(b"/", b"Content-Length: -4"), {400}),
    "two hosts": (get(b"/", b"Host: evil.example"), {400}),
    "a folded header": (get(b"/", b"X: a\r\n b"), {400}),
    "a space before the colon": (get(b"/", b"X : a"), {400}),
    "a bare line feed": (b"GET / HTTP/1.1\nHost: localhost\n\n", {400}),
    "a bare carriage return": (get(b"/", b"X: a\rY: b"), {400}),
    "a NUL in a header": (get(b"/", b"X: a\0b"), {400}),
    "a header of 100 kB": (get(b"/", b"X: " + b"a" * 100_000), {400}),
    "5,000 headers": (get(b"/", *(b"X-%d: a" % number for number in range(5_000))), {400}),
    "chunks twice": (get(b"/", b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity"), {400}),
    "a chunk of no size": (get(b"/", b"Transfer-Encoding: chunked", body=b"zz\r\n"), {400}),
    "a chunk beyond all": (get(b"/", b"Transfer-Encoding: chunked", body=b"f" * 18 + b"\r\n"), {400}),
    "junk as gzip": (get(b"/", b"Content-Encoding: gzip", b"Content-Length: 10", body=b"0123456789"), {400}),
    "a bomb": (
        get(b"/", b"Content-Encoding: gzip", b"Content-Length: %d" % len(BOMB), body=BOMB),
        {200, 400, 413},
    ),
    "a thousand ranges": (get(b"/", b"Range: bytes=" + b",".join(b"%d-" % n for n in range(1_000))), {200}),
    "a thousand words": (get(b"/ask?q=" + b"+".join(b"w%d" % n for n in range(1_000))), {414}),
    "ten thousand letters": (get(b"/ask?q=" + b"a" * 10_000), {414}),
    "another protocol": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400}),
    "an upgrade": (get(b"/", b"Upgrade: websocket", b"Sec-WebSocket-Key: x"), {200}),
    "TRACE": (get(b"/", b"X-Injected: yes", method=b"TRACE"), {405}),
    "a method of markup": (get(b"/", method=b"GET<script>"), {400}),
    "another method in a header": (get(b"/", b"X-HTTP-Method-Override: GET", method=b"POST"), {405}),
    "an unknown expectation": (get(b"/", b"Expect: tea"), {200, 417}),
    "a long Accept-Language": (get(b"/", b"Accept-Language: " + b",".join([b"de;q=9e999"] * 500)), {200}),
    "a thousand entity tags": (get(b"/", b"If-None-Match: " + b",".join([b'"x"'] * 1_000)), {200}),
    "an impossible date": (get(b"/", b"If-Modified-Since: Fri, 31 Dec 9999 23:59:59 -9999"), {200}),
    "forwarding from anywhere": (
        get(
            b"/",
            b"X-Forwarded-For: ::::, %00",
            b"X-Forwarded-Host: evil.example",
            b"Forwarded: host=evil.example",
        ),
        {200},
    ),
}


async def reply_to(port: int, data: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    parts = []
    with contextlib.suppress(ConnectionError):
        while part := await asyncio.wait_for(reader.read(65_536), 20):
            parts.append(part)
    writer.close()
    return b"".join(parts)


async def test_no_attack_of_the_list_is_obeyed_or_leaves_a_trace(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(make_app(site), "127.0.0.1", 0) as port:
        for name, (data, statuses) in ATTACKS.items():
            reply = await reply_to(port, data)
            head, _, body = reply.partition(b"\r\n\r\n")
            assert int(head.split()[1]) in statuses, (name, head)
            assert b"Content-Security-Policy: default-src 'none'" in head, name
            assert b"\r\nX-Injected" not in reply, name
            assert b"Location: //" not in head, name
            assert b"Location: http" not in head, name
            for trace in (b"Traceback", b"aiohttp", b"root:"):
                assert trace not in reply, (name, trace)
            assert b"evil.example" not in body, name
        assert (await reply_to(port, get(b"/"))).startswith(b"HTTP/1.1 200")
    assert [record for record in caplog.records if "proxy" not in record.getMessage()] == []


async def test_five_thousand_requests_in_one_go_are_answered_in_order_and_hold_up_no_one(site: Site) -> None:
    waiting: list[int] = []
    request = b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n"
    slow = replace(site, rate=Rate(20, 5))
    async with serving(make_app(slow), "127.0.0.1", 0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request * 2_500 + b"GET /authors HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2_500)
        first = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)
        assert first.startswith(b"HTTP/1.1 200")
        for _ in range(5):
            started = time.monotonic()
            assert (await reply_to(port, get(b"/robots.txt"))).startswith(b"HTTP/1.1 200")
            waiting.append(round(time.monotonic() - started))
        writer.close()
    assert median(waiting) < 5


async def test_pipelined_requests_are_read_a_few_at_a_time(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 0
    begun = web.RequestHandler.data_received

    def counted(self: web.RequestHandler, data: bytes) -> None:
        nonlocal most
        begun(self, data)
        most = max(most, len(self._messages))

    monkeypatch.setattr(web.RequestHandler, "data_received", counted)
    async with serving(make_app(site), "127.0.0.1", 0) as port:
        reply = await reply_to(
            port, b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n" * 199 + get(b"/robots.txt")
        )
    assert reply.count(b"HTTP/1.1 200 OK\r\n") == 200
    assert 1 <= most <= 16


#: Names by which a page of another site may lead a browser here.
NAMES = (
    *("127.1", "0x7f000001", "0177.0.0.1", "2130706433", "evil.example", "localhost.evil.example"),
    *("127.0.0.1.nip.io", "[::ffff:127.0.0.1]", "0.0.0.0", "localhost@evil.example", ""),  # noqa: S104
    "127.0.0.1%00.evil.example",
)


@pytest.mark.parametrize("host", NAMES)
async def test_a_name_that_leads_here_opens_no_health_page(site: Site, host: str) -> None:
    async def health(_request: web.Request) -> web.Response:
        return web.Response(text="well")

    routes = [web.get("/health", health)]
    for app in (make_app(site, routes), monitoring_app.make_monitoring_app(routes, None, local=True)):
        async with serving(app, "127.0.0.1", 0) as port:
            data = f"GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
            reply = await reply_to(port, data)
            assert reply.split()[1] in {b"400", b"404"}, (host, reply[:200])
            assert b"well" not in reply


def seconds(*calls: Callable[[], object]) -> list[float]:
    """Return the least time of each call, all called in turns."""
    least = [float("inf")] * len(calls)
    for _ in range(150):
        for place, call in enumerate(calls):
            started = time.perf_counter()
            with contextlib.suppress(GoneError, ThreadNotFoundError):
                call()
            least[place] = min(least[place], time.perf_counter() - started)
    return least


def test_a_private_thread_takes_as_long_to_deny_as_one_that_is_not_there(
    site: Site, archive: Archive
) -> None:
    keep_threads(archive, [SECRET], server_id=7)
    keep_threads(archive, [UNDATED])

    def signed(thread_id: str, written: str) -> Callable[[], object]:
        return lambda: own_thread(site, PageRequest({"thread": thread_id, "token": written}))

    good = signing.token(KEY, 7, SECRET.id, NOON)
    other = "b" if good[-2] == "a" else "a"
    public = seconds(
        lambda: thread(site, PageRequest({"thread": SECRET.id})),
        lambda: thread(site, PageRequest({"thread": "0" * 12})),
    )
    private = seconds(
        signed(SECRET.id, good[:-2] + other + good[-1]),
        signed("0" * 12, good[:-2] + other + good[-1]),
        signed(SECRET.id, good[:20] + other + good[21:]),
        signed(SECRET.id, signing.token(bytes(32), 7, SECRET.id, NOON)),
    )
    for times in (public, private):
        assert max(times) < 1.5 * min(times), times


async def test_a_tampered_expired_or_foreign_signature_opens_nothing(site: Site, archive: Archive) -> None:
    keep_threads(archive, [SECRET], server_id=7)
    good = signing.token(KEY, 7, SECRET.id, NOON)
    tampered = [
        good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :] for place in range(46)
    ]
    wrong = [*tampered, signing.token(KEY, 8, SECRET.id, NOON), good.swapcase(), good + "=", good[:-1]]
    wrong.append(signing.token(KEY, 7, SECRET.id, NOON - signing.LIFETIME))
    async with client_of(site) as pages:
        for written in wrong:
            async with pages.get(f"/s/{written}/{SECRET.id}") as reply:
                assert reply.status == 404, written
        async with pages.get(f"/s/{good}/{SECRET.id}") as reply:
            assert reply.status == 200
