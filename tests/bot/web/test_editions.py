"""The pages of digests: their signed addresses, what they show, and what is gone from them."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from bot.database import ServerFile
from bot.digest.contents import Digest
from bot.digest.editions import Edition, Editions, write_edition
from bot.web.addresses import Pages
from bot.web.page import valid_utf8
from bot.web.signing import digest_of_token, digest_token
from bot.web.site import Site
from retrieval.archive import Archive
from tests.bot.web.conftest import KEY, NOON, client_of
from tests.bot.web.hostile import INJECTIONS
from tests.bot.web.rules import ATOM, check_feed
from tests.bot.web.threads import DATED, UNDATED, keep_threads, thread_of

OURS, THEIRS = 111_111_111_111_111_111, 2**64 - 1
SECRET = thread_of("The harbour office keeps a list of every lamp that was ever moved.", title="Our own")
FOREIGN = thread_of("The other office counts the gulls on its roof, and writes them down.", title="Not ours")
MONDAY = date(2026, 2, 23)
BASE = f"/d/{digest_token(KEY, OURS, 3)}"

servers = st.integers(0, 2**64 - 1)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[ServerFile]:
    with ServerFile.open(tmp_path / "servers.db") as opened:
        yield opened


@pytest.fixture
def site(archive: Archive, site: Site, file: ServerFile) -> Site:
    keep_threads(archive, [SECRET], server_id=OURS)
    keep_threads(archive, [FOREIGN], server_id=THEIRS)
    keep_threads(archive, [UNDATED, *DATED[:3]])
    known = Editions(file)
    return replace(site, editions=lambda: contextlib.nullcontext(known))


def posted(day: date, *, server: int = OURS, number: int = 3, **more: object) -> Edition:
    moment = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    return Edition(server, number, day, "", moment, **more)  # type: ignore[arg-type]


def write(file: ServerFile, *editions: Edition) -> None:
    with file.changing() as db:
        for one in editions:
            write_edition(db, one)


async def opened(pages: aiohttp.ClientSession, path: str) -> tuple[int, str]:
    async with pages.get(path) as reply:
        return reply.status, await reply.text()


@given(servers, st.integers(0, 9), st.binary(min_size=32, max_size=32))
def test_a_token_names_one_digest_for_good(server: int, number: int, key: bytes) -> None:
    made = digest_token(key, server, number)
    assert len(made) == 40
    assert digest_of_token(key, made) == (server, number)


@given(servers, st.integers(0, 9), st.integers(0, 39), st.sampled_from("AZaz09-_é=/."))
def test_a_changed_token_names_nothing(server: int, number: int, place: int, character: str) -> None:
    made = digest_token(KEY, server, number)
    changed = made[:place] + character + made[place + 1 :]
    if changed != made:
        assert digest_of_token(KEY, changed) is None
    for other in (made[:-1], made + "A", digest_token(bytes(32), server, number)):
        assert digest_of_token(KEY, other) is None


@given(st.text(max_size=60))
def test_no_text_is_a_token_or_trouble(written: str) -> None:
    assert digest_of_token(KEY, written) is None


async def test_an_edition_shows_its_threads_word_for_word_and_leads_to_them(
    file: ServerFile, pages: aiohttp.ClientSession
) -> None:
    write(file, posted(MONDAY, new=(UNDATED.id, SECRET.id), more=4, archive=(DATED[0].id,)))
    async with pages.get(f"{BASE}/2026-02-23") as reply:
        page = LexborHTMLParser(await reply.text())
        assert reply.status == 200
        assert reply.headers["Cache-Control"] == "private, no-store"
        assert "noindex" in reply.headers["X-Robots-Tag"]
        assert reply.headers["Referrer-Policy"] == "no-referrer"
    heading = page.css_first("h1")
    assert heading is not None
    assert heading.text() == "Digest · February 23, 2026"
    assert [one.text() for one in page.css("main h2")] == ["6 new threads", "From the archive"]
    assert "and 4 more" in page.text()
    posts = [post.text for thread in (UNDATED, SECRET, DATED[0]) for post in thread.posts]
    quotes = [one.text().strip("… \n") for one in page.css("blockquote")]
    assert len(quotes) == 3
    assert all(any(quote in text for text in posts) for quote in quotes)
    links = [one.attributes["href"] or "" for one in page.css("main h3 a")]
    assert [link[:3] for link in links] == ["/t/", "/s/", "/t/"]
    for link, text in zip(links, quotes, strict=True):
        status, thread = await opened(pages, link.partition("#")[0])
        assert status == 200
        assert text.split("\n")[0] in LexborHTMLParser(thread).text()


async def test_the_link_to_a_server_s_own_thread_ends_after_a_day_and_the_page_makes_a_new_one(
    file: ServerFile, site: Site
) -> None:
    write(file, posted(MONDAY, new=(SECRET.id,)))
    later = replace(site, now=lambda: NOON + timedelta(days=700))
    links = []
    for one in (site, later):
        async with client_of(one) as pages:
            status, text = await opened(pages, f"{BASE}/2026-02-23")
            assert status == 200
            links += [one.attributes["href"] or "" for one in LexborHTMLParser(text).css("main h3 a")]
    async with client_of(later) as pages:
        assert [(await opened(pages, link.partition("#")[0]))[0] for link in links] == [404, 200]


async def test_before_and_after_lead_over_days_without_a_digest(
    file: ServerFile, pages: aiohttp.ClientSession
) -> None:
    days = [MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=9), date(2031, 1, 1)]
    write(file, *(posted(day, new=(UNDATED.id,)) for day in days))
    write(
        file, posted(MONDAY + timedelta(days=2), number=4), posted(MONDAY + timedelta(days=3), server=THEIRS)
    )
    way, path = [], f"{BASE}/{days[0]}"
    for relation in ("next", "prev"):
        while path:
            status, text = await opened(pages, path)
            assert status == 200
            way.append(path.rpartition("/")[2])
            links = LexborHTMLParser(text).css(f'a[rel="{relation}"]')
            path = (links[0].attributes["href"] or "") if links else ""
        path = f"{BASE}/{days[-1]}"
    named = [day.isoformat() for day in days]
    assert way == [*named, *reversed(named)]


async def test_the_list_has_every_edition_the_newest_first_and_goes_on(
    file: ServerFile, pages: aiohttp.ClientSession
) -> None:
    days = [MONDAY + timedelta(days=passed) for passed in range(65)]
    write(file, *(posted(day, archive=(UNDATED.id,)) for day in days))
    seen: list[str] = []
    for page in (1, 2, 3):
        status, text = await opened(pages, f"{BASE}?page={page}")
        assert status == 200
        seen += [
            one.attributes["datetime"] or "" for one in LexborHTMLParser(text).css("main ul.threads time")
        ]
    assert seen == [day.isoformat() for day in reversed(days)]
    for wrong, status in (("0", 404), ("4", 404), ("x", 400), ("1" * 9, 400)):
        assert (await opened(pages, f"{BASE}?page={wrong}"))[0] == status


async def test_the_feed_is_atom_and_its_entries_keep_their_names(file: ServerFile, site: Site) -> None:
    days = [MONDAY + timedelta(days=passed) for passed in range(40)]
    write(file, *(posted(day, archive=(SECRET.id,), new=(UNDATED.id,)) for day in days))
    public = replace(site, public_url="https://threads.example.org/bobbin")
    async with client_of(public) as pages, pages.get(f"/bobbin{BASE}/feed.atom") as reply:
        assert reply.status == 200
        assert reply.content_type == "application/atom+xml"
        assert reply.headers["Cache-Control"] == "private, no-store"
        feed = check_feed(await reply.text(), public=True)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 30
    ids = [entry.findtext(f"{ATOM}id") or "" for entry in entries]
    assert [name.rpartition("/")[2] for name in ids] == [day.isoformat() for day in reversed(days)][:30]
    assert str(OURS) not in "".join(ids)


async def test_what_was_taken_out_is_gone_from_the_page_and_the_page_says_how_much(
    archive: Archive, file: ServerFile, pages: aiohttp.ClientSession
) -> None:
    write(file, posted(MONDAY, new=(UNDATED.id, SECRET.id), archive=(DATED[0].id,)))
    archive.forget_author("Keeper of the Lamp")
    for path in (BASE, f"{BASE}/2026-02-23", f"{BASE}/feed.atom"):
        status, text = await opened(pages, path)
        assert status == 200
        assert "lighthouse" not in text
        assert UNDATED.id not in text
        assert "Our own" in text
    assert "One thread of this digest has been taken out" in (await opened(pages, f"{BASE}/2026-02-23"))[1]


async def test_another_server_s_thread_is_never_shown_even_where_an_edition_names_it(
    file: ServerFile, pages: aiohttp.ClientSession
) -> None:
    write(file, posted(MONDAY, new=(FOREIGN.id, UNDATED.id)))
    for path in (BASE, f"{BASE}/2026-02-23", f"{BASE}/feed.atom"):
        status, text = await opened(pages, path)
        assert status == 200
        assert "gulls" not in text
        assert "Not ours" not in text


async def test_anything_else_gets_what_a_page_that_does_not_exist_gets(
    file: ServerFile, site: Site, pages: aiohttp.ClientSession
) -> None:
    write(file, posted(MONDAY, new=(UNDATED.id,)))
    wrong = [
        f"{BASE}/2026-02-24",
        f"{BASE}/2026-02-31",
        f"/d/{digest_token(KEY, OURS, 2)}",
        f"/d/{digest_token(KEY, THEIRS, 3)}/2026-02-23",
        f"/d/{digest_token(bytes(32), OURS, 3)}/2026-02-23",
        f"/d/{digest_token(bytes(32), OURS, 3)}/feed.atom",
        f"/d/{digest_token(KEY, THEIRS, 3)}/feed.atom",
        "/d/rubbish",
        "/d/rubbish/2026-02-23",
    ]
    replies = {await opened(pages, path) for path in wrong}
    assert {status for status, _ in replies} == {404}
    assert len(replies) == 1
    async with client_of(replace(site, editions=None)) as without:
        assert (await opened(without, f"{BASE}/2026-02-23"))[0] == 404


async def test_hostile_names_and_texts_stay_text(
    archive: Archive, file: ServerFile, pages: aiohttp.ClientSession
) -> None:
    hostile = [valid_utf8(text) for text in INJECTIONS]
    keep_threads(
        archive,
        [thread_of(f"{text} and a lamp that was moved.", title=text, author=text) for text in hostile],
    )
    ids = tuple(sorted(one.id for one in archive.catalog.threads(archive.catalog.scope(OURS))))
    days = [MONDAY + timedelta(days=passed) for passed in range(len(hostile))]
    write(
        file,
        *(replace(posted(day, new=ids[:3]), name=text) for day, text in zip(days, hostile, strict=True)),
        posted(days[-1] + timedelta(days=1), new=ids),
    )
    last = days[-1] + timedelta(days=1)
    for path in (BASE, f"{BASE}?page=2", f"{BASE}/{last}", *(f"{BASE}/{day}" for day in days)):
        status, body = await opened(pages, path)
        assert status == 200
        page = LexborHTMLParser(body)
        assert page.css("script, iframe, object, style, base, [onerror], [onload], [onmouseover]") == []
        assert len(page.css("h1")) == 1
        assert not page.css('a[href^="javascript"]')
    shown = LexborHTMLParser((await opened(pages, f"{BASE}/{last}"))[1])
    assert len(shown.css("blockquote")) == len(ids)
    check_feed((await opened(pages, f"{BASE}/feed.atom"))[1], public=False)


def test_the_address_in_discord_is_that_of_the_page() -> None:
    pages = Pages("https://threads.example.org", KEY)
    assert pages.edition(Digest(OURS, MONDAY, number=3)) == f"https://threads.example.org{BASE}/2026-02-23"
