"""Outboxes of Mastodon: whose notes, who may see them, what they say."""

import json
from typing import Any

import pytest

from retrieval.formats.import_types import Reading
from retrieval.model import Completeness
from retrieval.readers.json import mastodon_outbox
from tests.retrieval.readers.records import (
    ACTOR,
    LACE,
    PUBLIC,
    Json,
    document,
    gone,
    json_lines,
    mastodon_note,
    reading,
    survives,
    texts,
)

THREAD = [
    mastodon_note(0),
    mastodon_note(1, answers=0),
    mastodon_note(2, answers=1),
    mastodon_note(3, answers=2),
]
BOOST = {
    "type": "Announce",
    "actor": ACTOR,
    "object": "https://other.example/users/bo/statuses/1",
    "to": [PUBLIC],
}


def outbox(*activities: Json, **more: Any) -> Reading:
    head = {"@context": ["https://www.w3.org/ns/activitystreams", {"x": "y"}], "id": "outbox.json"}
    return reading(
        mastodon_outbox,
        document({**head, "type": "OrderedCollection", "totalItems": 1, "orderedItems": activities}),
        **more,
    )


def test_the_owner_s_chain_of_notes_is_a_thread() -> None:
    found = outbox(*THREAD)
    assert texts(found) == [list(LACE)]
    (thread,) = found.threads
    assert (thread.author, thread.completeness) == ("@ada@lace.example", Completeness.COMPLETE)
    assert thread.url == "https://lace.example/@ada/0"
    assert str(thread.posted_at) == "2023-06-17 10:00:00+00:00"
    assert thread.posts[1].source_id == f"{ACTOR}/statuses/1"
    assert (found.left_out, found.warnings) == ((), ())


def test_pages_lists_lines_and_notes_by_themselves_are_read_too() -> None:
    notes = [one["object"] for one in THREAD]
    page = {"type": "OrderedCollectionPage", "orderedItems": THREAD}
    for content in (
        document({"type": "OrderedCollection", "first": page}),
        document(THREAD),
        json_lines(*notes),
    ):
        assert texts(reading(mastodon_outbox, content)) == [list(LACE)]


def test_boosts_and_other_activities_are_left_out_and_counted() -> None:
    found = outbox(*THREAD, BOOST, BOOST, {"type": "Like", "actor": ACTOR, "object": "x"})
    assert gone(found) == {"boost": 2, "activity that is no post (Like)": 1}


@pytest.mark.parametrize(
    ("to", "cc", "reason"),
    [
        ([PUBLIC], [f"{ACTOR}/followers"], None),
        ([f"{ACTOR}/followers"], [PUBLIC], None),
        (PUBLIC, [], None),
        (["as:Public"], [], None),
        ([f"{ACTOR}/followers"], [], "post to followers only"),
        ([f"{ACTOR}/followers"], ["https://other.example/users/bo"], "post to followers only"),
        (["https://other.example/users/bo"], [], "direct message"),
        ([], [], "post that does not say who may see it"),
        (None, None, "post that does not say who may see it"),
        ([{"id": PUBLIC}], [], "post that does not say who may see it"),
    ],
)
def test_only_what_everybody_may_see_is_read(to: Any, cc: Any, reason: str | None) -> None:
    secret = mastodon_note(9, "<p>For whom?</p>", to=to, cc=cc)
    found = outbox(THREAD[0], secret)
    assert [text for thread in texts(found) for text in thread] == [
        LACE[0],
        *([] if reason else ["For whom?"]),
    ]
    assert gone(found) == ({reason: 1} if reason else {})


def test_a_note_s_own_audience_counts_before_its_activity_s() -> None:
    secret = mastodon_note(9, "<p>Hush.</p>", to=[f"{ACTOR}/followers"], cc=[]) | {"to": [PUBLIC]}
    assert gone(outbox(THREAD[0], secret)) == {"post to followers only": 1}


def test_a_thread_that_passes_through_a_hidden_note_goes_on_as_a_fragment() -> None:
    hidden = mastodon_note(1, answers=0, to=[f"{ACTOR}/followers"], cc=[])
    found = outbox(THREAD[0], hidden, *THREAD[2:])
    assert texts(found) == [[LACE[0]], list(LACE[2:])]
    assert [one.completeness for one in found.threads] == [Completeness.COMPLETE, Completeness.FRAGMENT]
    assert LACE[1] not in repr(found)


def test_answers_to_others_are_left_out_and_counted() -> None:
    reply = mastodon_note(9, "<p>@bo No.</p>", answers="https://other.example/users/bo/statuses/1")
    assert gone(outbox(THREAD[0], reply)) == {"reply to another author": 1}


def test_an_answer_to_a_note_s_address_in_place_of_its_id_goes_on_with_it() -> None:
    answer = mastodon_note(1, answers="https://lace.example/@ada/0")
    assert texts(outbox(THREAD[0], answer)) == [list(LACE[:2])]


def test_a_content_warning_stands_above_the_text() -> None:
    found = outbox(mastodon_note(0, "<p>It was eaten.</p>", summary="Moths, &amp; worse"))
    assert texts(found) == [["Moths, & worse\n\nIt was eaten."]]


def test_descriptions_of_pictures_are_plainly_not_the_author_s_words() -> None:
    attachments = [
        {"type": "Document", "mediaType": "image/jpeg", "url": "/media/1.jpg", "name": "A pillow\nwith pins"},
        {"type": "Document", "mediaType": "video/mp4", "url": "https://lace.example/2.mp4", "name": None},
        {"type": "Document", "mediaType": "image/png", "url": "/media/3.png", "name": None},
    ]
    found = outbox(mastodon_note(0, "<p>Look.</p>", attachment=attachments))
    assert texts(found) == [["Look.\n[image: A pillow with pins]\n[video: https://lace.example/2.mp4]"]]


def test_a_poll_s_options_and_a_quoted_post_are_kept() -> None:
    asked = mastodon_note(0, "<p>Which?</p>", type="Question", oneOf=[{"name": "Cross"}, {"name": "Twist"}])
    assert texts(outbox(asked)) == [["Which?\n\nCross\nTwist"]]
    quoting = mastodon_note(
        0,
        '<p class="quote-inline">RE: <a href="https://other.example/1">other</a></p><p>No.</p>',
        quote="https://other.example/1",
    )
    assert texts(outbox(quoting)) == [["No.\n[quoted post: https://other.example/1]"]]


def test_unreadable_activities_are_reported_by_their_number() -> None:
    found = outbox(THREAD[0], {"type": "Create", "actor": ACTOR, "object": "https://lace.example/1"})
    (left_out,) = found.left_out
    assert left_out.why.startswith("record 2 of the document, which cannot be read: ")
    assert texts(found) == [[LACE[0]]]


def test_damage_loses_nothing_that_it_did_not_touch_and_shows_nothing_hidden() -> None:
    said = [f"Post number {place} of pins and pillows." for place in range(8)]
    records = [
        json.dumps(mastodon_note(n, f"<p>{said[n]}</p>", answers=n - 1 if n else None)).encode()
        for n in range(8)
    ]
    frame = (b'{"@context":"x","type":"OrderedCollection","orderedItems":[', b",", b"]}")
    survives(mastodon_outbox, records, frame, said.__getitem__, count=300)
