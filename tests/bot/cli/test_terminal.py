import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.cli import terminal
from bot.cli.terminal import TerminalStyle
from retrieval.model import (
    Answer,
    Cap,
    Completeness,
    Excerpt,
    Post,
    Suggestions,
    Thread,
    ThreadSummary,
    Verdict,
    Weighing,
)

PLAIN, COLOUR = TerminalStyle(60), TerminalStyle(60, colour=True)
HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07 \x9b31m \x90q \u202egpj.exe \u2066x\u2069 \u200b\ufeff [bold]b[/bold] \r up"
)
OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def lamp(**known: object) -> Thread:
    texts = [
        "The lamp on the quay was moved twice.",
        "Nobody asked the keeper.\n\nHe was asleep.",
        "It stayed.",
    ]
    posts = tuple(Post(ordinal, text) for ordinal, text in enumerate(texts, 1))
    return replace(Thread(posts), **known)  # type: ignore[arg-type]


def excerpt(thread: Thread, ordinal: int = 1, rank: int = 1, *marked: tuple[int, int]) -> Excerpt:
    post = thread.posts[ordinal - 1]
    return Excerpt(post, thread.summary(), 0, len(post.text), tuple(marked), rank, 2.5, (("lamp", 2.5),))


def answer(*excerpts: Excerpt) -> Answer:
    return Answer("who moved the lamp?", excerpts, 0.9, Verdict.ANSWER)


def test_an_answer_shows_the_thread_the_quote_its_place_and_the_way_on() -> None:
    thread = lamp(author="Ada Example", title="The lamp", posted_at=datetime(2024, 5, 3, 23, tzinfo=UTC))
    assert terminal.answer(answer(excerpt(thread, 2)), PLAIN) == (
        "The lamp\n"
        "by Ada Example · 3 May 2024\n"
        "\n"
        "  [1] post 2 of 3\n"
        "  │ Nobody asked the keeper.\n"
        "  │\n"
        "  │ He was asleep.\n"
        "\n"
        f"  Full thread: bobbin thread {thread.id}\n"
    )


def test_unknown_author_and_date_are_not_mentioned_and_the_opening_stands_for_a_title() -> None:
    lines = terminal.answer(answer(excerpt(lamp())), PLAIN).splitlines()
    assert lines[:3] == ["The lamp on the quay was moved twice.", "", "  [1] post 1 of 3"]


def test_a_preview_says_that_only_the_first_posts_are_known() -> None:
    drawn = terminal.answer(answer(excerpt(lamp(completeness=Completeness.PREVIEW))), PLAIN)
    assert "preview: only the first posts are known" in drawn
    assert "post 1 of 3 known" in drawn
    assert "Full thread" not in drawn


def test_excerpts_of_one_thread_stand_together_under_one_head() -> None:
    first, other = lamp(title="First"), replace(lamp(title="Other"), id="0" * 12)
    drawn = terminal.answer(answer(excerpt(first, 1, 1), excerpt(other, 1, 2), excerpt(first, 3, 3)), PLAIN)
    assert [drawn.count(head) for head in ("First\n", "Other\n")] == [1, 1]
    assert [drawn.index(f"[{rank}]") for rank in (1, 3, 2)] == sorted(
        drawn.index(f"[{n}]") for n in (1, 2, 3)
    )


def test_known_addresses_are_shown_whole_however_narrow_the_terminal_is() -> None:
    url = "https://example.org/" + "long/" * 20
    thread = lamp(url=url)
    drawn = terminal.answer(answer(excerpt(thread)), TerminalStyle(24))
    assert any(line.endswith(url) for line in drawn.splitlines())


def test_part_of_a_post_is_marked_as_a_part() -> None:
    part = replace(excerpt(lamp()), end=8)
    drawn = terminal.answer(answer(part), PLAIN)
    assert "post 1 of 3, in part" in drawn
    assert "│ The lamp\n" in drawn


def test_matched_words_are_bold_and_coloured_in_a_terminal_and_bare_in_plain_mode() -> None:
    found = answer(excerpt(lamp(), 1, 1, (4, 8)))
    assert re.search(r"\x1b\[1;33mlamp\x1b\[0m", terminal.answer(found, COLOUR))
    assert "\x1b" not in terminal.answer(found, PLAIN)


def test_explain_shows_the_shares_of_the_score() -> None:
    found = answer(excerpt(lamp()))
    assert "score 2.50 = lamp 2.50" in terminal.answer(found, PLAIN, explain=True)
    assert "score" not in terminal.answer(found, PLAIN)


def test_the_closest_posts_say_that_none_answers_and_which_words_are_known() -> None:
    weighing = Weighing(("lamp",), ("moved",), (("coverage", -1.2), ("key", 0.5)), (Cap.UNCONFIRMED,))
    found = replace(answer(excerpt(lamp())), verdict=Verdict.CLOSEST, confidence=0.3, weighing=weighing)
    drawn = terminal.answer(found, PLAIN)
    assert drawn.startswith(
        "No post answers this for certain. The closest:\nThe archive knows: lamp.\nNo post holds: moved.\n"
    )
    assert "[1]" in drawn
    explained = terminal.answer(found, PLAIN, explain=True)
    assert "Verdict: closest, confidence 0.30." in explained
    assert explained.index("against 1.20") < explained.index("for 0.50") < explained.index("no post says")


