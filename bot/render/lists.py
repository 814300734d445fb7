"""Lists of threads, page by page: the newest, an author's, a collection's, or some by chance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from discord.ui import Button, LayoutView

from bot.catalogue import Catalogue
from bot.render.buttons import bin_button, list_button
from bot.render.heads import author
from bot.render.inert import inert_line
from bot.render.layout import Part, layout, line, row, text
from bot.render.state import ListState, Order
from bot.render.threads import open_sections
from retrieval.model import ThreadSummary

__all__ = ["LISTED", "Listing", "list_page"]

LISTED = 8
"""Threads on a page of a list."""
_NAME = 80
_LAST = 2**16


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list: its threads, how many there are on all pages, and what they have in common.

    ``author`` and ``collection`` are names, ``None`` where they do not matter.
    """

    threads: Sequence[ThreadSummary]
    total: int
    author: str | None = None
    collection: str | None = None

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // LISTED))


def list_page(listing: Listing, state: ListState, *, private: bool, speech: Catalogue) -> LayoutView:
    """Return a page of a list: at most eight threads, each with a button that opens it, and the turning.

    ``state`` says who reads, and which page this is.
    """
    said = speech.say("threads", count=listing.total)
    if state.order is Order.NEWEST and listing.pages > 1:
        said += f" · {speech.say('thread-page', page=state.page + 1, pages=listing.pages)}"
    parts: list[Part] = [text(f"## {_title(listing, state.order, speech)}", f"-# {said}")]
    parts += open_sections(listing.threads[:LISTED], state.reader, speech)
    if not listing.threads:
        parts.append(text(speech.say("threads-none")))
    buttons = _turning(listing, state, speech)
    if not private and state.reader:
        buttons.append(bin_button(speech.say("answer-remove"), state.reader))
    return layout([*parts, line(), row(*buttons)] if buttons else parts)


def _title(listing: Listing, order: Order, speech: Catalogue) -> str:
    if listing.author is not None:
        title = speech.say("threads-by", author=author(listing.author, _NAME))
    else:
        title = speech.say("threads-by-chance" if order is Order.CHANCE else "threads-newest")
    if listing.collection is None:
        return title
    return f"{title} · {speech.say('threads-of', collection=inert_line(listing.collection, _NAME))}"


def _turning(listing: Listing, state: ListState, speech: Catalogue) -> list[Button[Any] | None]:
    if state.order is Order.CHANCE:
        # Another page, so that the button of the next list is another one.
        others = replace(state, page=(state.page + 1) % _LAST)
        more = listing.total > len(listing.threads)
        return [list_button(speech.say("threads-others"), others)] if more else []
    last = min(listing.pages, _LAST) - 1
    buttons: list[Button[Any] | None] = []
    if state.page > 0:
        buttons.append(list_button(speech.say("answer-back"), replace(state, page=state.page - 1)))
    if state.page < last:
        buttons.append(list_button(speech.say("answer-more"), replace(state, page=state.page + 1)))
    return buttons
