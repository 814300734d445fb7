"""The index follows the store, is stored beside it, and is never wrong about it."""

import logging
import shutil
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from retrieval.model import Completeness, Post, Scope, Thread
from retrieval.search.live_index import Index
from retrieval.storage.store import Source, Store

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
QUESTIONS = ("ice", "When did the ships freeze in Kiel?", "who was the captain", "icebraeker", "coal 1929")
WORDS = st.sampled_from(
    ["ice", "ships", "the", "captain", "Brandt", "Kiel", "froze", "in", "1929", "coal", "icebreaker", "oven"]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
THREADS = st.dictionaries(st.integers(0, 9), st.lists(TEXTS, min_size=1, max_size=4), max_size=6)


def thread(number: int, texts: Sequence[str]) -> Thread:
    """A thread that opens as no other does, so that its next version takes its place."""
    opening = f"Thread number {number} of them all opens with words of its own, which nobody else says."
    return Thread(
        tuple(Post(ordinal, text) for ordinal, text in enumerate([opening, *texts], 1)), Completeness.COMPLETE
    )


def put(store: Store, threads: dict[int, list[str]], *, only: bool = False, name: str = "main") -> None:
    """Save threads into a collection; with ``only``, make it hold no others."""
    act = store.replace if only else store.save
    source = Source("page.txt", "0" * 64, "unrolled text")
    act([thread(*one) for one in threads.items()], store.collection(name), source, NOW)


def answers(index: Index, *collections: int) -> list[tuple[dict[int, float], float]]:
    """The scores of all posts, and the confidence, for every question."""
    searcher = index.searcher(Scope(frozenset(collections or {1})))
    found = [searcher.search(question, 1000) for question in QUESTIONS]
    return [({hit.post: round(hit.score, 9) for hit in one.hits}, round(one.confidence, 9)) for one in found]


def fresh(store: Store, *collections: int) -> list[tuple[dict[int, float], float]]:
    index = Index(store)
    index.refresh()
    return answers(index, *collections)


def opened(store: Store, folder: Path | None) -> Index:
    """An index that stores even the smallest collection, refreshed and at rest."""
    index = Index(store, folder, few=1)
    index.refresh()
    index.settle()
    return index


class Told(list[tuple[int, int]]):
    """What an index tells of its progress: nothing when it has nothing to read."""

    def __call__(self, done: int, total: int) -> None:
        self.append((done, total))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "archive.db") as store:
        yield store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


FROZEN = {
    number: [f"ships froze in Kiel {1900 + number}", "the captain of the icebreaker"] for number in range(5)
}


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(THREADS, st.booleans(), st.booleans()), min_size=1, max_size=5))
def test_an_index_that_grew_answers_as_one_made_anew(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[dict[int, list[str]], bool, bool]]
) -> None:
    path = tmp_path_factory.mktemp("grown")
    with Store.open(path / "archive.db") as store:
        index = Index(store, path / "index", few=1)
        for threads, only, settle in changes:
            put(store, threads, only=only)
            index.refresh()
            assert answers(index) == fresh(store)
            if settle:
                index.settle()
                assert answers(index) == fresh(store)
        index.close()
        again = opened(store, path / "index")
        assert answers(again) == fresh(store)


def test_a_stored_index_is_taken_up_without_reading_a_post(store: Store, folder: Path) -> None:
    put(store, FROZEN)
    opened(store, folder)
    again, told = Index(store, folder, few=1), Told()
    assert again.refresh(told)
    assert told == []
    assert answers(again) == fresh(store)


def test_only_what_is_new_is_read(store: Store, folder: Path) -> None:
    put(store, FROZEN)
    opened(store, folder)
    put(store, {7: ["coal in Kiel"]})
    again, told = Index(store, folder, few=1), Told()
    again.refresh(told)
    assert told == [(2, 2)]
    assert answers(again) == fresh(store)


def test_what_was_taken_out_leaves_no_word_behind(store: Store, folder: Path) -> None:
    put(store, {**FROZEN, 8: ["the secretword"]})
    index = opened(store, folder)
    assert any(b"secretword" in path.read_bytes() for path in folder.iterdir())
    put(store, FROZEN, only=True)
    index.refresh()
    index.settle()
    assert not any(b"secretword" in path.read_bytes() for path in folder.iterdir())
    assert answers(index) == fresh(store)


