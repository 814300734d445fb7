"""The saved files that the paths of a command mean, and their bytes."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["LARGEST", "STDIN", "Found", "UnreadableError", "content", "find", "size"]

STDIN = "-"
LARGEST = 100 * 2**20


class UnreadableError(Exception):
    """A file's bytes cannot be had; the message is the reason and the remedy, without its name."""


@dataclass(frozen=True, slots=True)
class Found:
    """What paths hold: the files in order, how many hidden entries were left aside, what failed.

    ``failed`` pairs a path with the reason. The name ``-`` among the files is standard input.
    """

    files: tuple[str, ...] = ()
    hidden: int = 0
    failed: tuple[tuple[str, str], ...] = ()


def find(paths: Sequence[str]) -> Found:
    """Return the files that the paths mean, folders gone through in the order of their names.

    Hidden files and folders inside a folder are counted, not read; one that is named itself is read.
    Links to folders are not followed.
    """
    files: list[str] = []
    failed: list[tuple[str, str]] = []
    hidden = 0
    for path in paths:
        try:
            # A pipe counts as a file: a shell's <(command) makes one.
            is_file = path == STDIN or Path(path).is_file() or Path(path).is_fifo()
            is_folder = not is_file and Path(path).is_dir()
        except OSError as error:
            failed.append((path, f"cannot be reached: {error.strerror}; check the path and its permissions"))
            continue
        if is_file:
            files.append(path)
        elif is_folder:
            inside = _walk(path)
            files += inside.files
            hidden += inside.hidden
            failed += inside.failed
        elif Path(path).exists():
            failed.append((path, "is neither a file nor a folder; name a saved file"))
        else:
            failed.append((path, "there is no such file or folder; check the path"))
    return Found(tuple(dict.fromkeys(files)), hidden, tuple(failed))


def content(name: str) -> bytes:
    """Return a file's bytes; raise :class:`UnreadableError` when it cannot be read or is too large."""
    try:
        if name == STDIN:
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(LARGEST + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableError(f"cannot be read: {reason}; check the file and its permissions") from error
    if len(data) > LARGEST:
        raise UnreadableError(f"is larger than {LARGEST // 2**20} MiB; split it into smaller files")
    return data


def size(name: str) -> int:
    """Return a file's size in bytes, 0 where it cannot be known."""
    try:
        return 0 if name == STDIN else Path(name).stat().st_size
    except OSError:
        return 0


def _walk(folder: str) -> Found:
    """Return what a folder holds, at any depth."""
    files: list[str] = []
    failed: list[tuple[str, str]] = []
    hidden = 0

    def closed(error: OSError) -> None:
        failed.append((str(error.filename), f"cannot be opened: {error.strerror}; check its permissions"))

    for place, folders, names in os.walk(folder, onerror=closed):
        hidden += sum(name.startswith(".") for name in (*folders, *names))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            path = Path(place, name)
            if path.is_file():
                files.append(str(path))
            else:
                failed.append((str(path), "is no regular file, or a link that leads nowhere"))
    if not files and not failed:
        failed.append((folder, "the folder holds no file to import"))
    return Found(tuple(files), hidden, tuple(failed))
