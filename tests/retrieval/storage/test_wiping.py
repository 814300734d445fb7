"""What was deleted is wiped from a file and its log, if not at once then later; no log mixes with a file."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from retrieval.errors import StoreError
from retrieval.sqlite import sqlite3
from retrieval.storage.connections import Connections
from retrieval.storage.database import connect_to_read

SECRET = b"the lighthouse keeper's number"


def opened(path: Path) -> Connections:
    return Connections.open(path, patience=0.1)


def write(file: Connections, words: str) -> None:
    with file.changing() as db:
        db.execute("create table if not exists notes (words text)")
        db.execute("insert into notes values (?)", [words])


def bytes_of(path: Path) -> bytes:
    return b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))


@contextmanager
def read(path: Path) -> Iterator[None]:
    """Let another connection read an older state."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("begin")
        other.execute("select * from notes").fetchall()
        yield


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Connections]:
    """A file with what was deleted while another connection read it."""
    with opened(tmp_path / "notes.db") as file:
        write(file, SECRET.decode())
        write(file, "a lamp on the quay")
        with read(file.path):
            with file.changing() as db:
                db.execute("delete from notes where words = ?", [SECRET.decode()])
            assert not file.wipe()
            write(file, "a rope")
            assert not file.finish_wiping()
            assert SECRET in bytes_of(file.path)
        yield file


def change(file: Connections) -> None:
    write(file, "a bell")


def close(file: Connections) -> None:
    file.close()


def open_again(file: Connections) -> None:
    """Open what a process leaves that is killed: the file and its log as they are."""
    for one in sorted(file.path.parent.glob("notes.db*")):
        shutil.copyfile(one, one.with_name(one.name.replace("notes", "killed")))
    file.close()
    for one in sorted(file.path.parent.glob("killed.db*")):
        one.replace(one.with_name(one.name.replace("killed", "notes")))
    assert SECRET in bytes_of(file.path)
    with opened(file.path) as again:
        write(again, "a bell")


@pytest.mark.parametrize("later", [change, Connections.finish_wiping, close, open_again])
def test_what_could_not_be_wiped_at_once_is_wiped_later(
    file: Connections, later: Callable[[Connections], object]
) -> None:
    later(file)
    assert SECRET not in bytes_of(file.path)
    assert b"a lamp on the quay" in bytes_of(file.path)


def test_what_another_process_could_not_wipe_is_wiped_once_its_log_is_idle(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    with opened(path) as ours:
        write(ours, "a rope")
        with opened(path) as theirs:
            write(theirs, SECRET.decode())
            with read(path):
                with theirs.changing() as db:
                    db.execute("delete from notes where words = ?", [SECRET.decode()])
                assert not theirs.wipe()
                theirs.close()
        assert SECRET in bytes_of(path)
        for _ in range(2):
            ours.finish_wiping()
        assert SECRET not in bytes_of(path)


def test_a_wipe_that_the_disk_refuses_is_still_owed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path / "notes.db") as file:
        write(file, SECRET.decode())
        with file.changing() as db:
            db.execute("delete from notes")

        def full(_db: object) -> None:
            raise sqlite3.OperationalError("database or disk is full")

        with monkeypatch.context() as patch:
            patch.setattr("retrieval.storage.connections.compact", full)
            with pytest.raises(StoreError):
                file.wipe()
        write(file, "a bell")
        assert SECRET not in bytes_of(file.path)


def test_a_guest_leaves_the_log_of_the_file_before_out_of_the_one_that_was_moved_to_its_place(
    tmp_path: Path,
) -> None:
    path, other = tmp_path / "notes.db", tmp_path / "other.db"
    with opened(other) as file:
        write(file, "of the other")
    with opened(path) as file:
        write(file, "of the first")
        other.replace(path)
        before = path.read_bytes()
        guest, _ = connect_to_read(path, patience=0.1, guest=True)  # before the open file has noticed
        guest.close()
        assert path.read_bytes() == before
        with file.reading() as db:
            assert [words for (words,) in db.execute("select words from notes")] == ["of the other"]
