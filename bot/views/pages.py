"""Cutting a thread into pages that fit a message, so that together they hold every character."""

from dataclasses import dataclass

from bot.i18n import ENGLISH, LANGUAGES, Translations, translations_for
from bot.views.buttons import button_url
from bot.views.escape import escape_parts
from bot.views.headers import author_line, gap_label, place_label
from bot.views.layout import date
from bot.views.limits import UNIT, fit, weight
from retrieval.model import Completeness, Post, Thread

__all__ = ["Piece", "caption", "page_with", "pages_of", "place_of"]

_TEXT = 3_300 * UNIT
"""The weight that a page's posts take; the rest of 4,000 units is the head and the end."""
_AUTHOR = 40
_PARTS = 24
"""The components that a page's posts take; the rest of 40 is the head, the end and the buttons."""
_SPACING = 64 * UNIT
"""The new lines around a post, that it goes on, or the sentence where nothing of it can be shown."""
_WITH_LINK, _WITHOUT_LINK = 3, 1


@dataclass(frozen=True, slots=True)
class Piece:
    """The part ``[start:end]``, in code points, of the post at the place ``ordinal``."""

    ordinal: int
    start: int
    end: int


def pages_of(thread: Thread) -> list[tuple[Piece, ...]]:
    """Return the thread's pages: as many whole posts as fit; a post longer than a page is split.

    It depends on the thread alone, so a page's number in a button means the same after a restart, and
    in every language.
    """
    pages: list[tuple[Piece, ...]] = []
    page: list[Piece] = []
    room, parts = _TEXT, _PARTS
    for post in thread.posts:
        costs = [weight(part) for part in escape_parts(post.text)]
        frame = _longest_caption(thread, post) + _SPACING
        components = _components(post)
        if page and (sum(costs) + frame > room or components > parts):
            pages.append(tuple(page))
            page, room, parts = [], _TEXT, _PARTS
        start = 0
        while sum(costs[start:]) + frame > room:
            end = fit(post.text, costs, room - frame, start)
            pages.append((Piece(post.ordinal, start, end),))
            start = end
        page.append(Piece(post.ordinal, start, len(post.text)))
        room -= sum(costs[start:]) + frame
        parts -= components
    pages.append(tuple(page))
    return pages


def page_with(thread: Thread, ordinal: int) -> int:
    """Return the page, from 0, on which a post begins. Raises ``ValueError`` where there is no such post."""
    for number, page in enumerate(pages_of(thread)):
        if any(piece.ordinal == ordinal for piece in page):
            return number
    raise ValueError(f"thread {thread.id} has {thread.length} posts, and none at the place {ordinal}")


def place_of(thread: Thread, number: int) -> int | None:
    """Return the place of the post that has this number, ``None`` where there is none.

    In a thread that is not complete the author's own numbers count, where they are known.
    """
    if thread.completeness is not Completeness.COMPLETE:
        for post in thread.posts:
            if post.number == number:
                return post.ordinal
        if any(post.number is not None for post in thread.posts):
            return None
    return number if 1 <= number <= thread.length else None


def caption(thread: Thread, post: Post, translations: Translations = ENGLISH) -> str:
    """Return what stands above a post: a gap before it, its place, its author where another, its day."""
    another = author_line(post.author, _AUTHOR) if post.author and post.author != thread.author else ""
    facts = " · ".join(
        filter(None, (place_label(post, thread.summary(), translations), another, date(post.posted_at)))
    )
    missing = gap_label(thread, post.ordinal, translations)
    return (f"-# … {missing} …\n" if missing else "") + f"-# {facts}"


def _longest_caption(thread: Thread, post: Post) -> int:
    return max(weight(caption(thread, post, translations_for(language))) for language in LANGUAGES)


def _components(post: Post) -> int:
    return _WITHOUT_LINK if button_url(post.url) is None else _WITH_LINK
