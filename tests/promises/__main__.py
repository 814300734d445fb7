"""Prove every promise: print its figure, its bar, and whether it holds; exit with 1 where one does not.

``--quick``, the default, runs the tests that stand for the promises; ``--full`` also runs the benchmarks, at
the figures that were promised, which takes hours. A promise that nothing proves yet counts as not held.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.promises.page import Row, write
from tests.promises.sabotage import SABOTAGES, VARIABLE
from tests.promises.table import PROMISES, Promise

__all__ = ["Proof", "main", "prove"]

_ROOT: Final = Path(__file__).resolve().parents[2]
_COUNTED: Final = re.compile(r"\b(\d+) (passed|failed|error|errors|skipped)\b")
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of a promise: whether it holds (``None`` where nothing proves it), and the figures."""

    holds: bool | None
    figure: str
    seconds: float = 0.0

    @property
    def verdict(self) -> str:
        """Return it in a word."""
        return {True: "pass", False: "FAIL", None: "UNPROVED"}[self.holds]


def prove(promise: Promise, *, full: bool = False, sabotaged: bool = False) -> Proof:
    """Run what proves a promise, each command as a process of its own.

    ``sabotaged`` breaks it on purpose first, and stops at the first failure.
    """
    if not promise.tests:
        return Proof(None, promise.unproved)
    options = ["-q", "-p", "no:cacheprovider"]
    if sabotaged:
        options += ["-x", "-p", "tests.promises.sabotage", "--hypothesis-profile=mutation"]
    commands = [["-m", "pytest", *options, *promise.tests]]
    if full and promise.bench:
        module, *rest = promise.bench.split()
        commands.append(["-m", f"tests.benchmarks.{module}", *rest])
    environment = os.environ | ({VARIABLE: promise.name} if sabotaged else {})
    started, figures, holds = time.monotonic(), list[str](), True
    for command in commands:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=_ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        # Tests that were all skipped prove nothing: pytest then counts none as passed.
        proved = "pytest" not in command or " passed" in done.stdout or done.returncode != 0
        holds = holds and done.returncode == 0 and proved
        figures.append(_figure(done.stdout, promise.figure if "pytest" not in command else ""))
        if done.returncode and not sabotaged:
            sys.stdout.write(done.stdout)
    return Proof(holds, "; ".join(filter(None, figures))[:_LONGEST], time.monotonic() - started)


def _figure(output: str, wanted: str) -> str:
    """Return the lines of a benchmark with its figures, or how many tests passed."""
    lines = output.strip().splitlines()
    if wanted:
        return "; ".join(" ".join(line.split()) for line in lines if wanted in line)
    return ", ".join(f"{count} tests {what}" for count, what in _COUNTED.findall(lines[-1] if lines else ""))


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments and prove; return the status to exit with."""
    names = [promise.name for promise in PROMISES]
    parser = argparse.ArgumentParser(prog="python -m tests.promises", description=__doc__)
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--quick", action="store_true", help="only the tests (the default)")
    length.add_argument("--full", action="store_true", help="the benchmarks, too")
    parser.add_argument("--only", action="append", choices=names, metavar="NAME", help="only this promise")
    parser.add_argument(
        "--sabotage", choices=sorted(SABOTAGES), metavar="NAME", help="break this promise, and see it fail"
    )
    parser.add_argument("--page", action="store_true", help="note the figures in README.md")
    chosen = parser.parse_args(arguments)
    wanted = [chosen.sabotage] if chosen.sabotage else chosen.only or names
    rows, held = [], True
    for promise in PROMISES:
        if promise.name in wanted:
            proof = prove(promise, full=chosen.full, sabotaged=bool(chosen.sabotage))
            held = held and proof.holds is True
            sys.stdout.write(
                f"{proof.verdict:<9}{promise.name:<18}{proof.figure}\n{'':27}bar: {promise.bar}"
                f" ({proof.seconds:.0f} s)\n"
            )
            sys.stdout.flush()
            rows.append(Row(promise.name, proof.verdict, proof.figure, "full" if chosen.full else "quick"))
    if chosen.page and not chosen.sabotage:
        write(rows)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
