"""What an archive tells of itself: authors, arrivals, months, and where a question's words stand."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from retrieval.formats.jsonl_format import dump_line
from retrieval.model import Post, Thread

QUESTION = "Why does the ferry cross the river at dawn?"
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    hours = count()
    clock = lambda: FIRST + timedelta(hours=next(hours))  # noqa: E731 - a clock in a line
    with Archive.open(tmp_path / "archive.db", now=clock) as opened:
        yield opened


def keep(archive: Archive, *threads: Thread, server_id: int | None = None, language: str = "en") -> None:
    content = "".join(dump_line(one, ()) + "\n" for one in threads).encode()
    collection = f"own-{language}" if server_id else language
    file = SavedFile("threads.jsonl", content)
    report = archive.import_file(file, collection=collection, server_id=server_id, language=language)
    assert report.error is None


def of(*texts: str, author: str | None = None, day: datetime | None = None) -> Thread:
    posts = tuple(Post(place, text, posted_at=day) for place, text in enumerate(texts, 1))
    return Thread(posts, author=author, posted_at=day)


FERRY = of(
    "The ferry crosses the river at dawn because the current is calm then, and by noon it is not.",
    "Ferries rest in winter. A ferryman rests, too.",
    author="Ada",
    day=datetime(2023, 12, 31, 23, 59, tzinfo=UTC),
)


def test_authors_are_counted_whatever_the_case_of_their_names(archive: Archive) -> None:
    keep(
        archive, FERRY, of("Lamps turn because the lens floats.", author="ADA"), of("Nobody wrote this one.")
    )
    keep(archive, of("Bees dance in the linden.", author="bee"), server_id=5)
    (ada,) = archive.catalog.authors(archive.catalog.scope())
    assert (ada.name.casefold(), ada.threads, ada.posts, ada.latest) == ("ada", 2, 3, FERRY.posted_at)
    assert [one.name.casefold() for one in archive.catalog.authors(archive.catalog.scope(5))] == [
        "ada",
        "bee",
    ]
    assert [one.name for one in archive.catalog.authors(archive.catalog.own_scope(5))] == ["bee"]
    assert archive.catalog.authors(archive.catalog.own_scope(6)) == []


def test_what_came_in_last_comes_first_with_its_time(archive: Archive) -> None:
    for number in range(4):
        keep(
            archive, of(f"Thread number {number} came in at its own hour."), language=("en", "de")[number % 2]
        )
    latest = archive.timeline.latest(archive.catalog.scope(), limit=3)
    assert [one.opening.split()[2] for one, _ in latest] == ["3", "2", "1"]
    assert [when for _, when in latest] == sorted((when for _, when in latest), reverse=True)


def test_a_word_is_counted_by_month_in_every_form_and_with_its_thread_s_date(archive: Archive) -> None:
    january = datetime(2024, 1, 2, tzinfo=UTC)
    undated = Thread((Post(1, "One more ferry, on a day that nobody wrote down."),))
    of_thread = Thread((Post(1, "A ferry whose thread alone is dated."),), posted_at=january)
    keep(archive, FERRY, undated, of_thread)
    assert archive.answers.months("ferry", archive.catalog.scope()) == {"2023-12": 2, "2024-01": 1, None: 1}
    assert archive.answers.months("FERRIES rest", archive.catalog.scope()) == {"2023-12": 1}
    assert archive.answers.months("the of", archive.catalog.scope()) == {}
    assert archive.answers.months("", archive.catalog.scope()) == {}


def test_months_keep_to_the_scope(archive: Archive) -> None:
    keep(archive, FERRY, server_id=5)
    assert archive.answers.months("ferry", archive.catalog.scope()) == {}
    assert archive.answers.months("ferry", archive.catalog.scope(5)) == {"2023-12": 2}


@given(
    st.lists(st.lists(st.sampled_from(["ferry", "lamp", "river", "oven", "bee"]), max_size=4), max_size=12)
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_months_are_those_of_a_count_by_hand(tmp_path: Path, written: list[list[str]]) -> None:
    path = tmp_path / f"{datetime.now(UTC).timestamp()}.db"
    threads = [
        of(
            f"Number {place} tells of {' '.join(words)}",
            day=datetime(2020 + place % 3, 1 + place % 12, 1, tzinfo=UTC),
        )
        for place, words in enumerate(written)
    ]
    expected: Counter[str] = Counter()
    for thread, words in zip(threads, written, strict=True):
        if "ferry" in words and thread.posted_at:
            expected[thread.posted_at.strftime("%Y-%m")] += 1
    with Archive.open(path) as archive:
        if threads:
            keep(archive, *threads)
        assert archive.answers.months("ferry", archive.catalog.scope()) == dict(expected)


def test_a_question_s_words_are_found_in_the_whole_thread_as_in_its_quotes(archive: Archive) -> None:
    keep(archive, FERRY)
    scope = archive.catalog.scope()
    slices = archive.answers.highlights(FERRY, scope, question=QUESTION)
    words = [[post.text[a:b] for a, b in marked] for post, marked in zip(FERRY.posts, slices, strict=True)]
    assert words == [["ferry", "crosses", "river", "dawn"], ["Ferries"]]
    answer = archive.ask(QUESTION, scope)
    assert answer.excerpts[0].highlights == slices[answer.excerpts[0].post.ordinal - 1]
    assert archive.answers.highlights(FERRY, scope, marks=archive.answers.marks(answer)) == slices
    misspelt = archive.answers.highlights(FERRY, scope, question="curent")
    assert FERRY.posts[0].text[slice(*misspelt[0][0])] == "current"
    assert archive.answers.highlights(FERRY, scope) == ((), ())


def test_terms_are_reported_as_they_were_written(archive: Archive) -> None:
    keep(archive, FERRY)
    written = archive.answers.written(archive.ask("Crossing FERRIES in the curent?", archive.catalog.scope()))
    assert set(written.values()) >= {"Crossing", "FERRIES", "current"}


def test_the_terms_shares_are_what_the_post_its_context_and_its_thread_give(archive: Archive) -> None:
    keep(archive, FERRY, of("Lamps turn because the lens floats on quicksilver.", "The ferry saw them."))
    for excerpt in archive.ask(QUESTION, archive.catalog.scope()).excerpts:
        shares = dict(excerpt.shares)
        of_terms = sum(shares.get(name, 0.0) for name in ("post", "context", "thread"))
        assert sum(share for _, share in excerpt.terms) == pytest.approx(of_terms)
        assert excerpt.server_id is None


def test_an_excerpt_knows_the_server_that_its_thread_belongs_to(archive: Archive) -> None:
    keep(archive, FERRY, server_id=5)
    (first, *_) = archive.ask(QUESTION, archive.catalog.scope(5)).excerpts
    assert first.server_id == 5


@pytest.mark.parametrize("collections", [("en",), ("en", "de")])
def test_a_page_of_threads_is_a_slice_of_all(archive: Archive, collections: tuple[str, ...]) -> None:
    for number in range(9):
        day = FIRST - timedelta(days=number * 7 % 5) if number % 3 else None
        keep(
            archive,
            of(f"Thread {number} has a day or none.", day=day),
            language=collections[number % len(collections)],
        )
    every = archive.catalog.threads(archive.catalog.scope(), limit=99)
    assert len(every) == 9
    for offset in range(11):
        assert (
            archive.catalog.threads(archive.catalog.scope(), offset=offset, limit=2)
            == every[offset : offset + 2]
        )


def test_the_state_changes_with_the_archive_and_only_then(archive: Archive) -> None:
    before = archive.state()
    assert archive.state() == before
    keep(archive, FERRY)
    after = archive.state()
    assert after != before
    keep(archive, FERRY)
    assert archive.state() == after


def test_what_tells_most_of_a_thread_knows_whose_it_is(archive: Archive) -> None:
    keep(archive, FERRY, server_id=5)
    assert archive.answers.key_excerpt(FERRY.id, archive.catalog.scope(5)).server_id == 5
    keep(archive, FERRY)
    assert archive.answers.key_excerpt(FERRY.id, archive.catalog.scope()).server_id is None
