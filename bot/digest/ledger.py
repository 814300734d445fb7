"""The ledger: the servers' subscriptions, and the state of each digest, in ``servers.db``.

A server may have several digests, told apart by their numbers. One is claimed before it is composed: one row
for a server, a number and a date, which only one process can insert.
A claim expires, so that another process, or the same one after a crash, can take it over. What is due is
decided from these rows and the time alone.

Deletion: every row names its server and is deleted with it; an admin's account is removed at their request.
Digests are kept for :data:`LEDGER_RETENTION`, their editions (:mod:`bot.digest.editions`) for good.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from bot.database import ServerFile
from bot.digest.contents import Content
from bot.digest.due import due_date
from bot.digest.editions import Edition, write_edition
from bot.digest.model import (
    Claim,
    DigestOptions,
    DigestState,
    LedgerEntry,
    PauseReason,
    Position,
    Subscription,
)
from bot.digest.resurfacing import Selection
from bot.digest.tables import migrations

__all__ = ["LEASE", "LEDGER_RETENTION", "MAX_DIGESTS", "Ledger", "TooManyDigestsError"]

#: How long a claim holds; a request sent under it has ended well before.
LEASE: Final = timedelta(minutes=2)
#: How long a digest's row is kept.
LEDGER_RETENTION: Final = timedelta(days=400)
#: How many digests a server may have. A number beyond 20 would not fit into the ids of Discord's containers.
MAX_DIGESTS: Final = 10

#: Names a digest of a date; see :func:`_key`.
_KEY: Final = "server_id = ? and number = ? and day = ?"
_BACK_OFFS: Final = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 600))


class TooManyDigestsError(ValueError):
    """The server has as many digests as it may have."""


class Ledger:
    """The ledger in an open file; safe from any thread, and blocking: never call it on an event loop.

    Every method may raise :class:`~retrieval.errors.StoreError`.
    """

    def __init__(self, file: ServerFile, *, lease: timedelta = LEASE) -> None:
        file.bring_up(migrations)
        self._file = file
        self._lease = lease

    # Subscriptions

    def subscribe(
        self, server_id: int, options: DigestOptions, position: Position, now: datetime
    ) -> Subscription:
        """Create or change a server's subscription of that name and return it.

        A first one is not due at once: dates up to the one that would be due count as done, and so do
        those that passed while it was paused, or before its weekdays changed. The next digest still covers
        what came in since the last. Raises :class:`TooManyDigestsError` beyond :data:`MAX_DIGESTS`.
        """
        with self._file.changing() as db:
            return _subscribe(db, server_id, options, position, now)

    def pause(self, server_id: int, number: int = 0) -> Subscription | None:
        """Pause a server's digest for its admin; return it, ``None`` where there is none."""
        with self._file.changing() as db:
            db.execute(
                "update digest_subscriptions set paused = ?"
                " where server_id = ? and number = ? and paused is null",
                [PauseReason.ADMIN, str(server_id), number],
            )
            return _subscription(db, server_id, number)

    def resume(self, server_id: int, now: datetime, number: int = 0) -> Subscription | None:
        """Resume a paused digest with the next date; return it, ``None`` where there is none."""
        with self._file.changing() as db:
            before = _subscription(db, server_id, number)
            if before is None or before.paused is None:
                return before
            return _subscribe(db, server_id, before.options, before.position, now)

    def unsubscribe(self, server_id: int, number: int = 0) -> bool:
        """Delete a server's subscription; return whether there was one. Rows of digests are kept."""
        with self._file.changing() as db:
            deleted = db.execute(
                "delete from digest_subscriptions where server_id = ? and number = ?",
                [str(server_id), number],
            )
            return bool(deleted.rowcount)

    def reselect(
        self, server_id: int, number: int, change: Callable[[Selection], Selection]
    ) -> Subscription | None:
        """Change which threads a digest takes; return it, ``None`` where there is none."""
        with self._file.changing() as db:
            before = _subscription(db, server_id, number)
            if before is None:
                return None
            options = replace(before.options, selection=change(before.options.selection))
            after = replace(before, options=options)
            _write(db, after)
            return after

    def reopen(self, server_id: int, day: date, now: datetime, number: int = 0) -> None:
        """Let a date that counts as done without a digest have one, as where its hour passed in a pause."""
        with self._file.changing() as db:
            before = _row(db, server_id, number, day)
            if before is None or _claimable(before, now):
                db.execute(
                    "update digest_subscriptions set last = ?"
                    " where server_id = ? and number = ? and last = ?",
                    [(day - timedelta(days=1)).isoformat(), str(server_id), number, day.isoformat()],
                )

    def subscription(self, server_id: int, number: int = 0) -> Subscription | None:
        """Return a server's subscription."""
        with self._file.reading() as db:
            return _subscription(db, server_id, number)

    def subscriptions_of(self, server_id: int) -> list[Subscription]:
        """Return a server's subscriptions, by their numbers."""
        with self._file.reading() as db:
            return _subscriptions(db, server_id)

    def subscriptions(self) -> list[Subscription]:
        """Return every subscription."""
        with self._file.reading() as db:
            return [_subscription_of(row) for row in db.table("digest_subscriptions").rows]

    # Digests

    def waiting(self, now: datetime) -> list[Subscription]:
        """Return the subscriptions that are due, not claimed, and not in back-off."""
        with self._file.reading() as db:
            claimed = {
                (row["server_id"], row["number"], row["day"])
                for row in db.query(
                    "select server_id, number, day from digests where state = 'claimed' and until > ?",
                    [_text(now)],
                )
            }
            rows = list(db.table("digest_subscriptions").rows_where("paused is null"))
        due = []
        for row in rows:
            subscription = _subscription_of(row)
            day = subscription.due(now)
            if day is not None and (row["server_id"], row["number"], day.isoformat()) not in claimed:
                due.append(subscription)
        return due

    def claim(  # noqa: PLR0913, PLR0917 - the key, and who claims it when
        self, server_id: int, day: date, owner: str, position: Position, now: datetime, number: int = 0
    ) -> Claim | None:
        """Claim the digest of a date; ``None`` where it is done, claimed elsewhere, or not subscribed to.

        The row is written before anything is composed. An expired claim is taken over with the threads
        it was to cover. While an earlier date is unfinished nothing is claimed; see :meth:`unfinished`.
        """
        with self._file.changing() as db:
            subscription = _subscription(db, server_id, number)
            if subscription is None or subscription.paused is not None or subscription.last >= day:
                return None
            before = _row(db, server_id, number, day)
            if _unfinished(db, server_id, number, before=day) or (before and not _claimable(before, now)):
                return None
            again = before is not None and before["state"] == DigestState.CLAIMED
            if before is None or not again:
                after = None if subscription.last == date.min else subscription.last
                row: dict[str, Any] = {
                    "server_id": str(server_id),
                    "number": number,
                    "day": day.isoformat(),
                    "tries": 0,
                    "channel_id": str(subscription.options.channel_id),
                    "after": after and after.isoformat(),
                    "archive": position.archive,
                    "since": position.following(subscription.position),
                    "upto": position.number,
                    "claimed_at": _text(now),
                }
            else:
                row = before | {"tries": before["tries"] + 1}
            row |= {"state": DigestState.CLAIMED, "owner": owner, "until": _text(now + self._lease)}
            db.table("digests").upsert(row, pk=("server_id", "number", "day"))
            return Claim(_entry_of(row), subscription, owner, again)

    def unfinished(self, server_id: int, day: date, now: datetime, number: int = 0) -> list[LedgerEntry]:
        """Return the digests of earlier dates whose claims expired before they were finished."""
        with self._file.reading() as db:
            rows = _unfinished(db, server_id, number, before=day)
        return [_entry_of(row) for row in rows if row["until"] <= _text(now)]

    def renew(self, claim: Claim, now: datetime) -> bool:
        """Extend a claim, for the channel that is set now; return whether it is still this process's."""
        channel = str(claim.subscription.options.channel_id)
        with self._file.changing() as db:
            renewed = db.execute(
                f"update digests set until = ?, channel_id = ? where {_KEY} and owner = ?"  # noqa: S608 - a constant
                " and state = 'claimed'",
                [_text(now + self._lease), channel, *_key(claim.entry), claim.owner],
            )
            return bool(renewed.rowcount)

    def note_feature(self, claim: Claim, thread_id: str) -> None:
        """Store which thread from the archive was chosen, so that a repetition shows the same one.

        Several have spaces between.
        """
        with self._file.changing() as db:
            db.execute(
                f"update digests set feature = ? where {_KEY}",  # noqa: S608 - a constant
                [thread_id, *_key(claim.entry)],
            )

    def finish(
        self,
        entry: LedgerEntry,
        state: DigestState,
        message_id: int | None = None,
        edition: Edition | None = None,
    ) -> None:
        """Record a digest as ``POSTED``, with its edition, or as ``QUIET``, and its date as done."""
        with self._file.changing() as db:
            _close(db, entry, state, message_id)
            row = _row(db, entry.server_id, entry.number, entry.day)
            if row is None:
                return  # the server was erased meanwhile, and nothing of it comes back
            db.execute(
                "update digest_subscriptions set last = max(last, ?), archive = ?, position = ?"
                " where server_id = ? and number = ? and last <= ?",
                [row["day"], row["archive"], row["upto"], row["server_id"], row["number"], row["day"]],
            )
            if edition is not None:
                write_edition(db, edition)
                db.table("digest_shown").upsert_all(
                    (
                        {
                            "server_id": str(entry.server_id),
                            "number": entry.number,
                            "thread_id": thread,
                            "day": entry.day.isoformat(),
                        }
                        for thread in (*edition.new, *edition.archive)
                    ),
                    pk=("server_id", "number", "thread_id"),
                )

    def miss(self, entry: LedgerEntry) -> None:
        """Record that a digest was never posted; the next one covers its threads."""
        with self._file.changing() as db:
            _close(db, entry, DigestState.MISSED, None)

    def put_off(self, claim: Claim, now: datetime) -> timedelta:
        """Release a claim after a transient failure; return after how long it may be claimed again."""
        with self._file.changing() as db:
            row = _row(db, claim.entry.server_id, claim.entry.number, claim.entry.day)
            back_off = _BACK_OFFS[min(row["tries"] if row else 0, len(_BACK_OFFS) - 1)]
            db.execute(
                f"update digests set until = ? where {_KEY} and owner = ?"  # noqa: S608 - a constant
                " and state = 'claimed'",
                [_text(now + back_off), *_key(claim.entry), claim.owner],
            )
        return back_off

    def refuse(self, claim: Claim, reason: PauseReason) -> bool:
        """Pause a digest that Discord refuses permanently; return whether this call paused it.

        That caller alone notifies the admin.
        """
        with self._file.changing() as db:
            _close(db, claim.entry, DigestState.REFUSED, None)
            paused = db.execute(
                "update digest_subscriptions set paused = ?"
                " where server_id = ? and number = ? and paused is null",
                [reason, str(claim.entry.server_id), claim.entry.number],
            )
            return bool(paused.rowcount)

    def entry(self, server_id: int, day: date, number: int = 0) -> LedgerEntry | None:
        """Return the ledger's entry of a digest."""
        with self._file.reading() as db:
            row = _row(db, server_id, number, day)
        return None if row is None else _entry_of(row)

    def entries(
        self, server_id: int, number: int = 0, *, limit: int = 1, posted: bool = False
    ) -> list[LedgerEntry]:
        """Return the latest dates of a server's digest, newest first; with ``posted`` only those posted."""
        where = "server_id = ? and number = ?" + (" and state = 'posted'" if posted else "")
        values = [str(server_id), number]
        with self._file.reading() as db:
            rows = db.table("digests").rows_where(where, values, order_by="day desc", limit=limit)
            return list(map(_entry_of, rows))

    def last_posted(self) -> datetime | None:
        """Return when the latest posted digest was claimed, of all servers."""
        with self._file.reading() as db:
            (moment,) = db.execute("select max(claimed_at) from digests where state = 'posted'").fetchone()
        return None if moment is None else datetime.fromisoformat(moment)

    def paused_by_errors(self) -> int:
        """Return how many digests are paused because Discord refused them."""
        with self._file.reading() as db:
            (count,) = db.execute(
                "select count(*) from digest_subscriptions where paused is not null and paused <> ?",
                [PauseReason.ADMIN],
            ).fetchone()
        return int(count)

    def shown(self, server_id: int, before: date, number: int = 0) -> dict[str, date]:
        """Return the date on which each thread was last shown in a server's digest, before a date."""
        with self._file.reading() as db:
            rows = db.table("digest_shown").rows_where(
                "server_id = ? and number = ? and day < ?", [str(server_id), number, before.isoformat()]
            )
            return {row["thread_id"]: date.fromisoformat(row["day"]) for row in rows}

    def tidy(self, now: datetime) -> None:
        """Delete the digests older than :data:`LEDGER_RETENTION`."""
        with self._file.changing() as db:
            db.execute("delete from digests where day < ?", [(now - LEDGER_RETENTION).date().isoformat()])


def _subscription(db: Database, server_id: int, number: int) -> Subscription | None:
    return next((one for one in _subscriptions(db, server_id) if one.number == number), None)


def _subscriptions(db: Database, server_id: int) -> list[Subscription]:
    rows = db.table("digest_subscriptions").rows_where("server_id = ?", [str(server_id)], order_by="number")
    return list(map(_subscription_of, rows))


def _subscribe(
    db: Database, server_id: int, options: DigestOptions, position: Position, now: datetime
) -> Subscription:
    done = due_date(now, options.zone, options.at, options.weekdays)
    known, name = _subscriptions(db, server_id), options.name.casefold()
    before = next((one for one in known if one.options.name.casefold() == name), None)
    if before is None and len(known) >= MAX_DIGESTS:
        raise TooManyDigestsError(f"a server has {MAX_DIGESTS} digests at most")
    taken = {one.number for one in known}
    number = before.number if before else next(free for free in range(MAX_DIGESTS) if free not in taken)
    latest = db.execute(
        "select max(day) from digests where server_id = ? and number = ? and state in ('posted', 'quiet')",
        [str(server_id), number],
    ).fetchone()[0]
    last = date.fromisoformat(latest) if latest else date.min
    if before is None or before.paused is not None or before.options.weekdays != options.weekdays:
        last = max(last, done)
    if before is not None:
        last, position = max(last, before.last), before.position
    subscription = Subscription(server_id, options, last, position, number=number)
    _write(db, subscription)
    return subscription


