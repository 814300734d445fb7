"""The parts of a message that may be a question by themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.clauses import MOST_CLAUSES, clauses_of


def clauses(message: str) -> list[str]:
    filler = {"soooo", "so", "no", "clue", "whether", "anybody", "covered", "this", "yet"}
    return clauses_of(
        message, lambda part: len(part.split()) - 1, lambda text: set(text.lower().split()) <= filler
    )


def test_a_question_among_sentences_is_asked_without_them() -> None:
    message = "My bike has a flat tyre. Who built the bridge? The shop is closed until Tuesday."
    assert clauses(message) == ["Who built the bridge?"]


def test_what_looks_like_no_question_is_asked_where_nothing_does_or_what_does_has_no_subject() -> None:
    sentences = ["My bike has a flat tyre.", "About the old stone bridge."]
    assert clauses(" ".join(sentences)) == sentences
    assert clauses(" ".join([*sentences, "Any link?"])) == ["Any link?", *sentences]


@pytest.mark.parametrize(
    ("message", "part"),
    [
        ("Hat jemand eine Ahnung, wer die Brücke baute", "wer die Brücke baute"),
        ("This may sound odd, but who built the bridge", "who built the bridge"),
        ("soooo who built the bridge", "who built the bridge"),
        ("Ich frage nur, und wann fährt der Zug?", "wann fährt der Zug?"),
    ],
)
def test_an_introduction_is_cut_off(message: str, part: str) -> None:
    assert part in clauses(message)


@pytest.mark.parametrize(
    "message",
    [
        "In a steam turbine, what turns the shaft",
        "If the pilot is ill, who steers the ship",
        "copper mines where men died",
    ],
)
def test_what_belongs_to_the_question_stays_with_it(message: str) -> None:
    assert clauses(message) == []


@given(st.text(st.sampled_from("ab ,.?!\nwho"), max_size=200))
def test_there_are_few_parts_and_none_is_the_whole(message: str) -> None:
    parts = clauses(message)
    assert len(parts) <= MOST_CLAUSES
    assert message.strip() not in parts
    assert all(part in message for part in parts)
