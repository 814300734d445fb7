"""Marks of what was forgotten, kept as keyed hashes: they recognise it and do not reveal it.

They are in the database and, since a backup that is restored brings an older database, in a file beside it
(mode 0600). Each is brought up to date by the other. A set has the key of the archive that it was made by;
an archive may hold sets of several keys, after a restore from another machine.
"""

import hmac
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database

from retrieval.errors import StoreError

__all__ = [
    "TombstoneSet",
    "Tombstones",
    "joined_sets",
    "read_tombstones",
    "stored_sets",
    "tombstone_path",
    "write_tombstones",
]

_BYTES: Final = 16
_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class TombstoneSet:
    """Hashes by one key: of marks (:mod:`~retrieval.linkage.redaction`), and of subjects with a time.

    A subject is a server ("server 7") whose data was deleted at that time. It may have new data since; a mark
    stands for good.
    """

    key: bytes
    marks: frozenset[bytes] = frozenset()
    subjects: frozenset[tuple[bytes, str]] = frozenset()

    def hash(self, mark: str) -> bytes:
        """Return the hash of a mark by this set's key."""
        return hmac.digest(self.key, mark.encode("utf-8", "surrogatepass"), "sha256")[:_BYTES]

    def names(self, subject: str, after: str = "") -> bool:
        """Return whether the data of a subject was deleted, later than a time as the database writes it."""
        wanted = self.hash(subject)
        return any(one == wanted and at > after for one, at in self.subjects)

    def beyond(self, others: Iterable["TombstoneSet"]) -> "TombstoneSet":
        """Return what of this set is not in the set of its key among others."""
        for other in others:
            if other.key == self.key:
                return TombstoneSet(self.key, self.marks - other.marks, self.subjects - other.subjects)
        return self

    def __bool__(self) -> bool:
        return bool(self.marks or self.subjects)


def joined_sets(*groups: Iterable[TombstoneSet]) -> list[TombstoneSet]:
    """Return the union of groups of sets: one set a key, without empty ones, in the order of the keys."""
    joined: dict[bytes, TombstoneSet] = {}
    for one in (one for group in groups for one in group if one):
        known = joined.get(one.key, TombstoneSet(one.key))
        joined[one.key] = TombstoneSet(one.key, known.marks | one.marks, known.subjects | one.subjects)
    return [joined[key] for key in sorted(joined)]


class Tombstones:
    """The marks that a database holds; true where there are any."""

    def __init__(self, db: Database) -> None:
        self._db = db
        (self._key,) = db.execute("select value from salt").fetchone()
        self._sets = stored_sets(db)

    def __bool__(self) -> bool:
        return any(one.marks for one in self._sets)

    def hold(self, mark: str) -> bool:
        """Return whether a mark is among them."""
        return any(one.marks and one.hash(mark) in one.marks for one in self._sets)

    def add(self, marks: Iterable[str]) -> None:
        """Keep more marks."""
        own = TombstoneSet(self._key)
        self.merge([TombstoneSet(self._key, frozenset(map(own.hash, marks)))])

    def add_subject(self, subject: str, now: str) -> None:
        """Keep that the data of a subject was deleted, and when."""
        deleted = TombstoneSet(self._key).hash(subject)
        self.merge([TombstoneSet(self._key, subjects=frozenset({(deleted, now)}))])

    def merge(self, sets: Iterable[TombstoneSet]) -> list[TombstoneSet]:
        """Keep sets, of whatever keys; return what of them is new."""
        fresh = [new for one in sets if (new := one.beyond(self._sets))]
        execute = self._db.conn.executemany
        for one in fresh:
            if one.key == self._key:
                execute("insert into tombstones (hash) values (?)", ((mark,) for mark in one.marks))
            else:
                execute(
                    "insert into other_tombstones (key, hash) values (?, ?)",
                    ((one.key, mark) for mark in one.marks),
                )
            execute(
                "insert into subject_tombstones (key, hash, erased_at) values (?, ?, ?)",
                ((one.key, *subject) for subject in one.subjects),
            )
        self._sets = joined_sets(self._sets, fresh)
        return fresh


def stored_sets(db: Database) -> list[TombstoneSet]:
    """Return the sets of a database, also of one that an earlier version made."""
    tables = set(db.table_names())
    if "salt" not in tables:
        return []
    (key,) = db.execute("select value from salt").fetchone()
    sets = [TombstoneSet(key, frozenset(mark for (mark,) in db.execute("select hash from tombstones")))]
    if "other_tombstones" in tables:
        sets += (
            TombstoneSet(other, frozenset({mark}))
            for other, mark in db.execute("select key, hash from other_tombstones")
        )
        sets += (
            TombstoneSet(other, subjects=frozenset({(subject, at)}))
            for other, subject, at in db.execute("select key, hash, erased_at from subject_tombstones")
        )
    return joined_sets(sets)


def tombstone_path(database: Path) -> Path:
    """Return the file of a database's tombstones."""
    return database.with_suffix(".tombstones")


def read_tombstones(path: Path) -> list[TombstoneSet]:
    """Return the sets in a file, none where it is not there; raise ``StoreError`` for one that is damaged."""
    try:
        content = json.loads(path.read_bytes())
        if content["format"] != _FORMAT:
            raise StoreError(f"{path}: made by a newer version of Bobbin; update Bobbin to read it")
        return joined_sets(map(_set_of, content["sets"]))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}; make the file readable") from error
    except (ValueError, TypeError, KeyError) as error:
        raise StoreError(
            f"{path}: it notes what was forgotten, and is damaged; put the latest backup's in its place"
        ) from error


def write_tombstones(path: Path, sets: Sequence[TombstoneSet]) -> None:
    """Write sets to a file, readable by its owner alone: whole, or not at all.

    Raises :class:`~retrieval.errors.StoreError` where the disk refuses.
    """
    content = {"format": _FORMAT, "about": "what Bobbin was made to forget", "sets": list(map(_plain, sets))}
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise StoreError(f"{path}: {error.strerror or error}; what was forgotten is noted there") from error


def _set_of(plain: dict[str, Any]) -> TombstoneSet:
    return TombstoneSet(
        bytes.fromhex(plain["key"]),
        frozenset(map(bytes.fromhex, plain["marks"])),
        frozenset((bytes.fromhex(subject), str(at)) for subject, at in plain["subjects"]),
    )


def _plain(one: TombstoneSet) -> dict[str, object]:
    return {
        "key": one.key.hex(),
        "marks": sorted(mark.hex() for mark in one.marks),
        "subjects": sorted([subject.hex(), at] for subject, at in one.subjects),
    }
