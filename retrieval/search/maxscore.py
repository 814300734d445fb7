"""The best documents of some posting lists without scoring those that cannot be among them.

A *floor* is known beforehand: the n-th best score of a single term is reached by n documents at least.
The lists of a question's terms are taken by the highest score that each can give (MaxScore, Turtle and
Flood 1995): a document is found in the first of its lists, and only where its score there and all that
the lists behind can give reach the floor together; in these it is only looked up.

Where that leaves many documents, a bound of every document's score is added up in whole numbers of two
bytes, of which a processor adds many at a time, and those are scored whose bounds are high enough.

The most common terms have *rows*, a value for every document: a code, where looking up takes one step,
and a level that the score does not exceed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.analysis.arrays import Floats, Integers

__all__ = ["ImpactLevels", "ImpactList", "QueryTerm", "Scratch", "select_top", "top_by_numpy"]

#: Room for the rounding of sums that are added in another order.
_SLACK = 1 - 1e-9
#: So many times the root of the corpus' size may be found before bounds for all are cheaper.
_MANY = 10
#: Of a shorter list no document is left out.
_SHORT = 64
#: A list that is longer than so many times the documents looked up is searched rather than spread out.
_LONGER = 12
#: Bounds are below this, and so is what rounding can add to them for each of a question's terms.
_MOST, _ROUNDED = 1 << 16, 1 << 8
#: With more terms there is no room for rounding.
_TERMS = 100
#: By the scores of so many terms, those that give most, the floor of the allowed documents is known.
_TRIED = 2
#: So many times the documents wanted are worth a second, closer look at their bounds.
_OFTEN = 8


@dataclass(frozen=True, slots=True)
class ImpactLevels:
    """How whole numbers, one for each code and below 256, bound the impacts of a scope.

    Times ``unit`` they are not below the impacts, and by ``loose`` too high at most. The numbers are of
    the posting lists, and made by the impacts of one scope; those of others are near to them.
    """

    unit: float
    loose: float

    @classmethod
    def of(cls, levels: NDArray[np.unsignedinteger[Any]], impacts: Floats) -> "ImpactLevels":
        """Fit levels to impacts, both by code."""
        unit = float((impacts / levels).max(initial=0.0))
        return cls(unit, float((levels * unit - impacts).max(initial=0.0)))

    @staticmethod
    def made(impacts: Floats) -> NDArray[np.uint8]:
        """Return levels for impacts, by code."""
        highest = _ROUNDED - 1
        if not len(impacts):
            return np.zeros(0, np.uint8)
        # The highest itself may be rounded to one more.
        levels: Floats = np.ceil(impacts * (highest / impacts.max())).clip(1, highest)
        return levels.astype(np.uint8)


class ImpactList:
    """A term's posting list within one list of documents, with the term's scores.

    ``impacts`` are by code plus one, 0.0 for no posting; times ``idf`` they are scores. ``row`` is every
    document's code plus one, ``levels`` its level, where the term has them. ``keep`` asks to keep each
    posting's score, and its document as an index; ``n`` how many documents are wanted first. ``cap`` is
    the highest score that any has.
    """

    __slots__ = ("_codes", "_impacts", "_nths", "_ready", "_row", "cap", "idf", "levels", "posts")

    def __init__(  # noqa: PLR0913 - what a list is made of
        self,
        posts: NDArray[np.integer[Any]],
        codes: NDArray[np.unsignedinteger[Any]],
        impacts: Floats,
        idf: float,
        *,
        row: NDArray[np.unsignedinteger[Any]] | None,
        levels: NDArray[np.unsignedinteger[Any]] | None,
        keep: bool,
        n: int,
    ) -> None:
        self.idf = idf
        self.levels = levels
        self._codes = codes
        self._impacts = impacts
        self._row = None if row is None else (row, impacts * idf)
        self._ready = None
        gained = self.added(1)
        if len(gained) <= _SHORT:
            # Of so few, Python sorts out both sooner than NumPy one.
            rising = sorted(gained.tolist())
            self.cap = rising[-1]
            self._nths = {n: rising[-n] if len(rising) >= n else 0.0}
        else:
            self.cap = float(np.maximum.reduce(gained))
            self._nths = {}
        self._ready = gained if keep else None
        self.posts = posts.astype(np.int64) if keep else posts

    def added(self, weight: float) -> Floats:
        """Return each posting's score, times a weight."""
        gained = self._ready
        if gained is None:
            gained = self._impacts[1:].take(self._codes)
            gained *= self.idf
        return gained if weight == 1 else gained * weight

    def bounds(self, times: float) -> NDArray[np.uint16]:
        """Return each posting's score, times a number, as the next whole number above it."""
        if len(self.posts) <= len(self._impacts):
            return (self.added(times) + 1).astype(np.uint16)
        bounds: NDArray[np.uint16] = (self._impacts[1:] * (self.idf * times) + 1).astype(np.uint16)
        return bounds.take(self._codes)

    def nth(self, n: int) -> float:
        """Return the n-th best score, 0.0 where there are fewer."""
        known = self._nths.get(n)
        if known is None:
            known = _nth(self.added(1), n) if len(self.posts) >= n else 0.0
            self._nths[n] = known
        return known

    def look_up(self, documents: Integers, weight: float, sums: Floats) -> Floats:
        """Return the term's score for some documents, 0.0 for those that do not hold it.

        ``sums``, a zero for each document, is scratch, left as it was given.
        """
        gained: Floats
        if self._row is not None:
            row, scores = self._row
            gained = scores.take(row.take(documents))
        elif len(self.posts) < _LONGER * len(documents):
            sums[self.posts] = self.added(1)
            gained = sums.take(documents)
            sums[self.posts] = 0.0
        else:
            # Of one type with the list, which else would be copied as a whole.
            wanted = documents.astype(self.posts.dtype, copy=False)
            places = self.posts.searchsorted(wanted)
            if self._ready is not None:
                gained = self._ready.take(places, mode="clip")
            else:
                gained = self._impacts[1:].take(self._codes.take(places, mode="clip"))
                gained *= self.idf
            gained *= self.posts.take(places, mode="clip") == wanted
        return gained if weight == 1 else gained * weight