def _subscription_of(row: Any) -> Subscription:
    options = DigestOptions(
        channel_id=int(row["channel_id"]),
        zone=ZoneInfo(row["zone"]),
        at=time.fromisoformat(row["at"]),
        content=Content(row["content"]),
        role_id=_number(row["role_id"]),
        language=row["language"],
        admin_id=_number(row["admin_id"]),
        name=row["name"],
        weekdays=frozenset(map(int, row["weekdays"])),
        selection=Selection.from_json(row["selection"]),
    )
    return Subscription(
        server_id=int(row["server_id"]),
        options=options,
        last=date.fromisoformat(row["last"]),
        position=Position(row["archive"], row["position"]),
        paused=None if row["paused"] is None else PauseReason(row["paused"]),
        number=row["number"],
    )


def _write(db: Database, subscription: Subscription) -> None:
    options = subscription.options
    row = {
        "server_id": str(subscription.server_id),
        "number": subscription.number,
        "name": options.name,
        "weekdays": "".join(map(str, sorted(options.weekdays))),
        "selection": options.selection.to_json(),
        "channel_id": str(options.channel_id),
        "zone": options.zone.key,
        "at": options.at.isoformat("minutes"),
        "content": options.content,
        "role_id": None if options.role_id is None else str(options.role_id),
        "language": options.language,
        "admin_id": None if options.admin_id is None else str(options.admin_id),
        "last": subscription.last.isoformat(),
        "archive": subscription.position.archive,
        "position": subscription.position.number,
        "paused": subscription.paused,
    }
    db.table("digest_subscriptions").upsert(row, pk=("server_id", "number"))


