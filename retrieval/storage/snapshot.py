"""One state of a collection, however long it is read, and what changed since an earlier one."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from sqlite_utils import Database

from retrieval.storage.rows import StoredPost

__all__ = ["CollectionState", "Snapshot", "states", "was_state"]

_AT_ONCE: Final = 2_000


class CollectionState(NamedTuple):
    """A state of a collection: how many changes it has seen, and a stamp that no other state has."""

    revision: int
    stamp: str


def states(db: Database) -> dict[int, CollectionState]:
    """Return the state of each collection by its id, in the order they were made."""
    rows = db.execute(
        "select c.id, c.revision, s.stamp from collections c"
        " join states s on s.collection_id = c.id and s.revision = c.revision order by c.id"
    )
    return {number: CollectionState(revision, stamp) for number, revision, stamp in rows.fetchall()}


def was_state(db: Database, collection_id: int, state: CollectionState) -> bool:
    """Return whether a collection is in this state, or was."""
    known = "select 1 from states where collection_id = ? and revision = ? and stamp = ?"
    return db.execute(known, [collection_id, *state]).fetchone() is not None


class Snapshot:
    """A collection as it was when this was made, within a transaction that the caller has begun.

    ``language`` is the collection's, ``None`` when it is gone.
    """

    def __init__(self, db: Database, collection_id: int) -> None:
        self._db = db
        self._id = collection_id
        row = db.execute(
            "select language, revision, stamp from collections join states using (revision)"
            " where id = ? and collection_id = id",
            [collection_id],
        ).fetchone()
        self.language: str | None = row[0] if row else None
        self.state = CollectionState(*row[1:]) if row else CollectionState(-1, "")

    def follows(self, state: CollectionState) -> bool:
        """Return whether an earlier state was one of this collection's."""
        return was_state(self._db, self._id, state)

    def count(self, after: int = -1) -> int:
        """Return how many posts the threads have that were written after a revision."""
        lengths = "select coalesce(sum(length), 0) from threads where collection_id = ? and revision > ?"
        return int(self._db.execute(lengths, [self._id, after]).fetchone()[0])

    def threads(self, after: int = -1) -> list[int]:
        """Return the numbers of the threads that were written after a revision, rising."""
        return [
            row[0]
            for row in self._db.execute(
                "select pk from threads where collection_id = ? and revision > ? order by pk",
                [self._id, after],
            )
        ]

    def thread_count(self) -> int:
        """Return how many threads there are."""
        return int(self._db.table("threads").count_where("collection_id = ?", [self._id]))

    def posts(self, after: int = -1) -> Iterator[StoredPost]:
        """Yield the posts of the threads that were written after a revision, thread by thread."""
        cursor = self._db.execute(
            "select p.pk, p.thread_pk, p.ordinal, p.text"
            " from threads t cross join posts p on p.thread_pk = t.pk"
            " where t.collection_id = ? and t.revision > ? order by t.pk, p.ordinal",
            [self._id, after],
        )
        while batch := cursor.fetchmany(_AT_ONCE):
            yield from map(StoredPost._make, batch)
