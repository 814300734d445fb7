import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.linkage.match_keys import key_of_post_id, match_keys, seeks
from retrieval.linkage.matching import LIKELY, match_versions
from retrieval.linkage.merge import rank
from retrieval.model import Completeness, Thread, identity, post_key
from tests.retrieval.versions import CUT, OPENING, preview, said, thread, versions

SHORT_LINK = "A long walk along the harbour, and what we saw there: https://t.co/aa"
LONG_LINK = "A long walk along the harbour, and what we saw there: https://example.org/harbour"
OTHER_LINK = "A long walk along the harbour, and what we saw there: https://example.org/mountain"

sets = st.lists(versions(), min_size=1, max_size=6)


def made(*given_: Thread) -> list[Thread]:
    """The threads that versions make, by their ids."""
    return sorted((one.thread for one in match_versions(given_)), key=lambda one: one.id)


@given(sets, st.randoms(use_true_random=False))
@settings(max_examples=300)
def test_threads_depend_on_which_versions_there_are_and_on_nothing_else(
    given_: list[Thread], chance: random.Random
) -> None:
    first = made(*given_)
    again = given_ + chance.choices(given_, k=len(given_))
    chance.shuffle(again)
    assert made(*again) == first


@given(sets)
def test_every_version_is_in_exactly_one_thread_and_every_thread_has_an_id_of_its_own(
    given_: list[Thread],
) -> None:
    settled = match_versions(given_)
    assert sorted(place for one in settled for place in one.members) == list(range(len(given_)))
    assert len({one.thread.id for one in settled}) == len(settled)
    assert len({post_key(one.thread.id, 1) for one in settled}) == len(settled)


@given(sets)
def test_a_thread_has_as_many_posts_as_some_version_of_it_and_none_is_made_up(given_: list[Thread]) -> None:
    for one in match_versions(given_):
        members = [given_[place] for place in one.members]
        assert one.thread.length == max(version.length for version in members)
        texts = {post.text for version in members for post in version.posts}
        assert {post.text for post in one.thread.posts} <= texts


@given(sets)
def test_what_becomes_one_thread_finds_one_another_by_the_stored_keys(given_: list[Thread]) -> None:
    for one in match_versions(given_):
        fullest_first = sorted((given_[place] for place in one.members), key=rank, reverse=True)
        for version in fullest_first[1:]:
            assert any(match_keys(other) & seeks(version) for other in fullest_first if other is not version)
            assert any(match_keys(version) & seeks(other) for other in fullest_first if other is not version)


def test_threads_that_open_alike_are_kept_apart_and_none_has_the_shared_id() -> None:
    monday, tuesday = thread(OPENING, "The bridge is open."), thread(OPENING, "Rain all day.")
    assert made(monday) == [monday]
    both = made(monday, tuesday)
    assert {one.posts for one in both} == {monday.posts, tuesday.posts}
    assert not {identity([OPENING])} & {one.id for one in both}
    assert made(*both) == both or made(*(replace(one, id="") for one in both)) == both


def test_a_complete_thread_of_one_post_survives_a_preview_that_opens_alike() -> None:
    for more in (["The bridge is open."], ["The bridge is open.", "Rain."]):
        note, part = thread(OPENING), preview(OPENING, *more)
        assert {one.posts for one in made(note, part)} == {note.posts, part.posts}


def test_an_opening_goes_into_its_thread_and_lends_it_what_it_knows() -> None:
    opening, whole = replace(preview(OPENING), author="Ada"), thread(OPENING, "Rain.")
    assert made(opening, whole) == [replace(whole, author="Ada")]


def test_an_opening_that_could_be_of_two_threads_lends_to_neither() -> None:
    opening = replace(preview(OPENING), author="Ada")
    monday, tuesday = thread(OPENING, "The bridge is open."), thread(OPENING, "Rain all day.")
    assert made(opening, monday, tuesday) == made(monday, tuesday)


def test_the_same_post_by_id_is_one_thread_whatever_its_words() -> None:
    page, export = said((SHORT_LINK, "7")), said((LONG_LINK, "7"))
    (one,) = made(page, export)
    assert (one.posts[0].text, one.posts[0].source_id) == (LONG_LINK, "7")


