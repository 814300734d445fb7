"""Finding threads without a question: the newest, the authors, the collections."""

from typing import Final

from bot.web.error_pages import BadRequestError, GoneError
from bot.web.page import Page, PageRequest
from bot.web.site import Site
from bot.web.templates import encoded, render_template
from retrieval.model import Scope

__all__ = ["author", "authors", "front", "threads"]

_NEWEST: Final = 8
_AUTHORS: Final = 24
_AT_ONCE: Final = 25
_MORE_AT_ONCE: Final = 100
_PAGE_DIGITS: Final = 7


def front(site: Site, request: PageRequest) -> Page:
    """Return the first page: a question box, the newest threads, authors, collections."""
    scope, archive = site.scope(), site.archive
    counted = site.statistics(scope)
    named = site.authors(scope)
    return render_template(
        "front.html",
        request,
        threads=archive.catalog.threads(scope, limit=_NEWEST),
        more=counted.threads > _NEWEST,
        authors=named[:_AUTHORS],
        more_authors=len(named) > _AUTHORS,
        collections=[
            (one.name, site.statistics(Scope(frozenset([one.id]))).threads)
            for one in archive.catalog.collections()
        ],
        statistics=counted,
        handbook=scope == archive.catalog.handbook_scope(),
    )


def threads(site: Site, request: PageRequest) -> Page:
    """Return a page of the list of threads, the newest first; of one collection where it is named."""
    name = request.query.get("collection")
    scope = site.scope()
    if name is not None:
        chosen = [one.id for one in site.archive.catalog.collections() if one.name == name]
        if not chosen:
            raise GoneError
        scope = Scope(frozenset(chosen))
    total = site.statistics(scope).threads
    at, last = _place(request, total, _AT_ONCE)
    return render_template(
        "threads.html",
        request,
        collection=name,
        also="" if name is None else f"collection={encoded(name)}&",
        threads=site.archive.catalog.threads(scope, offset=(at - 1) * _AT_ONCE, limit=_AT_ONCE),
        total=total,
        at=at,
        last=last,
    )


def authors(site: Site, request: PageRequest) -> Page:
    """Return a page of the list of authors, who wrote the most threads first."""
    named = site.authors(site.scope())
    at, last = _place(request, len(named), _MORE_AT_ONCE)
    start = (at - 1) * _MORE_AT_ONCE
    return render_template(
        "authors.html", request, authors=named[start : start + _MORE_AT_ONCE], at=at, last=last
    )


def author(site: Site, request: PageRequest) -> Page:
    """Return a page of an author's threads; whether the handle is written with its "@" does not matter."""
    wanted = request.path["author"].casefold()
    scope = site.scope()
    named = {one.name.casefold(): one for one in reversed(site.authors(scope))}
    found = named.get(wanted) or named.get(wanted.removeprefix("@")) or named.get(f"@{wanted}")
    if found is None:
        raise GoneError
    at, last = _place(request, found.threads, _AT_ONCE)
    listed = site.archive.catalog.threads(
        scope, author=found.name, offset=(at - 1) * _AT_ONCE, limit=_AT_ONCE
    )
    return render_template("author.html", request, author=found, threads=listed, at=at, last=last)


def _place(request: PageRequest, total: int, at_once: int) -> tuple[int, int]:
    """Return which page is request for, from 1, and which is the last; raise for one that is not there."""
    written = request.query.get("page", "1")
    if not (written.isascii() and written.isdigit() and len(written) <= _PAGE_DIGITS):
        raise BadRequestError
    at, last = int(written), max(1, -(-total // at_once))
    if not 1 <= at <= last:
        raise GoneError
    return at, last
