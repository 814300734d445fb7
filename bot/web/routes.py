"""Which page stands at which address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.web.front import front
from bot.web.page import Asked, Page
from bot.web.site import Site

__all__ = ["ROUTES", "Route"]

_SEARCH: Final = 4.0


@dataclass(frozen=True, slots=True)
class Route:
    """A page's address, what makes it, and what it costs whoever asks for it."""

    path: str
    make: Callable[[Site, Asked], Page]
    cost: float = 1.0


ROUTES: Final = (Route("/", front),)
