"""Measure the verdict in other languages: ``python -m retrieval.evaluation.fit_languages DIR...``.

The coefficients come of English collections alone (:mod:`retrieval.evaluation.fit`); what a language adds is
one offset, fitted on half of its questions. DIR is a collection in the language that its folder is named
after. Its threads are split in halves, each an archive: the questions of one half are foreign to the other.
Own
questions whose right post is among the first ten should be answered, foreign ones should not.

It prints, over the other half of the questions, the shares without any offset, which is what a language
without data gets, and with the language's own; then the offset that all questions give, which stands in
:mod:`retrieval.search.verdict`. It exits with 1 where a language misses a bar.
"""

import argparse
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from retrieval.analysis.arrays import Floats
from retrieval.evaluation.bench import Bench
from retrieval.evaluation.collection import Judged, evenly, load
from retrieval.evaluation.left_out import TOP, Reading, area
from retrieval.search.verdict import MODEL

__all__ = ["Asked", "Bars", "fit_offset", "halves", "main"]

#: This share of the foreign questions is answered where the offset is fitted.
_ANSWERED: Final = 0.04
#: A language is never judged more strictly than English, nor more freely than by so many logits.
_MOST: Final = 1.0


@dataclass(frozen=True, slots=True)
class Bars:
    """What must be reached: the least share of own questions, and the largest of foreign ones."""

    own: float
    foreign: float


#: With its own offset, and without, as a language is judged that nothing was fitted to.
_FITTED: Final = Bars(0.90, 0.08)
_LEFT_OUT: Final = Bars(0.84, 0.10)


@dataclass(frozen=True, slots=True)
class Asked:
    """The logits of questions: own ones whose right post was found, and foreign ones."""

    own: Floats
    foreign: Floats

    def shares(self, offset: float) -> tuple[float, float]:
        """Return the shares of own and of foreign questions that are answered with an offset."""
        return float(np.mean(self.own >= -offset)), float(np.mean(self.foreign >= -offset))


def main() -> None:
    """Print what the languages reach; exit with 1 where one misses a bar."""
    parser = argparse.ArgumentParser(description="Measure the verdict in other languages.")
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--limit", type=int, help="so many questions of each half to each archive")
    arguments = parser.parse_args()
    missed = []
    for folder in arguments.folders:
        fitting, measured = _ask(load(folder), folder.name, arguments.limit)
        offset = fit_offset(fitting)
        whole = Asked(
            *(
                np.concatenate(pair)
                for pair in ((fitting.own, measured.own), (fitting.foreign, measured.foreign))
            )
        )
        left_out, fitted = measured.shares(0.0), measured.shares(offset)
        print(  # noqa: T201 - a command
            f"{folder.name}: area {area(whole.own, whole.foreign):.4f}; "
            f"left out: own {left_out[0]:.3f}, foreign {left_out[1]:.3f}; "
            f"with offset {offset:.2f}: own {fitted[0]:.3f}, foreign {fitted[1]:.3f}; "
            f"of all questions: {fit_offset(whole):.2f}",
            flush=True,
        )
        for kind, bars, (own, foreign) in (("left out", _LEFT_OUT, left_out), ("fitted", _FITTED, fitted)):
            if own < bars.own or foreign > bars.foreign:
                missed.append(f"{folder.name}, {kind}: not {bars.own} and {bars.foreign}")
    for sentence in missed:
        print(sentence)  # noqa: T201 - a command
    sys.exit(bool(missed))


def fit_offset(asked: Asked) -> float:
    """Return the offset at which :data:`_ANSWERED` of the foreign questions are answered, from 0 to 1."""
    reached = -float(np.quantile(asked.foreign, 1 - _ANSWERED))
    return round(min(max(reached, 0.0), _MOST), 2)


def halves(judged: Judged) -> tuple[Judged, Judged]:
    """Return every other thread of a collection and the rest, each with the questions that it answers."""
    threads = list(dict.fromkeys(post.thread for post in judged.posts))
    return _half(judged, set(threads[::2])), _half(judged, set(threads[1::2]))


def _half(judged: Judged, threads: set[str]) -> Judged:
    posts = [post for post in judged.posts if post.thread in threads]
    ids = {post.id for post in posts}
    questions = {name: text for name, text in judged.questions.items() if judged.relevant(name) <= ids}
    return replace(judged, posts=posts, questions=questions)


def _ask(judged: Judged, language: str, limit: int | None) -> tuple[Asked, Asked]:
    """Return what every other question gives, for the fit, and the rest, for the figures."""
    parts: tuple[tuple[list[float], list[float]], ...] = (([], []), ([], []))
    pair = halves(judged)
    for archive in pair:
        bench = Bench.build(archive, language)
        for asking in pair:
            for place, name in enumerate(evenly(list(asking.questions), limit)):
                own, foreign = parts[place % 2]
                logit, found = _logit(bench, asking, name)
                if asking is not archive:
                    foreign.append(logit)
                elif found:
                    own.append(logit)
    first, second = (Asked(np.array(own), np.array(foreign)) for own, foreign in parts)
    return first, second


def _logit(bench: Bench, judged: Judged, name: str) -> tuple[float, bool]:
    """Return the logit of a question's surest reading without offset, and whether a right post is found."""
    relevant, neutral = judged.relevant(name), replace(MODEL, offsets={})
    (results,) = bench.searcher.readings(judged.questions[name], TOP)
    readings = []
    for result in results:
        ranks = (rank for rank, hit in enumerate(result.hits) if bench.ids[hit.post] in relevant)
        reading = Reading.of(result, next(ranks, TOP))
        readings.append((reading.logit_by(neutral), reading.rank < TOP))
    return max(readings)


if __name__ == "__main__":
    main()
