"""Count each server's questions by local day and verdict, and how often threads were quoted.

Counts only: no person, no question, no time of day. They are kept for :data:`USAGE_RETENTION`. Noting an
answer changes memory alone, so no answer waits for the disk; the scheduler's next tick writes it to the file.
A crash loses what was noted since the last tick.
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from sqlite_utils import Database, Migrations

from bot.database import ServerFile
from retrieval.model import Verdict

__all__ = ["USAGE_RETENTION", "UsageCounts", "migrations"]

#: How long counts are kept: a digest after a downtime covers all of it, and few downtimes are longer.
USAGE_RETENTION: Final = timedelta(days=40)
#: Bound of the answers held in memory between two ticks.
_MAX_PENDING: Final = 100_000

migrations = Migrations("asked")


@migrations()
def m001_counts(db: Database) -> None:
    """Create the counts of answers and of quotes, by server and local day."""
    db.execute(
        "create table asked (server_id text not null, day text not null, answered integer not null,"
        " primary key (server_id, day)) without rowid"
    )
    db.execute(
        "create table quoted (server_id text not null, day text not null, thread_id text not null,"
        " times integer not null, primary key (server_id, day, thread_id)) without rowid"
    )


@migrations()
def m002_verdicts(db: Database) -> None:
    """Count questions with other verdicts beside those that were answered."""
    for verdict in ("closest", "missed"):
        db.execute(f"alter table asked add column {verdict} integer not null default 0")


class UsageCounts:
    """The counts in an open file. :meth:`note` may be called from anywhere; the others block.

    All but :meth:`note` may raise :class:`~retrieval.errors.StoreError`.
    """

    def __init__(self, file: ServerFile) -> None:
        file.bring_up(migrations)
        self._file = file
        self._noted: list[tuple[int, datetime, Verdict, tuple[str, ...]]] = []
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        file.on_erasing(self._drop)

    @property
    def pending(self) -> bool:
        """Return whether anything was noted that is not in the file yet."""
        return bool(self._noted)

    def note(
        self,
        server_id: int | None,
        threads: Iterable[str],
        now: datetime,
        verdict: Verdict = Verdict.ANSWER,
    ) -> None:
        """Count a question by its verdict, and the threads, by their ids, that answer it.

        Outside servers nothing is counted.
        """
        if server_id is None:
            return
        with self._lock:
            if len(self._noted) < _MAX_PENDING:
                self._noted.append((server_id, now, verdict, tuple(dict.fromkeys(threads))))

    def write(self, zone_of: Callable[[int], tzinfo]) -> None:
        """Write what was noted, each on the day in its server's zone."""
        with self._writing:
            self._write(zone_of)

    def _drop(self, server_id: int) -> None:
        """Drop what was noted of a server that is being erased, once nothing is being written."""
        with self._writing, self._lock:
            self._noted = [noted for noted in self._noted if noted[0] != server_id]

    def _write(self, zone_of: Callable[[int], tzinfo]) -> None:
        with self._lock:
            noted, self._noted = self._noted, []
        if not noted:
            return
        asked: defaultdict[tuple[str, str], Counter[Verdict]] = defaultdict(Counter)
        quoted: Counter[tuple[str, str, str]] = Counter()
        for server_id, moment, verdict, threads in noted:
            key = str(server_id), moment.astimezone(zone_of(server_id)).date().isoformat()
            asked[key][verdict] += 1
            quoted.update((*key, thread) for thread in threads)
        try:
            with self._file.changing() as db:
                db.conn.executemany(
                    "insert into asked (server_id, day, answered, closest, missed) values (?, ?, ?, ?, ?)"
                    " on conflict do update set answered = answered + excluded.answered,"
                    " closest = closest + excluded.closest, missed = missed + excluded.missed",
                    [(*key, *(counts[verdict] for verdict in Verdict)) for key, counts in asked.items()],
                )
                db.conn.executemany(
                    "insert into quoted values (?, ?, ?, ?)"
                    " on conflict do update set times = times + excluded.times",
                    [(*key, count) for key, count in quoted.items()],
                )
        except BaseException:
            with self._lock:
                self._noted = [*noted, *self._noted][:_MAX_PENDING]
            raise

    def between(
        self, server_id: int, first: date, last: date, *, limit: int = 3
    ) -> tuple[Mapping[Verdict, int], list[tuple[str, int]]]:
        """Return how many questions had each verdict from ``first`` to ``last``, and the threads quoted most.

        These are pairs of a thread's id and its count, highest first.
        """
        days = [str(server_id), first.isoformat(), last.isoformat()]
        where = "where server_id = ? and day between ? and ?"
        with self._file.reading() as db:
            sums = "coalesce(sum(answered), 0), coalesce(sum(closest), 0), coalesce(sum(missed), 0)"
            counts = db.execute(f"select {sums} from asked {where}", days).fetchone()  # noqa: S608 - constants
            rows = db.execute(
                f"select thread_id, sum(times) as times from quoted {where}"  # noqa: S608 - constants
                " group by thread_id order by times desc, thread_id limit ?",
                [*days, limit],
            ).fetchall()
        asked = dict(zip(Verdict, map(int, counts), strict=True))
        return asked, [(thread, int(times)) for thread, times in rows]

    def tidy(self, now: datetime) -> None:
        """Delete the counts older than :data:`USAGE_RETENTION`."""
        before = (now - USAGE_RETENTION).date().isoformat()
        with self._file.changing() as db:
            for table in ("asked", "quoted"):
                db.execute(f"delete from {table} where day < ?", [before])  # noqa: S608 - constants
