"""The pages as a reader without a browser gets them."""

import gzip
import json
import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import aiohttp
import jsonschema
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.web.citations import Citation, markdown_citation, text_citation
from bot.web.site import Site
from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from tests.bot.archives import RIVERS, keep
from tests.bot.cli.schemas import ANSWER
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


async def test_nothing_found_is_stated_and_near_words_are_offered(pages: aiohttp.ClientSession) -> None:
    page = await read(pages, "/ask?q=sourdough+bread+recipes")
    assert "found nothing" in one(page, ".none").text()
    assert page.css(".quote") == []


async def test_a_question_in_a_language_that_no_thread_is_in_is_answered_so(
    pages: aiohttp.ClientSession,
) -> None:
    page = await read(pages, "/ask?q=когда+построили+мост%3F")
    assert "This reads as Russian" in " ".join(texts(page, ".note"))
    page = await read(pages, "/ask?q=sourdough+bread+recipes")
    assert "This reads as" not in " ".join(texts(page, ".note"))


async def test_a_misspelt_word_is_shown_as_searched_as_another(pages: aiohttp.ClientSession) -> None:
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
    assert threads.answers.months("zeppelin", threads.catalog.scope()) == {}
    assert "No post holds" in one(await read(pages, "/trend?q=zeppelin"), ".none").text()
    assert "too common to count" in one(await read(pages, "/trend?q=of+the"), ".none").text()
    assert "no word in this" in one(await read(pages, "/trend?q=%3F%3F"), ".none").text()
    counted = [
        (await (await pages.get(f"/api/v1/trend?words={words}")).json())["uncounted"]
        for words in ("the", "%3F%3F", "zeppelin", "ferry")
    ]
    assert counted == ["common", "wordless", None, None]


async def test_a_quotation_is_checked_and_shown_beside_its_post(pages: aiohttp.ClientSession) -> None:
    quote = "The ferry at Gozdowice crosses at dawn because the current is calm then"
    page = await read(pages, f"/verify?q={quote}")
    assert one(page, ".none").text().startswith("Exact")
    assert quote in one(page, "blockquote").text()
    page = await read(pages, f"/verify?q={quote.replace('dawn', 'noon')}&author=Ada")
    assert (one(page, "del").text(), one(page, "ins").text()) == ("noon", "dawn")
    assert one(page, ".none").text().startswith("Altered")
    async with pages.get("/verify.json", params={"q": quote.replace("dawn", "noon")}) as reply:
        check = await reply.json()
    assert (check["result"], check["author_matches"]) == ("altered", None)
    assert len((await read(pages, "/verify")).css("textarea")) == 1
    assert one(await read(pages, "/verify?q=the%20ferry"), ".none").text().startswith("Too short")
    await read(pages, f"/verify?q={'ab%20' * 700}", 414)
    await read(pages, "/verify.json", 400)


async def test_the_first_mention_links_every_post_and_comes_as_csv(
    pages: aiohttp.ClientSession, threads: Archive
) -> None:
    words = "the current was calm"
    page = await read(pages, f"/when?q={words}")
    assert words in one(page, "blockquote").text()
    links = page.css("details .mentions a[href^='/t/']")
    assert len(links) == len(DATED)
    assert page.css(f"a[href='/when.csv?q={words.replace(' ', '%20')}']")
    assert "covers" in page.css(".note")[-1].text()
    async with pages.get("/when.csv", params={"q": words}) as reply:
        assert reply.content_type == "text/csv"
        assert len((await reply.text()).splitlines()) == len(DATED) + 1
    async with pages.get("/when.json", params={"q": words}) as reply:
        assert (await reply.json())["total"] == len(DATED)
    found = threads.answers.first_mention(words, threads.catalog.scope())
    assert found.first
    assert found.first.posted_at == DATED[0].posts[1].posted_at
    both = await read(pages, "/when?q=ferry%20log&author=ada_of_the_oder")
    then, now = both.css(".sides section")
    assert "2019" in then.text()
    assert "2023" in now.text()
    async with pages.get("/when.json", params={"q": "ferry log", "author": "ada_of_the_oder"}) as reply:
        assert len((await reply.json())["latest"]) == 3
    assert one(await read(pages, "/when?q=zeppelin"), ".none").text().startswith("No post")
    assert "without a known date" in (await read(pages, "/when?q=lens")).css("summary")[0].text()
    await read(pages, f"/when?q={'a' * 201}", 414)
    await read(pages, "/when.json", 400)


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


ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


