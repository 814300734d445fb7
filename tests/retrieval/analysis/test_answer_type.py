"""Types of answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.answer_type import AnswerType, answer_type_of


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
    assert answer_type_of(question) is kind


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert answer_type_of(text) in {None, *AnswerType}
