import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.i18n import ENGLISH
from bot.views.answers import MOST_EXCERPTS, answer_heading, answer_page, asked_by, nothing_found
from bot.views.custom_id import AnswerAction, AnswerState, DeleteState, PostAction, PostState
from bot.views.layout import Reply
from bot.views.limits import BYTES
from bot.views.notices import explain_itself, notice
from retrieval.model import Completeness, Excerpt, Post, Suggestions, Thread, Verdict, Weighing, post_key
from tests.bot.views.hostile import pages, texts
from tests.bot.views.judge import assert_fits, buttons, displayed, labels, live_marks, parts, wide

JUDGED = ["👍", "👎"]
STATE = AnswerState(7, 0, (1, 2, 3, 4), (9,))
ALONE, OPENLY = Reply(7), Reply(7, private=False)
THREAD = Thread(
    tuple(Post(place, f"Post {place} is about bobbins.") for place in range(1, 19)),
    author="winder",
    title="All about bobbins",
    posted_at=datetime(2024, 5, 1, tzinfo=UTC),
)
PREVIEW = replace(THREAD, posts=THREAD.posts[:3], completeness=Completeness.PREVIEW, id="0" * 12)


def excerpt_of(thread: Thread, ordinal: int, url: str | None = None) -> Excerpt:
    post = replace(thread.posts[ordinal - 1], url=url)
    return Excerpt(post, thread.summary(), 0, len(post.text))


def custom_ids(*excerpts: Excerpt, page: int = 0, pages: int = 1, reply: Reply = OPENLY) -> list[str]:
    view = answer_page(excerpts, reply, state=replace(STATE, page=page), pages=pages)
    return [part["custom_id"] for part in parts(view) if "custom_id" in part]


@settings(deadline=None)
@given(page=pages(MOST_EXCERPTS), question=texts, private=st.booleans())
def test_an_answer_of_any_excerpts_fits_and_is_inert(
    page: list[Excerpt], question: str, *, private: bool
) -> None:
    state = AnswerState(2**64 - 1, 1, (2**40 - 1,) * 8, (2**16 - 1,) * 8)
    reply = Reply(2**64 - 1, private=private)
    view = answer_page(page, reply, heading=answer_heading(question, (), reply), state=state, pages=3)
    assert_fits(view)
    assert live_marks("\n".join(displayed(view))) == ""
    assert labels(view).count("Read thread") == len(page)


@given(pages(MOST_EXCERPTS))
@settings(deadline=None)
def test_every_quote_of_a_page_is_shown(page: list[Excerpt]) -> None:
    shown = "\n".join(displayed(answer_page(page)))
    assert sum(line.startswith("> ") for line in shown.split("\n")) >= len(page)


def test_a_quote_has_one_line_of_author_date_place_and_original() -> None:
    linked = replace(THREAD, url="https://example.com/thread_(1)")
    (said,) = displayed(answer_page([excerpt_of(linked, 7)]))
    assert said.split("\n") == [
        "-# \\@winder · <t:1714521600:d> · post 7 of 18 · [original](<https://example.com/thread_%281%29>)",
        "> Post 7 is about bobbins\\.",
    ]


def test_an_author_written_from_right_to_left_does_not_change_places_with_a_number() -> None:
    thread = replace(THREAD, author="منارة", title=None, posted_at=None)
    (said,) = displayed(answer_page([excerpt_of(thread, 2)]))
    assert said.split("\n")[0] == "-# \u200e@منارة\u200e · post 2 of 18".replace("@", "\\@")


def test_a_title_stands_in_the_line_of_a_quote_where_it_has_room_or_no_author_is_known() -> None:
    undated = replace(THREAD, posted_at=None)
    nameless = replace(THREAD, author=None, title="Bobbins, from the wheel of the spinner to the shuttle")
    heads = [displayed(answer_page([excerpt_of(each, 7)]))[0].split("\n")[0] for each in (undated, nameless)]
    assert heads == [
        "-# **All about bobbins** · \\@winder · post 7 of 18",
        "-# **Bobbins\\, from the wheel of the…** · <t:1714521600:d> · post 7 of 18",
    ]


def test_a_thread_without_a_title_is_headed_by_author_and_date() -> None:
    (said,) = displayed(answer_page([excerpt_of(replace(THREAD, title=None), 1)]))
    assert said.split("\n") == [
        "-# \\@winder · <t:1714521600:d> · post 1 of 18",
        "> Post 1 is about bobbins\\.",
    ]


def test_a_three_quote_answer_has_at_most_seven_buttons() -> None:
    page = [excerpt_of(THREAD, place) for place in (1, 2, 3)]
    for number in (0, 1, 2):
        for reply in (OPENLY, ALONE):
            view = answer_page(page, reply, state=replace(STATE, page=number), pages=3)
            assert len(buttons(view)) == 7