async def xml_of(pages: aiohttp.ClientSession, path: str) -> ET.Element:
    async with pages.get(path) as reply:
        assert reply.status == 200, path
        return ET.fromstring(await reply.text())  # noqa: S314 - our own


async def test_feeds_of_an_author_a_collection_and_a_question_are_atom_with_the_whole_text(
    site: Site, threads: Archive
) -> None:
    async with client_of(replace(site, public_url="https://x.example/b")) as pages:
        installation = threads.timeline.position()[0]
        ids: set[str] = set()
        for query in ("", "?author=ada_of_the_oder", "?collection=main", "?q=quicksilver+lens"):
            feed = await xml_of(pages, f"/feed.atom{query}")
            ids.add(str(feed.findtext(f"{ATOM}id")))
            links = {link.attrib["rel"]: link.attrib["href"] for link in feed.findall(f"{ATOM}link")}
            assert links["self"] == f"https://x.example/b/feed.atom{query.replace('+', '%20')}"
            entries = feed.findall(f"{ATOM}entry")
            assert entries
            # RFC 4287: each of these once, an author in the entry or the feed, and ids that are unique.
            for element in [feed, *entries]:
                for name in ("id", "title", "updated"):
                    assert len(element.findall(f"{ATOM}{name}")) == 1
                assert datetime.fromisoformat(str(element.findtext(f"{ATOM}updated"))).tzinfo
            assert feed.find(f"{ATOM}author/{ATOM}name") is not None
            entry_ids = [str(entry.findtext(f"{ATOM}id")) for entry in entries]
            assert len(set(entry_ids)) == len(entry_ids)
            assert all(entry_id.startswith(f"tag:bobbin,2026:{installation}:") for entry_id in entry_ids)
            for entry in entries:
                thread_id = str(entry.findtext(f"{ATOM}id")).rpartition("/")[2]
                content = entry.find(f"{ATOM}content")
                assert content is not None
                assert content.attrib["type"] == "xhtml"
                thread = threads.catalog.thread(thread_id, threads.catalog.scope())
                written = " ".join("".join(content.itertext()).split())
                assert written == " ".join(
                    "".join("".join(post.text.splitlines()) for post in thread.posts).split()
                )
        assert len(ids) == 4
        (only, *_) = (await xml_of(pages, "/feed.atom?q=quicksilver+lens")).findall(f"{ATOM}entry")
        assert UNDATED.id in str(only.findtext(f"{ATOM}id"))
        assert (await xml_of(pages, "/feed.atom?author=nobody")).findall(f"{ATOM}entry") == []


@pytest.mark.usefixtures("threads")
async def test_the_sitemap_lists_every_thread_and_opensearch_asks(site: Site) -> None:
    async with client_of(replace(site, public_url="https://x.example")) as pages:
        index = await xml_of(pages, "/sitemap.xml")
        assert index.tag == f"{SITEMAP}sitemapindex"
        listed = []
        for part in index.findall(f"{SITEMAP}sitemap/{SITEMAP}loc"):
            assert part.text is not None
            urls = await xml_of(pages, part.text.removeprefix("https://x.example"))
            assert urls.tag == f"{SITEMAP}urlset"
            listed += [str(loc.text) for loc in urls.findall(f"{SITEMAP}url/{SITEMAP}loc")]
        assert len(listed) == len(set(listed))
        assert {f"https://x.example/t/{one.id}" for one in (*DATED, UNDATED)} <= set(listed)
        described = await xml_of(pages, "/opensearch.xml")
        assert described.tag == f"{OPENSEARCH}OpenSearchDescription"
        assert len(str(described.findtext(f"{OPENSEARCH}ShortName"))) <= 16
        assert len(str(described.findtext(f"{OPENSEARCH}Description"))) <= 1024
        (ask, *_) = described.findall(f"{OPENSEARCH}Url")
        assert ask.attrib["template"] == "https://x.example/ask?q={searchTerms}"
        async with pages.get("/robots.txt") as reply:
            assert "Sitemap: https://x.example/sitemap.xml" in await reply.text()
    async with client_of(site) as pages:
        for path in ("/sitemap.xml", "/opensearch.xml"):
            async with pages.get(path) as reply:
                assert reply.status == 404


