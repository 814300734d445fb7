from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogue import LANGUAGES, catalogue
from bot.render.lists import LISTED, Listing, list_page
from bot.render.state import BinState, ListState, Order
from retrieval.model import Post, Thread, ThreadSummary
from tests.bot.render.hostile import summaries, texts
from tests.bot.render.judge import assert_fits, buttons, displayed, labels, live_marks

EN = catalogue("en")
ONE = Thread((Post(1, "On spools."),), author="winder").summary()


@settings(deadline=None, max_examples=40)
@given(
    st.lists(summaries(), max_size=LISTED),
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
        Listing(listed, 10_000, author, collection), state, private=private, speech=catalogue(language)
    )
    assert_fits(view)
    assert live_marks("\n".join(displayed(view))) == ""
    assert labels(view).count(catalogue(language).say("thread-open")) == len(listed)


@pytest.mark.parametrize(("page", "total", "leads"), [(0, 8, []), (0, 9, [1]), (1, 17, [0, 2]), (2, 17, [1])])
def test_back_and_more_lead_to_the_pages_there_are(page: int, total: int, leads: list[int]) -> None:
    state = ListState(7, page=page, collection=3, thread_id=ONE.id)
    view = list_page(Listing([ONE], total), state, private=True, speech=EN)
    found = [ListState.decode(one["custom_id"]) for one in buttons(view) if one["label"] in {"Back", "More"}]
    assert found == [replace(state, page=lead) for lead in leads]


def test_threads_by_chance_have_no_pages_but_others() -> None:
    state = ListState(7, Order.CHANCE, page=2**16 - 1)
    view = list_page(Listing([ONE], 20), state, private=False, speech=EN)
    assert labels(view) == ["Open", "Others", "Remove"]
    others, removes = buttons(view)[1:]
    assert ListState.decode(others["custom_id"]) == ListState(7, Order.CHANCE, 0)
    assert BinState.decode(removes["custom_id"]) == BinState(7)
    assert labels(list_page(Listing([ONE], 1), state, private=True, speech=EN)) == ["Open"]


def test_a_list_says_whose_threads_they_are_of_which_collection_and_how_many() -> None:
    listing = Listing([ONE], 17, "winder", "main")
    said = "\n".join(displayed(list_page(listing, ListState(7, page=1), private=True, speech=EN)))
    assert "## Threads by \\@winder · collection main\n-# 17 threads · page 2 of 3" in said
    empty = list_page(Listing([], 0), ListState(7), private=True, speech=EN)
    assert "There are no threads here yet." in "\n".join(displayed(empty))
