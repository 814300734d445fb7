"""Following authors, and asking again for threads by link: who is due, what is taken, where it goes.

What is decided is in :mod:`bot.fetching.schedule`. A thread is imported first and recorded then, so what is
broken off between the two is done again, and changes nothing the second time.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot.fetching.errors import FetchError, UnwillingError
from bot.fetching.guard import Guard
from bot.fetching.links import FetchedThread, fetch_thread, find_link, identify, service_named
from bot.fetching.schedule import (
    BACKLOG,
    MIN_POSTS,
    SILENCE,
    Course,
    Revisit,
    after_failure,
    after_feed,
    finished_threads,
    next_visit,
    spread_overdue,
)
from bot.fetching.service import Account, FeedThread
from bot.monitoring.metrics import Metrics
from bot.runtime import run_in_thread
from bot.servers.follow_store import FetchedLink, Follow, Followed, FollowStore, Place
from retrieval.archive import Archive
from retrieval.errors import ArchiveError
from retrieval.formats.import_types import FileReport, News, SavedFile

__all__ = ["Bounds", "FollowRefusedError", "Following", "find_followed", "note_of"]

log = logging.getLogger(__name__)

_TICK: Final = 5.0
_TRY_AGAIN: Final = 60.0
_HOSTS_AT_ONCE: Final = 8
_GONE: Final = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many authors a server may follow, how many are followed in all, and the posts a server may have."""

    server: int = 25
    all: int = 1_000
    posts: int = 200_000


class FollowRefusedError(Exception):
    """A follow is over a bound; the message has the bound's name, ``most`` is the bound."""

    def __init__(self, bound: str, most: int) -> None:
        super().__init__(bound)
        self.bound, self.most = bound, most


def find_followed(following: Iterable[Followed], text: str) -> list[Followed]:
    """Return the followed authors that a handle, an account id or a profile's link names."""
    wanted = text.strip().casefold()
    handle = wanted.rstrip("/").rpartition("/")[2].removeprefix("@")
    return [
        one
        for one in following
        if handle
        and (
            handle in {one.account.handle.casefold(), one.account.id.casefold()}
            or (
                f"{handle}@{one.account.host}" == one.account.handle.casefold() and one.account.host in wanted
            )
        )
    ]


