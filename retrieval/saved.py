"""What goes into a reader and what comes out: saved files, readings, and reports of an import."""

from dataclasses import dataclass
from datetime import datetime

from retrieval.model import Thread

__all__ = ["Counts", "FileReport", "LeftOut", "Reading", "SavedFile"]


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A saved file as the importer hands it over, with what the operator knows about it.

    ``name`` is for messages only, never a path to open. ``author``, ``title``, ``url`` and
    ``posted_at`` (aware UTC) are what the operator said; they go to the file's complete thread and
    the author also to its previews, and never overrule what the file itself says.
    """

    name: str
    content: bytes
    author: str | None = None
    title: str | None = None
    url: str | None = None
    posted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was not kept, and why: page text, a repost, a part that cannot be read.

    ``count`` is how many (lines, posts or threads, as ``why`` says); ``lines`` are the first and
    last line, from 1, where that is known.
    """

    why: str
    count: int = 1
    lines: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a file: its threads, what was left out, and what looked odd."""

    form: str
    threads: tuple[Thread, ...]
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many threads, or posts, an import found new, updated and unchanged."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class FileReport:
    """What an import did with one file; nothing of the file is missing from it.

    ``error`` is the reason why nothing was kept, ``None`` when the file was read.
    """

    file: str
    form: str | None = None
    threads: Counts = Counts()
    posts: Counts = Counts()
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str | None = None
