"""Which versions are versions of one thread, decided from all of them at once.

Versions are one thread when they open with the same post: the same by its id, or by its words and the
words that follow, or by its wording where one form cuts it, shortens its links or drops its number. A
wording is enough only where it is unmistakable: if what might be one thread does not all agree, all of
it stays apart, so that no post is lost to a likeness. The outcome is a function of the set of versions.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Final

from retrieval.merge import merge, rank, strand
from retrieval.model import Completeness, Thread, identity
from retrieval.wording import agree, beginning, telling, wording

__all__ = ["Settled", "clusters", "keys", "settle"]

#: Of more likely ones than these, none is told apart by likeness; comparing them all would take long.
_LIKELY: Final = 64
#: So many posts of two threads must agree, where both have them.
_COMPARED: Final = 3
#: The keys of what is being imported are asked for more than once.
_REMEMBERED: Final = 2_000


@dataclass(frozen=True, slots=True)
class Settled:
    """A thread, and the versions that it is made from, as places in what was given.

    ``shared`` is the id that the words of its opening give; the thread's own differs where several
    threads open alike.
    """

    thread: Thread
    shared: str
    members: tuple[int, ...]


@lru_cache(_REMEMBERED)
def keys(version: Thread) -> frozenset[int]:
    """Return numbers of 63 bits; only versions that have one in common, directly or not, can meet.

    They stand for the opening's words, for how it begins in any form, and for each post's id. The store
    keeps them: to make them otherwise takes a migration that writes them anew.
    """
    names = {f"opening {version.id}", *(f"post {post.source_id}" for post in version.posts if post.source_id)}
    begins = beginning(post.text for post in version.posts)
    if begins:
        names.add(f"beginning {begins}")
    return frozenset(map(_number, names))


def clusters(keyed: Sequence[Iterable[int]]) -> list[list[int]]:
    """Return the places of what has keys in common, directly or not, together; in order."""
    parents = list(range(len(keyed)))
    first: dict[int, int] = {}
    for place, own in enumerate(keyed):
        for key in own:
            _unite(parents, place, first.setdefault(key, place))
    found: defaultdict[int, list[int]] = defaultdict(list)
    for place in range(len(keyed)):
        found[_root(parents, place)].append(place)
    return list(found.values())


def settle(versions: Sequence[Thread]) -> list[Settled]:
    """Make threads from versions: all of those whose keys meet, and none besides.

    Each version's own id must be the one its words give. One thread alone has the id that its opening
    gives. Where several open alike, none has it: each gets an id derived from that one and from what
    tells them apart. So an old link may end nowhere, but never at the wrong thread, and the ids do not
    depend on which thread came first.
    """
    if all(version == versions[0] for version in versions[1:]):
        return [Settled(merge(versions), versions[0].id, tuple(range(len(versions))))]
    nodes = _alike(versions)
    nodes = _joined(nodes, _openings, _same_opening)
    nodes = _joined([node for node in nodes if node.strand is not None], _beginnings, _same_wording) + [
        node for node in nodes if node.strand is None
    ]
    nodes = _joined(nodes, _beginnings, _same_wording)
    nodes = _without_openings(nodes)
    nodes = _without_parts(nodes)
    return _named(nodes)


@dataclass(frozen=True)
class _Node:
    """Versions found to be one thread.

    ``parts`` say something of some of its posts; ``guests`` are contained in it and say nothing, since
    it is not known that they mean it.
    """

    versions: tuple[tuple[int, Thread], ...]
    parts: tuple[tuple[int, Thread], ...] = ()
    guests: tuple[tuple[int, Thread], ...] = ()

    @cached_property
    def thread(self) -> Thread:
        """What all of it says together."""
        return merge((version for _, version in self.versions), (part for _, part in self.parts))

    @cached_property
    def strand(self) -> str | None:
        """What tells it from threads that open alike."""
        return strand(self.thread)

    @cached_property
    def openings(self) -> frozenset[str]:
        """The ids that the words of its versions give."""
        return frozenset(version.id for _, version in self.versions)

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """How its versions begin."""
        begun = (beginning(post.text for post in version.posts) for _, version in self.versions)
        return frozenset(found for found in begun if found)

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of the first post; several where forms number posts each in its way."""
        firsts = (version.posts[0].source_id for _, version in self.versions)
        return frozenset(found for found in firsts if found)

    @cached_property
    def handles(self) -> frozenset[str]:
        """The handles of its author, as far as they are written as such."""
        return frozenset(found for _, version in self.versions if (found := _handle(version)))

    @property
    def members(self) -> tuple[int, ...]:
        """The places of all its versions."""
        return tuple(sorted(place for place, _ in (*self.versions, *self.parts, *self.guests)))


