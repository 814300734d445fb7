"""X account exports: every layout since 2013, threads by reply ids, and nothing opened but posts."""

import json
import random
import re
import subprocess
import sys
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import ReadError, RejectedError
from retrieval.formats.import_types import LeftOut, Reading, SavedFile
from retrieval.model import Attachment, AttachmentKind, Completeness
from retrieval.readers.x_export import x_export
from tests.benchmarks.export import export
from tests.growth import MOST, growth
from tests.retrieval.readers.exports import (
    KEEPER,
    Guarded,
    account,
    assigned,
    grailbird,
    identified,
    link,
    note,
    post,
    posts,
    reading,
    texts,
)
from tests.shared import SHARED, needs_shared

THREAD = [
    post(1, "The lamp on the quay has moved, and nobody wrote down why."),
    post(2, "It was the ferry: its captain could not see the pier.", 1),
    post(3, "So the lamp went north, at night, by hand.", 2),
]
WORDS = [[record["full_text"] for record in THREAD]]


def left(read: Reading) -> dict[str, int]:
    return {one.why: one.count for one in read.left_out}


def counted(read: Reading, words: str) -> int:
    return sum(one.count for one in read.left_out if words in one.why)


def only(*records: dict[str, Any]) -> Reading:
    return reading({"data/tweets.js": posts(records), "data/account.js": account()})


def test_a_thread_is_made_from_reply_ids_whatever_the_order_of_the_posts() -> None:
    read = only(THREAD[2], THREAD[0], THREAD[1])
    assert texts(read.threads) == WORDS
    (thread,) = read.threads
    first = str(identified(1))
    assert thread.completeness is Completeness.COMPLETE
    assert (thread.author, thread.url) == ("@ada", f"https://x.com/ada/status/{first}")
    assert (thread.posts[0].source_id, thread.posts[0].author) == (first, "@ada")
    assert [one.number for one in thread.posts] == [None, None, None]
    assert (read.left_out, read.warnings) == ((), ())


LAYOUTS = {
    "since 2022": {"data/tweets.js": posts(THREAD), "data/account.js": account()},
    "the data folder alone": {"tweets.js": posts(THREAD), "account.js": account()},
    "until 2022": {"data/tweet.js": posts(THREAD, kind="tweet"), "data/account.js": account()},
    "2018": {"tweet.js": assigned("window.YTD.tweet.part0", THREAD), "account.js": account()},
    "on one line": {"tweets.js": posts(THREAD).replace("\n", " "), "account.js": account()},
    "in parts": {
        "data/tweets-part1.js": posts(THREAD[:1], 1),
        "data/tweets.js": posts(THREAD[1:]),
        "data/account.js": account(),
    },
    "with communities": {
        "data/tweets.js": posts(THREAD[:2]),
        "data/community-tweet.js": posts(THREAD[2:], kind="community_tweet"),
        "data/account.js": account(),
    },
}


@pytest.mark.parametrize("files", LAYOUTS.values(), ids=LAYOUTS)
def test_every_layout_gives_the_same_threads(files: dict[str, str]) -> None:
    file = SavedFile("any name", bundle=Guarded(files))
    assert x_export.recognise(file) == 1.0
    assert list(x_export.read(file).threads) == list(only(*THREAD).threads)


def test_one_post_file_by_itself_is_an_export_and_tells_the_author_by_the_replies() -> None:
    file = SavedFile("whatever", posts(THREAD).encode())
    assert x_export.recognise(file) == 1.0
    read = x_export.read(file)
    assert texts(read.threads) == WORDS
    assert read.threads[0].author == "@ada"
    alone = x_export.read(SavedFile("whatever", posts(THREAD[:1]).encode(), author="Ada Example"))
    assert (alone.threads[0].author, alone.threads[0].url) == ("Ada Example", None)


PRIVATE = [
    "data/direct-messages.js",
    "data/direct-message-group-headers.js",
    "data/email-address-change.js",
    "data/like.js",
    "data/ad-engagements.js",
    "data/deleted-tweets.js",
    "data/tweet-headers.js",
    "data/twitter-circle-tweet.js",
    "data/tweets_media/1-a.jpg",
    "data/profile.js",
    "Your archive.html",
    "assets/js/main.js",
    "other/data/tweets.js.bak",
]


