"""Threads in a file, one a line, read as they are asked for: a list of any length in no memory."""

import json
import weakref
from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import IO, Any, overload

from retrieval.model import Completeness, Post, Thread

__all__ = ["ThreadFile"]


class ThreadFile(Sequence[Thread]):
    """Threads that lie in a file that is open for reading; it is closed when they are not needed any more.

    The lines are of this version of Bobbin for itself, not a form to keep anything in. Reading one that
    is none raises ``ValueError``.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        weakref.finalize(self, file.close)
        self._starts = array("Q")
        place = file.seek(0)
        for line in file:
            self._starts.append(place)
            place += len(line)

    @classmethod
    def write(cls, threads: Iterable[Thread], file: IO[bytes]) -> "ThreadFile":
        """Write threads to a file that is open for both, and return them as they lie there."""
        for thread in threads:
            file.write(json.dumps(_packed(thread), separators=(",", ":")).encode() + b"\n")
        file.flush()
        return cls(file)

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, place: int) -> Thread: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Thread]: ...

    def __getitem__(self, place: int | slice) -> Thread | Sequence[Thread]:
        if isinstance(place, slice):
            return [self[one] for one in range(len(self))[place]]
        self._file.seek(self._starts[place])
        return _unpacked(self._file.readline())

    def __iter__(self) -> Iterator[Thread]:
        return (self[place] for place in range(len(self)))


def _packed(thread: Thread) -> list[Any]:
    posts = [
        [
            post.text,
            post.number,
            post.source_id,
            post.url,
            _time(post.posted_at),
            post.author,
            post.marker,
            post.lines,
        ]
        for post in thread.posts
    ]
    facts = [thread.author, thread.title, thread.url, _time(thread.posted_at), thread.id, thread.lines]
    return [posts, thread.completeness.value, *facts]


def _unpacked(line: bytes) -> Thread:
    try:
        posts, completeness, author, title, url, posted_at, thread_id, lines = json.loads(line)
        return Thread(
            tuple(_post(ordinal, *post) for ordinal, post in enumerate(posts, start=1)),
            Completeness(completeness),
            author,
            title,
            url,
            _moment(posted_at),
            thread_id,
            _lines(lines),
        )
    except (TypeError, RecursionError) as error:
        raise ValueError("a thread was written down wrongly") from error


def _post(  # noqa: PLR0913, PLR0917 - a line has as many columns
    ordinal: int,
    text: str,
    number: int | None,
    source_id: str | None,
    url: str | None,
    posted_at: str | None,
    author: str | None,
    marker: str | None,
    lines: list[int] | None,
) -> Post:
    return Post(ordinal, text, number, source_id, url, _moment(posted_at), author, marker, _lines(lines))


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(time: str | None) -> datetime | None:
    return None if time is None else datetime.fromisoformat(time)


def _lines(lines: list[int] | None) -> tuple[int, int] | None:
    return None if lines is None else (lines[0], lines[1])
