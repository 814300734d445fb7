"""One state of the archive, whichever process changes the file, and reading that writes nothing."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from retrieval.archive import Archive
from retrieval.errors import ArchiveError, StoreError
from retrieval.formats.import_types import SavedFile
from retrieval.model import Scope, Verdict
from retrieval.sqlite import sqlite3
from retrieval.storage.store import Store
from tests.unprivileged import bound_by_permissions, needs_permissions

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
#: What another process changed is seen within some two seconds; a busy machine may take longer.
WITHIN = 60.0


def quoted(archive: Archive, word: str) -> bool:
    answer = archive.ask(f"What does the {word} do?", archive.catalog.scope())
    return any(word in excerpt.post.text for excerpt in answer.excerpts)


#: Every way to look into an archive that shows whether a thread of a word is there.
LOOKS: dict[str, Callable[[Archive, str], bool]] = {
    "ask": quoted,
    "months": lambda archive, word: sum(archive.answers.months(word, archive.catalog.scope()).values()) > 0,
    "list": lambda archive, word: any(
        word in one.opening for one in archive.catalog.threads(archive.catalog.scope(), limit=999)
    ),
    "completion": lambda archive, word: bool(archive.autocomplete.threads(word, archive.catalog.scope())),
    "authors": lambda archive, word: any(
        word in one.name for one in archive.catalog.authors(archive.catalog.scope())
    ),
    "names": lambda archive, word: bool(archive.autocomplete.authors(word, archive.catalog.scope())),
    "latest": lambda archive, word: any(
        word in one.opening for one, _ in archive.timeline.latest(archive.catalog.scope())
    ),
}


def page(word: str, number: int = 0) -> SavedFile:
    text = f"The {word} of pier {number} sang over the harbour.\n/1\nNobody but {word}s sing there.\n/END\n"
    return SavedFile(f"{word}{number}.txt", text.encode(), author=f"@{word}")


def elsewhere(path: Path, work: str) -> None:
    """Do something with the archive in a process of its own, in which the archive is ``archive``."""
    program = (
        "import sys; from pathlib import Path; from retrieval.archive import Archive\n"
        "from tests.retrieval.search.test_index_sync import page\n"
        f"with Archive.open(Path(sys.argv[1])) as archive:\n    {work}\n"
    )
    subprocess.run([sys.executable, "-c", program, path], cwd=ROOT, check=True, timeout=60)


def imported(path: Path, word: str, count: int = 1) -> None:
    elsewhere(path, f"[archive.import_file(page({word!r}, number)) for number in range({count})]")


def filled(path: Path, word: str, count: int = 1) -> None:
    with Archive.open(path) as archive:
        for number in range(count):
            archive.import_file(page(word, number))


def seen(archive: Archive, look: str, word: str) -> bool:
    """Look, once or again while the file is being replaced."""
    try:
        return LOOKS[look](archive, word)
    except StoreError:
        return False


def until(condition: Callable[[], bool], why: str) -> float:
    """Wait until something holds, at most as long as an archive may be behind; return how long it took."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < WITHIN, why
        time.sleep(0.02)
    return time.monotonic() - started


def everywhere(archive: Archive, present: str, absent: str) -> None:
    for look in LOOKS:
        until(
            lambda look=look: seen(archive, look, present) and not seen(archive, look, absent),  # type: ignore[misc]
            f"{look} shows another state",
        )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    """An archive that has been asked, as one of a process that runs for long."""
    with Archive.open(path) as opened:
        opened.import_file(page("nightingale"))
        assert quoted(opened, "nightingale")
        yield opened


# What other processes change


@pytest.mark.slow
@pytest.mark.parametrize("look", LOOKS)
def test_what_another_process_imports_takes_back_and_forgets_is_seen_in_every_way(
    archive: Archive, path: Path, look: str
) -> None:
    assert not LOOKS[look](archive, "cormorant")
    imported(path, "cormorant")
    until(lambda: LOOKS[look](archive, "cormorant"), "the import is not seen")
    elsewhere(path, "archive.take_back([archive.catalog.sources()[0].id])")
    until(lambda: not LOOKS[look](archive, "cormorant"), "what was taken back is seen")
    elsewhere(path, "archive.forget_author('@nightingale')")
    until(lambda: not LOOKS[look](archive, "nightingale"), "who was forgotten is seen")


def test_a_question_waits_for_nothing_only_where_the_index_is_of_the_file_as_it_is(
    archive: Archive, path: Path
) -> None:
    def imported_here() -> None:
        archive.import_file(page("quagga"))

    changes: list[Callable[[], object]] = [
        imported_here,
        lambda: imported(path, "okapi"),
        lambda: archive.forget_server(1),
    ]
    for change in changes:
        archive.refresh()
        assert archive.searches_at_once
        change()
        assert not archive.searches_at_once


