"""Statuses as Mastodon's API gives them: the context of a status, the status itself, or a list of them.

A thread is what the author of a conversation's first status answered to it and to themselves. Public and
unlisted statuses are read; what went to followers or to single people is left out and counted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
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

FORM = "Mastodon API (JSON)"

_WHERE: Final = ("ancestors", "status", "descendants", "statuses")
_REFUSED: Final = {"private": "post to followers only", "direct": "direct message"}
_CUT: Final = "end of a post too long to be read"


def recognise(file: SavedFile) -> float:
    """Return 0.95 for JSON with the keys of a context or of a status."""
    found = json_keys(file)
    if {"ancestors", "descendants"} <= found:
        return 0.95
    return 0.9 if {"content", "account", "visibility", "in_reply_to_id"} <= found else 0.0


def read(file: SavedFile) -> Reading:
    """Return the threads of the file; see :func:`~retrieval.readers.json.thread_builder.build_reading`."""
    left_out: list[LeftOut] = []
    gone: Counter[str] = Counter()
    found: list[Object] = []
    number = 0
    for part in json_values(file):
        if isinstance(part, LeftOut):
            left_out.append(part)
            continue
        for value in _statuses(part):
            number += 1
            reason = _reason(as_object(value))
            if reason is None:
                found.append(as_object(value))
            elif reason.startswith("a status"):
                left_out += [] if part.alone else [unreadable_record(reason, number, part.line)]
            else:
                gone[reason] += 1
    names = {str(status["id"]): _name(status) for status in found}
    statuses = []
    for value in found:
        status, cut = _status(value, names)
        gone[_CUT] += cut
        statuses.append(status)
    left_out += [LeftOut(why, count) for why, count in sorted(gone.items()) if count]
    return build_reading(FORM, file, statuses, left_out, hanging=False)


def _statuses(part: JsonValue) -> Iterator[object]:
    """Yield the statuses of a context, of a list, or the one that it is."""
    waiting = [part.value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
            continue
        held = as_object(value)
        inside = [held[name] for name in _WHERE if isinstance(held.get(name), list | dict)]
        if "account" not in held:
            # What stands under another name may be a damaged name's.
            others = [held[name] for name in sorted(held.keys() - _WHERE)]
            inside += [one for one in others if isinstance(one, list) or (isinstance(one, dict) and one)]
        if inside and "content" not in held:
            waiting.extend(reversed(inside))
        else:
            yield value


def _reason(status: Object) -> str | None:
    """Return why a status is not kept, ``None`` when it is."""
    if as_object(status.get("reblog")):
        return "boost"
    if not isinstance(status.get("id"), str | int) or not isinstance(status.get("content"), str):
        return "a status without an id and content"
    if not isinstance(as_object(status.get("account")).get("id"), str | int):
        return "a status without an account"
    visibility = status.get("visibility")
    if visibility in {"public", "unlisted"}:
        return None
    return _REFUSED.get(str(visibility), "post that does not say who may see it")


def _name(status: Object) -> str:
    """Return the id that a status has everywhere; the API's own is only its server's."""
    uri = status.get("uri")
    return uri if isinstance(uri, str) and uri else str(status["id"])


def _status(status: Object, names: Mapping[str, str]) -> tuple[ServicePost, bool]:
    """Return a status with its place, and whether its text was cut."""
    account = as_object(status.get("account"))
    told = status.get("in_reply_to_id")
    whose = status.get("in_reply_to_account_id")
    parent = None if told is None else names.get(str(told), f"{told}/?")
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
    lines = [*links, *map(_media_line, objects_in(status.get("media_attachments")))]
    quoted = as_object(status.get("quote"))
    quoted = as_object(quoted.get("quoted_status")) or quoted
    address = quoted.get("url") or quoted.get("uri")
    if isinstance(address, str):
        lines.append(attachment_line(Attachment.QUOTED, address))
    record = PostRecord(
        _name(status),
        str(account["id"]),
        parent,
        None if whose is None else str(whose),
        x_fields.post_time(status.get("created_at")),
    )
    url = next(
        (str(one) for one in (status.get("url"), status.get("uri")) if str(one).startswith("http")), None
    )
    attachments = tuple(made for made in dict.fromkeys(lines) if made)
    return ServicePost(
        record, "\n\n".join(filter(None, parts_of_it)), attachments, _handle(account), url
    ), cut


def _handle(account: Object) -> str | None:
    """Return "@name@host"; the API leaves out the host of its own server's accounts."""
    name = account.get("acct")
    if isinstance(name, str) and "@" in name.strip("@"):
        return f"@{clean_text(name).strip('@')}"
    return mastodon_post.account_handle(account.get("url"), account.get("uri"))


def _media_line(medium: Object) -> str | None:
    kind = Attachment.IMAGE if medium.get("type") in {"image", "unknown", None} else Attachment.VIDEO
    address = medium.get("remote_url") or medium.get("url") or medium.get("preview_url")
    return x_fields.media_line(kind, address, medium.get("description"))
