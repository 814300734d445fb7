"""HTTP responses: security headers, caching and conditional requests, compression."""

import hashlib
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final

from aiohttp import hdrs, web

from bot.web.page import PNG, EncodedPage, Page, PageRequest
from bot.web.templates import TEMPLATES_VERSION
from retrieval.query_language import is_relative, parse_query

__all__ = ["NO_INDEX", "make_head", "make_response", "not_modified", "security_headers", "validator"]

#: Nothing runs, nothing is fetched but our own stylesheet and pictures, no site frames a page.
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # An address of a server's own thread must not travel on with a click.
    "Referrer-Policy": "no-referrer",
    # aiohttp would tell its version.
    "Server": "Bobbin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
NO_INDEX: Final[Mapping[str, str]] = {"X-Robots-Tag": "noindex, nofollow, noarchive"}
_A_YEAR: Final = "max-age=31536000"
_FOR_GOOD: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "public, no-cache"
_KEEP_NOTHING: Final = "private, no-store"
_VARY: Final = "Accept-Encoding, Accept-Language"
_OK, _NOT_MODIFIED = 200, 304


def security_headers(public_url: str | None) -> dict[str, str]:
    """Return the headers of every reply; an https address comes with HSTS."""
    secure = (public_url or "").startswith("https://")
    return dict(_HEADERS) | ({"Strict-Transport-Security": _A_YEAR} if secure else {})


def validator(state: str, request: PageRequest) -> str:
    """Return the entity tag of a page: equal as long as state, address, language and templates are."""
    # What was posted in the last week is of another week tomorrow.
    today = datetime.now(UTC).date() if is_relative(parse_query(request.query.get("q", ""))) else None
    parts = (state, today, TEMPLATES_VERSION, request.public_url, request.root, request.route, request.locale)
    named = repr((parts, sorted(request.path.items()), sorted(request.query.items())))
    return hashlib.blake2b(named.encode("utf-8", "replace"), digest_size=12).hexdigest()


def not_modified(request: web.Request, etag: str, changed: float) -> web.Response | None:
    """Return the response to a client that has this state of a page, ``None`` for any other client.

    An entity tag counts before any date. A date alone does not say that the page is there, so the caller
    makes sure of that.
    """
    tags = request.headers.get(hdrs.IF_NONE_MATCH)
    if tags is not None:
        known = any(tag.strip().removeprefix("W/") == f'"{etag}"' for tag in tags.split(","))
    else:
        known = _not_newer(request.headers.get(hdrs.IF_MODIFIED_SINCE), changed)
    if not known:
        return None
    return web.Response(status=_NOT_MODIFIED, headers=_cache_headers(etag, changed))


def make_head(page: Page, etag: str, changed: float) -> web.Response:
    """Return the response to HEAD for a page that was not made: without its length, which is unknown."""
    response = web.Response(status=page.status, headers={**page.headers, **_cache_headers(etag, changed)})
    response.headers[hdrs.CONTENT_TYPE] = f"{page.kind}; charset=utf-8"
    return response


def make_response(
    request: web.Request, encoded: EncodedPage, etag: str | None = None, changed: float | None = None
) -> web.Response:
    """Return the response with a page.

    ``etag`` names its state and ``changed`` is since when it has it, in seconds since 1970, where known.
    """
    page = encoded.page
    headers = {**page.headers, hdrs.VARY: _VARY}
    headers[hdrs.CACHE_CONTROL] = _FOR_GOOD if page.lasting else _KEEP_NOTHING if page.private else _ASK_AGAIN
    if page.private:
        headers |= NO_INDEX
    elif page.status == _OK:
        tag = etag or encoded.etag
        headers[hdrs.ETAG] = f'W/"{tag}"'
        if changed is not None:
            headers |= _cache_headers(tag, changed)
        elif (known := not_modified(request, tag, float("inf"))) is not None:
            known.headers.update(headers)
            return known
    headers[hdrs.CONTENT_TYPE] = page.kind if page.kind == PNG else f"{page.kind}; charset=utf-8"
    body = encoded.body
    if encoded.zipped is not None and _takes_gzip(request.headers.get(hdrs.ACCEPT_ENCODING, "")):
        headers[hdrs.CONTENT_ENCODING] = "gzip"
        body = encoded.zipped
    return web.Response(status=page.status, body=body, headers=headers)


def _cache_headers(etag: str, changed: float) -> dict[str, str]:
    headers: dict[str, str] = {hdrs.ETAG: f'W/"{etag}"', hdrs.VARY: _VARY, hdrs.CACHE_CONTROL: _ASK_AGAIN}
    if math.isfinite(changed):
        modified = datetime.fromtimestamp(changed, UTC)
        headers[hdrs.LAST_MODIFIED] = format_datetime(modified, usegmt=True)
    return headers


def _not_newer(since: str | None, changed: float) -> bool:
    """Return whether nothing changed after a date, as a header writes it."""
    if since is None or not math.isfinite(changed):
        return False
    try:
        return parsedate_to_datetime(since).timestamp() >= int(changed)
    except (ValueError, OverflowError):
        return False


def _takes_gzip(accepted: str) -> bool:
    """Return whether a header Accept-Encoding lets gzip through."""
    for one in accepted.casefold().split(","):
        name, _, quality = one.partition(";")
        if name.strip() in {"gzip", "x-gzip", "*"}:
            return quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
