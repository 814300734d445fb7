"""A thread as a page: its posts with anchors, numbers, dates and originals, matches, and related threads."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.web.addresses import POSTS_PER_PAGE, marks_of, page_query, safe_url, written_marks
from bot.web.citations import Citation, bibtex, csl_json, markdown_citation, text_citation
from bot.web.error_pages import BadRequestError, GoneError
from bot.web.page import Page, PageRequest
from bot.web.post_text import Figure, Run, figures_of, runs_of
from bot.web.signing import server_of_token, token
from bot.web.site import Site
from bot.web.templates import author_path, clipped, encoded, render_template
from retrieval.archive import Neighbours
from retrieval.errors import AmbiguousThreadError, ThreadNotFoundError
from retrieval.model import Completeness, Post, Scope, Thread, ThreadSummary

__all__ = [
    "MAX_QUERY_LENGTH",
    "MULTIPLE_CHOICES",
    "cite",
    "find_thread",
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
_ID: Final = re.compile(r"[0-9a-z]{12}")
_RELATED: Final = 3
_SHORT, _TELLING = 50, 280
#: Of posts on later pages, so many get an entry that leads there, for links made before there were pages.
_LATER: Final = 1_000


@dataclass(frozen=True, slots=True)
class _ShownPost:
    """A post as the page shows it: its words in runs, what hangs on it, and facts that the heading has not.

    ``previous_match`` and ``next_match`` are the links to its neighbours among the posts that match.
    """

    ordinal: int
    runs: tuple[Run, ...]
    figures: tuple[Figure, ...]
    is_match: bool
    missing: int
    number: int | None
    author: str | None
    posted_at: datetime | None
    url: str | None
    previous_match: str | None = None
    next_match: str | None = None

    @property
    def has_facts(self) -> bool:
        """Return whether anything is shown of it beside its text."""
        return any((self.number, self.author, self.posted_at, self.url))


def thread(site: Site, request: PageRequest) -> Page:
    """Return the page of a public thread, or of one of the handbook's."""
    try:
        located, scope = locate(site, request)
    except AmbiguousThreadError as error:
        return _several(request, error, {})
    return _page(site, request, located, scope)


def own_thread(site: Site, request: PageRequest) -> Page:
    """Return the page of a server's own thread, for the holder of a signed address that is still valid."""
    try:
        located, scope = locate_own(site, request)
    except AmbiguousThreadError as error:
        return _several(request, error, signed_paths(site, request, error))
    return _page(site, request, located, scope, token=request.path["token"])


def find_thread(site: Site, request: PageRequest) -> Page:
    """Return an empty page where :func:`thread` would return one; raise what it would."""
    _query(request)
    located, _ = locate(site, request)
    _place(request, located.length)
    return Page("")


def cite(site: Site, request: PageRequest) -> Page:
    """Return the page with a public thread's citation in four forms."""
    try:
        located, _ = locate(site, request)
    except AmbiguousThreadError as error:
        return _several(request, error, {})
    citation = Citation.of(located, request.address(f"/t/{located.id}"))
    return render_template(
        "cite.html",
        request,
        thread=located.summary(),
        description=clipped(located.posts[0].text),
        forms=[
            ("text", text_citation(citation)),
            ("Markdown", markdown_citation(citation)),
            ("BibTeX", bibtex(citation)),
            ("CSL-JSON", csl_json(citation)),
        ],
    )


def signed_paths(site: Site, request: PageRequest, error: AmbiguousThreadError) -> dict[str, str]:
    """Return the signed path of each candidate that a server's own ambiguous address may mean."""
    now = site.now()
    server_id = server_of_token(site.key, request.path["token"], request.path["thread"], now)
    if server_id is None:
        return {}
    return {
        candidate.id: f"/s/{token(site.key, server_id, candidate.id, now)}/{candidate.id}"
        for candidate in error.candidates
    }


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
    thread_id = request.path["thread"].lower()
    if not _ID.fullmatch(thread_id):
        raise GoneError
    return site.thread(thread_id)


def locate_own(site: Site, request: PageRequest) -> tuple[Thread, Scope]:
    """Return the server's own thread that a signed path names, with the scope of that server's own.

    Raises ``GoneError`` where the address was changed, has expired or is of another server's thread, as
    for a thread that is not there.
    """
    thread_id = request.path["thread"].lower()
    server_id = server_of_token(site.key, request.path["token"], thread_id, site.now())
    if server_id is None:
        raise GoneError
    scope = site.archive.catalog.own_scope(server_id)
    try:
        return site.archive.catalog.thread(thread_id, scope), scope
    except AmbiguousThreadError:
        raise
    except ThreadNotFoundError as error:
        raise GoneError from error


def _query(request: PageRequest) -> tuple[str, tuple[int, ...]]:
    """Return the question and the marks in the address; raise for a question that is too long."""
    question = request.query.get("q", "")
    if len(question) > MAX_QUERY_LENGTH:
        raise BadRequestError(414)
    return question, marks_of(request.query.get("m", ""))


