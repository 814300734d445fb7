"""Marks of what was forgotten, kept as keyed hashes: enough to know it again, too little to tell what."""

import hmac
from collections.abc import Iterable

from sqlite_utils import Database

__all__ = ["Tombstones"]

_BYTES = 16


class Tombstones:
    """The marks that a database holds; true where there are any."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._hashes = {found for (found,) in db.execute("select hash from tombstones")}
        self._salt: bytes = next(db.execute("select value from salt"))[0]

    def __bool__(self) -> bool:
        return bool(self._hashes)

    def hold(self, mark: str) -> bool:
        """Return whether a mark is among them."""
        return bool(self._hashes) and self._hash(mark) in self._hashes

    def add(self, marks: Iterable[str]) -> None:
        """Keep more marks."""
        new = {self._hash(mark) for mark in marks} - self._hashes
        self._db.conn.executemany("insert into tombstones (hash) values (?)", ((found,) for found in new))
        self._hashes |= new

    def _hash(self, mark: str) -> bytes:
        return hmac.digest(self._salt, mark.encode("utf-8", "surrogatepass"), "sha256")[:_BYTES]
