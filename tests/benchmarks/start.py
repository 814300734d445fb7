"""Measure how long the terminal's commands take to start, beside Python and the libraries themselves.

``python -m tests.benchmarks.start`` starts each command several times in turn, over an archive of its own,
and prints the medians of their processor time: of help, version and completion against Python's own start,
of ``threads`` and ``ask`` against importing sqlite-utils and rank-bm25. It exits with 1 where help, version
or the completion of commands, options and choices take more than 4 times Python's start, or ``threads`` and
``ask`` more than 1.6 and 2.0 times the libraries.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks.bars import fail_below_bar
from tests.benchmarks.completion import fill
from tests.benchmarks.trial import say

__all__ = ["main"]

_ROOT = Path(__file__).resolve().parents[2]
_COLUMNS = "{:<44}{:>9}{:>9}{:>9}"
_MAIN = ("-c", "from bot.cli.main import main; main()")
_PYTHON, _LIBRARIES = "Python", "importing sqlite-utils and rank-bm25"
_RUNS = 9


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.start", description=__doc__)
    parser.add_argument("--runs", type=int, default=_RUNS, help="starts of each command")
    parser.add_argument("--threads", type=int, default=1_000, help="threads in the archive")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder) / "archive.db", chosen.threads)
        measured = _measured(Path(folder), chosen.runs)
    own, libraries = measured[_PYTHON], measured[_LIBRARIES]
    say(_COLUMNS.format(f"median of {chosen.runs}, processor time", "ms", "÷ Python", "÷ libs"))
    for name, seconds in measured.items():
        ratios = f"{seconds / own:.1f}", f"{seconds / libraries:.2f}"
        say(_COLUMNS.format(name, f"{seconds * 1000:.0f}", *ratios))
    bars = {name: (4.0, own) for name in _starts() if name.startswith("--") or name.endswith("completed")}
    bars |= {"threads": (1.6, libraries), "ask": (2.0, libraries)}
    # Few runs are for the tests, whose machine is busy with others.
    if chosen.runs >= _RUNS:
        fail_below_bar(
            f"{name}: {measured[name] / base:.2f} times, at most {most} is right"
            for name, (most, base) in bars.items()
            if measured[name] > most * base
        )


def _starts() -> Mapping[str, tuple[Sequence[str], Mapping[str, str]]]:
    """Return by name what is started: the arguments of Python, and what is in the environment."""

    def completing(line: str) -> tuple[Sequence[str], Mapping[str, str]]:
        words = {"COMP_WORDS": f"bobbin {line}", "COMP_CWORD": str(len(line.split(" ")))}
        return _MAIN, {"_BOBBIN_COMPLETE": "bash_complete", **words}

    return {
        _PYTHON: (("-c", "pass"), {}),
        _LIBRARIES: (("-c", "import sqlite_utils, rank_bm25"), {}),
        "--help": ((*_MAIN, "--help"), {}),
        "--version": ((*_MAIN, "--version"), {}),
        "commands completed": completing("th"),
        "options completed": completing("ask --"),
        "choices completed": completing("threads --sort "),
        "ids of threads": completing("thread "),
        "authors": completing("threads --author author1"),
        "threads": ((*_MAIN, "threads"), {}),
        "ask": ((*_MAIN, "ask", "which", "harbour", "did", "the", "captain", "see"), {}),
    }


def _measured(folder: Path, runs: int) -> dict[str, float]:
    """Return the median of the seconds of processor time of each start."""
    environment = os.environ | {"PYTHONPATH": str(_ROOT), "BOBBIN_DATA_DIR": str(folder)}
    # Compiled once, as an installation is, wherever the benchmark runs.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
    times: dict[str, list[float]] = {name: [] for name in _starts()}
    for turn in range(runs + 1):
        for name, (arguments, variables) in _starts().items():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            command = [sys.executable, *arguments]
            done = subprocess.run(
                command,
                env={**environment, **variables},
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
            )
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            if done.returncode not in {0, 1}:
                raise SystemExit(f"{name}: {done.stderr}")
            if turn:  # the first start fills the caches of files and makes the index
                spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                times[name].append(spent)
    return {name: statistics.median(spent) for name, spent in times.items()}


if __name__ == "__main__":
    main()
