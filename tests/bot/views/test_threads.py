from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from discord.ui import LayoutView
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views.custom_id import ThreadState
from bot.views.escape import escape
from bot.views.headers import choice_label
from bot.views.layout import Reply
from bot.views.limits import BYTES
from bot.views.lists import thread_list
from bot.views.pages import page_with, pages_of
from bot.views.threads import post_context, thread_page
from retrieval.model import Completeness, Post, Thread, ThreadSummary
from tests.bot.views.hostile import summaries, texts, threads
from tests.bot.views.judge import assert_fits, buttons, displayed, labels, live_marks, unescaped, wide

LONG = st.tuples(texts, st.integers(1, 400)).map(lambda drawn: Post(1, drawn[0] * drawn[1]))
SIX = Thread(tuple(Post(place, f"{place} " + "spool " * 300) for place in range(1, 7)), author="winder")


def said(view: LayoutView) -> str:
    return "\n".join(displayed(view))


@settings(deadline=None, max_examples=60)
@given(threads() | threads(LONG, 4))
def test_the_pages_together_hold_every_character_once(thread: Thread) -> None:
    pieces = [piece for page in pages_of(thread) for piece in page]
    for post in thread.posts:
        own = [piece for piece in pieces if piece.ordinal == post.ordinal]
        assert own[0].start == 0
        assert own[-1].end == len(post.text)
        assert all(before.end == after.start for before, after in pairwise(own))
    assert [piece.ordinal for piece in pieces] == sorted(piece.ordinal for piece in pieces)


@settings(deadline=None, max_examples=40)
@given(threads() | threads(LONG, 3))
def test_every_page_fits_and_is_inert(thread: Thread) -> None:
    for page in range(len(pages_of(thread))):
        view = thread_page(thread, page, Reply(2**64 - 1))
        assert_fits(view)
        assert live_marks(said(view)) == ""


def test_a_post_of_25_000_characters_is_shown_in_full_over_its_pages() -> None:
    words = " ".join(f"word{number}." for number in range(2_700))
    thread = Thread((Post(1, "before"), Post(2, words), Post(3, "after")))
    assert len(words) > 25_000
    shown = " ".join(said(thread_page(thread, page)) for page in range(len(pages_of(thread))))
    assert [word for word in unescaped(shown).split() if word.startswith("word")] == words.split()
    assert "post 2 of 3 · continued" in shown
    assert "continues on the next page" in shown


@settings(deadline=None, max_examples=60)
@given(threads())
def test_the_pages_show_the_words_of_every_post(thread: Thread) -> None:
    shown = "\n".join(said(thread_page(thread, page)) for page in range(len(pages_of(thread))))
    assert all(escape(post.text).strip() in shown for post in thread.posts)


def test_a_page_holds_as_many_whole_posts_as_fit() -> None:
    assert [[piece.ordinal for piece in page] for page in pages_of(SIX)] == [[1], [2], [3], [4], [5], [6]]
    short = Thread(tuple(Post(place, "x" * 1_000) for place in range(1, 7)))
    assert [[piece.ordinal for piece in page] for page in pages_of(short)] == [[1, 2, 3], [4, 5, 6]]
    assert page_with(short, 4) == 1


def test_many_posts_with_links_stay_within_forty_components() -> None:
    thread = Thread(tuple(Post(place, "x", url=f"https://example.com/{place}") for place in range(1, 31)))
    pages = pages_of(thread)
    assert [len(page) for page in pages] == [8, 8, 8, 6]
    for page in range(len(pages)):
        assert_fits(thread_page(thread, page))
    assert labels(thread_page(thread)).count("Original") == 8


def test_the_buttons_lead_to_first_previous_next_and_last() -> None:
    there = buttons(thread_page(SIX, 2, Reply(7)))
    found = {button["label"]: ThreadState.decode(button["custom_id"]) for button in there}
    assert {label: state.page for label, state in found.items()} == {
        "First": 0,
        "Previous": 1,
        "Next": 3,
        "Last": 5,
    }
    assert {(state.reader, state.thread_id, state.opens) for state in found.values()} == {(7, SIX.id, False)}


def test_buttons_that_lead_nowhere_are_disabled_and_a_single_page_has_none() -> None:
    there = buttons(thread_page(SIX))
    assert [button["label"] for button in there if button["disabled"]] == ["First", "Previous"]
    assert labels(thread_page(replace(SIX, posts=SIX.posts[:1]))) == []


@pytest.mark.parametrize(("page", "number"), [(-3, 1), (99, 6)])
def test_a_page_that_is_not_there_is_the_nearest_there_is(page: int, number: int) -> None:
    assert f"page {number} of 6" in said(thread_page(SIX, page))


