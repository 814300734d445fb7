"""The arrays of a segment hold what was put into them."""

from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.analyzer import analyzer
from retrieval.ranking.segment import GRAM, Segment

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
    postings = built(texts).postings
    for number, text in enumerate(texts):
        counts = Counter(ENGLISH.terms(text))
        held = {}
        for term in postings.vocabulary:
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
def test_words_letters_pairs_and_runs_are_those_of_the_posts(texts: list[str]) -> None:
    segment = built(texts)
    said = [ENGLISH.words(text) for text in texts]
    spelled = {number: word for word, number in segment.vocabulary.items()}
    letters = {number: letter for letter, number in segment.alphabet.items()}
    pairs, runs = Counter[tuple[str, str]](), Counter[str]()
    for number, words in enumerate(said):
        a, b = segment.said_starts[number : number + 2]
        assert [spelled[word] for word in segment.said[a:b].tolist()] == words
        a, b = segment.letter_starts[number : number + 2]
        line = "".join(f"_{word}" for word in words) + "_"
        assert "".join(letters[letter] for letter in segment.letters[a:b].tolist()) == line
        pairs.update(set(pairwise(words)))
        runs.update({line[start : start + GRAM] for start in range(len(line) - GRAM + 1)})
    assert segment.pair_frequencies(segment.pair_keys(list(pairs))).tolist() == list(pairs.values())
    assert segment.gram_frequencies(segment.gram_keys(list(runs))).tolist() == list(runs.values())
    unknown = segment.pair_keys([("no", "such"), ("ice", "nowhere")])
    assert segment.pair_frequencies(unknown).tolist() == [0, 0]


@settings(deadline=None)
@given(TEXTS)
def test_threads_are_intervals_of_posts(texts: list[str]) -> None:
    segment = built(texts)
    assert segment.home.tolist() == [number // 3 for number in range(len(texts))]
    assert segment.starts.tolist() == [*range(0, len(texts), 3), len(texts)]
    assert segment.thread_pks.tolist() == [100 + number // 3 for number in range(len(texts))]


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
