"""What the archive holds, without searching: scopes, collections, files, threads, authors.

Methods that take a :class:`~retrieval.model.Scope` see nothing beyond it.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Final

from sqlite_utils import Database

from retrieval.analysis.headlines import shortened
from retrieval.errors import AmbiguousThreadError, ThreadNotFoundError
from retrieval.formats.import_types import SourceFile
from retrieval.linkage.fingerprint import distinguishing_lines
from retrieval.model import Author, Collection, Post, Scope, Thread, ThreadSummary, post_key
from retrieval.storage.connections import Connections
from retrieval.storage.links import linked_threads
from retrieval.storage.rows import (
    IN_LIST,
    NEWEST_FIRST,
    SUMMARY_COLUMNS,
    Row,
    collection_of,
    fullest_first,
    newness,
    numbers,
    source_of,
    summary_of,
    texts,
    thread_of,
    without_surrogates,
)
from retrieval.storage.snapshot import states

__all__ = ["Catalog", "Statistics"]

#: How many threads are offered where an id may mean several.
_CANDIDATES: Final = 25
_BATCH: Final = 2_000
_MAX_OFFSET: Final = 2**53

_IN_SCOPE: Final = f"collection_id{IN_LIST}"
_AUTHORS: Final = f"""
    select author as name, count(*) as threads, sum(length) as posts, max(posted_at) as latest
    from threads where {_IN_SCOPE} and author is not null
    group by author collate nocase order by threads desc, name collate nocase
"""
# The posts that a file holds of a thread are those of its fullest version.
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


_NOTHING: Final = Scope(frozenset())


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many collections, threads, posts, and threads that are only previews a scope holds."""

    collections: int
    threads: int
    posts: int
    previews: int


