"""Prove every promise: print its figure, its bar, and whether it holds; exit with 1 where one does not.

``--quick``, the default, runs the tests that stand for the promises, as many beside each other as there are
processors; ``--full`` also runs the benchmarks, at the figures that were promised, which takes hours.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.promises.figures import FIGURES_FILE
from tests.promises.full_length import EXAMPLES
from tests.promises.page import Row, write
from tests.promises.sabotage import SABOTAGES, VARIABLE
from tests.promises.table import PROMISES, Promise

__all__ = ["Proof", "main", "prove"]

_ROOT: Final = Path(__file__).resolve().parents[2]
_COUNTED: Final = re.compile(r"\b(\d+) (passed|failed|error|errors|skipped)\b")
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of a promise: whether it holds, the figures, and the seconds that it took to prove."""

    holds: bool
    figure: str
    seconds: float

    @property
    def verdict(self) -> str:
        """Return it in a word."""
        return "pass" if self.holds else "FAIL"


def prove(promise: Promise, *, full: bool = False, sabotaged: bool = False) -> Proof:
    """Run what proves a promise, each command as a process of its own.

    ``sabotaged`` breaks it on purpose first, and stops at the first failure.
    """
    started, figures, holds = time.monotonic(), list[str](), True
    for command, wanted in _commands(promise, full=full, sabotaged=sabotaged):
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as noted:
            environment = os.environ | {
                FIGURES_FILE: noted.name,
                EXAMPLES: str(promise.examples),
            }
            done = subprocess.run(
                [sys.executable, *command],
                cwd=_ROOT,
                env=environment | ({VARIABLE: promise.name} if sabotaged else {}),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            figures += [line for line in noted.read().splitlines() if line]
        counted = _figure(done.stdout, wanted)
        figures.append(counted)
        # Tests that were all skipped prove nothing: pytest then counts none as passed.
        holds = holds and done.returncode == 0 and (bool(wanted) or "passed" in counted)
        if done.returncode and not sabotaged:
            sys.stdout.write(done.stdout)
    return Proof(holds, "; ".join(filter(None, figures))[:_LONGEST], time.monotonic() - started)


def _commands(promise: Promise, *, full: bool, sabotaged: bool) -> Iterator[tuple[list[str], str]]:
    """Yield what Python is given, and the word by which a benchmark's figures are known, "" for tests."""
    options = ["-m", "pytest", "-q", "-p", "no:cacheprovider"]
    if sabotaged:
        options += ["-x", "-p", "tests.promises.sabotage", "--hypothesis-profile=mutation"]
    yield [*options, *promise.tests], ""
    if full and promise.long:
        yield [*options, "-p", "tests.promises.full_length", *promise.long], ""
    for bench, wanted in promise.benches if full else ():
        module, *rest = bench.split()
        yield ["-m", f"tests.benchmarks.{module}", *rest], wanted


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
    chosen_promises = [promise for promise in PROMISES if promise.name in wanted]
    rows, held = [], True
    # At full length times are measured, which another proof beside would spoil.
    with ThreadPoolExecutor(1 if chosen.full else os.cpu_count() or 1) as pool:
        proofs = pool.map(
            lambda promise: prove(promise, full=chosen.full, sabotaged=bool(chosen.sabotage)), chosen_promises
        )
        for promise, proof in zip(chosen_promises, proofs, strict=True):
            held = held and proof.holds
            sys.stdout.write(
                f"{proof.verdict:<9}{promise.name:<18}{proof.figure}\n{'':27}bar: {promise.bar}"
                f" ({proof.seconds:.0f} s)\n"
            )
            sys.stdout.flush()
            took = f"{'full' if chosen.full else 'quick'}, {proof.seconds:.0f} s"
            rows.append(Row(promise.name, proof.verdict, proof.figure, took))
            if chosen.page and not chosen.sabotage:
                write(rows)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
