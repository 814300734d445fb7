import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.custom_id import (
    DAYS,
    AnswerAction,
    AnswerState,
    ArrivalsState,
    DeleteState,
    FilteredListState,
    ListState,
    Order,
    PostAction,
    PostState,
    ThreadState,
    packed_words,
)
from retrieval.archive import ThreadOrder
from retrieval.model import Verdict

State = AnswerState | PostState | ThreadState | DeleteState | ListState | FilteredListState | ArrivalsState
KINDS = (AnswerState, PostState, ThreadState, DeleteState, ListState, FilteredListState, ArrivalsState)

users = st.integers(0, 2**64 - 1)
keys = st.integers(0, 2**40 - 1)
bytes_ = st.integers(0, 255)
answer_states = st.builds(
    AnswerState,
    users,
    bytes_,
    st.lists(keys, max_size=8).map(tuple),
    st.lists(st.integers(0, 2**16 - 1), max_size=8).map(tuple),
    st.sampled_from(AnswerAction),
    st.sampled_from([Verdict.ANSWER, Verdict.CLOSEST]),
)
post_states = st.builds(PostState, keys, st.sampled_from(PostAction), users, bytes_)
ids = st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=12, max_size=12)
thread_states = st.builds(ThreadState, users, ids, st.integers(0, 2**16 - 1), bytes_, st.booleans())
list_states = st.builds(
    ListState,
    users,
    st.sampled_from(Order),
    st.integers(0, 2**16 - 1),
    st.integers(0, 2**32 - 1),
    st.just("") | ids,
)
filtered_list_states = st.builds(
    FilteredListState,
    users,
    st.sampled_from(ThreadOrder),
    st.integers(0, 2**16 - 1),
    st.integers(0, 2**32 - 1),
    st.just("") | ids,
    st.none() | st.dates(*DAYS),
    st.none() | st.dates(*DAYS),
    st.text().map(packed_words),
)
arrivals_states = st.builds(ArrivalsState, users, users, st.integers(0, 2**16 - 1), st.booleans())
states = (
    arrivals_states
    | answer_states
    | post_states
    | thread_states
    | st.builds(DeleteState, users)
    | list_states
    | filtered_list_states
)


@given(states)
def test_a_state_comes_back_from_its_custom_id(state: State) -> None:
    assert type(state).decode(state.encode()) == state


@given(states)
def test_a_custom_id_is_at_most_100_ascii_characters_and_matches_its_template_only(state: State) -> None:
    custom_id = state.encode()
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,100}", custom_id)
    matching = [kind for kind in KINDS if kind.TEMPLATE.fullmatch(custom_id)]
    assert matching == [type(state)]


@given(states, st.data())
def test_a_damaged_custom_id_is_refused(state: State, data: st.DataObject) -> None:
    custom_id = state.encode()
    at = data.draw(st.integers(0, len(custom_id) - 1))
    other = data.draw(st.characters(min_codepoint=33).filter(lambda sign: sign != custom_id[at]))
    for damaged in (custom_id[:at] + other + custom_id[at + 1 :], custom_id[:at], custom_id + other):
        with pytest.raises(ValueError, match=r"custom_id|base64url|damaged|the state|stand for"):
            type(state).decode(damaged)


@given(st.text() | st.text("abAB01._-").map("bob1a.".__add__))
def test_a_foreign_custom_id_is_refused(text: str) -> None:
    for kind in KINDS:
        with pytest.raises(ValueError):  # noqa: PT011 - each kind of damage has its own words
            kind.decode(text)


def test_the_fullest_answer_fits() -> None:
    assert (
        len(AnswerState(2**64 - 1, 255, (2**40 - 1,) * 8, (2**16 - 1,) * 8, AnswerAction.SHARE).encode())
        == 98
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"asker": -1},
        {"asker": 2**64},
        {"page": 256},
        {"keys": (2**40,)},
        {"keys": (1,) * 9},
        {"marks": (2**16,)},
    ],
)
def test_what_does_not_fit_an_answers_button_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"must lie between|holds at most"):
        replace(AnswerState(1, 0, (1,)), **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("thread_id", ["", "short", "0123456789ab0", "il0o0123456u", "0123456789AB"])
def test_what_is_no_threads_id_is_refused(thread_id: str) -> None:
    with pytest.raises(ValueError, match="not a thread's id"):
        ThreadState(1, thread_id)


@pytest.mark.parametrize(
    ("custom_id", "action"),
    [
        ("bob1a.AAAAAAAAAAcBMgAAAAAABQAAAAAGAAAAAAcAAQACX1Q", AnswerAction.TURN),
        ("bob1a.AAAAAAAAAAcBMgEAAAAABQAAAAAGAAAAAAcAAQACauc", AnswerAction.SHARE),
        ("bob1a.AAAAAAAAAAcBMgIAAAAABQAAAAAGAAAAAAcAAQACNDI", AnswerAction.HELPFUL),
        ("bob1a.AAAAAAAAAAcBMgMAAAAABQAAAAAGAAAAAAcAAQACAYE", AnswerAction.UNHELPFUL),
    ],
)
def test_a_button_from_before_there_were_verdicts_stands_below_an_answer(
    custom_id: str, action: AnswerAction
) -> None:
    assert AnswerState.decode(custom_id) == AnswerState(7, 1, (5, 6, 7), (1, 2), action, Verdict.ANSWER)


@given(answer_states)
def test_no_button_stands_below_nothing(state: AnswerState) -> None:
    with pytest.raises(ValueError, match="no button stands below"):
        replace(state, verdict=Verdict.NOTHING).encode()
