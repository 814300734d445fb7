import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.export import _clear_leftovers, write
from tests.bot.cli.commands import process, run


@pytest.mark.usefixtures("filled")
def test_an_export_goes_to_standard_output_and_is_what_import_takes_in(place: Path) -> None:
    shown = run("export")
    assert shown.exit_code == 0
    lines = [json.loads(line) for line in shown.stdout.splitlines()]
    assert {line["author"] if "author" in line else line["url"] for line in lines} == {
        "Ada Example",
        "https://example.org/oven",
    }
    (place / "again.jsonl").write_text(shown.stdout)
    again = run("import", "again.jsonl", "--collection", "again")
    assert "threads: 2 new, 0 updated, 0 unchanged" in again.stdout
    assert run("export", "--collection", "again").stdout == shown.stdout


@pytest.mark.usefixtures("filled")
def test_an_export_of_one_author_goes_to_a_file_that_is_there_when_it_is_whole(place: Path) -> None:
    target = place / "ada.jsonl"
    target.write_text("what was there before")
    told = run("export", "--author", "Ada Example", "-o", "ada.jsonl")
    assert (told.exit_code, told.stdout, told.stderr) == (0, "", "1 thread written to ada.jsonl.\n")
    assert json.loads(target.read_text())["posts"][0]["text"].startswith("The lamp on the quay")
    assert [path.name for path in place.iterdir() if ".part" in path.name] == []


@pytest.mark.usefixtures("filled")
def test_what_cannot_be_exported_is_one_sentence(place: Path) -> None:
    missing = run("export", "--collection", "nowhere")
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert "no collection 'nowhere'" in missing.stderr
    assert run("export", "-o", "no/such/folder/x.jsonl").exit_code == 1
    assert run("export", "-o", str(place)).exit_code == 2


def test_a_file_that_could_not_be_finished_leaves_the_one_before(tmp_path: Path) -> None:
    def broken() -> Iterator[str]:
        yield "one"
        raise OSError("the disk is full")

    target = tmp_path / "threads.jsonl"
    assert write(target, ["before"]) == 1
    with pytest.raises(OSError, match="full"):
        write(target, broken())
    assert target.read_text() == "before\n"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [target.name]
    assert write(target, []) == 0


@pytest.mark.usefixtures("filled")
def test_an_export_is_utf_8_whatever_the_terminal_speaks(place: Path) -> None:
    (place / "ü.txt").write_text("A thread about ünïcödé and 🧵.\n/1\n")
    assert run("import", "ü.txt").exit_code == 0
    with process("export", env={"PYTHONIOENCODING": "latin-1"}) as exporting:
        output, errors = exporting.communicate(timeout=60)
    assert (exporting.returncode, errors) == (0, "")
    assert "🧵" in output


def test_what_a_killed_export_left_is_cleared_away_by_the_next_and_a_running_one_is_left_alone(
    tmp_path: Path,
) -> None:
    target = tmp_path / "threads [1].jsonl"
    killed = (
        "import os, pathlib, sys\nfrom bot.cli.export import write\n"
        "def lines():\n    yield from ['x' * 9] * int(sys.argv[2])\n    os.kill(os.getpid(), 9)\n"
        "write(pathlib.Path(sys.argv[1]), lines())\n"
    )
    for lines in (0, 10_000):
        gone = subprocess.run(
            [sys.executable, "-c", killed, str(target), str(lines)], timeout=60, check=False
        )
        assert gone.returncode == -9
    assert len([path for path in tmp_path.iterdir() if path.suffix == ".part"]) >= 1

    def during() -> Iterator[str]:
        yield "outer"
        (mine,) = (path for path in tmp_path.iterdir() if path.suffix == ".part")
        _clear_leftovers(target)
        assert mine.exists()

    assert write(target, during()) == 1
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [target.name]
    assert target.read_text() == "outer\n"
