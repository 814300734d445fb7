"""The store: threads and posts in one SQLite file, through sqlite-utils.

One connection writes, behind a lock; another reads, behind its own, so that questions are answered
while a file is being imported. Both follow the file that is at the path. Every change is one transaction
that begins with a write: one that read first would be refused at once, without waiting, if another
program wrote in between.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Final, Self

from sqlite_utils import Database

from retrieval.errors import CollectionNotFoundError
from retrieval.formats.import_types import Forgotten, SourceFile
from retrieval.model import Author, Collection, Post, Scope, Thread, ThreadSummary, post_key
from retrieval.storage.browse_queries import authors, language_of, months, newest_threads
from retrieval.storage.connections import Connections
from retrieval.storage.database import ailments, compact, empty_log, outdated
from retrieval.storage.erasure import Erased, forget_author, take_back
from retrieval.storage.export_query import threads_of
from retrieval.storage.import_transaction import ImportProgress, ImportTransaction, SaveReport, Source
from retrieval.storage.links import led_to, separated
from retrieval.storage.migrations import migrations
from retrieval.storage.new_threads import anniversaries, count_new_threads, new_threads, next_thread, position
from retrieval.storage.rows import (
    SUMMARY,
    PlacedPost,
    Row,
    StoredPost,
    collection_of,
    db_time,
    newness,
    numbers,
    placed_post_of,
    summary_of,
    texts,
    thread_of,
    without_surrogates,
)
from retrieval.storage.snapshot import CollectionState, Snapshot, states, was_state
from retrieval.storage.sources import handbook_digest, sources

__all__ = [
    "CollectionState",
    "PlacedPost",
    "SaveReport",
    "Snapshot",
    "Source",
    "Statistics",
    "Store",
    "StoredPost",
]

_LANGUAGE: Final = "en"
_AT_ONCE: Final = 2_000
_MOST: Final = 2**53

_IN: Final = " in (select value from json_each(?))"
_NEWEST: Final = "posted_at desc, imported_at desc, pk desc"
_FULLEST: Final = "{0}completeness = 'complete' desc, {0}length desc, collection_id"
_TOLD: Final = ", ".join(("pk", "imported_at", *SUMMARY))


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many collections, threads, posts, and threads that are only previews a scope holds."""

    collections: int
    threads: int
    posts: int
    previews: int


class _RehearsedError(Exception):
    """Everything has been done and is to be undone."""


