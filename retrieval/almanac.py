"""What came in since when, what has its day today, and what threads tell most of themselves."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from retrieval.analyzer import analyzer
from retrieval.errors import ThreadNotFoundError
from retrieval.model import Excerpt, Scope, ThreadSummary
from retrieval.search import Searcher
from retrieval.store import Store
from retrieval.telling import most_telling

__all__ = ["Almanac"]


class Almanac:
    """An archive by its calendar; ``searcher`` gives the searcher over a scope.

    Every method may be called from any thread, and may raise :class:`~retrieval.errors.StoreError`.
    """

    def __init__(self, store: Store, searcher: Callable[[Scope], Searcher]) -> None:
        self._store = store
        self._searcher = searcher

    def position(self) -> tuple[str, int]:
        """Return what tells this archive from any other, and the number of the thread that came in last."""
        return self._store.position()

    def newcomers(
        self, server_id: int | None, *, since: int, until: int, offset: int = 0, limit: int = 5
    ) -> tuple[list[ThreadSummary], int]:
        """Return the threads that came in after the number ``since`` up to ``until``, and their number.

        Of all collections that the server may see but the handbook; complete threads come first, then
        the newest, then the longest. A thread that is known from more files now, or more fully, is not new.
        """
        scope = Scope(
            frozenset(
                known.id
                for known in self._store.collections()
                if not known.handbook and known.server_id in {None, server_id}
            )
        )
        return self._store.newcomers(scope, since=since, until=until, offset=offset, limit=limit)

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

    def summaries(self, thread_ids: Sequence[str], scope: Scope) -> dict[str, ThreadSummary]:
        """Return the summaries of threads by their ids; those that are not there are left out."""
        return self._store.summaries(thread_ids, scope)

    def telling(self, thread_id: str, scope: Scope) -> Excerpt:
        """Return the excerpt that tells most of what a thread is about, by the scope's own weights.

        Raises ``ThreadNotFoundError``.
        """
        thread = self._store.thread(thread_id, scope)
        language = self._store.language_of(thread_id, scope)
        if thread is None or language is None:
            raise ThreadNotFoundError(f"no thread {thread_id!r} in the archive")
        searcher = self._searcher(scope)
        found = most_telling(
            [post.text for post in thread.posts],
            lambda term: searcher.information(term, language),
            analyzer(language),
        )
        return Excerpt(thread.posts[found.post], thread.summary(), found.start, found.end)
