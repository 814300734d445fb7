"""The application: requests to pages, and what every response has in common."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import quote

from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Middleware

from bot.i18n import LANGUAGES
from bot.web.error_pages import BadRequestError, error_page, page_of_status
from bot.web.monitoring_app import is_local, names_this_machine
from bot.web.page import (
    EncodedPage,
    Page,
    PageRequest,
    base_path,
    encode_page,
    preferred_language,
    valid_utf8,
)
from bot.web.rate_limit import RateLimiter, client_network
from bot.web.responses import (
    NO_INDEX,
    make_head,
    make_response,
    not_modified,
    security_headers,
    validator,
)
from bot.web.routes import ROUTES, Route
from bot.web.site import Site
from bot.web.templates import STATIC
from bot.web.worker import BusyError, PageWorker

__all__ = ["make_app"]

log = logging.getLogger(__name__)

_METHODS = frozenset({hdrs.METH_GET, hdrs.METH_HEAD})
_OK, _MOVED, _MISDIRECTED, _TOO_MANY = 200, 308, 421, 429
_BODY_BYTES, _BODY_SECONDS = 2**20, 5.0
_CACHED_BYTES = 8 * 2**20

T = TypeVar("T")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _PageCache:
    """The pages made last, by the entity tags of their states, up to some bytes in all."""

    def __init__(self, capacity: int = _CACHED_BYTES) -> None:
        self._pages: OrderedDict[str, EncodedPage] = OrderedDict()
        self._capacity = capacity
        self._size = 0

    def get(self, etag: str) -> EncodedPage | None:
        """Return the page of a state, ``None`` where it was not made or is gone."""
        return self._pages.get(etag)

    def put(self, etag: str, page: EncodedPage) -> None:
        """Keep a page; the ones kept first make room."""
        if etag not in self._pages:
            self._pages[etag] = page
            self._size += _weight(page)
        while self._size > self._capacity:
            _, oldest = self._pages.popitem(last=False)
            self._size -= _weight(oldest)


def _weight(page: EncodedPage) -> int:
    return len(page.body) + len(page.zipped or b"")


class _Pages:
    """What serves the pages of a site: worker, cache and rate limits."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.rates = RateLimiter(site.rate)
        self.worker = PageWorker(heavy=lambda client: self.rates.is_heavy(client, time.monotonic()))
        self._cache = _PageCache()
        self._logged = False

    def handler(self, route: Route, language: str | None) -> Handler:
        """Return the handler of a route; ``language`` is the one in its path, ``None`` for none."""

        async def handle(request: web.Request) -> web.StreamResponse:
            wanted = parse_request(request, self.site.public_url, language)
            # Identical for all who hold the same address, private or not.
            state, changed = await self.worker.look(self.site.state)
            etag = validator(state, wanted)
            if route.private:
                return make_response(request, await self._make(request, route, wanted, etag))
            if hdrs.IF_NONE_MATCH in request.headers:
                known = not_modified(request, etag, changed)
                if known is not None:
                    return known
            encoded = self._cache.get(etag)
            dated = hdrs.IF_MODIFIED_SINCE in request.headers
            if encoded is None and route.find is not None and (dated or request.method == hdrs.METH_HEAD):
                find = route.find
                page = await self._charged(
                    request, ("find", etag), lambda: find(self.site, wanted), route.cost
                )
                known = not_modified(request, etag, changed)
                if known is not None or request.method == hdrs.METH_HEAD:
                    return known or make_head(page, etag, changed)
            if encoded is None:
                encoded = await self._make(request, route, wanted, etag)
                if encoded.page.status == _OK:
                    self._cache.put(etag, encoded)
            known = not_modified(request, etag, changed) if encoded.page.status == _OK else None
            return known or make_response(request, encoded, etag, changed)

        return handle

    def _client(self, request: web.Request) -> str:
        """Return the client that a request counts for; log once where a proxy is not trusted."""
        forwarded = ",".join(request.headers.getall(hdrs.X_FORWARDED_FOR, ())) or None
        if forwarded and not self._logged and not self.site.trusted_proxies:
            self._logged = True
            log.warning(
                "pages: requests come through a proxy at %s that is not trusted, so all its visitors share"
                " one rate limit; set BOBBIN_TRUSTED_PROXIES to its address",
                request.remote,
            )
        return client_network(request.remote, forwarded, self.site.trusted_proxies)

    async def refusal(self, request: web.Request, cost: float) -> web.Response | None:
        """Return the response to a client that asks too often, ``None`` for one that may go on."""
        client = self._client(request)
        wait = self.rates.take(client, cost, time.monotonic())
        if not wait:
            return None
        await self._pause(client)
        wanted = parse_request(request, self.site.public_url)
        return make_response(
            request, page_of_status(_TOO_MANY, wanted, **{hdrs.RETRY_AFTER: str(int(wait) + 1)})
        )

    async def _pause(self, client: str) -> None:
        await asyncio.sleep(self.rates.pause(client, time.monotonic()))

    async def _make(self, request: web.Request, route: Route, wanted: PageRequest, etag: str) -> EncodedPage:
        return await self._charged(
            request, etag, lambda: encode_page(route.make(self.site, wanted)), route.cost
        )

    async def _charged(self, request: web.Request, key: object, work: Callable[[], T], paid: float) -> T:
        """Do work in the client's turn, and charge what it cost beyond what is paid."""
        client = self._client(request)
        try:
            return await self.worker.make(
                client, key, work, lambda seconds: self.rates.charge(client, seconds, paid)
            )
        except BusyError:
            await self._pause(client)
            raise


