"""A full thread as a page: each post with its anchor, number, date and original, and what is missing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.web.addresses import marks_of, safe_url
from bot.web.error_pages import BadRequestError, GoneError
from bot.web.page import Page, PageRequest
from bot.web.signing import server_of_token, token
from bot.web.site import Site
from bot.web.templates import render_template, sliced
from retrieval.errors import AmbiguousThreadError, ThreadNotFoundError
from retrieval.model import Completeness, Post, Scope, Thread

__all__ = [
    "MAX_QUERY_LENGTH",
    "MULTIPLE_CHOICES",
    "locate",
    "locate_own",
    "own_thread",
    "signed_paths",
    "thread",
]

MAX_QUERY_LENGTH: Final = 1000
"""The characters that a question may have."""
MULTIPLE_CHOICES: Final = 300
"""The status of a list of the threads that an earlier id may mean."""
Slices = Sequence[tuple[int, int]]
_PREVIEW: Final = 300
_ID: Final = re.compile(r"[0-9a-z]{12}")


@dataclass(frozen=True, slots=True)
class _Shown:
    """A post as the page shows it: its text in pieces, and only those facts that say something new."""

    ordinal: int
    pieces: tuple[tuple[str, bool], ...]
    is_found: bool
    missing: int
    number: int | None
    author: str | None
    posted_at: datetime | None
    url: str | None

    @property
    def told(self) -> bool:
        """Return whether anything is told of it beside its text."""
        return any((self.number, self.author, self.posted_at, self.url))


def thread(site: Site, request: PageRequest) -> Page:
    """Return the page of a public thread, or of one of the handbook's."""
    try:
        found, scope = locate(site, request)
    except AmbiguousThreadError as error:
        return _several(request, error, {})
    return _page(site, request, found, scope)


def own_thread(site: Site, request: PageRequest) -> Page:
    """Return the page of a server's own thread, for whoever has a signed address that is still good."""
    try:
        found, scope = locate_own(site, request)
    except AmbiguousThreadError as error:
        return _several(request, error, signed_paths(site, request, error))
    return _page(site, request, found, scope, token=request.path["token"])


def signed_paths(site: Site, request: PageRequest, error: AmbiguousThreadError) -> dict[str, str]:
    """Return the signed path of each candidate that a server's own ambiguous address may mean."""
    now = site.now()
    server_id = server_of_token(site.key, request.path["token"], request.path["thread"], now)
    if server_id is None:
        return {}
    return {one.id: f"/s/{token(site.key, server_id, one.id, now)}/{one.id}" for one in error.candidates}


def _several(request: PageRequest, error: AmbiguousThreadError, paths: Mapping[str, str]) -> Page:
    """Return the list of the threads that an earlier id may mean; ``paths`` lead to a server's own."""
    return render_template(
        "several.html",
        request,
        status=MULTIPLE_CHOICES,
        private=bool(paths),
        threads=error.candidates,
        more=error.total - len(error.candidates),
        paths=paths,
    )


def locate(site: Site, request: PageRequest) -> tuple[Thread, Scope]:
    """Return the public thread that a path names, with its scope; raise ``GoneError`` for any other."""
    wanted = request.path["thread"]
    if not _ID.fullmatch(wanted):
        raise GoneError
    return site.thread(wanted)


def locate_own(site: Site, request: PageRequest) -> tuple[Thread, Scope]:
    """Return the server's own thread that a signed path names, with the scope of that server's own.

    Raises ``GoneError`` where the address was changed, has expired or is of another server's thread, as
    for a thread that is not there.
    """
    wanted = request.path["thread"]
    server_id = server_of_token(site.key, request.path["token"], wanted, site.now())
    if server_id is None:
        raise GoneError
    scope = site.archive.catalog.own_scope(server_id)
    try:
        return site.archive.catalog.thread(wanted, scope), scope
    except AmbiguousThreadError:
        raise
    except ThreadNotFoundError as error:
        raise GoneError from error


def _page(site: Site, request: PageRequest, found: Thread, scope: Scope, *, token: str | None = None) -> Page:
    """Return a thread's page; with a token, as one that only its signed address opens."""
    question = request.query.get("q", "")
    if len(question) > MAX_QUERY_LENGTH:
        raise BadRequestError(414)
    marks = marks_of(request.query.get("m", ""))
    slices: Sequence[Slices] = ((),) * found.length
    if question.strip() or marks:
        slices = site.archive.highlights(found, scope, question=question, marks=marks)
    posts = [_shown(found, post, marked) for post, marked in zip(found.posts, slices, strict=True)]
    highlighted = [post.ordinal for post in posts if post.is_found]
    return render_template(
        "thread.html",
        request,
        private=token is not None,
        # The list says nothing of posts; the page says it of each.
        thread=found.summary(),
        posts=posts,
        found=len(highlighted),
        first_found=highlighted[0] if highlighted else None,
        original=safe_url(found.url),
        base=f"/t/{found.id}" if token is None else f"/s/{token}/{request.path['thread']}",
        preview=_clipped(found.posts[0].text),
        public_url=site.public_url,
    )


def _shown(whole: Thread, post: Post, marked: Slices) -> _Shown:
    day = post.posted_at.date() if post.posted_at else None
    whole_day = whole.posted_at.date() if whole.posted_at else None
    return _Shown(
        ordinal=post.ordinal,
        pieces=tuple(sliced(post.text, marked)),
        is_found=bool(marked),
        missing=_missing(whole, post),
        number=post.number if post.number != post.ordinal else None,
        author=post.author if post.author != whole.author else None,
        posted_at=post.posted_at if day != whole_day or post.ordinal == 1 else None,
        url=safe_url(post.url),
    )


def _missing(whole: Thread, post: Post) -> int:
    """Return how many posts are missing right before one, as far as the numbers tell."""
    if whole.completeness is Completeness.COMPLETE or post.number is None:
        return 0
    before = whole.posts[post.ordinal - 2].number if post.ordinal > 1 else 0
    return 0 if before is None else max(0, post.number - before - 1)


def _clipped(text: str) -> str:
    """Return the opening of a text on one line, for previews of a link."""
    line = " ".join(text.split())
    return line if len(line) <= _PREVIEW else line[: _PREVIEW - 1].rsplit(" ", 1)[0] + "…"
