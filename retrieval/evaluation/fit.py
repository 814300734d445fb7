"""Fit the verdict: ``python -m retrieval.evaluation.fit DIR... --asking FILE``.

Every collection's questions are put to every collection's archive, as they are, wrapped by templates, and
inside messages about other things; collections of threads once more with several posts joined into one, so
that long posts are seen. Own questions whose right post is among the first ten should be answered, foreign
ones should not. The fit is a logistic regression in which every pair of collections counts alike, own and
foreign alike, with bounded signs; of messages it takes the part that a fit of plain questions is surest of.
It prints the model, which stands in :mod:`retrieval.search.verdict`, and the figures of README.md: those of
each collection by a model that has not seen it, thresholds included.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from pprint import pformat
from random import Random
from typing import Final

import numpy as np

from retrieval.analysis.arrays import Floats
from retrieval.evaluation.asking import Template, load_templates, long_message, wrap
from retrieval.evaluation.bench import Bench
from retrieval.evaluation.collection import Judged, evenly, joined, load
from retrieval.evaluation.left_out import LONG, PLAIN, TOP, Reading, Row, figures
from retrieval.search.verdict import MODEL, VerdictModel, features

__all__ = ["ask", "fit_model", "main"]

#: How many questions of each collection are asked plainly, and how many by each template and in messages.
_PLAIN: Final = 200
_WRAPPED: Final = 16
_LONG: Final = 60
#: So many posts are joined into a long one.
_JOINED: Final = 6
_SEED: Final = 7
#: These shares of the foreign questions, each pair and kind alike, are answered, and get the closest posts.
# More are answered of collections that the fit has not seen.
_ANSWERED: Final = 0.0175
_CLOSEST: Final = 0.04
_REGULARISATION: Final = 1e-4
_SWEEPS: Final = 300
#: Features that may only speak against an answer; all others only for it.
_AGAINST: Final = frozenset({"length"})


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
    rows = list(ask([load(folder) for folder in arguments.folders], templates))
    model = fit_model(rows)
    print(pformat(model, sort_dicts=False))  # noqa: T201 - a command
    models = {}
    for name in dict.fromkeys(row.archive for row in rows):
        seen = [row for row in rows if name not in {row.asks, row.archive}]
        models[name] = fit_model(seen)
    for line in figures(rows, models):
        print(line)  # noqa: T201 - a command


def ask(collections: Sequence[Judged], templates: Sequence[Template]) -> Iterator[Row]:
    """Put the questions of collections to the archives of all of them."""
    archives = [archive for judged in collections for archive in _archives(judged)]
    for archive in archives:
        plain_archive = archive.judged.name == archive.family
        for source in collections:
            judged = archive.judged if source.name == archive.family else source
            names, random = evenly(list(judged.questions), _PLAIN), Random(_SEED)  # noqa: S311 - repeats
            for name in names:
                yield _row(archive, judged, name, PLAIN, judged.questions[name])
            if not plain_archive:
                continue
            for template in templates:
                for name in evenly(names, _WRAPPED):
                    yield _row(archive, judged, name, template.text, wrap(template, judged.questions[name]))
            for name in evenly(names, _LONG):
                yield _row(archive, judged, name, LONG, long_message(judged.questions[name], random))


def fit_model(rows: Sequence[Row]) -> VerdictModel:
    """Fit coefficients and thresholds to rows; every pair, kind and side counts alike.

    Every other template is used, so that the others remain unseen. Raises ``ValueError`` without own or
    without foreign questions that find anything.
    """
    plain = _fit([(row, row.readings[0]) for row in rows if row.kind == PLAIN])
    templates = [kind for kind in dict.fromkeys(row.kind for row in rows) if kind not in {PLAIN, LONG}]
    used = {PLAIN, LONG, *templates[::2]}
    return _fit([(row, row.surest(plain)) for row in rows if row.kind in used])


def _fit(read: Sequence[tuple[Row, Reading]]) -> VerdictModel:
    chosen = [
        (row, reading.evidence)
        for row, reading in read
        if reading.evidence is not None and not (row.own and reading.rank == TOP)
    ]
    names = list(MODEL.coefficients)
    values = [features(evidence) for _, evidence in chosen]
    table = np.array([[each[name] for name in names] for each in values])
    own = np.array([row.own for row, _ in chosen])
    if own.all() or not own.any():
        raise ValueError("there is nothing to fit: no own question was found, or no foreign one finds a word")
    weights = _weights([row for row, _ in chosen])
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


def _row(archive: _Archive, judged: Judged, name: str, kind: str, message: str) -> Row:
    bench, is_own = archive.bench, judged.name == archive.judged.name
    relevant = judged.relevant(name) if is_own else set()
    (results,) = bench.searcher.readings(message, TOP)
    readings = []
    for result in results:
        ranks = (rank for rank, hit in enumerate(result.hits) if bench.ids[hit.post] in relevant)
        readings.append(Reading.of(result, next(ranks, TOP)))
    return Row(
        name=name,
        asks=archive.family if is_own else judged.name,
        archive=archive.family,
        kind=kind,
        whole=archive.judged.name == archive.family,
        readings=tuple(readings),
    )


def _weights(rows: Sequence[Row]) -> Floats:
    """Return a weight for each row: own and foreign alike, within them each pair, within it each kind."""
    kinds = [
        (row.own, row.asks, row.archive, row.kind if row.kind in {PLAIN, LONG} else "wrapped") for row in rows
    ]
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


if __name__ == "__main__":
    main()
