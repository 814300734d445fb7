"""On an old SQLite one process writes at a time; which SQLite runs is decided in one place."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.errors import StoreError
from retrieval.storage.write_claim import WriteClaim

ROOT = Path(__file__).parents[3]
# Python's own SQLite, whatever else is installed; it writes, says so, and waits.
OTHER = """
import sys
sys.modules["pysqlite3"] = None
from pathlib import Path
from retrieval.sqlite import outdated
from retrieval.storage.store import Store
if outdated() is None:
    print("new", flush=True)
    sys.exit()
with Store.open(Path(sys.argv[1])) as store:
    try:
        store.collection(sys.argv[2])
        print("written", flush=True)
    except Exception as error:
        print(error, flush=True)
    sys.stdin.read()
"""


def start(path: Path, name: str) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(path), name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout
    return process, process.stdout.readline().strip()


def test_a_second_writing_process_is_refused_on_an_old_sqlite_until_the_first_has_ended(
    tmp_path: Path,
) -> None:
    path = tmp_path / "archive.db"
    first, printed = start(path, "one")
    try:
        if printed == "new":
            pytest.skip("the SQLite of this Python lets two processes write")
        assert printed == "written"
        second, printed = start(path, "two")
        second.communicate()
        assert re.search(r"another process of Bobbin writes to it, and SQLite [\d.]+ of Python", printed)
        assert "pysqlite3" in printed
    finally:
        first.communicate()
    third, printed = start(path, "three")
    third.communicate()
    assert printed == "written"


def test_a_claim_counts_for_the_process_and_ends_with_its_last_holder(tmp_path: Path) -> None:
    one, two = (WriteClaim(tmp_path / "archive.db", needed=True) for _ in range(2))
    one.take()
    two.take()
    one.release()
    one.release()
    assert not _another_takes(tmp_path / "archive.db")
    two.release()
    assert _another_takes(tmp_path / "archive.db")


def test_a_claim_that_is_refused_can_be_taken_later(tmp_path: Path) -> None:
    ours = WriteClaim(tmp_path / "archive.db", needed=True)
    code = _CLAIM.format(path=str(tmp_path / "archive.db")) + "print(1, flush=True); sys.stdin.read()"
    other = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert other.stdout
    other.stdout.readline()
    with pytest.raises(StoreError, match="stop the other one first"):
        ours.take()
    other.communicate()
    ours.take()
    ours.release()


_CLAIM = """
import sys
from pathlib import Path
from retrieval.storage.write_claim import WriteClaim
WriteClaim(Path({path!r}), needed=True).take()
"""


def _another_takes(path: Path) -> bool:
    done = subprocess.run(
        [sys.executable, "-c", _CLAIM.format(path=str(path))], cwd=ROOT, check=False, capture_output=True
    )
    return not done.returncode


def test_sqlite_is_imported_in_one_place() -> None:
    direct = r"^\s*(import (py)?sqlite3|from (py)?sqlite3|from sqlite_utils\.utils import sqlite3)"
    importing = {
        str(path.relative_to(ROOT))
        for folder in ("bot", "retrieval", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(direct, path.read_text(), re.MULTILINE)
    }
    # Completion reads the archive in a process of its own, which loads no other SQLite and nothing else.
    assert importing == {"retrieval/sqlite.py", "bot/cli/completion.py"}
