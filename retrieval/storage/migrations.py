"""The schema of the archive's database, as named migrations that are only ever added to.

Datetimes are ISO 8601 text in UTC with microseconds and ``Z``: of one width, so that they sort as
text, exact, and legible in other tools. A server's id is text, because
an unsigned 64-bit number does not fit SQLite's integers.
"""

import json
import logging
from collections import defaultdict

from sqlite_utils import Database, Migrations
from sqlite_utils.db import ForeignKey

from retrieval.analysis.headlines import HEADLINE_POSTS, headline
from retrieval.storage.rows import needle_of
from retrieval.storage.thread_writer import ThreadWriter
from retrieval.storage.versions import threads_at_a_time, versions_around, versions_of_threads, write_keys

__all__ = ["migrations"]

#: So many threads are read at once.
_AT_A_TIME = 1_000

log = logging.getLogger(__name__)

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
    # Posts with the facts of their threads.
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

    A thread made before is taken as the version of the file that changed it last: no more was kept.
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
    # The keys are written by m004, since they change with what is taken for one thread.


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


@migrations()
def m004_threads_told_apart(db: Database) -> None:
    """Make all threads anew from their versions, since too much was taken for one thread before.

    Keep by which keys ids and buttons made earlier lead to threads, and what was separated.
    """
    db.table("versions").add_column("shown", str)
    db.table("threads").add_column("arrival", int)
    db.execute("create index threads_arrival on threads (arrival) where arrival is not null")
    db.execute(
        "create table links (collection_id integer not null, key integer not null, thread_pk integer not null"
        " references threads(pk) on delete cascade, ordinal integer not null,"
        " primary key (key, collection_id, thread_pk)) without rowid"
    )
    db.table("links").create_index(["thread_pk"], "links_thread")
    db.create_table(
        "separated",
        {"thread_pk": int, "former": str},
        pk="thread_pk",
        not_null={"former"},
        foreign_keys=[_reference("separated", "thread_pk", "threads", "pk")],
    )
    # Not frozen with the rest: keys and threads must be those that this version of Bobbin makes.
    _add_attachments(db)
    db.execute("delete from keys")
    bases = {row["pk"]: row["base"] for row in db.table("threads").rows_where("id <> base")}
    collections = [row["id"] for row in db.table("collections").rows]
    for collection_id in collections:
        for pks in threads_at_a_time(db, collection_id):
            known = versions_of_threads(db, pks)
            write_keys(
                db, collection_id, ((one.pk, one.thread) for one in known.versions if one.pk is not None)
            )
            # What a thread showed under an id of its own were posts that opened as the id was made from.
            shown = (
                (known.threads[one.thread_pk].id, one.pk)
                for one in known.versions
                if one.thread_pk is not None and bases.get(one.thread_pk) == one.thread.id
            )
            db.conn.executemany("update versions set shown = ? where pk = ?", shown)
    for collection_id in collections:
        last = _highest(db)
        former = dict(db.execute("select pk, id from threads where collection_id = ?", [collection_id]))
        settling = ThreadWriter(db, collection_id, "")  # no time is needed: nothing is new
        for pks in threads_at_a_time(db, collection_id):
            if pks[0] > last:
                break
            known = versions_around(
                db, collection_id, [one.thread for one in versions_of_threads(db, pks).versions]
            )
            homes = {one.pk: one.thread_pk for one in known.versions}
            settling.write(known, known.versions)
            _note_separated(db, homes, former)
        settling.count()
    count = db.table("separated").count
    if count:
        log.warning(
            "the archive's upgrade separated %d threads that an earlier version had taken for fewer;"
            " `bobbin check` names them",
            count,
        )


@migrations()
def m005_tombstones_of_others(db: Database) -> None:
    """Keep tombstones by the keys of other archives, and which servers' data was deleted when."""
    db.execute(
        "create table other_tombstones (key blob not null, hash blob not null, primary key (key, hash))"
        " without rowid"
    )
    db.execute(
        "create table subject_tombstones (key blob not null, hash blob not null, erased_at text not null,"
        " primary key (key, hash, erased_at)) without rowid"
    )


@migrations()
def m006_addresses(db: Database) -> None:
    """Find threads and posts by their addresses, which people paste."""
    for table in ("threads", "posts"):
        db.execute(f"create index {table}_url on {table} (url) where url is not null")


@migrations()
def m007_receipts(db: Database) -> None:
    """Keep what came of each file, so that one that has not changed need not be read again."""
    db.execute("create table receipts (key blob primary key, reports text not null) without rowid")


@migrations()
def m008_attachments(db: Database) -> None:
    """Keep what hangs on a post as data beside its text; posts kept before have its lines alone."""
    _add_attachments(db)


@migrations()
def m011_headlines(db: Database) -> None:
    """Make the openings of all threads anew: whole sentences, without what people write before they begin."""
    # Not frozen: openings and needles must be those that this version of Bobbin makes.
    last = 0
    while threads := list(db.table("threads").rows_where("pk > ?", [last], order_by="pk", limit=_AT_A_TIME)):
        first, last = threads[0]["pk"], threads[-1]["pk"]
        texts: defaultdict[int, list[str]] = defaultdict(list)
        for pk, text in db.execute(
            "select thread_pk, text from posts where thread_pk between ? and ? and ordinal <= ?"
            " order by thread_pk, ordinal",
            [first, last, HEADLINE_POSTS],
        ):
            texts[pk].append(text)
        for row in threads:
            if known := texts[row["pk"]]:
                opening = headline(known)
                needle = needle_of(row["title"], opening, known[0], row["author"])
                values = [opening, needle, row["pk"], opening, needle]
                db.execute(
                    "update threads set opening = ?, needle = ? where pk = ? and (opening, needle) <> (?, ?)",
                    values,
                )


def _add_attachments(db: Database) -> None:
    """Add the column that threads are written with now, unless an earlier step has needed it."""
    if "attachments" not in db.table("posts").columns_dict:
        db.table("posts").add_column("attachments", str)


def _note_separated(db: Database, homes: dict[int | None, int | None], former: dict[int, str]) -> None:
    """Record the threads that versions of one thread are in now, by number and the id they had together."""
    now = dict(
        db.execute(
            "select pk, thread_pk from versions where pk in (select value from json_each(?))",
            [json.dumps(list(homes))],
        )
    )
    parted: defaultdict[int, set[int]] = defaultdict(set)
    for pk, home in homes.items():
        if home in former and pk in now:
            parted[home].add(now[pk])
    rows = [
        {"thread_pk": pk, "former": former[home]}
        for home, pks in parted.items()
        if len(pks) > 1
        for pk in sorted(pks)
    ]
    db.table("separated").insert_all(rows, ignore=True)


def _highest(db: Database) -> int:
    return int(db.execute("select coalesce(max(pk), 0) from threads").fetchone()[0])


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
