"""Posts and the posts they answer, made into lines: where one begins, how it goes on, what branches off.

Threads come from reply ids, not from numbers in the text. A post continues the line of the post it
answers when both are of one author. Nothing is guessed: a post whose parent is not there begins a line
of its own, and the line says so.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

__all__ = ["ChainStart", "PostRecord", "ReplyChain", "ReplyForest", "build_chains"]

_UNDATED: Final = datetime.max.replace(tzinfo=UTC)
_Age = tuple[datetime, int, str]


class ChainStart(StrEnum):
    """Why a line begins where it does."""

    #: It answers nothing.
    ROOT = "root"
    #: It answers a post of its own author that is not there: deleted, or not saved.
    MISSING = "missing"
    #: It answers another account's post.
    ANOTHER = "another"
    #: It answers a post that is not there, and nothing says whose that was.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PostRecord:
    """A post as far as threads are concerned.

    ``author`` tells accounts apart, by whatever the form has: an id, a handle; ``None`` where it is
    unknown, which equals no other author. ``parent`` is the id of the post that this one
    answers, ``parent_author`` whose that is, where the form says so. ``posted_at`` is aware UTC.
    """

    id: str
    author: str | None
    parent: str | None = None
    parent_author: str | None = None
    posted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReplyChain:
    """Posts of one author, each answering the one before it.

    ``branch`` says that the first of them answers a post of a longer chain, or an older one as long: whose
    chain that is says ``start`` of that one, and its own is :attr:`ChainStart.ROOT`.
    """

    start: ChainStart
    posts: tuple[PostRecord, ...]
    branch: bool = False


class ReplyForest:
    """Posts by their places, and the place that each answers: where chains go on and where they branch.

    ``up`` holds for each place that of the post it answers, -1 where it begins a chain; ``order`` is the
    places from the oldest on, as they come unless given, and what answers a post is behind it. At a branch
    the chain goes on with the longest of those below and, of equally long ones, the oldest. A post costs four
    numbers.
    """

    def __init__(self, up: Sequence[int], order: Sequence[int] | None = None) -> None:
        self._up = up
        self._order = range(len(up)) if order is None else order
        self._next = array("q", [-1]) * len(up)
        heights = array("q", [0]) * len(up)
        for place in reversed(self._order):
            above = up[place]
            # From the youngest to the oldest, so that of equally long chains the oldest comes last.
            if above >= 0 and heights[place] + 1 >= heights[above]:
                heights[above] = heights[place] + 1
                self._next[above] = place

    def chains(self) -> Iterator[tuple[list[int], bool]]:
        """Yield the places of each chain, by the age of its first, and whether it is a branch."""
        for head in self._order:
            above = self._up[head]
            if above >= 0 and self._next[above] == head:
                continue
            places = [head]
            while (place := self._next[places[-1]]) >= 0:
                places.append(place)
            yield places, above >= 0


def build_chains(records: Iterable[PostRecord]) -> list[ReplyChain]:
    """Put records together to chains, by the age of their first; each record is in exactly one of them.

    Of records with one id the first counts. Answers that run in a circle, which no honest file holds, are
    cut before the oldest of them, whose parent then counts as missing. The order of the records does not
    matter otherwise. Linear but for the sorting; depth costs no stack.
    """
    known: dict[str, PostRecord] = {}
    for record in records:
        known.setdefault(record.id, record)
    starts = {record.id: _start(record, known) for record in known.values()}
    for record in _oldest_of_circles(known, starts):
        starts[record.id] = ChainStart.MISSING
    posts = _downwards(known, starts)
    places = {record.id: place for place, record in enumerate(posts)}
    up = array("q", [-1]) * len(posts)
    for place, record in enumerate(posts):
        if starts[record.id] is None and record.parent is not None:
            up[place] = places[record.parent]
    chains = [
        ReplyChain(starts[posts[chain[0]].id] or ChainStart.ROOT, tuple(posts[one] for one in chain), branch)
        for chain, branch in ReplyForest(up).chains()
    ]
    return sorted(chains, key=lambda chain: _age(chain.posts[0]))


def _downwards(known: Mapping[str, PostRecord], starts: Mapping[str, ChainStart | None]) -> list[PostRecord]:
    """Return the records level by level, each behind what it answers, the older of a level first.

    Times may be absent or wrong, so that an answer seems older than its post.
    """
    children: defaultdict[str, list[PostRecord]] = defaultdict(list)
    level = []
    for record in known.values():
        if starts[record.id] is not None or record.parent is None:
            level.append(record)
        else:
            children[record.parent].append(record)
    posts: list[PostRecord] = []
    while level:
        posts += sorted(level, key=_age)
        level = [child for record in level for child in children.get(record.id, ())]
    return posts


def _start(record: PostRecord, known: Mapping[str, PostRecord]) -> ChainStart | None:
    """Return why a line begins with the record; ``None`` when it goes on with a parent that is there.

    Where the record says that it answers its own author and the post of that id is another's, or
    its author is unknown, its parent is not there: no line passes through a post that may be a stranger's.
    """
    if record.parent is None:
        return ChainStart.ROOT
    parent = known.get(record.parent)
    if record.author is None:
        return ChainStart.UNKNOWN
    if parent is not None and parent.author == record.author:
        return None
    whose = record.parent_author or (parent.author if parent else None)
    if whose is None:
        return ChainStart.UNKNOWN
    return ChainStart.MISSING if whose == record.author else ChainStart.ANOTHER


def _oldest_of_circles(
    known: Mapping[str, PostRecord], starts: Mapping[str, ChainStart | None]
) -> list[PostRecord]:
    """Return the oldest record of each circle of answers."""
    found = []
    seen: dict[str, str] = {}
    for name in known:
        at, path = name, []
        while at not in seen:
            seen[at] = name
            path.append(at)
            if starts[at] is not None:
                break
            at = known[at].parent or ""
        else:
            # Come upon a record of this very walk: what lies between is a circle.
            if seen[at] == name:
                circle = path[path.index(at) :]
                found.append(min((known[one] for one in circle), key=_age))
    return found


def _age(record: PostRecord) -> _Age:
    """Order records from the oldest on; those without a time are the youngest.

    Ids break ties as the numbers that they are in most forms, since services count upwards.
    """
    return record.posted_at or _UNDATED, len(record.id), record.id
