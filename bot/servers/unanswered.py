"""The words of questions that found nothing, kept where a server's admins chose so; without the asker."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlite_utils import Database, Migrations

from bot.database import ServerFile
from retrieval.model import Verdict

__all__ = ["UNANSWERED_RETENTION", "Unanswered", "UnansweredWords", "migrations", "words_of"]

UNANSWERED_RETENTION: Final = timedelta(days=30)
"""How long the words are kept."""

migrations = Migrations("unanswered")

_MAX_WORDS: Final = 12
_MAX_WORD_LENGTH: Final = 40
_MAX_ROWS: Final = 2_000
# Addresses and mentions, which may name a person; _WORD leaves out numbers for the same reason.
_LEFT_OUT: Final = re.compile(r"\S*(?:://|@)\S*|<[^>]*>")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@migrations()
def m001_unanswered(db: Database) -> None:
    """Create the words of unanswered questions, with a count for each day."""
    db.table("unanswered").create(
        {"server_id": str, "words": str, "asked_on": str, "times": int},
        pk=("server_id", "words", "asked_on"),
        not_null={"times"},
        strict=True,
    ).create_index(["asked_on"], "unanswered_day")


@migrations()
def m002_closest(db: Database) -> None:
    """Count apart how often the closest posts were shown; until now, every row found nothing."""
    db.execute("alter table unanswered add column closest integer not null default 0")


@dataclass(frozen=True, slots=True)
class UnansweredWords:
    """Words that were not answered, how often within the days that are kept, and on which day last.

    ``closest`` is how many of the ``times`` the closest posts were shown; the others found nothing.
    """

    words: str
    times: int
    last: date
    closest: int = 0


def words_of(question: str) -> str:
    """Return what is kept of a question: at most twelve of its words, lower-case; perhaps none.

    Addresses, handles and numbers are left out.
    """
    words = _WORD.findall(_LEFT_OUT.sub(" ", question))
    return " ".join(word.casefold()[:_MAX_WORD_LENGTH] for word in words[:_MAX_WORDS])


class Unanswered:
    """The words by server and day; safe to call from any thread, but not from an event loop.

    Its methods raise :class:`~retrieval.errors.StoreError` where the file refuses.
    """

    def __init__(self, file: ServerFile) -> None:
        file.bring_up(migrations)
        self._file = file

    def note(self, server_id: int, question: str, today: date, verdict: Verdict = Verdict.NOTHING) -> None:
        """Store the words of a question; of a server's rows the latest 2,000 are kept."""
        words = words_of(question)
        if not words:
            return
        with self._file.changing() as db:
            db.execute(
                "insert into unanswered (server_id, words, asked_on, times, closest) values (?, ?, ?, 1, ?)"
                " on conflict do update set times = times + 1, closest = closest + excluded.closest",
                [str(server_id), words, today.isoformat(), int(verdict is Verdict.CLOSEST)],
            )
            db.execute(
                "delete from unanswered where server_id = :server and rowid in (select rowid from unanswered"
                " where server_id = :server order by asked_on desc, rowid desc limit -1 offset :rows)",
                {"server": str(server_id), "rows": _MAX_ROWS},
            )

    def of(self, server_id: int, today: date, *, limit: int) -> list[UnansweredWords]:
        """Return a server's words, the most frequent first, then the latest."""
        with self._file.reading() as db:
            rows: Sequence[tuple[str, int, str, int]] = db.execute(
                "select words, sum(times), max(asked_on), sum(closest) from unanswered"
                " where server_id = ? and asked_on > ? group by words"
                " order by sum(times) desc, max(asked_on) desc, words limit ?",
                [str(server_id), (today - UNANSWERED_RETENTION).isoformat(), limit],
            ).fetchall()
        return [
            UnansweredWords(words, times, date.fromisoformat(last), closest)
            for words, times, last, closest in rows
        ]

    def forget_old(self, today: date) -> int:
        """Delete the rows older than :data:`UNANSWERED_RETENTION`; return how many there were."""
        with self._file.changing() as db:
            return db.execute(
                "delete from unanswered where asked_on <= ?", [(today - UNANSWERED_RETENTION).isoformat()]
            ).rowcount
