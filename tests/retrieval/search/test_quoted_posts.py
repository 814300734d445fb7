"""The posts that were quoted last are as the file has them now, few enough, and gone when forgotten."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from retrieval.analysis.analyzer import analyzer
from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from retrieval.model import Post, Thread
from retrieval.search.quoted_posts import QuotedPosts
from retrieval.storage.store import Source, Store

NOW = datetime(2024, 5, 1, tzinfo=UTC)


def save(store: Store, *texts: str, author: str = "ada") -> list[int]:
    """Save a thread of these texts; return the numbers of its posts."""
    collection = store.collection("main")
    posts = tuple(Post(place, text, author=author) for place, text in enumerate(texts, 1))
    store.save([Thread(posts, author=author)], collection, Source("a", texts[0], "made up"), NOW)
    wanted = set(texts)
    return [post.pk for post in store.posts_of(collection.id) if post.text in wanted]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "archive.db") as opened:
        yield opened


def test_posts_come_in_the_order_asked_for_and_those_gone_are_left_out(store: Store) -> None:
    first, second, third = save(store, "one fish", "two fish", "red fish")
    quoted = QuotedPosts(store)
    for wanted in ([third, first], [second, 999, third], [first, first]):
        texts = [stored.pk for stored in quoted.by_pk(wanted)]
        assert texts == [pk for pk in dict.fromkeys(wanted) if pk != 999]
        assert quoted.by_pk(wanted) == store.posts.by_pk(wanted)


def test_what_any_process_forgets_is_not_quoted_again(store: Store) -> None:
    pks = save(store, "one fish", "two fish")
    quoted = QuotedPosts(store)
    assert len(quoted.by_pk(pks)) == 2
    with Store.open(store.path) as other:
        other.forget_author("ada", NOW)
    assert quoted.by_pk(pks) == []


def test_at_most_so_many_characters_are_kept_and_the_last_ones_are(store: Store) -> None:
    pks = save(store, *(f"{letter * 10}" for letter in "abcdefgh"))
    quoted = QuotedPosts(store, characters=30)
    for pk in pks:
        quoted.by_pk([pk])
        assert quoted._size == sum(len(stored.post.text) for stored, _ in quoted._posts.values()) <= 30
    assert list(quoted._posts) == pks[-3:]


def test_tokens_are_those_of_the_text_in_each_language(store: Store) -> None:
    (pk,) = save(store, "The weavers were weaving")
    quoted = QuotedPosts(store)
    (stored,) = quoted.by_pk([pk])
    for language in ("en", "de", "en"):
        wanted = [token for token in analyzer(language).tokens(stored.post.text) if token.terms]
        assert list(quoted.tokens(stored, analyzer(language)).tokens) == wanted
    assert quoted.tokens(stored, analyzer("en")) is quoted.tokens(stored, analyzer("en"))


def test_an_archive_keeps_no_text_of_what_it_forgot(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.import_file(SavedFile("a.txt", b"Ada\n\nThe ferry crosses at dawn.\n/1\nIt rows.\n/END\n"))
        collection = archive.catalog.scope()
        assert archive.ask("when does the ferry cross?", collection).excerpts
        assert archive.answers._quoted._posts
        (source,) = archive.catalog.sources()
        archive.take_back([source.id])
        assert not archive.answers._quoted._posts
        assert not archive.ask("when does the ferry cross?", archive.catalog.scope()).excerpts
