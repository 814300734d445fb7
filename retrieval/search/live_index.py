"""The index: immutable segments of each collection, and views of them for a scope.

The index is derived from the store and holds nothing of its own. A refresh reads what changed since the
state that a collection's segments are of: threads that are new or were written anew make a small segment,
those that are gone are taken out of the others, and the next question uses the new view at once;
searches in progress keep the view they started with. Afterwards a background thread makes few
segments of many and stores them beside the database, from where the next start maps them.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from retrieval.analysis.analyzer import analyzer
from retrieval.analysis.language_detection import thread_language
from retrieval.errors import StoreError
from retrieval.index.index_store import IndexedCollection, IndexStore, StoredSegment
from retrieval.index.segment import Segment
from retrieval.index.segment_merge import merge_segments, without_threads
from retrieval.model import Scope
from retrieval.search.searcher import Searcher
from retrieval.storage.store import CollectionState, Snapshot, Store

__all__ = ["Index", "IndexSize", "RefreshProgress"]

log = logging.getLogger(__name__)

#: Called with how many posts are read, and of how many.
RefreshProgress = Callable[[int, int], None]

#: Collections of fewer posts are indexed anew whenever they change, and stored for the next start at the end.
_FEW: Final = 5_000
#: So many scopes find their searchers ready; what each knows of terms takes memory.
_SCOPES: Final = 16
#: A segment is joined with the one before it unless that one is so many times as large.
_TIMES: Final = 8


@dataclass(frozen=True, slots=True)
class _View:
    """What can be searched at one time, of which states, and the searchers that were asked for."""

    states: Mapping[int, CollectionState]
    indexed: Mapping[int, IndexedCollection]
    searchers: dict[Scope, Searcher]


@dataclass(frozen=True, slots=True)
class IndexSize:
    """How large an index is: its posts, and the bytes of its arrays."""

    posts: int
    bytes: int


class Index:
    """Segments of a store's collections, and searchers over any scope of them. Safe among threads.

    ``folder`` is where they are stored, by default nowhere. Collections of fewer posts than ``few`` are
    not kept in several segments, and are stored when the index is closed.
    """

    def __init__(self, store: Store, folder: Path | None = None, *, few: int = _FEW) -> None:
        self._store = store
        self._shelf = IndexStore(folder) if folder else None
        self._few = few
        self._view = _View({}, {}, {})
        self._refreshing = threading.Lock()
        self._swapping = threading.Lock()
        self._storing = threading.Lock()
        #: How often what is stored was deleted, and how often when the view's refresh began.
        self._unstored = self._known_unstored = 0
        self._tidying: threading.Thread | None = None
        self._untidy = False
        self._closed = threading.Event()

    def close(self) -> None:
        """Let what is being stored be stored, store small collections, and begin nothing more."""
        self._closed.set()
        self.settle()
        self._store_small()

    def settle(self) -> None:
        """Wait until segments are joined and stored, as far as they will be."""
        while (tidying := self._tidying) is not None:
            tidying.join()

    def unstore(self) -> None:
        """Delete what is stored, which holds words that are to be forgotten; a refresh stores anew.

        Nothing is stored before that, or words would come back that the index in memory still holds.
        """
        with self._storing:
            self._unstored += 1
            if self._shelf is not None:
                self._shelf.clear()
            with self._swapping:
                view = self._view
                bare = {number: _unfiled(one) for number, one in view.indexed.items()}
                self._view = replace(view, indexed=bare)

    def refresh(self, progress: RefreshProgress | None = None) -> bool:
        """Take up what changed in the store since the last refresh; return whether anything did.

        ``progress`` receives how many posts of how many are read, where that takes long.
        """
        with self._refreshing:
            unstored = self._unstored
            states = self._store.states()
            before = self._view
            if states == before.states:
                self._known_unstored = unstored
                self._tidy_up()
                return False
            indexed = {}
            for number, state in states.items():
                known = before.indexed.get(number)
                if known is None or known.state != state:
                    known = self._take_up(number, known, progress)
                if known is not None:
                    indexed[number] = known
            with self._swapping:
                # What was tidied up meanwhile is of the same state, and better.
                for number, known in self._view.indexed.items():
                    if number in indexed and indexed[number] is before.indexed.get(number):
                        indexed[number] = known
                self._show(states, indexed)
                self._known_unstored = unstored
            self._tidy_up()
            return True

    def size(self) -> IndexSize:
        """Return how large the index is as it is searched now."""
        segments = [part.segment for indexed in self._view.indexed.values() for part in indexed.parts]
        return IndexSize(sum(map(len, segments)), sum(map(_bytes, segments)))

    def languages(self, collection_id: int) -> Mapping[str, int]:
        """Return how many posts of a collection are in each language, by ISO 639-1 code, most first."""
        posts: Counter[str] = Counter()
        indexed = self._view.indexed.get(collection_id)
        if indexed is not None:
            for part in indexed.parts:
                posts[part.segment.analyzer.language] += len(part.segment)
        else:
            with self._store.snapshot(collection_id) as snapshot:
                language = snapshot.language or "en"
                others = _languages(snapshot, -1, language)
                for post in snapshot.posts():
                    posts[others.get(post.thread_pk, language)] += 1
        return dict(posts.most_common())

    @property
    def states(self) -> Mapping[int, CollectionState]:
        """Return the states of the collections that are searched now."""
        return self._view.states

    def searcher(self, scope: Scope) -> Searcher:
        """Return the searcher over a scope; its statistics are those of the scope alone."""
        view = self._view
        known = view.searchers.get(scope)
        if known is None:
            for oldest in list(view.searchers)[: 1 - _SCOPES]:
                view.searchers.pop(oldest, None)
            known = view.searchers[scope] = _searcher(view.indexed, scope)
        return known

    def _show(self, states: Mapping[int, CollectionState], indexed: Mapping[int, IndexedCollection]) -> None:
        """Show a new view, in which those who asked before find their searchers ready."""
        before = self._view
        changed = {
            number
            for number in before.indexed.keys() | indexed.keys()
            if before.indexed.get(number) is not indexed.get(number)
        }
        searchers = {
            scope: _searcher(indexed, scope) if scope.collections & changed else searcher
            for scope, searcher in list(before.searchers.items())
        }
        self._view = _View(states, indexed, searchers)

    # Taking up what changed

    def _take_up(
        self, number: int, known: IndexedCollection | None, progress: RefreshProgress | None
    ) -> IndexedCollection | None:
        """Return a collection's segments as of now, ``None`` when it is gone."""
        with self._store.snapshot(number) as snapshot:
            if snapshot.language is None:
                return None
            if known is None and self._shelf is not None:
                known = self._shelf.find(number)
            if known is not None and known.state == snapshot.state and known.language == snapshot.language:
                return known
            if (
                known is None
                or known.language != snapshot.language
                or len(known) < self._few
                or not snapshot.follows(known.state)
            ):
                self._drop_stored(number)
                before = known.norm.b if known is not None else None
                return self._build(snapshot, snapshot.language, before, progress)
            updated = self._update(known, snapshot, progress)
        if len(updated) < self._few:
            self._drop_stored(number)
            return _unfiled(updated)
        return updated

    def _drop_stored(self, number: int) -> None:
        """Delete what is stored of a small collection that changed: it may hold words that are gone."""
        if self._shelf is not None:
            with suppress(OSError):
                self._shelf.drop(number)

    def _build(
        self, snapshot: Snapshot, language: str, before: float | None, progress: RefreshProgress | None
    ) -> IndexedCollection:
        segments = _segments(language, snapshot, -1, snapshot.count(), progress)
        return IndexedCollection.of(snapshot.state, language, tuple(map(StoredSegment, segments)), before)

    def _update(
        self, known: IndexedCollection, snapshot: Snapshot, progress: RefreshProgress | None
    ) -> IndexedCollection:
        """Bring the segments of an earlier state up to date."""
        since = known.state.revision
        written = np.array(snapshot.threads(since), np.int64)
        held = np.concatenate([part.segment.thread_pks for part in known.parts])
        gone = np.intersect1d(held, written)
        if snapshot.thread_count() != len(held) + len(written) - len(gone):
            gone = np.union1d(gone, np.setdiff1d(held, snapshot.threads()))
        parts = [_part_without(part, gone) for part in known.parts]
        if len(written):
            written_anew = _segments(known.language, snapshot, since, snapshot.count(since), progress)
            parts += map(StoredSegment, written_anew)
        parts = [part for part in parts if len(part.segment)]
        return IndexedCollection.of(snapshot.state, known.language, tuple(parts), known.norm.b)

    # Tidying up in the background

    def _tidy_up(self) -> None:
        """Have segments joined and stored, by one thread at a time."""
        with self._swapping:
            self._untidy = True
            if self._tidying is None and any(map(self._wanting, self._view.indexed.values())):
                self._tidying = threading.Thread(target=self._tidy, name="index", daemon=True)
                self._tidying.start()

    def _wanting(self, indexed: IndexedCollection) -> bool:
        """Return whether there is something to join or to store."""
        storing = self._shelf is not None and any(part.file is None for part in indexed.parts)
        return len(indexed) >= self._few and (storing or _to_join(indexed.parts) is not None)

    def _tidy(self) -> None:
        while True:
            with self._swapping:
                if not self._untidy:
                    self._tidying = None
                    return
                self._untidy = False
                view = self._view
            try:
                for number, indexed in view.indexed.items():
                    self._tidy_one(number, indexed)
                if self._shelf is not None:
                    # Of those that have become small nothing is stored before the end.
                    self._shelf.forget(
                        [
                            number
                            for number, one in view.indexed.items()
                            if len(one) >= self._few or _is_stored(one)
                        ]
                    )
            except OSError as error:
                self._shelf = None
                log.warning("the index cannot be stored and is kept in memory only: %s", error)
            except Exception:
                log.exception("the index could not be tidied up; it answers as it is")

    def _tidy_one(self, number: int, indexed: IndexedCollection) -> None:
        """Join what is to be joined, then store; after each the tidier segments are shown."""
        if len(indexed) < self._few:
            return
        while not self._closed.is_set() and (joining := _to_join(indexed.parts)) is not None:
            whole = StoredSegment(merge_segments([part.segment for part in joining]))
            others = [part for part in indexed.parts if part not in joining]
            tidier = replace(indexed, parts=(*others, whole))
            if not self._put(number, indexed, tidier):
                return
            indexed = tidier
        with self._storing:
            if self._shelf is None or self._unstored != self._known_unstored:
                return
            kept = self._shelf.keep(number, indexed)
        self._put(number, indexed, kept)

    def _store_small(self) -> None:
        """Store the collections that are built anew at each change, so that the next start finds them.

        Where the store has changed since, or words were forgotten, the index in memory is not what may stay.
        """
        with self._storing:
            view = self._view
            small = [
                (number, one)
                for number, one in view.indexed.items()
                if 0 < len(one) < self._few and not _is_stored(one)
            ]
            if not small or self._shelf is None or self._unstored != self._known_unstored:
                return
            try:
                if self._store.states() == view.states:
                    for number, one in small:
                        self._shelf.keep(number, one)
            except (OSError, StoreError) as error:
                log.debug("small collections are not stored, the next start reads them anew: %s", error)

    def _put(self, number: int, indexed: IndexedCollection, tidier: IndexedCollection) -> bool:
        """Show tidier segments in the place of others, unless these have gone out of date meanwhile."""
        with self._swapping:
            view = self._view
            if view.indexed.get(number) is not indexed:
                return False
            self._show(view.states, {**view.indexed, number: tidier})
            return True


