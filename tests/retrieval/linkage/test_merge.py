import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.linkage.fingerprint import fingerprint_of
from retrieval.linkage.merge import align, gains, merge, rank
from retrieval.model import Attachment, AttachmentKind, Completeness, Post, Thread
from tests.retrieval.versions import CUT, EARLY, OPENING, preview, said, thread, versions

FULL = "The ferry crosses at dawn, because the current is calm then and the wind still sleeps: https://example.org/ferry"
SHORTENED = (
    "The ferry crosses at dawn, because the current is calm then and the wind still sleeps: https://t.co/q1"
)
SECOND = "Its oldest captain is eighty, and she still knows every sandbank between here and the sea."
BROKEN_OFF = "The ferry crosses at dawn, because the current is calm th… https://t.co/q2"

several = st.lists(versions(), min_size=1, max_size=5)
chances = st.randoms(use_true_random=False)


@given(several, several, chances)
def test_merging_depends_on_which_versions_there_are_and_on_nothing_else(
    given_: list[Thread], parts: list[Thread], chance: random.Random
) -> None:
    made = merge(given_, parts)
    for _ in range(3):
        again = chance.choices(given_, k=len(given_)) + given_
        more = chance.choices(parts, k=len(parts)) + parts
        chance.shuffle(again)
        chance.shuffle(more)
        assert merge(again, more) == made


@given(versions())
def test_a_version_alone_is_the_thread(one: Thread) -> None:
    assert merge([one]) is one
    assert merge([one, one]) == one


@given(several)
def test_the_posts_are_those_of_the_fullest_and_no_text_is_made_up(given_: list[Thread]) -> None:
    made = merge(given_)
    fullest = max(given_, key=rank)
    assert made.length == fullest.length
    assert made.completeness is fullest.completeness
    texts = {post.text for version in given_ for post in version.posts}
    assert {post.text for post in made.posts} <= texts


@given(several)
def test_a_fact_that_any_version_knows_of_the_thread_is_known(given_: list[Thread]) -> None:
    made = merge(given_)
    for fact in ("author", "title", "url", "posted_at"):
        known = {getattr(version, fact) for version in given_} - {None}
        assert (getattr(made, fact) in known) if known else getattr(made, fact) is None


@given(versions(), versions())
def test_posts_are_aligned_in_order_and_none_twice(part: Thread, whole: Thread) -> None:
    places = align(part, whole)
    assert list(places.values()) == sorted(set(places.values()))
    assert list(places) == sorted(places)
    for at, place in places.items():
        ids = {part.posts[at].source_id, whole.posts[place].source_id} - {None}
        assert len(ids) < 2


def test_nothing_makes_no_thread() -> None:
    with pytest.raises(ValueError, match="at least one version"):
        merge([])


def test_a_complete_thread_replaces_its_preview_and_never_the_reverse() -> None:
    whole, part = thread(OPENING, "The bridge", "Rain."), preview(OPENING, "The bridge")
    assert merge([whole, part]) == merge([part, whole]) == whole


def test_a_complete_thread_of_two_posts_is_fuller_than_a_longer_preview_and_a_single_post_is_not() -> None:
    assert rank(thread(OPENING, "a")) > rank(preview(OPENING, "a", "b"))
    assert rank(thread(OPENING)) < rank(preview(OPENING, "a"))


def test_a_longer_fragment_is_worth_more_than_a_preview_or_a_single_post() -> None:
    long = thread(OPENING, "a", "b", "c", completeness=Completeness.FRAGMENT)
    assert merge([long, preview(OPENING, "a", "b")]) == long
    assert merge([long, thread(OPENING)]) == long


def test_a_version_whose_posts_have_addresses_or_ids_is_fuller() -> None:
    bare = thread(OPENING, "The bridge")
    second = bare.posts[1]
    for known in (replace(second, url="https://x.example/2"), replace(second, source_id="2")):
        assert rank(replace(bare, posts=(bare.posts[0], known))) > rank(bare)