@pytest.mark.usefixtures("threads")
async def test_titles_and_descriptions_hold_no_control_or_bidirectional_character(
    site: Site, archive: Archive
) -> None:
    odd = thread_of(
        "A \u202ereversed\u202c post\u2066 with\x07 bells.", author="x\u202ey", title="T\u202eitle\u0007"
    )
    keep_threads(archive, [odd])
    async with client_of(replace(site, public_url="https://x.example")) as pages:
        page = await read(pages, f"/t/{odd.id}")
        heads = [
            one(page, "title").text(),
            *(str(node.attributes["content"]) for node in page.css("meta[content]")),
        ]
        assert heads
        assert not [head for head in heads for letter in head if letter in "\u202e\u202c\u2066\x07"]


@pytest.mark.usefixtures("threads")
async def test_the_plain_forms_keep_every_line_date_author_and_address(pages: aiohttp.ClientSession) -> None:
    for form in ("txt", "md"):
        async with pages.get(f"/t/{DATED[0].id}.{form}") as reply:
            written = await reply.text()
        for post in DATED[0].posts:
            assert post.url is not None
            assert post.posted_at is not None
            assert post.url in written
            assert f"{post.posted_at:%Y-%m-%d %H:%M} UTC" in written
        async with pages.get(f"/t/{UNDATED.id}.{form}") as reply:
            written = await reply.text()
        blank = UNDATED.posts[2].text.count("\n")
        assert written.count("\\\n") == blank if form == "md" else UNDATED.posts[2].text in written


async def test_the_answer_as_json_carries_verdict_confidence_and_excerpts(
    pages: aiohttp.ClientSession,
) -> None:
    for question, verdict in (
        (QUESTION, "answer"),
        ("Who painted the lens of the lighthouse?", "closest"),
        ("sourdough bread recipes", "nothing"),
    ):
        async with pages.get("/ask.json", params={"q": question}) as reply:
            assert reply.content_type == "application/json"
            answer = await reply.json()
        jsonschema.validate(answer, ANSWER)
        assert (answer["verdict"], answer["answered"]) == (verdict, verdict == "answer")
        assert (answer["confidence"] >= 0.5) == answer["answered"]
        assert bool(answer["excerpts"]) == (verdict != "nothing")
    async with pages.get("/ask.json") as reply:
        assert reply.status == 400


@pytest.mark.usefixtures("threads")
async def test_a_thread_leads_to_its_author_s_next_to_related_ones_and_to_citations(site: Site) -> None:
    middle = DATED[5]
    async with client_of(replace(site, public_url="https://x.example")) as pages:
        page = await read(pages, f"/t/{middle.id}")
        links = {node.attributes["href"] for node in page.css("nav.neighbours a")}
        assert links == {f"/t/{DATED[4].id}", f"/t/{DATED[6].id}"}
        assert page.css('section[aria-labelledby="related"] li')
        assert one(page, "article").attributes["lang"] == "en"
        cited = await read(pages, f"/t/{middle.id}/cite")
        plain, markdown, bibtex, csl = texts(cited, "pre.citation")
        assert f"https://x.example/t/{middle.id}" in plain
        assert markdown.startswith("@ada")
        assert bibtex.startswith(f"@misc{{bobbin-{middle.id},")
        (item,) = json.loads(csl)
        assert item["author"] == [{"literal": "@ada_of_the_oder"}]
        assert item["type"] == "post"
        async with pages.get(f"/t/{middle.id}.csl.json") as reply:
            assert reply.content_type == "application/vnd.citationstyles.csl+json"
            assert json.loads(await reply.text()) == [item]


@pytest.mark.usefixtures("threads")
async def test_the_front_page_says_what_this_is_whose_and_of_when_with_questions_that_are_answered(
    pages: aiohttp.ClientSession, archive: Archive
) -> None:
    page = await read(pages, "/")
    assert "no text is generated" in one(page, ".lead").text()
    assert "@ada_of_the_oder" in one(page, ".facts").text()
    assert "January 3, 2019" in one(page, ".facts").text()
    examples = texts(page, ".examples a")
    assert len(examples) == 3
    assert all(archive.ask(question, archive.catalog.scope()).answered for question in examples)
    for path in ("/nothing-here", "/threads", "/authors", "/trend"):
        asked = await read(pages, path, 404 if "nothing" in path else 200)
        one(asked, 'form[action="/ask"] input[name="q"]')
    assert texts(await read(pages, "/threads"), '[aria-current="page"]') == ["Threads"]