def _unfiled(indexed: IndexedCollection) -> IndexedCollection:
    return replace(indexed, parts=tuple(StoredSegment(part.segment) for part in indexed.parts))


def _is_stored(indexed: IndexedCollection) -> bool:
    return all(part.file is not None for part in indexed.parts)


def _searcher(indexed: Mapping[int, IndexedCollection], scope: Scope) -> Searcher:
    numbers = sorted(scope.collections & indexed.keys())
    parts = [(number, indexed[number], part) for number in numbers for part in indexed[number].parts]
    return Searcher(
        [part.segment for _, _, part in parts],
        norms=[one.norm for _, one, _ in parts],
        collections=[number for number, _, _ in parts],
    )


def _segments(
    language: str, snapshot: Snapshot, since: int, total: int, progress: RefreshProgress | None
) -> list[Segment]:
    """Build a segment, for each language, of the threads that were written after a revision.

    ``language`` is the collection's, and comes first; there is a segment of it even without a thread.
    """
    others = _languages(snapshot, since, language)
    before = 0

    def report(done: int) -> None:
        if progress is not None:
            progress(before + done, total)

    segments = []
    for one in dict.fromkeys([language, *others.values()]):
        posts = (
            (post.pk, post.thread_pk, post.text)
            for post in snapshot.posts(since)
            if others.get(post.thread_pk, language) == one
        )
        segments.append(Segment.build(analyzer(one), posts, progress=report))
        before += len(segments[-1])
    return [segment for segment in segments if len(segment)] or segments[:1]


