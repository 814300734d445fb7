"""Posts of any service put together to threads: what is kept, what is left out, and what is odd."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from retrieval.errors import RejectedError
from retrieval.formats.import_types import LeftOut, Reading, ReasonCounts, SavedFile
from retrieval.model import Attachment, AttachmentKind, Completeness, Post, Thread
from retrieval.patterns import pattern
from retrieval.readers.attachments import id_without_attachments, with_attachments
from retrieval.readers.decoding import is_blank
from retrieval.readers.json.json_stream import (
    OBJECT,
    JsonValue,
    Object,
    as_object,
    is_damage,
    json_values,
    merge_left_out,
    objects_within,
    unreadable_record,
)
from retrieval.readers.ordinals import number_posts
from retrieval.readers.reply_tree import ChainStart, PostRecord, ReplyChain, build_chains

__all__ = ["REFERRED", "REPOST", "ServicePost", "Unreadable", "build_reading", "collect_posts"]

AGAIN: Final = "post that the file holds more than once"
REFERRED: Final = "post that the file only refers to"
REPOST: Final = "repost"
EMPTY: Final = "post without text (pictures only, perhaps)"
TO_OTHERS: Final = "reply to another author"
UNKNOWN: Final = "reply to a post that the file does not hold"
CUT: Final = "end of a post too long to be read"

#: Under which names services keep the id of a post.
_IDS: Final = ("uri", "id_str", "id", "tweet_id", "rest_id")
# Behind the id of a post that is another post's, too.
_UNSURE: Final = "\x00"
_CUT_OFF: Final = pattern(r"(?:(?:…|\.\.\.)?\s{0,9}(?:https?://\S{1,200})?|…)$")
#: A post of which nothing can be shown but that it is a picture.
_PICTURE: Final = Attachment(AttachmentKind.IMAGE)


class Unreadable(str):
    """Why a record is no post of its form, though it stands where one should."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ServicePost:
    """A post as a service gives it: its place among others, and what is kept of it.

    ``text`` is its author's words, ``attachments`` what hangs on it (``beside`` what its text shows already),
    ``handle`` its author's name with the "@". Its id is the record's; ``alias`` is another one by which posts
    that answer it may name it. ``conversation`` is the id of the first post, where the service gives it.
    ``context`` says that the file only refers to the post: it is kept where it carries one of the file's own
    posts, and nowhere else. ``pictured`` says that it has pictures, also where nothing is known of them,
    ``cut`` that the end of its text was not read.

    ``replies`` counts everybody's answers to it that the document should hold below it, where it is a
    document of everything below a post; ``None`` elsewhere. ``limit`` says that the document ends at this
    post, or with its list, where the service stops.
    """

    record: PostRecord
    text: str
    attachments: tuple[Attachment, ...] = ()
    handle: str | None = None
    url: str | None = None
    conversation: str | None = None
    context: bool = False
    alias: str | None = None
    pictured: bool = False
    cut: bool = False
    replies: int | None = None
    limit: bool = False
    beside: tuple[Attachment, ...] = ()


