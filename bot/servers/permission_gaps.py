"""Which permissions Bobbin lacks in a server, recorded for ``bobbin check``, which runs without Discord."""

import json
from collections.abc import Callable, Mapping

from sqlite_utils import Database, Migrations

from bot.database import ServerFile

__all__ = ["PermissionGaps", "migrations"]

migrations = Migrations("permission_gaps")


@migrations()
def m001_permission_gaps(db: Database) -> None:
    """Create the connected servers with their names and the names of the permissions that are missing."""
    db.table("permission_gaps").create(
        {"server_id": str, "name": str, "missing": str},
        pk="server_id",
        not_null={"name", "missing"},
        strict=True,
    )


class PermissionGaps:
    """The record; safe to call from any thread, but not from an event loop.

    Its methods raise :class:`~retrieval.errors.StoreError` where the file refuses.
    """

    def __init__(self, file: ServerFile) -> None:
        file.bring_up(migrations)
        self._file = file

    def record(
        self, servers: Mapping[int, tuple[str, tuple[str, ...]]], is_mine: Callable[[int], bool]
    ) -> None:
        """Record, by a server's id, its name and what is missing there; the same writes nothing.

        ``is_mine`` says which servers this process serves; of several, each records its own.
        """
        with self._file.reading() as db:
            known = {
                int(row["server_id"]): (row["name"], tuple(row["missing"].split()))
                for row in db.table("permission_gaps").rows
            }
        if {server_id: gap for server_id, gap in known.items() if is_mine(server_id)} == servers:
            return
        with self._file.changing() as db:
            gone = [str(server_id) for server_id in known if is_mine(server_id)]
            db.execute(
                "delete from permission_gaps where server_id in (select value from json_each(?))",
                [json.dumps(gone)],
            )
            db.table("permission_gaps").insert_all(
                {"server_id": str(server_id), "name": name, "missing": " ".join(missing)}
                for server_id, (name, missing) in servers.items()
            )

    def servers(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return the names of the connected servers, in order, each with what is missing."""
        with self._file.reading() as db:
            rows = list(db.table("permission_gaps").rows_where(order_by="name"))
        return [(row["name"], tuple(row["missing"].split())) for row in rows]