def test_nothing_but_post_files_is_opened_and_the_rest_is_counted() -> None:
    files: dict[str, str | bytes | None] = {**LAYOUTS["since 2022"], **dict.fromkeys(PRIVATE)}
    assert x_export.recognise(SavedFile("export", bundle=Guarded(files))) == 1.0
    read = reading(files)
    assert texts(read.threads) == WORDS
    assert read.left_out == (
        LeftOut("file of the export that was not opened; only posts are read", len(PRIVATE)),
    )


def test_of_the_account_nothing_but_its_name_and_number_goes_on() -> None:
    assert "example.org" not in repr(list(only(*THREAD).threads))


@pytest.mark.parametrize("kind", ["direct_messages", "like", "deleted_tweets", "email_address_change"])
def test_another_file_of_an_export_is_refused_with_the_reason(kind: str) -> None:
    file = SavedFile("some.js", assigned(f"window.YTD.{kind}.part0", [{"x": {}}]).encode())
    assert x_export.recognise(file) == 1.0
    with pytest.raises(RejectedError, match=f"holds {kind.replace('_', ' ')}; .*nothing but posts"):
        x_export.read(file)


def test_an_account_alone_is_refused() -> None:
    with pytest.raises(RejectedError, match="import the whole export"):
        x_export.read(SavedFile("account.js", account().encode()))


def test_a_file_that_only_has_the_name_of_a_post_file_is_none() -> None:
    web = "export const tweets = [];"
    assert x_export.recognise(SavedFile("site", bundle=Guarded({"data/tweets.js": web}))) == 0.0
    read = reading({"data/tweets.js": posts(THREAD), "data/tweets-part1.js": web})
    assert counted(read, "holds something else") == 1
    assert texts(read.threads) == WORDS


def test_a_part_that_is_missing_between_others_is_reported() -> None:
    read = reading({"tweets.js": posts(THREAD[:1]), "tweets-part2.js": posts(THREAD[1:], 2)})
    assert "part 1 of tweets is missing; what it holds is not imported" in read.warnings


def test_at_a_branch_the_longest_goes_on_and_the_others_are_threads_of_their_own() -> None:
    read = only(post(1, "Root."), post(2, "Short.", 1), post(3, "Long.", 1), post(4, "Longer.", 3))
    assert texts(read.threads) == [["Root.", "Long.", "Longer."], ["Short."]]
    assert [thread.completeness for thread in read.threads] == ["complete", "fragment"]
    assert "branches of threads, kept as threads of their own: 1" in read.warnings


def test_of_two_branches_of_one_length_the_oldest_goes_on() -> None:
    read = only(post(1, "Root."), post(3, "Later.", 1), post(2, "Sooner.", 1))
    assert texts(read.threads) == [["Root.", "Sooner."], ["Later."]]


def test_a_missing_parent_is_flagged_and_not_guessed() -> None:
    read = only(THREAD[0], THREAD[2], post(4, "And there it stayed.", 3))
    assert texts(read.threads) == [WORDS[0][:1], [WORDS[0][2], "And there it stayed."]]
    assert [thread.completeness for thread in read.threads] == ["complete", "fragment"]
    assert any("begin in the middle" in warning for warning in read.warnings)


def test_single_replies_to_others_are_left_out_and_threads_under_others_posts_are_kept() -> None:
    to = (KEEPER, "keeper")
    read = only(
        post(1, "@keeper Yes.", 100, to=to),
        post(2, "@keeper No, and here is why.", 101, to=to),
        post(3, "@keeper Because of the ferry.", 2),
        post(4, "Nobody asked me."),
    )
    assert texts(read.threads) == [
        ["@keeper No, and here is why.", "@keeper Because of the ferry."],
        ["Nobody asked me."],
    ]
    assert {thread.completeness for thread in read.threads} == {Completeness.COMPLETE}
    assert left(read) == {"reply to another author": 1}


