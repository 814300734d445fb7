"""What every command starts from: the settings, the log, and the archive they name."""

import logging

from bot import log
from bot.settings import Settings, load
from retrieval.archive import Archive

__all__ = ["open_archive", "start"]


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
