"""The ``outbox.json`` of a Mastodon archive, and what else speaks ActivityPub in the same way.

A ``Create`` of a note is a post; an ``Announce`` is a boost of another's. Public and unlisted notes are
read; what went to followers or to single people is left out and counted, and so is what does not say.
Where a thread passes through such a note, what follows is a fragment. A content warning is its author's
words and stands above the text.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from retrieval.errors import ReadError
from retrieval.formats.fields import web_address
from retrieval.formats.import_types import LeftOut, Reading, SavedFile
from retrieval.model import Attachment, AttachmentKind
from retrieval.patterns import pattern
from retrieval.readers import x_ids
from retrieval.readers.attachments import attachment_of
from retrieval.readers.json import mastodon_post
from retrieval.readers.json.json_stream import (
    MAX_JSON_BYTES,
    JsonValue,
    Object,
    as_object,
    clean_text,
    json_keys,
    objects_in,
)
from retrieval.readers.json.thread_builder import ServicePost, Unreadable, build_reading, collect_posts
from retrieval.readers.reply_tree import PostRecord

__all__ = ["BUNDLE", "FORM", "INSIDE", "read", "recognise"]

FORM = "Mastodon outbox (ActivityPub)"

_PUBLIC: Final = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
_NOTES: Final = frozenset({"Note", "Question", "Article", "Page"})
_ACTIVITY: Final = frozenset({"object", "content", "actor"})
_COLLECTIONS: Final = ("Collection", "CollectionPage")
#: The name of the file that makes what is around it a Mastodon archive, whose first folder is ``root``.
BUNDLE: Final = pattern(r"(?P<root>/?(?:[^/]+/)*?)outbox\.json")
#: What an archive brings with it.
INSIDE: Final = pattern(
    r"(?:outbox|actor|likes|bookmarks)\.json|(?:avatar|header)\.\w{1,9}|media_attachments/.*"
)
_UNOPENED: Final = "file of the archive that was not opened; only posts are read"


def recognise(file: SavedFile) -> float:
    """Return 0.95 for JSON with the keys of an outbox or of its activities."""
    if file.bundle is not None:
        return _of_bundle(file)
    found = json_keys(file)
    if {"orderedItems", "type"} <= found or {"actor", "object", "published", "to"} <= found:
        return 0.95
    return 0.8 if {"attributedTo", "content", "inReplyTo"} <= found else 0.0


def _of_bundle(file: SavedFile) -> float:
    try:
        return recognise(_outbox(file)[0])
    except ReadError:
        # This reader is asked, and says why it cannot be opened.
        return 0.5


def read(file: SavedFile) -> Reading:
    """Return the threads of the file; see :func:`~retrieval.readers.json.thread_builder.build_reading`."""
    file, unopened = _outbox(file)
    posts, left_out = collect_posts(file, _activities, _post)
    reading = build_reading(FORM, file, posts, left_out, one_account=True)
    return replace(
        reading, left_out=(*reading.left_out, *([LeftOut(_UNOPENED, unopened)] if unopened else ()))
    )


def _outbox(file: SavedFile) -> tuple[SavedFile, int]:
    """Return an archive's outbox as a file of its own, and how many files beside it there are."""
    if file.bundle is None:
        return file, 0
    for member in file.bundle.members:
        if member.name == "outbox.json":
            with file.bundle.open(member) as stream:
                return replace(file, content=stream.read(MAX_JSON_BYTES + 1), bundle=None), len(
                    file.bundle.members
                ) - 1
    return replace(file, bundle=None), 0


