"""Start a command: read the settings, configure the log, open the archive."""

import fcntl
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final

from bot import log
from bot.settings import Settings, broken_lines, load
from retrieval.archive import Archive
from retrieval.errors import StoreError

__all__ = ["data_in_use", "deploy_folder", "open_archive", "start", "take_up", "version"]

logger = logging.getLogger(__name__)

#: Locked while the data folder is in use.
_IN_USE: Final = ".in-use"
# Fewer posts are indexed before a progress bar would be seen.
_MIN_POSTS_FOR_BAR = 20_000


@cache
def version() -> str:
    """Return the installed version; a bare checkout has none. Read once: health needs it without a file."""
    from importlib import metadata  # noqa: PLC0415 - slow to import, and few commands name the version

    try:
        return metadata.version("bobbin")
    except metadata.PackageNotFoundError:
        return "0+checkout"


def deploy_folder() -> Path:
    """Return the folder of files for running Bobbin as a service: the checkout's, else the packaged copy."""
    package = Path(__file__).resolve().parent
    checkout = package.parent / "data" / "deploy"
    return checkout if checkout.is_dir() else package / "deploy"


def start(*, at_least: int = logging.WARNING) -> Settings:
    """Read the settings and set up the log; commands in a terminal keep it to warnings.

    Raises :class:`~bot.settings.SettingsError`.
    """
    settings = load()
    log.configure(settings, at_least=at_least)
    for broken in broken_lines():
        logger.warning("%s", broken)
    return settings


def open_archive(settings: Settings, *, anew: bool = False) -> Archive:
    """Open the archive with the handbook; raise :class:`~retrieval.errors.StoreError` when it refuses.

    With ``anew`` an empty archive is made even where there was one before.
    """
    traces = (
        settings.servers,
        settings.data_dir / "index",
        settings.data_dir / "archive.tombstones",
        settings.inbox_folder / "done",
    )
    return Archive.open(
        settings.database,
        handbook=settings.handbook,
        limits=settings.limits,
        traces=() if anew else traces,
    )


@contextmanager
def data_in_use(settings: Settings, *, exclusive: bool = False) -> Iterator[None]:
    """Hold the data folder while the bot or the pages run; nothing can be restored into it meanwhile.

    With ``exclusive`` it is held for a restore, which nothing else may run beside. Where nothing can be
    written, nothing is held. Raises :class:`~retrieval.errors.StoreError` where it is held otherwise.
    """
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        handle = os.open(settings.data_dir / _IN_USE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        yield
        return
    try:
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError(
                f"{settings.data_dir}: Bobbin is running on it; stop it, and then restore"
                if exclusive
                else f"{settings.data_dir}: a backup is being restored into it; start again when that is done"
            ) from error
        # Nothing is being restored now, so a copy that was to take a database's place was abandoned.
        for abandoned in settings.data_dir.glob(".*.db.restored"):
            with suppress(OSError):
                abandoned.unlink()
        yield
    finally:
        os.close(handle)


def take_up(archive: Archive) -> bool:
    """Update the index with what was imported; return whether anything was.

    A progress bar is shown on standard error for long work, where that is a terminal.
    """
    if not sys.stderr.isatty():
        return archive.refresh()
    from rich.console import Console  # noqa: PLC0415 - only a terminal shows progress
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        TextColumn("reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )

    def report(done: int, total: int) -> None:
        if total < _MIN_POSTS_FOR_BAR:
            return
        if not bar.tasks:
            bar.add_task("reading", total=total)
            bar.start()
        bar.update(bar.task_ids[0], completed=done, total=total)

    try:
        return archive.refresh(report)
    finally:
        bar.stop()