class Following:
    """Looks at followed authors when that is due, takes their threads, and asks again for those by link.

    ``guard`` gives what fetches, ``now`` is the clock, aware. ``stopping`` ends an import between two posts.
    One process of a bot runs it. Used from the event loop; what blocks runs in threads.
    """

    def __init__(  # noqa: PLR0913 - what it works with
        self,
        archive: Archive,
        store: FollowStore,
        guard: Callable[[], Guard],
        now: Callable[[], datetime],
        *,
        bounds: Bounds | None = None,
        metrics: Metrics | None = None,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self.store = store
        self.bounds = bounds or Bounds()
        self._archive, self._guard, self._now = archive, guard, now
        self._metrics, self._stopping = metrics, stopping
        self._working: dict[str, asyncio.Task[None]] = {}

    async def follow(self, text: str, place: Place) -> tuple[Account, bool]:
        """Follow the author that a link or handle names; return the account, and whether that is new.

        Raises :class:`~bot.fetching.errors.FetchError` with the reason where that is not possible, and
        :class:`FollowRefusedError` beyond a bound.
        """
        account = await identify(self._guard(), text)

        def add() -> bool:
            own = self.store.following(place.server_id)
            if not any(_same(one.account, account) for one in own):
                if place.server_id is not None and len(own) >= self.bounds.server:
                    raise FollowRefusedError("server", self.bounds.server)
                if self.store.accounts() >= self.bounds.all and not self.store.follows_of(account):
                    raise FollowRefusedError("all", self.bounds.all)
            return self.store.add(account, place, self._now())

        return account, await asyncio.to_thread(add)

    def serving(self, server_id: int | None) -> list[Followed]:
        """Return whom a server and the operator follow, whose threads the server sees; this blocks."""
        return [*self.store.following(server_id), *self.store.following()]

    def note_link(self, fetched: FetchedThread, place: Place) -> None:
        """Record a thread that a person imported by its link, so that it is asked for again; this blocks."""
        before = self.store.fetched(place, fetched.file.name)
        self.store.note_link(note_of(fetched, place, News.ONCE_COMPLETE, self._now(), before=before))

    async def run(self, every: float = _TICK) -> None:
        """Look at what is due until cancelled, ``every`` so many seconds; nothing of it is raised."""
        begun = False
        try:
            while True:
                try:
                    if not begun:
                        await asyncio.to_thread(self._begin)
                        begun = True
                    await self._start_due()
                except Exception:
                    log.exception("following: what is due could not be read; next try in %.0f s", _TRY_AGAIN)
                    await asyncio.sleep(_TRY_AGAIN)
                await asyncio.sleep(every)
        finally:
            tasks = list(self._working.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self) -> None:
        """Spread what became due while nothing ran, so that no host meets all of it at once."""
        now = self._now()
        self.store.tidy()
        self.store.postpone(spread_overdue(self.store.overdue(now), now))
        self._count()

    async def _start_due(self) -> None:
        accounts, links = await asyncio.to_thread(
            lambda: (self.store.due_accounts(self._now()), self.store.due_links(self._now()))
        )
        hosts = [account.host for account, _ in accounts]
        hosts += [places[0].host for places in links.values()]
        for host in dict.fromkeys(hosts):
            if host not in self._working and len(self._working) < _HOSTS_AT_ONCE:
                task = asyncio.create_task(self._work(host), name=f"following-{host}")
                self._working[host] = task
                task.add_done_callback(partial(self._done, host))

    def _done(self, host: str, _task: "asyncio.Task[None]") -> None:
        self._working.pop(host, None)

    async def _work(self, host: str) -> None:
        """Do what is due at a host, one after the other: authors first, then threads."""
        try:
            await self.look_at(host)
        except ArchiveError as error:
            log.warning("following: %s; next try in %.0f s", error, _TRY_AGAIN)
            await asyncio.sleep(_TRY_AGAIN)
        except Exception:
            log.exception("following: work at a host was broken off; next try in %.0f s", _TRY_AGAIN)
            await asyncio.sleep(_TRY_AGAIN)

    async def look_at(self, host: str) -> None:
        """Look at the authors of a host that are due; where none is, ask again for threads that are."""
        now = self._now()
        accounts = await asyncio.to_thread(self.store.due_accounts, now)
        for account, course in accounts:
            if account.host == host and not self._stopping():
                await self.look(account, course)
        links = await asyncio.to_thread(self.store.due_links, now)
        for link, places in links.items():
            due = await asyncio.to_thread(self.store.due_accounts, self._now())
            if self._stopping() or any(account.host == host for account, _ in due):
                return
            if places[0].host == host:
                await self._visit(link, places)

    async def look(self, account: Account, course: Course) -> int:
        """Look at an account, and take the threads of it that are finished; return how many were taken."""
        now, name = self._now(), f"{account.host} {account.id}"
        since = course.latest - 3 * SILENCE if course.latest else None
        service = service_named(account.service)
        try:
            feed = await service.look(self._guard().get, account, since=since, etag=course.etag)
        except FetchError as error:
            after = after_failure(course, str(error), name, now, retry_after=error.retry_after)
            await asyncio.to_thread(self.store.note_look, account, after)
            await self._rest(account.host, error)
            await asyncio.to_thread(self._count, "failed")
            log.info("following: look failed, failures=%d status=%s", after.failures, error.status)
            return 0
        account = replace(account, handle=feed.handle or account.handle)
        taken = 0
        held_up = False
        if feed.threads:
            taken, held_up = await self._take(account, feed.threads, now)
        after = after_feed(course, feed, name, now)
        if held_up:
            after = replace(after, etag=None)
        await asyncio.to_thread(self.store.note_look, account, after)
        await asyncio.to_thread(self._count, "succeeded")
        return taken

    async def _take(self, account: Account, threads: Sequence[FeedThread], now: datetime) -> tuple[int, bool]:
        """Take what is finished for everybody who follows; return how many threads, and whether any waits."""
        wanted: dict[str, tuple[FeedThread, list[Follow]]] = {}
        for follow in await asyncio.to_thread(self.store.follows_of, account):
            taken, backlog = await asyncio.to_thread(self.store.taken, follow)
            full = await asyncio.to_thread(self._full, follow.place)
            await asyncio.to_thread(self.store.note_reason, follow, full)
            chosen = finished_threads(threads, taken, follow.followed_at, now, BACKLOG - backlog)
            if full:
                continue
            for thread in chosen:
                wanted.setdefault(thread.key, (thread, []))[1].append(follow)
        count = 0
        try:
            for thread, follows in wanted.values():
                if self._stopping():
                    return count, True
                count += await self._take_thread(account, thread, follows)
        finally:
            if count:
                await run_in_thread(self._archive.refresh, "following")
        return count, len(wanted) > 0 and self._stopping()

    async def _take_thread(self, account: Account, thread: FeedThread, follows: Sequence[Follow]) -> bool:
        """Fetch a thread once and import it for each follow; return whether it was taken by any."""
        try:
            fetched = await fetch_thread(self._guard(), thread.link)
        except FetchError as error:
            await self._rest(account.host, error)
            await asyncio.to_thread(self._note_unread, account, thread, follows, error)
            return False
        own = fetched.author == account.id and fetched.posts >= MIN_POSTS
        taken = False
        for follow in follows:
            noted = None
            if own:
                news = News.ONCE_COMPLETE if thread.latest > follow.followed_at else News.NEVER
                noted = await self._import(fetched, follow.place, news, account_id=account.id)
            await asyncio.to_thread(self.store.note_taken, follow, thread.key, thread.latest, noted)
            taken = taken or noted is not None
        if taken and self._metrics:
            self._metrics.followed_threads.inc()
        return taken

    def _note_unread(
        self, account: Account, thread: FeedThread, follows: Sequence[Follow], error: FetchError
    ) -> None:
        """Record a thread that could not be read: it is asked for again by its link, with back-off."""
        for follow in follows:
            news = News.ONCE_COMPLETE if thread.latest > follow.followed_at else News.NEVER
            gone = isinstance(error, UnwillingError) or error.status in _GONE
            visit = next_visit(
                None,
                latest=thread.latest,
                now=self._now(),
                whole=False,
                retry_after=error.retry_after,
                name=thread.link,
            )
            pending = FetchedLink(
                follow.place,
                thread.link,
                account.host,
                news,
                visit,
                account.id,
                thread.latest,
                str(error),
                stored=False,
            )
            self.store.note_taken(follow, thread.key, thread.latest, None if gone else pending)

    def _full(self, place: Place) -> str | None:
        if place.server_id is None:
            return None
        scope = self._archive.catalog.own_scope(place.server_id)
        posts = self._archive.catalog.statistics(scope).posts
        if posts < self.bounds.posts:
            return None
        return f"this server's threads already hold {posts} posts, and {self.bounds.posts} are allowed"

    async def _import(
        self,
        fetched: FetchedThread,
        place: Place,
        news: News,
        *,
        account_id: str | None = None,
        before: FetchedLink | None = None,
    ) -> FetchedLink | None:
        """Import a fetched thread; return when it is asked for next, ``None`` where nothing of it is kept."""
        # A thread keeps the name that it came in by, also where its author's handle changed since.
        name = fetched.file.name
        if before is not None and before.stored and _same_post(before.link, name):
            name = before.link
        file = SavedFile(name, fetched.file.content)

        def keep() -> list[FileReport]:
            return list(
                self._archive.import_files(
                    file,
                    collection=place.collection,
                    server_id=place.server_id,
                    news=news,
                    at_once=False,
                )
            )

        reports = await run_in_thread(keep, "following")
        error = next((report.error for report in reports if report.error), None)
        kept = any(report.threads != type(report.threads)() for report in reports)
        if not kept and error is None:
            return None
        return note_of(
            fetched, place, news, self._now(), name=name, account_id=account_id, before=before, error=error
        )

    async def _visit(self, link: str, places: Sequence[FetchedLink]) -> None:
        """Ask for a thread again, for every place that has it."""
        try:
            fetched = await fetch_thread(self._guard(), link)
        except FetchError as error:
            await self._rest(places[0].host, error)
            for one in places:
                await self._note_missing(one, error)
            return
        for one in places:
            if one.stored and not await asyncio.to_thread(self._sources, one):
                # It was taken back, or its author forgotten.
                await asyncio.to_thread(self.store.drop_fetched, one)
                continue
            if one.account_id not in {None, fetched.author} or (not one.stored and fetched.posts < MIN_POSTS):
                await asyncio.to_thread(self.store.drop_fetched, one)
                continue
            if fetched.missing is not None and one.missing is None:
                # A whole thread is not made less by an answer that broke off.
                after: FetchedLink | None = replace(one, revisit=self._later(one, None))
            else:
                after = await self._import(
                    fetched, one.place, one.news, account_id=one.account_id, before=one
                )
            if after is None:
                await asyncio.to_thread(self.store.drop_fetched, one)
            else:
                await asyncio.to_thread(self.store.note_fetched, one, after)
        await run_in_thread(self._archive.refresh, "following")

    async def _rest(self, host: str, error: FetchError) -> None:
        """Leave a host alone for as long as it asked for, also over a restart."""
        if error.retry_after:
            until = self._now() + timedelta(seconds=error.retry_after)
            await asyncio.to_thread(self.store.rest_host, host, until)

    def _later(self, one: FetchedLink, error: FetchError | None, *, gone: bool = False) -> Revisit:
        return next_visit(
            one.revisit,
            latest=one.latest,
            now=self._now(),
            whole=isinstance(error, UnwillingError),
            gone=gone,
            retry_after=error.retry_after if error else None,
            name=one.link,
        )

    async def _note_missing(self, one: FetchedLink, error: FetchError) -> None:
        """Record that a thread could not be read; take it out where it was gone twice, a day apart."""
        visit = self._later(one, error, gone=error.status in _GONE)
        if not visit.remove:
            after = replace(one, revisit=visit, missing=None if one.missing is None else str(error))
            await asyncio.to_thread(self.store.note_fetched, one, after)
            return

        def take_out() -> None:
            sources = self._sources(one)
            if sources:
                self._archive.take_back(sources)
                self._archive.refresh()
                log.info("links: a thread that is gone at its service was taken out")
            self.store.drop_fetched(one)

        await run_in_thread(take_out, "following")

    def _sources(self, one: FetchedLink) -> list[int]:
        return [
            source.id
            for source in self._archive.catalog.sources()
            if (source.name, source.collection, source.server_id)
            == (one.link, one.place.collection, one.place.server_id)
        ]

    def _count(self, outcome: str | None = None) -> None:
        """Bring the metrics up to date."""
        if self._metrics is None:
            return
        if outcome:
            self._metrics.follow_looks.labels(outcome).inc()
        known = {(one.account.host, one.account.id): one for one in self.store.following(everyone=True)}
        failing = sum(one.reason is not None for one in known.values())
        self._metrics.followed_authors.labels("well").set(len(known) - failing)
        self._metrics.followed_authors.labels("failing").set(failing)
        succeeded = [one.course.succeeded.timestamp() for one in known.values() if one.course.succeeded]
        self._metrics.follow_success.set(min(succeeded, default=0.0))


def note_of(  # noqa: PLR0913 - keywords
    fetched: FetchedThread,
    place: Place,
    news: News,
    now: datetime,
    *,
    name: str | None = None,
    account_id: str | None = None,
    before: FetchedLink | None = None,
    error: str | None = None,
) -> FetchedLink:
    """Return what is recorded of a thread by link that was imported, and when it is asked for again."""
    link = name or fetched.file.name
    missing = fetched.missing or error
    visit = next_visit(
        before.revisit if before else None,
        latest=fetched.latest,
        now=now,
        whole=missing is None,
        name=link,
    )
    host = find_link(link).post.host
    return FetchedLink(
        place, link, host, news, visit, account_id, fetched.latest, missing, stored=error is None
    )


def _same_post(link: str, other: str) -> bool:
    """Return whether two links lead to one post, whatever its author was called."""
    posts = find_link(link).post, find_link(other).post
    return posts[0].host == posts[1].host and posts[0].post == posts[1].post


def _same(one: Account, other: Account) -> bool:
    return (one.host, one.id) == (other.host, other.id)
