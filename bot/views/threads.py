"""A thread in full, page by page; the posts around a quote; lists of threads."""

from collections.abc import Sequence
from typing import Any

from discord.ui import Button, LayoutView, TextDisplay

from bot.i18n import ENGLISH, Translations
from bot.views.buttons import delete_button, link_button, thread_button
from bot.views.custom_id import ThreadState
from bot.views.escape import escape_line, escape_parts
from bot.views.headers import choice_label, thread_header
from bot.views.layout import Part, layout, row, section, separator, share_out, text
from bot.views.limits import fit, units
from bot.views.pages import Piece, caption, page_with, pages_of, place_of
from retrieval.model import Completeness, Thread, ThreadSummary

__all__ = [
    "Piece",
    "alike",
    "choice_label",
    "context",
    "delete_row",
    "open_sections",
    "page_with",
    "pages_of",
    "place_of",
    "thread_list",
    "thread_page",
]

_LISTED = 8
_CONTEXT_TEXT = 2_700
_NEW_LINE = "\n"
_TITLE = 200


def thread_page(
    thread: Thread,
    page: int = 0,
    reader: int = 0,
    *,
    private: bool = True,
    translations: Translations = ENGLISH,
) -> LayoutView:
    """Return one page (from 0, moved to the nearest there is) of a full thread.

    ``reader`` is the user who may turn the pages; 0 lets anyone. They may remove one that is not
    ``private``.
    """
    pages = pages_of(thread)
    page = max(0, min(page, len(pages) - 1))
    summary = thread.summary()
    parts: list[Part] = [text(thread_header(summary, length=True, translations=translations)), separator()]
    for piece in pages[page]:
        post = thread.posts[piece.ordinal - 1]
        parts.append(
            section(
                _piece(thread, piece, translations),
                link_button(translations.say("thread-original"), post.url),
            )
        )
    if page == len(pages) - 1 and (end := _end(thread, translations)):
        parts.append(text(end))
    parts.append(separator())
    if len(pages) > 1:
        parts.append(text(f"-# {translations.say('thread-page', page=page + 1, pages=len(pages))}"))
    if buttons := _turning(thread, page, len(pages), reader, translations):
        parts.append(row(*buttons))
    else:
        parts.pop()
    return layout([*parts, *delete_row(reader, translations, private=private)])


def context(
    thread: Thread, ordinal: int, reader: int = 0, *, translations: Translations = ENGLISH
) -> LayoutView:
    """Return a post with the one before it and the one after it, the post itself marked.

    Raises ``ValueError`` where the thread has no post at that place.
    """
    page = page_with(thread, ordinal)
    shown = [post for post in thread.posts if abs(post.ordinal - ordinal) <= 1]
    costs = [[units(part) for part in escape_parts(post.text)] for post in shown]
    shares = share_out([sum(each) for each in costs], _CONTEXT_TEXT)
    parts: list[Part] = [text(thread_header(thread.summary(), length=True, translations=translations))]
    for post, cost, share in zip(shown, costs, shares, strict=True):
        whole = sum(cost) <= share
        end = len(post.text) if whole else fit(post.text, cost, max(share - 1, 0))
        words = "".join(escape_parts(post.text)[:end]).strip() + ("" if whole else "…")
        mark = f" · **{translations.say('thread-quoted-post')}**" if post.ordinal == ordinal else ""
        parts += [
            separator(),
            text(caption(thread, post, translations) + mark, words or _nothing_seen(translations)),
        ]
    if shown[-1].ordinal == thread.length and (end_of_thread := _end(thread, translations)):
        parts.append(text(end_of_thread))
    state = ThreadState(reader, thread.id, min(page, 0xFFFF), opens=True)
    original = link_button(translations.say("thread-original"), thread.posts[ordinal - 1].url, thread.url)
    return layout([*parts, row(thread_button(translations.say("answer-full-thread"), state), original)])


