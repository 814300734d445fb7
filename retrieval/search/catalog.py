"""What the archive holds, as far as it is found without searching: scopes, files, threads, dates."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import date, datetime, timedelta
from random import Random

from retrieval.errors import AmbiguousThreadError, ThreadNotFoundError
from retrieval.formats.import_types import SourceFile
from retrieval.model import Author, Collection, Post, Scope, Thread, ThreadSummary, post_key
from retrieval.search.autocomplete import Autocomplete
from retrieval.storage.store import Statistics, Store

__all__ = ["Catalog"]

#: So many threads are offered where one of them was meant.
_CANDIDATES = 25


class Catalog:
    """The threads of a store as people look them up, list them and browse in them.

    Methods that take a :class:`~retrieval.model.Scope` see nothing beyond it. Every method may be called
    from any thread and raises :class:`~retrieval.errors.StoreError` when the database refuses.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._titles = Autocomplete(store)

    # Scopes

    def scope(self, server_id: int | None = None) -> Scope:
        """Return what a member of a server may see; without one, what everybody may.

        That is every public collection and the server's own. While these hold no thread at all, it
        is the handbook.
        """
        scope = self.visible_scope(server_id)
        return scope if self._store.holds_threads(scope) else self.handbook_scope()

    def handbook_scope(self) -> Scope:
        """Return the scope of the threads that explain Bobbin."""
        return Scope(frozenset(known.id for known in self._store.collections() if known.handbook))

    def collections(self, server_id: int | None = None) -> list[Collection]:
        """Return the public collections and the server's own, without the handbook."""
        return [
            collection
            for collection in self._store.collections()
            if not collection.handbook and collection.server_id in {None, server_id}
        ]

    def visible_scope(self, server_id: int | None) -> Scope:
        """Return the scope of the public collections and the server's own, without the handbook."""
        return Scope(frozenset(known.id for known in self.collections(server_id)))

    def public_scope(self) -> Scope:
        """Return the scope of the public collections, without the handbook."""
        return self.visible_scope(None)

    def own_scope(self, server_id: int) -> Scope:
        """Return the scope of a server's own collections, without the public ones."""
        own = self.collections(server_id)
        return Scope(frozenset(known.id for known in own if known.server_id == server_id))

    def servers(self) -> frozenset[int]:
        """Return the servers that have collections of their own."""
        known = (collection.server_id for collection in self._store.collections())
        return frozenset(server_id for server_id in known if server_id)

    def state(self) -> Hashable:
        """Return what is equal for as long as no collection of the archive changes."""
        return tuple(self._store.states().items())

    def statistics(self, scope: Scope) -> Statistics:
        """Return how many collections, threads, posts and previews a scope holds."""
        return self._store.statistics(scope)

    # Files

    def uploads(self, server_id: int) -> list[SourceFile]:
        """Return the files that were read for a server alone, the newest first."""
        return [file for file in self._store.sources() if file.server_id == server_id]

    def sources(self) -> list[SourceFile]:
        """Return the files that were read and what the archive has from each, the newest first."""
        return self._store.sources()

    def sources_of(self, thread_id: str, scope: Scope) -> list[SourceFile]:
        """Return the files that a thread is known from; raise ``ThreadNotFoundError`` for none."""
        found = self._store.sources((thread_id, scope)) or self._store.sources(
            (self.thread(thread_id, scope).id, scope)
        )
        if not found:
            raise ThreadNotFoundError(
                f"no thread {thread_id!r} was imported; the list of threads has the ids"
            )
        return found

    # Threads

    def thread(self, thread_id: str, scope: Scope) -> Thread:
        """Return a thread with all its posts; raise ``ThreadNotFoundError`` when it is not there.

        An id that the thread had earlier does as well. Raises ``AmbiguousThreadError``, with the
        candidates, where that may have been the id of several.
        """
        thread = self._store.thread(thread_id, scope)
        if thread is None:
            led = self._led_to(post_key(thread_id, 0), scope)
            thread = led and self._store.thread(led[0], scope)
        if thread is None:
            raise ThreadNotFoundError(
                f"no thread {thread_id!r} in the archive; the list of threads has the ids"
            )
        return thread

    def locate(self, key: int, scope: Scope) -> tuple[Thread, Post]:
        """Return the post of a key with its thread; raise ``ThreadNotFoundError`` when it is gone.

        A key of earlier does as an id does; see :meth:`thread`.
        """
        found = self._store.find(key, scope)
        if found is None:
            led = self._led_to(key, scope)
            found = led and self._store.find(post_key(*led), scope)
        if found is None:
            raise ThreadNotFoundError("this post is no longer in the archive; ask again to find its like")
        return found

    def _led_to(self, key: int, scope: Scope) -> tuple[str, int] | None:
        """Return the id of the only thread that a key may have led to, and the post's place in it."""
        led, total = self._store.led_to(key, scope, limit=_CANDIDATES)
        if total > 1:
            raise AmbiguousThreadError([summary for summary, _ in led], total)
        return (led[0][0].id, led[0][1]) if led else None

    def threads(
        self, scope: Scope, *, author: str | None = None, offset: int = 0, limit: int = 25
    ) -> list[ThreadSummary]:
        """Return threads, the newest first: by their date, where unknown by when they came in."""
        return self._store.threads(scope, author=author, offset=offset, limit=limit)

    def summaries(self, thread_ids: Sequence[str], scope: Scope) -> dict[str, ThreadSummary]:
        """Return the summaries of threads by their ids; those that are not there are left out."""
        return self._store.summaries(thread_ids, scope)

    def count(self, scope: Scope, *, author: str | None = None) -> int:
        """Return how many threads a scope holds, of one author or of all."""
        return self._store.count(scope, author=author)

    def some(self, scope: Scope, number: int, chance: Random) -> list[ThreadSummary]:
        """Return so many threads by chance, each once, fewer where there are not as many."""
        return self._store.some(scope, number, chance)

    def authors(self, scope: Scope) -> list[Author]:
        """Return a scope's known authors, who wrote the most threads first."""
        return self._store.authors(scope)

    def complete(self, text: str, scope: Scope, *, limit: int = 25) -> list[ThreadSummary]:
        """Return the threads whose title, opening words and author hold every word of the text.

        Case, accents and punctuation do not matter; words may be unfinished. Those that begin with
        the text come first, then those with it at the start of a word, each the newest first. Without
        words in the text, the newest threads. A thread that two collections hold is told once. What
        came into a large collection is told a moment later.
        """
        return self._titles.complete(text, scope, limit)

    def complete_author(self, text: str, scope: Scope, *, limit: int = 25) -> list[tuple[str, int]]:
        """Return the authors whose names hold the text, and how many threads they have.

        Names that begin with the text come first, then those with it at the start of a word.
        """
        return self._titles.authors(text, scope, limit)

    # What came when

    def position(self) -> tuple[str, int]:
        """Return what tells this archive from any other, and the number of the thread that came in last."""
        return self._store.position()

    def latest(self, scope: Scope, *, limit: int = 25) -> list[tuple[ThreadSummary, datetime]]:
        """Return the threads of a scope that came in last, the last first, each with when it did."""
        return self._store.latest(scope, limit=limit)

    def arrivals(
        self, server_id: int | None, *, since: int, until: int, offset: int = 0, limit: int = 5
    ) -> tuple[list[ThreadSummary], int]:
        """Return the threads that came in after the number ``since`` up to ``until``, and their number.

        Of all collections that the server may see but the handbook; complete threads come first, then
        the newest, then the longest. A thread that is known from more files now, or more fully, is not new.
        """
        scope = self.visible_scope(server_id)
        return self._store.arrivals(scope, since=since, until=until, offset=offset, limit=limit)

    def anniversaries(self, scope: Scope, day: date) -> list[ThreadSummary]:
        """Return threads that were posted on the day of some year, or within a day of it, by UTC."""
        days = [day + timedelta(days=step) for step in (-1, 0, 1)]
        # In a year without it, the 29th of February is kept the day before.
        leap = [date(2000, 2, 29)] if any((near.month, near.day) == (2, 28) for near in days) else []
        return [
            summary
            for number in sorted(scope.collections)
            for summary in self._store.anniversaries(number, [*days, *leap])
        ]

    def following(self, scope: Scope, start: str, leave_out: Iterable[str] = ()) -> ThreadSummary | None:
        """Return the thread whose id follows ``start``, around from the last to the first, but for some.

        A complete one where there is any; ``None`` where none is left.
        """
        return self._store.following(scope, start, leave_out)
