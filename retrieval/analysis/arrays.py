"""Arrays of numbers: the few shapes of computing that ranking is made of."""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "Integers", "distinct", "intervals", "starts_of"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_Integer = TypeVar("_Integer", bound=np.integer[Any])


def distinct(numbers: NDArray[_Integer]) -> NDArray[_Integer]:
    """Return the different numbers in ascending order, as numpy.unique does, which loads numpy.ma."""
    ordered: NDArray[_Integer] = np.sort(numbers)
    first = np.ones(len(ordered), bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def intervals(lows: Integers, highs: Integers) -> tuple[Integers, Integers]:
    """Return all numbers of some half-open intervals, and for each the interval it belongs to."""
    sizes = np.maximum(highs - lows, 0)
    rows = np.repeat(np.arange(len(lows)), sizes)
    firsts = np.cumsum(sizes) - sizes
    return np.arange(len(rows)) - firsts[rows] + lows[rows], rows


def starts_of(sizes: NDArray[np.integer[Any]]) -> Integers:
    """Return where each of some parts begins, laid one after another, and where the last ends."""
    starts = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts
