"""The application at the port of the health page and the metrics, and who may open them."""

import hmac
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_address

from aiohttp import hdrs, web

from bot.web.responses import security_headers

__all__ = ["is_local", "is_loopback", "make_monitoring_app", "names_this_machine"]

_FORWARDING_HEADERS = (hdrs.X_FORWARDED_FOR, hdrs.X_FORWARDED_HOST, hdrs.FORWARDED, hdrs.VIA)
#: Supervisors can send no secret, and it tells nothing but that the process runs.
_OPEN = "/live"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_monitoring_app(
    routes: Sequence[web.AbstractRouteDef], token: str | None, *, local: bool
) -> web.Application:
    """Return the application of the monitoring routes.

    With a ``token`` each request but ``/live`` must carry it as ``Authorization: Bearer``. Without one, and
    ``local`` to this machine, a request must name this machine, so that no web page can read them by a
    name of its own that leads here.
    """

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if token is not None and request.path != _OPEN:
            given = request.headers.get(hdrs.AUTHORIZATION, "").encode("utf-8", "surrogateescape")
            if not hmac.compare_digest(given, f"Bearer {token}".encode()):
                raise web.HTTPUnauthorized(headers={hdrs.WWW_AUTHENTICATE: "Bearer"})
        elif token is None and local and not is_local(request):
            raise web.HTTPNotFound
        response = await handler(request)
        for name, value in security_headers(None).items():
            response.headers.setdefault(name, value)
        return response

    app = web.Application(client_max_size=1024, middlewares=[guard])
    app.router.add_routes(routes)
    return app


def is_local(request: web.Request) -> bool:
    """Return whether a request comes from this machine, not through a proxy, and names this machine."""
    if any(name in request.headers for name in _FORWARDING_HEADERS):
        return False
    return is_loopback(request.remote) and names_this_machine(request)


def names_this_machine(request: web.Request) -> bool:
    """Return whether a request names a loopback host; a name that a page elsewhere may have is none."""
    host = (request.url.host or "").rstrip(".").casefold()
    return host == "localhost" or host.endswith(".localhost") or is_loopback(host)


def is_loopback(address: str | None) -> bool:
    """Return whether an address is one of this machine's own loopback."""
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False
