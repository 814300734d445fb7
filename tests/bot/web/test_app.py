import html
import logging
import re
from dataclasses import replace
from ipaddress import ip_network

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from bot.web.app import make_app
from bot.web.rate_limit import SECONDS_PER_TOKEN, Rate, RateLimiter
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


async def test_an_https_address_is_declared_to_stay_one(site: Site) -> None:
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
    async with pages.get("/threads") as whole, pages.head("/threads") as head:
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
    assert record.getMessage().split()[-1] in text


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


async def test_a_visitor_who_asks_too_often_has_to_wait(site: Site) -> None:
    proxies = (ip_network("127.0.0.1/32"),)
    limited = replace(site, rate=Rate(burst=3, per_second=0.1), trusted_proxies=proxies)
    async with client_of(limited) as pages:
        statuses = []
        for _ in range(5):
            async with pages.get("/nothing-here") as reply:
                statuses.append(reply.status)
                waits = reply.headers.get("Retry-After")
        assert statuses == [404, 404, 404, 429, 429]
        assert waits == "10"
        async with pages.get("/", headers={"X-Forwarded-For": "203.0.113.9"}) as reply:
            assert reply.status == 200


async def test_a_head_request_for_a_page_that_was_not_made_makes_none(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    monkeypatch.setattr("bot.web.thread.render_template", lambda *_, **__: made.append("made"))
    (thread, *_) = site.archive.catalog.threads(site.scope())
    async with client_of(site) as pages:
        for path, status in ((f"/t/{thread.id}?q=ferry", 200), ("/t/zzzzzzzzzzzz", 404), ("/ask?q=x", 200)):
            async with pages.head(path) as head:
                assert (head.status, head.content_type) == (status, "text/html")
                assert "Content-Length" not in head.headers or status != 200
    assert made == []


async def test_a_page_that_a_client_has_is_not_made_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.archive.refresh()
    (thread, *_) = site.archive.catalog.threads(site.scope())
    path = f"/t/{thread.id}?q=ferry"
    async with client_of(site) as pages, pages.get(path) as first:
        etag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    monkeypatch.setattr("bot.web.thread.render_template", lambda *_, **__: pytest.fail("made again"))
    async with client_of(site) as pages:
        for header in ({"If-None-Match": etag}, {"If-Modified-Since": changed}):
            async with pages.get(path, headers=header) as reply:
                assert reply.status == 304
        async with pages.get("/t/zzzzzzzzzzzz", headers={"If-Modified-Since": changed}) as reply:
            assert reply.status == 404


def test_long_work_is_charged_to_the_client_that_asked_for_it() -> None:
    rates = RateLimiter(Rate(burst=100, per_second=0.01))
    assert rates.take("a", 1, 0.0) == 0.0
    rates.charge("a", 50 * SECONDS_PER_TOKEN, 1.0)
    assert rates.take("a", 51, 0.0) > 0
    assert rates.take("a", 50, 0.0) == 0.0
    rates.charge("a", 1e9, 1.0)
    assert rates.take("a", 1, 0.0) == pytest.approx(101 / 0.01)
    assert rates.take("b", 100, 0.0) == 0.0


async def test_addresses_that_people_type_lead_to_the_page(site: Site) -> None:
    (thread, *_) = site.archive.catalog.threads(site.scope())
    async with client_of(site) as pages:
        for typed, path in (
            ("/threads/", "/threads"),
            ("/threads/?page=1", "/threads?page=1"),
            (f"/de/t/{thread.id}/", f"/de/t/{thread.id}"),
        ):
            async with pages.get(typed, allow_redirects=False) as reply:
                assert (reply.status, reply.headers["Location"]) == (308, path), typed
            async with pages.get(typed) as reply:
                assert reply.status == 200, typed
        for path in (f"/t/{thread.id.upper()}", f"/t/{thread.id.upper()}.md", f"/de/t/{thread.id.title()}"):
            async with pages.get(path) as reply:
                assert reply.status == 200, path
        for odd in (
            "//evil.example/",
            "/%5Cevil.example/",
            "/%2f%2fevil.example",
            "/a%0d%0aSet-Cookie:%20b/",
        ):
            address = URL(f"{pages._base_url}".rstrip("/") + odd, encoded=True)
            async with pages.get(address, allow_redirects=False) as reply:
                location = reply.headers.get("Location", "/")
                assert location.startswith("/")
                assert not location.startswith(("//", "/\\"))
        async with pages.get("/favicon.ico") as reply:
            assert (reply.status, reply.content_type) == (200, "image/svg+xml")
            assert "immutable" not in reply.headers["Cache-Control"]
        async with pages.get("/robots.txt") as reply:
            assert "immutable" not in reply.headers["Cache-Control"]


async def test_a_public_address_may_have_a_path(site: Site) -> None:
    public = replace(site, public_url="https://x.example/deep/bobbin")
    (thread, *_) = site.archive.catalog.threads(site.scope())
    async with client_of(public) as pages:
        seen: set[str] = set()
        paths = ["/", "/deep/bobbin", "/deep/bobbin/de/threads", "/nothing-here"]
        while paths:
            path = paths.pop(0)
            if path in seen or len(seen) > 120:
                continue
            seen.add(path)
            async with pages.get(URL(path, encoded=True)) as reply:
                assert reply.status == (404 if "nothing" in path else 200), path
                if reply.content_type != "text/html":
                    continue
                text = await reply.text()
            for link in re.findall(r'(?:href|src|action)="(/[^"#]*|\?[^"#]*)', text):
                assert link.startswith(("/deep/bobbin", "?")), (path, link)
                if link.startswith("/") and "nothing" not in link:
                    paths.append(html.unescape(link))
        assert f"/deep/bobbin/t/{thread.id}" in seen
