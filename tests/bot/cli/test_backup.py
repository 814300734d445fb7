"""A backup holds one moment of both databases, and restoring it brings back nothing that was forgotten."""

import json
import re
import shutil
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.database import ServerFile
from bot.servers.preference_store import PreferenceStore
from bot.settings import load
from bot.startup import data_in_use
from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from retrieval.sqlite import sqlite3
from retrieval.storage.backup import _verify, back_up, put_back, read_backup, rows_of
from retrieval.storage.migrations import migrations
from retrieval.storage.tombstones import TombstoneSet, write_tombstones
from tests.bot.cli.commands import run
from tests.bot.cli.conftest import BAKER, LAMP
from tests.promises.figures import note

HIS = '---\nauthor: "@keeper"\n---\n' + LAMP


def keep(text: str, name: str) -> None:
    Path(name).write_text(text)
    assert run("import", name).exit_code == 0


def openings() -> set[str]:
    listed = json.loads(run("threads", "--json").stdout)["threads"]
    return {thread["opening"].split()[1] for thread in listed}


def held(folder: str = "data") -> bytes:
    return b"".join(path.read_bytes() for path in Path(folder).rglob("*") if path.is_file())


def backups() -> list[Path]:
    return sorted(Path("backups").iterdir())


def test_a_restore_says_what_is_lost_and_brings_back_nothing_forgotten() -> None:
    keep(HIS, "his.txt")
    assert "1 thread" not in run("backup", "backups").stderr
    keep(BAKER, "baker.txt")
    run("forget", "@keeper", "-y")
    asked = run("restore", "backups", "-y")
    assert asked.exit_code == 0
    assert "1 file imported since the backup; import them again afterwards:\n  baker.txt" in asked.stderr
    assert openings() == {"import"}  # the handbook's
    assert b"harbour office" not in held()
    keep(BAKER, "baker.txt")
    assert "author who was forgotten" in run("import", "his.txt").output
    assert openings() == {"baker"}


def test_a_backup_is_restored_into_an_empty_folder_with_the_tombstones_of_the_other_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep(HIS, "his.txt")
    keep(BAKER, "baker.txt")
    run("backup", "backups")
    run("forget", "@keeper", "-y")
    monkeypatch.setenv("BOBBIN_DATA_DIR", "elsewhere")
    warned = run("restore", "backups", "-y")
    assert "comes back, unless --tombstones names the archive.tombstones" in warned.stderr
    assert openings() == {"lamp", "baker"}
    monkeypatch.setenv("BOBBIN_DATA_DIR", "third")
    quiet = run("restore", "backups", "-y", "--tombstones", "data/archive.tombstones")
    assert "comes back" not in quiet.stderr
    assert openings() == {"baker"}
    assert b"harbour office" not in held("third")


def test_a_backup_of_an_earlier_version_is_brought_up_to_date() -> None:
    keep(HIS, "his.txt")
    run("forget", "@keeper", "-y")
    keep(BAKER, "baker.txt")
    raw = sqlite3.connect("data/archive.db")
    raw.executescript("drop table other_tombstones; drop table subject_tombstones")
    raw.execute("delete from _sqlite_migrations where name like 'm005%'")
    raw.commit()
    raw.close()
    Path("data/archive.tombstones").unlink()
    back_up([Path("data/archive.db"), Path("data/servers.db")], Path("backups"), datetime.now(UTC))
    shutil.rmtree("data")
    assert run("restore", "backups", "-y").exit_code == 0
    assert openings() == {"baker"}
    assert "author who was forgotten" in run("import", "his.txt").output


def test_a_restore_is_refused_while_bobbin_runs_and_the_other_way_round() -> None:
    keep(LAMP, "lamp.txt")
    run("backup", "backups")
    with data_in_use(load()):
        refused = run("restore", "backups", "-y")
        assert refused.exit_code == 1
        assert "Bobbin is running on it; stop it" in refused.stderr
        assert run("backup", "backups").exit_code == 0
    with data_in_use(load(), exclusive=True):
        refused = run("serve", "--port", "0")
        assert "a backup is being restored" in refused.stderr
    assert openings() == {"lamp"}


def test_what_a_backup_or_restore_that_was_killed_left_goes_with_the_next() -> None:
    """Killed while the copy is whole and its name is not yet changed."""
    keep(LAMP, "lamp.txt")
    killed = (
        "import os, pathlib, signal\n"
        "pathlib.Path.rename = pathlib.Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from bot.cli.main import main\nmain()\n"
    )
    assert subprocess.run([sys.executable, "-c", killed, "backup", "backups"], check=False).returncode == -9
    (abandoned,) = backups()
    assert abandoned.name.startswith(".bobbin-")
    run("backup", "backups")
    (kept,) = backups()
    assert kept.name.startswith("bobbin-")
    restoring = [sys.executable, "-c", killed, "restore", "backups", "-y"]
    assert subprocess.run(restoring, check=False).returncode == -9
    assert list(Path("data").glob(".*.restored"))
    with data_in_use(load()):
        assert not list(Path("data").glob(".*.restored"))
    assert openings() == {"lamp"}


