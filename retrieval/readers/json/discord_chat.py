"""A channel of Discord as DiscordChatExporter's JSON has it: what one author wrote in a row is a thread.

Messages alone between those of others are left out and counted, and so is what Discord wrote itself. In a
channel, a pause of a day ends a row; a thread of Discord may pause as long as it likes.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from retrieval.errors import RejectedError
from retrieval.formats.import_types import LeftOut, Reading, SavedFile
from retrieval.model import AttachmentKind, Thread
from retrieval.patterns import pattern
from retrieval.readers.attachments import attachment_of
from retrieval.readers.decoding import is_blank
from retrieval.readers.json.json_stream import (
    JsonValue,
    Object,
    as_object,
    clean_text,
    json_keys,
    json_values,
    merge_left_out,
    objects_in,
    objects_within,
    unreadable_record,
)
from retrieval.readers.known_posts import KnownPost, thread_of
from retrieval.readers.x_ids import post_time

__all__ = ["FORM", "read", "recognise"]

FORM = "Discord channel (DiscordChatExporter JSON)"

_PAUSE: Final = timedelta(days=1)
_MESSAGE: Final = pattern(r'(?=\{\s{0,64}"id"\s{0,64}:\s{0,64}"\d{1,20}"\s{0,64},\s{0,64}"type")')
_KINDS: Final = frozenset({"Default", "Reply", "0", "19", "ThreadStarterMessage", "21"})
_ALONE: Final = "message alone between those of others"
_SYSTEM: Final = "message of Discord itself, or of a bot"
_EMPTY: Final = "message without text"


def recognise(file: SavedFile) -> float:
    """Return 0.95 for JSON with the keys of an exported channel."""
    return 0.95 if {"guild", "channel", "messages"} <= json_keys(file) else 0.0


def read(file: SavedFile) -> Reading:
    """Return the rows of two or more messages of one author, each a thread.

    Raises :class:`~retrieval.errors.RejectedError` where there is none.
    """
    left_out: list[LeftOut] = []
    counts: Counter[str] = Counter()
    posts: list[tuple[str, KnownPost]] = []
    channel: Object = {}
    number = 0
    for part in json_values(file, _MESSAGE):
        if isinstance(part, LeftOut):
            left_out.append(part)
            continue
        channel = channel or as_object(as_object(part.value).get("channel"))
        for message in _messages(part):
            number += 1
            post = _post(message)
            if isinstance(post, tuple):
                posts.append(post)
            elif post in {_SYSTEM, _EMPTY}:
                counts[post] += 1
            elif not part.alone:
                left_out.append(unreadable_record(post, number, part.line))
    whole = "thread" in str(channel.get("type", "")).casefold()
    title = channel.get("name") if whole else None
    threads: list[Thread] = []
    warnings: list[str] = []
    for row in _rows(posts, None if whole else _PAUSE):
        if len(row) == 1:
            counts[_ALONE] += 1
            continue
        thread, odd = thread_of(
            [post for _, post in row],
            title=clean_text(title) if isinstance(title, str) and title else None,
            author=row[0][0].partition("\n")[2] or file.author,
        )
        threads.append(thread)
        warnings += odd
    if not threads:
        raise RejectedError(file.name, "holds no two messages of one author in a row, so no thread")
    left_out += [LeftOut(why, count) for why, count in sorted(counts.items())]
    return Reading(FORM, tuple(threads), merge_left_out(left_out), tuple(warnings))


def _messages(part: JsonValue) -> Iterator[Object]:
    """Yield what is or should be a message: where damage moved it, too."""
    listed = {id(one) for one in objects_in(as_object(part.value).get("messages"))}
    whole: set[int] = set()
    for held in objects_within(part.value, lambda held: id(held) in whole and not part.alone):
        if isinstance(_post(held), tuple):
            whole.add(id(held))
            yield held
        elif id(held) in listed or {"content", "author"} <= held.keys():
            yield held


def _post(message: Object) -> tuple[str, KnownPost] | str:
    """Return a message with its author, or why it is none."""
    author = as_object(message.get("author"))
    content, name = message.get("content"), author.get("name")
    if not isinstance(content, str) or not isinstance(name, str) or not name.strip():
        return "a message without content and author"
    if str(message.get("type", "Default")) not in _KINDS or author.get("isBot") is True:
        return _SYSTEM
    attachments = tuple(
        attachment
        for medium in objects_in(message.get("attachments"))
        if (attachment := attachment_of(AttachmentKind.IMAGE, medium.get("url"), medium.get("fileName")))
    )
    text = clean_text(content)
    if is_blank(text) and not attachments:
        return _EMPTY
    identified = f"{author.get('id') or name}\n{clean_text(name)}"
    return identified, KnownPost(text, posted_at=post_time(message.get("timestamp")), attachments=attachments)


def _rows(
    posts: Sequence[tuple[str, KnownPost]], pause: timedelta | None
) -> Iterator[list[tuple[str, KnownPost]]]:
    row: list[tuple[str, KnownPost]] = []
    for author, post in posts:
        if row and (row[-1][0] != author or _paused(row[-1][1].posted_at, post.posted_at, pause)):
            yield row
            row = []
        row.append((author, post))
    if row:
        yield row


def _paused(before: datetime | None, after: datetime | None, pause: timedelta | None) -> bool:
    return pause is not None and before is not None and after is not None and after - before > pause
