"""Small talk and Discord's marks, apart from what is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.chat_text import small_talk_words, without_chat_marks
from retrieval.analysis.word_frequency import COMMON, has_frequencies, normal_form, zipf


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("<@123> who built it <:shrug:456>", "who built it"),
        ("@everyone when is it? <t:1700000000:R>", "when is it?"),
        ("who built it :thinking: xD <3", "who built it"),
        ("@ada @bo: who built it cc @cy", "who built it"),
        ("what did @ada say", "what did @ada say"),
        ("at 10:30 or 11:00", "at 10:30 or 11:00"),
        (":fire:", ":fire:"),
    ],
)
def test_what_discord_writes_for_people_emoji_and_times_is_no_part_of_a_question(
    message: str, left: str
) -> None:
    assert " ".join(without_chat_marks(message).split()) == left


@pytest.mark.parametrize(
    "message",
    [
        "hey can someone tell me about {}",
        "Thank you so much in advance! {}",
        "whats the deal with {}",
        "sorry to bother you guys, quick question: {} thx",
        "Hallo zusammen, weiß jemand was über {}? Vielen Dank im Voraus",
        "Привіт усім, підкажіть будь ласка про {}. Дуже дякую!",
    ],
)
def test_small_talk_is_told_from_the_subject(message: str) -> None:
    talk = small_talk_words(message.format("Kupfermühle"))
    assert talk
    assert normal_form("Kupfermühle") not in talk


@pytest.mark.parametrize(
    "subject", ["the right to bear arms", "what wells are dug", "the like button", "a deal with Iran"]
)
def test_words_that_are_subjects_elsewhere_are_no_small_talk(subject: str) -> None:
    assert not {"right", "wells", "like", "iran"} & small_talk_words(subject)


@given(st.text(max_size=80))
def test_any_message_keeps_something(message: str) -> None:
    assert without_chat_marks(message) == message or without_chat_marks(message).strip()
    assert all(word == normal_form(word) for word in small_talk_words(message))


@pytest.mark.parametrize("word", ["truce", "diplomacy", "bake", "hello", "services", "series"])
def test_common_words_are_listed_as_common(word: str) -> None:
    assert zipf(word, "en") >= COMMON


def test_lists_are_there_for_the_languages_named_and_for_no_other() -> None:
    assert all(map(has_frequencies, ["en", "de", "uk", "ru", "zh", "no", "sr"]))
    assert not has_frequencies("th")
    assert zipf("don’t", "en") == zipf("dont", "en") > 5
    assert zipf("prigozhin", "en") == zipf("../en", "en") == zipf("a", "../en") == 0
