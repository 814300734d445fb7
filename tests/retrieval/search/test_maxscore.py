"""The best documents without scoring the rest: equal to scoring everything, to the last bit."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.analysis.arrays import Floats
from retrieval.index.postings import Postings
from retrieval.search import jit, maxscore
from retrieval.search.ranker import Ranker

TERMS = st.sampled_from(["the", "a", "war", "peace", "talk", "kremlin", "west"])
CORPORA = st.lists(st.lists(TERMS, max_size=12), max_size=40)
QUERIES = st.lists(TERMS | st.just("unknown"), max_size=6)
WEIGHTS = st.dictionaries(TERMS, st.floats(0.01, 3), max_size=5)

needs_numba = pytest.mark.skipif(find_spec("numba") is None, reason="numba is not installed (bobbin[fast])")
WAYS = ["numpy", "bounds", pytest.param("compiled", marks=needs_numba)]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Iterator[str]:
    """Search with NumPy, with NumPy by bounds for all documents however few, or in compiled loops."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "bounds":
            patch.setattr(maxscore, "_MANY", 0)
        yield request.param


def ranked(postings: Sequence[Postings], way: str) -> Ranker:
    return Ranker(postings, compiled=way == "compiled")


def first(scores: Sequence[float] | Floats, n: int) -> list[tuple[int, float]]:
    order = np.argsort(-np.asarray(scores), kind="stable")
    return [(int(number), float(scores[number])) for number in order[:n] if scores[number] > 0]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(corpus=CORPORA, query=QUERIES, n=st.integers(1, 12), split=st.integers(0, 40))
def test_the_top_are_the_first_of_all_scores(
    way: str, *, corpus: list[list[str]], query: list[str], n: int, split: int
) -> None:
    ranker = ranked([Postings.build(corpus[:split]), Postings.build(corpus[split:])], way)
    assert ranker.top(query, n) == first(ranker.get_scores(query), n)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(corpus=CORPORA, query=WEIGHTS, n=st.integers(1, 12))
def test_weights_are_those_of_the_scores(
    way: str, *, corpus: list[list[str]], query: dict[str, float], n: int
) -> None:
    ranker = ranked([Postings.build(corpus)], way)
    assert ranker.top(query, n) == first(ranker.weigh(query), n)


def test_common_words_beside_a_rare_one_are_looked_up_and_not_added(way: str) -> None:
    random = np.random.default_rng(7)
    common = random.random((200_000, 3)) < [0.6, 0.4, 0.2]
    rare = random.random(200_000) < 0.0005
    corpus = [
        [word for word, said in zip("xyz", row, strict=True) if said] + ["rare"] * int(one)
        for row, one in zip(common.tolist(), rare.tolist(), strict=True)
    ]
    ranker = ranked([Postings.build(corpus)], way)
    for query in (["x", "rare"], ["rare", "x", "y", "z"], ["x", "y", "z"], ["z", "rare", "rare"]):
        assert ranker.top(query, 10) == first(ranker.get_scores(query), 10)


def test_scopes_that_share_postings_find_the_same_in_whatever_order_they_are_asked(way: str) -> None:
    random = np.random.default_rng(3)
    words = np.array(list("abcdefgh"))
    corpus = [words[random.random(8) < 0.4].tolist() for _ in range(5_000)]
    postings = Postings.build(corpus)
    reference = Ranker.of(corpus)
    queries = [list(random.choice(words, 4, replace=False)) for _ in range(40)]
    expected = [first(reference.get_scores(query), 10) for query in queries]

    def ask(_: int) -> list[list[tuple[int, float]]]:
        ranker = ranked([postings], way)
        return [ranker.top(query, 10) for query in queries]

    with ThreadPoolExecutor(8) as pool:
        assert all(found == expected for found in pool.map(ask, range(24)))


def test_rare_and_common_words_of_two_scopes_are_found_as_all_scores_say(way: str) -> None:
    random = np.random.default_rng(11)
    words = np.array([f"w{number}" for number in range(2_000)])
    shares = 1 / (np.arange(len(words)) + 2.7)

    def posts(count: int, longest: int) -> Postings:
        said = (
            random.choice(words, random.integers(1, longest), p=shares / shares.sum()) for _ in range(count)
        )
        return Postings.build([post.tolist() for post in said])

    # The second scope's posts are far longer, so that impacts are others than those of the first.
    own, others = posts(6_000, 30), posts(500, 400)
    rankers = [ranked([own], way), ranked([own, others], way), ranked([own], way)]
    for _ in range(150):
        common, rare = random.integers(0, 30, 2), random.integers(30, len(words), 3)
        query = words[np.concatenate([common, rare])].tolist()[: random.integers(1, 6)]
        for ranker in rankers:
            assert ranker.top(query, 10) == first(ranker.get_scores(query), 10)


def test_compiled_loops_without_numba_are_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jit, "compiled_loops", lambda **_: None)
    with pytest.raises(ValueError, match=r"bobbin\[fast\]"):
        Ranker([], compiled=True)
    assert Ranker([], compiled=None).top(["war"], 1) == []


def test_a_term_that_no_document_holds_any_more_finds_nothing(way: str) -> None:
    whole = Postings.build([["war"], ["peace", "war"], ["peace", "talk"]])
    # As after a join that left documents out: the word is known, its list is empty.
    assert isinstance(whole.vocabulary, dict)
    gone = replace(
        whole,
        vocabulary={"gone": 0} | {term: number + 1 for term, number in whole.vocabulary.items()},
        offsets=np.concatenate([[0], whole.offsets]),
    )
    ranker = ranked([gone], way)
    assert ranker.top(["gone"], 3) == []
    assert ranker.top(["gone", "talk", "war"], 3) == ranked([whole], way).top(["talk", "war"], 3)
