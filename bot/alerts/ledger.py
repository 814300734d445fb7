"""The ledger of alerts in ``servers.db``: what is watched, what matched, and which message reported it.

A match is a row of an alert and a thread, so it can be there but once, whatever is imported again. A report
is a row that is claimed before anything is sent, with its matches bound to it. A claim expires, so that
another process, or the same one after a crash, can take it over; its number is that of the message.

Deletion: every row names its server and the person, and goes with either; see also :meth:`AlertLedger.end`.
A report's row is kept for :data:`REPORT_RETENTION`.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlite_utils import Database, Migrations

from bot.alerts.model import Alert, AlertOptions, Match, QuietHours, Report, ReportKind
from bot.database import ServerFile
from bot.digest.model import Position

__all__ = [
    "ALERTS_OF_A_PERSON",
    "ALERTS_OF_A_SERVER",
    "REPORT_RETENTION",
    "AlertLedger",
    "TooManyAlertsError",
    "migrations",
]

ALERTS_OF_A_PERSON: Final = 10
ALERTS_OF_A_SERVER: Final = 50
#: How long the row of a report that was sent is kept.
REPORT_RETENTION: Final = timedelta(days=30)
#: How long a claim holds; a request sent under it has ended well before.
_LEASE: Final = timedelta(minutes=2)
#: So long nothing more is reported to the same place, so that matches which come in together stand together.
_GAP: Final = timedelta(minutes=1)
_BACK_OFFS: Final = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 600))

migrations = Migrations("alerts")


@migrations()
def m001_alerts(db: Database) -> None:
    """Create the alerts, their matches, and the reports of these."""
    db.execute(
        "create table alerts (id integer primary key autoincrement, server_id text not null,"
        " person_id text not null, channel_id text, asked_in text not null, query text not null,"
        " language text not null, quiet text, zone text, archive text not null,"
        " position integer not null, held_until text)"
    )
    db.execute("create index alerts_of_server on alerts (server_id, person_id)")
    db.execute(
        "create table alert_matches (alert_id integer not null, thread_id text not null,"
        " server_id text not null, person_id text not null, ordinal integer not null, report integer,"
        " primary key (alert_id, thread_id)) without rowid"
    )
    db.execute("create index alert_matches_waiting on alert_matches (alert_id) where report is null")
    db.execute("create index alert_matches_of_report on alert_matches (report) where report is not null")
    db.execute(
        "create table alert_reports (id integer primary key autoincrement, server_id text not null,"
        " person_id text not null, channel_id text, kind text not null, state text not null,"
        " owner text not null, claimed_at text not null, until text not null, tries integer not null,"
        " language text not null, message_id text)"
    )
    db.execute("create index alert_reports_claimed on alert_reports (until) where state = 'claimed'")


class TooManyAlertsError(ValueError):
    """The person or the server has as many alerts as it may have; ``of_person`` says which."""

    def __init__(self, *, of_person: bool) -> None:
        super().__init__("a person's alerts are full" if of_person else "a server's alerts are full")
        self.of_person = of_person


class AlertLedger:
    """The ledger in an open file; safe from any thread, and blocking: never call it on an event loop.

    Every method may raise :class:`~retrieval.errors.StoreError`.
    """

    def __init__(self, file: ServerFile) -> None:
        file.bring_up(migrations)
        self._file = file

    # Alerts

    def add(self, server_id: int, options: AlertOptions, position: Position) -> tuple[Alert, bool]:
        """Create an alert, or change the one of the same search and place; return whether it is new.

        It watches what comes in after ``position``. Raises :class:`TooManyAlertsError` beyond
        :data:`ALERTS_OF_A_PERSON`, in all servers together, and :data:`ALERTS_OF_A_SERVER`.
        """
        with self._file.changing() as db:
            wanted = options.query.casefold(), options.channel_id
            before = next(
                (
                    one
                    for one in _alerts(db, "server_id = ? and person_id = ?", server_id, options.person_id)
                    if (one.options.query.casefold(), one.options.channel_id) == wanted
                ),
                None,
            )
            if before is None:
                if _count(db, "person_id", options.person_id) >= ALERTS_OF_A_PERSON:
                    raise TooManyAlertsError(of_person=True)
                if _count(db, "server_id", server_id) >= ALERTS_OF_A_SERVER:
                    raise TooManyAlertsError(of_person=False)
            row: dict[str, Any] = {
                "server_id": str(server_id),
                "person_id": str(options.person_id),
                "channel_id": None if options.channel_id is None else str(options.channel_id),
                "asked_in": str(options.asked_in),
                "query": options.query,
                "language": options.language,
                "quiet": None if options.quiet is None else str(options.quiet),
                "zone": None if options.quiet is None else options.quiet.zone.key,
                "held_until": None,
            }
            if before is None:
                row |= {"archive": position.archive, "position": position.number}
                number = _inserted(db, "alerts", row)
            else:
                number = before.id
                db.table("alerts").update(number, row)
            (alert,) = _alerts(db, "id = ?", number)
            return alert, before is None

    def alerts_of(self, server_id: int, person_id: int, *, manages: bool = False) -> list[Alert]:
        """Return a person's alerts in a server, oldest first, and with ``manages`` all of its channels'."""
        mine = "(person_id = ? or channel_id is not null)" if manages else "person_id = ?"
        with self._file.reading() as db:
            return _alerts(db, f"server_id = ? and {mine}", server_id, person_id)

    def alerts(self) -> list[Alert]:
        """Return every alert."""
        with self._file.reading() as db:
            return _alerts(db, "1")

    def remove(self, numbers: Iterable[int]) -> int:
        """Delete alerts with what they matched, for good; return how many there were."""
        with self._file.changing() as db:
            removed = sum(_remove(db, number) for number in numbers)
        if removed:
            self._file.wipe()
        return removed

    def end(self, server_id: int, person_id: int) -> int:
        """Delete a person's alerts in a server with everything about them; return how many there were."""
        with self._file.changing() as db:
            ended = _end(db, server_id, person_id)
            reports = db.table("alert_reports")
            reports.delete_where("server_id = ? and person_id = ?", _pair(server_id, person_id))
        if ended:
            self._file.wipe()
        return ended

    # Matches

    def note_matches(self, alert: Alert, matches: Mapping[str, int], position: Position) -> int:
        """Note what matched up to a position, and go on from there; return how many threads are new to it.

        ``matches`` has the ids of threads with the place of the first post. Nothing is noted where another
        process was faster, or the alert is gone.
        """
        with self._file.changing() as db:
            moved = db.execute(
                "update alerts set archive = ?, position = ? where id = ? and archive = ? and position = ?",
                [position.archive, position.number, alert.id, alert.position.archive, alert.position.number],
            )
            if not moved.rowcount:
                return 0
            rows = [
                (alert.id, thread, str(alert.server_id), str(alert.options.person_id), ordinal)
                for thread, ordinal in matches.items()
            ]
            before = db.conn.total_changes
            db.conn.executemany(
                "insert or ignore into alert_matches (alert_id, thread_id, server_id, person_id, ordinal)"
                " values (?, ?, ?, ?, ?)",
                rows,
            )
            return db.conn.total_changes - before

    # Reports

    def claim(self, owner: str, now: datetime, owns: Iterable[int]) -> Report | None:
        """Claim the next report of some servers: one whose claim expired, or a new one of what waits.

        A new one takes every match that waits for its place, but for those of alerts that are in their quiet
        hours or held. ``None`` where there is nothing to report.
        """
        servers = {str(server) for server in owns}
        with self._file.changing() as db:
            expired = db.query(
                "select * from alert_reports where state = 'claimed' and until <= ? order by id", [_text(now)]
            )
            row = next((one for one in expired if one["server_id"] in servers), None)
            if row is not None:
                row |= {"owner": owner, "until": _text(now + _LEASE), "tries": row["tries"] + 1}
                db.table("alert_reports").upsert(row, pk="id")
                return _report_of(row, again=True)
            for alerts in _waiting(db, servers, now):
                first = alerts[0]
                if _busy(db, first, now):
                    continue
                number = _new_report(db, first, ReportKind.MATCHES, owner, now)
                for alert in alerts:
                    db.execute(
                        "update alert_matches set report = ? where alert_id = ? and report is null",
                        [number, alert.id],
                    )
                return _report(db, number)
        return None

    def servers_to_notify(self) -> set[int]:
        """Return the servers in which the end of a person's alerts is still to be said."""
        with self._file.reading() as db:
            rows = db.table("alert_reports").rows_where(
                "state = 'claimed' and kind = ?", [ReportKind.ENDED], select="server_id"
            )
            return {int(row["server_id"]) for row in rows}

    def matches_of(self, report: Report) -> list[tuple[Alert, list[Match]]]:
        """Return the matches that a report is about, by their alerts."""
        with self._file.reading() as db:
            rows = list(
                db.query(
                    "select * from alert_matches where report = ? order by alert_id, thread_id", [report.id]
                )
            )
            alerts = {one.id: one for one in _alerts(db, "server_id = ?", report.server_id)}
        matches: dict[int, list[Match]] = {}
        for row in rows:
            match = Match(row["alert_id"], row["thread_id"], row["ordinal"])
            matches.setdefault(match.alert_id, []).append(match)
        return [(alerts[number], some) for number, some in matches.items() if number in alerts]

    def release(self, report: Report, numbers: Iterable[int], until: datetime) -> None:
        """Take the matches of alerts out of a report, and hold the alerts for a while."""
        with self._file.changing() as db:
            for number in numbers:
                db.execute(
                    "update alert_matches set report = null where report = ? and alert_id = ?",
                    [report.id, number],
                )
                db.execute("update alerts set held_until = ? where id = ?", [_text(until), number])

    def renew(self, report: Report, now: datetime) -> bool:
        """Extend a claim; return whether it is still this process's."""
        with self._file.changing() as db:
            renewed = db.execute(
                "update alert_reports set until = ? where id = ? and owner = ? and state = 'claimed'",
                [_text(now + _LEASE), report.id, report.owner],
            )
            return bool(renewed.rowcount)

    def finish(self, report: Report, message_id: int | None) -> None:
        """Record a report as sent, or as dropped where nothing of it was left to say."""
        with self._file.changing() as db:
            db.execute(
                "update alert_reports set state = ?, message_id = ? where id = ? and state = 'claimed'",
                [
                    "dropped" if message_id is None else "sent",
                    None if message_id is None else str(message_id),
                    report.id,
                ],
            )

    def put_off(self, report: Report, now: datetime, by: timedelta | None = None) -> timedelta:
        """Release a claim after a failure; return after how long it may be claimed again."""
        with self._file.changing() as db:
            row = next(db.query("select tries from alert_reports where id = ?", [report.id]), None)
            back_off = by or _BACK_OFFS[min(row["tries"] if row else 0, len(_BACK_OFFS) - 1)]
            db.execute(
                "update alert_reports set until = ? where id = ? and owner = ? and state = 'claimed'",
                [_text(now + back_off), report.id, report.owner],
            )
        return back_off

    def refuse(self, report: Report, notice_in: int, now: datetime) -> None:
        """End a person's alerts in a server, since they take no direct message, and note to say so there.

        The notice is a report of its own, for the channel ``notice_in``: it is claimed, looked for and sent
        as any other.
        """
        with self._file.changing() as db:
            if not _end(db, report.server_id, report.person_id):
                return  # another process was faster
            db.execute("delete from alert_reports where id = ?", [report.id])
            db.execute(
                "insert into alert_reports (server_id, person_id, channel_id, kind, state, owner, claimed_at,"
                " until, tries, language) values (?, ?, ?, ?, 'claimed', '', ?, ?, 0, ?)",
                [
                    *_pair(report.server_id, report.person_id),
                    str(notice_in),
                    ReportKind.ENDED,
                    _text(now),
                    _text(now),
                    report.language,
                ],
            )
        self._file.wipe()

    def tidy(self, now: datetime) -> None:
        """Delete the reports older than :data:`REPORT_RETENTION`."""
        with self._file.changing() as db:
            db.execute(
                "delete from alert_reports where state <> 'claimed' and claimed_at < ?",
                [_text(now - REPORT_RETENTION)],
            )


