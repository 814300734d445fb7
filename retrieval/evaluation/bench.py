"""A collection in an archive of its own, asked by the code that answers people."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from retrieval.analysis.analyzer import Analyzer, analyzer
from retrieval.analysis.language_detection import detect_language
from retrieval.evaluation.collection import Judged, threads_of
from retrieval.evaluation.measures import DEPTH, QueryResult, Ranking, Search
from retrieval.index.segment import Segment
from retrieval.model import Scope
from retrieval.search.live_index import Index
from retrieval.search.search_result import NO_CONVERSATION, Conversation, SearchResult
from retrieval.search.searcher import Searcher
from retrieval.search.weights import WEIGHTS
from retrieval.storage.store import Source, Store, StoredPost

__all__ = ["Bench"]

#: The bench's own threads need a day to be imported on; nothing depends on which.
_DAY = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Bench:
    """A collection as an archive holds it.

    ``ids`` and ``threads`` are, by a post's number in the store, its id in the collection and the
    number of its thread.
    """

    analyzer: Analyzer
    posts: Sequence[StoredPost]
    ids: Mapping[int, str]
    threads: Mapping[int, int]
    searcher: Searcher

    @classmethod
    def build(cls, judged: Judged, language: str | None = None) -> "Bench":
        """Put a collection into a store, as an import does, and index it, as an archive does.

        ``language`` is an ISO 639-1 code, by default that which most posts are in. The store is gone
        afterwards; searching does not need it.
        """
        with TemporaryDirectory(prefix="bobbin-") as folder, Store.open(Path(folder) / "archive.db") as store:
            language = language or detect_language(post.text for post in judged.posts)
            collection = store.collection("main", language=language)
            store.save(threads_of(judged), collection, Source(judged.name, "", "judged"), _DAY)
            index = Index(store)
            index.refresh()
            stored = list(store.posts_of(collection.id))
            ids = {
                one.pk: one.post.source_id or "" for one in store.posts.by_pk([post.pk for post in stored])
            }
        if sorted(ids.values()) != sorted(post.id for post in judged.posts):
            raise ValueError(f"{judged.name}: the store holds other posts than the collection")
        return cls(
            analyzer=analyzer(collection.language),
            posts=stored,
            ids=ids,
            threads={post.pk: post.thread_pk for post in stored},
            searcher=index.searcher(Scope(frozenset({collection.id}))),
        )

    def ask(self, question: str) -> QueryResult:
        """Ask as a person does; the clock stands for the search alone."""
        return self._ask(self.searcher, question)

    def uncorrected(self) -> Search:
        """Return a search of the same posts that does not ask what misspelt words may mean."""
        posts = ((post.pk, post.thread_pk, post.text) for post in self.posts)
        searcher = Searcher([Segment.build(self.analyzer, posts)], WEIGHTS, spelling=False)
        return lambda question: self._ask(searcher, question)

    def search(self, question: str, conversation: Conversation = NO_CONVERSATION) -> SearchResult:
        """Search, in a conversation with the answer before."""
        return self.searcher.search(question, DEPTH, conversation)

    def ranking(self, result: SearchResult) -> Ranking:
        """Return the hits as posts of the collection."""
        return [(self.ids[hit.post], hit.score) for hit in result.hits]

    def _ask(self, searcher: Searcher, question: str) -> QueryResult:
        begun = time.perf_counter()
        result = searcher.search(question, DEPTH)
        seconds = time.perf_counter() - begun
        return QueryResult(self.ranking(result), seconds, result.confidence, result.verdict)
