"""The preferences of every server: read from memory, written through to the file."""

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

_ID_SETS: Final = ("channels", "roles", "exempt")


@migrations()
def m001_preferences(db: Database) -> None:
    """Create the preferences of servers, and when Bobbin left some of them."""
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


@migrations()
def m002_react(db: Database) -> None:
    """Let a server have messages that ask nothing get a reaction."""
    db.execute("alter table preferences add column react integer not null default 0")


class PreferenceStore:
    """Each server's preferences, and the servers that Bobbin left; safe to call from any thread.

    :meth:`of` and :meth:`departed` read memory only, so the event loop may call them. The methods that
    change something write to the file first and block; where the file refuses they raise
    :class:`~retrieval.errors.StoreError` and change nothing. ``defaults`` applies to servers without
    preferences. Changes of another process are not seen, because a server belongs to one process; a file that
    is put in the place of the open one is.
    """

    def __init__(self, file: ServerFile, defaults: Preferences | None = None) -> None:
        file.bring_up(migrations)
        self.defaults = defaults or Preferences()
        self._file = file
        self._lock = threading.Lock()
        self._known: dict[int, Preferences] = {}
        self._departed: dict[int, datetime] = {}
        self._load()
        file.on_replaced(self._load)

    def _load(self) -> None:
        """Read the file, also when another one was put in its place; without the lock, which may be held."""
        with self._file.reading() as db:
            self._known = {
                int(row["server_id"]): _preferences(row, self.defaults)
                for row in db.table("preferences").rows
            }
            self._departed = {
                int(row["server_id"]): datetime.fromisoformat(row["left_at"])
                for row in db.table("departures").rows
            }

    def of(self, server_id: int | None) -> Preferences:
        """Return a server's preferences; outside servers, the defaults."""
        return self.defaults if server_id is None else self._known.get(server_id, self.defaults)

    def change(self, server_id: int, change: Callable[[Preferences], Preferences]) -> Preferences:
        """Replace a server's preferences with what ``change`` returns for them; return the new ones."""
        with self._lock:
            preferences = change(self.of(server_id))
            with self._file.changing() as db:
                db.table("preferences").upsert(_row(server_id, preferences, self.defaults), pk="server_id")
            self._known = self._known | {server_id: preferences}
            return preferences

    def decided(self) -> frozenset[int]:
        """Return the servers that have preferences."""
        return frozenset(self._known)

    def departed(self) -> dict[int, datetime]:
        """Return the servers that Bobbin left, with the time it was noticed (aware UTC)."""
        return self._departed

    def leave(
        self, server_id: int, now: datetime, has_data: Callable[[Database], bool] = lambda _: True
    ) -> None:
        """Record that Bobbin left a server; the first record counts.

        ``has_data`` is asked within the change, so that nothing of a server comes back that was erased
        meanwhile. Raises ``ValueError`` for a time without a zone.
        """
        if now.tzinfo is None:
            raise ValueError("the time of leaving needs a zone")
        with self._lock:
            if server_id in self._departed:
                return
            left_at = now.astimezone(UTC)
            with self._file.changing() as db:
                if not has_data(db):
                    return
                row = {"server_id": str(server_id), "left_at": left_at.isoformat(timespec="microseconds")}
                db.table("departures").insert(row, ignore=True)
            self._departed = self._departed | {server_id: left_at}

    def come_back(self, server_id: int) -> None:
        """Record that Bobbin is back in a server; its data is kept."""
        with self._lock:
            if server_id not in self._departed:
                return
            with self._file.changing() as db:
                db.execute("delete from departures where server_id = ?", [str(server_id)])
            self._departed = {key: left for key, left in self._departed.items() if key != server_id}

    def forget(self, server_id: int) -> None:
        """Delete a server's preferences and its departure."""
        with self._lock:
            with self._file.changing() as db:
                for table in ("preferences", "departures"):
                    db.execute(f"delete from {table} where server_id = ?", [str(server_id)])  # noqa: S608 - ours
            self._known = {key: kept for key, kept in self._known.items() if key != server_id}
            self._departed = {key: left for key, left in self._departed.items() if key != server_id}


def _row(server_id: int, preferences: Preferences, defaults: Preferences) -> dict[str, object]:
    person, server = preferences.person, preferences.server
    return {
        "server_id": str(server_id),
        **{name: json.dumps(sorted(getattr(preferences, name))) for name in _ID_SETS},
        "mentions": int(preferences.mentions),
        # Null follows the operator's setting when that changes.
        "quotes": None if preferences.quotes == defaults.quotes else preferences.quotes,
        "private": int(preferences.private),
        "language": preferences.language,
        "person_questions": person and person.questions,
        "person_seconds": person and person.seconds,
        "server_questions": server and server.questions,
        "server_seconds": server and server.seconds,
        "unanswered": int(preferences.unanswered),
        "react": int(preferences.react),
    }


def _preferences(row: dict[str, Any], defaults: Preferences) -> Preferences:
    return Preferences(
        **{name: frozenset(json.loads(row[name])) for name in _ID_SETS},
        mentions=bool(row["mentions"]),
        quotes=defaults.quotes if row["quotes"] is None else row["quotes"],
        private=bool(row["private"]),
        language=row["language"],
        person=_quota(row["person_questions"], row["person_seconds"]),
        server=_quota(row["server_questions"], row["server_seconds"]),
        unanswered=bool(row["unanswered"]),
        react=bool(row["react"]),
    )


def _quota(questions: int | None, seconds: int | None) -> Quota | None:
    return None if questions is None or seconds is None else Quota(questions, seconds)
