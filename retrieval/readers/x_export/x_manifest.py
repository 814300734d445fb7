"""The files of an X account export: which hold posts, by name and first line, and what was read of them."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import IO, Any, Final, Self, cast

from retrieval.errors import ReadError
from retrieval.formats.import_types import SavedFile
from retrieval.patterns import pattern
from retrieval.readers.x_export.json_array import array_records

__all__ = ["ACCOUNT", "MONTH", "NOTES", "POSTS", "ExportTally", "PostFile", "likeness", "post_files"]

ACCOUNT, NOTES, MONTH = "account", "note_tweet", "month"
POSTS: Final = ("tweets", "tweet", "community_tweet", MONTH)
# In the order in which they are read: what tells of posts before the posts.
_KINDS: Final = (ACCOUNT, NOTES, *POSTS)

_NAMES: Final = pattern(
    r"(?:(?:data/)?(?:tweets?|community-tweet|note-tweet)(?:-part\d{1,4})?|(?:data/)?account"
    r"|(?:data/js/tweets/)?\d{4}_\d{2})\.js"
)
_HEAD: Final = pattern(
    rb"(?:\xef\xbb\xbf)?\s{0,99}(?:window\.)?"
    rb"(?:YTD\.(?P<kind>[a-z0-9_]{1,64})\.part(?P<part>\d{1,4})"
    rb"|Grailbird\.data\.(?P<month>tweets_\d{4}_\d{2}))\s{0,99}=\s{0,99}\["
)
# Where the first line is damaged, the first record tells as much.
_RECORD: Final = pattern(rb'\{\s{0,64}"(?P<kind>tweet|noteTweet|account)"\s{0,64}:\s{0,64}\{')
_NEVER: Final = pattern(rb"delet|circle|header")
_KIND_OF: Final = {b"tweet": "tweets", b"noteTweet": NOTES, b"account": ACCOUNT}
_MONTHLY: Final = pattern(r"(?:.*/)?\d{4}_\d{2}\.js")
_HEAD_LENGTH: Final = 256 * 1024
_SLICE: Final = 256 * 1024
_NOTICE_EVERY: Final = 1_000
_TOLD: Final = 20
_BROKEN: Final = "part that cannot be read"


@dataclass(frozen=True, slots=True)
class PostFile:
    """One post file: what it holds by its first line, or why it cannot be opened.

    ``kind`` is ``""`` for what has only the name of one. ``number`` tells the parts of one kind apart.
    """

    name: str
    stream: Callable[[], IO[bytes]]
    size: int
    kind: str = ""
    number: int = 0
    error: ReadError | None = None

    @property
    def place(self) -> tuple[int, int, str]:
        """Return what sorts parts in the order in which they are read."""
        known = self.kind in _KINDS
        return _KINDS.index(self.kind) if known else len(_KINDS), self.number, self.name


def likeness(content: bytes) -> float:
    """Return 1.0 for bytes that begin as the files of an export do, whatever they hold, else 0.0.

    Where the beginning is damaged, a record of a post is 0.5.
    """
    head = content[:_HEAD_LENGTH]
    if _HEAD.match(head):
        return 1.0
    return 0.5 if b'"full_text"' in head and _by_record(head) else 0.0


def post_files(file: SavedFile) -> Iterator[PostFile]:
    """Yield the post files of an export, found by their names; nothing else is opened."""
    if file.bundle is None:
        yield _part(file.name, lambda: BytesIO(file.content), len(file.content))
        return
    for member in file.bundle.members:
        if _NAMES.fullmatch(member.name):
            yield _part(member.name, partial(file.bundle.open, member), member.size)


def _part(name: str, stream: Callable[[], IO[bytes]], size: int) -> PostFile:
    try:
        with stream() as opened:
            head = opened.read(_HEAD_LENGTH)
    except ReadError as error:
        return PostFile(name, stream, size, error=error)
    if match := _HEAD.match(head):
        kind = MONTH if match["month"] else match["kind"].decode()
        if kind in _KINDS or not (kind_of := _by_record(head)):
            return PostFile(name, stream, size, kind, int(match["part"] or 0))
        return PostFile(name, stream, size, kind_of)
    if kind_of := _by_record(head):
        return PostFile(name, stream, size, kind_of)
    if _MONTHLY.fullmatch(name) and b'"id_str"' in head:
        return PostFile(name, stream, size, MONTH)
    return PostFile(name, stream, size)


def _by_record(head: bytes) -> str | None:
    """Return what the first record is of, unless what stands before it may tell of posts never to be read."""
    first = _RECORD.search(head)
    if first is None or _NEVER.search(head, 0, first.start()):
        return None
    return _KIND_OF[first["kind"]]


class ExportTally:
    """What reading an export counts and tells, and how far it is."""

    def __init__(self, parts: Sequence[PostFile], notice: Callable[[int, float], None] | None) -> None:
        self._notice = notice
        self._size = sum(part.size for part in parts) or 1
        self._done = 0
        self._hashes: dict[str, str] = {}
        self._told: Counter[str] = Counter()
        #: Records that are posts, each as often as it occurs.
        self.posts = 0
        self.left_out: Counter[str] = Counter()
        #: The id of one post that was left out, by the reason.
        self.examples: dict[str, str] = {}
        self.warnings: list[str] = []

    def broken(self, part: PostFile, why: str) -> None:
        """Count what cannot be read, and tell of the first of each file where they are."""
        self.left_out[_BROKEN] += 1
        self._told[part.name] += 1
        if self._told[part.name] <= _TOLD:
            self.warnings.append(f"{part.name}: {why}")

    def values(self, part: PostFile) -> Iterator[Any]:
        """Yield a part's array; see :func:`~retrieval.readers.x_export.json_array.array_records`."""
        before, own = self._done, 0

        def count(size: int) -> None:
            nonlocal own
            own += size
            self._done = max(self._done, before + own)

        def stream() -> IO[bytes]:
            nonlocal own
            own = 0
            keep = partial(self._hashes.__setitem__, part.name)
            return cast("IO[bytes]", _Hashed(part.stream(), count, keep))

        for number, value in enumerate(array_records(stream), start=1):
            yield value
            if self._notice and number % _NOTICE_EVERY == 0:
                self._notice(self.posts, min(self._done / self._size, 1.0))
        if self._notice:
            self._notice(self.posts, min(self._done / self._size, 1.0))

    def sha256(self) -> str:
        """Return a hash of all that was read, whatever the order of its files and their folders."""
        named = sorted((name.rpartition("/")[2], digest) for name, digest in self._hashes.items())
        return hashlib.sha256(repr(named).encode()).hexdigest()


class _Hashed:
    """A stream that counts and hashes what is read of it, to its very end."""

    def __init__(self, stream: IO[bytes], count: Callable[[int], None], keep: Callable[[str], None]) -> None:
        self._stream = stream
        self._count = count
        self._keep = keep
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(size)
        self._hash.update(chunk)
        self._count(len(chunk))
        return chunk

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._stream:
            # What lies behind the array counts, too; but not when reading was broken off.
            while kind is None and self.read(_SLICE):
                pass
        self._keep(self._hash.hexdigest())
