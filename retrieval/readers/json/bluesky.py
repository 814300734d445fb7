"""Threads and feeds of Bluesky: ``getPostThread``, ``getAuthorFeed``, and lists of posts.

A thread is of one root, by the root's author, each post answering the one before it. Reposts in a feed
are left out, posts that are gone or blocked are counted. Links in a text are facets, counted in bytes of
UTF-8: where the text shows a shortened address, the facet's whole one stands in its place.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, cast

from retrieval.formats.import_types import Reading, SavedFile
from retrieval.model import Attachment, AttachmentKind
from retrieval.patterns import pattern
from retrieval.readers import x_ids
from retrieval.readers.attachments import attachment_of
from retrieval.readers.json.json_stream import (
    JsonValue,
    Object,
    as_list,
    as_object,
    clean_text,
    json_keys,
    objects_in,
)
from retrieval.readers.json.thread_builder import (
    REFERRED,
    REPOST,
    ServicePost,
    Unreadable,
    build_reading,
    collect_posts,
)
from retrieval.readers.reply_tree import PostRecord

__all__ = ["FORM", "linked", "read", "recognise"]

FORM = "Bluesky (JSON)"

#: In a damaged or very deep document: a feed's item, a post, or the note that there is none.
_POST: Final = pattern(
    r'(?=\{\s{0,64}"uri"\s{0,64}:\s{0,64}"at://)'
    r'|(?=\{\s{0,64}"post"\s{0,64}:\s{0,64}\{)|"post"\s{0,64}:\s{0,64}(?=\{)'
    r'|(?=\{\s{0,64}"\$type"\s{0,64}:\s{0,64}"app\.bsky\.feed\.defs#(?:notFound|blocked)Post")'
)
_URI: Final = pattern(r"at://(?P<who>[^/\s]+)/app\.bsky\.feed\.post/(?P<key>[^/\s]+)")
_INSIDE: Final = ("feed", "posts", "thread", "parent", "post", "value", "replies")
#: A post has all of these; what has but two of them is a damaged one.
_FACTS: Final = frozenset({"uri", "author", "record"})
_ABSENT: Final = {"notFoundPost": "post that is gone", "blockedPost": "post that is blocked"}
#: How deep a thread is given unless asked otherwise, and at most.
_LIMITS: Final = frozenset({6, 10, 1_000})
_DEEPEST: Final = 1_000_000
_ELLIPSES: Final = ("…", "...")
# Three thousand bytes, which is what Bluesky allows, have no room for a tenth of them.
_FACETS: Final = 1_000
_SCHEME: Final = pattern(r"^https?://(?:www\.)?|/$", re.IGNORECASE)


def recognise(file: SavedFile) -> float:
    """Return 0.95 for JSON with Bluesky's posts: a uri, an author's did, a record."""
    found = json_keys(file)
    if {"uri", "author", "record", "did"} <= found:
        return 0.95
    return 0.5 if {"uri", "$type", "thread"} <= found and ("notFound" in found or "blocked" in found) else 0.0


def read(file: SavedFile) -> Reading:
    """Return the threads of the file; see :func:`~retrieval.readers.json.thread_builder.build_reading`."""
    posts, left_out = collect_posts(
        file, _records, _post, _POST, record_of=_Found, object_of=lambda record: cast("_Found", record).view
    )
    return build_reading(FORM, file, posts, left_out, one_account=False)


@dataclass(frozen=True, slots=True)
class _Found:
    """A post's view, and what stands around it: whether a feed merely shows it above an answer.

    ``below`` counts the answers that the document holds below it, ``depth`` how many posts it is below the
    one that was asked for; both are ``None`` outside of a thread. ``gone`` is why it is no post to keep.
    """

    view: Object
    context: bool = False
    below: int | None = None
    depth: int | None = None
    gone: str | None = None


def _records(part: JsonValue) -> Iterator[_Found]:
    """Yield posts, and why something is none: absent, or a repost."""
    waiting: list[tuple[object, bool, int | None]] = [
        (part.value, False, 0 if {"post", "replies"} <= as_object(part.value).keys() else None)
    ]
    while waiting:
        value, context, depth = waiting.pop()
        if isinstance(value, list):
            waiting.extend((one, context, depth) for one in reversed(value))
            continue
        view = as_object(value)
        kind = str(view.get("$type") or "").rpartition("#")[2]
        if kind in _ABSENT or view.get("notFound") is True or view.get("blocked") is True:
            gone = "notFoundPost" if view.get("notFound") else "blockedPost"
            yield _Found(view, gone=_ABSENT[kind if kind in _ABSENT else gone])
        elif len(_FACTS & view.keys()) > 1:
            yield _Found(view, context)
        elif str(as_object(view.get("reason")).get("$type") or "").endswith("reasonRepost"):
            yield _Found(view, gone=REPOST)
        else:
            more = view.get("moreReplies")
            if (depth is not None or isinstance(more, int)) and len(
                _FACTS & as_object(view.get("post")).keys()
            ) > 1:
                # The newer getPostThreadV2 is a list, and says itself how many answers it leaves out.
                below = (
                    (None if more == 0 else 0) if isinstance(more, int) else len(as_list(view.get("replies")))
                )
                yield _Found(as_object(view["post"]), context, below, depth or 0)
                view = {name: held for name, held in view.items() if name != "post"}
            above = as_object(view.get("reply"))
            waiting.extend((above[name], True, None) for name in ("root", "parent") if name in above)
            inside = [name for name in reversed(_INSIDE) if name in view]
            # What stands under another name may be a damaged name's.
            kinds = list if inside else list | dict
            inside += [name for name, one in view.items() if name not in _INSIDE and isinstance(one, kinds)]
            waiting.extend((view[name], context, _depth(name, view[name], depth)) for name in inside)


def _depth(name: str, value: object, depth: int | None) -> int | None:
    """Return how far below the post that was asked for stands what a thread's view holds under a name."""
    if name == "thread":
        return 0 if isinstance(value, dict) else None
    if depth is None:
        return None
    return depth + 1 if name == "replies" else -_DEEPEST if name == "parent" else None


