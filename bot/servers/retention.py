"""Servers that Bobbin has left: when their data is due for deletion, and its deletion from every table."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database

from bot.database import ServerFile
from bot.runtime import run_in_thread
from bot.servers.preference_store import PreferenceStore
from retrieval.archive import Archive

__all__ = [
    "DEPARTURE_GRACE",
    "Membership",
    "ServerRetention",
    "compare_membership",
    "due_servers",
    "forget_server",
    "servers_with_data",
]

DEPARTURE_GRACE: Final = timedelta(days=30)
"""For how long a server's settings and uploads are kept after Bobbin left it, in case it comes back."""


@dataclass(frozen=True, slots=True)
class Membership:
    """What a look at the servers tells: those that were left, and those that Bobbin is in again."""

    left: frozenset[int] = frozenset()
    back: frozenset[int] = frozenset()


def compare_membership(
    known: Iterable[int], departed: Iterable[int], present: Iterable[int], *, shards: Iterable[int], of: int
) -> Membership:
    """Compare the servers that something is kept of with those that Bobbin is in.

    Only those count that belong to one of the ``shards`` of all ``of``: another process knows the
    others. Raises ``ValueError`` for no shards at all.
    """
    if of < 1:
        raise ValueError("a bot has at least one shard")
    there, gone, own = frozenset(present), frozenset(departed), frozenset(shards)
    ours = frozenset(server for server in known if (server >> 22) % of in own)
    return Membership(left=ours - there - gone, back=gone & there)


def due_servers(departed: Mapping[int, datetime], now: datetime) -> list[int]:
    """Return the servers whose time is over, in the order in which they were left."""
    over = (server for server, left in departed.items() if left + DEPARTURE_GRACE <= now)
    return sorted(over, key=lambda server: (departed[server], server))


log = logging.getLogger(__name__)

#: The column by which every table says whose a row is.
_WHOSE = "server_id"
#: Forgotten last, so that what was broken off is done again.
_LAST = "departures"


def servers_with_data(file: ServerFile, archive: Archive) -> frozenset[int]:
    """Return the servers that anything is kept of, in the file or in the archive."""
    found: set[int] = set()
    with file.reading() as db:
        for table in _tables(db):
            rows = db.execute(f'select distinct {_WHOSE} from "{table}"').fetchall()  # noqa: S608 - our own names
            found |= {int(server_id) for (server_id,) in rows if server_id}
    return frozenset(found | archive.catalog.servers())


def forget_server(server_id: int, file: ServerFile, archive: Archive, servers: PreferenceStore) -> None:
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


class ServerRetention:
    """Who was left, noted as it happens, and forgotten when it is due. For the event loop.

    ``now`` is the clock, aware; ``expiring`` lets go of what has had its time, whose server is still
    there.
    """

    def __init__(
        self,
        archive: Archive,
        file: ServerFile,
        servers: PreferenceStore,
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
            if server_id in servers_with_data(self._file, self._archive):
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
            seen = compare_membership(
                servers_with_data(self._file, self._archive),
                self._servers.departed(),
                present,
                shards=shards,
                of=of,
            )
            for server_id in seen.left:
                self._servers.leave(server_id, self._now())
            for server_id in seen.back:
                self._servers.come_back(server_id)
            over = due_servers(self._servers.departed(), self._now())
            for server_id in over:
                forget_server(server_id, self._file, self._archive, self._servers)
                log.info("a server that was left is forgotten")
            if over:
                self._archive.refresh()
            for expire in self._expiring:
                expire()
            return over

        return await run_in_thread(forget, "forgetting")

    async def _noted(self, note: Callable[[], None]) -> None:
        try:
            await asyncio.to_thread(note)
        except Exception:
            # Caught up with at the next look.
            log.exception("who was left, or is back, could not be noted")


def _tables(db: Database) -> list[str]:
    return [table.name for table in db.tables if _WHOSE in table.columns_dict]
