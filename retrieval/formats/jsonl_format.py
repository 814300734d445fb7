"""Bobbin's own open form: one thread a line, as JSON, with everything the archive knows of it.

``data/README.md`` describes it for people. What is unknown is left out, so a line says no more than is
known; keys have one order, so that equal threads are equal lines.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from retrieval.formats.fields import utc_time, web_address
from retrieval.model import Attachment, AttachmentKind, Completeness, Post, Thread
from retrieval.patterns import pattern

__all__ = [
    "VERSION",
    "NewerVersionError",
    "damaged_fields",
    "dump_line",
    "load_post",
    "load_threads",
    "unknown_keys",
]

#: Grows when a reader of before would misread a line; new keys alone do not change it.
VERSION: Final = 1

_THREAD: Final = frozenset(
    {"bobbin", "id", "completeness", "author", "title", "url", "posted_at", "posts", "versions"}
)
_POST: Final = frozenset({"text", "number", "id", "url", "posted_at", "author", "marker", "attachments"})
_KINDS: Final = frozenset(kind.value for kind in AttachmentKind)
_ID: Final = pattern(r"[0-9a-hjkmnp-tv-z]{12}")
_NUMBERS: Final = range(-(2**63), 2**63)


class NewerVersionError(ValueError):
    """The line was written by a newer version of Bobbin."""


def dump_line(thread: Thread, versions: Iterable[Thread] = ()) -> str:
    """Return a thread as one line, without the newline.

    ``versions`` are what it is made from, where files say different things of it. ``lines`` of posts,
    which describe the file that they once stood in, are not kept.
    """
    facts = _facts_of(thread)
    differing = [_facts_of(version) for version in versions]
    if differing:
        facts["versions"] = differing
    return json.dumps({"bobbin": VERSION, "id": thread.id} | facts, ensure_ascii=False, separators=(",", ":"))


def load_threads(value: object) -> tuple[Thread, ...]:
    """Return what a parsed line says: its thread or, where it has versions, these in its place.

    Keys that are not known are passed over. Raises :class:`NewerVersionError`, and ``ValueError`` with a
    few words on what is wrong.
    """
    if not isinstance(value, dict) or "bobbin" not in value:
        raise ValueError("no thread: the key 'bobbin' with the form's version is missing")
    version = value["bobbin"]
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise ValueError("'bobbin' is no version")
    if version > VERSION:
        raise NewerVersionError(f"version {version} of the form; update Bobbin to read it")
    name = value.get("id")
    # Any other id could not be an address; the thread's own is derived from its words.
    whole = _thread(value, name if isinstance(name, str) and _ID.fullmatch(name) else "")
    versions = value.get("versions", [])
    if not isinstance(versions, list) or not all(isinstance(one, dict) for one in versions):
        raise ValueError("'versions' is no list of versions")
    return tuple(_thread(one, "") for one in versions) or (whole,)


def unknown_keys(value: Mapping[str, object]) -> frozenset[str]:
    """Return the keys of a line and its posts that this version does not know."""
    posts = value.get("posts")
    inside = [
        key for post in (posts if isinstance(posts, list) else ()) if isinstance(post, dict) for key in post
    ]
    return (frozenset(value) - _THREAD) | (frozenset(inside) - _POST)


def _facts_of(thread: Thread) -> dict[str, object]:
    facts = {
        "completeness": thread.completeness.value,
        "author": thread.author,
        "title": thread.title,
        "url": thread.url,
        "posted_at": _written(thread.posted_at),
        "posts": [
            _known(
                {
                    "text": post.text,
                    "number": post.number,
                    "id": post.source_id,
                    "url": post.url,
                    "posted_at": _written(post.posted_at),
                    "author": post.author,
                    "marker": post.marker,
                    "attachments": [_attachment_facts(one) for one in post.attachments] or None,
                }
            )
            for post in thread.posts
        ],
    }
    return _known(facts)


def _thread(value: Mapping[str, object], name: str) -> Thread:
    posts = value.get("posts")
    if not isinstance(posts, list) or not posts:
        raise ValueError("'posts' is no list of posts")
    return Thread(
        tuple(load_post(ordinal, one) for ordinal, one in enumerate(posts, start=1)),
        _completeness(value.get("completeness", Completeness.COMPLETE.value)),
        author=_said(value, "author"),
        title=_said(value, "title"),
        url=_address(value),
        posted_at=_moment(value),
        id=name,
    )


def load_post(ordinal: int, value: object) -> Post:
    """Return a post of a parsed line; raise ``ValueError`` with a few words on what is wrong."""
    text = value.get("text") if isinstance(value, dict) else None
    if not isinstance(value, dict) or text is None:
        raise ValueError(f"post {ordinal} has no text")
    number = value.get("number")
    if number is not None and (
        isinstance(number, bool) or not isinstance(number, int) or number not in _NUMBERS
    ):
        raise ValueError(f"the number of post {ordinal} is none")
    return Post(
        ordinal,
        _text(value, "text") or "",
        number=number,
        source_id=_said(value, "id"),
        url=_address(value),
        posted_at=_moment(value),
        author=_said(value, "author"),
        marker=_said(value, "marker"),
        attachments=tuple(_attachments(value)),
    )


def _attachment_facts(attachment: Attachment) -> dict[str, object]:
    facts = {"address": attachment.address, "description": attachment.description}
    return {"kind": attachment.kind.value, **_known(facts)}


def _attachments(value: Mapping[str, object]) -> Iterator[Attachment]:
    """Yield the attachments of a post; one of an unknown kind costs itself and nothing else."""
    for one in _listed(value):
        kind = one.get("kind") if isinstance(one, dict) else None
        if isinstance(kind, str) and kind in _KINDS:
            address, description = _address(one, "address"), _said(one, "description")
            yield Attachment(AttachmentKind(kind), address, description or None)


def _listed(value: Mapping[str, object]) -> Sequence[Any]:
    """Return what a post holds as its attachments; what is no list is one that is damaged."""
    listed = value.get("attachments")
    return listed if isinstance(listed, list) else [] if listed is None else [None]


def _known(facts: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in facts.items() if value is not None}


def _text(value: Mapping[str, object], key: str) -> str | None:
    text = value.get(key)
    if text is not None and not isinstance(text, str):
        raise ValueError(f"{key!r} is no text")
    return text.replace("\0", "") if text is not None else None


def _said(value: Mapping[str, object], key: str) -> str | None:
    text = value.get(key)
    return text.replace("\0", "") if isinstance(text, str) else None


def _address(value: Mapping[str, object], key: str = "url") -> str | None:
    return web_address(_said(value, key))


def _completeness(value: object) -> Completeness:
    try:
        return Completeness(str(value))
    except ValueError as error:
        known = ", ".join(one.value for one in Completeness)
        raise ValueError(f"'completeness' is none of {known}") from error


def _written(time: datetime | None) -> str | None:
    """Return a time in UTC, of one width."""
    if time is None:
        return None
    return time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _moment(value: Mapping[str, object]) -> datetime | None:
    return utc_time(value.get("posted_at"))


def damaged_fields(value: Mapping[str, object]) -> int:
    """Count what of a line is damaged: addresses, times, attachments; each costs itself and nothing else."""
    posts = value.get("posts")
    held = [value, *(post for post in (posts if isinstance(posts, list) else ()) if isinstance(post, dict))]
    return sum(
        (one.get("url") is not None and _address(one) is None)
        + (one.get("posted_at") is not None and _moment(one) is None)
        + len(_listed(one))
        - sum(1 for _ in _attachments(one))
        for one in held
    )
