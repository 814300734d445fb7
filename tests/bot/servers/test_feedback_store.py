"""What was judged is counted a thread and server, and what was written is kept for its time."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.database import ServerFile
from bot.servers.feedback_store import (
    FEEDBACK_RETENTION,
    MAX_FEEDBACK_LENGTH,
    Feedback,
    FeedbackCount,
    FeedbackNote,
)
from bot.servers.preference_store import PreferenceStore
from bot.servers.retention import forget_server
from retrieval.archive import Archive

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HERE, THERE = 2**64 - 1, 7
servers = st.sampled_from([HERE, THERE, None])
judgements = st.tuples(servers, st.lists(st.sampled_from("abc"), max_size=4), st.booleans())


@pytest.fixture
def feedback(tmp_path: Path) -> Iterator[Feedback]:
    with ServerFile.open(tmp_path / "servers.db") as file:
        yield Feedback(file)


@given(st.lists(judgements, max_size=20))
def test_each_server_has_its_own_counts(given: list[tuple[int | None, list[str], bool]]) -> None:
    with TemporaryDirectory() as folder, ServerFile.open(Path(folder) / "servers.db") as file:
        feedback = Feedback(file)
        for server, threads, helpful in given:
            feedback.count(server, threads, helpful=helpful)
        for server in (HERE, THERE, None):
            wanted: Counter[tuple[str, bool]] = Counter(
                (thread, helpful) for one, threads, helpful in given if one == server for thread in {*threads}
            )
            told = {(one.thread_id, True): one.helpful for one in feedback.counts(server)}
            told |= {(one.thread_id, False): one.unhelpful for one in feedback.counts(server)}
            assert {key: count for key, count in told.items() if count} == dict(wanted)


def test_what_was_judged_most_often_comes_first(feedback: Feedback) -> None:
    for threads, helpful in ((["a"], True), (["b", "a"], False), (["b"], True), (["b"], True)):
        feedback.count(HERE, threads, helpful=helpful)
    assert feedback.counts(HERE) == [FeedbackCount("b", 2, 1), FeedbackCount("a", 1, 1)]


def test_a_note_is_kept_word_for_word_but_for_spaces_and_length(feedback: Feedback) -> None:
    feedback.note(HERE, ["a", "b", "a"], " Wrong\n ferry. \ud800", NOW)
    feedback.note(HERE, ["a"], "x" * 9_999, NOW + timedelta(seconds=1))
    newest, oldest = feedback.notes(HERE, NOW)
    assert oldest == FeedbackNote("Wrong ferry. ?", ("a", "b"), NOW)
    assert newest.words == "x" * MAX_FEEDBACK_LENGTH
    assert feedback.notes(THERE, NOW) == feedback.notes(None, NOW) == []


@pytest.mark.parametrize("words", ["", "  \n"])
def test_nothing_is_kept_of_nothing(feedback: Feedback, words: str) -> None:
    feedback.note(HERE, ["a"], words, NOW)
    assert feedback.notes(HERE, NOW) == []


def test_an_old_note_is_neither_reported_nor_kept(feedback: Feedback) -> None:
    feedback.note(HERE, ["a"], "old", NOW)
    later = NOW + FEEDBACK_RETENTION + timedelta(seconds=1)
    assert feedback.notes(HERE, later) == []
    assert feedback.expire(later) == 1
    assert feedback.expire(later) == 0


def test_a_new_note_lets_go_of_old_ones(feedback: Feedback) -> None:
    feedback.note(THERE, ["a"], "old", NOW)
    feedback.note(HERE, ["a"], "new", NOW + FEEDBACK_RETENTION + timedelta(seconds=1))
    assert feedback.expire(NOW + FEEDBACK_RETENTION + timedelta(seconds=1)) == 0


def test_a_note_needs_a_zone(feedback: Feedback) -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        feedback.note(HERE, ["a"], "words", NOW.replace(tzinfo=None))


def test_a_server_is_forgotten_alone(feedback: Feedback, archive: Archive) -> None:
    for server in (HERE, THERE):
        feedback.count(server, ["a"], helpful=True)
        feedback.note(server, ["a"], "words", NOW)
    forget_server(HERE, feedback._file, archive, PreferenceStore(feedback._file))
    assert feedback.counts(HERE) == []
    assert feedback.notes(HERE, NOW) == []
    assert feedback.counts(THERE) == [FeedbackCount("a", 1, 0)]
    assert len(feedback.notes(THERE, NOW)) == 1