def test_what_is_to_be_forgotten_is_in_no_file_before_the_index_is_asked_again(
    store: Store, folder: Path
) -> None:
    put(store, {**FROZEN, 8: ["the secretword"]})
    put(store, {1: ["ice in Kiel"]}, name="other")
    index = opened(store, folder)
    put(store, FROZEN, only=True)
    index.unstore()
    assert list(folder.iterdir()) == []
    index.refresh()
    index.settle()
    assert len(list(folder.glob("*.json"))) == 2, "what did not change is stored again, too"
    assert not any(b"secretword" in path.read_bytes() for path in folder.iterdir())
    assert answers(index, 1, 2) == fresh(store, 1, 2)


def test_a_collection_that_became_small_is_stored_no_more(store: Store, folder: Path) -> None:
    put(store, FROZEN)
    put(store, {1: ["ice in Kiel"]}, name="other")
    index = Index(store, folder, few=4)
    index.refresh()
    index.settle()
    put(store, {1: ["coal"]}, only=True)
    put(store, {number: ["ice", "coal"] for number in range(5)}, name="other")
    index.refresh()
    index.settle()
    assert [path.name for path in folder.glob("*.json")] == ["2.json"]


def test_a_small_collection_is_stored_at_the_end_and_taken_up_without_reading_a_post(
    store: Store, folder: Path
) -> None:
    put(store, FROZEN)
    index = Index(store, folder)
    index.refresh()
    index.settle()
    assert not folder.exists()
    index.close()
    again, told = Index(store, folder), Told()
    assert again.refresh(told)
    assert told == []
    assert answers(again) == fresh(store)
    files = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    again.close()
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == files, "nothing is stored twice"


def test_a_small_collection_that_changed_is_in_no_file_until_the_end(store: Store, folder: Path) -> None:
    put(store, {**FROZEN, 8: ["the secretword"]})
    first = Index(store, folder)
    first.refresh()
    first.close()
    assert any(b"secretword" in path.read_bytes() for path in folder.iterdir())
    index = Index(store, folder)
    index.refresh()
    put(store, FROZEN, only=True)
    index.refresh()
    assert list(folder.iterdir()) == []
    assert answers(index) == fresh(store)
    index.close()
    assert len(list(folder.iterdir())) == 2
    assert not any(b"secretword" in path.read_bytes() for path in folder.iterdir())


@pytest.mark.parametrize("change", ["forgotten", "changed elsewhere"])
def test_a_small_collection_that_is_out_of_date_at_the_end_is_not_stored(
    store: Store, folder: Path, change: str
) -> None:
    put(store, {**FROZEN, 8: ["the secretword"]})
    index = Index(store, folder)
    index.refresh()
    if change == "forgotten":
        index.unstore()
    else:
        put(store, FROZEN, only=True)
    index.close()
    assert not folder.exists()