def test_an_answer_of_the_widest_characters_stays_within_discords_bytes() -> None:
    wide_posts = Thread(tuple(Post(place, "漢字" * 900) for place in range(1, 6)), title="日本" * 90)
    view = answer_page([excerpt_of(wide_posts, place) for place in range(1, 6)], OPENLY, state=STATE)
    said = displayed(view)
    assert sum(len(each.encode()) + 12 for each in said) <= BYTES
    assert wide("".join(said)) > 2_500


def test_an_answer_says_when_only_a_preview_is_known() -> None:
    said = "\n".join(displayed(answer_page([excerpt_of(PREVIEW, 2)])))
    assert "post 2 of a preview" in said


def test_excerpts_of_one_thread_share_its_head() -> None:
    said = "\n".join(
        displayed(answer_page([excerpt_of(THREAD, 1), excerpt_of(PREVIEW, 2), excerpt_of(THREAD, 3)]))
    )
    assert said.count("**All about bobbins**") == 1  # "post 2 of a preview" leaves no room for it
    assert said.count("winder") == 2
    assert said.index("post 3 of 18") < said.index("post 2 of a preview")


def test_a_quote_links_to_its_post_else_to_its_thread_and_always_opens_here() -> None:
    linked = replace(THREAD, url="https://example.com/thread")
    excerpts = [
        excerpt_of(linked, 1, "https://example.com/post"),
        excerpt_of(linked, 2),
        excerpt_of(THREAD, 3),
    ]
    view = answer_page(excerpts, OPENLY)
    assert re.findall(r"\[original\]\(<([^>]*)>\)|Post 3", "\n".join(displayed(view))) == [
        "https://example.com/post",
        "https://example.com/thread",
        "",
    ]
    states = [PostState.decode(button["custom_id"]) for button in buttons(view)]
    assert [(state.key, state.action) for state in states] == [
        (post_key(THREAD.id, place), PostAction.THREAD) for place in (1, 2, 3)
    ]


def test_a_post_quoted_twice_has_buttons_of_its_own_each_time() -> None:
    found = custom_ids(excerpt_of(THREAD, 1), excerpt_of(THREAD, 1))
    assert len(found) == len(set(found)) == 2 + 3


def test_more_and_share_lead_to_their_pages() -> None:
    found = custom_ids(excerpt_of(THREAD, 1), page=1, pages=3, reply=ALONE)
    states = [AnswerState.decode(custom_id) for custom_id in found[-4:]]
    assert [(state.page, state.action) for state in states] == [
        (2, AnswerAction.TURN),
        (1, AnswerAction.SHARE),
        (1, AnswerAction.HELPFUL),
        (1, AnswerAction.UNHELPFUL),
    ]
    assert {(state.asker, state.keys, state.marks) for state in states} == {(7, (1, 2, 3, 4), (9,))}


@pytest.mark.parametrize(
    ("page", "pages", "private", "ends"),
    [
        (0, 1, False, [*JUDGED, "🗑️"]),
        (0, 2, False, ["More (2/2)", *JUDGED, "🗑️"]),
        (1, 3, False, ["More (3/3)", *JUDGED, "🗑️"]),
        (2, 3, False, ["Back (1/3)", *JUDGED, "🗑️"]),
        (0, 1, True, ["Share", *JUDGED]),
    ],
)
def test_a_button_that_leads_nowhere_is_left_out(
    page: int, pages: int, *, private: bool, ends: list[str]
) -> None:
    state, reply = replace(STATE, page=page), Reply(7, private=private)
    view = answer_page([excerpt_of(THREAD, 1)], reply, state=state, pages=pages)
    assert labels(view) == ["Read thread", *ends]


def test_what_cannot_be_shared_offers_no_sharing_and_what_has_no_state_no_buttons() -> None:
    view = answer_page([excerpt_of(THREAD, 1)], ALONE, state=STATE, shareable=False)
    assert labels(view) == ["Read thread", *JUDGED]
    assert labels(answer_page([excerpt_of(THREAD, 1)])) == ["Read thread"]


def test_a_shared_answer_opens_with_who_asked_what() -> None:
    asked = answer_heading("why *bobbins*?", [("bobins", "bobbins")], ALONE)
    assert asked_by("Alice_1", asked, OPENLY).split("\n") == [
        "-# Alice\\_1 asked: why \\*bobbins\\*\\?",
        "-# Searched for **bobbins** instead of bobins.",
    ]
    assert asked_by("Alice", "", OPENLY) == "-# Shared by Alice"


