"""X's posts as account exports hold them: one record to the few facts that a thread needs.

Nothing here trusts a record: what has not the type that it should have counts as absent.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Final

from retrieval.formats.fields import utc_time
from retrieval.model import Attachment, AttachmentKind
from retrieval.patterns import pattern
from retrieval.readers.attachments import attachment_of
from retrieval.readers.x_ids import ESCAPE, time_of_id, unescape, x_post_id

__all__ = [
    "Account",
    "ExportedPost",
    "LongPostText",
    "account_of",
    "continues",
    "cut_beginning",
    "export_time",
    "exported_post",
    "is_cut",
    "is_repost",
    "long_post_text",
    "with_full_text",
]

_VERSIONS: Final = 16
_ENTITIES: Final = 1_000
# What is left of a long post's text in front of the cut; its full text must begin with as much.
_TELLING: Final = 40
# Four times what X allows; whatever is longer is no post.
_LONGEST: Final = 100_000
_LONGEST_ADDRESS: Final = 4_096
_LINKS_AT_END: Final = 8
#: Below this every program keeps numbers as they are.
_EXACT: Final = 2**53

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], start=1
    )
}
_WORDY: Final = pattern(r"\w{3} (\w{3}) (\d\d) (\d\d):(\d\d):(\d\d) \+0000 (\d{4})")
_MENTIONS: Final = pattern(r"(?:\s*@\w{1,20}(?!\w))*\s*")
_SHORT: Final = pattern(r"https?://t\.co/\w{1,20}")
_CUT_LINK: Final = pattern(r"https?:?/{0,2}(?:t\.?(?:c(?:o(?:/\w{0,20})?)?)?)?\Z")
_LAST_SHORT: Final = pattern(r"https?://t\.co/\w{1,20}\Z")
_HANDLE: Final = pattern(r"\w{1,20}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ExportedPost:
    """A post of an export.

    ``raw`` is the text as the export has it: HTML's escapes in it, addresses shortened; ``text`` is what
    its author wrote. ``pictures`` are its pictures and videos, those that are described first. ``written`` is
    what the record says of the time, ``posted_at`` what is certain of it.
    ``parent`` and ``parent_user`` (an id), ``parent_handle`` are of the post that it answers, ``handle``
    is of its author where the record says so. ``versions`` are the ids of an edited post, oldest first.
    """

    id: int
    raw: str
    text: str
    pictures: tuple[Attachment, ...] = ()
    written: datetime | None = None
    posted_at: datetime | None = None
    parent: int | None = None
    parent_user: int | None = None
    parent_handle: str | None = None
    handle: str | None = None
    versions: tuple[int, ...] = ()
    full: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """Whose export it is, as far as it says so: the handle without ``@``, and the account's id."""

    handle: str | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class LongPostText:
    """The full text of a long post; nothing but its time and its beginning says which."""

    written: datetime
    raw: str
    addresses: tuple[tuple[str, str], ...] = ()


def exported_post(record: Mapping[str, Any], *, monthly: bool = False) -> ExportedPost | None:
    """Return the post of a record; ``None`` when it has no id, two different ids, or no text.

    ``monthly`` says that it is of the exports before 2018, which write 00:00:00 where they do not know
    the time of day.
    """
    number, same = _id(record.get("id_str")), record.get("id")
    # As a number, a longer id may have lost its last digits on the way.
    exact = isinstance(same, str) or (isinstance(same, int) and 0 <= same < _EXACT)
    if number is not None and exact and _id(same) != number:
        # Damage that put another post's id into this one; believed, it would take that one's place.
        return None
    number = number or _id(same)
    raw = record.get("full_text", record.get("text"))
    if number is None or not isinstance(raw, str) or len(raw) > _LONGEST:
        return None
    written = export_time(record.get("created_at"))
    text, pictures = _composed(raw, record)
    return ExportedPost(
        number,
        raw,
        text,
        pictures,
        written,
        _posted_at(number, written, monthly=monthly),
        _id(record.get("in_reply_to_status_id_str")) or _id(record.get("in_reply_to_status_id")),
        _id(record.get("in_reply_to_user_id_str")) or _id(record.get("in_reply_to_user_id")),
        _handle(record.get("in_reply_to_screen_name")),
        _handle(_mapping(record.get("user")).get("screen_name")),
        _versions(record),
    )


