"""Segments as files: their arrays one after another, mapped into memory to be there at once.

A file begins with a magic word, the length and the digest of its head; the head, JSON, says which arrays
follow, what they are of (the *label*), and what they sum up to. When a file is opened, its head is held
against its digest and the whole of its arrays against their sums: a file that was cut off, written over
or damaged in any byte is refused. The sums are made for accidents, not against forgery: who can write
beside the database can also write into it.
"""

import json
import mmap
import os
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import fields
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import numpy as np
import regex
import Stemmer
from numpy.typing import NDArray

from retrieval.analysis.analyzer import Analyzer
from retrieval.index.char_ngrams import CharNgrams
from retrieval.index.postings import Postings
from retrieval.index.segment import Segment
from retrieval.index.vocabulary import Vocabulary

__all__ = ["digest_of", "read_segment", "write_safely", "write_segment"]

#: Counts up with every change of what is stored or of what it means.
_FORMAT: Final = 4
_MAGIC: Final = b"bobbin\r\n"
_DIGEST: Final = 16
_HEAD_AT: Final = len(_MAGIC) + 8 + _DIGEST
#: Arrays begin at a multiple of this many bytes, and are summed up in rows of so many numbers of 8 bytes.
_ALIGNED: Final = 64
_ROW: Final = 1 << 13
_ROWS: Final = 1 << 7

#: The parts of a segment that are made of arrays themselves.
_PARTS: Final[Mapping[str, type]] = {
    "postings": Postings,
    "postings.vocabulary": Vocabulary,
    "vocabulary": Vocabulary,
    "runs": CharNgrams,
}


def write_segment(segment: Segment, path: Path, label: str) -> None:
    """Write a segment to a file, which is there whole or not at all. Raises ``OSError``."""
    arrays = _arrays(segment)
    places: dict[str, tuple[str, tuple[int, ...], int]] = {}
    at = 0
    for name, array in arrays.items():
        places[name] = (array.dtype.str, array.shape, at)
        at += -(-array.nbytes // _ALIGNED) * _ALIGNED
    head = {
        "format": _FORMAT,
        "made by": _made_by(segment.analyzer),
        "label": label,
        "spelled": segment.spelled,
        "arrays": places,
        "size": at,
    }

    def write(descriptor: int) -> None:
        with os.fdopen(os.dup(descriptor), "r+b") as file:
            # The sums' digest is of one length, so that it can be filled in once they are known.
            begin = _begin(len(_head(head, "0" * 2 * _DIGEST)))
            file.truncate(begin + at)
            for name, array in arrays.items():
                file.seek(begin + places[name][2])
                file.write(np.ascontiguousarray(array).data)
            file.flush()
            with mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) as mapped:
                written = _head(head, _sums(np.frombuffer(mapped, np.uint8)[begin:]))
            file.seek(0)
            file.write(_MAGIC + len(written).to_bytes(8, "little") + _digest(written) + written)

    write_safely(path, write)


def read_segment(path: Path, analyzer: Analyzer, label: str) -> Segment | None:
    """Map a segment's file; ``None`` for one that is missing, damaged, or not what it should be."""
    try:
        with path.open("rb") as file:
            # Private to this process and writable, so that arrays are of the kind that are built.
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        content = np.frombuffer(mapped, np.uint8)
        length = int.from_bytes(mapped[len(_MAGIC) : len(_MAGIC) + 8], "little")
        written = mapped[_HEAD_AT : _HEAD_AT + length]
        if mapped[: len(_MAGIC)] != _MAGIC or mapped[_HEAD_AT - _DIGEST : _HEAD_AT] != _digest(written):
            return None
        head = json.loads(written)
        expected = {"format": _FORMAT, "made by": _made_by(analyzer), "label": label}
        begin = _begin(length)
        if {name: head.get(name) for name in expected} != expected:
            return None
        if len(content) != begin + head["size"] or _sums(content[begin:]) != head["sums"]:
            return None
        if hasattr(mmap, "MADV_DONTNEED"):
            # All of it has been read, but only what is asked for need stay with this process.
            mapped.madvise(mmap.MADV_DONTNEED)
    except (OSError, ValueError):
        return None
    arrays = {}
    for name, (dtype, shape, at) in head["arrays"].items():
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        arrays[name] = content[begin + at : begin + at + size].view(dtype).reshape(shape)
    return _segment(analyzer, arrays, head["spelled"])


def digest_of(text: bytes) -> str:
    """Return a digest in hex, for what is small."""
    return _digest(text).hex()


def write_safely(path: Path, write: Any) -> None:
    """Let ``write`` fill a new file by its descriptor, and put it in the place of the old at once."""
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        try:
            write(descriptor)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _made_by(analyzer: Analyzer) -> str:
    """Return what terms depend on beside the format: other versions may cut or stem otherwise."""
    parts = (analyzer.language, Stemmer.version(), regex.__version__, unicodedata.unidata_version)
    return " ".join(map(str, parts))


def _arrays(segment: Segment) -> dict[str, NDArray[Any]]:
    """Return the arrays of a segment, and of its parts, by their names."""
    arrays: dict[str, NDArray[Any]] = {}

    def take(part: Any, prefix: str) -> None:
        for field in fields(part):
            value = getattr(part, field.name)
            if isinstance(value, np.ndarray):
                arrays[prefix + field.name] = value
            elif prefix + field.name in _PARTS:
                take(value, f"{prefix}{field.name}.")

    take(segment, "")
    return arrays


def _segment(analyzer: Analyzer, arrays: Mapping[str, NDArray[Any]], spelled: int) -> Segment:
    def part(prefix: str) -> dict[str, Any]:
        """Return what stands under a prefix: arrays, and parts made of what stands under theirs."""
        own = {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
        inner = {name.removeprefix(prefix): kind for name, kind in _PARTS.items() if name.startswith(prefix)}
        made = {name: kind(**part(f"{prefix}{name}.")) for name, kind in inner.items() if "." not in name}
        return {name: array for name, array in own.items() if "." not in name} | made

    return Segment(analyzer=analyzer, spelled=spelled, **part(""))


def _begin(length: int) -> int:
    """Return where the arrays begin, behind a head of this length."""
    return -(-(_HEAD_AT + length) // mmap.PAGESIZE) * mmap.PAGESIZE


def _head(head: Mapping[str, Any], sums: str) -> bytes:
    return json.dumps({**head, "sums": sums}).encode()


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=_DIGEST).digest()


def _sums(content: NDArray[np.uint8]) -> str:
    """Return a digest of the sums of rows and of columns; a change of any byte changes a sum of each."""
    whole = len(content) // 8
    numbers = content[: whole * 8].view(np.uint64)
    digest = blake2b(content[whole * 8 :].tobytes(), digest_size=_DIGEST)
    columns = np.zeros(_ROW, np.uint64)
    rows = len(numbers) // _ROW
    table = numbers[: rows * _ROW].reshape(rows, _ROW)
    # So many rows at once that they are still in the cache for the second sum.
    for at in range(0, rows, _ROWS):
        block = table[at : at + _ROWS]
        columns += block.sum(axis=0, dtype=np.uint64)
        digest.update(block.sum(axis=1, dtype=np.uint64).data)
    digest.update(columns.data)
    digest.update(numbers[rows * _ROW :].tobytes())
    return digest.hexdigest()
