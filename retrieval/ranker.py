"""BM25 on rank-bm25's model, over posting lists.

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

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Plus

from retrieval.ranking import skipping
from retrieval.ranking.numbers import Floats, Integers

__all__ = ["K1", "B", "Postings", "Ranker", "Vocabulary", "best"]

#: For short posts the length says little, and a second mention little more than the first: these raised
#: nDCG@10 from 0.482 (at rank-bm25's 1.5 and 0.75) to 0.495, as the mean of eight collections.
K1 = 0.9
B = 0.4

#: From this size on, compiled loops are worth the time that loading them takes.
_WORTH_COMPILING = 5_000
#: How many postings a ranker keeps ready with their scores, and the longest list among them.
_READY = 2_000_000
_READY_LIST = 65_536


#: Terms with their weights, in the question's order.
_Asked = Sequence[tuple[str, float]]


class Vocabulary(Protocol):
    """Numbers the terms 0 … T-1; a dictionary is one."""

    def get(self, term: str, /) -> int | None:
        """Return the term's number, ``None`` where it is unknown."""
        ...

    def __len__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Postings:
    """The posting lists of some documents; immutable.

    ``vocabulary`` numbers the terms 0 … T-1. The postings of term ``t`` are
    ``posts[offsets[t]:offsets[t + 1]]``, document numbers in rising order, with as many ``codes``: each
    is a row of ``shapes``, a frequency and the length of the document. ``lengths`` holds each document's
    number of terms.
    """

    vocabulary: Vocabulary
    offsets: Integers
    posts: NDArray[np.int32]
    codes: NDArray[np.unsignedinteger[Any]]
    shapes: NDArray[np.int32]
    lengths: NDArray[np.int32]

    @classmethod
    def of(
        cls,
        vocabulary: Vocabulary,
        offsets: Integers,
        posts: NDArray[np.int32],
        frequencies: NDArray[np.int32],
        lengths: NDArray[np.int32],
    ) -> "Postings":
        """Find the shapes of postings given with their frequencies."""
        pairs = frequencies.astype(np.int64) << 32 | lengths[posts]
        shapes = np.unique(pairs)
        narrow: type[np.unsignedinteger[Any]] = np.uint16 if len(shapes) <= 1 << 16 else np.uint32
        return cls(
            vocabulary=vocabulary,
            offsets=offsets,
            posts=posts,
            codes=np.searchsorted(shapes, pairs).astype(narrow),
            shapes=np.stack([shapes >> 32, shapes & 0xFFFFFFFF], axis=1).astype(np.int32),
            lengths=lengths,
        )

    @classmethod
    def build(cls, documents: Iterable[Sequence[str]]) -> "Postings":
        """Count the terms of documents, each a sequence of terms."""
        vocabulary: dict[str, int] = {}
        terms: list[int] = []
        frequencies: list[int] = []
        widths: list[int] = []
        lengths: list[int] = []
        for document in documents:
            counts = Counter(document)
            lengths.append(len(document))
            widths.append(len(counts))
            terms += [vocabulary.setdefault(term, len(vocabulary)) for term in counts]
            frequencies += counts.values()
        numbers = np.array(terms, dtype=np.int32)
        order = np.argsort(numbers, kind="stable")
        offsets = np.zeros(len(vocabulary) + 1, dtype=np.int64)
        np.cumsum(np.bincount(numbers, minlength=len(vocabulary)), out=offsets[1:])
        posts = np.repeat(np.arange(len(lengths), dtype=np.int32), widths)
        return cls.of(
            vocabulary,
            offsets,
            posts[order],
            np.array(frequencies, dtype=np.int32)[order],
            np.array(lengths, dtype=np.int32),
        )

    def __len__(self) -> int:
        return len(self.lengths)

    @property
    def frequencies(self) -> NDArray[np.int32]:
        """Return how often the term of each posting stands in its document."""
        return self.frequencies_of(0, len(self.posts))

    def frequencies_of(self, start: int, end: int) -> NDArray[np.int32]:
        """Return the frequencies of a span of postings."""
        found: NDArray[np.int32] = self.shapes[:, 0].take(self.codes[start:end])
        return found

    def span(self, term: str) -> tuple[int, int]:
        """Return where the term's postings begin and end; equal where it is unknown."""
        number = self.vocabulary.get(term)
        if number is None:
            return 0, 0
        return int(self.offsets[number]), int(self.offsets[number + 1])


