import logging
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web

from bot.web.app import make_app
from bot.web.rate_limit import Rate
from bot.web.responses import security_headers
from bot.web.server import serving
from bot.web.site import Site
from tests.bot.web.conftest import client_of


async def health(_request: web.Request) -> web.Response:
    return web.Response(text="well")


async def test_every_reply_carries_the_security_headers(pages: aiohttp.ClientSession) -> None:
    for path in ("/", "/nothing-here", "/robots.txt", "/t/nothing"):
        async with pages.get(path) as reply:
            assert {name: reply.headers[name] for name in security_headers(None)} == security_headers(None)
            assert "Set-Cookie" not in reply.headers


async def test_an_https_address_is_said_to_stay_one(site: Site) -> None:
    async with client_of(replace(site, public_url="https://x.example")) as pages, pages.get("/") as reply:
        assert reply.headers["Strict-Transport-Security"] == "max-age=31536000"


async def test_what_is_not_there_is_a_page_that_no_one_indexes(pages: aiohttp.ClientSession) -> None:
    async with pages.get("/nothing-here") as reply:
        assert (reply.status, reply.content_type) == (404, "text/html")
        assert "noindex" in reply.headers["X-Robots-Tag"]
        assert "There is no such page" in await reply.text()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_pages_are_only_read(pages: aiohttp.ClientSession, method: str) -> None:
    async with pages.request(method, "/", data=b"x" * 100_000) as reply:
        assert reply.status == 405
        assert reply.headers["Allow"] == "GET,HEAD"


async def test_a_head_request_gets_the_head_alone(pages: aiohttp.ClientSession) -> None:
    async with pages.get("/") as whole, pages.head("/") as head:
        assert head.status == 200
        assert head.headers["ETag"] == whole.headers["ETag"]
        assert head.headers["Content-Length"] == whole.headers["Content-Length"]
        assert await head.read() == b""


async def test_sentences_are_in_the_language_that_a_browser_asks_for(pages: aiohttp.ClientSession) -> None:
    said = {}
    for accepted in ("de-AT, en;q=0.5", "uk", "fr, en", ""):
        async with pages.get("/", headers={"Accept-Language": accepted}) as reply:
            said[accepted] = reply.headers["Content-Language"]
            assert f'lang="{said[accepted]}"' in await reply.text()
            assert "Accept-Language" in reply.headers["Vary"]
    assert list(said.values()) == ["de", "uk", "en", "en"]


async def test_an_error_is_a_page_with_a_reference_and_no_trace(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_request: web.Request) -> web.Response:
        raise RuntimeError("a secret of the house")

    caplog.set_level(logging.ERROR)
    app = make_app(site, [web.get("/broken", broken)])
    async with (
        serving(app, "127.0.0.1", 0) as port,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/broken") as reply,
    ):
        text = await reply.text()
        assert reply.status == 500
        assert reply.headers["Content-Security-Policy"]
    assert "secret" not in text
    assert "Traceback" not in text
    (record,) = caplog.records
    assert record.getMessage().split()[1].rstrip(":") in text


async def test_local_routes_answer_this_machine_only(site: Site) -> None:
    app = make_app(site, [web.get("/health", health)])
    async with serving(app, "127.0.0.1", 0) as port, aiohttp.ClientSession() as session:
        address = f"http://127.0.0.1:{port}/health"
        async with session.get(address) as reply:
            assert (reply.status, await reply.text()) == (200, "well")
        for header in (
            {"X-Forwarded-For": "203.0.113.9"},
            {"Forwarded": "for=203.0.113.9"},
            {"Via": "1.1 proxy"},
            {"Host": "threads.example.org"},
        ):
            async with session.get(address, headers=header) as reply:
                assert reply.status == 404, header


async def test_whoever_asks_too_often_is_told_to_wait(site: Site) -> None:
    async with client_of(replace(site, rate=Rate(burst=3, per_second=0.1))) as pages:
        statuses = []
        for _ in range(5):
            async with pages.get("/") as reply:
                statuses.append(reply.status)
                waits = reply.headers.get("Retry-After")
        assert statuses == [200, 200, 200, 429, 429]
        assert waits == "10"
        async with pages.get("/", headers={"X-Forwarded-For": "203.0.113.9"}) as reply:
            assert reply.status == 200
