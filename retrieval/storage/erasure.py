"""Taking files back and forgetting authors, inside the store's transaction."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlite_utils import Database

from retrieval.linkage.redaction import (
    author_mark,
    author_marks,
    author_names,
    folded_name,
    masked_file_name,
    names_another,
    without_authors,
)
from retrieval.model import Thread
from retrieval.storage.thread_writer import ThreadChange, ThreadWriter
from retrieval.storage.tombstones import Tombstones
from retrieval.storage.versions import (
    KnownThreads,
    Version,
    says_same,
    threads_at_a_time,
    versions_around,
    versions_of_threads,
)

__all__ = ["Erased", "forget_author", "take_back"]

_THREADS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Erased:
    """What went: whole threads, posts in all, threads that stay with less, and from which sources."""

    threads: int = 0
    posts: int = 0
    changed: int = 0
    sources: frozenset[int] = frozenset()

    def and_then(self, other: "Erased") -> "Erased":
        """Add up two."""
        return Erased(
            self.threads + other.threads,
            self.posts + other.posts,
            self.changed + other.changed,
            self.sources | other.sources,
        )


def take_back(db: Database, sources: Collection[int], now: str) -> Erased:
    """Make every thread what it would be had these files never been read; those known from none go."""
    erased = Erased(sources=frozenset(sources))
    listed = json.dumps(sorted(sources))
    for (collection_id,) in db.execute(
        "select distinct collection_id from sources where id in (select value from json_each(?))", [listed]
    ).fetchall():
        settling = ThreadWriter(db, collection_id, now)
        while pks := _threads_from(db, collection_id, listed):
            known = versions_around(db, collection_id, _said(versions_of_threads(db, pks).versions))
            wanted = [version for version in known.versions if version.source_id not in erased.sources]
            erased = erased.and_then(_erased(settling.write(known, wanted)))
        settling.count()
    db.execute("delete from sources where id in (select value from json_each(?))", [listed])
    return erased


def forget_author(db: Database, author: str, now: str) -> Erased:
    """Take every thread and post of an author out of every collection but the handbook, for good.

    Versions that do not name the author go with those of the same thread that do. Marks stay behind,
    hashed, so that no later import brings any of it back; names of files lose the author's.
    """
    name = folded_name(author)
    tombstones = Tombstones(db)
    tombstones.add([author_mark(name)])
    erased = Erased()
    collections = db.execute("select id from collections where not handbook order by id").fetchall()
    for (collection_id,) in collections:
        settling = ThreadWriter(db, collection_id, now)
        for pks in threads_at_a_time(db, collection_id):
            theirs = [pk for pk, own in _by_thread(versions_of_threads(db, pks)) if any(_touched(own, name))]
            if theirs:
                known, wanted, lost = _rid(db, collection_id, theirs, name)
                tombstones.add({mark for version in lost for mark in author_marks(version.thread)})
                erased = erased.and_then(_erased(settling.write(known, wanted), lost))
        settling.count()
    db.execute(
        "delete from sources where id in (select value from json_each(?))"
        " and id not in (select source_id from versions)",
        [json.dumps(sorted(erased.sources))],
    )
    _mask_names(db, name)
    return erased


def _rid(
    db: Database, collection_id: int, pks: Sequence[int], name: str
) -> tuple[KnownThreads, list[Version], list[Version]]:
    """Return some threads with all that they meet, the versions rid of the author, and what went of them.

    What is left of a version may meet threads that it did not meet before.
    """
    known = versions_of_threads(db, pks)
    while True:
        staying, lost = _parted(known, name)
        wider = versions_around(db, collection_id, _said([*known.versions, *staying]))
        if wider.threads.keys() <= known.threads.keys():
            return known, staying, lost
        known = wider


def _parted(known: KnownThreads, name: str) -> tuple[list[Version], list[Version]]:
    """Return the versions that stay, rid of the author, and those parts of versions that go."""
    staying: list[Version] = []
    lost: list[Version] = []
    for _, own in _by_thread(known):
        for version, left in zip(own, _left(own, name), strict=True):
            if left is version.thread:
                staying.append(version)
                continue
            gone = version.thread
            if left is not None:
                # Written as a new one: other keys lead to it now.
                staying.append(Version(version.source_id, left, None, version.thread_pk))
                gone = _difference(version.thread, left)
            lost.append(version._replace(thread=gone))
    return staying, lost


def _left(own: Sequence[Version], name: str) -> Iterator[Thread | None]:
    """Yield what is left of each version of one thread."""
    theirs = any(name in author_names(version.thread) for version in own)
    for version in own:
        if theirs and not names_another(version.thread, name):
            yield None
        else:
            yield without_authors(version.thread, lambda mark: mark == author_mark(name))


def _touched(own: Sequence[Version], name: str) -> Iterator[bool]:
    return (left is not version.thread for version, left in zip(own, _left(own, name), strict=True))


def _difference(whole: Thread, left: Thread) -> Thread:
    """Return the posts that are not left, as a thread."""
    kept = {(post.text, post.source_id) for post in left.posts}
    gone = [post for post in whole.posts if (post.text, post.source_id) not in kept]
    return Thread(
        tuple(
            type(post)(ordinal, post.text, source_id=post.source_id) for ordinal, post in enumerate(gone, 1)
        )
    )


def _by_thread(known: KnownThreads) -> Iterator[tuple[int, list[Version]]]:
    versions: dict[int, list[Version]] = {pk: [] for pk in known.threads}
    for version in known.versions:
        if version.thread_pk is not None:
            versions[version.thread_pk].append(version)
    return iter(versions.items())


def _said(versions: Iterable[Version]) -> list[Thread]:
    return [version.thread for version in versions]


def _erased(outcomes: Iterable[ThreadChange], lost: Iterable[Version] = ()) -> Erased:
    threads = posts = changed = 0
    for outcome in outcomes:
        before, after = outcome.before, outcome.after
        threads += after is None
        changed += before is not None and after is not None and not says_same(before, after)
        posts += (before.length if before else 0) - (after.length if after else 0)
    return Erased(threads, posts, changed, frozenset(version.source_id for version in lost))


def _threads_from(db: Database, collection_id: int, sources: str) -> list[int]:
    rows = db.execute(
        "select distinct v.thread_pk from versions v join sources s on s.id = v.source_id"
        " where s.collection_id = ? and v.source_id in (select value from json_each(?)) limit ?",
        [collection_id, sources, _THREADS_AT_ONCE],
    )
    return [pk for (pk,) in rows]


def _mask_names(db: Database, author: str) -> None:
    """Take an author's name out of the names of files."""
    rows = list(db.table("sources").rows)
    taken = {(row["collection_id"], row["sha256"], row["name"]) for row in rows}
    for row in rows:
        name = masked_file_name(row["name"], [author])
        if name == row["name"]:
            continue
        number = 1
        while (row["collection_id"], row["sha256"], name) in taken:
            number += 1
            name = f"{masked_file_name(row['name'], [author])} ({number})"
        taken.add((row["collection_id"], row["sha256"], name))
        db.execute("update sources set name = ? where id = ?", [name, row["id"]])
