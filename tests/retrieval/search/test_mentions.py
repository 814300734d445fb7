"""First mentions: every post that says some words, in order, and nothing but these."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.archive import MAX_WORDS_LENGTH, Archive
from retrieval.model import Post, Thread
from retrieval.search.mentions import occurrences
from retrieval.search.quote_text import core_of, fold_text
from retrieval.storage.store import Source, Store
from tests.benchmarks.mentions import dated_archive, differences, phrases
from tests.shared import SHARED, needs_shared


def on(day: int) -> datetime:
    return datetime(2024, 3, day, tzinfo=UTC)


THREADS = (
    Thread(
        (
            Post(1, "The lighthouse-keeper’s log is a strange attractor of gulls.", posted_at=on(9)),
            Post(2, "No strange attractors here, only gulls.", posted_at=on(2)),
        ),
        author="@ada",
        id="aaaaaaaaaaaa",
    ),
    Thread(
        (Post(1, "A STRANGE\u00a0ATTRACTOR, they said, and I wrote it down."), Post(2, "Gulls cost 1,500.")),
        author="@bob",
        posted_at=on(5),
        id="bbbbbbbbbbbb",
    ),
    Thread((Post(1, "My strange attractor is older than all of yours."),), author="@cyd", id="cccccccccccc"),
    Thread((Post(1, "培顿·曼宁成为史上首位四分卫。", posted_at=on(7)),), author="@dee", id="dddddddddddd"),
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    path = tmp_path_factory.mktemp("mentions") / "archive.db"
    with Store.open(path) as store:
        store.save(THREADS, store.collection("main"), Source("a", "a", "a"), on(20))
        store.save(
            [Thread((Post(1, "A private strange attractor.", posted_at=on(1)),), author="@spy")],
            store.collection("own", server_id=7),
            Source("b", "b", "b"),
            on(20),
        )
    with Archive.open(path) as opened:
        opened.refresh()
        yield opened


def places(archive: Archive, words: str, server_id: int | None = None) -> list[str]:
    found = archive.answers.first_mention(words, archive.catalog.scope(server_id))
    return [f"{(one.author or '@?')[1]}{one.excerpt.post.ordinal}" for one in found.mentions]


def test_the_earliest_comes_first_and_what_has_no_date_comes_last(archive: Archive) -> None:
    found = archive.answers.first_mention("strange attractor", archive.catalog.scope())
    assert places(archive, "strange attractor") == ["b1", "a1", "c1"]
    assert found.first
    assert found.first.author == "@bob"
    assert found.first.posted_at == on(5)
    assert [one.author for one in found.by_author()] == ["@bob", "@ada", "@cyd"]
    assert [one.author for one in found.undated] == ["@cyd"]
    assert {month: len(posts) for month, posts in found.months().items()} == {"2024-03": 2}
    assert (found.period.first, found.period.last, found.period.posts, found.period.undated) == (
        on(2),
        on(9),
        6,
        1,
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("lighthouse", ["a1"]),
        ("keeper's log", ["a1"]),
        ("attractors", ["a2"]),
        ("gull", []),
        ("500", []),
        ("1,500", ["b2"]),
        ("曼宁成为", ["d1"]),
        ("no", ["a2"]),
        ("attractor strange", []),
        ("…", []),
        ("", []),
    ],
)
def test_words_are_looked_for_as_they_are_written_from_border_to_border(
    archive: Archive, words: str, expected: list[str]
) -> None:
    assert places(archive, words) == expected


def test_a_server_sees_its_own_and_others_do_not(archive: Archive) -> None:
    assert len(places(archive, "private strange attractor", 7)) == 1
    assert places(archive, "private strange attractor") == []
    assert archive.answers.period(archive.catalog.scope(7)).first == on(1)


def test_the_quote_is_a_slice_with_the_words_marked(archive: Archive) -> None:
    for mention in archive.answers.first_mention("strange attractor", archive.catalog.scope()).mentions:
        excerpt = mention.excerpt
        ((start, end),) = excerpt.highlights
        assert fold_text(excerpt.quote[start:end]).text == "strange attractor"
        assert excerpt.quote in excerpt.post.text


def test_words_that_are_too_long_are_refused(archive: Archive) -> None:
    with pytest.raises(ValueError, match=f"{MAX_WORDS_LENGTH} characters"):
        archive.answers.first_mention("a" * (MAX_WORDS_LENGTH + 1), archive.catalog.scope())


@given(st.text(max_size=60))
def test_no_words_are_an_error(archive: Archive, words: str) -> None:
    archive.answers.first_mention(words, archive.catalog.scope())


@given(st.text(alphabet="ab '-.1,é中", max_size=30), st.text(alphabet="ab '-.1,é中", min_size=1, max_size=4))
def test_occurrences_are_slices_that_fold_to_the_words(text: str, words: str) -> None:
    wanted = core_of(fold_text(words))
    if wanted:
        for start, end in occurrences(wanted, text):
            assert wanted in fold_text(text[start:end]).text


@needs_shared
@pytest.mark.slow
def test_phrases_of_collections_are_found_as_by_a_plain_look(tmp_path: Path) -> None:
    dated_archive(tmp_path / "archive.db", SHARED / "collections", ("languages/de", "languages/zh"))
    with Archive.open(tmp_path / "archive.db") as opened:
        opened.refresh()
        assert differences(opened, opened.catalog.scope(), phrases(opened, 60))[0] == []
