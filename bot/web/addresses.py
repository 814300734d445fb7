"""Addresses of pages, and the check of addresses out of the archive before they become links. Pure.

A page's address can carry marks of the question's terms, so that a link from Discord highlights words
without the question standing in it.
"""

import base64
import binascii
import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlsplit

from bot.digest.contents import Digest
from bot.web.signing import digest_token, token
from retrieval.model import Excerpt

__all__ = [
    "POSTS_PER_PAGE",
    "EditionOf",
    "PageOf",
    "Pages",
    "marks_of",
    "no_edition",
    "no_page",
    "page_query",
    "safe_url",
    "written_marks",
]

#: A thread with more posts is shown on several pages.
POSTS_PER_PAGE: Final = 200
_MARKS: Final = 8
_WRITTEN: Final = re.compile(r"[\w-]{1,22}", re.ASCII)
_RESERVED: Final = "-._~:/?#[]@!$&'()*+,;=%"
_HOST: Final = re.compile(r"[A-Za-z0-9.\-:\[\]]+")
_LONGEST: Final = 2_000


PageOf = Callable[[Excerpt], str | None]
"""Gives the address of the page of an excerpt's thread, at its post, or ``None`` where there is none."""


EditionOf = Callable[[Digest], str | None]
"""Gives the address of a digest's own page, or ``None`` where there is none."""


def no_page(_excerpt: Excerpt) -> str | None:
    """Give none."""
    return None


def no_edition(_digest: Digest) -> str | None:
    """Give none."""
    return None


@dataclass(frozen=True, slots=True)
class Pages:
    """Where a bot's pages stand: the address others know them by, and the key that signs."""

    public_url: str
    key: bytes

    def address(
        self,
        thread_id: str,
        now: datetime,
        *,
        server_id: int | None = None,
        ordinal: int | None = None,
        marks: Sequence[int] = (),
    ) -> str:
        """Return the address of a thread's page, at a post, with the marked terms highlighted.

        A thread of a server's own (``server_id``) gets a signed address, good for 24 hours from ``now``.
        """
        signed = "t" if server_id is None else f"s/{token(self.key, server_id, thread_id, now)}"
        highlighted = f"m={written_marks(marks)}" if marks else ""
        return f"{self.public_url}/{signed}/{thread_id}{_at_post(ordinal, highlighted)}"

    def public(self, excerpt: Excerpt) -> str | None:
        """Return the address of an excerpt's page where it never expires, ``None`` for a server's own."""
        if excerpt.server_id is not None:
            return None
        return f"{self.public_url}/t/{excerpt.thread.id}{_at_post(excerpt.post.ordinal)}"

    def edition(self, digest: Digest) -> str:
        """Return the address of a digest's own page, which never expires."""
        return f"{self.editions(digest.server_id, digest.number)}/{digest.day.isoformat()}"

    def editions(self, server_id: int, number: int) -> str:
        """Return the address of the list of a digest's pages, which never expires."""
        return f"{self.public_url}/d/{digest_token(self.key, server_id, number)}"


def _at_post(ordinal: int | None, query: str = "") -> str:
    """Return the query and the anchor of an address that leads to a post of a thread."""
    if ordinal is None:
        return f"?{query}" if query else ""
    parts = "&".join(filter(None, (query, page_query(ordinal))))
    return f"?{parts}#{ordinal}" if parts else f"#{ordinal}"


def page_query(ordinal: int) -> str:
    """Return the part of a query that names the page of a thread with a post: empty for the first page."""
    return "" if ordinal <= POSTS_PER_PAGE else f"page={(ordinal - 1) // POSTS_PER_PAGE + 1}"


def written_marks(marks: Sequence[int]) -> str:
    """Return at most eight 16-bit marks of terms as at most 22 characters for an address."""
    kept = marks[:_MARKS]
    return base64.urlsafe_b64encode(struct.pack(f">{len(kept)}H", *kept)).decode().rstrip("=")


def marks_of(written: str) -> tuple[int, ...]:
    """Return the marks that stand in an address; none where they cannot be read."""
    if not _WRITTEN.fullmatch(written):
        return ()
    try:
        packed = base64.b64decode(written + "=" * (-len(written) % 4), altchars=b"-_", validate=True)
        return struct.unpack(f">{len(packed) // 2}H", packed)
    except (binascii.Error, struct.error):
        return ()


def safe_url(url: str | None, longest: int = _LONGEST) -> str | None:
    """Return an address that a link may carry, or ``None`` where this one is unfit.

    It is http or https, names a host in ASCII and no user, and has at most ``longest`` characters; other
    characters than an address may hold are percent-encoded in it.
    """
    if not url or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        return None
    if _HOST.fullmatch(parts.netloc) is None:  # a user before "@" would mislead
        return None
    address = quote(url, safe=_RESERVED)
    return address if len(address) <= longest else None
