"""The SQLite file of what Bobbin keeps about servers, in tables that each family of the bot adds.

It is a file beside the archive's, so that an archive may be replaced, taken from a backup or copied to
another machine without a server's settings going with it or a digest being posted twice.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlite_utils import Database, Migrations

from retrieval.storage.database import bring_up, compact, connect, connect_to_read, empty_log, refusals

__all__ = ["ServerFile"]


class ServerFile:
    """The open file; safe to call from any thread, one at a time, and never from an event loop.

    Opening it writes nothing where its tables are what they should be; where it only may be read, it is
    read, and changes are refused.

    Its methods raise :class:`~retrieval.errors.StoreError`, with the file and the remedy, when the
    database refuses: locked, read-only, damaged, full, or closed.
    """

    def __init__(self, path: Path, db: Database) -> None:
        self.path = path
        self._db = db
        self._lock = threading.RLock()

    @classmethod
    def open(cls, path: Path, *, patience: float = 5.0) -> "ServerFile":
        """Open the file, made with its folder where missing.

        ``patience`` is how many seconds to wait while another program writes.
        """
        with refusals(path):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                return cls(path, connect(path, patience=patience, writes=True))
            except sqlite3.OperationalError:
                if not path.is_file():
                    raise
                db, _ = connect_to_read(path, patience=patience)
                return cls(path, db)

    def bring_up(self, migrations: Migrations) -> None:
        """Bring one family's tables to this version; raise ``StoreError`` where they are newer."""
        with self._lock, refusals(self.path):
            bring_up(self._db, self.path, migrations)

    @contextmanager
    def changing(self) -> Iterator[Database]:
        """Hold a transaction that begins with the right to write: all of it is kept, or nothing."""
        with self._lock, refusals(self.path):
            self._db.execute("begin immediate")
            try:
                yield self._db
                self._db.commit()
            finally:
                # After a commit there is nothing left to take back.
                self._db.rollback()

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """Hold one state of the file, whatever other programs write meanwhile."""
        with self._lock, refusals(self.path):
            self._db.execute("begin")
            try:
                yield self._db
            finally:
                self._db.rollback()

    def wipe(self) -> bool:
        """Leave no byte of what was deleted in the file; return whether that was possible.

        It is not while another program reads an older state.
        """
        with self._lock, refusals(self.path):
            compact(self._db)
            return empty_log(self._db)

    def close(self) -> None:
        """Close the file; closing it again does nothing."""
        with self._lock:
            self._db.close()

    def __enter__(self) -> Self:
        """Return the open file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()