def _post(found: object) -> ServicePost | str:
    """Return a post with its place, or why it is none."""
    held = cast("_Found", found)
    if held.gone:
        return held.gone
    view = held.view
    record, author = as_object(view.get("record")), as_object(view.get("author"))
    name, raw, who = view.get("uri"), record.get("text"), author.get("did")
    if not isinstance(name, str) or not name or not isinstance(raw, str) or not isinstance(who, str):
        return REFERRED if held.context else Unreadable("a post without a uri and text")
    reply = as_object(record.get("reply"))
    parent, root = (as_object(reply.get(which)).get("uri") for which in ("parent", "root"))
    parent = parent if isinstance(parent, str) else f"{name}/?" if reply else None
    owner = _URI.match(parent or "")
    # A post's own address names its author for good; what stands beside it may be damaged.
    named = _URI.match(name)
    who = named["who"] if named and named["who"].startswith("did:") else who
    text, links = linked(raw, record.get("facets"))
    embed = as_object(view.get("embed")) or as_object(record.get("embed"))
    attachments = [*links, *_embedded(embed, text)]
    handle = author.get("handle")
    known = isinstance(handle, str) and handle not in {"", "handle.invalid"}
    posted_at = x_ids.post_time(record.get("createdAt")) or x_ids.post_time(view.get("indexedAt"))
    return ServicePost(
        PostRecord(name, who, parent, owner["who"] if owner else None, posted_at),
        clean_text(text),
        tuple(made for made in dict.fromkeys(attachments) if made),
        f"@{clean_text(str(handle))}" if known else None,
        _address(name),
        root if isinstance(root, str) else name,
        context=held.context,
        pictured=bool(embed),
        replies=_below(held),
        limit=held.depth in _LIMITS and held.below == 0 and not isinstance(view.get("replyCount"), int),
    )


def _below(found: _Found) -> int | None:
    """Return how many answers the document should hold below a post, as far as it is to hold any.

    Those that are gone or blocked are in it, but are no posts.
    """
    count = found.view.get("replyCount")
    if found.below is None or not isinstance(count, int) or (found.depth or 0) < 0:
        return None
    return count if count > found.below else 0


def linked(text: str, facets: object) -> tuple[str, list[Attachment | None]]:
    """Return a text with its shortened links in full, and the links behind other words.

    Facets whose bounds are not those of characters, or that overlap, change nothing; nor does what comes
    behind the first thousand.
    """
    raw = text.encode("utf-8", "surrogatepass")
    hidden: list[Attachment | None] = []
    pieces: list[bytes] = []
    done = 0
    for start, end, address in sorted(islice(_links(facets), _FACETS)):
        if not done <= start < end <= len(raw):
            continue
        try:
            shown = raw[start:end].decode()
            raw[done:start].decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            continue
        words = shown.strip()
        if words.endswith(_ELLIPSES) and " " not in words:
            pieces += [raw[done:start], address.encode("utf-8", "replace")]
            done = end
        elif _bare(words) != _bare(address):
            hidden.append(attachment_of(AttachmentKind.LINK, address))
    pieces.append(raw[done:])
    return b"".join(pieces).decode("utf-8", "surrogatepass"), hidden


def _links(facets: object) -> Iterator[tuple[int, int, str]]:
    for facet in objects_in(facets):
        index = as_object(facet.get("index"))
        start, end = index.get("byteStart"), index.get("byteEnd")
        for feature in objects_in(facet.get("features")):
            address = feature.get("uri")
            is_link = str(feature.get("$type") or "").endswith("#link")
            if is_link and isinstance(address, str) and isinstance(start, int) and isinstance(end, int):
                yield start, end, address


def _embedded(embed: Object, text: str) -> Iterator[Attachment | None]:
    """Yield what hangs on a post: pictures, a video, a linked page, a quoted post."""
    media = as_object(embed.get("media"))
    for held in (embed, media) if media else (embed,):
        for image in objects_in(held.get("images")):
            yield attachment_of(
                AttachmentKind.IMAGE, image.get("fullsize") or image.get("thumb"), image.get("alt")
            )
        if "playlist" in held or "video" in held:
            yield attachment_of(AttachmentKind.VIDEO, held.get("thumbnail"), held.get("alt"))
        page = as_object(held.get("external")).get("uri")
        if isinstance(page, str) and page not in text:
            yield attachment_of(AttachmentKind.LINK, page)
    quoted = as_object(embed.get("record"))
    quoted = as_object(quoted.get("record")) if "uri" not in quoted else quoted
    yield attachment_of(AttachmentKind.QUOTED, _address(quoted.get("uri")))


def _address(uri: object) -> str | None:
    """Return a post's address on the web; its author's did stays the same when the handle changes."""
    match = _URI.fullmatch(uri) if isinstance(uri, str) else None
    return f"https://bsky.app/profile/{match['who']}/post/{match['key']}" if match else None


def _bare(address: str) -> str:
    return _SCHEME.sub("", address.strip()).casefold()
