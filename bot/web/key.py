"""The key that addresses of servers' own threads are signed with: made once, kept in the servers' file.

It says nothing of any server or person. Whoever deletes it makes every such address invalid.
"""

import secrets

from sqlite_utils import Database, Migrations

from bot.database import ServerFile

__all__ = ["migrations", "signing_key"]

migrations = Migrations("web")

_LENGTH = 32


@migrations()
def m001_key(db: Database) -> None:
    """Create the table of the one key."""
    db.execute("create table page_key (id integer primary key check (id = 1), value blob not null)")


def signing_key(file: ServerFile) -> bytes:
    """Return the key of 32 bytes, made where there is none yet. Raises ``StoreError``."""
    file.bring_up(migrations)
    with file.changing() as db:
        db.execute("insert or ignore into page_key (id, value) values (1, ?)", [secrets.token_bytes(_LENGTH)])
        (key,) = db.execute("select value from page_key").fetchone()
    return bytes(key)
