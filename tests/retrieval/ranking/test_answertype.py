"""Types of answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ranking.answertype import AnswerType, signs_of, type_of


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When did the harbour freeze?", AnswerType.WHEN),
        ("In what year was it built?", AnswerType.WHEN),
        ("How many ships lay there?", AnswerType.NUMBER),
        ("Who was the captain?", AnswerType.WHO),
        ("Which city had no coal?", AnswerType.WHERE),
        ("What is an icebreaker?", AnswerType.WHAT),
        ("Why was it cut?", AnswerType.WHY),
        ("the frozen harbour", None),
    ],
)
def test_a_question_shows_what_it_asks_for(question: str, kind: AnswerType | None) -> None:
    assert type_of(question) is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("It froze in January 1929.", AnswerType.WHEN),
        ("There were forty ships.", AnswerType.NUMBER),
        ("Its captain was Anna Brandt.", AnswerType.WHO),
        ("It came from Kiel.", AnswerType.WHERE),
        ("An icebreaker is a ship.", AnswerType.WHAT),
        ("They did so because of the coal.", AnswerType.WHY),
    ],
)
def test_a_post_shows_the_sign_of_an_answer(text: str, kind: AnswerType) -> None:
    assert signs_of(text) >> kind & 1
    assert not signs_of("no sign of anything") >> kind & 1


@given(st.text())
def test_every_text_has_its_signs_in_one_byte(text: str) -> None:
    assert 0 <= signs_of(text) < 2 ** len(AnswerType)
    assert type_of(text) in {None, *AnswerType}
