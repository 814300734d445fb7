"""What several versions of one thread make together, decided from the versions alone.

A version is what one file says of a thread. All versions are kept, and the thread is made from all of
them at once, so it depends on which there are and never on the order in which they came: to import is
to add to a set, which is commutative, associative and idempotent whatever is made of the set. Merging
two by two could not be that and fill gaps as well: where the fullest of three versions and the least
agree about a post and the middle one does not, what the least knows of that post would arrive or be
lost depending on which two met first.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Final, TypeVar

from retrieval.linkage.fingerprint import Fingerprint, fingerprint_of, is_distinctive, may_be_same
from retrieval.model import Attachment, Completeness, Post, Thread

__all__ = ["align", "fullest", "gains", "merge", "rank"]

#: Of posts with the same words so many are looked at.
_LIKELY: Final = 8

_Fact = TypeVar("_Fact", int, str)
_Rank = tuple[bool, int, int, bool, int, tuple[str, ...]]


def merge(versions: Iterable[Thread], parts: Iterable[Thread] = ()) -> Thread:
    """Return what the versions say together; ``parts`` say something of some of its posts.

    The posts are those of the fullest version (:func:`rank`). Each has the most complete of the texts
    that any version has for it, and what any version knows of it: of two different facts the smaller
    stays, of two times the earlier, a time of day before none. Facts of the thread are found likewise
    among the versions. The id is derived from the words of the outcome.

    Raises ``ValueError`` without a version.
    """
    given = list(dict.fromkeys(versions))
    if not given:
        raise ValueError("a thread is made from at least one version")
    extra = list(dict.fromkeys(parts))
    if len(given) == 1 and not extra:
        return given[0]
    head = fullest(given)
    known = [[post] for post in head.posts]
    lesser = [version for version in (*given, *extra) if version is not head]
    alignments = [align(version, head) for version in lesser]
    # What one version shows to be a post's id brings in another that has the id and a different text.
    ids: defaultdict[str | None, set[int]] = defaultdict(set)
    for version, places in zip(lesser, alignments, strict=True):
        for at, place in places.items():
            ids[version.posts[at].source_id].add(place)
    for version, places in zip(lesser, alignments, strict=True):
        for at, post in enumerate(version.posts):
            shown = {places[at]} if at in places else ids[post.source_id] if post.source_id else ()
            if len(shown) == 1:
                known[next(iter(shown))].append(post)
    return replace(
        head,
        posts=tuple(_join(post, others) for post, others in zip(head.posts, known, strict=True)),
        author=_least(version.author for version in given),
        title=_least(version.title for version in given),
        url=_least(version.url for version in given),
        posted_at=_earliest(version.posted_at for version in given),
        id="",
    )


def fullest(versions: Iterable[Thread]) -> Thread:
    """Return the version that says most; raise ``ValueError`` where there is none."""
    # Among equals the facts decide, by whatever order; it has only to be the same every time.
    return max(versions, key=lambda version: (rank(version), repr(version)))


def rank(thread: Thread) -> _Rank:
    """Rank a version among those of its thread; equal for the same posts, whatever is known of them.

    A complete one is before any other, then the one of more posts, of higher completeness, whose posts
    after the first carry addresses, of more characters, and at last of the greater text. A single post
    is complete in itself and does not say that nothing follows.
    """
    texts = tuple(post.text for post in thread.posts)
    return (
        thread.completeness is Completeness.COMPLETE and thread.length > 1,
        thread.length,
        thread.completeness.rank,
        any(post.url is not None or post.source_id is not None for post in thread.posts[1:]),
        sum(map(len, texts)),
        texts,
    )


def align(part: Thread, whole: Thread) -> dict[int, int]:
    """Return which of the part's posts is which of the whole's, by their places from 0, in order.

    Posts are known by their ids; where these are not known on both sides, by their wording. Short ones
    ("Yes.") count only where they are expected. Linear in the number of posts.
    """
    if len(part.posts) == len(whole.posts) and all(map(_identical, part.posts, whole.posts)):
        return {at: at for at in range(part.length)}
    places = _Places(whole.posts)
    aligned: dict[int, int] = {}
    expected = 0
    for at, post in enumerate(part.posts):
        place = places.find(post, expected)
        if place is not None:
            aligned[at] = place
            expected = place + 1
    return aligned


def gains(before: Thread, after: Thread) -> Counter[str]:
    """Count what ``after`` tells of the posts of ``before`` that ``before`` did not."""
    counts: Counter[str] = Counter()
    places = align(before, after)
    for at, place in places.items():
        old, new = before.posts[at], after.posts[place]
        counts["text"] += len(new.text) > len(old.text)
        counts["id"] += old.source_id is None and new.source_id is not None
        counts["time"] += old.posted_at is None and new.posted_at is not None
        counts["address"] += old.url is None and new.url is not None
        counts["attachment"] += not old.attachments and bool(new.attachments)
    return +counts


def _identical(one: Post, two: Post) -> bool:
    return one.text == two.text and (
        one.source_id == two.source_id or one.source_id is None or two.source_id is None
    )


class _Places:
    """Where posts stand in a thread, by their ids and by their wording."""

    def __init__(self, posts: Sequence[Post]) -> None:
        self._posts = posts
        self._fingerprints = [fingerprint_of(post.text) for post in posts]
        self._by_id = {post.source_id: at for at, post in enumerate(posts) if post.source_id}
        # In descending order, so that those that lie behind can be dropped.
        self._by_wording: defaultdict[str, list[int]] = defaultdict(list)
        for at in range(len(posts) - 1, -1, -1):
            self._by_wording[self._fingerprints[at].plain].append(at)

    def find(self, post: Post, expected: int) -> int | None:
        """Return a post's place, the expected one or a later one; ``None`` where it has none.

        ``expected`` must not fall from one call to the next.
        """
        if post.source_id in self._by_id:
            place = self._by_id[post.source_id]
            return place if place >= expected else None
        fingerprint = fingerprint_of(post.text)
        if expected < len(self._posts) and self._fits(post, fingerprint, expected):
            return expected
        if not is_distinctive(fingerprint):
            return None
        places = self._by_wording[fingerprint.plain]
        while places and places[-1] < expected:
            places.pop()
        return next((at for at in reversed(places[-_LIKELY:]) if self._fits(post, fingerprint, at)), None)

    def _fits(self, post: Post, fingerprint: Fingerprint, at: int) -> bool:
        other = self._posts[at].source_id
        apart = post.source_id is not None and other is not None and post.source_id != other
        return not apart and may_be_same(fingerprint, self._fingerprints[at])


def _join(post: Post, known: Sequence[Post]) -> Post:
    if len(known) == 1:
        return post
    text = max((one.text for one in known), key=_worth)
    return replace(
        post,
        text=text,
        number=_least(one.number for one in known),
        source_id=_least(one.source_id for one in known),
        url=_least(one.url for one in known),
        posted_at=_earliest(one.posted_at for one in known),
        author=_least(one.author for one in known),
        marker=_least(one.marker for one in known),
        attachments=_attachments(text, known),
    )


def _attachments(text: str, known: Sequence[Post]) -> tuple[Attachment, ...]:
    """Return what hangs on a post by the fullest list that came with its text, and what other lists add.

    Others add only what a line of the text stands for: one picture has other addresses in other forms.
    """
    own = max((post.attachments for post in known if post.text == text), key=_fullness)
    named = {one.line for one in own if one.address}
    lines = set(text.split("\n")) - named if any(post.attachments for post in known) else set()
    others = ([one for one in post.attachments if one.address and one.line in lines] for post in known)
    added = max(map(tuple, others), key=_fullness)
    return (*(one for one in own if one.line not in {other.line for other in added}), *added)


def _fullness(attachments: Sequence[Attachment]) -> tuple[int, int, str]:
    return sum(one.address is not None for one in attachments), len(attachments), repr(attachments)


def _worth(text: str) -> tuple[int, bool, int, str]:
    fingerprint = fingerprint_of(text)
    return len(fingerprint.plain), not fingerprint.cut, len(text), text


def _least(facts: Iterable[_Fact | None]) -> _Fact | None:
    return min((fact for fact in facts if fact is not None), default=None)


def _earliest(times: Iterable[datetime | None]) -> datetime | None:
    known = (moment for moment in times if moment is not None)
    return min(known, key=lambda moment: (moment.time() == time(0), moment), default=None)