def account_of(record: Mapping[str, Any]) -> Account:
    """Return whose export it is; of all that the record tells, nothing else is taken."""
    return Account(_handle(record.get("username")), _id(record.get("accountId")))


def is_repost(record: Mapping[str, Any]) -> bool:
    """Return whether a record repeats another account's post."""
    raw = record.get("full_text", record.get("text"))
    return "retweeted_status" in record or (isinstance(raw, str) and raw.startswith("RT @"))


def long_post_text(record: Mapping[str, Any]) -> LongPostText | None:
    """Return the full text that a record of ``note-tweet.js`` holds; ``None`` where it has none."""
    core = _mapping(record.get("core"))
    written, raw = export_time(record.get("createdAt")), core.get("text")
    if written is None or not isinstance(raw, str) or not raw.strip() or len(raw) > _LONGEST:
        return None
    pairs = ((url.get("shortUrl"), _address(url.get("expandedUrl"))) for url in _mappings(core.get("urls")))
    addresses = ((short, long) for short, long in pairs if isinstance(short, str) and long)
    return LongPostText(written, raw, tuple(pair for pair in addresses if _SHORT.fullmatch(pair[0])))


def cut_beginning(raw: str) -> str:
    """Return what of a cut text must stand at the beginning of the full one, links aside.

    A post and its note shorten the same address differently, and the last one of a cut text may be cut, too.
    """
    return _comparable(_CUT_LINK.sub("", _without_links(raw).rstrip("…")))


def continues(text: str, beginning: str) -> bool:
    """Return whether a note's text goes on from a post's :func:`cut_beginning`."""
    return len(beginning) >= _TELLING and _comparable(text).startswith(beginning)


def _comparable(text: str) -> str:
    """Return a text as a post and its note have it in common."""
    return " ".join(unescape(_SHORT.sub(" ", _said(text))).split())


def with_full_text(post: ExportedPost, full: LongPostText) -> ExportedPost:
    """Return the post with its full text, addresses expanded.

    Notes are not escaped as posts are; one that is, because it goes on from the post only with its
    escapes, is un-escaped like a post.
    """
    text = full.raw
    begun = cut_beginning(post.raw)
    escaped = bool(ESCAPE.search(text[: len(begun)])) and not ESCAPE.search(begun)
    addresses = dict(full.addresses)
    pieces, last = [], 0
    for found in _SHORT.finditer(text):
        pieces += [unescape(text[last : found.start()]) if escaped else text[last : found.start()]]
        pieces += [addresses.get(found[0], found[0])]
        last = found.end()
    pieces += [unescape(text[last:]) if escaped else text[last:]]
    return replace(post, text=_clean("".join(pieces)).strip(), full=True)


def is_cut(raw: str) -> bool:
    """Return whether a text looks as if it ended in the middle."""
    return len(raw) > 2 * _TELLING and _without_links(raw).endswith("…")


def export_time(value: Any) -> datetime | None:
    """Return the time that an export writes, in any of its three ways; ``None`` for anything else."""
    if not isinstance(value, str):
        return None
    return utc_time(value, _wordy) or utc_time(value.replace(" +0000", "+00:00"))


def _wordy(value: str) -> datetime:
    """Read "Wed Oct 10 20:19:24 +0000 2018", several times as fast as what reads mails."""
    wordy = _WORDY.fullmatch(value)
    if wordy is None:
        raise ValueError("another way of writing")
    month, day, hour, minute, second, year = wordy.groups()
    return datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=UTC)


def _posted_at(number: int, written: datetime | None, *, monthly: bool) -> datetime | None:
    unknown = monthly and written and (written.hour, written.minute, written.second) == (0, 0, 0)
    return time_of_id(str(number)) or (None if unknown else written)


