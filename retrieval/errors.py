"""The errors of the archive and its search.

The tree::

    ArchiveError                 anything this package raises on purpose
    ├── ReadError                a saved file could not be read
    │   ├── UnknownFormError     no reader recognises it
    │   └── RejectedError        a reader recognises it and says why it holds nothing to keep
    ├── StoreError               the database refuses: locked, read-only, damaged, full, too new
    └── NotFoundError            what was asked for by name is not there
        ├── ThreadNotFoundError
        │   └── AmbiguousThreadError  an id or a post of several threads, before they were separated
        ├── CollectionNotFoundError
        └── SourceNotFoundError

Every message names the thing and the remedy; ``from`` keeps the cause. A caller's own mistake is a
``ValueError``.
"""

from collections.abc import Sequence

from retrieval.model import ThreadSummary

__all__ = [
    "AmbiguousThreadError",
    "ArchiveError",
    "CollectionNotFoundError",
    "NotFoundError",
    "ReadError",
    "RejectedError",
    "SourceNotFoundError",
    "StoreError",
    "ThreadNotFoundError",
    "UnknownFormError",
]


class ArchiveError(Exception):
    """Base of every error that the archive raises on purpose."""


class ReadError(ArchiveError):
    """A saved file could not be read.

    ``name`` is the file as the caller named it, ``reason`` one sentence without it.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class UnknownFormError(ReadError):
    """No reader recognises the file; ``plain`` says that it could be imported as plain text."""

    def __init__(self, name: str, reason: str, *, plain: bool = False) -> None:
        super().__init__(name, reason)
        self.plain = plain


class RejectedError(ReadError):
    """A reader recognises the file and refuses it for a stated reason."""


class StoreError(ArchiveError):
    """The database refuses to be opened, read or written."""


class NotFoundError(ArchiveError):
    """What was asked for by name is not in the archive, or not in the asker's scope."""


class ThreadNotFoundError(NotFoundError):
    """No thread of that id is in the asker's scope."""


class AmbiguousThreadError(ThreadNotFoundError):
    """An id, or a button, that may have shown any of several threads.

    ``candidates`` are the first of them, the fullest first; ``total`` is how many there are. Of those whose
    headings would be the same, each has the first line that distinguishes it as its opening, after "… ".
    """

    def __init__(self, candidates: Sequence[ThreadSummary], total: int) -> None:
        listed = "; ".join(f"{one.id} “{one.heading}”" for one in candidates)
        more = f"; and {total - len(candidates)} more" if total > len(candidates) else ""
        super().__init__(f"this may have been any of {total} threads that open alike: {listed}{more}")
        self.candidates = tuple(candidates)
        self.total = total


class CollectionNotFoundError(NotFoundError):
    """No collection of that name is in the asker's scope."""


class SourceNotFoundError(NotFoundError):
    """No file of that name, number or hash was imported."""