def test_a_page_names_number_date_and_original() -> None:
    post = Post(
        1, "Wind it.", url="https://example.com/1", posted_at=datetime(2024, 5, 1, tzinfo=UTC), author="guest"
    )
    view = thread_page(Thread((post, Post(2, "And sew.")), author="winder", url="https://example.com/thread"))
    assert "-# post 1 of 2 · \\@guest · <t:1714521600:D>\nWind it\\." in said(view)
    links = [button["url"] for button in buttons(view)]
    assert links == ["https://example.com/1", "https://example.com/thread"]


def test_a_preview_is_marked_at_its_head_and_at_its_end() -> None:
    shown = said(thread_page(replace(SIX, completeness=Completeness.PREVIEW), 5))
    assert "preview: only the first 6 posts are known" in shown
    assert "the thread goes on, but the rest is not in the archive" in shown
    assert "goes on, but" not in said(thread_page(SIX, 5))


def test_gaps_are_marked_where_the_numbers_tell_of_them() -> None:
    posts = (Post(1, "a", number=3), Post(2, "b", number=4), Post(3, "c", number=6))
    fragment = Thread(posts, Completeness.FRAGMENT)
    shown = said(thread_page(fragment))
    assert shown.index("… 2 posts missing here …") < shown.index("post 1 of a fragment, numbered 3")
    assert shown.index("… 1 post missing here …") < shown.index("post 3 of a fragment, numbered 6")
    assert shown.count("missing here") == 2
    assert "missing here" not in said(thread_page(replace(fragment, completeness=Completeness.COMPLETE)))


@settings(deadline=None, max_examples=60)
@given(threads() | threads(LONG, 3), st.data())
def test_a_context_fits_and_is_inert(thread: Thread, data: st.DataObject) -> None:
    view = post_context(thread, data.draw(st.integers(1, thread.length)), Reply(2**64 - 1))
    assert_fits(view)
    assert live_marks(said(view)) == ""
    assert "Full thread" in labels(view)


def test_a_context_shows_the_posts_before_and_after_with_the_quoted_one_marked() -> None:
    view = post_context(
        Thread(tuple(Post(place, f"text {place}") for place in range(1, 6)), title="Five"), 3, Reply(7)
    )
    shown = said(view)
    assert [f"text {place}" in shown for place in range(1, 6)] == [False, True, True, True, False]
    assert "-# post 3 of 5 · **the quoted post**\ntext 3" in shown
    assert shown.count("the quoted post") == 1


def test_a_context_opens_the_thread_at_the_page_of_its_post() -> None:
    (button,) = buttons(post_context(SIX, 4, Reply(7)))
    assert ThreadState.decode(button["custom_id"]) == ThreadState(7, SIX.id, 3, opens=True)


def test_a_page_marks_the_post_that_the_reader_comes_from() -> None:
    three = Thread((Post(1, "a"), Post(2, "b"), Post(3, "c")))
    shown = said(thread_page(three, 0, Reply(7), marked=2))
    assert shown.count("the quoted post") == 1
    assert "post 2 of 3 · **the quoted post**" in shown


def test_every_page_of_a_long_japanese_thread_stays_within_discords_bytes() -> None:
    thread = Thread(tuple(Post(place, "長い話は続く。" * 400) for place in range(1, 9)), title="川" * 90)
    for page in range(len(pages_of(thread))):
        texts = displayed(thread_page(thread, page))
        assert sum(len(text.encode()) + 12 for text in texts) <= BYTES


def test_a_place_that_is_not_there_is_refused() -> None:
    for wrong in (0, 7):
        with pytest.raises(ValueError, match="6 posts, and none at the place"):
            post_context(SIX, wrong)


@settings(deadline=None, max_examples=40)
@given(st.lists(summaries(), max_size=12), texts)
def test_a_list_of_threads_fits_and_is_inert(listed: list[ThreadSummary], title: str) -> None:
    view = thread_list(listed, Reply(2**64 - 1), title=title, total=10_000)
    assert_fits(view)
    assert live_marks(said(view)) == ""
    assert labels(view) == ["Open"] * min(len(listed), 8)


def test_a_list_says_how_many_more_there_are_or_that_there_are_none() -> None:
    assert "and 2 more" in said(thread_list([SIX.summary()] * 10))
    assert "and 1,233 more" in said(thread_list([SIX.summary()], total=1_234))
    assert "no threads here yet" in said(thread_list([]))


@given(summaries())
def test_a_choice_is_one_plain_line_of_at_most_100_characters(summary: ThreadSummary) -> None:
    label = choice_label(summary)
    assert 1 <= wide(label) <= 100
    assert label == " ".join(label.split())
    assert "\u202e" not in label


def test_a_choice_names_title_author_and_length() -> None:
    assert choice_label(replace(SIX, title="On *spools*").summary()) == "On *spools* · @winder · 6 posts"
