"""A thread in full, page by page; the posts around a quote; lists of threads."""

from collections.abc import Sequence
from typing import Any

from discord.ui import Button, LayoutView, TextDisplay

from bot.render.buttons import link_button, thread_button
from bot.render.heads import choice_label, head
from bot.render.inert import inert_line, inert_parts
from bot.render.layout import Part, layout, line, row, section, share_out, text
from bot.render.limits import fit, units
from bot.render.pages import Piece, caption, page_with, pages_of
from bot.render.state import ThreadState
from retrieval.model import Completeness, Thread, ThreadSummary

__all__ = [
    "Piece",
    "choice_label",
    "context",
    "open_sections",
    "page_with",
    "pages_of",
    "thread_list",
    "thread_page",
]

_LISTED = 8
_CONTEXT_TEXT = 2_700
_TITLE = 200
_NOTHING_SEEN = "-# (nothing in this post can be shown)"


def thread_page(thread: Thread, page: int = 0, reader: int = 0) -> LayoutView:
    """Return one page (from 0, moved to the nearest there is) of a full thread.

    ``reader`` is the user who may turn the pages; 0 lets anyone.
    """
    pages = pages_of(thread)
    page = max(0, min(page, len(pages) - 1))
    summary = thread.summary()
    parts: list[Part] = [text(head(summary, length=True)), line()]
    for piece in pages[page]:
        post = thread.posts[piece.ordinal - 1]
        parts.append(section(_piece(thread, piece), link_button("Original", post.url)))
    if page == len(pages) - 1 and (end := _end(thread)):
        parts.append(text(end))
    parts.append(line())
    if len(pages) > 1:
        parts.append(text(f"-# page {page + 1:,} of {len(pages):,}"))
    if buttons := _turning(thread, page, len(pages), reader):
        parts.append(row(*buttons))
    else:
        parts.pop()
    return layout(parts)


def context(thread: Thread, ordinal: int, reader: int = 0) -> LayoutView:
    """Return a post with the one before it and the one after it, the post itself marked.

    Raises ``ValueError`` where the thread has no post at that place.
    """
    page = page_with(thread, ordinal)
    shown = [post for post in thread.posts if abs(post.ordinal - ordinal) <= 1]
    costs = [[units(part) for part in inert_parts(post.text)] for post in shown]
    shares = share_out([sum(each) for each in costs], _CONTEXT_TEXT)
    parts: list[Part] = [text(head(thread.summary(), length=True))]
    for post, cost, share in zip(shown, costs, shares, strict=True):
        whole = sum(cost) <= share
        end = len(post.text) if whole else fit(post.text, cost, max(share - 1, 0))
        words = "".join(inert_parts(post.text)[:end]).strip() + ("" if whole else "…")
        mark = " · **the quoted post**" if post.ordinal == ordinal else ""
        parts += [line(), text(caption(thread, post) + mark, words or _NOTHING_SEEN)]
    if shown[-1].ordinal == thread.length and (end_of_thread := _end(thread)):
        parts.append(text(end_of_thread))
    state = ThreadState(reader, thread.id, min(page, 0xFFFF), opens=True)
    original = link_button("Original", thread.posts[ordinal - 1].url, thread.url)
    return layout([*parts, row(thread_button("Full thread", state), original)])


def thread_list(
    summaries: Sequence[ThreadSummary],
    *,
    title: str = "Threads",
    reader: int = 0,
    total: int | None = None,
) -> LayoutView:
    """Return the first eight threads, each with a button that opens it, and how many more there are.

    ``total`` is the number of threads there are where it is more than are given.
    """
    heading = text(f"## {inert_line(title, _TITLE) or 'Threads'}")
    if not summaries:
        return layout([heading, text("There are no threads here yet.")])
    listed = summaries[:_LISTED]
    more = max(total or 0, len(summaries)) - len(listed)
    said = [text(f"-# and {more:,} more: `/thread` finds them by title, author or words")] if more else []
    return layout([heading, *open_sections(listed, reader), *said])


def open_sections(summaries: Sequence[ThreadSummary], reader: int) -> list[Part]:
    """Return the threads' heads, each with a button that opens it. Each takes three components."""
    return [
        section(
            text(head(summary, length=True)),
            thread_button("Open", ThreadState(reader, summary.id, slot=slot, opens=True)),
        )
        for slot, summary in enumerate(summaries)
    ]


def _piece(thread: Thread, piece: Piece) -> TextDisplay[LayoutView]:
    post = thread.posts[piece.ordinal - 1]
    above = caption(thread, post)
    if piece.start:
        above = above.rpartition("\n")[2] + " · continued"
    if piece.end < len(post.text):
        above += " · continues on the next page"
    words = "".join(inert_parts(post.text)[piece.start : piece.end]).strip()
    return text(above, words or _NOTHING_SEEN)


def _end(thread: Thread) -> str:
    """Return what is to be said after the last post of a thread that is not complete."""
    if thread.completeness is Completeness.PREVIEW:
        return "-# This is a preview: the thread goes on, but the rest is not in the archive."
    if thread.completeness is Completeness.FRAGMENT:
        return "-# This is a fragment: other posts of the thread are not in the archive."
    return ""


def _turning(thread: Thread, page: int, pages: int, reader: int) -> list[Button[Any]]:
    """Return the buttons below a page: to turn it where there are more, and the original's address."""
    last = pages - 1
    turns = [
        ("First", 0, page == 0),
        ("Previous", max(page - 1, 0), page == 0),
        ("Next", min(page + 1, last), page == last),
        ("Last", last, page == last),
    ]
    buttons = [
        thread_button(label, ThreadState(reader, thread.id, min(target, 0xFFFF), slot), disabled=disabled)
        for slot, (label, target, disabled) in enumerate(turns)
        if pages > 1
    ]
    original = link_button("Original", thread.url)
    return [*buttons, original] if original else buttons