def _alike(versions: Sequence[Thread]) -> list[_Node]:
    """Put together what is surely one thread: the same first post by id, or the same by all that is known."""
    found: defaultdict[Hashable, list[tuple[int, Thread]]] = defaultdict(list)
    for place, version in enumerate(versions):
        first = version.posts[0].source_id
        key = first or (version.id, strand(version), _handle(version))
        found[key].append((place, version))
    return [_Node(tuple(group)) for group in found.values()]


def _joined(
    nodes: Sequence[_Node],
    places: Callable[[_Node], Iterable[Hashable]],
    same: Callable[[_Node, _Node], bool],
) -> list[_Node]:
    """Join the nodes that meet in a place and are the same, where all that would be joined agree."""
    meeting: defaultdict[Hashable, list[int]] = defaultdict(list)
    for number, node in enumerate(nodes):
        for place in places(node):
            meeting[place].append(number)
    pairs = {
        (one, two)
        for group in meeting.values()
        if 1 < len(group) <= _LIKELY
        for one, two in combinations(group, 2)
        if same(nodes[one], nodes[two])
    }
    parents = list(range(len(nodes)))
    for one, two in pairs:
        _unite(parents, one, two)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for number in range(len(nodes)):
        groups[_root(parents, number)].append(number)
    joined = []
    for group in groups.values():
        agreed = len(group) <= _LIKELY and all(pair in pairs for pair in combinations(group, 2))
        if len(group) > 1 and agreed:
            joined.append(_Node(tuple(version for number in group for version in nodes[number].versions)))
        else:
            joined += [nodes[number] for number in group]
    return joined


def _openings(node: _Node) -> Iterable[Hashable]:
    return () if node.strand is None else ((opening, node.strand) for opening in node.openings)


def _same_opening(one: _Node, two: _Node) -> bool:
    return not _apart(one, two)


def _beginnings(node: _Node) -> Iterable[Hashable]:
    return node.beginnings


def _same_wording(one: _Node, two: _Node) -> bool:
    """Return whether the posts that both have agree, as far as they are compared."""
    if _apart(one, two):
        return False
    longer, shorter = sorted((one.thread, two.thread), key=lambda thread: thread.length, reverse=True)
    ended = shorter.length == 1 and shorter.completeness is Completeness.COMPLETE
    if ended and longer.length > 1:
        return False
    pairs = [
        (wording(post.text), wording(other.text))
        for post, other in zip(longer.posts[:_COMPARED], shorter.posts[:_COMPARED], strict=False)
    ]
    known = len(pairs) > 1 or all(map(telling, pairs[0]))
    return known and all(agree(post, other) for post, other in pairs)


def _apart(one: _Node, two: _Node) -> bool:
    """Return whether two are surely different: other posts by their ids, or other authors."""
    return bool(one.ids and two.ids and not one.ids & two.ids) or bool(
        one.handles and two.handles and not one.handles & two.handles
    )


def _without_openings(nodes: Sequence[_Node]) -> list[_Node]:
    """Let a part of which only the opening is known go into the thread that opens so.

    Where several do, it says nothing of any; its words are in each of them.
    """
    opening = [node for node in nodes if node.strand is None]
    others = {number: node for number, node in enumerate(nodes) if node.strand is not None}
    by_opening: defaultdict[str, list[int]] = defaultdict(list)
    for number, node in others.items():
        for shared in node.openings:
            by_opening[shared].append(number)
    coming: defaultdict[int, list[_Node]] = defaultdict(list)
    staying = []
    sure: set[int] = set()
    for part in opening:
        likely = {number for shared in part.openings for number in by_opening[shared][: _LIKELY + 1]}
        homes = {number for number in likely if not _apart(part, others[number])}
        if not homes or len(likely) > _LIKELY:
            staying.append(part)
            continue
        home = max(homes, key=lambda number: (rank(others[number].thread), repr(others[number].thread)))
        coming[home].append(part)
        if len(homes) == 1:
            sure.add(id(part))
    for number, parts in coming.items():
        # Each may be sure of the thread; where they are not sure of one another, one at most is right.
        agreed = len(parts) <= _LIKELY and not any(_apart(one, two) for one, two in combinations(parts, 2))
        meant: list[tuple[int, Thread]] = []
        quiet: list[tuple[int, Thread]] = []
        for part in parts:
            if agreed and id(part) in sure:
                meant += part.versions
            elif agreed or not (part.ids or part.handles):
                quiet += part.versions
            else:
                staying.append(part)
        others[number] = _Node(others[number].versions, tuple(meant), tuple(quiet))
    return [*others.values(), *staying]


