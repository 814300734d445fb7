"""The guard against names, redirects and servers that mean no good."""

import asyncio
import gzip
import re
import zlib
from collections.abc import Callable

import pytest
from aiohttp import web

from bot.fetching.errors import FetchError, RefusedAddressError
from bot.fetching.guard import FetchLimits, Guard
from tests.bot.fetching.services import INSTANCE, Handler, serving
from tests.bot.fetching.test_addresses import NEVER
from tests.promises.figures import note

LINK = f"https://{INSTANCE}/thing"
QUICK = FetchLimits(seconds=1.0)


def answering(make: Callable[[web.BaseRequest], web.StreamResponse]) -> Handler:
    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        return make(request)

    return handler


async def reason(handler: Handler, link: str = LINK, limits: FetchLimits | None = None) -> FetchError:
    async with serving(handler) as served, served.guard(limits) as guard:
        with pytest.raises(FetchError) as refused:
            await guard.get(link)
        return refused.value


async def test_json_is_fetched_with_a_contact_and_no_cookie() -> None:
    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        assert "Cookie" not in request.headers
        assert "Authorization" not in request.headers
        response = web.json_response({"a": 1})
        response.set_cookie("mark", "1")
        return response

    async with serving(handler) as served, served.guard() as guard:
        for _ in range(2):
            assert (await guard.get(LINK)).body == b'{"a": 1}'
    assert served.agents == {"Bobbin/test (contact: test@example.org)"}
    assert served.waits
    assert 0 < served.waits[0] <= 1


async def test_nothing_is_requested_from_any_address_that_is_not_of_the_public_web() -> None:
    """As a link, and as where a public address leads on to."""
    onward: list[str] = []
    leading = answering(lambda _request: web.Response(status=302, headers={"Location": onward.pop()}))
    # Without a host a redirect stays where it was; a line break is no header's.
    sendable = [link for link in NEVER if re.fullmatch(r"\w+://[^/\r\n\0][^\r\n\0]*", link)]
    async with serving(leading) as served, served.guard() as guard:
        for link in NEVER:
            with pytest.raises(RefusedAddressError):
                await guard.get(link)
        assert (served.requests, served.lookups) == ([], [])
        for link in sendable:
            onward.append(link)
            with pytest.raises(FetchError):
                await guard.get(LINK)
    elsewhere = len(served.requests) - len(sendable)
    note(f"{len(NEVER)} links and {len(sendable)} redirects: {elsewhere} requests")
    assert elsewhere == 0
    assert {*served.lookups} == {INSTANCE}


@pytest.mark.parametrize(
    "addresses",
    [
        ["10.0.0.1"],
        ["127.0.0.2"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:10.0.0.1"],
        ["64:ff9b::a00:1"],
        ["1.1.1.1", "10.0.0.1"],
        ["127.0.0.1", "192.168.0.1"],
        [],
    ],
)
async def test_a_name_with_one_private_address_is_refused(addresses: list[str]) -> None:
    async with serving(answering(lambda _request: web.json_response({}))) as served, served.guard() as guard:
        served.names[INSTANCE] = addresses
        with pytest.raises(RefusedAddressError):
            await guard.get(LINK)
    assert served.requests == []


async def test_a_name_that_changes_its_address_is_checked_with_each_connection() -> None:
    async def closing(_request: web.BaseRequest) -> web.StreamResponse:
        return web.json_response({}, headers={"Connection": "close"})

    async with serving(closing) as served, served.guard() as guard:
        await guard.get(LINK)
        assert served.lookups == [INSTANCE]
        served.names[INSTANCE] = ["10.0.0.1"]
        with pytest.raises(RefusedAddressError):
            await guard.get(LINK)
    assert len(served.requests) == 1


@pytest.mark.parametrize(
    "onward",
    [
        "https://127.0.0.1/",
        "https://[::ffff:127.0.0.1]/",
        "http://tooting.example/other",
        "https://tooting.example:8443/",
        "https://user@tooting.example/",
        "//2130706433/",
        "https://inner.example/",
        "file:///etc/passwd",
    ],
)
async def test_a_redirect_is_checked_as_the_first_address_was(onward: str) -> None:
    handler = answering(lambda _request: web.Response(status=302, headers={"Location": onward}))
    async with serving(handler) as served, served.guard() as guard:
        served.names["inner.example"] = ["10.0.0.1"]
        with pytest.raises(RefusedAddressError):
            await guard.get(LINK)
    assert len(served.requests) == 1


async def test_three_redirects_are_followed_and_no_fourth() -> None:
    def leading(request: web.BaseRequest) -> web.StreamResponse:
        step = int(request.query.get("step", 0))
        last = int(request.query.get("last", 3))
        if step == last:
            return web.json_response({})
        return web.Response(status=307, headers={"Location": f"/thing?last={last}&step={step + 1}"})

    async with serving(answering(leading)) as served, served.guard() as guard:
        assert (await guard.get(LINK)).status == 200
        with pytest.raises(FetchError, match="more than 3 times"):
            await guard.get(f"{LINK}?last=4")


async def test_a_bomb_stops_at_the_limit() -> None:
    packer = zlib.compressobj(wbits=31)
    block = bytes(2**20)
    packed = b"".join(packer.compress(block) for _ in range(200)) + packer.flush()
    handler = answering(
        lambda _request: web.Response(
            body=packed, content_type="application/json", headers={"Content-Encoding": "gzip"}
        )
    )
    assert "more than 8 MiB" in str(await reason(handler))


async def test_an_endless_plain_answer_stops_at_the_limit() -> None:
    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        for _ in range(10_000):
            await response.write(bytes(2**16))
        return response

    assert "more than 8 MiB" in str(await reason(handler))


async def test_a_drip_ends_when_its_time_is_over() -> None:
    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.05)

    assert "no answer within 1 seconds" in str(await reason(handler, limits=QUICK))


