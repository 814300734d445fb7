"""Statuses and contexts out of Mastodon's API."""

import json

from retrieval.model import Completeness
from retrieval.readers.json import mastodon_api
from tests.retrieval.readers.records import (
    BO,
    LACE,
    document,
    gone,
    json_lines,
    mastodon_status,
    reading,
    survives,
    texts,
)

THREAD = [mastodon_status(1, f"<p>{LACE[0]}</p>")] + [
    mastodon_status(n + 1, f"<p>{LACE[n]}</p>", answers=n) for n in range(1, 4)
]


def test_a_context_with_its_status_in_any_shape_is_a_thread() -> None:
    context = {"ancestors": THREAD[:1], "descendants": THREAD[2:]}
    for content in (
        document(context | {"status": THREAD[1]}),
        json_lines(THREAD[1], context),
        document([THREAD[1], context]),
        document(THREAD),
    ):
        found = reading(mastodon_api, content)
        assert texts(found) == [list(LACE)]
        (thread,) = found.threads
        assert (thread.author, thread.url) == ("@ada_lace@lace.example", "https://lace.example/@ada_lace/1")
        assert thread.posts[1].source_id == "https://lace.example/users/ada_lace/statuses/2"


def test_a_context_without_its_status_goes_on_as_a_fragment() -> None:
    found = reading(mastodon_api, document({"ancestors": THREAD[:1], "descendants": THREAD[2:]}))
    assert texts(found) == [[LACE[0]], list(LACE[2:])]
    assert "kept as a fragment" in found.warnings[0]


def test_other_people_s_answers_are_left_out_and_counted_and_branches_are_kept() -> None:
    chatter = [
        mastodon_status(10, "<p>Hm.</p>", answers=1, author=BO),
        mastodon_status(11, "<p>Hm?</p>", answers=10, in_reply_to_account_id=BO),
        mastodon_status(12, "<p>Also.</p>", answers=2),
    ]
    found = reading(mastodon_api, document({"ancestors": [], "descendants": [*THREAD, *chatter]}))
    assert texts(found) == [list(LACE), ["Also."]]
    assert found.threads[1].completeness is Completeness.FRAGMENT
    assert gone(found) == {"reply to another author": 2}


def test_hidden_statuses_and_boosts_are_left_out_and_counted() -> None:
    hidden = [
        mastodon_status(20, visibility="private"),
        mastodon_status(21, visibility="direct"),
        mastodon_status(22, visibility="unlisted", html="<p>Unlisted.</p>"),
        mastodon_status(23, visibility=None),
        mastodon_status(24, reblog=mastodon_status(25)),
    ]
    found = reading(mastodon_api, document([*THREAD, *hidden]))
    assert texts(found) == [list(LACE), ["Unlisted."]]
    assert gone(found) == {
        "post to followers only": 1,
        "direct message": 1,
        "post that does not say who may see it": 1,
        "boost": 1,
    }


def test_warnings_polls_pictures_and_quotes_are_kept() -> None:
    one = mastodon_status(
        1,
        "<p>Which?</p>",
        spoiler_text="Moths",
        poll={"options": [{"title": "Cross"}, {"title": "Twist"}]},
        media_attachments=[{"type": "image", "url": "https://lace.example/1", "description": "A pin"}],
        quote={"state": "accepted", "quoted_status": mastodon_status(30, author=BO)},
    )
    (posts,) = texts(reading(mastodon_api, document([one])))
    assert posts == [
        "Moths\n\nWhich?\n\nCross\nTwist\n[image: A pin]\n[quoted post: https://lace.example/@bo_knots/30]"
    ]


def test_an_account_of_another_server_has_its_host_in_its_name() -> None:
    account = {"id": "7", "acct": "cy@far.example", "url": "https://far.example/@cy"}
    (thread,) = reading(mastodon_api, document([mastodon_status(1, account=account)])).threads
    assert thread.author == "@cy@far.example"


def test_nothing_vanishes_where_a_name_is_damaged() -> None:
    found = reading(
        mastodon_api, document({"ancestors": THREAD[:1], "st\u0101tus": THREAD[1], "descndants": THREAD[2:]})
    )
    assert texts(found) == [list(LACE)]
    nameless = {key: value for key, value in THREAD[0].items() if key != "account"}
    assert len(reading(mastodon_api, document([*THREAD, nameless])).left_out) > 0


def test_damage_loses_nothing_that_it_did_not_touch() -> None:
    said = [f"Post number {place} of pins and pillows." for place in range(8)]
    records = [
        json.dumps(mastodon_status(n + 1, f"<p>{said[n]}</p>", answers=n or None)).encode() for n in range(8)
    ]
    survives(
        mastodon_api, records, (b'{"ancestors":[],"descendants":[', b",", b"]}"), said.__getitem__, count=300
    )


def test_an_author_whose_addresses_are_all_damaged_keeps_the_name() -> None:
    torn = [status | {"url": "//", "uri": f"s:{place}"} for place, status in enumerate(THREAD)]
    for status in torn:
        status["account"] = status["account"] | {"url": "https://[::1", "uri": None}
    assert {thread.author for thread in reading(mastodon_api, document(torn)).threads} == {"@ada_lace"}
