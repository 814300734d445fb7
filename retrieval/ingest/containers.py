"""Bundles: a folder, a zip, a tar, and what is in a part of one. No name inside is ever used as a path."""

import gzip
import hashlib
import io
import stat
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Final, Self, cast

from retrieval.errors import ReadError, UnknownFormError
from retrieval.formats.import_types import Bundle, Limits, Member, SavedFile

__all__ = ["Folder", "Tar", "Within", "Zip", "begins_like_a_zip", "content_hash", "gunzip", "open_bundle"]

_BEGINNINGS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# Small files of repeated words grow more than any limit on the ratio allows, and do no harm.
_HARMLESS: Final = 2**20
_ENCRYPTED: Final = 1
_GZIP: Final = b"\x1f\x8b"
_TAR_MAGIC: Final = (b"ustar", 257)
_TAR_BLOCK: Final = 512
_CHUNK: Final = 256 * 1024
# A bundle of more bytes is read again rather than hashed.
_HASHED: Final = 2**30
# LZMA is left out: what a few bytes of it may ask of the memory has no bound.
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2}


def begins_like_a_zip(content: bytes) -> bool:
    """Return whether bytes begin as a zip does."""
    return content.startswith(_BEGINNINGS)


def open_bundle(name: str, source: Path | bytes, limits: Limits) -> "Zip | Tar | None":
    """Return a file as the zip or tar that it is by its first bytes, ``None`` where it is neither.

    Nothing else is read yet: that it cannot be opened shows when it is read.
    """
    try:
        with _opened(source) as file:
            head = file.read(_TAR_BLOCK)
            if begins_like_a_zip(head):
                return Zip(name, source, limits)
            if head.startswith(_GZIP):
                file.seek(0)
                head = gzip.GzipFile(fileobj=file).read(_TAR_BLOCK)
    except _DAMAGE:
        return None
    return Tar(name, source, limits) if head.startswith(*_TAR_MAGIC) else None


def gunzip(name: str, content: bytes, limits: Limits) -> bytes | None:
    """Return what a single file packed with gzip holds, ``None`` for any other content.

    Raises :class:`~retrieval.errors.UnknownFormError` where it is damaged, and
    :class:`~retrieval.errors.ReadError` where it grows beyond the limits.
    """
    if not content.startswith(_GZIP):
        return None
    most = min(limits.file, max(_HARMLESS, limits.ratio * len(content)))
    try:
        unpacked = gzip.GzipFile(fileobj=io.BytesIO(content)).read(most + 1)
    except _DAMAGE as error:
        # Who knows what it held; in a folder it is left out.
        reason = "is packed with gzip and damaged; download or copy it once more"
        raise UnknownFormError(name, reason) from error
    if len(unpacked) <= most:
        return unpacked
    if most < limits.file:
        raise ReadError(name, f"would grow more than {limits.ratio}-fold (a zip bomb); it is not unpacked")
    raise ReadError(name, f"is larger than {limits.file // 2**20} MiB unpacked; split it into smaller files")


def content_hash(file: SavedFile) -> str | None:
    """Return the SHA-256 of a file's bytes, or of the names and bytes in a folder, in hex.

    ``None`` for a bundle that is too large to be hashed in a few seconds, or cannot be opened.
    """
    bundle = file.bundle
    if bundle is None:
        return hashlib.sha256(file.content).hexdigest()
    hashed = hashlib.sha256()
    try:
        if isinstance(bundle, Zip | Tar):
            with _opened(bundle.source) as stream:
                if stream.seek(0, io.SEEK_END) > _HASHED:
                    return None
                stream.seek(0)
                _hash(stream, hashed)
        elif isinstance(bundle, Folder) and sum(member.size for member in bundle.members) <= _HASHED:
            for member in bundle.members:
                hashed.update(
                    f"{len(member.name)} {member.size} {member.name}".encode("utf-8", "surrogatepass")
                )
                with bundle.open(member) as stream:
                    _hash(stream, hashed)
        else:
            return None
    except (OSError, ReadError):
        return None
    return hashed.hexdigest()


def _hash(stream: IO[bytes], hashed: "hashlib._Hash") -> None:
    while chunk := stream.read(_CHUNK):
        hashed.update(chunk)


