"""Fit the verdict: ``python -m retrieval.evaluation.fit DIR... --asking FILE``.

Every collection's questions are put to every collection's archive, as they are, wrapped by templates, and
inside messages about other things; collections of threads once more with several posts joined into one, so
that long posts are seen. Own questions whose right post is among the first ten should be answered, foreign
ones should not. The fit is a logistic regression in which every pair of collections counts alike, own and
foreign alike, with bounded signs. It prints the model, which stands in :mod:`retrieval.search.verdict`, and
figures for each collection of a model that has not seen it, thresholds included.
"""

import argparse
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from pprint import pformat
from random import Random
from statistics import fmean, median
from typing import Final

import numpy as np

from retrieval.analysis.arrays import Floats
from retrieval.evaluation.asking import Template, load_templates, long_message, wrap
from retrieval.evaluation.bench import Bench
from retrieval.evaluation.collection import Judged, evenly, joined, load
from retrieval.search.searcher import Searcher
from retrieval.search.verdict import ANSWER_AT, MODEL, Evidence, VerdictModel, features

__all__ = ["Row", "fit_model", "main"]

#: How many questions of each collection are asked plainly, and how many by each template and in messages.
_PLAIN: Final = 200
_WRAPPED: Final = 8
_LONG: Final = 60
#: So many posts are joined into a long one.
_JOINED: Final = 6
_TOP: Final = 10
_SEED: Final = 7
#: These shares of the foreign questions, each pair and kind alike, are answered, and get the closest posts.
# More are answered of collections that the fit has not seen.
_ANSWERED: Final = 0.018
_CLOSEST: Final = 0.075
_REGULARISATION: Final = 1e-4
_SWEEPS: Final = 300
#: Features that may only speak against an answer; all others only for it.
_AGAINST: Final = frozenset({"length"})


@dataclass(frozen=True, slots=True)
class Row:
    """A question as it was asked: of which collection, to which archive, how, and what was found.

    ``own`` is ``None`` for an own question whose right post was not among the first ten. ``first`` says
    that a right post came first, ``shown`` that one was among the first three.
    """

    asks: str
    archive: str
    kind: str
    evidence: Evidence | None
    logit: float
    own: bool | None
    first: bool = False
    shown: bool = False


@dataclass(frozen=True, slots=True)
class _Question:
    name: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Archive:
    """A collection on the bench; ``family`` is that of the collection it was made of."""

    judged: Judged
    bench: Bench
    family: str


def main() -> None:
    """Fit on the collections named on the command line, and print the model and what it reaches."""
    parser = argparse.ArgumentParser(description="Fit the verdict of the search.")
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--asking", type=Path, required=True, metavar="FILE", help="templates of small talk")
    arguments = parser.parse_args()
    templates = load_templates(arguments.asking)
    archives = [archive for folder in arguments.folders for archive in _archives(load(folder))]
    wrapped = [template for number, template in enumerate(templates) if number % 2 == 0]

    def asked(model: VerdictModel, only: str | None = None) -> list[Row]:
        return list(_ask(archives, wrapped, model, only))

    rows = asked(MODEL)
    model = fit_model(rows)
    print(pformat(model, sort_dicts=False))  # noqa: T201 - a command
    left_out = {
        name: asked(fit_model([row for row in rows if name not in {row.asks, row.archive}]), name)
        for name in {archive.family for archive in archives}
    }
    for line in _figures(left_out):
        print(line)  # noqa: T201 - a command


def fit_model(rows: Sequence[Row]) -> VerdictModel:
    """Fit coefficients and thresholds to rows; every pair, kind and side counts alike."""
    used = [row for row in rows if row.evidence is not None and row.own is not None]
    names = list(MODEL.coefficients)
    table = np.array([[features(row.evidence)[name] for name in names] for row in used if row.evidence])
    own = np.array([bool(row.own) for row in used])
    weights = _weights(used)
    mean = np.average(table, axis=0, weights=weights)
    spread = np.sqrt(np.average((table - mean) ** 2, axis=0, weights=weights)) + 1e-9
    coefficients, intercept = _regress((table - mean) / spread, own, weights, names)
    coefficients /= spread
    intercept -= float(coefficients @ mean)
    logits = table @ coefficients + intercept
    foreign, foreign_weights = logits[~own], weights[~own]
    answer_at = _threshold(foreign, foreign_weights, _ANSWERED)
    return VerdictModel(
        coefficients=dict(zip(names, coefficients.round(3).tolist(), strict=True)),
        means=dict(zip(names, mean.round(3).tolist(), strict=True)),
        intercept=round(intercept - answer_at, 3),
        closest_at=round(min(_threshold(foreign, foreign_weights, _CLOSEST) - answer_at, -0.1), 3),
    )


def _archives(judged: Judged) -> Iterator[_Archive]:
    yield _Archive(judged, Bench.build(judged, "en"), judged.name)
    longer = joined(judged, _JOINED)
    if longer is not None:
        yield _Archive(longer, Bench.build(longer, "en"), judged.name)


