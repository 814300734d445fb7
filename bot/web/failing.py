"""What went wrong, as a page: one sentence, a way on, and never a trace."""

import logging
import secrets

from aiohttp import web

from bot.web.page import Asked, Page
from bot.web.room import BusyError
from bot.web.sheets import sheet
from retrieval.errors import ArchiveError, NotFoundError

__all__ = ["AskedWrongError", "GoneError", "failure", "page_of_status"]

log = logging.getLogger(__name__)

_NOT_FOUND, _NOT_ALLOWED, _TOO_LONG, _TOO_MANY, _BUSY = 404, 405, 414, 429, 503
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


class AskedWrongError(Exception):
    """What was asked for cannot be; ``status`` says in which way."""

    def __init__(self, status: int = 400) -> None:
        super().__init__(str(status))
        self.status = status


def failure(error: Exception, asked: Asked) -> Page:
    """Return the page for an error, and log what an operator should know of it."""
    match error:
        case GoneError() | NotFoundError():
            return page_of_status(_NOT_FOUND, asked)
        case AskedWrongError(status=status):
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
    return page_of_status(500, asked, reference)


def page_of_status(status: int, asked: Asked, reference: str = "", **headers: str) -> Page:
    """Return the page for a status; ``headers`` go with it."""
    made = sheet(
        "error.html",
        asked,
        status=status,
        private=True,
        key=_KEYS.get(status, "page-error-other"),
        code=status,
        reference=reference,
    )
    return Page(made.body, status=status, private=True, headers={**made.headers, **headers})
