import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.merge import base, gather, merge, strand
from retrieval.model import Completeness, Post, Thread, identity, post_key

OPENING = "Good morning! What happened today, in one thread. Please read to the end."
ANOTHER = "Good morning, what happened today in one thread? Please read to the end…"
TEXTS = ["The bridge is open again.", "The bridge stays closed.", "Rain.", "🧵", ""]
EARLY = datetime(2024, 5, 1, tzinfo=UTC)

times = st.sampled_from([None, EARLY, EARLY + timedelta(days=1)])
words = st.sampled_from([None, "a", "b"])


@st.composite
def versions(draw: st.DrawFn) -> Thread:
    """A version of one of a few threads that all open alike."""
    texts = [draw(st.sampled_from([OPENING, ANOTHER])), *draw(st.lists(st.sampled_from(TEXTS), max_size=3))]
    posts = tuple(
        Post(
            ordinal,
            text,
            number=draw(st.sampled_from([None, ordinal, ordinal + 1])),
            source_id=draw(words),
            url=draw(words),
            posted_at=draw(times),
            author=draw(words),
        )
        for ordinal, text in enumerate(texts, 1)
    )
    return Thread(
        posts,
        draw(st.sampled_from(Completeness)),
        author=draw(words),
        title=draw(words),
        url=draw(words),
        posted_at=draw(times),
    )


def thread(*texts: str, completeness: Completeness = Completeness.COMPLETE) -> Thread:
    return Thread(tuple(Post(ordinal, text) for ordinal, text in enumerate(texts, 1)), completeness)


def preview(*texts: str) -> Thread:
    return thread(*texts, completeness=Completeness.PREVIEW)


def settle(known: list[Thread], *incoming: Thread) -> list[Thread]:
    return [settled.after for settled in gather(identity([OPENING]), known, incoming)[0]]


@given(versions())
def test_merging_a_thread_with_itself_changes_nothing(one: Thread) -> None:
    assert merge(one, one) == one


@given(versions(), versions())
def test_it_does_not_matter_which_of_two_came_first(one: Thread, two: Thread) -> None:
    assert merge(one, two) == merge(two, one)


@given(versions(), versions(), versions())
def test_it_does_not_matter_which_two_of_three_met_first(one: Thread, two: Thread, three: Thread) -> None:
    assert merge(merge(one, two), three) == merge(one, merge(two, three))


@given(versions(), versions())
def test_what_was_merged_in_changes_nothing_when_it_comes_again(one: Thread, two: Thread) -> None:
    merged = merge(one, two)
    assert merge(merged, one) == merged
    assert merge(merged, two) == merged


@given(versions(), versions())
def test_a_thread_never_becomes_less_complete_or_shorter_than_a_complete_one(
    one: Thread, two: Thread
) -> None:
    merged = merge(one, two)
    for version in (one, two):
        if version.completeness is Completeness.COMPLETE:
            assert merged.completeness is Completeness.COMPLETE
            assert merged.length >= version.length


def test_different_threads_are_not_merged() -> None:
    with pytest.raises(ValueError, match="not versions of one thread"):
        merge(thread("One"), thread("Two"))


def test_a_complete_thread_replaces_its_preview_and_never_the_reverse() -> None:
    whole, part = thread(OPENING, "The bridge", "Rain."), preview(OPENING, "The bridge")
    assert merge(whole, part) == merge(part, whole) == whole


def test_a_longer_fragment_is_worth_more_than_a_preview() -> None:
    long = thread(OPENING, "a", "b", "c", completeness=Completeness.FRAGMENT)
    assert merge(long, preview(OPENING, "a", "b")) == long


def test_a_preview_lends_its_facts_to_the_complete_thread() -> None:
    part = replace(preview(OPENING, "The bridge"), author="Ada", posted_at=EARLY)
    opened = replace(part.posts[0], url="https://x.example/1")
    part = replace(part, posts=(opened, *part.posts[1:]))
    merged = merge(thread(OPENING, "The bridge", "Rain."), part)
    assert (merged.author, merged.posted_at) == ("Ada", EARLY)
    assert merged.posts[0].url == "https://x.example/1"


def test_of_the_same_posts_each_keeps_what_either_version_knows() -> None:
    one, two = thread(OPENING, "Rain."), thread(OPENING, "Rain.")
    one = replace(one, posts=(one.posts[0], replace(one.posts[1], number=2)))
    two = replace(two, posts=(two.posts[0], replace(two.posts[1], author="Ada")))
    assert merge(one, two).posts[1] == Post(2, "Rain.", number=2, author="Ada")


def test_addresses_and_numbers_do_not_make_another_thread() -> None:
    one = thread(OPENING, "2/ Read https://t.co/a1 about the bridge")
    two = thread(OPENING, "Read https://news.example/long?x=1 about the bridge")
    assert strand(one) == strand(two)


def test_an_opening_alone_may_belong_to_any_thread() -> None:
    assert strand(preview(OPENING)) is None
    assert strand(thread(OPENING)) == ""


@given(st.lists(versions(), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_threads_that_open_alike_settle_the_same_in_any_order(
    incoming: list[Thread], chance: random.Random
) -> None:
    shuffled = chance.sample(incoming, len(incoming))
    known: list[Thread] = []
    for one in shuffled:
        known = settle(known, one)
    assert known == settle([], *incoming)
    assert settle(known, *incoming) == known


@given(st.lists(versions(), min_size=1, max_size=6))
def test_settled_threads_have_ids_of_their_own_that_are_known_again(incoming: list[Thread]) -> None:
    settled = settle([], *incoming)
    assert len({one.id for one in settled}) == len(settled)
    assert {base(one) for one in settled} == {identity([OPENING])}
    assert len({post_key(one.id, 1) for one in settled}) == len(settled)


def test_two_threads_that_open_alike_are_both_kept() -> None:
    monday, tuesday = thread(OPENING, "The bridge is open."), thread(OPENING, "Rain all day.")
    first = settle([], monday)
    assert first == [monday]
    both = settle(first, tuesday)
    assert {one.posts for one in both} == {monday.posts, tuesday.posts}
    assert monday.id not in {one.id for one in both}


def test_a_complete_thread_of_one_post_survives_a_preview_that_opens_alike() -> None:
    note, part = thread(OPENING), preview(OPENING, "The bridge is open.")
    assert {one.posts for one in settle([note], part)} == {note.posts, part.posts}


def test_an_opening_goes_when_its_thread_comes_and_leaves_it_its_place() -> None:
    opening, whole = preview(OPENING), thread(OPENING, "Rain.")
    (settled,), left_out = gather(opening.id, [opening], [whole])
    assert (settled.before, settled.after, settled.given) == (opening, whole, 2)
    assert left_out == ["preview replaced by the complete thread"]


def test_what_gives_way_is_told() -> None:
    whole, part = thread(OPENING, "Rain.", "Sun."), preview(OPENING, "Rain.")
    longer = thread(OPENING, "Rain.", "Sun.", "Snow.")
    assert gather(whole.id, [whole], [part])[1] == ["preview of a thread that is already complete"]
    assert gather(whole.id, [part], [whole])[1] == ["preview replaced by the complete thread"]
    assert gather(whole.id, [whole], [longer])[1] == ["version of a thread replaced by a fuller one"]
    assert gather(whole.id, [longer], [whole])[1] == ["version of a thread that is already known more fully"]
    assert gather(whole.id, [whole], [whole])[1] == []
    assert gather(whole.id, [whole], [preview(OPENING)])[1] == [
        "preview of a thread that is already complete"
    ]
