"""The settings of every server: read from memory, written through to the file."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from sqlite_utils import Database, Migrations

from bot.database import ServerFile
from bot.servers.preferences import Preferences, Quota

__all__ = ["PreferenceStore", "migrations"]

migrations = Migrations("servers")

_PLACES: Final = ("channels", "roles", "exempt")


@migrations()
def m001_preferences(db: Database) -> None:
    """Create the settings of servers, and since when Bobbin is no longer in some of them."""
    db.table("preferences").create(
        {
            "server_id": str,
            "channels": str,
            "roles": str,
            "exempt": str,
            "mentions": int,
            "quotes": int,
            "private": int,
            "language": str,
            "person_questions": int,
            "person_seconds": int,
            "server_questions": int,
            "server_seconds": int,
            "unanswered": int,
        },
        pk="server_id",
        not_null={"channels", "roles", "exempt", "mentions", "private", "unanswered"},
        strict=True,
    )
    db.table("departures").create(
        {"server_id": str, "left_at": str}, pk="server_id", not_null={"left_at"}, strict=True
    )


class PreferenceStore:
    """What was decided for each server; safe to call from any thread.

    :meth:`of` and :meth:`departed` read memory only, so the event loop may ask them. What changes
    something writes to the file first and must not be called from an event loop; it raises
    :class:`~retrieval.errors.StoreError` and changes nothing where the file refuses. ``defaults``
    is what holds where nobody decided anything. Another process's changes are not seen: a server
    belongs to one.
    """

    def __init__(self, file: ServerFile, defaults: Preferences | None = None) -> None:
        file.bring_up(migrations)
        self.defaults = defaults or Preferences()
        self._file = file
        self._lock = threading.Lock()
        with file.reading() as db:
            self._known = {
                int(row["server_id"]): _preferences(row, self.defaults)
                for row in db.table("preferences").rows
            }
            self._departed = {
                int(row["server_id"]): datetime.fromisoformat(row["left_at"])
                for row in db.table("departures").rows
            }

    def of(self, server_id: int | None) -> Preferences:
        """Return a server's settings; outside servers, the defaults."""
        return self.defaults if server_id is None else self._known.get(server_id, self.defaults)

    def change(self, server_id: int, change: Callable[[Preferences], Preferences]) -> Preferences:
        """Put in a server's place of settings what ``change`` makes of them; return that."""
        with self._lock:
            wanted = change(self.of(server_id))
            with self._file.changing() as db:
                db.table("preferences").upsert(_row(server_id, wanted, self.defaults), pk="server_id")
            self._known = self._known | {server_id: wanted}
            return wanted

    def decided(self) -> frozenset[int]:
        """Return the servers that something was decided for."""
        return frozenset(self._known)

    def departed(self) -> dict[int, datetime]:
        """Return the servers that Bobbin is no longer in, with the aware UTC time it was noticed at."""
        return self._departed

    def leave(self, server_id: int, now: datetime) -> None:
        """Note that Bobbin is no longer in a server; the first note counts.

        Raises ``ValueError`` for a time without a zone.
        """
        if now.tzinfo is None:
            raise ValueError("the time of leaving needs a zone")
        with self._lock:
            if server_id in self._departed:
                return
            left_at = now.astimezone(UTC)
            with self._file.changing() as db:
                row = {"server_id": str(server_id), "left_at": left_at.isoformat(timespec="microseconds")}
                db.table("departures").insert(row, ignore=True)
            self._departed = self._departed | {server_id: left_at}

    def come_back(self, server_id: int) -> None:
        """Note that Bobbin is in a server; what was kept of it holds again."""
        with self._lock:
            if server_id not in self._departed:
                return
            with self._file.changing() as db:
                db.execute("delete from departures where server_id = ?", [str(server_id)])
            self._departed = {one: left for one, left in self._departed.items() if one != server_id}

    def forget(self, server_id: int) -> None:
        """Delete what was decided for a server, and that Bobbin ever was in it."""
        with self._lock:
            with self._file.changing() as db:
                for table in ("preferences", "departures"):
                    db.execute(f"delete from {table} where server_id = ?", [str(server_id)])  # noqa: S608 - ours
            self._known = {one: known for one, known in self._known.items() if one != server_id}
            self._departed = {one: left for one, left in self._departed.items() if one != server_id}


def _row(server_id: int, wanted: Preferences, defaults: Preferences) -> dict[str, object]:
    person, server = wanted.person, wanted.server
    return {
        "server_id": str(server_id),
        **{name: json.dumps(sorted(getattr(wanted, name))) for name in _PLACES},
        "mentions": int(wanted.mentions),
        # What is as the operator has it stays so when the operator changes it.
        "quotes": None if wanted.quotes == defaults.quotes else wanted.quotes,
        "private": int(wanted.private),
        "language": wanted.language,
        "person_questions": person and person.questions,
        "person_seconds": person and person.seconds,
        "server_questions": server and server.questions,
        "server_seconds": server and server.seconds,
        "unanswered": int(wanted.unanswered),
    }


def _preferences(row: dict[str, Any], defaults: Preferences) -> Preferences:
    return Preferences(
        **{name: frozenset(json.loads(row[name])) for name in _PLACES},
        mentions=bool(row["mentions"]),
        quotes=defaults.quotes if row["quotes"] is None else row["quotes"],
        private=bool(row["private"]),
        language=row["language"],
        person=_quota(row["person_questions"], row["person_seconds"]),
        server=_quota(row["server_questions"], row["server_seconds"]),
        unanswered=bool(row["unanswered"]),
    )


def _quota(questions: int | None, seconds: int | None) -> Quota | None:
    return None if questions is None or seconds is None else Quota(questions, seconds)
