"""What the archive knows of the files it was made from, and how they and authors are taken out again."""

import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import ThreadNotFoundError
from retrieval.formats.import_types import Counts, LeftOut, Merged
from retrieval.model import Collection, Completeness, Scope, Thread
from retrieval.search.live_index import Index
from retrieval.sqlite import sqlite3
from retrieval.storage.database import connect
from retrieval.storage.migrations import migrations
from retrieval.storage.store import SaveReport, Source, Store
from tests.retrieval.versions import CUT, EARLY, OPENING, preview, revisions, said, thread, versions

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
GONE = "Nobody is to read this sentence about the lighthouse keeper ever again."
numbers = count(1)
chances = st.randoms(use_true_random=False)

#: So many files, each with some threads.
files = st.lists(st.lists(versions(), min_size=1, max_size=3), min_size=1, max_size=5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as store:
        yield store


@pytest.fixture
def main(store: Store) -> Collection:
    return store.collection("main")


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("store") / "archive.db") as store:
        yield store


def source(number: int | str) -> Source:
    return Source(f"{number}.txt", f"{number:0>64}", "unrolled text")


def save(store: Store, collection: Collection, number: int | str, *threads: Thread) -> SaveReport:
    return store.save(threads, collection, source(number), NOW + timedelta(seconds=int(number)))


def scope(*collections: Collection) -> Scope:
    return Scope(frozenset(collection.id for collection in collections))


def kept(store: Store, collection: Collection) -> list[Thread]:
    ids = sorted(summary.id for summary in store.catalog.threads(scope(collection), limit=1000))
    found = [store.catalog.thread_of_id(thread_id, scope(collection)) for thread_id in ids]
    return [one for one in found if one is not None]


def held(store: Store, collection: Collection) -> set[tuple[str, int, int]]:
    """Each file of a collection with the threads and posts that are there from it."""
    named = [file for file in store.catalog.sources() if file.collection == collection.name]
    return {(file.sha256, file.threads, file.posts) for file in named}


def bytes_of(path: Path) -> bytes:
    """Everything that lies on the disk of a database."""
    return b"".join(part.read_bytes() for part in sorted(path.parent.glob(f"{path.name}*")))


# Order, repeats, and taking back


@given(files, chances)
@settings(max_examples=60, deadline=None)
def test_files_in_any_order_any_number_of_times_make_the_same_archive(
    lasting: Store, given_: list[list[Thread]], chance: random.Random
) -> None:
    one, two = (lasting.collection(f"c{next(numbers)}") for _ in range(2))
    for number, threads in enumerate(given_, 1):
        save(lasting, one, number, *threads)
    sequence = [*range(len(given_)), *chance.choices(range(len(given_)), k=3)]
    chance.shuffle(sequence)
    for number in sequence:
        save(lasting, two, number + 1, *chance.sample(given_[number], len(given_[number])))
    assert kept(lasting, one) == kept(lasting, two)
    assert held(lasting, one) == held(lasting, two)


@given(files, chances)
@settings(max_examples=60, deadline=None)
def test_a_file_taken_back_leaves_the_archive_as_if_it_had_never_been_there(
    lasting: Store, given_: list[list[Thread]], chance: random.Random
) -> None:
    one, two = (lasting.collection(f"c{next(numbers)}") for _ in range(2))
    gone = {number for number in range(len(given_)) if chance.random() < 0.5}
    for number, threads in enumerate(given_):
        save(lasting, one, number, *threads)
        if number not in gone:
            save(lasting, two, number, *threads)
    of_one = [file.id for file in lasting.catalog.sources() if file.collection == one.name]
    by_hash = {file.sha256: file.id for file in lasting.catalog.sources() if file.id in of_one}
    lasting.take_back([by_hash[source(number).sha256] for number in gone], NOW)
    assert kept(lasting, one) == kept(lasting, two)
    assert held(lasting, one) == held(lasting, two)
    assert not lasting._connections._required().execute("pragma foreign_key_check").fetchall()