class Scratch:
    """Room for a number for every document, for one search at a time.

    ``sums`` are zeros, and left so; ``bounds`` and ``products`` are anything.
    """

    __slots__ = ("bounds", "products", "sums")

    def __init__(self, size: int) -> None:
        self.sums = np.zeros(size)
        self.bounds, self.products = np.empty((2, size), np.uint16)


class QueryTerm(NamedTuple):
    """A term of a question: the highest score it can give, its place, its listing and its weight."""

    cap: float
    place: int
    listing: ImpactList
    weight: float


def select_top(documents: Integers, scores: Floats, n: int) -> tuple[Integers, Floats]:
    """Return the best ``n``, best first, the earlier of equals first; ``documents`` must rise."""
    if len(scores) > 4 * n:
        kept = (scores >= _nth(scores, n)).nonzero()[0]
        documents, scores = documents[kept], scores[kept]
    order = (-scores).argsort(kind="stable")[:n]
    return documents[order], scores[order]


def top_by_numpy(  # noqa: PLR0913, PLR0917 - called once a search
    asked: Sequence[QueryTerm],
    floor: float,
    n: int,
    levels: ImpactLevels,
    scratch: Scratch,
    allowed: NDArray[np.bool_] | None = None,
) -> tuple[Integers, Floats]:
    """Return the best ``n`` documents that reach the floor, and their scores.

    ``asked`` are a question's terms in its order, in which their scores are added. With a mask only the
    documents that are ``allowed`` are found.
    """
    if allowed is None:
        for _, _, listing, weight in asked:
            floor = max(floor, listing.nth(n) * weight)
    else:
        floor = max(floor, _floor_of_allowed(asked, n, allowed))
    floor *= _SLACK
    falling = sorted(asked, reverse=True)
    rests = [0.0]
    for one in reversed(falling):
        rests.append(rests[-1] + one.cap)
    rests.reverse()
    gained = sum([len(one.listing.posts) for one, rest in zip(falling, rests, strict=False) if rest >= floor])
    if gained > _MANY * isqrt(len(scratch.sums)) and len(asked) <= _TERMS:
        documents = _bounded(asked, floor, n, levels, scratch, allowed)
    else:
        documents = _found(falling, rests, floor)
        if allowed is not None:
            documents = documents[allowed[documents]]
    return select_top(documents, _totals(asked, documents, scratch.sums), n)