def test_a_reply_to_nobody_knows_whom_is_left_out_and_says_so() -> None:
    read = reading({"tweets.js": posts([post(1, "Yes.", 100, to=(None, None))])})
    assert left(read) == {"reply to a post that is not in the export, and nothing says whose": 1}


def test_reposts_are_left_out_and_counted() -> None:
    read = only(*THREAD, post(5, "RT @keeper: The lamp is where it always…"))
    assert left(read) == {"repost of another author's post": 1}
    months = {"2014_01.js": grailbird("2014_01", [post(1, "So true", retweeted_status={}), *THREAD])}
    assert left(reading(months))["repost of another author's post"] == 1


def test_links_are_put_in_by_code_points_of_the_raw_text_before_escapes_are_undone() -> None:
    raw = "🕯️ &lt;A &amp; B&gt; https://t.co/aaaaaaaaaa and https://t.co/bbbbbbbbbb &amp;c"
    urls = [
        link(raw, "https://t.co/aaaaaaaaaa", "https://example.org/?a=1&amp=2"),
        link(raw, "https://t.co/bbbbbbbbbb", "https://example.org/b"),
    ]
    (thread,) = only(post(1, raw, entities={"urls": urls[::-1]})).threads
    assert thread.posts[0].text == "🕯️ <A & B> https://example.org/?a=1&amp=2 and https://example.org/b &c"


def test_escapes_are_undone_once() -> None:
    (thread,) = only(post(1, "In HTML write &amp;lt; for &lt; and &copy; stays.")).threads
    assert thread.posts[0].text == "In HTML write &lt; for < and &copy; stays."


def pictured(raw: str, *media: dict[str, Any]) -> dict[str, Any]:
    short = {"url": "https://t.co/pppppppppp", "expanded_url": "https://x.com/ada/status/1/photo/1"}
    shown = [{"type": "photo", "id_str": str(place), **short, **one} for place, one in enumerate(media)]
    return {"full_text": raw, "extended_entities": {"media": shown}, "entities": {"media": shown[:1]}}


def test_the_address_of_a_post_s_own_picture_is_no_text_and_its_description_is_kept() -> None:
    shown = pictured(
        "Look at it. https://t.co/pppppppppp",
        {"ext_alt_text": "A lamp\non a quay"},
        {"media_url_https": "https://pbs.example.org/2.jpg"},
    )
    read = only(post(1, "", **shown), post(2, "So.", 1))
    assert read.threads[0].posts[0].text == "Look at it.\n[image: A lamp on a quay]"
    assert read.threads[0].posts[0].attachments == (
        Attachment(AttachmentKind.IMAGE, None, "A lamp on a quay"),
        Attachment(AttachmentKind.IMAGE, "https://pbs.example.org/2.jpg"),
    )
    plain = only(post(1, "Look at it."), post(2, "So.", 1))
    assert read.threads[0].id == plain.threads[0].id


def test_a_post_of_nothing_but_pictures_keeps_their_addresses_and_its_place() -> None:
    shown = pictured("https://t.co/pppppppppp", {"media_url_https": "https://pbs.example.org/1.jpg"})
    read = only(post(1, "See:"), post(2, "", 1, **shown), post(3, "That was it.", 2))
    assert texts(read.threads) == [["See:", "[image: https://pbs.example.org/1.jpg]", "That was it."]]
    assert read.threads[0].posts[1].attachments == (
        Attachment(AttachmentKind.IMAGE, "https://pbs.example.org/1.jpg"),
    )


def test_a_post_without_anything_is_left_out_and_counted() -> None:
    read = only(post(1, "One."), post(2, " ", 1), post(3, "Three.", 2))
    assert texts(read.threads) == [["One.", "Three."]]
    assert left(read) == {"post without text": 1}


LONG = "@keeper " + "The lamp & its keeper moved <again>, and this takes more words than fit. " * 8
CUT = LONG.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")[:260] + "… https://t.co/zzzzzzzzzz"


