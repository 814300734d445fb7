"""Files imported in one transaction, and receipts: what came of a file, so that it need not be read again.

A receipt lasts until something is forgotten or taken back: then all of them go, within that change, and every
file is read again once. A file of many parts is imported in several transactions; its receipt is begun in
the first and completed in the last, if it is still there by then.
"""

from collections.abc import Iterable

from sqlite_utils import Database

from retrieval.errors import CollectionNotFoundError
from retrieval.formats.import_types import News
from retrieval.model import Collection, Thread
from retrieval.storage.import_transaction import ImportProgress, ImportTransaction, SaveReport, Source

__all__ = ["ImportBatch", "drop_receipts", "receipt_of"]

_BEGUN = ""


class ImportBatch:
    """Imports within a transaction that the caller has begun with a write.

    ``now`` is as :func:`~retrieval.storage.rows.db_time` writes it.
    """

    def __init__(self, db: Database, now: str) -> None:
        self._db = db
        self._now = now

    def change(self, collection: Collection, source: Source, news: News = News.AT_ONCE) -> ImportTransaction:
        """Return the change of a collection by a file.

        Raises :class:`~retrieval.errors.CollectionNotFoundError` when the collection is gone.
        """
        if not self._db.execute("select 1 from collections where id = ?", [collection.id]).fetchone():
            raise CollectionNotFoundError(
                f"the collection {collection.name!r} is no longer in the archive; name another"
            )
        return ImportTransaction(self._db, collection.id, source, self._now, news)

    def save(
        self,
        threads: Iterable[Thread],
        collection: Collection,
        source: Source,
        progress: ImportProgress = lambda _threads, _posts: None,
        news: News = News.AT_ONCE,
    ) -> SaveReport:
        """Put a file's threads into a collection; see :meth:`~retrieval.storage.store.Store.save`."""
        change = self.change(collection, source, news)
        change.save(threads, progress)
        return change.finish()

    def begin_receipt(self, key: bytes) -> None:
        """Note that a file is being imported."""
        self.write_receipt(key, _BEGUN)

    def complete_receipt(self, key: bytes, reports: str) -> None:
        """Keep the receipt of a file that was begun; do nothing where something was forgotten since."""
        self._db.execute("update receipts set reports = ? where key = ?", [reports, key])

    def write_receipt(self, key: bytes, reports: str) -> None:
        """Keep the receipt of a file that was imported in this transaction."""
        self._db.execute("insert or replace into receipts (key, reports) values (?, ?)", [key, reports])


def receipt_of(db: Database, key: bytes) -> str | None:
    """Return what a complete receipt says, ``None`` where there is none."""
    row = db.execute("select reports from receipts where key = ?", [key]).fetchone()
    return row[0] if row and row[0] != _BEGUN else None


def drop_receipts(db: Database) -> None:
    """Drop all receipts: what their files hold may be no longer what the archive has of them."""
    db.execute("delete from receipts")
