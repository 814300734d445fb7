"""The fields beside a post's own terms, for a few candidates: context, thread, word pairs, letters.

Each field is BM25 like the post's own: a frequency, saturated against the field's length, times the idf
of what is counted. Context and thread count the terms of the posts around, so they need no index of their
own: their frequencies are weighted sums over intervals of the posts' posting lists.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.analysis.arrays import Floats, Integers, distinct, intervals
from retrieval.index.bm25 import K1, B
from retrieval.index.segment import Segment
from retrieval.search.jit import CompiledLoops
from retrieval.search.weights import Weights

__all__ = ["Averages", "FieldQuery", "Fields", "context_total", "saturate", "weigh_rows"]


@dataclass(frozen=True, slots=True)
class Averages:
    """The mean lengths of the fields over a scope: terms, terms in context, in a thread, pairs, runs."""

    post: float
    context: float
    thread: float
    pairs: float
    grams: float


@dataclass(frozen=True, slots=True)
class FieldQuery:
    """What a question wants of a field besides terms: the keys in a segment, their idf and weight."""

    keys: Integers
    worth: Floats

    @classmethod
    def of(cls, keys: Integers, counts: Floats, weights: Floats, posts: int) -> "FieldQuery":
        """Give the keys that some of the posts hold their worth: BM25+'s idf, times their weight."""
        known = (counts > 0) & (keys >= 0)
        idf = np.log((posts + 1) / np.maximum(counts, 1))
        return cls(keys[known], (idf * weights)[known])


def saturate(frequencies: Floats, lengths: Floats, average: float, b: float = B) -> Floats:
    """Return BM25's saturation, idf apart.

    ``frequencies`` has a row for each candidate, ``lengths`` its length; ``average`` is the field's
    mean, and counts as at least 1: posts of no words at all have a mean below.
    """
    norms = K1 * (1 - b + b * lengths / max(average, 1.0))
    saturated: Floats = frequencies * (K1 + 1) / (frequencies + norms[:, None])
    return saturated


def weigh_rows(table: Floats, weights: Floats) -> Floats:
    """Return the weighted sum of each row, to the last bit the same whatever other rows there are.

    The matrix product is not: it takes rows together in blocks.
    """
    sums: Floats = np.einsum("ij,j->i", table, weights)
    return sums