def collect_posts(  # noqa: PLR0913 - what tells forms apart
    file: SavedFile,
    records: Callable[[JsonValue], Iterable[object]],
    post_of: Callable[[object], ServicePost | str],
    search: re.Pattern[str] = OBJECT,
    *,
    record_of: Callable[[Object], object] = lambda held: held,
    object_of: Callable[[object], object] = lambda record: record,
) -> tuple[list[ServicePost], list[LeftOut]]:
    """Read the records of a file: return its posts, and what was left out and why.

    ``records`` takes a value of the file apart, ``post_of`` makes a post of a record. It returns a reason
    where the record is left out, :class:`Unreadable` where it is none; of what was found alone in a damaged
    document only posts count, since anything else may be a part of one. ``search`` is that of
    :func:`~retrieval.readers.json.json_stream.json_values`.

    Damage may leave a whole post in what is none, or in another one that it tore open. So what ``records``
    did not yield is looked through for posts: ``record_of`` makes a record of an object alone, and
    ``object_of`` returns the object of a record.
    """
    posts: list[ServicePost] = []
    left_out: list[LeftOut] = []
    counts = ReasonCounts()
    known: set[tuple[str, str]] = set()
    number = 0
    for part in json_values(file, search):
        if isinstance(part, LeftOut):
            left_out.append(part)
            continue
        taken: set[int] = set()
        for record in records(part):
            number += 1
            post = post_of(record)
            if not isinstance(post, Unreadable):
                taken.add(id(object_of(record)))
            if isinstance(post, ServicePost):
                posts.append(post)
                known.add((post.record.id, post.text))
            elif not isinstance(post, Unreadable):
                counts.add(post, example=_id_of(object_of(record)))
            elif not part.alone:
                left_out.append(unreadable_record(post, number, part.line))
        for post in _overlooked(part, taken, lambda held: post_of(record_of(held))):
            if (post.record.id, post.text) not in known:
                posts.append(post)
                known.add((post.record.id, post.text))
    return posts, [*left_out, *counts.left_out()]


def _id_of(held: object) -> object:
    fields = as_object(held)
    inner = as_object(fields.get("post"))
    return next((one[name] for one in (fields, inner) for name in _IDS if one.get(name)), None)


def _overlooked(
    part: JsonValue, taken: set[int], post_of: Callable[[Object], ServicePost | str]
) -> Iterator[ServicePost]:
    """Yield posts inside of what is no post or, in what was found alone, inside of another.

    ``taken`` are the objects that were taken for posts or left out; those found here are added.
    """
    for held in objects_within(part.value, lambda held: id(held) in taken and not part.alone):
        if id(held) in taken:
            continue
        post = post_of(held)
        if not isinstance(post, Unreadable):
            taken.add(id(held))
        if isinstance(post, ServicePost):
            yield post


def build_reading(
    form: str,
    file: SavedFile,
    posts: Iterable[ServicePost],
    left_out: Sequence[LeftOut],
    *,
    one_account: bool,
) -> Reading:
    """Return the reading of a file: its chains as threads, everything else counted.

    A chain that answers nothing is a complete thread, also of one post, and one of two or more posts under
    another account's post is a thread, too, unless that account began the file's conversation; a file
    of ``one_account`` never is. A chain is a fragment where a post of its author is missing above it, where
    it branches off from a longer one, and where the document ends before it. Of one id the longest text
    counts.

    Raises :class:`~retrieval.errors.RejectedError` for a file without any post.
    """
    gone = ReasonCounts()
    odd: Counter[str] = Counter()
    known = _unique(posts, gone)
    if not known and not left_out:
        raise RejectedError(file.name, "holds no post; save it again with its posts")
    records = {record.id: record for record in _answering(known)}
    below = Counter(record.parent for record in records.values())
    # Where something is damaged, it may be the name of the author who began it all.
    top = {} if one_account or any(map(is_damage, left_out)) else _tops(records, known)
    threads = []
    for chain in build_chains(records.values()):
        reason = _refused(chain, known, top)
        if reason:
            context = sum(known[record.id].context for record in chain.posts)
            own = next((record.id for record in chain.posts if not known[record.id].context), None)
            gone.add(reason, len(chain.posts) - context, own)
            gone.add(REFERRED, context, chain.posts[0].id)
            continue
        kept = _posts([known[record.id] for record in chain.posts])
        empty = {record.id for record in chain.posts} - {post.source_id for post in kept}
        gone.add(EMPTY, len(chain.posts) - len(kept), min(empty, default=None))
        if kept:
            last = known[chain.posts[-1].id]
            cut = (last.replies or 0) > below[last.record.id] or any(
                known[record.id].limit for record in chain.posts
            )
            odd[_BRANCH if chain.branch else chain.start] += 1
            odd[_ENDS_EARLY] += cut and not chain.branch
            whole = not (cut or chain.branch) and chain.start in {ChainStart.ROOT, ChainStart.ANOTHER}
            threads.append(_thread(kept, Completeness.COMPLETE if whole else Completeness.FRAGMENT))
    warnings = tuple(_warnings(odd))
    return Reading(form, _with_origin(threads, file), merge_left_out((*left_out, *gone.left_out())), warnings)


