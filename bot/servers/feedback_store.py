"""Feedback on answers: counts by server and thread, and the notes that people wrote.

Neither the person nor the question is kept. A note is kept for :data:`FEEDBACK_RETENTION`.
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

#: Stands for direct messages, and for servers that Bobbin is not a member of.
_NO_SERVER: Final = ""

migrations = Migrations("feedback")


@migrations()
def m001_judgements(db: Database) -> None:
    """Create the counts of helpful and unhelpful answers, and the notes."""
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
    """How often answers that quoted a thread were rated helpful, and how often unhelpful."""

    thread_id: str
    helpful: int
    unhelpful: int


@dataclass(frozen=True, slots=True)
class FeedbackNote:
    """A note about an answer, the threads it quoted, and when it was written (aware UTC)."""

    words: str
    threads: tuple[str, ...]
    written_at: datetime


class Feedback:
    """The feedback of every server; safe to call from any thread, but not from an event loop.

    ``server_id`` is ``None`` outside the servers that Bobbin is a member of. Every method raises
    :class:`~retrieval.errors.StoreError` when the file refuses.
    """

    def __init__(self, file: ServerFile) -> None:
        file.bring_up(migrations)
        self._file = file

    def count(self, server_id: int | None, threads: Sequence[str], *, helpful: bool) -> None:
        """Count each of the threads once, as helpful or unhelpful."""
        place = _server_key(server_id)
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
        """Store a note, cut at :data:`MAX_FEEDBACK_LENGTH` characters, and delete notes that are too old.

        A note without a word is not stored. Raises ``ValueError`` for a time without a zone.
        """
        if now.tzinfo is None:
            raise ValueError("the time of a note needs a zone")
        kept = " ".join(words.encode("utf-8", "replace").decode().split())[:MAX_FEEDBACK_LENGTH].rstrip()
        with self._file.changing() as db:
            db.execute(
                "delete from judgement_notes where written_at < ?", [_time_text(now - FEEDBACK_RETENTION)]
            )
            if kept:
                db.table("judgement_notes").insert(
                    {
                        "server_id": _server_key(server_id),
                        "threads": json.dumps(list(dict.fromkeys(threads))),
                        "words": kept,
                        "written_at": _time_text(now),
                    }
                )

    def counts(self, server_id: int | None) -> list[FeedbackCount]:
        """Return a server's counts, the threads with the most feedback first."""
        with self._file.reading() as db:
            rows = db.query(
                "select thread_id, helpful, unhelpful from judgements where server_id = ?"
                " order by helpful + unhelpful desc, thread_id",
                [_server_key(server_id)],
            )
            return [FeedbackCount(row["thread_id"], row["helpful"], row["unhelpful"]) for row in rows]

    def notes(self, server_id: int | None, now: datetime, *, limit: int = 25) -> list[FeedbackNote]:
        """Return a server's notes that are still kept at ``now``, newest first."""
        with self._file.reading() as db:
            rows = db.query(
                "select words, threads, written_at from judgement_notes"
                " where server_id = ? and written_at >= ? order by written_at desc, id desc limit ?",
                [_server_key(server_id), _time_text(now - FEEDBACK_RETENTION), limit],
            )
            return [
                FeedbackNote(
                    row["words"], tuple(json.loads(row["threads"])), datetime.fromisoformat(row["written_at"])
                )
                for row in rows
            ]

    def expire(self, now: datetime) -> int:
        """Delete the notes older than :data:`FEEDBACK_RETENTION`; return how many there were."""
        with self._file.changing() as db:
            return db.execute(
                "delete from judgement_notes where written_at < ?", [_time_text(now - FEEDBACK_RETENTION)]
            ).rowcount


def _server_key(server_id: int | None) -> str:
    return _NO_SERVER if server_id is None else str(server_id)


def _time_text(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="microseconds")
