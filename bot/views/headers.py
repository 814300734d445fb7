"""What stands above quotes and threads: heading, author, date, how much is known, and the place."""

import re
import unicodedata
from datetime import date as day_type

from babel.dates import format_date

from bot.i18n import ENGLISH, Translations
from bot.views.escape import escape_line, plain_line
from bot.views.layout import date
from bot.views.limits import CHOICE_NAME, clip, units
from retrieval.model import Completeness, Post, Thread, ThreadSummary

__all__ = [
    "HEADER_LENGTH",
    "author_line",
    "choice_label",
    "extent",
    "gap_label",
    "heading",
    "long_date",
    "place_label",
    "thread_header",
    "title_line",
]

HEADER_LENGTH = 420
"""The most UTF-16 units that a head takes."""
_HEADING, _AUTHOR = 200, 80
_RIGHT_TO_LEFT, _MARK = frozenset({"R", "AL"}), "\u200e"
_HANDLE = re.compile(r"@?\w[\w.]*")


def thread_header(
    summary: ThreadSummary, *, place: str | None = None, translations: Translations = ENGLISH
) -> str:
    """Return a thread's head in two lines of at most ``HEADER_LENGTH`` units: heading; author, date, extent.

    A thread without a title is headed by its opening words. Where posts of it follow, it is headed by author
    and date, and ``place``, unless it is "", stands in the place of the extent.
    """
    details = [author_line(summary.author), date(summary.posted_at)]
    title = heading(summary, translations=translations)
    if place is not None and not title_line(summary):
        title = " · ".join(filter(None, details)) or translations.say("thread-untitled")
        details = []
    details.append(place or extent(summary, translations))
    return f"### {title}\n-# {' · '.join(filter(None, details))}"


def heading(summary: ThreadSummary, limit: int = _HEADING, *, translations: Translations = ENGLISH) -> str:
    """Return the thread's title, or its opening words, inert and on one line."""
    known = title_line(summary, limit) or escape_line(summary.opening, limit)
    return known or translations.say("thread-untitled")


def title_line(summary: ThreadSummary, limit: int = _HEADING) -> str:
    """Return the thread's title inert and on one line, "" where it has none."""
    return escape_line(summary.title or "", limit)


def author_line(name: str | None, limit: int = _AUTHOR) -> str:
    """Return the author inert, a handle with its "@"; "" where unknown. It never mentions anyone.

    A name that is read from right to left stands between marks, or it would change places with what
    follows: "2 posts" would stand before it.
    """
    author = escape_line(_author(name), limit)
    is_rtl = any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in author)
    return f"{_MARK}{author}{_MARK}" if is_rtl else author


def _author(name: str | None) -> str:
    plain = plain_line(name or "")
    return f"@{plain.removeprefix('@')}" if _HANDLE.fullmatch(plain) else plain


def extent(summary: ThreadSummary, translations: Translations = ENGLISH) -> str:
    """Return how much of the thread is known, in words."""
    if summary.completeness is Completeness.PREVIEW:
        return translations.say("thread-extent-preview", count=summary.length)
    if summary.completeness is Completeness.FRAGMENT:
        return translations.say("thread-extent-fragment", count=summary.length)
    return translations.say("posts", count=summary.length)


def place_label(post: Post, summary: ThreadSummary, translations: Translations = ENGLISH) -> str:
    """Return where in its thread a post stands: "post 7 of 18", "post 2 of a preview"."""
    if summary.completeness is Completeness.COMPLETE:
        return translations.say("thread-place", place=post.ordinal, length=summary.length)
    if summary.completeness is Completeness.PREVIEW:
        place = translations.say("thread-place-in-preview", place=post.ordinal)
    else:
        place = translations.say("thread-place-in-fragment", place=post.ordinal)
    if post.number in {None, post.ordinal}:
        return place
    return f"{place}, {translations.say('thread-place-numbered', number=str(post.number))}"


def gap_label(thread: Thread, ordinal: int, translations: Translations = ENGLISH) -> str:
    """Return what is missing right before a post as far as the numbers tell, or ""."""
    post = thread.posts[ordinal - 1]
    if thread.completeness is Completeness.COMPLETE or post.number is None:
        return ""
    before = thread.posts[ordinal - 2].number if ordinal > 1 else 0
    if before is None or post.number <= before + 1:
        return ""
    return translations.say("thread-missing-here", count=post.number - before - 1)


def choice_label(summary: ThreadSummary, translations: Translations = ENGLISH) -> str:
    """Return a thread as a choice of a completion: plain text of at most 100 UTF-16 units."""
    known = translations.say("posts", count=summary.length)
    if summary.completeness is Completeness.PREVIEW:
        known = f"{translations.say('thread-preview')}, {known}"
    elif summary.completeness is Completeness.FRAGMENT:
        known = f"{translations.say('thread-fragment')}, {known}"
    facts = (clip(_author(summary.author), 30), known)
    details = "".join(f" · {part}" for part in facts if part)
    title = (
        plain_line(summary.title or "") or plain_line(summary.opening) or translations.say("thread-untitled")
    )
    return clip(title, CHOICE_NAME - units(details)) + details


def long_date(day: day_type, translations: Translations) -> str:
    """Return a date as the language writes it, such as 22 November 2026."""
    return format_date(
        day, "long", locale="en_GB" if translations.language == "en" else translations.language
    )
