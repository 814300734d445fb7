"""Editions: which threads each digest showed, for its page. Blocking, as the ledger.

An edition holds the ids of threads and none of their words, so what is taken out of the archive is gone from
its page, too. It stays as long as the server.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlite_utils import Database

from bot.database import ServerFile
from bot.digest.contents import Digest
from bot.digest.tables import migrations

__all__ = ["Edition", "Editions", "write_edition"]

_KEY: Final = ("server_id", "number", "day")
#: The digests of a server and a number.
_OF: Final = "server_id = ? and number = ?"


@dataclass(frozen=True, slots=True)
class Edition:
    """What a digest of a date showed.

    ``new`` and ``archive`` are the ids of the threads that were new and of those from the archive, in their
    order; ``more`` counts the new ones that were not shown. ``name`` is that of the digest, "" for none.
    """

    server_id: int
    number: int
    day: date
    name: str
    posted_at: datetime
    new: tuple[str, ...] = ()
    more: int = 0
    archive: tuple[str, ...] = ()

    @classmethod
    def of(cls, digest: Digest, posted_at: datetime) -> "Edition":
        """Return the edition of a digest; ``posted_at`` is aware."""
        new = tuple(excerpt.thread.id for excerpt in digest.arrivals.shown)
        return cls(
            server_id=digest.server_id,
            number=digest.number,
            day=digest.day,
            name=digest.name,
            posted_at=posted_at,
            new=new,
            more=digest.arrivals.total - len(new),
            archive=tuple(feature.excerpt.thread.id for feature in digest.features),
        )


class Editions:
    """The editions in an open file; safe from any thread. Every method may raise ``StoreError``."""

    def __init__(self, file: ServerFile) -> None:
        file.bring_up(migrations)
        self._file = file

    def latest(self, server_id: int, number: int, *, limit: int, offset: int = 0) -> list[Edition]:
        """Return a digest's editions, the newest first."""
        with self._file.reading() as db:
            rows: Iterable[dict[str, Any]] = db.table("digest_editions").rows_where(
                _OF, [str(server_id), number], order_by="day desc", limit=limit, offset=offset
            )
            return list(map(_edition_of, rows))

    def count(self, server_id: int, number: int) -> int:
        """Return how many editions a digest has."""
        with self._file.reading() as db:
            return int(db.table("digest_editions").count_where(_OF, [str(server_id), number]))

    def find(self, server_id: int, number: int, day: date) -> Edition | None:
        """Return the edition of a date, ``None`` where there is none."""
        with self._file.reading() as db:
            rows = db.table("digest_editions").rows_where(
                f"{_OF} and day = ?", [str(server_id), number, day.isoformat()]
            )
            return next(map(_edition_of, rows), None)

    def neighbours(self, server_id: int, number: int, day: date) -> tuple[date | None, date | None]:
        """Return the dates of the editions before and after a date."""
        key = [str(server_id), number, day.isoformat()]

        def nearest(db: Database, where: str, order: str) -> date | None:
            rows = db.table("digest_editions").rows_where(
                f"{_OF} and {where}", key, select="day", order_by=order, limit=1
            )
            return next((date.fromisoformat(row["day"]) for row in rows), None)

        with self._file.reading() as db:
            return nearest(db, "day < ?", "day desc"), nearest(db, "day > ?", "day")


def write_edition(db: Database, edition: Edition) -> None:
    """Write an edition within a transaction of the ledger's, over one of the same date."""
    row = {
        "server_id": str(edition.server_id),
        "number": edition.number,
        "day": edition.day.isoformat(),
        "name": edition.name,
        "posted_at": edition.posted_at.isoformat(),
        "new": " ".join(edition.new),
        "more": edition.more,
        "archive": " ".join(edition.archive),
    }
    db.table("digest_editions").upsert(row, pk=_KEY)


def _edition_of(row: dict[str, Any]) -> Edition:
    return Edition(
        server_id=int(row["server_id"]),
        number=row["number"],
        day=date.fromisoformat(row["day"]),
        name=row["name"],
        posted_at=datetime.fromisoformat(row["posted_at"]),
        new=tuple(row["new"].split()),
        more=row["more"],
        archive=tuple(row["archive"].split()),
    )
