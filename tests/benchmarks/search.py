"""Measure a question's way through Bobbin's index beside the engines that people use.

For each size one table: Bobbin's plain BM25 and its whole ranking, with NumPy alone and with numba, and
the peers on the same posts and questions. Each engine runs in a process of its own, one after another,
on one thread; it is warmed up with as many other questions (``--warm-up same``: with the very same), for
a sixtieth of the patience at least, then each question is asked once. The questions are put in some
``--parts``, all engines in turn being asked one after the other, so that an hour in which the machine is
slower is so for all. A time is the smaller of what the clock and the processor say, since the machine may
be shared (``--clock wall`` for the first alone).
Memory is what the process grew by, loaded and warm. ``×`` is the ratio to the fastest peer of the same
run, by p50 and p99 apart. ``same`` is the share of an engine's ten posts that are also the plain path's.

Run it as ``python -m tests.benchmarks.search --posts 10000,100000,1000000``; see ``--help``.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.corpus import Corpus
from tests.benchmarks.engines import ENGINES, PLAIN, REFERENCE, TOP, Engine, Hits
from tests.benchmarks.trial import WARM_UPS, Asked, Built, TrialError, ask, build, say

__all__ = ["Agreement", "Row", "agreement", "main", "measure", "named", "numbers"]

_COLUMNS = "{:<20}{:>11}{:>11}{:>9}{:>9}{:>10}{:>9}{:>9}{:>9}{:>9}{:>7}{:>9}"
_HEADS = (
    "",
    "p50 µs",
    "p99 µs",
    "× p50",
    "× p99",
    "questions",
    "MiB",
    "B a post",
    "load s",
    "build s",
    "same",
    "peak MiB",
)
_MIB = 2**20
#: Two engines that add the same numbers in another order differ by less.
_EQUAL = 1e-9


@dataclass(frozen=True, slots=True)
class Row:
    """What one engine took for one size, or why it was not measured."""

    engine: Engine
    built: Built | None = None
    asked: Asked | None = None
    reason: str = ""

    def times(self, clock: str) -> tuple[float, float] | None:
        """Return p50 and p99 in microseconds by ``wall`` or ``quiet``; ``None`` where not measured."""
        if self.asked is None:
            return None
        times = self.asked.wall if clock == "wall" else self.asked.quiet
        middle, late = np.percentile(times, [50, 99]) * 1e6
        return float(middle), float(late)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the plain path's top tens compare with rank-bm25's over some questions.

    ``equal`` have the same scores and, but for ties, the same posts; ``exact`` the same scores to the
    last bit.
    """

    questions: int
    equal: int
    exact: int


def main() -> None:
    """Read the options, measure every size and print its table."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.search", description=__doc__)
    parser.add_argument("--posts", type=numbers, default=[10_000, 100_000], help="sizes, apart by commas")
    parser.add_argument("--questions", type=int, default=1000, help="questions that are timed")
    parser.add_argument("--peers", default="", help="parts of names; of the others none is measured")
    parser.add_argument(
        "--bobbin", default="", help="the same for Bobbin's own rows: bm25, full, numba, numpy"
    )
    parser.add_argument("--warm-up", choices=WARM_UPS, default="others", help="with which questions")
    parser.add_argument("--parts", type=int, default=4, help="in so many, with all engines asked in turn")
    parser.add_argument("--clock", choices=("quiet", "wall"), default="quiet")
    parser.add_argument("--patience", type=float, default=180, help="seconds for the questions to one engine")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="a file for the same figures")
    parser.add_argument("--folder", type=Path, help="where to keep the made corpora; else they are deleted")
    chosen = parser.parse_args()
    engines = [one for one in ENGINES if named(one, chosen.bobbin if one.ours else chosen.peers)]
    with tempfile.TemporaryDirectory(prefix="bobbin-") as scratch:
        figures = []
        for posts in chosen.posts:
            folder = (chosen.folder or Path(scratch)) / f"{posts}-{chosen.questions}-{chosen.seed}"
            # As many again to warm up with.
            corpus = Corpus.made(folder, posts, 2 * chosen.questions, chosen.seed)
            rows = measure(engines, corpus, chosen.patience, chosen.warm_up, chosen.parts)
            figures.append(_show(rows, corpus, chosen.clock))
            if chosen.json:
                chosen.json.write_text(json.dumps(figures, indent=1) + "\n")


def named(engine: Engine, parts: str) -> bool:
    """Return whether a part of the engine's name stands in a list apart by commas; in none, any does."""
    wanted = parts.lower().split(",")
    return any(part in engine.name.lower() for part in wanted)


