"""Signed addresses of servers' own threads: tampering, expiry, another server's member."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from bot.database import ServerFile
from bot.web.addresses import Pages, marks_of, written_marks
from bot.web.signing import LIFETIME, server_of_token, signing_key, token
from bot.web.site import Site
from retrieval.archive import Archive
from tests.bot.web.conftest import KEY, NOON, client_of
from tests.bot.web.threads import UNDATED, keep_threads, thread_of

OURS, THEIRS = 111_111_111_111_111_111, 2**64 - 1
ONE = "0123456789ab"
SECRET = thread_of("The harbour office keeps a list of every lamp that was ever moved.", title="Our own")

servers = st.integers(0, 2**64 - 1)
ids = st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=12, max_size=12)
moments = st.timedeltas(timedelta(0), timedelta(days=9_000)).map(lambda passed: NOON + passed)


@given(servers, ids, moments, st.binary(min_size=32, max_size=32))
def test_a_token_opens_one_thread_of_one_server_for_a_day(
    server: int, thread: str, now: datetime, key: bytes
) -> None:
    made = token(key, server, thread, now)
    assert len(made) == 46
    assert server_of_token(key, made, thread, now) == server
    assert server_of_token(key, made, thread, now + LIFETIME - timedelta(seconds=1)) == server
    assert server_of_token(key, made, thread, now + LIFETIME) is None


@given(servers, ids, ids, st.integers(0, 45), st.sampled_from("AZaz09-_é=/."))
def test_a_changed_token_opens_nothing(
    server: int, thread: str, other: str, place: int, character: str
) -> None:
    made = token(KEY, server, thread, NOON)
    changed = made[:place] + character + made[place + 1 :]
    if changed != made:
        assert server_of_token(KEY, changed, thread, NOON) is None
    if other != thread:
        assert server_of_token(KEY, made, other, NOON) is None
    assert server_of_token(bytes(32), made, thread, NOON) is None
    assert server_of_token(KEY, made[:-1], thread, NOON) is None
    assert server_of_token(KEY, made + "A", thread, NOON) is None


@given(st.text(max_size=60))
def test_no_text_is_a_token_or_trouble(written: str) -> None:
    assert server_of_token(KEY, written, ONE, NOON) is None
    assert len(marks_of(written)) <= 8


@given(st.lists(st.integers(0, 2**16 - 1), max_size=8))
def test_marks_survive_being_written_in_an_address(marks: list[int]) -> None:
    assert marks_of(written_marks(marks)) == tuple(marks)


def test_the_key_is_made_once_and_kept(tmp_path: Path) -> None:
    keys = []
    for _ in range(2):
        with ServerFile.open(tmp_path / "servers.db") as file:
            keys.append(signing_key(file))
    assert keys[0] == keys[1]
    assert len(keys[0]) == 32
    with ServerFile.open(tmp_path / "others.db") as file:
        assert signing_key(file) != keys[0]


@pytest.fixture
def own(archive: Archive) -> Archive:
    keep_threads(archive, [SECRET], server_id=OURS)
    keep_threads(archive, [UNDATED])
    return archive


def path_of(server: int, thread: str = SECRET.id, *, made: datetime = NOON, key: bytes = KEY) -> str:
    return Pages("", key).address(thread, made, server_id=server)


@pytest.mark.usefixtures("own")
async def test_a_signed_address_shows_the_thread_to_all_who_have_it(pages: aiohttp.ClientSession) -> None:
    for form in ("", ".txt", ".md", ".json"):
        async with pages.get(path_of(OURS) + form) as reply:
            assert reply.status == 200
            assert SECRET.posts[0].text.split(" keeps")[0] in await reply.text()
            assert reply.headers["Cache-Control"] == "private, no-store"
            assert "noindex" in reply.headers["X-Robots-Tag"]
            assert reply.headers["Referrer-Policy"] == "no-referrer"
            assert "ETag" not in reply.headers


@pytest.mark.usefixtures("own")
async def test_a_private_page_tells_previews_and_search_engines_nothing(pages: aiohttp.ClientSession) -> None:
    async with pages.get(path_of(OURS)) as reply:
        page = LexborHTMLParser(await reply.text())
    assert (
        page.css('meta[property^="og:"], link[rel="canonical"], link[type="application/json+oembed"]') == []
    )
    assert page.css_first('meta[name="robots"]') is not None


@pytest.mark.usefixtures("own")
async def test_anything_else_gets_what_a_thread_that_does_not_exist_gets(
    site: Site, pages: aiohttp.ClientSession
) -> None:
    good = path_of(OURS)
    changed = good.replace(good.split("/")[2], token(KEY, OURS, "0" * 12, NOON))
    wrong = {
        "no such thread": f"/t/{'0' * 12}",
        "without a signature": f"/t/{SECRET.id}",
        "its plain form": f"/t/{SECRET.id}.json",
        "its preview": f"/t/{SECRET.id}.oembed",
        "another thread's token": changed,
        "expired": path_of(OURS, made=NOON - LIFETIME),
        "another server's member": path_of(THEIRS),
        "another key": path_of(OURS, key=bytes(32)),
        "a public thread": path_of(OURS, UNDATED.id),
        "rubbish": f"/s/rubbish/{SECRET.id}",
    }
    replies = {}
    for name, path in wrong.items():
        async with pages.get(path) as reply:
            body = await reply.text()
            varying = {"Date", "Content-Length", "Content-Encoding"}
            headers = {key: value for key, value in reply.headers.items() if key not in varying}
            replies[name] = reply.status, headers, body
    assert {status for status, _, _ in replies.values()} == {404}
    assert all(reply == replies["no such thread"] for reply in replies.values())
    tomorrow = replace(site, now=lambda: NOON + LIFETIME)
    async with client_of(tomorrow) as later, later.get(good) as reply:
        assert reply.status == 404


@pytest.mark.usefixtures("own")
async def test_no_public_page_shows_a_server_s_own_thread(pages: aiohttp.ClientSession) -> None:
    for path in (
        "/",
        "/threads",
        "/authors",
        "/ask?q=harbour+office+lamp+list",
        "/feed.atom",
        "/trend?q=harbour",
    ):
        async with pages.get(path) as reply:
            text = await reply.text()
            assert SECRET.id not in text
            assert "harbour office keeps" not in text
    async with pages.get("/trend?q=harbour") as reply:
        assert "No post holds these words" in await reply.text()
    async with pages.get("/threads?collection=own") as reply:
        assert reply.status == 404


async def test_an_address_of_a_thread_that_others_open_alike_with_lists_them(
    archive: Archive, pages: aiohttp.ClientSession
) -> None:
    alike = [thread_of(SECRET.posts[0].text, f"In year {year} it was empty.") for year in (1901, 1902, 1903)]
    for server_id in (OURS, None):
        keep_threads(archive, alike, server_id=server_id)
    for path in (path_of(OURS, alike[0].id), f"/t/{alike[0].id}"):
        async with pages.get(path) as reply:
            assert reply.status == 300
            page = LexborHTMLParser(await reply.text())
        links = [node.attributes["href"] for node in page.css("ul.threads a.title")]
        assert len(links) == 3
        named = [node.text() for node in page.css("ul.threads a.title")]
        assert sorted(named) == [f"… In year {year} it was empty." for year in (1901, 1902, 1903)]
        for form in ("json", "md", "txt"):
            async with pages.get(f"{path}.{form}") as reply:
                assert reply.status == 300
                listed = await reply.text()
            for link in links:
                thread_id = (link or "").rpartition("/")[2]
                (address,) = re.findall(rf"\S*/{thread_id}\.{form}", listed.replace("<", " "))
                async with pages.get(address.strip('"')) as reply:
                    assert reply.status == 200
        shown = set()
        for link in links:
            assert link is not None
            async with pages.get(link) as reply:
                assert reply.status == 200
                body = await reply.text()
                shown |= {year for year in (1901, 1902, 1903) if f"In year {year}" in body}
        assert shown == {1901, 1902, 1903}