def test_a_second_form_completes_the_first_and_the_report_says_so(store: Store, main: Collection) -> None:
    page = replace(thread(OPENING, "Rain."), title="A day")
    export = said((OPENING, "11"), ("Rain.", "12"))
    export = replace(
        export, author="@isolde", posts=tuple(replace(post, posted_at=EARLY) for post in export.posts)
    )
    assert save(store, main, 1, page).merged == ()
    saved = save(store, main, 2, export)
    assert saved.threads == Counts(updated=1)
    assert saved.posts == Counts(updated=2)
    assert saved.merged == (Merged("id learned from this file", 2), Merged("time learned from this file", 2))
    (one,) = kept(store, main)
    assert (one.title, one.author, one.posts[1].source_id) == ("A day", "@isolde", "12")


def test_a_cut_text_is_reported_whichever_way_round_it_comes(store: Store, main: Collection) -> None:
    save(store, main, 1, preview(CUT))
    saved = save(store, main, 2, thread(OPENING, "Rain."))
    assert saved.merged == (Merged("fuller text taken from this file", 1),)
    assert saved.threads == Counts(updated=1)
    again = save(store, main, 1, preview(CUT))
    assert again.merged == (Merged("fuller text kept from another file", 1),)
    assert again.threads == Counts(unchanged=1)


# Sources


def test_files_are_listed_the_newest_first_with_what_is_there_from_each(
    store: Store, main: Collection
) -> None:
    whole = thread(OPENING, "Rain.", "Sun.")
    save(store, main, 1, whole, thread("Another thread that stands in the first file alone."))
    save(store, main, 2, preview(OPENING, "Rain."))
    store.save([whole], store.collection("own", server_id=5), source(3), NOW + timedelta(days=1))
    store.replace([whole], store.collection("handbook", handbook=True), source(4), NOW)
    told = [
        (file.name, file.collection, file.server_id, file.threads, file.posts)
        for file in store.catalog.sources()
    ]
    assert told == [("3.txt", "own", 5, 1, 3), ("2.txt", "main", None, 1, 2), ("1.txt", "main", None, 2, 4)]
    first = store.catalog.sources()[-1]
    assert (first.sha256, first.form, first.read_at) == (
        source(1).sha256,
        "unrolled text",
        NOW + timedelta(seconds=1),
    )
    assert [file.name for file in store.catalog.sources_of(whole.id, scope(main))] == ["2.txt", "1.txt"]
    for name, seen in (("unknown", scope(main)), (whole.id, Scope(frozenset()))):
        with pytest.raises(ThreadNotFoundError):
            store.catalog.sources_of(name, seen)


def test_the_same_bytes_under_two_names_are_two_files(store: Store, main: Collection) -> None:
    one = thread(OPENING, "Rain.")
    for name in ("a.txt", "b.txt", "a.txt"):
        store.save([one], main, Source(name, "f" * 64, "unrolled text"), NOW)
    files_ = {file.name: file.id for file in store.catalog.sources()}
    assert files_.keys() == {"a.txt", "b.txt"}
    store.take_back([files_["a.txt"]], NOW)
    assert kept(store, main) == [one]
    store.take_back([files_["b.txt"]], NOW)
    assert (kept(store, main), store.catalog.sources()) == ([], [])


def test_a_file_that_gave_nothing_is_no_source(store: Store, main: Collection) -> None:
    save(store, main, 1)
    assert store.catalog.sources() == []


def test_taking_back_tells_what_went_and_a_rehearsal_changes_nothing(
    store: Store, main: Collection, path: Path
) -> None:
    save(store, main, 1, thread(OPENING, "Rain."), thread(GONE))
    save(store, main, 2, preview(OPENING))
    (second, first) = store.catalog.sources()
    before = kept(store, main), store.catalog.sources(), revisions(store)
    told = store.take_back([first.id], NOW, rehearse=True)
    assert (kept(store, main), store.catalog.sources(), revisions(store)) == before
    done = store.take_back([first.id], NOW)
    assert (done.threads, done.changed, done.posts, done.files) == (1, 1, 2, (first,))
    assert replace(told, wiped=True) == done
    assert kept(store, main) == [preview(OPENING)]
    assert store.catalog.sources() == [second]
    assert b"lighthouse keeper" not in bytes_of(path)
    assert revisions(store)[main.id] == before[2][main.id] + 1


