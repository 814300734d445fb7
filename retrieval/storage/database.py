"""Connections to Bobbin's SQLite files, what they refuse, and what is wrong with a file."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Final, Self

from sqlite_utils import Database, Migrations

from retrieval.errors import StoreError
from retrieval.sqlite import sqlite3

__all__ = [
    "ClosedOnExit",
    "ailments",
    "behind",
    "beside",
    "bring_up",
    "compact",
    "connect",
    "connect_to_read",
    "empty_log",
    "pending_changes",
    "refusals",
    "refuse_missing",
    "vanished",
]

_PATIENCE: Final = 5.0

# What SQLite says by its primary result code, as a sentence with its remedy.
_REFUSALS: Final = {
    sqlite3.SQLITE_BUSY: "another program keeps it locked; wait until it is done, or stop it",
    sqlite3.SQLITE_LOCKED: "another part of Bobbin keeps it locked; try again in a moment",
    sqlite3.SQLITE_READONLY: "it cannot be written to; make the file and its folder writable",
    sqlite3.SQLITE_PERM: "access is denied; make the file and its folder readable and writable",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; make sure it is a file in a folder that is writable",
    sqlite3.SQLITE_IOERR: "the disk refuses to read or write it; check the disk and try again",
    sqlite3.SQLITE_FULL: "the disk is full; free some space and try again",
    sqlite3.SQLITE_CORRUPT: "it is damaged; put a backup in its place, or move it away and import again",
    sqlite3.SQLITE_NOTADB: "it is no database; put a backup in its place, or move it away and import again",
}

#: Tables that have rows before anything was decided or asked.
_BOOKKEEPING: Final = frozenset({"_sqlite_migrations", "sqlite_sequence", "self_test"})
_LOG_LIMIT = 64 * 2**20

#: A connection that neither takes nor knows locks.
_ALONE: Final = "mode=ro&vfs=unix-none"
#: What SQLite says of a file whose log it may not make, or not lock.
_UNWRITABLE: Final = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM})


class ClosedOnExit(AbstractContextManager[Any]):
    """What is closed at the end of a ``with`` statement, by its own ``close``."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Close it, once what is being done with it is done. Closing twice is allowed."""


class _Database(Database):
    """A database that does not try out whether SQLite knows upserts.

    sqlite-utils tries it with a table of its own at the first upsert, amid the transaction, and takes
    a full disk for a no; it then writes nothing and reports no error. Every SQLite since 3.24 does.
    """

    @property
    def supports_on_conflict(self) -> bool:
        """Say yes."""
        return True


def connect(path: Path, *, patience: float, writes: bool) -> Database:
    """Open a connection that any thread may use, one at a time.

    ``patience`` is how many seconds it waits for another program's lock. One that does not write
    cannot do so by mistake either. Raises what SQLite raises; see :func:`refusals`.
    """
    connection = sqlite3.connect(path, timeout=patience, check_same_thread=False)
    try:
        # Plugins of sqlite-utils that are installed on the machine do not belong in the archive.
        db = _Database(connection, execute_plugins=False)
        if writes:
            db.enable_wal()
            db.execute("pragma synchronous = full")
            db.execute("pragma foreign_keys = on")
            db.execute("pragma secure_delete = on")
            db.execute(f"pragma journal_size_limit = {_LOG_LIMIT}")
        else:
            db.execute("pragma query_only = on")
    except BaseException:
        connection.close()
        raise
    return db


