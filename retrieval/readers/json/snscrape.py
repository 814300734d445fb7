"""Posts of X as snscrape and its likes save them: one a line, with ``rawContent`` and ``user.username``."""

from collections.abc import Iterator

from retrieval.formats.import_types import Reading, SavedFile
from retrieval.model import Attachment, AttachmentKind
from retrieval.readers import x_ids
from retrieval.readers.attachments import attachment_of
from retrieval.readers.json import x_fields
from retrieval.readers.json.json_stream import (
    JsonValue,
    Object,
    as_list,
    as_object,
    json_keys,
    objects_in,
)
from retrieval.readers.json.thread_builder import (
    REPOST,
    ServicePost,
    Unreadable,
    build_reading,
    collect_posts,
)
from retrieval.readers.reply_tree import PostRecord

__all__ = ["FORM", "read", "recognise"]

FORM = "snscrape (JSON lines)"


def recognise(file: SavedFile) -> float:
    """Return 0.95 for JSON with ``rawContent`` (once ``content``) beside a user and a conversation."""
    found = json_keys(file)
    named = "rawContent" in found or ("content" in found and "conversationId" in found)
    return 0.95 if named and {"user", "username"} <= found else 0.0


def read(file: SavedFile) -> Reading:
    """Return the threads of the file; see :func:`~retrieval.readers.json.thread_builder.build_reading`."""
    posts, left_out = collect_posts(file, _values, _status)
    return build_reading(FORM, file, posts, left_out, one_account=True)


def _values(part: JsonValue) -> Iterator[object]:
    yield from part.value if isinstance(part.value, list) else (part.value,)


def _status(value: object) -> ServicePost | str:
    """Return a post with its place, or why it is none."""
    tweet = as_object(value)
    name = x_fields.x_id(tweet.get("id")) or x_fields.x_id(tweet.get("id_str"))
    raw = tweet.get("rawContent") or tweet.get("content")
    if name is None or not isinstance(raw, str):
        return Unreadable("a post without an id" if name is None else "a post without text")
    if as_object(tweet.get("retweetedTweet")):
        return REPOST
    handle = x_fields.x_handle(as_object(tweet.get("user")).get("username"))
    parent = x_fields.x_id(tweet.get("inReplyToTweetId")) or x_fields.x_id(tweet.get("inReplyToTweetIdStr"))
    conversation = x_fields.x_id(tweet.get("conversationId")) or x_fields.x_id(tweet.get("conversationIdStr"))
    whose = x_fields.x_handle(as_object(tweet.get("inReplyToUser")).get("username"))
    if parent is None and conversation not in {None, name}:
        # Not the first of its conversation, so an answer; to what, the file does not say.
        parent = f"{conversation}/?"
    elif parent and whose is None:
        # X puts the other's handle before every answer to another account.
        whose = x_fields.leading_mention(raw) or handle
    links = dict(_links(tweet))
    own = {short: kind for short, address in links.items() if (kind := x_fields.own_medium(address, name))}
    text = x_fields.display_text(raw, links, own)
    attachments = [*_media(tweet)] or [attachment_of(kind, links[short]) for short, kind in own.items()]
    quoted = as_object(tweet.get("quotedTweet"))
    quoted_id = x_fields.x_id(quoted.get("id"))
    quotation = None
    if quoted_id:
        theirs = x_fields.x_handle(as_object(quoted.get("user")).get("username")) or "@i"
        quotation = attachment_of(AttachmentKind.QUOTED, x_fields.post_url(theirs, quoted_id))
    shown = f"/status/{quoted_id}" in text
    attachments += [] if shown else [quotation]
    return ServicePost(
        PostRecord(
            name,
            handle.casefold() if handle else None,
            parent,
            whose.casefold() if whose else None,
            x_ids.post_time(tweet.get("date"), name),
        ),
        text,
        tuple(made for made in dict.fromkeys(attachments) if made),
        handle,
        x_fields.post_url(handle, name),
        conversation,
        pictured=bool(tweet.get("media")),
        beside=(quotation,) if quotation and shown else (),
    )


def _links(tweet: Object) -> Iterator[tuple[str, str]]:
    """Yield the short links of a post with the address behind each, as any version tells them."""
    for link in objects_in(tweet.get("links")):
        short, address = link.get("tcourl"), link.get("url")
        if isinstance(short, str) and isinstance(address, str):
            yield short, address
    for short, address in zip(
        as_list(tweet.get("tcooutlinks")), as_list(tweet.get("outlinks")), strict=False
    ):
        if isinstance(short, str) and isinstance(address, str):
            yield short, address


def _media(tweet: Object) -> Iterator[Attachment | None]:
    """Yield a post's pictures and videos: a list in snscrape, lists by kind in its successors."""
    media = tweet.get("media")
    for medium in objects_in(media):
        photo = medium.get("fullUrl") or medium.get("url")
        kind = AttachmentKind.IMAGE if photo else AttachmentKind.VIDEO
        yield attachment_of(kind, photo or medium.get("thumbnailUrl"), medium.get("altText"))
    for photo in objects_in(as_object(media).get("photos")):
        yield attachment_of(AttachmentKind.IMAGE, photo.get("url"), photo.get("altText"))
    for video in (*objects_in(as_object(media).get("videos")), *objects_in(as_object(media).get("animated"))):
        yield attachment_of(AttachmentKind.VIDEO, video.get("thumbnailUrl"), video.get("altText"))
