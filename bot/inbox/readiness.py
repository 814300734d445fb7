"""Decide which of the inbox's files to import now, from listings and the time. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

__all__ = [
    "HANDLED_FOLDERS",
    "PLAIN",
    "QUIET",
    "InboxDecision",
    "InboxEntry",
    "TrackedEntry",
    "decide_ready",
    "is_arriving",
    "is_ours",
]

#: The inbox's own subfolders: for what was imported, and for what failed.
HANDLED_FOLDERS: Final = ("done", "failed")

#: The subfolder in which a file that is no thread is imported as plain text.
PLAIN: Final = "text"

#: Seconds for which a file must not have changed.
QUIET: Final = 5.0
#: An empty file waits this many times longer: a program may be about to fill it.
_EMPTY_FACTOR: Final = 12
# Endings that browsers, editors, copying and syncing tools give to unfinished files.
_ARRIVING: Final = (
    ".!ut",
    ".aria2",
    ".crdownload",
    ".download",
    ".filepart",
    ".opdownload",
    ".part",
    ".partial",
)
_TEMPORARY: Final = (*_ARRIVING, "~", ".lock", ".swp", ".temp", ".tmp")
_TEMPORARY_BEGINNINGS: Final = (".", "~$", "#")


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """A file of the inbox at one scan, or a folder with everything in it.

    ``size`` is in bytes, ``modified`` the latest change in nanoseconds, ``files`` how many files it is.
    ``arriving`` is set where a file in the folder has the name of an unfinished one.
    """

    size: int
    modified: int
    files: int = 1
    arriving: bool = False


@dataclass(frozen=True, slots=True)
class TrackedEntry:
    """An entry, since when it has not changed (in seconds), and whether it has been returned as ready."""

    entry: InboxEntry
    since: float
    handled: bool = False


@dataclass(frozen=True, slots=True)
class InboxDecision:
    """The names that are ready, in order, and the entries to pass to the next decision."""

    ready: tuple[str, ...]
    seen: Mapping[str, TrackedEntry]


def decide_ready(
    seen: Mapping[str, TrackedEntry], listing: Mapping[str, InboxEntry], now: float, quiet: float = QUIET
) -> InboxDecision:
    """Return what to import, given the entries of the last decision, a listing, and the time.

    A file is ready when it was the same in two scans, ``quiet`` seconds apart or more. What was ready
    once is not ready again until it changes, so that a file that cannot be moved is not imported again
    and again. ``now`` is in seconds and never runs backwards.
    """
    ready = []
    remembered = {}
    for name, entry in sorted(listing.items()):
        if not is_ours(name):
            continue
        before = seen.get(name)
        if before is None or before.entry != entry:
            remembered[name] = TrackedEntry(entry, now)
            continue
        enough = quiet if entry.size else quiet * _EMPTY_FACTOR
        if not (before.handled or entry.arriving) and now - before.since >= enough:
            ready.append(name)
            before = TrackedEntry(entry, before.since, handled=True)
        remembered[name] = before
    return InboxDecision(tuple(ready), remembered)


def is_ours(name: str) -> bool:
    """Return whether a name in the inbox is one to import: not its own subfolders, not unfinished.

    A file in the subfolder :data:`PLAIN` is named with it, as ``text/notes.txt``.
    """
    lowered = name.rpartition("/")[2].casefold()
    temporary = lowered.startswith(_TEMPORARY_BEGINNINGS) or lowered.endswith(_TEMPORARY)
    return name not in HANDLED_FOLDERS and not temporary


def is_arriving(name: str) -> bool:
    """Return whether a name is one that programs give to an unfinished download or copy."""
    return name.casefold().endswith(_ARRIVING)