class Catalog:
    """The threads of an archive as people look them up, list them and browse them.

    Every method may be called from any thread and raises :class:`~retrieval.errors.StoreError` when the
    database refuses.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    # Scopes

    def all_collections(self) -> list[Collection]:
        """Return every collection, the handbook's and every server's too, in the order they were made."""
        return list(self._connections.kept("collections", _collections))

    def collections(self, server_id: int | None = None) -> list[Collection]:
        """Return the public collections and the server's own, without the handbook."""
        return [
            collection
            for collection in self.all_collections()
            if not collection.handbook and collection.server_id in {None, server_id}
        ]

    def scope(self, server_id: int | None = None) -> Scope:
        """Return what a question is answered from: what a server's members, or all people, may see.

        That is every public collection and the server's own. While these hold no thread, it is the
        handbook.
        """
        scope = self.visible_scope(server_id)
        return scope if self.holds_threads(scope) else self.handbook_scope()

    def lookup_scope(self, server_id: int | None = None) -> Scope:
        """Return what an id, a link or a button may lead to: :meth:`visible_scope` and the handbook.

        Where the handbook and another collection hold the same thread, the other's is returned.
        """
        visible = self.all_collections()
        return Scope(
            frozenset(one.id for one in visible if one.handbook or one.server_id in {None, server_id})
        )

    def handbook_scope(self) -> Scope:
        """Return the scope of the threads that explain Bobbin."""
        return Scope(frozenset(one.id for one in self.all_collections() if one.handbook))

    def visible_scope(self, server_id: int | None) -> Scope:
        """Return the scope of the public collections and the server's own, without the handbook."""
        return Scope(frozenset(one.id for one in self.collections(server_id)))

    def public_scope(self) -> Scope:
        """Return the scope of the public collections, without the handbook."""
        return self.visible_scope(None)

    def own_scope(self, server_id: int) -> Scope:
        """Return the scope of a server's own collections, without the public ones."""
        return Scope(frozenset(one.id for one in self.collections(server_id) if one.server_id == server_id))

    def servers(self) -> frozenset[int]:
        """Return the servers that have collections of their own."""
        server_ids = (collection.server_id for collection in self.all_collections())
        return frozenset(server_id for server_id in server_ids if server_id)

    def state(self) -> Hashable:
        """Return what is equal for as long as no collection of the archive changes."""
        return tuple(self._connections.kept("states", states).items())

    def holds_threads(self, scope: Scope) -> bool:
        """Return whether a scope holds any thread, in a time that does not depend on how many."""

        def read(db: Database) -> bool:
            rows = db.table("threads").rows_where(
                _IN_SCOPE, [numbers(scope.collections)], select="pk", limit=1
            )
            return next(rows, None) is not None

        return self._connections.kept(("holds threads", scope), read)

    def statistics(self, scope: Scope) -> Statistics:
        """Return how many collections, threads, posts and previews a scope holds."""
        scoped = [numbers(scope.collections)]
        with self._connections.reading() as db:
            collections = db.table("collections").count_where(f"id{IN_LIST}", scoped)
            counts = db.execute(
                "select count(*), coalesce(sum(length), 0), coalesce(sum(completeness = 'preview'), 0)"
                f" from threads where {_IN_SCOPE}",
                scoped,
            ).fetchone()
        return Statistics(collections, *counts)

    # Files

    def sources(self) -> list[SourceFile]:
        """Return the files that were read and what the archive has from each, the newest first.

        Those of the handbook are left out.
        """
        return self._sources()

    def last_import(self) -> datetime | None:
        """Return when a file was last read into a collection other than the handbook, aware UTC."""
        with self._connections.reading() as db:
            (read_at,) = db.execute(
                "select max(read_at) from sources join collections on collections.id = sources.collection_id"
                " where not handbook"
            ).fetchone()
        return None if read_at is None else datetime.fromisoformat(read_at)

    def uploads(self, server_id: int) -> list[SourceFile]:
        """Return the files that were read for a server alone, the newest first."""
        return [file for file in self.sources() if file.server_id == server_id]

    def sources_of(self, thread_id: str, scope: Scope) -> list[SourceFile]:
        """Return the files that a thread is known from; raise ``ThreadNotFoundError`` for none."""
        files = self._sources(thread_id, scope) or self._sources(self.thread(thread_id, scope).id, scope)
        if not files:
            raise ThreadNotFoundError(
                f"no thread {thread_id!r} was imported; the list of threads has the ids"
            )
        return files

    def _sources(self, thread_id: str | None = None, scope: Scope = _NOTHING) -> list[SourceFile]:
        thread = None if thread_id is None else without_surrogates(thread_id)
        with self._connections.reading() as db:
            rows = db.query(_SOURCES, {"thread": thread, "collections": numbers(scope.collections)})
            return [source_of(row) for row in rows]

    # One thread

    def thread(self, thread_id: str, scope: Scope) -> Thread:
        """Return a thread with all its posts; raise ``ThreadNotFoundError`` when it is not there.

        An id that the thread had earlier does as well. Raises ``AmbiguousThreadError``, with the
        candidates, where that may have been the id of several.
        """
        thread = self.thread_of_id(thread_id, scope)
        if thread is None:
            link = self._linked(post_key(thread_id, 0), scope)
            thread = link and self.thread_of_id(link[0], scope)
        if thread is None:
            raise ThreadNotFoundError(
                f"no thread {thread_id!r} in the archive; the list of threads has the ids"
            )
        return thread

    def locate(self, key: int, scope: Scope) -> tuple[Thread, Post]:
        """Return the post of a key with its thread; raise ``ThreadNotFoundError`` when it is gone.

        A key of earlier does as an id does; see :meth:`thread`.
        """
        placed = self.post_of_key(key, scope)
        if placed is None:
            link = self._linked(key, scope)
            placed = link and self.post_of_key(post_key(*link), scope)
        if placed is None:
            raise ThreadNotFoundError("this post is no longer in the archive; ask again to find its like")
        return placed

    def thread_of_id(self, thread_id: str, scope: Scope) -> Thread | None:
        """Return the thread that has an id now, the fullest where several collections have it."""
        with self._connections.reading() as db:
            rows = db.table("threads").rows_where(
                f"id = ? and {_IN_SCOPE}",
                [without_surrogates(thread_id), numbers(scope.collections)],
                order_by=fullest_first(),
            )
            row = next(rows, None)
            return None if row is None else _with_posts(db, row)

    def post_of_key(self, key: int, scope: Scope) -> tuple[Thread, Post] | None:
        """Return the post that has a key now (:func:`~retrieval.model.post_key`), with its thread."""
        with self._connections.reading() as db:
            rows = db.view("placed_posts").rows_where(
                f"key = ? and {_IN_SCOPE}",
                [key, numbers(scope.collections)],
                order_by=fullest_first("thread_"),
            )
            row = next(rows, None)
            if row is None:
                return None
            thread = _with_posts(db, db.table("threads").get(row["thread_pk"]))
        return thread, thread.posts[row["ordinal"] - 1]

    def _linked(self, key: int, scope: Scope) -> tuple[str, int] | None:
        """Return the id of the only thread that a key may have led to, and the post's place in it."""
        with self._connections.reading() as db:
            links, total = linked_threads(db, key, scope.collections, _CANDIDATES)
        if total > 1:
            raise AmbiguousThreadError(self.distinguished([summary for summary, _ in links], scope), total)
        return (links[0][0].id, links[0][1]) if links else None

    def distinguished(self, candidates: Sequence[ThreadSummary], scope: Scope) -> list[ThreadSummary]:
        """Return candidates of one heading with the first line that distinguishes each as their opening.

        They open alike, so without a title all would look the same in a list. "…" shows that the line is
        not the first of the thread.
        """
        headings = Counter(candidate.heading for candidate in candidates)
        threads = (self.thread_of_id(candidate.id, scope) for candidate in candidates)
        lines = distinguishing_lines([[post.text for post in one.posts] if one else [] for one in threads])
        return [
            replace(candidate, title=None, opening=f"… {shortened(line)}")
            if line and headings[candidate.heading] > 1
            else candidate
            for candidate, line in zip(candidates, lines, strict=True)
        ]

    def thread_pks(self, thread_ids: Iterable[str], scope: Scope) -> list[int]:
        """Return the numbers in the store of a scope's threads with these ids."""
        where, values = f"id{IN_LIST} and {_IN_SCOPE}", [texts(thread_ids), numbers(scope.collections)]
        with self._connections.reading() as db:
            return [row["pk"] for row in db.table("threads").rows_where(where, values, select="pk")]

    def language_of(self, thread_id: str, scope: Scope) -> str | None:
        """Return the language that a thread is read in, ``None`` where it is not there."""
        with self._connections.reading() as db:
            row = db.execute(
                "select c.language from threads t join collections c on c.id = t.collection_id"
                f" where t.id = ? and t.{_IN_SCOPE} order by {fullest_first()} limit 1",
                [without_surrogates(thread_id), numbers(scope.collections)],
            ).fetchone()
        return None if row is None else str(row[0])

    # Lists of threads

    def threads(
        self, scope: Scope, *, author: str | None = None, offset: int = 0, limit: int = 25
    ) -> list[ThreadSummary]:
        """Return a scope's threads, the newest first: by their date, those without one by their import.

        ``author`` keeps those of one author, whatever the case of its ASCII letters. A thread that
        two collections hold is listed twice. Raises ``ValueError`` for a negative offset or limit.
        """
        if offset < 0 or limit < 0:
            raise ValueError("offset and limit count threads; neither can be negative")
        end = min(offset + limit, _MAX_OFFSET)
        where, values = "collection_id = ?", [] if author is None else [without_surrogates(author)]
        if author is not None:
            where += " and author = ? collate nocase"
        rows: list[Row] = []
        # With a single collection SQLite can skip the rows before the page.
        skipped = offset if len(scope.collections) == 1 else 0
        with self._connections.reading() as db:
            # Collection by collection, because only so does an index give the order.
            for number in sorted(scope.collections):
                rows += db.table("threads").rows_where(
                    where,
                    [number, *values],
                    order_by=NEWEST_FIRST,
                    select=SUMMARY_COLUMNS,
                    limit=end - skipped,
                    offset=min(skipped, _MAX_OFFSET),
                )
        rows.sort(key=newness, reverse=True)
        return [summary_of(row) for row in rows[offset - skipped : end - skipped]]

    def count(self, scope: Scope, *, author: str | None = None) -> int:
        """Return how many threads a scope holds, of one author or of all; see :meth:`threads`."""
        where, values = _IN_SCOPE, [numbers(scope.collections)]
        if author is not None:
            where, values = f"{where} and author = ? collate nocase", [*values, without_surrogates(author)]
        with self._connections.reading() as db:
            return db.table("threads").count_where(where, values)

    def sample(self, scope: Scope, number: int, chance: Random) -> list[ThreadSummary]:
        """Return so many threads drawn by ``chance``, each once, in no order; fewer where there are fewer."""
        with self._connections.reading() as db:
            where, values = _IN_SCOPE, [numbers(scope.collections)]
            total = db.table("threads").count_where(where, values)
            summaries: list[ThreadSummary] = []
            for place in chance.sample(range(total), min(number, total)):
                rows = db.table("threads").rows_where(
                    where, values, order_by="collection_id, pk", select=SUMMARY_COLUMNS, limit=1, offset=place
                )
                summaries += map(summary_of, rows)
            return summaries

    def summaries(self, thread_ids: Iterable[str], scope: Scope) -> dict[str, ThreadSummary]:
        """Return the summaries of threads by their ids, each the fullest; those not there are left out."""
        where, values = f"id{IN_LIST} and {_IN_SCOPE}", [texts(thread_ids), numbers(scope.collections)]
        summaries: dict[str, ThreadSummary] = {}
        with self._connections.reading() as db:
            for row in db.table("threads").rows_where(where, values, order_by=fullest_first()):
                summaries.setdefault(row["id"], summary_of(row))
        return summaries

    def summaries_of_pks(self, pks: Sequence[int], scope: Scope) -> list[tuple[int, ThreadSummary]]:
        """Return a scope's threads by their numbers in the store, newest first; those gone are left out."""
        where, values = f"pk{IN_LIST} and {_IN_SCOPE}", [numbers(pks), numbers(scope.collections)]
        with self._connections.reading() as db:
            rows = db.table("threads").rows_where(
                where, values, order_by=NEWEST_FIRST, select=SUMMARY_COLUMNS
            )
            return [(row["pk"], summary_of(row)) for row in rows]

    def needles(self, collection_id: int) -> Iterator[tuple[int, str, str | None]]:
        """Yield a collection's threads, newest first: number, what completion searches, and author.

        The stream shows one state of the collection, however long it is read.
        """
        with self._connections.apart() as db:
            cursor = db.execute(
                f"select pk, needle, author from threads where collection_id = ? order by {NEWEST_FIRST}",
                [collection_id],
            )
            while batch := cursor.fetchmany(_BATCH):
                yield from batch

    def authors(self, scope: Scope) -> list[Author]:
        """Return a scope's known authors, who wrote the most threads first."""
        with self._connections.reading() as db:
            return [
                Author(
                    name=row["name"],
                    threads=row["threads"],
                    posts=row["posts"],
                    latest=datetime.fromisoformat(row["latest"]) if row["latest"] else None,
                )
                for row in db.query(_AUTHORS, [numbers(scope.collections)])
            ]

    def handbook_digest(self, name: str) -> str | None:
        """Return the digest of what the handbook's collection of a name was made from, ``None`` for none."""
        with self._connections.reading() as db:
            row = db.execute(
                "select s.sha256 from sources s join collections c on c.id = s.collection_id"
                " where c.handbook and c.name = ? order by s.id desc limit 1",
                [without_surrogates(name)],
            ).fetchone()
        return None if row is None else str(row[0])


def _collections(db: Database) -> tuple[Collection, ...]:
    return tuple(collection_of(row) for row in db.table("collections").rows_where(order_by="id"))


def _with_posts(db: Database, row: Row) -> Thread:
    return thread_of(row, db.table("posts").rows_where("thread_pk = ?", [row["pk"]], order_by="ordinal"))
