"""Segments out of segments hold what one built of the same posts holds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analysis.analyzer import analyzer
from retrieval.index.segment import Segment
from retrieval.index.segment_merge import merge_segments, without_threads
from tests.retrieval.index.contents import held

ENGLISH = analyzer("en")
WORD = st.sampled_from(["ice", "ships", "the", "Ångström", "ice-cold", "#DailyDigest", "1,000", "氷山"])
THREADS = st.lists(st.lists(st.lists(WORD, max_size=6).map(" ".join), min_size=1, max_size=3), max_size=8)


def built(threads: list[tuple[int, list[str]]]) -> Segment:
    posts = [(pk * 10 + n, pk, text) for pk, texts in threads for n, text in enumerate(texts)]
    return Segment.build(ENGLISH, posts)


@settings(deadline=None)
@given(THREADS, st.integers(0, 8), st.integers(0, 8))
def test_joined_segments_are_as_if_built_at_once(threads: list[list[str]], one: int, other: int) -> None:
    numbered = list(enumerate(threads))
    first, last = sorted((one, other))
    parts = [numbered[:first], numbered[first:last], numbered[last:]]
    assert held(merge_segments([built(part) for part in parts])) == held(built(numbered))


@settings(deadline=None)
@given(THREADS, st.sets(st.integers(0, 9)))
def test_without_threads_a_segment_is_as_if_they_had_never_been(
    threads: list[list[str]], gone: set[int]
) -> None:
    numbered = list(enumerate(threads))
    left = without_threads(built(numbered), np.array([*gone], np.int64))
    expected = held(built([one for one in numbered if one[0] not in gone]))
    assert held(left) == expected
    # Joining also lets go of the words that no post holds any more.
    compact = merge_segments([left])
    assert held(compact) == expected
    assert set(compact.vocabulary) == {word for word in left.vocabulary if left.counts([word])[0]}


def test_a_segment_without_none_is_itself() -> None:
    segment = built([(1, ["ice"])])
    assert without_threads(segment, np.array([2, 3])) is segment
