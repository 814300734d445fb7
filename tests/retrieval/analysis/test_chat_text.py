"""Small talk and Discord's marks, apart from what is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.chat_text import (
    ABBREVIATED,
    small_talk_words,
    spelled_out,
    without_chat_marks,
)
from retrieval.analysis.stop_words import stop_words
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
def test_small_talk_is_distinguished_from_the_subject(message: str) -> None:
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


@pytest.mark.parametrize(
    ("message", "written"),
    [
        ("y is peace bad for putin", "why is peace bad for putin"),
        ("but y r they here", "but why are they here"),
        ("y?", "why?"),
        ("what did nato say abt ukraine joining", "what did nato say about ukraine joining"),
        ("r the sanctions working", "are the sanctions working"),
        ("what r the terms, can u tell", "what are the terms, can you tell"),
        ("he left bc of the ice", "he left because of the ice"),
        ("life w/o coal, w/ ice", "life without coal, with ice"),
        ("dont they, and couldnt he", "don't they, and couldn't he"),
        ("WHATS UR NAME", "WHAT'S YOUR NAME"),
        ("wat is idf", "what is idf"),
    ],
)
def test_chat_spellings_are_written_out(message: str, written: str) -> None:
    assert spelled_out(message) == written


@pytest.mark.parametrize(
    "message",
    [
        "how do i install r",
        "what is the R language",
        "x and y are equal",
        "u-boats sank ships",
        "U.S. aid and Ur of the Chaldees",
        "in 512 bc",
        "well, were the sick ill?",
        "its shell, hell and id",
        "vitamin c",
        "@abt and #bc",
    ],
)
def test_letters_and_words_that_are_meant_stay(message: str) -> None:
    assert spelled_out(message) == message


@given(st.text(st.sampled_from("yurabtwco/' .?\n"), max_size=60))
def test_writing_out_is_done_once_and_for_all(message: str) -> None:
    once = spelled_out(message)
    assert len(once.split()) == len(message.split())
    assert spelled_out(once) == once or {"y", "u", "r"} & set(once.lower().replace("?", " ").split())


def test_every_contraction_is_known_without_its_apostrophe() -> None:
    kept = {"hed", "hell", "id", "ill", "its", "lets", "shed", "shell", "wed", "well", "were"}
    for word in (word for word in stop_words("en") if "'" in word):
        bare = word.replace("'", "")
        assert spelled_out(f"so {bare} it") == f"so {bare if bare in kept else word} it"


def test_no_abbreviation_stands_for_another_one_or_for_a_word_of_grammar() -> None:
    assert not ABBREVIATED.keys() & set(ABBREVIATED.values())
    assert not set(ABBREVIATED.values()) & stop_words("en")
