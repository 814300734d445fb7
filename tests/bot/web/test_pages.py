"""The pages as a reader without a browser gets them."""

import gzip
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import aiohttp
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.web.site import Site
from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from tests.bot.archives import RIVERS, keep
from tests.bot.web.conftest import client_of
from tests.bot.web.threads import ARABIC, DATED, FRAGMENT, PREVIEW, UNDATED, keep_threads, thread_of

FERRY = re.compile(r"\b[Ff]err(?:y|ies)\b")
QUESTION = "Why does the ferry cross at dawn?"


async def read(pages: aiohttp.ClientSession, path: str, status: int = 200) -> LexborHTMLParser:
    async with pages.get(path) as reply:
        assert reply.status == status, path
        return LexborHTMLParser(await reply.text())


def one(page: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    found = page.css_first(selector)
    assert found is not None, selector
    return found


def texts(page: LexborHTMLParser | LexborNode, selector: str) -> list[str]:
    return [node.text() for node in page.css(selector)]


@pytest.fixture
def threads(archive: Archive) -> Archive:
    keep_threads(archive, [*DATED, UNDATED, PREVIEW, FRAGMENT, ARABIC])
    return archive


async def test_the_first_page_asks_and_lists_what_there_is(
    pages: aiohttp.ClientSession, threads: Archive
) -> None:
    page = await read(pages, "/")
    one(page, 'form[action="/ask"] input[name="q"]')
    assert len(page.css("ul.threads li")) == 8
    assert "@ada_of_the_oder" in texts(page, ".chips a")
    assert (
        f"{threads.catalog.statistics(threads.catalog.scope()).threads} threads" in texts(page, ".facts")[0]
    )


async def test_an_empty_archive_says_that_this_is_the_handbook(site: Site, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "empty.db", handbook=tmp_path / "handbook") as empty:
        async with client_of(Site(empty, site.key)) as pages:
            for path in ("/", "/ask?q=mention"):
                assert "handbook" in one(await read(pages, path), ".note").text()


async def test_an_answer_quotes_word_for_word_and_leads_to_the_post(
    pages: aiohttp.ClientSession, archive: Archive
) -> None:
    page = await read(pages, "/ask?q=Why+does+the+ferry+cross+at+dawn%3F")
    expected = archive.ask(QUESTION, archive.catalog.scope(), limit=8).excerpts[0]
    first = one(page, ".quote")
    assert one(first, "blockquote").text() == expected.quote
    assert [mark.text() for mark in first.css("mark")] == [
        expected.quote[a:b] for a, b in expected.highlights
    ]
    link = one(first, "figcaption a").attributes["href"]
    assert link is not None
    assert link.startswith(f"/t/{expected.thread.id}?q=Why%20does")
    assert link.endswith(f"#{expected.post.ordinal}")
    thread = await read(pages, link)
    assert one(thread, f'li[id="{expected.post.ordinal}"] .text').text() == expected.post.text
    assert "ferry" in [mark.text() for mark in thread.css("mark")]


async def test_an_answer_shows_as_many_quotes_as_is_set_and_all_of_discord_s_on_demand(
    pages: aiohttp.ClientSession, archive: Archive
) -> None:
    page = await read(pages, "/ask?q=ferry+current")
    more = one(page, "a.button").attributes["href"]
    assert len(page.css(".quote")) == 3
    assert more
    page = await read(pages, more)
    assert (
        len(page.css(".quote"))
        == len(archive.ask("ferry current", archive.catalog.scope(), limit=8).excerpts)
        > 3
    )
    assert page.css("a.button") == []


async def test_a_score_is_explained_by_shares_that_add_up_to_it(pages: aiohttp.ClientSession) -> None:
    page = await read(pages, "/ask?q=Why+does+the+ferry+cross+at+dawn%3F")
    for details in page.css(".quote details"):
        assert one(details, "summary").text() == "Why this quote?"
        assert "dawn" in texts(details, "p strong")
        score = float(one(details, "caption").text().split()[1].rstrip("."))
        rows = {one(row, "th").text(): float(one(row, "td").text()) for row in details.css("tbody tr")}
        assert {"ferry", "cross", "dawn"} & rows.keys()
        assert sum(rows.values()) == pytest.approx(score, abs=0.005 * (len(rows) + 1))
        bars = [float((bar.attributes["width"] or "").rstrip("%")) for bar in details.css("rect")]
        assert sum(bars) == pytest.approx(100, abs=0.1 * len(bars))


async def test_nothing_found_is_said_and_near_words_are_offered(pages: aiohttp.ClientSession) -> None:
    page = await read(pages, "/ask?q=sourdough+bread+recipes")
    assert "found nothing" in one(page, ".none").text()
    assert page.css(".quote") == []


async def test_a_misspelt_word_is_said_to_be_searched_as_another(pages: aiohttp.ClientSession) -> None:
    page = await read(pages, "/ask?q=quicksilvr+lens")
    assert "quicksilver" in one(page, ".note").text()
    thread = await read(pages, str(one(page, "figcaption a").attributes["href"]))
    assert {"quicksilver", "lens"} <= {mark.text() for mark in thread.css("mark")}


@pytest.mark.usefixtures("threads")
async def test_a_thread_has_each_post_at_its_anchor_word_for_word(pages: aiohttp.ClientSession) -> None:
    for thread in (UNDATED, DATED[0], PREVIEW, FRAGMENT, ARABIC):
        page = await read(pages, f"/t/{thread.id}")
        assert texts(page, "li.post .text") == [post.text for post in thread.posts]
        assert [one.attributes["id"] for one in page.css("li.post")] == [
            str(post.ordinal) for post in thread.posts
        ]
        assert one(page, "h1").text().strip() == thread.summary().heading


@pytest.mark.usefixtures("threads")
async def test_what_is_missing_is_marked(pages: aiohttp.ClientSession) -> None:
    page = await read(pages, f"/t/{FRAGMENT.id}")
    assert texts(page, "li.gap") == ["2 posts are missing here", "3 posts are missing here"]
    assert "fragment" in one(page, ".badge").text()
    page = await read(pages, f"/t/{PREVIEW.id}")
    assert "the rest is not in the archive" in one(page, "p.gap").text()


@pytest.mark.usefixtures("threads")
async def test_originals_and_dates_are_shown_where_they_are_known(pages: aiohttp.ClientSession) -> None:
    page = await read(pages, f"/t/{DATED[0].id}")
    links = [one.attributes["href"] for one in page.css("li.post .facts a")]
    assert links == [post.url for post in DATED[0].posts]
    assert "January 3, 2019" in one(page, "header .facts").text()
    assert (await read(pages, f"/t/{UNDATED.id}")).css("time") == []


@pytest.mark.usefixtures("threads")
async def test_a_link_preview_has_title_author_and_first_post(site: Site) -> None:
    thread = DATED[0]
    public = Site(site.archive, site.key, public_url="https://threads.example.org")
    async with client_of(public) as pages:
        page = await read(pages, f"/t/{thread.id}")
        meta = {
            node.attributes.get("property") or node.attributes.get("name"): node.attributes["content"]
            for node in page.css("meta[content]")
        }
        assert meta["og:title"] == thread.title
        assert meta["og:description"] == thread.posts[0].text
        assert meta["article:author"] == "@ada_of_the_oder"
        assert meta["og:url"] == f"https://threads.example.org/t/{thread.id}"
        async with pages.get(f"/t/{thread.id}.oembed") as reply:
            told = await reply.json()
        assert (told["author_name"], told["title"]) == ("@ada_of_the_oder", thread.title)
        assert told["author_url"] == "https://threads.example.org/author/ada_of_the_oder"


async def test_lists_have_pages_and_what_lies_beyond_is_not_there(
    pages: aiohttp.ClientSession, threads: Archive
) -> None:
    seen: list[str | None] = []
    path: str | None = "/threads"
    while path:
        page = await read(pages, path)
        seen += [one.attributes["href"] for one in page.css("ul.threads a.title")]
        following = page.css('a[rel="next"]')
        path = following[0].attributes["href"] if following else None
    total = threads.catalog.statistics(threads.catalog.scope()).threads
    assert len(seen) == len(set(seen)) == total
    await read(pages, "/threads?page=99", 404)
    await read(pages, "/threads?page=0", 404)
    for page_number in ("x", "-1", "٣", "1" * 30):
        await read(pages, f"/threads?page={page_number}", 400)


@pytest.mark.usefixtures("threads")
async def test_authors_and_their_threads_are_listed(pages: aiohttp.ClientSession) -> None:
    page = await read(pages, "/authors")
    assert texts(page, "ul.threads .title")[0] == "@ada_of_the_oder"
    for handle in (
        "ada_of_the_oder",
        "@ADA_of_the_Oder",
        "Keeper%20of%20the%20Lamp",
        "%D9%85%D9%86%D8%A7%D8%B1%D8%A9",
    ):
        assert (await read(pages, f"/author/{handle}")).css("ul.threads li") != []
    await read(pages, "/author/nobody", 404)


async def test_an_author_of_any_name_has_a_page(pages: aiohttp.ClientSession, archive: Archive) -> None:
    names = ["a/b", "a?b#c", "50% of it", "<b>", "..", "a+b&c=d", " spaced "]
    for number, name in enumerate(names):
        keep_threads(
            archive, [thread_of(f"Thread number {number} is by somebody with an odd name.", author=name)]
        )
    page = await read(pages, "/authors")
    links = {one.text(): one.attributes["href"] for one in page.css("ul.threads a.title")}
    for name in names:
        if name == "..":
            assert ".." in texts(page, "span.title")
            continue
        listed = await read(pages, str(links[name.strip()] if name.strip() in links else links[name]))
        assert len(listed.css("ul.threads li")) == 1, name


async def test_collections_are_listed_where_there_are_several(
    pages: aiohttp.ClientSession, archive: Archive
) -> None:
    archive.import_file(
        SavedFile("bees.txt", b"Bees dance.\n/1\nSo they do.\n/END\n"), collection="hives & bees"
    )
    page = await read(pages, "/")
    (link,) = [one.attributes["href"] for one in page.css(".chips a") if one.text() == "hives & bees"]
    listed = await read(pages, str(link))
    assert len(listed.css("ul.threads li")) == 1
    await read(pages, "/threads?collection=none", 404)


@pytest.mark.usefixtures("threads")
async def test_the_plain_forms_hold_every_post(pages: aiohttp.ClientSession) -> None:
    for form, kind in (("txt", "text/plain"), ("md", "text/markdown"), ("json", "application/json")):
        async with pages.get(f"/t/{FRAGMENT.id}.{form}") as reply:
            assert (reply.content_type, reply.charset) == (kind, "utf-8")
            written = await reply.text()
        assert all(post.text in written for post in FRAGMENT.posts)
    assert [post["text"] for post in json.loads(written)["posts"]] == [post.text for post in FRAGMENT.posts]


async def test_the_feed_has_the_threads_that_came_in_last(
    pages: aiohttp.ClientSession, archive: Archive
) -> None:
    keep_threads(archive, [thread_of("Not \x01 XML: ]]> & <b>, and the newest of all.", author="x & y")])
    async with pages.get("/feed.atom") as reply:
        assert reply.content_type == "application/atom+xml"
        feed = ET.fromstring(await reply.text())  # noqa: S314 - our own
    atom = "{http://www.w3.org/2005/Atom}"
    entries = feed.findall(f"{atom}entry")
    assert len(entries) == archive.catalog.statistics(archive.catalog.scope()).threads
    assert entries[0].findtext(f"{atom}title") == "Not XML: ]]> & <b>, and the newest of all."
    assert feed.findtext(f"{atom}updated") == entries[0].findtext(f"{atom}updated")


async def test_the_trend_counts_posts_by_month(pages: aiohttp.ClientSession, threads: Archive) -> None:
    page = await read(pages, "/trend?q=ferry")
    rows = {one(row, "th").text(): int(one(row, "td").text()) for row in page.css("tbody tr")}
    expected: dict[str, int] = {}
    for thread in DATED:
        for post in thread.posts:
            if FERRY.search(post.text):
                assert post.posted_at
                month = post.posted_at.strftime("%Y-%m")
                expected[month] = expected.get(month, 0) + 1
    assert rows == expected
    one(page, "svg.picture[role=img][aria-label]")
    undated = sum(bool(FERRY.search(post)) for post in RIVERS.split("/"))
    assert f"{undated} more" in one(page, "figcaption").text()
    assert threads.months("zeppelin", threads.catalog.scope()) == {}
    assert "No post holds" in one(await read(pages, "/trend?q=zeppelin"), ".none").text()


async def test_long_questions_are_refused_politely(pages: aiohttp.ClientSession, archive: Archive) -> None:
    (thread, *_) = archive.catalog.threads(archive.catalog.scope())
    for path in ("/ask", "/trend", f"/t/{thread.id}"):
        page = await read(pages, f"{path}?q={'ab%20' * 334}", 414)
        assert "1,000 characters" in one(page, "main").text()


async def test_a_page_that_is_known_is_not_sent_again(pages: aiohttp.ClientSession, archive: Archive) -> None:
    async with pages.get("/threads") as reply:
        etag, changed = reply.headers["ETag"], reply.headers["Last-Modified"]
    for header in (
        {"If-None-Match": etag},
        {"If-Modified-Since": changed},
        {"If-None-Match": f'"x", {etag}'},
    ):
        async with pages.get("/threads", headers=header) as reply:
            assert (reply.status, await reply.read()) == (304, b"")
            assert reply.headers["ETag"] == etag
    keep(archive, "bees", "The bees dance and tell where the linden blooms.\n/1\nSo they fly.\n/END\n")
    for header in ({"If-None-Match": etag}, {"If-Modified-Since": changed}):
        async with pages.get("/threads", headers=header) as reply:
            assert reply.status == 200
            assert reply.headers["Last-Modified"] != changed
    for header in (
        {"If-None-Match": '"other"', "If-Modified-Since": changed},
        {"If-Modified-Since": "rubbish"},
    ):
        async with pages.get("/threads", headers=header) as reply:
            assert reply.status == 200


async def test_pages_are_compressed_for_those_who_take_it(site: Site) -> None:
    async with client_of(site) as pages:
        async with pages.get("/", headers={"Accept-Encoding": "identity"}) as plain:
            assert "Content-Encoding" not in plain.headers
            body = await plain.read()
        async with (
            aiohttp.ClientSession(auto_decompress=False) as raw,
            raw.get(plain.url, headers={"Accept-Encoding": "br, gzip"}) as zipped,
        ):
            assert zipped.headers["Content-Encoding"] == "gzip"
            small = await zipped.read()
        assert gzip.decompress(small) == body
        assert len(small) < len(body) / 2
        async with pages.get("/", headers={"Accept-Encoding": "gzip;q=0, *;q=0"}) as refused:
            assert "Content-Encoding" not in refused.headers


async def test_static_files_may_be_kept_for_good(pages: aiohttp.ClientSession) -> None:
    page = await read(pages, "/")
    for node in page.css('link[rel="stylesheet"], link[rel="icon"]'):
        async with pages.get(str(node.attributes["href"])) as reply:
            assert reply.status == 200
            assert "immutable" in reply.headers["Cache-Control"]


async def test_every_page_says_when_it_was_seen_to_change_and_in_which_state_it_is(
    pages: aiohttp.ClientSession,
) -> None:
    for path in ("/", "/threads", "/authors", "/ask?q=ferry", "/trend?q=ferry", "/feed.atom"):
        async with pages.get(path) as reply:
            assert reply.headers["ETag"].startswith('W/"')
            assert reply.headers["Last-Modified"].endswith("GMT")
            assert reply.headers["Cache-Control"] == "public, no-cache"
