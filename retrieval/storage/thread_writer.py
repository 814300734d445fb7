"""Writing threads anew from their versions, inside the store's transaction."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlite_utils import Database

from retrieval.formats.import_types import News
from retrieval.linkage.matching import MatchedThread, match_versions, names
from retrieval.linkage.merge import align
from retrieval.model import Completeness, Thread, post_key
from retrieval.storage.rows import POST, THREAD, post_row, thread_row
from retrieval.storage.versions import (
    KnownThreads,
    Version,
    says_same,
    version_body,
    versions_around,
    versions_of_threads,
    write_keys,
)

__all__ = ["ThreadChange", "ThreadWriter"]

_MADE: Final = ("pk", "collection_id", "base", "source_id", "imported_at", "arrival", "revision")
_THREAD: Final = (*_MADE, *THREAD)


def _upsert(table: str, columns: Sequence[str], pk: Sequence[str]) -> str:
    changed = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in pk)
    return (
        f"insert into {table} ({', '.join(columns)}) values ({', '.join('?' * len(columns))})"
        f" on conflict ({', '.join(pk)}) do update set {changed}"
    )


#: The numbers of arrival of a thread that was never new for digests, and of one that is once it is complete.
_NEVER_NEW: Final = 0
_NEW_ONCE_COMPLETE: Final = -1

# Prepared once: sqlite-utils looks the table up some ten times for each call, which many small files feel.
_UPSERT_THREAD: Final = _upsert("threads", _THREAD, ["pk"])
_UPSERT_POST: Final = _upsert("posts", POST, ["thread_pk", "ordinal"])


@dataclass(frozen=True, slots=True)
class ThreadChange:
    """What a thread was, what it is now, and the places of its versions in what was given.

    ``before`` is ``None`` for a new thread, ``after`` for one that is gone. ``made_here`` says that it was
    new in an earlier step of the same import.
    """

    before: Thread | None
    after: Thread | None
    members: tuple[int, ...] = ()
    made_here: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """A thread to be written: its number, whether it was there, and what it is made of.

    ``origins`` are the threads that its versions were in. ``links`` are its places, from 1, by the keys
    that its posts may have been shown under, and 0 by those of the thread itself.
    """

    pk: int
    shared: str
    source_id: int
    before: Thread | None
    after: Thread
    origins: frozenset[int]
    links: dict[int, int]


class ThreadWriter:
    """The threads of one collection, made from their versions.

    ``now`` is as :func:`~retrieval.storage.rows.db_time` writes it. ``changed`` says whether any thread or
    post was. ``news`` says when threads that were not there before are new for digests.
    """

    def __init__(self, db: Database, collection_id: int, now: str, news: News = News.AT_ONCE) -> None:
        self._db = db
        self._collection_id = collection_id
        self._now = now
        self._news = news
        revision = db.execute("select revision from collections where id = ?", [collection_id]).fetchone()
        self._revision = int(revision[0]) + 1
        self._next_thread = self._first_new = _next(db, "threads")
        self._next_version = _next(db, "versions")
        self.changed = False

    def write(self, known: KnownThreads, wanted: Sequence[Version]) -> list[ThreadChange]:
        """Make the threads that ``known`` holds be those that the wanted versions make.

        Versions without a number are new; known ones that are not wanted go. Only what differs is
        written. No other version of the collection may meet any of these; see
        :func:`~retrieval.storage.versions.versions_around`. A thread that is left as the only one of its
        opening gets the opening's id.
        """
        rows, outcomes, homes = self._settled(known, wanted)
        given = self._given(known) if known.threads else set()
        staying = {row.pk for row in rows}
        gone = [pk for pk in known.threads if pk not in staying]
        kept = {version.pk for version in wanted}
        # In this order: what refers to a row is written after it and goes before it.
        self._delete(
            "versions", [version.pk for version in known.versions if version.pk not in kept and version.pk]
        )
        self._write_threads(known, rows)
        self._write_versions(wanted, homes)
        self._delete("threads", gone)
        self._write_links(rows)
        self.changed = self.changed or bool(gone)
        outcomes += (ThreadChange(known.threads[pk], None) for pk in gone)
        left_alone = given - {key for row in rows for key, place in row.links.items() if not place}
        for pk in self._left_alone(left_alone) if left_alone else ():
            left = versions_around(
                self._db,
                self._collection_id,
                [one.thread for one in versions_of_threads(self._db, [pk]).versions],
            )
            outcomes += (replace(one, members=()) for one in self.write(left, left.versions))
        return outcomes

    def count(self) -> None:
        """Count the change as a revision of the collection, if it is one."""
        if self.changed:
            self._db.execute(
                "update collections set revision = ? where id = ?", [self._revision, self._collection_id]
            )

    def _settled(
        self, known: KnownThreads, wanted: Sequence[Version]
    ) -> tuple[list[_Row], list[ThreadChange], dict[int, _Row]]:
        """Return the threads that the versions make, and of each version's place the thread it is in."""
        settled = match_versions(
            [version.thread for version in wanted],
            shown=[version.shown for version in wanted],
            elsewhere=self._elsewhere(known, wanted),
            common=known.common,
        )
        origins = [frozenset(_origins(one, wanted)) for one in settled]
        # A thread with the posts of a thread before keeps its number, whatever else was in it.
        order = sorted(
            range(len(settled)),
            key=lambda at: all(known.threads[pk].posts != settled[at].thread.posts for pk in origins[at]),
        )
        by_id = {thread.id: pk for pk, thread in known.threads.items()}
        taken = {by_id[one.thread.id] for one in settled if one.thread.id in by_id}
        rows, outcomes, homes = [], [], {}
        for at in order:
            one = settled[at]
            # A thread whose id changes goes on under its number, so that the index knows its posts.
            pk = by_id.get(one.thread.id) or min(origins[at] - taken, default=None)
            before = None if pk is None else known.threads[pk]
            if pk is None:
                pk = self._next_thread
                self._next_thread += 1
            taken.add(pk)
            head = wanted[one.members[0]].source_id
            row = _Row(pk, one.shared, head, before, one.thread, origins[at], _links(one, wanted))
            rows.append(row)
            made_here = before is not None and pk >= self._first_new
            outcomes.append(ThreadChange(before, one.thread, one.members, made_here))
            homes.update(dict.fromkeys(one.members, row))
        return rows, outcomes, homes

    def _elsewhere(self, known: KnownThreads, wanted: Sequence[Version]) -> set[str]:
        """Return which ids of these versions are given by threads that are not known here, too."""
        named = {
            post_key(name, 0): name
            for version in wanted
            for name in (version.thread.id, version.shown)
            if name
        }
        rows = self._db.execute(
            "select distinct key from links where collection_id = ?"
            " and key in (select value from json_each(?))"
            " and thread_pk not in (select value from json_each(?))",
            [self._collection_id, json.dumps(list(named)), json.dumps(list(known.threads))],
        )
        return {named[key] for (key,) in rows}

    def _given(self, known: KnownThreads) -> set[int]:
        """Return the keys of the ids that the known threads may have had."""
        rows = self._db.execute(
            "select distinct key from links where ordinal = 0"
            " and thread_pk in (select value from json_each(?))",
            [json.dumps(list(known.threads))],
        )
        return {key for (key,) in rows}

    def _left_alone(self, keys: Collection[int]) -> list[int]:
        """Return the threads that are the only ones left to give one of these ids, and have another."""
        rows = self._db.execute(
            "select l.key, min(t.pk), min(t.id), min(t.base)"
            " from links l join threads t on t.pk = l.thread_pk where l.collection_id = ? and l.ordinal = 0"
            " and l.key in (select value from json_each(?)) group by l.key having count(distinct t.pk) = 1",
            [self._collection_id, json.dumps(list(keys))],
        )
        return [pk for key, pk, own, base in rows.fetchall() if own != base and post_key(base, 0) == key]

    def _write_threads(self, known: KnownThreads, rows: Iterable[_Row]) -> None:
        threads: list[list[Any]] = []
        posts: list[list[Any]] = []
        for row in rows:
            before, after = row.before, row.after
            if before == after:
                continue
            if before is not None and before.length > after.length:
                self._db.table("posts").delete_where("thread_pk = ? and ordinal > ?", [row.pk, after.length])
            # What was part of another thread is no new arrival.
            since = {row.pk} if before is not None else row.origins
            imported_at = min((known.imported_at[pk] for pk in since), default=self._now)
            arrival = self._arrival(row, {known.arrivals.get(pk, pk) for pk in since})
            made = [row.pk, self._collection_id, row.shared, row.source_id, imported_at]
            made += [None if arrival == row.pk else arrival, self._revision]
            threads.append([*made, *thread_row(after)])
            was = before.posts if before is not None and before.id == after.id else ()
            posts += [post_row(post, row.pk, after.id) for post in set(after.posts).difference(was)]
        if threads:
            self.changed = True
            self._db.conn.executemany(_UPSERT_THREAD, threads)
            posts.sort(key=lambda post: post[:2])
            self._db.conn.executemany(_UPSERT_POST, posts)

    def _arrival(self, row: _Row, before: set[int]) -> int:
        """Return the number by which a thread is new, from those of the threads that it was part of."""
        number = min((one for one in before if one > _NEVER_NEW), default=max(before, default=None))
        if number is None:
            whole = row.after.completeness is not Completeness.FRAGMENT
            number = row.pk if self._news is News.AT_ONCE or whole else _NEW_ONCE_COMPLETE
            return _NEVER_NEW if self._news is News.NEVER else number
        if number == _NEW_ONCE_COMPLETE and row.after.completeness is Completeness.COMPLETE:
            # A number that no thread has or will have: what is compared is which came later.
            number, self._next_thread = self._next_thread, self._next_thread + 1
            self._db.execute("update sqlite_sequence set seq = ? where name = 'threads'", [number])
        return number

    def _write_versions(self, wanted: Sequence[Version], homes: dict[int, _Row]) -> None:
        new: list[tuple[int, Thread]] = []
        inserted, updated = [], []
        for place, version in enumerate(wanted):
            home = homes[place]
            text = None if says_same(version.thread, home.after) else version_body(version.thread)
            if version.pk is None:
                new.append((self._next_version, version.thread))
                inserted.append((self._next_version, version.source_id, home.pk, version.thread.length, text))
                self._next_version += 1
            elif (version.thread_pk, version.body) != (home.pk, text):
                updated.append((home.pk, text, version.pk))
        if updated:
            self._db.conn.executemany("update versions set thread_pk = ?, body = ? where pk = ?", updated)
        self._db.conn.executemany(
            "insert into versions (pk, source_id, thread_pk, posts, body) values (?, ?, ?, ?, ?)", inserted
        )
        write_keys(self._db, self._collection_id, new)

    def _write_links(self, rows: Sequence[_Row]) -> None:
        # A thread that is new has none.
        pks = json.dumps([row.pk for row in rows if row.before is not None])
        stored = self._db.execute(
            "select thread_pk, key, ordinal from links where thread_pk in (select value from json_each(?))",
            [pks],
        )
        before = {tuple(row) for row in stored}
        after = {(row.pk, key, place) for row in rows for key, place in row.links.items()}
        self._db.conn.executemany(
            "delete from links where thread_pk = ? and key = ? and ordinal = ?", before - after
        )
        self._db.conn.executemany(
            "insert into links (collection_id, thread_pk, key, ordinal) values (?, ?, ?, ?)",
            ((self._collection_id, *link) for link in after - before),
        )

    def _delete(self, table: str, pks: Collection[int]) -> None:
        if pks:
            self._db.table(table).delete_where(
                "pk in (select value from json_each(?))", [json.dumps(list(pks))]
            )


def _origins(settled: MatchedThread, wanted: Sequence[Version]) -> Iterator[int]:
    for place in settled.members:
        origin = wanted[place].thread_pk
        if origin is not None:
            yield origin


def _links(settled: MatchedThread, wanted: Sequence[Version]) -> dict[int, int]:
    """Return which keys lead to a thread or to its posts, but for those that the posts have now.

    They are those that the ids give which the thread may have had: by the openings of its versions,
    by all their words where others open alike, and by what an earlier release showed.
    """
    thread = settled.thread
    links: dict[int, int] = {}
    for place in (*settled.members, *settled.also):
        version = wanted[place]
        opening, whole = names(version.thread)
        unused = {thread.id} if thread.id != settled.shared else {thread.id, whole}
        given = {opening, whole} | ({version.shown} if version.shown else set())
        for name in given:
            links[post_key(name, 0)] = 0
        for name in given - unused:
            for at, where in align(version.thread, thread).items():
                links.setdefault(post_key(name, at + 1), where + 1)
    return links


def _next(db: Database, table: str) -> int:
    """Return the next number that no row of the table ever had."""
    row = db.execute("select seq from sqlite_sequence where name = ?", [table]).fetchone()
    return int(row[0]) + 1 if row else 1
