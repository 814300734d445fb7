"""Import an upload into a server's own collections, within the operator's limits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from retrieval.archive import Archive
from retrieval.formats.import_types import FileReport, Limits, News, SavedFile

__all__ = ["Allowance", "Destination", "UploadInterruptedError", "UploadInterruption", "import_upload"]


class UploadInterruption(StrEnum):
    """Why an upload was interrupted."""

    TIME = "time"
    ROOM = "room"
    """The server would exceed its limit of posts."""
    STOPPING = "stopping"


class UploadInterruptedError(Exception):
    """The upload was interrupted; nothing of the file being read was kept."""

    def __init__(self, why: UploadInterruption) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Allowance:
    """The limits of an upload: bytes of the file, seconds, and posts of the server altogether."""

    size: int
    seconds: float
    posts: int


@dataclass(frozen=True, slots=True)
class Destination:
    """The collection of a server that a file is imported into, and its language, ``None`` to detect it.

    ``news`` says whether its threads are new for digests.
    """

    server_id: int
    collection: str
    language: str | None = None
    news: News = News.AT_ONCE


def import_upload(  # noqa: PLR0913 - keywords
    archive: Archive,
    file: SavedFile,
    to: Destination,
    *,
    allowance: Allowance,
    limits: Limits,
    clock: Callable[[], float],
    stopping: Callable[[], bool],
    notice: Callable[[int, float], None],
) -> Iterator[FileReport]:
    """Import a file into a server's collection and yield a report for each file of it.

    ``notice`` is called with the number of posts read or imported and the share of the file that is done;
    ``clock`` counts seconds. The index is not updated. Raises :class:`UploadInterruptedError`; files
    whose reports were yielded before stay imported.
    """
    room = allowance.posts - archive.catalog.statistics(archive.catalog.own_scope(to.server_id)).posts
    deadline = clock() + allowance.seconds
    kept = 0

    def go_on(posts: int, share: float) -> None:
        if stopping():
            raise UploadInterruptedError(UploadInterruption.STOPPING)
        if clock() > deadline:
            raise UploadInterruptedError(UploadInterruption.TIME)
        if kept + posts > room:
            raise UploadInterruptedError(UploadInterruption.ROOM)
        notice(kept + posts, share)

    go_on(0, 0.0)
    reports = archive.import_files(
        file,
        collection=to.collection,
        server_id=to.server_id,
        language=to.language,
        progress=go_on,
        at_once=False,
        news=to.news,
        limits=replace(limits, seconds=min(limits.seconds, allowance.seconds)),
    )
    for report in reports:
        kept += report.posts.new
        yield report
        go_on(0, 0.0)
