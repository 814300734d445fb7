"""The application: requests to pages, and what every reply has in common."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from ipaddress import ip_address

from aiohttp import hdrs, web
from aiohttp.typedefs import Middleware

from bot.web.error_pages import error_page, page_of_status
from bot.web.page import EncodedPage, Page, PageRequest, encode_page, preferred_language, valid_utf8
from bot.web.rate_limit import RateLimiter, client_network
from bot.web.responses import NO_INDEX, make_response, security_headers
from bot.web.routes import ROUTES, Route
from bot.web.site import Site
from bot.web.templates import STATIC
from bot.web.worker import PageWorker

__all__ = ["make_app"]

_METHODS = frozenset({hdrs.METH_GET, hdrs.METH_HEAD})
_PASSED_ON = (hdrs.X_FORWARDED_FOR, hdrs.X_FORWARDED_HOST, hdrs.FORWARDED, hdrs.VIA)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(site: Site, local: Sequence[web.AbstractRouteDef] = ()) -> web.Application:
    """Return the application with every page of a site.

    ``local`` are further routes, such as ``/health`` and ``/metrics``. They alone are kept to this
    machine, whatever address the pages are served at: they answer when the connection comes from a
    loopback address, names a loopback host, and was not passed on by a proxy; for any other client they do
    not exist. Their handlers run on the event loop, get the same headers as pages, and do not count
    towards a rate limit.
    """
    worker = PageWorker()
    app = web.Application(client_max_size=1024)
    costs: dict[web.AbstractResource | None, float] = {}
    for route in ROUTES:
        added = app.router.add_get(route.path, _page_handler(site, worker, route))
        costs[added.resource] = route.cost
    for name, static in STATIC.items():
        handler = _static_handler(encode_page(Page(static.body, static.kind, lasting=True)))
        app.router.add_get("/robots.txt" if name == "robots.txt" else f"/static/{static.name}", handler)
    kept = frozenset(registered.resource for route in local for registered in route.register(app.router))
    app.middlewares.append(_guard(site, costs, kept))

    async def close(_app: web.Application) -> None:
        worker.close()

    app.on_cleanup.append(close)
    return app


def parse_request(request: web.Request) -> PageRequest:
    """Return what a request asks for; of a name that stands twice in its query, the first."""
    query: dict[str, str] = {}
    for name, value in request.query.items():
        query.setdefault(name, valid_utf8(value))
    path = {name: valid_utf8(value) for name, value in request.match_info.items()}
    locale = preferred_language(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))
    return PageRequest(path, query, locale)


def _page_handler(site: Site, worker: PageWorker, route: Route) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        parsed = parse_request(request)

        def make() -> tuple[EncodedPage, float]:
            changed = site.changed()
            return encode_page(route.make(site, parsed)), changed.timestamp()

        encoded, changed = await worker.make(make)
        return make_response(request, encoded, changed)

    return handle


def _static_handler(encoded: EncodedPage) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return make_response(request, encoded, None)

    return handle


def _guard(
    site: Site,
    costs: Mapping[web.AbstractResource | None, float],
    kept: frozenset[web.AbstractResource | None],
) -> Middleware:
    """Return what stands before every handler: who may ask, how often, and what becomes of errors."""
    always = security_headers(site.public_url)
    rates = RateLimiter(site.rate)

    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        resource = request.match_info.route.resource
        if resource in kept:
            if not _is_local(request):
                raise web.HTTPNotFound
            return await handler(request)
        if request.method not in _METHODS:
            raise web.HTTPMethodNotAllowed(request.method, sorted(_METHODS))
        client = client_network(request.remote, request.headers.get(hdrs.X_FORWARDED_FOR))
        wait = rates.take(client, costs.get(resource, 0.0 if resource else 1.0), time.monotonic())
        if wait:
            page = page_of_status(429, parse_request(request), **{hdrs.RETRY_AFTER: str(int(wait) + 1)})
            return make_response(request, page, None)
        return await handler(request)

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await answer(request, handler)
        except Exception as error:  # noqa: BLE001 - the edge: whatever it is, the reader gets a page
            response = make_response(request, error_page(error, parse_request(request)), None)
        for name, value in always.items():
            # A local route may know better what its page needs.
            response.headers.setdefault(name, value)
        if response.status >= 400:  # noqa: PLR2004 - from here on it is an error
            response.headers.update(NO_INDEX)
        return response

    return guard


def _is_local(request: web.Request) -> bool:
    """Return whether a request comes from this machine itself and was meant for it."""
    if any(name in request.headers for name in _PASSED_ON):
        return False
    host = (request.url.host or "").rstrip(".")
    return _loopback(request.remote) and (host == "localhost" or _loopback(host))


def _loopback(address: str | None) -> bool:
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False
