"""The self-test: whether questions can be answered and written down, tried out instead of assumed.

It blocks: run it in a thread. It asks the handbook, reads a page of each database, writes a row and reads it
back through another connection, and looks at what is free of disk and descriptors.
"""

import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlite_utils import Database, Migrations

from bot.database import ServerFile, find_damage, read_value
from bot.descriptors import descriptor_limit, free_descriptors
from retrieval.archive import Archive
from retrieval.errors import ArchiveError, StoreError

__all__ = [
    "SELF_TEST_SECONDS",
    "Activity",
    "SelfTest",
    "SelfTestResult",
    "WriteFailure",
    "migrations",
]

SELF_TEST_SECONDS: Final = 20.0
"""Seconds between two self-tests."""

_QUESTION: Final = "How do I ask a question?"
#: With less free, SQLite cannot write its log for a larger change.
_MIN_DISK: Final = 16 * 2**20
_MIN_DESCRIPTORS: Final = 8
#: A file that changed is read as a whole while that takes less than this share of the time.
_CHECK_SHARE: Final = 1 / 20
#: A larger file is read as a whole once a day only.
_LARGE: Final = 256 * 2**20
_DAY: Final = timedelta(days=1)

migrations = Migrations("self-test")


@migrations()
def m001_scratch(db: Database) -> None:
    """Create the one row that each self-test writes."""
    db.execute("create table self_test (id integer primary key check (id = 1), written_at text not null)")