def _without_parts(nodes: Sequence[_Node]) -> list[_Node]:
    """Let what another thread holds post for post, by their ids, go into that one."""
    holding: defaultdict[str, list[int]] = defaultdict(list)
    ids = [[post.source_id for post in node.thread.posts if post.source_id] for node in nodes]
    for number, own in enumerate(ids):
        for name in own:
            holding[name].append(number)
    coming: defaultdict[int, list[_Node]] = defaultdict(list)
    gone: set[int] = set()
    for number, node in enumerate(nodes):
        own = ids[number]
        if len(own) < node.thread.length or len(holding[own[0]]) == 1:
            continue
        homes = {
            other
            for other in holding[own[0]]
            if nodes[other].thread.length > node.thread.length and set(own) <= set(ids[other])
        }
        if homes:
            home = max(homes, key=lambda other: (nodes[other].thread.length, repr(nodes[other].thread)))
            coming[home].append(node)
            gone.add(number)
    made = []
    for number, node in enumerate(nodes):
        if number in gone:
            continue
        parts = [version for part in coming[number] for version in (*part.versions, *part.parts)]
        guests = [version for part in coming[number] for version in part.guests]
        made.append(
            _Node(node.versions, (*node.parts, *parts), (*node.guests, *guests)) if coming[number] else node
        )
    return made


def _named(nodes: Sequence[_Node]) -> list[Settled]:
    """Give each thread its id."""
    shared = [_shared(node) for node in nodes]
    alike: defaultdict[str, list[int]] = defaultdict(list)
    for number, name in enumerate(shared):
        alike[name].append(number)
    named = []
    for name, group in alike.items():
        marks = _marks([nodes[number] for number in group])
        for number, mark in zip(group, marks, strict=True):
            node = nodes[number]
            own = name if len(group) == 1 else identity([_hash(f"{name}/{mark}")])
            thread = node.thread if node.thread.id == own else _renamed(node.thread, own)
            named.append(Settled(thread, name, node.members))
    return named


def _shared(node: _Node) -> str:
    """Return the id that the opening's words give, as one of the versions has them."""
    merged = identity(post.text for post in node.thread.posts)
    if merged in node.openings:
        return merged
    return max((rank(version), version.id) for _, version in node.versions)[1]


def _marks(nodes: Sequence[_Node]) -> list[str]:
    """Return what tells apart threads that open alike: what follows, else the post's id, the author, all."""
    marks = [node.strand or "" for node in nodes]
    tags = [
        min(node.ids, default="") or min(node.handles, default="") or _hash(repr(node.thread))
        for node in nodes
    ]
    marks = _apart_by(marks, tags)
    return _apart_by(marks, [_hash("".join(sorted(repr(one) for _, one in node.versions))) for node in nodes])


def _apart_by(marks: Sequence[str], tags: Sequence[str]) -> list[str]:
    """Return the marks, those that are given twice with their tags."""
    given = Counter(marks)
    return [f"{mark}/{tag}" if given[mark] > 1 else mark for mark, tag in zip(marks, tags, strict=True)]


def _renamed(thread: Thread, name: str) -> Thread:
    return Thread(
        thread.posts,
        thread.completeness,
        thread.author,
        thread.title,
        thread.url,
        thread.posted_at,
        name,
    )


def _handle(thread: Thread) -> str | None:
    """Return the author's handle, where it is written as one."""
    for name in (thread.author, thread.posts[0].author):
        if name is not None and name.startswith("@"):
            return name.casefold()
    return None


def _number(name: str) -> int:
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _unite(parents: list[int], one: int, two: int) -> None:
    parents[_root(parents, one)] = _root(parents, two)


def _root(parents: list[int], place: int) -> int:
    while parents[place] != place:
        parents[place] = parents[parents[place]]
        place = parents[place]
    return place
