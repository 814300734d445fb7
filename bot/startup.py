"""What every command starts from: the settings, the log, and the archive they name."""

import logging
import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot import log
from bot.settings import Settings, load
from retrieval.archive import Archive

__all__ = ["open_archive", "start", "take_up"]

# Fewer posts are read before a bar could be looked at.
_LONG = 20_000


def start(*, at_least: int = logging.WARNING) -> Settings:
    """Read the settings and set up the log; commands in a terminal keep it to warnings.

    Raises :class:`~bot.settings.SettingsError`.
    """
    settings = load()
    log.configure(settings, at_least=at_least)
    return settings


def open_archive(settings: Settings) -> Archive:
    """Open the archive with the handbook; raise :class:`~retrieval.errors.StoreError` when it refuses."""
    return Archive.open(settings.database, handbook=settings.handbook, limits=settings.limits)


def take_up(archive: Archive) -> bool:
    """Take up what was imported; return whether anything was.

    Long work is shown by a bar on standard error, where that is a terminal.
    """
    bar = Progress(
        TextColumn("reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )

    def tell(done: int, total: int) -> None:
        if total < _LONG:
            return
        if not bar.tasks:
            bar.add_task("reading", total=total)
            bar.start()
        bar.update(bar.task_ids[0], completed=done, total=total)

    try:
        return archive.refresh(tell)
    finally:
        bar.stop()