def _versions(record: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the ids of an edited post's versions; none where it was not edited."""
    info = _mapping(record.get("edit_info"))
    for control in (info.get("initial"), _mapping(info.get("edit")).get("editControlInitial"), info):
        ids = _mapping(control).get("editTweetIds")
        if isinstance(ids, list) and len(ids) > 1:
            return tuple(sorted({number for one in ids[:_VERSIONS] if (number := _id(one))}))
    return ()


def _composed(raw: str, record: Mapping[str, Any]) -> tuple[str, tuple[Attachment, ...]]:
    """Return the text with its addresses in full, and what is shown beside it.

    Indices count code points of the raw text, so addresses are put in before escapes are undone. The
    address of a post's own pictures, at its end, is no text.
    """
    entities, extended = _mapping(record.get("entities")), _mapping(record.get("extended_entities"))
    media = list(chain(_mappings(extended.get("media")), _mappings(entities.get("media"))))
    shown = {one["url"] for one in media if isinstance(one.get("url"), str) and one["url"]}
    end = len(raw.rstrip())
    for _ in range(_LINKS_AT_END):
        tail = next((url for url in shown if raw.endswith(url, 0, end)), None)
        if tail is None:
            break
        end = len(raw[: end - len(tail)].rstrip())
    pieces, last = [], 0
    for start, stop, address in sorted(_addresses(raw, _mappings(entities.get("urls")), media)):
        if start >= last and stop <= end:
            pieces += [unescape(raw[last:start]), address]
            last = stop
    pieces.append(unescape(raw[last:end]))
    return _clean("".join(pieces)).strip(), _pictures(media)


def _addresses(raw: str, *entities: Any) -> Iterator[tuple[int, int, str]]:
    """Yield where in the raw text an address stands, and the address in full."""
    for entity in chain(*entities):
        short, long = entity.get("url"), _address(entity.get("expanded_url"))
        if not isinstance(short, str) or not short or not long:
            continue
        start = _start(entity.get("indices"))
        if start is None or not raw.startswith(short, start):
            start = raw.find(short)
        if start >= 0:
            yield start, start + len(short), long


def _pictures(media: list[Mapping[str, Any]]) -> tuple[Attachment, ...]:
    """Return each picture and video once, those that are described first."""
    described: dict[str, Attachment] = {}
    bare: dict[str, Attachment] = {}
    for one in media:
        kind = AttachmentKind.IMAGE if one.get("type", "photo") == "photo" else AttachmentKind.VIDEO
        address = _address(one.get("media_url_https"))
        name = one.get("id_str") or address
        alt = next((alt for key in ("ext_alt_text", "alt_text") if isinstance(alt := one.get(key), str)), "")
        if not isinstance(name, str):
            continue
        picture = attachment_of(kind, address, _clean(alt))
        if picture is not None:
            (described if picture.description else bare).setdefault(name, picture)
    return (*described.values(), *(bare[name] for name in bare if name not in described))


def _address(value: Any) -> str | None:
    return _clean(value) if isinstance(value, str) and 0 < len(value) <= _LONGEST_ADDRESS else None


def _said(raw: str) -> str:
    """Return a text without the mentions that a reply begins with."""
    begins = _MENTIONS.match(raw)
    return raw[begins.end() :] if begins else raw


def _without_links(raw: str) -> str:
    """Return a text without the shortened addresses at its end."""
    kept = raw.rstrip()
    for _ in range(_LINKS_AT_END):
        found = _LAST_SHORT.search(kept, max(0, len(kept) - 64))
        if found is None:
            break
        kept = kept[: found.start()].rstrip()
    return kept


def _clean(text: str) -> str:
    r"""Return the text as the archive may keep it: without NUL and halves of characters, lines by ``\n``."""
    if "\0" in text or "\r" in text:
        text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _id(value: Any) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() < 64:  # noqa: PLR2004
        value = str(value)
    found = x_post_id(value) if isinstance(value, str) else None
    return int(found) if found else None


def _handle(value: Any) -> str | None:
    return value if isinstance(value, str) and _HANDLE.fullmatch(value) else None


def _start(indices: Any) -> int | None:
    first = indices[0] if isinstance(indices, list) and indices else None
    if isinstance(first, str):
        first = int(first) if first.isascii() and first.isdigit() and len(first) < 10 else None  # noqa: PLR2004
    return first if isinstance(first, int) and first >= 0 else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value[:_ENTITIES] if isinstance(one, dict)] if isinstance(value, list) else []
