"""Completion in memory tells what the store holds, in the order it says, and follows its changes."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.model import Collection, Post, Scope, Thread
from retrieval.search.autocomplete import Autocomplete, TitleLines
from retrieval.storage.store import Source, Store

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
needles = st.lists(st.sampled_from(["a", "ab", "ba", "abc", "bc", "ж"]), max_size=4).map(" ".join)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "archive.db") as store:
        yield store


@pytest.fixture
def main(store: Store) -> Collection:
    return store.collection("main")


def thread(text: str) -> Thread:
    return Thread((Post(1, text),))


def scope(*collections: Collection) -> Scope:
    return Scope(frozenset(collection.id for collection in collections))


def save(store: Store, collection: Collection, *threads: Thread) -> None:
    store.save(threads, collection, Source("file", "0" * 64, "text"), NOW)


def naive(lines: list[str], needle: str, limit: int) -> list[tuple[int, int]]:
    """What a reader of the lines would answer."""
    found = []
    for number, line in enumerate(lines):
        if all(word in line for word in needle.split()):
            place = 0 if line.startswith(needle) else 1 if f" {needle}" in f" {line}" else 2
            found.append((place, number))
    return sorted(found)[:limit]


@given(st.lists(needles, max_size=12), needles.filter(bool), st.integers(1, 12))
def test_lines_are_found_as_a_reader_would_find_them(lines: list[str], needle: str, limit: int) -> None:
    held = TitleLines.of((number, line, None) for number, line in enumerate(lines))
    told = naive(lines, needle, limit)
    assert held.find(needle, limit) == told
    # The other way is for words that more lines hold than are worth looking at each.
    first = held._first(needle.encode(), held._rarest_first(needle.encode()), limit)
    assert [(number, held._pk(start)) for number, start in first] == told


def test_completion_finds_titles_authors_and_opening_words(store: Store, main: Collection) -> None:
    first = replace(thread("Grain leaves Odésa again"), title="The “Grain” deal", author="Ada Żuk")
    second = replace(thread("Deals and the grain they move"), posted_at=NOW)
    third = replace(thread("On migraine"), posted_at=NOW + timedelta(days=1))
    save(store, main, first, second, third)
    titles = Autocomplete(store)

    def complete(text: str, limit: int = 25) -> list[str]:
        return [one.id for one in titles.threads(text, scope(main), limit)]

    assert complete("grain deal") == [first.id, second.id]
    assert complete("the grain") == [first.id, second.id]
    assert complete("gräin LEA") == [first.id]
    assert complete("GRAIN") == [second.id, first.id, third.id]
    assert complete("ain") == [third.id, second.id, first.id]
    assert complete("odesa") == complete("zuk") == complete("“grain’ de")[:1] == [first.id]
    assert complete("100%_") == complete("' or 1=1") == []
    assert complete(" ", limit=1) == [third.id]
    assert complete("ain", limit=2) == [third.id, second.id]


def test_a_thread_that_two_collections_hold_is_reported_once_and_another_servers_never(
    store: Store, main: Collection
) -> None:
    own, other = store.collection("own", server_id=1), store.collection("own", server_id=2)
    shared = replace(thread("On rivers"), posted_at=NOW)
    save(store, main, shared)
    save(store, own, shared, thread("On rivulets"))
    save(store, other, thread("On riven rocks"))
    titles = Autocomplete(store)
    told = titles.threads("riv", scope(main, own), 25)
    assert [one.opening for one in told] == ["On rivers", "On rivulets"]
    assert [one.opening for one in titles.threads("riv", scope(main), 25)] == ["On rivers"]


def test_what_came_in_and_what_went_is_known_at_once_in_a_small_collection(
    store: Store, main: Collection
) -> None:
    titles = Autocomplete(store)
    assert titles.threads("riv", scope(main), 25) == []
    save(store, main, thread("On rivers"))
    assert len(titles.threads("riv", scope(main), 25)) == 1
    store.take_back([file.id for file in store.catalog.sources()], NOW)
    assert titles.threads("riv", scope(main), 25) == []


def test_a_large_collection_is_read_anew_beside_and_nobody_waits(store: Store, main: Collection) -> None:
    save(store, main, thread("On rivers"))
    titles = Autocomplete(store, at_once=0)
    assert len(titles.threads("riv", scope(main), 25)) == 1
    save(store, main, thread("On rivulets"))
    with titles._reading:
        assert len(titles.threads("riv", scope(main), 25)) == 1
    deadline = time.monotonic() + 60
    while len(titles.threads("riv", scope(main), 25)) == 1:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_authors_complete_by_any_part_of_their_names_with_how_many_threads_they_have(
    store: Store, main: Collection
) -> None:
    own, other = store.collection("own", server_id=1), store.collection("own", server_id=2)
    for number, (name, where) in enumerate(
        [("Ada Żuk", main), ("ada żuk", main), ("Adalbert", own), ("Lea Adams", main), ("Adrian", other)]
    ):
        save(store, where, replace(thread(f"Thread number {number}"), author=name))
    titles = Autocomplete(store)
    assert titles.authors("ada", scope(main, own), 25) == [("ada żuk", 2), ("Adalbert", 1), ("Lea Adams", 1)]
    assert titles.authors("zuk", scope(main), 25) == [("ada żuk", 2)]
    assert titles.authors("dam", scope(main, own), 25) == [("Lea Adams", 1)]
    assert titles.authors("", scope(main), 1) == [("ada żuk", 2)]
    assert titles.authors("adrian", scope(main, own), 25) == []


def test_threads_by_chance_are_of_the_scope_and_each_reported_once(store: Store, main: Collection) -> None:
    other = store.collection("own", server_id=2)
    save(store, main, *(thread(f"Thread number {number}") for number in range(9)))
    save(store, other, thread("A secret"))
    drawn = [store.catalog.sample(scope(main), 4, Random(seed)) for seed in range(20)]  # noqa: S311 - no secret
    assert all(len({one.id for one in few}) == 4 for few in drawn)
    assert {one.id for few in drawn for one in few} == {one.id for one in store.catalog.threads(scope(main))}
    assert len(store.catalog.sample(scope(main), 99, Random(1))) == store.catalog.count(scope(main)) == 9  # noqa: S311
    assert store.catalog.count(scope(main), author="nobody") == 0
    assert store.catalog.sample(Scope(frozenset()), 4, Random(1)) == []  # noqa: S311
