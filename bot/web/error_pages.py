"""What went wrong, as a page: one sentence, a way on, and never a trace."""

import logging
import secrets
from dataclasses import replace
from functools import lru_cache

from aiohttp import web

from bot.web.page import Page, PageRequest, Ready, ready
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
    """What was asked for cannot be; ``status`` says in which way."""

    def __init__(self, status: int = 400) -> None:
        super().__init__(str(status))
        self.status = status


def error_page(error: Exception, asked: PageRequest) -> Ready:
    """Return the page for an error, ready to be sent, and log what an operator should know of it."""
    match error:
        case GoneError() | NotFoundError():
            return page_of_status(_NOT_FOUND, asked)
        case BadRequestError(status=status):
            return page_of_status(status, asked)
        case web.HTTPException(status=status, headers=headers):
            allowed = {"Allow": headers["Allow"]} if "Allow" in headers else {}
            return page_of_status(status, asked, **allowed)
        case BusyError():
            return page_of_status(_BUSY, asked, **{"Retry-After": "2"})
        case ArchiveError():
            log.warning("a page could not be made: %s", error)
            return page_of_status(_BUSY, asked, **{"Retry-After": "10"})
    reference = secrets.token_hex(3)
    log.error("trouble %s: a page could not be made", reference, exc_info=error)
    return ready(_page(_FAILED, asked.locale, reference))


def page_of_status(status: int, asked: PageRequest, **headers: str) -> Ready:
    """Return the page for a status, ready to be sent; ``headers`` go with it."""
    made = _made(status, asked.locale)
    return replace(made, page=replace(made.page, headers={**made.page.headers, **headers}))


@lru_cache(maxsize=64)
def _made(status: int, locale: str) -> Ready:
    # Kept, because whoever refuses a thousand at once has no time to write each a page.
    return ready(_page(status, locale))


def _page(status: int, locale: str, reference: str = "") -> Page:
    return render_template(
        "error.html",
        PageRequest(locale=locale),
        status=status,
        private=True,
        key=_KEYS.get(status, "page-error-other"),
        reference=reference,
    )