@pytest.mark.parametrize("seconds", ["59.001", "00.000", "01.999"])
def test_the_full_text_of_a_long_post_is_found_by_its_time_and_beginning(seconds: str) -> None:
    minute = "07:59" if seconds.startswith("59") else "08:00"
    full = LONG.removeprefix("@keeper ").strip()
    notes = [
        note("Something else was said then, of the same length or more. " * 6, "2021-06-02T08:00:00.000Z"),
        note(full, f"2021-06-02T{minute}:{seconds}Z"),
    ]
    read = reading(
        {
            "data/tweets.js": posts([post(1, CUT), post(2, "That is all.", 1)]),
            "data/note-tweet.js": posts(notes, kind="note_tweet", name="noteTweet"),
        }
    )
    assert texts(read.threads) == [[full, "That is all."]]
    assert counted(read, "full text of a long post") == 1
    assert not any("cut" in warning for warning in read.warnings)


def test_a_full_text_is_taken_only_within_two_seconds_and_a_cut_post_without_one_is_reported() -> None:
    late = note(LONG, "2021-06-02T08:00:02.001Z")
    read = reading(
        {
            "tweets.js": posts([post(1, CUT)]),
            "note-tweet.js": posts([late], kind="note_tweet", name="noteTweet"),
        }
    )
    assert read.threads[0].posts[0].text.startswith("@keeper The lamp & its keeper moved <again>")
    assert "posts that seem to be cut, without a full text in the export: 1" in read.warnings
    assert counted(read, "full text of a long post") == 1


def test_the_links_of_a_full_text_are_put_in_and_its_text_is_not_unescaped_twice() -> None:
    told = LONG + "Write &amp;amp; as on https://t.co/qqqqqqqqqq"
    urls = [{"shortUrl": "https://t.co/qqqqqqqqqq", "expandedUrl": "https://example.org/&amp;"}]
    full = note(told, "2021-06-02T08:00:00.000Z", urls)
    files = {
        "tweets.js": posts([post(1, CUT)]),
        "note-tweet.js": posts([full], kind="note_tweet", name="noteTweet"),
    }
    text = reading(files).threads[0].posts[0].text
    assert text == LONG + "Write &amp;amp; as on https://example.org/&amp;"