@pytest.mark.parametrize("damaged", ["archive.db", "archive.tombstones", "backup.json"])
def test_a_damaged_backup_is_refused_and_nothing_is_changed(damaged: str) -> None:
    keep(LAMP, "lamp.txt")
    run("backup", "backups")
    keep(BAKER, "baker.txt")
    before = held()
    (backup,) = backups()
    content = bytearray((backup / damaged).read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    (backup / damaged).write_bytes(content)
    refused = run("restore", "backups", "-y")
    assert refused.exit_code == 1
    assert damaged in refused.stderr
    assert held() == before


def test_a_backup_of_a_newer_version_is_refused_and_nothing_is_changed() -> None:
    keep(LAMP, "lamp.txt")
    shutil.copytree("data", "newer")
    raw = sqlite3.connect("newer/archive.db")
    raw.execute(
        "insert into _sqlite_migrations (migration_set, name, applied_at) values ('archive', 'm999', '')"
    )
    raw.commit()
    raw.close()
    back_up([Path("newer/archive.db")], Path("backups"), datetime.now(UTC))
    before = held()
    refused = run("restore", "backups", "-y")
    assert "made by a newer version of Bobbin (m999); update Bobbin" in refused.stderr
    assert held() == before


def test_so_many_backups_stay_as_are_to_be_kept() -> None:
    keep(LAMP, "lamp.txt")
    Path("backups/mine").mkdir(parents=True)
    for _ in range(4):
        assert run("backup", "backups", "--keep", "2").exit_code == 0
    names = [path.name for path in backups()]
    assert len(names) == 3
    assert "mine" in names
    assert all(re.fullmatch(r"mine|bobbin-\d{8}T\d{6}\.\d{6}Z", name) for name in names)
    assert all(path.stat().st_mode & 0o077 == 0 for path in Path("backups").glob("bobbin-*/*"))


def test_without_an_archive_there_is_nothing_to_back_up_or_to_restore() -> None:
    assert "there is no archive to back up" in run("backup", "backups").stderr
    Path("backups").mkdir(exist_ok=True)
    assert "there is no backup in it" in run("restore", "backups", "-y").stderr
    assert not Path("data/archive.db").exists()


def test_data_of_a_server_that_was_deleted_since_is_deleted_again() -> None:
    with Archive.open(Path("data/archive.db")) as archive, ServerFile.open(Path("data/servers.db")) as file:
        archive.import_file(SavedFile("lamp.txt", LAMP.encode()), server_id=77)
        archive.import_file(SavedFile("baker.txt", BAKER.encode()))
        PreferenceStore(file).leave(77, datetime(2026, 1, 1, tzinfo=UTC))
        PreferenceStore(file).leave(78, datetime(2026, 1, 1, tzinfo=UTC))
        run("backup", "backups")
        archive.forget_server(77)
    restored = run("restore", "backups", "-y")
    assert "Data of servers or accounts that had been deleted since was deleted again" in restored.stdout
    assert b"harbour office" not in held()
    with ServerFile.open(Path("data/servers.db")) as file:
        assert set(PreferenceStore(file).departed()) == {78}


def test_backups_made_while_both_databases_are_written_hold_one_moment_of_both(tmp_path: Path) -> None:
    stop = threading.Event()
    with Archive.open(tmp_path / "archive.db") as archive, ServerFile.open(tmp_path / "servers.db") as file:
        store = PreferenceStore(file)

        answers = 0

        def answer() -> None:
            nonlocal answers
            while not stop.is_set():
                archive.ask("lamp", archive.catalog.scope())
                answers += 1

        def write() -> None:
            number = 0
            while not stop.is_set():
                number += 1
                archive._store.collection(f"collection {number}")
                store.leave(number, datetime(2026, 1, 1, tzinfo=UTC))

        keep_busy = [threading.Thread(target=work) for work in (write, answer)]
        for thread in keep_busy:
            thread.start()
        try:
            made = [
                back_up([tmp_path / "archive.db", tmp_path / "servers.db"], tmp_path / "b", datetime.now(UTC))
                for _ in range(100)
            ]
        finally:
            stop.set()
            for thread in keep_busy:
                thread.join()
    counts = [(one.rows["archive.db"]["collections"], one.rows["servers.db"]["departures"]) for one in made]
    assert all(archived - noted in {0, 1} for archived, noted in counts)
    assert counts == sorted(counts)
    assert len(set(counts)) > 1
    for number, one in enumerate(made):
        _verify(read_backup(one.path))
        if number % 10 == 0:
            databases = [tmp_path / f"restored{number}" / name for name in one.rows]
            put_back(one, databases, migrations, [])
            assert {path.name: rows_of(path) for path in databases} == one.rows
    assert answers > 0
    note(
        f"{len(made)} backups during {counts[-1][1] - counts[0][1]} changes and {answers} answers: all whole"
    )


@pytest.mark.slow
@pytest.mark.parametrize("trace", ["servers", "damaged servers", "index", "done", "tombstones"])
@pytest.mark.parametrize("state", ["missing", "empty", "without tables"])
def test_an_archive_that_is_gone_is_refused_where_anything_shows_that_there_was_one(
    trace: str, state: str
) -> None:
    keep(LAMP, "lamp.txt")
    run("ask", "lamp")
    shutil.rmtree("data")
    archive = Path("data/archive.db")
    archive.parent.mkdir()
    if trace == "servers":
        with ServerFile.open(Path("data/servers.db")) as file:
            PreferenceStore(file).leave(77, datetime(2026, 1, 1, tzinfo=UTC))
    elif trace == "damaged servers":
        Path("data/servers.db").write_bytes(b"no database" * 1000)
    elif trace == "tombstones":
        write_tombstones(Path("data/archive.tombstones"), [TombstoneSet(bytes(32), frozenset({b"mark"}))])
    else:
        folder = Path("data/index" if trace == "index" else "data/inbox/done")
        folder.mkdir(parents=True)
        (folder / "1.segment").touch()
    if state != "missing":
        archive.touch()
    if state == "without tables":
        raw = sqlite3.connect(archive)
        raw.execute("pragma journal_mode = wal")
        raw.close()
    before = held()
    for command in (("ask", "lamp"), ("threads",), ("import", "lamp.txt"), ("run",)):
        refused = run(*command)
        assert refused.exit_code == 1
        assert "shows that there was an archive" in refused.stderr
        assert "bobbin init" in refused.stderr
    assert "shows that there was an archive" in run("check").stdout
    assert held() == before
    assert run("init", "--empty-archive").exit_code == 0
    assert openings() == {"import"}
    keep(LAMP, "lamp.txt")
    assert "1 thread" in run("init", "--empty-archive").stdout
    assert openings() == {"lamp"}


def test_a_database_of_another_program_is_refused_and_left_as_it_is() -> None:
    Path("data").mkdir()
    raw = sqlite3.connect("data/archive.db")
    raw.execute("create table recipes (name text)")
    raw.commit()
    raw.close()
    before = held()
    for command in (("threads",), ("import", "lamp.txt"), ("run",)):
        refused = run(*command)
        assert refused.exit_code == 1
        assert "data/archive.db: it is another program's database" in refused.stderr
    assert held() == before


def test_a_fresh_start_is_normal_and_so_is_an_archive_that_holds_no_thread() -> None:
    Path("data/inbox").mkdir(parents=True)
    Path("data/inbox/lamp.txt").write_text(LAMP)
    with ServerFile.open(Path("data/servers.db")):
        pass
    assert run("threads").exit_code == 0
    with ServerFile.open(Path("data/servers.db")) as file:
        PreferenceStore(file).leave(77, datetime(2026, 1, 1, tzinfo=UTC))
    assert run("threads").exit_code == 0
    assert run("import", "data/inbox/lamp.txt").exit_code == 0
    run("forget", "--source", "lamp.txt", "-y")
    assert run("threads").exit_code == 0


def test_a_restore_waits_for_an_import_and_is_refused_where_that_does_not_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep(LAMP, "lamp.txt")
    run("backup", "backups")
    keep(BAKER, "baker.txt")
    monkeypatch.setattr("retrieval.storage.backup._PATIENCE", 0.2)
    importing = sqlite3.connect("data/archive.db", isolation_level=None, check_same_thread=False)
    importing.execute("begin immediate")
    refused = run("restore", "backups", "-y")
    assert refused.exit_code == 1
    assert "another program keeps it locked" in refused.stderr
    monkeypatch.setattr("retrieval.storage.backup._PATIENCE", 20.0)
    ending = threading.Timer(0.3, importing.rollback)
    ending.start()
    assert run("restore", "backups", "-y").exit_code == 0
    ending.join()
    importing.close()
    assert openings() == {"lamp"}
