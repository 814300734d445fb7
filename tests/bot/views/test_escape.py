import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.views.escape import escape, escape_line, escape_parts, plain_line, quote
from bot.views.limits import UNIT
from retrieval.model import Excerpt, Post, Thread
from tests.bot.views.hostile import SOUP, excerpts, texts
from tests.bot.views.judge import live_marks, unescaped, wide


def excerpt_of(text: str, *highlights: str, before: str = "", after: str = "") -> Excerpt:
    post = Post(1, before + text + after)
    slices = tuple(sorted((text.index(words), text.index(words) + len(words)) for words in highlights))
    return Excerpt(post, Thread((post,)).summary(), len(before), len(before + text), slices)


@given(texts)
def test_no_punctuation_mark_of_others_stands_without_its_backslash(text: str) -> None:
    shown = escape(text)
    assert live_marks("x" + shown.replace("\n", "\nx")) == ""
    for mark in ".,:;?()*":
        assert shown.count("\\" + mark) == text.count(mark)


@given(st.text(st.characters(max_codepoint=0x7F), max_size=60))
def test_a_plain_text_is_shown_as_it_is_beside_other_scripts(text: str) -> None:
    # With a letter beyond ASCII every character is looked at by itself.
    assert escape_parts(text) == escape_parts(f"{text}я")[:-1]


@given(texts)
def test_nothing_that_cannot_be_seen_is_left(text: str) -> None:
    unseen = [sign for sign in escape(text) if unicodedata.category(sign) in {"Cc", "Cs"} and sign != "\n"]
    assert unseen == []
    assert not set(escape(text)) & set(
        "\u200b\u2060\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad"
    )


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs")) | st.just("\n")))
def test_what_can_be_seen_is_shown_character_for_character(text: str) -> None:
    hidden = set("\u115f\u1160\u3164\uffa0")
    assert unescaped("> " + escape(text)) == "".join(sign for sign in text if sign not in hidden)


@pytest.mark.parametrize(
    "text", ["👩‍👩‍👧", "❤️‍🔥", "1️⃣", "🏴\U000e0067\U000e0062\U000e007f", "می‌خواهم", "👍🏽", "e\u0301"]
)
def test_joiners_and_variants_stay_where_a_script_or_an_emoji_needs_them(text: str) -> None:
    assert escape(text) == text


@pytest.mark.parametrize(
    "text", ["a\u200db", "a\ufe0f", "a\U000e0041", "a\u3164", "\u200d", "a\u202e", "a\ufeff", "a\x00"]
)
def test_joiners_and_variants_elsewhere_hide_something_and_are_dropped(text: str) -> None:
    assert escape(text).isascii()


def test_every_kind_of_line_break_is_a_new_line() -> None:
    assert escape("a\r\nb\rc\u2028d\u2029e\x85f\ng") == "a\nb\nc\nd\ne\nf\ng"


@given(texts, st.integers(1, 80))
def test_a_line_stays_one_line_within_its_limit_with_no_backslash_cut_off(text: str, limit: int) -> None:
    line = escape_line(text, limit)
    assert "\n" not in line
    assert wide(line) <= limit
    assert live_marks("x" + line) == ""
    assert not (len(line) - len(line.rstrip("\\"))) % 2


def test_a_plain_line_keeps_its_marks_and_drops_what_hides() -> None:
    assert plain_line(" a\u202e *b*\n\tc ") == "a *b* c"


@given(excerpts())
def test_a_quote_gives_back_the_excerpts_own_characters(excerpt: Excerpt) -> None:
    shown = unescaped(quote(excerpt))
    # The characters of the excerpt as inert text, of which other tests tell, without the space around.
    words = unescaped("> " + escape(excerpt.quote)).strip("\n").strip()
    assert (
        shown.removeprefix("…").removesuffix("…").strip() == words.removeprefix("…").removesuffix("…").strip()
    )


@given(excerpts(), st.integers(20, 400))
@example(excerpt_of("*" * 50), 21)
def test_a_quote_keeps_to_its_budget_and_stays_inert(excerpt: Excerpt, budget: int) -> None:
    shown = quote(excerpt, budget * UNIT)
    assert wide(shown) <= budget
    assert all(line.startswith("> ") for line in shown.split("\n"))
    assert live_marks(shown) == ""
    assert unescaped(shown).removeprefix("…").removesuffix("…").strip() in unescaped(
        "> " + escape(excerpt.quote)
    )


@given(excerpts(), st.integers(20, 400))
def test_bold_is_closed_on_its_line_and_never_empty_or_next_to_bold(excerpt: Excerpt, budget: int) -> None:
    for line in quote(excerpt, budget * UNIT).split("\n"):
        pieces = re.sub(r"\\.", "x", line).split("**")
        assert len(pieces) % 2 == 1
        assert all(pieces[1:-1])
        assert all(piece[0].strip() and piece[-1].strip() for piece in pieces[1::2])


def test_highlights_are_bold() -> None:
    assert quote(excerpt_of("Wind the bobbin.", "bobbin")) == "> Wind the **bobbin**\\."


def test_bold_leaves_out_the_space_and_the_marks_around_a_highlight() -> None:
    assert quote(excerpt_of("Say (thread), please", " (thread), ")) == "> Say \\(**thread**\\)\\, please"


def test_bold_opens_again_on_the_next_line() -> None:
    assert quote(excerpt_of("one two\nthree four", "two\nthree")) == "> one **two**\n> **three** four"


def test_neighbouring_highlights_are_one_bold_run() -> None:
    assert quote(excerpt_of("bobbinthread", "bobbin", "thread")) == "> **bobbinthread**"


def test_an_ellipsis_stands_where_the_post_goes_on() -> None:
    assert quote(excerpt_of("b", before="a ", after=" c")) == "> …b…"
    assert quote(excerpt_of("b", before="  ", after="\n")) == "> b"


def test_a_quote_too_long_is_cut_around_its_first_highlight() -> None:
    shown = quote(excerpt_of("spool " * 200 + "bobbin " + "spool " * 200, "bobbin"), 120 * UNIT)
    assert "**bobbin**" in shown
    assert shown.startswith("> …spool")
    assert shown.endswith("spool…")


def test_a_quote_of_nothing_to_see_is_an_ellipsis() -> None:
    assert quote(excerpt_of("\u200b\u202e")) == "> …"


def test_a_budget_for_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="holds no quote"):
        quote(excerpt_of("a long quote"), 4 * UNIT)


@pytest.mark.parametrize("text", SOUP)
def test_each_ingredient_of_the_soup_is_inert_on_its_own(text: str) -> None:
    assert live_marks("x" + escape(text).replace("\n", "\nx")) == ""
