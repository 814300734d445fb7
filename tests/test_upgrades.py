"""From every schema there ever was to the one of now: announced, complete, and never back."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from bot.cli.check import SERVER_TABLES, CheckStatus, findings
from bot.client import Bobbin
from bot.database import ServerFile
from bot.settings import Settings
from retrieval.archive import Archive
from retrieval.errors import StoreError
from retrieval.formats.import_types import SavedFile
from retrieval.model import Attachment, AttachmentKind, Post
from retrieval.sqlite import sqlite3
from retrieval.storage.database import connect
from retrieval.storage.migrations import migrations
from tests.retrieval.readers.records import document, mastodon_status
from tests.retrieval.storage.test_provenance import first  # noqa: F401 - a fixture: an archive of the first schema


def steps(family: Migrations) -> list[str]:
    with closing(sqlite3.connect(":memory:")) as raw:
        return [migration.name for migration in family.pending(Database(raw))]


CAT = "https://lace.example/media/cat.jpg"
#: What was imported, without the handbook.
_POSTS = (
    "select p.text from posts p join threads t on t.pk = p.thread_pk"
    " join collections c on c.id = t.collection_id where not c.handbook order by p.text"
)
ARCHIVES = steps(migrations)
TABLES = [(family, name) for family in SERVER_TABLES for name in steps(family)]


def upgrades(settings: Settings) -> list[tuple[CheckStatus, str]]:
    looked = [one for one in findings(settings) if one.subject in {"upgrade", "archive", "servers"}]
    return [
        (one.state, one.message)
        for one in looked
        if one.subject == "upgrade" or one.state is CheckStatus.BROKEN
    ]


def schema_of(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as raw:
        return raw.execute(
            "select name, sql from sqlite_master where sql is not null order by name"
        ).fetchall()


@pytest.fixture
def operated(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", http_port=0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


@pytest.mark.parametrize("stage", [*ARCHIVES[1:], None])
def test_an_archive_of_every_schema_is_announced_and_opens_with_all_its_posts(
    first: Path,  # noqa: F811 - the fixture
    operated: Settings,
    tmp_path: Path,
    stage: str | None,
) -> None:
    if stage != ARCHIVES[1]:
        with closing(connect(first, patience=1, writes=True)) as db:
            migrations.apply(db, stop_before=stage)
    operated.data_dir.mkdir()
    database = first.rename(operated.database)
    with closing(sqlite3.connect(database)) as raw:
        posts = raw.execute(_POSTS).fetchall()
    before = schema_of(database)
    announced = upgrades(operated)
    if stage is None:
        assert announced == []
    else:
        ((state, message),) = announced
        assert state is CheckStatus.LOOK
        assert "backup" in message
        assert schema_of(database) == before, "to check changes nothing"
    Archive.open(database).close()
    assert upgrades(operated) == []
    with Archive.open(tmp_path / "fresh.db"):
        pass
    assert schema_of(database) == schema_of(tmp_path / "fresh.db")
    with closing(sqlite3.connect(database)) as raw:
        assert raw.execute(_POSTS).fetchall() == posts


def test_a_file_that_is_imported_again_tells_what_hangs_on_posts_kept_before(
    tmp_path: Path,
) -> None:
    path = tmp_path / "archive.db"
    media = [{"type": "image", "url": CAT, "description": "A cat"}]
    status = mastodon_status(0, "<p>Look.</p>", media_attachments=media)
    saved = SavedFile("saved.json", document([status]))
    with Archive.open(path) as archive:
        archive.import_file(saved)
    with closing(sqlite3.connect(path)) as raw:  # as the version before left it
        raw.execute("alter table posts drop column attachments")
        raw.execute("delete from receipts")  # other code read it
        raw.execute("delete from _sqlite_migrations where name = 'm008_attachments'")
        raw.commit()
    with Archive.open(path) as archive:
        (summary,) = archive.catalog.threads(archive.catalog.scope())

        def first() -> Post:
            return archive.catalog.thread(summary.id, archive.catalog.scope()).posts[0]

        before = first()
        assert (before.text, before.attachments) == ("Look.\n[image: A cat]", ())
        report = archive.import_file(saved)
        assert (report.threads.new, report.threads.updated) == (0, 1)
        assert [part.what for part in report.merged] == [
            "pictures, quoted posts or links learned from this file"
        ]
        known = replace(before, attachments=(Attachment(AttachmentKind.IMAGE, CAT, "A cat"),))
        assert first() == known
        assert archive.import_file(saved).threads.unchanged == 1
        assert first() == known


def test_threads_of_earlier_versions_are_headed_as_those_of_this_one(operated: Settings) -> None:
    text = "@ada 1/ Why did the old bridge fall? The mayor knew, and so did all of the town, that it was old."
    operated.data_dir.mkdir()
    with Archive.open(operated.database) as archive:
        archive.import_file(SavedFile("a.txt", f"{text}\n/1\nIt rained.\n/2\n".encode()))
        archive.import_file(SavedFile("b.md", b"---\ntitle: 1/ Mine\nauthor: Ada\n---\nOne and more.\n"))
        fresh = archive.catalog.threads(archive.catalog.scope(), limit=99)
    with closing(sqlite3.connect(operated.database)) as raw:
        now = raw.execute("select pk, opening, needle from threads order by pk").fetchall()
        raw.execute("update threads set opening = '@ada 1/ Why did…', needle = 'ada 1 why did'")
        raw.execute("delete from _sqlite_migrations where name = 'm011_headlines'")
        raw.commit()
    assert len(upgrades(operated)) == 1
    with Archive.open(operated.database) as archive:
        assert archive.catalog.threads(archive.catalog.scope(), limit=99) == fresh
        assert {one.heading for one in fresh} == {"Why did the old bridge fall?", "1/ Mine"}
        found = archive.autocomplete.threads("ada why did the old bridge", archive.catalog.scope())
        assert [one.heading for one in found] == ["Why did the old bridge fall?"]
    with closing(sqlite3.connect(operated.database)) as raw:
        assert raw.execute("select pk, opening, needle from threads order by pk").fetchall() == now


@pytest.mark.parametrize(("family", "stage"), TABLES, ids=[f"{one.name}-{name}" for one, name in TABLES])
def test_tables_about_servers_of_every_schema_are_announced_and_come_up(
    operated: Settings, tmp_path: Path, family: Migrations, stage: str
) -> None:
    operated.data_dir.mkdir()
    with closing(connect(operated.servers, patience=1, writes=True)) as db:
        for other in SERVER_TABLES:
            if other is not family:
                other.apply(db)
        family.apply(db, stop_before=stage)
    # Tables that nothing has needed yet are no upgrade: they keep no earlier version out.
    begun = stage != steps(family)[0]
    assert [state for state, _ in upgrades(operated)] == [CheckStatus.LOOK] * begun
    for path in (operated.servers, tmp_path / "fresh.db"):
        file = ServerFile.open(path)
        for one in SERVER_TABLES:
            file.bring_up(one)
        file.close()
    assert upgrades(operated) == []
    assert schema_of(operated.servers) == schema_of(tmp_path / "fresh.db")


@pytest.mark.parametrize("name", ["archive", "servers"])
def test_a_file_of_a_later_version_is_refused_and_left_as_it_is(operated: Settings, name: str) -> None:
    family = migrations if name == "archive" else SERVER_TABLES[0]
    path = operated.database if name == "archive" else operated.servers
    Archive.open(operated.database).close()
    file = ServerFile.open(operated.servers)
    file.bring_up(SERVER_TABLES[0])
    file.close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values (?, 'm999_later', '')",
            [family.name],
        )
        raw.commit()
    found = [finding for finding in upgrades(operated) if finding[0] is CheckStatus.BROKEN]
    assert len(found) == 1
    assert "newer version of Bobbin (m999_later); update Bobbin" in found[0][1]
    opening = Archive.open if name == "archive" else lambda file: ServerFile.open(file).bring_up(family)
    with pytest.raises(StoreError, match="newer version"):
        opening(path)


async def test_the_bot_adds_no_table_that_check_does_not_know(operated: Settings) -> None:
    with Archive.open(operated.database) as archive:
        client = Bobbin(archive, operated)
        client.server_file.close()
    with closing(sqlite3.connect(operated.servers)) as raw:
        families = {name for (name,) in raw.execute("select distinct migration_set from _sqlite_migrations")}
    assert families <= {family.name for family in SERVER_TABLES}
