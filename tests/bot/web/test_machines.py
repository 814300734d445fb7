"""Feeds, sitemaps, the OpenSearch description and robots.txt against the rules of their formats."""

import urllib.parse
from dataclasses import replace

import pytest

from bot.i18n import LANGUAGES
from bot.web.browse import front
from bot.web.machines import feed, opensearch, robots, sitemap, sitemap_part
from bot.web.page import PageRequest
from bot.web.site import Site
from retrieval.archive import Archive
from tests.bot.web.hostile import INJECTIONS
from tests.bot.web.rules import ATOM, check_feed, check_opensearch, check_robots, check_sitemap
from tests.bot.web.threads import ARABIC, DATED, FRAGMENT, PREVIEW, UNDATED, keep_threads, thread_of

PUBLIC = "https://x.example/threads"


@pytest.fixture
def hostile(archive: Archive, site: Site) -> Site:
    """A site whose threads, authors and titles try to break every format."""
    made = [
        thread_of(
            f"{text}\nThread {place} of a kind.\r\n\n{text}", text, author=text, title=text, day=(2021, 2, 3)
        )
        for place, text in enumerate(INJECTIONS)
    ]
    long = thread_of(*(f"Post {n} of a long thread about tides." for n in range(1, 260)), author="🗼" * 400)
    keep_threads(archive, [*DATED[:3], UNDATED, PREVIEW, FRAGMENT, ARABIC, long, *made])
    return replace(site, public_url=PUBLIC)


def asking(site: Site, locale: str = "en", **query: str) -> PageRequest:
    return PageRequest({}, query, locale=locale, public_url=site.public_url)


def body_of(page: object) -> str:
    body = getattr(page, "body", "")
    assert isinstance(body, str)
    return body


def test_feeds_of_everything_hostile_keep_to_rfc_4287(hostile: Site) -> None:
    authors = [author.name for author in hostile.authors(hostile.scope())]
    assert len(authors) > 20
    queries = [{}, {"collection": "main"}, {"q": "tides of the ferry"}, {"q": INJECTIONS[0]}]
    queries += [{"author": name} for name in authors]
    for site in (hostile, replace(hostile, public_url=None)):
        for query in queries:
            for locale in LANGUAGES if not query else ("en",):
                body = body_of(feed(site, asking(site, locale, **query)))
                checked = check_feed(body, public=site.public_url is not None)
                assert checked.findall(f"{ATOM}entry") or "q" in query or "author" in query


def test_entries_of_one_thread_have_one_id_in_every_feed_and_another_in_another_installation(
    hostile: Site,
) -> None:
    of_all = check_feed(body_of(feed(hostile, asking(hostile, collection="main"))), public=True)
    ids = [str(entry.findtext(f"{ATOM}id")) for entry in of_all.findall(f"{ATOM}entry")]
    whole = [hostile.archive.catalog.thread(name.rpartition("/")[2], hostile.scope()) for name in ids]
    name, author = next(
        (name, thread.author)
        for name, thread in zip(ids, whole, strict=True)
        if thread.author and thread.author.strip() == thread.author
    )
    of_one = check_feed(body_of(feed(hostile, asking(hostile, author=author))), public=True)
    assert name in {entry.findtext(f"{ATOM}id") for entry in of_one.findall(f"{ATOM}entry")}
    installation = hostile.archive.timeline.position()[0]
    assert all(entry.startswith(f"tag:bobbin,2026:{installation}:thread/") for entry in ids)


def test_sitemaps_keep_to_the_protocol_whatever_authors_are_called(
    hostile: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.machines._ADDRESSES", 20)
    parts = check_sitemap(body_of(sitemap(hostile, asking(hostile))), f"{PUBLIC}/sitemap.xml")
    listed: list[str] = []
    for number, part in enumerate(parts, 1):
        assert part == f"{PUBLIC}/sitemap-{number}.xml"
        request = PageRequest({"number": str(number)}, public_url=PUBLIC)
        listed += check_sitemap(body_of(sitemap_part(hostile, request)), part)
    assert len(set(listed)) == len(listed)
    threads = hostile.archive.catalog.threads(hostile.scope(), limit=1_000)
    assert {f"{PUBLIC}/t/{each.id}" for each in threads} <= set(listed)
    name = urllib.parse.quote("ada_of_the_oder")
    assert f"{PUBLIC}/author/{name}" in listed


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_description_for_browsers_keeps_to_opensearch_in_every_language(
    hostile: Site, locale: str
) -> None:
    check_opensearch(body_of(opensearch(hostile, asking(hostile, locale))))


def test_robots_may_read_no_question_in_any_language(hostile: Site) -> None:
    disallowed = check_robots(body_of(robots(hostile, asking(hostile))))
    for language in ("", *(f"/{code}" for code in LANGUAGES)):
        for path in ("/api/", "/ask", "/verify", "/when", "/trend", "/s/"):
            assert f"/threads{language}{path}" in disallowed
    assert front(hostile, asking(hostile)).status == 200
