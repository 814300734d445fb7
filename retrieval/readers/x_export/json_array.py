"""A JSON array of records, one after another, out of a stream of any length, damaged or hostile.

ijson reads what is sound. Where it stumbles, the file is gone through once more, cut where records
open: what is whole is kept, what is not is reported by its number. Neither way holds more than one record.
"""

import json
from collections.abc import Callable, Iterator
from typing import IO, Any, Final

import ijson

from retrieval.patterns import pattern

__all__ = ["BrokenRecord", "Restart", "array_records"]

# ijson keeps the path to every open bracket, so a record costs up to their product: 128 KiB and 300
# open brackets 38 MiB, while 200,000 nested ones in a row would take all the memory there is.
_MOST_BYTES: Final = 128 * 1024
_MOST_OPEN: Final = 300
_CHUNK: Final = 4096
_SLICE: Final = 256 * 1024
_LARGEST: Final = 4 * 2**20
_ASSIGNMENT: Final = 512

_WRAPPED: Final = pattern(rb'\{\s{0,64}"(?:tweet|noteTweet)"\s{0,64}:\s{0,64}\{')
# Records without a name around them differ from what is in them by the indent of their first line.
_BARE: Final = pattern(rb'\{(?=[ \t\r]{0,8}\n  ")')
_REST: Final = pattern(r"[\s,\]};]*\Z")
_DECODER: Final = json.JSONDecoder()


class BrokenRecord(str):
    """Why a part of the file cannot be read, with the number of the record that it should have been."""

    __slots__ = ()


class Restart:
    """Said once where the sound way ends: what came so far comes again, so it is to be forgotten."""


def array_records(stream: Callable[[], IO[bytes]]) -> Iterator[Any]:
    """Yield the values of the array that a file assigns to a variable, in order.

    ``stream`` opens the file at its beginning, for a second time where it is damaged; then
    :class:`Again` is yielded first. A part that cannot be read is a :class:`Broken`.
    """
    with stream() as file:
        sound = _Sound(file)
        try:
            for record in ijson.items(sound, "item", buf_size=_CHUNK, use_float=True):
                sound.pending = sound.open = 0
                yield record
        except (ijson.JSONError, _SuspectError, ValueError, RecursionError):
            pass
        else:
            return
    yield Restart()
    with stream() as file:
        yield from _salvaged(file)


class _SuspectError(Exception):
    """What comes is nothing that ijson should see."""


class _Sound:
    """The bytes from the array's opening bracket on, as long as they look like records."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._begun = False
        self.pending = self.open = 0

    def read(self, size: int = -1) -> bytes:
        if size == 0:
            return b""
        chunk = self._file.read(_CHUNK)
        if not self._begun:
            self._begun = True
            chunk = chunk[max(chunk.find(b"[", 0, _ASSIGNMENT), 0) :]
        self.pending += len(chunk)
        self.open += chunk.count(b"[") + chunk.count(b"{")
        if self.pending > _MOST_BYTES or self.open > _MOST_OPEN:
            raise _SuspectError
        return chunk


def _salvaged(file: IO[bytes]) -> Iterator[Any]:
    """Yield what is whole among the pieces from one opening of a record to the next."""
    for number, piece in enumerate(_pieces(file), start=1):
        if piece is None:
            yield BrokenRecord(f"record {number}: longer than {_LARGEST // 2**20} MiB")
            continue
        try:
            text = piece.decode(errors="replace")
            record, end = _DECODER.raw_decode(text)
        except (ValueError, RecursionError) as error:
            why = "nested too deep" if isinstance(error, RecursionError) else "not JSON"
            yield BrokenRecord(f"record {number}: {why}")
            continue
        damage = text.count("\ufffd") - piece.count("\ufffd".encode())
        if damage > 0:
            yield BrokenRecord(f"record {number}: {damage} bytes that are no UTF-8, shown as \ufffd")
        yield record
        if not _REST.match(text, end):
            yield BrokenRecord(f"after record {number}: not JSON")


def _pieces(file: IO[bytes]) -> Iterator[bytes | None]:
    """Yield the bytes from each opening of a record to the next; ``None`` for too many of them."""
    buffer = file.read(_SLICE)
    opening = _WRAPPED if _WRAPPED.search(buffer) else _BARE
    first = opening.search(buffer)
    buffer = buffer[first.start() :] if first else buffer
    searched = 1
    while True:
        begun = 0
        for found in opening.finditer(buffer, searched):
            yield buffer[begun : found.start()]
            begun = found.start()
        buffer = buffer[begun:]
        if len(buffer) > _LARGEST:
            yield None
            buffer = b""
        # An opening may lie across two slices.
        searched = max(1, len(buffer) - _ASSIGNMENT)
        chunk = file.read(_SLICE)
        if not chunk:
            break
        buffer += chunk
    if buffer.strip(b" \t\r\n,];"):
        yield buffer
