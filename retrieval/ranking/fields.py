"""The fields beside a post's own terms, for a few candidates: context, thread, word pairs, letters.

Each field is BM25 like the post's own: a frequency, saturated against the field's length, times the idf
of what is counted. Context and thread count the terms of the posts around, so they need no index of their
own: their frequencies are weighted sums over intervals of the posts' posting lists.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.ranker import K1, B
from retrieval.ranking.numbers import Floats, Integers, intervals
from retrieval.ranking.segment import Segment
from retrieval.ranking.weights import Weights

__all__ = ["Averages", "Fields", "Wanted", "context_lengths", "saturate"]


@dataclass(frozen=True, slots=True)
class Averages:
    """The mean lengths of the fields over a scope: terms, terms in context, in a thread, pairs, runs."""

    post: float
    context: float
    thread: float
    pairs: float
    grams: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question wants of a field besides terms: the keys in a segment, their idf and weight."""

    keys: Integers
    worth: Floats


def saturate(frequencies: Floats, lengths: Floats, average: float) -> Floats:
    """Return BM25's saturation, idf apart.

    ``frequencies`` has a row for each candidate, ``lengths`` its length; ``average`` is the field's
    mean, and counts as at least 1: posts of no words at all have a mean below.
    """
    norms = K1 * (1 - B + B * lengths / max(average, 1.0))
    saturated: Floats = frequencies * (K1 + 1) / (frequencies + norms[:, None])
    return saturated


def context_lengths(segment: Segment, kernel: Sequence[float]) -> Floats:
    """Return the length of every post's context: neighbours' lengths, weighted by their distance."""
    key = ("context", *kernel)
    if key in segment.memo:
        return segment.memo[key]
    lengths = segment.postings.lengths.astype(np.float64)
    around = kernel[0] * lengths
    for distance, weight in enumerate(kernel[1:], start=1):
        if distance >= len(lengths):
            break
        same = segment.home[distance:] == segment.home[:-distance]
        around[distance:] += weight * lengths[:-distance] * same
        around[:-distance] += weight * lengths[distance:] * same
    segment.memo[key] = around
    return around


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one segment's posts within a scope.

    ``context`` is every post's length of context, ``averages`` are the scope's.
    """

    segment: Segment
    context: Floats
    averages: Averages
    weights: Weights

    def terms(self, candidates: Integers, terms: Sequence[str]) -> tuple[Floats, Floats, Floats]:
        """Return the saturated frequencies of terms in post, context and thread.

        Each has a row for each candidate and a column for each term.
        """
        segment, reach = self.segment, self.weights.reach
        own, around, thread = np.zeros((3, len(candidates), len(terms)))
        homes = segment.home[candidates]
        first, last = segment.starts[homes], segment.starts[homes + 1]
        low, high = np.maximum(candidates - reach, first), np.minimum(candidates + reach + 1, last)
        # A thread is gone through once, however many of its posts are candidates.
        different, threads = np.unique(homes, return_inverse=True)
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
        lengths, averages = segment.postings.lengths[candidates].astype(np.float64), self.averages
        thread_lengths = (segment.running[last] - segment.running[first]).astype(np.float64)
        return (
            saturate(own, lengths, averages.post),
            saturate(around, self.context[candidates], averages.context),
            saturate(thread, thread_lengths, averages.thread),
        )

    def pairs(self, candidates: Integers, wanted: Wanted) -> Floats:
        """Return each candidate's score for neighbouring words of the question."""
        segment = self.segment
        lows, highs = segment.said_starts[candidates], segment.said_starts[candidates + 1] - 1
        places, rows = intervals(lows, highs)
        keys = segment.said[places].astype(np.int64) << 32 | segment.said[places + 1]
        return _score(keys, rows, np.maximum(highs - lows, 0), wanted, self.averages.pairs)

    def grams(self, candidates: Integers, wanted: Wanted) -> Floats:
        """Return each candidate's score for runs of four letters of the question, as numbers of runs."""
        segment, runs = self.segment, self.segment.runs
        places, rows = intervals(segment.said_starts[candidates], segment.said_starts[candidates + 1])
        words = segment.said[places]
        lows, highs = runs.starts[words], runs.starts[words + 1]
        lengths = np.bincount(rows, weights=highs - lows, minlength=len(candidates)).astype(np.int64)
        held, of = intervals(lows, highs)
        numbers = runs.held[held]
        # Most runs are not asked for; a table sorts them out cheaply.
        table = np.zeros(len(runs), bool)
        table[wanted.keys] = True
        asked = np.flatnonzero(table[numbers])
        return _score(numbers[asked].astype(np.int64), rows[of[asked]], lengths, wanted, self.averages.grams)


def _score(keys: Integers, rows: Integers, lengths: Integers, wanted: Wanted, average: float) -> Floats:
    """Count each row's keys, of which some are wanted, and return the rows' scores for them."""
    order = np.argsort(wanted.keys)
    known, worth = wanted.keys[order], wanted.worth[order]
    if not len(known):
        return np.zeros(len(lengths))
    columns = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    found = known[columns] == keys
    cells = rows[found] * len(known) + columns[found]
    frequencies = np.bincount(cells, minlength=len(lengths) * len(known)).reshape(len(lengths), -1)
    scores: Floats = saturate(frequencies.astype(np.float64), lengths.astype(np.float64), average) @ worth
    return scores
