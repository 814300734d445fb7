"""Lists of threads: a few that are named, and the newest, an author's, a collection's, or some by chance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from discord.ui import Button, LayoutView

from bot.views.buttons import delete_button, list_button, thread_button
from bot.views.custom_id import FilteredListState, ListState, Order, ThreadState
from bot.views.escape import escape_line
from bot.views.headers import author_line, long_date, thread_header
from bot.views.layout import ASIDE, Part, Reply, layout, row, section, separator, text
from retrieval.model import ThreadSummary

__all__ = [
    "LIST_PAGE_SIZE",
    "ThreadListing",
    "alike",
    "delete_row",
    "list_page",
    "open_sections",
    "thread_list",
]

LIST_PAGE_SIZE = 8
"""Threads on a page of a list."""
_NAME = 80
_TITLE = 200
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


def thread_list(
    summaries: Sequence[ThreadSummary],
    reply: Reply = Reply(),  # noqa: B008 - frozen
    *,
    title: str | None = None,
    total: int | None = None,
) -> LayoutView:
    """Return the first eight threads, each with a button that opens it, and how many more there are.

    ``total`` is the number of threads there are where it is more than are given.
    """
    heading = escape_line(title or "", _TITLE) or reply.say("threads-list")
    more = max(total or 0, len(summaries)) - len(summaries[:LIST_PAGE_SIZE])
    below = [text(ASIDE + reply.say("threads-more", count=more))] if more else []
    return layout([text(f"## {heading}"), *open_sections(summaries, reply), *below, *delete_row(reply)])


def alike(summaries: Sequence[ThreadSummary], total: int, reply: Reply) -> LayoutView:
    """Return the list of the threads that an earlier id or button may mean."""
    return thread_list(summaries, reply, title=reply.say("threads-alike"), total=total)


def list_page(listing: ThreadListing, state: ListState | FilteredListState, reply: Reply) -> LayoutView:
    """Return a page of a list: at most eight threads, each with a button that opens it, and the turning.

    ``state`` says which page of which list this is.
    """
    counted = reply.say("threads", count=listing.total)
    by_chance = isinstance(state, ListState) and state.order is Order.CHANCE
    if not by_chance and listing.pages > 1:
        counted += f" · {reply.say('thread-page', page=state.page + 1, pages=listing.pages)}"
    heading = text(f"## {_title(listing, state, reply)}", ASIDE + counted)
    parts: list[Part] = [heading, *open_sections(listing.threads, reply)]
    buttons = _turning(listing, state, reply)
    if not reply.private and reply.reader:
        buttons.append(delete_button(reply.reader))
    return layout([*parts, separator(), row(*buttons)] if buttons else parts)


def open_sections(summaries: Sequence[ThreadSummary], reply: Reply) -> list[Part]:
    """Return the heads of the first eight threads, each with a button that opens it; or that there is none.

    Each takes three components.
    """
    return [
        section(
            text(thread_header(summary, translations=reply.translations)),
            thread_button(
                reply.say("thread-open"), ThreadState(reply.reader, summary.id, slot=slot, opens=True)
            ),
        )
        for slot, summary in enumerate(summaries[:LIST_PAGE_SIZE])
    ] or [text(reply.say("threads-none"))]


def delete_row(reply: Reply) -> list[Part]:
    """Return a row with the bin where it is a person's public message, else nothing."""
    return [] if reply.private or not reply.reader else [row(delete_button(reply.reader))]


def _title(listing: ThreadListing, state: ListState | FilteredListState, reply: Reply) -> str:
    if listing.author is not None:
        title = reply.say("threads-by", author=author_line(listing.author, _NAME))
    elif isinstance(state, FilteredListState):
        title = reply.say(f"threads-sorted-{state.sort}")
    else:
        title = reply.say("threads-by-chance" if state.order is Order.CHANCE else "threads-newest")
    details = [title]
    if isinstance(state, FilteredListState):
        if state.words:
            details.append(reply.say("threads-titled", words=escape_line(state.words, _NAME)))
        if state.since:
            details.append(reply.say("threads-since", day=long_date(state.since, reply.translations)))
        if state.until:
            details.append(reply.say("threads-until", day=long_date(state.until, reply.translations)))
    if listing.collection is not None:
        details.append(reply.say("threads-of", collection=escape_line(listing.collection, _NAME)))
    return " · ".join(details)


def _turning(listing: ThreadListing, state: ListState | FilteredListState, reply: Reply) -> list[Button[Any]]:
    if isinstance(state, ListState) and state.order is Order.CHANCE:
        # Another page, so that the button of the next list is another one.
        others = replace(state, page=(state.page + 1) % _LAST)
        more = listing.total > len(listing.threads)
        return [list_button(reply.say("threads-others"), others)] if more else []
    last = min(listing.pages, _LAST) - 1
    buttons: list[Button[Any]] = []
    if state.page > 0:
        buttons.append(list_button(reply.say("answer-back"), replace(state, page=state.page - 1)))
    if state.page < last:
        buttons.append(list_button(reply.say("answer-more"), replace(state, page=state.page + 1)))
    return buttons
