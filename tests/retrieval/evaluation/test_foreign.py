import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluation.collection import Judged
from retrieval.evaluation.foreign import ENOUGH, compare
from retrieval.evaluation.measures import QueryResult
from retrieval.model import Verdict

confidences = st.lists(st.floats(0, 1), min_size=1, max_size=20)


def result(confidence: float, found: str = "right") -> QueryResult:
    return QueryResult(
        [(found, 1.0)], 0.1, confidence, Verdict.ANSWER if confidence >= ENOUGH else Verdict.NOTHING
    )


def home(results: list[QueryResult], name: str = "a") -> tuple[Judged, dict[str, QueryResult]]:
    asked = {f"q{number}": one for number, one in enumerate(results)}
    return Judged(name, [], dict.fromkeys(asked, ""), {key: {"right": 1} for key in asked}), asked


def test_shares_are_reported_by_pair_and_over_all() -> None:
    own = [home([result(0.9), result(0.2), result(0.9, "wrong")]), home([result(0.8)], "b")]
    found = compare(own, {("a", "b"): [result(0.1), result(0.6)], ("b", "a"): [result(0.0)]})
    told = {(pair.questions_of, pair.archive_of): (pair.answered, pair.asked) for pair in found.pairs}
    assert told == {("a", "a"): (1, 2), ("b", "b"): (1, 1), ("a", "b"): (1, 2), ("b", "a"): (0, 1)}
    assert found.own == pytest.approx(2 / 3)
    assert found.foreign == pytest.approx(1 / 3)
    assert [found.own_mean, found.foreign_mean] == pytest.approx([3 / 4, 1 / 4])


def test_questions_whose_post_is_not_in_the_top_ten_do_not_count() -> None:
    below = QueryResult(
        [*((f"p{place}", 1.0) for place in range(10)), ("right", 0.5)], 0.1, 0.9, Verdict.ANSWER
    )
    with pytest.raises(ValueError, match="nothing to compare"):
        compare([home([below])], {("a", "b"): [result(0.1)]})


@given(confidences, confidences)
def test_the_area_is_the_chance_that_an_own_question_is_the_surer(
    own: list[float], foreign: list[float]
) -> None:
    found = compare([home([result(one) for one in own])], {("a", "b"): [result(one) for one in foreign]})
    chances = [(one > other) + (one == other) / 2 for one in own for other in foreign]
    assert found.area == pytest.approx(np.mean(chances))


@given(confidences, confidences)
def test_the_curve_falls_and_agrees_with_the_decision(own: list[float], foreign: list[float]) -> None:
    found = compare([home([result(one) for one in own])], {("a", "b"): [result(one) for one in foreign]})
    assert len(found.curve) >= 11
    assert (found.curve[0].own, found.curve[0].foreign) == (1.0, 1.0)
    assert [point.own for point in found.curve] == sorted((point.own for point in found.curve), reverse=True)
    used = next(point for point in found.curve if point.threshold == ENOUGH)
    assert [used.own, used.foreign] == pytest.approx([found.own, found.foreign])
