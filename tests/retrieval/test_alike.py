"""Threads that open alike: told apart in any order and form, and found by the ids they had earlier."""

import itertools
import json
import logging
import random
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.archive import Archive
from retrieval.errors import AmbiguousThreadError, ThreadNotFoundError
from retrieval.formats.import_types import SavedFile
from retrieval.formats.jsonl_format import dump_line
from retrieval.model import Collection, Completeness, Post, Scope, Thread, post_key
from retrieval.sqlite import sqlite3
from retrieval.storage.database import connect
from retrieval.storage.migrations import migrations
from retrieval.storage.store import Source, Store
from retrieval.storage.versions import version_body, versions_around

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
SHARED = [
    "Our weekly notes on the markets of three towns by the sea.",
    "None of this is advice, and all prices are in shells.",
    "👇",
    "First what moved, then what did not, then the letters.",
]
numbers = count(1)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("alike") / "archive.db") as archive:
        yield archive


def week(number: int, shared: int = 4, own: int = 3) -> list[str]:
    """The texts of one thread of a family."""
    return [*SHARED[:shared], *(f"In week {number} part {part} of the town gained." for part in range(own))]


def thread(*texts: str, completeness: Completeness = Completeness.COMPLETE) -> Thread:
    return Thread(tuple(Post(ordinal, text) for ordinal, text in enumerate(texts, 1)), completeness)


# Forms: how one thread comes as a file of each form


def as_text(texts: list[str], _number: int) -> SavedFile:
    body = "\n".join(f"{text}\n{at}/{len(texts)}" for at, text in enumerate(texts, 1))
    return SavedFile("week.txt", body.encode())


def as_open_form(texts: list[str], _number: int) -> SavedFile:
    return SavedFile("week.jsonl", (dump_line(thread(*texts), ()) + "\n").encode())


def as_export(texts: list[str], number: int) -> SavedFile:
    first = number * 1000 + 1_500_000_000_000_000_000
    tweets = [
        {
            "tweet": {
                "id_str": str(first + at),
                "full_text": text,
                "created_at": f"Mon Jun 03 10:{at:02}:00 +0000 2024",
                **(
                    {"in_reply_to_status_id_str": str(first + at - 1), "in_reply_to_user_id_str": "77"}
                    if at
                    else {}
                ),
            }
        }
        for at, text in enumerate(texts)
    ]
    return SavedFile("tweets.js", f"window.YTD.tweets.part0 = {json.dumps(tweets)}".encode())


def as_page(texts: list[str], number: int) -> SavedFile:
    first = number * 1000 + 1_500_000_000_000_000_000
    posts = "".join(
        f'<div id="tweet_{at}" class="content-tweet allow-preview" data-tweet="{first + at - 1}"'
        f' data-screenname="ada">{text}</div>'
        for at, text in enumerate(texts, 1)
    )
    return SavedFile("week.html", f"<html><body><h1>Thread</h1>{posts}</body></html>".encode())


FORMS = [as_text, as_open_form, as_export, as_page]
families = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=2, max_size=5)


def kept(archive: Archive, name: str) -> list[Thread]:
    scope = scope_of(archive, name)
    ids = sorted(summary.id for summary in archive.catalog.threads(scope, limit=1000))
    return [archive.catalog.thread(one, scope) for one in ids]


def opened(archive: Archive, name: str, thread_id: str) -> list[str]:
    """The ids of the threads that an id leads to."""
    try:
        return [archive.catalog.thread(thread_id, scope_of(archive, name)).id]
    except AmbiguousThreadError as several:
        return [one.id for one in several.candidates]


def scope_of(archive: Archive, name: str) -> Scope:
    return Scope(frozenset(one.id for one in archive.catalog.collections() if one.name == name))


def words(one: Thread) -> tuple[str, ...]:
    return tuple(" ".join(post.text.split()) for post in one.posts)