def _row(db: Database, server_id: int, number: int, day: date) -> dict[str, Any] | None:
    rows = db.table("digests").rows_where(_KEY, [str(server_id), number, day.isoformat()])
    return next(iter(rows), None)


def _unfinished(db: Database, server_id: int, number: int, *, before: date) -> list[dict[str, Any]]:
    where = "server_id = ? and number = ? and day < ? and state = 'claimed'"
    rows: Iterable[dict[str, Any]] = db.table("digests").rows_where(
        where, [str(server_id), number, before.isoformat()], order_by="day"
    )
    return list(rows)


def _claimable(row: dict[str, Any], now: datetime) -> bool:
    """Return whether a digest may be claimed again: it was refused, or its claim expired."""
    return bool(
        row["state"] == DigestState.REFUSED
        or (row["state"] == DigestState.CLAIMED and row["until"] <= _text(now))
    )


def _close(db: Database, entry: LedgerEntry, state: DigestState, message_id: int | None) -> None:
    db.execute(
        f"update digests set state = ?, message_id = ? where {_KEY}"  # noqa: S608 - a constant
        " and state = 'claimed'",
        [state, None if message_id is None else str(message_id), *_key(entry)],
    )


def _entry_of(row: Any) -> LedgerEntry:
    return LedgerEntry(
        server_id=int(row["server_id"]),
        day=date.fromisoformat(row["day"]),
        state=DigestState(row["state"]),
        claimed_at=datetime.fromisoformat(row["claimed_at"]),
        held_until=datetime.fromisoformat(row["until"]),
        channel_id=int(row["channel_id"]),
        after=None if row["after"] is None else date.fromisoformat(row["after"]),
        since=row["since"],
        until=row["upto"],
        feature=row.get("feature"),
        message_id=_number(row.get("message_id")),
        number=row["number"],
    )


def _key(entry: LedgerEntry) -> tuple[str, int, str]:
    return str(entry.server_id), entry.number, entry.day.isoformat()


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)


def _text(moment: datetime) -> str:
    """Return an aware time as text in UTC, of one width, so that it sorts."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