def _unique(posts: Iterable[ServicePost], gone: ReasonCounts) -> dict[str, ServicePost]:
    """Return the posts by their ids, of one id the one that the file holds for itself, then the longest.

    Where damage gave a post the id of another, the id is certain of neither and no reason to lose one.
    """
    known: dict[str, ServicePost] = {}
    every = list(posts)
    names = {post.record.id for post in every} | {post.alias for post in every}
    authors = Counter(post.record.author for post in every)

    def sureness(post: ServicePost) -> tuple[bool, int, int, bool, bool]:
        # What fits the other posts is less likely to be damaged.
        answered = post.record.parent is None or post.record.parent in names
        return not post.context, len(post.text), authors[post.record.author], answered, post.url is not None

    variants: set[tuple[str, str | None, str | None, str]] = set()
    for post in every:
        gone.add(CUT, post.cut, post.record.id)
        other = known.setdefault(post.record.id, post)
        if other is post:
            continue
        better, lesser = (post, other) if sureness(post) > sureness(other) else (other, post)
        known[post.record.id] = better
        record = lesser.record
        variant = (record.id, record.author, record.parent, lesser.text)
        if post.context or other.context or variant in variants or _says_same(better, lesser):
            gone.add(AGAIN, not (post.context or other.context), post.record.id)
        else:
            variants.add(variant)
            name = f"{record.id}{_UNSURE}{len(known)}"
            known[name] = replace(lesser, record=replace(record, id=name), url=None, alias=None)
    return known


def _says_same(post: ServicePost, other: ServicePost) -> bool:
    """Return whether two posts of one id have the same words and place, so that none is damaged."""
    one, two = post.record, other.record
    return (one.author, one.parent) == (two.author, two.parent) and _same_words(post.text, other.text)


def _same_words(text: str, other: str) -> bool:
    """Return whether one text is the other, perhaps cut: services end a cut text in dots or an address."""
    return text.startswith(_CUT_OFF.sub("", other)) or other.startswith(_CUT_OFF.sub("", text))


def _with_origin(threads: list[Thread], file: SavedFile) -> tuple[Thread, ...]:
    """Return the threads with what the operator says of them where the file does not."""
    whole = [thread for thread in threads if thread.completeness is Completeness.COMPLETE]
    if len(threads) == 1 or len(whole) == 1:
        only = threads[0] if len(threads) == 1 else whole[0]
        threads[threads.index(only)] = replace(
            only,
            title=only.title or file.title,
            url=only.url or file.url,
            posted_at=only.posted_at or file.posted_at,
        )
    if file.author:
        threads = [replace(thread, author=thread.author or file.author) for thread in threads]
    return tuple(threads)


def _answering(known: Mapping[str, ServicePost]) -> Iterable[PostRecord]:
    """Yield the posts' places; one of another conversation than its parent's does not continue that."""
    aliases = {post.alias: name for name, post in known.items() if post.alias}
    for post in known.values():
        record = post.record
        name = record.parent
        if name is not None and name not in known:
            name = aliases.get(name, name)
        parent = known.get(name or "")
        if parent and parent.conversation and post.conversation not in {None, parent.conversation}:
            whose = parent.record.author or record.parent_author
            yield replace(record, parent=f"{name}/?", parent_author=whose)
        else:
            yield record if name == record.parent else replace(record, parent=name)


