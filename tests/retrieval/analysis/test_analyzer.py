"""What becomes of words."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.analysis.analyzer import LANGUAGES, Analyzer, analyzer, term_mark
from retrieval.analysis.batch_tokenizer import BatchTokenizer
from tests.growth import seconds

ENGLISH = analyzer("en")
#: What a text may be made of to cost time.
HOSTILE = [
    *("a-", "a.", "a&", "+", "a+", "C#", " .a", "1-", "1.a-", "a'", "a'b-", "aA", "9s-", ".", "-", "&"),
    *("🎉", "🎉a", "🇺", "❤\ufe0f", "https://a.b/", ")", "www.a(", "%D0", "#a_", "US ", "May-"),
]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NEGOTIATIONS", "negotiation"),
        ("Russia’s", "russia's"),
        ("Russia's", "Russia"),
        ("communiqué", "communique"),
        ("communique\u0301", "communiqué"),
        ("1,000,000", "1000000"),
        ("２０２４", "2024"),
        ("O’Neill", "O'Neill"),
        ("don’t know", "know"),
        ("_are_ voices", "voices"),
        ("Straße", "STRASSE"),
        ("Łódź", "Lodz"),
        ("Tromsø", "tromso"),
        ("Æsir", "aesir"),
        ("œuvre", "oeuvre"),
        ("Ísafjörður", "isafjordur"),
        ("þorn", "thorn"),
        ("Diyarbakır", "Diyarbakir"),
    ],
)
def test_forms_of_one_word_share_their_terms(one: str, other: str) -> None:
    assert ENGLISH.terms(one) == ENGLISH.terms(other) != []


@pytest.mark.parametrize(
    "text", ["", "???", "who are you?", "https://.", "— … \ufe0f", "isn’t it?", "WHO IS IT AND US?"]
)
def test_what_has_no_subject_has_no_terms(text: str) -> None:
    assert ENGLISH.terms(text) == []


def test_handles_and_tags_are_found_whole_and_in_parts() -> None:
    assert set(ENGLISH.terms("@nytimes")) == {"@nytimes", "nytim"}
    assert {"#dailydigest", "daili", "digest"} <= set(ENGLISH.terms("#DailyDigest"))
    assert {"@snow_white", "snow", "white"} <= set(ENGLISH.terms("@snow_white"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("F16 F-16 F-16s F‑16's", "f16 f16 f 16 f16 f 16s 16 f16 f 16"),
        ("COVID19 Covid-19", "covid19 covid covid19 covid 19"),
        ("GPT-3.5", "gpt3.5 gpt 3.5"),
        ("1990s 1990", "1990s 1990 1990"),
        ("boats cats", "boats cats"),
        ("e-mail set-piece", "email e mail setpiece set piece"),
        ("19-year-old 555-1234", "19yearold 19 year old 555 1234"),
        ("U.S. U.S.A. US, Ph.D. PhD e.g. p.m.", "usa usa usa us phd ph d phd eg pm"),
        ("IT is it; WHO is who", "IT it is it WHO who is who"),
        ("in May they may", "in May may they may"),
        ("DO IT FOR US", "do it for us"),
        ("C++ C# F# .NET C++17 a+b", "c++ c# f# .net net c++17 c++ a b"),
        ("AT&T R&D", "at&t r&d"),
        ("node.js the end.Then", "nodejs node js the endthen end then"),
        ("👍🏽👍 ❤️ 🇺🇦🇩🇪 👩‍💻", "👍 👍 ❤ 🇺🇦 🇩🇪 👩 💻"),
    ],
)
def test_words_are_read_as_people_write_them(text: str, words: str) -> None:
    assert ENGLISH.words(text) == words.split()
    assert [word for token in ENGLISH.tokens(text) for word in token.words] == words.split()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "https://www.example.org/foo-bar?utm_source=x#a",
            "//example.org/foo-bar exampleorg example foo bar",
        ),
        (
            "http://blog.example.org/2024/x9Tq/",
            "//blog.example.org/2024/x9tq blogexampleorg exampleorg blog example 2024",
        ),
        ("(https://a.org/wiki/Set_(music)).", "//a.org/wiki/set_(music) aorg wiki set music"),
        ("www.x.com/watch?v=Ab1", "//x.com/watch?v=ab1 xcom watch"),
        ("https://a.org/%D0%BC%D0%B8%D1%80", "//a.org/мир aorg мир"),
    ],
)
def test_a_link_is_its_whole_its_host_and_the_words_of_its_path(text: str, words: str) -> None:
    assert ENGLISH.words(text) == words.split()


def test_the_parts_of_a_compound_are_slices_of_their_own() -> None:
    text = "the Russia-Ukraine war"
    assert [text[token.start : token.end] for token in ENGLISH.tokens(text)] == [
        *("the", "Russia-Ukraine", "Russia", "Ukraine", "war")
    ]


@pytest.mark.parametrize(
    "work", [ENGLISH.tokens, ENGLISH.words, lambda text: BatchTokenizer(ENGLISH).read([text])]
)
def test_reading_takes_time_by_the_text(work: Callable[[str], object]) -> None:
    for piece in HOSTILE:
        text = piece * (20_000 // len(piece))
        short, long = seconds(work, text[:5_000], 3), seconds(work, text, 3)
        # Four times the text; what is quadratic takes sixteen times as long.
        assert long < 8 * short + 0.02, piece


def test_decimals_and_thousands_are_distinguished() -> None:
    assert ENGLISH.terms("2.5 of 1,500 in 24/7") == ["2.5", "1500", "24", "7"]


def test_scripts_without_spaces_give_pairs_of_characters() -> None:
    assert analyzer("ja").terms("東京都 2024") == ["東京", "京都", "2024"]
    assert set(ENGLISH.terms("平和")) <= set(ENGLISH.terms("平和交渉"))


def test_marks_of_other_scripts_are_kept() -> None:
    assert analyzer("hi").terms("हिन्दी") == ["हिन्द"]
    assert analyzer("ru").terms("йод") == ["йод"]


def test_an_unknown_language_is_split_and_folded_but_not_stemmed() -> None:
    assert Analyzer("cy").terms("Negodiadau â’r Cremlín") == ["negodiadau", "ar", "cremlin"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_of_snowball_has_its_stemmer(language: str) -> None:
    assert analyzer(language).terms("2024 Kremlin")[0] == "2024"


@given(st.text())
def test_tokens_are_slices_in_order_that_never_overlap_but_for_pairs(text: str) -> None:
    tokens = ENGLISH.tokens(text)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)
    assert ENGLISH.terms(text) == [term for token in tokens for term in token.terms]
    assert "" not in ENGLISH.terms(text)


@given(st.text())
def test_a_mark_has_sixteen_bits(term: str) -> None:
    assert 0 <= term_mark(term.encode("utf-8", "ignore").decode()) < 2**16
