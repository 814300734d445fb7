"""The registry of services, and the way of a link: which service it is of, and its thread as a saved file."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from yarl import URL

from bot.fetching import bluesky, mastodon
from bot.fetching.addresses import check
from bot.fetching.errors import FetchError, NotFetchedError
from bot.fetching.guard import Guard
from bot.fetching.service import Account, AuthorAddress, PostAddress, Service
from retrieval.formats.import_types import FileReport, SavedFile

__all__ = [
    "SERVICES",
    "FetchedThread",
    "Link",
    "fetch_thread",
    "find_author",
    "find_link",
    "identify",
    "is_of_service",
    "service_named",
    "user_agent",
]

#: In this order a link is offered to them; any host may be a Mastodon server.
SERVICES: Final[tuple[Service, ...]] = (bluesky, mastodon)
#: Services that are not fetched from: how to save a thread of theirs.
_BY_HAND: Final = {
    "X": frozenset({"x.com", "twitter.com", "nitter.net", "t.co"}),
    "Thread Reader": frozenset({"threadreaderapp.com"}),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a post, and the service that it is of."""

    service: Service
    post: PostAddress


def find_link(text: str) -> Link:
    """Return the post that a link names, by its address alone.

    Raises :class:`~bot.fetching.errors.FetchError` for what is not fetched, with what to do instead.
    """
    upgraded = f"https{text[4:]}" if text[:7].lower() == "http://" else text
    url = check(upgraded)
    host = (url.host or "").removeprefix("www.").removeprefix("mobile.")
    for name, hosts in _BY_HAND.items():
        if host in hosts:
            raise NotFetchedError(
                f"is of {name}, which is not fetched; save the page in your browser and import that file"
            )
    for service in SERVICES:
        post = service.find_post(URL(str(url.with_query(None).with_fragment(None))))
        if post is not None:
            return Link(service, post)
    names = " or ".join(service.NAME for service in SERVICES)
    raise FetchError(f"is no link to a post of {names}; save the page and import that file")


@dataclass(frozen=True, slots=True)
class FetchedThread:
    """A thread by link as a saved file, named by the address of its first post, and why it is not whole."""

    file: SavedFile
    missing: str | None = None
    author: str = ""
    posts: int = 0
    latest: datetime | None = None

    def reported(self, report: FileReport) -> FileReport:
        """Return the report on its import, with what could not be fetched."""
        if self.missing is None:
            return report
        note = f"the thread {self.missing}; a running bot asks for the rest again later"
        return replace(report, warnings=(*report.warnings, note))


def is_of_service(text: str) -> bool:
    """Return whether a link is of a service, be it fetched or saved by hand, and not of the web at large."""
    try:
        find_link(text)
    except NotFetchedError:
        return True
    except FetchError:
        return False
    return True


async def fetch_thread(guard: Guard, text: str) -> FetchedThread:
    """Fetch the whole thread that a link names a post of.

    Raises :class:`~bot.fetching.errors.FetchError` with the reason.
    """
    link = find_link(text)
    walk = await link.service.walk(guard.get, link.post)
    return FetchedThread(
        SavedFile(walk.link, walk.content), walk.missing, walk.author, walk.posts, walk.latest
    )


def service_named(name: str) -> Service:
    """Return the service of a name; raise ``KeyError`` for none."""
    return {service.NAME: service for service in SERVICES}[name]


def find_author(text: str) -> tuple[Service, AuthorAddress]:
    """Return the author that a link or a handle names, by that alone.

    Raises :class:`~bot.fetching.errors.FetchError` for what is not followed, with what to do instead.
    """
    words = f"https{text[4:]}" if text[:7].lower() == "http://" else text
    if words[:8].lower() == "https://":
        url = check(words)
        host = (url.host or "").removeprefix("www.").removeprefix("mobile.")
        for name, hosts in _BY_HAND.items():
            if host in hosts:
                raise NotFetchedError(f"is of {name}, where nobody can be followed")
        words = str(url.with_query(None).with_fragment(None))
    for service in SERVICES:
        author = service.find_author(words)
        if author is not None:
            check(f"https://{author.host}/")
            return service, author
    raise FetchError(
        "is no author's link or handle; write @name.bsky.social for Bluesky, @name@server for Mastodon"
    )


async def identify(guard: Guard, text: str) -> Account:
    """Fetch which account a link or a handle names now.

    Raises :class:`~bot.fetching.errors.FetchError` with the reason.
    """
    service, author = find_author(text)
    return await service.identify(guard.get, author)


def user_agent(version: str, contact: str | None) -> str:
    """Return what servers see of who asks: the program, its version, and whom to write to about it."""
    return f"Bobbin/{version} ({f'contact: {contact}' if contact else 'saves threads by link for its users'})"
