"""The ledger: which servers want a digest, and what became of each, in the file kept about servers.

A digest is claimed before it is composed: one row for a server and a date, which only one process can
make. A claim runs out after a while, so that another process, or the same after a crash, can go on from
it. What is due is decided from these rows and the time alone.

How it forgets: every row says whose server it is of and goes with it; the account of an admin is taken out
when they wish so. Digests are remembered for :data:`KEPT`.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlite_utils import Database, Migrations

from bot.database import ServerFile
from bot.digest.contents import Content
from bot.digest.due import due_date
from bot.digest.model import Claim, DigestState, LedgerEntry, PauseReason, Position, Subscription, Wish

__all__ = ["LEASE", "LEDGER_RETENTION", "Ledger"]

#: How long a claim holds. Long after this, nothing that was sent under it can still be on its way.
LEASE: Final = timedelta(minutes=2)
#: How long the ledger remembers a digest.
LEDGER_RETENTION: Final = timedelta(days=400)

_PAUSES: Final = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 600))

migrations = Migrations("digest")


@migrations()
def m001_digests(db: Database) -> None:
    """Create subscriptions, the digests of each date, and which threads were shown when."""
    db.execute(
        "create table digest_subscriptions (server_id text primary key, channel_id text not null,"
        " zone text not null, at text not null, content text not null, role_id text,"
        " language text not null, admin_id text, last text not null, archive text not null,"
        " position integer not null, paused text) without rowid"
    )
    db.execute(
        "create table digests (server_id text not null, day text not null, state text not null,"
        " owner text not null, claimed_at text not null, until text not null, tries integer not null,"
        " channel_id text not null, after text, archive text not null, since integer not null,"
        " upto integer not null, feature text, message_id text, primary key (server_id, day)) without rowid"
    )
    db.execute("create index digests_unfinished on digests (server_id, day) where state = 'claimed'")
    db.execute(
        "create table digest_shown (server_id text not null, thread_id text not null, day text not null,"
        " primary key (server_id, thread_id)) without rowid"
    )


class Ledger:
    """The ledger in an open file; safe from any thread, and blocking: never call it on an event loop.

    Every method may raise :class:`~retrieval.errors.StoreError`.
    """

    def __init__(self, file: ServerFile, *, lease: timedelta = LEASE) -> None:
        file.bring_up(migrations)
        self._file = file
        self._lease = lease

    # What admins wish

    def subscribe(self, server_id: int, wish: Wish, position: Position, now: datetime) -> Subscription:
        """Take up a wish, also where there was one before; return the subscription as it is now.

        A first one is not due at once: dates up to the one that would be due count as done with, and so
        do those that passed while it was paused. What came in since the last digest stays to be told.
        """
        done = due_date(now, wish.zone, wish.at)
        with self._file.changing() as db:
            before = _subscription(db, server_id)
            latest = db.execute(
                "select max(day) from digests where server_id = ? and state in ('posted', 'quiet')",
                [str(server_id)],
            ).fetchone()[0]
            last = date.fromisoformat(latest) if latest else date.min
            if before is None or before.paused is not None:
                last = max(last, done)
            if before is not None:
                last, position = max(last, before.last), before.position
            subscription = Subscription(server_id, wish, last, position)
            _write(db, subscription)
        return subscription

    def pause(self, server_id: int) -> Subscription | None:
        """Pause a server's digest as its admin wishes; return it, ``None`` where there is none."""
        with self._file.changing() as db:
            db.execute(
                "update digest_subscriptions set paused = ? where server_id = ? and paused is null",
                [PauseReason.ADMIN, str(server_id)],
            )
            return _subscription(db, server_id)

    def resume(self, server_id: int, now: datetime) -> Subscription | None:
        """Let a paused digest go on with the next date; return it, ``None`` where there is none."""
        with self._file.reading() as db:
            before = _subscription(db, server_id)
        if before is None or before.paused is None:
            return before
        return self.subscribe(server_id, before.wish, before.position, now)

    def unsubscribe(self, server_id: int) -> bool:
        """End a server's digest; return whether there was one. What was posted stays remembered."""
        with self._file.changing() as db:
            found = db.execute("delete from digest_subscriptions where server_id = ?", [str(server_id)])
            return bool(found.rowcount)

    def subscription(self, server_id: int) -> Subscription | None:
        """Return a server's subscription."""
        with self._file.reading() as db:
            return _subscription(db, server_id)

    def subscriptions(self) -> list[Subscription]:
        """Return every subscription."""
        with self._file.reading() as db:
            return [_subscription_of(row) for row in db.table("digest_subscriptions").rows]

    # What became of them

    def waiting(self, now: datetime) -> list[Subscription]:
        """Return the subscriptions that are due and that nobody is at, nor told to wait with."""
        with self._file.reading() as db:
            busy = {
                (row["server_id"], row["day"])
                for row in db.query(
                    "select server_id, day from digests where state = 'claimed' and until > ?", [_text(now)]
                )
            }
            rows = list(db.table("digest_subscriptions").rows_where("paused is null"))
        found = []
        for row in rows:
            subscription = _subscription_of(row)
            day = subscription.due(now)
            if day is not None and (row["server_id"], day.isoformat()) not in busy:
                found.append(subscription)
        return found

    def claim(self, server_id: int, day: date, owner: str, position: Position, now: datetime) -> Claim | None:
        """Claim the digest of a date; return ``None`` where it is done, in other hands, or not wanted.

        The row is written before anything is composed. A claim that ran out is taken over with what it
        was to cover. While an earlier date is unfinished nothing is claimed; see :meth:`unfinished`.
        """
        with self._file.changing() as db:
            subscription = _subscription(db, server_id)
            if subscription is None or subscription.paused is not None or subscription.last >= day:
                return None
            found = _row(db, server_id, day)
            if _unfinished(db, server_id, before=day) or (found and not _free(found, now)):
                return None
            again = found is not None and found["state"] == DigestState.CLAIMED
            if found is None or not again:
                after = None if subscription.last == date.min else subscription.last
                row: dict[str, Any] = {
                    "server_id": str(server_id),
                    "day": day.isoformat(),
                    "tries": 0,
                    "channel_id": str(subscription.wish.channel_id),
                    "after": after and after.isoformat(),
                    "archive": position.archive,
                    "since": position.following(subscription.position),
                    "upto": position.number,
                    "claimed_at": _text(now),
                }
            else:
                row = found | {"tries": found["tries"] + 1}
            row |= {"state": DigestState.CLAIMED, "owner": owner, "until": _text(now + self._lease)}
            db.table("digests").upsert(row, pk=("server_id", "day"))
            return Claim(_entry_of(row), subscription, owner, again)

    def unfinished(self, server_id: int, day: date, now: datetime) -> list[LedgerEntry]:
        """Return the digests of dates before one that somebody began and nobody is at any more."""
        with self._file.reading() as db:
            rows = _unfinished(db, server_id, before=day)
        return [_entry_of(row) for row in rows if row["until"] <= _text(now)]

    def renew(self, claim: Claim, now: datetime) -> bool:
        """Hold a claim for longer, and for the channel that is wished now; return whether it is ours."""
        channel = str(claim.subscription.wish.channel_id)
        with self._file.changing() as db:
            found = db.execute(
                "update digests set until = ?, channel_id = ? where server_id = ? and day = ? and owner = ?"
                " and state = 'claimed'",
                [_text(now + self._lease), channel, *_key(claim.entry), claim.owner],
            )
            return bool(found.rowcount)

    def note_feature(self, claim: Claim, thread_id: str) -> None:
        """Keep the choice of the thread from the archive, so that a repetition shows the same one."""
        with self._file.changing() as db:
            db.execute(
                "update digests set feature = ? where server_id = ? and day = ?",
                [thread_id, *_key(claim.entry)],
            )

    def finish(
        self, entry: LedgerEntry, state: DigestState, message_id: int | None = None, shown: Sequence[str] = ()
    ) -> None:
        """Record what became of a digest, ``POSTED`` or ``QUIET``, and that its date is done with."""
        with self._file.changing() as db:
            _close(db, entry, state, message_id)
            row = _row(db, entry.server_id, entry.day)
            if row is not None:
                db.execute(
                    "update digest_subscriptions set last = max(last, ?), archive = ?, position = ?"
                    " where server_id = ? and last <= ?",
                    [row["day"], row["archive"], row["upto"], row["server_id"], row["day"]],
                )
            db.table("digest_shown").upsert_all(
                (
                    {"server_id": str(entry.server_id), "thread_id": thread, "day": entry.day.isoformat()}
                    for thread in shown
                ),
                pk=("server_id", "thread_id"),
            )

    def miss(self, entry: LedgerEntry) -> None:
        """Record that a digest was never posted; what it was to cover is for the next one."""
        with self._file.changing() as db:
            _close(db, entry, DigestState.MISSED, None)

    def put_off(self, claim: Claim, now: datetime) -> timedelta:
        """Give up a claim for a while after a failure that will pass; return for how long."""
        with self._file.changing() as db:
            row = _row(db, claim.entry.server_id, claim.entry.day)
            pause = _PAUSES[min(row["tries"] if row else 0, len(_PAUSES) - 1)]
            db.execute(
                "update digests set until = ? where server_id = ? and day = ? and owner = ?"
                " and state = 'claimed'",
                [_text(now + pause), *_key(claim.entry), claim.owner],
            )
        return pause

    def refuse(self, claim: Claim, reason: PauseReason) -> bool:
        """Pause a digest that Discord refuses for good; return whether its admin is to be told.

        That is so once: for the caller that paused it.
        """
        with self._file.changing() as db:
            _close(db, claim.entry, DigestState.REFUSED, None)
            paused = db.execute(
                "update digest_subscriptions set paused = ? where server_id = ? and paused is null",
                [reason, str(claim.entry.server_id)],
            )
            return bool(paused.rowcount)

    def entry(self, server_id: int, day: date) -> LedgerEntry | None:
        """Return what the ledger says of a digest."""
        with self._file.reading() as db:
            row = _row(db, server_id, day)
        return None if row is None else _entry_of(row)

    def entries(self, server_id: int, *, limit: int = 1, posted: bool = False) -> list[LedgerEntry]:
        """Return the latest digests of a server, the newest first; only posted ones where so wished."""
        where = "server_id = ?" + (" and state = 'posted'" if posted else "")
        with self._file.reading() as db:
            rows = db.table("digests").rows_where(where, [str(server_id)], order_by="day desc", limit=limit)
            return list(map(_entry_of, rows))

    def shown(self, server_id: int, before: date) -> dict[str, date]:
        """Return when each thread was shown in a server last, of those shown before a date."""
        with self._file.reading() as db:
            rows = db.table("digest_shown").rows_where(
                "server_id = ? and day < ?", [str(server_id), before.isoformat()]
            )
            return {row["thread_id"]: date.fromisoformat(row["day"]) for row in rows}

    def tidy(self, now: datetime) -> None:
        """Forget the digests of long ago."""
        with self._file.changing() as db:
            db.execute("delete from digests where day < ?", [(now - LEDGER_RETENTION).date().isoformat()])


