"""Signs of answers in posts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.analyzer import analyzer
from retrieval.analysis.answer_type import AnswerType
from retrieval.index.builder import PostCounter

ENGLISH = analyzer("en")


def signs(*texts: str) -> list[int]:
    posts = [(number, 1, text) for number, text in enumerate(texts)]
    return [int(one) for one in PostCounter(ENGLISH).read(posts).signs]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("It froze in January 1929.", AnswerType.WHEN),
        ("It froze on May 5.", AnswerType.WHEN),
        ("It was the 19th century.", AnswerType.WHEN),
        ("In 512 BC it froze.", AnswerType.WHEN),
        ("There were forty ships.", AnswerType.NUMBER),
        ("There were 40 ships.", AnswerType.NUMBER),
        ("Its captain was Anna Brandt.", AnswerType.WHO),
        ("It came from Kiel.", AnswerType.WHERE),
        ("It came from the Baltic.", AnswerType.WHERE),
        ("An icebreaker is a ship.", AnswerType.WHAT),
        ("They did so because of the coal.", AnswerType.WHY),
        ("It came due to the coal.", AnswerType.WHY),
    ],
)
def test_a_post_shows_the_sign_of_an_answer(text: str, kind: AnswerType) -> None:
    none, shown = signs("No sign of anything.", text)
    assert shown >> kind & 1
    assert not none >> kind & 1


@pytest.mark.parametrize("text", ['Ice. Ships: Coal! "Oven" (Crust)\nDough', "He", "", "ALL ICE"])
def test_the_first_word_of_a_sentence_is_no_name(text: str) -> None:
    assert signs(text) == [0]


def test_a_sign_does_not_reach_into_the_next_post() -> None:
    assert signs("it came from", "Kiel", "the ice is", "a sea", "ice in the", "North") == [0] * 6


@given(st.lists(st.text(), max_size=5))
def test_signs_of_many_texts_are_those_of_each(texts: list[str]) -> None:
    assert signs(*texts) == [one for text in texts for one in signs(text)]
