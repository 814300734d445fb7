"""Which versions are versions of one thread, decided from all of them at once.

A version belongs to a thread only if the fullest version of that thread holds all of its posts: by their
ids or, where ids are not known on both sides, by their wording, each in its place. So versions of which
each has a post that the other has not are two threads, however many posts they share, and nothing is
lost when a version goes into a thread. What fits several threads stays out of all of them, or is kept
as a guest of one where every word of it stands in each. The outcome is a function of the set of versions.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from retrieval.linkage.fingerprint import TELLING, fingerprint_of
from retrieval.linkage.match_keys import is_alone, match_keys, reach, seeks
from retrieval.linkage.merge import align, fullest, merge, rank
from retrieval.model import Completeness, Thread, identity

__all__ = [
    "LIKELY",
    "MatchedThread",
    "match_versions",
    "names",
]

LIKELY: Final = 64
"""What fits more threads than these is a thread of its own, whatever the others are."""


@dataclass(frozen=True, slots=True)
class MatchedThread:
    """A thread, and the versions that it is made from, as places in what was given.

    ``shared`` is the id that the words of its opening give; the thread's own differs where several
    threads open alike. ``also`` are versions that are guests of another thread and fit this one, too.
    """

    thread: Thread
    shared: str
    members: tuple[int, ...]
    also: tuple[int, ...] = ()


def names(version: Thread) -> tuple[str, str]:
    """Return the ids that a thread may have by a version: that of its opening, and one of all its words.

    The version's own id must be the one its words give.
    """
    wording = (is_alone(version), _handle(version), [(post.text, post.source_id) for post in version.posts])
    whole = f"{version.id}/{wording!r}"
    return version.id, identity([hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()])


def match_versions(
    versions: Sequence[Thread],
    *,
    shown: Sequence[str | None] = (),
    elsewhere: Collection[str] = (),
    common: Collection[int] = (),
) -> list[MatchedThread]:
    """Make threads from versions: all of those that seek one another, directly or not.

    Each version's own id must be the one its words give. A thread has the id of its opening where no
    other thread has a version that opens so: neither of these here nor, by the ids that ``elsewhere``
    holds, any other of the collection. Else each has the id that its fullest version gives by all its
    words, so no id means two threads, and none depends on which thread came first. ``shown`` has for each
    version the id under which an earlier release showed it, where that is neither of its :func:`names`.
    ``common`` has the :func:`reach` of what is known to fit too many threads, not all of them given.
    """
    groups = _groups(versions)
    parted: set[int] = set()
    while True:
        nodes = _gathered(groups, parted, common)
        strangers = {number for node in nodes for number in node.strangers}
        if not strangers:
            return _named(nodes, shown, elsewhere)
        parted |= strangers


@dataclass(frozen=True)
class _VersionGroup:
    """Versions with the same posts by the same author, and the one of them that says most."""

    number: int
    versions: tuple[tuple[int, Thread], ...]

    @cached_property
    def best(self) -> Thread:
        return fullest(version for _, version in self.versions)

    @cached_property
    def first(self) -> str | None:
        """The id of its first post."""
        return self.best.posts[0].source_id

    @cached_property
    def handle(self) -> str | None:
        """The handle of its author."""
        return _handle(self.best)

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of its posts."""
        return frozenset(post.source_id for post in self.best.posts if post.source_id)


@dataclass
class _Node:
    """A group that no other holds, with those it holds: as versions, as parts, and as guests.

    Parts begin later and say something of some posts only. Guests say nothing, since it is not known
    that they mean this thread; those of another node that fit this one are ``others``.
    """

    head: _VersionGroup
    versions: list[_VersionGroup] = field(default_factory=list)
    parts: list[_VersionGroup] = field(default_factory=list)
    guests: list[_VersionGroup] = field(default_factory=list)
    others: list[_VersionGroup] = field(default_factory=list)

    @property
    def strangers(self) -> Iterator[int]:
        """The groups that the head cannot tell apart and that are different: at most one of them is right."""
        head = self.head
        if head.first is None:
            yield from _different([(group.number, group.first) for group in self.versions])
        if head.handle is None:
            unsure = [group for group in self.versions if head.first is None or group.first != head.first]
            yield from _different([(group.number, group.handle) for group in unsure])

    @cached_property
    def thread(self) -> Thread:
        """What all of it says together."""
        return merge(
            (version for group in (self.head, *self.versions) for _, version in group.versions),
            (version for group in self.parts for _, version in group.versions),
        )

    @property
    def members(self) -> tuple[int, ...]:
        """The places of all its versions."""
        return _places((self.head, *self.versions, *self.parts, *self.guests))


def _different(facts: Sequence[tuple[int, str | None]]) -> list[int]:
    """Return the numbers of those that have the fact, where it is not the same for all of them."""
    known = [(number, fact) for number, fact in facts if fact is not None]
    return [number for number, _ in known] if len({fact for _, fact in known}) > 1 else []


def _groups(versions: Sequence[Thread]) -> list[_VersionGroup]:
    """Put together what says the same of its posts; return the fullest first."""
    alike: defaultdict[object, list[tuple[int, Thread]]] = defaultdict(list)
    for place, version in enumerate(versions):
        wording = tuple((post.text, post.source_id) for post in version.posts)
        alike[wording, _handle(version), is_alone(version)].append((place, version))
    groups = [_VersionGroup(-1, tuple(group)) for group in alike.values()]
    if len(groups) > 1:
        groups.sort(key=lambda group: (rank(group.best), repr(group.best)), reverse=True)
    return [_VersionGroup(number, group.versions) for number, group in enumerate(groups)]


