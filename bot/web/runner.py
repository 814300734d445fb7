"""Serving the pages of an archive by the settings: alone, or inside the bot's process."""

import asyncio
import contextlib
import logging
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from aiohttp import web

from bot.database import ServerFile
from bot.descriptors import descriptor_limit, split_descriptors
from bot.digest.editions import Editions
from bot.settings import Settings
from bot.web.addresses import Pages
from bot.web.app import make_app
from bot.web.monitoring_app import is_loopback, make_monitoring_app
from bot.web.server import Patience, serving
from bot.web.signing import passing_key, signing_key
from bot.web.site import Freshness, Site
from retrieval.archive import Archive
from retrieval.errors import ArchiveError, StoreError

__all__ = [
    "local_address",
    "on_loop",
    "public_pages",
    "serve_beside_bot",
    "serve_monitoring",
    "serve_pages",
    "site_of",
]

log = logging.getLogger(__name__)

T = TypeVar("T")

_LEAVING = 5.0
#: Connections of supervisors and collectors at once.
_MONITORS = 32
#: The address of this machine that stands for all its addresses, of either kind.
_LOOPBACK = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with


def public_pages(settings: Settings, file: ServerFile) -> Pages | None:
    """Return where others open the pages, for links from Discord; ``None`` where they cannot."""
    key = signing_key(file)
    return Pages(settings.public_url, key) if settings.public_url else None


def site_of(archive: Archive, settings: Settings, key: bytes) -> Site:
    """Return what the pages are made from."""
    return Site(
        archive=archive,
        key=key,
        quotes=settings.quotes_per_answer,
        public_url=settings.public_url,
        trusted_proxies=settings.trusted_proxies,
        private=not settings.public_url
        and not settings.trusted_proxies
        and (settings.http_host == "localhost" or is_loopback(settings.http_host)),
        freshness=Freshness(datetime.now(UTC)),
        editions=lambda: _editions(settings),
    )


@contextlib.contextmanager
def _editions(settings: Settings) -> Iterator[Editions]:
    """Open what is known of the digests, anew for each page, since the file may be replaced meanwhile."""
    with ServerFile.open(settings.servers) as file:
        yield Editions(file)


@contextlib.asynccontextmanager
async def serve_pages(
    archive: Archive, settings: Settings, local: Sequence[web.AbstractRouteDef] = ()
) -> AsyncIterator[str]:
    """Serve the pages for as long as the context lasts; give the address to open them at, without a slash.

    ``local`` routes are kept to this machine (:func:`~bot.web.app.make_app`). Raises ``OSError`` with
    the setting to change where the address cannot be had.
    """
    app = make_app(site_of(archive, settings, _key(settings)), local)
    async with contextlib.AsyncExitStack() as stack:
        try:
            port = await stack.enter_async_context(
                serving(app, settings.http_host, settings.http_port, patience=_patience())
            )
        except OSError as error:
            where = f"{settings.http_host}:{settings.http_port}"
            reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or error
            raise OSError(
                f"the pages cannot be served at {where} ({reason}); "
                "change BOBBIN_HTTP_HOST or BOBBIN_HTTP_PORT"
            ) from error
        address = local_address(settings.http_host, port)
        log.info("pages at %s", address)
        yield address


def local_address(host: str, port: int) -> str:
    """Return the address that this machine opens pages at, where they are served at ``host``."""
    host = _LOOPBACK.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _key(settings: Settings) -> bytes:
    """Return the key of signed addresses; where it can neither be read nor made, one that opens none."""
    try:
        with ServerFile.open(settings.servers) as file:
            return signing_key(file)
    except StoreError as error:
        log.warning("links to servers' own threads do not work on these pages: %s", error)
        return passing_key()


@contextlib.asynccontextmanager
async def serve_beside_bot(
    archive: Archive, settings: Settings, local: Sequence[web.AbstractRouteDef] = ()
) -> AsyncIterator[str | None]:
    """Serve the pages beside the bot, which goes on without them where the address cannot be had.

    They have an event loop of their own, in a thread: a thousand requests at once then take turns with
    Discord's loop instead of standing before it. Handlers of ``local`` run there, too.
    """
    loop = asyncio.get_running_loop()
    began: asyncio.Future[_Begun] = loop.create_future()
    thread = threading.Thread(
        target=lambda: asyncio.run(_apart(archive, settings, local, loop, began)), name="web", daemon=True
    )
    thread.start()
    begun = await began
    try:
        yield begun.address
    finally:
        begun.loop.call_soon_threadsafe(begun.stop.set)
        await asyncio.to_thread(thread.join, _LEAVING)


@dataclass(frozen=True, slots=True)
class _Begun:
    """The pages' own loop, and what ends it."""

    address: str | None
    loop: asyncio.AbstractEventLoop
    stop: asyncio.Event


async def _apart(
    archive: Archive,
    settings: Settings,
    local: Sequence[web.AbstractRouteDef],
    loop: asyncio.AbstractEventLoop,
    began: "asyncio.Future[_Begun]",
) -> None:
    """Serve in this loop until ``stop`` is set; report the start, or the failure, to the other loop."""
    address: str | None = None
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(serve_monitoring(settings, local))
        beside = local if settings.health_beside_pages else ()
        try:
            address = await stack.enter_async_context(serve_pages(archive, settings, beside))
        except (OSError, ArchiveError) as error:
            log.warning("pages not served, the bot goes on without them: %s", error)
        begun = _Begun(address, asyncio.get_running_loop(), asyncio.Event())
        loop.call_soon_threadsafe(began.set_result, begun)
        await begun.stop.wait()


def _patience() -> Patience:
    """Return the bounds of readers' connections: no more than descriptors are to be had for them."""
    return Patience(connections=split_descriptors(descriptor_limit()).page_clients)


@contextlib.asynccontextmanager
async def serve_monitoring(settings: Settings, routes: Sequence[web.AbstractRouteDef]) -> AsyncIterator[None]:
    """Serve the monitoring routes at a port of their own, where one is set; log where they are nowhere.

    The bot goes on without them where the address cannot be had.
    """
    host, port = settings.health_host, settings.health_port
    async with contextlib.AsyncExitStack() as stack:
        if routes and port is not None:
            token = settings.health_token.reveal() if settings.health_token else None
            local = host == "localhost" or is_loopback(host)
            if token is None and not local:
                log.warning("health: open to all who reach %s; set BOBBIN_HEALTH_TOKEN", host)
            app = make_monitoring_app(routes, token, local=local)
            patience = Patience(connections=_MONITORS)
            try:
                port = await stack.enter_async_context(serving(app, host, port, patience=patience))
                log.info("health and metrics at port %d of %s", port, host)
            except OSError as error:
                log.error(  # noqa: TRY400 - the sentence says it all
                    "health: not served at %s:%d (%s); change BOBBIN_HEALTH_HOST or BOBBIN_HEALTH_PORT",
                    host,
                    port,
                    error.strerror or error,
                )
        elif routes and not settings.health_beside_pages:
            log.warning(
                "health: the health page and the metrics are not served, because BOBBIN_PUBLIC_URL or"
                " BOBBIN_TRUSTED_PROXIES is set; set BOBBIN_HEALTH_PORT, to 8471 say"
            )
        yield


def on_loop(work: Callable[[], Awaitable[T]]) -> Callable[[], Awaitable[T]]:
    """Return what awaits ``work`` in the loop that runs now, for handlers that run in another one."""
    loop = asyncio.get_running_loop()

    async def in_loop() -> T:
        return await work()

    async def from_other_loop() -> T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(in_loop(), loop))

    return from_other_loop