def test_a_version_takes_no_room_where_it_is_all_that_is_known(store: Store, main: Collection) -> None:
    save(store, main, 1, thread(OPENING, "Rain."), thread(GONE))
    save(store, main, 2, thread(OPENING, "Rain."))
    assert store._connections._required().execute(
        "select count(*), count(body) from versions"
    ).fetchone() == (3, 0)
    save(store, main, 3, said((OPENING, "1"), ("Rain.", "2")))
    assert store._connections._required().execute(
        "select count(*), count(body) from versions"
    ).fetchone() == (4, 2)


# Authors


# The name has letters that no hexadecimal digit is, so that no hash holds it by chance.
def theirs(*texts: str, author: str | None = "@isolde") -> Thread:
    return replace(thread(*texts), author=author)


@pytest.fixture
def shelves(store: Store, main: Collection) -> tuple[Collection, Collection]:
    """Threads of an author whom some files name and some do not, in two collections, beside another's."""
    own = store.collection("own", server_id=5)
    store.save([theirs(GONE, "Keep it."), theirs(OPENING, "Rain.", author="@bob")], main, source(1), NOW)
    store.save([preview(GONE, "Keep it.")], main, source(2), NOW)
    store.save([theirs(GONE, "Keep it.", author="Isolde Example")], main, source(3), NOW)
    mixed = theirs("A conversation on the pier, of which one half is to be forgotten.", GONE, author="@bob")
    answer = replace(mixed.posts[1], author="@Isolde", url="https://x.com/Isolde/status/2")
    store.save(
        [replace(mixed, posts=(mixed.posts[0], answer))], own, Source("by-isolde.txt", "9" * 64, "x"), NOW
    )
    return main, own


def test_an_author_goes_from_every_collection_and_leaves_no_byte(
    store: Store, shelves: tuple[Collection, Collection], path: Path
) -> None:
    main, own = shelves
    assert b"lighthouse keeper" in bytes_of(path)
    assert b"@isolde" in bytes_of(path)
    told = store.forget_author("@ISOLDE", NOW, rehearse=True)
    assert len(kept(store, main)) == 2
    done = store.forget_author("@ISOLDE", NOW)
    assert replace(told, wiped=True) == done
    assert (done.threads, done.posts, done.changed) == (1, 3, 1)
    assert {file.name for file in done.files} == {"1.txt", "2.txt", "3.txt", "by-isolde.txt"}
    assert [one.author for one in kept(store, main)] == ["@bob"]
    (left,) = kept(store, own)
    assert (left.length, left.completeness, left.author) == (1, Completeness.FRAGMENT, "@bob")
    assert {file.name for file in store.catalog.sources()} == {"1.txt", "by-….txt"}
    content = bytes_of(path).lower()
    assert b"lighthouse keeper" not in content
    assert b"isolde" not in content
    assert not store._connections._required().execute("pragma foreign_key_check").fetchall()


def test_an_author_who_was_forgotten_does_not_come_back(
    store: Store, shelves: tuple[Collection, Collection], path: Path
) -> None:
    main, _ = shelves
    store.forget_author("isolde", NOW)
    before = kept(store, main)
    unsaid = replace(thread(GONE, "Keep it."), url="https://twitter.com/isolde/status/77")
    back = [
        theirs(GONE, "Keep it."),
        theirs("Something else that was never in the archive before.", author="Isolde"),
        preview(GONE, "Keep it."),
        thread(f"1/2 {GONE} https://t.co/aa", "Keep it."),
        unsaid,
        replace(theirs(GONE, "Keep it."), author="Isolde Example"),
    ]
    for each in (*back, *back[::-1]):
        saved = store.save([each], main, Source("isolde_s.txt", "7" * 64, "x"), NOW)
        assert saved.left_out == (LeftOut("thread of an author who was forgotten"),)
        assert saved.threads == saved.posts == Counts()
    whole = replace(theirs(OPENING, "Rain.", GONE), author="@bob")
    whole = replace(whole, posts=(*whole.posts[:2], replace(whole.posts[2], author="@isolde")))
    saved = store.save([whole, *back], main, Source("isolde_s.txt", "8" * 64, "x"), NOW)
    assert LeftOut("post of an author who was forgotten") in saved.left_out
    assert {one.author for one in kept(store, main)} == {"@bob"}
    assert kept(store, main) == before
    store._connections._ready_writer().execute("pragma wal_checkpoint(truncate)").fetchall()
    assert b"lighthouse keeper" not in bytes_of(path)
    assert b"isolde" not in bytes_of(path).lower()
    assert "….txt" not in {file.name for file in store.catalog.sources()}
    assert "…_s.txt" in {file.name for file in store.catalog.sources()}


