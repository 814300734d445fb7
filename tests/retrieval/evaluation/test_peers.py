import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analysis.analyzer import analyzer
from retrieval.evaluation.collection import Judged, JudgedPost, load
from retrieval.evaluation.measures import DEPTH, measure
from retrieval.evaluation.peers import PEERS, MissingPeerError, Peer
from tests.retrieval.evaluation.judged import HARBOUR, write

WORDS = ["harbour", "lantern", "anchor", "pebble"]
OPTIONAL = ("bm25s", "tantivy")

each_peer = pytest.mark.parametrize(
    "peer",
    [
        pytest.param(
            peer,
            marks=pytest.mark.skipif(
                peer.name in OPTIONAL and find_spec(peer.name) is None,
                reason=f"{peer.name} is not installed; it is in the extra bobbin[peers]",
            ),
        )
        for peer in PEERS
    ],
    ids=lambda peer: peer.name,
)


def collection(texts: list[str]) -> Judged:
    return Judged("small", [JudgedPost(f"p{n}", f"p{n}", 0, text) for n, text in enumerate(texts)], {}, {})


@each_peer
def test_each_finds_the_posts_of_a_small_collection(peer: Peer, tmp_path: Path) -> None:
    harbour = load(write(tmp_path, HARBOUR))
    search = peer.build(harbour, analyzer("en"))
    results = {name: search(text) for name, text in harbour.questions.items()}
    assert measure(harbour, results).recall_10 == 1.0
    assert all(result.seconds > 0 for result in results.values())


@each_peer
@pytest.mark.parametrize(
    "question", ["", "???", "the", "AND OR NOT", "a:b (c [d* \"e' ^~ -", "\ud800 harbour"]
)
def test_none_trips_over_a_strange_question(peer: Peer, question: str) -> None:
    search = peer.build(
        collection(["the harbour", "a boat and an oar", "", "not a word of it"]), analyzer("en")
    )
    ranking = search(question).ranking
    assert len({post for post, _ in ranking}) == len(ranking)


@each_peer
@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=6), min_size=4, max_size=8))
def test_posts_without_a_word_of_the_question_are_not_ranked(peer: Peer, posts: list[list[str]]) -> None:
    texts = [" ".join(words) for words in posts] + ["lantern"]
    holding = {f"p{place}" for place, text in enumerate(texts) if "lantern" in text.split()}
    ranking = peer.build(collection(texts), analyzer("en"))("lantern").ranking
    assert {post for post, _ in ranking} <= holding
    assert [score for _, score in ranking] == sorted((score for _, score in ranking), reverse=True)


@each_peer
def test_at_most_a_hundred_posts_are_ranked(peer: Peer) -> None:
    texts = [f"lantern {'anchor ' * (number % 7)}" for number in range(DEPTH + 20)]
    texts += ["pebble"] * (2 * len(texts))
    assert len(peer.build(collection(texts), analyzer("en"))("lantern").ranking) == DEPTH


@pytest.mark.parametrize("name", OPTIONAL)
def test_one_that_is_not_installed_says_how_to_get_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    peer = next(peer for peer in PEERS if peer.name == name)
    with pytest.raises(MissingPeerError, match=r"not installed: pip install 'bobbin\[peers\]'"):
        peer.build(collection(["a post"]), analyzer("en"))
