"""The X API v2 as twarc and others save it: pages or flattened posts, as JSON lines or one document.

A thread is the posts of one conversation by the author of its first post, each answering the one before
it. The author's other posts in the conversation are side replies: left out and counted. The full text of
a long post stands in ``note_tweet`` only. Of an edited post the last version that the file holds counts,
and answers to an earlier one point at it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, cast

from retrieval.formats.import_types import LeftOut, Reading, ReasonCounts, SavedFile
from retrieval.model import Attachment, AttachmentKind
from retrieval.patterns import pattern
from retrieval.readers import x_ids
from retrieval.readers.attachments import attachment_of
from retrieval.readers.json import x_fields
from retrieval.readers.json.json_stream import (
    JsonValue,
    Object,
    as_list,
    as_object,
    json_keys,
    json_values,
    objects_in,
    objects_within,
    unreadable_record,
)
from retrieval.readers.json.thread_builder import REFERRED, REPOST, ServicePost, build_reading
from retrieval.readers.reply_tree import PostRecord

__all__ = ["FORM", "read", "recognise"]

FORM = "X API (JSON)"

_TELLING: Final = frozenset({"edit_history_tweet_ids", "conversation_id", "author_id", "referenced_tweets"})
_POST_ID: Final = pattern(rb'"\0?i\0?d\0?"[\0\s]{0,8}:[\0\s]{0,8}"(?:\0?[0-9]){5,19}\0?"')
_EARLIER: Final = "earlier version of an edited post"
_WITHHELD: Final = "post whose text X withholds"
_REFUSED: Final = "post that X did not give"
#: What X writes in the place of a text; only posts that are marked as withheld are looked at.
_PLACEHOLDER: Final = pattern(
    r"(?:@\w+'s account|This (?:Post|Tweet) from @\w+) has been withheld in .{1,200}", re.DOTALL
)

_BESIDE: Final = frozenset({"includes", "errors", "meta", "__twarc", "matching_rules"})
_KEPT: Final = (
    "id",
    "text",
    "author_id",
    "conversation_id",
    "created_at",
    "edit_history_tweet_ids",
    "in_reply_to_user_id",
    "withheld",
)
_MEDIUM: Final = ("type", "url", "preview_image_url", "alt_text")


@dataclass(slots=True)
class _Page:
    """What has been found in a file so far."""

    tweets: dict[str, list[Object]] = field(default_factory=dict)
    referred: dict[str, Object] = field(default_factory=dict)
    handles: dict[str, str] = field(default_factory=dict)
    media: dict[str, Object] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    gone: ReasonCounts = field(default_factory=ReasonCounts)
    latest: dict[str, str] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    records: int = 0

    def last(self, identified: str | None) -> str | None:
        """Return the id of the last version of a post that the file holds."""
        return self.latest.get(identified, identified) if identified else None


def recognise(file: SavedFile) -> float:
    """Return 0.9 for JSON with the keys of the X API's posts, less where they are few."""
    found = json_keys(file)
    if not {"id", "text"} <= found or "full_text" in found:
        return 0.4 if {"errors", "title", "detail"} <= found and "data" not in found else 0.0
    if found & _TELLING:
        return 0.9
    # Anything may have an id and a text; those of posts are long numbers, written as text.
    return 0.5 if "data" in found and _POST_ID.search(file.content) else 0.0


def read(file: SavedFile) -> Reading:
    """Return the threads of the file's conversations.

    Raises :class:`~retrieval.errors.ReadError` for a file that is too large.
    """
    page = _Page()
    for part in json_values(file):
        if isinstance(part, LeftOut):
            page.left_out.append(part)
        else:
            _take(part, page)
            _take_overlooked(part, page)
    page.latest = _latest(page)
    statuses = list(_statuses(page))
    return build_reading(FORM, file, statuses, (*page.left_out, *page.gone.left_out()), one_account=False)


def _take(part: JsonValue, page: _Page) -> None:
    """Take a value apart: a page, a flattened post, or what was found in a damaged page."""
    value = part.value
    if isinstance(value, list):
        for one in value:
            _take(JsonValue(one, part.line, part.alone), page)
        return
    if not isinstance(value, dict):
        page.records += 1
        page.left_out.append(unreadable_record("no object", page.records, part.line))
        return
    if "data" in value or "includes" in value or "errors" in value:
        data = value.get("data")
        if "data" not in value:
            # What stands under another name may be a damaged name's.
            others = [held for name, held in value.items() if name not in _BESIDE]
            data = [one for held in others for one in (as_list(held) if isinstance(held, list) else (held,))]
            data = [one for one in data if isinstance(one, dict)]
        for one in data if isinstance(data, list) else [data]:
            if one is not None:
                _tweet(one, part.line, page)
        _includes(value.get("includes"), page)
        _errors(value, part.line, page)
    elif "text" in value or not part.alone:
        _tweet(value, part.line, page)
    else:
        # A piece of a damaged page: an account, a picture, or the page's list of them.
        _includes(
            value if "users" in value or "media" in value else {"users": [value], "media": [value]}, page
        )


