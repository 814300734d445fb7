"""The registry of services, and the way of a link: which service it is of, and its thread as a saved file."""

from dataclasses import dataclass
from typing import Final

from yarl import URL

from bot.fetching import bluesky, mastodon
from bot.fetching.addresses import check
from bot.fetching.errors import FetchError
from bot.fetching.guard import Guard
from bot.fetching.service import PostAddress, Service, Walk

__all__ = ["SERVICES", "Link", "fetch_thread", "find_link"]

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
            raise FetchError(
                f"is of {name}, which is not fetched; save the page in your browser and attach that file"
            )
    for service in SERVICES:
        post = service.find_post(URL(str(url.with_query(None).with_fragment(None))))
        if post is not None:
            return Link(service, post)
    names = " or ".join(service.NAME for service in SERVICES)
    raise FetchError(f"is no link to a post of {names}; save the page and attach that file")


async def fetch_thread(guard: Guard, link: Link) -> Walk:
    """Fetch the whole thread of a link; raise :class:`~bot.fetching.errors.FetchError` with the reason."""
    return await link.service.walk(guard.get, link.post)
