"""A saved file to what is in it: itself, a bundle that is read as one, or each file of a zip by itself."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.errors import ReadError, RejectedError, UnknownFormError
from retrieval.formats.import_types import Bundle, LeftOut, Limits, Member, Reading, SavedFile
from retrieval.ingest.containers import Tar, Within, Zip, begins_like_a_zip, gunzip, open_bundle
from retrieval.ingest.web_archive import page_folders, passed_over, unwrap_mhtml
from retrieval.readers.registry import bundle_roots, read, recognised

__all__ = ["ReadOutcome", "read_outcomes"]

_HIDDEN = "hidden file of the zip or folder, not opened"
#: By what they hold, zips that are the documents of other programs.
_DOCUMENTS = {
    "[Content_Types].xml": "an office document",
    "META-INF/MANIFEST.MF": "a Java archive",
    "META-INF/container.xml": "a book",
    "META-INF/manifest.xml": "an office document",
}


@dataclass(frozen=True, slots=True)
class ReadOutcome:
    """What came of reading one file: its reading, or the reason why there is none.

    ``file`` is its name, with the zip's in front where it was in one. ``sha256`` is of its bytes, or of
    what was read of a bundle, in hex. ``error``, ``skipped``, ``unknown`` and ``plain`` are as in a
    :class:`~retrieval.formats.import_types.FileReport`.
    """

    file: str
    sha256: str = ""
    reading: Reading | None = None
    error: str | None = None
    skipped: str | None = None
    unknown: bool = False
    plain: bool = False


def read_outcomes(file: SavedFile, limits: Limits) -> Iterator[ReadOutcome]:
    """Read a saved file, or everything in it, and yield what came of each.

    What is in a zip or folder is opened only when its turn comes; a bundle that is read as one is
    opened by its reader alone. Names inside are for messages. Nothing is raised for a bad file.
    """
    try:
        if file.bundle is None and (bundle := open_bundle(file.name, file.content, limits)):
            file = replace(file, content=b"", bundle=bundle)
        if file.bundle is None:
            yield _outcome(_unwrapped(file, limits))
        else:
            yield from _unpacked(file, file.bundle, limits)
    except ReadError as error:
        yield _failed(file, error)
    finally:
        if isinstance(file.bundle, Zip | Tar):
            file.bundle.close()


def _unwrapped(file: SavedFile, limits: Limits) -> SavedFile:
    """Return a file without what it is wrapped in: gzip, MHTML."""
    unpacked = gunzip(file.name, file.content, limits)
    file = file if unpacked is None else replace(file, content=unpacked)
    return unwrap_mhtml(file) or file


def _unpacked(file: SavedFile, bundle: Bundle, limits: Limits) -> Iterator[ReadOutcome]:
    members = bundle.members
    if document := _document(members):
        raise UnknownFormError(file.name, document)
    loose = {member.place: member for member in members}
    for root, part in _roots(members).items():
        whole = replace(file, name=_named(file.name, root), bundle=Within(bundle, root, tuple(part)))
        if recognised(whole):
            yield _outcome(whole)
            for member in part:
                del loose[member.place]
    hidden = [member for member in loose.values() if _is_hidden(member.name)]
    seen = [member for member in loose.values() if not _is_hidden(member.name)]
    if hidden or not members:
        if not members:
            raise RejectedError(file.name, "holds no file to import")
        yield ReadOutcome(file.name, reading=Reading("zip", (), (LeftOut(_HIDDEN, len(hidden)),)))
    folders = page_folders(member.name for member in seen)
    beside = {name for names in folders.values() for name in names}
    for folder, names in folders.items():
        yield ReadOutcome(_named(file.name, folder), skipped=passed_over(len(names)))
    for member in seen:
        if member.name not in beside:
            yield _member(file, bundle, member, limits)


def _document(members: Sequence[Member]) -> str | None:
    """Return why a zip is left alone that is the document of another program."""
    names = {member.name for member in members}
    kinds = (kind for name, kind in _DOCUMENTS.items() if name in names)
    return next((f"is {kind}, not a zip of saved threads; save it as text" for kind in kinds), None)


def _roots(members: Sequence[Member]) -> dict[str, list[Member]]:
    by_name: dict[str, list[Member]] = {}
    for member in members:
        by_name.setdefault(member.name, []).append(member)
    return {
        root: [member for name in dict.fromkeys(names) for member in by_name[name]]
        for root, names in bundle_roots(by_name).items()
    }


def _member(file: SavedFile, bundle: Bundle, member: Member, limits: Limits) -> ReadOutcome:
    """Read one file of a zip by itself."""
    name = _named(file.name, member.name)
    try:
        with bundle.open(member) as stream:
            content = stream.read(limits.file + 1)
    except ReadError as error:
        return ReadOutcome(name, error=error.reason)
    if len(content) > limits.file:
        reason = f"is larger than {limits.file // 2**20} MiB; split it into smaller files"
        return ReadOutcome(name, error=reason)
    named = file.named and not isinstance(bundle, Zip | Tar)
    inner = replace(file, name=name, content=content, bundle=None, named=named)
    if begins_like_a_zip(content):
        return _zip_in_zip(inner, limits)
    if open_bundle(name, content, limits):
        return ReadOutcome(name, error="is a tar in an archive; unpack the outer one and import the folder")
    try:
        return _outcome(_unwrapped(inner, limits))
    except ReadError as error:
        return _failed(inner, error)


def _zip_in_zip(file: SavedFile, limits: Limits) -> ReadOutcome:
    try:
        document = _document(Zip(file.name, file.content, limits).members)
    except ReadError as error:
        return ReadOutcome(file.name, error=error.reason)
    if document:
        return _failed(file, UnknownFormError(file.name, document))
    return ReadOutcome(file.name, error="is a zip in a zip; unpack the outer one and import the folder")


def _failed(file: SavedFile, error: ReadError) -> ReadOutcome:
    """Return the outcome of a file that cannot be read; what is no thread is an error only by itself."""
    if not isinstance(error, UnknownFormError):
        return ReadOutcome(file.name, error=error.reason)
    if file.named:
        return ReadOutcome(file.name, error=error.reason, unknown=True, plain=error.plain)
    return ReadOutcome(file.name, skipped=error.reason, unknown=True, plain=error.plain)


def _outcome(file: SavedFile) -> ReadOutcome:
    try:
        reading = read(file)
    except ReadError as error:
        return _failed(file, error)
    return ReadOutcome(file.name, reading.sha256 or hashlib.sha256(file.content).hexdigest(), reading)


def _named(outer: str, inner: str) -> str:
    return f"{outer}/{inner.rstrip('/')}" if inner else outer


def _is_hidden(name: str) -> bool:
    return any((part.startswith(".") and part.strip(".")) or part == "__MACOSX" for part in name.split("/"))
