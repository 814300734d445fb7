"""Bobbin's own open form: one thread a line, as ``bobbin export`` writes it and anybody may."""

from dataclasses import replace
from typing import Final

from retrieval import openform
from retrieval.errors import RejectedError
from retrieval.model import Thread
from retrieval.parsing.parts import keys, mapping, parts, summed, unreadable
from retrieval.saved import LeftOut, Reading, SavedFile

__all__ = ["FORM", "read", "recognise"]

FORM = "Bobbin's open form (JSON lines)"

_NEWER: Final = "thread in a newer version of the form; update Bobbin to read it"


def recognise(file: SavedFile) -> float:
    """Return 0.98 for JSON with the keys ``bobbin`` and ``posts``."""
    return 0.98 if {"bobbin", "posts"} <= keys(file) else 0.0


def read(file: SavedFile) -> Reading:
    """Return the threads of the file as they stand in it; see :mod:`retrieval.openform`.

    Raises :class:`~retrieval.errors.RejectedError` when none can be kept.
    """
    threads: list[Thread] = []
    left_out: list[LeftOut] = []
    unknown: set[str] = set()
    number = 0
    for part in parts(file):
        if isinstance(part, LeftOut):
            left_out.append(part)
            continue
        for value in part.value if isinstance(part.value, list) else (part.value,):
            if part.alone and "bobbin" not in mapping(value):
                continue
            number += 1
            try:
                found = openform.threads(value)
            except openform.NewerVersionError:
                left_out.append(LeftOut(_NEWER, 1, (part.line, part.line) if part.line else None))
            except ValueError as error:
                left_out.append(unreadable(str(error), number, part.line))
            else:
                unknown |= openform.unknown_keys(mapping(value))
                threads += [replace(thread, author=thread.author or file.author) for thread in found]
    if not threads:
        reason = left_out[0].why if left_out else "holds no thread"
        raise RejectedError(file.name, f"{reason}; nothing of it can be kept")
    warnings: tuple[str, ...] = ()
    if unknown:
        named = ", ".join(sorted(key[:40] for key in unknown)[:10])
        warnings = (f"keys that this version of Bobbin does not know were passed over: {named}",)
    return Reading(FORM, tuple(threads), summed(left_out), warnings)
