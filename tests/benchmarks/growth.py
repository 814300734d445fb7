"""Measure how time and memory grow with the number of posts, as a table and a plot with the exponents.

An exponent is the slope of a straight line through the logarithms: 1 where ten times the posts take ten
times as much. Run it as ``python -m tests.benchmarks.growth [--posts 10000,100000,1000000] [--plot FOLDER]``,
or with ``--measured FILE …`` on what ``tests.benchmarks.search --json FILE`` has kept.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from tests.benchmarks.corpus import Corpus
from tests.benchmarks.engines import ENGINES
from tests.benchmarks.search import measure, named, numbers
from tests.benchmarks.trial import say

__all__ = ["exponent", "main"]

_MIB = 2**20
_MEASURES = {"p50": "p50, µs", "memory": "memory, MiB"}


@dataclass(frozen=True, slots=True)
class _Curve:
    """One engine's figures: by the number of posts, p50 in microseconds or memory in MiB."""

    engine: str
    measure: str
    points: dict[int, float]

    @property
    def exponent(self) -> float | None:
        return exponent(self.points)


#: By engine and measure, values by the number of posts.
_Found = dict[tuple[str, str], dict[int, float]]


def main() -> None:
    """Read the options, measure every size, print the tables and draw the plot."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.growth", description=__doc__)
    parser.add_argument("--posts", type=numbers, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--peers", default="tantivy,bm25s", help="parts of names of the peers beside Bobbin")
    parser.add_argument("--bobbin", default="", help="the same of Bobbin's own rows")
    parser.add_argument("--patience", type=float, default=60, help="seconds for the questions to one engine")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plot", type=Path, help="a folder for growth.svg, growth.png and growth.json")
    parser.add_argument("--folder", type=Path, help="where to keep the made corpora; else they are deleted")
    parser.add_argument("--measured", type=Path, nargs="+", help="files that tests.benchmarks.search kept")
    chosen = parser.parse_args()
    found = _kept(chosen.measured) if chosen.measured else _measured(chosen)
    curves = [_Curve(name, kind, points) for (name, kind), points in found.items()]
    _show(curves, sorted({posts for curve in curves for posts in curve.points}))
    if chosen.plot:
        _keep(curves, chosen.plot)


def _measured(chosen: argparse.Namespace) -> _Found:
    """Measure the engines that were chosen at every size."""
    engines = [one for one in ENGINES if named(one, chosen.bobbin if one.ours else chosen.peers)]
    found: _Found = {}
    with tempfile.TemporaryDirectory(prefix="bobbin-") as scratch:
        for posts in chosen.posts:
            folder = (chosen.folder or Path(scratch)) / f"{posts}-{chosen.questions}-{chosen.seed}"
            corpus = Corpus.made(folder, posts, 2 * chosen.questions, chosen.seed)
            for row in measure(engines, corpus, chosen.patience):
                times = row.times("quiet")
                if times is None or row.asked is None:
                    say(f"{posts:,} posts: {row.engine.name}: {row.reason}")
                    continue
                found.setdefault((row.engine.name, "p50"), {})[posts] = times[0]
                found.setdefault((row.engine.name, "memory"), {})[posts] = row.asked.memory / _MIB
    return found


def _kept(files: Sequence[Path]) -> _Found:
    """Read what was measured before."""
    found: _Found = {}
    for file in files:
        for table in json.loads(file.read_text()):
            for figure in table["engines"]:
                if not figure["reason"]:
                    found.setdefault((figure["engine"], "p50"), {})[table["posts"]] = figure["p50"]
                    memory = figure["memory"] / _MIB
                    found.setdefault((figure["engine"], "memory"), {})[table["posts"]] = memory
    return found


def exponent(points: dict[int, float]) -> float | None:
    """Return the slope of a straight line through the logarithms; ``None`` for fewer than two points."""
    usable = [(posts, value) for posts, value in points.items() if value > 0]
    if len(usable) < 2:
        return None
    posts, values = np.log(np.array(usable)).T
    return float(np.polyfit(posts, values, 1)[0])


def _show(curves: Sequence[_Curve], sizes: Sequence[int]) -> None:
    columns = "{:<20}" + "{:>12}" * len(sizes) + "{:>10}"
    for kind, title in _MEASURES.items():
        say(columns.format(title, *(f"{size:,}" for size in sizes), "exponent"))
        for curve in curves:
            if curve.measure == kind:
                values = (f"{curve.points[size]:,.1f}" if size in curve.points else "" for size in sizes)
                slope = curve.exponent
                say(columns.format(curve.engine, *values, "" if slope is None else f"{slope:.2f}"))
        say()


def _keep(curves: Sequence[_Curve], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    kept = [
        {"engine": one.engine, "measure": one.measure, "points": one.points, "exponent": one.exponent}
        for one in curves
    ]
    (folder / "growth.json").write_text(json.dumps(kept, indent=1) + "\n")
    if find_spec("matplotlib") is None:
        say("no plot: matplotlib is not installed")
        return
    import_module("matplotlib").use("agg")
    figure, axes = import_module("matplotlib.pyplot").subplots(1, 2, figsize=(12, 6.5), layout="constrained")
    for axis, (kind, title) in zip(axes, _MEASURES.items(), strict=True):
        for curve in curves:
            if curve.measure == kind:
                slope = curve.exponent
                label = curve.engine if slope is None else f"{curve.engine} (posts^{slope:.2f})"
                axis.loglog(list(curve.points), list(curve.points.values()), marker="o", label=label)
        axis.set(xlabel="posts", title=title)
        axis.grid(visible=True, which="both", alpha=0.25)
        # Below the curves, which would else lie under it.
        axis.legend(fontsize="small", loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2)
    for ending in ("svg", "png"):
        figure.savefig(folder / f"growth.{ending}")
        say(str(folder / f"growth.{ending}"))


if __name__ == "__main__":
    main()
