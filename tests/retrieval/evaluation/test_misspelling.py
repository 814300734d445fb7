from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from retrieval.analysis.analyzer import analyzer
from retrieval.evaluation.misspelling import MisspeltMeasures, misspell, misspellings

ENGLISH = analyzer("en")
LETTERS = list("abcdefghijklmnopqrstuvwxyz")
WORDS = ["harbour", "Lantern", "bees", "oar", "the", "about", "NATO", "1987", "don't", "Straße"]
sentences = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)


@given(sentences, st.integers())
def test_one_content_word_of_four_letters_or_more_gets_one_slip(text: str, seed: int) -> None:
    slipped = misspell(text, ENGLISH, LETTERS, Random(seed))  # noqa: S311 - nothing secret
    able = {"harbour", "Lantern", "bees", "NATO", "Straße"}.intersection(text.split())
    if not able:
        assert slipped == text
        return
    pairs = zip(text.split(), slipped.split(), strict=True)
    ((word, wrong),) = [(word, wrong) for word, wrong in pairs if word != wrong]
    assert word in able
    assert OSA.distance(word, wrong) == 1


def test_every_kind_of_slip_occurs() -> None:
    chances = map(Random, range(200))
    slips = {misspell("lantern", ENGLISH, LETTERS, chance) for chance in chances}
    assert {len(slip) for slip in slips} == {6, 7, 8}
    assert any(sorted(slip) == sorted("lantern") for slip in slips)
    assert any(len(slip) == 7 and sorted(slip) != sorted("lantern") for slip in slips)


def test_the_same_seed_makes_the_same_slips_whatever_the_order_of_the_questions() -> None:
    questions = {"a": "Where is the lantern?", "b": "Who keeps bees about the harbour?"}
    turned = dict(reversed(questions.items()))
    assert misspellings(questions, ENGLISH, 1) == misspellings(turned, ENGLISH, 1)
    drawn = [misspellings(questions, ENGLISH, seed)["b"] for seed in range(8)]
    assert len(set(drawn)) > 1


def test_letters_are_of_the_questions_own_script() -> None:
    slipped = [misspellings({"a": "Где стоит маяк?"}, analyzer("ru"), seed)["a"] for seed in range(50)]
    assert not {letter for text in slipped for letter in text if letter.isascii() and letter.isalpha()}


def test_what_is_kept_is_a_share_of_the_clean_questions_figure() -> None:
    found = MisspeltMeasures(clean=0.8, misspelt=0.6, uncorrected=0.4, untouched=0)
    assert [found.kept, found.kept_uncorrected] == pytest.approx([0.75, 0.5])
