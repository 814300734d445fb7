"""The counting of ``fields.py`` as loops that numba compiles; their machine code is kept on disk."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from retrieval.analysis.arrays import Floats, Integers

__all__ = ["count_pairs", "count_runs", "count_terms"]


@njit(cache=True, nogil=True, boundscheck=False)
def count_terms(  # noqa: PLR0913, PLR0917 - one loop is what is compiled
    posts: NDArray[np.int32],
    codes: NDArray[np.unsignedinteger[Any]],
    frequencies: NDArray[np.int32],
    spans: Integers,
    candidates: Integers,
    bounds: Integers,
    kernel: Floats,
    own: Floats,
    around: Floats,
    thread: Floats,
) -> None:
    """Add up how often terms stand in candidates, weighted around them, and in their threads.

    ``spans`` has the bounds of each term's postings, ``bounds`` those of each candidate's thread; the
    candidates rise. The last three have a row for each candidate and a column for each term.
    """
    reach = len(kernel) - 1
    for term in range(len(spans)):
        low, end = spans[term, 0], spans[term, 1]
        high, first, total = low, -1, 0
        for row in range(len(candidates)):
            if bounds[row, 0] != first:
                first, low, top = bounds[row, 0], high, end
                while low < top:
                    middle = (low + top) >> 1
                    if posts[middle] < first:
                        low = middle + 1
                    else:
                        top = middle
                high, total = low, 0
                while high < end and posts[high] < bounds[row, 1]:
                    total += frequencies[codes[high]]
                    high += 1
            thread[row, term] = total
            for place in range(low, high):
                distance = posts[place] - candidates[row]
                if -reach <= distance <= reach:
                    frequency = frequencies[codes[place]]
                    around[row, term] += frequency * kernel[abs(distance)]
                    if distance == 0:
                        own[row, term] = frequency


@njit(cache=True, nogil=True, boundscheck=False)
def count_pairs(
    sequence: NDArray[np.int32], starts: Integers, candidates: Integers, wanted: Integers, counts: Floats
) -> None:
    """Count in each candidate the pairs of neighbouring words that are wanted: first << 32 | second."""
    for row in range(len(candidates)):
        for place in range(starts[candidates[row]], starts[candidates[row] + 1] - 1):
            for column in range(len(wanted)):
                if (
                    sequence[place] == wanted[column] >> 32
                    and sequence[place + 1] == wanted[column] & 0xFFFFFFFF
                ):
                    counts[row, column] += 1


@njit(cache=True, nogil=True, boundscheck=False)
def count_runs(  # noqa: PLR0913, PLR0917 - as above
    sequence: NDArray[np.int32],
    starts: Integers,
    run_starts: Integers,
    held: NDArray[np.int32],
    candidates: Integers,
    columns: NDArray[np.int16],
    lengths: Integers,
    counts: Floats,
) -> None:
    """Count in each candidate all runs of letters, and those that are wanted.

    ``columns`` has for each run its column in ``counts``, -1 for one that is not wanted.
    """
    for row in range(len(candidates)):
        for place in range(starts[candidates[row]], starts[candidates[row] + 1]):
            word = sequence[place]
            lengths[row] += run_starts[word + 1] - run_starts[word]
            for at in range(run_starts[word], run_starts[word + 1]):
                column = columns[held[at]]
                if column >= 0:
                    counts[row, column] += 1
