"""The SQLite of the whole project: the one that sqlite-utils uses, so that there is but one.

That is the one of pysqlite3 where it is installed, which brings a fixed SQLite along, and Python's own
elsewhere. Both in one process would be two libraries with separate locks on the same files.
"""

from typing import Final

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # not among its public names

__all__ = ["LIBRARY", "outdated", "sqlite3"]

_PACKAGE: Final = "pysqlite3" if sqlite3.__name__ == "pysqlite3" else "Python"
LIBRARY: Final = f"{sqlite3.sqlite_version} of {_PACKAGE}"
"""The version of SQLite that runs, and which package it is of."""


def outdated(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str | None:
    """Return a note when this version of SQLite has the WAL-reset bug, ``None`` when it does not.

    Two connections that write or empty the log at the same instant can damage the file. Fixed in 3.51.3, and
    in 3.50.7 and 3.44.6 of the older branches.
    """
    branch, patch = version[:2], version[2:]
    if (
        version >= (3, 51, 3)
        or (branch == (3, 50) and patch >= (7,))
        or (branch == (3, 44) and patch >= (6,))
    ):
        return None
    number = ".".join(map(str, version))
    return (
        f"note: SQLite {number} can damage a database that two programs write to at once, so only one may"
        " write; import while the bot is stopped, install pysqlite3 where it has a wheel"
        " (pip install pysqlite3), or use a Python with SQLite 3.51.3 or newer"
    )