def _alerts(db: Database, where: str, *values: int) -> list[Alert]:
    # The numbers of rows are numbers, those of Discord are text.
    rows = db.table("alerts").rows_where(
        where, [value if where == "id = ?" else str(value) for value in values], order_by="id"
    )
    return list(map(_alert_of, rows))


def _alert_of(row: Any) -> Alert:
    quiet = None
    if row["quiet"]:
        start, end = map(time.fromisoformat, row["quiet"].split("-"))
        quiet = QuietHours(start, end, ZoneInfo(row["zone"]))
    options = AlertOptions(
        person_id=int(row["person_id"]),
        asked_in=int(row["asked_in"]),
        query=row["query"],
        channel_id=None if row["channel_id"] is None else int(row["channel_id"]),
        language=row["language"],
        quiet=quiet,
    )
    held = row["held_until"]
    return Alert(
        row["id"],
        int(row["server_id"]),
        options,
        Position(row["archive"], row["position"]),
        held and datetime.fromisoformat(held),
    )


def _inserted(db: Database, table: str, row: dict[str, Any]) -> int:
    """Insert a row and return its number."""
    db.table(table).insert(row)
    (number,) = db.execute("select last_insert_rowid()").fetchone()
    return int(number)


def _count(db: Database, column: str, number: int) -> int:
    (count,) = db.execute(f"select count(*) from alerts where {column} = ?", [str(number)]).fetchone()  # noqa: S608 - a column of ours
    return int(count)


