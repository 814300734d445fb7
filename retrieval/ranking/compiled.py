"""The search of ``skipping.py`` as one loop that numba compiles; its machine code is kept on disk."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from retrieval.ranking.numbers import Floats, Integers

__all__ = ["search"]


@njit(cache=True, nogil=True, boundscheck=False)  # type: ignore[untyped-decorator,unused-ignore]  # numba has no types
def search(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - one loop is what is compiled
    sums: Floats,
    candidates: Integers,
    posts: NDArray[np.int32],
    codes: NDArray[np.integer[Any]],
    offsets: Integers,
    impacts: Floats,
    idfs: Floats,
    highest: Floats,
    numbers: Integers,
    weights: Floats,
    floor: float,
    found: Integers,
    scores: Floats,
) -> int:
    """Write the best documents to ``found`` and their scores to ``scores``; return how many there are.

    ``sums`` (a zero for each document) and ``candidates`` (room for each) are scratch, left as they were
    given. ``numbers`` are the question's terms, in its order, -1 for one that no document holds, with
    their ``weights``; ``offsets``, ``idfs`` and ``highest`` (the highest score a term gives) are by terms'
    numbers.
    """
    terms, n = len(numbers), len(found)
    caps = np.zeros(terms)
    spans = np.zeros((terms, 2), np.int64)
    factors = np.zeros((terms, 2))
    for term in range(terms):
        number = numbers[term]
        if number >= 0:
            spans[term, 0], spans[term, 1] = offsets[number], offsets[number + 1]
            factors[term, 0], factors[term, 1] = idfs[number], weights[term]
            caps[term] = highest[number] * weights[term] * (1 + 1e-9)
    order = np.argsort(-caps)
    rest = np.zeros(terms + 1)
    for place in range(terms - 1, -1, -1):
        rest[place] = rest[place + 1] + caps[order[place]]
    count = 0
    place = 0
    while place < terms:
        term = order[place]
        start, end = spans[term, 0], spans[term, 1]
        idf, weight = factors[term, 0], factors[term, 1]
        # Below the floor no new document is worth finding; a short list is added all the same.
        if rest[place] < floor and (end - start) > 16 * count:
            break
        for posting in range(start, end):
            document = posts[posting]
            before = sums[document]
            if before == 0.0:
                candidates[count] = document
                count += 1
            sums[document] = before + impacts[codes[posting]] * idf * weight
        place += 1
    late = place
    while place < terms:
        term = order[place]
        start, end = spans[term, 0], spans[term, 1]
        idf, weight = factors[term, 0], factors[term, 1]
        for candidate in range(count):
            document = candidates[candidate]
            if sums[document] + rest[place] >= floor:
                low, high = start, end
                while low < high:
                    middle = (low + high) >> 1
                    if posts[middle] < document:
                        low = middle + 1
                    else:
                        high = middle
                if low < end and posts[low] == document:
                    sums[document] += impacts[codes[low]] * idf * weight
        place += 1
    # The sums were added in the order of the caps; those that matter are added again in the question's.
    kept = 0
    exact = late == terms and terms == 1
    for candidate in range(count):
        document = candidates[candidate]
        total = sums[document]
        sums[document] = 0.0
        if total < floor or (kept == n and total < scores[n - 1] * (1 - 1e-9)):
            continue
        if not exact:
            total = 0.0
            for term in range(terms):
                low, high = spans[term, 0], spans[term, 1]
                end = high
                while low < high:
                    middle = (low + high) >> 1
                    if posts[middle] < document:
                        low = middle + 1
                    else:
                        high = middle
                if low < end and posts[low] == document:
                    total += impacts[codes[low]] * factors[term, 0] * factors[term, 1]
        if kept < n:
            at = kept
            kept += 1
        elif total > scores[n - 1] or (total == scores[n - 1] and document < found[n - 1]):
            at = n - 1
        else:
            continue
        while at > 0 and (scores[at - 1] < total or (scores[at - 1] == total and found[at - 1] > document)):
            scores[at], found[at] = scores[at - 1], found[at - 1]
            at -= 1
        scores[at], found[at] = total, document
    return kept
