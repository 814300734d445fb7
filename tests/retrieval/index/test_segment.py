"""The arrays of a segment hold what was put into them."""

import threading
from collections import Counter
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analysis.analyzer import analyzer
from retrieval.index import builder
from retrieval.index.char_ngrams import ngrams_of
from retrieval.index.segment import Segment
from tests.retrieval.index.contents import held, terms_of

ENGLISH = analyzer("en")
WORD = st.sampled_from(
    ["ice", "ships", "the", "Ångström", "ice-cold", "#DailyDigest", "1,000", "氷山", "it’s"]
)
TEXTS = st.lists(st.lists(WORD, max_size=6).map(" ".join), max_size=12)


def built(texts: list[str]) -> Segment:
    """Three posts a thread."""
    return Segment.build(ENGLISH, [(10 + n, 100 + n // 3, text) for n, text in enumerate(texts)])


@settings(deadline=None)
@given(TEXTS)
def test_postings_are_the_counts_of_terms(texts: list[str]) -> None:
    segment = built(texts)
    postings = segment.postings
    for number, text in enumerate(texts):
        counts = Counter(ENGLISH.terms(text))
        held = {}
        for term in terms_of(segment):
            start, end = postings.span(term)
            for post, frequency in zip(
                postings.posts[start:end], postings.frequencies[start:end], strict=True
            ):
                if post == number:
                    held[term] = int(frequency)
        assert held == counts
        assert postings.lengths[number] == counts.total()


@settings(deadline=None)
@given(TEXTS)
def test_words_are_those_of_the_posts(texts: list[str]) -> None:
    segment = built(texts)
    sequence = [ENGLISH.words(text) for text in texts]
    for number, words in enumerate(sequence):
        a, b = segment.sequence_starts[number : number + 2]
        assert segment.vocabulary.spell(segment.sequence[a:b]) == words
    counts = Counter(word for words in sequence for word in set(words))
    assert segment.counts(list(counts)).tolist() == list(counts.values())
    assert segment.counts(["nowhere"]).tolist() == [0]
    terms = {number: term for term, number in terms_of(segment).items()}
    for word, number in segment.vocabulary.items():
        assert terms.get(int(segment.term_of[number])) == ENGLISH.term(word)
    assert segment.spelled == sum(len(ngrams_of(word)) for words in sequence for word in words)


SHIPS = [
    (n, n // 7, f"The {n % 19}th ship of {n % 257} lay in ice-{n % 31} of Kiel{n}.") for n in range(20_000)
]


@pytest.mark.slow
@pytest.mark.parametrize("chunk", [8_000, 300])
def test_several_processes_build_what_one_builds(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    # Of small chunks, this process reads those that the others have no time for.
    monkeypatch.setattr(builder, "CHUNK", chunk)
    done: list[int] = []
    one = Segment.build(ENGLISH, SHIPS, processes=0)
    two = Segment.build(ENGLISH, SHIPS, processes=2, progress=done.append)
    assert held(one) == held(two)
    assert done == sorted(done)
    assert done[-1] == len(SHIPS)


class Killed:
    """Workers that take chunks and are killed before they have read any."""

    def __init__(self, *_: object) -> None:
        self._taken: list[Future[object]] = []

    def __enter__(self) -> Self:
        threading.Timer(0.2, self._die).start()
        return self

    def __exit__(self, *_: object) -> None: ...

    def submit(self, *_: object) -> "Future[object]":
        self._taken.append(Future())
        return self._taken[-1]

    def _die(self) -> None:
        for future in self._taken:
            future.set_exception(BrokenProcessPool())


@pytest.mark.slow
def test_what_killed_workers_owe_is_read_nevertheless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "CHUNK", 300)
    one = Segment.build(ENGLISH, SHIPS, processes=0)
    monkeypatch.setattr(builder, "ProcessPoolExecutor", Killed)
    assert held(one) == held(Segment.build(ENGLISH, SHIPS, processes=2))


@settings(deadline=None)
@given(TEXTS)
def test_threads_are_intervals_of_posts(texts: list[str]) -> None:
    segment = built(texts)
    assert segment.home.tolist() == [number // 3 for number in range(len(texts))]
    assert segment.starts.tolist() == [*range(0, len(texts), 3), len(texts)]
    assert segment.thread_pks[segment.home].tolist() == [100 + number // 3 for number in range(len(texts))]


@settings(deadline=None)
@given(TEXTS, st.lists(WORD, min_size=1, max_size=3))
def test_a_phrase_is_held_by_the_posts_that_say_it(texts: list[str], phrase: list[str]) -> None:
    words = ENGLISH.words(" ".join(phrase))
    holding = [
        number
        for number, text in enumerate(texts)
        if any(ENGLISH.words(text)[at : at + len(words)] == words for at in range(len(text) + 1))
    ]
    assert built(texts).holding(words) == holding