def test_what_is_forgotten_elsewhere_is_not_quoted_while_the_index_is_behind(
    archive: Archive, path: Path
) -> None:
    with archive._sync._taking_up:  # as a refresh does that takes long
        elsewhere(path, "archive.forget_author('@nightingale')")
        assert not quoted(archive, "nightingale")
        assert archive.ask("nightingale", archive.catalog.scope()).verdict is Verdict.NOTHING


def test_an_archive_that_is_watched_knows_before_it_is_asked(archive: Archive, path: Path) -> None:
    archive.watch(0.05)
    before = archive.state()
    imported(path, "cormorant")
    until(lambda: archive._index.states == archive._store.states(), "the index stays behind")
    assert archive.state() != before


# Files that are replaced


def backup(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw, closing(sqlite3.connect(f"{path}.backup")) as copy:
        raw.backup(copy)


def vacuumed(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("vacuum into ?", [f"{path}.backup"])


def move(path: Path) -> None:
    Path(f"{path}.backup").replace(path)


def move_without_log(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
    move(path)


def lead_elsewhere(path: Path) -> None:
    """Let a link in the place of the file lead to the backup."""
    path.unlink()
    path.symlink_to(f"{path}.backup")


def write_over(path: Path) -> None:
    shutil.copyfile(f"{path}.backup", path)


@pytest.mark.slow
@pytest.mark.parametrize("take", [backup, vacuumed])
@pytest.mark.parametrize("restore", [move, move_without_log, lead_elsewhere, write_over])
@pytest.mark.parametrize("counts", [(2, 100), (100, 2)], ids=str)
def test_a_restored_file_is_seen_in_every_way_and_goes_on_whole(
    path: Path, take: Callable[[Path], None], restore: Callable[[Path], None], counts: tuple[int, int]
) -> None:
    filled(path, "nightingale", counts[0])
    take(path)
    with Archive.open(path) as archive, Archive.open(path) as other:
        imported(path, "cormorant", counts[1])
        assert quoted(archive, "cormorant")
        assert quoted(other, "cormorant")
        archive.import_file(page("pelican"))  # its connection that writes is open, too
        assert quoted(archive, "pelican")
        restore(path)
        everywhere(archive, "nightingale", "cormorant")
        everywhere(other, "nightingale", "pelican")
        archive.import_file(page("heron"))
        imported(path, "curlew")
        for one in (archive, other):
            everywhere(one, "heron", "cormorant")
            everywhere(one, "curlew", "pelican")
            assert one.catalog.statistics(one.catalog.scope()).threads == counts[0] + 2
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("pragma integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("restore", [move, move_without_log, lead_elsewhere])
def test_the_log_of_a_file_that_was_moved_away_is_never_read_into_the_new_one(
    path: Path, restore: Callable[[Path], None]
) -> None:
    filled(path, "nightingale", 50)
    backup(path)
    with Archive.open(path) as archive:
        # An importer that was killed: what it wrote stands in the log alone.
        elsewhere(path, "archive.import_file(page('cormorant')); import os; os._exit(0)")
        assert Path(f"{path}-wal").stat().st_size > 0
        assert quoted(archive, "cormorant")
        restore(path)
        everywhere(archive, "nightingale", "cormorant")
        imported(path, "curlew")
        everywhere(archive, "curlew", "cormorant")
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("pragma integrity_check").fetchall() == [("ok",)]


def test_a_question_waits_for_the_index_of_a_restored_file_rather_than_quote_other_posts(
    path: Path, archive: Archive
) -> None:
    backup(path)
    for number in range(5):
        archive.import_file(page("cormorant", number))
    assert quoted(archive, "cormorant")
    move(path)
    imported(path, "curlew", 5)  # posts with the numbers that the cormorants had
    answer = archive.ask("What does the cormorant do?", archive.catalog.scope())
    assert not any("curlew" in excerpt.post.text for excerpt in answer.excerpts)
    assert quoted(archive, "curlew")


def test_a_restored_archive_without_the_handbook_gets_it(tmp_path: Path) -> None:
    handbook = tmp_path / "handbook"
    handbook.mkdir()
    (handbook / "looms.txt").write_text("Looms are warped first.\n/1\nThen they are threaded.\n/END\n")
    path = tmp_path / "archive.db"
    filled(path, "nightingale")
    backup(path)
    with Archive.open(path, handbook=handbook) as archive:
        assert archive.ask("How are looms warped?", archive.catalog.handbook_scope()).answered
        archive.import_file(page("cormorant"))
        assert quoted(archive, "cormorant")
        move(path)
        everywhere(archive, "nightingale", "cormorant")
        archive.refresh()
        assert archive.ask("How are looms warped?", archive.catalog.handbook_scope()).answered


@pytest.mark.parametrize("content", [b"", b"half of a backup", None], ids=["empty", "cut off", "gone"])
def test_a_file_that_is_no_archive_any_more_is_reported_and_left_alone_until_one_is_there(
    path: Path, archive: Archive, content: bytes | None
) -> None:
    backup(path)
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    for use in (
        lambda: archive.ask("What sang?", Scope(frozenset({1}))),
        lambda: archive.import_file(page("cormorant")),
    ):
        with pytest.raises(ArchiveError, match=r"archive\.db: .*(backup|put it back)"):
            use()
    assert (path.read_bytes() if path.exists() else None) == content
    move(path)
    everywhere(archive, "nightingale", "cormorant")


# Reading writes nothing


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path)) as other:
        other.execute("begin exclusive")
        yield


@pytest.fixture
def handbook(tmp_path: Path) -> Path:
    folder = tmp_path / "handbook"
    folder.mkdir()
    (folder / "looms.txt").write_text("Looms are warped first.\n/1\nThen they are threaded.\n/END\n")
    return folder


def test_an_archive_opens_and_answers_at_once_while_another_program_keeps_it_locked(
    path: Path, handbook: Path
) -> None:
    with Archive.open(path, handbook=handbook) as archive:
        archive.import_file(page("nightingale"))
    with locked(path):
        started = time.monotonic()
        with Archive.open(path, handbook=handbook) as other:
            for name, look in LOOKS.items():
                assert look(other, "nightingale"), name
            assert other.ask("How are looms warped?", other.catalog.handbook_scope()).answered
        assert time.monotonic() - started < WITHIN


def test_opening_again_leaves_every_byte_as_it_is(path: Path, handbook: Path) -> None:
    with Archive.open(path, handbook=handbook) as archive:
        archive.import_file(page("nightingale"))
    before = path.read_bytes(), path.stat().st_mtime_ns
    with Archive.open(path, handbook=handbook) as archive:
        assert quoted(archive, "nightingale")
        archive.refresh()
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_a_changed_handbook_waits_for_the_next_start_where_the_archive_is_locked(
    path: Path, handbook: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Archive.open(path, handbook=handbook) as archive:
        archive.import_file(page("nightingale"))
    (handbook / "looms.txt").write_text("Looms are oiled.\n/1\nThen they are threaded.\n/END\n")
    with locked(path), Archive.open(path, handbook=handbook) as archive:
        assert quoted(archive, "nightingale")
        assert archive.ask("How are looms warped?", archive.catalog.handbook_scope()).answered
    assert "the next start tries again" in caplog.text
    assert "another program keeps it locked" in caplog.text
    with Archive.open(path, handbook=handbook) as archive:
        assert archive.ask("Are looms oiled?", archive.catalog.handbook_scope()).answered


def test_tables_that_have_to_be_changed_wait_for_a_lock_and_then_tell_what_holds_them_up(path: Path) -> None:
    with Store.open(path) as store:
        store.collection("main")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("pragma foreign_keys = off")
        raw.execute("delete from _sqlite_migrations where name = 'm003_states'")
        raw.commit()
    with locked(path):
        started = time.monotonic()
        told = "has to change its tables first, and another program keeps it locked; wait"
        with pytest.raises(StoreError, match=told):
            Store.open(path, waiting=0.3)
        assert 0.2 < time.monotonic() - started < WITHIN


@needs_permissions
@pytest.mark.parametrize("log", ["no log", "a log", "a log without its index"])
@pytest.mark.parametrize("mode", [0o555, 0o755], ids=["folder", "file"])
def test_an_archive_that_only_may_be_read_is_asked_and_refuses_changes_plainly(
    tmp_path: Path, log: str, mode: int
) -> None:
    folder = tmp_path / "data"
    path = folder / "archive.db"
    folder.mkdir()
    filled(path, "nightingale")
    if log != "no log":
        elsewhere(path, "archive.import_file(page('cormorant')); import os; os._exit(0)")
        assert Path(f"{path}-wal").stat().st_size > 0
    else:
        imported(path, "cormorant")
    if log == "a log without its index":
        Path(f"{path}-shm").unlink()
    for file in folder.iterdir():
        file.chmod(0o444)
    folder.chmod(mode)
    program = (
        "import sys; from pathlib import Path; from retrieval.archive import Archive\n"
        "from retrieval.errors import StoreError\n"
        "from tests.retrieval.search.test_index_sync import LOOKS, page\n"
        "with Archive.open(Path(sys.argv[1])) as archive:\n"
        "    words = ('nightingale', 'cormorant')\n"
        "    assert all(look(archive, word) for look in LOOKS.values() for word in words)\n"
        "    try:\n        archive.import_file(page('heron'))\n"
        "    except StoreError as error:\n        print(error)\n"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", program, path],
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
            preexec_fn=bound_by_permissions,
        )
    finally:
        folder.chmod(0o755)
    assert done.returncode == 0, done.stderr
    assert "writ" in done.stdout
