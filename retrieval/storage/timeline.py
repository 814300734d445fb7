"""What came when: new threads since a moment, anniversaries, and which thread comes next.

A moment is the highest number that a thread was ever given: numbers only grow, so "new since" compares
insertion numbers, not timestamps.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from retrieval.model import Scope, ThreadSummary
from retrieval.storage.connections import Connections
from retrieval.storage.rows import IN_LIST, SUMMARY, SUMMARY_COLUMNS, Row, numbers, summary_of, texts

__all__ = ["Timeline"]

_COLUMNS: Final = ", ".join(SUMMARY)
# A thread separated from another keeps the arrival number of that one (m004); one that is not new for
# digests, or not yet, has none above 0. A thread that another
# collection of the scope held before is not new, nor is it listed twice.
_NEW: Final = """
    from threads t where (t.arrival is null and t.pk > :since and t.pk <= :until
            or t.arrival > :since and t.arrival <= :until)
        and t.collection_id in (select value from json_each(:scope))
        and not exists (select 1 from threads o where o.id = t.id and o.pk < t.pk
            and o.collection_id in (select value from json_each(:scope)))
"""
# The lower() of SQLite knows the letters of ASCII alone.
_BY: Final = "ltrim(lower(author), '@') in (select value from json_each(:authors))"
_FIRST: Final = "completeness = 'complete' desc, posted_at desc, length desc, pk desc"


class Timeline:
    """The threads of an archive by when they came in or were posted; see :class:`Catalog` for errors."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def position(self) -> tuple[str, int]:
        """Return what distinguishes this archive from any other, and the highest thread number so far."""
        with self._connections.reading() as db:
            (salt,) = db.execute("select value from salt").fetchone()
            row = db.execute("select seq from sqlite_sequence where name = 'threads'").fetchone()
        return hashlib.sha256(b"archive" + salt).hexdigest()[:12], int(row[0]) if row else 0

    def latest(self, scope: Scope, *, limit: int = 25) -> list[tuple[ThreadSummary, datetime]]:
        """Return the threads of a scope that came in last, the last first, each with when it did."""
        rows: list[Row] = []
        with self._connections.reading() as db:
            for number in scope.collections:
                # Collection by collection, because only so does an index give the order.
                rows += db.table("threads").rows_where(
                    "collection_id = ?", [number], order_by="pk desc", select=SUMMARY_COLUMNS, limit=limit
                )
        rows.sort(key=lambda row: (row["imported_at"], row["pk"]), reverse=True)
        return [(summary_of(row), datetime.fromisoformat(row["imported_at"])) for row in rows[:limit]]

    def new_threads(  # noqa: PLR0913 - keywords
        self,
        scope: Scope,
        *,
        since: int,
        until: int,
        offset: int = 0,
        limit: int = 5,
        authors: Sequence[str] = (),
    ) -> tuple[list[ThreadSummary], int]:
        """Return a page of the threads with numbers in ``(since, until]``, and how many there are in all.

        Complete threads come first, then the newest, then the longest. A thread that is known from more
        files now, or more fully, is not new. With ``authors`` only theirs count: their names
        without an @, letters of ASCII in lower case.
        """
        chosen = f"{_NEW} and {_BY}" if authors else _NEW
        values = {
            "since": since,
            "until": until,
            "scope": numbers(scope.collections),
            "offset": offset,
            "limit": limit,
        } | ({"authors": texts(authors)} if authors else {})
        with self._connections.reading() as db:
            page = db.query(
                f"select {_COLUMNS} {chosen} order by {_FIRST} limit :limit offset :offset", values
            )
            summaries = [summary_of(row) for row in page]
            (total,) = db.execute(f"select count(*) {chosen}", values).fetchone()
        return summaries, int(total)

    def anniversaries(self, scope: Scope, day: date) -> list[ThreadSummary]:
        """Return threads that were posted on the day of some year, or within a day of it, by UTC."""
        days = [day + timedelta(days=step) for step in (-1, 0, 1)]
        # In a year without it, the 29th of February is kept the day before.
        leap = [date(2000, 2, 29)] if any((near.month, near.day) == (2, 28) for near in days) else []
        wanted = texts(f"{near:%m-%d}" for near in [*days, *leap])
        with self._connections.reading() as db:
            return [
                summary_of(row)
                for number in sorted(scope.collections)
                for row in db.table("threads").rows_where(
                    f"collection_id = ? and substr(posted_at, 6, 5){IN_LIST}", [number, wanted], order_by="pk"
                )
            ]

    def next_threads(  # noqa: PLR0913 - keywords
        self,
        scope: Scope,
        start: str,
        leave_out: Iterable[str] = (),
        *,
        limit: int = 1,
        authors: Sequence[str] = (),
        without: Sequence[str] = (),
    ) -> list[ThreadSummary]:
        """Return the threads whose ids follow ``start``, around from the last to the first, but for some.

        Complete ones where there is any. With ``authors`` only theirs count; those by authors ``without``
        do not. Names are as for :meth:`new_threads`.
        """
        where = f"collection_id{IN_LIST} and id not in (select value from json_each(?))"
        values = [numbers(scope.collections), texts(leave_out)]
        for names, condition in ((authors, _BY), (without, f"(author is null or not ({_BY}))")):
            if names:
                where += f" and {condition.replace(':authors', '?')}"
                values.append(texts(names))
        found: list[ThreadSummary] = []
        with self._connections.reading() as db:
            for complete in (" and completeness = 'complete'", ""):
                for bound in ("id >= ?", "id < ?"):
                    rows = db.table("threads").rows_where(
                        f"{bound} and {where}{complete}",
                        [start, *values],
                        order_by="id",
                        limit=limit - len(found),
                    )
                    found += map(summary_of, rows)
                    if len(found) >= limit:
                        return found
                if found:
                    break
        return found