def make_app(site: Site, local: Sequence[web.AbstractRouteDef] = ()) -> web.Application:
    """Return the application with every page of a site.

    Pages stand below the path of the site's public address, if it has one, and at the root as well, for
    proxies that take the path away. Each has an address in every language: ``/threads``, ``/de/threads``.

    ``local`` are further routes, such as ``/health`` and ``/metrics``. They alone are restricted to this
    machine, whatever address the pages are served at: they answer when the connection comes from a
    loopback address, names a loopback host, and was not passed on by a proxy; for any other client they
    do not exist. Their handlers run on the event loop, get the same headers as pages, and count towards no
    rate limit.
    """
    app = web.Application(client_max_size=1024)
    pages = _Pages(site)
    costs: dict[web.AbstractResource | None, float] = {}
    restricted = frozenset(added.resource for route in local for added in route.register(app.router))
    base = base_path(site.public_url)
    for start in dict.fromkeys((base, "")):
        for name, static in STATIC.items():
            encoded = encode_page(Page(static.body, static.kind, lasting=True))
            app.router.add_get(f"{start}/static/{static.name}", _fixed_handler(encoded))
            if name == "bobbin.svg":
                icon = encode_page(Page(static.body, static.kind))
                app.router.add_get(f"{start}/favicon.ico", _fixed_handler(icon))
        for language in (None, *LANGUAGES):
            for route in ROUTES:
                path = start + (f"/{language}" if language else "") + route.path
                for written in dict.fromkeys((path, path.rstrip("/") or "/")):
                    added = app.router.add_get(written, pages.handler(route, language))
                    costs[added.resource] = route.cost
    app.middlewares.append(_guard(pages, costs, restricted))

    async def close(_app: web.Application) -> None:
        pages.worker.close()

    app.on_cleanup.append(close)
    app.on_response_prepare.append(_prepared(security_headers(site.public_url)))
    return app


def _prepared(always: Mapping[str, str]) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Return what gives the headers of every reply also to those that aiohttp makes without asking."""

    async def prepared(_request: web.Request, response: web.StreamResponse) -> None:
        for name, value in always.items():
            # A local route may know better what its page needs.
            response.headers.setdefault(name, value)
        response.headers[hdrs.SERVER] = always[hdrs.SERVER]

    return prepared


def parse_request(request: web.Request, public_url: str | None, language: str | None = None) -> PageRequest:
    """Return what a request asks for; of a name that stands twice in its query, the first.

    ``language`` is the one in the path of a known page; of an unknown path the language is read from it.
    """
    query: dict[str, str] = {}
    for name, value in request.query.items():
        query.setdefault(name, valid_utf8(value))
    path = {name: valid_utf8(value) for name, value in request.match_info.items()}
    route = request.path.removeprefix(base_path(public_url))
    first, _, rest = route.removeprefix("/").partition("/")
    if first in LANGUAGES:
        language, route = first, f"/{rest}"
    return PageRequest(
        path,
        query,
        locale=language or preferred_language(request.headers.get(hdrs.ACCEPT_LANGUAGE, "")),
        route=valid_utf8(route) or "/",
        public_url=public_url,
        chosen=language is not None,
    )


def _fixed_handler(encoded: EncodedPage) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return make_response(request, encoded)

    return handle


def _guard(
    pages: _Pages,
    costs: Mapping[web.AbstractResource | None, float],
    restricted: frozenset[web.AbstractResource | None],
) -> Middleware:
    """Return the middleware around every handler: methods, rate limits, local routes, errors, headers."""
    site = pages.site

    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        resource = request.match_info.route.resource
        if resource in restricted:
            if not is_local(request):
                raise web.HTTPNotFound
            return await handler(request)
        await _discard_body(request)
        if site.private and not names_this_machine(request):
            # Else a page elsewhere, whose name leads here, could read what is for this machine alone.
            raise BadRequestError(_MISDIRECTED)
        if request.method not in _METHODS:
            raise web.HTTPMethodNotAllowed(request.method, sorted(_METHODS))
        refusal = await pages.refusal(request, costs.get(resource, 0.0 if resource else 1.0))
        moved = None if resource or refusal else _canonical_path(request)
        if moved is not None:
            return web.Response(status=_MOVED, headers={hdrs.LOCATION: moved})
        return refusal or await handler(request)

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        response: web.StreamResponse
        try:
            response = await answer(request, handler)
        except Exception as error:  # noqa: BLE001 - the edge: every error becomes a page
            response = make_response(request, error_page(error, parse_request(request, site.public_url)))
        if response.status >= 400:  # noqa: PLR2004 - the first status of an error
            response.headers.update(NO_INDEX)
        return response

    return guard


async def _discard_body(request: web.Request) -> None:
    """Read a request's body, which no page needs; raise ``BadRequestError`` where it cannot be read.

    At most a mebibyte within some seconds: what is longer is left, and the connection ends after the reply.
    """
    read = 0
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            while read < _BODY_BYTES and (part := await request.content.readany()):
                read += len(part)
    except (web.RequestPayloadError, HttpProcessingError, TimeoutError) as error:
        raise BadRequestError from error


def _canonical_path(request: web.Request) -> str | None:
    """Return the address that a path without a page most likely means, ``None`` for no other.

    A slash at the end goes. The address stays on this site: it begins with one slash.
    """
    canonical = "/" + quote(request.path.strip("/"), safe="/@:")
    if canonical == quote(request.path, safe="/@:"):
        return None
    return canonical + (f"?{request.query_string}" if request.query_string else "")
