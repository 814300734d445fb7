import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import CollectionNotFoundError, StoreError
from retrieval.formats.import_types import Counts, LeftOut
from retrieval.model import (
    Attachment,
    AttachmentKind,
    Collection,
    Completeness,
    Post,
    Scope,
    Thread,
    identity,
    post_key,
)
from retrieval.search.autocomplete import Autocomplete
from retrieval.sqlite import outdated, sqlite3
from retrieval.storage.catalog import Statistics
from retrieval.storage.database import refusals
from retrieval.storage.store import SaveReport, Source, Store
from tests.retrieval.versions import revisions

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
SOURCE = Source("page.txt", "0" * 64, "unrolled text")
OPENING = "Good morning! What happened today, in one thread. Please read to the end."

# Examples that write wait for the disk, however long it takes: hence no deadline for them.
numbers = count(1)
times = st.datetimes(timezones=st.just(UTC))
facts = st.none() | st.text(max_size=12)
attachments = st.lists(st.builds(Attachment, st.sampled_from(AttachmentKind), facts, facts), max_size=2).map(
    tuple
)


@st.composite
def any_thread(draw: st.DrawFn) -> Thread:
    texts = draw(st.lists(st.text(), min_size=1, max_size=5))
    return Thread(
        tuple(
            Post(
                ordinal,
                text,
                number=draw(st.none() | st.integers(-(2**63), 2**63 - 1)),
                source_id=draw(facts),
                url=draw(facts),
                posted_at=draw(st.none() | times),
                author=draw(facts),
                marker=draw(facts),
                attachments=draw(attachments),
            )
            for ordinal, text in enumerate(texts, 1)
        ),
        draw(st.sampled_from(Completeness)),
        author=draw(facts),
        title=draw(facts),
        url=draw(facts),
        posted_at=draw(st.none() | times),
    )


@st.composite
def alike(draw: st.DrawFn) -> Thread:
    """A version of one of a few threads, two of which open alike."""
    opening = draw(st.sampled_from([OPENING, "A thread that opens in its own way, unlike all others."]))
    texts = [opening, *draw(st.lists(st.sampled_from(["The bridge is open.", "Rain."]), max_size=2))]
    return Thread(
        tuple(Post(ordinal, text) for ordinal, text in enumerate(texts, 1)),
        draw(st.sampled_from(Completeness)),
        author=draw(st.sampled_from([None, "Ada", "Bob"])),
    )


def thread(*texts: str, completeness: Completeness = Completeness.COMPLETE) -> Thread:
    return Thread(tuple(Post(ordinal, text) for ordinal, text in enumerate(texts, 1)), completeness)


def numbered(number: int, posts: int = 3) -> Thread:
    return thread(
        *(f"Thread {number} tells its story in post {post} of {posts}." for post in range(1, posts + 1))
    )


def scope(*collections: Collection) -> Scope:
    return Scope(frozenset(collection.id for collection in collections))


def save(store: Store, collection: Collection, *threads: Thread, now: datetime = NOW) -> SaveReport:
    return store.save(threads, collection, SOURCE, now)


def kept(store: Store, *collections: Collection) -> list[Thread]:
    """Every thread of some collections, by id, read one by one."""
    ids = sorted(summary.id for summary in store.catalog.threads(scope(*collections), limit=1000))
    found = [store.catalog.thread_of_id(thread_id, scope(*collections)) for thread_id in ids]
    return [one for one in found if one is not None]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "archive.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path, patience=0.1) as store:
        yield store