@pytest.mark.parametrize("mention", ["", "@keeper "])
@pytest.mark.parametrize("places", [(0,), (60,), (250,), (0, 130), (40, 41, 245)])
@pytest.mark.parametrize(("seen", "cut"), [(23, "…"), (9, "…"), (23, "… https://t.co/rrrrrrrrrr")])
def test_a_full_text_is_found_by_its_words_however_its_links_are_shortened(
    places: tuple[int, ...], seen: int, cut: str, mention: str
) -> None:
    said = "The lamp and its keeper moved again, and this takes more words than any post may have. " * 6
    words = said.split(" ")
    at = {len(words) * place // len(said) for place in places}

    def linked(code: str) -> str:
        return " ".join(
            f"https://t.co/{code * 8}{n:02} {word}" if n in at else word for n, word in enumerate(words)
        ).strip()

    raw = linked("a")[:260].rpartition(" ")[0]
    short = mention + raw + (f" https://t.co/{'b' * 10}"[: seen + 1] if seen < 23 else "") + cut
    urls = [
        {"shortUrl": f"https://t.co/{'c' * 8}{n:02}", "expandedUrl": f"https://a.example/{n}"} for n in at
    ]
    full = note(linked("c"), "2021-06-02T08:00:00.000Z", urls)
    read = reading(
        {
            "tweets.js": posts([post(1, short)]),
            "note-tweet.js": posts([full], kind="note_tweet", name="noteTweet"),
        }
    )
    text = read.threads[0].posts[0].text
    assert text.endswith("than any post may have.")
    assert all(f"https://a.example/{n}" in text for n in at)


def test_of_an_edited_post_the_last_version_is_kept_and_replies_to_any_answer_it() -> None:
    versions: dict[str, Any] = {
        "edit_info": {"initial": {"editTweetIds": [str(identified(n)) for n in (1, 2, 4)]}}
    }
    read = only(
        post(1, "The lmap.", **versions),
        post(2, "The lamp", **versions),
        post(4, "The lamp.", **versions),
        post(3, "It moved.", 2),
        post(5, "Twice.", 3),
    )
    assert texts(read.threads) == [["The lamp.", "It moved.", "Twice."]]
    assert read.threads[0].posts[0].source_id == str(identified(4))
    assert left(read) == {"earlier version of an edited post": 2}


def test_of_an_edited_post_whose_last_version_is_gone_the_last_that_is_there_is_kept() -> None:
    versions: dict[str, Any] = {
        "edit_info": {"initial": {"editTweetIds": [str(identified(n)) for n in (1, 2, 9)]}}
    }
    read = only(post(1, "The lmap.", **versions), post(2, "The lamp", **versions))
    assert texts(read.threads) == [["The lamp"]]


def test_an_answer_to_a_younger_post_is_not_believed() -> None:
    read = only(post(1, "One.", 2), post(2, "Two.", 1))
    assert texts(read.threads) == [["One.", "Two."]]
    assert read.threads[0].completeness is Completeness.FRAGMENT
    assert any("younger" in warning for warning in read.warnings)


def monthly(number: int, text: str, created_at: str, answers: int | None = None) -> dict[str, Any]:
    record = {
        "source": "web",
        "entities": {"urls": []},
        "geo": {},
        "id_str": str(number),
        "text": text,
        "id": number,
        "created_at": created_at,
        "user": {"name": "Ada", "screen_name": "ada", "protected": False, "id_str": "31", "id": 31},
    }
    reply = {"in_reply_to_status_id": answers, "in_reply_to_user_id": 31, "in_reply_to_screen_name": "ada"}
    return record | (reply if answers else {})


def test_monthly_exports_have_two_ways_to_write_times_and_one_to_say_that_they_do_not_know() -> None:
    months = {
        "data/js/tweets/2010_09.js": grailbird(
            "2010_09",
            [
                monthly(20_000_000_003, "Three.", "Thu Sep 02 18:30:05 +0000 2010", 20_000_000_002),
                monthly(20_000_000_002, "Two.", "2010-09-02 18:29:05 +0000", 20_000_000_001),
            ],
        ),
        "data/js/tweets/2010_08.js": grailbird(
            "2010_08", [monthly(20_000_000_001, "One &amp; only.", "2010-08-31 00:00:00 +0000")]
        ),
        "data/js/tweets/2014_01.js": grailbird(
            "2014_01", [monthly(identified(1), "Later.", "2014-01-31 00:00:00 +0000")]
        ),
    }
    file = SavedFile("old", bundle=Guarded(months))
    assert x_export.recognise(file) == 1.0
    old, new = x_export.read(file).threads
    assert [one.text for one in old.posts] == ["One & only.", "Two.", "Three."]
    assert [one.posted_at for one in old.posts] == [
        None,
        datetime(2010, 9, 2, 18, 29, 5, tzinfo=UTC),
        datetime(2010, 9, 2, 18, 30, 5, tzinfo=UTC),
    ]
    assert (old.author, old.posted_at) == ("@ada", None)
    assert new.posted_at is not None
    assert new.posted_at.year == 2021


def test_the_time_of_a_post_is_in_its_id_and_before_that_in_the_record() -> None:
    old = post(1, "Old.", id="29999999999", id_str="29999999999", created_at="Thu Sep 02 00:00:00 +0000 2010")
    read = only(old, post(1, "New.", created_at="Thu Sep 02 18:30:05 +0000 2010"))
    assert read.threads[0].posted_at == datetime(2010, 9, 2, tzinfo=UTC)
    milliseconds = (identified(1) >> 22) + 1_288_834_974_657
    assert read.threads[1].posted_at == datetime.fromtimestamp(milliseconds / 1000, UTC)


def test_what_an_operator_declares_of_one_thread_is_not_declared_of_an_export() -> None:
    read = reading({"tweets.js": posts(THREAD)}, title="The lamp")
    assert read.threads[0].title is None
    assert any("title" in warning for warning in read.warnings)


def test_reading_notices_how_far_it_is() -> None:
    seen: list[tuple[int, float]] = []
    records = [post(number, f"Post {number}.") for number in range(3000)]
    reading({"tweets.js": posts(records)}, notice=lambda done, share: seen.append((done, share)))
    assert seen == sorted(seen)
    assert seen[-1] == (3000, 1.0)
    assert len(seen) > 2


# What cannot be read


def test_a_broken_record_loses_itself_and_is_reported_by_its_number() -> None:
    records = [post(number, f"Post {number}.") for number in range(5)]
    whole = posts(records)
    broken = whole.replace('"full_text": "Post 2."', '"full_text": "Post 2.')
    read = reading({"tweets.js": broken})
    assert texts(read.threads) == [[f"Post {number}."] for number in (0, 1, 3, 4)]
    assert left(read) == {"part that cannot be read": 1}
    assert read.warnings == ("tweets.js: record 3: not JSON",)


def test_a_file_that_breaks_off_keeps_what_came_before() -> None:
    whole = posts(THREAD)
    read = reading({"tweets.js": whole[: whole.index("by hand")]})
    assert texts(read.threads) == [WORDS[0][:2]]
    assert read.warnings == ("tweets.js: record 3: not JSON",)


def test_a_byte_that_is_no_utf_8_is_shown_and_reported() -> None:
    read = reading({"tweets.js": posts(THREAD).encode().replace(b"pier", b"pi\xffr")})
    assert read.threads[0].posts[1].text == WORDS[0][1].replace("pier", "pi\ufffdr")
    assert read.warnings == ("tweets.js: record 2: 1 bytes that are no UTF-8, shown as \ufffd",)


def test_a_first_line_that_is_damaged_loses_nothing() -> None:
    for name, content in {
        "data/tweets.js": posts(THREAD),
        "2014_01.js": grailbird("2014_01", THREAD),
    }.items():
        for damaged in (
            content[9:],
            content[25:],
            content.replace("t", "7", 1),
            content.replace(" = ", "\0"),
        ):
            file = SavedFile("export", bundle=Guarded({name: damaged}))
            assert x_export.recognise(file) == 1.0
            assert texts(x_export.read(file).threads) == WORDS
    single = SavedFile("saved", b"<div>" * 1_000 + posts(THREAD)[9:].encode())
    assert x_export.recognise(single) == 0.5
    assert texts(x_export.read(single).threads) == WORDS


@pytest.mark.parametrize("kind", ["deleted_tweets", "twitter_circle_tweet", "deleted_tweet_headers"])
def test_posts_that_are_never_read_are_not_read_under_another_name_or_with_a_damaged_first_line(
    kind: str,
) -> None:
    private = posts(THREAD, kind=kind)
    for content in (private, private.replace("window", "w"), private.replace("YTD", "")):
        assert x_export.recognise(SavedFile("export", bundle=Guarded({"data/tweets.js": content}))) == 0.0
        file = SavedFile("saved", content.encode())
        if x_export.recognise(file):
            with pytest.raises(RejectedError):
                x_export.read(file)


def test_a_record_with_two_ids_takes_nobody_s_place() -> None:
    read = only(
        *THREAD, post(9, "Not the lamp, but longer than what is said of it.", id_str=str(identified(1)))
    )
    assert texts(read.threads) == WORDS
    assert counted(read, "cannot be read") == 1


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_records_of_one_id_the_one_from_its_time_is_believed(order: int) -> None:
    right = post(1, "The lamp.", created_at="Tue Jun 01 23:29:27 +0000 2021")
    wrong = post(1, "Not the lamp, but longer than what is said of it.")
    right["created_at"] = (
        f"{(only(right).threads[0].posted_at or datetime.now(UTC)):%a %b %d %H:%M:%S +0000 %Y}"
    )
    read = only(*[right, wrong][::order])
    kept = {post.text: post.source_id for thread in read.threads for post in thread.posts}
    assert kept == {"The lamp.": str(identified(1)), wrong["full_text"]: None}
    unsure = next(post for thread in read.threads for post in thread.posts if post.source_id is None)
    assert (unsure.url, unsure.posted_at) == (None, None)


@pytest.mark.parametrize("order", [1, -1])
def test_a_post_with_the_id_of_another_neither_answers_for_it_nor_hides_it(order: int) -> None:
    torn = post(1, "Of another post, torn.", created_at="Tue Jun 01 20:00:00 +0000 2021")
    read = only(*[*THREAD, torn, torn][::order])
    assert sorted(texts(read.threads)) == sorted([*WORDS, ["Of another post, torn."]])
    assert counted(read, "more than once") == 1


@pytest.mark.parametrize("whose", [(), (1,), (1, 4), (4,)])
def test_a_post_that_is_wrongly_among_the_versions_of_another_is_kept(whose: tuple[int, ...]) -> None:
    edited: dict[str, Any] = {
        "edit_info": {"initial": {"editTweetIds": [str(identified(number)) for number in (1, 4)]}}
    }
    words = {1: "The lamp has moved.", 4: "An oven is warm at noon."}
    read = only(*(post(number, words[number], **(edited if number in whose else {})) for number in words))
    # Where its own record says so, it is a version, however its words were changed.
    assert texts(read.threads) == ([[words[4]]] if 1 in whose else [[words[1]], [words[4]]])


def test_a_part_that_cannot_be_opened_loses_itself() -> None:
    class Torn(Guarded):
        def open(self, member: Any) -> Any:
            if "part1" in member.name:
                raise ReadError(member.name, "is encrypted")
            return super().open(member)

    files = {"data/tweets.js": posts(THREAD), "data/tweets-part1.js": "?"}
    read = x_export.read(SavedFile("export", bundle=Torn(files)))
    assert texts(read.threads) == WORDS
    assert read.warnings == ("data/tweets-part1.js: is encrypted",)
    del files["data/tweets.js"]
    file = SavedFile("export", bundle=Torn(files))
    assert x_export.recognise(file) > 0
    with pytest.raises(ReadError, match="is encrypted"):
        x_export.read(file)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("RT @a: b"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
KEYS = ["id", "id_str", "full_text", "entities", "extended_entities", "created_at", "edit_info", "user"]
KEYS += ["in_reply_to_status_id_str", "in_reply_to_user_id_str", "in_reply_to_screen_name"]


@given(st.lists(ODD | st.dictionaries(st.sampled_from(KEYS), ODD), max_size=5))
def test_no_record_can_take_the_others_with_it(odd: list[Any]) -> None:
    records = json.dumps([*({"tweet": one} for one in odd), *({"tweet": one} for one in THREAD)])
    read = reading({"tweets.js": f"window.YTD.tweets.part0 = {records}"})
    assert WORDS[0] in texts(read.threads)


@pytest.mark.parametrize(
    "hostile",
    ["[" * 300_000, '{"a":' * 200_000, '{"' + "k" * 100_000 + '":' + '{"a":' * 9_000, '{"tweet":' * 100_000],
)
def test_nesting_costs_neither_time_nor_the_posts_beside_it(hostile: str) -> None:
    whole = posts(THREAD)
    read = reading({"tweets.js": whole, "tweets-part1.js": f"window.YTD.tweets.part1 = [{hostile}"})
    assert texts(read.threads) == WORDS
    assert counted(read, "cannot be read") > 0
    begun = "window.YTD.tweets.part1 = ["
    assert growth(lambda text: reading({"tweets.js": begun + text}), lambda size: hostile[:size]) <= MOST


def test_addresses_cannot_make_a_small_record_large() -> None:
    urls = [{"url": "a", "expanded_url": "b" * 4096, "indices": [n, n + 1]} for n in range(900)]
    read = only(post(1, "a" * 5_000, entities={"urls": urls}))
    assert len(read.threads[0].posts[0].text) < 5_000_000
    long = only(post(1, "a", entities={"urls": [link("a", "a", "b" * 5_000)]}))
    assert long.threads[0].posts[0].text == "a"


@settings(max_examples=200)
@given(st.data())
def test_damage_loses_nothing_of_what_it_does_not_touch(data: st.DataObject) -> None:
    records = [post(number, f"Post {number} of the damaged file.") for number in range(6)]
    whole = posts(records).encode()
    start = data.draw(st.integers(60, len(whole) - 1))
    stop = min(start + data.draw(st.integers(0, 30)), len(whole))
    damaged = whole[:start] + data.draw(st.binary(max_size=12)) + whole[stop:]
    read = reading({"tweets.js": damaged})
    found = {one.text for thread in read.threads for one in thread.posts}
    ends = [match.end() for match in re.finditer(rb"damaged file\.", whole)]
    bounds = [60, *(whole.index(b'{\n    "tweet"', end) for end in ends[:-1]), len(whole)]
    for number, (begin, end) in enumerate(pairwise(bounds)):
        if stop < begin or start >= end:
            assert f"Post {number} of the damaged file." in found


# Properties


@given(st.permutations(range(8)), st.randoms())
def test_neither_the_order_of_parts_nor_duplicates_change_the_threads(
    order: list[int], chance: random.Random
) -> None:
    records = [
        *THREAD,
        post(4, "Branch.", 1),
        post(5, "Alone."),
        post(6, "@keeper Yes.", 100, to=(KEEPER, "keeper")),
        post(7, "On.", 4),
        post(8, "RT @keeper: no"),
    ]
    once = reading({"tweets.js": posts(records), "account.js": account()})
    doubled = [records[place] for place in order] + chance.sample(records, 3)
    at = sorted(chance.choices(range(len(doubled) + 1), k=2))
    parts = [doubled[: at[0]], doubled[at[0] : at[1]], doubled[at[1] :]]
    files = {f"tweets-part{place}.js": posts(part, place) for place, part in enumerate(parts)}
    names = list(files)
    chance.shuffle(names)
    again = reading({**{name: files[name] for name in names}, "account.js": account()})
    assert list(again.threads) == list(once.threads)
    reposts = sum(record["full_text"].startswith("RT") for record in doubled[8:])
    assert counted(again, "more than once") == 3 - reposts
    assert counted(again, "repost") == 1 + reposts


@given(st.permutations(range(3)))
def test_of_two_records_of_one_post_the_fuller_is_kept_whatever_the_order(order: list[int]) -> None:
    versions = [
        post(2, "It was the ferry."),
        post(2, "It was the ferry.", 1),
        post(2, "It was the ferry and more.", 1),
    ]
    read = only(THREAD[0], *(versions[place] for place in order))
    assert texts(read.threads) == [[WORDS[0][0], "It was the ferry and more."]]


def test_the_hash_is_of_what_is_read_whatever_surrounds_it() -> None:
    one = reading({"data/tweets.js": posts(THREAD), "data/like.js": None})
    other = reading({"tweets.js": posts(THREAD)})
    changed = reading({"tweets.js": posts(THREAD) + " "})
    assert one.sha256 == other.sha256 != changed.sha256


# Figures


@needs_shared
def test_the_sample_has_six_threads_of_three_or_more_and_the_longest_has_twelve() -> None:
    place = SHARED / "formats" / "x_export"
    files = {f"data/{path.name}": path.read_bytes() for path in place.glob("*.js")}
    read = reading(files)
    lengths = [thread.length for thread in read.threads if thread.length >= 3]
    assert (len(lengths), max(lengths)) == (6, 12)
    assert counted(read, "repost") == 239
    kept = sum(thread.length for thread in read.threads)
    assert kept + counted(read, "reply") + counted(read, "repost") == 2_048
    assert not counted(read, "cannot be read")


@pytest.mark.slow
def test_a_part_of_a_hundred_mib_takes_less_than_80_mib(tmp_path: Path) -> None:
    export(tmp_path / "tweets.js", 100 * 2**20, kept=True)
    command = [sys.executable, "-m", "tests.benchmarks.export", "--way", "Bobbin's import"]
    out = subprocess.run(
        [*command, "--file", str(tmp_path / "tweets.js")], capture_output=True, check=True, text=True
    )
    _, grew = json.loads(out.stdout)
    # pysqlite3's SQLite keeps what it sorts in memory; with Python's own it takes about half.
    assert 0 < grew < 80