def numbers(text: str) -> list[int]:
    """Return the whole numbers of a list apart by commas."""
    return [int(part) for part in text.split(",")]


def measure(
    engines: Sequence[Engine],
    corpus: Corpus,
    patience: float,
    warm_up: str = WARM_UPS[0],
    parts: int = 1,
) -> list[Row]:
    """Build each engine, and ask each in turn every part of the questions."""
    with tempfile.TemporaryDirectory(prefix="bobbin-") as scratch:
        trials = [_Trial(engine, Path(scratch)) for engine in engines]
        for trial in trials:
            trial.build(corpus, trials)
        for part in range(parts):
            for trial in trials:
                trial.ask(corpus, patience / parts, warm_up, f"{part}/{parts}")
        return [trial.row() for trial in trials]


class _Trial:
    """An engine's way through the benchmark; what fails ends it."""

    def __init__(self, engine: Engine, scratch: Path) -> None:
        self.engine = engine
        self.folder = scratch / (engine.name if not engine.built_by else engine.built_by).replace(" ", "-")
        self.built: Built | None = None
        self._asked: list[Asked] = []
        self._reason = f"not installed: {engine.missing}" if engine.missing else ""

    def build(self, corpus: Corpus, trials: "Sequence[_Trial]") -> None:
        """Build the engine's index, or take that of the one before which builds the same."""
        if self._reason:
            return
        try:
            same = next((one.built for one in trials if one.folder == self.folder and one.built), None)
            maker = next((one for one in ENGINES if one.name == self.engine.built_by), self.engine)
            self.built = same or build(maker if not maker.missing else self.engine, corpus, self.folder)
            if self.engine.ours and "numba" in self.engine.modules:
                # So that what is compiled is kept, where it is.
                ask(self.engine, corpus, self.folder, 0.0, WARM_UPS[0])
        except TrialError as error:
            self._reason = f"failed: {error}"

    def ask(self, corpus: Corpus, patience: float, warm_up: str, part: str) -> None:
        """Ask the engine a part of the questions."""
        if self._reason:
            return
        try:
            self._asked.append(ask(self.engine, corpus, self.folder, patience, warm_up, part))
        except TrialError as error:
            self._reason = f"failed: {error}"

    def row(self) -> Row:
        """Return what came of it."""
        if self._reason or not self._asked:
            return Row(self.engine, reason=self._reason)
        return Row(self.engine, self.built, Asked.together(self._asked))


def agreement(ours: Asked, theirs: Asked) -> Agreement:
    """Compare the top tens of the questions that both have answered."""
    pairs = list(_pairs(ours, theirs))
    equal = exact = 0
    for mine, reference in pairs:
        found = [(post, score) for post, score in reference if score > 0]
        scores = [score for _, score in mine], [score for _, score in found]
        if len(mine) != len(found) or not np.allclose(*scores, rtol=_EQUAL, atol=0):
            continue
        # Where scores are equal, either order is right, and at the end of the ten either post.
        last = found[-1][1] * (1 + _EQUAL) if len(found) == TOP else 0.0
        sure = {post for post, score in mine if score > last}
        equal += sure == {post for post, score in found if score > last}
        exact += scores[0] == scores[1]
    return Agreement(len(pairs), equal, exact)