def test_posts_are_known_again_by_their_ids_where_nobody_is_named(store: Store, main: Collection) -> None:
    save(store, main, 1, replace(said((GONE, "11"), ("Keep it.", "12")), author="@isolde"))
    store.forget_author("@isolde", NOW)
    saved = save(
        store, main, 2, said(("Other words for it, perhaps edited since.", "11"), ("Keep it.", "12"))
    )
    assert saved.threads == Counts()
    assert kept(store, main) == []


def test_another_author_with_the_same_words_stays(store: Store, main: Collection) -> None:
    save(store, main, 1, theirs(GONE), theirs(GONE, author="@bob"))
    assert len(kept(store, main)) == 2
    store.forget_author("@isolde", NOW)
    assert [one.author for one in kept(store, main)] == ["@bob"]
    assert save(store, main, 1, theirs(GONE), theirs(GONE, author="@bob")).threads == Counts(unchanged=1)


def test_forgetting_an_unknown_author_changes_nothing_but_later_imports(
    store: Store, main: Collection
) -> None:
    save(store, main, 1, theirs(GONE, author="@bob"))
    before = kept(store, main), revisions(store)
    done = store.forget_author("@isolde", NOW)
    assert (done.threads, done.posts, done.changed, done.files, done.wiped) == (0, 0, 0, (), True)
    assert (kept(store, main), revisions(store)) == before
    assert save(store, main, 2, theirs(OPENING)).threads == Counts()


def test_the_handbook_forgets_nobody(store: Store) -> None:
    handbook = store.collection("handbook", handbook=True)
    store.replace([theirs(GONE, author="bobbin")], handbook, source(1), NOW)
    assert store.forget_author("bobbin", NOW).threads == 0
    assert len(kept(store, handbook)) == 1


@given(files, st.sampled_from(["@isolde", "@bob", "a"]), chances)
@settings(max_examples=30, deadline=None)
def test_after_forgetting_the_order_of_imports_still_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, given_: list[list[Thread]], author: str, chance: random.Random
) -> None:
    outcomes: list[list[Thread]] = []
    for _ in range(2):
        with Store.open(tmp_path_factory.mktemp("forgotten") / "archive.db") as store:
            main = store.collection("main")
            store.forget_author(author, NOW)
            for number in chance.sample(range(len(given_)), len(given_)):
                save(store, main, number, *given_[number])
            outcomes.append(kept(store, main))
            assert not any(said_by(one, author) for one in outcomes[-1])
    assert outcomes[0] == outcomes[1]


def said_by(one: Thread, author: str) -> bool:
    name = author.removeprefix("@")
    named: Sequence[str | None] = (one.author, *(post.author for post in one.posts))
    return any(found is not None and found.removeprefix("@").casefold() == name for found in named)


def test_while_another_program_reads_what_was_forgotten_the_log_is_reported_to_hold_it(
    path: Path,
) -> None:
    with Store.open(path, patience=0.1) as store:
        main = store.collection("main")
        save(store, main, 1, theirs(GONE))
        with closing(sqlite3.connect(path)) as other:
            other.execute("begin")
            other.execute("select * from posts").fetchall()
            assert not store.forget_author("@isolde", NOW).wiped
            assert kept(store, main) == []
        assert store.forget_author("@isolde", NOW).wiped
    assert b"lighthouse keeper" not in bytes_of(path)


# Upgrades


