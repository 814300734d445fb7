"""What Bobbin's buttons remember, packed into their custom_ids so that it outlives a restart.

A custom_id is ``bob1`` (the version of the form), a letter for the kind, ``.`` and base64url of a
record closed by a checksum. Each kind declares the fields of its record in the order of their bytes.
No state holds a question's words: post keys and the marks of the question's terms are hashes that
cannot be read back.
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from typing import Any, ClassVar, Final, Self

from retrieval.archive import ThreadOrder
from retrieval.model import Verdict

__all__ = [
    "DAYS",
    "AnswerAction",
    "AnswerState",
    "ArrivalsState",
    "DeleteState",
    "FilteredListState",
    "ListState",
    "Order",
    "PostAction",
    "PostState",
    "ThreadState",
    "packed_words",
]

_PREFIX: Final = "bob1"
_MOST: Final = 8
_CHECK_BYTES: Final = 2
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_ID_LENGTH: Final = 12
DAYS: Final = (date(1970, 1, 1), date(2149, 6, 5))
"""The first and the last day that a button can remember: no post is older than the one."""
#: Text is packed by so many bytes.
_CHUNK: Final = 5


#: The verdicts that buttons remember, by their numbers; an answer is 0, as in every earlier version.
_VERDICTS: Final = (Verdict.ANSWER, Verdict.CLOSEST)


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
    """The order of a list of threads."""

    NEWEST = 0
    CHANCE = 1


class PostAction(IntEnum):
    """What a button below a quote does."""

    CONTEXT = 0
    """Show the posts before and after."""
    THREAD = 1
    """Show the full thread, at the page that holds the post."""


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


def _packed_id(thread_id: str) -> int:
    return _number_of(thread_id) + 1 if thread_id else 0


def _unpacked_id(number: int) -> str:
    return _id_of(number - 1) if number else ""


def _packed_day(day: date | None) -> int:
    """Return a day as a number from 1. Raises ``ValueError`` for one outside the ``DAYS``."""
    if day is None:
        return 0
    if not DAYS[0] <= day <= DAYS[1]:
        raise ValueError(f"a list's days lie between {DAYS[0]} and {DAYS[1]}, and {day} does not")
    return (day - DAYS[0]).days + 1


def _unpacked_day(number: int) -> date | None:
    return DAYS[0] + timedelta(days=number - 1) if number else None


def _sort_of(number: int) -> ThreadOrder:
    if number >= len(ThreadOrder):
        raise ValueError(f"the state holds {number} where an order belongs")
    return list(ThreadOrder)[number]


def _flag_of(number: int) -> bool:
    if number > 1:
        raise ValueError(f"the state holds {number} where 0 or 1 belongs")
    return bool(number)


def _packed_use(use: tuple[AnswerAction, Verdict]) -> int:
    """Return an action and a verdict as one number. Raises ``ValueError`` for a verdict without quotes."""
    action, verdict = use
    if verdict not in _VERDICTS:
        raise ValueError(f"no button stands below the verdict {verdict}")
    return _VERDICTS.index(verdict) << 4 | action


def _unpacked_use(number: int) -> tuple[AnswerAction, Verdict]:
    """Return the action and the verdict of a number. Raises ``ValueError`` for one of neither."""
    if number >> 4 >= len(_VERDICTS):
        raise ValueError(f"the state holds {number >> 4} where a verdict belongs")
    return AnswerAction(number & 15), _VERDICTS[number >> 4]


@dataclass(frozen=True, slots=True)
class _Field:
    """An attribute as an unsigned number of ``width`` bytes, big-endian.

    ``pack`` turns the attribute's value into the number and ``unpack`` turns it back; both raise
    ``ValueError`` for what is no such value.
    """

    name: str
    width: int
    pack: Callable[[Any], int] = int
    unpack: Callable[[int], Any] = int

    def write(self, value: Any) -> bytes:
        """Return the bytes of a value. Raises ``ValueError`` for one that does not fit."""
        number, most = self.pack(value), 2 ** (8 * self.width) - 1
        if not 0 <= number <= most:
            raise ValueError(f"{self.name} must lie between 0 and {most:,}, not {number:,}")
        return number.to_bytes(self.width, "big")

    def read(self, record: bytes, at: int = 0) -> Any:
        """Return the value whose bytes begin at ``at``. Raises ``ValueError`` for bytes of no value."""
        return self.unpack(int.from_bytes(record[at : at + self.width], "big"))


class _State:
    """What a kind of button remembers: a frozen dataclass whose attributes are the ``FIELDS`` of a record.

    ``REPEATED`` are attributes that hold up to eight numbers each, behind the fields; one of the fields,
    called ``lengths``, says how many. Raises ``ValueError`` for a value that does not fit its field.
    """

    __slots__ = ()

    KIND: ClassVar[str]
    FIELDS: ClassVar[tuple[_Field, ...]]
    REPEATED: ClassVar[tuple[_Field, ...]] = ()
    TEMPLATE: ClassVar[re.Pattern[str]]
    """The form of this kind's custom_ids, for ``discord.ui.DynamicItem``."""

    def __init_subclass__(cls) -> None:
        least = sum(field.width for field in cls.FIELDS) + _CHECK_BYTES
        most = least + _MOST * sum(field.width for field in cls.REPEATED)
        # Three bytes take four characters of base64url.
        count = ",".join(str(-(-4 * length // 3)) for length in dict.fromkeys((least, most)))
        cls.TEMPLATE = re.compile(rf"{_PREFIX}{cls.KIND}\.(?P<state>[A-Za-z0-9_-]{{{count}}})")

    def __post_init__(self) -> None:
        self._record()

    def _record(self) -> bytes:
        for field in self.REPEATED:
            if (count := len(getattr(self, field.name))) > _MOST:
                raise ValueError(f"a button holds at most {_MOST} {field.name}, not {count}")
        fixed = [field.write(getattr(self, field.name)) for field in self.FIELDS]
        repeated = [field.write(value) for field in self.REPEATED for value in getattr(self, field.name)]
        return b"".join([*fixed, *repeated])

    def encode(self) -> str:
        """Return the state as a custom_id: ASCII characters, at most 100."""
        return _sealed(self.KIND, self._record())

    @classmethod
    def decode(cls, custom_id: str) -> Self:
        """Read a state from a custom_id. Raises ``ValueError`` when it is foreign or damaged."""
        record, at = _opened(cls.KIND, custom_id), 0
        values: dict[str, Any] = {}
        for field in cls.FIELDS:
            values[field.name] = field.read(record, at)
            at += field.width
        lengths = values.pop("lengths", ())
        if "use" in values:
            values["action"], values["verdict"] = values.pop("use")
        for field, length in zip(cls.REPEATED, lengths, strict=True):
            end = at + length * field.width
            values[field.name] = tuple(field.read(record, place) for place in range(at, end, field.width))
            at = end
        if at != len(record):
            raise ValueError(f"{custom_id!r} does not hold the state of a button: its length is another")
        return cls(**values)


@dataclass(frozen=True, slots=True)
class AnswerState(_State):
    """An answer's pages: who asked, the page (from 0) that the button leads to, and what is quoted.

    ``verdict`` says whether the quotes answer or only come close; the byte of the action holds it in its
    upper half, which is 0, an answer, in buttons of earlier versions. ``keys`` are at most eight 40-bit
    post keys in the order of rank, ``marks`` at most eight 16-bit marks of the question's terms. Raises
    ``ValueError`` for anything that does not fit.
    """

    asker: int
    page: int
    keys: tuple[int, ...]
    marks: tuple[int, ...] = ()
    action: AnswerAction = AnswerAction.TURN
    verdict: Verdict = Verdict.ANSWER

    KIND = "a"
    FIELDS = (
        _Field("asker", 8),
        _Field("page", 1),
        _Field("lengths", 1, lambda pair: pair[0] << 4 | pair[1], lambda number: (number >> 4, number & 15)),
        _Field("use", 1, _packed_use, _unpacked_use),
    )
    REPEATED = (_Field("keys", 5), _Field("marks", 2))

    @property
    def lengths(self) -> tuple[int, int]:
        """Return how many keys and marks there are."""
        return len(self.keys), len(self.marks)

    @property
    def use(self) -> tuple[AnswerAction, Verdict]:
        """Return what the button does, and what the verdict was."""
        return self.action, self.verdict


@dataclass(frozen=True, slots=True)
class PostState(_State):
    """A quoted post: its 40-bit key, what to do with it, and who asked (0 where it is not known).

    ``slot`` (up to 255) tells apart the buttons of one message that do the same. Raises ``ValueError``
    for anything that does not fit.
    """

    key: int
    action: PostAction
    asker: int = 0
    slot: int = 0

    KIND = "p"
    FIELDS = (
        _Field("asker", 8),
        _Field("action", 1, unpack=PostAction),
        _Field("slot", 1),
        _Field("key", 5),
    )


@dataclass(frozen=True, slots=True)
class ThreadState(_State):
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

    KIND = "t"
    FIELDS = (
        _Field("reader", 8),
        _Field("thread_id", 8, _number_of, _id_of),
        _Field("page", 2),
        _Field("slot", 1),
        _Field("opens", 1, unpack=_flag_of),
    )


@dataclass(frozen=True, slots=True)
class ListState(_State):
    """A list of threads: who reads, the order, and the page (from 0) that the button leads to.

    ``collection`` is the number of the collection that is listed (0 for all), ``thread_id`` that of a
    thread by the author whose threads are listed ("" for every author). Raises ``ValueError`` for what
    does not fit.
    """

    reader: int
    order: Order = Order.NEWEST
    page: int = 0
    collection: int = 0
    thread_id: str = ""

    KIND = "l"
    FIELDS = (
        _Field("reader", 8),
        _Field("order", 1, unpack=Order),
        _Field("page", 2),
        _Field("collection", 4),
        _Field("thread_id", 8, _packed_id, _unpacked_id),
    )


@dataclass(frozen=True, slots=True)
class FilteredListState(_State):
    """A filtered list of threads: as :class:`ListState`, with its order, its days and words of the titles.

    ``since`` and ``until`` are the days included, ``None`` for no bound. ``chunks`` are the words, which
    :func:`packed_words` packs; they stand in the heading of the list, too. Raises ``ValueError`` for what
    does not fit.
    """

    reader: int
    sort: ThreadOrder = ThreadOrder.DATE
    page: int = 0
    collection: int = 0
    thread_id: str = ""
    since: date | None = None
    until: date | None = None
    chunks: tuple[int, ...] = ()

    KIND = "f"
    FIELDS = (
        _Field("reader", 8),
        _Field("sort", 1, list(ThreadOrder).index, _sort_of),
        _Field("page", 2),
        _Field("collection", 4),
        _Field("thread_id", 8, _packed_id, _unpacked_id),
        _Field("since", 2, _packed_day, _unpacked_day),
        _Field("until", 2, _packed_day, _unpacked_day),
        _Field("lengths", 1, lambda lengths: lengths[0], lambda number: (number,)),
    )
    REPEATED = (_Field("chunks", _CHUNK),)

    @property
    def lengths(self) -> tuple[int]:
        """Return how many chunks there are."""
        return (len(self.chunks),)

    @property
    def words(self) -> str:
        """Return the words of the titles, "" for any title."""
        packed = b"".join(chunk.to_bytes(_CHUNK, "big") for chunk in self.chunks)
        return packed.rstrip(b"\0").decode(errors="ignore")


def packed_words(words: str) -> tuple[int, ...]:
    """Return words as the numbers that a button remembers, cut at 40 bytes of UTF-8."""
    packed = words.encode()[: _MOST * _CHUNK].decode(errors="ignore").encode()
    return tuple(
        int.from_bytes(packed[at : at + _CHUNK].ljust(_CHUNK, b"\0"), "big")
        for at in range(0, len(packed), _CHUNK)
    )


@dataclass(frozen=True, slots=True)
class DeleteState(_State):
    """A message that may be removed, and who asked for it. Raises ``ValueError`` for what is no user."""

    owner: int

    KIND = "b"
    FIELDS = (_Field("owner", 8),)


@dataclass(frozen=True, slots=True)
class ArrivalsState(_State):
    """The pages of the threads that came in after the number ``since``, up to ``until``.

    ``page`` (from 0) is where the button leads; ``opens`` says that the list is to be shown in a message
    of its own and not in place. Raises ``ValueError`` for anything that does not fit.
    """

    since: int
    until: int
    page: int = 0
    opens: bool = False

    KIND = "n"
    FIELDS = (
        _Field("since", 8),
        _Field("until", 8),
        _Field("page", 2),
        _Field("opens", 1, unpack=_flag_of),
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
