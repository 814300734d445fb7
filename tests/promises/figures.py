"""Figures of the tests that stand for a promise, for ``python -m tests.promises`` to show."""

import os
from pathlib import Path
from typing import Final

__all__ = ["FIGURES_FILE", "note"]

FIGURES_FILE: Final = "TESTS_FIGURES"


def note(figure: str) -> None:
    """Note a figure, like "8 kills: 0 lost", where somebody reads it."""
    if path := os.environ.get(FIGURES_FILE):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{figure}\n")
