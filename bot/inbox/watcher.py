"""Watch the inbox folder: scan it, import what is ready, and move each entry to ``done`` or ``failed``."""

import contextlib
import errno
import fcntl
import logging
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from bot.inbox import input_files
from bot.inbox.readiness import (
    HANDLED_FOLDERS,
    PLAIN,
    QUIET,
    InboxEntry,
    TrackedEntry,
    decide_ready,
    is_arriving,
    is_ours,
)
from bot.json_output import serializers
from retrieval.archive import Archive
from retrieval.errors import ArchiveError
from retrieval.formats.import_types import TEXT, FileReport, Limits, SavedFile

__all__ = ["InboxWatcher", "inbox_lock"]

log = logging.getLogger(__name__)

_DONE, _FAILED = HANDLED_FOLDERS
_LINK: Final = "holds a link ({}); links are not followed out of the inbox"
#: Errors of a file system that has no locks: other processes on it cannot be noticed.
_NO_LOCKS: Final = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EINVAL, errno.ENOSYS})


class _StoppedError(Exception):
    """Bobbin is stopping; the import was cancelled."""


class InboxWatcher:
    """Imports the files of a folder; used by one thread and, through a lock, one process at a time.

    What was read is moved to its subfolder ``done``, what failed to ``failed`` with a report beside it. Files
    in the subfolder ``text`` are imported as plain text where they show no sign of a thread. Links are not
    followed. ``quiet`` is the number of seconds for which a file must not have changed, ``most_done`` how
    many bytes ``done`` may hold: beyond that the files that came first are deleted. ``None`` keeps all.
    """

    def __init__(
        self,
        archive: Archive,
        folder: Path,
        limits: Limits,
        *,
        quiet: float = QUIET,
        most_done: int | None = None,
    ) -> None:
        self._archive = archive
        self._folder = folder
        self._limits = limits
        self._quiet = quiet
        self._most_done = most_done
        self._seen: Mapping[str, TrackedEntry] = {}

    def look(self, now: float, stopping: Callable[[], bool] = lambda: False) -> list[FileReport]:
        """Import what is ready, update the index, and return the reports.

        ``now`` is in seconds and never runs backwards. Once ``stopping`` returns true, the import under way
        is cancelled: its file stays where it is and the archive keeps nothing of it. While another process
        holds the inbox, nothing is done.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with inbox_lock(self._folder) as locked:
            return self._import_ready(now, stopping) if locked else []

    def _import_ready(self, now: float, stopping: Callable[[], bool]) -> list[FileReport]:
        decision = decide_ready(self._seen, dict(_listing(self._folder)), now, self._quiet)
        self._seen = decision.seen
        reports: list[FileReport] = []
        try:
            for name in decision.ready:
                reports += self._import_and_move(name, stopping)
        except _StoppedError:
            return reports
        if reports:
            self._prune_done()
        if any(report.read for report in reports):
            self._archive.refresh()
        return reports

    def _import_and_move(self, name: str, stopping: Callable[[], bool]) -> list[FileReport]:
        """Import one file or folder and move it; leave it for the next scan if the archive refuses."""
        reports: list[FileReport] = []
        try:
            for report in self._import(name, stopping):
                reports.append(report)  # noqa: PERF402 - those before a refusal are kept
        except ArchiveError as error:
            if stopping():
                raise _StoppedError from error
            imported = sum(report.read for report in reports)
            before = f" but for the first {imported} of its files" if imported else ""
            log.error("inbox: %s was not imported%s; retrying at the next scan: %s", name, before, error)  # noqa: TRY400 - a sentence
            self._seen = {known: seen for known, seen in self._seen.items() if known != name}
            return []
        try:
            self._move(name, reports)
        except OSError as error:
            log.error(  # noqa: TRY400 - as above
                "inbox: %s was imported, but cannot be moved (%s); make the inbox writable", name, error
            )
        for report in reports:
            if report.error:
                log.warning("inbox: %s was moved to %s: %s", report.file, _FAILED, report.error)
            elif report.skipped:
                log.info("inbox: %s was skipped: %s", report.file, report.skipped)
            else:
                new, more = report.threads.new, report.threads.updated
                log.info("inbox: %s was imported: threads new=%d updated=%d", report.file, new, more)
        return reports

    def _import(self, name: str, stopping: Callable[[], bool]) -> Iterator[FileReport]:
        path = self._folder / name
        link = next(_links(path), None)
        if link is not None:
            yield FileReport(name, error=_LINK.format(link.relative_to(self._folder)))
            return

        def go_on(_posts: int, _share: float) -> None:
            if stopping():
                raise _StoppedError

        inputs = input_files.find_files([str(path)], self._limits)
        for failed, reason in inputs.failed:
            yield FileReport(self._shown(failed), error=reason)
        for folder, reason in inputs.passed_over:
            yield FileReport(self._shown(folder), skipped=reason)
        for entry in inputs.files:
            go_on(0, 0)
            try:
                content = b"" if entry.bundle else input_files.read_content(entry.name, self._limits)
            except input_files.UnreadableError as error:
                yield FileReport(self._shown(entry.name), error=str(error))
                continue
            form = TEXT if name.startswith(f"{PLAIN}/") else None
            saved = SavedFile(
                self._shown(entry.name), content, bundle=entry.bundle, form=form, named=entry.named
            )
            for report in self._archive.import_files(saved, progress=go_on, at_once=False):
                yield _with_remedy(report)

    def _move(self, name: str, reports: Sequence[FileReport]) -> None:
        failed = any(report.error for report in reports) or not any(report.read for report in reports)
        place = self._folder / (_FAILED if failed else _DONE) / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place = _unused(place)
        (self._folder / name).rename(place)
        if failed:
            beside = _unused(place.with_name(f"{place.name}.report.json"))
            beside.write_text(f"{serializers.dumps(serializers.reports(reports))}\n", encoding="utf-8")

    def _prune_done(self) -> None:
        """Delete what came into ``done`` first, until the rest is within its bound; the newest stays."""
        done = self._folder / _DONE
        if self._most_done is None or not done.is_dir():
            return
        # Moving a file there is the last change of what is known of it.
        entries = sorted((entry.lstat().st_ctime_ns, entry) for entry in done.iterdir())
        sizes = {
            entry: _sum(entry).size if _is_folder(entry) else entry.lstat().st_size for _, entry in entries
        }
        excess = sum(sizes.values()) - self._most_done
        for _, entry in entries[:-1]:
            if excess <= 0:
                return
            excess -= sizes[entry]
            try:
                if _is_folder(entry):
                    shutil.rmtree(entry)
                else:
                    entry.unlink()
            except OSError as error:
                log.warning("inbox: %s cannot be deleted: %s", entry, error)
                continue
            log.info("inbox: %s was deleted, since %s is full (BOBBIN_INBOX_DONE_MIB)", entry.name, _DONE)

    def _shown(self, path: str) -> str:
        return str(Path(path).relative_to(self._folder)) if Path(path).is_relative_to(self._folder) else path


def _is_folder(path: Path) -> bool:
    """Return whether a path is a folder itself, not a link to one."""
    return path.is_dir() and not path.is_symlink()


def _with_remedy(report: FileReport) -> FileReport:
    """Return the report, with the remedy where a file shows no sign of a thread."""
    if not report.error or not report.plain:
        return report
    remedy = f"to import it as plain text, put it into the folder {PLAIN} of the inbox"
    return replace(report, error=f"{report.error}; {remedy}")


def _listing(folder: Path, inside: str = "") -> Iterator[tuple[str, InboxEntry]]:
    """Yield the files and folders of the inbox; those that vanish during the scan are left out.

    Files in the subfolder for plain text come one by one, ``inside`` before their names.
    """
    with os.scandir(folder) as scanned:
        for child in scanned:
            name = f"{inside}{child.name}"
            try:
                if name == PLAIN and child.is_dir(follow_symlinks=False):
                    yield from _listing(Path(child.path), f"{PLAIN}/")
                elif is_ours(name) and child.is_dir(follow_symlinks=False):
                    yield name, _sum(Path(child.path))
                elif is_ours(name) and child.is_file(follow_symlinks=False):
                    info = child.stat(follow_symlinks=False)
                    yield name, InboxEntry(info.st_size, info.st_mtime_ns)
            except OSError:
                continue


def _sum(folder: Path) -> InboxEntry:
    """Return a folder as one entry, which changes with anything in it."""
    size = count = 0
    modified = folder.lstat().st_mtime_ns
    arriving = False
    for place, folders, names in os.walk(folder):
        for name in (*folders, *names):
            info = Path(place, name).lstat()
            modified = max(modified, info.st_mtime_ns)
            if stat.S_ISREG(info.st_mode):
                size += info.st_size
                count += 1
                arriving = arriving or is_arriving(name)
    return InboxEntry(size, modified, count, arriving)


def _links(path: Path) -> Iterator[Path]:
    """Yield the links in a folder, at any depth; none are followed."""
    for place, folders, names in os.walk(path):
        yield from (one for name in (*folders, *names) if (one := Path(place, name)).is_symlink())


def _unused(path: Path) -> Path:
    """Return the path, with a number added where it exists already."""
    number, unused = 1, path
    while unused.is_symlink() or unused.exists():
        number += 1
        unused = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return unused


@contextlib.contextmanager
def inbox_lock(folder: Path) -> Iterator[bool]:
    """Lock the inbox ``folder`` without waiting; yield whether this process holds the lock.

    The kernel releases it when a process ends, however it ends. Raises ``OSError`` where the folder cannot
    be opened.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield _lock(handle)
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
    return True
