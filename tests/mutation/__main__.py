"""Put small faults into an area, one at a time, and count how many its tests notice.

Exits with 1 where fewer than the least are noticed. Prints every mutant that no test notices.
"""

import argparse
import sys
from pathlib import Path

import pytest

from tests.mutation.areas import AREAS, ROOT
from tests.mutation.runner import Runner

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Read the arguments and go; return the status to exit with."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("area", choices=AREAS)
    parser.add_argument("--mutants", type=int, default=300, help="how many (300)")
    parser.add_argument("--skip", type=int, default=0, help="how many to leave to other runs (0)")
    parser.add_argument("--seed", type=int, default=1, help="which (1)")
    parser.add_argument("--least", type=float, default=0.9, help="the share that must be noticed (0.9)")
    parser.add_argument("--at-once", type=int, default=1, help="how many processes (1)")
    parser.add_argument("--budget", type=float, default=20, help="seconds of tests for a mutant (20)")
    parser.add_argument("--minutes", type=float, default=600, help="begin no mutant after so many (600)")
    parser.add_argument("--known", type=Path, help="a file to keep in what each test reaches")
    parser.add_argument("--only", default="", help="only mutants of files whose path holds this")
    chosen = parser.parse_args(arguments)
    area = AREAS[chosen.area]
    runner = Runner(
        area,
        mutants=chosen.mutants,
        skip=chosen.skip,
        seed=chosen.seed,
        at_once=chosen.at_once,
        only=chosen.only,
        budget=chosen.budget,
        minutes=chosen.minutes,
        known=chosen.known,
        progress=sys.stdout,
    )
    tests = [str(ROOT / name) for name in area.tests if (ROOT / name).exists()]
    # A mutant is not worth the minutes of the slow tests.
    options = ["-q", "-s", "-p", "no:cacheprovider", "-m", "not slow", "--hypothesis-profile=mutation"]
    status = pytest.main([*options, f"--rootdir={ROOT}", *tests], plugins=[runner])
    outcomes = runner.outcomes
    sys.stdout.write(
        f"{chosen.area}, seed {chosen.seed}: {outcomes.ran} mutants, {outcomes.share:.1%} noticed, "
        f"{outcomes.endless} of them by running on; {len(outcomes.survivors)} survived, "
        f"{len(outcomes.unreached)} are reached by no test; "
        f"--skip {runner.drawn} goes on from here\n"
    )
    return int(status != 0 or outcomes.share < chosen.least)


if __name__ == "__main__":
    sys.exit(main())
