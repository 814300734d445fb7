"""One change of a collection: what an import makes of it, inside the store's transaction."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sqlite_utils import Database

from retrieval.merge import Settled, base, gather
from retrieval.model import Thread
from retrieval.saved import Counts, LeftOut
from retrieval.sqlite.rows import POST, THREAD, Row, post_row, sound, storable, thread_of, thread_row

__all__ = ["Change", "Saved", "Source"]

_FAMILIES_AT_ONCE: Final = 500
_THREAD: Final = ("pk", "collection_id", "base", "source_id", "imported_at", "revision", *THREAD)
_REMOVED: Final = "thread removed, no longer among those given"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that threads come from: its name, the SHA-256 of its bytes in hex, and its form."""

    name: str
    sha256: str
    form: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did: threads and posts new, updated and unchanged, and versions not kept."""

    threads: Counts = Counts()
    posts: Counts = Counts()
    left_out: tuple[LeftOut, ...] = ()


class Change:
    """A collection being changed, within a transaction that the caller has begun with a write.

    Threads that open alike are a family, under the id they share, and are settled together; see
    :func:`~retrieval.merge.gather`. ``now`` is as :func:`~retrieval.sqlite.rows.moment` writes it.
    """

    def __init__(self, db: Database, collection_id: int, source: Source, now: str) -> None:
        self._db = db
        self._collection_id = collection_id
        self._now = now
        self._revision = int(db.table("collections").get(collection_id)["revision"]) + 1
        self._source_id = self._record(source)
        self._threads: Counter[str] = Counter()
        self._posts: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()
        self._changed = False

    def save(self, threads: Iterable[Thread]) -> None:
        """Merge threads into what the collection holds."""
        families = self._resolve(_families(threads))
        names = iter(families)
        while batch := list(islice(names, _FAMILIES_AT_ONCE)):
            known = _Known(
                self._db,
                "collection_id = ? and base in (select value from json_each(?))",
                [self._collection_id, json.dumps(batch)],
            )
            self._write(
                {shared: self._settle(shared, known.families[shared], families[shared]) for shared in batch},
                known,
            )

    def replace(self, threads: Iterable[Thread]) -> None:
        """Make the collection hold exactly these threads, and leave alone those it holds already."""
        known = _Known(self._db, "collection_id = ?", [self._collection_id])
        before = {thread.id: thread for family in known.families.values() for thread in family}
        settled = {
            shared: [
                Settled(before.pop(made.after.id, None), made.after, made.given)
                for made in self._settle(shared, [], family)
            ]
            for shared, family in _families(threads).items()
        }
        if before:
            gone = json.dumps([known.pks[thread_id] for thread_id in before])
            self._db.table("threads").delete_where("pk in (select value from json_each(?))", [gone])
            self._left_out[_REMOVED] += len(before)
            self._changed = True
        self._write(settled, known)

    def finish(self) -> Saved:
        """Count the change as a revision of the collection, if it is one, and return what it did."""
        if self._changed:
            self._db.execute(
                "update collections set revision = ? where id = ?", [self._revision, self._collection_id]
            )
        return Saved(
            Counts(**self._threads),
            Counts(**self._posts),
            tuple(LeftOut(why, count) for why, count in sorted(self._left_out.items())),
        )

    def _record(self, source: Source) -> int:
        """Record the file, once, and return its number."""
        sources = self._db.table("sources")
        row = {
            "collection_id": self._collection_id,
            "name": sound(source.name),
            "sha256": source.sha256,
            "form": source.form,
            "read_at": self._now,
        }
        sources.insert(row, ignore=True)
        where = [self._collection_id, source.sha256]
        return int(next(sources.rows_where("collection_id = ? and sha256 = ?", where, select="id"))["id"])

    def _resolve(self, families: dict[str, list[Thread]]) -> dict[str, list[Thread]]:
        """Put threads that come under an id given to one of several here into that one's family."""
        aliases = self._db.table("threads").rows_where(
            "collection_id = ? and base != id and id in (select value from json_each(?))",
            [self._collection_id, json.dumps(list(families))],
            select="id, base",
        )
        for row in list(aliases):
            families.setdefault(row["base"], []).extend(families.pop(row["id"]))
        return families

    def _settle(self, shared: str, known: Sequence[Thread], family: Sequence[Thread]) -> list[Settled]:
        settled, left_out = gather(shared, known, family)
        self._left_out.update(left_out)
        return settled

    def _write(self, families: dict[str, list[Settled]], known: "_Known") -> None:
        """Write what differs from what was, and count."""
        threads: list[list[Any]] = []
        posts: list[list[Any]] = []
        for shared, family in families.items():
            for settled in family:
                self._count(settled)
                before, after = settled.before, settled.after
                if before == after:
                    continue
                if before is None:
                    pk, imported_at = known.free, self._now
                    known.free += 1
                else:
                    pk, imported_at = known.pks[before.id], known.imported_at[before.id]
                    self._db.table("posts").delete_where("thread_pk = ? and ordinal > ?", [pk, after.length])
                written = [pk, self._collection_id, shared, self._source_id, imported_at, self._revision]
                threads.append([*written, *thread_row(after)])
                was = before.posts if before is not None and before.id == after.id else ()
                posts += [post_row(post, pk, after.id) for post in set(after.posts).difference(was)]
        if threads:
            self._changed = True
            self._db.table("threads").upsert_all([_THREAD, *threads], pk="pk")
            posts.sort(key=lambda row: row[:2])
            self._db.table("posts").upsert_all([POST, *posts], pk=("thread_pk", "ordinal"))

    def _count(self, settled: Settled) -> None:
        before, after = settled.before, settled.after
        if before is None:
            self._threads["new"] += 1
        elif before != after:
            self._threads["updated"] += 1
        elif settled.given:
            self._threads["unchanged"] += 1
        was = dict(enumerate(before.posts if before else ()))
        for place, post in enumerate(after.posts[: settled.given]):
            kind = "new" if place not in was else "unchanged" if was[place] == post else "updated"
            self._posts[kind] += 1


class _Known:
    """Threads of the database by the ids their families share, with their numbers and dates."""

    def __init__(self, db: Database, where: str, parameters: Sequence[Any]) -> None:
        rows = list(db.table("threads").rows_where(where, parameters))
        posts: defaultdict[int, list[Row]] = defaultdict(list)
        of_these = "thread_pk in (select value from json_each(?))"
        pks = json.dumps([row["pk"] for row in rows])
        for post in db.table("posts").rows_where(of_these, [pks], order_by="thread_pk, ordinal"):
            posts[post["thread_pk"]].append(post)
        self.families: defaultdict[str, list[Thread]] = defaultdict(list)
        for row in rows:
            self.families[row["base"]].append(thread_of(row, posts[row["pk"]]))
        self.pks: dict[str, int] = {row["id"]: row["pk"] for row in rows}
        self.imported_at: dict[str, str] = {row["id"]: row["imported_at"] for row in rows}
        #: The next number that no thread ever had.
        self.free: int = next(
            (row["seq"] + 1 for row in db.table("sqlite_sequence").rows_where("name = 'threads'")), 1
        )


def _families(threads: Iterable[Thread]) -> dict[str, list[Thread]]:
    families: defaultdict[str, list[Thread]] = defaultdict(list)
    for thread in map(storable, threads):
        families[base(thread)].append(thread)
    return dict(families)
