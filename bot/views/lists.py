"""Lists of threads, page by page: the newest, an author's, a collection's, or some by chance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from discord.ui import Button, LayoutView

from bot.i18n import Translations
from bot.views.buttons import delete_button, list_button
from bot.views.custom_id import ListState, Order
from bot.views.escape import escape_line
from bot.views.headers import author_line
from bot.views.layout import Part, layout, row, separator, text
from bot.views.threads import open_sections
from retrieval.model import ThreadSummary

__all__ = ["LIST_PAGE_SIZE", "ThreadListing", "list_page"]

LIST_PAGE_SIZE = 8
"""Threads on a page of a list."""
_NAME = 80
_LAST = 2**16


@dataclass(frozen=True, slots=True)
class ThreadListing:
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
        return max(1, -(-self.total // LIST_PAGE_SIZE))


def list_page(
    listing: ThreadListing, state: ListState, *, private: bool, translations: Translations
) -> LayoutView:
    """Return a page of a list: at most eight threads, each with a button that opens it, and the turning.

    ``state`` says who reads, and which page this is.
    """
    said = translations.say("threads", count=listing.total)
    if state.order is Order.NEWEST and listing.pages > 1:
        said += f" · {translations.say('thread-page', page=state.page + 1, pages=listing.pages)}"
    parts: list[Part] = [text(f"## {_title(listing, state.order, translations)}", f"-# {said}")]
    parts += open_sections(listing.threads[:LIST_PAGE_SIZE], state.reader, translations)
    if not listing.threads:
        parts.append(text(translations.say("threads-none")))
    buttons = _turning(listing, state, translations)
    if not private and state.reader:
        buttons.append(delete_button(translations.say("answer-remove"), state.reader))
    return layout([*parts, separator(), row(*buttons)] if buttons else parts)


def _title(listing: ThreadListing, order: Order, translations: Translations) -> str:
    if listing.author is not None:
        title = translations.say("threads-by", author=author_line(listing.author, _NAME))
    else:
        title = translations.say("threads-by-chance" if order is Order.CHANCE else "threads-newest")
    if listing.collection is None:
        return title
    return f"{title} · {translations.say('threads-of', collection=escape_line(listing.collection, _NAME))}"


def _turning(
    listing: ThreadListing, state: ListState, translations: Translations
) -> list[Button[Any] | None]:
    if state.order is Order.CHANCE:
        # Another page, so that the button of the next list is another one.
        others = replace(state, page=(state.page + 1) % _LAST)
        more = listing.total > len(listing.threads)
        return [list_button(translations.say("threads-others"), others)] if more else []
    last = min(listing.pages, _LAST) - 1
    buttons: list[Button[Any] | None] = []
    if state.page > 0:
        buttons.append(list_button(translations.say("answer-back"), replace(state, page=state.page - 1)))
    if state.page < last:
        buttons.append(list_button(translations.say("answer-more"), replace(state, page=state.page + 1)))
    return buttons