@dataclass(frozen=True, slots=True)
class WriteFailure:
    """A write that was refused: when (aware UTC), and the reason."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Activity:
    """When things were last done (aware UTC, ``None`` for never); the number of digests paused by errors."""

    last_import: datetime | None = None
    last_digest: datetime | None = None
    last_backup: datetime | None = None
    paused_digests: int = 0


@dataclass(frozen=True, slots=True)
class SelfTestResult:
    """One self-test: when it ended (aware UTC), its seconds, and what it found wrong, each a sentence.

    ``integrity_checked`` is when both databases were last read as a whole. Bytes and numbers are ``None``
    where the system does not tell them.
    """

    at: datetime
    seconds: float
    problems: tuple[str, ...] = ()
    free_disk: int | None = None
    free_descriptors: int | None = None
    integrity_checked: datetime | None = None
    last_failed_write: WriteFailure | None = None
    activity: Activity = field(default_factory=Activity)


@dataclass(slots=True)
class _Integrity:
    """The last reading of a whole file: its size and times then, when, for how long, and the damage."""

    mark: tuple[int, int, int]
    at: datetime
    started: float
    seconds: float
    damage: list[str]


class SelfTest:
    """The self-test of one process.

    ``paths`` are those of the archive's database and of the one about servers; ``activity`` tells what was
    last done; ``now`` is the clock, aware. Only :meth:`note_refusal` may be called from several threads.
    """

    def __init__(
        self,
        archive: Archive,
        file: ServerFile,
        paths: tuple[Path, Path],
        *,
        activity: Callable[[], Activity] = Activity,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._file = file
        self._has_table = False
        self._now = now
        self._failed_write: WriteFailure | None = None
        for store in (archive, file):
            store.on_refused_write(self.note_refusal)
        # In a folder that cannot be written, the self-test itself reports that.
        with suppress(StoreError):
            self._create_table()
        self._archive = archive
        self._database, self._servers = paths
        self._activity = activity
        self._integrity: dict[Path, _Integrity] = {}

    def run(self) -> SelfTestResult:
        """Run all parts, whatever each finds, and return the result. Raises nothing."""
        started = time.monotonic()
        problems: list[str] = []
        parts = [self._ask, self._read_pages, self._write, self._finish_wiping, self._measure_disk]
        free = free_descriptors()
        if free < _MIN_DESCRIPTORS:
            problems.append(
                f"{free} of {descriptor_limit()} file descriptors are free; raise the limit (ulimit -n) and"
                " start Bobbin again"
            )
            # The others open files; what they find now has this one cause.
            parts = [self._ask]
        for part in parts:
            try:
                problems += part()
            except ArchiveError as error:
                problems.append(str(error))
            except Exception as error:  # noqa: BLE001 - a self-test that fails is a finding, not an end
                problems.append(f"The self-test failed: {type(error).__name__}: {error}.")
        return SelfTestResult(
            at=self._now(),
            seconds=time.monotonic() - started,
            problems=tuple(dict.fromkeys(problems)),
            free_disk=self._free_disk(),
            free_descriptors=free,
            integrity_checked=min((check.at for check in self._integrity.values()), default=None),
            last_failed_write=self._failed_write,
            activity=self._last_activity(),
        )

    def note_refusal(self, reason: str) -> None:
        """Remember why a store refused to write, as the last failed write."""
        self._failed_write = WriteFailure(self._now(), reason)

    def _ask(self) -> list[str]:
        """Ask the handbook, by the same way as people's questions."""
        self._archive.ask(_QUESTION, self._archive.catalog.handbook_scope(), limit=1)
        return []

    def _read_pages(self) -> list[str]:
        """Read a page of each database through a connection of its own; all pages where it changed."""
        problems: list[str] = []
        # Where another file was put in its place, the old log has to go before anything opens that one.
        with self._file.reader():
            pass
        for path in (self._database, self._servers):
            info = path.stat()
            mark = (info.st_size, info.st_mtime_ns, info.st_ctime_ns)
            last, started = self._integrity.get(path), time.monotonic()
            if last is None or self._is_due(last, mark, started):
                damage = find_damage(path)
                seconds = time.monotonic() - started
                self._integrity[path] = _Integrity(mark, self._now(), started, seconds, damage)
                problems += damage
            else:
                read_value(path, "select count(*) from sqlite_master")
                problems += last.damage
        return problems

    def _is_due(self, last: _Integrity, mark: tuple[int, int, int], started: float) -> bool:
        if self._now() - last.at >= _DAY:
            return True
        rested = started - last.started >= last.seconds / _CHECK_SHARE
        # Damage may have been that of a file that was being replaced.
        return rested and (bool(last.damage) or (mark != last.mark and mark[0] < _LARGE))

    def _write(self) -> list[str]:
        """Write a row, and read it back from the file that is at the path now."""
        path, written = self._servers, self._now().isoformat(timespec="microseconds")
        self._create_table()
        with self._file.changing() as db:
            db.execute(
                "insert into self_test values (1, ?)"
                " on conflict (id) do update set written_at = excluded.written_at",
                [written],
            )
        if read_value(path, "select written_at from self_test") == written:
            return []
        return [f"{path}: what is written does not arrive in it, for it was replaced; start Bobbin again"]

    def _finish_wiping(self) -> list[str]:
        """Wipe what was erased while something else was reading it, which no one waits for."""
        for store in (self._archive, self._file):
            store.finish_wiping()
        return []

    def _create_table(self) -> None:
        if not self._has_table:
            self._file.bring_up(migrations)
            self._has_table = True

    def _measure_disk(self) -> list[str]:
        """Measure the free disk, and check the right to write, which open files keep in any case."""
        problems = [
            f"{path}: it cannot be written to; make the files and their folder writable"
            for path in (self._database.parent, self._database, self._servers)
            if path.exists() and not os.access(path, os.W_OK)
        ]
        free = self._free_disk()
        if free is not None and free < _MIN_DISK:
            folder = self._database.parent
            problems.append(f"{folder}: {free / 2**20:.1f} MiB of disk are free; free some space")
        return problems

    def _free_disk(self) -> int | None:
        try:
            return shutil.disk_usage(self._database.parent).free
        except OSError:
            return None

    def _last_activity(self) -> Activity:
        try:
            return self._activity()
        except ArchiveError:
            return Activity()