def connect_to_read(path: Path, *, patience: float, guest: bool = False) -> tuple[Database, bool]:
    """Open a connection that reads a file which is there, also where nothing can be written.

    A ``guest`` leaves the log alone at its end, for others have the file open. Any other connection that is
    the last of a file puts the log into it: where another file has just been moved to the path, the log that
    lies beside it is not its own.

    Returned with it is whether SQLite keeps it in step with what others write. In a folder that only may
    be read it does not: the connection shows the file as it was when it was opened. Raises what SQLite
    raises.
    """
    try:
        return _reading(path, "mode=ro" if guest else "mode=rw", patience), True
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", -1) & 0xFF not in _UNWRITABLE or not path.is_file():
            raise
        # SQLite shares the index of the log through a file that it cannot make here. Without locks it
        # keeps the index to itself; without a log it needs none.
        log = beside(path, "-wal")
        logged = log.exists() and log.stat().st_size > 0
        try:
            return _reading(path, _ALONE if logged else "immutable=1", patience), False
        except sqlite3.OperationalError:
            raise error from None


def _reading(path: Path, options: str, patience: float) -> Database:
    address = f"{path.absolute().as_uri()}?{options}"
    connection = sqlite3.connect(address, uri=True, timeout=patience, check_same_thread=False)
    try:
        db = _Database(connection, execute_plugins=False)
        db.execute("pragma query_only = on")
        if options == _ALONE:
            db.execute("pragma locking_mode = exclusive").fetchone()
        # Nothing is opened before the first look.
        db.execute("pragma schema_version").fetchone()
    except BaseException:
        connection.close()
        raise
    return db


def refuse_missing(path: Path, traces: Iterable[Path]) -> None:
    """Refuse to begin an empty database at a path where something shows that there was one.

    An unmounted disk looks like a fresh installation. ``traces`` are databases, of which any row counts,
    folders, of which any file does, and other files. Raises :class:`~retrieval.errors.StoreError`, with the
    command that begins anew on purpose; also for a database of another program.
    """
    with refusals(path):
        missing = _missing(path)
        if missing is None and _is_foreign(path):
            raise StoreError(f"{path}: it is another program's database; point BOBBIN_DATA_DIR elsewhere")
        trace = next(filter(_holds_something, traces), None) if missing else None
    if trace is not None:
        raise StoreError(
            f"{path}: {missing}, but {trace} shows that there was an archive; mount its disk, put the file"
            " back, or restore a backup with: bobbin restore DIR. To begin with an empty archive: bobbin init"
            " --empty-archive"
        )


def _missing(path: Path) -> str | None:
    """Return in which way a database is missing, ``None`` where it has tables."""
    if not path.exists():
        return "it is missing"
    if not path.stat().st_size:
        return "it is empty"
    db, _ = connect_to_read(path, patience=_PATIENCE)
    with closing(db):
        return None if db.table_names() else "it has no tables"


def _is_foreign(path: Path) -> bool:
    """Return whether none of the tables are Bobbin's."""
    db, _ = connect_to_read(path, patience=_PATIENCE)
    with closing(db):
        return not db.table("_sqlite_migrations").exists()


def _holds_something(trace: Path) -> bool:
    if trace.is_dir():
        return any(trace.iterdir())
    try:
        if not trace.is_file() or _missing(trace):
            return False
        db, _ = connect_to_read(trace, patience=_PATIENCE)
        with closing(db):
            return any(table.count for table in db.tables if table.name not in _BOOKKEEPING)
    except sqlite3.DatabaseError:
        return True  # it is no database, or a damaged one: it was written all the same


def beside(path: Path, ending: str) -> Path:
    """Return where SQLite keeps a companion of a file, its log say: beside what a link leads to."""
    whole = path.resolve()
    return whole.with_name(whole.name + ending)


def behind(db: Database, path: Path, migrations: Migrations) -> bool:
    """Return whether the tables of these migrations are of an earlier version; this writes nothing.

    ``path`` is for the message. Raises :class:`~retrieval.errors.StoreError` when a newer version of
    Bobbin has been at the file.
    """
    with Database(memory=True, execute_plugins=False) as empty:
        known = {migration.name for migration in migrations.pending(empty)}
    newer = [applied.name for applied in migrations.applied(db) if applied.name not in known]
    if newer:
        raise StoreError(
            f"{path}: made by a newer version of Bobbin ({', '.join(newer)}); update Bobbin to open it"
        )
    return bool(migrations.pending(db))


