"""The schema of the archive's database, as named migrations that are only ever added to.

Datetimes are ISO 8601 text in UTC with microseconds and ``Z``: of one width, so that they sort as
text, exact, and legible to whoever opens the file with another tool. A server's id is text, because
an unsigned 64-bit number does not fit SQLite's integers.
"""

from sqlite_utils import Database, Migrations
from sqlite_utils.db import ForeignKey

from retrieval.sqlite.versions import of_threads, threads_at_a_time, write_keys

__all__ = ["migrations"]

migrations = Migrations("archive")


@migrations()
def m001_threads_and_posts(db: Database) -> None:
    """Create collections, the files imported into them, their threads, and the threads' posts."""
    db.create_table(
        "collections",
        {"id": int, "name": str, "server_id": str, "language": str, "handbook": int, "revision": int},
        pk="id",
        not_null={"name", "language", "handbook", "revision"},
    )
    # Nulls are never equal in a unique index, and there is to be but one public collection of a name.
    db.execute(
        "create unique index collections_name on collections (name, coalesce(server_id, ''), handbook)"
    )
    db.create_table(
        "sources",
        {"id": int, "collection_id": int, "name": str, "sha256": str, "form": str, "read_at": str},
        pk="id",
        not_null={"collection_id", "name", "sha256", "form", "read_at"},
        foreign_keys=[_reference("sources", "collection_id", "collections", "id")],
    ).create_index(["collection_id", "sha256"], "sources_sha256", unique=True)
    _create_numbered(
        db,
        "threads",
        {
            "pk": int,
            "collection_id": int,
            "id": str,
            "base": str,
            "source_id": int,
            "completeness": str,
            "author": str,
            "title": str,
            "url": str,
            "posted_at": str,
            "imported_at": str,
            "length": int,
            "opening": str,
            "needle": str,
        },
        nullable={"source_id", "author", "title", "url", "posted_at"},
        foreign_keys=[
            _reference("threads", "collection_id", "collections", "id"),
            _reference("threads", "source_id", "sources", "id", on_delete="SET NULL"),
        ],
    )
    threads = db.table("threads")
    threads.create_index(["collection_id", "id"], "threads_id", unique=True)
    threads.create_index(["collection_id", "base"], "threads_base")
    threads.create_index(["collection_id"], "threads_pk")
    threads.create_index(["collection_id", "completeness", "length"], "threads_counted")
    threads.create_index(["source_id"], "threads_source")
    threads.create_index(["collection_id", "posted_at", "imported_at"], "threads_newest")
    db.execute(
        "create index threads_author"
        " on threads (collection_id, author collate nocase, posted_at, imported_at)"
    )
    _create_numbered(
        db,
        "posts",
        {
            "pk": int,
            "thread_pk": int,
            "ordinal": int,
            "key": int,
            "text": str,
            "number": int,
            "external_id": str,
            "url": str,
            "posted_at": str,
            "author": str,
            "marker": str,
        },
        nullable={"number", "external_id", "url", "posted_at", "author", "marker"},
        foreign_keys=[_reference("posts", "thread_pk", "threads", "pk")],
    )
    posts = db.table("posts")
    posts.create_index(["thread_pk", "ordinal"], "posts_place", unique=True)
    posts.create_index(["key"], "posts_key")
    # Posts with what is told of their threads.
    db.create_view(
        "placed_posts",
        """
        select posts.*, t.collection_id, t.id as thread_id, t.length as thread_length,
            t.completeness as thread_completeness, t.opening as thread_opening,
            t.author as thread_author, t.title as thread_title, t.url as thread_url,
            t.posted_at as thread_posted_at
        from posts join threads t on t.pk = posts.thread_pk
        """,
    )


