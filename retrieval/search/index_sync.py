"""Keeping the index in step with the store, whichever process changes the file.

Before every question the states of the index are held against those of the file, which costs two short
queries. What differs is taken up by one thread at a time; a question waits for it a moment, and is
otherwise answered out of what was there before, without what is gone from the file by now.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import monotonic
from typing import Final, TypeVar

from retrieval.errors import ArchiveError
from retrieval.model import Scope
from retrieval.search.live_index import Index, RefreshProgress
from retrieval.search.searcher import Searcher
from retrieval.storage.store import Store

__all__ = ["IndexSync"]

log = logging.getLogger(__name__)

T = TypeVar("T")

#: A question waits so many seconds for what its own process changed,
_PATIENCE: Final = 2.0
#: so many for what another one changed, or is read in the background,
_GLANCE: Final = 0.25
#: and begins to take that up no earlier than so many seconds after the last time.
_PAUSE: Final = 1.0


class IndexSync:
    """An index and the store that it is made from; safe among threads.

    ``replaced`` is called before the index is made of a file that was put in the place of another one.
    Every method may raise :class:`~retrieval.errors.StoreError`.
    """

    def __init__(self, store: Store, index: Index, replaced: Callable[[], None] = lambda: None) -> None:
        self._store = store
        self._index = index
        self._replaced = replaced
        #: How many changes of this process a question must know of, and how many the index knows.
        self._changes, self._taken_up = 1, 0
        self._taking_up = threading.Lock()
        #: When the index was last brought up to date, by the monotonic clock.
        self._refreshed = -_PAUSE
        # One refresh at a time; it continues when the question that started it stops waiting.
        self._refreshing = ThreadPoolExecutor(1, "refresh")
        self._watching: threading.Thread | None = None
        self._closing = threading.Event()

    def close(self) -> None:
        """Stop looking for changes."""
        self._closing.set()
        if self._watching is not None:
            self._watching.join()

    @property
    def current(self) -> bool:
        """Return whether the index is of the file as it is now, so that a question waits for nothing."""
        known = self._index.states
        return bool(known) and self._taken_up == self._changes and known == self._store.states()

    def note_change(self) -> None:
        """Note that this process changed what the next question is to know of."""
        self._changes += 1

    def refresh(self, progress: RefreshProgress | None = None) -> bool:
        """Take up what changed in the file; return whether anything did.

        ``progress`` receives how many posts of how many are read, where that takes long.
        """
        with self._taking_up:
            # Counted first: what is imported while the index is made is for the next time.
            changes = self._changes
            if not self._store.follows(self._index.states):
                self._replaced()
            changed = self._index.refresh(progress)
            self._taken_up = changes
            self._refreshed = monotonic()
        self._store.settle()
        return changed

    def searched(self, scope: Scope, search: Callable[[Searcher], T]) -> T:
        """Return what is found in the file as it is now, and nothing of one that it has replaced.

        The index names posts by their numbers in the file, which in another file are other posts.
        """
        while True:
            self._take_up()
            known = self._index.states
            result = search(self._index.searcher(scope))
            if self._store.follows(known):
                return result

    def watch(self, every: float) -> None:
        """Look in the background for what other processes changed, each ``every`` seconds, until closed."""
        if self._watching is None:
            self._watching = threading.Thread(target=self._watch, args=(every,), name="watch", daemon=True)
            self._watching.start()

    def _watch(self, every: float) -> None:
        refusal = ""
        while not self._closing.wait(every):
            try:
                if self.refresh():
                    log.info("took up what changed in the archive")
                refusal = ""
            except ArchiveError as error:
                if str(error) != refusal:
                    log.warning("cannot look for changes, tries again every %g s: %s", every, error)
                refusal = str(error)
            except Exception:
                log.exception("could not take up what changed; next try in %g s", every)

    def _take_up(self) -> None:
        """See to it that what any process changed is found, as far as it is worth waiting for."""
        known = self._index.states
        if known == self._store.states():
            return
        if not known or not self._store.follows(known):
            self._refresh_if_behind()  # there is nothing to answer from, or it is of another archive
            return
        ours = self._taken_up < self._changes
        if ours or monotonic() - self._refreshed >= _PAUSE:
            with suppress(TimeoutError):
                self._refreshing.submit(self._refresh_if_behind).result(_PATIENCE if ours else _GLANCE)

    def _refresh_if_behind(self) -> None:
        with self._taking_up:
            behind = self._index.states != self._store.states()
        if behind:
            self.refresh()