class _Bounds:
    """What is known of a list's terms by their numbers, not a number where nothing is yet.

    ``idfs`` are the scope's, ``caps`` the highest score a term gives, ``nths(n)`` the n-th highest.
    """

    def __init__(self, terms: int) -> None:
        self.idfs = np.full(terms, np.nan)
        self.caps = np.full(terms, np.nan)
        self._nths: dict[int, Floats] = {}
        self._terms = terms

    def nths(self, n: int) -> Floats:
        """Return the terms' n-th highest scores, 0.0 for a term in fewer documents."""
        known = self._nths.get(n)
        if known is None:
            known = self._nths[n] = np.full(self._terms, np.nan)
        return known


class Ranker(BM25Plus):  # type: ignore[misc]  # rank-bm25 ships no types
    """Rank the documents of some posting lists, numbered through from 0, by one statistic over all.

    Takes posting lists where rank-bm25 takes a tokenized corpus; ``Ranker.of(corpus)`` takes the corpus.
    Scores equal ``BM25Plus(corpus, k1=k1, b=b, delta=0)`` wherever that has any. ``compiled`` chooses
    the loops that numba compiles; left ``None``, they are used where numba is installed and the corpus is
    large enough to gain. Safe to share among threads.
    """

    corpus_size: int
    avgdl: float
    idf: dict[str, float]

    def __init__(
        self, postings: Sequence[Postings], *, k1: float = K1, b: float = B, compiled: bool | None = None
    ) -> None:
        self.lists = tuple(postings)
        super().__init__(self.lists, k1=k1, b=b, delta=0)
        wanted = self.corpus_size >= _WORTH_COMPILING if compiled is None else compiled
        self._loops = skipping.compiled() if wanted else None
        if compiled and self._loops is None:
            raise ValueError("compiled loops need numba; install bobbin[fast]")

    @classmethod
    def of(cls, corpus: Iterable[Sequence[str]], *, k1: float = K1, b: float = B) -> "Ranker":
        """Rank a tokenized corpus, as rank-bm25's own constructor takes it."""
        return cls([Postings.build(corpus)], k1=k1, b=b)

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
        for postings in corpus:
            frequencies, lengths = postings.shapes.T.astype(np.float64)
            norms = self.k1 * (1 - self.b + self.b * lengths / self.avgdl)
            self._impacts.append(frequencies * (self.k1 + 1) / (norms + frequencies))
        self._ready: dict[str, tuple[Integers, Floats]] = {}
        self._room = _READY
        self._bounds = [_Bounds(len(postings.vocabulary)) for postings in corpus]
        self._scratch: list[tuple[Floats, Integers]] = []
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
            self._calc_idf({term: frequency})
            known = self.idf[term]
        return known

    def postings(self, term: str) -> tuple[Integers, Floats]:
        """Return the documents that hold the term, rising, and the score each has for it."""
        ready = self._ready.get(term)
        if ready is not None:
            return ready
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
        found = parts[0]
        if len(parts) > 1:
            found = np.concatenate([posts for posts, _ in parts]), np.concatenate([one for _, one in parts])
        self._keep_ready(term, found)
        return found

    def _keep_ready(self, term: str, found: tuple[Integers, Floats]) -> None:
        """Keep a list that is likely to be asked for again; start anew when there is no room."""
        size = len(found[0])
        if size <= _READY_LIST:
            if size > self._room:
                self._ready, self._room = {}, _READY
            self._ready[term] = found
            self._room -= size

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

    def get_top_n(self, query: Sequence[str], documents: Sequence[Any], n: int = 5) -> list[Any]:
        """Return the best ``n`` of the documents that hold a term of the query, best first.

        Raises ``ValueError`` when ``documents`` are not as many as the corpus.
        """
        if len(documents) != self.corpus_size:
            raise ValueError(f"{len(documents)} documents given, {self.corpus_size} indexed")
        return [documents[number] for number, _ in self.top(query, n)]

    def top(self, query: Sequence[str] | Mapping[str, float], n: int) -> list[tuple[int, float]]:
        """Return the best ``n`` documents with their scores, best first, the earlier of equals first.

        Only documents that hold a term of the query are found. Gives the scores of :meth:`get_scores`,
        to the last bit, without working out those that cannot be among the best. A query is terms, or
        terms with a weight above zero.
        """
        # A repeated term is added as often, or the last bit of a sum could differ from rank-bm25's.
        asked = list(query.items()) if isinstance(query, Mapping) else [(term, 1.0) for term in query]
        if n < 1:
            return []
        loops, numbers = self._loops, range(len(self.lists))
        if loops is not None:
            found = [self._top_compiled(loops, number, asked, n) for number in numbers]
        elif len(self.lists) == 1 and self.corpus_size <= _READY_LIST:
            found = [self._top_of_few(asked, n)]
        else:
            found = [self._top_by_numpy(number, asked, n) for number in numbers]
        documents, scores = found[0] if found else (np.zeros(0, np.int64), np.zeros(0))
        if len(found) > 1:
            documents, scores = (np.concatenate(parts) for parts in zip(*found, strict=True))
            order = np.lexsort((documents, -scores))[:n]
            documents, scores = documents[order], scores[order]
        return list(zip(documents.tolist(), scores.tolist(), strict=True))

    def _top_of_few(self, asked: _Asked, n: int) -> tuple[Integers, Floats]:
        """Add up every list: so few documents that all are kept ready, and skipping would cost more."""
        sums = self._accumulate(asked)
        floor = self._floor(0, asked, n)[1]
        found = (sums >= floor).nonzero()[0] if floor > 0 else sums.nonzero()[0]
        return skipping.select(found, sums[found], n)

    def _floor(self, number: int, asked: _Asked, n: int) -> tuple[list[int], float]:
        """Return a list's numbers of the terms it holds, and a score that ``n`` of its documents reach.

        A term that is asked about for the first time has its bounds worked out.
        """
        bounds, get = self._bounds[number], self.lists[number].vocabulary.get
        nths = bounds.nths(n)
        numbers, floor = [], 0.0
        for term, weight in asked:
            numbered = get(term)
            if numbered is None:
                numbers.append(-1)
                continue
            nth = nths[numbered]
            if nth != nth:  # noqa: PLR0124 - not a number: not known yet
                nth = self._work_out(number, term, numbered, n)
            numbers.append(numbered)
            floor = max(floor, nth * weight)
        return numbers, floor

    def _work_out(self, number: int, term: str, numbered: int, n: int) -> float:
        postings, bounds = self.lists[number], self._bounds[number]
        start, end = postings.span(term)
        idf = self.information(term)
        scores = (self._impacts[number] * idf).take(postings.codes[start:end])
        bounds.idfs[numbered] = idf
        bounds.caps[numbered] = scores.max(initial=0.0)
        nth = float(np.partition(scores, len(scores) - n)[len(scores) - n]) if len(scores) >= n else 0.0
        bounds.nths(n)[numbered] = nth
        return nth

    def _top_by_numpy(self, number: int, asked: _Asked, n: int) -> tuple[Integers, Floats]:
        postings, impacts, bounds = self.lists[number], self._impacts[number], self._bounds[number]
        numbers, floor = self._floor(number, asked, n)
        listings = []
        for numbered, (_, weight) in zip(numbers, asked, strict=True):
            if numbered >= 0:
                start, end = postings.offsets[numbered : numbered + 2].tolist()
                if start == end:
                    continue
                scores = impacts * bounds.idfs[numbered] * weight
                cap = float(bounds.caps[numbered]) * weight
                codes = postings.codes[start:end]
                listings.append(skipping.Listing(postings.posts[start:end], codes, scores, cap))
        if not listings:
            return np.zeros(0, np.int64), np.zeros(0)
        documents, scores = skipping.top_by_numpy(listings, len(postings), floor, n)
        return documents + self._bases[number], scores

    def _top_compiled(
        self, loops: skipping.Loops, number: int, asked: _Asked, n: int
    ) -> tuple[Integers, Floats]:
        postings, bounds = self.lists[number], self._bounds[number]
        numbers, floor = self._floor(number, asked, n)
        found, scores = np.empty(n, np.int64), np.empty(n)
        try:
            sums, candidates = self._scratch.pop()
        except IndexError:
            longest = max(map(len, self.lists))
            sums, candidates = np.zeros(longest), np.empty(longest, np.int64)
        count = loops(
            sums,
            candidates,
            postings.posts,
            postings.codes,
            postings.offsets,
            self._impacts[number],
            bounds.idfs,
            bounds.caps,
            np.array(numbers, np.int64),
            np.array([weight for _, weight in asked]),
            floor * (1 - 1e-9),
            found,
            scores,
        )
        self._scratch.append((sums, candidates))
        return found[:count] + self._bases[number], scores[:count]

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


def best(scores: Floats, n: int) -> list[int]:
    """Return the numbers of the ``n`` highest scores above zero, best first, the earlier of equals first."""
    found = np.flatnonzero(scores > 0)
    numbers: list[int] = skipping.select(found, scores[found], n)[0].tolist()
    return numbers
