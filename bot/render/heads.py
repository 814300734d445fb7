"""What stands above quotes and threads: heading, author, date, how much is known, and the place."""

import re

from bot.render.inert import inert_line, plain_line
from bot.render.layout import date
from bot.render.limits import CHOICE_NAME, clip, units
from retrieval.model import Completeness, Post, Thread, ThreadSummary

__all__ = ["HEAD", "author", "choice_label", "extent", "gap", "head", "heading", "place"]

HEAD = 420
"""The most UTF-16 units that a head takes."""
_HEADING, _AUTHOR = 200, 80
_HANDLE = re.compile(r"@?\w[\w.]*")


def head(summary: ThreadSummary, *, length: bool = False) -> str:
    """Return a thread's head in two lines of at most ``HEAD`` units: heading; author, date, extent.

    ``length`` says how many posts a complete thread has, too.
    """
    known = extent(summary) if length or summary.completeness is not Completeness.COMPLETE else ""
    details = " · ".join(filter(None, (author(summary.author), date(summary.posted_at), known)))
    return f"### {heading(summary)}" + (f"\n-# {details}" if details else "")


def heading(summary: ThreadSummary, limit: int = _HEADING) -> str:
    """Return the thread's title, or its opening words, inert and on one line."""
    return inert_line(summary.title or "", limit) or inert_line(summary.opening, limit) or "Untitled thread"


def author(name: str | None, limit: int = _AUTHOR) -> str:
    """Return the author inert, a handle with its "@"; "" where unknown. It never mentions anyone."""
    return inert_line(_author(name), limit)


def _author(name: str | None) -> str:
    plain = plain_line(name or "")
    return f"@{plain.removeprefix('@')}" if _HANDLE.fullmatch(plain) else plain


def extent(summary: ThreadSummary) -> str:
    """Return how much of the thread is known, in words."""
    count = summary.length
    if summary.completeness is Completeness.PREVIEW:
        known = "only the first post is known" if count == 1 else f"only the first {count} posts are known"
        return f"preview: {known}"
    if summary.completeness is Completeness.FRAGMENT:
        return f"fragment: {_posts(count)} known, others are missing"
    return _posts(count)


def place(post: Post, summary: ThreadSummary) -> str:
    """Return where in its thread a post stands: "post 7 of 18", "post 2 of a preview"."""
    if summary.completeness is Completeness.COMPLETE:
        return f"post {post.ordinal} of {summary.length}"
    numbered = "" if post.number in {None, post.ordinal} else f", numbered {post.number}"
    return f"post {post.ordinal} of a {summary.completeness.value}{numbered}"


def gap(thread: Thread, ordinal: int) -> str:
    """Return what is missing right before a post as far as the numbers tell, or ""."""
    post = thread.posts[ordinal - 1]
    if thread.completeness is Completeness.COMPLETE or post.number is None:
        return ""
    before = thread.posts[ordinal - 2].number if ordinal > 1 else 0
    if before is None or post.number <= before + 1:
        return ""
    return f"{_posts(post.number - before - 1)} missing here"


def choice_label(summary: ThreadSummary) -> str:
    """Return a thread as a choice of a completion: plain text of at most 100 UTF-16 units."""
    is_complete = summary.completeness is Completeness.COMPLETE
    known = "" if is_complete else f"{summary.completeness.value}, "
    told = (clip(_author(summary.author), 30), known + _posts(summary.length))
    details = "".join(f" · {part}" for part in told if part)
    title = plain_line(summary.title or "") or plain_line(summary.opening) or "Untitled thread"
    return clip(title, CHOICE_NAME - units(details)) + details


def _posts(count: int) -> str:
    return "1 post" if count == 1 else f"{count:,} posts"
