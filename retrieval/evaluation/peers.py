"""What others would find: the BM25 set-ups that people use, on the same posts and questions.

Each is set up as its own documents show it, for English. Posts that match nothing are not ranked; equal
scores keep the order of the collection. Those that come with neither Bobbin nor Python are the extra
``bobbin[peers]``.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import Stemmer
from rank_bm25 import BM25Okapi

from retrieval.analysis.analyzer import Analyzer
from retrieval.errors import ArchiveError
from retrieval.evaluation.collection import Judged
from retrieval.evaluation.measures import DEPTH, Search, timed
from retrieval.sqlite import sqlite3

__all__ = ["PEERS", "MissingPeerError", "Peer"]

#: A question to the places of posts, with scores, best first.
_Rank = Callable[[str], Sequence[tuple[int, float]]]

_WORD = re.compile(r"[^\W_]+")
_TANTIVY_MEMORY = 50_000_000


class MissingPeerError(ArchiveError):
    """A peer is not here to be measured; the message says how to get it."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Another program's search. ``index`` takes the posts, and our analyzer, whether it uses it or not."""

    name: str
    index: Callable[[Sequence[str], Analyzer], _Rank]

    def build(self, judged: Judged, analyzer: Analyzer) -> Search:
        """Return its search over a collection; raise :class:`MissingPeerError` when it is not here."""
        ids = [post.id for post in judged.posts]
        rank = self.index([post.text for post in judged.posts], analyzer)
        return timed(lambda question: [(ids[place], score) for place, score in rank(question)])


def _rank_bm25(texts: Sequence[str], _analyzer: Analyzer) -> _Rank:
    model = BM25Okapi([text.split(" ") for text in texts])
    return lambda question: _best(model.get_scores(question.split(" ")))


def _rank_bm25_analyzed(texts: Sequence[str], analyzer: Analyzer) -> _Rank:
    corpus = [analyzer.terms(text) for text in texts]
    # It divides by the length of the posts and by the number of terms.
    model = BM25Okapi(corpus if any(corpus) else [[""]] * len(corpus))
    return lambda question: _best(model.get_scores(analyzer.terms(question)))


def _bm25s(texts: Sequence[str], _analyzer: Analyzer) -> _Rank:
    bm25s = _import("bm25s")
    stemmer = Stemmer.Stemmer("english")

    def tokenize(texts: list[str]) -> Any:
        return bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)

    model = bm25s.BM25()
    model.index(tokenize(list(texts)), show_progress=False)
    depth = min(DEPTH, len(texts))

    def rank(question: str) -> list[tuple[int, float]]:
        places, scores = model.retrieve(tokenize([question]), k=depth, show_progress=False)
        found = zip(places[0].tolist(), scores[0].tolist(), strict=True)
        return [(place, score) for place, score in found if score > 0]

    return rank


def _fts5(texts: Sequence[str], _analyzer: Analyzer) -> _Rank:
    # Closed with the search that holds it.
    database = sqlite3.connect(":memory:")
    try:
        database.execute("create virtual table posts using fts5(text, tokenize = 'porter')")
    except sqlite3.OperationalError as error:
        raise MissingPeerError("this Python's SQLite has no FTS5") from error
    rows = enumerate(text.encode("utf-8", "replace").decode() for text in texts)
    database.executemany("insert into posts (rowid, text) values (?, ?)", rows)

    def rank(question: str) -> list[tuple[int, float]]:
        words = " OR ".join(f'"{word}"' for word in _WORD.findall(question))
        if not words:
            return []
        wanted = "select rowid, -bm25(posts) from posts where posts match ? order by 2 desc, 1 limit ?"
        with closing(database.execute(wanted, (words, DEPTH))) as rows:
            return list(rows)

    return rank


def _tantivy(texts: Sequence[str], _analyzer: Analyzer) -> _Rank:
    tantivy = _import("tantivy")
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("text", stored=False, tokenizer_name="en_stem")
    schema.add_unsigned_field("place", stored=True)
    index = tantivy.Index(schema.build())
    writer = index.writer(heap_size=_TANTIVY_MEMORY, num_threads=1)
    for place, text in enumerate(texts):
        writer.add_document(tantivy.Document(text=text, place=place))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def rank(question: str) -> list[tuple[int, float]]:
        # Lower case, or AND, OR and NOT would be operators; nothing else of its syntax is a word.
        words = " ".join(_WORD.findall(question.lower()))
        if not words:
            return []
        hits = searcher.search(index.parse_query(words, ["text"]), limit=DEPTH).hits
        return [(searcher.doc(address)["place"][0], score) for score, address in hits]

    return rank


def _best(scores: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[tuple[int, float]]:
    order = np.argsort(-scores, kind="stable")[:DEPTH]
    return [(int(place), float(scores[place])) for place in order if scores[place] > 0]


def _import(module: str) -> Any:
    """Return an optional module; neither of them has types."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise MissingPeerError("not installed: pip install 'bobbin[peers]'") from error


PEERS = (
    Peer("rank-bm25, as its README", _rank_bm25),
    Peer("rank-bm25, our analyzer", _rank_bm25_analyzed),
    Peer("bm25s", _bm25s),
    Peer("SQLite FTS5", _fts5),
    Peer("tantivy", _tantivy),
)
