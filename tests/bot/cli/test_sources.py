import json
import os
import pty
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.sources import select_sources
from retrieval.errors import SourceNotFoundError
from retrieval.formats.import_types import SourceFile
from tests.bot.cli.commands import process, run
from tests.bot.cli.schemas import FORGOTTEN, SOURCE, checked, closed, many

AT = datetime(2024, 6, 1, 12, tzinfo=UTC)
HERS = """\
---
author: "@ada"
---
The bells of the old harbour church rang only when the fog came in, and never for a wedding.
/1
Nobody has rung them since the winter of the long ice.
/END
"""


def listed() -> list[dict[str, object]]:
    found = checked(run("sources", "--json"), closed(sources=many(SOURCE)))["sources"]
    assert isinstance(found, list)
    return found


def titles() -> list[str]:
    return sorted(thread["opening"][:8] for thread in json.loads(run("threads", "--json").stdout)["threads"])


def held(place: Path) -> bytes:
    return b"".join(part.read_bytes() for part in (place / "data").glob("archive.db*"))


def source(number: int, name: str, sha256: str) -> SourceFile:
    return SourceFile(number, name, sha256.ljust(64, "0"), "text", AT, "main")


@pytest.mark.usefixtures("filled")
def test_sources_are_listed_the_newest_first_with_all_that_is_known_of_them() -> None:
    newest, first = listed()
    assert [Path(str(file["name"])).name for file in (newest, first)] == ["baker.txt", "lamp.txt"]
    assert (first["threads"], first["posts"], first["collection"], first["server_id"]) == (1, 4, "main", None)
    assert re.fullmatch(r"[0-9a-f]{64}", str(first["sha256"]))
    shown = run("sources")
    assert shown.stdout.splitlines()[0].startswith(f"{newest['id']}  ")
    assert "1 thread, 4 posts in main; " in shown.stdout
    assert str(first["sha256"])[:12] in shown.stdout
    assert run("sources", "-n", "1").stderr == "1 of 2 files; -n 2 lists them all.\n"


@pytest.mark.usefixtures("filled")
def test_a_thread_knows_the_files_it_came_from() -> None:
    (thread,) = [one for one in json.loads(run("threads", "--json").stdout)["threads"] if one["posts"] == 4]
    found = checked(run("sources", "--json", "--thread", thread["id"]), closed(sources=many(SOURCE)))[
        "sources"
    ]
    assert [Path(file["name"]).name for file in found] == ["lamp.txt"]
    result = run("sources", "--thread", "nothing")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no thread 'nothing'" in result.stderr


@pytest.mark.usefixtures("place")
def test_an_archive_without_files_says_so() -> None:
    assert run("sources").stderr == "Nothing has been imported yet.\n"
    assert listed() == []


@pytest.mark.parametrize("by", ["name", "last part", "id", "hash"])
def test_a_file_is_taken_back_by_name_number_or_hash(filled: Path, place: Path, by: str) -> None:
    (lamp,) = [file for file in listed() if str(file["name"]).endswith("lamp.txt")]
    wanted = {
        "name": str(lamp["name"]),
        "last part": "lamp.txt",
        "id": str(lamp["id"]),
        "hash": str(lamp["sha256"])[:10],
    }[by]
    result = run("forget", "--source", wanted, "--yes", "--json")
    done = checked(result, FORGOTTEN)
    assert (done["threads"], done["posts"], done["changed"], done["wiped"]) == (1, 4, 0, True)
    assert [file["name"] for file in done["files"]] == [lamp["name"]]
    assert titles() == ["Our bake"]
    assert b"slept through both" not in held(place)
    assert run("import", str(filled / "lamp.txt")).exit_code == 0
    assert len(titles()) == 2


def test_a_name_is_looked_up_as_a_number_first_then_whole_then_by_its_end_then_as_a_hash() -> None:
    files = [
        source(1, "pages/2", "aa"),
        source(2, "lamp.txt", "bbbbbbbb"),
        source(3, "old/lamp.txt", "cc"),
        source(4, "new/lamp.txt", "dd"),
        source(5, "bbbbbbbb", "ee"),
    ]
    assert [file.id for file in select_sources(files, "2")] == [2]
    assert [file.id for file in select_sources(files, "lamp.txt")] == [2]
    assert [file.id for file in select_sources(files[2:], "lamp.txt")] == [3, 4]
    assert [file.id for file in select_sources(files, "bbbbbbbb")] == [5]
    assert [file.id for file in select_sources(files[:4], "BBBBBBBB00")] == [2]
    for nothing in ("bbbb", "9", "", "lamp", "\x1b[2J"):
        with pytest.raises(SourceNotFoundError, match="`bobbin sources` lists") as caught:
            select_sources(files, nothing)
        assert "\x1b" not in str(caught.value)


def test_an_author_goes_for_good_and_does_not_come_back(filled: Path, place: Path) -> None:
    (filled / "bells.txt").write_text(HERS)
    assert run("import", str(filled / "bells.txt")).exit_code == 0
    result = run("forget", "@Ada", "--yes")
    assert result.exit_code == 0
    assert result.stdout.startswith("Taken out: 1 thread, 2 posts in all.\n")
    assert f"  {filled / 'bells.txt'}" in result.stdout
    assert (filled / "bells.txt").exists()
    assert b"@ada" not in held(place)
    assert b"winter of the long ice" not in held(place)
    again = run("import", str(filled / "bells.txt"))
    assert again.exit_code == 0
    assert "left out: 1 × thread of an author who was forgotten" in again.stdout
    assert len(titles()) == 2
    assert b"@ada" not in held(place)


@pytest.mark.parametrize(
    ("typed", "status", "left"), [("y\n", 0, 1), ("n\n", 1, 2)], ids=["agreed to", "refused"]
)
@pytest.mark.usefixtures("filled")
def test_on_a_terminal_it_says_what_would_go_and_asks(typed: str, status: int, left: int) -> None:
    ours, theirs = pty.openpty()
    with process("forget", "--source", "lamp.txt", stdin=theirs) as forgetting:
        os.close(theirs)
        os.write(ours, typed.encode())
        _, asked = forgetting.communicate(timeout=60)
    os.close(ours)
    assert forgetting.returncode == status
    assert "This takes out 1 thread, 4 posts in all." in asked
    assert "Go on?" in asked
    assert len(titles()) == left


@pytest.mark.parametrize(
    "words",
    [
        ["forget"],
        ["forget", "@ada", "--source", "lamp.txt", "--yes"],
        ["forget", "@ada"],
        ["forget", "@", "--yes"],
        ["forget", "--source", "lamp.txt"],
        ["sources", "-n", "0"],
    ],
)
@pytest.mark.usefixtures("filled")
def test_what_is_not_clear_or_not_confirmed_changes_nothing(words: list[str]) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(titles()) == 2


@pytest.mark.usefixtures("filled")
def test_a_file_that_was_never_imported_is_reported() -> None:
    result = run("forget", "--source", "lamp.txt", "--source", "gone.txt", "--yes")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no file 'gone.txt' was imported; `bobbin sources` lists those that were" in result.stderr
    assert len(titles()) == 2