def context_total(segment: Segment, kernel: Sequence[float]) -> float:
    """Return the length of all posts' contexts together: every post counts for itself and its neighbours."""
    key = ("context", *kernel)
    if key not in segment.memo:
        reach = len(kernel) - 1
        sides = np.cumsum([0.0, *kernel[1:]])
        places = np.arange(len(segment)) - segment.starts[segment.home]
        behind = np.diff(segment.starts)[segment.home] - 1 - places
        weights = kernel[0] + sides[np.minimum(places, reach)] + sides[np.minimum(behind, reach)]
        segment.memo[key] = float(weights @ segment.postings.lengths)
    total: float = segment.memo[key]
    return total


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one segment's posts within a scope.

    ``averages`` are the scope's, ``b`` is the collection's. Where a method is given ``loops``, these count,
    and find the same.
    """

    segment: Segment
    averages: Averages
    weights: Weights
    b: float = B

    def terms(
        self, candidates: Integers, terms: Sequence[str], loops: CompiledLoops | None = None
    ) -> tuple[Floats, Floats, Floats]:
        """Return the saturated frequencies of terms in post, context and thread.

        Each has a row for each candidate and a column for each term; the candidates must rise.
        """
        segment = self.segment
        own, around, thread = np.zeros((3, len(candidates), len(terms)))
        homes = segment.home[candidates]
        first, last = segment.starts[homes], segment.starts[homes + 1]
        if loops is None:
            self._count_terms(candidates, terms, homes, own, around, thread)
        else:
            postings = segment.postings
            loops.count_terms(
                postings.posts,
                postings.codes,
                self._frequencies,
                np.array([postings.span(term) for term in terms], np.int64).reshape(-1, 2),
                candidates,
                np.stack([first, last], axis=1),
                np.array(self.weights.kernel()),
                own,
                around,
                thread,
            )
        lengths, averages = segment.postings.lengths[candidates].astype(np.float64), self.averages
        thread_lengths = (segment.running[last] - segment.running[first]).astype(np.float64)
        return (
            saturate(own, lengths, averages.post, self.b),
            saturate(around, self._context_lengths(candidates, first, last), averages.context, self.b),
            saturate(thread, thread_lengths, averages.thread, self.b),
        )

    def count_other_ways(
        self,
        candidates: Integers,
        terms: Sequence[str],
        apart: Mapping[str, Sequence[str]],
        also: Mapping[str, str],
        counted: Sequence[Floats],
    ) -> None:
        """Count a term that a post writes in several words, or as another one, as if it were written so.

        ``apart`` has the words of such terms, ``also`` the other terms; ``counted`` is what :meth:`terms`
        returned, and is changed.
        """
        for term, words in apart.items():
            rows = np.isin(candidates, self.segment.holding(words))
            lengths = self.segment.postings.lengths[candidates[rows]].astype(np.float64)
            once = saturate(np.ones((len(lengths), 1)), lengths, self.averages.post, self.b)[:, 0]
            for table in counted:
                column = table[:, terms.index(term)]
                column[rows] = np.maximum(column[rows], once)
        for term, other in also.items():
            for table in counted:
                column = table[:, terms.index(term)]
                np.maximum(column, table[:, terms.index(other)], out=column)

    def _context_lengths(self, candidates: Integers, first: Integers, last: Integers) -> Floats:
        """Return the length of each candidate's context: neighbours' lengths, weighted by their distance."""
        steps = np.arange(-self.weights.reach, self.weights.reach + 1)
        places = candidates[:, None] + steps
        inside = (places >= first[:, None]) & (places < last[:, None])
        lengths = self.segment.postings.lengths.take(places, mode="clip") * inside
        return weigh_rows(lengths.astype(np.float64), np.array(self.weights.kernel())[np.abs(steps)])

    @property
    def _frequencies(self) -> NDArray[np.int32]:
        """Return the frequency that each code stands for."""
        memo = self.segment.memo
        if "frequencies" not in memo:
            memo["frequencies"] = np.ascontiguousarray(self.segment.postings.shapes[:, 0])
        found: NDArray[np.int32] = memo["frequencies"]
        return found

    def _count_terms(  # noqa: PLR0913, PLR0917 - what it counts, and where it writes it
        self,
        candidates: Integers,
        terms: Sequence[str],
        homes: NDArray[np.int32],
        own: Floats,
        around: Floats,
        thread: Floats,
    ) -> None:
        segment, reach = self.segment, self.weights.reach
        first, last = segment.starts[homes], segment.starts[homes + 1]
        low, high = np.maximum(candidates - reach, first), np.minimum(candidates + reach + 1, last)
        # A thread is gone through once, however many of its posts are candidates.
        different = distinct(homes)
        threads = np.searchsorted(different, homes)
        bounds = np.concatenate([low, high, segment.starts[different], segment.starts[different + 1]])
        bounds = bounds.astype(np.int32)
        splits = np.cumsum([len(low), len(high), len(different)])
        shapes = segment.postings.shapes[:, 0]
        kernel = np.array(self.weights.kernel())
        for column, term in enumerate(terms):
            start, end = segment.postings.span(term)
            if start == end:
                continue
            posts, codes = segment.postings.posts[start:end], segment.postings.codes[start:end]
            lows, highs, firsts, lasts = np.split(np.searchsorted(posts, bounds), splits)
            places, rows = intervals(firsts, lasts)
            within = np.bincount(rows, weights=shapes[codes[places]], minlength=len(firsts))
            thread[:, column] = within[threads]
            places, rows = intervals(lows, highs)
            frequencies = shapes[codes[places]]
            distances = np.abs(posts[places] - candidates[rows])
            near = frequencies * kernel[distances]
            around[:, column] = np.bincount(rows, weights=near, minlength=len(candidates))
            here = distances == 0
            own[rows[here], column] = frequencies[here]

    def pairs(self, candidates: Integers, wanted: FieldQuery, loops: CompiledLoops | None = None) -> Floats:
        """Return each candidate's score for neighbouring words of the question."""
        segment = self.segment
        lows, highs = segment.sequence_starts[candidates], segment.sequence_starts[candidates + 1] - 1
        lengths = np.maximum(highs - lows, 0)
        if loops is None:
            places, rows = intervals(lows, highs)
            keys = segment.sequence[places].astype(np.int64) << 32 | segment.sequence[places + 1]
            counts = _counts(keys, rows, len(candidates), wanted)
        else:
            counts = np.zeros((len(candidates), len(wanted.keys)))
            loops.count_pairs(segment.sequence, segment.sequence_starts, candidates, wanted.keys, counts)
        return _score(counts, lengths, wanted, self.averages.pairs, self.b)

    def grams(self, candidates: Integers, wanted: FieldQuery, loops: CompiledLoops | None = None) -> Floats:
        """Return each candidate's score for runs of four letters of the question, as numbers of runs."""
        segment, runs = self.segment, self.segment.runs
        if loops is None:
            places, rows = intervals(
                segment.sequence_starts[candidates], segment.sequence_starts[candidates + 1]
            )
            words = segment.sequence[places]
            lows, highs = runs.starts[words], runs.starts[words + 1]
            lengths = np.bincount(rows, weights=highs - lows, minlength=len(candidates)).astype(np.int64)
            held, of = intervals(lows, highs)
            numbers = runs.held[held]
            # Most runs are not asked for; a table sorts them out cheaply.
            table = np.zeros(len(runs), bool)
            table[wanted.keys] = True
            asked = np.flatnonzero(table[numbers])
            counts = _counts(numbers[asked].astype(np.int64), rows[of[asked]], len(candidates), wanted)
        else:
            counts = np.zeros((len(candidates), len(wanted.keys)))
            lengths = np.zeros(len(candidates), np.int64)
            columns = np.full(len(runs), -1, np.int16)
            columns[wanted.keys] = np.arange(len(wanted.keys))
            loops.count_runs(
                segment.sequence,
                segment.sequence_starts,
                runs.starts,
                runs.held,
                candidates,
                columns,
                lengths,
                counts,
            )
        return _score(counts, lengths, wanted, self.averages.grams, self.b)


def _counts(keys: Integers, rows: Integers, size: int, wanted: FieldQuery) -> Floats:
    """Count for each row the keys that are wanted, a column each."""
    order = np.argsort(wanted.keys)
    known = wanted.keys[order]
    if not len(known):
        return np.zeros((size, 0))
    columns = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    found = known[columns] == keys
    cells = rows[found] * len(known) + order[columns[found]]
    counts = np.bincount(cells, minlength=size * len(known)).reshape(size, -1)
    return counts.astype(np.float64)


def _score(counts: Floats, lengths: Integers, wanted: FieldQuery, average: float, b: float) -> Floats:
    """Return each row's score for what it holds so many times."""
    return weigh_rows(saturate(counts, lengths.astype(np.float64), average, b), wanted.worth)