def _subscription(db: Database, server_id: int) -> Subscription | None:
    rows = db.table("digest_subscriptions").rows_where("server_id = ?", [str(server_id)])
    row = next(rows, None)
    return None if row is None else _subscription_of(row)


def _subscription_of(row: Any) -> Subscription:
    wish = Wish(
        channel_id=int(row["channel_id"]),
        zone=ZoneInfo(row["zone"]),
        at=time.fromisoformat(row["at"]),
        content=Content(row["content"]),
        role_id=_number(row["role_id"]),
        language=row["language"],
        admin_id=_number(row["admin_id"]),
    )
    return Subscription(
        server_id=int(row["server_id"]),
        wish=wish,
        last=date.fromisoformat(row["last"]),
        position=Position(row["archive"], row["position"]),
        paused=None if row["paused"] is None else PauseReason(row["paused"]),
    )


def _write(db: Database, subscription: Subscription) -> None:
    wish = subscription.wish
    row = {
        "server_id": str(subscription.server_id),
        "channel_id": str(wish.channel_id),
        "zone": wish.zone.key,
        "at": wish.at.isoformat("minutes"),
        "content": wish.content,
        "role_id": None if wish.role_id is None else str(wish.role_id),
        "language": wish.language,
        "admin_id": None if wish.admin_id is None else str(wish.admin_id),
        "last": subscription.last.isoformat(),
        "archive": subscription.position.archive,
        "position": subscription.position.number,
        "paused": subscription.paused,
    }
    db.table("digest_subscriptions").upsert(row, pk="server_id")


