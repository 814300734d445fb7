"""Threads and feeds of Bluesky: facets in bytes, absent posts, reposts, what hangs on a post."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.formats.import_types import SavedFile
from retrieval.model import Completeness
from retrieval.readers.json import bluesky
from retrieval.readers.registry import read
from tests.retrieval.readers.records import (
    BO,
    LACE,
    Json,
    bluesky_post,
    bluesky_uri,
    document,
    gone,
    reading,
    survives,
    texts,
)
from tests.shared import SHARED, needs_shared

POSTS = [bluesky_post(0), bluesky_post(1, answers=0), bluesky_post(2, answers=1), bluesky_post(3, answers=2)]


def node(view: Json, *replies: Json, **more: Json) -> Json:
    return {"$type": "app.bsky.feed.defs#threadViewPost", "post": view, "replies": list(replies), **more}


def nested(posts: list[Json]) -> Json:
    made = node(posts[-1])
    for view in reversed(posts[:-1]):
        made = node(view, made)
    return made


def facet(text: str, shown: str, address: str) -> Json:
    start = len(text[: text.index(shown)].encode())
    return {
        "index": {"byteStart": start, "byteEnd": start + len(shown.encode())},
        "features": [{"$type": "app.bsky.richtext.facet#link", "uri": address}],
    }


def said(text: str, *facets: Json, **more: Any) -> str:
    view = bluesky_post(0, text, facets=list(facets), **more)
    ((post,),) = texts(reading(bluesky, document({"thread": node(view)})))
    return post


def test_a_thread_a_feed_and_a_list_of_posts_hold_the_same_thread() -> None:
    above = node(POSTS[1], node(POSTS[2], node(POSTS[3])), parent=node(POSTS[0]))
    feed = {"feed": [{"post": view} for view in reversed(POSTS)], "cursor": "x"}
    second = [{"uri": view["uri"], "depth": 0, "value": {"post": view}} for view in POSTS]
    for value in ({"thread": nested(POSTS)}, {"thread": above}, feed, {"posts": POSTS}, {"thread": second}):
        found = reading(bluesky, document(value))
        assert texts(found) == [list(LACE)]
        (thread,) = found.threads
        assert (thread.author, thread.url) == (
            "@ada_lace.example",
            "https://bsky.app/profile/did:plc:ada/post/3k0000",
        )
        assert thread.posts[1].source_id == bluesky_uri(1)
        assert str(thread.posted_at) == "2023-06-17 10:00:00+00:00"
        assert found.left_out == ()


@pytest.mark.parametrize(("more", "completeness"), [(0, Completeness.COMPLETE), (2, Completeness.FRAGMENT)])
def test_a_list_that_leaves_answers_out_ends_early(more: int, completeness: Completeness) -> None:
    rows = [
        {"depth": place, "value": {"post": view | {"replyCount": 1 + more}, "moreReplies": more}}
        for place, view in enumerate(POSTS)
    ]
    assert reading(bluesky, document({"thread": rows})).threads[0].completeness is completeness


def test_other_people_s_answers_are_left_out_and_counted_and_branches_are_kept() -> None:
    chatter = node(bluesky_post(10, "Hm.", answers=0, author=BO), node(bluesky_post(11, "Hm?", answers=10)))
    chatter["replies"][0]["post"]["record"]["reply"]["parent"]["uri"] = bluesky_uri(10, BO)
    tree = nested(POSTS)
    tree["replies"] += [chatter, node(bluesky_post(12, "Also.", answers=0))]
    found = reading(bluesky, document({"thread": tree}))
    assert texts(found) == [list(LACE), ["Also."]]
    assert found.threads[1].completeness is Completeness.FRAGMENT
    assert gone(found) == {"reply to another author": 2}


def test_posts_of_another_root_are_no_part_of_the_thread() -> None:
    stray = bluesky_post(1, answers=0)
    stray["record"]["reply"]["root"]["uri"] = bluesky_uri(77)
    found = reading(bluesky, document({"thread": node(POSTS[0], node(stray))}))
    assert texts(found) == [[LACE[0]], [LACE[1]]]
    assert found.threads[1].completeness is Completeness.FRAGMENT


def test_posts_that_are_gone_or_blocked_are_counted_and_what_follows_is_a_fragment() -> None:
    absent = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": bluesky_uri(1), "notFound": True}
    blocked = {"$type": "app.bsky.feed.defs#blockedPost", "uri": bluesky_uri(40), "blocked": True}
    tree = node(POSTS[2], node(POSTS[3]), blocked, parent=absent)
    found = reading(bluesky, document({"thread": tree}))
    assert texts(found) == [list(LACE[2:])]
    assert found.threads[0].completeness == "fragment"
    assert gone(found) == {"post that is gone": 1, "post that is blocked": 1}


def test_reposts_in_a_feed_are_left_out_and_posts_above_an_answer_are_only_referred_to() -> None:
    theirs = bluesky_post(50, "Knots!", author=BO)
    repost = {"post": theirs, "reason": {"$type": "app.bsky.feed.defs#reasonRepost"}}
    answer = bluesky_post(51, "No.", answers=50)
    answer["record"]["reply"] = {"root": {"uri": theirs["uri"]}, "parent": {"uri": theirs["uri"]}}
    pinned = {"post": POSTS[0], "reason": {"$type": "app.bsky.feed.defs#reasonPin"}}
    items = [pinned, repost, {"post": answer, "reply": {"root": theirs, "parent": theirs}}]
    found = reading(bluesky, document({"feed": [*items, *({"post": view} for view in POSTS)]}))
    assert texts(found) == [list(LACE)]
    assert gone(found) == {
        "repost": 1,
        "reply to another author": 1,
        "post that the file only refers to": 1,
        "post that the file holds more than once": 1,
    }


def test_facets_count_bytes_and_give_shortened_links_in_full() -> None:
    text = "Spitze 🧵 näht: example.com/lace/pi… und example.org/…!"
    first = facet(text, "example.com/lace/pi…", "https://example.com/lace/pillows?a=ä")
    second = facet(text, "example.org/…", "https://example.org/x")
    expected = "Spitze 🧵 näht: https://example.com/lace/pillows?a=ä und https://example.org/x!"
    assert said(text, second, first) == expected


def test_a_link_behind_other_words_is_a_line_and_mentions_and_tags_stay() -> None:
    text = "Read this by @bo_knots.example #lace at example.org/x"
    mention = {
        "index": {"byteStart": 13, "byteEnd": 30},
        "features": [{"$type": "app.bsky.richtext.facet#mention"}],
    }
    tag = {
        "index": {"byteStart": 31, "byteEnd": 36},
        "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "l"}],
    }
    links = (
        facet(text, "this", "https://example.org/lace"),
        facet(text, "example.org/x", "https://example.org/x"),
    )
    assert said(text, mention, tag, *links) == f"{text}\n[link: https://example.org/lace]"


@pytest.mark.parametrize(("start", "end"), [(0, 999), (-1, 3), (3, 3), (1, 4), (None, 3), (4, 2), (True, 3)])
def test_facets_with_impossible_bounds_change_nothing(start: object, end: object) -> None:
    broken = facet("ü…ü", "ü…ü", "https://example.org/")
    broken["index"] = {"byteStart": start, "byteEnd": end}
    assert said("ü…ü", broken, {"index": None}, {}) in {"ü…ü", "ü…ü\n[link: https://example.org/]"}


def test_overlapping_facets_are_taken_once() -> None:
    text = "example.com/a…"
    one = facet(text, text, "https://example.com/abc")
    assert said(text, one, one) == "https://example.com/abc"


@given(st.text(), st.lists(st.tuples(st.integers(-2, 40), st.integers(-2, 40)), max_size=5))
def test_no_facet_loses_a_word_or_breaks_a_character(text: str, bounds: list[tuple[int, int]]) -> None:
    facets = [
        {
            "index": {"byteStart": start, "byteEnd": end},
            "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://example.org/"}],
        }
        for start, end in bounds
    ]
    made, _ = bluesky.linked(text, facets)
    made.encode("utf-8", "surrogatepass")
    if "…" not in text and "..." not in text:
        assert made == text


def test_what_hangs_on_a_post_are_lines_of_their_own() -> None:
    quoted = {
        "$type": "app.bsky.embed.record#viewRecord",
        "uri": bluesky_uri(9, BO),
        "value": {"text": "Theirs."},
    }
    image = {"alt": "A pillow", "fullsize": "https://cdn.example/1"}
    both = {
        "$type": "app.bsky.embed.recordWithMedia#view",
        "media": {"images": [image, {"alt": "", "fullsize": "https://cdn.example/2"}]},
        "record": {"record": quoted},
    }
    assert said("Look.", embed_view=both) == (
        "Look.\n[image: A pillow]\n[image: https://cdn.example/2]"
        "\n[quoted post: https://bsky.app/profile/did:plc:bo/post/3k0009]"
    )
    page = {
        "$type": "app.bsky.embed.external#view",
        "external": {"uri": "https://example.org/x", "title": "T"},
    }
    assert said("See.", embed_view=page) == "See.\n[link: https://example.org/x]"
    assert said("See https://example.org/x", embed_view=page) == "See https://example.org/x"
    film = {"$type": "app.bsky.embed.video#view", "playlist": "https://v.example/1", "alt": "A hand"}
    assert said("See.", embed_view=film) == "See.\n[video: A hand]"
    raw = {"$type": "app.bsky.embed.images", "images": [{"alt": "A pin", "image": {}}]}
    assert said("See.", embed=raw) == "See.\n[image: A pin]"


def test_a_handle_that_is_no_longer_valid_is_unknown() -> None:
    view = bluesky_post(0)
    view["author"]["handle"] = "handle.invalid"
    (thread,) = reading(bluesky, document({"posts": [view]})).threads
    assert thread.author is None
    assert thread.url == "https://bsky.app/profile/did:plc:ada/post/3k0000"


def test_a_thread_of_a_thousand_levels_is_read_to_its_end() -> None:
    posts = [bluesky_post(n, f"Post {n}.", answers=n - 1 if n else None) for n in range(1_000)]
    heads = [json.dumps(node(view)).removesuffix("]}") for view in posts]
    content = "".join(heads) + "]}" * len(posts)
    found = reading(bluesky, f'{{"thread":{content}}}'.encode())
    assert [thread.length for thread in found.threads] == [1_000]


def test_nothing_vanishes_where_a_name_is_damaged() -> None:
    feed = [{"post": POSTS[0]}, {"pst": POSTS[1]}, *({"post": view} for view in POSTS[2:])]
    assert texts(reading(bluesky, document({"fed": feed}))) == [list(LACE)]
    deep = json.loads(
        json.dumps(node(POSTS[0], node(POSTS[1], node(POSTS[2])))).replace("replies", "repies", 1)
    )
    assert texts(reading(bluesky, document({"thread": deep}))) == [list(LACE[:3])]
    for name in ("uri", "author", "record"):
        broken = {key + "s" * (key == name): value for key, value in POSTS[3].items()}
        found = reading(
            bluesky, document({"feed": [*({"post": view} for view in POSTS[:3]), {"post": broken}]})
        )
        assert texts(found) == [list(LACE[:3])]
        assert [one.why.partition(",")[0] for one in found.left_out] == ["record 4 of the document"]


def test_damage_loses_nothing_that_it_did_not_touch() -> None:
    words = [f"Post number {place} of pins and pillows." for place in range(8)]
    records = [
        json.dumps({"post": bluesky_post(n, words[n], answers=n - 1 if n else None)}).encode()
        for n in range(8)
    ]
    survives(bluesky, records, (b'{"feed":[', b",", b'],"cursor":"x"}'), words.__getitem__, count=300)


@needs_shared
def test_the_real_thread_is_a_picture_and_a_quoted_post() -> None:
    file = SHARED / "formats" / "bluesky" / "thread_view_post_with_embed_media.json"
    found = read(SavedFile(file.name, file.read_bytes()))
    assert (found.form, found.left_out) == (bluesky.FORM, ())
    ((post,),) = texts(found)
    assert [line.partition(":")[0] for line in post.split("\n")] == ["[image", "[quoted post"]
    assert found.threads[0].author == "@test.marshal.dev"
