"""Which servers were shown their setup card, and in which it waits for a manager."""

import threading

from sqlite_utils import Database, Migrations

from bot.database import ServerFile

__all__ = ["SetupCards", "migrations"]

migrations = Migrations("setup_cards")


@migrations()
def m001_setup_cards(db: Database) -> None:
    """Create the servers with a card, and whether it was shown."""
    db.table("setup_cards").create(
        {"server_id": str, "shown": int}, pk="server_id", not_null={"shown"}, strict=True
    )


class SetupCards:
    """The servers with a card; safe to call from any thread.

    :meth:`awaited` and :meth:`known` read memory only, so the event loop may call them. :meth:`note` blocks
    and raises :class:`~retrieval.errors.StoreError` where the file refuses.
    """

    def __init__(self, file: ServerFile) -> None:
        file.bring_up(migrations)
        self._file = file
        self._lock = threading.Lock()
        self._shown: dict[int, bool] = {}
        self._load()
        file.on_replaced(self._load)
        file.on_erasing(self._drop)

    def _load(self) -> None:
        with self._file.reading() as db:
            self._shown = {int(row["server_id"]): bool(row["shown"]) for row in db.table("setup_cards").rows}

    def _drop(self, server_id: int) -> None:
        with self._lock:
            self._shown = {key: shown for key, shown in self._shown.items() if key != server_id}

    def awaited(self, server_id: int | None) -> bool:
        """Return whether a server's card waits for a manager."""
        return server_id is not None and self._shown.get(server_id) is False

    def known(self, server_id: int) -> bool:
        """Return whether a server's card was shown, or waits."""
        return server_id in self._shown

    def note(self, server_id: int, *, shown: bool) -> None:
        """Record that a server's card was shown, or that it waits."""
        with self._lock:
            if self._shown.get(server_id) is shown:
                return
            with self._file.changing() as db:
                db.table("setup_cards").upsert({"server_id": str(server_id), "shown": shown}, pk="server_id")
            self._shown = self._shown | {server_id: shown}
