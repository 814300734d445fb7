"""Threads and posts as rows of the database, and back."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from retrieval.analysis.headlines import HEADLINE_LENGTH
from retrieval.formats.import_types import SourceFile
from retrieval.model import (
    Attachment,
    AttachmentKind,
    Collection,
    Completeness,
    Post,
    Thread,
    ThreadSummary,
    post_key,
)

__all__ = [
    "IN_LIST",
    "NEWEST_FIRST",
    "POST",
    "SUMMARY",
    "SUMMARY_COLUMNS",
    "THREAD",
    "PlacedPost",
    "Row",
    "StoredPost",
    "collection_of",
    "db_time",
    "fold_words",
    "fullest_first",
    "needle_of",
    "newness",
    "numbers",
    "placed_post_of",
    "post_of",
    "post_row",
    "source_of",
    "storable",
    "summary_of",
    "texts",
    "thread_of",
    "thread_row",
    "without_surrogates",
]

Row = Mapping[str, Any]

#: What a summary is made of, as columns of ``threads``.
SUMMARY: Final = ("id", "length", "completeness", "opening", "author", "title", "url", "posted_at")
#: What :func:`newness` needs beside a summary.
SUMMARY_COLUMNS: Final = ", ".join(("pk", "imported_at", *SUMMARY))
#: Compares a column to a list that :func:`numbers` or :func:`texts` makes one parameter of.
IN_LIST: Final = " in (select value from json_each(?))"
NEWEST_FIRST: Final = "posted_at desc, imported_at desc, pk desc"
#: The columns that :func:`thread_row` fills, in its order.
THREAD: Final = ("needle", *SUMMARY)
#: The columns that :func:`post_row` fills, in its order.
POST: Final = (
    "thread_pk",
    "ordinal",
    "key",
    "text",
    "number",
    "external_id",
    "url",
    "posted_at",
    "author",
    "marker",
    "attachments",
)

_INTEGERS = range(-(2**63), 2**63)


class StoredPost(NamedTuple):
    """A post as an index takes it: its number and its thread's in the store, its place, its text."""

    pk: int
    thread_pk: int
    ordinal: int
    text: str


@dataclass(frozen=True, slots=True)
class PlacedPost:
    """A post with its number in the store, its key, its collection, and its thread's summary."""

    pk: int
    key: int
    collection_id: int
    post: Post
    thread: ThreadSummary


def storable(thread: Thread) -> Thread:
    """Return the thread as the database can hold it; the same one where it can already.

    Halves of a surrogate pair become the character they make together or, alone, the replacement
    character. A post's number beyond 64 bits counts no posts and becomes unknown. Raises
    ``ValueError`` for a time without a zone.
    """
    return replace(
        thread,
        id=without_surrogates(thread.id),
        posts=tuple(map(_storable_post, thread.posts)),
        author=_sound_or_none(thread.author),
        title=_sound_or_none(thread.title),
        url=_sound_or_none(thread.url),
        posted_at=_utc(thread.posted_at),
    )


def without_surrogates(text: str) -> str:
    """Return the text without lone surrogates, which no database takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def db_time(time: datetime) -> str:
    """Return an aware time as the database keeps it: UTC, of one width, sorting as text."""
    return time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def fold_words(text: str) -> str:
    """Return the words of a text without case, accents and punctuation, as completion compares them."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", bare))


def needle_of(title: str | None, opening: str, text: str, author: str | None) -> str:
    """Return the words by which lists and completion find a thread; ``text`` is its first post's.

    The opening counts even where there is a title, and so does what it leaves out of the text's first
    words: people remember either.
    """
    headed, written = fold_words(opening), fold_words(text[:HEADLINE_LENGTH])
    first_words = [headed, written]
    if written.startswith(headed) or headed.startswith(written):
        first_words = [max(headed, written, key=len)]
    return " ".join(filter(None, (fold_words(title or ""), *first_words, fold_words(author or ""))))


def thread_row(thread: Thread) -> list[Any]:
    """Return the thread's values for the columns ``THREAD``."""
    summary = thread.summary()
    return [
        needle_of(summary.title, summary.opening, thread.posts[0].text, summary.author),
        summary.id,
        summary.length,
        summary.completeness.value,
        summary.opening,
        summary.author,
        summary.title,
        summary.url,
        _moment_or_none(summary.posted_at),
    ]


def post_row(post: Post, thread_pk: int, thread_id: str) -> list[Any]:
    """Return the post's values for the columns ``POST``."""
    return [
        thread_pk,
        post.ordinal,
        post_key(thread_id, post.ordinal),
        post.text,
        post.number,
        post.source_id,
        post.url,
        _moment_or_none(post.posted_at),
        post.author,
        post.marker,
        _attachments_or_none(post.attachments),
    ]


