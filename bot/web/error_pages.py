"""Errors as pages: one sentence, a question box, and never a traceback."""

import logging
import secrets
from dataclasses import replace
from functools import lru_cache

from aiohttp import web

from bot.json_output import serializers
from bot.web.page import JSON, EncodedPage, Page, PageRequest, encode_page
from bot.web.templates import render_template
from bot.web.worker import BusyError
from retrieval.errors import ArchiveError, NotFoundError

__all__ = ["BadRequestError", "GoneError", "error_page", "page_of_status"]

log = logging.getLogger(__name__)

_NOT_FOUND, _NOT_ALLOWED, _TOO_LONG, _MISDIRECTED = 404, 405, 414, 421
_TOO_MANY, _FAILED, _BUSY = 429, 500, 503
_KEYS = {
    400: "page-error-wrong",
    _NOT_FOUND: "page-error-not-found",
    _NOT_ALLOWED: "page-error-method",
    _TOO_LONG: "page-error-long",
    _MISDIRECTED: "page-error-host",
    _TOO_MANY: "page-error-often",
    _BUSY: "page-error-busy",
}


_FOR_PROGRAMS = "/api/"
_PROBLEMS = {
    400: ("bad_request", "This request cannot be read."),
    _NOT_FOUND: ("not_found", "There is nothing at this address; /api/v1/openapi.json lists what there is."),
    _NOT_ALLOWED: ("bad_request", "Only GET and HEAD are allowed."),
    _TOO_LONG: ("bad_request", "This request is too long."),
    _TOO_MANY: ("too_many", "Too many requests; wait as long as Retry-After says."),
    _BUSY: ("unavailable", "Busy now; wait as long as Retry-After says."),
}


class GoneError(Exception):
    """No page at this address, or none that its reader may see: the response is the same."""


class BadRequestError(Exception):
    """What was request for cannot be; ``status`` says in which way."""

    def __init__(self, status: int = 400) -> None:
        super().__init__(str(status))
        self.status = status


def error_page(error: Exception, request: PageRequest) -> EncodedPage:
    """Return the page for an error, encoded, and log what the operator should know of it."""
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
            log.warning("page refused, the archive failed: %s", error)
            return page_of_status(_BUSY, request, **{"Retry-After": "10"})
    reference = secrets.token_hex(3)
    log.error("page failed with reference %s", reference, exc_info=error)
    return encode_page(_page(_FAILED, request, reference))


def page_of_status(status: int, request: PageRequest, **headers: str) -> EncodedPage:
    """Return the page for a status, encoded; ``headers`` go with it."""
    plain = replace(request, path={}, query={}, route="/")
    if request.route.startswith(_FOR_PROGRAMS):
        encoded = _encoded_problem(status)
    else:
        encoded = _encoded(status, plain.locale, plain.public_url, chosen=plain.chosen)
    return replace(encoded, page=replace(encoded.page, headers={**encoded.page.headers, **headers}))


@lru_cache(maxsize=64)
def _encoded_problem(status: int) -> EncodedPage:
    error, message = _PROBLEMS.get(status, ("failed", "This went wrong here; try again in a minute."))
    body = serializers.dumps({"error": error, "message": message, "candidates": []}) + "\n"
    return encode_page(Page(body, JSON, status, private=True))


@lru_cache(maxsize=64)
def _encoded(status: int, locale: str, public_url: str | None, *, chosen: bool) -> EncodedPage:
    # Kept, because a thousand refusals at once leave no time to write each a page.
    return encode_page(_page(status, PageRequest(locale=locale, public_url=public_url, chosen=chosen)))


def _page(status: int, request: PageRequest, reference: str = "") -> Page:
    return render_template(
        "error.html",
        request,
        status=status,
        private=True,
        key=_KEYS.get(status, "page-error-other"),
        reference=reference,
    )
