"""The inbox at work: looking, importing, and moving aside what has been dealt with."""

import logging
import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from bot.inbox import input_files
from bot.inbox.lock import inbox_lock
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

__all__ = ["InboxWatcher"]

log = logging.getLogger(__name__)

_DONE, _FAILED = HANDLED_FOLDERS
_LINK: Final = "holds a link ({}); links are not followed out of the inbox"


class _StoppedError(Exception):
    """Bobbin is about to stop."""


class InboxWatcher:
    """A folder whose files are imported; one thread at a time may look into it, and one process.

    What was read is moved to ``done`` in it, what failed to ``failed`` with its report beside it. What is in
    its folder ``text`` is imported as plain text where it shows no sign of a thread.
    Links are not followed. ``quiet`` is for how many seconds a file must not have changed.
    """

    def __init__(self, archive: Archive, folder: Path, limits: Limits, *, quiet: float = QUIET) -> None:
        self._archive = archive
        self._folder = folder
        self._limits = limits
        self._quiet = quiet
        self._seen: Mapping[str, TrackedEntry] = {}

    def look(self, now: float, stopping: Callable[[], bool] = lambda: False) -> list[FileReport]:
        """Import what is ready and return what came of it; the index takes it up before it returns.

        ``now`` is in seconds and never runs backwards. Once ``stopping`` says so, what is under way is
        given up and left where it is; the archive holds nothing of it. While another process looks into
        the same inbox, nothing is done.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with inbox_lock(self._folder) as ours:
            return self._take_in(now, stopping) if ours else []

    def _take_in(self, now: float, stopping: Callable[[], bool]) -> list[FileReport]:
        decision = decide_ready(self._seen, dict(_listing(self._folder)), now, self._quiet)
        self._seen = decision.seen
        reports: list[FileReport] = []
        try:
            for name in decision.ready:
                reports += self._deal_with(name, stopping)
        except _StoppedError:
            return reports
        if any(report.read for report in reports):
            self._archive.refresh()
        return reports

    def _deal_with(self, name: str, stopping: Callable[[], bool]) -> list[FileReport]:
        """Import one file or folder and move it aside; leave it for the next look if the archive refuses."""
        try:
            reports = list(self._import(name, stopping))
        except ArchiveError as error:
            if stopping():
                raise _StoppedError from error
            log.error("inbox: %s was not imported, next try soon: %s", name, error)  # noqa: TRY400 - told whole
            self._seen = {known: seen for known, seen in self._seen.items() if known != name}
            return []
        try:
            self._move(name, reports)
        except OSError as error:
            log.error("inbox: %s was read and cannot be moved aside: %s", name, error)  # noqa: TRY400 - as above
        for report in reports:
            if report.error:
                log.warning("inbox: %s could not be read: %s", report.file, report.error)
            elif report.skipped:
                log.info("inbox: %s left out: %s", report.file, report.skipped)
            else:
                new, more = report.threads.new, report.threads.updated
                log.info("inbox: %s read, threads: %d new, %d updated", report.file, new, more)
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

        found = input_files.find_files([str(path)], self._limits)
        for failed, reason in found.failed:
            yield FileReport(self._shown(failed), error=reason)
        for entry in found.files:
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
        place = _free(place)
        (self._folder / name).rename(place)
        if failed:
            beside = _free(place.with_name(f"{place.name}.report.json"))
            beside.write_text(f"{serializers.dumps(serializers.reports(reports))}\n", encoding="utf-8")

    def _shown(self, path: str) -> str:
        return str(Path(path).relative_to(self._folder)) if Path(path).is_relative_to(self._folder) else path


def _with_remedy(report: FileReport) -> FileReport:
    """Return the report, with what to do where a file shows no sign of a thread."""
    if not report.error or not report.plain:
        return report
    remedy = f"to import it as plain text, put it into the folder {PLAIN} of the inbox"
    return replace(report, error=f"{report.error}; {remedy}")


def _listing(folder: Path, inside: str = "") -> Iterator[tuple[str, InboxEntry]]:
    """Yield the files and folders of the inbox; what vanishes meanwhile is not there.

    Those of the folder for plain text come one by one, as ``inside`` and their names.
    """
    with os.scandir(folder) as found:
        for one in found:
            name = f"{inside}{one.name}"
            try:
                if name == PLAIN and one.is_dir(follow_symlinks=False):
                    yield from _listing(Path(one.path), f"{PLAIN}/")
                elif is_ours(name) and one.is_dir(follow_symlinks=False):
                    yield name, _sum(Path(one.path))
                elif is_ours(name) and one.is_file(follow_symlinks=False):
                    told = one.stat(follow_symlinks=False)
                    yield name, InboxEntry(told.st_size, told.st_mtime_ns)
            except OSError:
                continue


def _sum(folder: Path) -> InboxEntry:
    """Return a folder as one entry: any change of anything in it changes it."""
    size = count = 0
    modified = folder.lstat().st_mtime_ns
    arriving = False
    for place, folders, names in os.walk(folder):
        for name in (*folders, *names):
            told = Path(place, name).lstat()
            modified = max(modified, told.st_mtime_ns)
            if stat.S_ISREG(told.st_mode):
                size += told.st_size
                count += 1
                arriving = arriving or is_arriving(name)
    return InboxEntry(size, modified, count, arriving)


def _links(path: Path) -> Iterator[Path]:
    """Yield the links in a folder, at any depth; none are followed."""
    for place, folders, names in os.walk(path):
        yield from (one for name in (*folders, *names) if (one := Path(place, name)).is_symlink())


def _free(path: Path) -> Path:
    """Return the path, or one like it that nothing has yet."""
    number, free = 1, path
    while free.is_symlink() or free.exists():
        number += 1
        free = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return free
