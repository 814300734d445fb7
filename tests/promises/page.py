"""README.md: each promise, the command that proves it, and its last figure."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.promises.table import PROMISES

__all__ = ["PAGE", "Row", "read", "rendered", "write"]

PAGE: Final = Path(__file__).with_name("README.md")
_HEAD: Final = """\
# Promises

What Bobbin promises about reliability, each proved by one command:

    python -m tests.promises [--quick | --full] [--only NAME] [--page]

It prints the figure, the bar, and whether the promise holds, and exits with 1 where one does not. `--quick`,
the default, runs the tests that stand for the promises, within ten minutes on two cores (five minutes of
processor time were measured); `--full` also runs the benchmarks at the figures behind "full:", which takes
hours. `--sabotage NAME` breaks a promise on purpose
and has to end with a failure. `--page` notes the figures here.

| promise | bar | command | last figure |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Row:
    """What a run found of a promise: pass or FAIL, the figure, and how long which run took."""

    name: str
    verdict: str
    figure: str
    length: str

    def __str__(self) -> str:
        """Return it as it stands in the page's last column."""
        return f"{self.verdict} ({self.length}): {self.figure.replace('|', '/')}"


def read() -> dict[str, str]:
    """Return the last figure of each promise, as the page has it."""
    lines = PAGE.read_text(encoding="utf-8").splitlines() if PAGE.exists() else []
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines if "`--only" in line)
    return {cell[2].removeprefix("`--only ").removesuffix("`"): cell[3] for cell in cells if len(cell) == 4}


def rendered(figures: dict[str, str]) -> str:
    """Return the page with these figures by the promises' names."""
    return _HEAD + "".join(
        f"| {promise.sentence} | {promise.bar} | `--only {promise.name}` | "
        f"{figures.get(promise.name, 'not run yet')} |\n"
        for promise in PROMISES
    )


def write(rows: Iterable[Row]) -> None:
    """Put new figures into the page; those of promises that did not run stay."""
    PAGE.write_text(rendered(read() | {row.name: str(row) for row in rows}), encoding="utf-8")
