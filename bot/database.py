"""The SQLite file of what Bobbin keeps about servers, in tables that each family of the bot adds.

It is a file beside the archive's, so that an archive may be replaced, taken from a backup or copied to
another machine without a server's settings going with it or a digest being posted twice.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlite_utils import Migrations

from retrieval.errors import StoreError
from retrieval.storage.connections import Connections
from retrieval.storage.database import ailments, connect_to_read, refusals

__all__ = ["ServerFile", "find_damage", "last_backup", "note_backup", "read_value"]

_PATIENCE = 5.0
_BACKUP = "last-backup.json"


class ServerFile(Connections):
    """The open file; safe to call from any thread, and never from an event loop.

    It is opened without tables: each part of the bot calls :meth:`bring_up` with its own migrations.
    """

    def __init__(self, path: Path, migrations: Sequence[Migrations], patience: float) -> None:
        super().__init__(path, migrations, patience)
        self._erasing: list[Callable[[int], object]] = []

    def on_erasing(self, drop: Callable[[int], object]) -> None:
        """Have ``drop`` called, by any thread, with a server whose rows are about to be deleted.

        It drops what is held in memory to be written later, and waits for what is being written.
        """
        self._erasing.append(drop)

    def note_erasing(self, server_id: int) -> None:
        """Have everything dropped that is held of a server; to be called before its rows are deleted."""
        for drop in self._erasing:
            drop(server_id)


def find_damage(path: Path) -> list[str]:
    """Read a whole database that others have open; return the damage, each a sentence."""
    try:
        with refusals(path):
            db, _ = connect_to_read(path, patience=_PATIENCE, guest=True)
            with closing(db):
                return ailments(db, path)
    except StoreError as error:
        return [str(error)]


def read_value(path: Path, query: str) -> object:
    """Return the first value that a query gives in the file that is at the path now, which others have open.

    Raises :class:`~retrieval.errors.StoreError` where it refuses.
    """
    with refusals(path):
        db, _ = connect_to_read(path, patience=_PATIENCE, guest=True)
        with closing(db):
            row = db.execute(query).fetchone()
    return row[0] if row else None


def note_backup(data: Path, now: datetime, made: Path) -> None:
    """Note in the data folder that a backup was made, and where; raise ``OSError`` where it refuses."""
    note = {"made_at": now.isoformat(), "path": str(made.absolute())}
    (data / _BACKUP).write_text(json.dumps(note) + "\n", encoding="utf-8")


def last_backup(data: Path) -> tuple[datetime, Path] | None:
    """Return when the last backup was made and where it is, ``None`` where none is known."""
    try:
        note = json.loads((data / _BACKUP).read_bytes())
        return datetime.fromisoformat(note["made_at"]), Path(note["path"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
