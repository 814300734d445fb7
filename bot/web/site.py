"""The site: the archive behind the pages, its settings, clock and caches."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar, cast

from bot.digest.editions import Editions
from bot.settings import Network
from bot.web.rate_limit import Rate
from retrieval.archive import Archive, Statistics
from retrieval.model import Author, Scope, Thread

__all__ = ["Freshness", "Site", "StateCache"]

T = TypeVar("T")


class Freshness:
    """When the archive was last seen to have changed, in whole seconds; safe among threads.

    It begins with the start of the process, since another version may show the same thread otherwise.
    """

    def __init__(self, now: datetime) -> None:
        self._state: object = None
        self._since = now.replace(microsecond=0)
        self._lock = threading.Lock()

    def since(self, state: object, now: datetime) -> datetime:
        """Return since when the archive is in this state, as far as is known here."""
        with self._lock:
            if self._state is not None and state != self._state:
                # Up to the next second: what was sent earlier in this one must count as older.
                whole = now.replace(microsecond=0) + timedelta(seconds=1)
                self._since = max(whole, self._since + timedelta(seconds=1))
            self._state = state
            return self._since


class StateCache:
    """Values computed from the archive's present state, at most ``capacity`` of them; safe among threads."""

    def __init__(self, capacity: int = 2_000) -> None:
        self._state: object = None
        self._values: OrderedDict[object, object] = OrderedDict()
        self._capacity = capacity
        self._lock = threading.Lock()

    def get(self, state: object, name: object, compute: Callable[[], T]) -> T:
        """Return the value of a name, computed where the state is another one or the value is gone."""
        with self._lock:
            if state != self._state:
                self._state, self._values = state, OrderedDict()
            values = self._values
            if name in values:
                values.move_to_end(name)
                return cast("T", values[name])
        value = compute()
        with self._lock:
            values[name] = value
            while len(values) > self._capacity:
                values.popitem(last=False)
        return value


@dataclass(frozen=True, slots=True)
class Site:
    """All that a page may be made from.

    ``key`` signs the addresses of servers' own threads and digests, and ``editions`` opens what is known of
    these, where there is anything. ``quotes`` is how many an answer has.
    ``public_url`` is the address that others know it by, without a slash at its end. ``private`` pages answer
    requests that name this machine alone.
    """

    archive: Archive
    key: bytes
    quotes: int = 3
    public_url: str | None = None
    trusted_proxies: tuple[Network, ...] = ()
    rate: Rate = field(default_factory=Rate)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    cache: StateCache = field(default_factory=StateCache)
    private: bool = False
    freshness: Freshness = field(default_factory=lambda: Freshness(datetime.now(UTC)))
    editions: Callable[[], AbstractContextManager[Editions]] | None = None

    def scope(self) -> Scope:
        """Return what everybody may see."""
        return self.archive.catalog.scope()

    def thread(self, thread_id: str) -> tuple[Thread, Scope]:
        """Return a public thread, or one of the handbook, with the scope it was found in.

        Raises :class:`~retrieval.errors.ThreadNotFoundError`, and
        :class:`~retrieval.errors.AmbiguousThreadError` where the id was that of several.
        """
        scope = self.archive.catalog.lookup_scope()
        return self.archive.catalog.thread(thread_id, scope), scope

    def cached(self, name: object, compute: Callable[[], T]) -> T:
        """Return a value that is computed once for each state of the archive."""
        return self.cache.get(self.archive.state(), name, compute)

    def statistics(self, scope: Scope) -> Statistics:
        """Return how much a scope holds, counted once for each state of the archive."""
        return self.cached(("statistics", scope), lambda: self.archive.catalog.statistics(scope))

    def authors(self, scope: Scope) -> list[Author]:
        """Return a scope's authors, counted once for each state of the archive."""
        return self.cached(("authors", scope), lambda: self.archive.catalog.authors(scope))

    def state(self) -> tuple[str, float]:
        """Return a name of the archive's state and when it was last seen to change, in seconds since 1970."""
        state = self.archive.state()
        return repr(state), self.freshness.since(state, self.now()).timestamp()
