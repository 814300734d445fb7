"""Whether answers helped: counts a thread and server, and what people wrote of their own accord.

Who judged is not kept, nor what was asked. A note is kept for :data:`KEPT`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlite_utils import Database, Migrations

from bot.database import ServerFile

__all__ = [
    "FEEDBACK_RETENTION",
    "MAX_FEEDBACK_LENGTH",
    "Feedback",
    "FeedbackCount",
    "FeedbackNote",
    "migrations",
]

FEEDBACK_RETENTION: Final = timedelta(days=90)
"""How long a note is kept."""
MAX_FEEDBACK_LENGTH: Final = 500
"""Characters of a note."""

#: Direct messages, and servers that Bobbin is no member of.
_NOWHERE: Final = ""

migrations = Migrations("feedback")


@migrations()
def m001_judgements(db: Database) -> None:
    """Create how often a thread helped in a server, and the notes that people wrote."""
    db.table("judgements").create(
        {"server_id": str, "thread_id": str, "helpful": int, "unhelpful": int},
        pk=("server_id", "thread_id"),
        not_null={"server_id", "thread_id", "helpful", "unhelpful"},
        strict=True,
    )
    notes = db.table("judgement_notes")
    notes.create(
        {"id": int, "server_id": str, "threads": str, "words": str, "written_at": str},
        pk="id",
        not_null={"server_id", "threads", "words", "written_at"},
        strict=True,
    )
    notes.create_index(["server_id", "written_at"], "judgement_notes_newest")


@dataclass(frozen=True, slots=True)
class FeedbackCount:
    """How often answers that quoted a thread were called helpful, and how often not."""

    thread_id: str
    helpful: int
    unhelpful: int


@dataclass(frozen=True, slots=True)
class FeedbackNote:
    """What somebody wrote about an answer, the threads it quoted, and when (aware UTC)."""

    words: str
    threads: tuple[str, ...]
    written_at: datetime


class Feedback:
    """The judgements of every server; safe to call from any thread, and never from an event loop.

    ``server_id`` is ``None`` for what is judged outside the servers that Bobbin is in. Every method
    raises :class:`~retrieval.errors.StoreError` when the file refuses.
    """

    def __init__(self, file: ServerFile) -> None:
        file.bring_up(migrations)
        self._file = file

    def count(self, server_id: int | None, threads: Sequence[str], *, helpful: bool) -> None:
        """Count each of the threads once, as helpful or as not."""
        place = _place(server_id)
        with self._file.changing() as db:
            for thread in dict.fromkeys(threads):
                db.execute(
                    """
                    insert into judgements (server_id, thread_id, helpful, unhelpful) values (?, ?, ?, ?)
                    on conflict (server_id, thread_id) do update
                    set helpful = helpful + excluded.helpful, unhelpful = unhelpful + excluded.unhelpful
                    """,
                    [place, thread, int(helpful), int(not helpful)],
                )

    def note(self, server_id: int | None, threads: Sequence[str], words: str, now: datetime) -> None:
        """Keep what somebody wrote, cut at :data:`LONGEST` characters; let go of what is too old.

        Raises ``ValueError`` for a time without a zone. Where no word is left, nothing is kept.
        """
        if now.tzinfo is None:
            raise ValueError("the time of a note needs a zone")
        kept = " ".join(words.encode("utf-8", "replace").decode().split())[:MAX_FEEDBACK_LENGTH].rstrip()
        with self._file.changing() as db:
            db.execute(
                "delete from judgement_notes where written_at < ?", [_moment(now - FEEDBACK_RETENTION)]
            )
            if kept:
                told = json.dumps(list(dict.fromkeys(threads)))
                row = {"server_id": _place(server_id), "threads": told, "words": kept}
                db.table("judgement_notes").insert(row | {"written_at": _moment(now)})

    def counts(self, server_id: int | None) -> list[FeedbackCount]:
        """Return what a server counted, the threads that were judged most often first."""
        with self._file.reading() as db:
            rows = db.query(
                "select thread_id, helpful, unhelpful from judgements where server_id = ?"
                " order by helpful + unhelpful desc, thread_id",
                [_place(server_id)],
            )
            return [FeedbackCount(row["thread_id"], row["helpful"], row["unhelpful"]) for row in rows]

    def notes(self, server_id: int | None, now: datetime, *, limit: int = 25) -> list[FeedbackNote]:
        """Return what was written in a server and is still kept at ``now``, the newest first."""
        with self._file.reading() as db:
            rows = db.query(
                "select words, threads, written_at from judgement_notes"
                " where server_id = ? and written_at >= ? order by written_at desc, id desc limit ?",
                [_place(server_id), _moment(now - FEEDBACK_RETENTION), limit],
            )
            return [
                FeedbackNote(
                    row["words"], tuple(json.loads(row["threads"])), datetime.fromisoformat(row["written_at"])
                )
                for row in rows
            ]

    def expire(self, now: datetime) -> int:
        """Let go of every note that is older than :data:`KEPT`; return how many there were."""
        with self._file.changing() as db:
            return db.execute(
                "delete from judgement_notes where written_at < ?", [_moment(now - FEEDBACK_RETENTION)]
            ).rowcount

    def forget(self, server_id: int | None) -> None:
        """Delete all that was judged and written in a server."""
        with self._file.changing() as db:
            for table in ("judgements", "judgement_notes"):
                db.execute(f"delete from {table} where server_id = ?", [_place(server_id)])  # noqa: S608 - ours


def _place(server_id: int | None) -> str:
    return _NOWHERE if server_id is None else str(server_id)


def _moment(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="microseconds")