@pytest.mark.usefixtures("threads")
async def test_the_filters_of_a_question_are_chips_that_can_be_removed(
    pages: aiohttp.ClientSession,
) -> None:
    page = await read(pages, "/ask?q=ferry+author:ada_of_the_oder+-ice+before:2021")
    chips = page.css(".chips li")
    assert [one(chip, "bdi").text() for chip in chips] == [
        "by ada_of_the_oder",
        "not with ice",
        "before 2021",
    ]
    left = one(chips[1], "a").attributes["href"]
    assert left == "/ask?q=ferry%20author%3Aada_of_the_oder%20before%3A2021"
    assert len((await read(pages, left)).css(".chips li")) == 2
    years = [str(node.attributes["datetime"])[:4] for node in page.css(".answer figure time")]
    assert years
    assert set(years) <= {"2019", "2020"}
    more = page.css_first("a.button")
    if more is not None:
        assert "before%3A2021" in str(more.attributes["href"])


@pytest.mark.usefixtures("threads")
async def test_the_form_writes_operators_into_the_address(
    pages: aiohttp.ClientSession,
) -> None:
    form = one(await read(pages, "/ask?q=ferry"), "details form")
    assert {node.attributes.get("name") for node in form.css("input")} == {
        "q",
        "author",
        "after",
        "before",
        "in",
    }
    assert "ada_of_the_oder" in [node.attributes["value"] for node in form.css("#authors option")]
    asked = "/de/ask?q=ferry&author=Keeper+of+the+Lamp&after=2020-05&before=&in="
    for method in ("GET", "HEAD"):
        async with pages.request(method, asked, allow_redirects=False) as reply:
            assert reply.status == 303
            moved = reply.headers["Location"]
    assert moved == "/de/ask?q=ferry%20author%3A%22Keeper%20of%20the%20Lamp%22%20after%3A2020-05"
    page = await read(pages, "/ask?q=ferry&before=christmas")
    assert "“christmas” cannot be read" in one(page, "[role=alert]").text()
    assert page.css(".answer")


async def test_a_filter_that_no_post_passes_is_named_and_a_private_collection_is_none(
    pages: aiohttp.ClientSession, archive: Archive
) -> None:
    keep(archive, "secret", "The secret ferry of the square.\n/1\nSo it is.\n/END\n", 42)
    for name in ("own", "nowhere"):
        page = await read(pages, f"/ask?q=ferry+in:{name}")
        assert f"No post here matches: in {name}." in texts(page, ".note")
        async with pages.get(f"/ask.json?q=ferry+in:{name}") as reply:
            answer = await reply.json()
        assert answer["query"]["unmet"] == [f"in:{name}"]
        assert answer["query"]["passing"] == 0


def test_a_citation_without_an_author_begins_with_the_title() -> None:
    unknown = Citation("x", "Rings_", None, None, None, 1)
    assert text_citation(unknown) == "“Rings_” (n.d.), thread of 1 post"
    assert markdown_citation(unknown) == "“Rings\\_” (n.d.), thread of 1 post"
    known = replace(unknown, author="@ada", posted=date(2024, 5, 3), url="https://e.org/1", posts=2)
    assert text_citation(known) == "@ada (2024-05-03). “Rings_”, thread of 2 posts. https://e.org/1"
    assert markdown_citation(known) == "@ada (2024-05-03). [Rings\\_](<https://e.org/1>), thread of 2 posts"


async def test_no_part_of_an_address_is_an_example_of_a_question(archive: Archive, site: Site) -> None:
    keep_threads(
        archive,
        [
            thread_of("Read about rings (https://lamps.example/rings-of-lamps?a=1). It is short."),
            thread_of("So much light. Why do the lamps of the harbour turn? Nobody asked."),
        ],
    )
    async with client_of(site) as pages:
        examples = texts(await read(pages, "/"), ".examples a")
    assert "Why do the lamps of the harbour turn?" in examples
    assert not [one for one in examples if "example/" in one]