def test_a_preview_lends_its_facts_to_the_complete_thread() -> None:
    part = replace(preview(OPENING, "The bridge"), author="Ada", posted_at=EARLY)
    opened = replace(part.posts[0], url="https://x.example/1")
    part = replace(part, posts=(opened, *part.posts[1:]))
    merged = merge([thread(OPENING, "The bridge", "Rain."), part])
    assert (merged.author, merged.posted_at) == ("Ada", EARLY)
    assert merged.posts[0].url == "https://x.example/1"


def test_each_post_keeps_what_any_form_knows_of_it() -> None:
    page = replace(thread(OPENING, SHORTENED, "Rain."), title="A day")
    export = said((OPENING, "11"), (FULL, "12"), ("Rain.", "13"))
    export = replace(export, posts=tuple(replace(post, posted_at=EARLY) for post in export.posts))
    merged = merge([page, export])
    assert merged.title == "A day"
    assert [post.text for post in merged.posts] == [OPENING, FULL, "Rain."]
    assert [post.source_id for post in merged.posts] == ["11", "12", "13"]
    assert {post.posted_at for post in merged.posts} == {EARLY}


def test_a_text_that_is_cut_loses_against_the_whole_of_it() -> None:
    page = thread(OPENING, BROKEN_OFF, "Rain.", "Sun.")
    export = said((OPENING, "11"), (FULL, "12"))
    merged = merge([page, export])
    assert [post.text for post in merged.posts] == [OPENING, FULL, "Rain.", "Sun."]
    assert [post.source_id for post in merged.posts] == ["11", "12", None, None]


def test_a_text_that_only_ends_in_an_ellipsis_is_not_taken_for_another() -> None:
    one, two = thread(OPENING, "And then…", "Rain."), said((OPENING, "1"), ("And then we left.", "2"))
    assert [post.text for post in merge([one, two]).posts] == [OPENING, "And then…", "Rain."]


def test_a_post_that_is_nowhere_in_the_whole_and_has_no_id_is_no_text_of_another() -> None:
    head = thread(OPENING, "The bridge", "Rain.", "Sun.")
    other = thread(OPENING, f"{OPENING} And this is what nobody else has, at some length.")
    assert merge([head, other]).posts == head.posts


def test_a_post_is_not_looked_for_behind_the_one_before_it() -> None:
    assert align(thread(SECOND, FULL), thread(FULL, SECOND)) == {0: 1}
    assert align(thread(SECOND, FULL), thread(FULL, SECOND, FULL)) == {0: 1, 1: 2}


def test_ids_bring_posts_together_that_words_do_not() -> None:
    page = thread(OPENING, FULL, "Rain.")
    export = said((OPENING, "11"), (FULL, "12"))
    edited = said((OPENING, "11"), ("The boat leaves early.", "12"))
    dated = replace(edited.posts[1], posted_at=EARLY)
    edited = replace(edited, posts=(edited.posts[0], dated))
    merged = merge([page, export, edited])
    assert (merged.posts[1].text, merged.posts[1].posted_at) == (FULL, EARLY)


def test_a_post_that_is_missing_in_one_form_does_not_shift_the_others() -> None:
    page = thread(OPENING, FULL, "Rain all day, from the mountains down to the sea.", "Sun.")
    export = said((OPENING, "1"), ("Rain all day, from the mountains down to the sea.", "3"), ("Sun.", "4"))
    assert [post.source_id for post in merge([page, export]).posts] == ["1", None, "3", "4"]


def test_a_time_of_day_is_better_than_none_and_the_earlier_better_than_the_later() -> None:
    day, hour = EARLY.replace(hour=0), EARLY
    at = [replace(thread(OPENING), posted_at=time) for time in (day, hour, hour + timedelta(hours=1), None)]
    assert merge(at).posted_at == hour


def test_what_a_thread_gained_is_counted_post_by_post() -> None:
    before, after = thread(OPENING, BROKEN_OFF), said((OPENING, "11"), (FULL, "12"), ("Rain.", "13"))
    assert gains(before, after) == {"text": 1, "id": 2}
    assert not gains(after, after)


def test_a_thousand_posts_of_the_same_words_are_aligned_without_delay() -> None:
    posts = [(FULL, str(number)) for number in range(3000)]
    whole, part = said(*posts), said(*posts[::2])
    assert len(align(part, whole)) == 1500
    bare = Thread(tuple(Post(ordinal, FULL) for ordinal in range(1, 3001)))
    assert len(align(bare, whole)) == 3000
    assert merge([preview(CUT), thread(CUT, "Rain.")]).length == 2


