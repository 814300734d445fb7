"""A page before it is sent, and the request for it: plain data."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.i18n import LANGUAGES

__all__ = [
    "ATOM",
    "HTML",
    "JSON",
    "MARKDOWN",
    "PNG",
    "SVG",
    "TEXT",
    "EncodedPage",
    "Page",
    "PageRequest",
    "encode_page",
    "preferred_language",
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
_MOST_LANGUAGES: Final = 20


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
class EncodedPage:
    """A page as it is sent: its bytes as they are and, where that is worth it, compressed."""

    page: Page
    body: bytes
    zipped: bytes | None
    etag: str


def encode_page(page: Page) -> EncodedPage:
    """Encode and compress a page, and name this state of it."""
    body = page.body.encode("utf-8", "replace") if isinstance(page.body, str) else page.body
    worth = len(body) >= _WORTH_ZIPPING and page.kind != PNG
    # Without the time in it, so that the same page is the same bytes.
    zipped = gzip.compress(body, _LEVEL, mtime=0) if worth else None
    return EncodedPage(page, body, zipped, hashlib.blake2b(body, digest_size=12).hexdigest())


def preferred_language(accepted: str) -> str:
    """Return the best of Bobbin's languages for a header Accept-Language; English where none is there."""
    wishes = []
    for place, one in enumerate(accepted.split(",")[:_MOST_LANGUAGES]):
        locale, _, quality = one.partition(";")
        language = locale.strip().partition("-")[0].casefold()
        weight = _weight(quality)
        if weight > 0 and language in LANGUAGES:
            wishes.append((-weight, place, language))
    return min(wishes, default=(0.0, 0, LANGUAGES[0]))[2]


def _weight(quality: str) -> float:
    name, _, number = quality.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(number) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
