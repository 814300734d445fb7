"""What Bobbin's buttons remember, packed into their custom_ids so that it outlives a restart.

A custom_id is ``bob1`` (the version of the form), a letter for the kind, ``.`` and base64url of a
fixed-width record closed by a checksum. No state holds a question's words: post keys and the marks
of the question's terms are hashes that cannot be read back.
"""

import base64
import binascii
import re
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

__all__ = [
    "AnswerAction",
    "AnswerState",
    "ArrivalsState",
    "DeleteState",
    "ListState",
    "Order",
    "PostAction",
    "PostState",
    "ThreadState",
]

_PREFIX = "bob1"
_MOST = 8
_KEY_BYTES = 5
_CHECK_BYTES = 2
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_ID_LENGTH = 12
_USER_MAX, _PAGE_MAX, _BYTE_MAX, _MARK_MAX = 2**64 - 1, 2**16 - 1, 2**8 - 1, 2**16 - 1
_COLLECTION_MAX = 2**32 - 1
_KEY_MAX = 2 ** (8 * _KEY_BYTES) - 1


class AnswerAction(IntEnum):
    """What a button below an answer does."""

    TURN = 0
    """Show the page that the state names, in place."""
    SHARE = 1
    """Post the page that the state names where everyone sees it."""
    HELPFUL = 2
    """Count the threads of the page that the state names as helpful."""
    UNHELPFUL = 3
    """Count them as not helpful, and ask why."""


class Order(IntEnum):
    """In which order a list tells threads."""

    NEWEST = 0
    CHANCE = 1


class PostAction(IntEnum):
    """What a button below a quote does."""

    CONTEXT = 0
    """Show the posts before and after."""
    THREAD = 1
    """Show the full thread, at the page that holds the post."""


@dataclass(frozen=True, slots=True)
class AnswerState:
    """An answer's pages: who asked, the page (from 0) that the button leads to, and what is quoted.

    ``keys`` are at most eight 40-bit post keys in the order of rank, ``marks`` at most eight 16-bit
    marks of the question's terms. Raises ``ValueError`` for anything that does not fit.
    """

    asker: int
    page: int
    keys: tuple[int, ...]
    marks: tuple[int, ...] = ()
    action: AnswerAction = AnswerAction.TURN

    TEMPLATE: ClassVar[re.Pattern[str]] = re.compile(rf"{_PREFIX}a\.(?P<state>[A-Za-z0-9_-]{{18,92}})")

    def __post_init__(self) -> None:
        _check("asker", self.asker, _USER_MAX)
        _check("page", self.page, _BYTE_MAX)
        _check_all("keys", self.keys, _KEY_MAX)
        _check_all("marks", self.marks, _MARK_MAX)

    def encode(self) -> str:
        """Return the state as a custom_id of at most 98 ASCII characters."""
        counts = len(self.keys) << 4 | len(self.marks)
        body = struct.pack(">QBBB", self.asker, self.page, counts, self.action)
        body += b"".join(key.to_bytes(_KEY_BYTES, "big") for key in self.keys)
        return _sealed("a", body + b"".join(mark.to_bytes(2, "big") for mark in self.marks))

    @classmethod
    def decode(cls, custom_id: str) -> Self:
        """Read a state from a custom_id. Raises ``ValueError`` when it is foreign or damaged."""
        body = _opened("a", custom_id)
        try:
            asker, page, counts, action = struct.unpack_from(">QBBB", body)
            keys, marks = _split(body[11:], counts >> 4, counts & 15)
            return cls(asker, page, keys, marks, AnswerAction(action))
        except struct.error as error:
            raise ValueError(f"{custom_id!r} does not hold the state of an answer") from error


@dataclass(frozen=True, slots=True)
class PostState:
    """A quoted post: its 40-bit key, what to do with it, and who asked (0 where nobody did).

    ``slot`` (up to 255) tells apart the buttons of one message that do the same. Raises ``ValueError``
    for anything that does not fit.
    """

    key: int
    action: PostAction
    asker: int = 0
    slot: int = 0

    TEMPLATE: ClassVar[re.Pattern[str]] = re.compile(rf"{_PREFIX}p\.(?P<state>[A-Za-z0-9_-]{{23}})")

    def __post_init__(self) -> None:
        _check("key", self.key, _KEY_MAX)
        _check("asker", self.asker, _USER_MAX)
        _check("slot", self.slot, _BYTE_MAX)

    def encode(self) -> str:
        """Return the state as a custom_id of 29 ASCII characters."""
        body = struct.pack(">QBB", self.asker, self.action, self.slot)
        return _sealed("p", body + self.key.to_bytes(_KEY_BYTES, "big"))

    @classmethod
    def decode(cls, custom_id: str) -> Self:
        """Read a state from a custom_id. Raises ``ValueError`` when it is foreign or damaged."""
        body = _opened("p", custom_id)
        try:
            asker, action, slot = struct.unpack_from(">QBB", body)
            ((key,), ()) = _split(body[10:], 1, 0)
            return cls(key, PostAction(action), asker, slot)
        except struct.error as error:
            raise ValueError(f"{custom_id!r} does not hold the state of a post") from error


