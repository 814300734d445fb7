import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.inbox.watcher import InboxWatcher, inbox_lock
from retrieval.archive import Archive
from retrieval.errors import StoreError
from retrieval.formats.import_types import FileReport, Limits
from tests.bot.archives import LAMPS, RIVERS, almost_full_disk
from tests.retrieval.readers.exports import zipped
from tests.retrieval.readers.strangers import PROSE, strangers

LIMITS = Limits(file=2**20)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "inbox"
    made.mkdir()
    return made


@pytest.fixture
def inbox(archive: Archive, folder: Path) -> InboxWatcher:
    return InboxWatcher(archive, folder, LIMITS)


def look_twice(inbox: InboxWatcher, now: float = 0.0) -> list[FileReport]:
    assert inbox.look(now) == []
    return inbox.look(now + 10)


def inside(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()
    }


def asked(archive: Archive, question: str) -> bool:
    return archive.ask(question, archive.catalog.scope()).answered


def test_a_file_is_imported_found_and_moved_aside(
    archive: Archive, inbox: InboxWatcher, folder: Path
) -> None:
    (folder / "rivers.txt").write_text(RIVERS)
    (report,) = look_twice(inbox)
    assert (report.file, report.error, report.posts.new) == ("rivers.txt", None, 7)
    assert asked(archive, "Why does the ferry cross at dawn?")
    assert inside(folder) == {"done/rivers.txt"}
    assert [file.name for file in archive.catalog.sources()] == ["rivers.txt"]
    assert look_twice(inbox, 20) == []


def test_the_folder_is_made_where_it_is_missing(archive: Archive, tmp_path: Path) -> None:
    inbox = InboxWatcher(archive, tmp_path / "deep" / "inbox", LIMITS)
    assert inbox.look(0) == []
    assert (tmp_path / "deep" / "inbox").is_dir()


def test_a_file_that_is_still_being_written_is_left_until_it_is_whole(
    inbox: InboxWatcher, folder: Path
) -> None:
    page = folder / "rivers.txt"
    for number, part in enumerate((RIVERS[:100], RIVERS[100:300], RIVERS[300:])):
        with page.open("a") as file:
            file.write(part)
        os.utime(page, ns=(number, number))
        assert inbox.look(number * 10.0) == []
    (report,) = inbox.look(30.0)
    assert report.posts.new == 7


def test_what_fails_is_moved_with_its_report_beside_it(
    archive: Archive, inbox: InboxWatcher, folder: Path
) -> None:
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (folder / "lamps.txt").write_text(LAMPS)
    reports = look_twice(inbox)
    assert [report.error is None for report in reports] == [True, False]
    assert inside(folder) == {"done/lamps.txt", "failed/picture.txt", "failed/picture.txt.report.json"}
    (told,) = json.loads((folder / "failed" / "picture.txt.report.json").read_text())["files"]
    assert (told["file"], told["error"]) == ("picture.txt", reports[1].error)
    assert asked(archive, "Why do lighthouses turn?")


def test_a_folder_goes_in_as_a_whole_and_aside_as_a_whole(
    archive: Archive, inbox: InboxWatcher, folder: Path
) -> None:
    (folder / "pages" / "deep").mkdir(parents=True)
    (folder / "pages" / "rivers.txt").write_text(RIVERS)
    (folder / "pages" / "deep" / "lamps.txt").write_text(LAMPS)
    reports = look_twice(inbox)
    assert {report.file for report in reports} == {"pages/rivers.txt", "pages/deep/lamps.txt"}
    assert inside(folder) == {"done/pages/rivers.txt", "done/pages/deep/lamps.txt"}
    assert {file.name for file in archive.catalog.sources()} == {"pages/rivers.txt", "pages/deep/lamps.txt"}


def test_a_folder_of_which_a_part_fails_keeps_what_could_be_read(
    archive: Archive, inbox: InboxWatcher, folder: Path
) -> None:
    (folder / "pages").mkdir()
    (folder / "pages" / "rivers.txt").write_text(RIVERS)
    with (folder / "pages" / "huge.txt").open("wb") as huge:
        huge.truncate(LIMITS.file + 1)
    look_twice(inbox)
    assert inside(folder) == {"failed/pages/rivers.txt", "failed/pages/huge.txt", "failed/pages.report.json"}
    assert asked(archive, "Why does the ferry cross at dawn?")


def test_a_name_that_is_taken_is_not_overwritten(inbox: InboxWatcher, folder: Path) -> None:
    for number, text in enumerate((RIVERS, LAMPS)):
        (folder / "page.txt").write_text(text)
        look_twice(inbox, number * 100.0)
    assert inside(folder) == {"done/page.txt", "done/page (2).txt"}
    assert (folder / "done" / "page.txt").read_text() == RIVERS


