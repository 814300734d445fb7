"""HTTP responses: security headers, caching and conditional requests, compression."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final

from aiohttp import hdrs, web

from bot.web.page import PNG, EncodedPage

__all__ = ["NO_INDEX", "make_response", "security_headers"]

#: Nothing runs, nothing is fetched but our own stylesheet and pictures, nobody frames a page.
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
_OK, _NOT_MODIFIED = 200, 304


def security_headers(public_url: str | None) -> dict[str, str]:
    """Return the headers of every reply; an https address is said to stay one."""
    secure = (public_url or "").startswith("https://")
    return dict(_HEADERS) | ({"Strict-Transport-Security": _A_YEAR} if secure else {})


def make_response(request: web.Request, made: EncodedPage, changed: float | None) -> web.Response:
    """Return the reply to a request: the page, or that its reader has it already.

    ``changed`` is since when it is as it is, in seconds of the Unix era, where that is known.
    """
    page = made.page
    headers = dict(page.headers)
    headers[hdrs.VARY] = "Accept-Encoding, Accept-Language"
    headers[hdrs.CACHE_CONTROL] = _FOR_GOOD if page.lasting else _KEEP_NOTHING if page.private else _ASK_AGAIN
    if page.private:
        headers |= NO_INDEX
    elif page.status == _OK:
        headers[hdrs.ETAG] = f'W/"{made.etag}"'
        if changed is not None:
            headers[hdrs.LAST_MODIFIED] = format_datetime(datetime.fromtimestamp(changed, UTC), usegmt=True)
        if _known(request, made.etag, changed):
            return web.Response(status=_NOT_MODIFIED, headers=headers)
    headers[hdrs.CONTENT_TYPE] = page.kind if page.kind == PNG else f"{page.kind}; charset=utf-8"
    body = made.body
    if made.zipped is not None and _takes_gzip(request.headers.get(hdrs.ACCEPT_ENCODING, "")):
        headers[hdrs.CONTENT_ENCODING] = "gzip"
        body = made.zipped
    return web.Response(status=page.status, body=body, headers=headers)


def _known(request: web.Request, etag: str, changed: float | None) -> bool:
    """Return whether the reader has this state of the page; a name for it counts before any date."""
    named = request.headers.get(hdrs.IF_NONE_MATCH)
    if named is not None:
        return any(one.strip().removeprefix("W/") in {f'"{etag}"', "*"} for one in named.split(","))
    since = request.headers.get(hdrs.IF_MODIFIED_SINCE)
    if since is None or changed is None:
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
