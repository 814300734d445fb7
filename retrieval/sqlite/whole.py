"""All threads of a collection with their posts, one after another, out of one state of the database."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from sqlite3 import Cursor
from typing import Final

from sqlite_utils import Database

from retrieval.model import Thread
from retrieval.sqlite.rows import POST, SUMMARY, thread_of

__all__ = ["threads_of"]

_AT_ONCE: Final = 1_000
_THREAD: Final = ", ".join(f"t.{column}" for column in ("pk", *SUMMARY))
_POST: Final = ", ".join(f"p.{column}" for column in POST)


def threads_of(db: Database, collection_id: int, author: str | None) -> Iterator[Thread]:
    """Yield a collection's threads in the order of their ids, of one author or of all.

    The author's "@" may be left out, and the case of ASCII letters does not matter.
    """
    where, named = "t.collection_id = ?", [collection_id, *([author, f"@{author}"] if author else [])]
    if author:
        where += " and t.author collate nocase in (? collate nocase, ? collate nocase)"
    cursor = db.execute(
        f"select {_THREAD}, {_POST} from threads t join posts p on p.thread_pk = t.pk"  # noqa: S608 - columns
        f" where {where} order by t.id, p.ordinal",
        named,
    )
    for _, rows in groupby(_fetched(cursor), key=itemgetter(0)):
        found = list(rows)
        facts = dict(zip(SUMMARY, found[0][1:], strict=False))
        posts = (dict(zip(POST, row[1 + len(SUMMARY) :], strict=True)) for row in found)
        yield thread_of(facts, posts)


def _fetched(cursor: Cursor) -> Iterator[tuple[object, ...]]:
    while batch := cursor.fetchmany(_AT_ONCE):
        yield from batch
