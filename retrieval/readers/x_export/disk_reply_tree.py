"""The posts of an account on the disk, and the lines that their replies make, in little memory.

What :mod:`retrieval.readers.reply_tree` does for a file that fits into memory is done here for one that does
not: of each post only four numbers are kept, everything else lies in a temporary database.
"""

import json
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Self

from retrieval.model import Attachment, AttachmentKind
from retrieval.readers.reply_tree import ChainStart, ReplyForest
from retrieval.readers.x_export.x_post import (
    Account,
    ExportedPost,
    LongPostText,
    continues,
    cut_beginning,
    is_cut,
    with_full_text,
)
from retrieval.sqlite import sqlite3

__all__ = ["DiskReplyChain", "DiskReplyTree", "SpooledPost"]

_APART: Final = timedelta(seconds=2)
# So many full texts before a post and after it are tried; no person writes a tenth of them in two seconds.
_TRIED: Final = 50
_MINUTE: Final = timedelta(minutes=1)
_TABLES: Final = """
    pragma cache_size = -4096;
    pragma journal_mode = memory;
    create table posts (
        id integer primary key, rank text not null, parent integer, parent_user integer,
        parent_handle text, handle text, cut integer not null, record text not null,
        -- The id that a record shares with another of other words; its own is a negative number.
        shared integer
    );
    create unique index variants on posts (shared, record) where shared is not null;
    create table versions (
        older integer, newer integer, named integer, primary key (older, newer, named)
    ) without rowid;
    create table notes (
        id integer primary key, written real not null, record text not null, taken integer not null default 0
    );
    create index notes_written on notes (written);
"""
_ADD: Final = "insert or ignore into posts values (?, ?, ?, ?, ?, ?, ?, ?, ?)"

# The last version of each that is there. That an older one is a version, is certain where it is gone, or its
# own record says so and no other post has its id: damage may have put any id among another post's versions.
_LAST_VERSIONS: Final = """
    select older, max(newer),
        older not in (select id from posts)
        or (max(named) and older not in (select shared from posts where shared is not null))
    from versions where newer in (select id from posts) group by older
"""

# Along the index in both directions, so that a crowd of notes of one moment is not sorted for each post.
_NEAR: Final = """
    select id, record from (
        select * from (
            select id, record, written from notes where written between :first and :at
            order by written desc limit :most
        )
        union
        select * from (
            select id, record, written from notes where written between :at and :last
            order by written limit :most
        )
    ) order by abs(written - :at), record
"""


@dataclass(frozen=True, slots=True)
class SpooledPost:
    """What of a post is kept for its thread; without id and time where another has its id, too."""

    id: int | None
    text: str
    pictures: tuple[Attachment, ...]
    posted_at: datetime | None


@dataclass(frozen=True, slots=True)
class DiskReplyChain:
    """A line of posts, each answering the one before; ``branch`` says that it leaves a longer one."""

    start: ChainStart
    posts: tuple[SpooledPost, ...]
    branch: bool = False


