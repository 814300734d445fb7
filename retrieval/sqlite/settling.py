"""Writing threads anew from their versions, inside the store's transaction."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlite_utils import Database

from retrieval.model import Thread
from retrieval.settle import clusters, keys, settle
from retrieval.sqlite.rows import POST, THREAD, post_row, thread_row
from retrieval.sqlite.versions import Known, Version, body, same, write_keys

__all__ = ["Outcome", "Settling"]

_THREAD: Final = ("pk", "collection_id", "base", "source_id", "imported_at", "revision", *THREAD)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a thread was, what it is now, and the places of its versions in what was given.

    ``before`` is ``None`` for a new thread, ``after`` for one that is gone.
    """

    before: Thread | None
    after: Thread | None
    members: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    """A thread to be written: its number, whether it was there, and what it is made of."""

    pk: int
    shared: str
    source_id: int
    before: Thread | None
    after: Thread


class Settling:
    """The threads of one collection, made from their versions.

    ``now`` is as :func:`~retrieval.sqlite.rows.moment` writes it. ``changed`` says whether any thread or
    post was.
    """

    def __init__(self, db: Database, collection_id: int, now: str) -> None:
        self._db = db
        self._collection_id = collection_id
        self._now = now
        self._revision = int(db.table("collections").get(collection_id)["revision"]) + 1
        self._next_thread = _next(db, "threads")
        self._next_version = _next(db, "versions")
        self.changed = False

    def write(self, known: Known, wanted: Sequence[Version]) -> list[Outcome]:
        """Make the threads that ``known`` holds be those that the wanted versions make.

        Versions without a number are new; known ones that are not wanted go. Only what differs is
        written. No other version of the collection may meet any of these; see
        :func:`~retrieval.sqlite.versions.around`.
        """
        rows, outcomes, homes = self._settled(known, wanted)
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
        self.changed = self.changed or bool(gone)
        return [*outcomes, *(Outcome(known.threads[pk], None) for pk in gone)]

    def count(self) -> None:
        """Count the change as a revision of the collection, if it is one."""
        if self.changed:
            self._db.execute(
                "update collections set revision = ? where id = ?", [self._revision, self._collection_id]
            )

    def _settled(
        self, known: Known, wanted: Sequence[Version]
    ) -> tuple[list[_Row], list[Outcome], dict[int, _Row]]:
        """Return the threads that the versions make, and of each version's place the thread it is in."""
        made = [
            (settled, [cluster[member] for member in settled.members])
            for cluster in clusters([keys(version.thread) for version in wanted])
            for settled in settle([wanted[place].thread for place in cluster])
        ]
        by_id = {thread.id: pk for pk, thread in known.threads.items()}
        numbers = [by_id.get(settled.thread.id) for settled, _ in made]
        taken = {pk for pk in numbers if pk is not None}
        rows, outcomes, homes = [], [], {}
        for (settled, members), own in zip(made, numbers, strict=True):
            # A thread whose id changes goes on under its number, so that the index knows its posts.
            were = {wanted[place].thread_pk for place in members} - taken - {None}
            pk = own if own is not None else min((was for was in were if was), default=None)
            before = None if pk is None else known.threads[pk]
            if pk is None:
                pk = self._next_thread
                self._next_thread += 1
            taken.add(pk)
            head = wanted[members[0]].source_id
            row = _Row(pk, settled.shared, head, before, settled.thread)
            rows.append(row)
            outcomes.append(Outcome(before, settled.thread, tuple(members)))
            homes.update(dict.fromkeys(members, row))
        return rows, outcomes, homes

    def _write_threads(self, known: Known, rows: Iterable[_Row]) -> None:
        threads: list[list[Any]] = []
        posts: list[list[Any]] = []
        for row in rows:
            before, after = row.before, row.after
            if before == after:
                continue
            if before is not None and before.length > after.length:
                self._db.table("posts").delete_where("thread_pk = ? and ordinal > ?", [row.pk, after.length])
            imported_at = known.imported_at.get(row.pk, self._now)
            made = [row.pk, self._collection_id, row.shared, row.source_id, imported_at, self._revision]
            threads.append([*made, *thread_row(after)])
            was = before.posts if before is not None and before.id == after.id else ()
            posts += [post_row(post, row.pk, after.id) for post in set(after.posts).difference(was)]
        if threads:
            self.changed = True
            self._db.table("threads").upsert_all([_THREAD, *threads], pk="pk")
            posts.sort(key=lambda post: post[:2])
            self._db.table("posts").upsert_all([POST, *posts], pk=("thread_pk", "ordinal"))

    def _write_versions(self, wanted: Sequence[Version], homes: dict[int, _Row]) -> None:
        new: list[tuple[int, Thread]] = []
        inserted, updated = [], []
        for place, version in enumerate(wanted):
            home = homes[place]
            text = None if same(version.thread, home.after) else body(version.thread)
            if version.pk is None:
                new.append((self._next_version, version.thread))
                inserted.append((self._next_version, version.source_id, home.pk, version.thread.length, text))
                self._next_version += 1
            elif (version.thread_pk, version.body) != (home.pk, text):
                updated.append((home.pk, text, version.pk))
        self._db.conn.executemany("update versions set thread_pk = ?, body = ? where pk = ?", updated)
        self._db.conn.executemany(
            "insert into versions (pk, source_id, thread_pk, posts, body) values (?, ?, ?, ?, ?)", inserted
        )
        write_keys(self._db, self._collection_id, new)

    def _delete(self, table: str, pks: Collection[int]) -> None:
        if pks:
            self._db.table(table).delete_where(
                "pk in (select value from json_each(?))", [json.dumps(list(pks))]
            )


def _next(db: Database, table: str) -> int:
    """Return the next number that no row of the table ever had."""
    rows = db.table("sqlite_sequence").rows_where("name = ?", [table])
    return next((int(row["seq"]) + 1 for row in rows), 1)
