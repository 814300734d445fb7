"""One import into a collection: what a file's threads make of it, inside the store's transaction."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, islice, repeat
from typing import Final

from sqlite_utils import Database

from retrieval.formats.import_types import Counts, LeftOut, Merged, News
from retrieval.linkage.fingerprint import beginning_hash
from retrieval.linkage.merge import gains, rank
from retrieval.linkage.redaction import author_names, masked_file_name, without_authors
from retrieval.model import Completeness, Thread
from retrieval.storage.rows import without_surrogates
from retrieval.storage.thread_writer import ThreadChange, ThreadWriter
from retrieval.storage.tombstones import Tombstones
from retrieval.storage.versions import (
    KnownThreads,
    Version,
    all_versions,
    as_version,
    says_same,
    versions_around,
)

__all__ = ["ImportProgress", "ImportTransaction", "SaveReport", "Source", "batches"]

_BATCH: Final = 500
#: From how many on threads that begin alike are matched together, and how many at most.
_MANY_ALIKE: Final = 200
_MAX_BATCH: Final = 20_000
_REMOVED: Final = "thread removed, no longer among those given"
_FORGOTTEN: Final = "thread of an author who was forgotten"
_FORGOTTEN_POST: Final = "post of an author who was forgotten"
_LEARNED: Final = {
    "text": "fuller text taken from this file",
    "id": "id learned from this file",
    "time": "time learned from this file",
    "address": "address learned from this file",
    "attachment": "pictures, quoted posts or links learned from this file",
}
_FULLER: Final = "fuller text kept from another file"

#: Called now and then with how many of the threads and posts given are dealt with.
ImportProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Source:
    """A file that threads come from: its name, the SHA-256 of its bytes in hex, and its form."""

    name: str
    sha256: str
    form: str


@dataclass(frozen=True, slots=True)
class SaveReport:
    """What saving did: threads and posts new, updated and unchanged, versions not kept, facts merged."""

    threads: Counts = Counts()
    posts: Counts = Counts()
    left_out: tuple[LeftOut, ...] = ()
    merged: tuple[Merged, ...] = ()


class ImportTransaction:
    """A collection being changed, within a transaction that the caller has begun with a write.

    What each file says of a thread is kept as a version, and threads are made from all their versions;
    see :mod:`retrieval.linkage.matching`. ``now`` is as :func:`~retrieval.storage.rows.db_time` writes it.
    """

    def __init__(
        self, db: Database, collection_id: int, source: Source, now: str, news: News = News.AT_ONCE
    ) -> None:
        self._db = db
        self._collection_id = collection_id
        self._now = now
        self._source = source
        self._source_id: int | None = None
        self._settling = ThreadWriter(db, collection_id, now, news)
        self._threads: Counter[str] = Counter()
        self._posts: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()
        self._merged: Counter[str] = Counter()

    def save(
        self, threads: Iterable[Thread], progress: ImportProgress = lambda _threads, _posts: None
    ) -> None:
        """Add a file's threads to what the collection holds, without those of forgotten authors."""
        tombstones = Tombstones(self._db)
        if tombstones:
            # Twice through all of them: what is forgotten may stand in the file's name, too.
            threads = threads if isinstance(threads, Sequence) else list(threads)
            names = {name for thread in threads for name in _forgotten_names(as_version(thread), tombstones)}
            self._source = replace(self._source, name=masked_file_name(self._source.name, names))
        done = posts = 0
        for batch in batches(threads):
            versions = self._remembered([as_version(thread) for thread in batch], tombstones)
            if versions:
                known = versions_around(self._db, self._collection_id, versions, adding=True)
                self._add(known, known.versions, versions)
            done += len(batch)
            posts += sum(version.length for version in versions)
            progress(done, posts)

    def replace(self, threads: Iterable[Thread]) -> None:
        """Make the collection hold exactly these threads, and leave alone those it holds already."""
        versions = [as_version(thread) for thread in threads]
        known = all_versions(self._db, self._collection_id)
        if versions:
            self._record()
        given = {(self._source_id, version) for version in versions}
        staying = [stored for stored in known.versions if (stored.source_id, stored.thread) in given]
        for outcome in self._add(known, staying, versions):
            self._left_out[_REMOVED] += outcome.after is None
        self._db.execute(
            "delete from sources where collection_id = ? and id not in (select source_id from versions)",
            [self._collection_id],
        )

    def finish(self) -> SaveReport:
        """Count the change as a revision of the collection, if it is one, and return what it did."""
        self._settling.count()
        return SaveReport(
            Counts(**self._threads),
            Counts(**self._posts),
            tuple(LeftOut(why, count) for why, count in sorted((+self._left_out).items())),
            tuple(Merged(what, count) for what, count in sorted((+self._merged).items())),
        )

    def _add(
        self, known: KnownThreads, staying: Sequence[Version], versions: Sequence[Thread]
    ) -> list[ThreadChange]:
        """Settle versions with those that stay, and count."""
        source_id = self._record()
        wanted = list(staying)
        places = {
            stored.thread: place for place, stored in enumerate(staying) if stored.source_id == source_id
        }
        incoming: list[tuple[int, Thread]] = []
        for version in versions:
            if version not in places:
                places[version] = len(wanted)
                wanted.append(Version(source_id, version))
            incoming.append((places[version], version))
        outcomes = self._settling.write(known, wanted)
        self._count(outcomes, wanted, len(staying), incoming)
        return outcomes

    def _record(self) -> int:
        """Record the file, once, and return its number; a file of which nothing is kept is not recorded."""
        if self._source_id is None:
            which = [self._collection_id, self._source.sha256, without_surrogates(self._source.name)]
            self._db.execute(
                "insert or ignore into sources (collection_id, sha256, name, form, read_at)"
                " values (?, ?, ?, ?, ?)",
                [*which, self._source.form, self._now],
            )
            (self._source_id,) = self._db.execute(
                "select id from sources where collection_id = ? and sha256 = ? and name = ?", which
            ).fetchone()
        return self._source_id

    def _remembered(self, versions: Sequence[Thread], tombstones: Tombstones) -> Sequence[Thread]:
        """Return versions without what is of forgotten authors, and count what that is."""
        if not tombstones:
            return versions
        kept = []
        for version in versions:
            left = without_authors(version, tombstones.hold)
            if left is None:
                self._left_out[_FORGOTTEN] += 1
            else:
                self._left_out[_FORGOTTEN_POST] += version.length - left.length
                kept.append(left)
        return kept

    def _count(
        self,
        outcomes: Sequence[ThreadChange],
        wanted: Sequence[Version],
        stored: int,
        incoming: Sequence[tuple[int, Thread]],
    ) -> None:
        """Count what became of each thread, and of the versions that the import brought."""
        homes = {member: number for number, outcome in enumerate(outcomes) for member in outcome.members}
        brought: defaultdict[int, list[Thread]] = defaultdict(list)
        for place, version in incoming:
            brought[homes[place]].append(version)
        for number, outcome in enumerate(outcomes):
            if outcome.after is not None:
                known = [wanted[member].thread for member in outcome.members if member < stored]
                self._count_thread(outcome, outcome.after, brought[number])
                self._left_out.update(_giving_way(known, brought[number]))
                self._merged.update(_merged(outcome.before, outcome.after, brought[number]))

    def _count_thread(self, change: ThreadChange, after: Thread, brought: Sequence[Thread]) -> None:
        """Count a thread and its posts, once: what the file brought is no part of what was there."""
        before = change.before
        if before is None:
            self._threads["new"] += 1
        elif not change.made_here and not says_same(before, after):
            self._threads["updated"] += 1
        elif not change.made_here and brought:
            self._threads["unchanged"] += 1
        was = before.posts if before else ()
        given = max((version.length for version in brought), default=0)
        for place, post in enumerate(after.posts[:given]):
            kind = "new" if place >= len(was) else "unchanged" if was[place] == post else "updated"
            if kind == "new" or not change.made_here:
                self._posts[kind] += 1