async def test_headers_without_end_are_refused() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n")
        try:
            while True:
                writer.write(b"X-More: " + b"a" * 4_000 + b"\r\n")
                await writer.drain()
        except ConnectionError:
            writer.close()

    async with serving(answering(lambda _request: web.json_response({}))) as served:
        # The same certificate, by a server that speaks no HTTP of its own accord.
        server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=served.certificate)
        served.port = server.sockets[0].getsockname()[1]
        async with served.guard(QUICK) as guard:
            with pytest.raises(FetchError):
                await guard.get(LINK)
        server.close()


@pytest.mark.parametrize(
    ("response", "why"),
    [
        (lambda: web.Response(text="<html>", content_type="text/html"), "no page that a service gives"),
        (lambda: web.Response(body=b"x", content_type="image/png"), "no page that a service gives"),
        (
            lambda: web.Response(
                body=b"no gzip", content_type="application/json", headers={"Content-Encoding": "gzip"}
            ),
            "damaged bytes",
        ),
        (
            lambda: web.Response(
                body=b"{}", content_type="application/json", headers={"Content-Encoding": "br"}
            ),
            "packing that was not asked for",
        ),
        (lambda: web.Response(status=404), "no public post"),
        (lambda: web.Response(status=410), "no public post"),
        (lambda: web.Response(status=401), "logged in"),
        (lambda: web.Response(status=403), "logged in"),
        (lambda: web.Response(status=500), "error \\(500\\)"),
        (lambda: web.Response(status=302), "leads on|no address|https only"),
    ],
)
async def test_what_is_no_answer_is_refused_in_words(
    response: Callable[[], web.StreamResponse], why: str
) -> None:
    error = await reason(answering(lambda _request: response()))
    assert re.search(why, str(error))


async def test_a_host_that_asks_for_rest_is_left_alone() -> None:
    handler = answering(lambda _request: web.Response(status=429, headers={"Retry-After": "300"}))
    async with serving(handler) as served, served.guard() as guard:
        for _ in range(3):
            with pytest.raises(FetchError, match="left alone for") as refused:
                await guard.get(LINK)
            assert refused.value.retry_after == pytest.approx(300, abs=2)
    assert len(served.requests) == 1


async def test_requests_to_one_host_come_one_after_the_other() -> None:
    inside = most = 0

    async def handler(_request: web.BaseRequest) -> web.StreamResponse:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.01)
        inside -= 1
        return web.json_response({})

    async with serving(handler) as served, served.guard() as guard:
        await asyncio.gather(*(guard.get(f"{LINK}?{number}") for number in range(5)))
    assert most == 1
    assert len(served.waits) == 4


async def test_the_environment_takes_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with serving(answering(lambda _request: web.json_response({}))) as served, served.guard() as guard:
        assert (await guard.get(LINK)).status == 200


async def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    async with serving(answering(lambda _request: web.json_response({}))) as served:
        served.context = None
        async with served.guard() as guard:
            with pytest.raises(FetchError, match="certificate"):
                await guard.get(LINK)


async def test_the_loopback_is_out_of_reach_without_the_seam() -> None:
    async with Guard("Bobbin/test") as guard:
        for link in ("https://localhost.localdomain/", "https://127.0.0.1/", "https://[::1]/"):
            with pytest.raises(FetchError):
                await guard.get(link)


async def test_a_packed_answer_is_unpacked() -> None:
    body = gzip.compress(b'{"a": 1}')
    handler = answering(
        lambda _request: web.Response(
            body=body, content_type="application/json", headers={"Content-Encoding": "gzip"}
        )
    )
    async with serving(handler) as served, served.guard() as guard:
        assert (await guard.get(LINK)).body == b'{"a": 1}'
