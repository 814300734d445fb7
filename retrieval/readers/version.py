"""Which code reads files, so that the same code need not read them twice; it loads none of the readers."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

import retrieval

__all__ = ["readers_version"]

#: The packages whose code makes threads of a file.
_READING: Final = ("formats", "ingest", "readers", "linkage")


@cache
def readers_version() -> str:
    """Return a hash of the code that reads: no file need be read twice by the same code."""
    hashed = hashlib.sha256()
    for package in _READING:
        for path in sorted(Path(retrieval.__file__).parent.joinpath(package).rglob("*.py")):
            hashed.update(path.read_bytes())
    return hashed.hexdigest()