def pending_changes(path: Path, families: Sequence[Migrations]) -> list[str]:
    """Return what opening a file with this version will change: a sentence for each migration, in order.

    This writes nothing. Raises what :func:`behind` raises, and :class:`~retrieval.errors.StoreError` when the
    file cannot be read.
    """
    if not path.is_file():
        return []
    with refusals(path):
        db, _ = connect_to_read(path, patience=_PATIENCE)
        try:
            # Tables that are not there yet are added when they are needed, and keep no earlier version out.
            return [
                (migration.fn.__doc__ or migration.name).strip().partition("\n")[0].rstrip(".")
                for family in families
                if behind(db, path, family) and family.applied(db)
                for migration in family.pending(db)
            ]
        finally:
            db.close()


def bring_up(db: Database, path: Path, migrations: Migrations) -> None:
    """Bring the tables of these migrations to this version; write nothing where they already are.

    Raises what :func:`behind` raises, and :class:`~retrieval.errors.StoreError` when another program
    keeps the file locked for as long as the connection waits.
    """
    if not behind(db, path, migrations):
        return
    # Two processes may open a new file at once: the second waits here, and finds nothing left to do.
    try:
        db.execute("begin immediate")
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", -1) & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        raise StoreError(
            f"{path}: this version of Bobbin has to change its tables first, and another program keeps it"
            " locked; wait until that program is done, or stop it, and start Bobbin again"
        ) from error
    try:
        migrations.apply(db)
        db.commit()
    finally:
        db.rollback()


def vanished(path: Path) -> StoreError:
    """Return the error of a file that was there when it was opened."""
    return StoreError(f"{path}: it is no longer there; put it back, or start Bobbin again to begin anew")


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """Raise :class:`~retrieval.errors.StoreError` for whatever SQLite or the disk raises inside.

    The message names the file and the remedy.
    """
    try:
        yield
    except sqlite3.Error as error:
        # The low byte is the primary code; the rest only tells which kind of it.
        code = getattr(error, "sqlite_errorcode", -1) & 0xFF
        if isinstance(error, sqlite3.ProgrammingError) and "closed" in str(error):
            reason = "it has been closed; open the archive again"
        elif "decode" in str(error):
            reason = _REFUSALS[sqlite3.SQLITE_CORRUPT]
        else:
            reason = _REFUSALS.get(code, f"{error}; `bobbin check` tells more")
        raise StoreError(f"{path}: {reason}") from error
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}; choose a folder that is writable") from error


def compact(db: Database) -> None:
    """Write the file anew without what was deleted, into its log; others go on reading meanwhile.

    The connection must be in no transaction.
    """
    db.conn.execute("vacuum")
    # The most of the log goes into the file while others still read.
    db.conn.execute("pragma wal_checkpoint(passive)").fetchone()


def empty_log(db: Database) -> bool:
    """Put the log into the file and empty it; return whether that was possible.

    It is not while another program, or another connection, reads an older state.
    """
    busy, *_ = db.conn.execute("pragma wal_checkpoint(truncate)").fetchone()
    return not busy


def ailments(db: Database, path: Path) -> list[str]:
    """Return what is wrong inside the file, each a sentence with its remedy; none when it is sound."""
    remedy = "put a backup in its place, or move it away and import again"
    problems = []
    try:
        with refusals(path):
            for (finding,) in db.execute("pragma quick_check(20)").fetchall():
                if finding != "ok":
                    problems.append(f"{path}: damaged ({' '.join(finding.split())}); {remedy}")
            strays = db.execute("pragma foreign_key_check").fetchall()
    except StoreError as error:
        return [*problems, str(error)]
    if strays:
        tables = ", ".join(sorted({str(table) for table, *_ in strays}))
        problems.append(f"{path}: {len(strays)} rows without what they belong to, in {tables}; {remedy}")
    return problems
