"""The files that a database was made from, as it tells of them."""

from collections.abc import Iterable
from typing import Final

from sqlite_utils import Database

from retrieval.formats.import_types import SourceFile
from retrieval.storage.rows import numbers, source_of, without_surrogates

__all__ = ["handbook_digest", "sources"]

# A file's posts of a thread are those of its fullest version of it.
_SOURCES: Final = """
    select s.id, s.name, s.sha256, s.form, s.read_at, c.name as collection, c.server_id,
        count(held.thread_pk) as threads, coalesce(sum(held.posts), 0) as posts
    from sources s join collections c on c.id = s.collection_id
        left join (select source_id, thread_pk, max(posts) as posts from versions
            group by source_id, thread_pk) as held on held.source_id = s.id
    where not c.handbook and (:thread is null or s.id in (
        select v.source_id from versions v join threads t on t.pk = v.thread_pk
        where t.id = :thread and t.collection_id in (select value from json_each(:collections))))
    group by s.id order by s.read_at desc, s.id desc
"""


def sources(db: Database, thread_id: str | None = None, collections: Iterable[int] = ()) -> list[SourceFile]:
    """Return the files that were read, the newest first, but the handbook's.

    With ``thread_id``, those that say something of this thread of one of the collections.
    """
    thread = None if thread_id is None else without_surrogates(thread_id)
    rows = db.query(_SOURCES, {"thread": thread, "collections": numbers(collections)})
    return [source_of(row) for row in rows]


def handbook_digest(db: Database, name: str) -> str | None:
    """Return the digest of the one source of the handbook's collection of a name, ``None`` for none."""
    row = db.execute(
        "select s.sha256 from sources s join collections c on c.id = s.collection_id"
        " where c.handbook and c.name = ? order by s.id desc limit 1",
        [name],
    ).fetchone()
    return None if row is None else str(row[0])
