"""Signed addresses of servers' own threads and digests, and the key that signs them.

A signed address lets its holder read one thread of one server for 24 hours, or a server's digest for good.

A token is in base64url. A thread's is of 34 bytes: until when (4 bytes, Unix seconds), the server (8), and 22
bytes of HMAC-SHA256 over these, the thread's id and the purpose of the key. A digest's is of 30: the server
(8), the number of the digest (1), and 21 of the HMAC. The key is created once and kept in the servers' file;
deleting it invalidates every signed address.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import struct
from datetime import datetime, timedelta
from typing import Final

from sqlite_utils import Database, Migrations

from bot.database import ServerFile

__all__ = [
    "LIFETIME",
    "digest_of_token",
    "digest_token",
    "migrations",
    "passing_key",
    "server_of_token",
    "signing_key",
    "token",
]

_KEY_LENGTH: Final = 32
LIFETIME: Final = timedelta(hours=24)

_FACTS: Final = struct.Struct(">IQ")
_PURPOSE: Final = b"bobbin page of a server's thread 1\0"
_SEAL: Final = 22
_TOKEN: Final = re.compile(r"[\w-]{46}", re.ASCII)

_DIGEST: Final = struct.Struct(">QB")
_PURPOSE_OF_DIGEST: Final = b"bobbin page of a server's digest 1\0"
_SEAL_OF_DIGEST: Final = 21
_TOKEN_OF_DIGEST: Final = re.compile(r"[\w-]{40}", re.ASCII)


def token(key: bytes, server_id: int, thread_id: str, now: datetime) -> str:
    """Return a token of 46 characters for one thread of a server, good for 24 hours from ``now``."""
    facts = _FACTS.pack(int((now + LIFETIME).timestamp()), server_id)
    return base64.urlsafe_b64encode(facts + _seal(key, facts, thread_id)).decode().rstrip("=")


def server_of_token(key: bytes, written: str, thread_id: str, now: datetime) -> int | None:
    """Return the server whose thread a token opens; ``None`` where it is changed, expired or of another."""
    if not _TOKEN.fullmatch(written):
        return None
    try:
        sealed = base64.b64decode(written + "==", altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    facts, seal = sealed[: _FACTS.size], sealed[_FACTS.size :]
    # The last character has bits to spare; only one way of writing them is a token.
    written_so = base64.urlsafe_b64encode(sealed).decode().rstrip("=")
    if written_so != written or not hmac.compare_digest(seal, _seal(key, facts, thread_id)):
        return None
    until, server_id = _FACTS.unpack(facts)
    return server_id if now.timestamp() < until else None


def digest_token(key: bytes, server_id: int, number: int) -> str:
    """Return the token of 40 characters for the pages of a server's digest; it does not expire."""
    facts = _DIGEST.pack(server_id, number)
    return base64.urlsafe_b64encode(facts + _seal_of_digest(key, facts)).decode()


def digest_of_token(key: bytes, written: str) -> tuple[int, int] | None:
    """Return the server and the number of the digest that a token opens; ``None`` where it is changed."""
    if not _TOKEN_OF_DIGEST.fullmatch(written):
        return None
    # Thirty bytes are forty characters without a bit to spare, so there is one way of writing them.
    sealed = base64.urlsafe_b64decode(written)
    facts, seal = sealed[: _DIGEST.size], sealed[_DIGEST.size :]
    if not hmac.compare_digest(seal, _seal_of_digest(key, facts)):
        return None
    server_id, number = _DIGEST.unpack(facts)
    return server_id, number


def _seal_of_digest(key: bytes, facts: bytes) -> bytes:
    return hmac.digest(key, _PURPOSE_OF_DIGEST + facts, hashlib.sha256)[:_SEAL_OF_DIGEST]


def _seal(key: bytes, facts: bytes, thread_id: str) -> bytes:
    return hmac.digest(key, _PURPOSE + facts + thread_id.encode("utf-8", "replace"), hashlib.sha256)[:_SEAL]


migrations = Migrations("web")


@migrations()
def m001_key(db: Database) -> None:
    """Create the table of the one key."""
    db.execute("create table page_key (id integer primary key check (id = 1), value blob not null)")


def signing_key(file: ServerFile) -> bytes:
    """Return the key of 32 bytes, made where there is none yet. Raises ``StoreError``."""
    file.bring_up(migrations)
    with file.reading() as db:
        known = _read(db)
    if known is not None:
        return known
    with file.changing() as db:
        db.execute(
            "insert or ignore into page_key (id, value) values (1, ?)", [secrets.token_bytes(_KEY_LENGTH)]
        )
        (key,) = db.execute("select value from page_key").fetchone()
    return bytes(key)


def passing_key() -> bytes:
    """Return a key for as long as the process lives: no address that was signed before is valid by it."""
    return secrets.token_bytes(_KEY_LENGTH)


def _read(db: Database) -> bytes | None:
    row = db.execute("select value from page_key").fetchone()
    return None if row is None else bytes(row[0])
