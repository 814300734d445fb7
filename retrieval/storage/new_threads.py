"""Which threads came in between two moments, which have their anniversary, and which come next."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Final

from sqlite_utils import Database

from retrieval.model import ThreadSummary
from retrieval.storage.rows import SUMMARY, numbers, summary_of, texts

__all__ = ["anniversaries", "count_new_threads", "new_threads", "next_thread", "position"]

_COLUMNS: Final = ", ".join(SUMMARY)
# What was separated from another thread arrived with that.
# A thread that some collection of the scope held before is not new, nor is one told twice.
_NEW: Final = """
    from threads t where (t.arrival is null and t.pk > :since and t.pk <= :until
            or t.arrival > :since and t.arrival <= :until)
        and t.collection_id in (select value from json_each(:scope))
        and not exists (select 1 from threads o where o.id = t.id and o.pk < t.pk
            and o.collection_id in (select value from json_each(:scope)))
"""
_FIRST: Final = "completeness = 'complete' desc, posted_at desc, length desc, pk desc"


def position(db: Database) -> tuple[str, int]:
    """Return what tells this archive from any other, and the highest number a thread was ever given."""
    (salt,) = db.execute("select value from salt").fetchone()
    row = db.execute("select seq from sqlite_sequence where name = 'threads'").fetchone()
    return hashlib.sha256(b"archive" + salt).hexdigest()[:12], int(row[0]) if row else 0


def new_threads(  # noqa: PLR0913 - all but the first two are named where it is called
    db: Database, scope: Iterable[int], *, since: int, until: int, offset: int, limit: int
) -> list[ThreadSummary]:
    """Return the threads with numbers in ``(since, until]``: complete ones first, the newest, the longest."""
    values = {"since": since, "until": until, "scope": numbers(scope), "offset": offset, "limit": limit}
    sql = f"select {_COLUMNS} {_NEW} order by {_FIRST} limit :limit offset :offset"
    return [summary_of(row) for row in db.query(sql, values)]


def count_new_threads(db: Database, scope: Iterable[int], *, since: int, until: int) -> int:
    """Return how many threads have numbers in ``(since, until]``."""
    values = {"since": since, "until": until, "scope": numbers(scope)}
    return int(next(db.query(f"select count(*) as found {_NEW}", values))["found"])


def anniversaries(db: Database, collection_id: int, days: Iterable[date]) -> list[ThreadSummary]:
    """Return a collection's threads that were posted in any year on one of these days, by UTC."""
    wanted = texts(f"{day:%m-%d}" for day in days)
    where = "collection_id = ? and substr(posted_at, 6, 5) in (select value from json_each(?))"
    rows = db.table("threads").rows_where(where, [collection_id, wanted], order_by="pk")
    return [summary_of(row) for row in rows]


def next_thread(
    db: Database, scope: Iterable[int], start: str, leave_out: Iterable[str], *, complete: bool
) -> ThreadSummary | None:
    """Return the first thread whose id follows ``start``, around from the last to the first.

    ``leave_out`` are ids of threads that are not wanted; ``complete`` wants complete threads only.
    """
    where = "collection_id in (select value from json_each(:scope))"
    where += " and id not in (select value from json_each(:without))"
    if complete:
        where += " and completeness = 'complete'"
    values = {"start": start, "scope": numbers(scope), "without": texts(leave_out)}
    for bound in ("id >= :start", "id < :start"):
        rows = db.table("threads").rows_where(f"{bound} and {where}", values, order_by="id", limit=1)
        found = next(rows, None)
        if found is not None:
            return summary_of(found)
    return None
