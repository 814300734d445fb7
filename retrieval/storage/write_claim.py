"""One writing process for a file at a time, where SQLite is too old for two.

The claim is a lock of the operating system on a file beside the database, held until the database is
closed. It counts for the process: two connections in one process take turns by locks of their own.
"""

import fcntl
import os
import threading
from pathlib import Path
from typing import Final

from retrieval.errors import StoreError
from retrieval.sqlite import LIBRARY, outdated
from retrieval.storage.database import beside

__all__ = ["WriteClaim"]

#: The open lock files of this process, each with how many hold it: closing one would give up all.
_HELD: Final[dict[Path, tuple[int, int]]] = {}
_LOCK: Final = threading.Lock()


class WriteClaim:
    """The right to write to a database that one process has at a time; without effect on a fixed SQLite."""

    def __init__(self, path: Path, *, needed: bool = outdated() is not None) -> None:
        self._path = path
        self._needed = needed
        self._claimed: Path | None = None

    def take(self) -> None:
        """Take the right, or raise :class:`~retrieval.errors.StoreError` where another process has it."""
        if not self._needed or self._claimed is not None:
            return
        path = beside(self._path, "-writer")
        with _LOCK:
            handle, holders = _HELD.get(path) or (
                os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600),
                0,
            )
            try:
                fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if not holders:
                    os.close(handle)
                raise StoreError(
                    f"{self._path}: another process of Bobbin writes to it, and SQLite {LIBRARY} may damage"
                    " a file that two processes write to; stop the other one first, or install pysqlite3"
                    " where it has a wheel, or a Python with SQLite 3.51.3 or newer"
                ) from error
            _HELD[path] = handle, holders + 1
            self._claimed = path

    def release(self) -> None:
        """Give the right up, where this has it."""
        if self._claimed is None:
            return
        with _LOCK:
            handle, holders = _HELD.pop(self._claimed)
            if holders > 1:
                _HELD[self._claimed] = handle, holders - 1
            else:
                os.close(handle)
            self._claimed = None
