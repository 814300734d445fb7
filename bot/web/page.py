"""A page before it is sent, and the request for it: plain data."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from bot.i18n import LANGUAGES

__all__ = [
    "ATOM",
    "BIBTEX",
    "CSL_JSON",
    "CSV",
    "HTML",
    "JSON",
    "MARKDOWN",
    "OPENSEARCH",
    "PNG",
    "SVG",
    "TEXT",
    "XML",
    "EncodedPage",
    "Page",
    "PageRequest",
    "base_path",
    "encode_page",
    "preferred_language",
    "valid_utf8",
]

HTML: Final = "text/html"
TEXT: Final = "text/plain"
MARKDOWN: Final = "text/markdown"
JSON: Final = "application/json"
BIBTEX: Final = "application/x-bibtex"
CSV: Final = "text/csv"
CSL_JSON: Final = "application/vnd.citationstyles.csl+json"
OPENSEARCH: Final = "application/opensearchdescription+xml"
XML: Final = "application/xml"
ATOM: Final = "application/atom+xml"
SVG: Final = "image/svg+xml"
PNG: Final = "image/png"

_MIN_COMPRESSED: Final = 600
_LEVEL: Final = 5
_MOST_LANGUAGES: Final = 20


def valid_utf8(text: str) -> str:
    """Return a text that can be written in UTF-8: what cannot, becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def base_path(public_url: str | None) -> str:
    """Return the path of a public address: empty, or like ``/bobbin``, without a slash at its end."""
    return urlsplit(public_url or "").path.rstrip("/")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A request for a page: the variables of its path, its query (of each name the first), a locale.

    ``route`` is the path below the site's root. ``public_url`` is the address that others know the site by,
    without a slash at its end; its path, if any, begins every link. ``chosen`` says that the locale stands
    in the path, as in ``/de/threads``; links then keep it.
    """

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    locale: str = "en"
    route: str = "/"
    public_url: str | None = None
    chosen: bool = False

    @property
    def base(self) -> str:
        """Return the path that static files and languages stand below: empty, or like ``/bobbin``."""
        return base_path(self.public_url)

    @property
    def root(self) -> str:
        """Return the path that links to pages begin with."""
        return f"{self.base}/{self.locale}" if self.chosen else self.base

    def address(self, path: str) -> str | None:
        """Return the public address of a page in no particular language, ``None`` without a public URL."""
        return None if self.public_url is None else self.public_url + path


@dataclass(frozen=True, slots=True)
class Page:
    """A page before it is sent.

    ``private`` pages are neither cached nor indexed; ``lasting`` ones never change at their address.
    """

    body: str | bytes
    kind: str = HTML
    status: int = 200
    private: bool = False
    lasting: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EncodedPage:
    """A page as it is sent: its bytes, compressed as well where that pays, and a hash of them."""

    page: Page
    body: bytes
    zipped: bytes | None
    etag: str


def encode_page(page: Page) -> EncodedPage:
    """Encode and compress a page."""
    body = page.body.encode("utf-8", "replace") if isinstance(page.body, str) else page.body
    worth = len(body) >= _MIN_COMPRESSED and page.kind != PNG
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
