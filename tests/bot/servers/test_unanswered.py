"""The words of questions that found nothing: without who asked, for thirty days, for one server."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.database import ServerFile
from bot.servers.preference_store import PreferenceStore
from bot.servers.retention import forget_server
from bot.servers.unanswered import UNANSWERED_RETENTION, Unanswered, UnansweredWords, words_of
from retrieval.archive import Archive

TODAY = date(2026, 5, 4)


@pytest.fixture
def unanswered(tmp_path: Path) -> Iterator[Unanswered]:
    with ServerFile.open(tmp_path / "servers.db") as file:
        yield Unanswered(file)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Why does the Ferry cross?", "why does the ferry cross"),
        ("What did @ada say to ada@example.org on https://example.org/x ?", "what did say to on"),
        ("Call 555-0100, Fresnel's lens", "call fresnel's lens"),
        ("<@123> Що таке ідемпотентність?", "що таке ідемпотентність"),
        ("?!", ""),
    ],
)
def test_of_a_question_its_words_are_kept_and_nothing_that_names_a_person(question: str, words: str) -> None:
    assert words_of(question) == words


@given(st.text())
def test_what_is_kept_has_few_words_and_no_digits(question: str) -> None:
    words = words_of(question)
    assert len(words.split()) <= 12
    assert not any(character.isdecimal() for character in words)


def test_words_are_counted_for_their_server_alone(unanswered: Unanswered) -> None:
    for days, server_id, question in (
        (0, 7, "Sourdough?"),
        (1, 7, "sourdough"),
        (0, 7, "rye"),
        (0, 8, "rye"),
        (2, 7, "42"),
    ):
        unanswered.note(server_id, question, TODAY - timedelta(days=days))
    assert unanswered.of(7, TODAY, limit=9) == [
        UnansweredWords("sourdough", 2, TODAY),
        UnansweredWords("rye", 1, TODAY),
    ]
    assert unanswered.of(7, TODAY, limit=1) == [UnansweredWords("sourdough", 2, TODAY)]
    assert unanswered.of(8, TODAY, limit=9) == [UnansweredWords("rye", 1, TODAY)]


def test_after_thirty_days_they_are_neither_shown_nor_kept(unanswered: Unanswered) -> None:
    unanswered.note(7, "rye", TODAY - UNANSWERED_RETENTION)
    unanswered.note(7, "oats", TODAY - UNANSWERED_RETENTION + timedelta(days=1))
    assert [missed.words for missed in unanswered.of(7, TODAY, limit=9)] == ["oats"]
    assert unanswered.forget_old(TODAY) == 1
    assert unanswered.forget_old(TODAY) == 0
    assert [missed.words for missed in unanswered.of(7, TODAY - UNANSWERED_RETENTION, limit=9)] == ["oats"]


def test_a_flood_of_words_pushes_the_oldest_out(unanswered: Unanswered) -> None:
    letters = "abcdefghijklmnopqrst"
    unanswered.note(8, "kept", TODAY)
    for number in range(2_003):
        word = "".join(letters[int(digit)] for digit in str(number))
        unanswered.note(7, word, TODAY)
    assert len(unanswered.of(7, TODAY, limit=9_999)) == 2_000
    assert len(unanswered.of(8, TODAY, limit=9)) == 1


def test_a_server_is_forgotten_whole(unanswered: Unanswered, archive: Archive) -> None:
    unanswered.note(7, "rye", TODAY)
    unanswered.note(8, "rye", TODAY)
    forget_server(7, unanswered._file, archive, PreferenceStore(unanswered._file))
    assert unanswered.of(7, TODAY, limit=9) == []
    assert len(unanswered.of(8, TODAY, limit=9)) == 1
