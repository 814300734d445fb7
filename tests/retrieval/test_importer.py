"""What is read again and what is not, and what share a transaction keeps together."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from retrieval.archive import Archive
from retrieval.formats.import_types import FileReport, Limits, SavedFile
from retrieval.ingest.containers import Folder, Zip

PAGE = b"The lamp was moved in spring.\n/1\nNobody wrote it down.\n/2\nSo ships sailed past it.\n/3\n"
OTHER = PAGE.replace(b"lamp", b"crane")
SAVED = SavedFile("page.txt", PAGE)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db") as opened:
        yield opened


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return buffer.getvalue()


def imported(archive: Archive, *files: SavedFile | FileReport) -> list[FileReport]:
    return list(archive.import_all(files))


def threads(archive: Archive) -> int:
    return archive.catalog.statistics(archive.catalog.scope()).threads


def test_a_file_that_has_not_changed_is_not_read_again_and_reports_the_same(archive: Archive) -> None:
    odd = SavedFile(
        "page.txt", PAGE + b"\n\xe2\x80\xa2 \xe2\x80\xa2 \xe2\x80\xa2\n\nMissing some Tweet in this thread?\n"
    )
    first, again = imported(archive, odd)[0], imported(archive, odd)[0]
    assert (first.repeated, again.repeated) == (False, True)
    assert first.left_out
    assert replace(again, repeated=False, threads=first.threads, posts=first.posts) == first
    assert (again.threads.new, again.threads.unchanged, again.posts.unchanged) == (0, 1, 3)


@pytest.mark.parametrize(
    "other",
    [
        replace(SAVED, content=OTHER),
        replace(SAVED, name="other.txt"),
        replace(SAVED, author="Mira"),
        replace(SAVED, title="Lamps"),
        replace(SAVED, url="https://a.example/1"),
        replace(SAVED, posted_at=datetime(2026, 1, 1, tzinfo=UTC)),
        replace(SAVED, form="text"),
    ],
)
def test_whatever_may_change_the_reading_has_it_read_again(archive: Archive, other: SavedFile) -> None:
    for repeated in (False, True):
        assert [one.repeated for one in imported(archive, SAVED, other)] == [repeated] * 2


def test_another_collection_reads_the_file_itself(archive: Archive) -> None:
    for collection, repeated in (("main", False), ("aside", False), ("aside", True)):
        assert [one.repeated for one in archive.import_all([SAVED], collection=collection)] == [repeated]


def test_a_language_that_is_declared_counts_though_nothing_is_read(archive: Archive) -> None:
    imported(archive, SAVED)
    assert next(archive.import_files(SAVED, language="de")).repeated
    assert [one.language for one in archive.catalog.all_collections()] == ["de"]


@pytest.mark.parametrize(
    "forget",
    [
        lambda archive: archive.take_back([one.id for one in archive.catalog.sources()]),
        lambda archive: archive.forget_author("Mira"),
        lambda archive: archive.forget_server(7),
    ],
)
def test_what_is_forgotten_has_every_file_read_again(
    archive: Archive, forget: Callable[[Archive], object]
) -> None:
    files = [SAVED, replace(SAVED, name="other.txt", content=OTHER)]
    imported(archive, *files)
    forget(archive)
    assert [one.repeated for one in imported(archive, *files)] == [False] * 2
    assert threads(archive) == 2


def test_a_rehearsal_has_no_file_read_again(archive: Archive) -> None:
    imported(archive, SAVED)
    archive.take_back([1], rehearse=True)
    assert imported(archive, SAVED)[0].repeated


def test_a_zip_and_a_folder_are_remembered_as_wholes(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "saved.zip"
    path.write_bytes(zipped({"a.txt": PAGE, "b.txt": OTHER, "c.bin": b"\0\1"}))
    saved = SavedFile("saved.zip", bundle=Zip("saved.zip", path, Limits()))
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.txt").write_bytes(PAGE)
    folder = SavedFile("folder", bundle=Folder(tmp_path / "folder", ("a.txt",), Limits()), named=False)
    first, again = imported(archive, saved, folder), imported(archive, saved, folder)
    assert [one.repeated for one in first] == [False] * 4
    assert [(one.file, one.skipped) for one in again] == [(one.file, one.skipped) for one in first]
    assert all(one.repeated for one in again)
    (tmp_path / "folder" / "a.txt").write_bytes(OTHER)
    assert not imported(archive, folder)[0].repeated


def test_a_file_that_could_not_be_read_in_full_is_read_again(archive: Archive) -> None:
    saved = SavedFile("saved.zip", zipped({"a.txt": PAGE, "b.zip": zipped({"c.txt": OTHER})}))
    assert [one.error is None for one in imported(archive, saved)] == [True, False]
    assert [one.repeated for one in imported(archive, saved)] == [False, False]
    alone = SavedFile("prose.txt", b"No thread at all.")
    assert [one.repeated for one in imported(archive, alone, alone)] == [False, False]


def test_what_is_taken_back_while_its_zip_is_imported_comes_again(archive: Archive) -> None:
    saved = SavedFile("saved.zip", zipped({"a.txt": PAGE, "b.txt": OTHER}))
    for report in archive.import_files(saved):
        if report.file.endswith("a.txt"):
            archive.take_back([archive.catalog.sources()[0].id])
    assert threads(archive) == 1
    assert [one.repeated for one in imported(archive, saved)] == [False, False]
    assert threads(archive) == 2


def test_small_files_are_kept_together_or_not_at_all(archive: Archive) -> None:
    files = [SavedFile(f"{n}.txt", PAGE.replace(b"lamp", b"lamp %d" % n)) for n in range(5)]

    def stop(place: int, _posts: int, _share: float) -> None:
        if place == 3:
            raise KeyboardInterrupt

    seen: list[FileReport] = []
    with pytest.raises(KeyboardInterrupt):
        seen.extend(archive.import_all(files, progress=stop))
    assert (seen, threads(archive)) == ([], 0)
    with pytest.raises(KeyboardInterrupt):
        seen.extend(archive.import_all(files, progress=stop, together=False))
    assert ([one.file for one in seen], threads(archive)) == (["0.txt", "1.txt", "2.txt"], 3)


def test_reports_come_in_the_order_of_the_files(archive: Archive) -> None:
    large = b"\n".join(b'{"bobbin":1,"posts":[{"text":"The oven %d was cold."}]}' % n for n in range(80))
    files: list[SavedFile | FileReport] = [
        SAVED,
        FileReport("gone.txt", error="is gone"),
        SavedFile("large.jsonl", large),
        SAVED,
    ]
    found = imported(archive, *files, SavedFile("prose.txt", b"No thread at all."))
    assert [one.file for one in found] == ["page.txt", "gone.txt", "large.jsonl", "page.txt", "prose.txt"]
    assert [one.error is None for one in found] == [True, False, True, True, False]
    assert found[3].repeated


def test_only_what_was_in_the_archive_before_a_file_counts_as_updated(archive: Archive) -> None:
    def line(*words: str) -> bytes:
        return json.dumps({"bobbin": 1, "posts": [{"text": text} for text in words]}).encode()

    words = ("The lamp on the quay was moved in spring.", "Nobody wrote it down.", "So ships sailed past it.")
    others = [line(f"The oven number {n} of the harbour was cold all winter.") for n in range(600)]
    content = b"\n".join([line(*words[:2]), *others, line(*words)])
    (report,) = imported(archive, SavedFile("all.jsonl", content))
    assert (report.threads.new, report.threads.updated, report.posts.new) == (601, 0, 603)
    (report,) = imported(archive, SavedFile("more.jsonl", line(*words, "And then it was winter.")))
    assert (report.threads.new, report.threads.updated, report.posts.new) == (0, 1, 1)


def test_many_small_files_do_not_look_the_tables_up_for_each(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, names = [], Database.table_names

    def counted(db: Database, *args: bool, **options: bool) -> list[str]:
        looked.append(db)
        return names(db, *args, **options)

    monkeypatch.setattr(Database, "table_names", counted)
    files = [SavedFile(f"{number}.txt", PAGE.replace(b"lamp", b"lamp %d" % number)) for number in range(40)]
    assert all(report.threads.new == 1 for report in archive.import_all(files))
    # One for the tombstones of each, and a few for the whole import.
    assert len(looked) < 2 * len(files)