def _take_overlooked(part: JsonValue, page: _Page) -> None:
    """Take the posts that damage left inside of what is no post or, in what was found alone, of another."""
    value = as_object(part.value)
    # In a page's list of accounts and pictures may be what damage moved there, but no post that it refers to.
    listed = [value[name] for name in ("users", "media") if name in value]
    for held in objects_within(listed or part.value, lambda held: _is_closed(held, part, page)):
        telling = held.keys() & _TELLING and isinstance(held.get("text"), str)
        if telling and id(held) not in page.taken and x_fields.x_id(held.get("id")) is not None:
            _tweet(held, part.line, page)
    page.taken.clear()


def _is_closed(held: Object, part: JsonValue, page: _Page) -> bool:
    return id(held) in page.taken and not part.alone


def _tweet(value: object, at: int | None, page: _Page) -> None:
    page.records += 1
    identified = x_fields.x_id(value.get("id")) if isinstance(value, dict) else None
    if not isinstance(value, dict) or identified is None or not isinstance(value.get("text"), str):
        lacks = "no id" if isinstance(value, dict) and identified is None else "no text"
        page.left_out.append(unreadable_record(f"a post with {lacks}", page.records, at))
        return
    page.taken.add(id(value))
    page.tweets.setdefault(identified, []).append(_slim(value))
    _account(value.get("author"), page)
    _account(value.get("in_reply_to_user"), page)
    for medium in objects_in(as_object(value.get("attachments")).get("media")):
        _medium(medium, page)
    for other in objects_in(value.get("referenced_tweets")):
        _refer(other, page)
        _account(other.get("author"), page)


def _slim(tweet: Object) -> Object:
    """Return what is needed of a post; the rest is by far the larger part."""
    note = as_object(tweet.get("note_tweet"))
    urls = [*_urls(tweet.get("entities")), *_urls(note.get("entities"))]
    keys_of_media = as_list(as_object(tweet.get("attachments")).get("media_keys"))
    references = objects_in(tweet.get("referenced_tweets"))
    return {name: tweet[name] for name in _KEPT if name in tweet} | {
        "author": as_object(tweet.get("author")).get("id"),
        "full": note.get("text"),
        "urls": urls,
        "media_keys": keys_of_media,
        "referenced_tweets": [{"type": one.get("type"), "id": one.get("id")} for one in references],
    }


def _urls(entities: object) -> Iterator[tuple[str, str]]:
    """Yield the short links of a text with the address behind each."""
    for url in objects_in(as_object(entities).get("urls")):
        short, expanded = url.get("url"), url.get("unwound_url") or url.get("expanded_url")
        if isinstance(short, str) and isinstance(expanded, str):
            yield short, expanded


def _includes(value: object, page: _Page) -> None:
    included = as_object(value)
    for user in objects_in(included.get("users")):
        _account(user, page)
    for medium in objects_in(included.get("media")):
        _medium(medium, page)
    for tweet in objects_in(included.get("tweets")):
        _refer(tweet, page)


def _refer(value: Object, page: _Page) -> None:
    identified = x_fields.x_id(value.get("id"))
    if identified and isinstance(value.get("text"), str):
        page.referred.setdefault(identified, _slim(value))


def _account(value: object, page: _Page) -> None:
    user = as_object(value)
    identified, handle = x_fields.x_id(user.get("id")), x_fields.x_handle(user.get("username"))
    if identified and handle:
        page.handles.setdefault(identified, handle)


def _medium(value: Object, page: _Page) -> None:
    key = value.get("media_key")
    if isinstance(key, str):
        page.media.setdefault(key, {name: value[name] for name in _MEDIUM if name in value})


def _errors(value: Object, at: int | None, page: _Page) -> None:
    """Count posts that X refused, and tell of a message that stands in the place of posts."""
    errors = list(objects_in(value.get("errors")))
    for error in errors:
        if error.get("resource_type") == "tweet":
            page.gone.add(f"{_REFUSED} ({_words(error.get('title'))})", example=error.get("resource_id"))
    if errors and "data" not in value and not any(error.get("resource_type") for error in errors):
        page.left_out.append(
            LeftOut(f"X's own message: {_words(errors[0].get('title'))}", 1, (at, at) if at else None)
        )


def _latest(page: _Page) -> dict[str, str]:
    """Return for each id of an edited post the id of the last version that the file holds."""
    latest: dict[str, str] = {}
    for known in (page.referred, {name: found[-1] for name, found in page.tweets.items()}):
        for tweet in known.values():
            versions = [
                one for one in map(x_fields.x_id, as_list(tweet.get("edit_history_tweet_ids"))) if one
            ]
            held = [one for one in versions if one in page.tweets or one in page.referred]
            if len(versions) > 1 and held:
                last = max(held, key=int)
                latest.update((one, max(last, latest.get(one, last), key=int)) for one in versions)
    return latest