def _remove(db: Database, number: int) -> int:
    db.execute("delete from alert_matches where alert_id = ?", [number])
    return db.execute("delete from alerts where id = ?", [number]).rowcount


def _end(db: Database, server_id: int, person_id: int) -> int:
    alerts = _alerts(db, "server_id = ? and person_id = ?", server_id, person_id)
    return sum(_remove(db, alert.id) for alert in alerts)


def _waiting(db: Database, servers: set[str], now: datetime) -> list[list[Alert]]:
    """Return the alerts with matches that may be reported now, together those of one message."""
    with_matches = "id in (select alert_id from alert_matches where report is null)"
    rows: Iterable[dict[str, Any]] = db.table("alerts").rows_where(with_matches, order_by="id")
    places: dict[tuple[int, int, int | None, str], list[Alert]] = {}
    for row in rows:
        alert = _alert_of(row)
        held = alert.held_until is not None and alert.held_until > now
        quiet = alert.options.quiet is not None and alert.options.quiet.hold(now)
        if row["server_id"] in servers and not held and not quiet:
            places.setdefault(_place(alert), []).append(alert)
    return list(places.values())


def _place(alert: Alert) -> tuple[int, int, int | None, str]:
    options = alert.options
    return alert.server_id, options.person_id, options.channel_id, options.language


