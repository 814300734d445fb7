"""How many times as long twice the size takes: what tests hold instead of a number of seconds.

Ratios of processor time are compared, never seconds, so that a busy machine changes nothing: each figure is
the least of several, and a ratio that is too high is measured again before it counts.
"""

import time
from collections.abc import Callable
from typing import TypeVar

__all__ = ["CHARACTERS", "MOST", "PAIRS", "TELLING", "growth", "repeated", "seconds"]

T = TypeVar("T")

# Until a figure is this large, clocks and the machine's own doings are too much of it.
TELLING = 0.01
# What is quadratic takes far more than that at the larger size: its square is four thousand million steps,
# of which the fastest loop does thirty in a nanosecond.
SIZES: tuple[int, ...] = (8_000, 64_000)
MOST = 3.0
TRIES = 12

CHARACTERS = ["\n", " ", "\t", "\r\n", "{", "[", "(", "<", "0", "a", '"', "\\", "`", "*", "-", "@", "#", "🧵"]
PAIRS = [
    "\n ",
    "{}",
    "[]",
    "}{",
    "{[",
    "()",
    "<>",
    "ab",
    "1\n",
    "a\n",
    "\n\n1",
    '\\"',
    '"{',
    "{\n",
    "a\u0301",
]


def seconds(work: Callable[[T], object], text: T, times: int = 1) -> float:
    least = float("inf")
    for _ in range(times):
        began = time.process_time()
        work(text)
        least = min(least, time.process_time() - began)
    return least


def growth(work: Callable[[T], object], make: Callable[[int], T]) -> float:
    """Return how many times as long twice the size takes, at the smallest size that can tell."""
    size = next((size for size in SIZES if seconds(work, make(size)) > TELLING), None)
    if size is None:
        # The largest is done in a moment, so nothing of it grows.
        return 1.0
    once = twice = float("inf")
    for _ in range(TRIES):
        twice = min(twice, seconds(work, make(size)))
        once = min(once, seconds(work, make(size // 2)))
        # What a machine does beside takes milliseconds; what is quadratic, more than that with each size.
        if twice <= MOST * once + TELLING / 10:
            return min(twice / once, MOST)
    return twice / once


def repeated(token: str, opening: str = "") -> Callable[[int], str]:
    return lambda size: (opening + token * (size // len(token) + 1))[:size]
