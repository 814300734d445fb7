"""The measures, held to trec_eval itself: pytrec_eval runs its code on the run files we would write."""

import pytest
import pytrec_eval
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.analyzer import analyzer
from retrieval.evaluation.collection import Judged, JudgedPost, evenly, load
from retrieval.evaluation.measures import QueryResult, Ranking, measure, trec_run
from retrieval.evaluation.peers import PEERS
from tests.retrieval.evaluation.judged import ranked
from tests.shared import SHARED, needs_shared

FTS5 = next(peer for peer in PEERS if peer.name == "SQLite FTS5")


def judged(grades: dict[str, dict[str, int]]) -> Judged:
    posts = sorted({post for graded in grades.values() for post in graded})
    return Judged(
        "small", [JudgedPost(post, post, 0, post) for post in posts], dict.fromkeys(grades, ""), grades
    )


def by_trec_eval(whole: Judged, rankings: dict[str, Ranking]) -> list[float]:
    """The same five figures, from the lines of the run; trec_eval has no cut of its own for the first hit."""
    run: dict[str, dict[str, float]] = {name: {} for name in whole.questions}
    for line in trec_run(rankings):
        question, _, post, _, score, _ = line.split(" ")
        run[question][post] = float(score)
    top = {name: dict(list(posts.items())[:10]) for name, posts in run.items()}
    grades = {name: dict(whole.grades[name]) for name in whole.questions}
    evaluator = pytrec_eval.RelevanceEvaluator(grades, {"ndcg_cut.10", "recall.10,100", "success.1"})
    figures = evaluator.evaluate(run)
    ranks = pytrec_eval.RelevanceEvaluator(grades, {"recip_rank"}).evaluate(top)
    means = [
        sum(one[name] for one in figures.values()) / len(grades)
        for name in ("ndcg_cut_10", "recall_10", "recall_100", "success_1")
    ]
    return [*means, sum(one["recip_rank"] for one in ranks.values()) / len(grades)]


def ours(whole: Judged, rankings: dict[str, Ranking]) -> list[float]:
    figures = measure(whole, {name: QueryResult(ranking, 0.1) for name, ranking in rankings.items()})
    return [figures.ndcg_10, figures.recall_10, figures.recall_100, figures.first, figures.mrr_10]


names = st.sampled_from([f"p{number}" for number in range(30)])
graded = st.dictionaries(names, st.integers(-1, 3), min_size=1).filter(
    lambda grades: max(grades.values()) > 0
)
scores = st.lists(
    st.floats(-1e6, 1e6, allow_nan=False) | st.sampled_from([0.0, 1.5, 1.5000000001]), max_size=30
)


@given(
    st.lists(
        st.tuples(graded, st.permutations([f"p{number}" for number in range(30)]), scores),
        max_size=4,
        min_size=1,
    )
)
def test_they_agree_with_trec_eval_on_any_run_with_ties_among_it(
    asked: list[tuple[dict[str, int], list[str], list[float]]],
) -> None:
    whole = judged({f"q{number}": grades for number, (grades, _, _) in enumerate(asked)})
    rankings: dict[str, Ranking] = {
        f"q{number}": list(zip(posts, sorted(given_scores, reverse=True), strict=False))
        for number, (_, posts, given_scores) in enumerate(asked)
    }
    assert ours(whole, rankings) == pytest.approx(by_trec_eval(whole, rankings), abs=1e-9)


@needs_shared
@pytest.mark.parametrize(("name", "most"), [("squad", 300), ("qmsum", 40), ("vaswani", 93)])
def test_they_agree_with_trec_eval_on_the_collections(name: str, most: int) -> None:
    whole = load(SHARED / "collections" / name)
    whole = whole.only(evenly(list(whole.questions), most))
    search = FTS5.build(whole, analyzer("en"))
    rankings = {question: search(text).ranking for question, text in whole.questions.items()}
    found = ours(whole, rankings)
    assert min(found) > 0
    assert found == pytest.approx(by_trec_eval(whole, rankings), abs=1e-9)


def test_a_perfect_ranking_is_one_and_an_empty_one_zero() -> None:
    whole = judged({"q": {"a": 2, "b": 1, "c": 0}})
    assert ours(whole, {"q": [("a", 2.0), ("b", 1.0)]}) == [1.0] * 5
    assert ours(whole, {}) == [0.0] * 5


def test_the_speed_is_of_the_time_in_search() -> None:
    whole = judged({"q": {"a": 1}, "r": {"a": 1}})
    assert measure(whole, ranked({"q": ["a"], "r": []})).per_second == 2.0


def test_without_questions_there_is_nothing_to_measure() -> None:
    with pytest.raises(ValueError, match="small has no question"):
        measure(judged({}), {})


def test_a_run_has_six_columns_and_falling_scores() -> None:
    lines = list(trec_run({"q": [("a", 1.0), ("b", 1.0), ("c", 0.25)]}, tag="ours"))
    assert lines == ["q Q0 a 1 1 ours", "q Q0 b 2 0.99999994 ours", "q Q0 c 3 0.25 ours"]
