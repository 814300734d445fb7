"""The tables of both databases: what each holds, of whom, for how long, and how it forgets.

A test compares this with the schemas as they are, column by column, so a table or a column that is not
thought about here fails it.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.digest.ledger import LEDGER_RETENTION as DIGESTS_KEPT
from bot.digest.usage_counts import USAGE_RETENTION as COUNTS_KEPT
from bot.servers.feedback_store import FEEDBACK_RETENTION as NOTES_KEPT
from bot.servers.retention import DEPARTURE_GRACE
from bot.servers.unanswered import UNANSWERED_RETENTION as UNANSWERED_KEPT

__all__ = ["ARCHIVE", "DATA_INVENTORY", "SERVERS", "DataSubject", "TableInventory"]

ARCHIVE: Final = "archive.db"
SERVERS: Final = "servers.db"


class DataSubject(StrEnum):
    """Of whom a table holds something."""

    NOBODY = "nobody"
    AUTHORS = "authors"
    """People whose threads were imported; forgotten by the operator's ``bobbin forget``."""
    SERVERS = "servers"
    """Forgotten a while after Bobbin has left."""


@dataclass(frozen=True, slots=True)
class TableInventory:
    """One table: its file, its columns, of whom it is, and how long a row stays, ``None`` until forgotten.

    ``person`` is the column that holds the number of somebody's account, where one does.
    """

    file: str
    table: str
    columns: tuple[str, ...]
    of: DataSubject
    days: timedelta | None = None
    person: str | None = None


def _kept(  # noqa: PLR0913 - the last two are named
    file: str,
    table: str,
    columns: str,
    of: DataSubject,
    *,
    days: timedelta | None = None,
    person: str | None = None,
) -> TableInventory:
    return TableInventory(file, table, tuple(columns.split()), of, days, person)


DATA_INVENTORY: Final = (
    _kept(ARCHIVE, "collections", "id name server_id language handbook revision", DataSubject.AUTHORS),
    _kept(ARCHIVE, "sources", "id collection_id name sha256 form read_at", DataSubject.AUTHORS),
    _kept(
        ARCHIVE,
        "threads",
        "pk collection_id id base source_id completeness author title url posted_at imported_at length"
        " opening needle revision arrival",
        DataSubject.AUTHORS,
    ),
    _kept(
        ARCHIVE,
        "posts",
        "pk thread_pk ordinal key text number external_id url posted_at author marker",
        DataSubject.AUTHORS,
    ),
    _kept(ARCHIVE, "versions", "pk source_id thread_pk posts body shown", DataSubject.AUTHORS),
    _kept(ARCHIVE, "keys", "collection_id key version_pk", DataSubject.AUTHORS),
    _kept(ARCHIVE, "links", "collection_id key thread_pk ordinal", DataSubject.AUTHORS),
    _kept(ARCHIVE, "separated", "thread_pk former", DataSubject.AUTHORS),
    _kept(ARCHIVE, "tombstones", "hash", DataSubject.AUTHORS),
    _kept(ARCHIVE, "salt", "value", DataSubject.NOBODY),
    _kept(ARCHIVE, "states", "collection_id revision stamp", DataSubject.NOBODY),
    _kept(ARCHIVE, "sqlite_sequence", "name seq", DataSubject.NOBODY),
    _kept(ARCHIVE, "_sqlite_migrations", "id migration_set name applied_at", DataSubject.NOBODY),
    _kept(
        SERVERS,
        "preferences",
        "server_id channels roles exempt mentions quotes private language person_questions person_seconds"
        " server_questions server_seconds unanswered",
        DataSubject.SERVERS,
    ),
    _kept(SERVERS, "departures", "server_id left_at", DataSubject.SERVERS, days=DEPARTURE_GRACE),
    _kept(SERVERS, "unanswered", "server_id words asked_on times", DataSubject.SERVERS, days=UNANSWERED_KEPT),
    _kept(SERVERS, "judgements", "server_id thread_id helpful unhelpful", DataSubject.SERVERS),
    _kept(
        SERVERS,
        "judgement_notes",
        "id server_id threads words written_at",
        DataSubject.SERVERS,
        days=NOTES_KEPT,
    ),
    _kept(
        SERVERS,
        "digest_subscriptions",
        "server_id channel_id zone at content role_id language admin_id last archive position paused",
        DataSubject.SERVERS,
        person="admin_id",
    ),
    _kept(
        SERVERS,
        "digests",
        "server_id day state owner claimed_at until tries channel_id after archive since upto feature"
        " message_id",
        DataSubject.SERVERS,
        days=DIGESTS_KEPT,
    ),
    _kept(SERVERS, "digest_shown", "server_id thread_id day", DataSubject.SERVERS),
    _kept(SERVERS, "asked", "server_id day answered", DataSubject.SERVERS, days=COUNTS_KEPT),
    _kept(SERVERS, "quoted", "server_id day thread_id times", DataSubject.SERVERS, days=COUNTS_KEPT),
    _kept(SERVERS, "page_key", "id value", DataSubject.NOBODY),
    _kept(SERVERS, "_sqlite_migrations", "id migration_set name applied_at", DataSubject.NOBODY),
)
"""Every table there is."""
