"""Exports of X that extensions of browsers write."""

import json

import pytest

from retrieval.formats.import_types import SavedFile
from retrieval.readers.json import x_browser
from tests.retrieval.readers.records import (
    FIRST,
    LACE,
    browser_post,
    document,
    gone,
    json_lines,
    reading,
    survives,
    texts,
)

THREAD = [browser_post(0), browser_post(1, answers=0), browser_post(2, answers=1), browser_post(3, answers=2)]


@pytest.mark.parametrize(
    "content",
    [document(THREAD), json_lines(*THREAD), document({"tweets": THREAD}), json.dumps(THREAD).encode()],
)
def test_a_list_and_lines_hold_the_same_thread(content: bytes) -> None:
    found = reading(x_browser, content)
    assert texts(found) == [list(LACE)]
    (thread,) = found.threads
    assert thread.author == "@ada_lace"
    assert thread.url == f"https://x.com/ada_lace/status/{FIRST}"
    assert str(thread.posted_at) == "2023-06-17 10:00:00+00:00"
    assert found.left_out == ()


def test_a_time_without_offset_is_nobody_s_and_the_id_s_is_taken() -> None:
    (thread,) = reading(x_browser, document([browser_post(0, created_at="2023-06-17 12:00:00")])).threads
    assert str(thread.posted_at) == "2023-06-17 09:26:41.756000+00:00"
    (old,) = reading(x_browser, document([browser_post(0, id="5000", created_at="17/06/2010")])).threads
    assert old.posted_at is None


def test_the_time_may_be_spelled_out_as_x_does() -> None:
    (thread,) = reading(
        x_browser, document([browser_post(0, created_at="Sat Jun 17 10:00:09 +0000 2023")])
    ).threads
    assert str(thread.posted_at) == "2023-06-17 10:00:09+00:00"


def test_an_answer_belongs_to_whom_its_first_mention_names_else_to_its_author() -> None:
    replies = [browser_post(7, "@bo_knots Hm.", in_reply_to="5"), browser_post(8, "More.", in_reply_to="6")]
    found = reading(x_browser, document([*THREAD, *replies]))
    assert texts(found) == [list(LACE), ["More."]]
    assert gone(found) == {"reply to another author": 1}
    assert "kept as a fragment" in found.warnings[0]


def test_an_exporter_that_tells_only_who_is_answered_leaves_its_answers_out() -> None:
    found = reading(x_browser, document([browser_post(0), browser_post(7, "Hm.", in_reply_to="@bo_knots")]))
    assert gone(found) == {"reply to another author": 1}


def test_reposts_are_left_out_and_counted() -> None:
    reposts = [browser_post(7, retweeted_status="5"), browser_post(8, "RT @bo_knots: Kno")]
    found = reading(x_browser, document([*THREAD, *reposts]))
    assert gone(found) == {"repost": 2}


def test_links_and_pictures_are_reported_in_full_where_the_record_knows_them() -> None:
    medium = {
        "type": "photo",
        "url": "https://t.co/pic",
        "original": "https://pbs.example/1?name=orig",
        "ext_alt_text": "A pillow",
    }
    urls = {"urls": [{"url": "https://t.co/ab", "expanded_url": "https://example.org/lace"}]}
    one = browser_post(
        0,
        "R&amp;D https://t.co/ab https://t.co/pic",
        media=[medium],
        metadata={"legacy": {"entities": urls}},
        quoted_status="55",
    )
    assert texts(reading(x_browser, document([one]))) == [
        ["R&D https://example.org/lace\n[image: A pillow]\n[quoted post: https://x.com/i/status/55]"]
    ]


def test_a_post_of_pictures_only_does_not_break_the_thread_and_is_counted() -> None:
    found = reading(x_browser, document([THREAD[0], browser_post(1, " ", answers=0), THREAD[2], THREAD[3]]))
    assert texts(found) == [[LACE[0], LACE[2], LACE[3]]]
    assert gone(found) == {"post without text (pictures only, perhaps)": 1}


def test_the_author_s_numbers_are_known_and_markers_on_their_own_line_are_no_text() -> None:
    posts = [browser_post(n, f"{LACE[n]}\n{n + 1}/4", answers=n - 1 if n else None) for n in range(4)]
    (thread,) = reading(x_browser, document(posts)).threads
    assert [(post.text, post.number) for post in thread.posts] == [(LACE[n], n + 1) for n in range(4)]


def test_parts_of_an_account_export_are_not_recognised() -> None:
    part = b"window.YTD.tweets.part0 = " + document([{"tweet": THREAD[0]}])
    assert x_browser.recognise(SavedFile("tweets.js", part)) == 0.0


def test_damage_loses_nothing_that_it_did_not_touch() -> None:
    said = [f"Post number {place} of pins and pillows." for place in range(8)]
    records = [json.dumps(browser_post(n, said[n], answers=n - 1 if n else None)).encode() for n in range(8)]
    survives(x_browser, records, (b"[", b",\n ", b"]"), said.__getitem__, count=300)
    survives(x_browser, records, (b"", b"\n", b"\n"), said.__getitem__, count=300)
