"""The first page: a question box, the newest threads, authors, collections."""

from bot.web.page import Asked, Page
from bot.web.sheets import sheet
from bot.web.site import Site

__all__ = ["front"]

_NEWEST = 8


def front(site: Site, asked: Asked) -> Page:
    """Return the first page."""
    scope = site.scope()
    return sheet(
        "front.html",
        asked,
        threads=site.archive.threads(scope, limit=_NEWEST),
        statistics=site.archive.statistics(scope),
        handbook=scope == site.archive.handbook_scope(),
    )
