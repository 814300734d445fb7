"""The ``outbox.json`` of a Mastodon archive, and what else speaks ActivityPub in the same way.

A ``Create`` of a note is a post; an ``Announce`` is a boost, somebody else's. Public and unlisted notes are
read; what went to followers or to single people is left out and counted, and so is what does not say.
Where a thread passes through such a note, what follows is a fragment. A content warning is its author's
words and stands above the text.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from retrieval.formats.import_types import LeftOut, Reading, SavedFile
from retrieval.readers.attachments import Attachment, attachment_line
from retrieval.readers.json import mastodon_post, x_fields
from retrieval.readers.json.json_stream import (
    JsonValue,
    Object,
    as_object,
    clean_text,
    json_keys,
    json_values,
    objects_in,
    unreadable_record,
)
from retrieval.readers.json.thread_builder import ServicePost, build_reading
from retrieval.readers.reply_tree import PostRecord

__all__ = ["FORM", "read", "recognise"]

FORM = "Mastodon outbox (ActivityPub)"

_PUBLIC: Final = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
_NOTES: Final = frozenset({"Note", "Question", "Article", "Page"})
_ACTIVITY: Final = frozenset({"object", "content", "actor"})
_COLLECTIONS: Final = ("Collection", "CollectionPage")
_CUT: Final = "end of a post too long to be read"


def recognise(file: SavedFile) -> float:
    """Return 0.95 for JSON with the keys of an outbox or of its activities."""
    found = json_keys(file)
    if {"orderedItems", "type"} <= found or {"actor", "object", "published", "to"} <= found:
        return 0.95
    return 0.8 if {"attributedTo", "content", "inReplyTo"} <= found else 0.0


def read(file: SavedFile) -> Reading:
    """Return the threads of the file; see :func:`~retrieval.readers.json.thread_builder.build_reading`."""
    left_out: list[LeftOut] = []
    gone: Counter[str] = Counter()
    found: list[tuple[Object, str]] = []
    number = 0
    for part in json_values(file):
        if isinstance(part, LeftOut):
            left_out.append(part)
            continue
        for value in _activities(part):
            number += 1
            taken = _note(as_object(value))
            if isinstance(taken, tuple):
                found.append(taken)
            elif taken.startswith("an activity"):
                left_out += [] if part.alone else [unreadable_record(taken, number, part.line)]
            else:
                gone[taken] += 1
    names = {str(note["url"]): str(note["id"]) for note, _ in found if isinstance(note.get("url"), str)}
    statuses = []
    for note, actor in found:
        status, cut = _status(note, actor, names)
        gone[_CUT] += cut
        statuses.append(status)
    left_out += [LeftOut(why, count) for why, count in sorted(gone.items()) if count]
    return build_reading(FORM, file, statuses, left_out, hanging=True)


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


def _note(activity: Object) -> tuple[Object, str] | str:
    """Return a note that may be kept and its author's address; else why it may not be."""
    kind = activity.get("type")
    if kind == "Announce":
        return "boost"
    note = as_object(activity.get("object")) if kind == "Create" else activity
    kind = note.get("type")
    author = note.get("attributedTo") or activity.get("actor")
    if isinstance(kind, str) and kind not in _NOTES:
        return f"activity that is no post ({clean_text(kind)[:40]})"
    if not isinstance(author, str) or not isinstance(kind, str) or not isinstance(note.get("id"), str):
        return "an activity without type, id or author"
    if not isinstance(note.get("content"), str):
        return "an activity without content"
    return _unseen(note if "to" in note or "cc" in note else activity) or (note, author)


def _unseen(told: Object) -> str | None:
    """Return why a note is not for everybody to see, ``None`` when it is."""
    audience = frozenset(_names(told.get("to")) + _names(told.get("cc")))
    if audience & _PUBLIC:
        return None
    if not audience:
        return "post that does not say who may see it"
    followers = any(name.endswith("/followers") for name in audience)
    return "post to followers only" if followers else "direct message"


def _names(value: object) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _status(note: Object, author: str, names: dict[str, str]) -> tuple[ServicePost, bool]:
    """Return a note with its place, and whether its text was cut."""
    told = note.get("inReplyTo")
    above = as_object(told).get("id", told)
    parent = names.get(above, above) if isinstance(above, str) else None
    url = note.get("url") if isinstance(note.get("url"), str) else None
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
    lines = [*links, *map(_media_line, objects_in(note.get("attachment")))]
    if isinstance(quoted, str):
        lines.append(attachment_line(Attachment.QUOTED, quoted))
    posted_at = x_fields.post_time(note.get("published"))
    record = PostRecord(str(note["id"]), author, parent, author if own else parent, posted_at)
    address = next(
        (str(one) for one in (url, note["id"]) if str(one).startswith(("https://", "http://"))), None
    )
    attachments = tuple(made for made in dict.fromkeys(lines) if made)
    return ServicePost(record, text, attachments, handle, address), cut


def _media_line(medium: Object) -> str | None:
    sort = f"{medium.get('mediaType') or medium.get('type') or ''}".casefold()
    kind = Attachment.VIDEO if sort.startswith(("video", "audio")) else Attachment.IMAGE
    if sort == "link":
        kind = Attachment.LINK
    return x_fields.media_line(
        kind, medium.get("url") or medium.get("href"), medium.get("name") or medium.get("summary")
    )
