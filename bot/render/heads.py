"""What stands above quotes and threads: heading, author, date, how much is known, and the place."""

import re

from bot.catalogue import ENGLISH, Catalogue
from bot.render.inert import inert_line, plain_line
from bot.render.layout import date
from bot.render.limits import CHOICE_NAME, clip, units
from retrieval.model import Completeness, Post, Thread, ThreadSummary

__all__ = ["HEAD", "author", "choice_label", "extent", "gap", "head", "heading", "place"]

HEAD = 420
"""The most UTF-16 units that a head takes."""
_HEADING, _AUTHOR = 200, 80
_HANDLE = re.compile(r"@?\w[\w.]*")


def head(summary: ThreadSummary, *, length: bool = False, speech: Catalogue = ENGLISH) -> str:
    """Return a thread's head in two lines of at most ``HEAD`` units: heading; author, date, extent.

    ``length`` says how many posts a complete thread has, too.
    """
    known = extent(summary, speech) if length or summary.completeness is not Completeness.COMPLETE else ""
    details = " · ".join(filter(None, (author(summary.author), date(summary.posted_at), known)))
    return f"### {heading(summary, speech=speech)}" + (f"\n-# {details}" if details else "")


def heading(summary: ThreadSummary, limit: int = _HEADING, *, speech: Catalogue = ENGLISH) -> str:
    """Return the thread's title, or its opening words, inert and on one line."""
    known = inert_line(summary.title or "", limit) or inert_line(summary.opening, limit)
    return known or speech.say("thread-untitled")


def author(name: str | None, limit: int = _AUTHOR) -> str:
    """Return the author inert, a handle with its "@"; "" where unknown. It never mentions anyone."""
    return inert_line(_author(name), limit)


def _author(name: str | None) -> str:
    plain = plain_line(name or "")
    return f"@{plain.removeprefix('@')}" if _HANDLE.fullmatch(plain) else plain


def extent(summary: ThreadSummary, speech: Catalogue = ENGLISH) -> str:
    """Return how much of the thread is known, in words."""
    if summary.completeness is Completeness.PREVIEW:
        return speech.say("thread-extent-preview", count=summary.length)
    if summary.completeness is Completeness.FRAGMENT:
        return speech.say("thread-extent-fragment", count=summary.length)
    return speech.say("posts", count=summary.length)


def place(post: Post, summary: ThreadSummary, speech: Catalogue = ENGLISH) -> str:
    """Return where in its thread a post stands: "post 7 of 18", "post 2 of a preview"."""
    if summary.completeness is Completeness.COMPLETE:
        return speech.say("thread-place", place=post.ordinal, length=summary.length)
    if summary.completeness is Completeness.PREVIEW:
        told = speech.say("thread-place-in-preview", place=post.ordinal)
    else:
        told = speech.say("thread-place-in-fragment", place=post.ordinal)
    if post.number in {None, post.ordinal}:
        return told
    return f"{told}, {speech.say('thread-place-numbered', number=str(post.number))}"


def gap(thread: Thread, ordinal: int, speech: Catalogue = ENGLISH) -> str:
    """Return what is missing right before a post as far as the numbers tell, or ""."""
    post = thread.posts[ordinal - 1]
    if thread.completeness is Completeness.COMPLETE or post.number is None:
        return ""
    before = thread.posts[ordinal - 2].number if ordinal > 1 else 0
    if before is None or post.number <= before + 1:
        return ""
    return speech.say("thread-missing-here", count=post.number - before - 1)


def choice_label(summary: ThreadSummary, speech: Catalogue = ENGLISH) -> str:
    """Return a thread as a choice of a completion: plain text of at most 100 UTF-16 units."""
    known = speech.say("posts", count=summary.length)
    if summary.completeness is Completeness.PREVIEW:
        known = f"{speech.say('thread-preview')}, {known}"
    elif summary.completeness is Completeness.FRAGMENT:
        known = f"{speech.say('thread-fragment')}, {known}"
    told = (clip(_author(summary.author), 30), known)
    details = "".join(f" · {part}" for part in told if part)
    title = plain_line(summary.title or "") or plain_line(summary.opening) or speech.say("thread-untitled")
    return clip(title, CHOICE_NAME - units(details)) + details
