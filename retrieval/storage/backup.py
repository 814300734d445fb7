"""Backups: one moment of several databases, with the tombstones, verified after writing.

A backup is a folder of plain SQLite files, ``archive.tombstones`` and a manifest. What it was made from goes
on being read and written meanwhile.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database, Migrations

from retrieval.errors import StoreError
from retrieval.sqlite import sqlite3
from retrieval.storage.database import behind, beside, connect_to_read, refusals
from retrieval.storage.rows import db_time
from retrieval.storage.tombstones import (
    TombstoneSet,
    joined_sets,
    read_tombstones,
    stored_sets,
    tombstone_path,
    write_tombstones,
)

__all__ = ["Backup", "back_up", "imported_since", "put_back", "read_backup", "rows_of"]

_MANIFEST: Final = "backup.json"
_NAME: Final = "bobbin-"
_FORMAT: Final = 1
#: Seconds to wait for a program that writes; an import of a large file is one transaction.
_PATIENCE: Final = 120.0


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup on disk: its folder, the moment it holds, and of each database its rows a table."""

    path: Path
    made_at: datetime
    rows: Mapping[str, Mapping[str, int]]
    sha256: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Return how many bytes it takes."""
        return sum(file.stat().st_size for file in self.path.iterdir())

    @property
    def tombstones(self) -> list[TombstoneSet]:
        """Return what had been forgotten when it was made."""
        return read_tombstones(self.path / tombstone_path(Path(next(iter(self.rows)))).name)


def back_up(databases: Sequence[Path], folder: Path, now: datetime, *, keep: int | None = None) -> Backup:
    """Write one moment of databases into a new folder in ``folder``, and verify what was written.

    The first database is the archive's; others are left out where they are not there. With ``keep``, so many
    backups stay in the folder: older ones go once this one is whole. Raises
    :class:`~retrieval.errors.StoreError` where a database, the disk or the verification refuses.
    """
    there = [path for path in databases if path.is_file()]
    if databases[0] not in there:
        raise StoreError(f"{databases[0]}: there is no archive to back up; check BOBBIN_DATA_DIR")
    name = f"{_NAME}{now.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"  # sorts by time
    with refusals(folder), _draft(folder, name) as (draft, final):
        sets = [read_tombstones(tombstone_path(databases[0]))]
        with _one_moment(there) as snapshots:
            for path, snapshot in zip(there, snapshots, strict=True):
                sets.append(stored_sets(snapshot))
                with closing(sqlite3.connect(draft / path.name)) as copy:
                    snapshot.conn.backup(copy)
        write_tombstones(draft / tombstone_path(databases[0]).name, joined_sets(*sets))
        rows = {path.name: rows_of(draft / path.name) for path in there}
        sha256 = {file.name: _sha256(file) for file in draft.iterdir()}
        manifest = {"format": _FORMAT, "made_at": now.isoformat(), "rows": rows, "sha256": sha256}
        (draft / _MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        for file in draft.iterdir():
            file.chmod(0o600)
            _sync(file)
        _verify(read_backup(draft))
        draft.rename(final)
        _sync(folder)
        if keep is not None:
            _prune(folder, keep)
    return read_backup(final)


def read_backup(path: Path) -> Backup:
    """Return the backup in a folder, or the newest in a folder of backups.

    Raises :class:`~retrieval.errors.StoreError` where there is none, or its manifest is damaged.
    """
    folder = path if (path / _MANIFEST).is_file() else next(iter(_backups(path)), None)
    if folder is None:
        raise StoreError(f"{path}: there is no backup in it; `bobbin backup {path}` makes one")
    try:
        manifest: dict[str, Any] = json.loads((folder / _MANIFEST).read_bytes())
        if manifest["format"] != _FORMAT:
            raise StoreError(f"{folder}: made by a newer version of Bobbin; update Bobbin to restore it")
        made_at = datetime.fromisoformat(manifest["made_at"])
        return Backup(folder, made_at, dict(manifest["rows"]), dict(manifest["sha256"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{folder / _MANIFEST}: it is damaged; restore another backup") from error


def rows_of(database: Path) -> dict[str, int]:
    """Return how many rows each table of a database has, none where there is no database."""
    if not database.is_file():
        return {}
    with refusals(database):
        db, _ = connect_to_read(database, patience=_PATIENCE)
        with closing(db):
            return _rows(db)


def imported_since(database: Path, moment: datetime) -> list[str]:
    """Return the names of the files that were read into an archive after a moment, the last first."""
    with refusals(database):
        db, _ = connect_to_read(database, patience=_PATIENCE)
        with closing(db):
            rows = db.query(
                "select s.name from sources s join collections c on c.id = s.collection_id"
                " where not c.handbook and s.read_at > ? order by s.read_at desc",
                [db_time(moment)],
            )
            return [row["name"] for row in rows]


def put_back(
    backup: Backup, databases: Sequence[Path], migrations: Migrations, tombstones: Sequence[TombstoneSet]
) -> None:
    """Put a backup's databases in the place of those there are; all of them, or none.

    ``databases`` are as in :func:`back_up`, ``migrations`` the archive's, and ``tombstones`` hold beside
    those of the backup and of what is replaced. One that the backup does not have stays as it is. What was
    forgotten is applied by opening the archive. Raises :class:`~retrieval.errors.StoreError`, with everything
    as it was, where the backup is damaged or of a newer version.
    """
    _verify(backup)
    archive = databases[0]
    with refusals(backup.path / archive.name), closing(_reading(backup.path / archive.name)) as db:
        behind(db, backup.path / archive.name, migrations)
    with refusals(archive):
        archive.parent.mkdir(parents=True, exist_ok=True)
        for path in databases:
            _await_writers(path)
        sets = joined_sets(tombstones, backup.tombstones, _known_sets(archive))
        if sets:
            write_tombstones(tombstone_path(archive), sets)
        drafts = {path: path.with_name(f".{path.name}.restored") for path in databases}
        try:
            for path, draft in drafts.items():
                if path.name in backup.rows:
                    shutil.copyfile(backup.path / path.name, draft)
                    draft.chmod(0o600)
                    _sync(draft)
            # From here on only names change.
            for path in (path for path, draft in drafts.items() if draft.exists()):
                _drop_log(path)
                drafts[path].replace(path)
            _sync(archive.parent)
        finally:
            for draft in drafts.values():
                draft.unlink(missing_ok=True)


def _await_writers(path: Path) -> None:
    """Wait until no other program writes to a file that is to be replaced: what it imports would be lost."""
    try:
        with _locked(path):
            pass
    except StoreError as error:
        # A damaged file, which may be why a backup is restored, has nothing to wait for.
        code = getattr(error.__cause__, "sqlite_errorcode", -1) & 0xFF
        if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise


def _drop_log(path: Path) -> None:
    """Put a database's log into it and remove it; SQLite would take it for that of the next file there."""
    if path.is_file():
        with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as db:
            db.execute("pragma wal_checkpoint(truncate)")
    for ending in ("-wal", "-shm"):
        beside(path, ending).unlink(missing_ok=True)