def _busy(db: Database, alert: Alert, now: datetime) -> bool:
    """Return whether a report to the same place is under way, or was sent a moment ago."""
    options = alert.options
    row = db.execute(
        "select 1 from alert_reports where server_id = ? and person_id = ? and channel_id is ? and kind = ?"
        " and (state = 'claimed' or claimed_at > ?)",
        [
            *_pair(alert.server_id, options.person_id),
            None if options.channel_id is None else str(options.channel_id),
            ReportKind.MATCHES,
            _text(now - _GAP),
        ],
    ).fetchone()
    return row is not None


def _new_report(db: Database, alert: Alert, kind: ReportKind, owner: str, now: datetime) -> int:
    options = alert.options
    row = {
        "server_id": str(alert.server_id),
        "person_id": str(options.person_id),
        "channel_id": None if options.channel_id is None else str(options.channel_id),
        "kind": kind,
        "state": "claimed",
        "owner": owner,
        "claimed_at": _text(now),
        "until": _text(now + _LEASE),
        "tries": 0,
        "language": options.language,
    }
    return _inserted(db, "alert_reports", row)


def _report(db: Database, number: int) -> Report:
    row = next(db.query("select * from alert_reports where id = ?", [number]))
    return _report_of(row, again=False)


def _report_of(row: Any, *, again: bool) -> Report:
    return Report(
        id=row["id"],
        server_id=int(row["server_id"]),
        person_id=int(row["person_id"]),
        kind=ReportKind(row["kind"]),
        owner=row["owner"],
        claimed_at=datetime.fromisoformat(row["claimed_at"]),
        held_until=datetime.fromisoformat(row["until"]),
        channel_id=None if row["channel_id"] is None else int(row["channel_id"]),
        language=row["language"],
        again=again,
    )


def _pair(server_id: int, person_id: int) -> tuple[str, str]:
    return str(server_id), str(person_id)


def _text(moment: datetime) -> str:
    """Return an aware time as text in UTC, of one width, so that it sorts."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
