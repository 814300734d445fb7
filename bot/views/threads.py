"""A thread in full, page by page; the posts around a quote."""

from typing import Any

from discord.ui import Button, LayoutView, TextDisplay

from bot.views.buttons import link_button, thread_button
from bot.views.custom_id import ThreadState
from bot.views.escape import escape_parts
from bot.views.headers import thread_header
from bot.views.layout import Part, Reply, layout, row, section, separator, share_out, text
from bot.views.limits import UNIT, fit, weight
from bot.views.lists import delete_row
from bot.views.pages import Piece, caption, page_with, pages_of
from retrieval.model import Completeness, Post, Thread

__all__ = ["post_context", "thread_page"]

_CONTEXT_TEXT = 2_700
_NEW_LINE = "\n"


def thread_page(
    thread: Thread,
    page: int = 0,
    reply: Reply = Reply(),  # noqa: B008 - frozen
    *,
    marked: int | None = None,
) -> LayoutView:
    """Return one page (from 0, moved to the nearest there is) of a full thread.

    ``marked`` is the place of the post that the reader comes from.
    """
    pages = pages_of(thread)
    page = max(0, min(page, len(pages) - 1))
    parts: list[Part] = [_header(thread, reply), separator()]
    for piece in pages[page]:
        original = link_button(reply.say("thread-original"), thread.posts[piece.ordinal - 1].url)
        parts.append(section(_piece(thread, piece, reply, marked=piece.ordinal == marked), original))
    if page == len(pages) - 1:
        parts += _end(thread, reply)
    if len(pages) > 1:
        counted = text(f"-# {reply.say('thread-page', page=page + 1, pages=len(pages))}")
        parts += [separator(), counted, row(*_turning(thread, page, len(pages), reply))]
    elif original := link_button(reply.say("thread-original"), thread.url):
        parts += [separator(), row(original)]
    return layout([*parts, *delete_row(reply)])


def post_context(thread: Thread, ordinal: int, reply: Reply = Reply()) -> LayoutView:  # noqa: B008 - frozen
    """Return a post with the one before it and the one after it, the post itself marked.

    Raises ``ValueError`` where the thread has no post at that place.
    """
    page = page_with(thread, ordinal)
    shown = [post for post in thread.posts if abs(post.ordinal - ordinal) <= 1]
    costs = [[weight(part) for part in escape_parts(post.text)] for post in shown]
    shares = share_out([sum(each) for each in costs], _CONTEXT_TEXT * UNIT)
    parts: list[Part] = [_header(thread, reply)]
    for post, cost, share in zip(shown, costs, shares, strict=True):
        whole = sum(cost) <= share
        end = len(post.text) if whole else fit(post.text, cost, max(share - weight("…"), 0))
        words = "".join(escape_parts(post.text)[:end]).strip() + ("" if whole else "…")
        above = _caption(thread, post, reply, marked=post.ordinal == ordinal)
        parts += [separator(), text(above, words or _nothing_seen(reply))]
    if shown[-1].ordinal == thread.length:
        parts += _end(thread, reply)
    state = ThreadState(reply.reader, thread.id, min(page, 0xFFFF), opens=True)
    original = link_button(reply.say("thread-original"), thread.posts[ordinal - 1].url, thread.url)
    return layout([*parts, row(thread_button(reply.say("answer-full-thread"), state), original)])


def _header(thread: Thread, reply: Reply) -> TextDisplay[LayoutView]:
    return text(thread_header(thread.summary(), place="", translations=reply.translations))


def _caption(thread: Thread, post: Post, reply: Reply, *, marked: bool) -> str:
    """Return what stands above a post, and that it is the quoted one where it is ``marked``."""
    mark = f" · **{reply.say('thread-quoted-post')}**" if marked else ""
    return caption(thread, post, reply.translations) + mark


def _piece(thread: Thread, piece: Piece, reply: Reply, *, marked: bool) -> TextDisplay[LayoutView]:
    post = thread.posts[piece.ordinal - 1]
    above = _caption(thread, post, reply, marked=marked)
    if piece.start:
        above = f"{above.rpartition(_NEW_LINE)[2]} · {reply.say('thread-continued')}"
    if piece.end < len(post.text):
        above += f" · {reply.say('thread-continues')}"
    words = "".join(escape_parts(post.text)[piece.start : piece.end]).strip()
    return text(above, words or _nothing_seen(reply))


def _nothing_seen(reply: Reply) -> str:
    return f"-# {reply.say('thread-nothing-to-show')}"


def _end(thread: Thread, reply: Reply) -> list[Part]:
    """Return the note after the last post of a thread that is not complete."""
    if thread.completeness is Completeness.COMPLETE:
        return []
    is_preview = thread.completeness is Completeness.PREVIEW
    return [text(f"-# {reply.say('thread-ends-preview' if is_preview else 'thread-ends-fragment')}")]


def _turning(thread: Thread, page: int, pages: int, reply: Reply) -> list[Button[Any]]:
    """Return the buttons that turn a page, and the original's address."""
    last = pages - 1
    turns = [
        ("thread-first", 0, page == 0),
        ("thread-previous", max(page - 1, 0), page == 0),
        ("thread-next", min(page + 1, last), page == last),
        ("thread-last", last, page == last),
    ]
    buttons = [
        thread_button(
            reply.say(key), ThreadState(reply.reader, thread.id, min(target, 0xFFFF), slot), disabled=disabled
        )
        for slot, (key, target, disabled) in enumerate(turns)
    ]
    original = link_button(reply.say("thread-original"), thread.url)
    return [*buttons, original] if original else buttons
