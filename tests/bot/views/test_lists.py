from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.i18n import LANGUAGES, translations_for
from bot.views.custom_id import DeleteState, ListState, Order
from bot.views.layout import Reply
from bot.views.lists import LIST_PAGE_SIZE, ThreadListing, list_page
from retrieval.model import Post, Thread, ThreadSummary
from tests.bot.views.hostile import summaries, texts
from tests.bot.views.judge import assert_fits, buttons, displayed, labels, live_marks

ONE = Thread((Post(1, "On spools."),), author="winder").summary()


@settings(deadline=None, max_examples=40)
@given(
    st.lists(summaries(), max_size=LIST_PAGE_SIZE),
    st.none() | texts,
    st.none() | texts,
    st.sampled_from(Order),
    st.sampled_from(LANGUAGES),
    st.booleans(),
)
def test_a_list_of_any_threads_fits_and_is_inert(  # noqa: PLR0917 - as hypothesis draws them
    listed: list[ThreadSummary],
    author: str | None,
    collection: str | None,
    order: Order,
    language: str,
    private: bool,  # noqa: FBT001 - as hypothesis draws it
) -> None:
    state = ListState(2**64 - 1, order, 7, 2**32 - 1, "z" * 12)
    view = list_page(
        ThreadListing(listed, 10_000, author, collection),
        state,
        Reply(2**64 - 1, private, translations_for(language)),
    )
    assert_fits(view)
    assert live_marks("\n".join(displayed(view))) == ""
    assert labels(view).count(translations_for(language).say("thread-open")) == len(listed)


@pytest.mark.parametrize(("page", "total", "leads"), [(0, 8, []), (0, 9, [1]), (1, 17, [0, 2]), (2, 17, [1])])
def test_back_and_more_lead_to_the_pages_there_are(page: int, total: int, leads: list[int]) -> None:
    state = ListState(7, page=page, collection=3, thread_id=ONE.id)
    view = list_page(ThreadListing([ONE], total), state, Reply(7))
    found = [
        ListState.decode(one["custom_id"]) for one in buttons(view) if one.get("label") in {"Back", "More"}
    ]
    assert found == [replace(state, page=lead) for lead in leads]


def test_threads_by_chance_have_no_pages_but_others() -> None:
    state = ListState(7, Order.CHANCE, page=2**16 - 1)
    view = list_page(ThreadListing([ONE], 20), state, Reply(7, private=False))
    assert labels(view) == ["Open", "Others", "🗑️"]
    others, removes = buttons(view)[1:]
    assert ListState.decode(others["custom_id"]) == ListState(7, Order.CHANCE, 0)
    assert DeleteState.decode(removes["custom_id"]) == DeleteState(7)
    assert labels(list_page(ThreadListing([ONE], 1), state, Reply(7))) == ["Open"]


def test_a_list_says_whose_threads_they_are_of_which_collection_and_how_many() -> None:
    listing = ThreadListing([ONE], 17, "winder", "main")
    said = "\n".join(displayed(list_page(listing, ListState(7, page=1), Reply(7))))
    assert "## Threads by \\@winder · collection main\n-# 17 threads · page 2 of 3" in said
    empty = list_page(ThreadListing([], 0), ListState(7), Reply(7))
    assert "There are no threads here yet." in "\n".join(displayed(empty))
