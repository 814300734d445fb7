"""The connections to one SQLite file: one reads, one writes, and both follow the file that is at the path.

A file may be replaced while it is open: by another one that is moved into its place, or by other content
that is written over it. Before every use it is looked at (one call of ``stat``), and a connection to what
it no longer is gets opened anew. SQLite itself would go on with the file that was, or mix the log of the
one with the pages of the other.
"""

import fcntl
import os
import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple, Self, TypeVar

from sqlite_utils import Database, Migrations

from retrieval.commits import note_commit
from retrieval.errors import StoreError
from retrieval.sqlite import sqlite3
from retrieval.storage.database import (
    ClosedOnExit,
    behind,
    beside,
    bring_up,
    compact,
    connect,
    connect_to_read,
    empty_log,
    pending_changes,
    refusals,
    vanished,
)
from retrieval.storage.write_claim import WriteClaim

__all__ = ["Connections"]

T = TypeVar("T")

#: What was read is kept under so many keys.
_KEPT: Final = 256
#: So many milliseconds are waited for others to leave the log, so that it can be emptied.
_LEAVING: Final = 200


class _Mark(NamedTuple):
    """What tells a file, and its content, from another at the same path."""

    device: int
    inode: int
    size: int
    modified: int
    changed: int

    def same_file(self, other: "_Mark | None") -> bool:
        """Return whether it is the same file, whatever its content."""
        return other is not None and (self.device, self.inode) == (other.device, other.inode)