@dataclass(frozen=True, slots=True)
class ThreadState:
    """A thread's pages: who reads (0 for anyone) and the page (from 0) that the button leads to.

    ``slot`` (up to 255) tells apart the buttons of one message that lead to the same page;
    ``opens`` says that the thread is to be shown in a message of its own (the button stands in a list
    or below a quote) and not in place. Raises ``ValueError`` for anything that does not fit.
    """

    reader: int
    thread_id: str
    page: int = 0
    slot: int = 0
    opens: bool = False

    TEMPLATE: ClassVar[re.Pattern[str]] = re.compile(rf"{_PREFIX}t\.(?P<state>[A-Za-z0-9_-]{{30}})")

    def __post_init__(self) -> None:
        _check("reader", self.reader, _USER_MAX)
        _check("page", self.page, _PAGE_MAX)
        _check("slot", self.slot, _BYTE_MAX)
        _number_of(self.thread_id)

    def encode(self) -> str:
        """Return the state as a custom_id of 36 ASCII characters."""
        number = _number_of(self.thread_id)
        return _sealed("t", struct.pack(">QQHBB", self.reader, number, self.page, self.slot, self.opens))

    @classmethod
    def decode(cls, custom_id: str) -> Self:
        """Read a state from a custom_id. Raises ``ValueError`` when it is foreign or damaged."""
        try:
            reader, number, page, slot, opens = struct.unpack(">QQHBB", _opened("t", custom_id))
        except struct.error as error:
            raise ValueError(f"{custom_id!r} does not hold the state of a thread") from error
        if opens > 1:
            raise ValueError(f"{custom_id!r} does not hold the state of a thread")
        return cls(reader, _id_of(number), page, slot, bool(opens))


@dataclass(frozen=True, slots=True)
class ListState:
    """A list of threads: who reads, the order, and the page (from 0) that the button leads to.

    ``collection`` is the number of the one whose threads are told (0 for all), ``thread_id`` that of a
    thread whose author's they are ("" for everybody's). Raises ``ValueError`` for what does not fit.
    """

    reader: int
    order: Order = Order.NEWEST
    page: int = 0
    collection: int = 0
    thread_id: str = ""

    TEMPLATE: ClassVar[re.Pattern[str]] = re.compile(rf"{_PREFIX}l\.(?P<state>[A-Za-z0-9_-]{{34}})")

    def __post_init__(self) -> None:
        _check("reader", self.reader, _USER_MAX)
        _check("page", self.page, _PAGE_MAX)
        _check("collection", self.collection, _COLLECTION_MAX)
        if self.thread_id:
            _number_of(self.thread_id)

    def encode(self) -> str:
        """Return the state as a custom_id of 40 ASCII characters."""
        number = _number_of(self.thread_id) + 1 if self.thread_id else 0
        body = struct.pack(">QBHIQ", self.reader, self.order, self.page, self.collection, number)
        return _sealed("l", body)

    @classmethod
    def decode(cls, custom_id: str) -> Self:
        """Read a state from a custom_id. Raises ``ValueError`` when it is foreign or damaged."""
        try:
            reader, order, page, collection, number = struct.unpack(">QBHIQ", _opened("l", custom_id))
        except struct.error as error:
            raise ValueError(f"{custom_id!r} does not hold the state of a list") from error
        return cls(reader, Order(order), page, collection, _id_of(number - 1) if number else "")


@dataclass(frozen=True, slots=True)
class DeleteState:
    """A message that may be removed, and who asked for it. Raises ``ValueError`` for what is no user."""

    owner: int

    TEMPLATE: ClassVar[re.Pattern[str]] = re.compile(rf"{_PREFIX}b\.(?P<state>[A-Za-z0-9_-]{{14}})")

    def __post_init__(self) -> None:
        _check("owner", self.owner, _USER_MAX)

    def encode(self) -> str:
        """Return the state as a custom_id of 20 ASCII characters."""
        return _sealed("b", struct.pack(">Q", self.owner))

    @classmethod
    def decode(cls, custom_id: str) -> Self:
        """Read a state from a custom_id. Raises ``ValueError`` when it is foreign or damaged."""
        try:
            return cls(*struct.unpack(">Q", _opened("b", custom_id)))
        except struct.error as error:
            raise ValueError(f"{custom_id!r} does not hold the state of a message") from error


