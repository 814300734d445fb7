"""Pages and flattened posts of the X API v2: conversations, long posts, edits, errors, damage."""

import json

import pytest

from retrieval.errors import RejectedError
from retrieval.formats.import_types import SavedFile
from retrieval.model import Completeness
from retrieval.readers.json import x_api
from retrieval.readers.registry import read
from tests.retrieval.readers.records import (
    ADA,
    BO,
    FIRST,
    LACE,
    Json,
    document,
    gone,
    json_lines,
    reading,
    survives,
    texts,
    tweet,
    tweet_user,
)
from tests.shared import SHARED, needs_shared

USERS = [tweet_user(ADA), tweet_user(BO)]
THREAD = [tweet(0), tweet(1, answers=0), tweet(2, answers=1), tweet(3, answers=2)]
REFERRED = "post that the file only refers to"


def page(*tweets: Json, **includes: list[Json]) -> Json:
    return {"data": list(tweets), "includes": {"users": USERS, **includes}, "meta": {"result_count": 1}}


def test_a_page_a_document_and_flattened_lines_hold_the_same_thread() -> None:
    flat = [one | {"author": tweet_user(ADA), "__twarc": {"version": "2"}} for one in THREAD]
    for content in (json_lines(page(*THREAD)), document(page(*THREAD)), json_lines(*flat), document(flat)):
        found = reading(x_api, content)
        assert texts(found) == [list(LACE)]
        assert (found.left_out, found.warnings) == ((), ())
        (thread,) = found.threads
        assert (thread.author, thread.completeness) == ("@ada_lace", Completeness.COMPLETE)
        assert thread.url == f"https://x.com/ada_lace/status/{FIRST}"
        assert str(thread.posted_at) == "2023-06-17 10:00:00+00:00"
        assert [post.source_id for post in thread.posts] == [str(FIRST + place) for place in range(4)]


def test_pages_in_any_order_and_overlapping_make_one_thread() -> None:
    found = reading(x_api, json_lines(page(*THREAD[2:]), page(*THREAD[:3])))
    assert texts(found) == [list(LACE)]
    assert gone(found) == {"post that the file holds more than once": 1}


def test_answers_to_others_are_left_out_and_counted_and_branches_are_kept() -> None:
    chatter = [
        tweet(10, "Is it hard?", answers=0, author=BO),
        tweet(11, "@bo_knots Not at all.", answers=10, in_reply_to_user_id=BO),
        tweet(12, "And it is quiet, too.", answers=0),
        tweet(13, "Mostly.", answers=12),
    ]
    found = reading(x_api, json_lines(page(*THREAD, *chatter)))
    assert texts(found) == [list(LACE), ["And it is quiet, too.", "Mostly."]]
    assert found.threads[1].completeness is Completeness.FRAGMENT
    assert gone(found) == {"reply to another author": 2}


def test_only_posts_of_one_conversation_are_one_thread() -> None:
    found = reading(x_api, json_lines(page(tweet(0), tweet(1, answers=0, conversation_id="77"))))
    assert texts(found) == [[LACE[0]], [LACE[1]]]
    assert found.threads[1].completeness is Completeness.FRAGMENT
    assert gone(found) == {}


def test_an_answer_that_does_not_say_to_what_is_no_first_post() -> None:
    found = reading(x_api, json_lines(page(tweet(0), tweet(9, "What now?", referenced_tweets=[]))))
    assert texts(found) == [[LACE[0]]]
    assert gone(found) == {"reply to a post that the file does not hold": 1}


def test_what_follows_a_missing_post_is_a_fragment_and_reported() -> None:
    found = reading(x_api, json_lines(page(THREAD[0], *THREAD[2:])))
    assert texts(found) == [[LACE[0]], list(LACE[2:])]
    assert [one.completeness for one in found.threads] == [Completeness.COMPLETE, Completeness.FRAGMENT]
    (told,) = found.warnings
    assert told.startswith("1 thread answers a post of its author that the file does not hold; kept")


def test_a_parent_that_the_page_only_includes_keeps_the_chain_and_other_included_posts_are_counted() -> None:
    theirs = tweet(50, "Knots are better.", author=BO, conversation_id=str(FIRST + 50))
    content = json_lines(page(THREAD[0], *THREAD[2:], tweets=[THREAD[1], theirs]))
    found = reading(x_api, content)
    assert texts(found) == [list(LACE)]
    assert gone(found) == {REFERRED: 1}
    reply = tweet(51, "@bo_knots No.", referenced_tweets=[{"type": "replied_to", "id": theirs["id"]}])
    reply |= {"in_reply_to_user_id": BO, "conversation_id": theirs["id"]}
    assert gone(reading(x_api, json_lines(page(reply, tweets=[theirs])))) == {
        "reply to another author": 1,
        REFERRED: 1,
    }


