"""Which threads an earlier id or key may lead to, and which threads an upgrade separated."""

from collections.abc import Iterable
from typing import Final

from sqlite_utils import Database

from retrieval.model import ThreadSummary
from retrieval.storage.rows import SUMMARY, numbers, summary_of

__all__ = ["linked_threads", "separated"]

_LISTED: Final = 20


def linked_threads(
    db: Database, key: int, scope: Iterable[int], limit: int
) -> tuple[list[tuple[ThreadSummary, int]], int]:
    """Return the threads that an earlier key may have led to, fullest first, and how many there are.

    Each comes with the place of the post, 0 where the key is a thread's.
    """
    where = (
        "from links l join threads t on t.pk = l.thread_pk"
        " where l.key in (select value from json_each(?))"
        " and l.collection_id in (select value from json_each(?))"
    )
    values = [numbers([key]), numbers(scope)]
    columns = ", ".join(f"t.{column}" for column in SUMMARY)
    rows = db.query(
        f"select {columns}, l.ordinal {where} group by t.id"
        f" order by t.completeness = 'complete' desc, t.length desc, t.id limit {limit:d}",
        values,
    )
    links = [(summary_of(row), int(row["ordinal"])) for row in rows]
    (total,) = db.execute(f"select count(distinct t.id) {where}", values).fetchone()
    return links, int(total)


def separated(db: Database) -> list[str]:
    """Return notes of the threads that an upgrade separated, by the id that they had together."""
    rows = db.execute(
        "select s.former, group_concat(t.id, ', '), count(*) from separated s"
        " join threads t on t.pk = s.thread_pk group by t.collection_id, s.former order by min(t.pk)"
    ).fetchall()
    notes = [
        f"note: an upgrade separated what an earlier version took for one thread, {former}: now {ids}"
        for former, ids, _ in rows[:_LISTED]
    ]
    if len(rows) > _LISTED:
        threads = sum(count for *_, count in rows[_LISTED:])
        notes.append(f"note: the upgrade separated {len(rows) - _LISTED} more, into {threads} threads")
    return notes
