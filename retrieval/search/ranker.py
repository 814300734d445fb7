"""The best documents for a query by BM25, without scoring those that cannot be among them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.analysis.arrays import Floats, Integers
from retrieval.index.bm25 import K1, B, PostingScorer
from retrieval.index.postings import Postings
from retrieval.search import jit, maxscore
from retrieval.search.impact_lists import ImpactLists
from retrieval.search.jit import CompiledLoops

__all__ = ["Ranker", "best"]

#: Smaller corpora gain nothing from compiled loops.
_WORTH_COMPILING = 2_000


class Ranker(PostingScorer):
    """Rank the documents of some posting lists; ``Ranker.of(corpus)`` takes a tokenized corpus.

    ``compiled`` chooses the loops that numba compiles; left ``None``, they are used as soon as they are
    loaded (:mod:`retrieval.search.jit`) and where the corpus is large enough to gain. Raises
    ``ValueError`` for ``compiled`` without numba. Safe to share among threads.
    """

    def __init__(
        self,
        postings: Sequence[Postings],
        *,
        k1: float = K1,
        b: float | Sequence[float] = B,
        compiled: bool | None = None,
    ) -> None:
        super().__init__(postings, k1=k1, b=b)
        frequency = self.document_frequency if len(self.lists) > 1 else None
        self._scored = [
            ImpactLists(postings, impacts, self.information_of, frequency)
            for postings, impacts in zip(self.lists, self._impacts, strict=True)
        ]
        self._compiled = self.corpus_size >= _WORTH_COMPILING if compiled is None else compiled
        self._loops = jit.compiled_loops(wait=bool(compiled)) if self._compiled else None
        if compiled and self._loops is None:
            raise ValueError("compiled loops need numba; install bobbin[fast]")

    @property
    def loops(self) -> CompiledLoops | None:
        """Return the compiled loops, ``None`` where they are not wanted, not loaded yet or not there."""
        if self._loops is None and self._compiled:
            self._loops = jit.compiled_loops()
        return self._loops

    @classmethod
    def of(cls, corpus: Iterable[Sequence[str]], *, k1: float = K1, b: float = B) -> "Ranker":
        """Rank a tokenized corpus, as rank-bm25's own constructor takes it."""
        return cls([Postings.build(corpus)], k1=k1, b=b)

    def get_top_n(self, query: Sequence[str], documents: Sequence[Any], n: int = 5) -> list[Any]:
        """Return the best ``n`` of the documents that hold a term of the query, best first.

        Raises ``ValueError`` when ``documents`` are not as many as the corpus.
        """
        if len(documents) != self.corpus_size:
            raise ValueError(f"{len(documents)} documents given, {self.corpus_size} indexed")
        return [documents[number] for number, _ in self.top(query, n)]

    def top(self, query: Sequence[str] | Mapping[str, float], n: int) -> list[tuple[int, float]]:
        """Return the best ``n`` documents with their scores, best first; see :meth:`rank`."""
        documents, scores = self.rank(query, n)
        return list(zip(documents.tolist(), scores.tolist(), strict=True))

    def rank(
        self,
        query: Sequence[str] | Mapping[str, float],
        n: int,
        allowed: Sequence[NDArray[np.bool_]] | None = None,
    ) -> tuple[Integers, Floats]:
        """Return the best ``n`` documents and their scores, best first, the earlier of equals first.

        Only documents that hold a term of the query are found. Gives the scores of :meth:`get_scores`,
        to the last bit, without working out those that cannot be among the best. A query is terms, or
        terms with a weight above zero. ``allowed`` has for each of the posting lists a mask over their
        documents; others are not found, and the scores are the same.
        """
        if n < 1:
            return np.zeros(0, np.int64), np.zeros(0)
        weights = list(query.values()) if isinstance(query, Mapping) else None
        terms, loops = list(query), self.loops
        masks = allowed if allowed is not None else [None] * len(self._scored)
        if len(self._scored) == 1:
            return self._scored[0].top(terms, weights, n, 0.0, loops, masks[0])
        documents, scores = np.zeros(0, np.int64), np.zeros(0)
        for impact_lists, base, mask in zip(self._scored, self._bases, masks, strict=False):
            # What comes from the lists before is to be exceeded, or met by an earlier document.
            floor = float(scores[n - 1]) if len(scores) == n else 0.0
            more, their_scores = impact_lists.top(terms, weights, n, floor, loops, mask)
            if not len(documents):
                documents, scores = (more + base if base else more), their_scores
            elif len(more):
                documents = np.concatenate([documents, more + base])
                scores = np.concatenate([scores, their_scores])
                order = np.argsort(-scores, kind="stable")[:n]
                documents, scores = documents[order], scores[order]
        return documents, scores


def best(scores: Floats, n: int) -> list[int]:
    """Return the numbers of the ``n`` highest scores above zero, best first, the earlier of equals first."""
    listed = np.flatnonzero(scores > 0)
    numbers: list[int] = maxscore.select_top(listed, scores[listed], n)[0].tolist()
    return numbers
