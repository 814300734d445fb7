"""Writing the archive out: one thread a line, in the form that ``bobbin import`` takes in again."""

import fcntl
import glob
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import click

from bot.cli.options import Completed
from bot.startup import open_archive, start

__all__ = ["exporting", "write"]

_STDOUT = "-"


@click.command("export", short_help="Write threads out, for import elsewhere.")
@click.option(
    "--collection",
    metavar="NAME",
    default="main",
    show_default=True,
    type=Completed("collections"),
    help="Whose threads.",
)
@click.option("--author", metavar="NAME", type=Completed("authors"), help="Only the threads of this author.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, allow_dash=True),
    default=_STDOUT,
    help="Where to; standard output without it.",
)
def exporting(*, collection: str, author: str | None, output: str) -> None:
    """Write threads out as JSON lines: one thread a line, with all that is known of it.

    "bobbin import" of such a file makes the same archive; data/README.md describes the form. A file
    that is there already is replaced when the new one is whole, and not before.
    """
    settings = start()
    with open_archive(settings) as archive:
        lines = archive.export(collection, author=author)
        if output == _STDOUT:
            stream = sys.stdout.buffer
            for line in lines:
                stream.write(f"{line}\n".encode())
            stream.flush()
            return
        count = write(Path(output), lines)
    click.echo(f"{count} {'thread' if count == 1 else 'threads'} written to {output}.", err=True)


def write(path: Path, lines: Iterable[str]) -> int:
    """Write lines into a file, all of them or none, and return how many there were.

    They go to a file beside it, which takes its place when it is whole and safe on the disk. What an export
    that was killed left there is cleared away.
    """
    path = path.resolve()
    _clear_leftovers(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    count = 0
    try:
        with _locked(beside) as file:
            for count, line in enumerate(lines, start=1):  # noqa: B007 - the last one counts
                file.write(f"{line}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException as error:
        with suppress(OSError):
            beside.unlink()
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror or str(error), str(path)) from error
        raise
    return count


def _locked(path: Path) -> BinaryIO:
    """Open an empty file that is locked as long as it is open, so that it is seen to be in use."""
    while True:
        file = path.open("ab")
        fcntl.flock(file, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                file.truncate(0)
                return file
        file.close()  # cleared away between opening and locking


def _clear_leftovers(path: Path) -> None:
    """Delete the unfinished files of exports to a path whose processes are gone."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()
