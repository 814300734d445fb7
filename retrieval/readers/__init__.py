"""Readers: one module a saved form, bytes in, threads out.

A reader is a module of this package with three names:

``FORM``
    The form's name as reports show it.
``recognise(file)``
    How surely the file is of this form, from 0.0 (not at all) to 1.0, judged by content alone.
``read(file)``
    The :class:`~retrieval.saved.Reading`. Raises :class:`~retrieval.errors.ReadError` when nothing of
    the file can be kept.

Adding a form is adding a module: :func:`read` finds the modules by themselves and asks the one that
is surest.
"""

import importlib
import pkgutil
from collections.abc import Sequence
from functools import cache
from typing import Protocol, cast

from retrieval.errors import UnknownFormError
from retrieval.saved import Reading, SavedFile

__all__ = ["Reader", "read", "readers"]


class Reader(Protocol):
    """What a module of this package offers."""

    FORM: str

    def recognise(self, file: SavedFile) -> float:
        """Return from 0.0 to 1.0 how surely the file is of this form."""
        ...

    def read(self, file: SavedFile) -> Reading:
        """Return the file's threads, or raise ``ReadError``."""
        ...


@cache
def readers() -> Sequence[Reader]:
    """Return every reader of this package, by the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(cast("Reader", importlib.import_module(f"{__name__}.{name}")) for name in names)


def read(file: SavedFile) -> Reading:
    """Return the file's threads, read by whichever reader is surest of the form.

    Raises :class:`~retrieval.errors.UnknownFormError` when none recognises it and
    :class:`~retrieval.errors.ReadError` when the one that does cannot keep anything of it.
    """
    surest = max(readers(), key=lambda reader: reader.recognise(file), default=None)
    if surest is None or surest.recognise(file) <= 0:
        forms = ", ".join(reader.FORM for reader in readers())
        raise UnknownFormError(file.name, f"no known form of saved thread; Bobbin reads: {forms}")
    return surest.read(file)