def test_nothing_found_is_stated_with_what_to_try_and_quotes_nothing() -> None:
    found = Answer("who moved the lmap?", suggestions=Suggestions(("lamp", "map")))
    drawn = terminal.answer(found, PLAIN)
    assert drawn.startswith("Nothing in the archive answers this.\nDid you mean: lamp, map?\n")
    assert "│" not in drawn


def test_nothing_found_and_nothing_near_points_to_the_list_of_threads() -> None:
    assert "bobbin threads" in terminal.answer(Answer("xyzzy"), PLAIN)


def test_a_whole_thread_shows_every_post_in_order_and_its_address() -> None:
    drawn = terminal.thread(lamp(url="https://example.org/lamp"), PLAIN)
    assert re.findall(r"post (\d) of 3", drawn) == ["1", "2", "3"]
    assert drawn.endswith("https://example.org/lamp\n")


@pytest.mark.parametrize(("ordinal", "shown"), [(1, ["1", "2"]), (2, ["1", "2", "3"]), (3, ["2", "3"])])
def test_context_shows_the_posts_before_and_after_and_sets_the_one_apart(
    ordinal: int, shown: list[str]
) -> None:
    drawn = terminal.context(lamp(), ordinal, PLAIN)
    assert re.findall(r"post (\d) of 3", drawn) == shown
    assert re.search(rf"post {ordinal} of 3\n  ┃ ", drawn)


def test_a_list_shows_ids_headings_and_lengths() -> None:
    thread = lamp(author="Ada")
    assert terminal.threads([thread.summary()], PLAIN) == (
        f"{thread.id}  The lamp on the quay was moved twice.\n    3 posts · by Ada\n"
    )
    assert terminal.threads([], PLAIN) == ""


def everything(text: str, look: TerminalStyle) -> str:
    """Draw every kind of thing with the text in every place that comes from a saved file."""
    posts = (
        Post(1, text or "x", url=f"https://example.org/{text}", author=text),
        Post(2, "x", posted_at=datetime(2024, 1, 1, tzinfo=UTC)),
    )
    thread = Thread(posts, author=text, title=text, url=f"https://example.org/{text}")
    shares = ((text, 1.0),)
    whole = Excerpt(posts[0], thread.summary(), 0, len(text), ((0, len(text) // 2),), shares=shares)
    nothing = Answer("q", suggestions=Suggestions((text,)))
    return (
        terminal.answer(answer(whole), look, explain=True)
        + terminal.answer(nothing, look)
        + terminal.thread(thread, look)
        + terminal.context(thread, 1, look)
        + terminal.threads([thread.summary()], look)
    )


@given(st.text(max_size=200))
@example(HOSTILE)
@example("\ud800 lone")
def test_no_text_of_the_archive_can_move_a_terminal(text: str) -> None:
    assert OBEYED.search(everything(text, PLAIN)) is None
    coloured = re.sub(r"\x1b\[[\d;]*m", "", everything(text, COLOUR))
    assert OBEYED.search(coloured) is None


@given(st.text(max_size=300), st.integers(24, 100))
@example("wort" * 60, 24)
@example("広い" * 60, 25)
def test_no_line_is_wider_than_the_terminal_but_for_addresses(text: str, width: int) -> None:
    lines = everything(text, TerminalStyle(width)).splitlines()
    wide = [line for line in lines if cell_len(line) > width]
    assert all("https://example.org/" in line or "bobbin thread" in line for line in wide)


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=200))
@example("[bold]not markup[/bold] :smile: [link=https://example.org]x[/link] \\[x]")
def test_a_quote_is_word_for_word(text: str) -> None:
    drawn = terminal.answer(answer(excerpt(Thread((Post(1, text),)))), TerminalStyle(100))
    quoted = "".join(line.removeprefix("  │ ") for line in drawn.splitlines() if line.startswith("  │"))
    assert quoted.replace(" ", "") == text.replace(" ", "")


@given(st.text())
@example(HOSTILE)
def test_inert_text_stays_as_it_is_when_made_inert_again(text: str) -> None:
    assert terminal.escape_terminal(terminal.escape_terminal(text)) == terminal.escape_terminal(text)
    assert "\n" not in terminal.escape_terminal(text, line=True)


def test_joined_emoji_accents_and_right_to_left_letters_stay() -> None:
    text = "👩‍🚀 é e\u0301 שלום می‌خواهم"
    assert terminal.escape_terminal(text) == text


def test_colour_is_for_terminals_and_never_against_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "72")
    assert terminal.terminal_style(Screen()) == TerminalStyle(72, colour=True)
    assert terminal.terminal_style(io.StringIO()) == TerminalStyle(72, colour=False, verbatim=True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not terminal.terminal_style(Screen()).colour
    monkeypatch.setenv("COLUMNS", "3")
    assert terminal.terminal_style(Screen()).width >= 20


def test_a_thread_without_title_is_listed_by_its_opening() -> None:
    summary = ThreadSummary("0" * 12, 1, Completeness.COMPLETE, "Its first words")
    assert terminal.threads([summary], PLAIN) == "000000000000  Its first words\n    1 post\n"
