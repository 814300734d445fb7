"""The store: threads and posts in one SQLite file, through sqlite-utils.

One connection writes, behind a lock; another reads, behind its own, so that questions are answered
while a file is being imported. Both follow the file that is at the path. Every change is one transaction
that begins with the right to write: one that read first would be refused at once, without waiting, if
another program wrote in between.
"""

import logging
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from retrieval.errors import StoreError
from retrieval.formats.import_types import Forgotten
from retrieval.model import Collection, Thread
from retrieval.sqlite import outdated
from retrieval.storage.catalog import Catalog
from retrieval.storage.connections import Connections
from retrieval.storage.database import ClosedOnExit, ailments
from retrieval.storage.erasure import Erased, apply_tombstones, forget_author, forget_server, take_back
from retrieval.storage.import_batch import ImportBatch, drop_receipts, receipt_of
from retrieval.storage.import_transaction import ImportProgress, SaveReport, Source
from retrieval.storage.links import separated
from retrieval.storage.migrations import migrations
from retrieval.storage.post_facts import PostFactsReader
from retrieval.storage.post_lookup import PostLookup
from retrieval.storage.rows import StoredPost, collection_of, db_time, without_surrogates
from retrieval.storage.snapshot import CollectionState, Snapshot, states, was_state
from retrieval.storage.thread_lists import ThreadLists
from retrieval.storage.timeline import Timeline
from retrieval.storage.tombstones import (
    Tombstones,
    TombstoneSet,
    joined_sets,
    read_tombstones,
    stored_sets,
    tombstone_path,
    write_tombstones,
)
from retrieval.storage.versions import threads_with_versions

__all__ = ["CollectionState", "SaveReport", "Snapshot", "Source", "Store", "StoredPost"]

log = logging.getLogger(__name__)

_LANGUAGE: Final = "en"


class _RehearsedError(Exception):
    """Everything has been done and is to be undone."""


