from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from bot.database import ServerFile
from bot.servers.preference_store import PreferenceStore
from retrieval.errors import StoreError

migrations = Migrations("looms")


@migrations()
def m001_looms(db: Database) -> None:
    db.table("looms").create({"name": str, "shafts": int}, pk="name", strict=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "servers.db"


@pytest.fixture
def file(path: Path) -> Iterator[ServerFile]:
    with ServerFile.open(path) as opened:
        opened.bring_up(migrations)
        yield opened


def looms(file: ServerFile) -> dict[str, int]:
    with file.reading() as db:
        return {row["name"]: row["shafts"] for row in db.table("looms").rows}


def test_a_change_is_kept_and_found_when_the_file_is_opened_next(file: ServerFile, path: Path) -> None:
    with file.changing() as db:
        db.table("looms").insert({"name": "Ada", "shafts": 8})
    with ServerFile.open(path) as other:
        other.bring_up(migrations)
        assert looms(other) == {"Ada": 8}


def test_of_a_change_that_fails_nothing_is_kept(file: ServerFile) -> None:
    def fail() -> None:
        with file.changing() as db:
            db.table("looms").insert({"name": "Ada", "shafts": 8})
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert looms(file) == {}
    with file.changing() as db:
        db.table("looms").insert({"name": "Bo", "shafts": 4})
    assert looms(file) == {"Bo": 4}


def test_bringing_up_again_changes_nothing(file: ServerFile) -> None:
    with file.changing() as db:
        db.table("looms").insert({"name": "Ada", "shafts": 8})
    file.bring_up(migrations)
    assert looms(file) == {"Ada": 8}


def test_tables_of_a_newer_version_are_refused_with_the_remedy(file: ServerFile) -> None:
    with pytest.raises(StoreError, match=r"servers\.db: made by a newer version .*m001_looms.*update"):
        file.bring_up(Migrations("looms"))


def test_a_file_that_another_program_keeps_locked_is_reported(file: ServerFile, path: Path) -> None:
    with (
        ServerFile.open(path, patience=0.05) as other,
        file.changing(),
        pytest.raises(StoreError, match="another program keeps it locked"),
        other.changing(),
    ):
        pass


def test_a_closed_file_is_reported_and_closes_again(file: ServerFile) -> None:
    file.close()
    file.close()
    with pytest.raises(StoreError, match="closed"):
        looms(file)


def test_a_file_that_takes_its_place_is_read_and_written_at_once(file: ServerFile, path: Path) -> None:
    with file.changing() as db:
        db.table("looms").insert({"name": "Ada", "shafts": 8})
    aside = path.with_name("backup.db")
    with ServerFile.open(aside) as other:
        other.bring_up(migrations)
        with other.changing() as db:
            db.table("looms").insert({"name": "Bo", "shafts": 4})
    aside.replace(path)
    assert looms(file) == {"Bo": 4}
    with file.changing() as db:
        db.table("looms").insert({"name": "Cy", "shafts": 2})
    assert looms(file) == {"Bo": 4, "Cy": 2}
    path.unlink()
    with pytest.raises(StoreError, match="no longer there; put it back"):
        looms(file)


def test_preferences_held_in_memory_are_those_of_a_file_that_takes_its_place(path: Path) -> None:
    aside = path.with_name("backup.db")
    with ServerFile.open(path) as file, ServerFile.open(aside) as other:
        stores = PreferenceStore(file), PreferenceStore(other)
        stores[0].change(7, lambda before: replace(before, quotes=1))
        stores[1].change(7, lambda before: replace(before, quotes=2))
        other.close()
        aside.replace(path)
        assert stores[0].of(7).quotes == 1
        with file.reading():
            pass
        assert stores[0].of(7).quotes == 2
        stores[0].change(8, lambda before: replace(before, quotes=3))
    with ServerFile.open(path) as file:
        assert [PreferenceStore(file).of(server).quotes for server in (7, 8)] == [2, 3]
