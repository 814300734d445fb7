"""The words of questions that found nothing, where a server's admins want them kept: nobody's name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlite_utils import Database, Migrations

from bot.database import ServerFile

__all__ = ["UNANSWERED_RETENTION", "Unanswered", "UnansweredWords", "migrations", "words_of"]

UNANSWERED_RETENTION: Final = timedelta(days=30)
"""For how long the words are kept."""

migrations = Migrations("unanswered")

_WORDS: Final = 12
_LONGEST: Final = 40
_ROWS: Final = 2_000
# Neither addresses nor what is written to somebody, and no numbers: they may name a person.
_LEFT_OUT: Final = re.compile(r"\S*(?:://|@)\S*|<[^>]*>")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@migrations()
def m001_unanswered(db: Database) -> None:
    """Create the words of unanswered questions, with how often they came on which day."""
    db.table("unanswered").create(
        {"server_id": str, "words": str, "asked_on": str, "times": int},
        pk=("server_id", "words", "asked_on"),
        not_null={"times"},
        strict=True,
    ).create_index(["asked_on"], "unanswered_day")


@dataclass(frozen=True, slots=True)
class UnansweredWords:
    """Words that found nothing, how often within the days that are kept, and on which day last."""

    words: str
    times: int
    last: date


def words_of(question: str) -> str:
    """Return what is kept of a question: its words in small letters, at most twelve; it may be nothing.

    Addresses, handles and numbers are left out.
    """
    found = _WORD.findall(_LEFT_OUT.sub(" ", question))
    return " ".join(word.casefold()[:_LONGEST] for word in found[:_WORDS])


class Unanswered:
    """The words, a server and a day; safe to call from any thread, and never from an event loop.

    Its methods raise :class:`~retrieval.errors.StoreError` where the file refuses.
    """

    def __init__(self, file: ServerFile) -> None:
        file.bring_up(migrations)
        self._file = file

    def note(self, server_id: int, question: str, today: date) -> None:
        """Keep the words of a question; of the oldest, those beyond 2,000 of a server go."""
        words = words_of(question)
        if not words:
            return
        with self._file.changing() as db:
            db.execute(
                "insert into unanswered (server_id, words, asked_on, times) values (?, ?, ?, 1)"
                " on conflict do update set times = times + 1",
                [str(server_id), words, today.isoformat()],
            )
            db.execute(
                "delete from unanswered where server_id = :server and rowid in (select rowid from unanswered"
                " where server_id = :server order by asked_on desc, rowid desc limit -1 offset :rows)",
                {"server": str(server_id), "rows": _ROWS},
            )

    def of(self, server_id: int, today: date, *, limit: int) -> list[UnansweredWords]:
        """Return a server's words, the most frequent first, of equal ones the latest."""
        with self._file.reading() as db:
            rows: Sequence[tuple[str, int, str]] = db.execute(
                "select words, sum(times), max(asked_on) from unanswered"
                " where server_id = ? and asked_on > ? group by words"
                " order by sum(times) desc, max(asked_on) desc, words limit ?",
                [str(server_id), (today - UNANSWERED_RETENTION).isoformat(), limit],
            ).fetchall()
        return [UnansweredWords(words, times, date.fromisoformat(last)) for words, times, last in rows]

    def forget_old(self, today: date) -> int:
        """Delete what is older than it is kept; return how many rows that were."""
        with self._file.changing() as db:
            old = db.execute(
                "delete from unanswered where asked_on <= ?", [(today - UNANSWERED_RETENTION).isoformat()]
            )
            return old.rowcount

    def forget(self, server_id: int) -> None:
        """Delete the words of a server."""
        with self._file.changing() as db:
            db.execute("delete from unanswered where server_id = ?", [str(server_id)])
