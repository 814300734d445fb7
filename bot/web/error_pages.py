"""What went wrong, as a page: one sentence, a way on, and never a trace."""

import logging
import secrets
from dataclasses import replace
from functools import lru_cache

from aiohttp import web

from bot.web.page import EncodedPage, Page, PageRequest, encode_page
from bot.web.templates import render_template
from bot.web.worker import BusyError
from retrieval.errors import ArchiveError, NotFoundError

__all__ = ["BadRequestError", "GoneError", "error_page", "page_of_status"]

log = logging.getLogger(__name__)

_NOT_FOUND, _NOT_ALLOWED, _TOO_LONG, _TOO_MANY, _FAILED, _BUSY = 404, 405, 414, 429, 500, 503
_KEYS = {
    400: "page-error-wrong",
    _NOT_FOUND: "page-error-not-found",
    _NOT_ALLOWED: "page-error-method",
    _TOO_LONG: "page-error-long",
    _TOO_MANY: "page-error-often",
    _BUSY: "page-error-busy",
}


class GoneError(Exception):
    """There is nothing at this address, or nothing that its reader may see: the same for both."""


class BadRequestError(Exception):
    """What was request for cannot be; ``status`` says in which way."""

    def __init__(self, status: int = 400) -> None:
        super().__init__(str(status))
        self.status = status


def error_page(error: Exception, request: PageRequest) -> EncodedPage:
    """Return the page for an error, ready to be sent, and log what an operator should know of it."""
    match error:
        case GoneError() | NotFoundError():
            return page_of_status(_NOT_FOUND, request)
        case BadRequestError(status=status):
            return page_of_status(status, request)
        case web.HTTPException(status=status, headers=headers):
            allowed = {"Allow": headers["Allow"]} if "Allow" in headers else {}
            return page_of_status(status, request, **allowed)
        case BusyError():
            return page_of_status(_BUSY, request, **{"Retry-After": "2"})
        case ArchiveError():
            log.warning("a page could not be made: %s", error)
            return page_of_status(_BUSY, request, **{"Retry-After": "10"})
    reference = secrets.token_hex(3)
    log.error("trouble %s: a page could not be made", reference, exc_info=error)
    return encode_page(_page(_FAILED, request.locale, reference))


def page_of_status(status: int, request: PageRequest, **headers: str) -> EncodedPage:
    """Return the page for a status, ready to be sent; ``headers`` go with it."""
    made = _made(status, request.locale)
    return replace(made, page=replace(made.page, headers={**made.page.headers, **headers}))


@lru_cache(maxsize=64)
def _made(status: int, locale: str) -> EncodedPage:
    # Kept, because whoever refuses a thousand at once has no time to write each a page.
    return encode_page(_page(status, locale))


def _page(status: int, locale: str, reference: str = "") -> Page:
    return render_template(
        "error.html",
        PageRequest(locale=locale),
        status=status,
        private=True,
        key=_KEYS.get(status, "page-error-other"),
        reference=reference,
    )
