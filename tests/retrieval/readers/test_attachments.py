"""What hangs on a post: as data, and as lines of its text."""

import json

import pytest

from retrieval.formats.import_types import SavedFile
from retrieval.model import Attachment, AttachmentKind, Post
from retrieval.readers.attachments import (
    attachment_of,
    id_without_attachments,
    link_text,
    with_attachments,
    without_attachments,
)
from retrieval.readers.registry import read
from tests.retrieval.readers.exports import assigned, post
from tests.retrieval.readers.records import (
    ADA,
    bluesky_post,
    browser_post,
    document,
    json_lines,
    mastodon_note,
    mastodon_status,
    snscrape_post,
    tweet,
    tweet_user,
)

CAT = Attachment(AttachmentKind.IMAGE, "https://a.example/cat.jpg", "A cat on a mat")
QUOTED = Attachment(AttachmentKind.QUOTED, "https://x.com/q/status/5")


@pytest.mark.parametrize(
    ("address", "description", "made"),
    [
        ("https://a.example/i", "A cat\non a  mat", ("https://a.example/i", "A cat on a mat")),
        ("https://a.example/i", "Image", ("https://a.example/i", None)),
        ("https://a.example/i", None, ("https://a.example/i", None)),
        ("javascript:alert(1)", "A cat", (None, "A cat")),
        (7, ["A cat"], None),
        ("javascript:alert(1)", "", None),
        (None, None, None),
    ],
)
def test_an_attachment_is_what_is_known_of_address_and_description(
    address: object, description: object, made: tuple[str | None, str | None] | None
) -> None:
    attachment = attachment_of(AttachmentKind.IMAGE, address, description)
    assert (attachment and (attachment.address, attachment.description)) == made


def test_a_line_holds_the_description_else_the_address() -> None:
    assert CAT.line == "[image: A cat on a mat]"
    assert QUOTED.line == "[quoted post: https://x.com/q/status/5]"
    assert Attachment(AttachmentKind.VIDEO).line == "[video: no description]"


def test_lines_come_once_and_an_address_in_the_text_has_none() -> None:
    other = Attachment(AttachmentKind.IMAGE, "https://a.example/2.jpg", "A cat on a mat")
    hung = with_attachments(Post(1, "a"), [CAT, CAT, other, None])
    assert hung == Post(1, "a\n[image: A cat on a mat]", attachments=(CAT, other))
    link = Attachment(AttachmentKind.LINK, "https://a.example")
    shown = Post(1, "see https://a.example")
    assert with_attachments(shown, [link]) == shown
    assert with_attachments(Post(1, ""), [CAT]).text == "[image: A cat on a mat]"


def test_an_id_is_made_from_words_only_unless_there_are_none() -> None:
    plain = id_without_attachments([Post(1, "Everybody asks how a pillow for bobbin lace is stuffed.")])
    hung = "Everybody asks how a pillow for bobbin lace is stuffed.\n[image: A pillow]"
    assert id_without_attachments([Post(1, hung)]) == plain
    assert without_attachments(hung) == hung.split("\n", 1)[0]
    assert id_without_attachments([Post(1, "[image: b]")]) != id_without_attachments([Post(1, "[image: c]")])


def test_a_link_to_a_post_is_a_quoted_post() -> None:
    assert link_text("this", "https://x.com/q/status/5?s=20")[1] == Attachment(
        AttachmentKind.QUOTED, "https://x.com/q/status/5?s=20"
    )