def _ask(
    archives: Sequence[_Archive], templates: Sequence[Template], model: VerdictModel, only: str | None
) -> Iterator[Row]:
    """Put questions to archives; with ``only``, to those of one family, as they are and not joined."""
    random = Random(_SEED)  # noqa: S311 - chooses sentences, and the same in every run
    sources = [archive for archive in archives if archive.judged.name == archive.family]
    for archive in archives:
        plain_archive = archive.judged.name == archive.family
        if only is not None and not (archive.family == only and plain_archive):
            continue
        searcher = archive.bench.searcher.judged_by(model)
        for source in sources:
            judged = archive.judged if source.family == archive.family else source.judged
            names = evenly(list(judged.questions), _PLAIN)

            def ask(name: str, kind: str, text: str) -> Row:
                return _row(archive, judged, searcher, _Question(name, kind, text))  # noqa: B023 - called at once

            for name in names:
                yield ask(name, "plain", judged.questions[name])
            if not plain_archive:
                continue
            for number, template in enumerate(templates):
                for name in evenly(names, _WRAPPED):
                    yield ask(name, f"wrapped {number}", wrap(template, judged.questions[name]))
            for name in evenly(names, _LONG):
                yield ask(name, "long", long_message(judged.questions[name], random))


def _row(archive: _Archive, judged: Judged, searcher: Searcher, question: _Question) -> Row:
    name, kind = question.name, question.kind
    result = searcher.search(question.text, _TOP)
    is_own = judged.name == archive.judged.name
    relevant = judged.relevant(name) if is_own else set()
    ranks = [rank for rank, hit in enumerate(result.hits) if archive.bench.ids[hit.post] in relevant]
    rank = ranks[0] if ranks else _TOP
    return Row(
        asks=archive.family if is_own else judged.name,
        archive=archive.family,
        kind=kind,
        evidence=result.judgement.evidence,
        logit=result.judgement.logit if result.hits else -math.inf,
        own=(True if ranks else None) if is_own else False,
        first=rank == 0,
        shown=rank < 3,  # noqa: PLR2004 - the first three
    )


def _weights(rows: Sequence[Row]) -> Floats:
    """Return a weight for each row: own and foreign alike, within them each pair, within it each kind."""
    kinds = [(row.own, row.asks, row.archive, row.kind.partition(" ")[0]) for row in rows]
    counts = Counter(kinds)
    groups = Counter(key[0] for key in counts)
    return np.array([1 / counts[key] / groups[key[0]] for key in kinds])


def _regress(table: Floats, own: Floats, weights: Floats, names: Sequence[str]) -> tuple[Floats, float]:
    """Return the coefficients and the intercept of a logistic regression with bounded signs.

    One coefficient after another takes its Newton step, cut off at its bound; the loss is convex.
    """
    wide = np.column_stack([table, np.ones(len(table))])
    weights = weights / weights.sum()
    values = np.zeros(wide.shape[1])
    penalty = np.append(np.full(len(names), _REGULARISATION), 0.0)
    logits = wide @ values
    for _ in range(_SWEEPS):
        for column in range(wide.shape[1]):
            chance = 1 / (1 + np.exp(-logits))
            slope = wide[:, column] @ (weights * (chance - own)) + 2 * penalty[column] * values[column]
            curve = wide[:, column] ** 2 @ (weights * chance * (1 - chance)) + 2 * penalty[column]
            value = values[column] - slope / curve
            if column < len(names):
                value = min(value, 0.0) if names[column] in _AGAINST else max(value, 0.0)
            logits += wide[:, column] * (value - values[column])
            values[column] = value
    return values[:-1].copy(), float(values[-1])


def _threshold(logits: Floats, weights: Floats, share: float) -> float:
    """Return the logit that a weighted share of the questions reaches."""
    order = np.argsort(-logits)
    reached = np.cumsum(weights[order]) / weights.sum()
    return float(logits[order][np.searchsorted(reached, share)])


def _figures(left_out: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    """Yield the lines of what models reach on the collections that each has not seen."""
    rows = [row for rows in left_out.values() for row in rows]
    for kind in ("plain", "wrapped", "long"):
        chosen = [row for row in rows if row.kind.startswith(kind)]
        own = [row for row in chosen if row.own]
        foreign = [row for row in chosen if row.own is False]
        pairs: defaultdict[tuple[str, str], list[bool]] = defaultdict(list)
        for row in foreign:
            pairs[row.archive, row.asks].append(row.logit >= ANSWER_AT)
        shares = {pair: fmean(answered) for pair, answered in pairs.items()}
        by_archive = {
            name: fmean(row.logit >= ANSWER_AT for row in own if row.archive == name) for name in left_out
        }
        yield (
            f"{kind}: area {_area(own, foreign):.4f}, own {fmean(by_archive.values()):.3f} "
            f"({', '.join(f'{name} {share:.3f}' for name, share in sorted(by_archive.items()))}), "
            f"foreign mean {fmean(shares.values()):.3f} median {median(shares.values()):.3f} "
            f"worst {max(shares.values()):.3f}"
        )


def _area(own: Iterable[Row], foreign: Iterable[Row]) -> float:
    sure, strange = (np.sort([row.logit for row in rows]) for rows in (own, foreign))
    below, up_to = (np.searchsorted(strange, sure, side) for side in ("left", "right"))
    return float((below + up_to).mean() / 2 / len(strange))


if __name__ == "__main__":
    main()
