"""An author's earliest and latest posts on a subject, and edits where versions are known."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from retrieval.formats.jsonl_format import dump_line
from retrieval.model import Post, Thread

#: What Ada said of ferries, a post a year; the last is of another year in each file.
SAID = (
    "The ferry is late again, and nobody minds it here.",
    "Ferries should run at night as well, I think.",
    "A ferry without a bell is no ferry to me.",
    "I was wrong about ferries: they should rest at night.",
)


def post(number: int, text: str, year: int) -> Thread:
    moment = datetime(year, 5, 1, tzinfo=UTC)
    one = Post(
        1, text, source_id=f"{900 + number}", url=f"https://x.com/ada/status/{900 + number}", posted_at=moment
    )
    return Thread((one,), author="@ada", posted_at=moment)


def save(archive: Archive, name: str, *threads: Thread) -> None:
    lines = "".join(f"{dump_line(thread, ())}\n" for thread in threads)
    report = archive.import_file(SavedFile(name, lines.encode()))
    assert report.error is None


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db") as opened:
        save(opened, "a.jsonl", *(post(number, text, 2019 + number) for number, text in enumerate(SAID)))
        save(opened, "b.jsonl", Thread((Post(1, "Ferries are what Bob likes."),), author="@bob"))
        save(
            opened, "c.jsonl", Thread((Post(1, "An undated ferry of Ada's, who knows when."),), author="Ada")
        )
        yield opened


def test_the_earliest_and_the_latest_stand_apart_and_the_undated_are_counted(archive: Archive) -> None:
    found = archive.answers.then_and_now("ada", "ferry", archive.catalog.scope(), limit=2)
    assert [one.excerpt.post.text for one in found.earliest] == list(SAID[:2])
    assert [one.excerpt.post.text for one in found.latest] == list(SAID[2:])
    assert (found.total, found.undated) == (5, 1)
    one = archive.answers.then_and_now("@ADA", "ferry bell", archive.catalog.scope())
    assert [len(one.earliest), len(one.latest)] == [1, 0]
    assert archive.answers.then_and_now("cyd", "ferry", archive.catalog.scope()).total == 0


def test_an_edit_is_shown_word_by_word(archive: Archive) -> None:
    save(archive, "d.jsonl", post(0, SAID[0].replace("nobody minds", "everybody minds"), 2019))
    found = archive.answers.then_and_now("ada", "ferry late", archive.catalog.scope())
    assert found.total == 1
    (mention,) = found.earliest
    (edit,) = mention.edits
    ((one, other),) = [pair for pair in edit.difference if pair[0] != pair[1]]
    assert {one, other} == {"nobody", "everybody"}
    assert other in mention.excerpt.post.text