@migrations()
def m002_versions(db: Database) -> None:
    """Keep what each file says of a thread, so that a file can be taken back; know what was forgotten.

    A thread made before is taken as said by the file that changed it last: no more was kept.
    """
    _create_numbered(
        db,
        "versions",
        {"pk": int, "source_id": int, "thread_pk": int, "posts": int, "body": str},
        nullable={"body"},
        foreign_keys=[
            _reference("versions", "source_id", "sources", "id"),
            _reference("versions", "thread_pk", "threads", "pk"),
        ],
    )
    db.table("versions").create_index(["source_id"], "versions_source")
    db.table("versions").create_index(["thread_pk"], "versions_thread")
    db.execute(
        "create table keys (collection_id integer not null, key integer not null,"
        " version_pk integer not null references versions(pk) on delete cascade,"
        " primary key (collection_id, key, version_pk)) without rowid"
    )
    db.table("keys").create_index(["version_pk"], "keys_version")
    db.execute("create table tombstones (hash blob primary key) without rowid")
    db.execute("create table salt (value blob not null)")
    db.execute("insert into salt (value) values (randomblob(32))")
    # The same bytes under two names are two files: one may be taken back without the other.
    db.execute("drop index sources_sha256")
    db.table("sources").create_index(["collection_id", "sha256", "name"], "sources_file", unique=True)
    # What opens alike is found by the keys now.
    db.execute("drop index threads_base")
    db.execute(
        "insert into sources (collection_id, name, sha256, form, read_at)"
        " select collection_id, '(unknown)', '', 'unknown', min(imported_at)"
        " from threads where source_id is null group by collection_id"
    )
    db.execute(
        "insert into versions (source_id, thread_pk, posts)"
        " select coalesce(t.source_id, (select id from sources s where s.collection_id = t.collection_id"
        " and s.sha256 = '')), t.pk, t.length from threads t order by t.pk"
    )
    # Not frozen with the rest: the keys must be those that this version of Bobbin looks for.
    for (collection_id,) in db.execute("select id from collections").fetchall():
        for pks in threads_at_a_time(db, collection_id):
            known = of_threads(db, pks)
            pairs = ((version.pk, version.thread) for version in known.versions if version.pk is not None)
            write_keys(db, collection_id, pairs)


@migrations()
def m003_states(db: Database) -> None:
    """Record every state of a collection, and the revision in which a thread was last written.

    A revision counts a collection's changes; a stamp, drawn anew for each, tells apart the states that
    two copies of a database may give the same revision.
    """
    db.create_table(
        "states",
        {"collection_id": int, "revision": int, "stamp": str},
        pk=("collection_id", "revision"),
        not_null={"stamp"},
        foreign_keys=[_reference("states", "collection_id", "collections", "id")],
    )
    record = "insert or replace into states select id, revision, lower(hex(randomblob(8))) from collections"
    db.execute(record)
    for event in ("insert", "update of revision"):
        name = f"states_after_{event.split()[0]}"
        when = "" if event == "insert" else " when new.revision != old.revision"
        db.execute(
            f"create trigger {name} after {event} on collections{when} begin {record} where id = new.id; end"
        )
    db.table("threads").add_column("revision", int, not_null_default=0)
    db.table("threads").create_index(["collection_id", "revision"], "threads_revision")


def _create_numbered(
    db: Database, table: str, columns: dict[str, type], *, nullable: set[str], foreign_keys: list[ForeignKey]
) -> None:
    """Create a table whose ``pk`` is never given twice, even after its row is gone.

    An index made earlier knows posts by their ``pk``; a number given again would make it quote a
    post that it never saw. sqlite-utils has no word for this, so it is put into the SQL it writes.
    """
    sql = db.create_table_sql(
        table, columns, pk="pk", not_null=columns.keys() - nullable - {"pk"}, foreign_keys=foreign_keys
    )
    db.execute(sql.replace("PRIMARY KEY", "PRIMARY KEY AUTOINCREMENT"))


def _reference(
    table: str, column: str, other: str, other_column: str, on_delete: str = "CASCADE"
) -> ForeignKey:
    return ForeignKey(table, column, other, other_column, on_delete=on_delete)
