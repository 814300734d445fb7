"""The measures of rankings against judgements, as trec_eval defines them, and its form of a run."""

import json
import math
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.evaluation.collection import Judged
from retrieval.model import Verdict

__all__ = [
    "DEPTH",
    "QualityMeasures",
    "QueryResult",
    "Ranking",
    "Search",
    "answer_lines",
    "measure",
    "timed",
    "trec_run",
]

#: So many posts are ranked for a question.
DEPTH = 100

#: The posts found for a question, best first, each once: their ids and scores.
Ranking = Sequence[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class QueryResult:
    """What came of one question, and the seconds it took.

    ``confidence`` and ``verdict`` say whether it is answered, where the search decides that: from 0 to
    1, and 0 where nothing was found.
    """

    ranking: Ranking
    seconds: float
    confidence: float = 0.0
    verdict: Verdict = Verdict.NOTHING


Search = Callable[[str], QueryResult]


@dataclass(frozen=True, slots=True)
class QualityMeasures:
    """The means over a collection's questions, each from 0 to 1, and the questions ranked a second.

    ``first`` is the share of questions whose first post is right.
    """

    ndcg_10: float
    mrr_10: float
    recall_10: float
    recall_100: float
    first: float
    per_second: float


def timed(rank: Callable[[str], Ranking]) -> Search:
    """Return a search that ranks and looks at the clock."""

    def search(question: str) -> QueryResult:
        begun = time.perf_counter()
        ranking = rank(question)
        return QueryResult(ranking, time.perf_counter() - begun)

    return search


def measure(judged: Judged, results: Mapping[str, QueryResult]) -> QualityMeasures:
    """Measure the results for a collection's questions; one without a result counts as nothing found.

    Gains are the grades themselves, and the post at a rank counts 1 / log2(rank + 1) of its gain
    (Järvelin and Kekäläinen 2002). Raises ``ValueError`` for a collection without questions.
    """
    if not judged.questions:
        raise ValueError(f"the collection {judged.name} has no question to measure by")
    asked = [
        (judged.grades[name], [post for post, _ in results[name].ranking] if name in results else [])
        for name in judged.questions
    ]
    seconds = sum(result.seconds for result in results.values())
    return QualityMeasures(
        ndcg_10=statistics.fmean(_ndcg(grades, ranked, 10) for grades, ranked in asked),
        mrr_10=statistics.fmean(_reciprocal_rank(grades, ranked, 10) for grades, ranked in asked),
        recall_10=statistics.fmean(_recall(grades, ranked, 10) for grades, ranked in asked),
        recall_100=statistics.fmean(_recall(grades, ranked, 100) for grades, ranked in asked),
        first=statistics.fmean(_reciprocal_rank(grades, ranked, 1) for grades, ranked in asked),
        per_second=len(results) / seconds if seconds else 0.0,
    )


def trec_run(rankings: Mapping[str, Ranking], tag: str = "bobbin") -> Iterator[str]:
    """Yield the lines of a TREC run: question, Q0, post, rank from 1, score, tag.

    trec_eval goes by the scores, in 32 bits, and not by the ranks. So a score that would not be below
    the one before it is lowered to the next number below that one.
    """
    for question, ranking in rankings.items():
        bound = np.float32(np.inf)
        for rank, (post, score) in enumerate(ranking, start=1):
            bound = min(np.float32(score), np.nextafter(bound, np.float32(-np.inf)))
            yield f"{question} Q0 {post} {rank} {bound:.9g} {tag}"


def answer_lines(results: Mapping[str, QueryResult], template: str | None = None) -> Iterator[str]:
    """Yield a line of JSON for each question: its id, verdict, confidence, and posts in the order of rank.

    ``template`` is the one that the questions were wrapped in, if any.
    """
    for question, result in results.items():
        line: dict[str, object] = {
            "query": question,
            "verdict": result.verdict.value,
            "confidence": round(result.confidence, 4),
            "posts": [post for post, _ in result.ranking],
        }
        yield json.dumps(line | ({"template": template} if template else {}), ensure_ascii=False)


def _ndcg(grades: Mapping[str, int], ranked: Sequence[str], depth: int) -> float:
    ideal = sorted((grade for grade in grades.values() if grade > 0), reverse=True)
    return _gain(max(grades.get(post, 0), 0) for post in ranked[:depth]) / _gain(ideal[:depth])


def _gain(gains: Iterable[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def _reciprocal_rank(grades: Mapping[str, int], ranked: Sequence[str], depth: int) -> float:
    ranks = (rank for rank, post in enumerate(ranked[:depth], start=1) if grades.get(post, 0) > 0)
    return 1 / next(ranks, math.inf)


def _recall(grades: Mapping[str, int], ranked: Sequence[str], depth: int) -> float:
    relevant = {post for post, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranked[:depth])) / len(relevant)
