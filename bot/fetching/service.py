"""What a service is to the rest: which links are its own (pure), and how to walk one whole thread of it."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from yarl import URL

from bot.fetching.errors import FetchError
from bot.fetching.guard import Fetched

__all__ = [
    "FEED_PAGES",
    "Account",
    "AuthorAddress",
    "Feed",
    "FeedThread",
    "Get",
    "GetFeed",
    "OwnPost",
    "PostAddress",
    "Service",
    "Walk",
    "chains",
    "fresh_seconds",
    "moment",
    "objects",
    "reaches",
    "unexpected",
]

#: Pages of an author's posts that one look reads at most.
FEED_PAGES: Final = 5
_MAX_AGE: Final = re.compile(r"(?:^|[\s,])max-age=(\d{1,9})")

#: Fetches an address through the guard; see :meth:`~bot.fetching.guard.Guard.get`.
Get = Callable[[str], Awaitable[Fetched]]


class GetFeed(Protocol):
    """As :data:`Get`, with the validator of an earlier answer."""

    def __call__(self, link: str, etag: str | None = None, /) -> Awaitable[Fetched]:
        """Fetch an address; see :meth:`~bot.fetching.guard.Guard.get`."""
        ...


@dataclass(frozen=True, slots=True)
class PostAddress:
    """A post as a link names it: the host to ask, the author (an id or a name) and the post's own id."""

    host: str
    author: str
    post: str


@dataclass(frozen=True, slots=True)
class Walk:
    """A whole thread: the address of its first post, by which it is known, and the bytes for the readers.

    ``missing`` says why the thread is not whole, ``None`` where nothing was left to ask for. ``author`` is
    the account id of its first post, ``posts`` how many of theirs came, ``latest`` when the last of them
    was written.
    """

    link: str
    content: bytes
    missing: str | None = None
    author: str = ""
    posts: int = 0
    latest: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuthorAddress:
    """An author as a link or handle names them: the host to ask, and their handle there or account id."""

    host: str
    name: str


@dataclass(frozen=True, slots=True)
class Account:
    """An account: the host to ask, its id there, which stays when its handle changes, and its handle now."""

    service: str
    host: str
    id: str
    handle: str


@dataclass(frozen=True, slots=True)
class OwnPost:
    """A post of an account, as its list of posts has it; ``answered`` is the post that it answers.

    ``root`` is the thread's first post where the service says so. ``answers_self`` says whether what it
    answers is the account's own.
    """

    id: str
    link: str
    posted_at: datetime
    answered: str | None = None
    root: str | None = None
    answers_self: bool = True


@dataclass(frozen=True, slots=True)
class FeedThread:
    """What a look shows of one thread: a link into it, how many of its posts are there, and the last's time.

    ``key`` is the same at each look that shows as much of it. ``partial`` says that it began before what the
    look shows, so that there are more posts than ``posts``.
    """

    key: str
    link: str
    posts: int
    latest: datetime
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """What a look at an account's latest posts brought.

    ``threads`` is ``None`` where nothing changed since the look that gave the validator. ``handle`` is what
    the account is called now. ``max_age`` is for how many seconds the answer stays fresh.
    """

    threads: tuple[FeedThread, ...] | None = None
    latest: datetime | None = None
    handle: str | None = None
    etag: str | None = None
    max_age: float = 0.0


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

    def find_author(self, text: str) -> AuthorAddress | None:
        """Return the author that a link or handle of this service names, ``None`` for any other text."""
        ...

    async def identify(self, get: Get, author: AuthorAddress) -> Account:
        """Fetch which account that is now.

        Raises :class:`~bot.fetching.errors.FetchError` for none, and for one that is not to be followed.
        """
        ...

    async def look(self, get: GetFeed, account: Account, *, since: datetime | None, etag: str | None) -> Feed:
        """Fetch an account's latest posts, back to ``since`` or as far as one look goes.

        Raises :class:`~bot.fetching.errors.FetchError`.
        """
        ...


def objects(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list in an answer, whatever it is."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def unexpected() -> FetchError:
    """Return the error of an answer that is not in the form of its service."""
    return FetchError("was answered in a form that is not known; save the page and import that file")


def moment(value: object) -> datetime | None:
    """Return a time of an answer, aware UTC, ``None`` for what is none."""
    try:
        held = datetime.fromisoformat(value) if isinstance(value, str) else None
        return held.replace(tzinfo=held.tzinfo or UTC).astimezone(UTC) if held else None
    except (ValueError, OverflowError):
        return None


def chains(posts: Iterable[OwnPost]) -> tuple[FeedThread, ...]:
    """Return the threads that an account's posts are of, the one with the latest post first.

    Answers to others, and what stands below them, are none.
    """
    by_id = {post.id: post for post in posts}
    found: dict[str, list[OwnPost]] = {}
    for post in by_id.values():
        top, steps = post, 0
        while top.answered in by_id and steps <= len(by_id):
            top, steps = by_id[top.answered], steps + 1
        if top.answers_self or top.answered is None:
            found.setdefault(top.root or top.answered or top.id, []).append(post)
    threads = [
        FeedThread(
            key,
            max(held, key=lambda post: post.posted_at).link,
            len(held),
            max(post.posted_at for post in held),
            partial=key not in by_id,
        )
        for key, held in found.items()
    ]
    return tuple(sorted(threads, key=lambda thread: (thread.latest, thread.key), reverse=True))


def reaches(page: Sequence[OwnPost], since: datetime | None) -> bool:
    """Return whether a page of an account's posts goes back to a moment; one of none never ends a look."""
    return bool(page) and since is not None and min(post.posted_at for post in page) <= since


def fresh_seconds(headers: Mapping[str, str]) -> float:
    """Return for how many seconds an answer stays fresh, a day at most."""
    named = _MAX_AGE.search(headers.get("cache-control", "").lower())
    return float(min(int(named[1]), 86_400)) if named else 0.0
