"""One of a ranker's lists of documents, with what is known of its terms by the statistics of a scope."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from retrieval.ranking.loops import Loops
from retrieval.ranking.numbers import Floats, Integers
from retrieval.ranking.postings import Postings
from retrieval.ranking.skipping import Listing, top_by_numpy

__all__ = ["Scored"]

#: How many postings are kept ready with their scores, and how many of one term at most.
_READY: Final = 500_000
_READY_LIST: Final = 8_192
#: What is known of so many terms is remembered, before it is started anew.
_REMEMBERED: Final = 65_536
#: For so many different n it is remembered at a time.
_DEPTHS: Final = 4
#: The loops keep the best in order by shifting them, which is for few.
_MOST: Final = 1_000
_ONES: Final = np.ones(256)


class Scored:
    """Posting lists with scores. Safe to share among threads.

    ``impacts`` are the scores of the shapes but for the idf, which ``information`` gives for a term.
    """

    def __init__(self, postings: Postings, impacts: Floats, information: Callable[[str], float]) -> None:
        self.postings = postings
        self._impacts = impacts
        self._information = information
        self._numbers: dict[str, int] = {}
        #: By n: of each term its idf, its highest score, its n-th highest, and its place among the rows.
        self._known: dict[int, Floats] = {}
        self._listings: dict[int, Listing] = {}
        self._room = _READY
        self._rows = postings.rows.table(postings)
        self._scratch: list[tuple[Floats, NDArray[np.int32]]] = []

    def top(
        self, terms: Sequence[str], weights: Sequence[float] | None, n: int, floor: float, loops: Loops | None
    ) -> tuple[Integers, Floats]:
        """Return the best ``n`` documents with their scores, best first, the earlier of equals first.

        Each term has a weight, 1.0 without ``weights``. Only documents that hold a term and reach
        ``floor`` are found. Without ``loops``, NumPy does it.
        """
        known = self._known.get(n)
        if known is None:
            if len(self._known) >= _DEPTHS:
                self._known = {}
            known = self._known.setdefault(n, np.full((len(self.postings.vocabulary), 4), np.nan))
        numbers = self._numbers_of(terms)
        if loops is None or n > _MOST:
            return self._top_by_numpy(terms, numbers, weights, n, floor, known)
        if weights is None:
            weighed = _ONES[: len(numbers)] if len(numbers) <= len(_ONES) else np.ones(len(numbers))
        else:
            weighed = np.array(weights, np.float64)
        sums, candidates = self._scratch_taken()
        found, scores = np.empty(n, np.int64), np.empty(n)
        postings = self.postings
        while True:
            count = loops.search(
                sums,
                candidates,
                postings.posts,
                postings.codes,
                postings.offsets,
                self._impacts,
                known,
                self._rows,
                np.array(numbers, np.int64),
                weighed,
                floor,
                found,
                scores,
            )
            if count >= 0:
                break
            self._learn(terms, numbers, n, known)
        self._scratch.append((sums, candidates))
        return (found, scores) if count == n else (found[:count], scores[:count])

    def _numbers_of(self, terms: Sequence[str]) -> list[int]:
        """Return the terms' numbers, -1 for one that no document holds."""
        known = self._numbers
        try:
            return [known[term] for term in terms]
        except KeyError:
            if len(known) > _REMEMBERED:
                known = self._numbers = {}
            for term in terms:
                start, end = self.postings.span(term)
                number = self.postings.vocabulary.get(term)
                known[term] = -1 if number is None or start == end else number
            return [known[term] for term in terms]

    def _learn(self, terms: Sequence[str], numbers: Sequence[int], n: int, known: Floats) -> None:
        """Work out what is not known yet of some terms."""
        for term, number in zip(terms, numbers, strict=True):
            if number < 0 or not np.isnan(known[number, 2]):
                continue
            start, end = self.postings.offsets[number : number + 2].tolist()
            idf = self._information(term)
            scores = (self._impacts * idf).take(self.postings.codes[start:end])
            nth = np.partition(scores, len(scores) - n)[len(scores) - n] if len(scores) >= n else 0.0
            # The third is written last: it tells that the others are there.
            known[number, [0, 1, 3]] = idf, scores.max(), self.postings.rows.of(number, self.postings)
            known[number, 2] = nth

    def _scratch_taken(self) -> tuple[Floats, NDArray[np.int32]]:
        try:
            return self._scratch.pop()
        except IndexError:
            return np.zeros(len(self.postings)), np.empty(len(self.postings) + 1, np.int32)

    def _top_by_numpy(  # noqa: PLR0913, PLR0917 - as top, with what it has looked up
        self,
        terms: Sequence[str],
        numbers: Sequence[int],
        weights: Sequence[float] | None,
        n: int,
        floor: float,
        known: Floats,
    ) -> tuple[Integers, Floats]:
        asked = []
        get, nth_of = self._listings.get, known.item
        for place, number in enumerate(numbers):
            if number >= 0:
                weight = 1.0 if weights is None else weights[place]
                reached = nth_of(number, 2) * weight
                if reached > floor:
                    floor = reached
                elif reached != reached:  # noqa: PLR0124 - not a number: not known yet
                    self._learn(terms, numbers, n, known)
                    floor = max(floor, nth_of(number, 2) * weight)
                asked.append((get(number) or self._listing(number, known), weight))
        if not asked:
            return np.zeros(0, np.int64), np.zeros(0)
        sums, candidates = self._scratch_taken()
        found = top_by_numpy(asked, floor, n, sums)
        self._scratch.append((sums, candidates))
        return found

    def _listing(self, number: int, known: Floats) -> Listing:
        """Return a term's listing, kept ready where it is short enough."""
        start, end = self.postings.offsets[number : number + 2].tolist()
        idf, cap, _, row = known[number].tolist()
        posts: NDArray[np.integer[Any]] = self.postings.posts[start:end]
        codes = self.postings.codes[start:end]
        scores = np.concatenate([[0.0], self._impacts * idf])
        ready = None
        if len(self._listings) > _REMEMBERED:
            self._listings, self._room = {}, _READY
        if end - start <= min(_READY_LIST, self._room):
            posts, ready = posts.astype(np.int64), scores[1:].take(codes)
            self._room -= end - start
        listing = Listing(posts, codes, scores, cap, self._rows[int(row)] if row >= 0 else None, ready)
        self._listings[number] = listing
        return listing
