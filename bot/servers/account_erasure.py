"""Forgetting a person: what the tables hold of their account."""

from collections.abc import Iterable

from bot.database import ServerFile
from bot.servers.data_inventory import DATA_INVENTORY, SERVERS, TableInventory

__all__ = ["forget_account"]


def forget_account(file: ServerFile, person: int, kept: Iterable[TableInventory] = DATA_INVENTORY) -> int:
    """Take an account's number out of every table that may hold it; return how many rows had it.

    The rows stay: they are a server's. Raises :class:`~retrieval.errors.StoreError` where the file
    refuses.
    """
    gone = 0
    with file.changing() as db:
        for table in kept:
            if table.file == SERVERS and table.person is not None:
                gone += db.execute(
                    f'update "{table.table}" set {table.person} = null'  # noqa: S608 - our own names
                    f" where cast({table.person} as text) = ?",
                    [str(person)],
                ).rowcount
    if gone:
        file.wipe()
    return gone
