"""The best documents of some posting lists without scoring those that cannot be among them.

The lists of a question's terms are taken by the highest score that each can give (MaxScore, Turtle and
Flood 1995). A *floor* is known beforehand: the n-th best score of a single term is reached by n documents
at least. As soon as all lists still to come cannot reach the floor together, no new document is worth
finding, and the long lists of common terms are only looked into for the documents found so far.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.ranking.numbers import Floats, Integers

__all__ = ["Listing", "Loops", "compiled", "select", "top_by_numpy"]

#: Nanoseconds, as measured: to add a posting, to sort one, to look a document up in a list, and for
#: each document of the corpus to look at its sum.
_ADD, _SORT, _LOOK_UP, _DOCUMENT = 5, 60, 90, 1
#: Room for the rounding of sums that are added in another order.
_SLACK = 1 - 1e-9


@dataclass(frozen=True, slots=True)
class Listing:
    """A term's posting list within one of the ranker's lists of documents.

    ``scores`` has the term's score for each code; ``cap`` is the highest that any document has.
    """

    posts: NDArray[np.int32]
    codes: NDArray[np.integer[Any]]
    scores: Floats
    cap: float

    def look_up(self, documents: NDArray[np.int32]) -> Floats:
        """Return the term's score for some documents, 0.0 for those that do not hold it."""
        places = np.minimum(np.searchsorted(self.posts, documents), len(self.posts) - 1)
        return np.where(self.posts[places] == documents, self.scores.take(self.codes[places]), 0.0)


def select(documents: Integers, scores: Floats, n: int) -> tuple[Integers, Floats]:
    """Return the best ``n``, best first, the earlier of equals first; ``documents`` must rise."""
    if len(scores) > 4 * n:
        least = np.partition(scores, len(scores) - n)[len(scores) - n]
        kept = scores >= least
        documents, scores = documents[kept], scores[kept]
    order = np.argsort(-scores, kind="stable")[:n]
    return documents[order], scores[order]


def top_by_numpy(listings: Sequence[Listing], size: int, floor: float, n: int) -> tuple[Integers, Floats]:
    """Return the best ``n`` of ``size`` documents and their scores, given some documents' floor.

    The listings are in the question's order, in which their scores are added.
    """
    floor *= _SLACK
    late = _late(listings, size, floor)
    if not late:
        sums = _sum(listings, size)
        documents = (sums >= floor).nonzero()[0] if floor > 0 else sums.nonzero()[0]
        return select(documents, sums[documents], n)
    early = [listing for listing in listings if not any(listing is other for other in late)]
    found, sums = _add(early, size)
    rest = sum(listing.cap for listing in late)
    for listing in late:
        possible = sums + rest >= floor
        found, sums = found[possible], sums[possible]
        sums = sums + listing.look_up(found)
        rest -= listing.cap
    if len(sums) > n:
        least = np.partition(sums, len(sums) - n)[len(sums) - n]
        found = found[sums >= least * _SLACK]
    exact = np.zeros(len(found))
    for listing in listings:
        exact += listing.look_up(found)
    return select(found.astype(np.int64), exact, n)


def _late(listings: Sequence[Listing], size: int, floor: float) -> list[Listing]:
    """Return the lists worth looking into only for documents found in others, highest scores first.

    None where plain adding is cheaper.
    """
    rising = sorted(listings, key=lambda listing: listing.cap)
    total, late = 0.0, []
    for listing in rising:
        total += listing.cap
        if total >= floor:
            break
        late.append(listing)
    late = late[: len(listings) - 1]
    if not late:
        return []
    # Short lists are added rather than looked into, from the highest scores on.
    found = sum(len(listing.posts) for listing in rising[len(late) :])
    while late and len(late[-1].posts) * _ADD < found * _LOOK_UP:
        found += len(late.pop().posts)
    plain = sum(len(listing.posts) for listing in listings) * _ADD + size * _DOCUMENT
    adding = found * _SORT if found * 20 < size else found * _ADD + size * _DOCUMENT
    return late[::-1] if adding + found * len(late) * _LOOK_UP < plain else []


def _sum(listings: Sequence[Listing], size: int) -> Floats:
    """Return the sum of every document, added in the order of the listings."""
    posts = np.concatenate([listing.posts for listing in listings])
    scores = np.concatenate([listing.scores.take(listing.codes) for listing in listings])
    return np.asarray(np.bincount(posts, scores, size), np.float64)


def _add(listings: Sequence[Listing], size: int) -> tuple[NDArray[np.int32], Floats]:
    """Return the documents of some lists, rising, with their sums."""
    if sum(len(listing.posts) for listing in listings) * 20 >= size:
        sums = _sum(listings, size)
        documents = sums.nonzero()[0].astype(np.int32)
        return documents, sums[documents]
    posts = np.concatenate([listing.posts for listing in listings])
    scores = np.concatenate([listing.scores.take(listing.codes) for listing in listings])
    order = np.argsort(posts, kind="stable")
    posts, scores = posts[order], scores[order]
    firsts = np.flatnonzero(np.append(True, posts[1:] != posts[:-1]))
    return posts[firsts], np.asarray(np.add.reduceat(scores, firsts), np.float64)


Loops = Callable[..., int]


@cache
def compiled() -> Loops | None:
    """Return the loop that numba compiles, ``None`` where numba is not installed."""
    try:
        from retrieval.ranking.compiled import search  # noqa: PLC0415 - loading numba takes its time
    except ImportError:
        return None
    return search