def _number_of(thread_id: str) -> int:
    """Return a thread's id as a number of 60 bits. Raises ``ValueError`` for what is none."""
    if len(thread_id) != _ID_LENGTH or not set(thread_id) <= set(_ALPHABET):
        raise ValueError(f"{thread_id!r} is not a thread's id: it has twelve of {_ALPHABET}")
    number = 0
    for character in thread_id:
        number = number << 5 | _ALPHABET.index(character)
    return number


def _id_of(number: int) -> str:
    """Return the thread's id that a number stands for. Raises ``ValueError`` for one of over 60 bits."""
    if number >> 5 * _ID_LENGTH:
        raise ValueError(f"{number:,} does not stand for a thread's id")
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(5 * (_ID_LENGTH - 1), -1, -5))


@dataclass(frozen=True, slots=True)
class ArrivalsState:
    """The pages of the threads that came in after the number ``since``, up to ``until``.

    ``page`` (from 0) is where the button leads; ``opens`` says that the list is to be shown in a message
    of its own and not in place. Raises ``ValueError`` for anything that does not fit.
    """

    since: int
    until: int
    page: int = 0
    opens: bool = False

    TEMPLATE: ClassVar[re.Pattern[str]] = re.compile(rf"{_PREFIX}n\.(?P<state>[A-Za-z0-9_-]{{28}})")

    def __post_init__(self) -> None:
        _check("since", self.since, _USER_MAX)
        _check("until", self.until, _USER_MAX)
        _check("page", self.page, _PAGE_MAX)

    def encode(self) -> str:
        """Return the state as a custom_id of 34 ASCII characters."""
        return _sealed("n", struct.pack(">QQHB", self.since, self.until, self.page, self.opens))

    @classmethod
    def decode(cls, custom_id: str) -> Self:
        """Read a state from a custom_id. Raises ``ValueError`` when it is foreign or damaged."""
        try:
            since, until, page, opens = struct.unpack(">QQHB", _opened("n", custom_id))
        except struct.error as error:
            raise ValueError(f"{custom_id!r} does not hold the state of new threads") from error
        if opens > 1:
            raise ValueError(f"{custom_id!r} does not hold the state of new threads")
        return cls(since, until, page, bool(opens))


def _check(name: str, value: int, most: int) -> None:
    if not 0 <= value <= most:
        raise ValueError(f"{name} must lie between 0 and {most:,}, not {value:,}")


def _check_all(name: str, values: tuple[int, ...], most: int) -> None:
    if len(values) > _MOST:
        raise ValueError(f"a button holds at most {_MOST} {name}, not {len(values)}")
    for value in values:
        _check(name, value, most)


def _split(body: bytes, keys: int, marks: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the keys and the marks that make up the body; they must fill it."""
    middle = keys * _KEY_BYTES
    if len(body) != middle + 2 * marks:
        raise ValueError("the state does not have the length that it says")
    return (
        tuple(int.from_bytes(body[at : at + _KEY_BYTES], "big") for at in range(0, middle, _KEY_BYTES)),
        tuple(int.from_bytes(body[at : at + 2], "big") for at in range(middle, len(body), 2)),
    )


def _checksum(kind: str, body: bytes) -> bytes:
    return binascii.crc_hqx(kind.encode() + body, 0xFFFF).to_bytes(_CHECK_BYTES, "big")


def _sealed(kind: str, body: bytes) -> str:
    packed = base64.urlsafe_b64encode(body + _checksum(kind, body)).rstrip(b"=")
    return f"{_PREFIX}{kind}.{packed.decode()}"


def _opened(kind: str, custom_id: str) -> bytes:
    """Return the record in a custom_id of this kind. Raises ``ValueError`` when there is none."""
    head = f"{_PREFIX}{kind}."
    if not custom_id.startswith(head) or not custom_id.isascii():
        raise ValueError(f"{custom_id!r} is not a custom_id of this kind")
    packed = custom_id.removeprefix(head)
    if re.fullmatch(r"[A-Za-z0-9_-]*", packed) is None:
        raise ValueError(f"{custom_id!r} holds more than base64url")
    try:
        record = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    except binascii.Error as error:
        raise ValueError(f"{custom_id!r} is damaged") from error
    body = record[:-_CHECK_BYTES]
    # Comparing the text, not the bytes: a record has one spelling only.
    if _sealed(kind, body) != custom_id:
        raise ValueError(f"{custom_id!r} is damaged")
    return body
