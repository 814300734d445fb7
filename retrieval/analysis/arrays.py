"""Arrays of numbers: the few shapes of computing that ranking is made of."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "Integers", "intervals", "starts_of"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


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
