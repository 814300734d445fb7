"""Posts of X as exporters in the browser save them: flat records with ``full_text`` and ``screen_name``.

A list in one document, or one record a line. Whose post a record answers is told by no field of theirs;
X puts the other's handle before every answer to somebody else, and before no answer to oneself.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from retrieval.parsing import xposts
from retrieval.parsing.attachments import Attachment, line
from retrieval.parsing.parts import Object, keys, mapping, members, parts, unreadable
from retrieval.parsing.replies import Record
from retrieval.parsing.selfthreads import Status, reading
from retrieval.saved import LeftOut, Reading, SavedFile

__all__ = ["FORM", "read", "recognise"]

FORM = "browser export of X (JSON)"

_REPOST: Final = "repost"
_IDS: Final = ("id", "id_str", "tweet_id", "rest_id")
_PARENTS: Final = ("in_reply_to", "in_reply_to_status_id_str", "in_reply_to_status_id", "in_reply_to_id")
_TIMES: Final = ("created_at", "date")
_LISTS: Final = ("tweets", "data", "posts", "items")


def recognise(file: SavedFile) -> float:
    """Return 0.9 for JSON with ``full_text`` and ``screen_name``, 0.0 for parts of account exports."""
    found = keys(file)
    if not {"full_text", "screen_name"} <= found or b"window.YTD" in file.content[:1_000]:
        return 0.0
    # An account export's records have these, too: names of mentioned people, and their own parent's.
    return 0.9 if found & {"in_reply_to", "profile_image_url", "metadata", "views_count"} else 0.3


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
        for value in _values(part.value):
            number += 1
            status = _status(mapping(value))
            if isinstance(status, Status):
                statuses.append(status)
            elif status == _REPOST:
                gone[_REPOST] += 1
            elif not part.alone:
                left_out.append(unreadable(status, number, part.line))
    left_out += [LeftOut(why, count) for why, count in gone.items()]
    return reading(FORM, file, statuses, left_out, hanging=True)


def _values(value: object) -> Iterator[object]:
    if isinstance(value, dict) and "full_text" not in value:
        value = next((value[name] for name in _LISTS if isinstance(value.get(name), list)), value)
    yield from value if isinstance(value, list) else (value,)


def _first(record: Object, names: tuple[str, ...]) -> object:
    return next((record[name] for name in names if record.get(name)), None)


def _status(record: Object) -> Status | str:
    """Return a post with its place, or why it is none."""
    name = xposts.number(_first(record, _IDS))
    raw = record.get("full_text")
    if name is None or not isinstance(raw, str):
        return "a post without an id" if name is None else "a post without text"
    handle = xposts.handle(record.get("screen_name") or mapping(record.get("user")).get("screen_name"))
    if record.get("retweeted_status") or raw.startswith("RT @"):
        return _REPOST
    parent, whose = _parent(record, name, raw, handle)
    links = dict(_links(record))
    media = list(members(record.get("media")))
    own = {short for medium in media if isinstance(short := medium.get("url"), str)}
    own |= {short for short, address in links.items() if xposts.own_medium(address, name)}
    text = xposts.words(raw, links, own)
    lines = [_media_line(medium) for medium in media]
    quoted = xposts.number(record.get("quoted_status"))
    if quoted and f"/status/{quoted}" not in text:
        lines.append(line(Attachment.QUOTED, xposts.place("@i", quoted)))
    return Status(
        Record(
            name,
            handle.casefold() if handle else None,
            parent,
            whose.casefold() if whose else None,
            xposts.moment(_first(record, _TIMES), name),
        ),
        text,
        tuple(made for made in dict.fromkeys(lines) if made),
        handle,
        xposts.place(handle, name),
    )


def _parent(record: Object, name: str, raw: str, handle: str | None) -> tuple[str | None, str | None]:
    """Return the post that a post answers, and whose that is; some exporters tell only the latter."""
    told = _first(record, _PARENTS)
    whose = xposts.handle(record.get("in_reply_to_screen_name"))
    if told is None:
        return (f"{name}/?", whose) if whose else (None, None)
    parent = xposts.number(told)
    if parent is None:
        return f"{name}/?", xposts.handle(told)
    return parent, whose or xposts.leading_mention(raw) or handle


def _links(record: Object) -> Iterator[tuple[str, str]]:
    """Yield the short links of a post with the address behind each, where the record keeps them."""
    legacy = mapping(mapping(record.get("metadata")).get("legacy"))
    for entities in (record, mapping(record.get("entities")), mapping(legacy.get("entities"))):
        for url in (*members(entities.get("urls")), *members(entities.get("media"))):
            short, address = url.get("url"), url.get("expanded_url")
            if isinstance(short, str) and isinstance(address, str):
                yield short, address


def _media_line(medium: Object) -> str | None:
    kind = Attachment.IMAGE if medium.get("type") in {"photo", None} else Attachment.VIDEO
    address = medium.get("original") or medium.get("thumbnail")
    return xposts.media_line(kind, address, medium.get("ext_alt_text") or medium.get("alt_text"))
