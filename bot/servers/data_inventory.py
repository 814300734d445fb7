"""The tables of both databases: what each holds, about whom, for how long; and the erasure of an account.

A test compares this with the schemas column by column, so a table or a column that is missing here fails it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlite_utils import Database

from bot.alerts.ledger import REPORT_RETENTION
from bot.database import ServerFile
from bot.digest.ledger import LEDGER_RETENTION
from bot.digest.usage_counts import USAGE_RETENTION
from bot.servers.feedback_store import FEEDBACK_RETENTION
from bot.servers.retention import DEPARTURE_GRACE, migrations, note_erasure
from bot.servers.unanswered import UNANSWERED_RETENTION
from retrieval.archive import Archive

__all__ = [
    "ARCHIVE",
    "DATA_INVENTORY",
    "SERVERS",
    "DataSubject",
    "TableInventory",
    "account_subject",
    "accounts_in",
    "clear_account",
    "forget_account",
]

ARCHIVE: Final = "archive.db"
SERVERS: Final = "servers.db"


class DataSubject(StrEnum):
    """Whom a table's rows are about."""

    NOBODY = "nobody"
    AUTHORS = "authors"
    """People whose threads were imported; erased by the operator's ``bobbin forget``."""
    SERVERS = "servers"
    """Erased some days after Bobbin has left the server."""


@dataclass(frozen=True, slots=True)
class TableInventory:
    """One table: its file, its columns, whom it is about, and how long a row stays, ``None`` until erased.

    ``person`` is the column that holds an account's number, where there is one; ``own`` says that the
    rows are that person's, and go with it.
    """

    file: str
    table: str
    columns: tuple[str, ...]
    of: DataSubject
    days: timedelta | None = None
    person: str | None = None
    own: bool = False


_OF_AUTHORS: Final = {
    "collections": "id name server_id language handbook revision",
    "sources": "id collection_id name sha256 form read_at",
    "threads": "pk collection_id id base source_id completeness author title url posted_at imported_at length"
    " opening needle revision arrival",
    "posts": "pk thread_pk ordinal key text number external_id url posted_at author marker attachments",
    "versions": "pk source_id thread_pk posts body shown",
    "keys": "collection_id key version_pk",
    "links": "collection_id key thread_pk ordinal",
    "separated": "thread_pk former",
    "receipts": "key reports",
    "tombstones": "hash",
}
_OF_THE_ARCHIVE: Final = {
    "salt": "value",
    # As the table of tombstones, which stands for all of them in the text.
    "other_tombstones": "key hash",
    "subject_tombstones": "key hash erased_at",
    "states": "collection_id revision stamp",
    "sqlite_sequence": "name seq",
    "_sqlite_migrations": "id migration_set name applied_at",
}
_OF_SERVERS: Final = {
    "preferences": "server_id channels roles exempt mentions quotes private language person_questions"
    " person_seconds server_questions server_seconds unanswered react",
    "departures": "server_id left_at",
    "setup_cards": "server_id shown",
    "saved_messages": "message_id server_id author_id",
    "follows": "id server_id collection host account_id followed_at reason",
    "followed_threads": "server_id follow_id thread latest backlog",
    "fetched_threads": "server_id collection link host account_id news latest due tries gone missing stored",
    "permission_gaps": "server_id name missing",
    "unanswered": "server_id words asked_on times closest",
    "judgements": "server_id thread_id helpful unhelpful",
    "judgement_notes": "id server_id threads words written_at",
    "alerts": "id server_id person_id channel_id asked_in query language quiet zone archive position"
    " held_until",
    "alert_matches": "alert_id thread_id server_id person_id ordinal report",
    "alert_reports": "id server_id person_id channel_id kind state owner claimed_at until tries language"
    " message_id",
    "digest_subscriptions": "server_id number name channel_id zone at weekdays content selection role_id"
    " language admin_id last archive position paused",
    "digests": "server_id number day state owner claimed_at until tries channel_id after archive since upto"
    " feature message_id",
    "digest_shown": "server_id number thread_id day",
    "digest_editions": "server_id number day name posted_at new more archive",
    "asked": "server_id day answered closest missed",
    "quoted": "server_id day thread_id times",
}
_OF_FOLLOWED_AUTHORS: Final = {
    "followed_accounts": "host account_id service handle due looked succeeded failures reason latest etag",
}
_OF_THE_BOT: Final = {
    "page_key": "id value",
    "self_test": "id written_at",
    "erasures": "hash erased_at",
    "sqlite_sequence": "name seq",
    "_sqlite_migrations": "id migration_set name applied_at",
}
_RETENTION: Final = {
    "departures": DEPARTURE_GRACE,
    "unanswered": UNANSWERED_RETENTION,
    "judgement_notes": FEEDBACK_RETENTION,
    "alert_reports": REPORT_RETENTION,
    "digests": LEDGER_RETENTION,
    "asked": USAGE_RETENTION,
    "quoted": USAGE_RETENTION,
}
_ACCOUNTS: Final = {
    "digest_subscriptions": "admin_id",
    "saved_messages": "author_id",
    "alerts": "person_id",
    "alert_matches": "person_id",
    "alert_reports": "person_id",
}
#: The rows that are a person's and not a server's: they are deleted with the account's number.
_OWN_ROWS: Final = frozenset({"alerts", "alert_matches", "alert_reports"})