@pytest.fixture
def first(path: Path) -> Path:
    """A database as the first migration made it, with two threads of two files and one of a lost file."""
    db = connect(path, patience=1, writes=True)
    migrations.apply(db, stop_before="m002_versions")
    db.conn.execute("insert into collections values (1, 'main', null, 'en', 0, 3)")
    rows = [(1, "a.txt", "a" * 64), (2, "b.txt", "b" * 64)]
    for number, name, sha256 in rows:
        db.conn.execute(
            "insert into sources values (?, 1, ?, ?, 'unrolled text', '2024-01-01T00:00:00.000000Z')",
            (number, name, sha256),
        )
    for pk, (one, from_) in enumerate(
        [
            (thread(OPENING, "Rain."), 1),
            (said((GONE, "5")), 2),
            (thread("A thread of an unknown file."), None),
        ],
        1,
    ):
        db.conn.execute(
            "insert into threads values (?, 1, ?, ?, ?, 'complete', 'Isolde', null, null, null,"
            " '2024-01-01T00:00:00.000000Z', ?, ?, '')",
            (pk, one.id, one.id, from_, one.length, one.posts[0].text),
        )
        for post in one.posts:
            db.conn.execute(
                "insert into posts (thread_pk, ordinal, key, text, external_id) values (?, ?, ?, ?, ?)",
                (pk, post.ordinal, pk * 10 + post.ordinal, post.text, post.source_id),
            )
    db.conn.commit()
    db.close()
    return path


def test_a_database_of_the_first_schema_opens_with_all_its_threads(first: Path) -> None:
    with Store.open(first) as store:
        (main,) = store.catalog.all_collections()
        texts = {post.text for one in kept(store, main) for post in one.posts}
        assert texts == {OPENING, "Rain.", GONE, "A thread of an unknown file."}
        assert {one.author for one in kept(store, main)} == {"Isolde"}
        assert {(file.name, file.threads, file.posts) for file in store.catalog.sources()} == {
            ("a.txt", 1, 2),
            ("b.txt", 1, 1),
            ("(unknown)", 1, 1),
        }
        assert store.problems() == [] or all(one.startswith("note: ") for one in store.problems())


def test_an_upgraded_database_merges_forgets_and_takes_back_like_any(first: Path) -> None:
    with Store.open(first) as store:
        (main,) = store.catalog.all_collections()
        before = {post.text: post.pk for post in store.posts_of(main.id)}
        saved = save(store, main, 9, said((OPENING, "1"), ("Rain.", "2")), said((f"2/ {GONE}", "5")))
        assert saved.threads == Counts(updated=2)
        after = {post.text: post.pk for post in store.posts_of(main.id)}
        assert after["Rain."] == before["Rain."]
        (nine,) = [file for file in store.catalog.sources() if file.name == "9.txt"]
        store.take_back([nine.id], NOW)
        assert {post.text for post in store.posts_of(main.id)} == set(before)
        assert store.forget_author("isolde", NOW).threads == 3
        assert kept(store, main) == []
    with Store.open(first) as store:
        assert store.catalog.sources() == []


@pytest.mark.parametrize("stage", ["m002_versions", "m003_states"])
def test_an_index_of_an_upgraded_database_reads_only_what_changed_since(
    first: Path, tmp_path: Path, stage: str
) -> None:
    with closing(connect(first, patience=1, writes=True)) as db:
        migrations.apply(db, stop_before=stage)
    told: list[tuple[int, int]] = []
    with Store.open(first) as store:
        (main,) = store.catalog.all_collections()
        index = Index(store, tmp_path / "index", few=1)
        index.refresh()
        index.settle()
        save(store, main, 9, thread("A thread of its own, all new.", "Snow."))
        index.refresh(lambda done, total: told.append((done, total)))
        assert told == [(2, 2)]
        scope = Scope(frozenset({main.id}))
        assert [len(index.searcher(scope).search(word, 5).hits) > 0 for word in ("rain", "snow")] == [
            True
        ] * 2


def test_an_upgrade_that_is_broken_off_begins_again(first: Path) -> None:
    with closing(sqlite3.connect(first)) as raw:
        # Stands in the way of the migration's own table.
        raw.execute("create table tombstones (hash text)")
        raw.commit()
    with pytest.raises(Exception, match="tombstones"):
        Store.open(first)
    with closing(sqlite3.connect(first)) as raw:
        raw.execute("drop table tombstones")
        raw.commit()
    with Store.open(first) as store:
        assert len(store.catalog.sources()) == 3
