"""All threads of a collection, one after another, with what they are made from."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from sqlite_utils import Database

from retrieval.model import Thread
from retrieval.storage.versions import says_same, version_body, versions_of_threads

__all__ = ["threads_of"]

_AT_ONCE: Final = 500


def threads_of(
    db: Database, collection_id: int, author: str | None
) -> Iterator[tuple[Thread, tuple[Thread, ...]]]:
    """Yield a collection's threads in the order of their ids, of one author or of all.

    With each come the versions that it is made from, none where all of them say the same as it. The
    author's "@" may be left out, and the case of ASCII letters does not matter. Whoever asks must hold
    one state of the database.
    """
    where = "collection_id = ? and id > ?"
    named = [] if author is None else [author, f"@{author}"]
    if named:
        where += " and author collate nocase in (? collate nocase, ? collate nocase)"
    last = ""
    while True:
        rows = db.execute(
            f"select pk, id from threads where {where} order by id limit {_AT_ONCE}",  # noqa: S608 - no input
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
