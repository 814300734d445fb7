"""Posts of X as exporters in the browser save them: flat records with ``full_text`` and ``screen_name``.

A list in one document, or one record a line. No field names the author of the post that a record answers;
X puts the other's handle before every answer to another account, and before no answer to oneself.
"""

from collections.abc import Iterator
from typing import Final

from retrieval.formats.import_types import Reading, SavedFile
from retrieval.model import Attachment, AttachmentKind
from retrieval.readers import x_ids
from retrieval.readers.attachments import attachment_of
from retrieval.readers.json import x_fields
from retrieval.readers.json.json_stream import (
    JsonValue,
    Object,
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

FORM = "browser export of X (JSON)"

_IDS: Final = ("id", "id_str", "tweet_id", "rest_id")
_PARENTS: Final = ("in_reply_to", "in_reply_to_status_id_str", "in_reply_to_status_id", "in_reply_to_id")
_TIMES: Final = ("created_at", "date")
_LISTS: Final = ("tweets", "data", "posts", "items")


def recognise(file: SavedFile) -> float:
    """Return 0.9 for JSON with ``full_text`` and ``screen_name``, 0.0 for parts of account exports."""
    found = json_keys(file)
    if not {"full_text", "screen_name"} <= found or b"window.YTD" in file.content[:1_000]:
        return 0.0
    # An account export's records have these, too: names of mentioned people, and their own parent's.
    return 0.9 if found & {"in_reply_to", "profile_image_url", "metadata", "views_count"} else 0.3


def read(file: SavedFile) -> Reading:
    """Return the threads of the file; see :func:`~retrieval.readers.json.thread_builder.build_reading`."""
    posts, left_out = collect_posts(file, _values, _status)
    return build_reading(FORM, file, posts, left_out, one_account=True)


def _values(part: JsonValue) -> Iterator[object]:
    value = part.value
    if isinstance(value, dict) and "full_text" not in value:
        value = next((value[name] for name in _LISTS if isinstance(value.get(name), list)), value)
    yield from value if isinstance(value, list) else (value,)


def _first(record: Object, names: tuple[str, ...]) -> object:
    return next((record[name] for name in names if record.get(name)), None)


def _status(value: object) -> ServicePost | str:
    """Return a post with its place, or why it is none."""
    record = as_object(value)
    name = x_fields.x_id(_first(record, _IDS))
    raw = record.get("full_text")
    if name is None or not isinstance(raw, str):
        return Unreadable("a post without an id" if name is None else "a post without text")
    handle = x_fields.x_handle(record.get("screen_name") or as_object(record.get("user")).get("screen_name"))
    if record.get("retweeted_status") or raw.startswith("RT @"):
        return REPOST
    parent, whose = _parent(record, name, raw, handle)
    links = dict(_links(record))
    media = list(objects_in(record.get("media")))
    own = {short for medium in media if isinstance(short := medium.get("url"), str)}
    own |= {short for short, address in links.items() if x_fields.own_medium(address, name)}
    text = x_fields.display_text(raw, links, own)
    attachments = [_attached(medium) for medium in media]
    quoted = x_fields.x_id(record.get("quoted_status"))
    quotation = attachment_of(AttachmentKind.QUOTED, x_fields.post_url("@i", quoted)) if quoted else None
    shown = f"/status/{quoted}" in text
    attachments += [] if shown else [quotation]
    return ServicePost(
        PostRecord(
            name,
            handle.casefold() if handle else None,
            parent,
            whose.casefold() if whose else None,
            x_ids.post_time(_first(record, _TIMES), name),
        ),
        text,
        tuple(made for made in dict.fromkeys(attachments) if made),
        handle,
        x_fields.post_url(handle, name),
        pictured=bool(media),
        beside=(quotation,) if quotation and shown else (),
    )


def _parent(record: Object, name: str, raw: str, handle: str | None) -> tuple[str | None, str | None]:
    """Return the post that a post answers, and whose that is; some exporters tell only the latter."""
    parent_field = _first(record, _PARENTS)
    whose = x_fields.x_handle(record.get("in_reply_to_screen_name"))
    if parent_field is None:
        return (f"{name}/?", whose) if whose else (None, None)
    parent = x_fields.x_id(parent_field)
    if parent is None:
        return f"{name}/?", x_fields.x_handle(parent_field)
    return parent, whose or x_fields.leading_mention(raw) or handle


def _links(record: Object) -> Iterator[tuple[str, str]]:
    """Yield the short links of a post with the address behind each, where the record keeps them."""
    legacy = as_object(as_object(record.get("metadata")).get("legacy"))
    for entities in (record, as_object(record.get("entities")), as_object(legacy.get("entities"))):
        for url in (*objects_in(entities.get("urls")), *objects_in(entities.get("media"))):
            short, address = url.get("url"), url.get("expanded_url")
            if isinstance(short, str) and isinstance(address, str):
                yield short, address


def _attached(medium: Object) -> Attachment | None:
    kind = AttachmentKind.IMAGE if medium.get("type") in {"photo", None} else AttachmentKind.VIDEO
    address = medium.get("original") or medium.get("thumbnail")
    return attachment_of(kind, address, medium.get("ext_alt_text") or medium.get("alt_text"))
