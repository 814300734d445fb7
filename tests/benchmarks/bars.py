"""The bars of the benchmarks that stand for a promise."""

import sys
from collections.abc import Iterable

__all__ = ["fail_below_bar"]


def fail_below_bar(shortfalls: Iterable[str]) -> None:
    """Print what is below its bar and exit with 1; where nothing is, return."""
    short = list(shortfalls)
    for line in short:
        sys.stdout.write(f"below the bar: {line}\n")
    if short:
        raise SystemExit(1)
