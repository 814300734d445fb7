"""The fields of candidates are counted alike by NumPy and by the compiled loops."""

from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analysis.analyzer import analyzer
from retrieval.index.char_ngrams import ngrams_of
from retrieval.index.segment import Segment
from retrieval.search import jit
from retrieval.search.fields import Averages, FieldQuery, Fields, context_total
from retrieval.search.weights import WEIGHTS

WORDS = ["ice", "ships", "the", "captain", "kiel", "froze", "icebreaker", "iceberg"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)
THREADS = st.lists(st.lists(TEXTS, min_size=1, max_size=20), min_size=1, max_size=6)


def fields_of(threads: list[list[str]]) -> Fields:
    texts = [(number, text) for number, thread in enumerate(threads) for text in thread]
    segment = Segment.build(analyzer("en"), [(pk, thread, text) for pk, (thread, text) in enumerate(texts)])
    return Fields(segment, Averages(3, 9, 20, 2, 15), WEIGHTS)


@pytest.mark.slow
@pytest.mark.skipif(find_spec("numba") is None, reason="numba is not installed (bobbin[fast])")
@settings(deadline=None, max_examples=150)
@given(threads=THREADS, asked=st.lists(st.sampled_from([*WORDS, "unknown"]), unique=True), data=st.data())
def test_the_loops_find_what_numpy_finds(
    threads: list[list[str]], asked: list[str], data: st.DataObject
) -> None:
    compiled = jit.compiled_loops(wait=True)
    assert compiled is not None
    fields = fields_of(threads)
    segment = fields.segment
    chosen = data.draw(st.sets(st.integers(0, len(segment) - 1), min_size=1))
    candidates = np.array(sorted(chosen), np.int64)
    terms = [term for word in asked if (term := analyzer("en").term(word))]
    for by_numpy, by_loops in zip(
        fields.terms(candidates, terms), fields.terms(candidates, terms, compiled), strict=True
    ):
        assert by_numpy.tolist() == by_loops.tolist()
    numbers = [number for number in segment.numbers(asked).tolist() if number >= 0]
    keys = np.array([a << 32 | b for a in numbers for b in numbers], np.int64)
    pairs = FieldQuery(keys, np.linspace(1, 2, len(keys)))
    assert fields.pairs(candidates, pairs).tolist() == fields.pairs(candidates, pairs, compiled).tolist()
    runs = np.array(sorted({run for word in asked for run in ngrams_of(word)}), np.uint64)
    found = segment.runs.find(runs)
    wanted = FieldQuery(found[found >= 0], np.linspace(1, 2, int((found >= 0).sum())))
    assert fields.grams(candidates, wanted).tolist() == fields.grams(candidates, wanted, compiled).tolist()


@settings(deadline=None, max_examples=60)
@given(THREADS)
def test_the_contexts_together_are_as_long_as_each_by_itself(threads: list[list[str]]) -> None:
    kernel, total = WEIGHTS.kernel(), 0.0
    for thread in threads:
        lengths = [len(analyzer("en").terms(text)) for text in thread]
        for here in range(len(thread)):
            for there, length in enumerate(lengths):
                distance = abs(here - there)
                total += kernel[distance] * length if distance < len(kernel) else 0.0
    fields = fields_of(threads)
    segment = fields.segment
    assert context_total(segment, kernel) == pytest.approx(total)
    everyone = np.arange(len(segment))
    first, last = segment.starts[segment.home], segment.starts[segment.home + 1]
    assert fields._context_lengths(everyone, first, last).sum() == pytest.approx(total)


def test_a_pair_a_run_and_a_term_are_counted_where_they_stand() -> None:
    fields = fields_of([["ice ships ice", "ships"], ["captain"]])
    ice, ships = fields.segment.numbers(["ice", "ships"]).tolist()
    wanted = FieldQuery(np.array([ice << 32 | ships, ships << 32 | ice], np.int64), np.array([1.0, 10.0]))
    everyone = np.arange(3)
    scores = fields.pairs(everyone, wanted)
    assert scores[0] > 10
    assert scores[1:].tolist() == [0, 0]
    own, around, thread = fields.terms(everyone, [analyzer("en").term("ships") or ""])
    assert (own[:, 0] > 0).tolist() == (around[:, 0] > 0).tolist() == [True, True, False]
    assert thread[0] == thread[1] > thread[2] == 0
