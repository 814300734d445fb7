"""The best documents of some posting lists without scoring those that cannot be among them.

The lists of a question's terms are taken by the highest score that each can give (MaxScore, Turtle and
Flood 1995). A *floor* is known beforehand: the n-th best score of a single term is reached by n documents
at least. As soon as all lists still to come cannot reach the floor together, no new document is worth
finding, and the long lists of common terms are only looked into for the documents found so far. The most
common terms have a *row*, a code for every document, where looking up takes one step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.ranking.numbers import Floats, Integers

__all__ = ["Listing", "select", "top_by_numpy"]

#: Nanoseconds, as measured: to add a posting in a sum of all documents and in one of a few, to look a
#: document up in a list and in a row, and for each document of the corpus to look at its sum.
_ADD, _PUT, _LOOK_UP, _LOOK, _DOCUMENT = 2.0, 20.0, 90.0, 10.0, 0.7
#: What the second way takes for each list before it does anything.
_STEP = 6500
#: Room for the rounding of sums that are added in another order.
_SLACK = 1 - 1e-9
#: A term that stands in more than one of so many documents is added for all of them at once.
_DENSE = 4
#: Fewer documents are looked up sooner than some of them are left out.
_FEW = 200


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """A term's posting list within one list of documents, with the term's score for each code.

    ``scores`` begins with 0.0, which is the score where there is no posting: code ``c`` has
    ``scores[c + 1]``. ``cap`` is the highest that any document has, ``row`` every document's code plus
    one where the term has one, ``ready`` each posting's score where they are kept.
    """

    posts: NDArray[np.integer[Any]]
    codes: NDArray[np.unsignedinteger[Any]]
    scores: Floats
    cap: float
    row: NDArray[np.unsignedinteger[Any]] | None = None
    ready: Floats | None = None

    def added(self, weight: float) -> Floats:
        """Return each posting's score, times a weight."""
        found = self.scores[1:].take(self.codes) if self.ready is None else self.ready
        return found if weight == 1 else found * weight

    def look_up(self, documents: NDArray[np.integer[Any]], weight: float) -> Floats:
        """Return the term's score for some documents, 0.0 for those that do not hold it."""
        if self.row is not None:
            found = self.scores.take(self.row.take(documents))
        else:
            places = np.minimum(np.searchsorted(self.posts, documents), len(self.posts) - 1)
            found = self.scores[1:].take(self.codes[places]) * (self.posts[places] == documents)
        return found if weight == 1 else found * weight


_Asked = Sequence[tuple[Listing, float]]


def select(documents: Integers, scores: Floats, n: int) -> tuple[Integers, Floats]:
    """Return the best ``n``, best first, the earlier of equals first; ``documents`` must rise."""
    if len(scores) > 4 * n:
        least = np.partition(scores, len(scores) - n)[len(scores) - n]
        kept = (scores >= least).nonzero()[0]
        documents, scores = documents[kept], scores[kept]
    order = (-scores).argsort(kind="stable")[:n]
    return documents[order], scores[order]


def top_by_numpy(asked: _Asked, floor: float, n: int, sums: Floats) -> tuple[Integers, Floats]:
    """Return the best ``n`` documents that reach the floor, and their scores.

    ``asked`` are listings with their weights in the question's order, in which their scores are added.
    ``sums``, a zero for each document, is scratch, left as it was given.
    """
    floor *= _SLACK
    late = _late(asked, len(sums), floor)
    if not late:
        return _added(asked, floor, n, len(sums))
    early = [one for one in asked if not any(one is other for other in late)]
    rest = sum(listing.cap * weight for listing, weight in late)
    documents, totals = _found(early, floor - rest, sums)
    for listing, weight in late:
        if len(documents) > _FEW:
            kept = (totals + rest >= floor).nonzero()[0]
            documents, totals = documents[kept], totals[kept]
        totals = totals + listing.look_up(documents, weight)
        rest -= listing.cap * weight
    if len(totals) > n:
        least = np.partition(totals, len(totals) - n)[len(totals) - n] * _SLACK
        documents = documents[totals >= max(least, floor)]
    documents = np.sort(documents)
    exact = np.zeros(len(documents))
    for listing, weight in asked:
        exact += listing.look_up(documents, weight)
    return select(documents.astype(np.int64), exact, n)


def _added(asked: _Asked, floor: float, n: int, size: int) -> tuple[Integers, Floats]:
    """Add up every list."""
    if any(listing.row is not None and len(listing.posts) * _DENSE > size for listing, _ in asked):
        return _added_by_rows(asked, floor, n, size)
    posts = np.concatenate([listing.posts for listing, _ in asked])
    scores = np.concatenate([listing.added(weight) for listing, weight in asked])
    # bincount adds in the order of its input, so the sums are those of rank-bm25 to the last bit.
    sums = np.asarray(np.bincount(posts, scores, size), np.float64)
    documents = (sums >= floor).nonzero()[0] if floor > 0 else sums.nonzero()[0]
    return select(documents, sums[documents], n)


def _added_by_rows(asked: _Asked, floor: float, n: int, size: int) -> tuple[Integers, Floats]:
    """Add up every list, those of very common terms document by document."""
    sums = np.zeros(size)
    for listing, weight in asked:
        if listing.row is not None and len(listing.posts) * _DENSE > size:
            sums += (listing.scores if weight == 1 else listing.scores * weight).take(listing.row)
        else:
            sums[listing.posts] += listing.added(weight)
    documents = (sums >= floor).nonzero()[0] if floor > 0 else sums.nonzero()[0]
    return select(documents, sums[documents], n)


def _found(early: _Asked, least: float, sums: Floats) -> tuple[NDArray[np.integer[Any]], Floats]:
    """Return the different documents of some lists whose sum is high enough, and their sums."""
    scores = [listing.added(weight) for listing, weight in early]
    documents = early[0][0].posts
    if len(early) == 1:
        kept = (scores[0] >= least).nonzero()[0]
        return documents[kept], scores[0][kept]
    for (listing, _), added in zip(early, scores, strict=True):
        sums[listing.posts] += added
    documents = np.concatenate([listing.posts for listing, _ in early])
    totals = sums[documents]
    sums[documents] = 0.0
    kept = (totals >= least).nonzero()[0]
    documents, totals = documents[kept], totals[kept]
    # Of a document that stands in several lists, the last place is told by its mark.
    marks = np.arange(1.0, len(documents) + 1)
    sums[documents] = marks
    last = (sums[documents] == marks).nonzero()[0]
    sums[documents] = 0.0
    return documents[last], totals[last]


def _late(asked: _Asked, size: int, floor: float) -> list[tuple[Listing, float]]:
    """Return the lists worth looking into only for documents found in others, highest scores first.

    None where plain adding is cheaper.
    """
    rising = sorted(asked, key=lambda one: one[0].cap * one[1])
    total, late = 0.0, []
    for one in rising[:-1]:
        total += one[0].cap * one[1]
        if total >= floor:
            break
        late.append(one)
    # Short lists are added rather than looked into, from the highest scores on.
    early = rising[len(late) :]
    found = sum(len(listing.posts) for listing, _ in early)
    while late and late[-1][0].row is None and len(late[-1][0].posts) * _PUT < found * _LOOK_UP:
        early.append(late.pop())
        found += len(early[-1][0].posts)
    if not late:
        return []
    plain = sum(len(listing.posts) for listing, _ in asked) * _ADD + size * _DOCUMENT
    looking = sum(_LOOK_UP if listing.row is None else _LOOK for listing, _ in late) * found
    return late[::-1] if found * _PUT + looking + len(asked) * _STEP < plain else []
