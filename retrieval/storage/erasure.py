"""Taking files back and forgetting authors, inside the store's transaction."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
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
from retrieval.storage.tombstones import Tombstones, TombstoneSet
from retrieval.storage.versions import (
    KnownThreads,
    Version,
    says_same,
    threads_at_a_time,
    versions_around,
    versions_of_threads,
)

__all__ = ["Erased", "apply_tombstones", "forget_author", "forget_server", "take_back"]

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
        writer = ThreadWriter(db, collection_id, now)
        while pks := _threads_from(db, collection_id, listed):
            known = versions_around(db, collection_id, _threads(versions_of_threads(db, pks).versions))
            wanted = [version for version in known.versions if version.source_id not in erased.sources]
            erased = erased.and_then(_erased(writer.write(known, wanted)))
        writer.count()
    db.execute("delete from sources where id in (select value from json_each(?))", [listed])
    return erased


def forget_server(db: Database, server_id: int, now: str) -> Erased:
    """Take out everything that belongs to a server. Of its collections stay numbers, and nothing else."""
    Tombstones(db).add_subject(f"server {server_id}", now)
    return _erase_server(db, server_id, now)


def forget_author(db: Database, author: str, now: str) -> Erased:
    """Take every thread and post of an author out of every collection but the handbook, for good.

    Versions that do not name the author go with those of the same thread that do. Marks stay behind,
    hashed, so that no later import brings any of it back; names of files lose the author's.
    """
    name = folded_name(author)
    tombstones = Tombstones(db)
    tombstones.add([author_mark(name)])
    erased, lost = _redact(db, lambda own: _without_author(own, name), now)
    tombstones.add({mark for version in lost for mark in author_marks(version.thread)})
    _mask_names(db, [name])
    return erased


def apply_tombstones(db: Database, sets: Iterable[TombstoneSet], now: str) -> Erased:
    """Forget what these sets say and the database does not know yet to be forgotten.

    That is so where an older database was restored, or the sets are those of another one.
    """
    tombstones = Tombstones(db)
    fresh = tombstones.merge(sets)
    erased = Erased()
    if any(one.marks for one in fresh):
        erased, lost = _redact(
            db, lambda own: (without_authors(version.thread, tombstones.hold) for version in own), now
        )
        _mask_names(db, {name for version in lost for name in author_names(version.thread)})
    servers = db.execute("select distinct server_id from collections where server_id is not null").fetchall()
    for server_id in (int(server_id) for (server_id,) in servers):
        if any(one.names(f"server {server_id}") for one in fresh):
            erased = erased.and_then(_erase_server(db, server_id, now))
    return erased


def _erase_server(db: Database, server_id: int, now: str) -> Erased:
    numbers = db.execute(
        "select s.id from sources s join collections c on c.id = s.collection_id where c.server_id = ?",
        [str(server_id)],
    ).fetchall()
    erased = take_back(db, [number for (number,) in numbers], now)
    # A number that was given again could be taken for the collection that had it before.
    db.execute(
        "update collections set name = lower(hex(randomblob(16))), server_id = '0', language = 'en',"
        " revision = revision + 1 where server_id = ?",
        [str(server_id)],
    )
    return erased


#: Returns what is left of each version of one thread.
_Redaction = Callable[[Sequence[Version]], Iterable[Thread | None]]


def _redact(db: Database, redaction: _Redaction, now: str) -> tuple[Erased, list[Version]]:
    """Redact every thread but the handbook's; return what went, also as parts of versions."""
    erased, lost = Erased(), []
    collections = db.execute("select id from collections where not handbook order by id").fetchall()
    for (collection_id,) in collections:
        writer = ThreadWriter(db, collection_id, now)
        for pks in threads_at_a_time(db, collection_id):
            touched = [
                pk
                for pk, own in _by_thread(versions_of_threads(db, pks))
                if any(left is not one.thread for one, left in zip(own, redaction(own), strict=True))
            ]
            if touched:
                known, staying, gone = _redacted_around(db, collection_id, touched, redaction)
                lost += gone
                erased = erased.and_then(_erased(writer.write(known, staying), gone))
        writer.count()
    db.execute(
        "delete from sources where id in (select value from json_each(?))"
        " and id not in (select source_id from versions)",
        [json.dumps(sorted(erased.sources))],
    )
    return erased, lost


def _redacted_around(
    db: Database, collection_id: int, pks: Sequence[int], redaction: _Redaction
) -> tuple[KnownThreads, list[Version], list[Version]]:
    """Return some threads with all that they meet, the versions that stay, and what went of them.

    What is left of a version may meet threads that it did not meet before.
    """
    known = versions_of_threads(db, pks)
    while True:
        staying, lost = _redacted(known, redaction)
        wider = versions_around(db, collection_id, _threads([*known.versions, *staying]))
        if wider.threads.keys() <= known.threads.keys():
            return known, staying, lost
        known = wider


def _redacted(known: KnownThreads, redaction: _Redaction) -> tuple[list[Version], list[Version]]:
    """Return the versions that stay, redacted, and those parts of versions that go."""
    staying: list[Version] = []
    lost: list[Version] = []
    for _, own in _by_thread(known):
        for version, left in zip(own, redaction(own), strict=True):
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


def _without_author(own: Sequence[Version], name: str) -> Iterator[Thread | None]:
    """Yield what is left of each version of one thread without an author."""
    theirs = any(name in author_names(version.thread) for version in own)
    for version in own:
        if theirs and not names_another(version.thread, name):
            yield None
        else:
            yield without_authors(version.thread, lambda mark: mark == author_mark(name))


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


def _threads(versions: Iterable[Version]) -> list[Thread]:
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


def _mask_names(db: Database, authors: Iterable[str]) -> None:
    """Take authors' names out of the names of files."""
    authors = list(authors)
    rows = list(db.table("sources").rows)
    taken = {(row["collection_id"], row["sha256"], row["name"]) for row in rows}
    for row in rows:
        name = masked_file_name(row["name"], authors)
        if name == row["name"]:
            continue
        number = 1
        while (row["collection_id"], row["sha256"], name) in taken:
            number += 1
            name = f"{masked_file_name(row['name'], authors)} ({number})"
        taken.add((row["collection_id"], row["sha256"], name))
        db.execute("update sources set name = ? where id = ?", [name, row["id"]])
