"""What an archive holds, counted: its authors, what came in last, and when posts were written."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from retrieval.model import Author, ThreadSummary
from retrieval.storage.rows import SUMMARY, numbers, summary_of

__all__ = ["authors", "language_of", "months", "newest_threads"]

_AUTHORS: Final = """
    select author as name, count(*) as threads, sum(length) as posts, max(posted_at) as latest
    from threads where collection_id in (select value from json_each(?)) and author is not null
    group by author collate nocase order by threads desc, name collate nocase
"""
_MONTHS: Final = """
    select substr(coalesce(p.posted_at, t.posted_at), 1, 7) as month, count(*) as posts
    from json_each(?) as wanted join posts p on p.pk = wanted.value join threads t on t.pk = p.thread_pk
    group by month
"""
_LANGUAGE: Final = """
    select c.language from threads t join collections c on c.id = t.collection_id
    where t.id = ? and t.collection_id in (select value from json_each(?))
    order by t.completeness = 'complete' desc, t.length desc, t.collection_id limit 1
"""


def authors(db: Database, collections: Iterable[int]) -> list[Author]:
    """Return the known authors of threads, who wrote the most threads first."""
    return [
        Author(
            name=row["name"],
            threads=row["threads"],
            posts=row["posts"],
            latest=datetime.fromisoformat(row["latest"]) if row["latest"] else None,
        )
        for row in db.query(_AUTHORS, [numbers(collections)])
    ]


def newest_threads(
    db: Database, collections: Iterable[int], limit: int
) -> list[tuple[ThreadSummary, datetime]]:
    """Return the threads that came in last, the last first, each with when it did."""
    found = []
    for number in collections:
        # Collection by collection, because only so does an index give the order.
        found += list(
            db.table("threads").rows_where(
                "collection_id = ?",
                [number],
                order_by="pk desc",
                select=", ".join(("pk", "imported_at", *SUMMARY)),
                limit=limit,
            )
        )
    found.sort(key=lambda row: (row["imported_at"], row["pk"]), reverse=True)
    return [(summary_of(row), datetime.fromisoformat(row["imported_at"])) for row in found[:limit]]


def months(db: Database, pks: Sequence[int]) -> Counter[str | None]:
    """Return how many of these posts are of which month ("2023-12"), ``None`` for those without a date.

    A post without a date of its own has its thread's.
    """
    return Counter({row["month"]: row["posts"] for row in db.query(_MONTHS, [numbers(pks)])})


def language_of(db: Database, thread_id: str, collections: Iterable[int]) -> str | None:
    """Return the language of the collection with the fullest copy of a thread, ``None`` for no thread."""
    row = db.execute(_LANGUAGE, [thread_id, numbers(collections)]).fetchone()
    return None if row is None else str(row[0])