def test_links_are_not_followed_out_of_the_inbox(
    archive: Archive, inbox: InboxWatcher, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "private.txt").write_text(RIVERS)
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "page.txt").write_text(LAMPS)
    (folder / "link.txt").symlink_to(tmp_path / "private.txt")
    (folder / "folder").symlink_to(tmp_path / "private")
    (folder / "pages").mkdir()
    (folder / "pages" / "lamps.txt").write_text(LAMPS)
    (folder / "pages" / "link.txt").symlink_to(tmp_path / "private.txt")
    (report,) = look_twice(inbox)
    assert report.error == "holds a link (pages/link.txt); links are not followed out of the inbox"
    assert archive.catalog.statistics(archive.catalog.scope()).threads == 0
    assert {"link.txt", "folder", "failed/pages.report.json"} <= inside(folder)
    assert (tmp_path / "private.txt").exists()


def test_what_is_no_file_is_left_alone(inbox: InboxWatcher, folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    assert look_twice(inbox) == []
    assert inside(folder) == {"pipe.txt"}


def test_a_file_that_is_too_large_fails_and_is_not_read(inbox: InboxWatcher, folder: Path) -> None:
    with (folder / "huge.txt").open("wb") as huge:
        huge.truncate(LIMITS.file + 1)
    (report,) = look_twice(inbox)
    assert report.error is not None
    assert "1 MiB" in report.error


def test_when_it_is_to_stop_it_gives_up_and_leaves_the_file_where_it_is(
    archive: Archive, inbox: InboxWatcher, folder: Path
) -> None:
    (folder / "rivers.txt").write_text(RIVERS)
    asked_before = iter([False, True, True, True])
    inbox.look(0)
    assert inbox.look(10, lambda: next(asked_before)) == []
    assert inside(folder) == {"rivers.txt"}
    assert archive.catalog.statistics(archive.catalog.scope()).threads == 0
    assert archive.catalog.sources() == []
    again = InboxWatcher(archive, folder, LIMITS)
    assert [report.posts.new for report in look_twice(again)] == [7]


def test_while_the_archive_refuses_the_file_waits(
    archive: Archive, inbox: InboxWatcher, folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "rivers.txt").write_text(RIVERS)
    inbox.look(0)
    archive.close()
    assert inbox.look(10) == []
    assert "rivers.txt was not imported; retrying at the next scan" in caplog.text
    assert inside(folder) == {"rivers.txt"}
    with Archive.open(tmp_path / "archive.db") as opened:
        inbox._archive = opened
        assert len(look_twice(inbox, 20)) == 1
    with pytest.raises(StoreError):
        archive.catalog.sources()


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write to everything")
def test_what_cannot_be_moved_aside_is_read_once_and_reported(inbox: InboxWatcher, folder: Path) -> None:
    (folder / "rivers.txt").write_text(RIVERS)
    folder.chmod(0o500)
    assert len(look_twice(inbox)) == 1
    assert look_twice(inbox, 20) == []
    folder.chmod(0o700)


def test_what_cannot_be_moved_because_its_place_is_taken_is_read_once_and_reported(
    inbox: InboxWatcher, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "rivers.txt").write_text(RIVERS)
    (folder / "done").write_text("a file where the folder should be")
    assert len(look_twice(inbox)) == 1
    assert "cannot be moved (" in caplog.text
    assert look_twice(inbox, 20) == []


def test_what_is_put_in_again_changes_nothing(archive: Archive, inbox: InboxWatcher, folder: Path) -> None:
    for number in range(2):
        (folder / "rivers.txt").write_text(RIVERS)
        look_twice(inbox, number * 100.0)
    assert archive.catalog.statistics(archive.catalog.scope()).threads == 1
    assert [file.name for file in archive.catalog.sources()] == ["rivers.txt"]


def test_questions_are_answered_out_of_what_was_there_until_the_new_is_taken_up(
    archive: Archive, inbox: InboxWatcher, folder: Path
) -> None:
    (folder / "rivers.txt").write_text(RIVERS)
    look_twice(inbox)
    assert asked(archive, "Why does the ferry cross at dawn?")
    (folder / "lamps.txt").write_text(LAMPS)
    inbox.look(100)
    reports = list(inbox._import("lamps.txt", lambda: False))
    assert [report.error for report in reports] == [None]
    assert not asked(archive, "Why do lighthouses turn?")
    archive.refresh()
    assert asked(archive, "Why do lighthouses turn?")


def test_of_two_processes_one_looks_at_a_time_and_a_file_is_imported_once(
    archive: Archive, folder: Path
) -> None:
    one, other = InboxWatcher(archive, folder, LIMITS), InboxWatcher(archive, folder, LIMITS)
    (folder / "rivers.txt").write_text(RIVERS)
    assert one.look(0) == other.look(0) == []
    with inbox_lock(folder) as ours:
        assert ours
        assert one.look(10) == []
        assert (folder / "rivers.txt").exists()
    (report,) = one.look(20)
    assert report.posts.new == 7
    assert other.look(20) == []
    assert inside(folder) == {"done/rivers.txt"}


def test_what_is_no_thread_is_refused_by_itself_and_left_out_of_a_folder(
    archive: Archive, inbox: InboxWatcher, folder: Path
) -> None:
    (folder / "pages").mkdir()
    (folder / "pages" / "rivers.txt").write_text(RIVERS)
    for name, content in strangers(3).items():
        (folder / name).write_bytes(content)
        (folder / "pages" / name).write_bytes(content)
    inbox.look(0)
    # An empty file is given longer.
    reports = [*inbox.look(10), *inbox.look(100)]
    assert {report.file for report in reports if report.error} == strangers(3).keys()
    assert {report.file for report in reports if report.skipped} == {f"pages/{name}" for name in strangers(3)}
    assert [report.file for report in reports if report.read] == ["pages/rivers.txt"]
    assert all(f"failed/{name}" in inside(folder) for name in strangers(3))
    assert {f"done/pages/{name}" for name in (*strangers(3), "rivers.txt")} <= inside(folder)
    (told,) = json.loads((folder / "failed" / "diary.txt.report.json").read_text())["files"]
    assert told["error"].endswith("to import it as plain text, put it into the folder text of the inbox")
    assert [file.name for file in archive.catalog.sources()] == ["pages/rivers.txt"]


def test_a_folder_in_which_there_is_no_thread_is_reported(inbox: InboxWatcher, folder: Path) -> None:
    (folder / "pages").mkdir()
    (folder / "pages" / "diary.txt").write_text(PROSE)
    (report,) = look_twice(inbox)
    assert report.skipped is not None
    assert inside(folder) == {"failed/pages/diary.txt", "failed/pages.report.json"}


def test_what_is_put_into_the_folder_for_text_is_imported_as_plain_text(
    archive: Archive, inbox: InboxWatcher, folder: Path
) -> None:
    (folder / "text" / "deep").mkdir(parents=True)
    (folder / "text" / "diary.txt").write_text(PROSE)
    (folder / "text" / "rivers.txt").write_text(RIVERS)
    (folder / "text" / "half.txt.part").write_text(PROSE)
    (folder / "text" / "deep" / "note.txt").write_text("A note about the tungsten bell.")
    (folder / "text" / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    reports = {report.file: report for report in look_twice(inbox)}
    assert {name: report.form for name, report in reports.items()} == {
        "text/diary.txt": "plain text",
        "text/rivers.txt": "unrolled page (text)",
        "text/deep/note.txt": "plain text",
        "text/photo.png": None,
    }
    assert inside(folder) == {
        "text/half.txt.part",
        "done/text/diary.txt",
        "done/text/rivers.txt",
        "done/text/deep/note.txt",
        "failed/text/photo.png",
        "failed/text/photo.png.report.json",
    }
    assert asked(archive, "Where was the gunner's room?")
    assert asked(archive, "the tungsten bell")


def test_beyond_its_bound_done_loses_what_came_first_and_the_archive_nothing(
    archive: Archive, folder: Path
) -> None:
    inbox = InboxWatcher(archive, folder, LIMITS, most_done=len(RIVERS) + len(LAMPS))
    (folder / "pages").mkdir()
    (folder / "pages" / "rivers.txt").write_text(RIVERS)
    look_twice(inbox)
    (folder / "lamps.txt").write_text(LAMPS)
    os.utime(folder / "lamps.txt", (1, 1))  # what counts is when it came into done
    look_twice(inbox, 20)
    assert inside(folder) == {"done/pages/rivers.txt", "done/lamps.txt"}
    (folder / "again.txt").write_text(LAMPS + "\n")
    look_twice(inbox, 40)
    assert inside(folder) == {"done/lamps.txt", "done/again.txt"}
    (folder / "large.txt").write_text(RIVERS * 9)
    look_twice(inbox, 60)
    assert inside(folder) == {"done/large.txt"}  # the newest stays, whatever its size
    assert asked(archive, "Why does the ferry cross at dawn?")


def test_a_zip_that_is_refused_halfway_is_retried_and_the_log_says_how_much_is_in(
    archive: Archive, inbox: InboxWatcher, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    long = "".join(f"{number} " + "winch " * 200 + f"\n/{number}\n" for number in range(1, 300))
    (folder / "saved.zip").write_bytes(zipped({"1.txt": RIVERS, "2.txt": long}))
    with almost_full_disk(archive._store._connections, pages=20):
        assert look_twice(inbox) == []
    assert "but for the first 1 of its files; retrying" in caplog.text
    assert inside(folder) == {"saved.zip"}
    assert [report.error for report in look_twice(inbox, 20)] == [None, None]
    assert inside(folder) == {"done/saved.zip"}