def _statuses(page: _Page) -> Iterator[ServicePost]:
    """Yield the posts of the file, and those it refers to where they may carry one of its threads."""
    waiting: list[str] = []
    seen: set[str] = set()
    for name, versions in page.tweets.items():
        for tweet in versions:
            status = _status(name, tweet, page)
            if status:
                yield status
                waiting += [one for one in (status.record.parent, status.conversation) if one]
        last = page.last(name)
        if last and last not in page.tweets and last not in seen:
            # The file asked for an earlier version, and the last one came along with it.
            seen.add(last)
            status = _status(last, page.referred[last], page)
            if status:
                yield status
    while waiting:
        name = waiting.pop()
        if name in page.tweets or name in seen or name not in page.referred:
            continue
        seen.add(name)
        status = _status(name, page.referred[name], page)
        if status:
            yield replace(status, context=True)
            waiting += [status.record.parent] if status.record.parent else []
    others = page.referred.keys() - page.tweets.keys() - seen
    page.gone.add(REFERRED, len(others), min(others, default=None))


def _status(name: str, tweet: Object, page: _Page) -> ServicePost | None:
    """Return a post with its place, ``None`` for words that are not its author's own; that is counted."""
    references = _references(tweet)
    raw = str(tweet.get("text"))
    reason = None
    if "retweeted" in references:
        reason = REPOST
    elif page.last(name) != name:
        reason = _EARLIER
    elif tweet.get("withheld") and _PLACEHOLDER.fullmatch(raw.strip()):
        reason = _WITHHELD
    if reason:
        page.gone.add(reason, example=name)
        return None
    account = x_fields.x_id(tweet.get("author_id"))
    if account not in page.handles:
        account = x_fields.x_id(tweet.get("author")) or account
    handle = page.handles.get(account or "")
    text, attachments, beside = _content(name, tweet, page, references.get("quoted"))
    parent, whose = _parent(name, tweet, page)
    record = PostRecord(name, account, parent, whose, x_ids.post_time(tweet.get("created_at"), name))
    conversation = page.last(x_fields.x_id(tweet.get("conversation_id")))
    url, pictured = x_fields.post_url(handle, name), bool(tweet.get("media_keys"))
    return ServicePost(record, text, attachments, handle, url, conversation, pictured=pictured, beside=beside)


def _references(tweet: Object) -> dict[str, str | None]:
    """Return the ids of the posts that a post refers to, by how."""
    return {
        f"{one.get('type')}": x_fields.x_id(one.get("id"))
        for one in objects_in(tweet.get("referenced_tweets"))
    }


def _parent(name: str, tweet: Object, page: _Page) -> tuple[str | None, str | None]:
    """Return the post that a post answers, and whose that is."""
    references = _references(tweet)
    conversation = page.last(x_fields.x_id(tweet.get("conversation_id")))
    whose = x_fields.x_id(tweet.get("in_reply_to_user_id"))
    if "replied_to" not in references:
        if whose is None and conversation in {None, page.last(name)}:
            return None, None
        # Not the first of its conversation, so an answer; to what, the file does not say.
        return f"{conversation}/?", whose
    parent = page.last(references["replied_to"]) or f"{name}/?"
    if whose is None and parent not in page.tweets:
        # X puts the other's handle before every answer to another account.
        whose = x_fields.leading_mention(str(tweet.get("text"))) or x_fields.x_id(tweet.get("author_id"))
    return parent, whose


def _content(
    name: str, tweet: Object, page: _Page, quoted: str | None
) -> tuple[str, tuple[Attachment, ...], tuple[Attachment, ...]]:
    """Return a post's words in full, what hangs on it, and what of that they show already."""
    full = tweet.get("full")
    raw = full if isinstance(full, str) and full else str(tweet.get("text"))
    links = dict(cast("list[tuple[str, str]]", tweet["urls"]))
    own = {short: kind for short, address in links.items() if (kind := x_fields.own_medium(address, name))}
    attachments = list(_media(tweet, page)) or [
        attachment_of(kind, links[short]) for short, kind in own.items()
    ]
    beside: list[Attachment | None] = []
    if quoted:
        shown = next((address for address in links.values() if f"/status/{quoted}" in address), None)
        handle = page.handles.get(x_fields.x_id(page.referred.get(quoted, {}).get("author_id")) or "", "@i")
        quotation = attachment_of(AttachmentKind.QUOTED, shown or x_fields.post_url(handle, quoted))
        (beside if shown else attachments).append(quotation)
    return x_fields.display_text(raw, links, own), _known(attachments), _known(beside)


def _known(attachments: Iterable[Attachment | None]) -> tuple[Attachment, ...]:
    return tuple(made for made in dict.fromkeys(attachments) if made)


def _media(tweet: Object, page: _Page) -> Iterator[Attachment | None]:
    for key in as_list(tweet.get("media_keys")):
        medium = page.media.get(key) if isinstance(key, str) else None
        if medium:
            kind = AttachmentKind.IMAGE if medium.get("type") == "photo" else AttachmentKind.VIDEO
            address = medium.get("url") or medium.get("preview_image_url")
            yield attachment_of(kind, address, medium.get("alt_text"))


def _words(value: object) -> str:
    return " ".join(value.split())[:80] if isinstance(value, str) and value.strip() else "no reason given"
