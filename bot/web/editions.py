"""The pages of a server's digests: each edition, the list of them, and their feed.

Their addresses are signed and do not expire. What they show is read from the archive each time, so a thread
that was taken out is gone from them, too.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.digest.editions import Edition, Editions
from bot.i18n import Translations, translations_for
from bot.web.addresses import page_query
from bot.web.error_pages import BadRequestError, GoneError
from bot.web.page import ATOM, Page, PageRequest
from bot.web.signing import digest_of_token, token
from bot.web.site import Site
from bot.web.templates import clipped, day, render_template
from retrieval.errors import ThreadNotFoundError
from retrieval.model import Excerpt, Scope, ThreadSummary

__all__ = ["edition", "edition_feed", "editions"]

_AT_ONCE: Final = 30
_PAGE_DIGITS: Final = 6
_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class _Shown:
    """A thread of an edition with its excerpt; ``path`` leads to the post that is quoted."""

    excerpt: Excerpt
    path: str

    @property
    def opens(self) -> bool:
        """Return whether the post has more before the quote."""
        return bool(self.excerpt.post.text[: self.excerpt.start].strip())

    @property
    def closes(self) -> bool:
        """Return whether the post has more after the quote."""
        return bool(self.excerpt.post.text[self.excerpt.end :].strip())


def edition(site: Site, request: PageRequest) -> Page:
    """Return the page of one digest; raise ``GoneError`` where there is none, or the address was changed."""
    server_id, number, known = _digest_of(site, request)
    try:
        wanted = date.fromisoformat(request.path["day"])
    except ValueError as error:
        raise GoneError from error
    with known as opened:
        found = opened.find(server_id, number, wanted)
        before, after = opened.neighbours(server_id, number, wanted)
    if found is None:
        raise GoneError
    new, archive = (_shown(site, server_id, ids) for ids in (found.new, found.archive))
    return render_template(
        "edition.html",
        request,
        private=True,
        title=_title(found, request),
        path=_path(request),
        parts=[("new", new), ("archive", archive)],
        more=found.more,
        total=len(found.new) + found.more,
        gone=len(found.new) + len(found.archive) - len(new) - len(archive),
        before=before,
        after=after,
    )


def editions(site: Site, request: PageRequest) -> Page:
    """Return the list of a digest's editions, the newest first; raise ``GoneError`` where there is none."""
    server_id, number, known = _digest_of(site, request)
    written = request.query.get("page", "1")
    if not (written.isascii() and written.isdigit() and len(written) <= _PAGE_DIGITS):
        raise BadRequestError
    at = int(written)
    with known as opened:
        total = opened.count(server_id, number)
        last = -(-total // _AT_ONCE)
        if not 1 <= at <= last:
            raise GoneError
        listed = opened.latest(server_id, number, limit=_AT_ONCE, offset=(at - 1) * _AT_ONCE)
    return render_template(
        "editions.html",
        request,
        private=True,
        name=_name(listed[0]),
        path=_path(request),
        editions=_with_threads(site, server_id, listed),
        at=at,
        last=last,
    )


def edition_feed(site: Site, request: PageRequest) -> Page:
    """Return the last editions as an Atom feed; raise ``GoneError`` where there is none."""
    server_id, number, known = _digest_of(site, request)
    with known as opened:
        listed = opened.latest(server_id, number, limit=_AT_ONCE)
    if not listed:
        raise GoneError
    page = render_template(
        "editions.atom",
        request,
        private=True,
        name=_name(listed[0]),
        # Names the digest as its address does, and nothing else of the server.
        tag=f"tag:bobbin,2026:digest/{request.path['token']}",
        address=(request.public_url or "") + _path(request),
        entries=[
            (_title(one, request), one, threads) for one, threads in _with_threads(site, server_id, listed)
        ],
        updated=listed[0].posted_at,
    )
    return Page(page.body, ATOM, private=True, headers=page.headers)


def _digest_of(site: Site, request: PageRequest) -> tuple[int, int, AbstractContextManager[Editions]]:
    """Return the server and the number that a token names, and what opens the editions."""
    named = digest_of_token(site.key, request.path["token"])
    if named is None or site.editions is None:
        raise GoneError
    return *named, site.editions()


def _path(request: PageRequest) -> str:
    """Return the path of the list, below the site's root."""
    return f"/d/{request.path['token']}"


def _name(edition: Edition) -> str:
    return clipped(edition.name, _NAME)


def _title(edition: Edition, request: PageRequest) -> str:
    """Return the heading of an edition, as that of its message."""
    translations: Translations = translations_for(request.locale)
    written = day(edition.day, translations.language)
    if edition.name:
        return translations.say("digest-heading-named", name=_name(edition), date=written)
    return translations.say("digest-heading-not-daily", date=written)


def _shown(site: Site, server_id: int, ids: Sequence[str]) -> list[_Shown]:
    """Return the threads that are still there, each with its excerpt."""
    scope, shown = site.archive.catalog.lookup_scope(server_id), []
    for thread_id in ids:
        try:
            excerpt = site.archive.answers.key_excerpt(thread_id, scope)
        except ThreadNotFoundError:
            continue  # taken out since
        shown.append(_Shown(excerpt, _path_of(site, excerpt)))
    return shown


def _path_of(site: Site, excerpt: Excerpt) -> str:
    """Return the path of an excerpt's post; a server's own thread has a signed one, good for 24 hours."""
    thread_id, ordinal = excerpt.thread.id, excerpt.post.ordinal
    query = page_query(ordinal)
    place = (f"?{query}" if query else "") + f"#{ordinal}"
    if excerpt.server_id is None:
        return f"/t/{thread_id}{place}"
    return f"/s/{token(site.key, excerpt.server_id, thread_id, site.now())}/{thread_id}{place}"


def _with_threads(
    site: Site, server_id: int, listed: Sequence[Edition]
) -> list[tuple[Edition, list[ThreadSummary]]]:
    """Return editions, each with the summaries of its threads that are still there."""
    scope: Scope = site.archive.catalog.lookup_scope(server_id)
    ids = {thread for one in listed for thread in (*one.new, *one.archive)}
    known = site.archive.catalog.summaries(sorted(ids), scope)
    return [
        (one, [known[thread] for thread in (*one.new, *one.archive) if thread in known]) for one in listed
    ]
