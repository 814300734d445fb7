"""Threads of every service: what ends early, branches off, hangs under others, or begins with a picture."""

from collections.abc import Callable
from typing import Any

import pytest

from retrieval.formats.import_types import Reading
from retrieval.model import Completeness
from retrieval.readers.json import bluesky, mastodon_api, mastodon_outbox, snscrape, x_api, x_browser
from tests.retrieval.readers.records import (
    BO,
    LACE,
    bluesky_post,
    browser_post,
    document,
    json_lines,
    mastodon_note,
    mastodon_status,
    reading,
    snscrape_post,
    texts,
    tweet,
    tweet_user,
)


def chain(length: int, *, last: int = 0) -> list[dict[str, object]]:
    return [
        mastodon_status(
            place,
            f"<p>Step {place}.</p>",
            answers=place - 1 if place else None,
            replies_count=last if place == length - 1 else 1,
        )
        for place in range(length)
    ]


def completeness(found: Reading) -> list[tuple[int, str]]:
    return [(thread.length, thread.completeness.value) for thread in found.threads]


@pytest.mark.parametrize(
    ("ancestors", "below", "last", "expected"),
    [
        (1, 4, 0, "complete"),
        # The last post was answered, and the answer is not here.
        (1, 4, 1, "fragment"),
        # What a server lists for readers who are not logged in, to the post.
        (1, 60, 0, "fragment"),
        (1, 59, 0, "complete"),
        (40, 3, 0, "fragment"),
    ],
)
def test_a_mastodon_context_that_stops_where_the_server_stops_is_a_fragment(
    ancestors: int, below: int, last: int, expected: str
) -> None:
    posts = chain(ancestors + below, last=last)
    found = reading(
        mastodon_api, document({"ancestors": posts[:ancestors], "descendants": posts[ancestors:]})
    )
    assert completeness(found) == [(ancestors + below, expected)]
    assert any("may go on" in line for line in found.warnings) is (expected == "fragment")


def test_answers_of_others_below_the_last_post_are_what_its_count_counts() -> None:
    posts = [*chain(3, last=1), mastodon_status(9, "<p>Hm.</p>", answers=2, author=BO)]
    found = reading(mastodon_api, document({"ancestors": posts[:1], "descendants": posts[1:]}))
    assert completeness(found) == [(3, "complete")]


def test_a_list_of_statuses_does_not_hold_the_answers_and_says_nothing_of_the_end() -> None:
    assert completeness(reading(mastodon_api, document(chain(3, last=7)))) == [(3, "complete")]


def view(length: int, *, last: int, depth: int) -> dict[str, object]:
    """A thread as getPostThread gives it: its first posts, of a longer one or not."""
    top: dict[str, object] | None = None
    for place in reversed(range(min(length, depth + 1))):
        post = bluesky_post(place, f"Step {place}.", answers=place - 1 if place else None)
        post["replyCount"] = last if place == length - 1 else 1
        node: dict[str, object] = {"$type": "app.bsky.feed.defs#threadViewPost", "post": post}
        if top is not None or place < depth:
            node["replies"] = [top] if top is not None else []
        top = node
    assert top is not None
    return {"thread": top}


@pytest.mark.parametrize(
    ("length", "last", "expected"),
    [(7, 0, (7, "complete")), (20, 0, (7, "fragment")), (5, 2, (5, "fragment")), (5, 0, (5, "complete"))],
)
def test_a_bluesky_thread_of_six_below_is_whole_only_if_its_last_post_has_no_answer(
    length: int, last: int, expected: tuple[int, str]
) -> None:
    assert completeness(reading(bluesky, document(view(length, last=last, depth=6)))) == [expected]


def test_a_bluesky_thread_without_counts_that_is_as_deep_as_the_default_may_go_on() -> None:
    value = view(20, last=0, depth=6)
    node = value["thread"]
    while isinstance(node, dict):
        node["post"].pop("replyCount")
        node = (node.get("replies") or [None])[0]
    assert completeness(reading(bluesky, document(value))) == [(7, "fragment")]


Record = dict[str, Any]
FORMS: dict[str, tuple[Any, Callable[[int, int | None], Record], Callable[[list[Record]], bytes]]] = {
    "snscrape": (
        snscrape,
        lambda place, up: snscrape_post(place, answers=up),
        lambda records: json_lines(*records),
    ),
    "x_browser": (x_browser, lambda place, up: browser_post(place, answers=up), document),
    "mastodon_outbox": (mastodon_outbox, lambda place, up: mastodon_note(place, answers=up), document),
    "mastodon_api": (mastodon_api, lambda place, up: mastodon_status(place, answers=up), document),
    "bluesky": (bluesky, lambda place, up: bluesky_post(place, answers=up), document),
    "x_api": (
        x_api,
        lambda place, up: tweet(place, answers=up),
        lambda records: document({"data": records, "includes": {"users": [tweet_user("1001")]}}),
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_branch_by_the_author_is_a_fragment_of_its_own(form: str) -> None:
    reader, make, wrap = FORMS[form]
    found = reading(reader, wrap([make(0, None), make(1, 0), make(2, 1), make(3, 0)]))
    assert texts(found) == [list(LACE[:3]), [LACE[3]]]
    assert [thread.completeness for thread in found.threads] == [
        Completeness.COMPLETE,
        Completeness.FRAGMENT,
    ]
    assert found.warnings == ("1 branch leaves its thread; kept as a fragment of its own",)


def test_a_root_that_is_only_a_picture_keeps_its_place() -> None:
    picture = mastodon_status(0, " ", media_attachments=[{"type": "image"}])
    picture["content"] = ""
    found = reading(mastodon_api, document([picture, mastodon_status(1, answers=0)]))
    assert texts(found) == [["[image: no description]", LACE[1]]]
    assert found.threads[0].url == picture["url"]


def test_two_answers_in_a_row_under_another_author_s_post_are_a_thread() -> None:
    notes = [
        mastodon_note(0, answers="https://knots.example/users/bo/statuses/9"),
        mastodon_note(1, answers=0),
        mastodon_note(2, answers="https://knots.example/users/bo/statuses/9"),
    ]
    found = reading(mastodon_outbox, document(notes))
    assert texts(found) == [[LACE[0], LACE[1]]]
    assert {part.why: part.count for part in found.left_out} == {"reply to another author": 1}
