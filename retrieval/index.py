"""The index: one immutable segment a collection, and views of them for a scope.

The index is derived from the store and holds nothing of its own. A refresh builds the segments of the
collections that changed and swaps them in at once; whoever searches goes on with the view they have.
"""

import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.analyzer import analyzer
from retrieval.model import Collection, Scope
from retrieval.ranker import Integers, Segment
from retrieval.search import Part, Searcher
from retrieval.store import Store

__all__ = ["Index"]


@dataclass(frozen=True, slots=True)
class _Indexed:
    """One collection's segment, as of one revision of the collection."""

    collection: Collection
    part: Part


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

    def searcher(self, scope: Scope) -> Searcher:
        """Return the searcher over a scope; its statistics are those of the scope alone."""
        searchers, indexed = self._searchers, self._indexed
        known = searchers.get(scope)
        if known is None:
            by_language: defaultdict[str, list[Part]] = defaultdict(list)
            for number in sorted(scope.collections & indexed.keys()):
                by_language[indexed[number].collection.language].append(indexed[number].part)
            known = searchers[scope] = Searcher(
                {language: parts for language, parts in by_language.items() if any(map(len, parts))}
            )
        return known

    def _build(self, collection: Collection) -> Part:
        analyze = analyzer(collection.language).terms
        posts: list[int] = []
        threads: list[int] = []

        def documents() -> "Sequence[Sequence[str]]":
            analyzed = []
            for post in self._store.posts_of(collection.id):
                posts.append(post.pk)
                threads.append(post.thread_pk)
                analyzed.append(analyze(post.text))
            return analyzed

        segment = Segment.build(documents())
        return Part(segment, _integers(posts), _integers(threads))


def _integers(numbers: Sequence[int]) -> Integers:
    return np.array(numbers, dtype=np.int64)
