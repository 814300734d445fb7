from pathlib import Path

import pytest

from retrieval.analysis.analyzer import analyzer
from retrieval.evaluation.bench import Bench
from retrieval.evaluation.collection import Judged, load
from retrieval.evaluation.follow_ups import converse, pairs, sum_up
from tests.retrieval.evaluation.judged import HARBOUR, write


@pytest.fixture
def harbour(tmp_path: Path) -> Judged:
    return load(write(tmp_path / "harbour", HARBOUR))


def test_consecutive_questions_about_one_thread_make_a_pair_and_the_second_loses_what_was_asked(
    harbour: Judged,
) -> None:
    (pair,) = pairs(harbour, analyzer("en"))
    assert (pair.first, pair.name) == (harbour.questions["q1"], "q2")
    assert pair.elliptical == "Does the take bicycles and goats on Sundays?"


def test_questions_that_share_no_word_make_no_pair(harbour: Judged) -> None:
    questions = {"q1": "Who is the captain?", "q2": "Does it take bicycles?"}
    assert pairs(Judged("h", harbour.posts, questions, harbour.grades), analyzer("en")) == []


def test_a_conversation_brings_back_what_was_left_out(harbour: Judged) -> None:
    questions = {
        "q1": "Who is the captain of the ferry?",
        "q2": "And when was she the captain of the ferry?",
    }
    grades = {"q1": {"ferry-2": 1}, "q2": {"ferry-2": 1}}
    judged = Judged("h", harbour.posts, questions, grades)
    bench = Bench.build(judged)
    (pair,) = pairs(judged, bench.analyzer)
    exchange = converse(bench, pair)
    summed = sum_up(judged, [exchange])
    assert pair.elliptical == "And when was she the of the ?"
    assert not exchange.elliptical.ranking
    assert summed.pairs == 1
    assert summed.elliptical_followed > summed.elliptical == 0
    assert min(summed.full_followed, summed.full) > 0