def _languages(snapshot: Snapshot, since: int, likely: str) -> dict[int, str]:
    """Return the languages of the threads written after a revision that are in another than the likely."""
    threads = groupby(snapshot.posts(since), key=lambda post: post.thread_pk)
    found = ((thread, thread_language((post.text for post in posts), likely)) for thread, posts in threads)
    return {thread: language for thread, language in found if language != likely}


def _part_without(part: StoredSegment, gone: NDArray[np.int64]) -> StoredSegment:
    """Return the part without some threads; its file is no longer its own if it had any."""
    left = without_threads(part.segment, gone)
    return part if left is part.segment else StoredSegment(left)


def _to_join(parts: tuple[StoredSegment, ...]) -> list[StoredSegment] | None:
    """Return the parts of a language that should be one, ``None`` when all are well as they are."""
    by_language: dict[str, list[StoredSegment]] = {}
    for part in parts:
        by_language.setdefault(part.segment.analyzer.language, []).append(part)
    for alike in by_language.values():
        place = _first_to_join(alike)
        if place is not None:
            return alike[place:]
    return None


def _first_to_join(parts: Sequence[StoredSegment]) -> int | None:
    """Return the first of the last parts of a language that should be one.

    A part in which words are left that no post holds any more is made anew, if need be alone.
    """
    for place, part in enumerate(parts):
        if not part.segment.word_counts.all():
            return place
    for place in range(len(parts) - 1):
        if len(parts[place].segment) < _TIMES * sum(len(part.segment) for part in parts[place + 1 :]):
            return place
    return None


def _bytes(held: object) -> int:
    """Return the bytes of the arrays in a value, as deep as there are data classes."""
    if isinstance(held, np.ndarray):
        return held.nbytes
    if is_dataclass(held):
        return sum(_bytes(getattr(held, field.name)) for field in fields(held))
    return 0