class Store(ClosedOnExit):
    """Threads and posts in a SQLite file; safe to call from any thread.

    The store itself writes, and streams whole collections. What is looked up is asked of its parts:
    ``catalog`` (scopes, collections, files, threads), ``thread_lists`` (filtered, ordered), ``timeline``
    (what came when), ``posts``, and ``facts`` (what filters ask of posts).

    Every method raises :class:`~retrieval.errors.StoreError`, with the file and the remedy, when the
    database refuses: locked, read-only, damaged, full, or closed.
    """

    def __init__(self, path: Path, connections: Connections) -> None:
        self.path = path
        self.catalog = Catalog(connections)
        self.timeline = Timeline(connections)
        self.thread_lists = ThreadLists(connections)
        self.posts = PostLookup(connections)
        self.facts = PostFactsReader(connections)
        self._connections = connections

    @classmethod
    def open(cls, path: Path, *, patience: float = 5.0, waiting: float = 30.0) -> "Store":
        """Open the database in a file, made with its folder where missing, and bring it up to date.

        ``patience`` is how many seconds a change waits while another program writes, ``waiting`` how many
        opening does where tables have to be changed first; nothing is written where they need not be.
        Raises :class:`~retrieval.errors.StoreError` also when a newer version of Bobbin made the file.
        """
        return cls(path, Connections.open(path, [migrations], patience=patience, waiting=waiting))

    def close(self) -> None:
        """Close the database, once what is being read or written is done. Closing twice is allowed."""
        self._connections.close()

    def claim_writing(self) -> None:
        """Refuse writing to other processes while this is open, where SQLite is too old for two of them."""
        self._connections.claim_writing()

    def on_refused_write(self, note: Callable[[str], object]) -> None:
        """Have ``note`` called with the reason, by any thread, where a write is refused, tombstones' too."""
        self._connections.on_refused_write(note)

    def settle(self) -> bool:
        """Put what was written here from the log into the file itself; return whether that was possible."""
        return self._connections.empty_log()

    def finish_wiping(self) -> bool:
        """Wipe what could not be wiped when it was forgotten; return whether all is wiped. Raises nothing."""
        return self._connections.finish_wiping()

    # Collections

    def collection(
        self,
        name: str,
        *,
        server_id: int | None = None,
        language: str | None = None,
        likely: Callable[[], str] = lambda: _LANGUAGE,
        handbook: bool = False,
    ) -> Collection:
        """Return the collection of that name, the operator's or the server's, made where missing.

        A ``language`` other than the collection's becomes its language, which counts as a change of
        the collection; ``likely`` returns that of one made here without a ``language``. The handbook's
        collection is not found by its name alone. Raises ``ValueError`` for an empty name.
        """
        if not name.strip():
            raise ValueError("a collection needs a name")
        named = (without_surrogates(name), "" if server_id is None else str(server_id), int(handbook))
        where = "name = ? and coalesce(server_id, '') = ? and handbook = ?"
        with self._connections.reading() as db:
            row = next(db.table("collections").rows_where(where, named), None)
        if row and language in {None, row["language"]}:
            return collection_of(row)
        made_in = language or likely()
        with self._connections.changing() as db:
            db.execute(
                "insert or ignore into collections (name, server_id, handbook, language, revision)"
                " values (?, nullif(?, ''), ?, ?, 0)",
                (*named, made_in),
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
        with self._connections.changing() as db:
            return db.execute(
                "update collections set language = ?, revision = revision + 1"
                " where server_id = ? and language <> ?",
                [language, str(server_id), language],
            ).rowcount

    def states(self) -> dict[int, CollectionState]:
        """Return the state of each collection by its id; equal for as long as nothing changes."""
        return dict(self._connections.kept("states", states))

    def follows(self, earlier: Mapping[int, CollectionState]) -> bool:
        """Return whether states that were seen are this archive's own, of now or of before.

        They are not once an older copy, or another archive, has been put in its place.
        """
        if earlier == self._connections.kept("states", states):
            return True
        with self._connections.reading() as db:
            return all(was_state(db, number, state) for number, state in earlier.items())

    def version(self) -> Hashable:
        """Return what is equal for as long as nothing changes in the database, by any process."""
        return self._connections.version()

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
        receives how many threads and posts are done; what it raises leaves everything as it was.
        Raises :class:`~retrieval.errors.CollectionNotFoundError` when the collection is gone and
        ``ValueError`` for a time without a zone.
        """
        with self.importing(now) as batch:
            return batch.save(threads, collection, source, progress)

    @contextmanager
    def importing(self, now: datetime) -> Iterator[ImportBatch]:
        """Hold a transaction in which files are imported: all of them or none."""
        with self._connections.changing() as db:
            yield ImportBatch(db, db_time(now))

    def receipt(self, key: bytes) -> str | None:
        """Return what came of the file of this key, ``None`` where it is to be read."""
        with self._connections.reading() as db:
            return receipt_of(db, key)

    def replace(
        self, threads: Iterable[Thread], collection: Collection, source: Source, now: datetime
    ) -> SaveReport:
        """Make a collection hold exactly these threads, in one transaction; equal ones stay untouched.

        Raises what :meth:`save` raises.
        """
        with self.importing(now) as batch:
            change = batch.change(collection, source)
            change.replace(threads)
            return change.finish()

    # Forgetting

    def take_back(self, sources: Sequence[int], now: datetime, *, rehearse: bool = False) -> Forgotten:
        """Make every thread what it would be had these files, by their numbers, never been read.

        Threads known from none else go. With ``rehearse`` nothing is changed; what would be is returned.
        """
        return self._erase(lambda db: take_back(db, sources, db_time(now)), rehearse=rehearse)

    def forget_author(self, author: str, now: datetime, *, rehearse: bool = False) -> Forgotten:
        """Take an author out of every collection but the handbook, for good.

        A keyed hash stays, by which later imports know what not to bring back. With ``rehearse``
        nothing is changed; what would be is returned.
        """
        return self._erase(lambda db: forget_author(db, author, db_time(now)), rehearse=rehearse)

    def forget_server(self, server_id: int, now: datetime) -> Forgotten:
        """Take out everything that belongs to a server. Of its collections stay numbers, and nothing else."""
        return self._erase(lambda db: forget_server(db, server_id, db_time(now)), rehearse=False)

    def sync_tombstones(self, now: datetime) -> Forgotten | None:
        """Forget what the tombstone file beside the database says was forgotten; return what went, if any.

        Where the database holds tombstones that the file does not, the file gets them. Raises
        :class:`~retrieval.errors.StoreError` also where the file is damaged.
        """
        path = tombstone_path(self.path)
        noted = read_tombstones(path)
        with self._connections.reading() as db:
            stored = stored_sets(db)
        if any(one.beyond(stored) for one in noted):
            return self._erase(lambda db: apply_tombstones(db, noted, db_time(now)), rehearse=False)
        if any(one.beyond(noted) for one in stored):
            try:
                write_tombstones(path, joined_sets(noted, stored))
            except StoreError as error:
                self._connections.note_refused_write(str(error))
                log.warning("could not copy the archive's tombstones; the next start tries again: %s", error)
        return None

    def note_erased(self, subject: str, now: datetime) -> None:
        """Note that the data of a subject beside the archive, like "account 7", was deleted for good."""
        with self._connections.changing() as db:
            Tombstones(db).add_subject(subject, db_time(now))
            self._copy_tombstones(db)

    def erased_subjects(self) -> list[TombstoneSet]:
        """Return all tombstones, those of subjects among them, for databases beside the archive's."""
        with self._connections.reading() as db:
            return joined_sets(read_tombstones(tombstone_path(self.path)), stored_sets(db))

    def _copy_tombstones(self, db: Database) -> None:
        """Put the database's tombstones into the file beside it.

        To be called before they are committed: what is forgotten stays forgotten whatever happens next.
        """
        path = tombstone_path(self.path)
        if sets := joined_sets(read_tombstones(path), stored_sets(db)):
            write_tombstones(path, sets)

    def _erase(self, erase: Callable[[Database], Erased], *, rehearse: bool) -> Forgotten:
        files = {file.id: file for file in self.catalog.sources()}
        with suppress(_RehearsedError), self._connections.changing() as db:
            erased = erase(db)
            drop_receipts(db)
            if rehearse:
                raise _RehearsedError
            self._copy_tombstones(db)
        wiped = not rehearse and self._connections.wipe()
        named = tuple(files[number] for number in sorted(erased.sources) if number in files)
        return Forgotten(erased.threads, erased.posts, erased.changed, named, wiped)

    # Streams

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
            yield from threads_with_versions(db, collection_id, author)

    def problems(self) -> list[str]:
        """Return what is wrong with the database, each a sentence with its remedy; none when sound.

        The whole file is read. An old SQLite, and threads that an upgrade separated, are notes.
        """
        with self._connections.reader() as db:
            problems = ailments(db, self.path)
        with self._connections.reading() as db:
            return [*problems, *filter(None, [outdated()]), *separated(db)]
