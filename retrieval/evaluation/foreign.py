"""Whether the archive knows what it does not hold: questions of one collection put to another's archive."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import fmean

import numpy as np

from retrieval.analysis.arrays import Floats
from retrieval.evaluation.collection import Judged
from retrieval.evaluation.measures import QueryResult
from retrieval.model import Verdict
from retrieval.search.verdict import ANSWER_AT, FITTED_ON, confidence_of

__all__ = ["ENOUGH", "ArchivePair", "Foreign", "Point", "compare"]

_THRESHOLDS = 11
_TOP = 10
#: The confidence from which posts are an answer.
ENOUGH = confidence_of(ANSWER_AT)


@dataclass(frozen=True, slots=True)
class ArchivePair:
    """How many questions of a collection an archive answered, got the closest posts for, and was asked.

    Where the two are the same, only the questions with a right post among the first ten count.
    """

    questions_of: str
    archive_of: str
    answered: int
    asked: int
    closest: int = 0

    @property
    def share(self) -> float:
        """Return the share that is answered, 0 where no question counts."""
        return self.answered / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class Point:
    """The shares of own and of foreign questions whose confidence reaches a threshold."""

    threshold: float
    own: float
    foreign: float


@dataclass(frozen=True, slots=True)
class Foreign:
    """The shares answered by pair, over all, and the curve over the thresholds.

    ``own``, ``foreign``, the curve and the area count every question alike, so that a collection of
    many questions weighs much; ``own_mean`` and ``foreign_mean`` count every pair alike.
    ``area`` is the chance that an own question has a higher confidence than a foreign one, equal ones
    counting half: the area under the receiver operating characteristic; ``areas`` has it by archive.
    ``seen`` are those of the collections that the verdict was fitted on. ``enough`` is the threshold
    in use; it is one of the curve's.
    """

    pairs: tuple[ArchivePair, ...]
    own: float
    foreign: float
    own_mean: float
    foreign_mean: float
    curve: tuple[Point, ...]
    area: float
    areas: Mapping[str, float]
    seen: tuple[str, ...] = ()
    enough: float = ENOUGH


def compare(
    own: Sequence[tuple[Judged, Mapping[str, QueryResult]]],
    foreign: Mapping[tuple[str, str], Sequence[QueryResult]],
) -> Foreign:
    """Compare what archives say to their own questions and to others'.

    ``own`` has each collection with the results for its questions by id; ``foreign`` the results by
    the names of the collection that asks and the one that is asked. Raises ``ValueError`` where there
    is nothing to compare: no own question with its post among the first ten, or no foreign one.
    """
    pairs = []
    at_home: dict[str, list[QueryResult]] = {}
    abroad: defaultdict[str, list[QueryResult]] = defaultdict(list)
    for judged, results in own:
        at_home[judged.name] = [result for name, result in results.items() if _is_found(judged, name, result)]
        pairs.append(_pair(judged.name, judged.name, at_home[judged.name]))
    for (asks, asked), strangers in foreign.items():
        abroad[asked] += strangers
        pairs.append(_pair(asks, asked, strangers))
    every_own, every_foreign = (list(chain.from_iterable(each.values())) for each in (at_home, abroad))
    if not every_own or not every_foreign:
        raise ValueError("there is nothing to compare: no own question was found, or no foreign one asked")
    known, strange = (_confidences(results) for results in (every_own, every_foreign))
    thresholds = sorted({*np.linspace(0, 1, _THRESHOLDS).round(2).tolist(), ENOUGH})
    return Foreign(
        pairs=tuple(pairs),
        own=fmean(map(_answers, every_own)),
        foreign=fmean(map(_answers, every_foreign)),
        own_mean=_mean(pair for pair in pairs if pair.questions_of == pair.archive_of),
        foreign_mean=_mean(pair for pair in pairs if pair.questions_of != pair.archive_of),
        curve=tuple(
            Point(threshold, float(np.mean(known >= threshold)), float(np.mean(strange >= threshold)))
            for threshold in thresholds
        ),
        area=_area(known, strange),
        areas={
            name: _area(_confidences(at_home[name]), _confidences(abroad[name]))
            for name in at_home
            if at_home[name] and abroad[name]
        },
        seen=tuple(name for name in at_home if name in FITTED_ON),
    )


def _confidences(results: Sequence[QueryResult]) -> Floats:
    return np.sort([result.confidence for result in results])


def _area(own: Floats, foreign: Floats) -> float:
    below, up_to = (np.searchsorted(foreign, own, side) for side in ("left", "right"))
    return float((below + up_to).mean() / 2 / len(foreign))


def _answers(result: QueryResult) -> bool:
    return result.verdict is Verdict.ANSWER


def _is_found(judged: Judged, question: str, result: QueryResult) -> bool:
    return not judged.relevant(question).isdisjoint(post for post, _ in result.ranking[:_TOP])


def _mean(pairs: Iterable[ArchivePair]) -> float:
    return fmean(pair.share for pair in pairs if pair.asked)


def _pair(asks: str, asked: str, results: Sequence[QueryResult]) -> ArchivePair:
    closest = sum(result.verdict is Verdict.CLOSEST for result in results)
    return ArchivePair(asks, asked, sum(map(_answers, results)), len(results), closest)
