"""The key that addresses of servers' own threads are signed with: made once, kept in the servers' file.

It says nothing of any server or person. Whoever deletes it makes every such address invalid.
"""

import secrets

from sqlite_utils import Database, Migrations

from bot.database import ServerFile

__all__ = ["migrations", "passing_key", "signing_key"]

migrations = Migrations("web")

_LENGTH = 32


@migrations()
def m001_key(db: Database) -> None:
    """Create the table of the one key."""
    db.execute("create table page_key (id integer primary key check (id = 1), value blob not null)")


def signing_key(file: ServerFile) -> bytes:
    """Return the key of 32 bytes, made where there is none yet. Raises ``StoreError``."""
    file.bring_up(migrations)
    with file.reading() as db:
        known = _read(db)
    if known is not None:
        return known
    with file.changing() as db:
        db.execute("insert or ignore into page_key (id, value) values (1, ?)", [secrets.token_bytes(_LENGTH)])
        (key,) = db.execute("select value from page_key").fetchone()
    return bytes(key)


def passing_key() -> bytes:
    """Return a key for as long as the process lives: no address that was signed before is valid by it."""
    return secrets.token_bytes(_LENGTH)


def _read(db: Database) -> bytes | None:
    row = db.execute("select value from page_key").fetchone()
    return None if row is None else bytes(row[0])
