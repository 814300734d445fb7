"""Messages whose text an admin saved to the archive: whose they are, so that they go with author or message.

The archive has such a post under the message's address, as a file of that name. This says which messages
those are, so that it is taken back once Discord reports the message's deletion, or its author asks for it.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from sqlite_utils import Database, Migrations

from bot.database import ServerFile
from retrieval.archive import Archive

__all__ = ["SavedMessages", "migrations"]

migrations = Migrations("saved_messages")

_ADDRESS: Final = re.compile(r"https://discord\.com/channels/(?P<server>\d+)/\d+/(?P<message>\d+)")


@migrations()
def m001_saved_messages(db: Database) -> None:
    """Create the messages that were saved, each with its author."""
    db.table("saved_messages").create(
        {"message_id": str, "server_id": str, "author_id": str},
        pk="message_id",
        not_null={"server_id"},
        strict=True,
    )


class SavedMessages:
    """The saved messages; safe to call from any thread.

    :meth:`known` reads memory only, so the event loop may call it. The rest blocks, and raises
    :class:`~retrieval.errors.StoreError` where a file refuses. ``now`` is the clock, aware.
    """

    def __init__(self, file: ServerFile, archive: Archive, now: Callable[[], datetime]) -> None:
        file.bring_up(migrations)
        self._file, self._archive, self._now = file, archive, now
        self._ids: frozenset[int] = frozenset()
        self._load()
        file.on_replaced(self._load)

    def _load(self) -> None:
        with self._file.reading() as db:
            self._ids = frozenset(int(row["message_id"]) for row in db.table("saved_messages").rows)

    def known(self, messages: Iterable[int]) -> frozenset[int]:
        """Return which of some messages are saved."""
        return self._ids.intersection(messages)

    def note(self, server_id: int, message_id: int, author_id: int) -> None:
        """Record that a message is about to be saved."""
        row = {"message_id": str(message_id), "server_id": str(server_id), "author_id": str(author_id)}
        with self._file.changing() as db:
            db.table("saved_messages").upsert(row, pk="message_id")
        self._load()

    def forget(self, messages: Iterable[int]) -> int:
        """Take messages out of the archive for good; return how many files of it that were."""
        gone = self.known(messages)
        if not gone:
            return 0
        for message in gone:
            self._archive.note_erased(_subject(message), self._now())
        taken = self._take_back(gone.__contains__)
        with self._file.changing() as db:
            for message in gone:
                db.table("saved_messages").delete_where("message_id = ?", [str(message)])
        self._file.wipe()
        self._load()
        return taken

    def forget_author(self, author_id: int) -> int:
        """Take every saved message of an account out of the archive; return how many files that were."""
        with self._file.reading() as db:
            rows: Iterable[dict[str, Any]] = db.table("saved_messages").rows_where(
                "author_id = ?", [str(author_id)]
            )
            messages = [int(row["message_id"]) for row in rows]
        return self.forget(messages)

    def forget_anew(self) -> int:
        """Take out what an older archive brought back of messages that were forgotten; return how many."""
        erased = self._archive.erased_subjects()
        return self._take_back(lambda message: any(one.names(_subject(message)) for one in erased))

    def _take_back(self, wanted: Callable[[int], bool]) -> int:
        sources = [
            source.id
            for source in self._archive.catalog.sources()
            if (named := _ADDRESS.fullmatch(source.name))
            and named["server"] == str(source.server_id)
            and wanted(int(named["message"]))
        ]
        if sources:
            self._archive.take_back(sources)
            self._archive.refresh()
        return len(sources)


def _subject(message_id: int) -> str:
    """Return what a tombstone calls a message."""
    return f"message {message_id}"
