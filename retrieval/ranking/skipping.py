"""The best documents of some posting lists without scoring those that cannot be among them.

The lists of a question's terms are taken by the highest score that each can give (MaxScore, Turtle and
Flood 1995). A *floor* is known beforehand: the n-th best score of a single term is reached by n documents
at least. A document is found in the first of its lists, and only where its score there and all that the
lists behind can give reach the floor together; in these it is only looked up. Where that leaves many
documents, the best of each list are scored first, which raises the floor, and documents are given up
between one list and the next.

The most common terms have a *row*, a code for every document, where looking up takes one step.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.ranking.numbers import Floats, Integers

__all__ = ["Asked", "Listing", "select", "top_by_numpy"]

#: Room for the rounding of sums that are added in another order.
_SLACK = 1 - 1e-9
#: So many documents may be found before a higher floor is worth its price, and in steps.
_MANY = 3000
#: Of fewer documents none is given up between the lists, and of a shorter list none left out.
_FEW = 200
_SHORT = 64
#: One of so many documents is scored first, of each list at most so many times the documents wanted.
_DEEP = 64
_DEEPEST = 16
#: The floor is raised where so many times the documents wanted are found, by so many of these.
_OFTEN = 8
_SAMPLE = 65_536
#: A list that is longer than so many times the documents looked up is searched rather than spread out.
_LONGER = 12


class Listing:
    """A term's posting list within one list of documents, with the term's scores.

    ``impacts`` are by code plus one, 0.0 for no posting; times ``idf`` they are scores. ``row`` is every
    document's code plus one where the term has one. ``keep`` tells to keep each posting's score, and its
    document as an index. ``cap`` is the highest score that any has.
    """

    __slots__ = ("_codes", "_idf", "_impacts", "_leaders", "_nths", "_ready", "cap", "posts", "row")

    def __init__(  # noqa: PLR0913 - what a list is made of
        self,
        posts: NDArray[np.integer[Any]],
        codes: NDArray[np.unsignedinteger[Any]],
        impacts: Floats,
        idf: float,
        row: NDArray[np.unsignedinteger[Any]] | None,
        *,
        keep: bool,
    ) -> None:
        self.row = row
        self._codes = codes
        self._impacts = impacts
        self._idf = idf
        #: By n.
        self._nths: dict[int, float] = {}
        self._leaders: dict[int, Integers] = {}
        self._ready = None
        found = self.added(1)
        self.cap = max(found.tolist()) if len(found) <= _SHORT else float(np.maximum.reduce(found))
        self._ready = found if keep else None
        self.posts = posts.astype(np.int64) if keep else posts

    def __len__(self) -> int:
        return len(self.posts)

    def added(self, weight: float) -> Floats:
        """Return each posting's score, times a weight."""
        found = self._ready
        if found is None:
            found = self._impacts[1:].take(self._codes)
            found *= self._idf
        return found if weight == 1 else found * weight

    def nth(self, n: int) -> float:
        """Return the n-th best score, 0.0 where there are fewer."""
        if len(self.posts) < n:
            return 0.0
        known = self._nths.get(n)
        if known is None:
            scores = self.added(1).copy()
            scores.partition(len(scores) - n)
            known = self._nths[n] = scores.item(len(scores) - n)
        return known

    def leaders(self, n: int) -> Integers:
        """Return the documents whose scores are the n best, at most twice as many; all where few."""
        best = self._leaders.get(n)
        if best is None:
            best = self.posts[(self.added(1) >= self.nth(n)).nonzero()[0][: 2 * n]].astype(np.int64)
            self._leaders[n] = best
        return best

    def look_up(self, documents: Integers, weight: float, sums: Floats) -> Floats:
        """Return the term's score for some documents, 0.0 for those that do not hold it.

        ``sums``, a zero for each document, is scratch, left as it was given.
        """
        found: Floats
        if self.row is not None:
            found = self._impacts.take(self.row.take(documents))
            found *= self._idf
            return found if weight == 1 else found * weight
        if len(self.posts) < _LONGER * len(documents):
            sums[self.posts] = self.added(weight)
            found = sums.take(documents)
            sums[self.posts] = 0.0
            return found
        # Of one type with the list, which else would be copied as a whole.
        wanted = documents.astype(self.posts.dtype, copy=False)
        places = self.posts.searchsorted(wanted)
        there = self.posts.take(places, mode="clip") == wanted
        codes = self._codes.take(places, mode="clip")
        # The codes of documents that the list does not hold are made those of no posting.
        found = self._impacts.take((codes + codes.dtype.type(1)) * there)
        found *= self._idf
        return found if weight == 1 else found * weight


#: A question's listings with their weights.
Asked = Sequence[tuple[Listing, float]]