def _tops(records: Mapping[str, PostRecord], known: Mapping[str, ServicePost]) -> dict[str, str | None]:
    """Return of each post the author of the first post above it that the file holds for itself.

    What the file only refers to begins no conversation of its own.
    """
    tops: dict[str, str | None] = {}
    for name in records:
        path, seen, at = [], set(), name
        while at not in tops and at not in seen:
            seen.add(at)
            path.append(at)
            parent = records[at].parent
            if parent is None or parent not in records or known[parent].context:
                root = known.get(known[at].conversation or "")
                began = root if root and not root.context else known[at]
                tops[at] = began.record.author
                break
            at = parent
        author = tops.get(at, records[at].author)
        for one in path:
            tops.setdefault(one, author)
    return tops


def _refused(
    chain: ReplyChain, known: Mapping[str, ServicePost], top: Mapping[str, str | None]
) -> str | None:
    """Return why a chain is no thread, ``None`` when it is one."""
    first = chain.posts[0]
    if all(known[record.id].context for record in chain.posts):
        return REFERRED
    if _contradicted(first, known):
        return None
    author = top.get(first.id)
    if author is not None and author != first.author:
        return TO_OTHERS
    if chain.branch or len(chain.posts) > 1:
        return None
    return {ChainStart.ANOTHER: TO_OTHERS, ChainStart.UNKNOWN: UNKNOWN}.get(chain.start)


def _contradicted(record: PostRecord, known: Mapping[str, ServicePost]) -> bool:
    """Return whether a post says that it answers its own author, and the post above it is another's.

    One of the two is damaged, so who began the conversation is no reason to leave it out.
    """
    parent = record.parent or ""
    above = known.get(parent)
    if above is None:
        # Which post it answers is not known; of the conversation's first one, nobody knows the author.
        above = known.get(parent.removesuffix("/?"))
        above = above if above and not above.handle and known[record.id].handle else None
    return above is not None and record.author == record.parent_author != above.record.author


def _posts(chain: Sequence[ServicePost]) -> tuple[Post, ...]:
    """Return what is kept of a chain's posts, with the numbers that their author gave them."""
    shown = [
        post if not is_blank(post.text) or post.attachments else replace(post, attachments=(_PICTURE,))
        for post in chain
        if not is_blank(post.text) or post.attachments or post.pictured
    ]
    numbered = number_posts([post.text for post in shown])
    return tuple(
        with_attachments(
            Post(
                ordinal,
                words.text,
                number=words.number,
                source_id=None if _UNSURE in post.record.id else post.record.id,
                url=post.url,
                posted_at=post.record.posted_at,
                author=post.handle,
                marker=words.marker,
            ),
            post.attachments,
            post.beside,
        )
        for ordinal, (post, words) in enumerate(zip(shown, numbered, strict=True), start=1)
    )


def _thread(posts: tuple[Post, ...], completeness: Completeness) -> Thread:
    first = posts[0]
    return Thread(
        posts,
        completeness,
        author=first.author,
        url=first.url,
        posted_at=first.posted_at,
        id=id_without_attachments(posts),
    )


_BRANCH: Final = "branch"
_ENDS_EARLY: Final = "ends early"
_ODD: Final = (
    (
        (ChainStart.MISSING, ChainStart.UNKNOWN),
        "1 thread answers a post of its author that the file does not hold; kept as a fragment",
        "{} threads answer posts of their author that the file does not hold; kept as fragments",
    ),
    (
        (ChainStart.ANOTHER,),
        "1 thread hangs under another author's post; kept without that post",
        "{} threads hang under another author's post; kept without that post",
    ),
    (
        (_BRANCH,),
        "1 branch leaves its thread; kept as a fragment of its own",
        "{} branches leave their threads; kept as fragments of their own",
    ),
    (
        (_ENDS_EARLY,),
        "1 thread may go on where the document ends; kept as a fragment. Save it again with all below it",
        "{} threads may go on where the document ends; kept as fragments. Save them again with all below",
    ),
)


def _warnings(odd: Counter[str]) -> Iterable[str]:
    for kinds, one, several in _ODD:
        if count := sum(odd[kind] for kind in kinds):
            yield one if count == 1 else several.format(count)
