"""The pages of an archive, from settings to a listening address: alone, or inside the bot's process."""

import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from aiohttp import web

from bot.database import ServerFile
from bot.settings import Settings
from bot.web.app import make_app
from bot.web.key import signing_key
from bot.web.server import serving
from bot.web.site import Freshness, Site
from retrieval.archive import Archive
from retrieval.errors import ArchiveError

__all__ = ["beside", "hosting", "site_of"]

log = logging.getLogger(__name__)

_EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - compared with, never listened at


def site_of(archive: Archive, settings: Settings, key: bytes) -> Site:
    """Return what the pages are made from."""
    return Site(
        archive=archive,
        key=key,
        quotes=settings.quotes_per_answer,
        public_url=settings.public_url,
        freshness=Freshness(datetime.now(UTC)),
    )


@contextlib.asynccontextmanager
async def hosting(
    archive: Archive, settings: Settings, local: Sequence[web.AbstractRouteDef] = ()
) -> AsyncIterator[str]:
    """Serve the pages for as long as the context lasts; give the address to open them at, without a slash.

    ``local`` routes are kept to this machine (:func:`~bot.web.app.make_app`). Raises ``OSError`` with
    the setting to change where the address cannot be had, and ``StoreError``.
    """
    with ServerFile.open(settings.servers) as file:
        key = signing_key(file)
    app = make_app(site_of(archive, settings, key), local)
    async with contextlib.AsyncExitStack() as stack:
        try:
            port = await stack.enter_async_context(serving(app, settings.http_host, settings.http_port))
        except OSError as error:
            where = f"{settings.http_host}:{settings.http_port}"
            raise OSError(
                f"the pages cannot be served at {where} ({error.strerror or error}); "
                "change BOBBIN_HTTP_HOST or BOBBIN_HTTP_PORT"
            ) from error
        host = "127.0.0.1" if settings.http_host in _EVERYWHERE else settings.http_host
        address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        log.info("pages at %s", address)
        yield address


@contextlib.asynccontextmanager
async def beside(
    archive: Archive, settings: Settings, local: Sequence[web.AbstractRouteDef] = ()
) -> AsyncIterator[str | None]:
    """Serve the pages beside the bot, which goes on without them where the address cannot be had."""
    async with contextlib.AsyncExitStack() as stack:
        try:
            address = await stack.enter_async_context(hosting(archive, settings, local))
        except (OSError, ArchiveError) as error:
            log.warning("going on without pages: %s", error)
            address = None
        yield address
