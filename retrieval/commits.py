"""How many changes a piece of work has committed, so that what fails halfway can say whether any was made."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

__all__ = ["committed", "count_commits", "note_commit"]


@dataclass(slots=True)
class _Commits:
    count: int = 0


_COMMITS: Final[ContextVar[_Commits | None]] = ContextVar("commits", default=None)


def count_commits() -> None:
    """Count from nought what this context commits, and threads that are given a copy of it."""
    _COMMITS.set(_Commits())


def committed() -> int:
    """Return how many changes were committed since :func:`count_commits`, 0 where none are counted."""
    commits = _COMMITS.get()
    return commits.count if commits else 0


def note_commit() -> None:
    """Count one more."""
    if (commits := _COMMITS.get()) is not None:
        commits.count += 1