def _place(request: PageRequest, length: int) -> tuple[int, int]:
    """Return which page of a thread is asked for, from 1, and which is the last."""
    last = max(1, -(-length // POSTS_PER_PAGE))
    written = request.query.get("page", "1")
    if not (written.isascii() and written.isdigit() and len(written) <= 7):  # noqa: PLR2004 - digits
        raise BadRequestError
    if not 1 <= int(written) <= last:
        raise GoneError
    return int(written), last


def _page(site: Site, request: PageRequest, shown: Thread, scope: Scope, *, token: str | None = None) -> Page:
    """Return a thread's page; with a token, as one that only its signed address opens."""
    question, marks = _query(request)
    at, last = _place(request, shown.length)
    slices: Sequence[Sequence[tuple[int, int]]] = ((),) * shown.length
    if question.strip() or marks:
        slices = site.archive.answers.highlights(shown, scope, question=question, marks=marks)
    matches = [post.ordinal for post, slices_ in zip(shown.posts, slices, strict=True) if slices_]
    private = token is not None
    base = f"/t/{shown.id}" if token is None else f"/s/{token}/{request.path['thread']}"
    terms = "&".join(
        part
        for part in (question and f"q={encoded(question)}", marks and f"m={written_marks(marks)}")
        if part
    )
    paths = {} if private else _author_paths(site, scope, request.root)
    first = (at - 1) * POSTS_PER_PAGE
    on_page = slice(first, first + POSTS_PER_PAGE)
    later = shown.posts[first + POSTS_PER_PAGE :] if at == 1 and shown.length <= _LATER else ()
    return render_template(
        "thread.html",
        request,
        private=private,
        # The list says nothing of posts; the page says it of each.
        thread=shown.summary(),
        posts=[
            _shown_post(shown, post, marked, paths, _Matches(matches, terms))
            for post, marked in zip(shown.posts[on_page], slices[on_page], strict=True)
        ],
        later=[(post.ordinal, _at(post.ordinal, terms)) for post in later],
        question=question,
        matches=len(matches),
        first_match=_at(matches[0], terms) if matches else None,
        original=safe_url(shown.url),
        path=base,
        at=at,
        last=last,
        also=f"{terms}&" if terms else "",
        description=clipped(shown.posts[0].text),
        text_language=site.archive.catalog.language_of(shown.id, scope),
        neighbours=Neighbours() if private else site.archive.thread_lists.neighbours(shown, scope),
        related=() if private else _related(site, shown, scope),
    )


@dataclass(frozen=True, slots=True)
class _Matches:
    """The posts of a thread that match, by their ordinals, and the part of the query that finds them."""

    ordinals: Sequence[int]
    terms: str

    def around(self, ordinal: int) -> tuple[str | None, str | None]:
        """Return the links to the matches before and after one."""
        place = self.ordinals.index(ordinal)
        before = self.ordinals[place - 1] if place else None
        after = self.ordinals[place + 1] if place + 1 < len(self.ordinals) else None
        return (
            None if before is None else _at(before, self.terms),
            None if after is None else _at(after, self.terms),
        )


def _at(ordinal: int, terms: str) -> str:
    """Return the link to a post of the same thread, from any of its pages."""
    return f"?{'&'.join(filter(None, (terms, page_query(ordinal))))}#{ordinal}"


def _author_paths(site: Site, scope: Scope, root: str) -> Mapping[str, str]:
    """Return the path of each author's page by the author's name in lower case, without "@"."""
    names = site.cached(
        ("author paths", scope),
        lambda: {
            author.name.removeprefix("@").casefold(): path
            for author in site.authors(scope)
            if (path := author_path(author.name))
        },
    )
    return names if not root else {name: root + path for name, path in names.items()}


def _related(site: Site, shown: Thread, scope: Scope) -> tuple[ThreadSummary, ...]:
    """Return the threads that the thread's most telling words find, the thread itself left out.

    Of a long thread these are its title and its first post: to weigh all its posts takes too long for a page.
    """

    def find() -> tuple[ThreadSummary, ...]:
        telling = f"{shown.title or ''} {shown.posts[0].text}"
        if shown.length <= _SHORT:
            telling = site.archive.answers.key_excerpt(shown.id, scope).quote
        telling = " ".join(telling.split())[:_TELLING]
        answer = site.archive.ask(telling, scope, limit=4 * _RELATED)
        summaries = [summary for summary, _ in answer.by_thread()]
        return tuple(summary for summary in summaries if summary.id != shown.id)[:_RELATED]

    return site.cached(("related", shown.id, scope), find)


def _shown_post(
    shown: Thread, post: Post, marked: Sequence[tuple[int, int]], paths: Mapping[str, str], matches: _Matches
) -> _ShownPost:
    day = post.posted_at.date() if post.posted_at else None
    first_day = shown.posted_at.date() if shown.posted_at else None
    previous_match, next_match = matches.around(post.ordinal) if marked else (None, None)
    return _ShownPost(
        ordinal=post.ordinal,
        runs=runs_of(post, marked, paths),
        figures=figures_of(post, marked, paths),
        is_match=bool(marked),
        missing=_missing(shown, post),
        number=post.number if post.number != post.ordinal else None,
        author=post.author if post.author != shown.author else None,
        posted_at=post.posted_at if day != first_day or post.ordinal == 1 else None,
        url=safe_url(post.url),
        previous_match=previous_match,
        next_match=next_match,
    )


def _missing(shown: Thread, post: Post) -> int:
    """Return how many posts are missing right before one, as far as their numbers tell."""
    if shown.completeness is Completeness.COMPLETE or post.number is None:
        return 0
    before = shown.posts[post.ordinal - 2].number if post.ordinal > 1 else 0
    return 0 if before is None else max(0, post.number - before - 1)
