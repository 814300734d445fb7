"""Versions as rows of the database: what each file says of a thread, and which versions meet.

A version that says exactly what its thread says needs no body of its own. That is so for every thread
known from a single file, so keeping versions costs next to nothing until files differ.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from sqlite_utils import Database

from retrieval.formats.thread_file import pack, unpack
from retrieval.linkage.match_keys import match_keys, reach, seeks
from retrieval.linkage.matching import LIKELY
from retrieval.model import Thread
from retrieval.storage.rows import Row, db_time, storable, thread_of

__all__ = [
    "KnownThreads",
    "Version",
    "all_versions",
    "as_version",
    "says_same",
    "threads_at_a_time",
    "threads_with_versions",
    "version_body",
    "versions_around",
    "versions_of_threads",
    "write_keys",
]

_THREADS_AT_ONCE: Final = 500
_SURELY_MANY: Final = 4 * LIKELY


class Version(NamedTuple):
    """What one file says of one thread; the numbers are ``None`` before it is stored."""

    source_id: int
    thread: Thread
    pk: int | None = None
    thread_pk: int | None = None
    #: The stored body, ``None`` where the version says what its thread says.
    body: str | None = None
    #: The id under which an earlier release showed it, ``None`` where that is one its words give.
    shown: str | None = None


@dataclass(frozen=True, slots=True)
class KnownThreads:
    """Threads of a collection by their numbers, when each came in, and all their versions.

    ``arrivals`` has the number under which a thread first came in, where that is not its own; ``common``
    the reach (:func:`~retrieval.linkage.matching.reach`) of versions that fit more threads than were looked
    up.
    """

    threads: dict[int, Thread]
    imported_at: dict[int, str]
    versions: list[Version]
    arrivals: dict[int, int]
    common: frozenset[int] = frozenset()


def as_version(thread: Thread) -> Thread:
    """Return a thread as a version of it is kept: storable, its id from its words, not where it stood."""
    posts = tuple(replace(post, lines=None) for post in thread.posts)
    # The id last: it is that of the words as they are kept.
    return replace(storable(replace(thread, posts=posts, lines=None)), id="")


def says_same(version: Thread, thread: Thread) -> bool:
    """Return whether the version says exactly what the thread says; the id is not a saying."""
    return version.posts == thread.posts and _facts(version) == _facts(thread)


def version_body(version: Thread) -> str:
    """Return the version as the text that is stored of it."""
    return json.dumps(pack(version, db_time), ensure_ascii=False, separators=(",", ":"))


def versions_around(
    db: Database, collection_id: int, versions: Iterable[Thread], *, adding: bool = False
) -> KnownThreads:
    """Return what a collection knows that may be one with these versions, and all that may be with that.

    With it come the threads that have an id which one of the versions gives, since two cannot have it.
    When only ``adding`` to the collection, what fits very many threads need not bring them all.
    """
    loaded = list(versions)
    known = KnownThreads({}, {}, [], {})
    holding = db.execute(
        "select pk from threads where collection_id = ? and id in (select value from json_each(?))",
        [collection_id, json.dumps(sorted({version.id for version in loaded}))],
    )
    pks = {pk for (pk,) in holding}
    asked: set[int] = set()
    common: set[int] = set()
    while loaded or pks:
        if adding:
            reaches = {reach(version) for version in loaded} - asked
            common.update(key for key in reaches if _is_common(db, collection_id, key))
        asking = {key for version in loaded for key in seeks(version)} - asked - common
        rows = db.execute(
            "select distinct v.thread_pk from keys k join versions v on v.pk = k.version_pk"
            " where k.collection_id = ? and k.key in (select value from json_each(?))",
            [collection_id, json.dumps(list(asking))],
        )
        pks = pks.union(pk for (pk,) in rows) - known.threads.keys()
        if not pks:
            break
        more = versions_of_threads(db, sorted(pks))
        known.threads.update(more.threads)
        known.imported_at.update(more.imported_at)
        known.arrivals.update(more.arrivals)
        known.versions.extend(more.versions)
        asked |= asking
        loaded, pks = [version.thread for version in more.versions], set()
    known.versions.sort(key=lambda version: version.pk or 0)
    return replace(known, common=frozenset(common))


def _is_common(db: Database, collection_id: int, key: int) -> bool:
    """Return whether so many threads have a key that no version more or less can make them few."""
    (count,) = db.execute(
        "select count(*) from (select distinct v.thread_pk from keys k join versions v on v.pk = k.version_pk"
        " where k.collection_id = ? and k.key = ? limit ?)",
        [collection_id, key, _SURELY_MANY],
    ).fetchone()
    return bool(count == _SURELY_MANY)


def versions_of_threads(db: Database, pks: Sequence[int]) -> KnownThreads:
    """Return threads by their numbers, with their versions."""
    return _known(db, "pk in (select value from json_each(?))", [json.dumps(list(pks))])


def all_versions(db: Database, collection_id: int) -> KnownThreads:
    """Return all that a collection knows."""
    return _known(db, "collection_id = ?", [collection_id])


def threads_at_a_time(db: Database, collection_id: int) -> Iterator[list[int]]:
    """Yield the numbers of a collection's threads, some at a time, also while some of them go."""
    last = 0
    while True:
        rows = db.execute(
            "select pk from threads where collection_id = ? and pk > ? order by pk limit ?",
            [collection_id, last, _THREADS_AT_ONCE],
        ).fetchall()
        if not rows:
            return
        last = rows[-1][0]
        yield [pk for (pk,) in rows]