def test_different_posts_by_id_stay_apart_though_their_words_are_the_same() -> None:
    one, two = said((OPENING, "7")), said((OPENING, "8"))
    both = made(one, two)
    assert {thread.posts for thread in both} == {one.posts, two.posts}
    assert len(made(one, two, thread(OPENING))) == 3


def test_the_same_words_of_different_authors_stay_apart() -> None:
    one, two = (replace(thread(OPENING, "Rain."), author=name) for name in ("@ada", "@bob"))
    assert {thread.author for thread in made(one, two)} == {"@ada", "@bob"}
    assert len(made(one, replace(two, author="Ada Example"))) == 1


@pytest.mark.parametrize(
    ("page", "export"),
    [
        (thread(SHORT_LINK, "Rain."), said((LONG_LINK, "1"), ("Rain.", "2"))),
        (thread(SHORT_LINK.replace("https://t.co/aa", "example.org/harb…")), said((LONG_LINK, "1"))),
        (thread(f"1/2 {OPENING}", "Rain. 2/2"), said((OPENING, "1"), ("Rain.", "2"))),
        (preview(CUT), said((OPENING, "1"), ("Rain.", "2"))),
        (thread(CUT, "Rain."), said((OPENING, "1"), ("Rain.", "2"), ("Sun.", "3"))),
    ],
    ids=["short link", "shown link", "numbers", "cut opening", "cut opening of a thread"],
)
def test_what_two_forms_write_differently_is_one_thread(page: Thread, export: Thread) -> None:
    (one,) = made(page, export)
    assert [post.text for post in one.posts] == [post.text for post in export.posts] or "1/2" in page.posts[
        0
    ].text
    assert one.posts[0].source_id == "1"
    assert one.length == export.length


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (thread(LONG_LINK), thread(OTHER_LINK)),
        (thread(SHORT_LINK), thread(SHORT_LINK.replace("/aa", "/bb"))),
        (thread(f"1/ {OPENING}"), thread(f"2/ {OPENING}")),
        (
            thread("Day 1 of our long walk along the coast."),
            thread("Day 2 of our long walk along the coast."),
        ),
        (thread(CUT, "Rain."), thread(OPENING, "The bridge is open.")),
    ],
    ids=["links", "short links", "numbers", "days", "what follows"],
)
def test_what_only_looks_alike_stays_two_threads(one: Thread, two: Thread) -> None:
    assert {thread.posts for thread in made(one, two)} == {one.posts, two.posts}


def test_where_a_cut_post_could_be_either_of_two_it_stays_itself() -> None:
    one, two = said((OPENING, "1")), said((f"{OPENING} Or only the first half.", "2"))
    assert len(made(preview(CUT), one, two)) == 3


def test_a_part_whose_every_post_another_holds_by_id_goes_into_it() -> None:
    whole = said((OPENING, "1"), ("Rain.", "2"), ("Sun.", "3"))
    part = said(("Rain.", "2"), ("Sun.", "3"), completeness=Completeness.FRAGMENT)
    single = said(("Sun.", "3"))
    assert made(whole, part, single) == made(part, whole) == [whole]


def test_a_branch_that_another_file_took_for_the_main_line_is_not_lost() -> None:
    early = said((OPENING, "1"), ("The bridge is open.", "2"), ("So we crossed it.", "3"))
    late = said((OPENING, "1"), ("The bridge is open.", "2"), ("Rain.", "4"), ("Sun.", "5"))
    branch = said(("So we crossed it.", "3"), completeness=Completeness.FRAGMENT)
    threads = made(early, late, branch)
    assert {post.text for one in threads for post in one.posts} == {
        post.text for one in (early, late) for post in one.posts
    }


def test_very_many_alike_take_no_time_and_none_is_lost() -> None:
    many = [said((OPENING, str(number)), completeness=Completeness.FRAGMENT) for number in range(2000)]
    assert len(made(*many, thread(OPENING, "Rain."), preview(CUT))) >= 2001


@given(sets)
def test_the_shared_id_is_one_that_a_version_of_the_thread_has_by_its_words(given_: list[Thread]) -> None:
    for one in match_versions(given_):
        assert one.shared in {given_[place].id for place in one.members}


