"""One of a ranker's lists of documents, with what is known of its terms by the statistics of a scope."""

from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from retrieval.analysis.arrays import Floats, Integers
from retrieval.index.postings import COMMON, Postings
from retrieval.search.jit import CompiledLoops
from retrieval.search.maxscore import (
    ImpactLevels,
    ImpactList,
    QueryTerm,
    Scratch,
    select_top,
    top_by_numpy,
)

__all__ = ["ImpactLists"]

#: How many postings are kept ready with their scores, and how many of one term at most.
_READY: Final = 500_000
_READY_LIST: Final = 8_192
#: What is known of so many terms is remembered, before it is started anew.
_REMEMBERED: Final = 65_536
#: For so many different n it is remembered at a time.
_DEPTHS: Final = 4
#: The loops keep the best in order by shifting them, which is for few.
_MOST: Final = 1_000
#: Looking a document up in a list takes as long as going through so many of its postings.
_LOOKED_UP: Final = 32
_ONES: Final = np.ones(256)

_Thing = TypeVar("_Thing")


class ImpactLists:
    """Posting lists with scores. Safe to share among threads.

    ``impacts`` are the scores of the shapes but for the idf, which ``information`` gives for the number
    of documents in the scope that hold a term. ``frequency`` returns how many hold a term; it is ``None``
    where the scope has no other lists than these.
    """

    def __init__(
        self,
        postings: Postings,
        impacts: Floats,
        information: Callable[[int], float],
        frequency: Callable[[str], int] | None,
    ) -> None:
        self.postings = postings
        self._information = information
        self._frequency = frequency
        #: By code plus one; 0.0 stands for no posting.
        self._impacts = np.concatenate([[0.0], impacts])
        #: Of terms that were asked for, -1 for one that no document holds.
        self._numbers: dict[str, int] = {}
        self._listings: dict[int, ImpactList] = {}
        self._room = _READY
        #: By n: of each term its idf, highest score, n-th highest, and place among the rows, each not a
        #: number before it is known.
        self._known: dict[int, Floats] = {}
        postings.rows.begin(np.arange(1, len(self._impacts), dtype=postings.codes.dtype))
        self._rows = postings.rows.table(postings)
        # Those of other scopes are near to the levels of the first, and bounded by them.
        self._levels = ImpactLevels.of(postings.levels.begin(ImpactLevels.made(impacts)), impacts)
        size = len(postings)
        self._scratch = _Lent(lambda: Scratch(size))
        self._room_of_loops = _Lent(lambda: (np.zeros(size), np.empty(size + 1, np.int32)))

    def top(  # noqa: PLR0913, PLR0917 - a search
        self,
        terms: Sequence[str],
        weights: Sequence[float] | None,
        n: int,
        floor: float,
        loops: CompiledLoops | None,
        allowed: NDArray[np.bool_] | None = None,
    ) -> tuple[Integers, Floats]:
        """Return the best ``n`` documents with their scores, best first, the earlier of equals first.

        Each term has a weight, 1.0 without ``weights``. Only documents that hold a term and reach
        ``floor`` are found, and where there is a mask, ``allowed``, those it allows. Without ``loops``,
        NumPy does it.
        """
        numbers = self._numbers_of(terms)
        if allowed is not None:
            count = int(np.count_nonzero(allowed))
            listed = sum(self._length(number) for number in numbers if number >= 0)
            if count * _LOOKED_UP * len(numbers) <= listed or count <= n:
                return self._top_of_few(np.flatnonzero(allowed), terms, numbers, weights, n, floor)
        if loops is None or n > _MOST:
            return self._top_by_numpy(terms, numbers, weights, n, floor, allowed)
        if weights is None:
            weighed = _ONES[: len(numbers)] if len(numbers) <= len(_ONES) else np.ones(len(numbers))
        else:
            weighed = np.array(weights, np.float64)
        known = self._known.get(n)
        if known is None:
            known = self._begin(n)
        sums, candidates = room = self._room_of_loops.take()
        documents, scores = np.empty(n, np.int64), np.empty(n)
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
                documents,
                scores,
                allowed,
            )
            if count >= 0:
                break
            self._learn(terms, numbers, known)
        self._room_of_loops.give(room)
        return (documents, scores) if count == n else (documents[:count], scores[:count])

    def _numbers_of(self, terms: Sequence[str]) -> list[int]:
        """Return the terms' numbers, -1 for one that no document holds."""
        known = self._numbers
        try:
            return [known[term] for term in terms]
        except KeyError:
            if len(known) > _REMEMBERED:
                known = self._numbers = {}
            for term in terms:
                if term not in known:
                    number = self.postings.vocabulary.get(term)
                    known[term] = -1 if number is None or not self._length(number) else number
            return [known[term] for term in terms]

    def _length(self, number: int) -> int:
        """Return how many documents hold a term."""
        return self.postings.offsets.item(number + 1) - self.postings.offsets.item(number)

    def _idf(self, term: str, number: int) -> float:
        """Return the idf of a term that some document of these lists holds."""
        return self._information(self._length(number) if self._frequency is None else self._frequency(term))

    def _begin(self, n: int) -> Floats:
        """Begin to know terms by their n-th highest scores."""
        if len(self._known) >= _DEPTHS:
            self._known = {}
        known = np.full((len(self.postings.vocabulary), 4), np.nan)
        if self._frequency is None and len(known):
            lengths = np.diff(self.postings.offsets)
            # Few lengths differ, and idf is of the length alone; a term without documents has none.
            differ = np.zeros(lengths.max() + 1, bool)
            differ[lengths] = True
            differ[0] = False
            table = np.zeros(len(differ))
            table[differ] = [self._information(length) for length in differ.nonzero()[0].tolist()]
            known[:, 0] = table[lengths]
        return self._known.setdefault(n, known)

    def _learn(self, terms: Sequence[str], numbers: Sequence[int], known: Floats) -> None:
        """Tell the loops what they do not find out themselves: idf by other lists, and rows."""
        for term, number in zip(terms, numbers, strict=True):
            if number >= 0 and np.isnan(known[number, 2]):
                known[number, 0] = self._idf(term, number)
                known[number, 3] = self.postings.rows.of(number, self.postings)

    def _top_of_few(  # noqa: PLR0913, PLR0917 - as top() takes it
        self,
        documents: Integers,
        terms: Sequence[str],
        numbers: Sequence[int],
        weights: Sequence[float] | None,
        n: int,
        floor: float,
    ) -> tuple[Integers, Floats]:
        """Return the best of some documents, each looked up in the lists."""
        postings, totals = self.postings, np.zeros(len(documents))
        for place, number in enumerate(numbers):
            if number < 0:
                continue
            start, end = postings.offsets[number : number + 2].tolist()
            posts = postings.posts[start:end]
            # Of one type with the list, which else would be copied as a whole.
            wanted = documents.astype(posts.dtype, copy=False)
            places = posts.searchsorted(wanted)
            held = posts.take(places, mode="clip") == wanted
            gained = self._impacts[1:].take(postings.codes[start:end].take(places[held]))
            gained *= self._idf(terms[place], number)
            totals[held] += gained if weights is None else gained * weights[place]
        kept = (totals > 0) & (totals >= floor)
        return select_top(documents[kept], totals[kept], n)

    def _top_by_numpy(  # noqa: PLR0913, PLR0917 - a search
        self,
        terms: Sequence[str],
        numbers: Sequence[int],
        weights: Sequence[float] | None,
        n: int,
        floor: float,
        allowed: NDArray[np.bool_] | None,
    ) -> tuple[Integers, Floats]:
        get, asked = self._listings.get, []
        for place, number in enumerate(numbers):
            if number >= 0:
                listing = get(number) or self._listing(terms[place], number, n)
                weight = 1.0 if weights is None else weights[place]
                asked.append(QueryTerm(listing.cap * weight, place, listing, weight))
        if not asked:
            return np.zeros(0, np.int64), np.zeros(0)
        scratch = self._scratch.take()
        documents = top_by_numpy(asked, floor, n, self._levels, scratch, allowed)
        self._scratch.give(scratch)
        return documents

    def _listing(self, term: str, number: int, n: int) -> ImpactList:
        """Return a term's listing, kept ready where it is short enough."""
        postings = self.postings
        start, end = postings.offsets[number : number + 2].tolist()
        if len(self._listings) > _REMEMBERED:
            self._listings, self._room = {}, _READY
        keep = end - start <= min(_READY_LIST, self._room)
        if keep:
            self._room -= end - start
        # A rare term need not ask for rows, which takes longer than all else here.
        common = (end - start) * COMMON > len(postings)
        listing = ImpactList(
            postings.posts[start:end],
            postings.codes[start:end],
            self._impacts,
            self._idf(term, number),
            row=postings.rows.row(number, postings) if common else None,
            levels=postings.levels.row(number, postings) if common else None,
            keep=keep,
            n=n,
        )
        self._listings[number] = listing
        return listing


class _Lent(Generic[_Thing]):
    """Things that one thread has at a time."""

    def __init__(self, make: Callable[[], _Thing]) -> None:
        self._make = make
        self._free: list[_Thing] = []

    def take(self) -> _Thing:
        """Return one that is free."""
        try:
            return self._free.pop()
        except IndexError:
            return self._make()

    def give(self, thing: _Thing) -> None:
        """Give one back."""
        self._free.append(thing)