def _gathered(
    groups: Sequence[_VersionGroup], parted: Collection[int], common: Collection[int]
) -> list[_Node]:
    """Let every group go into the node that holds it; those of ``parted`` are nodes of their own."""
    nodes: list[_Node] = []
    by_key: defaultdict[int, list[_Node]] = defaultdict(list)
    for group in groups:
        homes = [] if group.number in parted else _homes(group, by_key, common)
        home = homes[0] if homes else None
        if home is not None and len(homes) == 1:
            later = group.first != home.head.first and group.first in home.head.ids
            (home.parts if later else home.versions).append(group)
        elif home is not None and _quiet(group, homes):
            home.guests.append(group)
            for other in homes[1:]:
                other.others.append(group)
        else:
            node = _Node(group)
            nodes.append(node)
            for key in match_keys(group.best):
                by_key[key].append(node)
    return nodes


def _homes(group: _VersionGroup, by_key: dict[int, list[_Node]], common: Collection[int]) -> list[_Node]:
    """Return the nodes that hold a group, those that know its first post's id where there are any."""
    nodes = {node.head.number: node for key in seeks(group.best) for node in by_key.get(key, ())}
    likely = [nodes[number] for number in sorted(nodes)]
    surely = [node for node in likely if group.first in node.head.ids and _holds(node.head, group)]
    if surely or reach(group.best) in common:
        return surely
    homes: list[_Node] = []
    for node in likely:
        if _holds(node.head, group):
            homes.append(node)
            if len(homes) > LIKELY:
                break
    return homes


def _quiet(group: _VersionGroup, homes: Sequence[_Node]) -> bool:
    """Return whether what fits several threads may be left out of the list of threads.

    Every word of it must stand in each, and nothing may show that it is another one: it is not
    complete, its first post has no id that they do not know, nor its author a handle.
    """
    part = group.best
    if part.completeness is Completeness.COMPLETE or len(homes) > LIKELY:
        return False
    if any(fingerprint_of(post.text).cut for post in part.posts):
        return False
    heads = [node.head for node in homes]
    known = all(group.first in {None, head.first} for head in heads)
    return known and all(group.handle in {None, head.handle} for head in heads)


def _holds(whole: _VersionGroup, part: _VersionGroup) -> bool:
    """Return whether every post of the part is one of the whole's."""
    full, less = whole.best, part.best
    if less.length > full.length:
        return False
    if part.ids <= whole.ids and all(post.source_id for post in less.posts):
        return True
    if part.first is not None and part.first == whole.first:
        places = align(less, full)
        return len(places) == less.length or (less.length == full.length and _edited(less.length, places))
    # One post of which nothing follows begins no thread.
    if _by_others(whole, part) or (is_alone(less) and full.length > 1):
        return False
    return _goes_on(full, less)


def _goes_on(full: Thread, less: Thread) -> bool:
    """Return whether one that is known by its words alone goes on as the other does, as far as it goes."""
    if less.length < full.length and not _telling(less):
        return False
    places = align(less, full)
    if len(places) < less.length or places[0] != 0:
        return False
    # Where no post is missing, each is where it is in the whole.
    return less.completeness is Completeness.FRAGMENT or all(at == place for at, place in places.items())


def _by_others(one: _VersionGroup, two: _VersionGroup) -> bool:
    """Return whether two are surely by different authors; different ids keep posts from being aligned."""
    return None not in {one.handle, two.handle} and one.handle != two.handle


def _edited(length: int, places: dict[int, int]) -> bool:
    """Return whether the posts that have no place each stand between two that are in theirs."""
    if any(at != place for at, place in places.items()):
        return False
    return all({at - 1, at + 1} <= places.keys() for at in range(length) if at not in places)


def _telling(thread: Thread) -> bool:
    return sum(len(fingerprint_of(post.text).plain) for post in thread.posts) >= TELLING


def _named(
    nodes: Sequence[_Node], shown: Sequence[str | None], elsewhere: Collection[str]
) -> list[MatchedThread]:
    """Give each thread its id."""
    given: Counter[str] = Counter()
    for node in nodes:
        versions = [version for group in _all(node) for version in group.versions]
        former = {name for place, _ in versions if shown and (name := shown[place])}
        given.update({version.id for _, version in versions} | former)
    named = []
    for node in nodes:
        shared = _shared(node)
        alone = given[shared] == 1 and shared not in elsewhere
        own = shared if alone else names(node.head.best)[1]
        thread = node.thread if node.thread.id == own else _renamed(node.thread, own)
        named.append(MatchedThread(thread, shared, node.members, _places(node.others)))
    return named


def _shared(node: _Node) -> str:
    """Return the id that the opening's words give, as one of the versions has them."""
    merged = identity(post.text for post in node.thread.posts)
    versions = [version for group in (node.head, *node.versions) for _, version in group.versions]
    return merged if any(version.id == merged for version in versions) else node.head.best.id


def _all(node: _Node) -> tuple[_VersionGroup, ...]:
    return (node.head, *node.versions, *node.parts, *node.guests, *node.others)


def _places(groups: Iterable[_VersionGroup]) -> tuple[int, ...]:
    return tuple(sorted(place for group in groups for place, _ in group.versions))


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