def _pairs(these: Asked, those: Asked) -> Iterator[tuple[Hits, Hits]]:
    """Yield what two engines have found for the same questions."""
    known = dict(zip(those.questions, those.hits, strict=True))
    for number, hits in zip(these.questions, these.hits, strict=True):
        if number in known:
            yield hits, known[number]


def _show(rows: Sequence[Row], corpus: Corpus, clock: str) -> dict[str, Any]:
    """Print a size's table; return its figures."""
    best = _fastest(rows, clock)
    plain = next((row.asked for row in rows if row.engine.name == PLAIN), None)
    say(f"{corpus.posts:,} posts, microseconds, {clock} clock, ratios to the fastest peer{best['named']}")
    say(_COLUMNS.format(*_HEADS))
    figures = []
    for row in rows:
        figure = _figures(row, corpus, clock, best, plain)
        figures.append(figure)
        say(f"{row.engine.name:<20}  {row.reason}" if row.reason else _line(figure))
    theirs = next((row.asked for row in rows if row.engine.name == REFERENCE), None)
    compared = agreement(plain, theirs) if plain and theirs else None
    if compared:
        say(
            f"top ten of the plain path as rank-bm25's, ties aside: {compared.equal} of {compared.questions}"
            f" questions; scores equal to the last bit: {compared.exact}"
        )
    say()
    agreed = {name: getattr(compared, name) for name in Agreement.__slots__} if compared else None
    return {"posts": corpus.posts, "clock": clock, "engines": figures, "agreement": agreed}


def _fastest(rows: Sequence[Row], clock: str) -> Mapping[str, Any]:
    """Return the lowest p50 and p99 among the peers, and who has them."""
    peers = [(row.engine.name, times) for row in rows if not row.engine.ours and (times := row.times(clock))]
    if not peers:
        return {"named": "", "p50": None, "p99": None}
    (first, (middle, _)), (second, (_, late)) = (
        min(peers, key=lambda peer: peer[1][0]),
        min(peers, key=lambda peer: peer[1][1]),
    )
    return {"named": f" (p50 {first}, p99 {second})", "p50": middle, "p99": late}


def _figures(
    row: Row, corpus: Corpus, clock: str, best: Mapping[str, Any], plain: Asked | None
) -> dict[str, Any]:
    figure: dict[str, Any] = {"engine": row.engine.name, "reason": row.reason}
    times = row.times(clock)
    if row.asked is None or row.built is None or times is None:
        return figure
    other = row.times("wall" if clock == "quiet" else "quiet")
    same = [
        len({post for post, _ in mine} & {post for post, _ in reference}) / max(len(reference), 1)
        for mine, reference in (_pairs(row.asked, plain) if plain else ())
    ]
    return figure | {
        "p50": times[0],
        "p99": times[1],
        "p50_ratio": times[0] / best["p50"] if best["p50"] else None,
        "p99_ratio": times[1] / best["p99"] if best["p99"] else None,
        "other_clock": other,
        "questions": len(row.asked.wall),
        "memory": row.asked.memory,
        "bytes_a_post": row.asked.memory / corpus.posts,
        "load": row.asked.load,
        "build": row.built.seconds,
        "peak": row.built.peak,
        "same": float(np.mean(same)) if same else None,
    }


def _line(figure: Mapping[str, Any]) -> str:
    ratios = [f"{figure[name]:.2f}" if figure[name] else "" for name in ("p50_ratio", "p99_ratio")]
    return _COLUMNS.format(
        figure["engine"],
        f"{figure['p50']:,.0f}",
        f"{figure['p99']:,.0f}",
        *ratios,
        figure["questions"],
        f"{figure['memory'] / _MIB:,.1f}",
        f"{figure['bytes_a_post']:,.0f}",
        f"{figure['load']:.2f}",
        f"{figure['build']:.1f}",
        "" if figure["same"] is None else f"{figure['same']:.2f}",
        f"{figure['peak'] / _MIB:,.0f}",
    )


if __name__ == "__main__":
    main()