def test_a_long_post_s_words_are_in_its_note_only() -> None:
    full = "Lace, at length. " * 40 + "Read https://t.co/abc"
    urls = {"urls": [{"url": "https://t.co/abc", "expanded_url": "https://example.org/lace"}]}
    long = tweet(0, full[:270] + "…", note_tweet={"text": full, "entities": urls})
    assert texts(reading(x_api, json_lines(page(long)))) == [
        [full.replace("https://t.co/abc", "https://example.org/lace")]
    ]


def test_short_links_are_written_in_full_and_escapes_undone() -> None:
    urls = [
        {"url": "https://t.co/abc", "expanded_url": "https://example.org/?a=1&amp=2"},
        {"url": "https://t.co/abcd", "expanded_url": "https://e.org", "unwound_url": "https://example.org/2"},
    ]
    said = tweet(0, "R&amp;D &lt;3 &amp;lt; https://t.co/abc and https://t.co/abcd", entities={"urls": urls})
    assert texts(reading(x_api, json_lines(page(said)))) == [
        ["R&D <3 &lt; https://example.org/?a=1&amp=2 and https://example.org/2"]
    ]


def test_a_post_s_own_pictures_are_lines_with_their_descriptions() -> None:
    urls = [{"url": "https://t.co/pic", "expanded_url": f"https://x.com/ada_lace/status/{FIRST}/photo/1"}]
    seen = tweet(0, "Look: https://t.co/pic", entities={"urls": urls}, attachments={"media_keys": ["3_1"]})
    media = [
        {"media_key": "3_1", "type": "photo", "url": "https://pbs.example/1.jpg", "alt_text": "A pillow"}
    ]
    assert texts(reading(x_api, json_lines(page(seen, media=media)))) == [["Look:\n[image: A pillow]"]]
    del media[0]["alt_text"]
    assert texts(reading(x_api, json_lines(page(seen, media=media)))) == [
        ["Look:\n[image: https://pbs.example/1.jpg]"]
    ]
    assert texts(reading(x_api, json_lines(page(seen)))) == [
        [f"Look:\n[image: https://x.com/ada_lace/status/{FIRST}/photo/1]"]
    ]


def test_a_quoted_post_is_an_address_and_its_words_stay_out() -> None:
    theirs = tweet(50, "Knots are better.", author=BO)
    quoting = tweet(0, "No.", referenced_tweets=[{"type": "quoted", "id": theirs["id"]}])
    found = reading(x_api, json_lines(page(quoting, tweets=[theirs])))
    assert texts(found) == [[f"No.\n[quoted post: https://x.com/bo_knots/status/{FIRST + 50}]"]]


def test_of_an_edited_post_the_last_version_counts_and_answers_point_at_it() -> None:
    versions = [str(FIRST), str(FIRST + 5)]
    before = tweet(0, "Bobin lace.", edit_history_tweet_ids=versions)
    after = tweet(5, "Bobbin lace.", edit_history_tweet_ids=versions, conversation_id=str(FIRST + 5))
    answer = tweet(6, "It is made of threads.", answers=0)
    for content in (page(before, after, answer), page(before, answer, tweets=[after])):
        found = reading(x_api, json_lines(content))
        assert texts(found) == [["Bobbin lace.", "It is made of threads."]]
        assert gone(found) == {"earlier version of an edited post": 1}
        assert found.threads[0].posts[0].source_id == str(FIRST + 5)
    alone = reading(x_api, json_lines(page(before)))
    assert texts(alone) == [["Bobin lace."]]


def test_reposts_withheld_and_refused_posts_are_counted() -> None:
    repost = tweet(20, "RT @bo_knots: Kno", referenced_tweets=[{"type": "retweeted", "id": "5"}])
    hidden = tweet(
        21, "@ada_lace's account has been withheld in IN in response to a legal demand. Learn more."
    )
    hidden |= {"withheld": {"country_codes": ["IN"]}, "conversation_id": str(FIRST + 21)}
    shown = tweet(22, "Still here.", withheld={"country_codes": ["DE"]}, conversation_id=str(FIRST + 22))
    errors = [
        {"resource_type": "tweet", "title": "Not Found Error", "value": "5"},
        {"resource_type": "user", "title": "Forbidden", "value": "6"},
    ]
    found = reading(x_api, json_lines(page(repost, hidden, shown) | {"errors": errors}))
    assert texts(found) == [["Still here."]]
    assert gone(found) == {
        "repost": 1,
        "post whose text X withholds": 1,
        "post that X did not give (Not Found Error)": 1,
    }


