"""Servers that Bobbin left: when their data is due for deletion, and its deletion from every table."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database, Migrations

from bot.database import ServerFile
from bot.runtime import run_in_thread
from bot.servers.preference_store import PreferenceStore
from retrieval.archive import Archive

__all__ = [
    "DEPARTURE_GRACE",
    "Membership",
    "ServerRetention",
    "compare_membership",
    "delete_rows",
    "due_servers",
    "forget_server",
    "migrations",
    "note_erasure",
    "servers_with_data",
    "servers_with_rows",
]

DEPARTURE_GRACE: Final = timedelta(days=30)
"""How long a server's settings and uploads are kept after Bobbin left it, in case it comes back."""


@dataclass(frozen=True, slots=True)
class Membership:
    """The servers that were left since the last comparison, and those that Bobbin is in again."""

    left: frozenset[int] = frozenset()
    back: frozenset[int] = frozenset()


def compare_membership(
    known: Iterable[int], departed: Iterable[int], present: Iterable[int], *, shards: Iterable[int], of: int
) -> Membership:
    """Compare the servers that have data with those that Bobbin is in.

    Only servers on one of the ``shards`` of all ``of`` count, because another process serves the others.
    Raises ``ValueError`` for no shards at all.
    """
    if of < 1:
        raise ValueError("a bot has at least one shard")
    members, gone, served = frozenset(present), frozenset(departed), frozenset(shards)
    own = frozenset(server for server in known if (server >> 22) % of in served)
    return Membership(left=own - members - gone, back=gone & members)


def due_servers(departed: Mapping[int, datetime], now: datetime) -> list[int]:
    """Return the servers whose data is due for deletion, in the order in which they were left."""
    due = (server for server, left in departed.items() if left + DEPARTURE_GRACE <= now)
    return sorted(due, key=lambda server: (departed[server], server))


log = logging.getLogger(__name__)

migrations = Migrations("erasures")


@migrations()
def m001_erasures(db: Database) -> None:
    """Create the tombstones that this file has caught up with; an older copy of it does not know them."""
    db.table("erasures").create({"hash": bytes, "erased_at": str}, pk=("hash", "erased_at"), strict=True)


#: The column that names a row's server, in every table.
_SERVER_COLUMN = "server_id"
#: Deleted last, so that an interrupted deletion is repeated.
_LAST_TABLE = "departures"


def servers_with_data(file: ServerFile, archive: Archive) -> frozenset[int]:
    """Return the servers that have data in the file or in the archive."""
    return servers_with_rows(file) | archive.catalog.servers()


def servers_with_rows(file: ServerFile) -> frozenset[int]:
    """Return the servers that have data in the file."""
    with file.reading() as db:
        return _servers_in(db)


def _servers_in(db: Database) -> frozenset[int]:
    servers: set[int] = set()
    for table in _tables(db):
        rows = db.execute(f'select distinct {_SERVER_COLUMN} from "{table}"').fetchall()  # noqa: S608 - our own names
        servers |= {int(server_id) for (server_id,) in rows if server_id}
    return frozenset(servers)


def forget_server(server_id: int, file: ServerFile, archive: Archive, servers: PreferenceStore) -> None:
    """Delete a server's data so that no byte of it is left; an interrupted deletion can be repeated.

    Every table of the file with a column ``server_id`` loses the server's rows. Raises
    :class:`~retrieval.errors.StoreError` where a file refuses.
    """
    file.bring_up(migrations)
    archive.forget_server(server_id)
    file.note_erasing(server_id)
    with file.changing() as db:
        delete_rows(db, server_id)
        note_erasure(db, archive, f"server {server_id}")
    servers.forget(server_id)
    file.wipe()


def delete_rows(db: Database, server_id: int) -> None:
    """Delete a server's rows from every table but the last, which says that this is to be done."""
    for table in _tables(db):
        if table != _LAST_TABLE:
            where = f"cast({_SERVER_COLUMN} as text) = ?"
            db.execute(f'delete from "{table}" where {where}', [str(server_id)])  # noqa: S608 - our own names


def note_erasure(db: Database, archive: Archive, subject: str) -> None:
    """Note in the file itself that it holds nothing of an erased subject any more."""
    for one in archive.erased_subjects():
        wanted = one.hash(subject)
        rows = [row for row in one.subjects if row[0] == wanted]
        db.conn.executemany("insert or ignore into erasures (hash, erased_at) values (?, ?)", rows)


class ServerRetention:
    """Records departures as they happen and deletes what is due. Called from the event loop.

    ``now`` is the clock, aware; ``expiring`` are the functions that delete rows past their retention.
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
        """Record that Bobbin left a server, if it has data. Raises nothing."""
        await self._record(lambda: self._leave(server_id))

    async def joined(self, server_id: int) -> None:
        """Record that Bobbin is in a server. Raises nothing."""
        await self._record(lambda: self._servers.come_back(server_id))

    async def look(self, present: Iterable[int], shards: Iterable[int], of: int) -> list[int]:
        """Record departures missed while offline, delete what is due, and return the deleted servers.

        ``present`` are the servers that Bobbin is in, ``shards`` this process's of all ``of``.
        """

        def forget() -> list[int]:
            membership = compare_membership(
                servers_with_data(self._file, self._archive),
                self._servers.departed(),
                present,
                shards=shards,
                of=of,
            )
            for server_id in membership.left:
                self._leave(server_id)
            for server_id in membership.back:
                self._servers.come_back(server_id)
            due = due_servers(self._servers.departed(), self._now())
            days = DEPARTURE_GRACE.days
            for server_id in due:
                forget_server(server_id, self._file, self._archive, self._servers)
                log.info("retention: deleted the data of a server %d days after leaving it", days)
            if due:
                self._archive.refresh()
            for expire in self._expiring:
                expire()
            return due

        return await run_in_thread(forget, "forgetting")

    def _leave(self, server_id: int) -> None:
        """Record that a server was left, unless nothing is held of it any more."""

        def has_data(db: Database) -> bool:
            return server_id in _servers_in(db) or server_id in self._archive.catalog.servers()

        self._servers.leave(server_id, self._now(), has_data)

    async def _record(self, note: Callable[[], None]) -> None:
        try:
            await asyncio.to_thread(note)
        except Exception:
            log.exception("retention: a departure or return was not recorded; the hourly check records it")


def _tables(db: Database) -> list[str]:
    return [table.name for table in db.tables if _SERVER_COLUMN in table.columns_dict]
