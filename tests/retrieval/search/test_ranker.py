"""The ranker against rank-bm25 itself."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Plus

from retrieval.index.bm25 import LengthNorm
from retrieval.index.postings import Postings
from retrieval.search.ranker import Ranker, best

TERMS = st.sampled_from(["war", "peace", "talk", "kremlin", "west", "nato"])
CORPORA = st.lists(st.lists(TERMS, max_size=12), max_size=25)
QUERIES = st.lists(TERMS | st.just("unknown"), max_size=6)
PARAMETERS = st.sampled_from([(0.9, 0.4), (1.5, 0.75), (1.2, 0.0), (2.0, 0.95)])


@settings(max_examples=1000, deadline=None)
@given(CORPORA, QUERIES, PARAMETERS, st.integers(0, 25))
@example([["war"]], ["war"], (0.9, 0.4), 0)
@example([["war"], ["peace"]], ["war"], (0.9, 0.4), 1)
@example([["war"], []], ["war", "war"], (0.9, 0.4), 1)
@example([["war"], ["war", "war"]], ["war"], (0.9, 0.4), 2)
def test_scores_equal_rank_bm25s_own(
    corpus: list[list[str]], query: list[str], parameters: tuple[float, float], split: int
) -> None:
    k1, b = parameters
    ranker = Ranker([Postings.build(corpus[:split]), Postings.build(corpus[split:])], k1=k1, b=b)
    if not any(corpus):
        # rank-bm25 divides by the average length, which is zero here.
        assert ranker.get_scores(query).tolist() == [0.0] * len(corpus)
        return
    reference = BM25Plus(corpus, k1=k1, b=b, delta=0)
    np.testing.assert_allclose(ranker.get_scores(query), reference.get_scores(query), rtol=1e-6)
    everyone = list(range(len(corpus)))
    np.testing.assert_allclose(
        ranker.get_batch_scores(query, everyone), reference.get_batch_scores(query, everyone), rtol=1e-6
    )


@settings(deadline=None)
@given(CORPORA.filter(any), QUERIES, PARAMETERS)
def test_in_one_collection_scores_are_rank_bm25s_to_the_last_bit(
    corpus: list[list[str]], query: list[str], parameters: tuple[float, float]
) -> None:
    k1, b = parameters
    reference = BM25Plus(corpus, k1=k1, b=b, delta=0).get_scores(query)
    ranker = Ranker.of(corpus, k1=k1, b=b)
    assert ranker.get_scores(query).tolist() == reference.tolist()
    for number, score in ranker.top(query, 50):
        assert score == reference[number]


@settings(deadline=None)
@given(CORPORA.filter(any), QUERIES, st.integers(0, 25))
def test_in_a_mixed_scope_each_post_scores_with_its_own_collections_b(
    corpus: list[list[str]], query: list[str], split: int
) -> None:
    lists = [Postings.build(corpus[:split]), Postings.build(corpus[split:])]
    mixed = Ranker(lists, b=[0.4, 0.75])
    short, long = (BM25Plus(corpus, k1=0.9, b=b, delta=0).get_scores(query) for b in (0.4, 0.75))
    expected = [*short[:split].tolist(), *long[split:].tolist()]
    assert mixed.get_scores(query).tolist() == expected
    assert dict(mixed.top(query, 50)) == {number: score for number, score in enumerate(expected) if score}


@given(CORPORA, QUERIES)
def test_a_post_scores_above_zero_exactly_when_it_holds_a_term(
    corpus: list[list[str]], query: list[str]
) -> None:
    scores = Ranker.of(corpus).get_scores(query)
    assert [score > 0 for score in scores] == [bool(set(post) & set(query)) for post in corpus]


@given(CORPORA, QUERIES, st.integers(1, 30))
def test_the_top_are_the_highest_scores_and_the_earlier_of_equals(
    corpus: list[list[str]], query: list[str], n: int
) -> None:
    ranker = Ranker.of(corpus)
    scores = ranker.get_scores(query)
    expected = [number for number in np.argsort(-scores, kind="stable") if scores[number] > 0][:n]
    assert ranker.get_top_n(query, list(range(len(corpus))), n) == expected
    assert best(scores, n) == expected


@pytest.mark.parametrize("size", [1, 2, 3, 10])
def test_a_term_in_every_post_still_finds_its_posts(size: int) -> None:
    ranker = Ranker.of([["war"]] * size)
    assert ranker.get_top_n(["war"], list(range(size)), size) == list(range(size))


@given(st.lists(st.floats(0, 300), max_size=8))
def test_b_follows_the_length_of_posts_with_a_dead_band(means: list[float]) -> None:
    b: float | None = None
    for mean in means:
        before, b = b, LengthNorm.of(mean, b).b
        if mean >= 90:
            assert b == 0.75
        elif mean < 70:
            assert b == 0.4
        else:
            assert b == (0.4 if before is None else before)


def test_a_weight_of_one_is_no_weight() -> None:
    ranker = Ranker.of([["war", "peace"], ["war"], ["talk"]])
    np.testing.assert_array_equal(
        ranker.weigh({"war": 1.0, "peace": 1.0}), ranker.get_scores(["war", "peace"])
    )
    assert ranker.weigh({"war": 0.5})[1] == pytest.approx(ranker.get_scores(["war"])[1] / 2)


def test_the_statistics_are_those_of_all_segments_together() -> None:
    ranker = Ranker([Postings.build([["war"]]), Postings.build([["war", "peace"], []])])
    assert ranker.corpus_size == 3
    assert ranker.avgdl == 1.0
    assert ranker.document_frequency("war") == 2
    assert ranker.information("unknown") == 0.0


def test_documents_that_are_not_there_are_the_callers_mistake() -> None:
    ranker = Ranker.of([["war"]])
    with pytest.raises(ValueError, match="numbered from 0 to 0"):
        ranker.get_batch_scores(["war"], [1])
    with pytest.raises(ValueError, match="2 documents given, 1 indexed"):
        ranker.get_top_n(["war"], ["one", "two"])
