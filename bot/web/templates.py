"""Templates and static files. Every value put into a template is escaped."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, Final
from unicodedata import category
from urllib.parse import quote

from babel import Locale
from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.i18n import LANGUAGES, translations_for
from bot.web.addresses import page_query
from bot.web.export_formats import author_label
from bot.web.page import Page, PageRequest

__all__ = [
    "STATIC",
    "TEMPLATES_VERSION",
    "Static",
    "author_path",
    "clipped",
    "day",
    "encoded",
    "render_template",
    "single_line",
    "sliced",
    "static_path",
    "xml",
]

_HERE: Final = Path(__file__).resolve().parent
_KINDS: Final = {".css": "text/css", ".svg": "image/svg+xml", ".txt": "text/plain"}
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DESCRIPTION: Final = 300
_BREAKING: Final = frozenset({"Zl", "Zp", "Zs"})
_JOINERS: Final = "\u200c\u200d"
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


def encoded(text: str) -> str:
    """Return a text as a value in an address's query."""
    return quote(text, safe="")


def xml(text: str) -> str:
    """Return a text without the characters that XML cannot hold, whatever way they are written."""
    return _NOT_XML.sub("\ufffd", text)


def day(moment: date, locale: str) -> str:
    """Return the day of a date or a moment in words, as the language writes it."""
    return format_date(moment, format="long", locale=locale)


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


def single_line(text: str) -> str:
    """Return a text on one line without control, bidirectional and other invisible characters.

    For titles and descriptions, which programs show outside the page.
    """
    kept = (" " if category(letter) in _BREAKING else letter for letter in text if _is_shown(letter))
    return " ".join("".join(kept).split())


def clipped(text: str, limit: int = _DESCRIPTION) -> str:
    """Return the opening of a text on one line, for descriptions."""
    line = single_line(text)
    return line if len(line) <= limit else line[: limit - 1].rsplit(" ", 1)[0] + "…"


def _is_shown(letter: str) -> bool:
    return letter in _JOINERS or letter.isspace() or category(letter) not in {"Cc", "Cf", "Cs", "Co"}


def render_template(
    template: str, request: PageRequest, /, *, status: int = 200, private: bool = False, **values: Any
) -> Page:
    """Fill a template in the reader's language."""
    translations = translations_for(request.locale)
    body = (
        _environment()
        .get_template(template)
        .render(
            say=partial(_say, translations.language),
            language=translations.language,
            request=request,
            root=request.root,
            base=request.base,
            private=private,
            **values,
        )
    )
    return Page(body, status=status, private=private, headers={"Content-Language": translations.language})


@lru_cache(maxsize=8_192)
def _say(language: str, key: str, /, **values: str | float) -> str:
    """Return a sentence; kept, because a page of many posts says the same many times."""
    return translations_for(language).say(key, **values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals |= {
        "static": static_path,
        "author_path": author_path,
        "author_label": author_label,
        "languages": {code: Locale(code).get_display_name(code) for code in LANGUAGES},
        "page_query": page_query,
    }
    environment.filters |= {"day": day, "xml": xml, "line": single_line}
    return environment


def _version() -> str:
    """Return a hash of everything beside the archive that pages are made of."""
    digest = hashlib.blake2b(digest_size=8)
    for folder in (_HERE, _HERE.parent / "locales"):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.read_bytes())
    return digest.hexdigest()


#: Changes with the templates, the modules of the pages and the sentences.
TEMPLATES_VERSION: Final = _version()