@pytest.fixture
def main(store: Store) -> Collection:
    return store.collection("main")


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store for many examples, each of which makes collections of its own."""
    with Store.open(tmp_path_factory.mktemp("store") / "archive.db") as store:
        yield store


# Saving


@given(any_thread())
@settings(deadline=None)
def test_a_saved_thread_comes_back_equal(lasting: Store, saved: Thread) -> None:
    collection = lasting.collection(f"c{next(numbers)}")
    save(lasting, collection, saved)
    found = lasting.catalog.thread(saved.id, scope(collection))
    assert found == saved
    assert [post.marker for post in found.posts] == [post.marker for post in saved.posts]
    assert lasting.catalog.summaries([saved.id], scope(collection)) == {saved.id: saved.summary()}


def test_importing_again_changes_nothing(store: Store, main: Collection) -> None:
    threads = [numbered(1), numbered(2, posts=5)]
    first = save(store, main, *threads)
    assert first == SaveReport(Counts(new=2), Counts(new=8))
    before = (
        store.catalog.all_collections(),
        store.catalog.threads(scope(main)),
        list(store.posts_of(main.id)),
    )
    again = save(store, main, *threads, now=NOW + timedelta(days=1))
    assert again == SaveReport(Counts(unchanged=2), Counts(unchanged=8))
    assert (
        store.catalog.all_collections(),
        store.catalog.threads(scope(main)),
        list(store.posts_of(main.id)),
    ) == before


@given(st.lists(alike(), min_size=1, max_size=6), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_of_imports_does_not_matter(
    lasting: Store, threads: list[Thread], chance: random.Random
) -> None:
    one, two, three = (lasting.collection(f"c{next(numbers)}") for _ in range(3))
    for each in threads:
        save(lasting, one, each)
    for each in chance.sample(threads, len(threads)):
        save(lasting, two, each)
    save(lasting, three, *threads)
    assert kept(lasting, one) == kept(lasting, two) == kept(lasting, three)
    assert [post.text for post in lasting.posts_of(one.id)] != []


def test_a_preview_before_its_complete_thread_is_replaced(store: Store, main: Collection) -> None:
    whole = numbered(1, posts=5)
    part = thread(*(post.text for post in whole.posts[:3]), completeness=Completeness.PREVIEW)
    save(store, main, part)
    assert save(store, main, whole) == SaveReport(
        Counts(updated=1),
        Counts(new=2, unchanged=3),
        (LeftOut("preview replaced by the complete thread"),),
    )
    assert kept(store, main) == [whole]


def test_a_preview_after_its_complete_thread_is_left_out(store: Store, main: Collection) -> None:
    whole = numbered(1, posts=5)
    part = thread(*(post.text for post in whole.posts[:3]), completeness=Completeness.PREVIEW)
    save(store, main, whole)
    assert save(store, main, part, part) == SaveReport(
        Counts(unchanged=1),
        Counts(unchanged=3),
        (LeftOut("preview of a thread that is already complete", 2),),
    )
    assert kept(store, main) == [whole]


def test_a_fragment_that_has_more_posts_than_a_complete_thread_is_not_swallowed_by_it(
    store: Store, main: Collection
) -> None:
    long = replace(numbered(1, posts=5), completeness=Completeness.FRAGMENT)
    whole = replace(numbered(1, posts=5), posts=numbered(1, posts=5).posts[:3])
    save(store, main, long)
    save(store, main, whole)
    assert {one.posts for one in kept(store, main)} == {long.posts, whole.posts}


def test_a_new_fact_updates_a_thread_and_counts_as_a_change(store: Store, main: Collection) -> None:
    save(store, main, numbered(1))
    assert save(store, main, replace(numbered(1), author="Ada")).threads == Counts(updated=1)
    assert revisions(store) == {main.id: 2}


def test_a_marker_that_another_file_knows_is_learned_and_stays(store: Store, main: Collection) -> None:
    known = thread("Heddles lift the warp.", "Reeds beat the weft.")
    numbered = replace(known, posts=(known.posts[0], replace(known.posts[1], marker="2/")))
    save(store, main, known)
    save(store, main, numbered)
    (merged,) = kept(store, main)
    assert merged.posts[1].marker == "2/"


def test_the_revision_grows_only_with_a_change(store: Store, main: Collection) -> None:
    other = store.collection("other")
    save(store, main, numbered(1))
    save(store, main, numbered(1))
    save(store, main)
    assert revisions(store) == {main.id: 1, other.id: 0}


def test_threads_that_open_alike_stay_two_threads(store: Store, main: Collection) -> None:
    monday, tuesday = thread(OPENING, "The bridge is open."), thread(OPENING, "Rain all day.")
    save(store, main, monday)
    save(store, main, tuesday)
    assert {one.posts for one in kept(store, main)} == {monday.posts, tuesday.posts}
    for one in kept(store, main):
        found = store.catalog.post_of_key(post_key(one.id, 2), scope(main))
        assert found == (one, one.posts[1])
    assert store.catalog.post_of_key(post_key(identity([OPENING]), 2), scope(main)) is None
    exported = kept(store, main)
    assert save(store, main, *exported).threads == Counts(unchanged=2)


def test_a_failed_import_leaves_everything_as_it_was(store: Store, main: Collection) -> None:
    zoneless = replace(numbered(2), posted_at=datetime(2024, 1, 1))  # noqa: DTZ001 – the mistake itself
    with pytest.raises(ValueError, match="no zone"):
        save(store, main, numbered(1), zoneless)
    assert store.catalog.statistics(scope(main)) == Statistics(1, 0, 0, 0)
    assert save(store, main, numbered(1)).threads == Counts(new=1)


def test_replacing_keeps_the_equal_changes_the_changed_and_drops_the_rest(
    store: Store, main: Collection
) -> None:
    save(store, main, numbered(1), numbered(2), numbered(3))
    before = {post.text: post.pk for post in store.posts_of(main.id)}
    changed = replace(numbered(2), title="Second")
    saved = store.replace([numbered(1), changed, numbered(4)], main, SOURCE, NOW)
    assert saved == SaveReport(
        Counts(new=1, updated=1, unchanged=1),
        Counts(new=3, unchanged=6),
        (LeftOut("thread removed, no longer among those given"),),
    )
    assert kept(store, main) == sorted([numbered(1), changed, numbered(4)], key=lambda one: one.id)
    after = {post.text: post.pk for post in store.posts_of(main.id)}
    assert {pk for text, pk in after.items() if text in before} <= set(before.values())
    assert not set(before.values()) & {pk for text, pk in after.items() if text not in before}


def test_replacing_with_the_same_is_no_change_and_with_less_is(store: Store, main: Collection) -> None:
    store.replace([numbered(1), numbered(2)], main, SOURCE, NOW)
    store.replace([numbered(2), numbered(1)], main, SOURCE, NOW)
    assert revisions(store) == {main.id: 1}
    store.replace([thread(*(post.text for post in numbered(1).posts[:2]))], main, SOURCE, NOW)
    assert [one.length for one in kept(store, main)] == [2]
    assert revisions(store) == {main.id: 2}


def test_the_number_of_a_post_is_never_given_again(store: Store, main: Collection) -> None:
    store.replace([numbered(1)], main, SOURCE, NOW)
    (last, *_) = sorted((post.pk for post in store.posts_of(main.id)), reverse=True)
    store.replace([], main, SOURCE, NOW)
    store.replace([numbered(2)], main, SOURCE, NOW)
    assert min(post.pk for post in store.posts_of(main.id)) > last


def test_hostile_text_is_kept_as_far_as_a_database_can(store: Store, main: Collection) -> None:
    hostile = Thread(
        (
            Post(1, "half \ud83d, whole \ud83e\uddf5, end\0after the end", number=2**70, url="\udfff"),
            Post(2, "'; drop table posts; --", source_id=str(2**64)),
        ),
        author="\ud800",
    )
    for _ in range(2):
        save(store, main, hostile)
    (found,) = kept(store, main)
    assert found.posts[0] == Post(1, "half \ufffd, whole \U0001f9f5, end\0after the end", url="\ufffd")
    assert found.posts[1] == hostile.posts[1]
    assert store.catalog.threads(scope(main), author="\ud800") == Autocomplete(store).threads(
        "\ud800", scope(main), 25
    )
    assert store.catalog.thread_of_id("\ud800", scope(main)) is None


def test_other_zones_become_utc(store: Store, main: Collection) -> None:
    local = datetime(2024, 1, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    save(store, main, replace(numbered(1), posted_at=local))
    (found,) = kept(store, main)
    assert found.posted_at == local
    assert found.posted_at.tzinfo is UTC


# Collections


def test_a_collection_is_made_once_for_its_name_and_server(store: Store) -> None:
    public, own = store.collection("main"), store.collection("main", server_id=2**64 - 1)
    assert store.collection("main") == public
    assert store.collection("main", server_id=2**64 - 1) == own
    assert (own.server_id, own.language, own.revision) == (2**64 - 1, "en", 0)
    assert store.catalog.all_collections() == [public, own]


def test_the_handbook_is_not_met_under_its_name(store: Store) -> None:
    handbook = store.collection("handbook", handbook=True)
    assert handbook.handbook
    assert store.collection("handbook") != handbook


def test_a_collection_needs_a_name(store: Store) -> None:
    with pytest.raises(ValueError, match="name"):
        store.collection(" ")


def test_another_language_is_a_change_of_the_collection(store: Store, main: Collection) -> None:
    german = store.collection("main", language="de")
    assert german == replace(main, language="de", revision=1)
    assert store.collection("main") == store.collection("main", language="de") == german
    assert store.collection("neu", language="de").revision == 0


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), min_size=1, max_size=12))
@settings(max_examples=30, deadline=None)
def test_servers_never_see_each_others_threads(lasting: Store, saves: list[tuple[int, int]]) -> None:
    name = f"c{next(numbers)}"
    of = {server: lasting.collection(name, server_id=server or None) for server in range(4)}
    for server, number in saves:
        mark = Post(4, f"secret of server {server}")
        shared = numbered(number)
        save(lasting, of[server], replace(shared, posts=(*shared.posts, mark)))
    for server, collection in of.items():
        seen = scope(collection)
        own = {number for saver, number in saves if saver == server}
        ids = {numbered(number).id for number in own}
        secret = f"secret of server {server}"
        keys = [post_key(numbered(number).id, 4) for number in range(1, 5)]
        assert {one.id for one in lasting.catalog.threads(seen)} == ids
        assert {one.id for one in Autocomplete(lasting).threads("thread", seen, 25)} == ids
        assert [one.posts[3].text for one in kept(lasting, collection)] == [secret] * len(own)
        assert {one.post.text for one in lasting.posts.by_key(keys, seen)} <= {secret}
        assert {found[1].text for key in keys if (found := lasting.catalog.post_of_key(key, seen))} <= {
            secret
        }
        assert lasting.catalog.statistics(seen).threads == len(own)
        assert lasting.catalog.summaries([numbered(number).id for number in range(1, 5)], seen).keys() == ids


def test_an_empty_scope_sees_nothing(store: Store, main: Collection) -> None:
    save(store, main, numbered(1))
    nothing = Scope(frozenset())
    assert store.catalog.thread_of_id(numbered(1).id, nothing) is None
    assert store.catalog.post_of_key(post_key(numbered(1).id, 1), nothing) is None
    assert store.catalog.threads(nothing) == Autocomplete(store).threads("thread", nothing, 25) == []
    assert store.catalog.statistics(nothing) == Statistics(0, 0, 0, 0)
    assert store.catalog.holds_threads(scope(main))
    assert not store.catalog.holds_threads(nothing)
    assert not store.catalog.holds_threads(scope(store.collection("empty")))


def test_rows_go_with_what_they_belong_to(store: Store, main: Collection, path: Path) -> None:
    save(store, main, numbered(1))
    store._connections._ready_writer().table("sources").delete_where()
    assert kept(store, main) == [numbered(1)]
    store._connections._ready_writer().table("collections").delete_where()
    with closing(sqlite3.connect(path)) as raw:
        for table in ("threads", "posts"):
            assert raw.execute(f"select count(*) from {table}").fetchone() == (0,)  # noqa: S608
    with pytest.raises(CollectionNotFoundError, match="'main' is no longer"):
        save(store, main, numbered(1))


# Reading


def test_posts_stream_in_the_order_of_their_threads(store: Store, main: Collection) -> None:
    save(store, main, numbered(2), numbered(1))
    posts = list(store.posts_of(main.id))
    assert [post.text for post in posts] == [post.text for n in (2, 1) for post in numbered(n).posts]
    assert [post.ordinal for post in posts] == [1, 2, 3, 1, 2, 3]
    placed = store.posts.by_pk([posts[4].pk, posts[0].pk, 10**30, -1])
    assert [(one.pk, one.post.text) for one in placed] == [(posts[n].pk, posts[n].text) for n in (4, 0)]
    assert [one.thread for one in placed] == [numbered(1).summary(), numbered(2).summary()]
    assert {one.collection_id for one in placed} == {main.id}
    assert store.posts.by_pk([0]) == []
    assert store.catalog.thread_pks([numbered(1).id, "unknown"], scope(main)) == [posts[4].thread_pk]


def test_a_stream_shows_one_state_while_others_write(store: Store, main: Collection) -> None:
    save(store, main, *(numbered(number) for number in range(1500)))
    stream = store.posts_of(main.id)
    next(stream)
    store.replace([], main, SOURCE, NOW)
    assert len(list(stream)) == 4499
    assert list(store.posts_of(main.id)) == []


def test_posts_are_found_by_their_keys_in_the_order_asked_for(store: Store, main: Collection) -> None:
    save(store, main, numbered(1), numbered(2))
    keys = [post_key(numbered(2).id, 3), 7, post_key(numbered(1).id, 1), 2**200]
    found = store.posts.by_key(keys, scope(main))
    assert [(one.key, one.post) for one in found] == [
        (keys[0], numbered(2).posts[2]),
        (keys[2], numbered(1).posts[0]),
    ]
    assert store.catalog.post_of_key(keys[0], scope(main)) == (numbered(2), numbered(2).posts[2])
    assert store.catalog.post_of_key(7, scope(main)) is None


def test_of_two_collections_the_one_with_the_fuller_thread_is_read(store: Store, main: Collection) -> None:
    own = store.collection("own", server_id=5)
    whole = numbered(1, posts=5)
    part = replace(whole, posts=whole.posts[:3], completeness=Completeness.PREVIEW)
    save(store, main, part)
    save(store, own, whole)
    assert store.catalog.thread_of_id(whole.id, scope(main, own)) == whole
    assert store.catalog.post_of_key(post_key(whole.id, 1), scope(main, own)) == (whole, whole.posts[0])
    assert store.catalog.thread_of_id(whole.id, scope(main)) == part


def test_the_newest_threads_come_first_and_the_undated_by_their_import(
    store: Store, main: Collection
) -> None:
    own = store.collection("own", server_id=5)
    dated = [replace(numbered(n), posted_at=NOW - timedelta(days=n), author="Ada") for n in range(6)]
    save(store, main, numbered(10), *dated[1::2])
    save(store, own, numbered(11), *dated[::2], now=NOW + timedelta(days=1))
    order = [*dated, numbered(11), numbered(10)]
    both = scope(main, own)
    assert store.catalog.threads(both) == [one.summary() for one in order]
    assert store.catalog.threads(both, offset=2, limit=3) == [one.summary() for one in order[2:5]]
    assert store.catalog.threads(both, author="ada", limit=2) == [one.summary() for one in order[:2]]
    assert store.catalog.threads(both, offset=10**30) == store.catalog.threads(both, limit=0) == []
    for offset, limit in ((-1, 1), (1, -1)):
        with pytest.raises(ValueError, match="negative"):
            store.catalog.threads(both, offset=offset, limit=limit)


def test_statistics_count_what_a_scope_holds(store: Store, main: Collection) -> None:
    save(store, main, numbered(1), thread("Only the start", completeness=Completeness.PREVIEW))
    save(store, store.collection("other"), numbered(2))
    assert store.catalog.statistics(scope(main)) == Statistics(collections=1, threads=2, posts=4, previews=1)


def test_reading_goes_on_while_a_file_is_imported(store: Store, main: Collection) -> None:
    save(store, main, numbered(1))
    inside, go_on = threading.Event(), threading.Event()

    def slow() -> Iterator[Thread]:
        yield numbered(2)
        inside.set()
        assert go_on.wait(30)

    importing = threading.Thread(target=store.save, args=(slow(), main, SOURCE, NOW))
    importing.start()
    assert inside.wait(30)
    assert kept(store, main) == [numbered(1)]
    assert len(list(store.posts_of(main.id))) == 3
    go_on.set()
    importing.join(30)
    assert len(kept(store, main)) == 2


def test_many_threads_may_use_one_store(store: Store, main: Collection) -> None:
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for step in range(10):
                save(store, main, numbered(number * 100 + step))
                assert store.catalog.thread_of_id(numbered(number * 100 + step).id, scope(main)) is not None
        except BaseException as failure:  # noqa: BLE001 – told by the test itself
            failures.append(failure)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert failures == []
    assert store.catalog.statistics(scope(main)).threads == 40


# Refusals


def test_a_locked_database_is_reported_and_waits_for_no_longer_than_asked(
    store: Store, main: Collection, path: Path
) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("begin immediate")
        with pytest.raises(StoreError, match=r"archive\.db: another program keeps it locked"):
            save(store, main, numbered(1))
        assert store.catalog.threads(scope(main)) == []
    assert save(store, main, numbered(1)).threads == Counts(new=1)


def test_an_import_waits_for_another_program_instead_of_failing(path: Path) -> None:
    with (
        Store.open(path, patience=20) as store,
        closing(sqlite3.connect(path, check_same_thread=False)) as other,
    ):
        main = store.collection("main")
        other.execute("begin immediate")
        other.execute("update collections set revision = 7")
        threading.Timer(0.3, other.commit).start()
        save(store, main, numbered(1))
        assert revisions(store) == {main.id: 8}


def test_a_database_that_only_may_be_read_is_reported(store: Store, path: Path) -> None:
    assert store.catalog.all_collections() == []
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as raw:  # noqa: SIM117 – two subjects
        with pytest.raises(StoreError, match="cannot be written to; make the file"), refusals(path):
            raw.execute("delete from posts")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write to everything")
def test_a_folder_that_only_may_be_read_is_reported(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match=r"archive\.db: "):
        Store.open(tmp_path / "archive.db")


def test_a_folder_in_the_place_of_the_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened; make sure it is a file"):
        Store.open(tmp_path)


def test_a_file_in_the_place_of_the_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match="choose a folder that is writable"):
        Store.open(tmp_path / "file" / "archive.db")


def test_a_full_disk_is_reported_and_the_import_leaves_nothing(store: Store, main: Collection) -> None:
    pages = store._connections._ready_writer().execute("pragma page_count").fetchone()[0]
    store._connections._ready_writer().execute(f"pragma max_page_count = {pages}").fetchall()
    with pytest.raises(StoreError, match="the disk is full; free some space"):
        save(store, main, *(numbered(number) for number in range(300)))
    assert store.catalog.statistics(scope(main)).threads == 0


def test_a_file_that_is_no_database_is_reported(tmp_path: Path) -> None:
    (tmp_path / "archive.db").write_text("Dear diary, this is not a database at all. " * 100)
    with pytest.raises(StoreError, match="it is no database; put a backup in its place"):
        Store.open(tmp_path / "archive.db")


def test_a_damaged_database_is_reported_by_the_check_and_by_reading(path: Path) -> None:
    with Store.open(path) as store:
        save(store, store.collection("main"), *(numbered(number) for number in range(300)))
    page = 4096
    content = bytearray(path.read_bytes())
    start = len(content) // 2 // page * page
    content[start:] = bytes(range(256)) * ((len(content) - start) // 256)
    path.write_bytes(content)
    with Store.open(path) as store:
        assert any("archive.db: " in problem and "backup" in problem for problem in store.problems())
        with pytest.raises(StoreError, match="it is damaged; put a backup"):
            store.catalog.threads(Scope(frozenset({1})))


def test_a_database_of_a_newer_version_is_reported(store: Store, path: Path) -> None:
    row = {"migration_set": "archive", "name": "m999_later", "applied_at": "2030-01-01"}
    store._connections._ready_writer().table("_sqlite_migrations").insert(row)
    store.close()
    with pytest.raises(StoreError, match=r"newer version of Bobbin \(m999_later\); update Bobbin"):
        Store.open(path)


def test_a_closed_store_is_reported_and_closes_again(store: Store, main: Collection) -> None:
    store.close()
    store.close()
    for use in (store.catalog.all_collections, lambda: save(store, main, numbered(1))):
        with pytest.raises(StoreError, match="has been closed"):
            use()


def test_a_sound_database_has_no_problems_but_an_old_sqlite(store: Store, main: Collection) -> None:
    save(store, main, numbered(1))
    assert [problem for problem in store.problems() if not problem.startswith("note: ")] == []


def test_strays_are_a_problem(store: Store, main: Collection, path: Path) -> None:
    save(store, main, numbered(1))
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("delete from threads")
        raw.commit()
    told = "6 rows without what they belong to, in links, posts, versions"
    assert any(told in problem for problem in store.problems())


@pytest.mark.parametrize(
    ("version", "bad"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
    ],
)
def test_an_sqlite_that_can_damage_the_file_is_noted(version: tuple[int, ...], *, bad: bool) -> None:
    assert (outdated(version) is not None) is bad


def test_opening_again_finds_everything_and_writes_nothing(path: Path) -> None:
    with Store.open(path) as store:
        main = store.collection("main")
        save(store, main, numbered(1))
    before = path.read_bytes()
    with Store.open(path) as store:
        assert kept(store, main) == [numbered(1)]
    assert path.read_bytes() == before


# Crashes

_CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from retrieval.model import Post, Thread
from retrieval.storage.store import Source, Store

store = Store.open(Path(sys.argv[1]))
main = store.collection("main")
start = int(sys.argv[2])
for file in range(start, start + 10_000):
    threads = [
        Thread(tuple(Post(n, f"File {file}, thread {thread}: some words, post {n}.") for n in (1, 2, 3)))
        for thread in range(20)
    ]
    store.save(threads, main, Source(f"{file}", f"{file}", "text"), datetime.now(UTC))
    print(file, flush=True)
"""


@pytest.mark.slow
def test_killed_at_any_moment_nothing_is_lost_or_half_done(path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 – chance, not secrecy
    told: set[int] = set()
    for run in range(10):
        child = subprocess.Popen(
            [sys.executable, "-c", _CHILD, str(path), str(run * 10_000)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert child.stdout is not None
        first = child.stdout.readline()
        time.sleep(chance.uniform(0, 0.1))
        child.send_signal(signal.SIGKILL)
        told |= {int(line) for line in (first + child.stdout.read()).split()}
        child.stdout.close()
        child.wait()
    with Store.open(path) as store, closing(sqlite3.connect(path)) as raw:
        assert [problem for problem in store.problems() if not problem.startswith("note: ")] == []
        files = raw.execute(
            "select cast(s.name as integer), count(*), min(t.length) from sources s"
            " join threads t on t.source_id = s.id group by s.id"
        ).fetchall()
        assert {(threads, posts) for _, threads, posts in files} == {(20, 3)}
        assert told <= {file for file, _, _ in files}
        assert raw.execute("select count(*) from sources").fetchone() == (len(files),)
        assert raw.execute("select count(*) from posts").fetchone() == (len(files) * 60,)
        assert len(told) >= 10
