"""Lines of snscrape and its likes."""

import json

from retrieval.model import Completeness
from retrieval.readers.json import snscrape
from tests.retrieval.readers.records import (
    BO,
    FIRST,
    LACE,
    gone,
    json_lines,
    reading,
    snscrape_post,
    survives,
    texts,
)

THREAD = [
    snscrape_post(0),
    snscrape_post(1, answers=0),
    snscrape_post(2, answers=1),
    snscrape_post(3, answers=2),
]


def test_a_thread_is_what_its_author_answers_to_themselves() -> None:
    found = reading(snscrape, json_lines(*reversed(THREAD)))
    assert texts(found) == [list(LACE)]
    (thread,) = found.threads
    assert (thread.author, thread.completeness) == ("@ada_lace", Completeness.COMPLETE)
    assert thread.url == f"https://x.com/ada_lace/status/{FIRST}"
    assert str(thread.posts[1].posted_at) == "2023-06-17 10:01:00+00:00"
    assert thread.posts[1].source_id == str(FIRST + 1)


def test_handles_are_the_same_in_any_case() -> None:
    shouted = snscrape_post(1, answers=0)
    shouted["user"] = shouted["user"] | {"username": "Ada_Lace"}
    assert texts(reading(snscrape, json_lines(THREAD[0], shouted))) == [list(LACE[:2])]


def test_older_and_newer_field_names_are_read_too() -> None:
    old = [
        {key: value for key, value in one.items() if key != "rawContent"} | {"content": one["rawContent"]}
        for one in THREAD
    ]
    assert texts(reading(snscrape, json_lines(*old))) == [list(LACE)]
    linked = snscrape_post(0, "See https://t.co/ab")
    with_lists = linked | {"tcooutlinks": ["https://t.co/ab"], "outlinks": ["https://example.org/lace"]}
    with_links = linked | {"links": [{"tcourl": "https://t.co/ab", "url": "https://example.org/lace"}]}
    for one in (with_lists, with_links):
        assert texts(reading(snscrape, json_lines(one))) == [["See https://example.org/lace"]]
    new = [one | {"id": None, "id_str": str(one["id"])} for one in THREAD]
    assert texts(reading(snscrape, json_lines(*new))) == [list(LACE)]


def test_pictures_and_quoted_posts_are_lines_of_their_own() -> None:
    photo = {
        "_type": "snscrape.modules.twitter.Photo",
        "fullUrl": "https://pbs.example/1",
        "altText": "A pin",
    }
    video = {"_type": "snscrape.modules.twitter.Video", "thumbnailUrl": "https://pbs.example/v.jpg"}
    quoted = snscrape_post(40, "Theirs.", author=BO)
    one = snscrape_post(0, "Look.", media=[photo, video], quotedTweet=quoted)
    expected = (
        "Look.\n[image: A pin]\n[video: https://pbs.example/v.jpg]"
        f"\n[quoted post: https://x.com/bo_knots/status/{FIRST + 40}]"
    )
    assert texts(reading(snscrape, json_lines(one))) == [[expected]]
    by_kind = {"photos": [{"url": "https://pbs.example/2"}], "videos": [], "animated": []}
    assert texts(reading(snscrape, json_lines(snscrape_post(0, "Look.", media=by_kind)))) == [
        ["Look.\n[image: https://pbs.example/2]"]
    ]


def test_reposts_answers_to_others_and_what_is_no_post_are_left_out_and_counted() -> None:
    found = reading(
        snscrape,
        json_lines(
            *THREAD,
            snscrape_post(20, "RT", retweetedTweet=snscrape_post(21)),
            snscrape_post(22, "@bo_knots Hm.", inReplyToTweetId=5, inReplyToUser={"username": "bo_knots"}),
            snscrape_post(23, "@bo_knots Hm?", inReplyToTweetId=5),
            snscrape_post(24, "Whose?", conversationId=99),
            {"_type": "snscrape.modules.twitter.User", "username": "bo_knots"},
        ),
    )
    assert texts(found) == [list(LACE)]
    assert gone(found) == {
        "repost": 1,
        "reply to another author": 2,
        "reply to a post that the file does not hold": 1,
        "record that cannot be read: a post without an id": 1,
    }


def test_two_in_a_row_under_another_author_s_post_are_a_thread_and_one_is_a_reply() -> None:
    hanging = [
        snscrape_post(1, "@bo_knots No:", inReplyToTweetId=5, inReplyToUser={"username": "bo_knots"}),
        snscrape_post(2, answers=1),
        snscrape_post(3, answers=2),
    ]
    found = reading(snscrape, json_lines(*hanging))
    assert texts(found) == [["@bo_knots No:", LACE[2], LACE[3]]]
    assert found.warnings == ("1 thread hangs under another author's post; kept without that post",)
    assert texts(reading(snscrape, json_lines(*hanging[:2]))) == [["@bo_knots No:", LACE[2]]]
    assert gone(reading(snscrape, json_lines(hanging[0]))) == {"reply to another author": 1}


def test_damage_loses_nothing_that_it_did_not_touch() -> None:
    said = [f"Post number {place} of pins and pillows." for place in range(8)]
    records = [json.dumps(snscrape_post(n, said[n], answers=n - 1 if n else None)).encode() for n in range(8)]
    survives(snscrape, records, (b"", b"\n", b"\n"), said.__getitem__, count=300)
