"""Threads in a file, one a line, read as they are asked for: a list of any length in no memory."""

import json
import weakref
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import IO, Any, overload

from retrieval.model import Attachment, AttachmentKind, Completeness, Post, Thread

__all__ = ["ThreadFile", "pack", "unpack"]


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
            line = [pack(thread), thread.id, thread.lines or ()]
            file.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")
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
        try:
            return unpack(*json.loads(self._file.readline()))
        except (TypeError, KeyError, RecursionError) as error:
            raise ValueError("a thread was written down wrongly") from error

    def __iter__(self) -> Iterator[Thread]:
        return (self[place] for place in range(len(self)))


def pack(thread: Thread, written: Callable[[datetime], str] = datetime.isoformat) -> dict[str, Any]:
    """Return a thread as values of JSON, without its id; ``written`` writes times down.

    The store keeps versions so: no key may change, nor the place of a post's value. Behind them stand
    ``lines``, only where they are known, and a list of the attachments, where there are any.
    """
    return {
        "completeness": thread.completeness.value,
        "author": thread.author,
        "title": thread.title,
        "url": thread.url,
        "posted_at": thread.posted_at and written(thread.posted_at),
        "posts": [
            [
                post.text,
                post.number,
                post.source_id,
                post.url,
                post.posted_at and written(post.posted_at),
                post.author,
                post.marker,
                *(post.lines or ()),
                *_packed(post.attachments),
            ]
            for post in thread.posts
        ],
    }


def unpack(packed: Mapping[str, Any], name: str = "", lines: Sequence[int] = ()) -> Thread:
    """Return the thread of what :func:`pack` made, its id derived from its words where it is not given."""
    return Thread(
        tuple(
            Post(ordinal, text, number, source_id, url, _moment(at), author, marker, *_unpacked(rest))
            for ordinal, (text, number, source_id, url, at, author, marker, *rest) in enumerate(
                packed["posts"], start=1
            )
        ),
        Completeness(packed["completeness"]),
        packed["author"],
        packed["title"],
        packed["url"],
        _moment(packed["posted_at"]),
        name,
        _lines(lines),
    )


def _packed(attachments: Sequence[Attachment]) -> list[list[tuple[str, str | None, str | None]]]:
    return [[(one.kind, one.address, one.description) for one in attachments]] if attachments else []


def _unpacked(rest: Sequence[Any]) -> tuple[tuple[int, int] | None, tuple[Attachment, ...]]:
    """Return a post's lines and its attachments from what stands behind its values."""
    if not rest or not isinstance(rest[-1], list):
        return _lines(rest), ()
    attachments = (Attachment(AttachmentKind(kind), *known) for kind, *known in rest[-1])
    return _lines(rest[:-1]), tuple(attachments)


def _moment(time: str | None) -> datetime | None:
    return None if time is None else datetime.fromisoformat(time)


def _lines(lines: Sequence[int]) -> tuple[int, int] | None:
    return (lines[0], lines[1]) if lines else None
