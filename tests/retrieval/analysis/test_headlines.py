"""What heads a thread that has no title: whole sentences of its own, without what people begin with."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.headlines import HEADLINE_LENGTH, headline, shortened
from retrieval.analysis.sentences import room_for
from retrieval.model import Post, Thread

BRIDGE = "Why the old bridge fell"


@pytest.mark.parametrize(
    "before",
    [
        "@ada ",
        "@ada @bea_2: ",
        "1/ ",
        "1/12 ",
        "(1/n) ",
        "[1/5] ",
        "/1 ",
        "1. ",
        "1) ",
        "a) ",
        "- ",
        "• ",
        "– ",
        "🧵 ",
        "🚨🚨 ",
        "👉",
        "# ",
        "### ",
        "https://example.org/a ",
        "www.example.org ",
        "* ",
        "> ",
        "1/ 🧵 @ada: ",
    ],
)
@pytest.mark.parametrize("behind", ["", " 🧵", " 1/12", " https://example.org/b", " 🧵👇 (1/4)"])
def test_mentions_marks_numbers_and_addresses_around_a_line_are_left_out(before: str, behind: str) -> None:
    assert headline([before + BRIDGE + behind]) == BRIDGE


@pytest.mark.parametrize(
    "line",
    [
        "1/3 of people own a bike",
        "-5 degrees this morning, again",
        "“Why?” he asked the ferryman",
        "(Not) a bridge too far",
        "#Rust is not for bridges",
        "$GME is up again",
        "2024 was a good year",
        "¿Por qué cayó el puente?",
        "«Мост» упал в реку",
        ".NET on a bridge of Pis",
        "3.5 million people crossed it",
        "The ferryman @ada knows a bridge",
    ],
)
def test_what_belongs_to_a_line_stays(line: str) -> None:
    assert headline([line]) == line


@pytest.mark.parametrize(
    "texts",
    [
        ["A thread:\n\nWhy the old bridge fell"],
        ["🧵", "Why the old bridge fell"],
        ["@ada", "Thread!", "Why the old bridge fell"],
        ["[image: a bridge over a river]\nWhy the old bridge fell"],
        ["https://example.org/pictures/of/bridges\nWhy the old bridge fell\nA long story."],
    ],
)
def test_the_first_line_with_three_words_is_taken(texts: list[str]) -> None:
    assert headline(texts) == BRIDGE


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["A thread", "Rain"], "A thread"),
        (["@ada hi"], "hi"),
        (["🧵👇"], "🧵👇"),
        (["https://example.org/1"], "https://example.org/1"),
        (["  "], ""),
    ],
)
def test_what_says_little_is_headed_by_what_there_is(texts: list[str], expected: str) -> None:
    assert headline(texts) == expected


def test_whole_sentences_are_taken_as_far_as_there_is_room() -> None:
    told = "The bridge fell. Mayor W. Smith had been warned, e.g. in May."
    assert headline([f"{told} Nobody listened to anyone who had warned him about the bridge."]) == told
    long = (
        "The bridge that the mayor had been warned of, and that nobody had crossed for years, fell on Monday."
    )
    assert (
        headline([long]) == "The bridge that the mayor had been warned of, and that nobody had crossed for…"
    )
    assert headline([f"Wow. {long}"]).startswith("Wow. The bridge that the mayor")


@pytest.mark.parametrize(
    "words",
    [
        [
            "続き",
            "まず最初に",
            "橋の話を",
            "しましょう",
            "それから",
            "川の話を",
            "して",
            "そのあとで",
            "船の話を",
        ],
        [
            "桥在昨天",
            "倒塌了",
            "而市长",
            "早就",
            "被警告过",
            "他却",
            "什么也",
            "没有做",
            "因为他说",
            "没有钱",
        ],
        ["สะพานเก่า", "พังลง", "เมื่อวานนี้", "และ", "นายกเทศมนตรี", "ได้รับ", "คำเตือน", "มาหลายปีแล้ว"],
    ],
)
@pytest.mark.parametrize("apart", ["", " "])
def test_scripts_without_blanks_keep_their_words(words: list[str], apart: str) -> None:
    line = words[0] + " " + apart.join(words[1:] * 3)
    found = headline([line])
    assert found.endswith("…")
    assert line.startswith(found.removesuffix("…"))
    assert len(found) > room_for(line, HEADLINE_LENGTH) * 0.7


def test_sentences_of_scripts_without_blanks_are_taken_whole() -> None:
    told = "続きを読む人のために書いておきますが、これは長い話です。"
    assert headline([told + "まず最初に橋の話をしましょう、それから川の話もしましょう。"]) == told


TEXTS = (
    st.text()
    | st.text("ab .!?\n@1/🧵続ก ำ่-#[]")
    | st.lists(
        st.sampled_from([BRIDGE, "@ada", "1/", "https://example.org", "Why?", "橋が落ちた。", "\n"]),
        max_size=40,
    ).map(" ".join)
)


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_a_headline_is_one_line_of_its_posts_own_words(texts: list[str]) -> None:
    found = headline(texts)
    assert len(found) <= HEADLINE_LENGTH
    assert "\n" not in found
    words = found.removesuffix("…")
    assert any(words in " ".join(text.split()) for text in texts)
    assert any(text.strip() for text in texts[:1]) <= bool(found)
    assert not words or not unicodedata.combining((found.removeprefix(words) or " ")[0])


@given(TEXTS)
def test_a_line_is_shortened_as_it_is(text: str) -> None:
    found = shortened(text)
    assert len(found) <= HEADLINE_LENGTH
    assert " ".join(text.split()).startswith(found.removesuffix("…"))


def test_a_title_that_the_source_gave_stays_as_it_is() -> None:
    thread = Thread((Post(1, "@ada 1/ Why the old bridge fell"),), title="1/ @ada: bridge")
    assert thread.summary().heading == "1/ @ada: bridge"
    assert thread.summary().opening == BRIDGE