def test_where_a_small_collection_cannot_be_stored_the_next_start_reads_it(
    store: Store, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(store, FROZEN)
    folder.touch()  # a file, where the folder would be
    for _ in range(2):
        index, told = Index(store, folder), Told()
        index.refresh(told)
        assert told
        assert answers(index) == fresh(store)
        index.close()
    assert not caplog.records


def test_many_small_imports_end_in_few_files(store: Store, folder: Path) -> None:
    index = opened(store, folder)
    for number in range(20):
        put(store, {number: ["ice"] * (number + 1)})
        index.refresh()
    index.settle()
    assert len(list(folder.glob("*.segment"))) <= 4
    assert len(list(folder.iterdir())) == len(list(folder.glob("*.segment"))) + 1
    assert answers(index) == fresh(store)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_damaged_index_is_made_anew(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = tmp_path_factory.mktemp("damaged")
    with Store.open(path / "archive.db") as store:
        put(store, FROZEN)
        opened(store, path / "index")
        file = data.draw(st.sampled_from(sorted((path / "index").iterdir())))
        content = bytearray(file.read_bytes())
        place = data.draw(st.integers(0, len(content) - 1))
        match data.draw(st.sampled_from(["flipped", "cut off", "emptied", "longer", "zeroed"])):
            case "flipped":
                content[place] ^= 1 << data.draw(st.integers(0, 7))
            case "cut off":
                del content[place:]
            case "emptied":
                content.clear()
            case "longer":
                content += b"\0" * 64
            case _:
                content[place : place + 512] = bytes(len(content[place : place + 512]))
        file.write_bytes(content)
        index = opened(store, path / "index")
        assert answers(index) == fresh(store)
        told = Told()
        Index(store, path / "index", few=1).refresh(told)
        assert told == [], "what was made anew is stored again"


def test_a_missing_file_is_made_anew(store: Store, folder: Path) -> None:
    put(store, FROZEN)
    opened(store, folder)
    next(folder.glob("*.segment")).unlink()
    assert answers(opened(store, folder)) == fresh(store)


@pytest.mark.parametrize("form", [1, 2])
def test_the_index_of_an_earlier_version_is_made_anew(
    store: Store, folder: Path, form: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, FROZEN | {9: ["an e-mail of the U.S. navy, see https://example.org/ice"]})
    with monkeypatch.context() as earlier:
        earlier.setattr("retrieval.index.segment_file._FORMAT", form)
        opened(store, folder)
    told = Told()
    index = Index(store, folder, few=1)
    index.refresh(told)
    index.settle()
    assert told, "posts are read again"
    assert answers(index) == fresh(store)
    later = Told()
    Index(store, folder, few=1).refresh(later)
    assert later == [], "what was made anew is stored"


def test_the_index_of_another_archive_is_not_believed(tmp_path: Path) -> None:
    for name, word in (("one", "ships"), ("other", "captains")):
        (tmp_path / name).mkdir()
        with Store.open(tmp_path / name / "archive.db") as store:
            put(store, {1: [f"{word} in Kiel"]})
            opened(store, tmp_path / name / "index")
    shutil.rmtree(tmp_path / "one" / "index")
    shutil.copytree(tmp_path / "other" / "index", tmp_path / "one" / "index")
    with Store.open(tmp_path / "one" / "archive.db") as store:
        assert answers(opened(store, tmp_path / "one" / "index")) == fresh(store)


def test_the_index_of_a_later_state_than_a_backups_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Store.open(path) as store:
        put(store, FROZEN)
    shutil.copy(path, tmp_path / "backup.db")
    with Store.open(path) as store:
        put(store, {8: ["captain Brandt"]})
        opened(store, tmp_path / "index")
    shutil.copy(tmp_path / "backup.db", path)
    with Store.open(path) as store:
        put(store, {9: ["oven in Kiel"]})  # the same revision, of another state
        assert answers(opened(store, tmp_path / "index")) == fresh(store)


def test_another_language_makes_the_index_anew(store: Store, folder: Path) -> None:
    put(store, FROZEN)
    index = opened(store, folder)
    store.collection("main", language="de")
    index.refresh()
    index.settle()
    assert answers(index) == fresh(store)
    assert answers(opened(store, folder)) == fresh(store)


def test_collections_come_and_stay_apart(store: Store, folder: Path) -> None:
    put(store, FROZEN)
    put(store, {1: ["ice in Kiel"]}, name="other")
    index = opened(store, folder)
    for scope in ((1,), (2,), (1, 2), (3,)):
        assert answers(index, *scope) == fresh(store, *scope)


def words(count: int) -> list[str]:
    return [" ".join(f"ice{count}x{place}" for place in range(count))] * 9


def test_b_follows_the_posts_of_its_own_collection_and_is_kept(store: Store, folder: Path) -> None:
    put(store, FROZEN)
    put(store, {1: words(120)}, name="long")
    index = opened(store, folder)

    def bs(index: Index) -> dict[int, float]:
        return {number: one.norm.b for number, one in index._view.indexed.items()}

    before = dict(index._view.indexed)
    assert bs(index) == {1: 0.4, 2: 0.75}
    put(store, {2: words(85)}, only=True, name="long")
    index.refresh()
    index.settle()
    assert 70 <= index._view.indexed[2].norm.mean_words < 90
    assert bs(index) == {1: 0.4, 2: 0.75}, "inside the band it stays as it was"
    assert bs(opened(store, folder)) == {1: 0.4, 2: 0.75}, "also after a restart"
    put(store, {3: words(40)}, only=True, name="long")
    index.refresh()
    assert bs(index) == {1: 0.4, 2: 0.4}
    assert index._view.indexed[1].parts[0].segment is before[1].parts[0].segment, "the other stays as it was"


def test_posts_of_others_do_not_change_b_in_a_mixed_scope(store: Store) -> None:
    put(store, FROZEN)
    put(store, {1: words(120)}, name="long")
    index = Index(store)
    index.refresh()
    (group,) = index.searcher(Scope(frozenset({1, 2})))._groups
    assert list(group._ranker._bs) == [0.4, 0.75]
    assert [fields.b for fields in group._fields] == [0.4, 0.75]


def test_without_a_writable_folder_it_works_in_memory_and_says_so_once(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "taken").write_text("a file in the place of the folder")
    put(store, FROZEN)
    with caplog.at_level(logging.WARNING):
        index = opened(store, tmp_path / "taken")
        put(store, {7: ["coal"]})
        index.refresh()
        index.settle()
    assert [record.message.split(":")[0] for record in caplog.records] == [
        "the index cannot be stored and is kept in memory only"
    ]
    assert answers(index) == fresh(store)


def test_every_question_is_answered_from_one_state_while_the_index_changes(
    store: Store, folder: Path
) -> None:
    put(store, FROZEN)
    index = opened(store, folder)
    states = [answers(index)]
    seen: list[object] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            seen.append(answers(index))

    asking = [threading.Thread(target=ask) for _ in range(2)]
    for one in asking:
        one.start()
    try:
        for number in range(10, 16):
            put(store, {number: [f"the icebreaker of Kiel froze {number}"]})
            index.refresh()
            states.append(fresh(store))
        index.settle()
    finally:
        done.set()
        for one in asking:
            one.join()
    assert seen
    assert all(one in states for one in seen)
    assert answers(index) == states[-1]


def test_a_search_begun_before_a_change_ends_as_it_began(store: Store) -> None:
    put(store, FROZEN)
    index = opened(store, None)
    searcher = index.searcher(Scope(frozenset({1})))
    before = searcher.search("ships", 1000)
    put(store, {1: ["ships ships ships"]}, only=True)
    index.refresh()
    assert searcher.search("ships", 1000) == before
    assert index.searcher(Scope(frozenset({1}))).search("ships", 1000) != before


def test_a_question_waits_for_a_change_only_so_long_and_finds_it_later(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db", now=lambda: NOW) as archive:
        archive.import_file(page("ships", "The ships froze in Kiel."))
        assert archive.ask("ships in Kiel", archive.catalog.scope()).answered
        with archive._sync._taking_up:  # as a refresh does that takes long
            archive.import_file(page("coal", "The coal came from Gdynia."))
            assert not archive.ask("coal from Gdynia", archive.catalog.scope()).answered
            assert archive.ask("ships in Kiel", archive.catalog.scope()).answered
        archive.refresh()
        assert archive.ask("coal from Gdynia", archive.catalog.scope()).answered


def test_what_is_forgotten_is_in_no_stored_index(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db", now=lambda: NOW) as archive:
        archive._index._few = 1
        archive.import_file(page("ships", "The secretword froze in Kiel."))
        archive.refresh()
        archive._index.settle()
        assert any(b"secretword" in path.read_bytes() for path in (tmp_path / "index").iterdir())
        archive.forget_author("@ada", rehearse=True)
        assert any((tmp_path / "index").iterdir())
        archive.forget_author("@ada")
        assert not any((tmp_path / "index").iterdir())


def page(name: str, text: str) -> SavedFile:
    return SavedFile(f"{name}.txt", f"{text}\n/1\nNo more of {name}.\n/END\n".encode(), author="@ada")
