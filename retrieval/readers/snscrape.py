"""Posts of X as snscrape and its likes save them: one a line, with ``rawContent`` and ``user.username``."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from retrieval.parsing import xposts
from retrieval.parsing.attachments import Attachment, line
from retrieval.parsing.parts import Object, Part, items, keys, mapping, members, parts, unreadable
from retrieval.parsing.replies import Record
from retrieval.parsing.selfthreads import Status, reading
from retrieval.saved import LeftOut, Reading, SavedFile

__all__ = ["FORM", "read", "recognise"]

FORM = "snscrape (JSON lines)"

_REPOST: Final = "repost"


def recognise(file: SavedFile) -> float:
    """Return 0.95 for JSON with ``rawContent`` (once ``content``) beside a user and a conversation."""
    found = keys(file)
    named = "rawContent" in found or ("content" in found and "conversationId" in found)
    return 0.95 if named and {"user", "username"} <= found else 0.0


def read(file: SavedFile) -> Reading:
    """Return the threads of the file; see :func:`~retrieval.parsing.selfthreads.reading`."""
    left_out: list[LeftOut] = []
    gone: Counter[str] = Counter()
    statuses: list[Status] = []
    number = 0
    for part in parts(file):
        if isinstance(part, LeftOut):
            left_out.append(part)
            continue
        for value in _values(part):
            number += 1
            status = _status(value)
            if isinstance(status, Status):
                statuses.append(status)
            elif status == _REPOST:
                gone[_REPOST] += 1
            elif not part.alone:
                left_out.append(unreadable(status, number, part.line))
    left_out += [LeftOut(why, count) for why, count in gone.items()]
    return reading(FORM, file, statuses, left_out, hanging=True)


def _values(part: Part) -> Iterator[object]:
    yield from part.value if isinstance(part.value, list) else (part.value,)


def _status(value: object) -> Status | str:
    """Return a post with its place, or why it is none."""
    tweet = mapping(value)
    name = xposts.number(tweet.get("id")) or xposts.number(tweet.get("id_str"))
    raw = tweet.get("rawContent") or tweet.get("content")
    if name is None or not isinstance(raw, str):
        return "a post without an id" if name is None else "a post without text"
    if mapping(tweet.get("retweetedTweet")):
        return _REPOST
    handle = xposts.handle(mapping(tweet.get("user")).get("username"))
    parent = xposts.number(tweet.get("inReplyToTweetId")) or xposts.number(tweet.get("inReplyToTweetIdStr"))
    conversation = xposts.number(tweet.get("conversationId")) or xposts.number(tweet.get("conversationIdStr"))
    whose = xposts.handle(mapping(tweet.get("inReplyToUser")).get("username"))
    if parent is None and conversation not in {None, name}:
        # Not the first of its conversation, so an answer; to what, the file does not say.
        parent = f"{conversation}/?"
    elif parent and whose is None:
        # X puts the other's handle before every answer to somebody else.
        whose = xposts.leading_mention(raw) or handle
    links = dict(_links(tweet))
    own = {short: kind for short, address in links.items() if (kind := xposts.own_medium(address, name))}
    text = xposts.words(raw, links, own)
    lines = [*_media_lines(tweet)] or [line(kind, links[short]) for short, kind in own.items()]
    quoted = mapping(tweet.get("quotedTweet"))
    quoted_id = xposts.number(quoted.get("id"))
    if quoted_id and f"/status/{quoted_id}" not in text:
        theirs = xposts.handle(mapping(quoted.get("user")).get("username")) or "@i"
        lines.append(line(Attachment.QUOTED, xposts.place(theirs, quoted_id)))
    return Status(
        Record(
            name,
            handle.casefold() if handle else None,
            parent,
            whose.casefold() if whose else None,
            xposts.moment(tweet.get("date"), name),
        ),
        text,
        tuple(made for made in dict.fromkeys(lines) if made),
        handle,
        xposts.place(handle, name),
        conversation,
    )


def _links(tweet: Object) -> Iterator[tuple[str, str]]:
    """Yield the short links of a post with the address behind each, as any version tells them."""
    for link in members(tweet.get("links")):
        short, address = link.get("tcourl"), link.get("url")
        if isinstance(short, str) and isinstance(address, str):
            yield short, address
    for short, address in zip(items(tweet.get("tcooutlinks")), items(tweet.get("outlinks")), strict=False):
        if isinstance(short, str) and isinstance(address, str):
            yield short, address


def _media_lines(tweet: Object) -> Iterator[str | None]:
    """Yield the lines of a post's pictures: a list in snscrape, lists by kind in its successors."""
    media = tweet.get("media")
    for medium in members(media):
        photo = medium.get("fullUrl") or medium.get("url")
        kind = Attachment.IMAGE if photo else Attachment.VIDEO
        yield xposts.media_line(kind, photo or medium.get("thumbnailUrl"), medium.get("altText"))
    for photo in members(mapping(media).get("photos")):
        yield xposts.media_line(Attachment.IMAGE, photo.get("url"), photo.get("altText"))
    for video in (*members(mapping(media).get("videos")), *members(mapping(media).get("animated"))):
        yield xposts.media_line(Attachment.VIDEO, video.get("thumbnailUrl"), video.get("altText"))