class Store:
    """Threads and posts in a SQLite file; safe to call from any thread.

    Every method raises :class:`~retrieval.errors.StoreError`, with the file and the remedy, when the
    database refuses: locked, read-only, damaged, full, or closed.
    """

    def __init__(self, path: Path, connections: Connections) -> None:
        self._path = path
        self._connections = connections

    @classmethod
    def open(cls, path: Path, *, patience: float = 5.0, waiting: float = 30.0) -> "Store":
        """Open the database in a file, made with its folder where missing, and bring it up to date.

        ``patience`` is how many seconds a change waits while another program writes, ``waiting`` how many
        opening does where tables have to be changed first; nothing is written where they need not be.
        Raises :class:`~retrieval.errors.StoreError` also when a newer version of Bobbin made the file.
        """
        return cls(path, Connections.open(path, migrations, patience=patience, waiting=waiting))

    def close(self) -> None:
        """Close the database, once what is being read or written is done. Closing twice is allowed."""
        self._connections.close()

    def settle(self) -> bool:
        """Put what was written here from the log into the file itself; return whether that was possible."""
        return self._connections.empty_log()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Collections

    def collection(
        self,
        name: str,
        *,
        server_id: int | None = None,
        language: str | None = None,
        likely: str = _LANGUAGE,
        handbook: bool = False,
    ) -> Collection:
        """Return the collection of that name, the operator's or the server's, made where missing.

        A ``language`` other than the collection's becomes its language, which counts as a change of
        the collection; ``likely`` is that of one made here without a ``language``. The handbook's
        collection is not found by its name alone. Raises ``ValueError`` for an empty name.
        """
        if not name.strip():
            raise ValueError("a collection needs a name")
        named = (without_surrogates(name), "" if server_id is None else str(server_id), int(handbook))
        where = "name = ? and coalesce(server_id, '') = ? and handbook = ?"
        with self._reading() as db:
            found = next(db.table("collections").rows_where(where, named), None)
        if found and language in {None, found["language"]}:
            return collection_of(found)
        with self._writing() as db:
            db.execute(
                "insert or ignore into collections (name, server_id, handbook, language, revision)"
                " values (?, nullif(?, ''), ?, ?, 0)",
                (*named, language or likely),
            )
            made = collection_of(next(db.table("collections").rows_where(where, named)))
            if language in {None, made.language}:
                return made
            db.execute(
                "update collections set language = ?, revision = revision + 1 where id = ?",
                (language, made.id),
            )
            return replace(made, language=language or made.language, revision=made.revision + 1)

    def set_language(self, server_id: int, language: str) -> int:
        """Make this the language of a server's own collections; return how many had another."""
        with self._writing() as db:
            return db.execute(
                "update collections set language = ?, revision = revision + 1"
                " where server_id = ? and language <> ?",
                [language, str(server_id), language],
            ).rowcount

    def collections(self) -> list[Collection]:
        """Return every collection, the handbook's too, in the order they were made."""
        with self._reading() as db:
            return [collection_of(row) for row in db.table("collections").rows_where(order_by="id")]

    def states(self) -> dict[int, CollectionState]:
        """Return the state of each collection by its id; equal for as long as nothing changes."""
        with self._reading() as db:
            return states(db)

    def follows(self, earlier: Mapping[int, CollectionState]) -> bool:
        """Return whether states that were seen are this archive's own, of now or of before.

        They are not once an older copy, or another archive, has been put in its place.
        """
        with self._reading() as db:
            return all(was_state(db, number, state) for number, state in earlier.items())

    def handbook_digest(self, name: str) -> str | None:
        """Return the digest of what the handbook's collection of a name was made from, ``None`` for none."""
        with self._reading() as db:
            return handbook_digest(db, without_surrogates(name))

    def revisions(self, scope: Scope | None = None) -> dict[int, int]:
        """Return the revision of each collection by its id, of a scope or of all."""
        return {
            collection.id: collection.revision
            for collection in self.collections()
            if scope is None or collection.id in scope.collections
        }

    # Writing

    def save(
        self,
        threads: Iterable[Thread],
        collection: Collection,
        source: Source,
        now: datetime,
        progress: ImportProgress = lambda _threads, _posts: None,
    ) -> SaveReport:
        """Put a file's threads into a collection in one transaction: all of them or none.

        Every file's version of a thread is kept and the thread is made from all of them
        (:func:`~retrieval.linkage.matching.match_versions`), so saving again changes nothing, and the order
        in which files come does not matter. Posts are counted by what the file held of them. ``progress``
        is told how many threads and posts are dealt with; what it raises leaves everything as it was.
        Raises :class:`~retrieval.errors.CollectionNotFoundError` when the collection is gone and
        ``ValueError`` for a time without a zone.
        """
        with self._changing(collection, source, now) as change:
            change.save(threads, progress)
            return change.finish()

    def replace(
        self, threads: Iterable[Thread], collection: Collection, source: Source, now: datetime
    ) -> SaveReport:
        """Make a collection hold exactly these threads, in one transaction; equal ones stay untouched.

        Raises what :meth:`save` raises.
        """
        with self._changing(collection, source, now) as change:
            change.replace(threads)
            return change.finish()

    # Forgetting

    def take_back(self, sources: Sequence[int], now: datetime, *, rehearse: bool = False) -> Forgotten:
        """Make every thread what it would be had these files, by their numbers, never been read.

        Threads known from none else go. With ``rehearse`` nothing is done, only told.
        """
        return self._erase(lambda db: take_back(db, sources, db_time(now)), rehearse=rehearse)

    def forget_author(self, author: str, now: datetime, *, rehearse: bool = False) -> Forgotten:
        """Take an author out of every collection but the handbook, for good.

        A keyed hash stays, by which later imports know what not to bring back. With ``rehearse``
        nothing is done, only told.
        """
        return self._erase(lambda db: forget_author(db, author, db_time(now)), rehearse=rehearse)

    def forget_server(self, server_id: int, now: datetime) -> Forgotten:
        """Take out everything that belongs to a server. Of its collections stay numbers, and nothing else."""
        numbers = [file.id for file in self.sources() if file.server_id == server_id]

        def erase(db: Database) -> Erased:
            erased = take_back(db, numbers, db_time(now))
            # A number that was given again could be taken for the collection that had it before.
            db.execute(
                "update collections set name = lower(hex(randomblob(16))), server_id = '0', language = ?,"
                " revision = revision + 1 where server_id = ?",
                [_LANGUAGE, str(server_id)],
            )
            return erased

        return self._erase(erase, rehearse=False)

    def _erase(self, erase: Callable[[Database], Erased], *, rehearse: bool) -> Forgotten:
        files = {file.id: file for file in self.sources()}
        with suppress(_RehearsedError), self._writing() as db:
            # A write, to have the lock before anything is read.
            db.execute("update collections set revision = revision where 0")
            erased = erase(db)
            if rehearse:
                raise _RehearsedError
        wiped = not rehearse and self._wipe()
        named = tuple(files[number] for number in sorted(erased.sources) if number in files)
        return Forgotten(erased.threads, erased.posts, erased.changed, named, wiped)

    def _wipe(self) -> bool:
        """Leave no byte of what was deleted in the file; return whether that was possible."""
        with self._connections.writer() as writer:
            compact(writer)
        # The reader, too: its transaction would keep the log from being emptied.
        with self._connections.writer() as writer, self._connections.reader():
            return empty_log(writer)

    @contextmanager
    def _changing(self, collection: Collection, source: Source, now: datetime) -> Iterator[ImportTransaction]:
        with self._writing() as db:
            # A write, to have the lock before anything is read, and a look whether it is still there.
            locked = db.execute("update collections set revision = revision where id = ?", [collection.id])
            if not locked.rowcount:
                raise CollectionNotFoundError(
                    f"the collection {collection.name!r} is no longer in the archive; name another"
                )
            yield ImportTransaction(db, collection.id, source, db_time(now))

    # Reading

    def sources(self, thread: tuple[str, Scope] | None = None) -> list[SourceFile]:
        """Return the files that were read, the newest first, but the handbook's.

        With the id of a ``thread`` and a scope, those that say something of it.
        """
        name, scope = thread or (None, Scope(frozenset()))
        with self._reading() as db:
            return sources(db, name, scope.collections)

    def thread(self, thread_id: str, scope: Scope) -> Thread | None:
        """Return a thread with its posts, the fullest where several collections have it."""
        with self._reading() as db:
            row = _fullest(db, thread_id, scope)
            return None if row is None else _thread(db, row)

    def led_to(self, key: int, scope: Scope, *, limit: int) -> tuple[list[tuple[ThreadSummary, int]], int]:
        """Return the threads, fullest first, that an earlier key may have led to, and how many there are.

        The key is a post's (:func:`~retrieval.model.post_key`), whose place comes with each thread, or that
        of place 0 for a thread.
        """
        with self._reading() as db:
            return led_to(db, key, scope.collections, limit)

    def summary(self, thread_id: str, scope: Scope) -> ThreadSummary | None:
        """Return a thread's summary, the fullest where several collections have it."""
        with self._reading() as db:
            row = _fullest(db, thread_id, scope)
        return None if row is None else summary_of(row)

    def thread_pks(self, thread_ids: Sequence[str], scope: Scope) -> list[int]:
        """Return the numbers in the store of a scope's threads with these ids."""
        where = f"id{_IN} and collection_id{_IN}"
        named = [json.dumps([without_surrogates(one) for one in thread_ids]), numbers(scope.collections)]
        with self._reading() as db:
            return [row["pk"] for row in db.table("threads").rows_where(where, named, select="pk")]

    @property
    def path(self) -> Path:
        """Return the database's file."""
        return self._path

    @contextmanager
    def snapshot(self, collection_id: int) -> Iterator[Snapshot]:
        """Open one state of a collection; others go on reading and writing meanwhile."""
        with self._connections.apart() as db:
            db.execute("begin")
            yield Snapshot(db, collection_id)

    def posts_of(self, collection_id: int) -> Iterator[StoredPost]:
        """Yield every post of a collection, thread by thread in the order they came in.

        The stream shows one state of the collection, however long it is read.
        """
        with self.snapshot(collection_id) as snapshot:
            yield from snapshot.posts()

    def threads_of(
        self, collection_id: int, *, author: str | None = None
    ) -> Iterator[tuple[Thread, tuple[Thread, ...]]]:
        """Yield every thread of a collection with its posts, in the order of their ids.

        With each come the versions that it is made from, where they say different things. The stream
        shows one state of the collection, as :meth:`posts_of` does.
        """
        with self._connections.apart() as db, db.atomic():
            yield from threads_of(db, collection_id, author)

    def posts(self, pks: Sequence[int]) -> list[PlacedPost]:
        """Return posts by their numbers in the store, in the order asked for.

        Posts that are gone are left out. Whoever asks must see to the scope.
        """
        with self._reading() as db:
            rows = db.view("placed_posts").rows_where("pk" + _IN, [numbers(pks)])
            found = {row["pk"]: placed_post_of(row) for row in rows}
        return [found[pk] for pk in dict.fromkeys(pks) if pk in found]

    def post(self, pk: int) -> PlacedPost | None:
        """Return a post by its number in the store, ``None`` when it is gone."""
        return next(iter(self.posts([pk])), None)

    def find_posts(self, keys: Sequence[int], scope: Scope) -> list[PlacedPost]:
        """Return posts by their keys (:func:`~retrieval.model.post_key`), in the order asked for.

        Posts that are gone or out of scope are left out; of one that several collections have, the
        one in the fullest thread is returned. A post that had the key earlier is found where no other
        thread may be meant, and returned with the key asked for.
        """
        with self._reading() as db:
            found = {key: placed_post_of(row) for key, row in _found(db, keys, scope).items()}
            for key in set(keys) - found.keys():
                led, total = led_to(db, key, scope.collections, 1)
                now = post_key(led[0][0].id, led[0][1]) if total == 1 else key
                if row := _found(db, [now], scope).get(now):
                    found[key] = replace(placed_post_of(row), key=key)
        return [found[key] for key in dict.fromkeys(keys) if key in found]

    def find(self, key: int, scope: Scope) -> tuple[Thread, Post] | None:
        """Return a post by its key, with its whole thread; ``None`` when it is gone or out of scope."""
        with self._reading() as db:
            row = _found(db, [key], scope).get(key)
            if row is None:
                return None
            thread = _thread(db, db.table("threads").get(row["thread_pk"]))
        return thread, thread.posts[row["ordinal"] - 1]

    def threads(
        self, scope: Scope, *, author: str | None = None, offset: int = 0, limit: int = 25
    ) -> list[ThreadSummary]:
        """Return a scope's threads, the newest first: by their date, those without one by their import.

        ``author`` keeps those of one author, whatever the case of its ASCII letters. A thread that
        two collections hold is told twice. Raises ``ValueError`` for a negative offset or limit.
        """
        if offset < 0 or limit < 0:
            raise ValueError("offset and limit count threads; neither can be negative")
        end = min(offset + limit, _MOST)
        where, named = "collection_id = ?", [] if author is None else [without_surrogates(author)]
        if author is not None:
            where += " and author = ? collate nocase"
        found: list[Row] = []
        # Where there is but one, the first ones need not be read to be left out.
        skipped = offset if len(scope.collections) == 1 else 0
        with self._reading() as db:
            # Collection by collection, because only so does an index give the order.
            for number in sorted(scope.collections):
                found += db.table("threads").rows_where(
                    where,
                    [number, *named],
                    order_by=_NEWEST,
                    select=_TOLD,
                    limit=end - skipped,
                    offset=min(skipped, _MOST),
                )
        found.sort(key=newness, reverse=True)
        return [summary_of(row) for row in found[offset - skipped : end - skipped]]

    def needles_of(self, collection_id: int) -> Iterator[tuple[int, str, str | None]]:
        """Yield a collection's threads, newest first: number, what completion looks in, and author.

        The stream shows one state of the collection, as :meth:`posts_of` does.
        """
        with self._connections.apart() as db:
            cursor = db.execute(
                f"select pk, needle, author from threads where collection_id = ? order by {_NEWEST}",  # noqa: S608 - ours
                [collection_id],
            )
            while batch := cursor.fetchmany(_AT_ONCE):
                yield from batch

    def count(self, scope: Scope, *, author: str | None = None) -> int:
        """Return how many threads a scope holds, of one author or of all; see :meth:`threads`."""
        where, named = f"collection_id{_IN}", [numbers(scope.collections)]
        if author is not None:
            where, named = f"{where} and author = ? collate nocase", [*named, without_surrogates(author)]
        with self._reading() as db:
            return db.table("threads").count_where(where, named)

    def some(self, scope: Scope, number: int, chance: Random) -> list[ThreadSummary]:
        """Return threads of a scope by chance, each at most once, in no order."""
        with self._reading() as db:
            where, named = f"collection_id{_IN}", [numbers(scope.collections)]
            total = db.table("threads").count_where(where, named)
            found: list[ThreadSummary] = []
            for place in chance.sample(range(total), min(number, total)):
                rows = db.table("threads").rows_where(
                    where, named, order_by="collection_id, pk", select=_TOLD, limit=1, offset=place
                )
                found += map(summary_of, rows)
            return found

    def listed(self, pks: Sequence[int], scope: Scope) -> list[tuple[int, ThreadSummary]]:
        """Return threads by their numbers in the store, newest first; those gone or out of scope are not."""
        where = f"pk{_IN} and collection_id{_IN}"
        with self._reading() as db:
            rows = db.table("threads").rows_where(
                where, [numbers(pks), numbers(scope.collections)], order_by=_NEWEST, select=_TOLD
            )
            return [(row["pk"], summary_of(row)) for row in rows]

    def authors(self, scope: Scope) -> list[Author]:
        """Return a scope's known authors, who wrote the most threads first."""
        with self._reading() as db:
            return authors(db, scope.collections)

    def latest(self, scope: Scope, *, limit: int) -> list[tuple[ThreadSummary, datetime]]:
        """Return the threads of a scope that came in last, the last first, each with when it did."""
        with self._reading() as db:
            return newest_threads(db, scope.collections, limit)

    def language_of(self, thread_id: str, scope: Scope) -> str | None:
        """Return the language that a thread is read in, ``None`` where it is not there."""
        with self._reading() as db:
            return language_of(db, without_surrogates(thread_id), scope.collections)

    def months(self, pks: Sequence[int]) -> Counter[str | None]:
        """Return how many of these posts are of which month ("2023-12"), ``None`` for those undated."""
        counted: Counter[str | None] = Counter()
        for start in range(0, len(pks), _AT_ONCE):
            # Some at a time, so that questions need not wait for a frequent word to be counted.
            with self._reading() as db:
                counted += months(db, pks[start : start + _AT_ONCE])
        return counted

    def position(self) -> tuple[str, int]:
        """Return what tells this archive from any other, and the highest number a thread was ever given."""
        with self._reading() as db:
            return position(db)

    def arrivals(
        self, scope: Scope, *, since: int, until: int, offset: int, limit: int
    ) -> tuple[list[ThreadSummary], int]:
        """Return threads whose numbers lie in ``(since, until]``, and how many there are of them."""
        with self._reading() as db:
            found = new_threads(db, scope.collections, since=since, until=until, offset=offset, limit=limit)
            return found, count_new_threads(db, scope.collections, since=since, until=until)

    def anniversaries(self, collection_id: int, days: Iterable[date]) -> list[ThreadSummary]:
        """Return a collection's threads that were posted in any year on one of these days, by UTC."""
        with self._reading() as db:
            return anniversaries(db, collection_id, days)

    def following(self, scope: Scope, start: str, leave_out: Iterable[str] = ()) -> ThreadSummary | None:
        """Return the thread whose id follows ``start`` next, a complete one where there is any."""
        out = list(leave_out)
        with self._reading() as db:
            whole = next_thread(db, scope.collections, start, out, complete=True)
            return whole or next_thread(db, scope.collections, start, out, complete=False)

    def summaries(self, thread_ids: Iterable[str], scope: Scope) -> dict[str, ThreadSummary]:
        """Return the summaries of threads by their ids, each the fullest; those not there are left out."""
        where = f"id{_IN} and collection_id{_IN}"
        named = [texts(thread_ids), numbers(scope.collections)]
        found: dict[str, ThreadSummary] = {}
        with self._reading() as db:
            for row in db.table("threads").rows_where(where, named, order_by=_FULLEST.format("")):
                found.setdefault(row["id"], summary_of(row))
        return found

    def holds_threads(self, scope: Scope) -> bool:
        """Return whether a scope holds any thread; at any size at once, unlike counting them."""
        with self._reading() as db:
            rows = db.table("threads").rows_where(
                "collection_id" + _IN, [numbers(scope.collections)], select="pk", limit=1
            )
            return next(rows, None) is not None

    def statistics(self, scope: Scope) -> Statistics:
        """Return how many collections, threads, posts and previews a scope holds."""
        scoped = [numbers(scope.collections)]
        with self._reading() as db:
            collections = db.table("collections").count_where("id" + _IN, scoped)
            counts = db.execute(
                """
                select count(*), coalesce(sum(length), 0), coalesce(sum(completeness = 'preview'), 0)
                from threads where collection_id in (select value from json_each(?))
                """,
                scoped,
            ).fetchone()
        return Statistics(collections, *counts)

    def problems(self) -> list[str]:
        """Return what is wrong with the database, each a sentence with its remedy; none when sound.

        The whole file is read. An old SQLite, and threads that an upgrade separated, are told as notes.
        """
        with self._connections.reader() as db:
            found = ailments(db, self._path)
        with self._reading() as db:
            note = outdated(db.sqlite_version)
            return [*found, *filter(None, [note]), *separated(db)]

    @contextmanager
    def _writing(self) -> Iterator[Database]:
        with self._connections.writing() as db:
            yield db

    @contextmanager
    def _reading(self) -> Iterator[Database]:
        """Read one state of the database, whatever is written meanwhile."""
        with self._connections.reading() as db:
            yield db


def _thread(db: Database, row: Row) -> Thread:
    return thread_of(row, db.table("posts").rows_where("thread_pk = ?", [row["pk"]], order_by="ordinal"))


def _fullest(db: Database, thread_id: str, scope: Scope) -> Row | None:
    rows = db.table("threads").rows_where(
        "id = ? and collection_id" + _IN,
        [without_surrogates(thread_id), numbers(scope.collections)],
        order_by=_FULLEST.format(""),
    )
    return next(rows, None)


def _found(db: Database, keys: Sequence[int], scope: Scope) -> dict[int, Row]:
    """Return the rows of posts by their keys, of each the one in the fullest thread."""
    rows = db.view("placed_posts").rows_where(
        "key" + _IN + " and collection_id" + _IN,
        [numbers(keys), numbers(scope.collections)],
        order_by=_FULLEST.format("thread_"),
    )
    found: dict[int, Row] = {}
    for row in rows:
        found.setdefault(row["key"], row)
    return found
