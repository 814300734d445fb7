"""Templates and static files: what pages are written with. Everything put in is escaped."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.i18n import translations_for
from bot.web.page import Page, PageRequest

__all__ = [
    "STATIC",
    "Static",
    "author_label",
    "author_path",
    "day",
    "encoded",
    "render_template",
    "sliced",
    "static_path",
    "xml",
]

_HERE: Final = Path(__file__).resolve().parent
_KINDS: Final = {".css": "text/css", ".svg": "image/svg+xml", ".txt": "text/plain"}
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DOTS: Final = frozenset({".", ".."})


@dataclass(frozen=True, slots=True)
class Static:
    """A file that pages refer to, under a name that changes with what is in it."""

    name: str
    kind: str
    body: bytes


def _read_static() -> dict[str, Static]:
    files = {}
    for path in sorted((_HERE / "static").iterdir()):
        body = path.read_bytes()
        named = f"{path.stem}.{hashlib.blake2b(body, digest_size=5).hexdigest()}{path.suffix}"
        files[path.name] = Static(named, _KINDS[path.suffix], body)
    return files


#: The static files by their plain names.
STATIC: Final[Mapping[str, Static]] = _read_static()


def static_path(name: str) -> str:
    """Return the path of a static file."""
    return f"/static/{STATIC[name].name}"


def author_path(author: str) -> str | None:
    """Return the path of an author's page; ``None`` for a name that no path can hold."""
    return None if author in _DOTS else f"/author/{quote(author, safe='@')}"


def author_label(author: str) -> str:
    """Return an author as they are shown: a handle with its "@", a name as it is."""
    return author if author.startswith("@") or not author.replace("_", "").isalnum() else f"@{author}"


def encoded(text: str) -> str:
    """Return a text as a value in an address's query."""
    return quote(text, safe="")


def xml(text: str) -> str:
    """Return a text without the characters that XML cannot hold, whatever way they are written."""
    return _NOT_XML.sub("\ufffd", text)


def day(moment: datetime, locale: str) -> str:
    """Return a day in words, as the language writes it."""
    return format_date(moment.date(), format="long", locale=locale)


def sliced(text: str, marks: Sequence[tuple[int, int]]) -> Iterable[tuple[str, bool]]:
    """Cut a text at its highlights: pieces in order, each with whether it is highlighted."""
    at = 0
    for start, end in marks:
        if at < start:
            yield text[at:start], False
        yield text[start:end], True
        at = end
    if at < len(text):
        yield text[at:], False


def render_template(
    template: str, request: PageRequest, /, *, status: int = 200, private: bool = False, **values: Any
) -> Page:
    """Fill a template in the reader's language."""
    translations = translations_for(request.locale)
    body = (
        _environment()
        .get_template(template)
        .render(
            say=translations.say, language=translations.language, request=request, private=private, **values
        )
    )
    return Page(body, status=status, private=private, headers={"Content-Language": translations.language})


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {"static": static_path, "author_path": author_path, "author_label": author_label}
    made.filters |= {"day": day, "xml": xml}
    return made
