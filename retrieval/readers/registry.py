"""The readers, found by themselves: one module a saved form, bytes in, threads out.

A reader is a module of one of the packages beside this module, with three names:

``FORM``
    The form's name as reports show it.
``recognise(file)``
    How surely the file is of this form, from 0.0 (not at all) to 1.0, judged by content alone.
``read(file)``
    The :class:`~retrieval.formats.import_types.Reading`. Raises :class:`~retrieval.errors.ReadError` when
    nothing of the file can be kept.

A reader of bundles, folders and zips that are read as one, has two more; without them it is asked about
single files only:

``BUNDLE``
    A pattern for the names of files that may make what is around them such a bundle; its group ``root``
    is the folder that the bundle is.
``INSIDE``
    A pattern for the names, within that folder, of what belongs to the bundle alone.

Adding a form is adding a module: :func:`read` finds the modules by themselves and asks the one that
is surest.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final, Protocol, cast

from retrieval import readers as packages
from retrieval.errors import UnknownFormError
from retrieval.formats.import_types import Reading, SavedFile
from retrieval.patterns import pattern
from retrieval.readers.refusals import refused_form
from retrieval.readers.text import plain_text
from retrieval.readers.text.recognition import is_program

__all__ = ["Reader", "bundle_roots", "known_forms", "read", "readers", "recognised"]

_GLANCE: Final = 200_000
# No file of a bundle lies deeper in it; a name of thousands of folders costs no more than one of these.
_MOST_FOLDERS: Final = 64
_WRITTEN: Final = pattern(rb"[\w\s]")
_NO_SIGN: Final = "shows no sign of a thread: no numbers in sequence, no page that is known, no front matter"


class Reader(Protocol):
    """What the module of a reader offers."""

    FORM: str

    def recognise(self, file: SavedFile) -> float:
        """Return from 0.0 to 1.0 how surely the file is of this form."""
        ...

    def read(self, file: SavedFile) -> Reading:
        """Return the file's threads, or raise ``ReadError``."""
        ...


@cache
def readers() -> Sequence[Reader]:
    """Return every reader, by the order of their modules' names: those modules that name a form."""
    found = pkgutil.walk_packages(packages.__path__, f"{packages.__name__}.")
    names = sorted((one.name for one in found), key=lambda name: name.rpartition(".")[2])
    modules = map(importlib.import_module, names)
    return tuple(cast("Reader", module) for module in modules if hasattr(module, "FORM"))


def read(file: SavedFile) -> Reading:
    """Return the file's threads, read by whichever reader is surest of the form.

    Raises :class:`~retrieval.errors.UnknownFormError` when none recognises it and
    :class:`~retrieval.errors.ReadError` when the one that does cannot keep anything of it.
    """
    refused = refused_form(file)
    if refused is not None:
        raise refused
    surest = _surest(file)
    if surest is None:
        raise _unknown(file)
    return surest.read(file)


def known_forms() -> tuple[str, ...]:
    """Return the names of every form that is read, in the order of the alphabet."""
    return tuple(sorted((reader.FORM for reader in readers()), key=str.casefold))


def recognised(file: SavedFile) -> bool:
    """Return whether some reader recognises the file, or the bundle as one."""
    return _surest(file) is not None


def bundle_roots(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the folders that may be bundles, each with the names of what belongs to it.

    Names have ``/`` between their parts, and a folder ends in one; ``""`` is where the names begin. They
    decide nothing: whether a bundle is one, its reader judges by content (:func:`recognised`).
    """
    everything = list(names)
    inside: dict[str, re.Pattern[str]] = {}
    for reader in _bundlers():
        matches = filter(None, map(reader.BUNDLE.fullmatch, everything))
        inside |= {match["root"]: reader.INSIDE for match in matches}
    roots: dict[str, list[str]] = {root: [] for root in sorted(inside)}
    for name in everything:
        end = len(name)
        for _ in range(_MOST_FOLDERS):
            # The innermost folder that is a root; the last round tries where the names begin.
            end = name.rfind("/", 0, max(end - 1, 0)) + 1
            folder = name[:end]
            if folder in roots:
                if inside[folder].fullmatch(name, end):
                    roots[folder].append(name)
                break
            if not end:
                break
    return roots


def _unknown(file: SavedFile) -> UnknownFormError:
    reason = plain_text.refusal(file)
    if reason is None:
        return UnknownFormError(file.name, _NO_SIGN, plain=True)
    if b"\0" in file.content or len(_WRITTEN.findall(file.content)) * 2 < len(file.content):
        # No text in any encoding: what is wrong with it as text is of no use.
        reason = "no known form of saved thread"
    return UnknownFormError(file.name, reason)


class _Bundler(Reader, Protocol):
    BUNDLE: re.Pattern[str]
    INSIDE: re.Pattern[str]


def _bundlers() -> list[_Bundler]:
    return [cast("_Bundler", reader) for reader in readers() if hasattr(reader, "BUNDLE")]


def _surest(file: SavedFile) -> Reader | None:
    asked: Sequence[Reader] = readers() if file.bundle is None else _bundlers()
    if file.bundle is None and is_program(file.content[:_GLANCE].decode("latin-1")):
        asked = (cast("Reader", plain_text),)
    best, surest = 0.0, None
    for reader in asked:
        sure = reader.recognise(file)
        if sure > best:
            best, surest = sure, reader
    return surest