def test_a_stream_s_message_and_a_broken_line_lose_only_themselves() -> None:
    lines = [json.dumps({"data": one, "includes": {"users": USERS}}) for one in THREAD]
    lines.insert(1, '{"errors":[{"title":"operational-disconnect","detail":"x"}]}')
    lines.insert(3, '{"data": {"id": "5" "text"')
    found = reading(x_api, "\n".join(lines).encode())
    assert texts(found) == [list(LACE)]
    assert [(one.why.split(":")[0], one.lines) for one in found.left_out] == [
        ("X's own message", (2, 2)),
        ("line that cannot be read", (4, 4)),
    ]


def test_a_broken_line_of_many_posts_loses_only_the_broken_post() -> None:
    content = json_lines(page(*THREAD), page(tweet(9, "Later.", conversation_id=str(FIRST + 9))))
    broken = content.replace(b'"text": "Everything', b'"text" "Everything')
    found = reading(x_api, broken)
    assert texts(found) == [list(LACE[:2]), [LACE[3]], ["Later."]]
    assert [(one.why.split(":")[0], one.lines) for one in found.left_out] == [
        ("line that cannot be read", (1, 1))
    ]


def test_posts_without_id_or_text_are_reported_by_line_or_by_number() -> None:
    nameless = {"text": "Who am I?", "author_id": ADA}
    found = reading(x_api, json_lines(page(*THREAD), page(nameless), page(tweet(9) | {"text": None})))
    assert [one.lines for one in found.left_out] == [(2, 2), (3, 3)]
    found = reading(x_api, document(page(*THREAD, nameless, tweet(9) | {"id": 1.67e18})))
    assert [one.why.partition(" of")[0] for one in found.left_out] == ["record 5", "record 6"]


def test_a_handle_that_nobody_tells_leaves_author_and_address_unknown() -> None:
    found = reading(x_api, json_lines(*THREAD))
    assert texts(found) == [list(LACE)]
    assert (found.threads[0].author, found.threads[0].url) == (None, None)
    said = reading(x_api, json_lines(*THREAD), author="@ada", title="Lace", url="https://example.org/lace")
    (thread,) = said.threads
    assert (thread.author, thread.title, thread.url) == ("@ada", "Lace", "https://example.org/lace")


def test_a_file_without_any_post_is_refused() -> None:
    with pytest.raises(RejectedError, match="holds no post"):
        reading(x_api, document({"data": [], "meta": {"result_count": 0}}))


def test_nothing_vanishes_where_a_name_is_damaged() -> None:
    stream = [{"dta": one, "includes": {"users": USERS}, "matching_rules": [{"id": "1"}]} for one in THREAD]
    assert texts(reading(x_api, json_lines(*stream))) == [list(LACE)]
    assert texts(reading(x_api, document({"dta": THREAD, "includes": {"users": USERS}}))) == [list(LACE)]


def test_damage_loses_nothing_that_it_did_not_touch() -> None:
    said = [f"Post number {place} of pins and pillows." for place in range(8)]
    records = [json.dumps(tweet(n, said[n], answers=n - 1 if n else None)).encode() for n in range(8)]
    users = json.dumps({"users": USERS}).encode()
    survives(x_api, records, (b"", b"\n", b"\n"), said.__getitem__, count=300)
    frame = (b'{"data":[', b",\n", b'],"includes":' + users + b"}")
    survives(x_api, records, frame, said.__getitem__, count=300)


@needs_shared
def test_the_real_thread_is_four_posts_and_its_six_side_replies_are_fragments() -> None:
    file = SHARED / "formats" / "x_api_v2" / "thread.sensemakers.json"
    found = read(SavedFile(file.name, file.read_bytes()))
    assert found.form == x_api.FORM
    whole = [thread for thread in found.threads if thread.completeness is Completeness.COMPLETE]
    assert [thread.length for thread in whole] == [4]
    assert found.threads[0].author == "@sense_nets_bot"
    assert sum(thread.length for thread in found.threads) == 10


@needs_shared
@pytest.mark.parametrize(
    ("name", "threads", "posts", "left_out"),
    [
        ("flat.jsonl", 22, 24, {"repost": 47, "reply to another author": 30}),
        ("withheld.jsonl", 69, 69, {"repost": 83, "reply to another author": 62}),
        ("streaming_output_with_error.jsonl", 4, 4, {"reply to another author": 3}),
        ("two_tweets.jsonl", 0, 0, {"repost": 1}),
        ("cotweet.jsonl", 1, 1, {}),
        ("edited_before.jsonl", 1, 1, {"earlier version of an edited post": 1}),
        ("edited_after.jsonl", 1, 1, {}),
        ("quoted_edit.jsonl", 0, 0, {"reply to another author": 1}),
    ],
)
def test_real_pages_give_what_they_hold(
    name: str, threads: int, posts: int, left_out: dict[str, int]
) -> None:
    found = read(SavedFile(name, (SHARED / "formats" / "x_api_v2" / name).read_bytes()))
    assert (len(found.threads), sum(thread.length for thread in found.threads)) == (threads, posts)
    assert left_out.items() <= gone(found).items()
