"""The index: one immutable segment a collection, and views of them for a scope.

The index is derived from the store and holds nothing of its own. A refresh builds the segments of the
collections that changed and swaps them in at once; whoever searches goes on with the view they have.
"""

import threading
from dataclasses import dataclass, fields, is_dataclass

import numpy as np

from retrieval.analyzer import analyzer
from retrieval.model import Collection, Scope
from retrieval.ranking.segment import Segment
from retrieval.search import Searcher
from retrieval.store import Store

__all__ = ["Index", "IndexSize"]


@dataclass(frozen=True, slots=True)
class _Indexed:
    """One collection's segment, as of one revision of the collection."""

    collection: Collection
    segment: Segment


@dataclass(frozen=True, slots=True)
class IndexSize:
    """How large an index is: its posts, and the bytes of its arrays."""

    posts: int
    bytes: int


class Index:
    """Segments of a store's collections, and searchers over any scope of them. Safe among threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._indexed: dict[int, _Indexed] = {}
        self._searchers: dict[Scope, Searcher] = {}
        self._refreshing = threading.Lock()

    def refresh(self) -> bool:
        """Take up what changed in the store since the last refresh; return whether anything did."""
        with self._refreshing:
            collections = {collection.id: collection for collection in self._store.collections()}
            known = {number: indexed.collection for number, indexed in self._indexed.items()}
            if collections == known:
                return False
            self._indexed = {
                number: self._indexed[number]
                if known.get(number) == collection
                else _Indexed(collection, self._build(collection))
                for number, collection in collections.items()
            }
            self._searchers = {}
            return True

    def size(self) -> IndexSize:
        """Return how large the index is as it is searched now."""
        segments = [indexed.segment for indexed in self._indexed.values()]
        return IndexSize(sum(map(len, segments)), sum(map(_bytes, segments)))

    def searcher(self, scope: Scope) -> Searcher:
        """Return the searcher over a scope; its statistics are those of the scope alone."""
        searchers, indexed = self._searchers, self._indexed
        known = searchers.get(scope)
        if known is None:
            segments = [indexed[number].segment for number in sorted(scope.collections & indexed.keys())]
            known = searchers[scope] = Searcher(segments)
        return known

    def _build(self, collection: Collection) -> Segment:
        posts = ((post.pk, post.thread_pk, post.text) for post in self._store.posts_of(collection.id))
        return Segment.build(analyzer(collection.language), posts)


def _bytes(held: object) -> int:
    """Return the bytes of the arrays in a value, as deep as there are data classes."""
    if isinstance(held, np.ndarray):
        return held.nbytes
    if is_dataclass(held):
        return sum(_bytes(getattr(held, field.name)) for field in fields(held))
    return 0
