"""BM25 on rank-bm25's model, over posting lists: every statistic, and every post's score.

rank-bm25 keeps a dictionary of term frequencies for every document and walks all of them for every term
of a query. Here each term has its *posting list*: the posts that hold it, each with the *shape* of the
posting, its frequency and the post's length. Shapes are few, so their impacts are worked out once for a
scope and a posting takes six bytes; a query touches only the posts that hold its terms. The model stays
rank-bm25's own, by inheritance: ``idf``, ``k1``, ``b``, ``avgdl`` and the meaning of every method.

The variant is ``BM25Plus`` with ``delta=0``:

    score(q, d) = Σ idf(t) · tf(t, d) · (k1 + 1) / (k1 · (1 - b + b · |d| / avgdl) + tf(t, d))
    idf(t)      = ln((N + 1) / df(t))

Its idf is positive for every term of every corpus, so a term that stands in half of the posts or in all
of them, or in a corpus of one, still finds its post, and a post scores above zero exactly when it holds a
term of the query. (``BM25Okapi``'s idf is zero or negative there; ``BM25Plus``'s own delta gives every
post a score, found or not.)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
from rank_bm25 import BM25Plus

from retrieval.analysis.arrays import Floats, Integers
from retrieval.index.postings import Postings

__all__ = ["K1", "B", "LengthNorm", "PostingScorer"]

#: For short posts the length says little, and a second mention little more than the first: these raised
#: nDCG@10 from 0.482 (at rank-bm25's 1.5 and 0.75) to 0.495, as the mean of eight collections.
K1 = 0.9
B = 0.4
#: In long posts it says more: 0.75 raised nDCG@10 from 0.901 to 0.906 on whole paragraphs, and from 0.446 to
#: 0.452 on posts of 168 words. A collection takes it from a mean of so many words on, and lets go of it below
#: the other, so that one import more or less changes nothing.
B_OF_LONG = 0.75
_LONG_FROM = 90.0
_LONG_DOWN_TO = 70.0


@dataclass(frozen=True, slots=True)
class LengthNorm:
    """How the length of a collection's posts counts: their mean number of words, and ``b`` by it."""

    mean_words: float
    b: float = B

    @classmethod
    def of(cls, mean_words: float, before: float | None = None) -> "LengthNorm":
        """Return the norm for a mean number of words; ``before`` is the ``b`` that the collection has had."""
        if mean_words >= _LONG_FROM:
            return cls(mean_words, B_OF_LONG)
        return cls(mean_words, B if before is None or mean_words < _LONG_DOWN_TO else before)


class PostingScorer(BM25Plus):  # type: ignore[misc]  # rank-bm25 ships no types
    """Score the documents of some posting lists, numbered through from 0, by one statistic over all.

    Takes posting lists where rank-bm25 takes a tokenized corpus. Scores equal
    ``BM25Plus(corpus, k1=k1, b=b, delta=0)`` wherever that has any. ``b`` may be one for each of the lists:
    a document then scores as it does with that of its list. Safe to share among threads.
    """

    corpus_size: int
    avgdl: float
    idf: dict[str, float]

    def __init__(
        self, postings: Sequence[Postings], *, k1: float = K1, b: float | Sequence[float] = B
    ) -> None:
        self.lists = tuple(postings)
        self._bs = (b,) * len(self.lists) if isinstance(b, float | int) else tuple(b)
        super().__init__(self.lists, k1=k1, b=self._bs[0] if self._bs else B, delta=0)

    def _initialize(self, corpus: Sequence[Postings]) -> dict[str, int]:
        """Precompute the impact of every shape of posting: its share of the score, but for the idf.

        Returns no document counts: rank-bm25 would work out every term's idf from them at once, and
        here each is worked out, by rank-bm25's own ``_calc_idf``, when first asked for.
        """
        self.corpus_size = sum(map(len, corpus))
        total = sum(int(postings.lengths.sum(dtype=np.int64)) for postings in corpus)
        self.avgdl = total / self.corpus_size if total else 1.0
        self.doc_len = [postings.lengths for postings in corpus]
        self._bases: list[int] = np.cumsum([0, *map(len, corpus)]).tolist()
        self._impacts: list[Floats] = []
        for postings, b in zip(corpus, self._bs, strict=True):
            frequencies, lengths = postings.shapes.T.astype(np.float64)
            norms = self.k1 * (1 - b + b * lengths / self.avgdl)
            self._impacts.append(frequencies * (self.k1 + 1) / (norms + frequencies))
        self._information: dict[int, float] = {}
        return {}

    def document_frequency(self, term: str) -> int:
        """Return how many documents hold the term."""
        return sum(end - start for start, end in (postings.span(term) for postings in self.lists))

    def information(self, term: str) -> float:
        """Return the term's idf; 0.0 for a term that no document holds."""
        known = self.idf.get(term)
        if known is None:
            frequency = self.document_frequency(term)
            if frequency == 0:
                return 0.0
            known = self.idf[term] = self.information_of(frequency)
        return known

    def information_of(self, frequency: int) -> float:
        """Return the idf of terms that ``frequency`` documents hold; ``frequency`` is at least 1."""
        known = self._information.get(frequency)
        if known is None:
            # Any object with a size and a dictionary serves rank-bm25's formula as the model.
            model = SimpleNamespace(corpus_size=self.corpus_size, idf={})
            BM25Plus._calc_idf(model, {"": frequency})  # noqa: SLF001 - the formula that is inherited
            known = self._information[frequency] = model.idf[""]
        return known

    def postings(self, term: str) -> tuple[Integers, Floats]:
        """Return the documents that hold the term, rising, and the score each has for it."""
        idf = self.information(term)
        parts = []
        for postings, base, impacts in zip(self.lists, self._bases, self._impacts, strict=False):
            start, end = postings.span(term)
            if start < end:
                posts = postings.posts[start:end].astype(np.int64)
                parts.append(
                    (posts + base if base else posts, (impacts * idf).take(postings.codes[start:end]))
                )
        if not parts:
            return np.zeros(0, np.int64), np.zeros(0)
        return np.concatenate([posts for posts, _ in parts]), np.concatenate([scores for _, scores in parts])

    def get_scores(self, query: Sequence[str]) -> Floats:
        """Return every document's score, shape ``(corpus_size,)``; a repeated term counts again."""
        return self._accumulate((term, 1.0) for term in query)

    def weigh(self, query: Mapping[str, float]) -> Floats:
        """Return every document's score, shape ``(corpus_size,)``, with a weight on each term."""
        return self._accumulate(query.items())

    def get_batch_scores(self, query: Sequence[str], doc_ids: Sequence[int]) -> list[float]:
        """Return the scores of some documents, in the order given.

        Raises ``ValueError`` for a document that is not there.
        """
        if any(not 0 <= document < self.corpus_size for document in doc_ids):
            raise ValueError(f"documents are numbered from 0 to {self.corpus_size - 1}")
        scores: list[float] = self.get_scores(query)[np.asarray(doc_ids, dtype=np.int64)].tolist()
        return scores

    def _accumulate(self, query: Iterable[tuple[str, float]]) -> Floats:
        lists = [(*self.postings(term), weight) for term, weight in query]
        if not lists:
            return np.zeros(self.corpus_size)
        # bincount adds in the order of its input, so the sums are those of rank-bm25 to the last bit.
        sums = np.bincount(
            np.concatenate([posts for posts, _, _ in lists]),
            np.concatenate([scores if weight == 1 else scores * weight for _, scores, weight in lists]),
            self.corpus_size,
        )
        return sums.astype(np.float64, copy=False)