def test_the_shared_id_is_that_of_the_fullest_version_where_the_merged_opening_is_in_none() -> None:
    first = said(("A walk to the har…", "1"), ("and what we saw there, from the long pier", "2"))
    second = said(("A walk to the harbour", "1"), ("and what we saw…", "2"))
    (matched,) = match_versions([first, second])
    assert [post.text for post in matched.thread.posts] == [second.posts[0].text, first.posts[1].text]
    assert identity(post.text for post in matched.thread.posts) not in {first.id, second.id}
    assert matched.shared == first.id


@pytest.mark.parametrize(("letters", "threads"), [(39, 2), (40, 1)])
def test_from_forty_letters_on_a_part_is_known_by_its_words(letters: int, threads: int) -> None:
    part = "The bridge over the harbour is open again now, and will be"
    text = next(part[:end] for end in range(len(part)) if len(part[:end].replace(" ", "")) == letters)
    assert len(made(preview(text), thread(text, "Rain."))) == threads


def test_a_part_that_says_too_little_to_be_known_by_is_known_by_all_of_it_alone() -> None:
    assert len(made(preview("Rain."), thread("Rain.", "Sun."))) == 2
    assert len(made(preview("Rain."), thread("Rain."))) == 1


@pytest.mark.parametrize(("threads", "more"), [(LIKELY, 0), (LIKELY + 1, 1)])
def test_what_fits_very_many_threads_is_one_of_its_own(threads: int, more: int) -> None:
    whole = [thread(OPENING, f"Rain on day {number}.") for number in range(threads)]
    assert len(made(preview(OPENING), *whole)) == threads + more


def test_a_fragment_with_a_gap_goes_into_the_thread_that_fills_it() -> None:
    whole = thread(OPENING, "The bridge is open.", "Rain all day, from the mountains down to the sea.")
    fragment = thread(OPENING, whole.posts[2].text, completeness=Completeness.FRAGMENT)
    assert made(fragment, whole) == [whole]
    assert len(made(preview(OPENING, whole.posts[2].text), whole)) == 2


@pytest.mark.parametrize("author", ["@ada", None])
@pytest.mark.parametrize("name", ["9", None])
@pytest.mark.parametrize("completeness", [Completeness.PREVIEW, Completeness.COMPLETE])
@pytest.mark.parametrize("opening", [OPENING, CUT])
def test_a_part_that_fits_two_threads_is_a_guest_only_where_nothing_says_that_it_is_another(
    opening: str, completeness: Completeness, name: str | None, author: str | None
) -> None:
    monday, tuesday = (thread(OPENING, "Noon.", text) for text in ("The bridge is open.", "Rain all day."))
    part = replace(said((opening, name or ""), ("Noon.", ""), completeness=completeness), author=author)
    part = replace(part, posts=tuple(replace(post, source_id=post.source_id or None) for post in part.posts))
    guest = (opening, completeness, name, author) == (OPENING, Completeness.PREVIEW, None, None)
    assert len(made(part, monday, tuesday)) == (2 if guest else 3)
    if guest:
        (home,) = (one for one in match_versions([part, monday, tuesday]) if 0 in one.members)
        (other,) = (one for one in match_versions([part, monday, tuesday]) if 0 not in one.members)
        assert (home.also, other.also) == ((), (0,))


def test_the_keys_of_a_long_thread_are_few() -> None:
    texts = [
        f"Day {number} of our long walk along the coast, and what we saw there." for number in range(500)
    ]
    assert 16 < len(match_keys(thread(*texts))) <= 16 + 9 + 1
    assert len(seeks(thread(*texts))) <= 16 + 9 + 1


def test_an_edited_post_between_two_that_are_in_their_places_is_the_same() -> None:
    before = said((OPENING, "1"), ("The bridge is open.", "2"), (LONG_LINK, "3"))
    edited = thread(OPENING, "The bridge is closed.", LONG_LINK)
    edited = replace(edited, posts=(replace(edited.posts[0], source_id="1"), *edited.posts[1:]))
    assert len(made(before, edited)) == 1
    last = replace(edited, posts=(*edited.posts[:2], replace(edited.posts[2], text="Sun.")))
    assert len(made(before, last)) == 2


