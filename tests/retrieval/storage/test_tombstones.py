"""What was forgotten stays forgotten when an older database comes back, also one of another machine."""

import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.archive import Archive
from retrieval.errors import StoreError
from retrieval.formats.import_types import FileReport, SavedFile
from retrieval.formats.jsonl_format import dump_line
from retrieval.model import Post, Thread
from retrieval.sqlite import sqlite3
from retrieval.storage.tombstones import (
    TombstoneSet,
    joined_sets,
    read_tombstones,
    tombstone_path,
    write_tombstones,
)

GONE = "The keeper of the northern light wrote this sentence about storms himself."
KEPT = "Looms of eight shafts weave a broken twill that four shafts cannot weave."
HERS = Thread((Post(1, KEPT, author="@ada"),), author="@ada")
HIS = Thread((Post(1, GONE, author="@keeper", source_id="77"),), author="@keeper")
NAMELESS = Thread((Post(1, GONE), Post(2, "A second post that names nobody, like the first one.")))


def keep(archive: Archive, *threads: Thread, name: str, server_id: int | None = None) -> FileReport:
    content = "".join(dump_line(one, ()) + "\n" for one in threads).encode()
    report = archive.import_file(SavedFile(name, content), server_id=server_id)
    assert report.error is None
    return report


def texts(archive: Archive, server_id: int | None = None) -> set[str]:
    scope = archive.catalog.visible_scope(server_id)
    listed = archive.catalog.threads(scope)
    return {post.text for one in listed for post in archive.catalog.thread(one.id, scope).posts}


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An archive from which an author was forgotten, with a copy of how it was before beside it."""
    path = tmp_path / "now" / "archive.db"
    with Archive.open(path) as archive:
        keep(archive, HERS, HIS, name="notes-of-keeper.jsonl")
        keep(archive, NAMELESS, name="other.jsonl")
        archive.refresh()
    (tmp_path / "before").mkdir()
    shutil.copy(path, tmp_path / "before" / "archive.db")
    with Archive.open(path) as archive:
        assert archive.forget_author("@keeper").threads == 1
    return path


def test_an_older_database_forgets_what_was_forgotten_since_it_was_copied(path: Path) -> None:
    shutil.copy(path.parents[1] / "before" / "archive.db", path)
    with Archive.open(path) as archive:
        assert texts(archive) == {KEPT}
        assert not archive.ask("northern light storms", archive.catalog.scope()).answered
        assert not any("keeper" in file.name for file in archive.catalog.sources())
        report = keep(archive, HIS, NAMELESS, name="again.jsonl")
        assert sum(part.count for part in report.left_out) >= 2
    assert b"northern light" not in bytes_of(path.parent)
    with Archive.open(path) as archive:
        assert texts(archive) == {KEPT}


def test_a_file_put_in_the_place_of_the_open_one_forgets_too(path: Path) -> None:
    before = path.parents[1] / "before" / "archive.db"
    with Archive.open(path) as archive:
        archive.refresh()
        before.replace(path)
        archive.refresh()
        assert texts(archive) == {KEPT}
    assert b"northern light" not in bytes_of(path.parent)


def test_the_file_is_the_owner_s_alone_and_names_nobody(path: Path) -> None:
    file = tombstone_path(path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"keeper" not in file.read_bytes()


def test_tombstones_of_another_archive_apply_beside_its_own(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "archive.db"
    with Archive.open(other) as archive:
        keep(archive, HERS, HIS, name="all.jsonl")
        archive.forget_author("@ada")
    shutil.copy(tombstone_path(path), tmp_path / "theirs")
    write_tombstones(
        tombstone_path(other),
        joined_sets(read_tombstones(tombstone_path(other)), read_tombstones(tmp_path / "theirs")),
    )
    with Archive.open(other) as archive:
        assert texts(archive) == set()
        keep(archive, HERS, HIS, name="again.jsonl")
        assert texts(archive) == set()
    assert len(read_tombstones(tombstone_path(other))) == 2
    # Without the file, the database has both sets, and the file is made from them.
    tombstone_path(other).unlink()
    with Archive.open(other):
        pass
    assert len(read_tombstones(tombstone_path(other))) == 2


def test_a_server_s_threads_are_forgotten_in_an_older_database_and_newer_ones_stay(tmp_path: Path) -> None:
    path = tmp_path / "now" / "archive.db"
    with Archive.open(path, now=lambda: datetime(2026, 1, 1, tzinfo=UTC)) as archive:
        keep(archive, HIS, name="his.jsonl", server_id=2**64 - 1)
        keep(archive, HERS, name="hers.jsonl", server_id=7)
    shutil.copy(path, tmp_path / "before.db")
    with Archive.open(path) as archive:
        archive.forget_server(2**64 - 1)
    shutil.copy(tmp_path / "before.db", path)
    with Archive.open(path) as archive:
        assert texts(archive, 2**64 - 1) == set()
        assert texts(archive, 7) == {KEPT}
        keep(archive, HIS, name="his.jsonl", server_id=2**64 - 1)
    with Archive.open(path) as archive:
        assert texts(archive, 2**64 - 1) == {GONE}


def test_an_archive_of_an_earlier_version_gets_its_file_when_it_is_opened(path: Path) -> None:
    file = tombstone_path(path)
    noted = read_tombstones(file)
    file.unlink()
    raw = sqlite3.connect(path)
    raw.executescript("drop table other_tombstones; drop table subject_tombstones")
    raw.execute("delete from _sqlite_migrations where name like 'm005%'")
    raw.commit()
    raw.close()
    with Archive.open(path):
        pass
    assert read_tombstones(file) == noted


@pytest.mark.parametrize(
    "content", ["", "{}", '{"format": 1, "sets": [{"key": "zz"}]}', "[]", '{"format": 9}']
)
def test_a_damaged_file_is_refused_and_left_as_it_is(path: Path, content: str) -> None:
    tombstone_path(path).write_text(content)
    with pytest.raises(StoreError, match=r"archive\.tombstones"):
        Archive.open(path)
    assert tombstone_path(path).read_text() == content


hashes = st.binary(min_size=16, max_size=16)
sets = st.lists(
    st.builds(
        TombstoneSet,
        st.sampled_from([b"a" * 32, b"b" * 32, b"c" * 32]),
        st.frozensets(hashes, max_size=3),
        st.frozensets(
            st.tuples(hashes, st.sampled_from(["2026-01-01T00:00:00.000000Z", "2027"])), max_size=2
        ),
    ),
    max_size=4,
)


@given(sets, sets)
def test_sets_join_in_any_order_and_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, one: list[TombstoneSet], two: list[TombstoneSet]
) -> None:
    joined = joined_sets(one, two)
    assert joined == joined_sets(two, one, joined)
    assert not any(part.beyond(joined) for part in (*one, *two))
    file = tmp_path_factory.mktemp("sets") / "archive.tombstones"
    write_tombstones(file, joined)
    assert read_tombstones(file) == joined