def _forgotten_names(thread: Thread, tombstones: Tombstones) -> frozenset[str]:
    return frozenset() if without_authors(thread, tombstones.hold) is thread else author_names(thread)


def _giving_way(known: Iterable[Thread], brought: Iterable[Thread]) -> Iterator[str]:
    """Yield a reason for each version that says other posts than the fullest does."""
    best = max(known, key=rank, default=None)
    for version in brought:
        if best is None:
            best = version
        elif rank(best) > rank(version):
            yield _reason(version, best, "already")
        elif rank(best) < rank(version):
            yield _reason(best, version, "now")
            best = version


def _reason(lesser: Thread, fuller: Thread, when: str) -> str:
    complete = fuller.completeness is Completeness.COMPLETE
    if complete and lesser.completeness is Completeness.PREVIEW:
        return {
            "already": "preview of a thread that is already complete",
            "now": "preview replaced by the complete thread",
        }[when]
    return {
        "already": "version of a thread that is already known more fully",
        "now": "version of a thread replaced by a fuller one",
    }[when]


def _merged(before: Thread | None, after: Thread, brought: Iterable[Thread]) -> Iterator[str]:
    """Yield what the import added to known posts, and what these had in full that it had not."""
    if before is None:
        return
    if before != after:
        for what, count in gains(before, after).items():
            yield from repeat(_LEARNED[what], count)
    for version in brought:
        yield from repeat(_FULLER, gains(version, after)["text"])


def batches(threads: Iterable[Thread]) -> Iterator[list[Thread]]:
    """Yield all threads in their order, but those of which many begin alike last, and all of these at once.

    Threads that begin alike are matched together. If a file held ten thousand of them in batches, each batch
    would have all earlier ones matched again.
    """
    known: Sequence[Thread] = threads if isinstance(threads, Sequence) else ()
    alike = _alike(known) if len(known) > _BATCH else []
    alike_places = set(chain.from_iterable(alike))
    remaining = (thread for place, thread in enumerate(threads) if place not in alike_places)
    while batch := list(islice(remaining, _BATCH)):
        yield batch
    for places in alike:
        for start in range(0, len(places), _MAX_BATCH):
            yield [known[place] for place in places[start : start + _MAX_BATCH]]


def _alike(threads: Sequence[Thread]) -> list[Sequence[int]]:
    """Return the places of threads that begin alike, where these are many. Some bytes a thread are held."""
    marks = array("q", (_beginning(thread) for thread in threads))
    runs = ((mark, sum(1 for _ in run)) for mark, run in groupby(sorted(marks)))
    groups = {mark: array("q") for mark, count in runs if count >= _MANY_ALIKE}
    for place, mark in enumerate(marks):
        if mark in groups:
            groups[mark].append(place)
    return list(groups.values())


def _beginning(thread: Thread) -> int:
    return hash(beginning_hash(post.text for post in thread.posts) or thread.id)