DATA_INVENTORY: Final = tuple(
    TableInventory(
        file,
        table,
        tuple(columns.split()),
        of,
        _RETENTION.get(table),
        _ACCOUNTS.get(table),
        table in _OWN_ROWS,
    )
    for file, of, tables in (
        (ARCHIVE, DataSubject.AUTHORS, _OF_AUTHORS),
        (ARCHIVE, DataSubject.NOBODY, _OF_THE_ARCHIVE),
        (SERVERS, DataSubject.AUTHORS, _OF_FOLLOWED_AUTHORS),
        (SERVERS, DataSubject.SERVERS, _OF_SERVERS),
        (SERVERS, DataSubject.NOBODY, _OF_THE_BOT),
    )
    for table, columns in tables.items()
)
"""Every table there is."""


def forget_account(
    file: ServerFile,
    person: int,
    archive: Archive,
    now: datetime,
    inventory: Iterable[TableInventory] = DATA_INVENTORY,
) -> int:
    """Set an account's number to null in every table that may hold it; return how many rows had it.

    The rows stay, because they are a server's; alerts are the person's, and go. A tombstone in the archive
    keeps the number from coming back with an older file. Raises :class:`~retrieval.errors.StoreError` where
    a file refuses.
    """
    file.bring_up(migrations)
    subject = account_subject(person)
    archive.note_erased(subject, now)
    with file.changing() as db:
        changed = clear_account(db, person, inventory)
        note_erasure(db, archive, subject)
    if changed:
        file.wipe()
    return changed


def account_subject(person: int) -> str:
    """Return what a tombstone calls an account."""
    return f"account {person}"


def accounts_in(db: Database) -> set[int]:
    """Return the accounts whose numbers a file holds."""
    accounts: set[int] = set()
    known = set(db.table_names())
    for table in DATA_INVENTORY:
        if table.file == SERVERS and table.person is not None and table.table in known:
            rows = db.execute(f'select distinct {table.person} from "{table.table}"')  # noqa: S608 - as below
            accounts |= {int(person) for (person,) in rows.fetchall() if person is not None}
    return accounts


def clear_account(db: Database, person: int, inventory: Iterable[TableInventory] = DATA_INVENTORY) -> int:
    """Set an account's number to null within a change, or delete its own rows; return how many had it."""
    changed, known = 0, set(db.table_names())
    for table in inventory:
        if table.file == SERVERS and table.person is not None and table.table in known:
            changed += db.execute(
                (f'delete from "{table.table}"' if table.own else _without_person(table))  # noqa: S608 - names from this module
                + f" where cast({table.person} as text) = ?",
                [str(person)],
            ).rowcount
    return changed


def _without_person(table: TableInventory) -> str:
    return f'update "{table.table}" set {table.person} = null'  # noqa: S608 - names from this module
