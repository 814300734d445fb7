"""Signed addresses: whoever has one may read one thread of one server, for a day. Pure.

A token is 34 bytes in base64url: until when (4 bytes, Unix seconds), the server (8), and 22 bytes of
HMAC-SHA256 over these, the thread's id and what the key is for.
"""

import base64
import binascii
import hashlib
import hmac
import re
import struct
from datetime import datetime, timedelta
from typing import Final

__all__ = ["LIFETIME", "server_of_token", "token"]

LIFETIME: Final = timedelta(hours=24)

_FACTS: Final = struct.Struct(">IQ")
_PURPOSE: Final = b"bobbin page of a server's thread 1\0"
_SEAL: Final = 22
_TOKEN: Final = re.compile(r"[\w-]{46}", re.ASCII)


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


def _seal(key: bytes, facts: bytes, thread_id: str) -> bytes:
    return hmac.digest(key, _PURPOSE + facts + thread_id.encode("utf-8", "replace"), hashlib.sha256)[:_SEAL]