ADDRESS, ALT = "https://pbs.example/cat.jpg", "A cat on a mat"
PICTURE = {"url": ADDRESS, "alt_text": ALT}
MEDIUM = {"type": "image", "url": ADDRESS, "description": ALT}
X_MEDIUM = {"type": "photo", "media_key": "3_1", **PICTURE}
EXPORTED = {"type": "photo", "id_str": "1", "media_url_https": ADDRESS, "ext_alt_text": ALT}
ARTICLE = (
    '<article data-testid="tweet"><div data-testid="User-Name"><a href="/ada_lace">Ada</a>'
    '<a href="/ada_lace/status/1670000000000000100"><time datetime="2023-06-17T10:40:00.000Z">June</time></a>'
    f'</div><div data-testid="tweetText">Look.</div><div data-testid="tweetPhoto"><img alt="{ALT}"'
    f' src="{ADDRESS}"></div></article>'
)
UNROLLED = (
    '<div id="tweet_1" class="content-tweet" data-tweet="1670000000000000100">Look.'
    f'<span class="entity-image"><a href="{ADDRESS}"><img alt="{ALT}" src="{ADDRESS}"></a></span></div>'
    '<div id="tweet_2" class="content-tweet" data-tweet="1670000000000000200">And see.</div>'
)
PARSED = (
    f'>Look.\n>![{ALT}]({ADDRESS})\n\n<img src="media/tweet.ico" width="12" />'
    " [Sat Jun 17 10:00:00 +0000 2023](https://twitter.com/ada_lace/status/1670000000000000100)\n"
)
BLUESKY = {"$type": "app.bsky.embed.images#view", "images": [{"fullsize": ADDRESS, "alt": ALT}]}
FORMS = {
    "X export": assigned(
        "window.YTD.tweets.part0", [post(1, "Look.", extended_entities={"media": [EXPORTED]})]
    ).encode(),
    "X API": document(
        {
            "data": [tweet(0, "Look.", attachments={"media_keys": ["3_1"]})],
            "includes": {"users": [tweet_user(ADA)], "media": [X_MEDIUM]},
        }
    ),
    "snscrape": json_lines(snscrape_post(0, "Look.", media=[{"fullUrl": ADDRESS, "altText": ALT}])),
    "browser": document(
        [browser_post(0, "Look.", media=[{"type": "photo", "original": ADDRESS, "ext_alt_text": ALT}])]
    ),
    "Mastodon's API": document([mastodon_status(0, "<p>Look.</p>", media_attachments=[MEDIUM])]),
    "Mastodon's outbox": document(
        {
            "@context": "https://www.w3.org/ns/activitystreams",
            "type": "OrderedCollection",
            "orderedItems": [
                mastodon_note(0, "<p>Look.</p>", attachment=[{"type": "Image", "url": ADDRESS, "name": ALT}])
            ],
        }
    ),
    "Bluesky": document({"posts": [bluesky_post(0, "Look.", embed_view=BLUESKY)]}),
    "page of X": f"<html><body>{ARTICLE}</body></html>".encode(),
    "unrolled page": f"<html><body>{UNROLLED}</body></html>".encode(),
    "clipping": f"Look.\n![{ALT}]({ADDRESS})\n/1\n\nAnd see.\n/2\n".encode(),
    "twitter-archive-parser": PARSED.encode(),
    "open form": json.dumps(
        {
            "bobbin": 1,
            "posts": [
                {
                    "text": f"Look.\n[image: {ALT}]",
                    "attachments": [{"kind": "image", "address": ADDRESS, "description": ALT}],
                }
            ],
        }
    ).encode(),
}


LINK = "https://twitter.com/bo/status/1600000000000000005"
SHORT = {"url": "https://t.co/q", "expanded_url": LINK}
QUOTING = {
    "X API": document(
        {
            "data": [
                tweet(
                    0,
                    "Look at that: https://t.co/q",
                    entities={"urls": [SHORT]},
                    referenced_tweets=[{"type": "quoted", "id": "1600000000000000005"}],
                )
            ],
            "includes": {"users": [tweet_user(ADA)]},
        }
    ),
    "snscrape": json_lines(
        snscrape_post(
            0,
            "Look at that: https://t.co/q",
            links=[{"tcourl": "https://t.co/q", "url": LINK}],
            quotedTweet={"id": 1600000000000000005},
        )
    ),
    "browser": document(
        [browser_post(0, "Look at that: https://t.co/q", urls=[SHORT], quoted_status="1600000000000000005")]
    ),
}


@pytest.mark.parametrize("form", QUOTING)
def test_a_quoted_post_whose_address_the_text_shows_is_data_without_a_line(form: str) -> None:
    first = read(SavedFile("saved", QUOTING[form])).threads[0].posts[0]
    assert first.text == f"Look at that: {LINK}"
    (quoted,) = first.attachments
    assert quoted.kind is AttachmentKind.QUOTED
    assert (quoted.address or "").endswith("/status/1600000000000000005")


@pytest.mark.parametrize("form", FORMS)
def test_every_form_that_knows_pictures_gives_description_and_address_and_the_line_of_before(
    form: str,
) -> None:
    first = read(SavedFile("saved", FORMS[form])).threads[0].posts[0]
    assert first.attachments == (Attachment(AttachmentKind.IMAGE, ADDRESS, ALT),)
    assert first.text == f"Look.\n[image: {ALT}]"
