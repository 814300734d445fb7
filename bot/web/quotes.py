"""A quotation held against the archive: its result, what differs, and the posts it stands in."""

from typing import Final

from bot.json_output import serializers
from bot.web.addresses import page_query, safe_url
from bot.web.error_pages import BadRequestError
from bot.web.page import JSON, Page, PageRequest
from bot.web.site import Site
from bot.web.templates import render_template
from retrieval.model import QuoteCheck

__all__ = ["find_quote", "verify", "verify_json"]

_LONGEST: Final = 2_000
"""The characters of a quotation in an address, which servers and browsers keep short."""
_NAME: Final = 100


def find_quote(_site: Site, request: PageRequest) -> Page:
    """Return an empty page where a quotation can be checked; raise for one that is too long."""
    _asked(request)
    return Page("")


def verify(site: Site, request: PageRequest) -> Page:
    """Return what the archive holds of the quotation in the address, or the box for one."""
    quote, author = _asked(request)
    check = _check(site, quote, author) if quote else None
    return render_template(
        "verify.html",
        request,
        quote=quote,
        author=author,
        longest=_LONGEST,
        check=check,
        known=_authors(check) if check else "",
        place=page_query,
        safe_url=safe_url,
    )


def verify_json(site: Site, request: PageRequest) -> Page:
    """Return what the archive holds of the quotation in the address as JSON; raise without one."""
    quote, author = _asked(request)
    if not quote:
        raise BadRequestError
    return Page(serializers.dumps(serializers.quote_check(_check(site, quote, author))) + "\n", JSON)


def _check(site: Site, quote: str, author: str) -> QuoteCheck:
    return site.archive.answers.check_quote(quote, site.scope(), author=author or None)


def _asked(request: PageRequest) -> tuple[str, str]:
    quote, author = request.query.get("q", "").strip(), " ".join(request.query.get("author", "").split())
    if len(quote) > _LONGEST or len(author) > _NAME:
        raise BadRequestError(414)
    return quote, author


def _authors(check: QuoteCheck) -> str:
    excerpts = [excerpt for part in check.parts for excerpt in part.excerpts]
    authors = dict.fromkeys(excerpt.post.author or excerpt.thread.author for excerpt in excerpts)
    return ", ".join(filter(None, authors))