def threads_with_versions(
    db: Database, collection_id: int, author: str | None
) -> Iterator[tuple[Thread, tuple[Thread, ...]]]:
    """Yield a collection's threads in the order of their ids, of one author or of all.

    With each come the versions that it is made from, none where all of them say the same as it. The
    author's "@" may be left out, and the case of ASCII letters does not matter. The caller
    holds one state of the database.
    """
    where = "collection_id = ? and id > ?"
    named = [] if author is None else [author, f"@{author}"]
    if named:
        where += " and author collate nocase in (? collate nocase, ? collate nocase)"
    last = ""
    while True:
        rows = db.execute(
            f"select pk, id from threads where {where} order by id limit {_THREADS_AT_ONCE}",
            [collection_id, last, *named],
        ).fetchall()
        if not rows:
            return
        last = rows[-1][1]
        known = versions_of_threads(db, [pk for pk, _ in rows])
        versions: defaultdict[int | None, list[Thread]] = defaultdict(list)
        for version in known.versions:
            versions[version.thread_pk].append(version.thread)
        for pk, _ in rows:
            yield known.threads[pk], _different(known.threads[pk], versions[pk])


def _different(thread: Thread, versions: Sequence[Thread]) -> tuple[Thread, ...]:
    """Return the versions, each once and in one order, where any does not say what the thread says."""
    if all(says_same(version, thread) for version in versions):
        return ()
    bodies: dict[Thread, str] = {}
    for version in versions:
        bodies[version] = min(version_body(version), bodies.get(version, version_body(version)))
    return tuple(sorted(bodies, key=bodies.__getitem__))


def write_keys(db: Database, collection_id: int, versions: Iterable[tuple[int, Thread]]) -> None:
    """Write the keys of new versions, given with their numbers."""
    db.conn.executemany(
        "insert or ignore into keys (collection_id, key, version_pk) values (?, ?, ?)",
        ((collection_id, key, pk) for pk, version in versions for key in match_keys(version)),
    )


def _known(db: Database, where: str, parameters: Sequence[Any]) -> KnownThreads:
    rows = {row["pk"]: row for row in db.query(f"select * from threads where {where}", parameters)}
    if not rows:
        return KnownThreads({}, {}, [], {})
    pks = json.dumps(list(rows))
    posts: defaultdict[int, list[Row]] = defaultdict(list)
    for post in db.query(
        "select * from posts where thread_pk in (select value from json_each(?)) order by thread_pk, ordinal",
        [pks],
    ):
        posts[post["thread_pk"]].append(post)
    threads = {pk: thread_of(row, posts[pk]) for pk, row in rows.items()}
    versions = [
        Version(
            row["source_id"],
            replace(threads[row["thread_pk"]], id="")
            if row["body"] is None
            else unpack(json.loads(row["body"])),
            row["pk"],
            row["thread_pk"],
            row["body"],
            row.get("shown"),
        )
        for row in db.query(
            "select * from versions where thread_pk in (select value from json_each(?)) order by pk", [pks]
        )
    ]
    return KnownThreads(
        threads,
        {pk: row["imported_at"] for pk, row in rows.items()},
        versions,
        {pk: row["arrival"] for pk, row in rows.items() if row.get("arrival") is not None},
    )


def _facts(thread: Thread) -> tuple[object, ...]:
    return thread.completeness, thread.author, thread.title, thread.url, thread.posted_at
