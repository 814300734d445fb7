"""The search of ``maxscore.py`` as loops that numba compiles; their machine code is kept on disk."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from retrieval.analysis.arrays import Floats, Integers
from retrieval.index.postings import COMMON

__all__ = ["search"]

#: Sums that are added in another order differ by less.
_LESS, _MORE = 1 - 1e-9, 1 + 1e-9
#: A list without a row that is shorter than so many times the documents found is added, not looked into.
_SHORT = 16
#: Before others are looked into, the floor is raised where so many times the best are found.
_OFTEN = 8


@njit(cache=True, nogil=True, boundscheck=False)
def search(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - one loop is what is compiled
    sums: Floats,
    candidates: NDArray[np.int32],
    posts: NDArray[np.int32],
    codes: NDArray[np.unsignedinteger[Any]],
    offsets: Integers,
    impacts: Floats,
    known: Floats,
    rows: NDArray[np.unsignedinteger[Any]],
    numbers: Integers,
    weights: Floats,
    floor: float,
    docs: Integers,
    scores: Floats,
    allowed: NDArray[np.bool_] | None,
) -> int:
    """Write the best documents to ``docs`` and their scores to ``scores``; return how many there are.

    ``sums`` (a zero for each document) and ``candidates`` (room for each and one more) are scratch, left
    as they were given. ``impacts`` are by code plus one, 0.0 for no posting. ``numbers`` are the
    question's terms, in its order, -1 for one that no document holds, with their ``weights``. ``known``
    has for each term of the vocabulary its idf, the highest score it gives, the n-th highest, and its
    place among ``rows`` (-1 for none), each not a number until it is known. The scores are worked out
    here; where the idf or the row of a common term is missing, nothing is searched and -1 returned. A row
    has each document's code plus one, 0 where it does not hold the term. Only documents that reach
    ``floor`` are looked for, and with a mask, ``allowed``, those that it allows. Without one, numba leaves
    out what asks for it.
    """
    terms, n = len(numbers), len(docs)
    caps = np.zeros(terms)
    order = np.zeros(terms, np.int64)
    floor *= _LESS
    for term in range(terms):
        number, cap = numbers[term], 0.0
        if number >= 0:
            if np.isnan(known[number, 2]):
                common = (offsets[number + 1] - offsets[number]) * COMMON > len(sums)
                if np.isnan(known[number, 0]) or (common and np.isnan(known[number, 3])):
                    return -1
                _learn(known[number], impacts, codes[offsets[number] : offsets[number + 1]], n)
            cap = known[number, 1] * weights[term] * _MORE
            if allowed is None:
                # So many documents reach the n-th best score of a term; with a mask they may not be allowed.
                floor = max(floor, known[number, 2] * weights[term] * _LESS)
        caps[term] = cap
        at = term
        while at > 0 and caps[order[at - 1]] < cap:
            order[at] = order[at - 1]
            at -= 1
        order[at] = term
    while terms > 0 and numbers[order[terms - 1]] < 0:
        terms -= 1
    rest = np.zeros(terms + 1)
    for place in range(terms - 1, -1, -1):
        rest[place] = rest[place + 1] + caps[order[place]]
    # The lists that new documents are found in, the highest scores first.
    count, place = 0, 0
    while place < terms:
        term = order[place]
        number, weight = numbers[term], weights[term]
        start, end, idf = offsets[number], offsets[number + 1], known[number, 0]
        if rest[place] < floor and (known[number, 3] >= 0 or end - start > _SHORT * count):
            break
        for posting in range(start, end):
            document = posts[posting]
            if allowed is not None and not allowed[document]:
                continue
            before = sums[document]
            # Written in any case, for a branch that cannot be foretold takes longer.
            candidates[count] = document
            count += before == 0.0
            sums[document] = before + impacts[codes[posting] + 1] * idf * weight
        place += 1
        if place < terms and count >= n and rest[place] >= floor:
            following = numbers[order[place]]
            # Worth its price where the list that it may leave out is not short.
            if 2 * (offsets[following + 1] - offsets[following]) > count:
                floor = _raised(floor, sums, candidates, count, scores)
    if place < terms and count > _OFTEN * n:
        floor = _raised(floor, sums, candidates, count, scores)
    # The others are looked into for the documents found so far that may still be among the best.
    while place < terms:
        term = order[place]
        number, weight = numbers[term], weights[term]
        idf, row, least, kept = known[number, 0], int(known[number, 3]), floor - rest[place], 0
        for candidate in range(count):
            document = candidates[candidate]
            total = sums[document]
            stays = total >= least
            candidates[kept] = document
            kept += stays
            sums[document] = total if stays else 0.0
        count = kept
        if row >= 0:
            for candidate in range(count):
                document = candidates[candidate]
                sums[document] += impacts[rows[row, document]] * idf * weight
        else:
            for candidate in range(count):
                document = candidates[candidate]
                at = _place(posts, offsets[number], offsets[number + 1], document)
                if at >= 0:
                    sums[document] += impacts[codes[at] + 1] * idf * weight
        place += 1
        if count > 4 * n:
            floor = _raised(floor, sums, candidates, count, scores)
    # The sums were added in the order of the caps; those that matter are added again in the question's.
    if count > n:
        floor = _raised(floor, sums, candidates, count, scores)
    kept = 0
    for candidate in range(count):
        document = candidates[candidate]
        total = sums[document]
        sums[document] = 0.0
        if total < floor:
            continue
        total = 0.0
        for term in range(len(numbers)):
            number = numbers[term]
            if number >= 0:
                row = int(known[number, 3])
                if row >= 0:
                    total += impacts[rows[row, document]] * known[number, 0] * weights[term]
                else:
                    at = _place(posts, offsets[number], offsets[number + 1], document)
                    if at >= 0:
                        total += impacts[codes[at] + 1] * known[number, 0] * weights[term]
        if kept < n:
            at = kept
            kept += 1
        elif total > scores[n - 1] or (total == scores[n - 1] and document < docs[n - 1]):
            at = n - 1
        else:
            continue
        while at > 0 and (scores[at - 1] < total or (scores[at - 1] == total and docs[at - 1] > document)):
            scores[at], docs[at] = scores[at - 1], docs[at - 1]
            at -= 1
        scores[at], docs[at] = total, document
    return kept


@njit(cache=True, nogil=True, boundscheck=False)
def _learn(known: Floats, impacts: Floats, codes: NDArray[np.unsignedinteger[Any]], n: int) -> None:
    """Work out a term's highest score and its n-th highest, 0.0 where there are fewer."""
    scores = np.empty(len(codes))
    for posting in range(len(codes)):
        scores[posting] = impacts[codes[posting] + 1] * known[0]
    known[1] = scores.max()
    if np.isnan(known[3]):
        known[3] = -1.0
    # Written last: other threads read it to know that the rest is complete.
    known[2] = np.partition(scores, len(scores) - n)[len(scores) - n] if len(scores) >= n else 0.0


@njit(cache=True, nogil=True, boundscheck=False)
def _place(posts: NDArray[np.int32], start: int, end: int, document: int) -> int:
    """Return where a document stands in a list, -1 where it does not."""
    low, high = start, end
    while low < high:
        middle = (low + high) >> 1
        if posts[middle] < document:
            low = middle + 1
        else:
            high = middle
    return low if low < end and posts[low] == document else -1


@njit(cache=True, nogil=True, boundscheck=False)
def _raised(floor: float, sums: Floats, candidates: NDArray[np.int32], count: int, best: Floats) -> float:
    """Return the sum that as many documents reach as ``best``, which is scratch, has room for."""
    n, kept = len(best), 0
    for candidate in range(count):
        total = sums[candidates[candidate]]
        if total <= floor:
            continue
        if kept < n:
            at = kept
            kept += 1
        elif total > best[n - 1]:
            at = n - 1
        else:
            continue
        while at > 0 and best[at - 1] < total:
            best[at] = best[at - 1]
            at -= 1
        best[at] = total
    return max(floor, best[n - 1] * _LESS) if kept == n else floor
