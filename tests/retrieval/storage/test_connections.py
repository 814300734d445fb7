"""What is read once for each version of a database, whoever changes it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from retrieval.storage.connections import Connections


def names(db: Database) -> list[str]:
    return [row["name"] for row in db.table("people").rows]


def add(connections: Connections, name: str) -> None:
    with connections.changing() as db:
        db.table("people").insert({"name": name})


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Connections]:
    with Connections.open(tmp_path / "a.db") as connections:
        add(connections, "Ada")
        yield connections


def test_what_is_kept_is_read_once_for_each_version(opened: Connections) -> None:
    reads = []

    def read(db: Database) -> list[str]:
        reads.append(1)
        return names(db)

    assert [opened.kept("names", read) for _ in range(3)] == [["Ada"]] * 3
    assert len(reads) == 1
    add(opened, "Ben")
    assert opened.kept("names", read) == ["Ada", "Ben"]
    assert len(reads) == 2


def test_what_another_connection_changes_is_read_at_once(opened: Connections) -> None:
    before = opened.version()
    assert opened.kept("names", names) == ["Ada"]
    with Connections.open(opened.path) as other:
        add(other, "Ben")
        assert opened.version() != before
        assert opened.kept("names", names) == ["Ada", "Ben"]


def test_what_another_file_in_its_place_holds_is_read_at_once(opened: Connections, tmp_path: Path) -> None:
    assert opened.kept("names", names) == ["Ada"]
    with Connections.open(tmp_path / "b.db") as other:
        add(other, "Zoe")
    shutil.copy(tmp_path / "b.db", tmp_path / "c.db")
    (tmp_path / "c.db").replace(opened.path)
    assert opened.kept("names", names) == ["Zoe"]


def test_a_change_of_this_process_empties_what_is_kept_at_once(opened: Connections) -> None:
    opened.kept("names", names)
    assert opened._kept
    add(opened, "Ben")
    assert not opened._kept


def test_what_is_kept_is_bounded(opened: Connections) -> None:
    for number in range(1_000):
        opened.kept(number, names)
        assert len(opened._kept) <= 256
