"""Pages for programs: feeds, the sitemap, the OpenSearch description, robots.txt."""

from datetime import UTC, datetime
from typing import Final

from bot.i18n import LANGUAGES
from bot.web.error_pages import BadRequestError, GoneError
from bot.web.export_formats import text_with_addresses
from bot.web.page import ATOM, OPENSEARCH, TEXT, XML, Page, PageRequest
from bot.web.site import Site
from bot.web.templates import author_path, encoded, render_template
from bot.web.thread import MAX_QUERY_LENGTH
from retrieval.archive import ThreadFilter
from retrieval.errors import ThreadNotFoundError
from retrieval.model import Scope, Thread

__all__ = ["feed", "opensearch", "robots", "sitemap", "sitemap_part"]

_ENTRIES: Final = 25
_POSTS: Final = 200
_MATCHES: Final = 50
_BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)
#: The protocol of sitemaps allows 50,000 addresses a file, each of fewer than 2,048 characters.
_ADDRESSES: Final = 20_000
_LONGEST: Final = 2_048
_ROBOTS: Final = ("/api/", "/ask", "/verify", "/when", "/trend", "/s/", "/d/")


def feed(site: Site, request: PageRequest) -> Page:
    """Return the threads that came in last, in full: all, or of an author, a collection, a question."""
    author, collection, question = (
        request.query.get(name, "").strip() for name in ("author", "collection", "q")
    )
    if max(len(author), len(collection), len(question)) > MAX_QUERY_LENGTH:
        raise BadRequestError(414)
    scope = _scope_of(site, collection) if collection else site.scope()
    ids = None
    if question:
        answer = site.archive.ask(question, scope, limit=_MATCHES)
        ids = frozenset(summary.id for summary, _ in answer.by_thread())
    arrivals = site.archive.thread_lists.arrivals(
        scope, ThreadFilter(author=author or None, ids=ids), limit=_ENTRIES
    )
    entries = []
    for summary, arrived in arrivals:
        try:
            thread = site.archive.catalog.thread(summary.id, scope)
        except ThreadNotFoundError:
            continue  # forgotten meanwhile
        entries.append((summary, arrived, _content(thread), thread.length > _POSTS))
    subject = author or collection or question
    query = "&".join(
        f"{name}={encoded(value)}"
        for name, value in (("author", author), ("collection", collection), ("q", question))
        if value
    )
    installation = site.archive.timeline.position()[0]
    page = render_template(
        "feed.atom",
        request,
        tag=f"tag:bobbin,2026:{installation}",
        subject=subject,
        query=query,
        alternate=f"/ask?q={encoded(question)}" if question else f"/threads?{query}" if query else "/threads",
        entries=entries,
        updated=arrivals[0][1] if arrivals else _BEGINNING,
        site=request.public_url or "",
    )
    return Page(page.body, ATOM, headers=page.headers)


def _scope_of(site: Site, collection: str) -> Scope:
    ids = [each.id for each in site.archive.catalog.collections() if each.name == collection]
    if not ids:
        raise GoneError
    return Scope(frozenset(ids))


def _content(thread: Thread) -> list[tuple[int, list[str]]]:
    """Return a thread's first posts as lines, each post with its ordinal."""
    return [(post.ordinal, text_with_addresses(post).splitlines()) for post in thread.posts[:_POSTS]]


def sitemap(site: Site, request: PageRequest) -> Page:
    """Return the list of sitemaps; there is none without a public URL, since it holds full addresses."""
    parts = _sitemap_parts(site, request)
    page = render_template("sitemaps.xml", request, parts=range(1, parts + 1), site=request.public_url)
    return Page(page.body, XML)


def sitemap_part(site: Site, request: PageRequest) -> Page:
    """Return the addresses of a part of the threads; the first part has those of lists and authors, too."""
    number = int(request.path["number"])
    if not 1 <= number <= _sitemap_parts(site, request):
        raise GoneError
    scope = site.scope()
    listed = site.archive.catalog.threads(scope, offset=(number - 1) * _ADDRESSES, limit=_ADDRESSES)
    paths = [f"/t/{summary.id}" for summary in listed]
    if number == 1:
        authors = filter(None, (author_path(author.name) for author in site.authors(scope)))
        paths = ["/", "/threads", "/authors", *authors, *paths]
    room = _LONGEST - len(request.public_url or "")
    paths = [path for path in paths if len(path) < room]
    page = render_template("sitemap.xml", request, paths=paths, site=request.public_url)
    return Page(page.body, XML)


def _sitemap_parts(site: Site, request: PageRequest) -> int:
    if request.public_url is None:
        raise GoneError
    return max(1, -(-site.statistics(site.scope()).threads // _ADDRESSES))


def opensearch(_site: Site, request: PageRequest) -> Page:
    """Return what lets a browser ask from its address bar; there is none without a public URL."""
    if request.public_url is None:
        raise GoneError
    page = render_template("opensearch.xml", request, site=request.public_url)
    return Page(page.body, OPENSEARCH, headers=page.headers)


def robots(_site: Site, request: PageRequest) -> Page:
    """Return what crawlers may read: threads and lists, but no questions, trends and signed addresses."""
    roots = [request.base, *(f"{request.base}/{language}" for language in LANGUAGES)]
    lines = ["User-agent: *", *(f"Disallow: {root}{path}" for root in roots for path in _ROBOTS)]
    if request.public_url:
        lines.append(f"Sitemap: {request.public_url}/sitemap.xml")
    return Page("\n".join([*lines, ""]), TEXT)