@pytest.mark.slow
@given(families, st.data(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_of_a_family_that_opens_alike_none_is_lost_and_none_merged_in_any_order_and_form(
    lasting: Archive, family: list[tuple[int, int]], data: st.DataObject, chance: random.Random
) -> None:
    texts = [week(number, shared, own) for number, (shared, own) in enumerate(family)]
    files = []
    for number, told in enumerate(texts):
        forms = data.draw(st.lists(st.sampled_from(FORMS), min_size=1, max_size=3, unique=True))
        files += [form(told, number) for form in forms]
        if data.draw(st.booleans()):
            cut = data.draw(st.integers(1, len(told)))
            part = thread(*told[:cut], completeness=Completeness.PREVIEW)
            files.append(SavedFile("part.jsonl", (dump_line(part, ()) + "\n").encode()))
    outcomes, meant = [], []
    for _ in range(2):
        name = f"c{next(numbers)}"
        for file in chance.sample(files, len(files)):
            assert not lasting.import_file(file, collection=name, at_once=False).error
        outcomes.append(kept(lasting, name))
        led = (opened(lasting, name, thread(*told[:cut]).id) for told in texts for cut in (1, len(told)))
        meant.append(list(led))
    assert outcomes[0] == outcomes[1]
    assert meant[0] == meant[1]
    assert sorted(map(words, outcomes[0])) == sorted(map(tuple, texts))
    assert {one.completeness for one in outcomes[0]} == {Completeness.COMPLETE}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_weekly_threads_are_three_threads_and_each_is_found(tmp_path: Path, order: list[int]) -> None:
    names = ["Wheat", "Salt", "Rope"]
    with Archive.open(tmp_path / "archive.db") as archive:
        for number in order:
            texts = [*SHARED, f"{names[number]} rose by a tenth this week.", "Until next week."]
            report = archive.import_file(as_text(texts, number))
            assert (report.threads.new, report.threads.updated) == (1, 0)
        assert len(archive.catalog.threads(archive.catalog.scope())) == 3
        for name in names:
            assert archive.ask(name, archive.catalog.scope()).excerpts[0].quote.startswith(name)


def test_the_import_of_threads_that_open_alike_reads_none_of_the_others(tmp_path: Path) -> None:
    with Store.open(tmp_path / "archive.db") as store:
        main = store.collection("main")
        many = [thread(*week(number)) for number in range(600)]
        part = thread(*SHARED, completeness=Completeness.PREVIEW)
        save(store, main, part, *many)
        assert store.catalog.count(Scope(frozenset({main.id}))) == 601
        with store._connections.reading() as db:
            known = versions_around(db, main.id, [thread(*week(601))], adding=True)
        assert [one.length for one in known.threads.values()] == [len(SHARED)]
        save(store, main, thread(*week(601)), name="more")
        assert store.catalog.count(Scope(frozenset({main.id}))) == 602
        # Taken back, all that may be one with the preview is looked at.
        store.take_back([file.id for file in store.catalog.sources() if file.name == "week"], NOW)
        assert store.catalog.count(Scope(frozenset({main.id}))) == 1


def save(store: Store, collection: Collection, *threads: Thread, name: str = "week") -> None:
    store.save(threads, collection, Source(name, f"{name:0>64}", "x"), NOW)


# Ids and buttons of earlier


def test_an_id_that_one_thread_had_alone_lists_all_that_it_may_mean(tmp_path: Path) -> None:
    one, two = week(1, own=2), week(2, own=3)
    found = []
    for order in ((one, two), (two, one)):
        with Archive.open(tmp_path / f"{len(order[0])}.db") as archive:
            archive.import_file(as_text(order[0], 1))
            (alone,) = archive.catalog.threads(archive.catalog.scope())
            archive.import_file(as_text(order[1], 2))
            scope = archive.catalog.scope()
            ids = {summary.id for summary in archive.catalog.threads(scope)}
            with pytest.raises(AmbiguousThreadError) as several:
                archive.catalog.thread(alone.id, scope)
            assert {one.id for one in several.value.candidates} == ids
            assert alone.id not in ids
            with pytest.raises(AmbiguousThreadError):
                archive.catalog.locate(post_key(alone.id, 6), scope)
            # Only one of the two has a seventh post.
            whole, post = archive.catalog.locate(post_key(alone.id, 7), scope)
            assert post.text == two[6]
            assert [one.post.text for one in archive.answers.recall([post_key(alone.id, 7)], (), scope)] == [
                two[6]
            ]
            assert archive.answers.recall([post_key(alone.id, 6)], (), scope) == ()
            found.append((alone.id, ids, whole.id))
    assert found[0] == found[1]


def test_an_id_of_a_preview_opens_the_complete_thread_that_replaced_it(tmp_path: Path) -> None:
    with Store.open(tmp_path / "archive.db") as store:
        main = store.collection("main")
        scope = Scope(frozenset({main.id}))
        part = thread(*week(1)[:5], completeness=Completeness.PREVIEW)
        save(store, main, part, thread(*week(2)))
        (before,) = [one for one in store.catalog.threads(scope) if one.completeness is Completeness.PREVIEW]
        save(store, main, thread(*week(1)), name="whole")
        archive = Archive(store, lambda: NOW)
        assert archive.catalog.thread(before.id, scope).posts == thread(*week(1)).posts
        assert archive.catalog.locate(post_key(before.id, 5), scope)[1].text == week(1)[4]


def test_an_opening_that_only_one_thread_has_left_is_its_id_again(tmp_path: Path) -> None:
    with Store.open(tmp_path / "archive.db") as store:
        main = store.collection("main")
        scope = Scope(frozenset({main.id}))
        save(store, main, thread(*week(1)), name="one")
        before = store.catalog.threads(scope)
        save(store, main, thread(*week(2)), name="two")
        store.take_back([file.id for file in store.catalog.sources() if file.name == "two"], NOW)
        assert store.catalog.threads(scope) == before


# The upgrade


@pytest.fixture
def swallowed(tmp_path: Path) -> Path:
    """An archive in which an earlier version took three weekly threads for one."""
    path = tmp_path / "archive.db"
    db = connect(path, patience=1, writes=True)
    migrations.apply(db, stop_before="m004_threads_told_apart")
    db.conn.execute("insert into collections values (1, 'main', null, 'en', 0, 3)")
    weeks = [thread(*week(number, own=2 + number // 3)) for number in (1, 2, 3)]
    head = weeks[2]
    for number in (1, 2, 3):
        db.conn.execute(
            "insert into sources values (?, 1, ?, ?, 'unrolled text', '2024-01-01T00:00:00.000000Z')",
            (number, f"{number}.txt", f"{number:064}"),
        )
    db.conn.execute(
        "insert into threads (pk, collection_id, id, base, source_id, completeness, imported_at, length,"
        " opening, needle) values (1, 1, ?, ?, 3, 'complete', '2024-01-01T00:00:00.000000Z', ?, ?, '')",
        (head.id, head.id, head.length, head.posts[0].text),
    )
    for post in head.posts:
        db.conn.execute(
            "insert into posts (thread_pk, ordinal, key, text) values (1, ?, ?, ?)",
            (post.ordinal, post_key(head.id, post.ordinal), post.text),
        )
    for number, one in enumerate(weeks, 1):
        db.conn.execute(
            "insert into versions (source_id, thread_pk, posts, body) values (?, 1, ?, ?)",
            (number, one.length, None if one is head else version_body(one)),
        )
    db.conn.commit()
    db.close()
    return path


def test_an_upgrade_separates_what_was_taken_for_one_thread_and_reports_it(
    swallowed: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), Archive.open(swallowed) as archive:
        scope = archive.catalog.scope()
        ids = {summary.id for summary in archive.catalog.threads(scope)}
        told = {words(archive.catalog.thread(one, scope)) for one in ids}
        assert told == {tuple(week(number, own=2 + number // 3)) for number in (1, 2, 3)}
        assert "separated 3 threads" in caplog.text
        (note,) = [one for one in archive.check() if "separated" in one]
        assert all(one in note for one in ids)
        # None of them is new to the digest: the thread they were is the first.
        assert archive.timeline.new_threads(scope, since=1, until=archive.timeline.position()[1]) == ([], 0)
        assert archive.timeline.new_threads(scope, since=0, until=1)[1] == 3
        former = thread(*week(3)).id
        with pytest.raises(AmbiguousThreadError) as several:
            archive.catalog.thread(former, scope)
        assert {one.id for one in several.value.candidates} == ids
        _, post = archive.catalog.locate(post_key(former, 7), scope)
        assert post.text == week(3)[6]
        assert archive.ask("week 2 part", scope).answered
        state = archive.state()
    with Archive.open(swallowed) as archive:
        archive.refresh()
        assert archive.state() == state


def test_an_upgraded_archive_is_the_one_that_importing_anew_makes(swallowed: Path, tmp_path: Path) -> None:
    with Archive.open(swallowed) as archive, Store.open(tmp_path / "new.db") as store:
        main = store.collection("main")
        for number in (3, 1, 2):
            save(store, main, thread(*week(number, own=2 + number // 3)), name=str(number))
        scope = Scope(frozenset({main.id}))
        anew = sorted(summary.id for summary in store.catalog.threads(scope))
        assert [one.id for one in kept(archive, "main")] == anew


def test_a_thread_that_was_shown_under_an_id_of_an_earlier_release_is_found_by_it(swallowed: Path) -> None:
    with closing(sqlite3.connect(swallowed)) as raw:
        raw.execute("update threads set id = 'an0lder1d000'")
        raw.execute("delete from versions where body is not null")
        raw.commit()
    with Archive.open(swallowed) as archive:
        scope = archive.catalog.scope()
        assert archive.catalog.thread("an0lder1d000", scope).length == 7
        assert archive.catalog.locate(post_key("an0lder1d000", 6), scope)[1].ordinal == 6
        with pytest.raises(ThreadNotFoundError):
            archive.catalog.thread("an0lder1d001", scope)


def test_what_an_import_separates_is_not_new_either(tmp_path: Path) -> None:
    with Store.open(tmp_path / "archive.db") as store:
        main = store.collection("main")
        scope = Scope(frozenset({main.id}))
        # It is complete, so once two threads go on as it does it may be either or neither.
        save(store, main, thread(*SHARED), thread(*week(1)))
        assert store.catalog.count(scope) == 1
        _, until = store.timeline.position()
        save(store, main, thread(*week(2)), name="two")
        assert store.catalog.count(scope) == 3
        new, total = store.timeline.new_threads(
            scope, since=until, until=store.timeline.position()[1], offset=0, limit=9
        )
        assert (total, new[0].length) == (1, len(week(2)))