def thread_of(row: Row, posts: Iterable[Row]) -> Thread:
    """Return the thread of a row of ``threads`` and its rows of ``posts``, in order."""
    return Thread(
        posts=tuple(map(post_of, posts)),
        completeness=Completeness(row["completeness"]),
        author=row["author"],
        title=row["title"],
        url=row["url"],
        posted_at=_time(row["posted_at"]),
        id=row["id"],
    )


def fullest_first(prefix: str = "") -> str:
    """Return the order in which copies of a thread are preferred: the handbook's last, the fullest first."""
    return (
        "collection_id in (select id from collections where handbook),"
        f" {prefix}completeness = 'complete' desc, {prefix}length desc, collection_id"
    )


def newness(row: Row) -> tuple[str, str, int]:
    """Order threads as the database does, oldest first: an unknown date is older than any."""
    return row["posted_at"] or "", row["imported_at"], row["pk"]


def numbers(values: Iterable[int]) -> str:
    """Return numbers as one parameter, for ``json_each``; SQLite limits how many parameters there are."""
    return json.dumps(list(values))


def texts(values: Iterable[str]) -> str:
    """Return texts as one parameter, as :func:`numbers` does."""
    return json.dumps([without_surrogates(value) for value in values])


def post_of(row: Row) -> Post:
    """Return the post of a row that has the columns ``POST``."""
    return Post(
        ordinal=row["ordinal"],
        text=row["text"],
        number=row["number"],
        source_id=row["external_id"],
        url=row["url"],
        posted_at=_time(row["posted_at"]),
        author=row["author"],
        marker=row["marker"],
        attachments=_attachments(row["attachments"]),
    )


def summary_of(row: Row, prefix: str = "") -> ThreadSummary:
    """Return the summary of a row whose columns are ``SUMMARY``, each behind the prefix."""
    facts = {name: row[prefix + name] for name in SUMMARY}
    facts["completeness"] = Completeness(facts["completeness"])
    facts["posted_at"] = _time(facts["posted_at"])
    return ThreadSummary(**facts)


def placed_post_of(row: Row) -> PlacedPost:
    """Return the post of a row of the view ``placed_posts``."""
    return PlacedPost(row["pk"], row["key"], row["collection_id"], post_of(row), summary_of(row, "thread_"))


def collection_of(row: Row) -> Collection:
    """Return the collection of a row of ``collections``."""
    return Collection(
        id=row["id"],
        name=row["name"],
        server_id=None if row["server_id"] is None else int(row["server_id"]),
        language=row["language"],
        handbook=bool(row["handbook"]),
        revision=row["revision"],
    )


def source_of(row: Row) -> SourceFile:
    """Return the file of a row of ``sources`` with its collection's name and server, and its counts."""
    return SourceFile(
        id=row["id"],
        name=row["name"],
        sha256=row["sha256"],
        form=row["form"],
        read_at=datetime.fromisoformat(row["read_at"]),
        collection=row["collection"],
        server_id=None if row["server_id"] is None else int(row["server_id"]),
        threads=row["threads"],
        posts=row["posts"],
    )


def _storable_post(post: Post) -> Post:
    return replace(
        post,
        text=without_surrogates(post.text),
        number=post.number if post.number is not None and post.number in _INTEGERS else None,
        source_id=_sound_or_none(post.source_id),
        url=_sound_or_none(post.url),
        posted_at=_utc(post.posted_at),
        author=_sound_or_none(post.author),
        marker=_sound_or_none(post.marker),
        attachments=tuple(
            replace(one, address=_sound_or_none(one.address), description=_sound_or_none(one.description))
            for one in post.attachments
        ),
    )


def _attachments_or_none(attachments: Sequence[Attachment]) -> str | None:
    """Return attachments as text: a list of JSON, of kind, address and description each."""
    if not attachments:
        return None
    rows = [(one.kind, one.address, one.description) for one in attachments]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _attachments(text: str | None) -> tuple[Attachment, ...]:
    if text is None:
        return ()
    return tuple(Attachment(AttachmentKind(kind), *known) for kind, *known in json.loads(text))


def _sound_or_none(text: str | None) -> str | None:
    return None if text is None else without_surrogates(text)


def _moment_or_none(time: datetime | None) -> str | None:
    return None if time is None else db_time(time)


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _utc(time: datetime | None) -> datetime | None:
    if time is None:
        return None
    if time.utcoffset() is None:
        raise ValueError(f"{time} has no zone; the archive keeps aware times only")
    return time.astimezone(UTC)
