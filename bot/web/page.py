"""What a page is before it is sent, and what its reader asked for: plain data."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

__all__ = [
    "ATOM",
    "HTML",
    "JSON",
    "MARKDOWN",
    "PNG",
    "SVG",
    "TEXT",
    "Page",
    "PageRequest",
    "Ready",
    "ready",
    "valid_utf8",
]

HTML: Final = "text/html"
TEXT: Final = "text/plain"
MARKDOWN: Final = "text/markdown"
JSON: Final = "application/json"
ATOM: Final = "application/atom+xml"
SVG: Final = "image/svg+xml"
PNG: Final = "image/png"

_WORTH_ZIPPING: Final = 600
_LEVEL: Final = 5


def valid_utf8(text: str) -> str:
    """Return a text that can be written in UTF-8: what cannot, becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What a request asks for: the variables of its path, its query (of each name the first), a locale."""

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was made.

    ``private`` pages are kept by nobody and found by no search engine; ``lasting`` ones never change.
    """

    body: str | bytes
    kind: str = HTML
    status: int = 200
    private: bool = False
    lasting: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ready:
    """A page as it is sent: its bytes as they are and, where that is worth it, compressed."""

    page: Page
    body: bytes
    zipped: bytes | None
    etag: str


def ready(page: Page) -> Ready:
    """Encode and compress a page, and name this state of it."""
    body = page.body.encode("utf-8", "replace") if isinstance(page.body, str) else page.body
    worth = len(body) >= _WORTH_ZIPPING and page.kind != PNG
    # Without the time in it, so that the same page is the same bytes.
    zipped = gzip.compress(body, _LEVEL, mtime=0) if worth else None
    return Ready(page, body, zipped, hashlib.blake2b(body, digest_size=12).hexdigest())
