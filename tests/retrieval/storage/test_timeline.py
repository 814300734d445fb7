"""What came in since when, which threads have their anniversary, and which one comes next."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from tests.bot.archives import LAMPS, RIVERS, fill, handbook_in, keep

BEES = "The waggle dance tells the bees where the linden blooms.\n/1\nSo they fly.\n/END\n"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db", handbook=handbook_in(tmp_path / "handbook")) as opened:
        yield opened


def new(archive: Archive, since: int, server_id: int | None = None) -> list[str | None]:
    until = archive.timeline.position()[1]
    found, total = archive.timeline.new_threads(
        archive.catalog.visible_scope(server_id), since=since, until=until, limit=10
    )
    assert total == len(found)
    return [summary.title for summary in found]


def test_what_came_in_after_a_position_is_new_and_the_handbook_never_is(archive: Archive) -> None:
    assert new(archive, 0) == []
    fill(archive, rivers=RIVERS)
    before = archive.timeline.position()[1]
    fill(archive, lamps=LAMPS)
    assert new(archive, before) == ["Lamps"]
    assert sorted(filter(None, new(archive, 0))) == ["Lamps", "Rivers"]


def test_importing_again_or_more_of_it_makes_nothing_new(archive: Archive) -> None:
    fill(archive, rivers=RIVERS.replace("/END", ""))
    before = archive.timeline.position()[1]
    fill(archive, rivers=RIVERS, again=RIVERS)
    assert new(archive, before) == []


def test_a_servers_own_threads_are_new_there_only_and_what_two_collections_hold_is_reported_once(
    archive: Archive,
) -> None:
    fill(archive, rivers=RIVERS)
    before = archive.timeline.position()[1]
    keep(archive, "bees", BEES, server_id=5)
    keep(archive, "rivers", RIVERS, server_id=5)
    assert new(archive, before, server_id=5) == ["Bees"]
    assert new(archive, before) == new(archive, before, server_id=6) == []


def test_pages_of_what_is_new_hold_each_thread_once(archive: Archive) -> None:
    fill(archive, **{f"bees{n}": BEES.replace("linden", f"linden{n}x") for n in range(7)})
    until = archive.timeline.position()[1]
    pages = [
        archive.timeline.new_threads(
            archive.catalog.public_scope(), since=0, until=until, offset=at, limit=3
        )[0]
        for at in (0, 3, 6)
    ]
    ids = [summary.id for page in pages for summary in page]
    assert len(ids) == len(set(ids)) == 7


def test_an_archive_is_distinguished_from_another(archive: Archive, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "other.db") as other:
        assert other.timeline.position()[0] != archive.timeline.position()[0]


def test_anniversaries_are_those_of_the_day_of_any_year_with_a_day_to_spare(archive: Archive) -> None:
    for name, posted in {"leap": "2024-02-29", "day": "2019-02-28", "other": "2020-06-01"}.items():
        text = BEES.replace("linden", f"linden{name}")
        posted_at = datetime.fromisoformat(posted).replace(tzinfo=UTC)
        archive.import_file(SavedFile(f"{name}.txt", text.encode(), title=name, posted_at=posted_at))
    found = archive.timeline.anniversaries(archive.catalog.scope(), date(2026, 2, 28))
    assert {summary.title for summary in found} == {"leap", "day"}


def test_the_thread_that_follows_goes_around_and_leaves_out_what_is_named(archive: Archive) -> None:
    fill(archive, rivers=RIVERS, lamps=LAMPS, bees=BEES)
    scope = archive.catalog.scope()
    ids = sorted(summary.id for summary in archive.catalog.threads(scope))
    timeline = archive.timeline
    assert [found.id for start in ids for found in timeline.next_threads(scope, start)] == ids
    assert [found.id for found in timeline.next_threads(scope, ids[-1] + "z")] == ids[:1]
    assert [found.id for found in timeline.next_threads(scope, ids[0], ids[:2])] == ids[2:3]
    assert [found.id for found in timeline.next_threads(scope, ids[1], limit=9)] == [*ids[1:], ids[0]]
    assert timeline.next_threads(scope, ids[0], ids) == []


def test_the_threads_that_follow_and_the_new_ones_are_those_of_some_authors_or_not_of_others(
    archive: Archive,
) -> None:
    for name, author in (("one", "@Ada"), ("two", "@bob"), ("three", None)):
        text = f"Of {name} lamp on the quay.\n/1\nIt burns.\n/END\n"
        archive.import_file(SavedFile(f"{name}.txt", text.encode(), title=name, author=author))
    scope, until = archive.catalog.scope(), archive.timeline.position()[1]

    def titles(**chosen: tuple[str, ...]) -> set[str | None]:
        return {found.title for found in archive.timeline.next_threads(scope, "", limit=9, **chosen)}

    assert titles(authors=("ada",)) == {"one"}
    assert titles(without=("ada",)) == {"two", "three"}
    assert titles(without=("ada", "bob")) == {"three"}
    new, total = archive.timeline.new_threads(scope, since=0, until=until, authors=("ada", "bob"))
    assert ({one.title for one in new}, total) == ({"one", "two"}, 2)