def _known_sets(archive: Path) -> list[TombstoneSet]:
    """Return the tombstones of an archive that is replaced, as far as it can be read."""
    noted = read_tombstones(tombstone_path(archive))
    if not archive.is_file():
        return noted
    try:
        db, _ = connect_to_read(archive, patience=_PATIENCE)
        with closing(db):
            return joined_sets(noted, stored_sets(db))
    except sqlite3.Error:
        return noted  # it is damaged, which may be why a backup is restored


@contextmanager
def _one_moment(databases: Sequence[Path]) -> Iterator[list[Database]]:
    """Open each database at one moment: while all snapshots are begun, no other program writes."""
    with ExitStack() as stack:
        snapshots = []
        with ExitStack() as locks:
            for path in databases:
                locks.enter_context(_locked(path))
            for path in databases:
                with refusals(path):
                    db, _ = connect_to_read(path, patience=_PATIENCE)
                    stack.enter_context(closing(db))
                    db.execute("begin")
                    db.execute("select count(*) from sqlite_schema").fetchone()
                    snapshots.append(db)
        yield snapshots


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep other programs from writing; what is not there, or cannot be written, needs no lock."""
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        yield
        return
    with refusals(path):
        address = f"{path.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, timeout=_PATIENCE)) as lock:
            lock.execute("begin immediate")
            yield
            lock.rollback()


@contextmanager
def _draft(folder: Path, name: str) -> Iterator[tuple[Path, Path]]:
    """Make a folder to write a backup into, and yield it with the name that it gets when it is whole.

    One process at a time writes backups into ``folder``; what one that was killed left there goes first.
    """
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / name
    draft = folder / f".{name}.{os.getpid()}"
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with suppress(OSError):  # a network disk may know no locks
            fcntl.flock(handle, fcntl.LOCK_EX)
            for abandoned in folder.glob(f".{_NAME}*"):
                shutil.rmtree(abandoned, ignore_errors=True)
        draft.mkdir(mode=0o700)
        yield draft, final
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        os.close(handle)


def _verify(backup: Backup) -> None:
    """Read every byte of a backup; raise ``StoreError`` where it is not what was written."""
    for name, sha256 in backup.sha256.items():
        path = backup.path / name
        with refusals(path):
            if not path.is_file() or _sha256(path) != sha256:
                raise StoreError(f"{path}: it is not what was written; use another backup")
    for name, rows in backup.rows.items():
        path = backup.path / name
        with refusals(path), closing(_reading(path)) as db:
            problems = [
                text for (text,) in db.execute("pragma integrity_check(3)").fetchall() if text != "ok"
            ]
            strays = db.execute("pragma foreign_key_check").fetchone()
            complete = _rows(db) == dict(rows)
        if problems or strays or not complete:
            raise StoreError(f"{path}: it is damaged ({'; '.join(problems) or 'rows are missing'})")


def _reading(path: Path) -> Database:
    """Open a file that no process writes, so that nothing is made beside it."""
    address = f"{path.absolute().as_uri()}?immutable=1"
    return Database(sqlite3.connect(address, uri=True), execute_plugins=False)


def _rows(db: Database) -> dict[str, int]:
    return {table.name: table.count for table in db.tables if not table.name.startswith("sqlite_")}


def _prune(folder: Path, keep: int) -> None:
    for old in _backups(folder)[max(1, keep) :]:
        shutil.rmtree(old)


def _backups(folder: Path) -> list[Path]:
    """Return the whole backups in a folder, the newest first."""
    if not folder.is_dir():
        return []
    return sorted((path.parent for path in folder.glob(f"{_NAME}*/{_MANIFEST}")), reverse=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
