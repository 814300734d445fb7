"""What belongs to one server: listed, in its language, and forgotten with the server, whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.archive import Archive
from retrieval.errors import CollectionNotFoundError
from retrieval.formats.import_types import Limits, SavedFile
from tests.retrieval.readers.exports import zipped

QUAY = "A thread about the quay, its cranes and what they lift at night.\n/1\nThe crane lifts {}.\n/END\n"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db") as opened:
        keep(opened, "public", None)
        for server_id, cargo in ((7, "zirconium"), (8, "molybdenum")):
            keep(opened, cargo, server_id)
        yield opened


def keep(archive: Archive, cargo: str, server_id: int | None, collection: str = "main") -> None:
    file = SavedFile(f"{cargo}.txt", QUAY.format(cargo).encode())
    assert archive.import_file(file, collection=collection, server_id=server_id).error is None


def finds(archive: Archive, cargo: str, server_id: int | None) -> bool:
    answer = archive.ask(f"crane {cargo}", archive.catalog.scope(server_id))
    return any(cargo in excerpt.post.text for excerpt in answer.excerpts)


def test_a_server_s_files_are_its_own(archive: Archive) -> None:
    assert [file.name for file in archive.catalog.uploads(7)] == ["zirconium.txt"]
    assert archive.catalog.uploads(9) == []
    assert archive.catalog.statistics(archive.catalog.own_scope(7)).threads == 1
    assert archive.catalog.statistics(archive.catalog.own_scope(9)).threads == 0


def test_a_forgotten_server_leaves_no_byte_and_the_others_all(archive: Archive, tmp_path: Path) -> None:
    assert finds(archive, "zirconium", 7)
    forgotten = archive.forget_server(7)
    assert (forgotten.threads, [file.name for file in forgotten.files]) == (1, ["zirconium.txt"])
    assert not finds(archive, "zirconium", 7)
    assert finds(archive, "molybdenum", 8)
    assert finds(archive, "public", 7)
    assert archive.catalog.uploads(7) == []
    assert [known.server_id for known in archive.catalog.collections(7)] == [None]
    with pytest.raises(CollectionNotFoundError):
        archive.export(server_id=7)
    for path in tmp_path.iterdir():
        assert b"zirconium" not in path.read_bytes(), path


def test_a_forgotten_server_s_collection_is_never_taken_for_anothers(archive: Archive) -> None:
    before = archive.catalog.own_scope(7)
    archive.forget_server(7)
    keep(archive, "vanadium", 9)
    keep(archive, "tungsten", 7)
    assert not before.collections & (
        archive.catalog.own_scope(9).collections | archive.catalog.own_scope(7).collections
    )
    assert finds(archive, "tungsten", 7)


def test_forgetting_a_server_that_has_nothing_changes_nothing(archive: Archive) -> None:
    assert archive.forget_server(99).threads == 0
    assert finds(archive, "molybdenum", 8)


def test_the_language_of_a_server_s_collections_is_taken_up_at_once(archive: Archive) -> None:
    keep(archive, "niobium", 7, "more")
    assert archive.set_language(7, "de")
    assert not archive.set_language(7, "de")
    archive.refresh()
    assert {known.language for known in archive.catalog.collections(7) if known.server_id == 7} == {"de"}
    assert {known.language for known in archive.catalog.collections(8)} == {"en"}
    assert finds(archive, "niobium", 7)


def test_a_file_may_be_kept_to_limits_of_its_own(tmp_path: Path) -> None:
    content = zipped({f"{cargo}.txt": QUAY.format(cargo) for cargo in ("iron", "tin")})
    for limits in (None, Limits()):
        with Archive.open(tmp_path / f"{limits is None}.db", limits=limits) as archive:
            pages = SavedFile("pages.zip", content)
            assert all(report.error for report in archive.import_files(pages, limits=Limits(members=1)))
            assert [report.error for report in archive.import_files(pages)] == [None, None]
