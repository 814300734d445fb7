"""The SQLite file of what Bobbin keeps about servers, in tables that each family of the bot adds.

It is a file beside the archive's, so that an archive may be replaced, taken from a backup or copied to
another machine without a server's settings going with it or a digest being posted twice.
"""

from contextlib import closing
from pathlib import Path

from retrieval.errors import StoreError
from retrieval.storage.connections import Connections
from retrieval.storage.database import ailments, connect_to_read, refusals

__all__ = ["ServerFile", "find_damage", "read_value"]

_PATIENCE = 5.0


class ServerFile(Connections):
    """The open file; safe to call from any thread, and never from an event loop.

    It is opened without tables: each part of the bot calls :meth:`bring_up` with its own migrations.
    """


def find_damage(path: Path) -> list[str]:
    """Read a whole database through a connection of its own; return the damage, each a sentence."""
    try:
        with refusals(path):
            db, _ = connect_to_read(path, patience=_PATIENCE)
            with closing(db):
                return ailments(db, path)
    except StoreError as error:
        return [str(error)]


def read_value(path: Path, query: str) -> object:
    """Return the first value that a query gives in the file that is at the path now.

    Raises :class:`~retrieval.errors.StoreError` where it refuses.
    """
    with refusals(path):
        db, _ = connect_to_read(path, patience=_PATIENCE)
        with closing(db):
            row = db.execute(query).fetchone()
    return row[0] if row else None