def test_an_author_named_by_none_or_two_keeps_versions_of_two_authors_apart() -> None:
    whole = thread(OPENING, "The bridge is open.", "Rain.")
    parts = [replace(preview(OPENING, "The bridge is open."), author=name) for name in ("@ada", "@bob")]
    assert len(made(whole, *parts)) == 3
    assert len(made(whole, parts[0])) == 1
    (one,) = made(whole, parts[0], replace(parts[0], author="@ADA"))
    assert one.author == "@ADA"


def test_a_post_that_stands_elsewhere_is_no_edit() -> None:
    before = said((OPENING, "1"), (LONG_LINK, "2"), ("The bridge is open.", "3"))
    moved = thread(OPENING, "Rain all day, from the mountains down to the sea.", LONG_LINK)
    moved = replace(moved, posts=(replace(moved.posts[0], source_id="1"), *moved.posts[1:]))
    assert len(made(before, moved)) == 2


def test_sixteen_ways_of_a_thread_are_kept_and_then_every_doubling() -> None:
    texts = [f"Day {number} of our long walk along the coast, and what we saw there." for number in range(40)]
    keys = [len(match_keys(thread(*texts[:length]))) for length in (15, 16, 17, 31, 32, 33)]
    assert [after - keys[0] for after in keys] == [0, 1, 1, 1, 2, 2]


def test_a_way_begins_where_it_says_enough() -> None:
    short, long = thread("Rain.", "Sun."), thread("Rain.", "Sun.", OPENING)
    assert len(match_keys(short)) == len(match_keys(long)) == 2
    assert not match_keys(short) & match_keys(long)


def test_a_version_is_found_by_the_id_of_each_of_its_posts() -> None:
    version = said((OPENING, "11"), ("Rain.", "12"))
    assert {key_of_post_id("11"), key_of_post_id("12")} <= match_keys(version) & seeks(version)
    assert key_of_post_id("13") not in match_keys(version)


def test_the_same_posts_by_id_in_another_order_are_one_thread() -> None:
    posts = [(OPENING, "1"), ("The bridge is open.", "2"), ("Rain.", "3")]
    assert len(made(said(*posts), said(posts[0], posts[2], posts[1]))) == 1


def test_an_id_decides_between_threads_that_open_with_the_same_words() -> None:
    by_id, by_words = said((OPENING, "7"), ("Rain.", "8")), thread(OPENING, "The bridge is open.")
    part = said((OPENING, "7"), completeness=Completeness.PREVIEW)
    (home,) = (one for one in match_versions([part, by_id, by_words]) if 0 in one.members)
    assert home.members == (0, 1)


def test_what_begins_later_by_its_words_stays_a_thread_of_its_own() -> None:
    whole = said((OPENING, "1"), (LONG_LINK, "2"), ("Rain.", "3"))
    later = said((LONG_LINK, ""), ("Rain.", "3"), completeness=Completeness.FRAGMENT)
    later = replace(later, posts=(replace(later.posts[0], source_id=None), later.posts[1]))
    assert len(made(whole, later)) == 2


def test_a_part_that_begins_later_lends_its_posts_and_not_what_it_says_of_the_thread() -> None:
    whole = said((OPENING, "1"), ("Rain.", "2"), ("Sun.", "3"))
    part = replace(said(("Rain.", "2"), ("Sun.", "3")), title="Rain", url="https://example.org/2")
    part = replace(part, posts=(replace(part.posts[0], url="https://example.org/2"), part.posts[1]))
    (one,) = made(whole, part)
    assert (one.title, one.url, one.posts[1].url) == (None, None, "https://example.org/2")


def test_an_id_that_an_earlier_release_showed_for_another_thread_is_not_given_again() -> None:
    monday, note = thread(OPENING, "The bridge is open."), thread("Good night.")
    (alone, _) = sorted(match_versions([monday, note]), key=lambda one: one.members)
    assert alone.thread.id == alone.shared
    (shown, _) = sorted(match_versions([monday, note], shown=[None, monday.id]), key=lambda one: one.members)
    assert (shown.shared, shown.thread.id == shown.shared) == (monday.id, False)
