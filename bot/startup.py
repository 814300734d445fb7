"""Start a command: read the settings, configure the log, open the archive."""

import logging
import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot import log
from bot.settings import Settings, load
from retrieval.archive import Archive

__all__ = ["open_archive", "start", "take_up"]

# Fewer posts are indexed before a progress bar would be seen.
_MIN_POSTS_FOR_BAR = 20_000


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
    """Update the index with what was imported; return whether anything was.

    A progress bar is shown on standard error for long work, where that is a terminal.
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
