"""Lists of threads by filter and order, and a thread's neighbours among its author's.

Methods that take a :class:`~retrieval.model.Scope` see nothing beyond it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from retrieval.model import Scope, Thread, ThreadSummary
from retrieval.storage.connections import Connections
from retrieval.storage.rows import (
    IN_LIST,
    SUMMARY_COLUMNS,
    db_time,
    fold_words,
    numbers,
    summary_of,
    texts,
    without_surrogates,
)

__all__ = ["Neighbours", "ThreadFilter", "ThreadLists", "ThreadOrder"]

_MAX_OFFSET: Final = 2**53


class ThreadOrder(StrEnum):
    """The orders of a list: by date and arrival the newest first, by length the longest, by title A to Z."""

    DATE = "date"
    ARRIVAL = "arrival"
    LENGTH = "length"
    TITLE = "title"


_ORDERS: Final = {
    ThreadOrder.DATE: "posted_at desc, imported_at desc, pk desc",
    ThreadOrder.ARRIVAL: "imported_at desc, pk desc",
    ThreadOrder.LENGTH: "length desc, pk desc",
    ThreadOrder.TITLE: "coalesce(title, opening) collate nocase, pk desc",
}


@dataclass(frozen=True, slots=True)
class ThreadFilter:
    """Which threads a list has: of an author, with words in title, opening or author, posted in a range.

    ``since`` and ``until`` are days by UTC, both included; threads without a date are outside any range.
    ``ids`` leaves out all other threads.
    """

    author: str | None = None
    words: str | None = None
    since: date | None = None
    until: date | None = None
    ids: frozenset[str] | None = None

    @property
    def selects(self) -> bool:
        """Return whether the filter leaves anything out."""
        return any(value is not None for value in (self.author, self.words, self.since, self.until, self.ids))


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The threads right before and after one, among its author's by date; ``None`` at either end."""

    previous: ThreadSummary | None = None
    following: ThreadSummary | None = None


class ThreadLists:
    """Lists of an archive's threads; see :class:`~retrieval.storage.catalog.Catalog` for errors."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def page(
        self,
        scope: Scope,
        chosen: ThreadFilter = ThreadFilter(),
        order: ThreadOrder = ThreadOrder.DATE,
        *,
        offset: int = 0,
        limit: int = 25,
    ) -> tuple[list[ThreadSummary], int]:
        """Return a page of the threads that a filter selects, and how many it selects in all.

        Takes time proportional to the threads of the scope. Raises ``ValueError`` for a negative offset or
        limit.
        """
        if offset < 0 or limit < 0:
            raise ValueError("offset and limit count threads; neither can be negative")
        where, values = _condition(scope, chosen)
        with self._connections.reading() as db:
            threads = db.table("threads")
            total = threads.count_where(where, values)
            rows = threads.rows_where(
                where,
                values,
                order_by=_ORDERS[order],
                select=SUMMARY_COLUMNS,
                limit=limit,
                offset=min(offset, _MAX_OFFSET),
            )
            return [summary_of(row) for row in rows], total

    def arrivals(
        self, scope: Scope, chosen: ThreadFilter, *, limit: int = 25
    ) -> list[tuple[ThreadSummary, datetime]]:
        """Return the selected threads that came in last, the last first, each with when it did."""
        where, values = _condition(scope, chosen)
        with self._connections.reading() as db:
            rows = db.table("threads").rows_where(
                where, values, order_by=_ORDERS[ThreadOrder.ARRIVAL], select=SUMMARY_COLUMNS, limit=limit
            )
            return [(summary_of(row), datetime.fromisoformat(row["imported_at"])) for row in rows]

    def neighbours(self, thread: Thread, scope: Scope) -> Neighbours:
        """Return the threads right before and after a dated one among its author's."""
        if thread.author is None or thread.posted_at is None:
            return Neighbours()
        found: list[ThreadSummary | None] = []
        with self._connections.reading() as db:
            for sign, direction in (("<", "desc"), (">", "asc")):
                row = next(
                    db.table("threads").rows_where(
                        f"collection_id{IN_LIST} and author = ? collate nocase and id <> ?"
                        f" and (posted_at, id) {sign} (?, ?)",
                        [
                            numbers(scope.collections),
                            without_surrogates(thread.author),
                            thread.id,
                            db_time(thread.posted_at),
                            thread.id,
                        ],
                        order_by=f"posted_at {direction}, id {direction}",
                        select=SUMMARY_COLUMNS,
                        limit=1,
                    ),
                    None,
                )
                found.append(None if row is None else summary_of(row))
        return Neighbours(*found)

    def period(self, scope: Scope) -> tuple[datetime, datetime] | None:
        """Return the dates of a scope's first and last dated thread, ``None`` where no date is known."""
        with self._connections.reading() as db:
            first, last = db.execute(
                f"select min(posted_at), max(posted_at) from threads where collection_id{IN_LIST}",
                [numbers(scope.collections)],
            ).fetchone()
        return None if first is None else (datetime.fromisoformat(first), datetime.fromisoformat(last))


def _condition(scope: Scope, chosen: ThreadFilter) -> tuple[str, list[Any]]:
    """Return the SQL condition of a filter within a scope, with its values."""
    where, values = f"collection_id{IN_LIST}", [numbers(scope.collections)]
    if chosen.author is not None:
        where += " and author = ? collate nocase"
        values.append(without_surrogates(chosen.author))
    for word in fold_words(without_surrogates(chosen.words or "")).split():
        where += " and instr(needle, ?) > 0"
        values.append(word)
    if chosen.ids is not None:
        where += f" and id{IN_LIST}"
        values.append(texts(chosen.ids))
    if chosen.since is not None:
        where += " and posted_at >= ?"
        values.append(chosen.since.isoformat())
    if chosen.until is not None:
        where += " and posted_at < ?"
        values.append((chosen.until + timedelta(days=1)).isoformat())
    return where, values
