"""The engines that are compared: each builds an index in a folder and answers from it.

Every engine is given what is best for it. All get the same words, apart by spaces, and rank by BM25 with
the parameters of :mod:`retrieval.index.bm25`; tantivy and SQLite have k1 1.2 and b 0.75 built in. None
keeps positions but SQLite, which counts no frequencies without them. The clock stands for ``ask``, from the
question's words to the engine's own form of the ten best posts; ``read`` turns that into pairs of post and
score.
"""

import json
import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.analysis.analyzer import Analyzer, analyzer
from retrieval.index.bm25 import K1, B
from retrieval.index.postings import Postings
from retrieval.index.segment import Segment
from retrieval.search import jit
from retrieval.search.ranker import Ranker
from retrieval.search.searcher import Searcher
from retrieval.sqlite import sqlite3
from tests.benchmarks.corpus import Corpus

__all__ = ["ENGINES", "PLAIN", "REFERENCE", "TOP", "Engine", "Hits"]

#: So many posts are asked for.
TOP = 10
#: Bobbin's row that is held against rank-bm25's, and the name of that one.
PLAIN, REFERENCE = "Bobbin BM25, NumPy", "rank-bm25"

_INDEX = "index.pickle"
_TANTIVY_MEMORY = 2_000_000_000

Hits = list[tuple[int, float]]
_Ask = Callable[[list[str]], Any]


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine: ``build`` puts an index into a folder, ``load`` takes it up, ``ask`` and ``read`` ask it.

    ``modules`` are what it needs, imported before memory is looked at; ``without`` those it has to do
    without. ``built_by`` names the engine whose index it takes, where it is not its own.
    """

    name: str
    build: Callable[[Corpus, Path], None]
    load: Callable[[Path], _Ask]
    read: Callable[[Any], Hits]
    modules: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    built_by: str = ""
    ours: bool = False

    @property
    def missing(self) -> str | None:
        """Return the first module that is not installed, ``None`` when the engine is here."""
        return next((name for name in self.modules if find_spec(name.partition(".")[0]) is None), None)

    def prepare(self) -> None:
        """Import what it needs and hide what it has to do without."""
        for name in self.without:
            assert name not in sys.modules, f"{name} is imported before it could be hidden"
            sys.modules[name] = None  # type: ignore[assignment]  # what makes an import fail
        for name in self.modules:
            import_module(name)


def _read_plain(found: Any) -> Hits:
    posts, scores = found
    return list(zip(posts.tolist(), scores.tolist(), strict=True))


# Bobbin


def _build_plain(corpus: Corpus, folder: Path) -> None:
    _keep(Postings.build(corpus.tokens()), folder)


def _load_plain(folder: Path, *, compiled: bool) -> _Ask:
    ranker = Ranker([_kept(folder)], compiled=compiled)
    return lambda terms: ranker.rank(terms, TOP)


def _build_full(corpus: Corpus, folder: Path) -> None:
    posts = zip(range(corpus.posts), corpus.threads().tolist(), corpus.texts(), strict=True)
    _keep(Segment.build(analyzer("en"), posts), folder)


def _load_full(folder: Path, *, compiled: bool) -> _Ask:
    if compiled:
        jit.compiled_loops(wait=True)
    searcher = Searcher([_kept(folder)])
    return lambda terms: searcher.search(" ".join(terms), TOP)


def _keep(index: object, folder: Path) -> None:
    with (folder / _INDEX).open("wb") as file:
        pickler = pickle.Pickler(file, protocol=5)
        # An analyzer holds a lock; its language is enough to have it again.
        pickler.dispatch_table = {Analyzer: lambda one: (analyzer, (one.language,))}
        pickler.dump(index)


def _kept(folder: Path) -> Any:
    with (folder / _INDEX).open("rb") as file:
        return pickle.load(file)  # noqa: S301 - written by this program a moment ago


# rank-bm25


def _build_rank_bm25(corpus: Corpus, folder: Path) -> None:
    _keep(import_module("rank_bm25").BM25Plus(list(corpus.tokens()), k1=K1, b=B, delta=0), folder)


def _load_rank_bm25(folder: Path) -> _Ask:
    model = _kept(folder)

    def ask(terms: list[str]) -> Any:
        # As its get_top_n does, which returns the texts without their scores.
        scores = model.get_scores(terms)
        return [(post, scores[post]) for post in np.argsort(scores)[::-1][:TOP]]

    return ask


def _plain_numbers(hits: Any) -> Hits:
    return [(int(post), float(score)) for post, score in hits]


# bm25s


def _build_bm25s(corpus: Corpus, folder: Path) -> None:
    bm25s = import_module("bm25s")
    tokens = bm25s.tokenize(list(corpus.texts()), stopwords=None, stemmer=None, show_progress=False)
    model = bm25s.BM25(k1=K1, b=B)
    model.index(tokens, show_progress=False)
    model.save(str(folder), show_progress=False)


def _load_bm25s(folder: Path, *, backend: str) -> _Ask:
    model = import_module("bm25s").BM25.load(str(folder), show_progress=False)
    if backend == "numba":
        model.backend = "numba"
        model.activate_numba_scorer()
    depth = min(TOP, int(model.scores["num_docs"]))
    return lambda terms: model.retrieve(
        [terms], k=depth, show_progress=False, backend_selection=backend, n_threads=0
    )


def _read_bm25s(hits: Any) -> Hits:
    posts, scores = hits
    return list(zip(posts[0].tolist(), scores[0].tolist(), strict=True))


# tantivy


def _tantivy_schema() -> Any:
    schema = import_module("tantivy").SchemaBuilder()
    schema.add_text_field("text", stored=False, tokenizer_name="whitespace", index_option="freq")
    return schema.build()


def _build_tantivy(corpus: Corpus, folder: Path) -> None:
    tantivy = import_module("tantivy")
    # One thread and memory for everything, so that there is one segment, which is fastest, and a post's
    # address in it is its number.
    index = tantivy.Index(_tantivy_schema(), path=str(folder))
    writer = index.writer(heap_size=_TANTIVY_MEMORY, num_threads=1)
    for text in corpus.texts():
        writer.add_document(tantivy.Document(text=text))
    writer.commit()
    writer.wait_merging_threads()


def _load_tantivy(folder: Path) -> _Ask:
    tantivy = import_module("tantivy")
    index = tantivy.Index.open(str(folder))
    searcher, schema = index.searcher(), index.schema
    assert searcher.num_segments == 1, "a post's address is its number in one segment only"
    either, of_term, of_terms = tantivy.Occur.Should, tantivy.Query.term_query, tantivy.Query.boolean_query

    def ask(terms: list[str]) -> Any:
        # A query put together is faster than one parsed; counting all that match would cost skipping.
        query = of_terms([(either, of_term(schema, "text", term)) for term in terms])
        return searcher.search(query, TOP, count=False).hits

    return ask


def _read_tantivy(hits: Any) -> Hits:
    return [(address.doc, score) for score, address in hits]


# SQLite


def _build_fts5(corpus: Corpus, folder: Path) -> None:
    with sqlite3.connect(folder / "posts.db") as database:
        database.execute("create virtual table posts using fts5(text, content='')")
        rows = enumerate(corpus.texts())
        database.executemany("insert into posts (rowid, text) values (?, ?)", rows)
        database.execute("insert into posts (posts) values ('optimize')")
    database.close()


def _load_fts5(folder: Path) -> _Ask:
    database = sqlite3.connect(folder / "posts.db")
    database.execute("pragma cache_size = -1000000")
    wanted = "select rowid, bm25(posts) from posts where posts match ? order by 2 limit ?"
    return lambda terms: database.execute(wanted, (" OR ".join(terms), TOP)).fetchall()


def _read_fts5(rows: Any) -> Hits:
    return [(post, -score) for post, score in rows]


# Lucene


def _build_lucene(corpus: Corpus, folder: Path) -> None:
    posts = folder / "posts"
    posts.mkdir()
    with (posts / "posts.jsonl").open("w") as file:
        file.writelines(
            json.dumps({"id": str(number), "contents": text}) + "\n"
            for number, text in enumerate(corpus.texts())
        )
    options = "--collection JsonCollection --generator DefaultLuceneDocumentGenerator --threads 1"
    command = [sys.executable, "-m", "pyserini.index.lucene", *options.split()]
    command += ["--input", str(posts), "--index", str(folder / "index"), "--pretokenized", "--optimize"]
    subprocess.run(command, check=True, capture_output=True)


def _load_lucene(folder: Path) -> _Ask:
    searcher = import_module("pyserini.search.lucene").LuceneSearcher(str(folder / "index"))
    whitespace = import_module("pyserini.pyclass").autoclass(
        "org.apache.lucene.analysis.core.WhitespaceAnalyzer"
    )
    searcher.set_analyzer(whitespace())
    searcher.set_bm25(K1, B)
    return lambda terms: searcher.search(" ".join(terms), TOP)


def _read_lucene(hits: Any) -> Hits:
    return [(int(hit.docid), float(hit.score)) for hit in hits]


def _read_full(found: Any) -> Hits:
    return [(hit.post, hit.score) for hit in found.hits]


ENGINES: Sequence[Engine] = (
    Engine(
        PLAIN,
        _build_plain,
        lambda at: _load_plain(at, compiled=False),
        _read_plain,
        without=("numba",),
        ours=True,
    ),
    Engine(
        "Bobbin BM25, numba",
        _build_plain,
        lambda at: _load_plain(at, compiled=True),
        _read_plain,
        modules=("numba",),
        built_by=PLAIN,
        ours=True,
    ),
    Engine(
        "Bobbin full, NumPy",
        _build_full,
        lambda at: _load_full(at, compiled=False),
        _read_full,
        without=("numba",),
        ours=True,
    ),
    Engine(
        "Bobbin full, numba",
        _build_full,
        lambda at: _load_full(at, compiled=True),
        _read_full,
        modules=("numba",),
        built_by="Bobbin full, NumPy",
        ours=True,
    ),
    Engine("tantivy", _build_tantivy, _load_tantivy, _read_tantivy, modules=("tantivy",)),
    Engine("Lucene (pyserini)", _build_lucene, _load_lucene, _read_lucene, modules=("pyserini",)),
    Engine(
        "bm25s, numba",
        _build_bm25s,
        lambda at: _load_bm25s(at, backend="numba"),
        _read_bm25s,
        modules=("bm25s", "numba"),
    ),
    Engine(
        "bm25s, NumPy",
        _build_bm25s,
        lambda at: _load_bm25s(at, backend="numpy"),
        _read_bm25s,
        modules=("bm25s",),
        without=("numba",),
        built_by="bm25s, numba",
    ),
    Engine("SQLite FTS5", _build_fts5, _load_fts5, _read_fts5),
    Engine(REFERENCE, _build_rank_bm25, _load_rank_bm25, _plain_numbers, modules=("rank_bm25",)),
)