def test_no_question_is_kept_in_a_button() -> None:
    heading = answer_heading("secretquestion", (), ALONE)
    view = answer_page([excerpt_of(THREAD, 1)], ALONE, heading=heading, state=STATE, pages=2)
    assert "secretquestion" in displayed(view)[0]
    assert not any("secretquestion" in str(part.get("custom_id")) for part in parts(view))


def test_a_short_quote_stays_whole_beside_a_long_one() -> None:
    long = Thread((Post(1, "spool " * 2_000),))
    said = displayed(answer_page([excerpt_of(long, 1), excerpt_of(THREAD, 1)]))
    assert said[-1].endswith("> Post 1 is about bobbins\\.")
    assert wide("".join(said)) > 3_500


def test_the_longest_quotes_heads_and_question_fit_together() -> None:
    found = []
    for number in range(MOST_EXCERPTS):
        post = Post(1, f"{number} " + "*spool* " * 2_000)
        found.append(excerpt_of(Thread((post,), Completeness.PREVIEW, "[a](b)" * 50, "<@1> " * 99), 1))
    heading = answer_heading("*?" * 999, (), ALONE)
    view = answer_page(found, ALONE, heading=heading, state=replace(STATE, page=1), pages=3)
    assert_fits(view)
    assert wide("".join(displayed(view))) > 3_300


def test_too_many_excerpts_none_or_a_page_that_is_not_there_are_refused() -> None:
    for number in (0, MOST_EXCERPTS + 1):
        with pytest.raises(ValueError, match="a page shows"):
            answer_page([excerpt_of(THREAD, 1)] * number)
    with pytest.raises(ValueError, match="page 1 is not one of 1"):
        answer_page([excerpt_of(THREAD, 1)], state=replace(STATE, page=1))


@settings(deadline=None)
@given(st.none() | texts, st.lists(texts, max_size=12))
def test_nothing_found_fits_and_is_inert(question: str | None, terms: list[str]) -> None:
    view = nothing_found(question, Suggestions(tuple(terms)), Reply(2**64 - 1, private=False))
    assert_fits(view)
    assert live_marks("\n".join(displayed(view))) == ""
    assert not any(line.startswith("> ") for text in displayed(view) for line in text.split("\n"))


CLOSEST = replace(STATE, verdict=Verdict.CLOSEST)


def test_the_closest_posts_say_so_above_the_quotes_and_look_quieter_than_an_answer() -> None:
    heading = answer_heading("wind a bobbin?", (), OPENLY, Weighing(("bobbin",), ("wind",)))
    view = answer_page([excerpt_of(THREAD, 1)], OPENLY, heading=heading, state=CLOSEST)
    shown = "\n".join(displayed(view))
    assert "**No post answers this for certain. The closest:**" in shown
    assert "The archive knows **bobbin**. No post holds **wind**." in shown
    sure = answer_page([excerpt_of(THREAD, 1)], OPENLY, state=STATE)
    assert "for certain" not in "\n".join(displayed(sure))
    assert parts(view)[0].get("accent_color") != parts(sure)[0].get("accent_color")
    states = [button["custom_id"] for button in buttons(view) if button["custom_id"].startswith("bob1a")]
    assert states
    assert {AnswerState.decode(custom_id).verdict for custom_id in states} == {Verdict.CLOSEST}


@settings(deadline=None)
@given(pages(5), texts, st.lists(texts, max_size=8))
def test_the_closest_posts_fit_and_are_inert(shown: list[Excerpt], question: str, words: list[str]) -> None:
    heading = answer_heading(question, (), OPENLY, Weighing(tuple(words), tuple(words)))
    assert_fits(answer_page(shown, OPENLY, heading=heading, state=CLOSEST))
    assert live_marks(heading) == ""


def test_nothing_found_offers_near_words() -> None:
    view = nothing_found("bobins?", Suggestions(("bobbin", "bobble", "bob")), OPENLY)
    said = "\n".join(displayed(view))
    assert "found nothing about “bobins\\?”" in said
    assert "Did you mean **bobbin**, **bobble** or **bob**?" in said
    (removes,) = buttons(view)
    assert DeleteState.decode(removes["custom_id"]) == DeleteState(7)


@given(texts)
def test_bobbins_own_words_fit_whatever_they_name(text: str) -> None:
    for view in (explain_itself(text), notice(text), notice(text * 500)):
        assert_fits(view)
        assert live_marks("\n".join(displayed(view))) == ""


def test_a_notice_says_its_sentence() -> None:
    sentence = ENGLISH.say("notice-gone")
    assert displayed(notice(sentence)) == [sentence.replace(".", "\\.").replace(",", "\\,")]


async def test_a_view_is_not_kept_by_the_library() -> None:
    assert answer_page([excerpt_of(THREAD, 1)], state=STATE).is_finished()
