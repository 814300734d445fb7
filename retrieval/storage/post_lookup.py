"""Posts by their numbers in the store, by the keys that buttons remember, by their ids and addresses."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from retrieval.linkage.match_keys import key_of_post_id
from retrieval.model import Period, Scope, post_key
from retrieval.storage.connections import Connections
from retrieval.storage.links import linked_threads
from retrieval.storage.rows import IN_LIST, PlacedPost, Row, fullest_first, numbers, placed_post_of, texts
from retrieval.storage.versions import versions_of_threads

__all__ = ["PostLookup"]

_BATCH: Final = 2_000
_PERIOD: Final = """
    select min(coalesce(p.posted_at, t.posted_at)), max(coalesce(p.posted_at, t.posted_at)), count(*),
        count(*) - count(coalesce(p.posted_at, t.posted_at))
    from threads t join posts p on p.thread_pk = t.pk
    where t.collection_id in (select value from json_each(?))
"""
_MONTHS: Final = """
    select substr(coalesce(p.posted_at, t.posted_at), 1, 7) as month, count(*) as posts
    from json_each(?) as wanted join posts p on p.pk = wanted.value join threads t on t.pk = p.thread_pk
    group by month
"""


class PostLookup:
    """The posts that a search returned, or that an answer quoted earlier."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def by_pk(self, pks: Sequence[int]) -> list[PlacedPost]:
        """Return posts by their numbers in the store, in the order asked for; those gone are left out.

        The caller checks the scope.
        """
        with self._connections.reading() as db:
            rows = db.view("placed_posts").rows_where(f"pk{IN_LIST}", [numbers(pks)])
            posts = {row["pk"]: placed_post_of(row) for row in rows}
        return [posts[pk] for pk in dict.fromkeys(pks) if pk in posts]

    def of_thread(self, stored: PlacedPost) -> list[PlacedPost]:
        """Return the posts of a post's thread, in order, in the collection that the post is of."""
        with self._connections.reading() as db:
            rows = db.view("placed_posts").rows_where(
                "thread_pk = (select thread_pk from posts where pk = ?)", [stored.pk], order_by="ordinal"
            )
            return [placed_post_of(row) for row in rows]

    def texts(self, pks: Sequence[int]) -> list[tuple[int, str]]:
        """Return the texts of posts by their numbers in the store; those gone are left out."""
        with self._connections.reading() as db:
            return db.execute(f"select pk, text from posts where pk{IN_LIST}", [numbers(pks)]).fetchall()

    def other_wordings(self, stored: PlacedPost) -> list[tuple[datetime, str]]:
        """Return the texts that other versions have of a post, with when their files were read, in order.

        A post is known again in another version by its id or its address.
        """
        with self._connections.reading() as db:
            (thread,) = db.execute("select thread_pk from posts where pk = ?", [stored.pk]).fetchone()
            bodies = "select 1 from versions where thread_pk = ? and body is not null limit 1"
            if db.execute(bodies, [thread]).fetchone() is None:
                return []
            versions = versions_of_threads(db, [thread]).versions
            read_at = dict(db.execute("select id, read_at from sources").fetchall())
        texts: dict[str, datetime] = {}
        for version in versions:
            moment = datetime.fromisoformat(read_at[version.source_id])
            for post in version.thread.posts:
                same_id = post.source_id is not None and post.source_id == stored.post.source_id
                same_url = post.url is not None and post.url == stored.post.url
                if (same_id or same_url) and post.text != stored.post.text:
                    texts[post.text] = min(moment, texts.get(post.text, moment))
        return sorted((moment, text) for text, moment in texts.items())

    def by_key(self, keys: Sequence[int], scope: Scope) -> list[PlacedPost]:
        """Return posts by their keys (:func:`~retrieval.model.post_key`), in the order asked for.

        Posts that are gone or out of scope are left out; of one that several collections have, the
        one in the fullest thread is returned. A post that had the key earlier is found where no other
        thread may be meant, and returned with the key asked for.
        """
        with self._connections.reading() as db:
            posts = {key: placed_post_of(row) for key, row in _rows_by_key(db, keys, scope).items()}
            for key in set(keys) - posts.keys():
                links, total = linked_threads(db, key, scope.collections, 1)
                now = post_key(links[0][0].id, links[0][1]) if total == 1 else key
                if row := _rows_by_key(db, [now], scope).get(now):
                    posts[key] = replace(placed_post_of(row), key=key)
        return [posts[key] for key in dict.fromkeys(keys) if key in posts]

    def by_source_id(self, source_ids: Sequence[str], scope: Scope) -> tuple[str, int] | None:
        """Return the thread and the place of a post by the ids that it may have where it was posted.

        Of several threads that hold it, the fullest is returned.
        """
        keys = numbers(map(key_of_post_id, source_ids))
        with self._connections.reading() as db:
            return _place(
                db,
                "thread_pk in (select v.thread_pk from keys k join versions v on v.pk = k.version_pk"
                f" where k.collection_id{IN_LIST} and k.key{IN_LIST}) and external_id{IN_LIST}",
                [numbers(scope.collections), keys, texts(source_ids)],
            )

    def by_address(self, addresses: Sequence[str], scope: Scope) -> tuple[str, int] | None:
        """Return the thread and the place of a post by the ways to write its address, or its thread's."""
        wanted = texts(addresses)
        with self._connections.reading() as db:
            place = _place(
                db, f"url{IN_LIST} and collection_id{IN_LIST}", [wanted, numbers(scope.collections)]
            )
            if place is not None:
                return place
            row = next(
                db.table("threads").rows_where(
                    # The plus keeps SQLite from reading every thread of the collections.
                    f"url{IN_LIST} and url is not null and +collection_id{IN_LIST}",
                    [wanted, numbers(scope.collections)],
                    order_by=fullest_first(),
                    select="id",
                    limit=1,
                ),
                None,
            )
        return None if row is None else (str(row["id"]), 0)

    def by_author_and_key(self, author: str, key: str, scope: Scope) -> tuple[str, int] | None:
        """Return the thread and the place of an author's post by the last part of its address."""
        with self._connections.reading() as db:
            return _place(
                db,
                f"thread_pk in (select pk from threads where collection_id{IN_LIST}"
                " and author collate nocase in (?, ?)) and substr(url, -length(?)) = ?",
                [
                    numbers(scope.collections),
                    author.removeprefix("@"),
                    f"@{author.removeprefix('@')}",
                    f"/{key}",
                    f"/{key}",
                ],
            )

    def period(self, scope: Scope) -> Period:
        """Return what a scope covers by the dates of its posts, or else their threads'; reads them all."""
        with self._connections.apart() as db:
            first, last, posts, undated = db.execute(_PERIOD, [numbers(scope.collections)]).fetchone()
        begun, ended = (moment and datetime.fromisoformat(moment) for moment in (first, last))
        return Period(begun, ended, int(posts), int(undated))

    def months(self, pks: Sequence[int]) -> Counter[str | None]:
        """Count posts by month ("2023-12"), ``None`` for those undated.

        A post without a date of its own counts for its thread's.
        """
        counts: Counter[str | None] = Counter()
        for start in range(0, len(pks), _BATCH):
            # In batches, so that questions need not wait while a frequent word is counted.
            with self._connections.reading() as db:
                rows = db.query(_MONTHS, [numbers(pks[start : start + _BATCH])])
                counts += Counter({row["month"]: row["posts"] for row in rows})
        return counts


def _place(db: Database, where: str, values: Sequence[object]) -> tuple[str, int] | None:
    """Return the id of the fullest thread with a post of a condition, and the post's place in it."""
    rows = db.view("placed_posts").rows_where(
        where, list(values), order_by=fullest_first("thread_"), select="thread_id, ordinal", limit=1
    )
    row = next(rows, None)
    return None if row is None else (str(row["thread_id"]), int(row["ordinal"]))


def _rows_by_key(db: Database, keys: Sequence[int], scope: Scope) -> dict[int, Row]:
    """Return the rows of posts by their keys, of each the one in the fullest thread."""
    rows = db.view("placed_posts").rows_where(
        f"key{IN_LIST} and collection_id{IN_LIST}",
        [numbers(keys), numbers(scope.collections)],
        order_by=fullest_first("thread_"),
    )
    by_key: dict[int, Row] = {}
    for row in rows:
        by_key.setdefault(row["key"], row)
    return by_key
