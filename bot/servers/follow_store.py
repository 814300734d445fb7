"""Who is followed, what came of looking, and which threads by link are asked for again.

A follow belongs to a server, or to the operator for a public collection. The account is kept once, by its id,
however many follow it, so one look serves all of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlite_utils import Database, Migrations

from bot.database import ServerFile
from bot.fetching.schedule import Course, Revisit
from bot.fetching.service import Account
from retrieval.formats.import_types import News

__all__ = ["FetchedLink", "Follow", "FollowStore", "Followed", "Place", "migrations"]

#: Stands for the operator, whose threads are public.
_PUBLIC: Final = ""

migrations = Migrations("following")


@migrations()
def m001_following(db: Database) -> None:
    """Create the accounts that are followed, by whom, the threads taken, and those asked for again."""
    db.table("followed_accounts").create(
        {
            "host": str,
            "account_id": str,
            "service": str,
            "handle": str,
            "due": str,
            "looked": str,
            "succeeded": str,
            "failures": int,
            "reason": str,
            "latest": str,
            "etag": str,
        },
        pk=("host", "account_id"),
        not_null={"service", "handle", "due", "failures"},
        strict=True,
    )
    db.table("follows").create(
        {
            "id": int,
            "server_id": str,
            "collection": str,
            "host": str,
            "account_id": str,
            "followed_at": str,
            "reason": str,
        },
        pk="id",
        not_null={"server_id", "collection", "host", "account_id", "followed_at"},
        strict=True,
    )
    db.table("follows").create_index(["host", "account_id", "server_id"], "follows_account", unique=True)
    db.table("followed_threads").create(
        {"server_id": str, "follow_id": int, "thread": str, "latest": str, "backlog": int},
        pk=("follow_id", "thread"),
        not_null={"server_id", "latest", "backlog"},
        strict=True,
    )
    db.table("fetched_threads").create(
        {
            "server_id": str,
            "collection": str,
            "link": str,
            "host": str,
            "account_id": str,
            "news": str,
            "latest": str,
            "due": str,
            "tries": int,
            "gone": str,
            "missing": str,
            "stored": int,
        },
        pk=("server_id", "collection", "link"),
        not_null={"host", "news", "tries", "stored"},
        strict=True,
    )
    db.table("fetched_threads").create_index(["due"], "fetched_threads_due")


@dataclass(frozen=True, slots=True)
class Place:
    """Where threads go: a collection of a server, ``None`` for a public one."""

    server_id: int | None
    collection: str


@dataclass(frozen=True, slots=True)
class Follow:
    """An account followed into a collection since a moment; ``reason`` says why threads are not taken now."""

    id: int
    place: Place
    followed_at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """A followed account, what came of the looks at it, and one of those who follow it."""

    account: Account
    course: Course
    follow: Follow

    @property
    def reason(self) -> str | None:
        """Return why nothing is taken now, ``None`` where all is well."""
        return self.course.reason or self.follow.reason


@dataclass(frozen=True, slots=True)
class FetchedLink:
    """A thread by link in one place, and what came of asking for it.

    ``account_id`` is whose it must be, where that is known from following. ``stored`` says whether any of it
    was ever taken in; ``missing`` why it is not whole.
    """

    place: Place
    link: str
    host: str
    news: News
    revisit: Revisit
    account_id: str | None = None
    latest: datetime | None = None
    missing: str | None = None
    stored: bool = True


class FollowStore:
    """The tables of following; every method blocks and may be called from any thread.

    Each raises :class:`~retrieval.errors.StoreError` where the file refuses.
    """

    def __init__(self, file: ServerFile) -> None:
        file.bring_up(migrations)
        self._file = file

    # Accounts and follows

    def add(self, account: Account, place: Place, now: datetime) -> bool:
        """Follow an account into a place, to be looked at now; return whether it was not followed there yet.

        An account that is followed by a server already stays in its collection.
        """
        with self._file.changing() as db:
            known = _course_of(db, account)
            begun = Course(now) if known is None else Course(now, known.looked, known.succeeded)
            db.table("followed_accounts").upsert(_account_row(account, begun), pk=("host", "account_id"))
            row = {
                "server_id": _server(place.server_id),
                "collection": place.collection,
                "host": account.host,
                "account_id": account.id,
                "followed_at": now.isoformat(),
            }
            same = "host = ? and account_id = ? and server_id = ?"
            if db.table("follows").count_where(same, [account.host, account.id, row["server_id"]]):
                return False
            db.table("follows").insert(row)
        return True

    def remove(self, follow_id: int) -> None:
        """End a follow; what it took stays in the archive, and is asked for again like any link."""
        with self._file.changing() as db:
            db.table("followed_threads").delete_where("follow_id = ?", [follow_id])
            db.table("follows").delete_where("id = ?", [follow_id])
            _drop_unfollowed(db)

    def forget_author(self, name: str) -> int:
        """End every follow of an author by a handle; return how many there were."""
        wanted = name.strip().removeprefix("@").casefold()
        with self._file.changing() as db:
            rows = [
                row
                for row in db.table("followed_accounts").rows
                if wanted in {row["handle"].casefold(), row["account_id"].casefold()}
            ]
            for row in rows:
                values = [row["host"], row["account_id"]]
                db.execute(
                    "delete from followed_threads where follow_id in"
                    " (select id from follows where host = ? and account_id = ?)",
                    values,
                )
                for table in ("follows", "fetched_threads", "followed_accounts"):
                    db.table(table).delete_where("host = ? and account_id = ?", values)
        if rows:
            self._file.wipe()
        return len(rows)

    def following(self, server_id: int | None = None, *, everyone: bool = False) -> list[Followed]:
        """Return what a server follows, without one what the operator does; or all there is."""
        values = {"everyone": everyone, "server": _server(server_id)}
        with self._file.reading() as db:
            rows = db.query(
                "select a.*, f.id as follow_id, f.server_id, f.collection, f.followed_at,"
                " f.reason as follow_reason from follows f join followed_accounts a"
                " using (host, account_id) where :everyone or f.server_id = :server"
                " order by lower(a.handle), f.id",
                values,
            )
            return [_followed(row) for row in rows]

    def follows_of(self, account: Account) -> list[Follow]:
        """Return who follows an account."""
        with self._file.reading() as db:
            rows = db.table("follows").rows_where(
                "host = ? and account_id = ?", [account.host, account.id], order_by="id"
            )
            return [_follow(row) for row in rows]

    def accounts(self) -> int:
        """Return how many accounts are followed."""
        with self._file.reading() as db:
            return int(
                db.execute("select count(distinct host || ' ' || account_id) from follows").fetchone()[0]
            )

    def due_accounts(self, now: datetime) -> list[tuple[Account, Course]]:
        """Return the accounts that are to be looked at, the one that is longest due first."""
        with self._file.reading() as db:
            rows = db.table("followed_accounts").rows_where(
                "due <= ? and exists (select 1 from follows f where f.host = followed_accounts.host"
                " and f.account_id = followed_accounts.account_id)",
                [now.isoformat()],
                order_by="due, account_id",
            )
            return [(_account(row), _course(row)) for row in rows]

    def note_look(self, account: Account, course: Course) -> None:
        """Record what came of a look, and what the account is called now."""
        with self._file.changing() as db:
            if _course_of(db, account) is not None:
                db.table("followed_accounts").upsert(_account_row(account, course), pk=("host", "account_id"))

    def rest_host(self, host: str, until: datetime) -> None:
        """Leave a host alone until a moment: nothing of it is due before."""
        with self._file.changing() as db:
            for table in ("followed_accounts", "fetched_threads"):
                db.execute(
                    f"update {table} set due = ? where host = ? and due < ?",  # noqa: S608 - our own names
                    [until.isoformat(), host, until.isoformat()],
                )

    def overdue(self, now: datetime) -> dict[str, datetime]:
        """Return when accounts and threads were due that were asked for before and are overdue now."""
        with self._file.reading() as db:
            accounts = db.execute(
                "select 'account ' || host || ' ' || account_id, due from followed_accounts"
                " where due < ? and looked is not null",
                [now.isoformat()],
            ).fetchall()
            threads = db.execute(
                "select 'thread ' || link, max(due) from fetched_threads where due < ? group by link",
                [now.isoformat()],
            ).fetchall()
        return {name: datetime.fromisoformat(due) for name, due in [*accounts, *threads]}

    def postpone(self, due: Mapping[str, datetime]) -> None:
        """Set when accounts and threads are due, by their names in :meth:`overdue`."""
        with self._file.changing() as db:
            for name, at in due.items():
                kind, _, rest = name.partition(" ")
                if kind == "account":
                    host, _, account_id = rest.partition(" ")
                    values = [at.isoformat(), host, account_id]
                    db.execute(
                        "update followed_accounts set due = ? where host = ? and account_id = ?", values
                    )
                else:
                    db.execute("update fetched_threads set due = ? where link = ?", [at.isoformat(), rest])

    # Threads of a follow

    def taken(self, follow: Follow) -> tuple[dict[str, datetime], int]:
        """Return the threads that a follow has dealt with, and how many of them were there before it."""
        with self._file.reading() as db:
            rows = list(db.table("followed_threads").rows_where("follow_id = ?", [follow.id]))
        latest = {row["thread"]: datetime.fromisoformat(row["latest"]) for row in rows}
        return latest, sum(row["backlog"] for row in rows)

    def note_taken(
        self,
        follow: Follow,
        thread: str,
        latest: datetime,
        fetched: FetchedLink | None,
    ) -> None:
        """Record that a follow has dealt with a thread, and when that is asked for again."""
        with self._file.changing() as db:
            if not db.table("follows").count_where("id = ?", [follow.id]):
                return
            row = {
                "server_id": _server(follow.place.server_id),
                "follow_id": follow.id,
                "thread": thread,
                "latest": latest.isoformat(),
                "backlog": int(latest <= follow.followed_at),
            }
            db.table("followed_threads").upsert(row, pk=("follow_id", "thread"))
            if fetched is not None:
                _write_fetched(db, fetched)

    def note_reason(self, follow: Follow, reason: str | None) -> None:
        """Record why a follow takes nothing now, ``None`` where it does."""
        if reason != follow.reason:
            with self._file.changing() as db:
                db.execute("update follows set reason = ? where id = ?", [reason, follow.id])

    # Threads by link

    def note_link(self, fetched: FetchedLink) -> None:
        """Record a link that a person has imported just now."""
        with self._file.changing() as db:
            _write_fetched(db, fetched)

    def drop_fetched(self, fetched: FetchedLink) -> None:
        """Ask for a link no more."""
        with self._file.changing() as db:
            _drop_fetched(db, fetched)

    def note_fetched(self, before: FetchedLink, after: FetchedLink) -> None:
        """Record what came of a link, which may have led to a thread by another one.

        Where it is no longer asked for, since its server was erased meanwhile, nothing is written.
        """
        with self._file.changing() as db:
            if _drop_fetched(db, before):
                _write_fetched(db, after)

    def fetched(self, place: Place, link: str) -> FetchedLink | None:
        """Return what came of a link in a place, ``None`` where it was not asked for."""
        with self._file.reading() as db:
            rows = db.table("fetched_threads").rows_where(
                "server_id = ? and collection = ? and link = ?",
                [_server(place.server_id), place.collection, link],
            )
            return next(map(_fetched, rows), None)

    def due_links(self, now: datetime) -> dict[str, list[FetchedLink]]:
        """Return the links that are to be asked for again, each with all places that have it."""
        with self._file.reading() as db:
            rows = db.table("fetched_threads").rows_where(
                "link in (select link from fetched_threads where due <= ? order by due limit 200)",
                [now.isoformat()],
                order_by="due",
            )
            found: dict[str, list[FetchedLink]] = {}
            for one in map(_fetched, rows):
                found.setdefault(one.link, []).append(one)
        return found

    def tidy(self) -> None:
        """Drop the accounts that nobody follows any more."""
        with self._file.reading() as db:
            left = db.execute(f"select 1 from followed_accounts where {_UNFOLLOWED} limit 1").fetchone()  # noqa: S608
        if left:
            with self._file.changing() as db:
                _drop_unfollowed(db)


_UNFOLLOWED: Final = (
    "not exists (select 1 from follows f where f.host = followed_accounts.host"
    " and f.account_id = followed_accounts.account_id)"
)


def _drop_unfollowed(db: Database) -> None:
    db.execute(f"delete from followed_accounts where {_UNFOLLOWED}")  # noqa: S608 - our own words


def _server(server_id: int | None) -> str:
    return _PUBLIC if server_id is None else str(server_id)


def _time(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()


def _read_time(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _place(row: Mapping[str, Any]) -> Place:
    return Place(int(row["server_id"]) if row["server_id"] else None, row["collection"])


def _follow(row: Mapping[str, Any]) -> Follow:
    return Follow(row["id"], _place(row), datetime.fromisoformat(row["followed_at"]), row["reason"])


def _followed(row: Mapping[str, Any]) -> Followed:
    follow = Follow(
        row["follow_id"], _place(row), datetime.fromisoformat(row["followed_at"]), row["follow_reason"]
    )
    return Followed(_account(row), _course(row), follow)


def _account(row: Mapping[str, Any]) -> Account:
    return Account(row["service"], row["host"], row["account_id"], row["handle"])


def _course(row: Mapping[str, Any]) -> Course:
    return Course(
        datetime.fromisoformat(row["due"]),
        _read_time(row["looked"]),
        _read_time(row["succeeded"]),
        row["failures"],
        row["reason"],
        _read_time(row["latest"]),
        row["etag"],
    )


def _course_of(db: Database, account: Account) -> Course | None:
    rows: Iterable[dict[str, Any]] = db.table("followed_accounts").rows_where(
        "host = ? and account_id = ?", [account.host, account.id]
    )
    return next(map(_course, rows), None)


def _account_row(account: Account, course: Course) -> dict[str, Any]:
    return {
        "host": account.host,
        "account_id": account.id,
        "service": account.service,
        "handle": account.handle,
        "due": course.due.isoformat(),
        "looked": _time(course.looked),
        "succeeded": _time(course.succeeded),
        "failures": course.failures,
        "reason": course.reason,
        "latest": _time(course.latest),
        "etag": course.etag,
    }


def _fetched(row: Mapping[str, Any]) -> FetchedLink:
    return FetchedLink(
        _place(row),
        row["link"],
        row["host"],
        News(row["news"]),
        Revisit(_read_time(row["due"]), row["tries"], _read_time(row["gone"])),
        row["account_id"],
        _read_time(row["latest"]),
        row["missing"],
        bool(row["stored"]),
    )


def _write_fetched(db: Database, one: FetchedLink) -> None:
    row = {
        "server_id": _server(one.place.server_id),
        "collection": one.place.collection,
        "link": one.link,
        "host": one.host,
        "account_id": one.account_id,
        "news": one.news.value,
        "latest": _time(one.latest),
        "due": _time(one.revisit.due),
        "tries": one.revisit.tries,
        "gone": _time(one.revisit.gone),
        "missing": one.missing,
        "stored": int(one.stored),
    }
    db.table("fetched_threads").upsert(row, pk=("server_id", "collection", "link"))


def _drop_fetched(db: Database, one: FetchedLink) -> bool:
    """Delete a link's row; return whether there was one."""
    deleted = db.execute(
        "delete from fetched_threads where server_id = ? and collection = ? and link = ?",
        [_server(one.place.server_id), one.place.collection, one.link],
    )
    return deleted.rowcount > 0