def _opened(source: Path | bytes) -> IO[bytes]:
    return source.open("rb") if isinstance(source, Path) else io.BytesIO(source)


@dataclass(frozen=True)
class Folder:
    """Files below a folder. ``files`` are paths relative to it, found by walking through it."""

    path: Path
    files: tuple[str, ...]
    limits: Limits

    @cached_property
    def members(self) -> Sequence[Member]:
        """Return the files with their sizes."""
        return tuple(
            Member(name.replace("\\", "/"), _size(self.path / name), place)
            for place, name in enumerate(self.files)
        )

    def open(self, member: Member) -> IO[bytes]:
        """Return a file's bytes as a stream, or raise :class:`~retrieval.errors.ReadError`."""
        with _told(member.name):
            if member.size > self.limits.unpacked:
                raise ReadError(member.name, _too_large(self.limits.unpacked))
            return _stream((self.path / self.files[member.place]).open("rb"), member.name)


class Zip:
    """A zip, in a file or in memory; it is opened when something of it is asked for.

    A zip that could harm is refused as a whole: with too many members, or with members that overlap or
    claim more bytes than it has. A member is refused that is encrypted, grows too much, or would make
    what is read of the zip too much.
    """

    def __init__(self, name: str, source: Path | bytes, limits: Limits) -> None:
        self.name = name
        self.source = source
        self._limits = limits
        self._opened: dict[int, int] = {}

    def __reduce__(self) -> tuple[type[Self], tuple[str, Path | bytes, Limits]]:
        return type(self), (self.name, self.source, self._limits)

    @cached_property
    def _archive(self) -> zipfile.ZipFile:
        with _told(self.name):
            opened = _opened(self.source)
            try:
                archive = zipfile.ZipFile(opened)
                self._judge(archive, opened.seek(0, io.SEEK_END))
            except BaseException:
                opened.close()
                raise
        return archive

    def _judge(self, archive: zipfile.ZipFile, size: int) -> None:
        listed = archive.infolist()
        if len(listed) > self._limits.members:
            raise ReadError(self.name, _too_many(self._limits.members))
        if sum(info.compress_size for info in listed) > size:
            raise ReadError(
                self.name, "its files claim more bytes than it has (a zip bomb); it is not unpacked"
            )

    @cached_property
    def members(self) -> Sequence[Member]:
        """Return the zip's files, without folders."""
        return tuple(
            Member(info.filename.replace("\\", "/"), info.file_size, place)
            for place, info in enumerate(self._archive.infolist())
            if not info.is_dir()
        )

    def open(self, member: Member) -> IO[bytes]:
        """Return a member's bytes as a stream, or raise :class:`~retrieval.errors.ReadError`."""
        info = self._archive.infolist()[member.place]
        self._opened[member.place] = info.file_size
        if info.flag_bits & _ENCRYPTED:
            raise ReadError(
                member.name, "is encrypted; unpack the zip with its password and import the folder"
            )
        if info.compress_type not in _METHODS:
            raise ReadError(member.name, "is packed in an unusual way; unpack the zip and import the folder")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise ReadError(member.name, "is a link to another file")
        if info.file_size > max(_HARMLESS, self._limits.ratio * info.compress_size):
            reason = f"would grow more than {self._limits.ratio}-fold (a zip bomb); it is not unpacked"
            raise ReadError(member.name, reason)
        if sum(self._opened.values()) > self._limits.unpacked:
            raise ReadError(member.name, _too_large(self._limits.unpacked))
        with _told(member.name):
            return _stream(self._archive.open(info), member.name)

    def close(self) -> None:
        """Close the file, if it was opened."""
        if "_archive" in self.__dict__:
            archive = self.__dict__.pop("_archive")
            opened = archive.fp
            archive.close()
            if opened is not None:
                opened.close()


