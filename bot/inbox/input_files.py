"""Find the saved files under paths: single files, folders and zips; and read their bytes."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.archive import bundle_roots, page_folders, passed_over
from retrieval.formats.import_types import Bundle, Limits
from retrieval.ingest.containers import Folder, Tar, Zip, open_bundle

__all__ = ["STDIN", "InputFile", "InputFiles", "UnreadableError", "find_files", "read_content"]

STDIN = "-"


class UnreadableError(Exception):
    """A file cannot be read; the message is the reason and the remedy, without the file's name."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to import, or a folder or zip: its path as it was named, and its size in bytes.

    The name ``-`` is standard input. The size is 0 where it is not known. ``named`` is ``False`` for a file
    that was not named itself, but found in a folder.
    """

    name: str
    size: int = 0
    bundle: Bundle | None = None
    named: bool = True


@dataclass(frozen=True, slots=True)
class InputFiles:
    """The files under some paths in order, the number of hidden entries skipped, and what failed.

    ``failed`` pairs a path with the reason, ``passed_over`` a folder that is left aside as a whole.
    """

    files: tuple[InputFile, ...] = ()
    hidden: int = 0
    failed: tuple[tuple[str, str], ...] = ()
    passed_over: tuple[tuple[str, str], ...] = ()


def find_files(paths: Sequence[str], limits: Limits) -> InputFiles:
    """Return the files under the paths, folders walked in the order of their names.

    An account export is one entry, be it a folder, a zip, or some of its files. Hidden files and folders
    inside a folder are counted, not read; one that is named itself is read. Links to folders are not
    followed.
    """
    files: list[str] = []
    named: set[str] = set()
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
            named.add(path)
        elif is_folder:
            inside, skipped, unreadable = _walk(path)
            files += inside
            hidden += skipped
            failed += unreadable
        elif Path(path).exists():
            failed.append((path, "is neither a file nor a folder; name a saved file"))
        else:
            failed.append((path, "there is no such file or folder; check the path"))
    # The parts of a saved page are read for no thread, unless one of them is named itself.
    folders = page_folders(name for name in files if name not in named)
    beside = {name for names in folders.values() for name in names}
    aside = tuple((folder.rstrip("/"), passed_over(len(names))) for folder, names in folders.items())
    entries = _entries(dict.fromkeys(name for name in files if name not in beside), named, limits)
    return InputFiles(tuple(entries), hidden, tuple(failed), aside)


def read_content(name: str, limits: Limits) -> bytes:
    """Return a file's bytes; raise :class:`UnreadableError` when it cannot be read or is too large."""
    largest = limits.file
    try:
        if name == STDIN:
            data = sys.stdin.buffer.read(largest + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(largest + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableError(f"cannot be read: {reason}; check the file and its permissions") from error
    if len(data) > largest:
        raise UnreadableError(f"is larger than {largest // 2**20} MiB; split it into smaller files")
    return data


def _entries(names: dict[str, None], named: set[str], limits: Limits) -> list[InputFile]:
    """Return an entry for each file, or for the export that it is a part of, at its first file's place."""
    roots = bundle_roots(name for name in names if name != STDIN)
    of_root = {name: root for root, inside in roots.items() for name in inside}
    entries: dict[str, InputFile] = {}
    for name in names:
        root = of_root.get(name)
        if root is None:
            entries[name] = InputFile(name, _size(name), _bundle(name, limits), name in named)
        elif roots[root][0] == name:
            inside = roots[root]
            folder = Folder(Path(root).absolute(), tuple(path.removeprefix(root) for path in inside), limits)
            shown = name if len(inside) == 1 else root.rstrip("/") or "."
            entries[name] = InputFile(shown, sum(map(_size, inside)), folder, named.issuperset(inside))
    return list(entries.values())


def _bundle(name: str, limits: Limits) -> Zip | Tar | None:
    """Return a file as a zip or tar if it is one; one that cannot be opened is reported when it is read."""
    if name == STDIN or not Path(name).is_file():
        return None
    return open_bundle(name, Path(name).absolute(), limits)


def _size(name: str) -> int:
    try:
        return 0 if name == STDIN else Path(name).stat().st_size
    except OSError:
        return 0


def _walk(folder: str) -> tuple[list[str], int, list[tuple[str, str]]]:
    """Return the files of a folder at any depth, the number of hidden entries, and what cannot be opened."""
    files: list[str] = []
    failed: list[tuple[str, str]] = []
    hidden = 0

    def report(error: OSError) -> None:
        failed.append((str(error.filename), f"cannot be opened: {error.strerror}; check its permissions"))

    for place, folders, names in os.walk(folder, onerror=report):
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
    return files, hidden, failed
