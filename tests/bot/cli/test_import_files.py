import json
import re
from pathlib import Path

import pytest

from retrieval.formats.import_types import Limits
from tests.bot.cli.commands import process, run, screen
from tests.bot.cli.schemas import REPORT, checked, closed, many
from tests.retrieval.readers.exports import account, folder, post, posts, zipped


def test_an_import_tells_file_by_file_what_is_new_and_again_that_nothing_changed(pages: Path) -> None:
    first = run("import", str(pages))
    assert first.exit_code == 0
    assert f"{pages / 'lamp.txt'}: " in first.stdout
    assert "threads: 1 new, 0 updated, 0 unchanged" in first.stdout
    assert "posts: 4 new, 0 updated, 0 unchanged" in first.stdout
    assert first.stdout.endswith("2 files read, 0 not; threads: 2 new, 0 updated, 0 unchanged.\n")
    again = run("import", str(pages))
    assert again.stdout.endswith("2 files read, 0 not; threads: 0 new, 0 updated, 2 unchanged.\n")


def test_what_cannot_be_read_is_named_with_the_reason_and_the_rest_goes_in(pages: Path) -> None:
    (pages / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (pages / "empty.txt").write_bytes(b"")
    (pages / "gone.txt").symlink_to("nowhere.txt")
    with (pages / "huge.txt").open("wb") as huge:
        huge.truncate(Limits().file + 1)
    result = run("import", "missing.txt", str(pages), "--json")
    assert result.exit_code == 1
    files = {Path(file["file"]).name: file for file in checked(result, closed(files=many(REPORT)))["files"]}
    errors = {name: file["error"] for name, file in files.items() if file["error"]}
    assert errors.keys() == {"missing.txt", "gone.txt", "huge.txt"}
    assert [part["why"] for part in files["empty.txt"]["left_out"]] == ["holds no text"]
    assert files["picture.txt"]["form"] is None
    assert "no such file" in errors["missing.txt"]
    assert "leads nowhere" in errors["gone.txt"]
    assert "100 MiB" in errors["huge.txt"]
    assert files["lamp.txt"]["posts"] == {"new": 4, "updated": 0, "unchanged": 0}
    assert run("ask", "ferry").exit_code == 0


@pytest.mark.usefixtures("pages")
def test_an_error_goes_to_standard_error_also_when_quiet() -> None:
    result = run("import", "--quiet", "missing.txt", "pages")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "bobbin: missing.txt: there is no such file or folder; check the path\n"


def test_folders_are_read_in_depth_and_hidden_files_are_left_aside_and_counted(pages: Path) -> None:
    (pages / "deep" / "er").mkdir(parents=True)
    (pages / "baker.txt").rename(pages / "deep" / "er" / "baker.txt")
    (pages / ".hidden.txt").write_text("A thread that nobody means to import.\n/1\nNo.\n/2\n")
    (pages / ".git").mkdir()
    (pages / ".git" / "config.txt").write_text("A file of a tool.")
    result = run("import", str(pages))
    assert "Hidden files and folders skipped: 2." in result.stderr
    assert "2 files read" in result.stdout
    named = run("import", str(pages / ".hidden.txt"))
    assert named.exit_code == 0
    assert "Hidden" not in named.stderr


def test_a_folder_without_files_is_reported(place: Path) -> None:
    (place / "void").mkdir()
    result = run("import", "void")
    assert result.exit_code == 1
    assert "the folder holds no file to import" in result.stderr


def test_standard_input_is_a_file_like_any_other(pages: Path) -> None:
    lamp = (pages / "lamp.txt").read_text()
    result = run("import", "-", "--json", "--title", "The lamp", stdin=lamp)
    (file,) = checked(result, closed(files=many(REPORT)))["files"]
    assert (file["file"], file["error"], file["posts"]["new"]) == ("standard input", None, 4)
    assert json.loads(run("threads", "--json").stdout)["threads"][0]["title"] == "The lamp"


def test_what_the_operator_says_of_a_file_is_kept(pages: Path) -> None:
    said = [
        "--author",
        "Ada",
        "--title",
        "The lamp",
        "--url",
        "https://example.org/l",
        "--collection",
        "harbour",
    ]
    lamp = str(pages / "lamp.txt")
    assert run("import", lamp, *said, "--posted", "2024-05-03T01:30+02:00", "--language", "EN").exit_code == 0
    (thread,) = json.loads(run("threads", "--json").stdout)["threads"]
    assert (thread["author"], thread["title"], thread["url"]) == ("Ada", "The lamp", "https://example.org/l")
    assert thread["posted_at"] == "2024-05-02T23:30:00+00:00"
    assert "in harbour" in run("check").stdout


XTERM = {"TERM": "xterm"}


def test_long_work_shows_a_bar_in_a_terminal_and_leaves_the_report_clean(place: Path) -> None:
    (place / "many").mkdir()
    for number in range(21):
        (place / "many" / f"{number}.txt").write_text(f"Thread {number} is of the quay.\n/1\nOver.\n/END\n")
    with screen() as (terminal, parts), process("import", "many", stderr=terminal, env=XTERM) as importing:
        output, _ = importing.communicate(timeout=60)
    shown = b"".join(parts)
    assert b"importing" in shown
    assert b"/21" in shown
    assert "\x1b" not in output
    assert output.count("threads: 1 new") == 21


EXPORT = {
    "data/tweets.js": posts([post(1, "The lamp moved.")]),
    "data/tweets-part1.js": posts([post(2, "It moved twice.", 1), post(3, "RT @keeper: no")], 1),
    "data/account.js": account(),
    "data/direct-messages.js": "window.YTD.direct_messages.part0 = [ private ]",
    "data/tweets_media/1.jpg": "no picture",
    "Your archive.html": "<html>",
}


def test_an_export_is_one_file_as_a_zip_and_as_a_folder_and_beside_others(pages: Path) -> None:
    (pages / "export.zip").write_bytes(zipped(EXPORT))
    result = run("import", "pages", "--json")
    assert result.exit_code == 0
    files = {file["file"]: file for file in checked(result, closed(files=many(REPORT)))["files"]}
    assert files.keys() == {"pages/baker.txt", "pages/export.zip", "pages/lamp.txt"}
    report = files["pages/export.zip"]
    assert report["posts"] == {"new": 2, "updated": 0, "unchanged": 0}
    assert {part["why"]: part["count"] for part in report["left_out"]} == {
        "repost of another author's post": 1,
        "file of the export that was not opened; only posts are read": 3,
    }
    folder(pages / "unpacked", EXPORT)
    (pages / "unpacked" / "note.txt").write_text("A thread that somebody put there.\n/1\nSo.\n/2\n")
    again = run("import", "pages/unpacked", "--json")
    unpacked = {file["file"]: file["posts"] for file in json.loads(again.stdout)["files"]}
    assert unpacked == {
        "pages/unpacked": {"new": 0, "updated": 0, "unchanged": 2},
        "pages/unpacked/note.txt": {"new": 2, "updated": 0, "unchanged": 0},
    }


def test_some_files_of_an_export_that_are_named_one_by_one_go_together(place: Path) -> None:
    folder(place / "x", EXPORT)
    result = run("import", "x/data/tweets.js", "x/data/tweets-part1.js", "x/data/account.js")
    assert result.exit_code == 0
    assert result.stdout.startswith("x: X account export\n  threads: 1 new")
    alone = run("import", "x/data/tweets-part1.js")
    assert alone.stdout.startswith("x/data/tweets-part1.js: X account export\n")
    private = run("import", "x/data/direct-messages.js")
    assert private.exit_code == 1
    assert "reads nothing but posts" in private.stderr


def test_an_export_may_be_larger_than_any_other_file(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOBBIN_IMPORT_FILE_MIB", "1")
    folder(place / "x", {**EXPORT, "data/tweets.js": EXPORT["data/tweets.js"] + " " * 2**21})
    (place / "x" / "note.txt").write_text("A long note. " * 100_000)
    result = run("import", "x")
    assert "posts: 2 new" in result.stdout
    assert "x/note.txt: is larger than 1 MiB" in result.stderr


def test_the_files_of_another_zip_are_reported_one_by_one(place: Path) -> None:
    lamp = "The lamp moved.\n/1\nTwice.\n/END\n"
    (place / "saved.zip").write_bytes(zipped({"a/lamp.txt": lamp, "picture.jpg": b"\xff\xd8\xff"}))
    result = run("import", "saved.zip")
    assert result.exit_code == 0
    assert "saved.zip/a/lamp.txt: " in result.stdout
    assert "saved.zip/picture.jpg: left out; no known form" in result.stdout
    piped = run("import", "-", stdin=(place / "saved.zip").read_bytes())
    assert "standard input/a/lamp.txt: " in piped.stdout


def test_a_hostile_zip_is_refused_and_the_rest_goes_in(pages: Path) -> None:
    (pages / "bomb.zip").write_bytes(zipped({"page.txt": b"a" * 20_000_000}))
    result = run("import", "pages")
    assert result.exit_code == 1
    assert "pages/bomb.zip/page.txt: would grow more than 200-fold (a zip bomb)" in result.stderr
    assert "2 files read, 1 not" in result.stdout


def test_a_large_export_shows_its_posts_and_the_time_left(place: Path) -> None:
    records = [post(number, f"Post {number} about the lamp. " + "x" * 2000) for number in range(2_500)]
    folder(place / "x", {"data/tweets.js": posts(records), "data/account.js": account()})
    wide = XTERM | {"COLUMNS": "100"}
    with screen() as (terminal, parts), process("import", "x", stderr=terminal, env=wide) as importing:
        output, _ = importing.communicate(timeout=60)
    shown = b"".join(parts).decode()
    assert "2,500 posts" in shown
    assert re.search(r"\d:\d\d:\d\d", shown)
    assert "posts: 2500 new" in output


@pytest.mark.parametrize(
    "words",
    [
        ["pages", "--url", "https://example.org/x"],
        ["pages/lamp.txt", "pages/baker.txt", "--title", "Both"],
        ["pages/lamp.txt", "--posted", "yesterday"],
        ["pages/lamp.txt", "--posted", "0001-01-01T00:00+14:00"],
        ["pages/lamp.txt", "--url", "javascript:alert(1)"],
        ["pages/lamp.txt", "--url", "http://[x"],
        ["pages/lamp.txt", "--language", "english"],
        ["pages/lamp.txt", "--collection", " "],
        [],
    ],
)
def test_a_misused_import_is_a_usage_error_and_imports_nothing(words: list[str], pages: Path) -> None:
    result = run("import", *words)
    assert result.exit_code == 2
    assert result.stderr.startswith("bobbin: import")
    assert not (pages.parent / "data").exists()


def test_a_file_s_name_cannot_move_a_terminal(pages: Path) -> None:
    (pages / "lamp.txt").rename(pages / "\x1b[2Jlamp\udcff.txt")
    result = run("import", str(pages), "missing\x1b[2J")
    assert "\x1b" not in result.stdout + result.stderr
    assert "[2Jlamp" in result.stdout
    again = run("import", "--json", str(pages))
    assert "\x1b" not in again.stdout
    assert any("\x1b" in file["file"] for file in json.loads(again.stdout)["files"])


def test_many_files_are_a_line_each_and_verbose_prints_all_of_them(tmp_path: Path) -> None:
    saved = tmp_path / "many"
    saved.mkdir()
    for number in range(25):
        (saved / f"{number}.txt").write_text(f"Lamp {number} was moved.\n/1\nNobody wrote it down.\n/END\n")
    short = run("import", str(saved))
    assert short.exit_code == 0
    assert len(short.stdout.splitlines()) == 26
    assert f"{saved / '3.txt'}: unrolled page (text); threads: 1 new, 0 updated" in short.stdout
    assert run("import", "-v", str(saved)).stdout.count("\n  posts: ") == 25


def test_reasons_are_reported_once_with_their_count_and_an_example(tmp_path: Path) -> None:
    posts = [
        {"id": 1_670_000_000_000_000_000 + n, "rawContent": text, "user": {"username": "ada"}}
        | {"conversationId": 1_670_000_000_000_000_000 + n, "date": "2023-06-17T10:40:00+00:00"}
        for n, text in enumerate(["The lamp was moved.", "RT this.", "RT that."])
    ]
    for repost in posts[1:]:
        repost["retweetedTweet"] = {"id": 5}
    saved = tmp_path / "posts.jsonl"
    saved.write_text("".join(f"{json.dumps(one)}\n" for one in posts))
    report = run("import", str(saved)).stdout
    assert "left out: 2 × repost (for example 1670000000000000001)" in report
    (told,) = json.loads(run("import", "--json", str(saved)).stdout)["files"]
    assert (told["left_out"][0]["example"], told["repeated"]) == ("1670000000000000001", True)
    assert (
        f"{saved}: snscrape (JSON lines) (imported before, not read again)"
        in run("import", str(saved)).stdout
    )
    page = tmp_path / "page.txt"
    page.write_text("The lamp was moved.\n/1\nMissing some Tweet?\nNobody knew.\n/2\n• • •\n\nThe end.\n")
    assert run("import", str(page)).stdout.count("left out: ") <= 1


def test_the_folder_beside_a_saved_page_is_one_line(tmp_path: Path) -> None:
    page = tmp_path / "Thread by Ada.html"
    page.write_text(
        '<div class="content-tweet" data-screenname="ada" data-tweet="1670000000000000000">Lamps. 1/2</div>'
        '<div class="content-tweet" data-screenname="ada" data-tweet="1670000000000000001">Move. 2/2</div>'
    )
    folder = tmp_path / "Thread by Ada_files"
    folder.mkdir()
    for number in range(9):
        (folder / f"{number}.js").write_text("let a = 1/2;")
    result = run("import", str(tmp_path))
    assert result.exit_code == 0
    assert f"{folder}: left out; 9 files that a browser saved beside the page" in result.stdout