def thread_list(  # noqa: PLR0913 - all but the first are named where it is called
    summaries: Sequence[ThreadSummary],
    *,
    title: str | None = None,
    reader: int = 0,
    total: int | None = None,
    private: bool = True,
    translations: Translations = ENGLISH,
) -> LayoutView:
    """Return the first eight threads, each with a button that opens it, and how many more there are.

    ``total`` is the number of threads there are where it is more than are given.
    """
    heading = text(f"## {escape_line(title or '', _TITLE) or translations.say('threads-list')}")
    if not summaries:
        return layout([heading, text(translations.say("threads-none"))])
    listed = summaries[:_LISTED]
    more = max(total or 0, len(summaries)) - len(listed)
    said = [text(f"-# {translations.say('threads-more', count=more)}")] if more else []
    return layout(
        [
            heading,
            *open_sections(listed, reader, translations),
            *said,
            *delete_row(reader, translations, private=private),
        ]
    )


def alike(
    summaries: Sequence[ThreadSummary], total: int, *, reader: int, private: bool, translations: Translations
) -> LayoutView:
    """Return the list of the threads that an earlier id or button may mean."""
    title = translations.say("threads-alike")
    return thread_list(
        summaries, title=title, reader=reader, total=total, private=private, translations=translations
    )


def open_sections(
    summaries: Sequence[ThreadSummary], reader: int, translations: Translations = ENGLISH
) -> list[Part]:
    """Return the threads' heads, each with a button that opens it. Each takes three components."""
    return [
        section(
            text(thread_header(summary, length=True, translations=translations)),
            thread_button(
                translations.say("thread-open"), ThreadState(reader, summary.id, slot=slot, opens=True)
            ),
        )
        for slot, summary in enumerate(summaries)
    ]


def delete_row(reader: int, translations: Translations, *, private: bool) -> list[Part]:
    """Return a row with the bin where there is somebody whose public message it is, else nothing."""
    return [] if private or not reader else [row(delete_button(translations.say("answer-remove"), reader))]


def _piece(thread: Thread, piece: Piece, translations: Translations) -> TextDisplay[LayoutView]:
    post = thread.posts[piece.ordinal - 1]
    above = caption(thread, post, translations)
    if piece.start:
        above = f"{above.rpartition(_NEW_LINE)[2]} · {translations.say('thread-continued')}"
    if piece.end < len(post.text):
        above += f" · {translations.say('thread-continues')}"
    words = "".join(escape_parts(post.text)[piece.start : piece.end]).strip()
    return text(above, words or _nothing_seen(translations))


def _nothing_seen(translations: Translations) -> str:
    return f"-# {translations.say('thread-nothing-to-show')}"


def _end(thread: Thread, translations: Translations) -> str:
    """Return what is to be said after the last post of a thread that is not complete."""
    if thread.completeness is Completeness.PREVIEW:
        return f"-# {translations.say('thread-ends-preview')}"
    if thread.completeness is Completeness.FRAGMENT:
        return f"-# {translations.say('thread-ends-fragment')}"
    return ""


def _turning(
    thread: Thread, page: int, pages: int, reader: int, translations: Translations
) -> list[Button[Any]]:
    """Return the buttons below a page: to turn it where there are more, and the original's address."""
    last = pages - 1
    turns = [
        (translations.say("thread-first"), 0, page == 0),
        (translations.say("thread-previous"), max(page - 1, 0), page == 0),
        (translations.say("thread-next"), min(page + 1, last), page == last),
        (translations.say("thread-last"), last, page == last),
    ]
    buttons = [
        thread_button(label, ThreadState(reader, thread.id, min(target, 0xFFFF), slot), disabled=disabled)
        for slot, (label, target, disabled) in enumerate(turns)
        if pages > 1
    ]
    original = link_button(translations.say("thread-original"), thread.url)
    return [*buttons, original] if original else buttons
