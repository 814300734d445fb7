"""Whether the archive knows what it does not hold: questions of one collection put to another's archive."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from retrieval.evaluation.collection import Judged
from retrieval.evaluation.measures import QueryResult
from retrieval.search.confidence import ENOUGH

__all__ = ["ArchivePair", "Foreign", "Point", "compare"]

_THRESHOLDS = 11
_TOP = 10


@dataclass(frozen=True, slots=True)
class ArchivePair:
    """How many questions of one collection the archive of one holds enough for, and how many were put.

    Where the two are the same, only the questions with a right post among the first ten count.
    """

    questions_of: str
    archive_of: str
    answered: int
    asked: int

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
    counting half: the area under the receiver operating characteristic. ``enough`` is the threshold
    in use; it is one of the curve's.
    """

    pairs: tuple[ArchivePair, ...]
    own: float
    foreign: float
    own_mean: float
    foreign_mean: float
    curve: tuple[Point, ...]
    area: float
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
    at_home: list[QueryResult] = []
    for judged, results in own:
        found = [result for name, result in results.items() if _is_found(judged, name, result)]
        pairs.append(_pair(judged.name, judged.name, found))
        at_home += found
    abroad = [result for results in foreign.values() for result in results]
    if not at_home or not abroad:
        raise ValueError("there is nothing to compare: no own question was found, or no foreign one asked")
    pairs += [_pair(asks, asked, results) for (asks, asked), results in foreign.items()]
    known, strange = (np.sort([result.confidence for result in results]) for results in (at_home, abroad))
    thresholds = sorted({*np.linspace(0, 1, _THRESHOLDS).round(2).tolist(), ENOUGH})
    below, up_to = (np.searchsorted(strange, known, side) for side in ("left", "right"))
    return Foreign(
        pairs=tuple(pairs),
        own=float(np.mean([result.enough for result in at_home])),
        foreign=float(np.mean([result.enough for result in abroad])),
        own_mean=_mean(pair for pair in pairs if pair.questions_of == pair.archive_of),
        foreign_mean=_mean(pair for pair in pairs if pair.questions_of != pair.archive_of),
        curve=tuple(
            Point(threshold, float(np.mean(known >= threshold)), float(np.mean(strange >= threshold)))
            for threshold in thresholds
        ),
        area=float((below + up_to).mean() / 2 / len(strange)),
    )


def _is_found(judged: Judged, question: str, result: QueryResult) -> bool:
    return not judged.relevant(question).isdisjoint(post for post, _ in result.ranking[:_TOP])


def _mean(pairs: Iterable[ArchivePair]) -> float:
    return fmean(pair.share for pair in pairs if pair.asked)


def _pair(asks: str, asked: str, results: Sequence[QueryResult]) -> ArchivePair:
    return ArchivePair(asks, asked, sum(result.enough for result in results), len(results))