class Connections(ClosedOnExit):
    """The connections to a file; safe to use from any thread.

    Reading never writes: the connection that writes is opened when something is to be written. Every
    method raises :class:`~retrieval.errors.StoreError`, with the file and the remedy, when the database
    refuses: locked, read-only, damaged, full, gone, or closed.
    """

    def __init__(self, path: Path, migrations: Sequence[Migrations], patience: float) -> None:
        self.path = path
        self._migrations = list(migrations)
        self._patience = patience
        self._claim = WriteClaim(path)
        self._replaced: list[Callable[[], object]] = []
        self._refused: list[Callable[[str], object]] = []
        self._reader: Database | None = None
        self._writer: Database | None = None
        #: What the connections are opened on; of the reader also its log and the index of that.
        self._read: tuple[_Mark | None, ...] = ()
        self._logs: tuple[_Mark | None, ...] = ()
        self._written: _Mark | None = None
        #: Whether SQLite keeps the reader in step with what others write.
        self._in_step = True
        #: Whether something that was deleted may still stand in the log.
        self._to_empty = False
        self._idle_log: _Mark | None = None
        #: How often the reader was opened, and what was read by it of which version of the database.
        self._openings = 0
        self._kept_version: Hashable = None
        self._kept: dict[Hashable, Any] = {}
        self._closed = False
        self._write_lock = threading.RLock()
        self._read_lock = threading.RLock()

    @classmethod
    def open(
        cls,
        path: Path,
        migrations: Sequence[Migrations] = (),
        *,
        patience: float = 5.0,
        waiting: float | None = None,
    ) -> Self:
        """Open the file, made with its folder where missing, and bring its tables up to date.

        ``patience`` is how many seconds a change waits while another program writes, ``waiting`` how
        many the change does that brings the tables up to date, as long by default. Where they are already,
        nothing is written.
        """
        opened = cls(path, migrations, patience)
        waiting = patience if waiting is None else waiting
        try:
            with refusals(path):
                if not path.exists() or not path.stat().st_size:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    opened._upgrade(waiting)
                # What a killed process left in the log may have been deleted since.
                opened._to_empty = not opened._without_log()
                opened._open_reader()
                opened._upgrade_if_behind(waiting)
        except BaseException:
            opened.close()
            raise
        return opened

    def close(self) -> None:
        """Close the file, once what is being read or written is done. Closing twice is allowed."""
        with self._write_lock, self._read_lock, refusals(self.path):
            self.empty_log()
            self._closed = True
            self._drop_reader()
            self._drop_writer()
            self._claim.release()

    @contextmanager
    def reader(self) -> Iterator[Database]:
        """Hold the connection that reads, in no transaction of ours."""
        with self._read_lock, refusals(self.path):
            self._follow()
            yield self._required()

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """Read one state of the database, whatever is written meanwhile."""
        with self.reader() as reader, reader.atomic() as db:
            yield db

    def version(self) -> Hashable:
        """Return what is equal for as long as nothing changes in the database, by any process."""
        with self.reader() as db:
            return self._openings, *db.execute("pragma data_version").fetchone()

    def kept(self, key: Hashable, read: Callable[[Database], T]) -> T:
        """Return what ``read`` makes of one state of the database; it is read once for each version.

        The version is looked at every time, which is quicker than reading. A change of this process
        empties what is kept at once. ``key`` is the reader's own, and what is read must not be changed.
        """
        with self.reader():
            # Looked at before reading: what is newer than its version is read again the next time.
            version = self.version()
            if version != self._kept_version or len(self._kept) >= _KEPT:
                self._kept, self._kept_version = {}, version
            kept = self._kept
            if key not in kept:
                with self.reading() as db:
                    kept[key] = read(db)
            value: T = kept[key]
            return value

    @contextmanager
    def apart(self) -> Iterator[Database]:
        """Open a connection of its own that reads, for what takes long; others go on meanwhile."""
        with self.reader(), refusals(self.path):
            db, _ = connect_to_read(self.path, patience=self._patience, guest=True)
        with closing(db), refusals(self.path):
            yield db

    @contextmanager
    def writer(self) -> Iterator[Database]:
        """Hold the connection that writes, in no transaction of ours."""
        with self._write_lock, self._noting_refusals(), refusals(self.path):
            yield self._ready_writer()

    @contextmanager
    def changing(self) -> Iterator[Database]:
        """Hold a transaction that begins with the right to write: all of it is kept, or nothing.

        One that began by reading would be refused without waiting if another program wrote in between.
        """
        with self.writer() as db:
            db.execute("begin immediate")
            try:
                yield db
                db.commit()
                self._kept = {}
                note_commit()
            finally:
                # After a commit there is nothing left to take back.
                db.rollback()
            if self._to_empty:
                self.finish_wiping()

    def claim_writing(self) -> None:
        """Refuse writing to other processes while this is open, where SQLite is too old for two of them."""
        with refusals(self.path):
            self._claim.take()

    @staticmethod
    def pending_changes(path: Path, families: Sequence[Migrations]) -> list[str]:
        """Return what these migrations will change in a file of an earlier version; this writes nothing.

        Raises :class:`~retrieval.errors.StoreError` for a file of a newer version or one that cannot be read.
        """
        return pending_changes(path, families)

    def bring_up(self, migrations: Migrations) -> None:
        """Bring the tables of more migrations up to date; write nothing where they already are."""
        with self._write_lock, self._read_lock, self._noting_refusals(), refusals(self.path):
            self._follow()
            if migrations not in self._migrations:
                self._migrations.append(migrations)
            self._upgrade_if_behind(self._patience)

    def on_replaced(self, reload: Callable[[], object]) -> None:
        """Have ``reload`` called, by any thread, once another file was found at the path and opened."""
        self._replaced.append(reload)

    def on_refused_write(self, note: Callable[[str], object]) -> None:
        """Have ``note`` called with the reason, by any thread, where a write is refused."""
        self._refused.append(note)

    def note_refused_write(self, reason: str) -> None:
        """Note a write beside this file that was refused, as one to the file itself."""
        for note in self._refused:
            note(reason)

    @contextmanager
    def _noting_refusals(self) -> Iterator[None]:
        try:
            yield
        except StoreError as error:
            self.note_refused_write(str(error))
            raise

    def wipe(self) -> bool:
        """Leave no byte of what was deleted in the file; return whether that was possible.

        It is not while another program reads an older state. It is then done after a later change, by
        :meth:`finish_wiping`, or at the end.
        """
        self._to_empty = True
        with self.writer() as writer:
            compact(writer)
        # The reader, too: its transaction would keep the log from being emptied.
        with self.writer() as writer, self.reader():
            self._to_empty = not empty_log(writer)
            return not self._to_empty

    def finish_wiping(self) -> bool:
        """Wipe what :meth:`wipe` could not, here or in another process; return whether all is wiped.

        To be called now and then: a log that did not change since the last call is emptied, as one that
        another process left. Others are not waited for, and nothing is raised.
        """
        log = mark_of(self._beside("-wal"))
        idle = log is not None and bool(log.size) and log == self._idle_log
        self._idle_log = log
        if not (idle or self._to_empty):
            return True
        if not self._write_lock.acquire(timeout=_LEAVING / 1_000):
            return False
        try:
            with suppress(StoreError, sqlite3.Error, OSError):
                self._ready_writer()
                return self.empty_log()
            return False
        finally:
            self._write_lock.release()

    def empty_log(self) -> bool:
        """Put what was written here into the file itself; return whether that was possible.

        A file without a log can be copied, moved and replaced as any other. It is not possible while
        something is written here, or others read an older state.
        """
        if not self._write_lock.acquire(blocking=False):
            return False
        try:
            if self._writer is None or self._writer.conn.in_transaction:
                return False
            with suppress(sqlite3.Error), self._reading_nothing() as nothing:
                if not nothing or not self._on_file(self._written):
                    return False
                self._writer.execute(f"pragma busy_timeout = {_LEAVING}").fetchone()
                try:
                    self._to_empty = not empty_log(self._writer)
                    return not self._to_empty
                finally:
                    self._wait(self._writer, self._patience)
            return False
        finally:
            self._write_lock.release()

    @contextmanager
    def _reading_nothing(self) -> Iterator[bool]:
        """Keep the reader from reading, unless it goes on for longer than others are waited for."""
        held = self._read_lock.acquire(timeout=_LEAVING / 1_000)
        try:
            yield held
        finally:
            if held:
                self._read_lock.release()

    # Opening

    def _required(self) -> Database:
        if self._reader is None:
            raise sqlite3.ProgrammingError("Cannot operate on a closed database.")
        return self._reader

    def _open_reader(self) -> None:
        # Marked first: what changes while it is being opened is noticed the next time.
        read = self._marks()
        if read[0] is None:
            raise vanished(self.path)
        self._reader, self._in_step = connect_to_read(self.path, patience=self._patience)
        self._openings += 1
        self._read = read if self._in_step else (read[0], mark_of(self._beside("-wal")))
        self._logs = mark_of(self._beside("-wal")), mark_of(self._beside("-shm"))

    def _drop_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _drop_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _upgrade(self, waiting: float) -> None:
        self._claim.take()
        with closing(connect(self.path, patience=waiting, writes=True)) as db:
            for migrations in self._migrations:
                bring_up(db, self.path, migrations)

    def _upgrade_if_behind(self, waiting: float) -> None:
        if any(behind(self._required(), self.path, migrations) for migrations in self._migrations):
            self._upgrade(waiting)

    def _ready_writer(self) -> Database:
        """Return the connection that writes, to what is at the path now."""
        if self._closed:
            raise sqlite3.ProgrammingError("Cannot operate on a closed database.")
        if self._writer is not None and self._writer.conn.in_transaction:
            return self._writer
        mark = mark_of(self.path)
        if mark is None:
            raise vanished(self.path)
        if self._writer is None or mark != self._written:
            # Pages that it remembers may be those of other content.
            self._drop_writer()
            with self._read_lock:
                self._follow()
            self._claim.take()
            self._written = mark_of(self.path)
            self._writer = connect(self.path, patience=self._patience, writes=True)
        return self._writer

    def _wait(self, db: Database, seconds: float) -> None:
        db.execute(f"pragma busy_timeout = {int(seconds * 1000)}").fetchone()

    # Following the file

    def _follow(self) -> None:
        """Open the reader anew where the file is not what it was opened on."""
        if self._closed or (self._reader is not None and self._reader.conn.in_transaction):
            return
        marks = self._marks()
        if self._reader is not None and marks == self._read:
            return
        now, before = marks[0], self._read[0] if self._read else None
        if now is None:
            raise vanished(self.path)
        self._drop_reader()
        if not now.same_file(before):
            self._remove_logs(self._logs)
            self._open_reader()
        else:
            self._open_over()
        self._bring_back_up()
        if before is not None and not now.same_file(before):
            for reload in self._replaced:
                reload()

    def _open_over(self) -> None:
        """Open the reader on a file whose content changed: by SQLite, or by what was written over it."""
        logs = self._logs
        try:
            self._open_reader()
            if not self._contradicted():
                return
        except sqlite3.DatabaseError:
            if not self._without_log():
                raise
        # The shared index of the empty log is that of other content. Everybody has to leave it, here too.
        if not self._write_lock.acquire(blocking=False):
            return
        try:
            if self._writer is not None and self._writer.conn.in_transaction:
                return
            self._drop_reader()
            self._drop_writer()
            self._remove_logs(logs)
            self._open_reader()
        finally:
            self._write_lock.release()

    def _without_log(self) -> bool:
        log = mark_of(self._beside("-wal"))
        return log is None or not log.size

    def _contradicted(self) -> bool:
        """Return whether the file is longer or shorter than SQLite takes it for, with nothing in its log."""
        db = self._required()
        (size,), (count,) = (db.execute(f"pragma {name}").fetchone() for name in ("page_size", "page_count"))
        now = mark_of(self.path)
        return now is not None and now == self._read[0] and self._without_log() and now.size != size * count

    def _bring_back_up(self) -> None:
        """Bring the tables of a file that was put in the place of the open one up to date."""
        if self._migrations and not any(known.applied(self._required()) for known in self._migrations):
            self._drop_reader()
            raise StoreError(
                f"{self.path}: what was put in its place is no file of Bobbin's; put a backup there"
            )
        self._upgrade_if_behind(self._patience)

    def _remove_logs(self, logs: tuple[_Mark | None, ...]) -> None:
        """Remove the log of what was at the path before, which SQLite would take for the new file's own.

        Several processes may notice at once. The first makes a new log, which the others leave alone.
        """
        with suppress(OSError), _turn(self.path.parent):
            for name, known in zip(("-wal", "-shm"), logs, strict=False):
                log = self._beside(name)
                mark = mark_of(log)
                if mark is not None and mark.same_file(known):
                    log.unlink(missing_ok=True)

    def _on_file(self, mark: _Mark | None) -> bool:
        now = mark_of(self.path)
        return now is not None and now.same_file(mark)

    def _beside(self, ending: str) -> Path:
        return beside(self.path, ending)

    def _marks(self) -> tuple[_Mark | None, ...]:
        """Return what the reader depends on: the file, and the log where SQLite does not follow it."""
        mark = mark_of(self.path)
        return (mark,) if self._in_step else (mark, mark_of(self._beside("-wal")))


def mark_of(path: Path) -> _Mark | None:
    """Return what tells the file at a path from any other, ``None`` where there is none."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return _Mark(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Hold a folder while inside; where its file system knows no locks, hold nothing."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