class Tar:
    """A tar, packed with gzip or not, in a file or in memory; it is opened when something of it is asked for.

    A packed one is unpacked once, into a file without a name, since a member cannot be reached without
    unpacking all before it. It is refused as a
    whole where it grows too much or has too many members.
    """

    def __init__(self, name: str, source: Path | bytes, limits: Limits) -> None:
        self.name = name
        self.source = source
        self._limits = limits

    def __reduce__(self) -> tuple[type[Self], tuple[str, Path | bytes, Limits]]:
        return type(self), (self.name, self.source, self._limits)

    @cached_property
    def _file(self) -> IO[bytes]:
        with _told(self.name):
            packed = _opened(self.source)
            if packed.read(len(_GZIP)) != _GZIP:
                packed.seek(0)
                return packed
            with packed:
                size = packed.seek(0, io.SEEK_END)
                packed.seek(0)
                return self._unpacked(cast("IO[bytes]", gzip.GzipFile(fileobj=packed)), size)

    def _unpacked(self, stream: IO[bytes], size: int) -> IO[bytes]:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the bundle
        most, done = max(_HARMLESS, self._limits.ratio * size), 0
        while chunk := stream.read(_CHUNK):
            done += len(chunk)
            if done > min(most, self._limits.unpacked):
                file.close()
                bomb = f"would grow more than {self._limits.ratio}-fold (a zip bomb); it is not unpacked"
                raise ReadError(self.name, bomb if done > most else _too_large(self._limits.unpacked))
            file.write(chunk)
        file.seek(0)
        return file

    @cached_property
    def _infos(self) -> list[tarfile.TarInfo]:
        infos = []
        with _told(self.name):
            for info in self._archive:
                if not info.isdir():
                    infos.append(info)
                if len(infos) > self._limits.members:
                    reason = (
                        f"holds more than {self._limits.members:,} files; unpack it and import the folder"
                    )
                    raise ReadError(self.name, reason)
        return infos

    @cached_property
    def _archive(self) -> tarfile.TarFile:
        file = self._file
        with _told(self.name):
            return tarfile.open(fileobj=file, mode="r:")

    @cached_property
    def members(self) -> Sequence[Member]:
        """Return the tar's files, without folders."""
        return tuple(
            Member(info.name.replace("\\", "/").removeprefix("./"), info.size, place)
            for place, info in enumerate(self._infos)
        )

    def open(self, member: Member) -> IO[bytes]:
        """Return a member's bytes as a stream, or raise :class:`~retrieval.errors.ReadError`."""
        info = self._infos[member.place]
        if not info.isreg():
            raise ReadError(member.name, "is a link to another file, or no file")
        with _told(member.name):
            stream = self._archive.extractfile(info)
            if stream is None:
                raise ReadError(member.name, "is a link to another file, or no file")
            return _stream(stream, member.name)

    def close(self) -> None:
        """Close the file, if it was opened."""
        if "_archive" in self.__dict__:
            self.__dict__.pop("_archive").close()
        if "_file" in self.__dict__:
            self.__dict__.pop("_file").close()


@dataclass(frozen=True)
class Within:
    """A part of a bundle: some of its members, their names without the folder they are in."""

    bundle: Bundle
    folder: str
    inside: tuple[Member, ...]

    @cached_property
    def members(self) -> Sequence[Member]:
        """Return the part's members."""
        return tuple(
            Member(member.name.removeprefix(self.folder), member.size, place)
            for place, member in enumerate(self.inside)
        )

    def open(self, member: Member) -> IO[bytes]:
        """Return a member's bytes as a stream."""
        return self.bundle.open(self.inside[member.place])


class _Stream(io.BufferedIOBase):
    """A stream that says in one way what is wrong with what it reads."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name

    def read(self, size: int | None = -1, /) -> bytes:
        with _told(self._name):
            return self._stream.read(-1 if size is None else size)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _stream(stream: IO[bytes], name: str) -> IO[bytes]:
    return cast("IO[bytes]", _Stream(stream, name))


# What zipfile, tarfile and gzip raise for damaged files, beside what they mean to raise.
_DAMAGE: Final = (
    OSError,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ValueError,
    RuntimeError,
    LookupError,
    OverflowError,
    struct.error,
)


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Raise :class:`~retrieval.errors.ReadError` for whatever the disk or the archive raises inside."""
    try:
        yield
    except _DAMAGE as error:
        if isinstance(error, OSError) and error.strerror:
            reason = f"cannot be read: {error.strerror}"
        else:
            reason = "the archive is damaged or cut off; download or copy it once more"
        raise ReadError(name, reason) from error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _too_many(most: int) -> str:
    return f"holds more than {most:,} files; unpack it and import the folder"


def _too_large(most: int) -> str:
    return f"more than {most / 2**30:.1f} GiB would have to be read; import it in parts"
