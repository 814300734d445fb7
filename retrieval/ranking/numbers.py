"""Arrays of numbers: the few shapes of computing that ranking is made of."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "Integers", "count_owners", "counts_of", "intervals"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def intervals(lows: Integers, highs: Integers) -> tuple[Integers, Integers]:
    """Return all numbers of some half-open intervals, and for each the interval it belongs to."""
    sizes = np.maximum(highs - lows, 0)
    rows = np.repeat(np.arange(len(lows)), sizes)
    firsts = np.cumsum(sizes) - sizes
    return np.arange(len(rows)) - firsts[rows] + lows[rows], rows


def count_owners(keys: Integers, owners: Integers) -> tuple[Integers, Integers]:
    """Return the different keys, sorted, and in how many different owners each stands."""
    order = np.lexsort((owners, keys))
    keys, owners = keys[order], owners[order]
    fresh = np.ones(len(keys), bool)
    fresh[1:] = (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])
    found, counts = np.unique(keys[fresh], return_counts=True)
    return found, counts.astype(np.int64)


def counts_of(keys: Integers, known: Integers, counts: Integers) -> Integers:
    """Return the count of each key, 0 for one that is not among the known, which are sorted."""
    if not len(known):
        return np.zeros(len(keys), np.int64)
    places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[places] == keys, counts[places], 0)
