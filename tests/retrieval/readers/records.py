"""Saved JSON of every service, built in code: a thread of lace-making by Ada, in each service's shape."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from retrieval.errors import ReadError
from retrieval.formats.import_types import Reading, SavedFile
from retrieval.readers.registry import Reader

__all__ = [
    "ADA",
    "BO",
    "LACE",
    "bluesky_post",
    "browser_post",
    "damaged",
    "document",
    "gone",
    "json_lines",
    "mastodon_note",
    "mastodon_status",
    "reading",
    "snscrape_post",
    "survives",
    "texts",
    "tweet",
    "tweet_user",
]

Json = dict[str, Any]

ADA, BO = "1001", "1002"
HANDLES = {ADA: "ada_lace", BO: "bo_knots"}
LACE = (
    "Bobbin lace is made of four threads at a time.",
    "Two moves are all there is: the cross and the twist.",
    "Everything else is where you put the pins.",
    "So buy a good pillow.",
)
#: The id of Ada's first post; it carries a time in June 2023.
FIRST = 1_670_000_000_000_000_000


def json_lines(*records: Json) -> bytes:
    return b"".join(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records)


def document(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def reading(reader: Reader, content: bytes, **known: Any) -> Reading:
    return reader.read(SavedFile("saved.json", content, **known))


def texts(found: Reading) -> list[list[str]]:
    return [[post.text for post in thread.posts] for thread in found.threads]


def gone(found: Reading) -> dict[str, int]:
    """What was left out, by reason."""
    counts: dict[str, int] = {}
    for one in found.left_out:
        counts[one.why] = counts.get(one.why, 0) + one.count
    return counts


# X


def tweet(place: int, text: str = "", *, answers: int | None = None, author: str = ADA, **more: Any) -> Json:
    """A post of the X API v2 with the id ``FIRST + place``, in the conversation of the first."""
    made: Json = {
        "id": str(FIRST + place),
        "text": text or LACE[place % len(LACE)],
        "author_id": author,
        "conversation_id": str(FIRST),
        "created_at": f"2023-06-17T10:{place % 60:02}:00.000Z",
        "edit_history_tweet_ids": [str(FIRST + place)],
        "referenced_tweets": [],
    }
    if answers is not None:
        made["referenced_tweets"] = [{"type": "replied_to", "id": str(FIRST + answers)}]
        made["in_reply_to_user_id"] = ADA
    return made | more


def tweet_user(identified: str) -> Json:
    return {"id": identified, "username": HANDLES[identified], "name": "Somebody"}


def snscrape_post(
    place: int, text: str = "", *, answers: int | None = None, author: str = ADA, **more: Any
) -> Json:
    user = {"_type": "snscrape.modules.twitter.User", "username": HANDLES[author], "id": int(author)}
    return {
        "_type": "snscrape.modules.twitter.Tweet",
        "url": f"https://twitter.com/{HANDLES[author]}/status/{FIRST + place}",
        "date": f"2023-06-17T10:{place % 60:02}:00+00:00",
        "rawContent": text or LACE[place % len(LACE)],
        "id": FIRST + place,
        "user": user,
        "conversationId": FIRST,
        "inReplyToTweetId": None if answers is None else FIRST + answers,
        "inReplyToUser": None if answers is None else user | {"username": HANDLES[ADA]},
    } | more


def browser_post(
    place: int, text: str = "", *, answers: int | None = None, author: str = ADA, **more: Any
) -> Json:
    return {
        "id": str(FIRST + place),
        "created_at": f"2023-06-17 12:{place % 60:02}:00 +02:00",
        "full_text": text or LACE[place % len(LACE)],
        "media": [],
        "screen_name": HANDLES[author],
        "name": "Somebody",
        "profile_image_url": "https://example.org/face.jpg",
        "in_reply_to": None if answers is None else str(FIRST + answers),
        "retweeted_status": None,
        "quoted_status": None,
    } | more


# The Fediverse

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
ACTOR = "https://lace.example/users/ada"


def mastodon_note(place: int, html: str = "", *, answers: int | str | None = None, **more: Any) -> Json:
    """A ``Create`` of a note; ``more`` goes into the note."""
    above = f"{ACTOR}/statuses/{answers}" if isinstance(answers, int) else answers
    note = {
        "id": f"{ACTOR}/statuses/{place}",
        "type": "Note",
        "summary": None,
        "inReplyTo": above,
        "published": f"2023-06-17T10:{place % 60:02}:00Z",
        "url": f"https://lace.example/@ada/{place}",
        "attributedTo": ACTOR,
        "to": [PUBLIC],
        "cc": [f"{ACTOR}/followers"],
        "content": html or f"<p>{LACE[place % len(LACE)]}</p>",
        "attachment": [],
    } | more
    return {
        "id": f"{ACTOR}/statuses/{place}/activity",
        "type": "Create",
        "actor": ACTOR,
        "published": note["published"],
        "to": note["to"],
        "cc": note["cc"],
        "object": note,
    }


def mastodon_status(
    place: int, html: str = "", *, answers: int | None = None, author: str = ADA, **more: Any
) -> Json:
    name = HANDLES[author]
    return {
        "id": str(place),
        "created_at": f"2023-06-17T10:{place % 60:02}:00.000Z",
        "in_reply_to_id": None if answers is None else str(answers),
        "in_reply_to_account_id": None if answers is None else ADA,
        "visibility": "public",
        "spoiler_text": "",
        "uri": f"https://lace.example/users/{name}/statuses/{place}",
        "url": f"https://lace.example/@{name}/{place}",
        "content": html or f"<p>{LACE[place % len(LACE)]}</p>",
        "reblog": None,
        "account": {"id": author, "username": name, "acct": name, "url": f"https://lace.example/@{name}"},
        "media_attachments": [],
    } | more


# Bluesky

DIDS = {ADA: "did:plc:ada", BO: "did:plc:bo"}


def bluesky_uri(place: int, author: str = ADA) -> str:
    return f"at://{DIDS[author]}/app.bsky.feed.post/3k{place:04}"


def bluesky_post(
    place: int, text: str = "", *, answers: int | None = None, author: str = ADA, **record: Any
) -> Json:
    """A view of a post; ``record`` goes into its record, ``embed_view`` beside it."""
    view = record.pop("embed_view", None)
    said: Json = {
        "$type": "app.bsky.feed.post",
        "createdAt": f"2023-06-17T10:{place % 60:02}:00.000Z",
        "text": text or LACE[place % len(LACE)],
    }
    if answers is not None:
        said["reply"] = {"root": {"uri": bluesky_uri(0)}, "parent": {"uri": bluesky_uri(answers)}}
    made: Json = {
        "uri": bluesky_uri(place, author),
        "cid": "bafy",
        "author": {"did": DIDS[author], "handle": f"{HANDLES[author]}.example"},
        "record": said | record,
        "indexedAt": said["createdAt"],
    }
    return made | ({"embed": view} if view else {})


# Damage

#: Reasons for which a sound post is left out.
COUNTED = (
    "reply to another author",
    "reply to a post that the file does not hold",
    "post that the file holds more than once",
    "author's side reply, off the thread's main line",
    "post that the file only refers to",
    "earlier version of an edited post",
)


def damaged(content: bytes, count: int, seed: int = 1) -> Iterator[tuple[bytes, int, int]]:
    """Yield damaged copies, each with the range of bytes of the original that was touched."""
    chance = random.Random(seed)  # noqa: S311 - the same damage every time
    junk = [
        b'"',
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b"\\",
        b":",
        b"\n",
        b"\0",
        b"\xff",
        b"null",
        b"1e999",
        b"\\ud800",
    ]
    for _ in range(count):
        at = chance.randrange(len(content))
        length = chance.choice([0, 1, 1, 1, 2, 5, 30, 200])
        end = min(len(content), at + length)
        match chance.randrange(5):
            case 0:
                put = b""
                end = max(end, min(len(content), at + 1))
            case 1:
                put = bytes(chance.randrange(256) for _ in range(max(1, length % 8)))
            case 2:
                put = content[at:end] * 2
            case 3 if chance.random() < 0.2:
                put, end = b"", len(content)
            case _:
                put = chance.choice(junk)
        yield content[:at] + put + content[end:], at, end


def survives(
    reader: Reader,
    records: Sequence[bytes],
    frame: tuple[bytes, bytes, bytes],
    said: Callable[[int], str],
    *,
    count: int,
    seed: int = 1,
) -> None:
    """Hold that damage raises nothing but ``ReadError`` and loses no text of a record it did not touch.

    A text is not lost where it is counted: damage to one post may make the next an answer to a stranger.
    ``frame`` is what stands before, between and behind the records; ``said`` is a record's own text.
    """
    before, between, behind = frame
    content = before + between.join(records) + behind
    starts = [len(before)]
    for record in records:
        starts.append(starts[-1] + len(record) + len(between))
    for copy, first, last in damaged(content, count, seed):
        whole = [
            place
            for place, record in enumerate(records)
            if last <= starts[place] - 1 or first >= starts[place] + len(record) + 1
        ]
        try:
            found = reading(reader, copy)
        except ReadError:
            assert not whole, copy
            continue
        kept = "\n".join(text for thread in texts(found) for text in thread)
        lost = [said(place) for place in whole if said(place) not in kept]
        counted = sum(number for why, number in gone(found).items() if why in COUNTED)
        assert len(lost) <= counted, (lost, found.left_out, copy)