def _row(db: Database, server_id: int, day: date) -> dict[str, Any] | None:
    rows = db.table("digests").rows_where("server_id = ? and day = ?", [str(server_id), day.isoformat()])
    return next(iter(rows), None)


def _unfinished(db: Database, server_id: int, *, before: date) -> list[dict[str, Any]]:
    where = "server_id = ? and day < ? and state = 'claimed'"
    rows: Iterable[dict[str, Any]] = db.table("digests").rows_where(
        where, [str(server_id), before.isoformat()], order_by="day"
    )
    return list(rows)


def _free(row: dict[str, Any], now: datetime) -> bool:
    """Return whether a digest that is known may be claimed: refused, or its claim ran out."""
    return bool(
        row["state"] == DigestState.REFUSED
        or (row["state"] == DigestState.CLAIMED and row["until"] <= _text(now))
    )


def _close(db: Database, entry: LedgerEntry, state: DigestState, message_id: int | None) -> None:
    db.execute(
        "update digests set state = ?, message_id = ? where server_id = ? and day = ? and state = 'claimed'",
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
    )


def _key(entry: LedgerEntry) -> tuple[str, str]:
    return str(entry.server_id), entry.day.isoformat()


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)


def _text(moment: datetime) -> str:
    """Return an aware time in UTC, of one width, so that it sorts as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
