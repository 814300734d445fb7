"""Statuses as Mastodon's API gives them: the context of a status, the status itself, or a list of them.

A thread is what the author of a conversation's first status answered to it and to themselves. Public and
unlisted statuses are read; what went to followers or to single people is left out and counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, cast

from retrieval.formats.fields import web_address
from retrieval.formats.import_types import Reading, SavedFile
from retrieval.model import Attachment, AttachmentKind
from retrieval.readers import x_ids
from retrieval.readers.attachments import attachment_of
from retrieval.readers.json import mastodon_post
from retrieval.readers.json.json_stream import (
    JsonValue,
    Object,
    as_list,
    as_object,
    clean_text,
    json_keys,
    objects_in,
)
from retrieval.readers.json.thread_builder import ServicePost, Unreadable, build_reading, collect_posts
from retrieval.readers.reply_tree import PostRecord

__all__ = ["FORM", "read", "recognise"]

FORM = "Mastodon API (JSON)"

_WHERE: Final = ("ancestors", "status", "descendants", "statuses")
_REFUSED: Final = {"private": "post to followers only", "direct": "direct message"}
# So many answers a server lists below a status, and so many posts above it: to readers who are not logged in,
# and to those who are.
_MOST_BELOW: Final = frozenset({60, 4_096})
_MOST_ABOVE: Final = frozenset({40, 4_096})


@dataclass(frozen=True, slots=True)
class _Extent:
    """What a document says of a status: all below it is here, or the list stops at its limit."""

    whole: bool = False
    limit: bool = False


def recognise(file: SavedFile) -> float:
    """Return 0.95 for JSON with the keys of a context or of a status."""
    found = json_keys(file)
    if {"ancestors", "descendants"} <= found:
        return 0.95
    return 0.9 if {"content", "account", "visibility", "in_reply_to_id"} <= found else 0.0


def read(file: SavedFile) -> Reading:
    """Return the threads of the file; see :func:`~retrieval.readers.json.thread_builder.build_reading`."""
    posts, left_out = collect_posts(
        file,
        _statuses,
        _post,
        record_of=lambda held: (held, _Extent()),
        object_of=lambda record: cast("tuple[object, _Extent]", record)[0],
    )
    return build_reading(FORM, file, posts, left_out, one_account=False)


def _statuses(part: JsonValue) -> Iterator[object]:
    """Yield the statuses of a context, of a list, or the one that it is, each with its place."""
    waiting: list[tuple[object, _Extent]] = [(part.value, _Extent())]
    while waiting:
        value, place = waiting.pop()
        if isinstance(value, list):
            waiting.extend((one, place) for one in reversed(value))
            continue
        held = as_object(value)
        inside = [
            (held[name], _place(held, name, place))
            for name in _WHERE
            if isinstance(held.get(name), list | dict)
        ]
        if "account" not in held and "content" not in held:
            # What stands under another name may be a damaged name's.
            others = [held[name] for name in sorted(held.keys() - _WHERE)]
            inside += [
                (one, place) for one in others if isinstance(one, list) or (isinstance(one, dict) and one)
            ]
        waiting.extend(reversed(inside))
        if not inside or "content" in held:
            yield value, place


def _place(held: Object, name: str, place: _Extent) -> _Extent:
    """Return what a context tells of the statuses in one of its lists."""
    if not {"ancestors", "descendants"} <= held.keys():
        return place
    above, below = as_list(held["ancestors"]), as_list(held["descendants"])
    limit = (len(below) in _MOST_BELOW and name == "descendants") or (
        len(above) in _MOST_ABOVE and name == "ancestors"
    )
    return _Extent(whole=True, limit=limit)


def _reason(status: Object) -> str | None:
    """Return why a status is not kept, ``None`` when it is."""
    if as_object(status.get("reblog")):
        return "boost"
    if not isinstance(status.get("id"), str | int) or not isinstance(status.get("content"), str):
        return Unreadable("a status without an id and content")
    if not isinstance(as_object(status.get("account")).get("id"), str | int):
        return Unreadable("a status without an account")
    visibility = status.get("visibility")
    if visibility in {"public", "unlisted"}:
        return None
    return _REFUSED.get(str(visibility), "post that does not say who may see it")


def _name(status: Object) -> str:
    """Return the id that a status has everywhere; the API's own is only its server's."""
    uri = status.get("uri")
    return uri if isinstance(uri, str) and uri else str(status["id"])


def _post(value: object) -> ServicePost | str:
    """Return a status with its place, or why it is not kept."""
    held, place = cast("tuple[object, _Extent]", value)
    status = as_object(held)
    reason = _reason(status)
    if reason is not None:
        return reason
    account = as_object(status.get("account"))
    replied = status.get("in_reply_to_id")
    whose = status.get("in_reply_to_account_id")
    parent = None if replied is None else str(replied)
    words, links, cut = mastodon_post.mastodon_text(str(status["content"]))
    warning = status.get("spoiler_text")
    options = (
        clean_text(str(one.get("title") or ""))
        for one in objects_in(as_object(status.get("poll")).get("options"))
    )
    parts_of_it = (
        clean_text(warning) if isinstance(warning, str) else "",
        words,
        "\n".join(option for option in options if option),
    )
    hanging = [*links, *map(_media, objects_in(status.get("media_attachments")))]
    quoted = as_object(status.get("quote"))
    quoted = as_object(quoted.get("quoted_status")) or quoted
    address = quoted.get("url") or quoted.get("uri")
    if isinstance(address, str):
        hanging.append(attachment_of(AttachmentKind.QUOTED, address))
    record = PostRecord(
        _name(status),
        str(account["id"]),
        parent,
        None if whose is None else str(whose),
        x_ids.post_time(status.get("created_at")),
    )
    url = web_address(status.get("url")) or web_address(status.get("uri"))
    attachments = tuple(made for made in dict.fromkeys(hanging) if made)
    replies = status.get("replies_count")
    return ServicePost(
        record,
        "\n\n".join(filter(None, parts_of_it)),
        attachments,
        _handle(account, status),
        url,
        alias=str(status["id"]),
        pictured=bool(status.get("media_attachments")),
        cut=cut,
        replies=replies if place.whole and isinstance(replies, int) else None,
        limit=place.limit,
    )


def _handle(account: Object, status: Object) -> str | None:
    """Return "@name@host"; the API leaves out the host of its own server's accounts.

    It stands in the account's address and, where that is damaged, in its status' own; where all are, the name
    is what remains.
    """
    name = account.get("acct")
    if isinstance(name, str) and "@" in name.strip("@"):
        return f"@{clean_text(name).strip('@')}"
    addresses = (account.get("url"), account.get("uri"), status.get("url"), status.get("uri"))
    handle = mastodon_post.account_handle(*addresses)
    return handle or (
        f"@{clean_text(name).strip('@')}" if isinstance(name, str) and name.strip("@ ") else None
    )


def _media(medium: Object) -> Attachment | None:
    kind = AttachmentKind.IMAGE if medium.get("type") in {"image", "unknown", None} else AttachmentKind.VIDEO
    address = medium.get("remote_url") or medium.get("url") or medium.get("preview_url")
    return attachment_of(kind, address, medium.get("description"))
