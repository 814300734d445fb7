"""What was erased stays erased when an older file about servers is restored, copied or moved back."""

import logging
from dataclasses import replace

from bot.database import ServerFile
from bot.servers.data_inventory import account_subject, accounts_in, clear_account
from bot.servers.preference_store import PreferenceStore
from bot.servers.retention import delete_rows, migrations, servers_with_rows
from retrieval.archive import Archive

__all__ = ["apply_erasures"]

log = logging.getLogger(__name__)


def apply_erasures(file: ServerFile, archive: Archive, servers: PreferenceStore) -> int:
    """Erase what the file still holds of servers and accounts that were erased; return of how many.

    The file itself notes which erasures it knows, so only an older one has others to catch up with. Raises
    :class:`~retrieval.errors.StoreError` where a file refuses.
    """
    file.bring_up(migrations)
    with file.reading() as db:
        known = set(db.execute("select hash, erased_at from erasures").fetchall())
        accounts = accounts_in(db)
    sets = [replace(one, subjects=one.subjects - known) for one in archive.erased_subjects()]
    missing = [row for one in sets for row in one.subjects]
    if not missing:
        return 0
    erased = [
        server for server in servers_with_rows(file) if any(one.names(f"server {server}") for one in sets)
    ]
    forgotten = [person for person in accounts if any(one.names(account_subject(person)) for one in sets)]
    for server_id in erased:
        file.note_erasing(server_id)
    with file.changing() as db:
        for server_id in erased:
            delete_rows(db, server_id)
        for person in forgotten:
            clear_account(db, person)
        db.conn.executemany("insert into erasures (hash, erased_at) values (?, ?)", missing)
    for server_id in erased:
        servers.forget(server_id)
    if erased or forgotten:
        file.wipe()
        log.warning(
            "%s is older than what was erased since: removed %d servers' data, %d accounts' numbers",
            file.path,
            len(erased),
            len(forgotten),
        )
    return len(erased) + len(forgotten)
