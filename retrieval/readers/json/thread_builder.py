"""Posts of any service put together to threads: what is kept, what is left out, and what is odd."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from retrieval.errors import RejectedError
from retrieval.formats.import_types import LeftOut, Reading, SavedFile
from retrieval.model import Completeness, Post, Thread
from retrieval.readers.attachments import Attachment, id_without_attachments, with_lines
from retrieval.readers.decoding import is_blank
from retrieval.readers.json.json_stream import (
    OBJECT,
    JsonValue,
    json_values,
    merge_left_out,
    unreadable_record,
)
from retrieval.readers.ordinals import number_posts
from retrieval.readers.reply_tree import ChainStart, PostRecord, ReplyChain, build_chains

__all__ = ["REFERRED", "REPOST", "ServicePost", "Unreadable", "build_reading", "collect_posts"]

AGAIN: Final = "post that the file holds more than once"
REFERRED: Final = "post that the file only refers to"
REPOST: Final = "repost"
EMPTY: Final = "post without text (pictures only, perhaps)"
TO_OTHERS: Final = "reply to somebody else"
UNKNOWN: Final = "reply to a post that the file does not hold"
CUT: Final = "end of a post too long to be read"

# Behind the id of a post that is another post's, too.
_UNSURE: Final = "\x00"
#: A post of which nothing can be shown but that it is a picture.
_PICTURE: Final = f"[{Attachment.IMAGE}: no description]"


class Unreadable(str):
    """Why a record is no post of its form, though it stands where one should."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ServicePost:
    """A post as a service gives it: its place among others, and what is kept of it.

    ``text`` is its author's words, ``attachments`` the lines of what hangs on it (see
    :mod:`retrieval.readers.attachments`), ``handle`` its author's name with the "@". Its id is
    the record's; ``alias`` is another one by which posts that answer it may name it. ``conversation`` is the
    id of the first post, where the service gives it. ``context`` says that the file only refers to the post:
    it is kept where it carries one of the file's own posts, and nowhere else. ``pictured`` says that it has
    pictures, also where nothing is known of them, ``cut`` that the end of its text was not read.

    ``replies`` counts everybody's answers to it that the document should hold below it, where it is a
    document of everything below a post; ``None`` elsewhere. ``limit`` says that the document ends at this
    post, or with its list, where the service stops.
    """

    record: PostRecord
    text: str
    attachments: tuple[str, ...] = ()
    handle: str | None = None
    url: str | None = None
    conversation: str | None = None
    context: bool = False
    alias: str | None = None
    pictured: bool = False
    cut: bool = False
    replies: int | None = None
    limit: bool = False


def collect_posts(
    file: SavedFile,
    records: Callable[[JsonValue], Iterable[object]],
    post_of: Callable[[object], ServicePost | str],
    search: re.Pattern[str] = OBJECT,
) -> tuple[list[ServicePost], list[LeftOut]]:
    """Read the records of a file: return its posts, and what was left out and why.

    ``records`` takes a value of the file apart, ``post_of`` makes a post of a record. It returns a reason
    where the record is left out, :class:`Unreadable` where it is none; of what was found alone in a damaged
    document only posts count, since anything else may be a part of one. ``search`` is that of
    :func:`~retrieval.readers.json.json_stream.json_values`.
    """
    posts: list[ServicePost] = []
    left_out: list[LeftOut] = []
    counts: Counter[str] = Counter()
    number = 0
    for part in json_values(file, search):
        if isinstance(part, LeftOut):
            left_out.append(part)
            continue
        for record in records(part):
            number += 1
            post = post_of(record)
            if isinstance(post, ServicePost):
                posts.append(post)
            elif not isinstance(post, Unreadable):
                counts[post] += 1
            elif not part.alone:
                left_out.append(unreadable_record(post, number, part.line))
    return posts, [*left_out, *(LeftOut(why, count) for why, count in sorted(counts.items()))]


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
    gone: Counter[str] = Counter()
    odd: Counter[str] = Counter()
    known = _unique(posts, gone)
    if not known and not left_out:
        raise RejectedError(file.name, "holds no post; save it again with its posts")
    records = {record.id: record for record in _answering(known)}
    below = Counter(record.parent for record in records.values())
    top = {} if one_account else _tops(records, known)
    threads = []
    for chain in build_chains(records.values()):
        reason = _refused(chain, known, top)
        if reason:
            context = sum(known[record.id].context for record in chain.posts)
            gone.update({reason: len(chain.posts) - context, REFERRED: context})
            continue
        kept = _posts([known[record.id] for record in chain.posts])
        gone[EMPTY] += len(chain.posts) - len(kept)
        if kept:
            last = known[chain.posts[-1].id]
            cut = (last.replies or 0) > below[last.record.id] or any(
                known[record.id].limit for record in chain.posts
            )
            odd[_BRANCH if chain.branch else chain.start] += 1
            odd[_ENDS_EARLY] += cut and not chain.branch
            whole = not (cut or chain.branch) and chain.start in {ChainStart.ROOT, ChainStart.ANOTHER}
            threads.append(_thread(kept, Completeness.COMPLETE if whole else Completeness.FRAGMENT))
    counted = [LeftOut(why, count) for why, count in sorted(gone.items()) if count]
    warnings = tuple(_warnings(odd))
    return Reading(form, _with_origin(threads, file), merge_left_out((*left_out, *counted)), warnings)


def _unique(posts: Iterable[ServicePost], gone: Counter[str]) -> dict[str, ServicePost]:
    """Return the posts by their ids, of one id the one that the file holds for itself, then the longest.

    Where damage gave a post the id of another, the id is certain of neither and no reason to lose one.
    """
    known: dict[str, ServicePost] = {}
    for post in posts:
        gone[CUT] += post.cut
        other = known.setdefault(post.record.id, post)
        if other is post:
            continue
        if not (post.context or other.context or _same_words(post.text, other.text)):
            name = f"{post.record.id}{_UNSURE}{len(known)}"
            known[name] = replace(post, record=replace(post.record, id=name), url=None, alias=None)
            continue
        gone[AGAIN] += not (post.context or other.context)
        if (not post.context, len(post.text)) > (not other.context, len(other.text)):
            known[post.record.id] = post
    return known


def _same_words(text: str, other: str) -> bool:
    """Return whether one text is the other, perhaps cut: services cut within the last fifth, for a link."""
    short, long = sorted((text, other), key=len)
    return long.startswith(short[: len(short) * 4 // 5])


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
            yield replace(record, parent=f"{name}/?", parent_author=parent.record.author)
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
    author = top.get(first.id)
    if author is not None and author != first.author:
        return TO_OTHERS
    if chain.branch or len(chain.posts) > 1:
        return None
    return {ChainStart.ANOTHER: TO_OTHERS, ChainStart.UNKNOWN: UNKNOWN}.get(chain.start)


def _posts(chain: Sequence[ServicePost]) -> tuple[Post, ...]:
    """Return what is kept of a chain's posts, with the numbers that their author gave them."""
    shown = [
        post if not is_blank(post.text) or post.attachments else replace(post, attachments=(_PICTURE,))
        for post in chain
        if not is_blank(post.text) or post.attachments or post.pictured
    ]
    numbered = number_posts([post.text for post in shown])
    return tuple(
        Post(
            ordinal,
            with_lines(words.text, post.attachments),
            number=words.number,
            source_id=None if _UNSURE in post.record.id else post.record.id,
            url=post.url,
            posted_at=post.record.posted_at,
            author=post.handle,
            marker=words.marker,
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
        "1 thread hangs under somebody else's post; kept without that post",
        "{} threads hang under somebody else's post; kept without that post",
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
