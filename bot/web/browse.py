"""Finding threads without a question: the front page, lists of threads, authors."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from bot.web.error_pages import BadRequestError, GoneError
from bot.web.page import Page, PageRequest
from bot.web.site import Site
from bot.web.templates import author_path, clipped, encoded, render_template
from bot.web.thread import MAX_QUERY_LENGTH
from retrieval.archive import ThreadFilter, ThreadOrder
from retrieval.model import Author, Scope

__all__ = ["author", "authors", "front", "threads"]

_NEWEST: Final = 8
_AUTHORS: Final = 24
_NAMED_AUTHORS: Final = 3
_AT_ONCE: Final = 25
_MORE_AT_ONCE: Final = 100
_FILTERS: Final = ("author", "collection", "q", "since", "until")
_PAGE_DIGITS: Final = 7
_EXAMPLES: Final = 3
#: So many of the threads that arrived last are looked through for questions.
_EXAMPLE_THREADS: Final = 200
#: A sentence that asks; a part of an address, behind a dot or up to a question mark, is none.
_QUESTION: Final = re.compile(r"(?:^|(?<=[.!?…]\s))[^.!?…\n/]{12,88}\?(?=[\s\"”»)]|$)", re.MULTILINE)


def front(site: Site, request: PageRequest) -> Page:
    """Return the first page: what this is, whose archive, a question box, what arrived last, authors."""
    scope, archive = site.scope(), site.archive
    named = site.authors(scope)
    statistics = site.statistics(scope)
    return render_template(
        "front.html",
        request,
        arrived=[summary for summary, _ in archive.timeline.latest(scope, limit=_NEWEST)],
        more=statistics.threads > _NEWEST,
        authors=named[:_AUTHORS],
        main_authors=named[:_NAMED_AUTHORS],
        more_authors=len(named) - _NAMED_AUTHORS,
        all_authors=len(named) > _AUTHORS,
        collections=[
            (collection.name, site.statistics(Scope(frozenset([collection.id]))).threads)
            for collection in archive.catalog.collections()
        ],
        statistics=statistics,
        period=site.cached(("period", scope), lambda: archive.thread_lists.period(scope)),
        examples=site.cached(("examples", scope), lambda: _examples(site, scope)),
        handbook=scope == archive.catalog.handbook_scope(),
    )


def _examples(site: Site, scope: Scope) -> tuple[str, ...]:
    """Return questions that threads of the archive ask and the archive answers, or else headings."""
    listed = site.archive.timeline.latest(scope, limit=_EXAMPLE_THREADS)
    lines = [f"{summary.title or ''}\n{summary.opening}" for summary, _ in listed]
    asked = [found[0].strip() for line in lines for found in _QUESTION.finditer(line)]
    headings = [clipped(summary.heading, 88) for summary, _ in listed if summary.heading.strip()]
    chosen: list[str] = []
    for question in dict.fromkeys([*asked[: 4 * _EXAMPLES], *headings[: 2 * _EXAMPLES]]):
        if site.archive.ask(question, scope, limit=1).answered:
            chosen.append(question)
        if len(chosen) == _EXAMPLES:
            break
    return tuple(chosen)


def threads(site: Site, request: PageRequest) -> Page:
    """Return a page of the list of threads, filtered and in the order that the address names."""
    given = {
        name: request.query.get(name, "").strip() for name in ("author", "collection", "q", "since", "until")
    }
    scope, chosen, order = _listed(site, request, given)
    at = _page_number(request)
    if chosen.selects or order is not ThreadOrder.DATE:
        listed, total = site.archive.thread_lists.page(
            scope, chosen, order, offset=(at - 1) * _AT_ONCE, limit=_AT_ONCE
        )
    else:
        total = site.statistics(scope).threads
        listed = site.archive.catalog.threads(scope, offset=(at - 1) * _AT_ONCE, limit=_AT_ONCE)
    return render_template(
        "threads.html",
        request,
        given=given,
        order=order.value,
        orders=[each.value for each in ThreadOrder],
        also=_query({**given, "sort": "" if order is ThreadOrder.DATE else order.value}),
        collections=[collection.name for collection in site.archive.catalog.collections()],
        threads=listed,
        total=total,
        at=at,
        last=_last_page(at, total, _AT_ONCE),
    )


def _listed(
    site: Site, request: PageRequest, given: Mapping[str, str]
) -> tuple[Scope, ThreadFilter, ThreadOrder]:
    """Return what a list shows: its scope, filter and order. Raises for a value that cannot be meant."""
    scope = site.scope()
    if given["collection"]:
        ids = [each.id for each in site.archive.catalog.collections() if each.name == given["collection"]]
        if not ids:
            raise GoneError
        scope = Scope(frozenset(ids))
    if any(len(value) > MAX_QUERY_LENGTH for value in given.values()):
        raise BadRequestError(414)
    writer = _author(site, scope, given["author"]) if given["author"] else None
    try:
        order = ThreadOrder(request.query.get("sort") or ThreadOrder.DATE)
        since, until = (
            date.fromisoformat(given[name]) if given[name] else None for name in ("since", "until")
        )
        if until == date.max:
            until = None
    except ValueError as error:
        raise BadRequestError from error
    author_name = writer.name if writer else given["author"] or None
    return scope, ThreadFilter(author_name, given["q"] or None, since, until), order


def authors(site: Site, request: PageRequest) -> Page:
    """Return a page of the list of authors, the one with the most threads first; ``q`` searches names."""
    words = request.query.get("q", "").strip()
    if len(words) > MAX_QUERY_LENGTH:
        raise BadRequestError(414)
    wanted = words.casefold().removeprefix("@")
    named = [each for each in site.authors(site.scope()) if wanted in each.name.casefold()]
    at = _page_number(request)
    last = _last_page(at, len(named), _MORE_AT_ONCE)
    start = (at - 1) * _MORE_AT_ONCE
    return render_template(
        "authors.html",
        request,
        words=words,
        also=_query({"q": words}),
        authors=named[start : start + _MORE_AT_ONCE],
        at=at,
        last=last,
    )


def author(site: Site, request: PageRequest) -> Page:
    """Return a page of an author's threads; "@" and case do not matter."""
    scope = site.scope()
    known = _author(site, scope, request.path["author"])
    if known is None:
        raise GoneError
    at = _page_number(request)
    last = _last_page(at, known.threads, _AT_ONCE)
    offset = (at - 1) * _AT_ONCE
    return render_template(
        "author.html",
        request,
        author=known,
        path=author_path(known.name),
        threads=site.archive.catalog.threads(scope, author=known.name, offset=offset, limit=_AT_ONCE),
        at=at,
        last=last,
    )


def _author(site: Site, scope: Scope, name: str) -> Author | None:
    """Return the author of a scope with a name, with or without "@", ``None`` for none."""
    wanted = name.casefold()
    known = site.cached(
        ("authors by name", scope),
        lambda: {author.name.casefold(): author for author in reversed(site.authors(scope))},
    )
    return known.get(wanted) or known.get(wanted.removeprefix("@")) or known.get(f"@{wanted}")


def _query(values: Mapping[str, str]) -> str:
    """Return the beginning of a query that keeps the values given, for links to other pages of a list."""
    return "".join(f"{name}={encoded(value)}&" for name, value in values.items() if value)


def _page_number(request: PageRequest) -> int:
    """Return which page is asked for, from 1."""
    written = request.query.get("page", "1")
    if not (written.isascii() and written.isdigit() and len(written) <= _PAGE_DIGITS):
        raise BadRequestError
    if int(written) < 1:
        raise GoneError
    return int(written)


def _last_page(at: int, total: int, at_once: int) -> int:
    """Return which page of a list is the last; raise ``GoneError`` where it comes before ``at``."""
    last = max(1, -(-total // at_once))
    if at > last:
        raise GoneError
    return last