def select(documents: Integers, scores: Floats, n: int) -> tuple[Integers, Floats]:
    """Return the best ``n``, best first, the earlier of equals first; ``documents`` must rise."""
    if len(scores) > 4 * n:
        least = np.partition(scores, len(scores) - n)[len(scores) - n]
        kept = (scores >= least).nonzero()[0]
        documents, scores = documents[kept], scores[kept]
    order = (-scores).argsort(kind="stable")[:n]
    return documents[order], scores[order]


def top_by_numpy(asked: Asked, floor: float, n: int, sums: Floats) -> tuple[Integers, Floats]:
    """Return the best ``n`` documents that reach the floor, and their scores.

    ``asked`` are listings with their weights in the question's order, in which their scores are added.
    ``sums``, a zero for each document, is scratch, left as it was given.
    """
    for listing, weight in asked:
        floor = max(floor, listing.nth(n) * weight)
    floor *= _SLACK
    falling = sorted(asked, key=_cap, reverse=True)
    rests = list(accumulate([0.0, *map(_cap, reversed(falling))]))[::-1]
    found = sum([len(one[0]) for one, rest in zip(falling, rests, strict=False) if rest >= floor])
    if found > _MANY:
        floor = _raised(asked, floor, n, found, sums)
        documents = _winnowed(falling, rests, floor, n, sums)
    else:
        documents = _found(falling, rests, floor)
    return select(documents, _totals(asked, documents, sums), n)


def _cap(one: tuple[Listing, float]) -> float:
    """Return the highest score that a listing can give."""
    return one[0].cap * one[1]


def _raised(asked: Asked, floor: float, n: int, found: int, sums: Floats) -> float:
    """Return what as many as ``n`` of the lists' best documents reach, if that is higher than the floor."""
    depth = min(found // (_DEEP * len(asked) * n), _DEEPEST) * n
    if not depth:
        return floor
    leaders = [listing.leaders(depth) for listing, _ in asked]
    documents = _different(np.concatenate(leaders))
    if len(documents) < n:
        return floor
    totals = _totals(asked, documents, sums)
    return max(floor, float(np.partition(totals, len(totals) - n)[len(totals) - n]) * _SLACK)


def _found(falling: Asked, rests: Sequence[float], floor: float) -> Integers:
    """Return the documents that may reach the floor by what lists give that are of higher scores.

    ``rests`` are the scores that each list and those behind it can give together, at most.
    """
    parts = []
    for place, (listing, weight) in enumerate(falling):
        if rests[place] < floor:
            break
        least = floor - rests[place + 1]
        if least > 0 and len(listing) > _SHORT:
            parts.append(listing.posts[(listing.added(weight) >= least).nonzero()[0]])
        else:
            parts.append(listing.posts)
    return _different(np.concatenate(parts) if len(parts) > 1 else parts[0].copy())


def _winnowed(falling: Asked, rests: Sequence[float], floor: float, n: int, sums: Floats) -> Integers:
    """Return the same, less the documents that lists behind, looked into, have shown not to reach it."""
    documents, totals, lists = np.zeros(0, np.int64), np.zeros(0), 0
    for place, (listing, weight) in enumerate(falling):
        if len(documents):
            totals = totals + listing.look_up(documents, weight, sums)
            # A document is here at most once for each list that any were found in.
            nth = n * lists
            if len(totals) > _OFTEN * nth:
                some = totals[:_SAMPLE].copy()
                some.partition(len(some) - nth)
                floor = max(floor, some.item(len(some) - nth) * _SLACK)
            if len(documents) > _FEW:
                kept = (totals >= floor - rests[place + 1]).nonzero()[0]
                documents, totals = documents[kept], totals[kept]
        if rests[place] >= floor:
            posts, scores, least = listing.posts, listing.added(weight), floor - rests[place + 1]
            if least > 0 and len(listing) > _SHORT:
                kept = (scores >= least).nonzero()[0]
                posts, scores = posts[kept], scores[kept]
            # One that was found in a list before is found again, and lacks that list's score here; what
            # it has there counts in the end.
            documents, totals = np.concatenate([documents, posts]), np.concatenate([totals, scores])
            lists += 1
    return _different(documents[(totals >= floor).nonzero()[0]])


def _different(documents: NDArray[np.integer[Any]]) -> Integers:
    """Sort documents where they stand, and return the different ones."""
    documents.sort()
    fresh = np.empty(len(documents), bool)
    fresh[:1] = True
    np.not_equal(documents[1:], documents[:-1], out=fresh[1:])
    return documents[fresh].astype(np.int64, copy=False)


def _totals(asked: Asked, documents: Integers, sums: Floats) -> Floats:
    """Return the scores of documents, added in the question's order."""
    totals = np.zeros(len(documents))
    for listing, weight in asked:
        totals += listing.look_up(documents, weight, sums)
    return totals
