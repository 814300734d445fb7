"""What a service is to the rest: which links are its own (pure), and how to walk one whole thread of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from yarl import URL

from bot.fetching.errors import FetchError
from bot.fetching.guard import Fetched

__all__ = ["Get", "PostAddress", "Service", "Walk", "objects", "unexpected"]

#: Fetches an address through the guard; see :meth:`~bot.fetching.guard.Guard.get`.
Get = Callable[[str], Awaitable[Fetched]]


@dataclass(frozen=True, slots=True)
class PostAddress:
    """A post as a link names it: the host to ask, the author (an id or a name) and the post's own id."""

    host: str
    author: str
    post: str


@dataclass(frozen=True, slots=True)
class Walk:
    """A whole thread: the address of its first post, by which it is known, and the bytes for the readers.

    ``missing`` says why the thread is not whole, ``None`` where nothing was left to ask for.
    """

    link: str
    content: bytes
    missing: str | None = None


class Service(Protocol):
    """A service: a module with these functions."""

    NAME: str

    def find_post(self, link: URL) -> PostAddress | None:
        """Return the post that a link of this service names, ``None`` for any other link."""
        ...

    async def walk(self, get: Get, post: PostAddress) -> Walk:
        """Fetch the whole thread that a post belongs to, past the limits of single answers.

        Raises :class:`~bot.fetching.errors.FetchError` where not even its first part can be read, or its
        author does not want it shown to strangers.
        """
        ...


def objects(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list in an answer, whatever it is."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def unexpected() -> FetchError:
    """Return the error of an answer that is not in the form of its service."""
    return FetchError("was answered in a form that is not known; save the page and import that file")
