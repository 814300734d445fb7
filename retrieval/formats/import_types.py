"""What goes into a reader and what comes out: saved files, readings, and reports of an import."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import IO, Final, Protocol

from retrieval.model import Thread

__all__ = [
    "TEXT",
    "Bundle",
    "Counts",
    "FileReport",
    "Forgotten",
    "LeftOut",
    "Limits",
    "Member",
    "Merged",
    "News",
    "Reading",
    "ReasonCounts",
    "SavedFile",
    "SourceFile",
    "merged_report",
]

#: What :attr:`SavedFile.form` says where text is to be imported that shows no sign of a thread.
TEXT: Final = "text"
# An address at most.
_LONGEST_EXAMPLE: Final = 200


class News(StrEnum):
    """Whether threads that come in for the first time are new for digests."""

    AT_ONCE = "at once"
    ONCE_COMPLETE = "once complete"
    """A fragment is new when a later import completes it."""
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading a saved file may cost, so that no file can take the machine with it.

    ``seconds`` and ``memory`` (bytes) are of the process that reads, for each file. ``file`` is the
    largest file of its own, in bytes; a post file of an account export may be larger. ``members`` is
    how many files a bundle may list, ``ratio`` how many times a member of a zip may grow when it is
    unpacked, ``unpacked`` how many bytes may be read of one bundle altogether.
    """

    seconds: float = 600.0
    memory: int = 1024 * 2**20
    file: int = 100 * 2**20
    members: int = 100_000
    ratio: int = 200
    unpacked: int = 8 * 2**30


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a bundle: its name with ``/`` between the parts, and its size in bytes as given there.

    The name tells what to open and is shown in messages; it is never a path. ``place`` is the file's
    number in the bundle, which is what opens it: names may occur twice.
    """

    name: str
    size: int
    place: int


class Bundle(Protocol):
    """Files that were saved together: a zip, or a folder. Nothing is opened but what is asked for."""

    @property
    def members(self) -> Sequence[Member]:
        """Return what the bundle holds; raise :class:`~retrieval.errors.ReadError` where it is broken."""
        ...

    def open(self, member: Member) -> IO[bytes]:
        """Return a member's bytes as a stream, anew with each call.

        Opening or reading raises :class:`~retrieval.errors.ReadError` for whatever stands against it.
        """
        ...


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A saved file as the importer hands it over, with what the operator knows about it.

    ``name`` is for messages only, never a path to open. ``content`` is all of a small file; a zip or a
    folder has none and comes as a ``bundle``. ``author``, ``title``, ``url`` and ``posted_at`` (aware
    UTC) are what the operator declared; they go to the file's complete thread and the author also to its
    previews, and never overrule what the file itself says.

    ``form`` is :data:`TEXT` where the file is to be imported as plain text should it show no sign of a
    thread. ``named`` is ``False`` for a file that was found in a folder or zip: one that is no thread is
    then left out, and is no error.

    ``notice`` is called now and then, while a bundle is read, with how many posts have been read and
    which share of the bundle that is (0 to 1).
    """

    name: str
    content: bytes = b""
    author: str | None = None
    title: str | None = None
    url: str | None = None
    posted_at: datetime | None = None
    bundle: Bundle | None = None
    form: str | None = None
    named: bool = True
    notice: Callable[[int, float], None] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was not kept, and why: page text, a repost, a part that cannot be read.

    ``count`` is how many (lines, posts or threads, as ``why`` says); ``lines`` are the first and
    last line, from 1, where that is known; ``example`` is the id of one of several, by which it can be found.
    """

    why: str
    count: int = 1
    lines: tuple[int, int] | None = None
    example: str | None = None


class ReasonCounts:
    """How much is left out for each reason, with one example of each."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, str] = {}

    def add(self, why: str, count: int = 1, example: object = None) -> None:
        """Count something; an ``example`` is the id of it, of any type that an id may have."""
        self._counts[why] += count
        if count and isinstance(example, str | int) and not isinstance(example, bool):
            self._examples.setdefault(why, f"{example}"[:_LONGEST_EXAMPLE])

    def left_out(self) -> tuple[LeftOut, ...]:
        """Return what was counted, by the reasons in the order of the alphabet."""
        counts = sorted((+self._counts).items())
        return tuple(LeftOut(why, count, example=self._examples.get(why)) for why, count in counts)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a file: its threads, what was left out, and what looked odd.

    The threads of a large file may lie on the disk and be made as they are asked for. ``sha256`` is of
    what was read of a bundle, in hex; the same for a zip and for the folder it was unpacked to.
    """

    form: str
    threads: Sequence[Thread]
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many threads, or posts, an import found new, updated and unchanged."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Merged:
    """What files tell each other of the same posts: ``what`` of how many posts."""

    what: str
    count: int


@dataclass(frozen=True, slots=True)
class FileReport:
    """What an import did with one file; nothing of the file is missing from it.

    ``error`` is the reason why nothing was kept of a file that should be in the archive. ``skipped`` is the
    reason why a file of a folder or zip was left out, since it is no thread; that is no failure. Both are
    ``None`` when the file was read. ``unknown`` says that the reason is that no reader knows the file, and
    ``plain`` that it could be imported as plain text. ``repeated`` says that the same file was imported
    before, as it is, and was not read again. ``languages`` are those of its threads, the commonest first, as
    ISO 639-1 codes.
    """

    file: str
    form: str | None = None
    threads: Counts = Counts()
    posts: Counts = Counts()
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str | None = None
    merged: tuple[Merged, ...] = ()
    skipped: str | None = None
    unknown: bool = False
    plain: bool = False
    repeated: bool = False
    languages: tuple[str, ...] = ()

    @property
    def read(self) -> bool:
        """Return whether the file was read."""
        return self.error is None and self.skipped is None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was read into a collection, and what the archive still has from it.

    ``sha256`` is of the file's bytes, in hex; ``read_at`` is when it was read first, aware UTC.
    ``threads`` counts the threads that it says something of, ``posts`` the posts that it holds of them.
    """

    id: int
    name: str
    sha256: str
    form: str
    read_at: datetime
    collection: str
    server_id: int | None = None
    threads: int = 0
    posts: int = 0


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was taken out of the archive.

    ``threads`` went altogether, ``changed`` stay as other files gave them; ``posts`` counts the posts
    that went. ``files`` are the saved files that they came from. ``wiped`` says that no byte of it is
    left in the database's files.
    """

    threads: int = 0
    posts: int = 0
    changed: int = 0
    files: tuple[SourceFile, ...] = ()
    wiped: bool = False


def merged_report(file: str, reports: Sequence[FileReport]) -> FileReport:
    """Return one report on a file out of the reports on what was in it."""
    if len(reports) == 1:
        return reports[0]
    read = [report for report in reports if report.read]
    failed = tuple(f"{report.file}: {report.error}" for report in reports if report.error is not None)
    skipped = [f"{report.file}: {report.skipped}" for report in reports if report.skipped is not None]
    plain = any(report.plain for report in reports)
    if not read and skipped and not failed:
        return FileReport(file, skipped="; ".join(skipped), unknown=True, plain=plain)
    if not read:
        return FileReport(file, error="; ".join(failed) or "holds no file to import", plain=plain)
    return FileReport(
        file,
        form=", ".join(sorted({report.form for report in read if report.form})),
        threads=_sum(report.threads for report in read),
        posts=_sum(report.posts for report in read),
        left_out=(*(part for report in read for part in report.left_out), *map(LeftOut, skipped)),
        warnings=(*failed, *(f"{report.file}: {warning}" for report in read for warning in report.warnings)),
        merged=tuple(part for report in read for part in report.merged),
        repeated=all(report.repeated for report in read),
        languages=tuple(dict.fromkeys(language for report in read for language in report.languages)),
    )


def _sum(counts: Iterable[Counts]) -> Counts:
    total = Counts()
    for count in counts:
        total = Counts(
            total.new + count.new, total.updated + count.updated, total.unchanged + count.unchanged
        )
    return total
