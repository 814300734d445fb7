"""Forgetting a server: everything that any family of the bot keeps of it, found by the tables themselves."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from sqlite_utils import Database

from bot.apart import apart
from bot.database import ServerFile
from bot.servers.leaving import compared, due
from bot.servers.store import Servers
from retrieval.archive import Archive

__all__ = ["Forgetting", "forget_server", "kept_of"]

log = logging.getLogger(__name__)

#: The column by which every table says whose a row is.
_WHOSE = "server_id"
#: Forgotten last, so that what was broken off is done again.
_LAST = "departures"


def kept_of(file: ServerFile, archive: Archive) -> frozenset[int]:
    """Return the servers that anything is kept of, in the file or in the archive."""
    found: set[int] = set()
    with file.reading() as db:
        for table in _tables(db):
            rows = db.execute(f'select distinct {_WHOSE} from "{table}"').fetchall()  # noqa: S608 - our own names
            found |= {int(server_id) for (server_id,) in rows if server_id}
    return frozenset(found | archive.servers())


def forget_server(server_id: int, file: ServerFile, archive: Archive, servers: Servers) -> None:
    """Delete all that is kept of a server, so that no byte of it is left; broken off, it can be done again.

    Every table of the file with a column ``server_id`` loses the server's rows, whichever family of
    the bot it belongs to. Raises :class:`~retrieval.errors.StoreError` where a file refuses.
    """
    archive.forget_server(server_id)
    with file.changing() as db:
        for table in _tables(db):
            if table != _LAST:
                db.execute(f'delete from "{table}" where cast({_WHOSE} as text) = ?', [str(server_id)])  # noqa: S608 - our own names
    servers.forget(server_id)
    file.wipe()


class Forgetting:
    """Who was left, noted as it happens, and forgotten when it is due. For the event loop.

    ``now`` is the clock, aware; ``expiring`` lets go of what has had its time, whose server is still
    there.
    """

    def __init__(
        self,
        archive: Archive,
        file: ServerFile,
        servers: Servers,
        now: Callable[[], datetime],
        *,
        expiring: Iterable[Callable[[], object]] = (),
    ) -> None:
        self._archive = archive
        self._file = file
        self._servers = servers
        self._now = now
        self._expiring = tuple(expiring)

    async def left(self, server_id: int) -> None:
        """Note that Bobbin is no longer in a server, if anything is kept of it. Raises nothing."""

        def note() -> None:
            if server_id in kept_of(self._file, self._archive):
                self._servers.leave(server_id, self._now())

        await self._noted(note)

    async def joined(self, server_id: int) -> None:
        """Note that Bobbin is in a server. Raises nothing."""
        await self._noted(lambda: self._servers.come_back(server_id))

    async def look(self, present: Iterable[int], shards: Iterable[int], of: int) -> list[int]:
        """Catch up with what happened while nobody looked, forget what is due, and return the servers.

        ``present`` are the servers that Bobbin is in, ``shards`` this process's of all ``of``.
        """

        def forget() -> list[int]:
            seen = compared(
                kept_of(self._file, self._archive), self._servers.departed(), present, shards=shards, of=of
            )
            for server_id in seen.left:
                self._servers.leave(server_id, self._now())
            for server_id in seen.back:
                self._servers.come_back(server_id)
            over = due(self._servers.departed(), self._now())
            for server_id in over:
                forget_server(server_id, self._file, self._archive, self._servers)
                log.info("a server that was left is forgotten")
            if over:
                self._archive.refresh()
            for expire in self._expiring:
                expire()
            return over

        return await apart(forget, "forgetting")

    async def _noted(self, note: Callable[[], None]) -> None:
        try:
            await asyncio.to_thread(note)
        except Exception:
            # Caught up with at the next look.
            log.exception("who was left, or is back, could not be noted")


def _tables(db: Database) -> list[str]:
    return [table.name for table in db.tables if _WHOSE in table.columns_dict]