def test_a_post_has_the_least_of_what_is_known_of_it() -> None:
    facts = {"number": 1, "source_id": "11", "url": "https://x.example/1", "author": "Ada", "marker": "1/"}
    for name, fact in facts.items():
        told = replace(thread(OPENING), posts=(Post(1, OPENING, **{name: fact}),))  # type: ignore[arg-type]
        assert getattr(merge([thread(OPENING), told, thread(OPENING)]).posts[0], name) == fact
    authors = [replace(thread(OPENING), posts=(Post(1, OPENING, author=name),)) for name in ("Bob", "Ada")]
    assert merge(authors).posts[0].author == "Ada"


def test_a_post_has_the_attachments_of_its_text_and_addresses_for_its_lines_from_any_version() -> None:
    cat = Attachment(AttachmentKind.IMAGE, "https://a.example/cat.jpg", "A cat")
    bare = Attachment(AttachmentKind.IMAGE, None, "A cat")
    other = Attachment(AttachmentKind.IMAGE, "https://b.example/dog.jpg", "A dog")

    def version(text: str, *attachments: Attachment) -> Thread:
        return replace(thread(text), posts=(Post(1, text, source_id="7", attachments=attachments),))

    lined = f"{OPENING}\n[image: A cat]"
    for known in ((), (bare,), (cat,)):
        made = merge([version(lined, *known), version(OPENING, cat, other)]).posts[0]
        assert (made.text, made.attachments) == (lined, (cat,))
    assert merge([version(lined, cat), version(lined)]) == version(lined, cat)


def test_of_posts_with_one_wording_ids_tell_which_is_which() -> None:
    one, two = said((OPENING, "7")), said((OPENING, "8"))
    assert align(one, two) == {}
    assert align(one, one) == align(one, thread(OPENING)) == align(thread(OPENING), one) == {0: 0}
    assert align(said((FULL, "2")), said((FULL, "1"), (FULL, "2"))) == {0: 1}
    assert align(said((FULL, "2"), (FULL, "1")), said((FULL, "1"), (FULL, "2"))) == {0: 1}


def test_short_posts_count_only_where_they_are_expected() -> None:
    assert align(thread(OPENING, "Yes."), thread(OPENING, "Yes.", FULL)) == {0: 0, 1: 1}
    assert align(thread(OPENING, "Yes."), thread(OPENING, FULL, "Yes.")) == {0: 0}
    assert align(thread("Yes.", FULL), thread(OPENING, FULL, FULL)) == {1: 1}


def test_of_many_posts_of_one_wording_only_a_few_are_looked_at() -> None:
    many = [(FULL, str(number)) for number in range(20)]
    whole = said((OPENING, "a"), *many)
    assert align(said(("Yes.", "b"), (FULL, "19")), whole) == {1: 20}
    bare = Thread((Post(1, "Yes."), Post(2, FULL)))
    assert align(bare, whole) == {1: 1}


def test_what_is_gained_is_counted_for_each_fact() -> None:
    before = thread(OPENING)
    for fact, name in ((EARLY, "posted_at"), ("https://x.example/1", "url")):
        after = replace(before, posts=(replace(before.posts[0], **{name: fact}),))  # type: ignore[arg-type]
        assert gains(before, after) == {"time" if name == "posted_at" else "address": 1}
        assert not gains(after, after)
        assert not gains(after, before)


def test_any_post_of_a_whole_is_found_by_its_words_wherever_it_stands() -> None:
    whole = thread(
        *(f"Day {number} of our long walk along the coast, and what we saw there." for number in range(6))
    )
    for at, post in enumerate(whole.posts):
        assert align(thread(post.text), whole) == {0: at}


def test_of_texts_that_say_as_much_the_one_that_is_not_cut_is_kept() -> None:
    cut, whole = f"{OPENING.rstrip('.')}…", OPENING
    assert fingerprint_of(cut).plain == fingerprint_of(whole).plain
    for versions_ in ([thread(cut, "Rain."), thread(whole, "Rain.")], [said((cut, "1")), said((whole, "1"))]):
        assert merge(versions_).posts[0].text == whole
