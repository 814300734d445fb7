"""Statuses of any service put together to threads: what is kept, what is left out, and what is odd."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from retrieval.errors import RejectedError
from retrieval.formats.import_types import LeftOut, Reading, SavedFile
from retrieval.model import Completeness, Post, Thread
from retrieval.readers.attachments import id_without_attachments, with_lines
from retrieval.readers.decoding import is_blank
from retrieval.readers.json.json_stream import merge_left_out
from retrieval.readers.ordinals import number_posts
from retrieval.readers.reply_tree import ChainStart, PostRecord, ReplyChain, build_chains

__all__ = ["REFERRED", "ServicePost", "build_reading"]

AGAIN: Final = "post that the file holds more than once"
REFERRED: Final = "post that the file only refers to"
EMPTY: Final = "post without text (pictures only, perhaps)"
SIDE: Final = "author's side reply, off the thread's main line"
TO_OTHERS: Final = "reply to somebody else"
UNKNOWN: Final = "reply to a post that the file does not hold"

#: So many posts under somebody else's are a thread of their own, if fewer are mere replies.
_HANGING: Final = 3


@dataclass(frozen=True, slots=True)
class ServicePost:
    """A post as a service tells it: its place among others, and what is kept of it.

    ``text`` is its author's words, ``attachments`` the lines of what hangs on it (see
    :mod:`retrieval.readers.attachments`), ``handle`` its author's name with the "@". Its id is
    the record's. ``conversation`` is the id of the first post, where the service tells it.
    ``context`` says that the file only refers to the post: it is kept where it carries one of the file's
    own posts, and nowhere else.
    """

    record: PostRecord
    text: str
    attachments: tuple[str, ...] = ()
    handle: str | None = None
    url: str | None = None
    conversation: str | None = None
    context: bool = False


def build_reading(
    form: str,
    file: SavedFile,
    statuses: Iterable[ServicePost],
    left_out: Sequence[LeftOut],
    *,
    hanging: bool,
) -> Reading:
    """Return the reading of a file: its main lines as threads, everything else counted.

    A line that begins with a post that answers nothing is a complete thread, also of one post. A line
    whose first post answers a post of its author that is not there is a fragment, and told. Answers to
    others are left out; with ``hanging``, three or more of the author's own in a row under somebody
    else's post are a thread, and told. Of one id the version with the longest text counts.

    Raises :class:`~retrieval.errors.RejectedError` for a file without any post.
    """
    gone: Counter[str] = Counter()
    odd: Counter[str] = Counter()
    known: dict[str, ServicePost] = {}
    for status in statuses:
        other = known.setdefault(status.record.id, status)
        if other is not status:
            gone[AGAIN] += not (status.context or other.context)
            if (not status.context, len(status.text)) > (not other.context, len(other.text)):
                known[status.record.id] = status
    if not known and not left_out:
        raise RejectedError(file.name, "holds no post; save it again with its posts")
    threads = []
    for line in build_chains(_answering(status, known) for status in known.values()).lines:
        side = [known[record.id].context for branch in line.branches for record in branch]
        gone.update({SIDE: side.count(False), REFERRED: side.count(True)})
        reason = _refused(line, known, hanging=hanging)
        if reason:
            context = sum(known[record.id].context for record in line.posts)
            gone.update({reason: len(line.posts) - context, REFERRED: context})
            continue
        posts = _posts([known[record.id] for record in line.posts])
        gone[EMPTY] += len(line.posts) - len(posts)
        if posts:
            odd[line.start] += 1
            threads.append(_thread(posts, line.start))
    if len(threads) == 1:
        (only,) = threads
        threads = [
            replace(
                only,
                title=only.title or file.title,
                url=only.url or file.url,
                posted_at=only.posted_at or file.posted_at,
            )
        ]
    if file.author:
        threads = [replace(thread, author=thread.author or file.author) for thread in threads]
    counted = [LeftOut(why, count) for why, count in sorted(gone.items()) if count]
    return Reading(form, tuple(threads), merge_left_out((*left_out, *counted)), _told(odd))


def _answering(status: ServicePost, known: Mapping[str, ServicePost]) -> PostRecord:
    """Return the post's place; one of another conversation than its parent's does not continue that."""
    record = status.record
    parent = known.get(record.parent or "")
    if parent and parent.conversation and status.conversation not in {None, parent.conversation}:
        return replace(record, parent=f"{record.parent}/?", parent_author=None)
    return record


def _refused(line: ReplyChain, known: Mapping[str, ServicePost], *, hanging: bool) -> str | None:
    """Return why a line is no thread, ``None`` when it is one."""
    first = line.posts[0]
    if all(known[record.id].context for chain in (line.posts, *line.branches) for record in chain):
        return REFERRED
    match line.start:
        case ChainStart.ROOT:
            return None
        case ChainStart.UNKNOWN:
            return UNKNOWN
        case ChainStart.ANOTHER:
            return None if hanging and len(line.posts) >= _HANGING else TO_OTHERS
        case ChainStart.MISSING:
            root = known.get(known[first.id].conversation or "")
            theirs = root is not None and root.record.author not in {None, first.author}
            return TO_OTHERS if theirs and not hanging else None


def _posts(line: Sequence[ServicePost]) -> tuple[Post, ...]:
    """Return what is kept of a line's posts, with the numbers that their author gave them."""
    told = [status for status in line if not is_blank(status.text) or status.attachments]
    numbered = number_posts([status.text for status in told])
    return tuple(
        Post(
            ordinal,
            with_lines(words.text, status.attachments),
            number=words.number,
            source_id=status.record.id,
            url=status.url,
            posted_at=status.record.posted_at,
            author=status.handle,
            marker=words.marker,
        )
        for ordinal, (status, words) in enumerate(zip(told, numbered, strict=True), start=1)
    )


def _thread(posts: tuple[Post, ...], start: ChainStart) -> Thread:
    first = posts[0]
    return Thread(
        posts,
        Completeness.FRAGMENT if start is ChainStart.MISSING else Completeness.COMPLETE,
        author=first.author,
        url=first.url,
        posted_at=first.posted_at,
        id=id_without_attachments(posts),
    )


def _told(odd: Counter[str]) -> tuple[str, ...]:
    told = []
    if count := odd[ChainStart.MISSING]:
        whose = "1 thread answers a post" if count == 1 else f"{count} threads answer posts"
        told.append(f"{whose} of its author that the file does not hold; kept as fragments, nothing guessed")
    if count := odd[ChainStart.ANOTHER]:
        whose = "1 thread hangs" if count == 1 else f"{count} threads hang"
        told.append(f"{whose} under somebody else's post; kept without that post")
    return tuple(told)
