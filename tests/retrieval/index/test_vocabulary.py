"""Words and their numbers."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.char_ngrams import GRAM, CharNgrams, ngrams_of
from retrieval.index.vocabulary import Vocabulary

WORDS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), unique=True, max_size=20)


@given(WORDS)
def test_words_are_numbered_in_the_order_given(words: list[str]) -> None:
    vocabulary = Vocabulary.of(words)
    assert dict(vocabulary) == {word: number for number, word in enumerate(words)}
    assert vocabulary.spell(np.arange(len(words))[::-1]) == words[::-1]


@given(WORDS, st.text())
def test_a_word_that_is_not_there_has_no_number(words: list[str], other: str) -> None:
    assert (Vocabulary.of(words).get(other) is None) == (other not in words)


def test_words_of_one_hash_are_distinguished() -> None:
    vocabulary = Vocabulary.of(["ice", "ship"])
    collided = Vocabulary(
        vocabulary.text,
        vocabulary.starts,
        np.repeat(vocabulary.hashes[vocabulary.order == 1], 2),
        vocabulary.order,
    )
    assert collided["ship"] == 1
    with pytest.raises(KeyError):
        collided["ice"]


@given(words=WORDS, others=WORDS, dropped=st.sets(st.integers(0, 19)), collided=st.booleans())
def test_joined_vocabularies_hold_the_kept_words_of_each(
    *, words: list[str], others: list[str], dropped: set[int], collided: bool
) -> None:
    parts = [Vocabulary.of(words), Vocabulary.of(others)]
    if collided:  # as if all words had one hash
        parts = [replace(part, hashes=np.zeros(len(part), np.uint64)) for part in parts]
    kept = [np.array([number not in dropped for number in range(len(part))], bool) for part in parts]
    whole, maps = Vocabulary.joined(parts, kept)
    expected: dict[str, int] = {}
    for part, flags, numbers in zip((words, others), kept, maps, strict=True):
        for word, flag in zip(part, flags.tolist(), strict=True):
            if flag:
                expected.setdefault(word, len(expected))
        for word, flag, number in zip(part, flags.tolist(), numbers.tolist(), strict=True):
            assert number == (expected[word] if flag or (collided and word in expected) else -1)
    assert whole.spell(np.arange(len(whole))) == list(expected)


@given(WORDS)
def test_letters_are_those_of_the_words(words: list[str]) -> None:
    letters, starts = Vocabulary.of(words).letters()
    assert "".join(map(chr, letters.tolist())) == "".join(words)
    assert np.diff(starts).tolist() == list(map(len, words))


@given(WORDS)
def test_runs_are_those_of_the_words_between_borders(words: list[str]) -> None:
    counts = np.arange(1, len(words) + 1, dtype=np.int32)
    runs = CharNgrams.of(Vocabulary.of(words), counts)
    times: dict[int, int] = {}
    for number, word in enumerate(words):
        line = f"_{word}_"
        plain = max(len(line) - GRAM + 1, 0)
        assert plain <= len(ngrams_of(word)) <= (1 if word.isascii() else 2) * plain
        held = runs.held[runs.starts[number] : runs.starts[number + 1]]
        assert runs.keys[held].tolist() == ngrams_of(word)
        for run in ngrams_of(word):
            times[run] = times.get(run, 0) + number + 1
    assert dict(zip(runs.keys.tolist(), runs.counts.tolist(), strict=True)) == times
    asked = np.array([*times, 1], np.uint64)
    assert runs.counts_of(asked).tolist() == [*times.values(), 0]


def test_a_word_with_accents_has_the_runs_of_both_forms() -> None:
    assert set(ngrams_of("sieu")) < set(ngrams_of("siêu"))
    assert ngrams_of("đường")[: len(ngrams_of("duong"))] != ngrams_of("duong")
    assert set(ngrams_of("duong")) < set(ngrams_of("đường"))
