"""What is no thread, at the doors of the terminal: left out of a folder or zip, refused where it is named."""

import json
from pathlib import Path

import pytest

from tests.bot.cli.commands import run
from tests.bot.cli.conftest import LAMP
from tests.bot.cli.schemas import REPORT, checked, closed, many
from tests.retrieval.readers.exports import zipped
from tests.retrieval.readers.strangers import BINARY, PROSE, strangers

REFUSED = {*BINARY, "page.html", "empty.txt"}


@pytest.fixture
def folder(place: Path) -> Path:
    made = place / "mixed"
    made.mkdir()
    for name, content in strangers(7).items():
        (made / name).write_bytes(content)
    return made


def sources() -> int:
    return len(json.loads(run("sources", "-n", "100", "--json").stdout)["sources"])


def test_of_a_folder_only_threads_go_in_and_the_rest_is_named_a_line_each(folder: Path) -> None:
    (folder / "lamp.txt").write_text(LAMP)
    result = run("import", "mixed", "--author", "Ada")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    for name in strangers(7):
        assert len([line for line in lines if line.startswith(f"mixed/{name}: left out; ")]) == 1, name
    assert lines[-1].startswith(f"1 file read, 0 not, {len(strangers(7))} left out; threads: 1 new")
    assert sources() == 1
    assert [source["name"] for source in json.loads(run("sources", "--json").stdout)["sources"]] == [
        "mixed/lamp.txt"
    ]


def test_a_folder_or_zip_without_any_thread_is_no_failure(place: Path, folder: Path) -> None:
    (place / "mixed.zip").write_bytes(zipped({name: (folder / name).read_bytes() for name in strangers(7)}))
    for path in ("mixed", "mixed.zip"):
        result = run("import", path)
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout.count(": left out; ") == len(strangers(7))
        assert run("import", path, "--quiet").stdout == ""
    assert sources() == 0


def test_the_report_for_scripts_names_what_was_left_out_and_no_error(folder: Path) -> None:
    result = run("import", str(folder), "--json")
    assert result.exit_code == 0
    files = checked(result, closed(files=many(REPORT)))["files"]
    assert len(files) == len(strangers(7))
    for file in files:
        assert (file["form"], file["error"], len(file["left_out"])) == (None, None, 1)


@pytest.mark.slow
def test_a_file_that_is_named_and_is_no_thread_is_an_error_with_the_option(folder: Path) -> None:
    known = ["--author", "Ada", "--title", "On lace", "--url", "https://example.org/lace"]
    for name in strangers(7):
        result = run("import", str(folder / name), *known)
        assert (result.exit_code, result.stdout) == (1, ""), name
        line, *forms = result.stderr.splitlines()
        assert line.startswith(f"bobbin: {folder / name}: ")
        assert all(known.startswith("Bobbin reads: ") for known in forms)
        assert "--form text" in line
    piped = run("import", "-", stdin=PROSE)
    assert piped.exit_code == 1
    assert piped.stderr == (
        "bobbin: standard input: shows no sign of a thread: no numbers in sequence, no page that is known, no"
        " front matter; to import it as plain text, add --form text\n"
    )
    assert sources() == 0


def test_a_file_that_is_named_beside_its_folder_is_an_error(folder: Path) -> None:
    result = run("import", "mixed", "mixed/diary.txt")
    assert result.exit_code == 1
    assert result.stderr.startswith("bobbin: mixed/diary.txt: shows no sign of a thread")
    assert "mixed/one.txt: left out; " in result.stdout
    assert str(folder)


def test_plain_text_goes_in_where_it_is_asked_for(folder: Path) -> None:
    for name in ("diary.txt", "note.md", "passwords.csv"):
        result = run("import", str(folder / name), "--form", "text", "--title", "A note")
        assert result.exit_code == 0, result.stderr
        assert f"{name}: plain text\n  threads: 1 new" in result.stdout
    assert sources() == 3
    refused = run("import", str(folder / "photo.png"), "--form", "text")
    assert refused.exit_code == 1
    assert run("import", str(folder / "diary.txt"), "--form", "csv").exit_code == 2


def test_all_text_of_a_folder_goes_in_where_it_is_asked_for(folder: Path) -> None:
    for name in strangers(7):
        if name not in {"diary.txt", "one.txt", "film.srt"}:
            (folder / name).unlink()
    (folder / "lamp.txt").write_text(LAMP)
    result = run("import", "mixed", "--form", "text")
    assert result.exit_code == 0
    assert result.stdout.count(": plain text\n") == 3
    assert "mixed/lamp.txt: unrolled page (text)\n" in result.stdout
    assert sources() == 4