class DiskReplyTree:
    """The posts of one account, put together to lines when all of them are in."""

    def __init__(self) -> None:
        # A database without a name lies in a file of its own that is gone when it is closed. It keeps
        # nothing, so what sqlite-utils is good for, the archive's tables, has no part in it.
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(_TABLES)
        self._added = 0
        self._notes = 0
        self._variants = 0
        #: Earlier versions of edited posts, replies that are older than what they answer, and posts that
        #: are cut, all counted by :meth:`lines`.
        self.counts: Counter[str] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    @contextmanager
    def part(self) -> Iterator[None]:
        """Add what is added inside at once."""
        self._db.execute("begin")
        yield
        self._db.execute("commit")

    def forget(self) -> None:
        """Take back what has been added since the part began."""
        self._db.execute("rollback")
        self._db.execute("begin")

    def add_note(self, note: LongPostText) -> None:
        """Keep the full text of a long post; notes come before posts."""
        record = json.dumps([note.raw, note.addresses])
        self._db.execute(
            "insert into notes (written, record) values (?, ?)", (note.written.timestamp(), record)
        )
        self._notes += 1

    def add(self, status: ExportedPost, *, suspect: bool = False) -> None:
        """Keep a post; of one that comes more than once, the fullest of those not ``suspect``.

        Where damage gave a post the id of another, the id is certain of neither and no reason to lose one:
        the lesser is kept without it.
        """
        if self._notes:
            status = self._noted(status)
        record = json.dumps(
            [
                status.text,
                [(one.kind, one.address, one.description) for one in status.pictures],
                status.posted_at.isoformat() if status.posted_at else None,
                # The words as they were, where the text differs: links are written out there.
                None if status.raw == status.text else status.raw,
            ]
        )
        # Sorts as text as its parts would: whether its id is of the time it tells, so that damage to one
        # post's id cannot put it in another's place; whether it is full, has a parent, a time; its length.
        own = bool(status.written and status.posted_at and abs(status.written - status.posted_at) < _MINUTE)
        known = (own, status.full, status.parent is not None, status.posted_at is not None)
        rank = f"{''.join(str(int(one)) for one in (not suspect, *known))}{len(status.text):08}"
        parent = (status.parent, status.parent_user, status.parent_handle, status.handle)
        cut = not status.full and is_cut(status.raw)
        row = (status.id, rank, *parent, cut, record, None)
        if not self._db.execute(_ADD, row).rowcount:
            self._add_again(row)
        if status.versions:
            pairs = [
                (older, newer, older == status.id)
                for older in status.versions
                for newer in status.versions
                if older < newer
            ]
            self._db.executemany("insert or ignore into versions values (?, ?, ?)", pairs)

    def _add_again(self, row: tuple[Any, ...]) -> None:
        """Keep a post whose id is there: in its place, beside it, or not at all where it says the same."""
        number, record = row[0], row[-2]
        other = self._db.execute("select * from posts where id = ?", (number,)).fetchone()
        better, lesser = sorted((row, other), key=lambda one: (one[1], one[-2]), reverse=True)
        if better is row:
            self._db.execute("delete from posts where id = ?", (number,))
            self._db.execute(_ADD, row)
        if record != other[-2] and not _says_same(better[-2], lesser[-2]):
            self._variants += 1
            self._db.execute(_ADD, (-self._variants, *lesser[1:-1], number))

    def _noted(self, status: ExportedPost) -> ExportedPost:
        """Return the post with its full text where there is one that fits, the nearest in time."""
        if status.written is None:
            return status
        second, apart = status.written.timestamp(), _APART.total_seconds()
        near = self._db.execute(
            _NEAR,
            {"at": second, "first": second - apart, "last": second + apart, "most": _TRIED},
        ).fetchall()
        if not near:
            return status
        begins = cut_beginning(status.raw)
        for place, record in near:
            raw, addresses = json.loads(record)
            if continues(raw, begins):
                self._db.execute("update notes set taken = 1 where id = ?", (place,))
                full = LongPostText(status.written, raw, tuple((short, long) for short, long in addresses))
                return with_full_text(status, full)
        return status

    def handle(self) -> str | None:
        """Return the author's handle as most of the posts have it: as their own, or where they reply."""
        own = "select handle from posts where handle is not null"
        answered = """
            select reply.parent_handle from posts reply join posts on posts.id = reply.parent
            where reply.parent_handle is not null
        """
        for query in (own, answered):
            row = self._db.execute(f"{query} group by 1 order by count(*) desc, 1").fetchone()
            if row:
                return str(row[0])
        return None

    def count(self) -> int:
        """Return how many posts there are, each counted once."""
        return int(self._db.execute("select count(*) from posts").fetchone()[0])

    def notes_left(self) -> int:
        """Return how many full texts fitted no post."""
        return int(self._db.execute("select count(*) from notes where not taken").fetchone()[0])

    def lines(self, account: Account) -> Iterator[DiskReplyChain]:
        """Yield every line, the oldest first; each post is on exactly one.

        At a branch the main line follows the longest chain and, of equally long ones, the oldest. Of an
        edited post only the last version is there, and replies to any of them answer it. A reply that is
        older than what it answers, which no honest file holds, answers nothing that is there.
        """
        tree = self._tree(account)
        for places, branch in ReplyForest(tree.up, tree.order).chains():
            if not tree.gone[places[0]]:
                start = ChainStart.ROOT if branch else _STARTS[tree.starts[places[0]]]
                yield DiskReplyChain(start, tuple(self._spooled(tree.ids[one]) for one in places), branch)

    def _spooled(self, number: int) -> SpooledPost:
        row = self._db.execute("select record from posts where id = ?", (number,)).fetchone()
        text, pictures, time, _ = json.loads(row[0])
        attachments = (Attachment(AttachmentKind(kind), *known) for kind, *known in pictures)
        if number < 0:
            # Its time is that of the id that it shares, which may be another's.
            return SpooledPost(None, text, tuple(attachments), None)
        posted_at = datetime.fromisoformat(time) if time else None
        return SpooledPost(number, text, tuple(attachments), posted_at)

    def _tree(self, account: Account) -> "_Tree":
        ids, parents = array("q"), array("q")
        for number, parent in self._db.execute("select id, coalesce(parent, 0) from posts order by id"):
            ids.append(number)
            parents.append(parent)
        tree = _Tree(ids)
        last = {
            older: newer
            for older, newer, certain in self._db.execute(_LAST_VERSIONS).fetchall()
            if certain or self._alike(older, newer)
        }
        # The age of an edited post is that of its first version: replies may be older than the last. That of
        # a post without an id of its own is that of the one it came with.
        first: dict[int, int] = {}
        # From the newest on, so that each step leads to a last version at once.
        for older in sorted(last, reverse=True):
            last[older] = last.get(last[older], last[older])
        for older in sorted(last):
            first.setdefault(last[older], older)
            if (place := tree.place(older)) >= 0:
                tree.gone[place] = True
                self.counts["versions"] += 1
        first |= self._db.execute("select id, shared from posts where shared is not null")
        if first:
            # A post goes before one without an id of its own that damage gave the same.
            tree.order = sorted(
                range(len(ids)), key=lambda place: (first.get(ids[place], ids[place]), ids[place] < 0)
            )
        for place, parent in enumerate(parents):
            above = tree.place(last.get(parent, parent)) if parent and not tree.gone[place] else -1
            if above >= 0:
                older = first.get(ids[above], ids[above]) < first.get(ids[place], ids[place])
                tree.up[place] = above if older else -1
                self.counts["circles"] += not older
        self._judge(tree, account)
        self.counts["cut"] = self._db.execute("select count(*) from posts where cut").fetchone()[0]
        return tree

    def _alike(self, older: int, newer: int) -> bool:
        """Return whether two posts share half the words of one, as versions of a post do."""
        query = "select record from posts where id in (?, ?)"
        texts = [set(json.loads(row[0])[0].split()) for row in self._db.execute(query, (older, newer))]
        return 2 * len(set.intersection(*texts)) >= min(map(len, texts))

    def _judge(self, tree: "_Tree", account: Account) -> None:
        """Note of every line's head why it begins there."""
        query = "select id, parent, parent_user, lower(parent_handle) from posts order by id"
        users, handles = {account.id}, {account.handle.casefold() if account.handle else None}
        # Where the answered post is there, its author is the one answered, and no guess.
        for place, (_, _, user, handle) in enumerate(self._db.execute(query)):
            if tree.up[place] >= 0:
                users.add(user)
                handles.add(handle)
        for place, (_, parent, user, handle) in enumerate(self._db.execute(query)):
            whose = user is not None or handle is not None
            own = (user is not None and user in users) or (handle is not None and handle in handles)
            known = len(users | handles) > 1
            if parent is None and (not whose or own or not known):
                start = ChainStart.ROOT
            elif own:
                start = ChainStart.MISSING
            else:
                start = ChainStart.ANOTHER if whose and known else ChainStart.UNKNOWN
            tree.starts[place] = _STARTS.index(start)


def _says_same(better: str, lesser: str) -> bool:
    """Return whether a record holds all words of another of the same id, so that none is damaged."""
    (text, pictures, _, raw), (shorter, others, _, other) = json.loads(better), json.loads(lesser)
    described = {description for _, _, description in pictures}
    beginning = cut_beginning(shorter if other is None else other).rstrip(" .")
    return cut_beginning(text if raw is None else raw).startswith(beginning) and all(
        description in described for _, _, description in others if description
    )


_STARTS: Final = tuple(ChainStart)


class _Tree:
    """Posts by their places in the order of their ids: what each answers, and why a chain begins there."""

    def __init__(self, ids: "array[int]") -> None:
        self.ids = ids
        self.up = array("q", [-1]) * len(ids)
        self.gone = bytearray(len(ids))
        self.starts = bytearray(len(ids))
        self.order: Sequence[int] = range(len(ids))

    def place(self, number: int) -> int:
        """Return where a post stands, -1 when it is not there."""
        place = bisect_left(self.ids, number)
        return place if place < len(self.ids) and self.ids[place] == number else -1
