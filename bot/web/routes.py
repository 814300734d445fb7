"""Which page stands at which address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.web.ask import ask
from bot.web.browse import author, authors, front, threads
from bot.web.export_formats import oembed, own_plain_thread, plain_thread
from bot.web.feed import feed
from bot.web.page import Page, PageRequest
from bot.web.site import Site
from bot.web.thread import own_thread, thread
from bot.web.trend import trend

__all__ = ["ROUTES", "Route"]

_SEARCH: Final = 4.0
_FORM: Final = "{form:txt|md|json}"


@dataclass(frozen=True, slots=True)
class Route:
    """A page's address, what makes it, and what it costs whoever asks for it."""

    path: str
    make: Callable[[Site, PageRequest], Page]
    cost: float = 1.0


ROUTES: Final = (
    Route("/", front),
    Route("/ask", ask, _SEARCH),
    Route("/trend", trend, _SEARCH),
    Route("/threads", threads),
    Route("/authors", authors),
    Route("/author/{author:.+}", author),
    Route("/feed.atom", feed),
    Route("/t/{thread}.oembed", oembed),
    Route(f"/t/{{thread}}.{_FORM}", plain_thread),
    Route("/t/{thread}", thread),
    Route(f"/s/{{token}}/{{thread}}.{_FORM}", own_plain_thread),
    Route("/s/{token}/{thread}", own_thread),
)
