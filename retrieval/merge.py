"""What becomes of a thread that is already known, decided from the threads alone.

The outcome of many imports must not depend on their order, so everything here is a join: to merge
is idempotent, commutative and associative. That rules out filling every gap of one version from
another: where the fullest of three versions and the least agree about a post and the middle one does
not, what the least knows of that post would arrive or be lost depending on which two met first.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from retrieval.model import Completeness, Post, Thread, identity

__all__ = ["Settled", "base", "gather", "merge", "strand"]

_ADDRESS = re.compile(r"https?://\S+")
_WORD = re.compile(r"[^\W\d_]+")
_STRAND_WORDS = 8

_Fact = TypeVar("_Fact", int, str, datetime)
_Body = tuple[bool, int, int, bool, int, tuple[str, ...]]


def merge(known: Thread, incoming: Thread) -> Thread:
    """Join two versions of one thread into what is known of it.

    The posts are those of the fuller version, whole: a complete one before any other, then the one
    of more posts, of higher completeness, whose posts after the first carry addresses, of more
    characters, and at last of the greater text. Facts of the thread and of its first post, which the
    two share by their id, are known when either version knows them; facts of the other posts when
    the texts of all posts are the same, else the fuller version's stay. Of two different facts the
    earlier time, the smaller number or the smaller string stays.

    Raises ``ValueError`` for threads of different ids.
    """
    if known.id != incoming.id:
        raise ValueError(f"threads {known.id} and {incoming.id} are not versions of one thread")
    if known == incoming:
        return known
    fuller, lesser = (known, incoming) if _body(known) >= _body(incoming) else (incoming, known)
    shared = fuller.length if _body(known) == _body(incoming) else 1
    pairs = zip(fuller.posts[:shared], lesser.posts[:shared], strict=True)
    return replace(
        fuller,
        posts=tuple(_join(post, other) for post, other in pairs) + fuller.posts[shared:],
        author=_either(fuller.author, lesser.author),
        title=_either(fuller.title, lesser.title),
        url=_either(fuller.url, lesser.url),
        posted_at=_either(fuller.posted_at, lesser.posted_at),
    )


def strand(thread: Thread) -> str | None:
    """Tell apart threads that open alike: a hash of the first words after what the id is made from.

    Some authors begin every day's thread with the same post, so the id alone is not enough. Eight
    words count, without addresses and numbers, which differ between saved forms. A complete thread
    that ends with its opening has the strand ``""``; a part of which no more is known has ``None``,
    since it may belong to any.
    """
    texts = [post.text for post in thread.posts]
    whole = identity(texts)
    used = next(count for count in range(1, len(texts) + 1) if identity(texts[:count]) == whole)
    if used == len(texts):
        return "" if thread.completeness is Completeness.COMPLETE else None
    folded = unicodedata.normalize("NFKC", _ADDRESS.sub(" ", texts[used])).casefold()
    telling = " ".join(_WORD.findall(folded)[:_STRAND_WORDS]) or texts[used]
    return hashlib.sha256(telling.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def base(thread: Thread) -> str:
    """Return the id that a thread shares with all that open alike, from its own id and texts."""
    shared, mark = identity(post.text for post in thread.posts), strand(thread)
    return shared if mark is not None and thread.id == _apart(shared, mark) else thread.id


@dataclass(frozen=True, slots=True)
class Settled:
    """What a thread was and what it is now. ``given`` is how many of its posts the import held."""

    before: Thread | None
    after: Thread
    given: int


def gather(
    shared: str, known: Iterable[Thread], incoming: Iterable[Thread]
) -> tuple[list[Settled], list[str]]:
    """Settle all threads that open alike: those known, and those of an import.

    ``shared`` is the id they have in common (see :func:`base`). Threads of one strand are merged. A
    part without a strand goes as soon as there is any thread with one: its opening is in there. One
    strand alone has the shared id. Where there are more, none has it: each gets an id derived from
    the shared one and its strand. So an old link to the shared id may end nowhere, but never at the
    wrong thread, no post is lost, and the ids do not depend on which thread came first.

    Returns the threads, changed or not, and one reason for each version that gave way.
    """
    before = {strand(thread): thread for thread in known}
    after = {mark: replace(thread, id=shared) for mark, thread in before.items()}
    given: Counter[str | None] = Counter()
    left_out = []
    for version in incoming:
        mark, thread = strand(version), replace(version, id=shared)
        other = after.get(mark)
        after[mark] = thread if other is None else merge(other, thread)
        given[mark] = max(given[mark], thread.length)
        if other is not None and _body(other) != _body(thread):
            already = _body(other) > _body(thread)
            left_out.append(_reason(thread, other, "already") if already else _reason(other, thread, "now"))
    if None in after and len(after) > 1:
        opening = after.pop(None)
        heir = max(after, key=lambda mark: (mark not in before, _body(after[mark])))
        left_out.append(_reason(opening, after[heir], "now" if None in before else "already"))
        given[heir] = max(given[heir], given[None])
        if None in before:
            before.setdefault(heir, before[None])
    settled = []
    for mark in sorted(after, key=str):
        name = shared if mark is None or len(after) == 1 else _apart(shared, mark)
        settled.append(Settled(before.get(mark), replace(after[mark], id=name), given[mark]))
    return settled, left_out


def _reason(lesser: Thread, fuller: Thread, when: str) -> str:
    complete = fuller.completeness is Completeness.COMPLETE
    preview = lesser.completeness is Completeness.PREVIEW
    if complete and preview:
        return {
            "already": "preview of a thread that is already complete",
            "now": "preview replaced by the complete thread",
        }[when]
    return {
        "already": "version of a thread that is already known more fully",
        "now": "version of a thread replaced by a fuller one",
    }[when]


def _apart(shared: str, mark: str) -> str:
    """Derive the id of one strand among several; of the same form as any id."""
    return identity([hashlib.sha256(f"{shared}/{mark}".encode()).hexdigest()])


def _body(thread: Thread) -> _Body:
    """Rank a version among those of its thread; equal for the same posts, whatever is known of them."""
    texts = tuple(post.text for post in thread.posts)
    return (
        thread.completeness is Completeness.COMPLETE,
        thread.length,
        thread.completeness.rank,
        any(post.url is not None or post.source_id is not None for post in thread.posts[1:]),
        sum(map(len, texts)),
        texts,
    )


def _join(post: Post, other: Post) -> Post:
    return replace(
        post,
        number=_either(post.number, other.number),
        source_id=_either(post.source_id, other.source_id),
        url=_either(post.url, other.url),
        posted_at=_either(post.posted_at, other.posted_at),
        author=_either(post.author, other.author),
        marker=_either(post.marker, other.marker),
    )


def _either(one: _Fact | None, other: _Fact | None) -> _Fact | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
