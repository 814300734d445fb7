"""Which of the inbox's files are to be imported now, decided from listings and the time alone."""

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

#: Folders of the inbox itself: what was read, and what could not be.
HANDLED_FOLDERS: Final = ("done", "failed")

#: The folder of the inbox in which each file is imported as plain text where it is no thread.
PLAIN: Final = "text"

#: Seconds for which a file must not have changed.
QUIET: Final = 5.0
#: How many times longer an empty one is given, which somebody may be about to fill.
_EMPTY: Final = 12
# How programs name what they have not finished: browsers, editors, copying and syncing tools.
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
    """A file of the inbox as a look found it, or a folder with all in it.

    ``size`` is in bytes, ``modified`` the latest change in nanoseconds, ``files`` how many files it is.
    ``arriving`` says that a file in the folder is named as one that is still being written.
    """

    size: int
    modified: int
    files: int = 1
    arriving: bool = False


@dataclass(frozen=True, slots=True)
class TrackedEntry:
    """An entry, since when it has been as it is (in seconds), and whether it has been dealt with."""

    entry: InboxEntry
    since: float
    handled: bool = False


@dataclass(frozen=True, slots=True)
class InboxDecision:
    """The names that are ready, in order, and what is to be remembered until the next look."""

    ready: tuple[str, ...]
    seen: Mapping[str, TrackedEntry]


def decide_ready(
    seen: Mapping[str, TrackedEntry], listing: Mapping[str, InboxEntry], now: float, quiet: float = QUIET
) -> InboxDecision:
    """Return what to import, given what the last look left behind, what is there, and the time.

    A file is ready when it was the same in two looks, ``quiet`` seconds apart or more. What has been
    ready once is not again until it changes, so that a file that cannot be moved away is not imported
    for ever. ``now`` is in seconds and never runs backwards.
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
        enough = quiet if entry.size else quiet * _EMPTY
        if not (before.handled or entry.arriving) and now - before.since >= enough:
            ready.append(name)
            before = TrackedEntry(entry, before.since, handled=True)
        remembered[name] = before
    return InboxDecision(tuple(ready), remembered)


def is_ours(name: str) -> bool:
    """Return whether a name in the inbox is one to import: not its own folders, not unfinished.

    What is in the folder :data:`PLAIN` has its name, a ``/`` and its own.
    """
    lowered = name.rpartition("/")[2].casefold()
    temporary = lowered.startswith(_TEMPORARY_BEGINNINGS) or lowered.endswith(_TEMPORARY)
    return name not in HANDLED_FOLDERS and not temporary


def is_arriving(name: str) -> bool:
    """Return whether a name is one that programs give to what they are still receiving."""
    return name.casefold().endswith(_ARRIVING)
