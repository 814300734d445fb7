"""The feed of new threads, in Atom."""

from datetime import UTC, datetime
from typing import Final

from bot.web.page import ATOM, Page, PageRequest
from bot.web.site import Site
from bot.web.templates import render_template

__all__ = ["feed"]

_LATEST: Final = 50
_BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)


def feed(site: Site, request: PageRequest) -> Page:
    """Return the threads that came in last, the last first."""
    arrivals = site.archive.timeline.latest(site.scope(), limit=_LATEST)
    updated = arrivals[0][1] if arrivals else _BEGINNING
    made = render_template(
        "feed.atom", request, arrivals=arrivals, updated=updated, public_url=site.public_url
    )
    return Page(made.body, ATOM, headers=made.headers)
