"""What a browser saves of a page: the page in one MHTML file, and the folder of parts beside a page."""

import email
import email.policy
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from retrieval.errors import ReadError
from retrieval.formats.fields import web_address
from retrieval.formats.import_types import SavedFile
from retrieval.patterns import pattern

__all__ = ["page_folders", "passed_over", "unwrap_mhtml"]

_HEAD: Final = 8_000
_MHTML: Final = pattern(rb"^content-type:\s{0,9}multipart/related\b", re.IGNORECASE | re.MULTILINE)
_VERSION: Final = pattern(rb"^mime-version:", re.IGNORECASE | re.MULTILINE)
_DEEPEST: Final = 64
_PAGES: Final = (".html", ".htm", ".xhtml")
# How browsers name the folder beside a page, in the languages that they speak.
_FOLDERS: Final = (
    *(
        "_files",
        "_file",
        "-files",
        "-Dateien",
        "_Dateien",
        "_fichiers",
        "_archivos",
        "_arquivos",
        "_ficheiros",
    ),
    *("_pliki", "_soubory", "_bestanden", "-filer", "_elemei", "_tiedostot", "_dosyalar", "_файлы", "_файли"),
)


def unwrap_mhtml(file: SavedFile) -> SavedFile | None:
    """Return the page that an MHTML file holds, decoded, as a file of UTF-8; ``None`` for any other file.

    Its address is the page's own where the browser wrote it down. Raises
    :class:`~retrieval.errors.ReadError` where there is no page in it.
    """
    head = file.content[:_HEAD]
    if not (_MHTML.search(head) and _VERSION.search(head)):
        return None
    message = email.message_from_bytes(file.content, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() not in {"text/html", "application/xhtml+xml"}:
            continue
        body = part.get_payload(decode=True)
        if not isinstance(body, bytes) or not body.strip():
            continue
        with suppress(LookupError, UnicodeError):
            # What the page itself declares is honoured by its reader; this is what the part declares.
            body = body.decode(str(part.get_content_charset() or "utf-8")).encode()
        address = str(message.get("Snapshot-Content-Location") or part.get("Content-Location") or "").strip()
        known = file.url or web_address(address)
        return replace(file, content=body, url=known)
    raise ReadError(file.name, "is a saved page without the page in it; save it again, as HTML")


def page_folders(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the folders of parts that browsers saved beside pages, each with the names of its files.

    Names have ``/`` between their parts; a folder ends in one. A folder counts where the page of its name
    stands beside it.
    """
    everything = list(names)
    stems = {
        name[: -len(ending)] for name in everything for ending in _PAGES if name.lower().endswith(ending)
    }
    folders = {f"{stem}{ending}/" for stem in stems for ending in _FOLDERS}
    inside: dict[str, list[str]] = {}
    for name in everything if folders else ():
        at = -1
        for _ in range(_DEEPEST):
            at = name.find("/", at + 1)
            if at < 0 or name[: at + 1] in folders:
                break
        if at >= 0 and name[: at + 1] in folders:
            inside.setdefault(name[: at + 1], []).append(name)
    return inside


def passed_over(count: int) -> str:
    """Return the one line on such a folder."""
    return f"{count} files that a browser saved beside the page (scripts, styles, pictures), not opened"