def _floor_of_allowed(asked: Sequence[QueryTerm], n: int, allowed: NDArray[np.bool_]) -> float:
    """Return a score that ``n`` of the allowed documents reach, of the term that can give most; 0.0 for none.

    Of the terms with shorter lists the highest scores come, so one of these is enough.
    """
    floor = 0.0
    for cap, _, listing, weight in sorted(asked, reverse=True)[:_TRIED]:
        if cap <= floor:
            break
        scores = listing.added(weight)[allowed[listing.posts]]
        if len(scores) >= n:
            floor = max(floor, _nth(scores, n))
    return floor


def _found(falling: Sequence[QueryTerm], rests: Sequence[float], floor: float) -> Integers:
    """Return the documents that may reach the floor by what lists give that are of higher scores.

    ``rests`` are the scores that each list and those behind it can give together, at most.
    """
    parts = []
    for place, (_, _, listing, weight) in enumerate(falling):
        if rests[place] < floor:
            break
        least = floor - rests[place + 1]
        if least > 0 and len(listing.posts) > _SHORT:
            parts.append(listing.posts[(listing.added(weight) >= least).nonzero()[0]])
        else:
            parts.append(listing.posts)
    return _different(np.concatenate(parts)) if parts else np.zeros(0, np.int64)


def _bounded(  # noqa: PLR0913, PLR0917 - as above
    asked: Sequence[QueryTerm],
    floor: float,
    n: int,
    levels: ImpactLevels,
    scratch: Scratch,
    allowed: NDArray[np.bool_] | None,
) -> Integers:
    """Return the documents that may be among the best ``n`` and reach the floor, by bounds for all."""
    room = _MOST - 2 * _ROUNDED * len(asked)
    scale = room / sum(
        [
            cap if listing.levels is None else listing.idf * levels.unit * _ROUNDED * weight
            for cap, _, listing, weight in asked
        ]
    )
    bounds, excess = scratch.bounds, 0.0
    bounds.fill(0)
    for _, _, listing, weight in asked:
        times = scale * weight
        if listing.levels is None:
            np.add.at(bounds, listing.posts.astype(np.int64, copy=False), listing.bounds(times))
            excess += 1
        else:
            step = int(levels.unit * listing.idf * times) + 1
            np.multiply(listing.levels, np.uint16(step), out=scratch.products, dtype=np.uint16)
            np.add(bounds, scratch.products, out=bounds)
            excess += _ROUNDED + levels.loose * listing.idf * times
    reached = bounds >= max(int(floor * scale), 1)
    if allowed is not None:
        reached &= allowed
    documents = reached.nonzero()[0]
    if len(documents) > _OFTEN * n:
        high = bounds.take(documents)
        # So many have scores that are lower than their bounds by the excess at most.
        least = _nth(high, n) - excess
        documents = documents[high >= least]
    return documents


def _different(documents: NDArray[np.integer[Any]]) -> Integers:
    """Sort documents where they stand, and return the different ones."""
    documents.sort()
    fresh = np.empty(len(documents), bool)
    fresh[:1] = True
    np.not_equal(documents[1:], documents[:-1], out=fresh[1:])
    return documents[fresh].astype(np.int64, copy=False)


def _totals(asked: Sequence[QueryTerm], documents: Integers, sums: Floats) -> Floats:
    """Return the scores of documents, added in the question's order."""
    _, _, listing, weight = asked[0]
    totals = listing.look_up(documents, weight, sums)
    for _, _, listing, weight in asked[1:]:
        totals += listing.look_up(documents, weight, sums)
    return totals


def _nth(numbers: NDArray[Any], n: int) -> float:
    """Return the n-th highest of numbers, of which there are as many."""
    copy, place = numbers.copy(), len(numbers) - n
    copy.partition(place)
    return float(copy.item(place))
