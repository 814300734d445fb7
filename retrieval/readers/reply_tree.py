"""Posts and the posts they answer, made into lines: where one begins, how it goes on, what branches off.

Threads come from reply ids, not from numbers in the text. A post continues the line of the post it
answers when both are of one author. Nothing is guessed: a post whose parent is not there begins a line
of its own, and the line says so.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

__all__ = ["ChainStart", "PostRecord", "ReplyChain", "ReplyChains", "build_chains"]

_UNDATED: Final = datetime.max.replace(tzinfo=UTC)
_Age = tuple[datetime, int, str]


class ChainStart(StrEnum):
    """Why a line begins where it does."""

    #: It answers nothing.
    ROOT = "root"
    #: It answers a post of its own author that is not there: deleted, or not saved.
    MISSING = "missing"
    #: It answers somebody else's post.
    ANOTHER = "another"
    #: It answers a post that is not there, and nothing says whose that was.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PostRecord:
    """A post as far as threads are concerned.

    ``author`` tells accounts apart, by whatever the form has: an id, a handle; ``None`` where it is
    unknown, which is nobody's and never the same. ``parent`` is the id of the post that this one
    answers, ``parent_author`` whose that is, where the form says so. ``posted_at`` is aware UTC.
    """

    id: str
    author: str | None
    parent: str | None = None
    parent_author: str | None = None
    posted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReplyChain:
    """A line of posts of one author, each answering the one before it.

    ``branches`` are the posts that answer into the line, or into its branches, and are not on it:
    lines themselves, the one with the oldest head first.
    """

    start: ChainStart
    posts: tuple[PostRecord, ...]
    branches: tuple[tuple[PostRecord, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class ReplyChains:
    """Every line of a file, the oldest first, and the records whose id was there already."""

    lines: tuple[ReplyChain, ...]
    duplicates: tuple[PostRecord, ...] = ()


def build_chains(records: Iterable[PostRecord]) -> ReplyChains:
    """Put records together to lines; each record is in exactly one place of the outcome.

    At a branch the main line follows the longest chain and, of equally long ones, the oldest. Of
    records with one id the first counts. Answers that run in a circle, which no honest file holds, are
    cut before the oldest of them, whose parent then counts as missing. The order of the records does
    not matter otherwise. Linear but for the sorting; depth costs no stack.
    """
    known: dict[str, PostRecord] = {}
    duplicates = []
    for record in records:
        if record.id in known:
            duplicates.append(record)
        else:
            known[record.id] = record
    starts = {record.id: _start(record, known) for record in known.values()}
    children: defaultdict[str, list[PostRecord]] = defaultdict(list)
    for record in known.values():
        if starts[record.id] is None and record.parent is not None:
            children[record.parent].append(record)
    for record in _oldest_of_circles(known, starts):
        starts[record.id] = ChainStart.MISSING
        children[record.parent or ""].remove(record)
    heights = _heights([known[name] for name, start in starts.items() if start], children)
    made = [
        _line(known[name], start, children, heights) for name, start in starts.items() if start is not None
    ]
    return ReplyChains(tuple(sorted(made, key=lambda line: _age(line.posts[0]))), tuple(duplicates))


def _start(record: PostRecord, known: Mapping[str, PostRecord]) -> ChainStart | None:
    """Return why a line begins with the record; ``None`` when it goes on with a parent that is there.

    Where the record says that it answers its own author and the post of that id is another's, or
    nobody knows whose, its parent is not there: no line passes through a post that may be a stranger's.
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


def _heights(roots: Sequence[PostRecord], children: Mapping[str, Sequence[PostRecord]]) -> dict[str, int]:
    """Return of each record how many posts the longest chain from it on has."""
    downwards = list(roots)
    for record in downwards:
        downwards.extend(children.get(record.id, ()))
    heights: dict[str, int] = {}
    for record in reversed(downwards):
        heights[record.id] = 1 + max((heights[child.id] for child in children.get(record.id, ())), default=0)
    return heights


def _line(
    head: PostRecord,
    start: ChainStart,
    children: Mapping[str, Sequence[PostRecord]],
    heights: Mapping[str, int],
) -> ReplyChain:
    chains = []
    heads = [head]
    for first in heads:
        chain = [first]
        while following := children.get(chain[-1].id, ()):
            best = min(following, key=lambda child: (-heights[child.id], _age(child)))
            heads.extend(child for child in following if child is not best)
            chain.append(best)
        chains.append(tuple(chain))
    main, *branches = chains
    return ReplyChain(start, main, tuple(sorted(branches, key=lambda chain: _age(chain[0]))))


def _age(record: PostRecord) -> _Age:
    """Order records from the oldest on; those without a time are the youngest.

    Ids break ties as the numbers that they are in most forms, since services count upwards.
    """
    return record.posted_at or _UNDATED, len(record.id), record.id