def _activities(part: JsonValue) -> Iterator[object]:
    """Yield activities and notes, out of a collection, its pages, a list, or by themselves."""
    waiting = [part.value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
            continue
        held = as_object(value)
        if str(held.get("type", "")).endswith(_COLLECTIONS) or not held.keys() & _ACTIVITY:
            # Whatever list there is: damage may have changed its name.
            inside: list[object] = [
                one for name, one in held.items() if isinstance(one, list) and name != "@context"
            ]
            inside += [held[name] for name in ("first", "last") if isinstance(held.get(name), dict)]
            waiting += inside
            if not inside and not part.alone and "type" not in held:
                yield value
        else:
            yield value


def _post(value: object) -> ServicePost | str:
    """Return a note with its place, or why it is not kept."""
    note = _note(as_object(value))
    return note if isinstance(note, str) else _status(*note)


def _note(activity: Object) -> tuple[Object, str] | str:
    """Return a note that may be kept and its author's address; else why it may not be."""
    kind = activity.get("type")
    if kind == "Announce":
        return "boost"
    note = as_object(activity.get("object")) if kind == "Create" else activity
    kind = note.get("type")
    author = note.get("attributedTo") or activity.get("actor")
    if isinstance(kind, str) and kind.endswith(_COLLECTIONS):
        return Unreadable("a collection")
    if isinstance(kind, str) and kind not in _NOTES:
        return f"activity that is no post ({clean_text(kind)[:40]})"
    if not isinstance(author, str) or not isinstance(kind, str) or not isinstance(note.get("id"), str):
        return Unreadable("an activity without type, id or author")
    if not isinstance(note.get("content"), str):
        return Unreadable("an activity without content")
    return _unseen(note if "to" in note or "cc" in note else activity) or (note, author)


def _unseen(note: Object) -> str | None:
    """Return why a note is not public, ``None`` when it is."""
    audience = frozenset(_names(note.get("to")) + _names(note.get("cc")))
    if audience & _PUBLIC:
        return None
    if not audience:
        return "post that does not say who may see it"
    followers = any(name.endswith("/followers") for name in audience)
    return "post to followers only" if followers else "direct message"


def _names(value: object) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _status(note: Object, author: str) -> ServicePost:
    parent_note = note.get("inReplyTo")
    above = as_object(parent_note).get("id", parent_note)
    parent = above if isinstance(above, str) else None
    url = str(note["url"]) if isinstance(note.get("url"), str) else None
    handle = mastodon_post.account_handle(author, url)
    own = parent is not None and (
        parent.startswith(f"{author}/")
        or (handle is not None and mastodon_post.account_handle(parent) == handle)
    )
    words, links, cut = mastodon_post.mastodon_text(str(note["content"]))
    summary = note.get("summary")
    warning = mastodon_post.mastodon_text(summary)[0] if isinstance(summary, str) else ""
    options = (
        clean_text(str(one.get("name") or ""))
        for kind in ("oneOf", "anyOf")
        for one in objects_in(note.get(kind))
    )
    text = "\n\n".join(part for part in (warning, words, "\n".join(filter(None, options))) if part)
    quoted = note.get("quote") or note.get("quoteUrl") or note.get("quoteUri")
    hanging = [*links, *map(_media, objects_in(note.get("attachment")))]
    if isinstance(quoted, str):
        hanging.append(attachment_of(AttachmentKind.QUOTED, quoted))
    posted_at = x_ids.post_time(note.get("published"))
    record = PostRecord(str(note["id"]), author, parent, author if own else parent, posted_at)
    address = web_address(url) or web_address(note["id"])
    attachments = tuple(made for made in dict.fromkeys(hanging) if made)
    pictured = bool(note.get("attachment"))
    return ServicePost(record, text, attachments, handle, address, alias=url, pictured=pictured, cut=cut)


def _media(medium: Object) -> Attachment | None:
    sort = f"{medium.get('mediaType') or medium.get('type') or ''}".casefold()
    kind = AttachmentKind.VIDEO if sort.startswith(("video", "audio")) else AttachmentKind.IMAGE
    if sort == "link":
        kind = AttachmentKind.LINK
    return attachment_of(
        kind, medium.get("url") or medium.get("href"), medium.get("name") or medium.get("summary")
    )
