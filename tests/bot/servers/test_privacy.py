"""The privacy text is true: it is compared with the tables as they are, and with what a visit leaves."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.client import Bobbin
from bot.database import ServerFile
from bot.i18n import LANGUAGES, translations_for
from bot.servers.data_inventory import (
    ARCHIVE,
    DATA_INVENTORY,
    SERVERS,
    DataSubject,
    TableInventory,
    forget_account,
)
from bot.servers.preferences import Quota
from bot.servers.retention import DEPARTURE_GRACE
from bot.settings import Settings
from bot.views.limits import COMPONENTS, DISPLAYED, units
from bot.views.privacy import privacy_details, privacy_text, sentence_of
from retrieval.archive import Archive
from tests.bot.conftest import running
from tests.discord import Channel, Person
from tests.discord.fixtures import Loopback

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def idle(archive: Archive, settings: Settings) -> Iterator[Bobbin]:
    """A client that is not connected: all its tables are there."""
    client = Bobbin(archive, settings)
    yield client
    client.server_file.close()


def tables_of(path: Path) -> dict[str, tuple[str, ...]]:
    return {table.name: tuple(column.name for column in table.columns) for table in Database(path).tables}


def test_every_table_and_column_there_is_is_declared_and_none_that_is_not(
    idle: Bobbin, settings: Settings
) -> None:
    assert idle.server_file.path == settings.servers
    for file, path in ((ARCHIVE, settings.database), (SERVERS, settings.servers)):
        assert {one.table: one.columns for one in DATA_INVENTORY if one.file == file} == tables_of(path)


def test_every_table_of_servers_says_whose_its_rows_are_so_that_they_can_be_forgotten() -> None:
    for one in DATA_INVENTORY:
        assert ("server_id" in one.columns) == (one.of is DataSubject.SERVERS) or one.table == "collections"
        assert one.person is None or one.person in one.columns


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_says_of_every_table_what_it_holds_and_for_how_long(language: str) -> None:
    translations = translations_for(language)
    view = privacy_details(translations, unanswered=True)
    said = "\n".join(item.content for item in view.walk_children() if hasattr(item, "content"))
    for one in DATA_INVENTORY:
        if one.of is DataSubject.NOBODY:
            assert f"`{one.table}`" in said
            continue
        sentence = sentence_of(one.table, translations)
        assert sentence in said
        assert one.days is None or str(one.days.days) in sentence
    assert f"{DEPARTURE_GRACE.days}" in translations.say("privacy-forget-server", days=DEPARTURE_GRACE.days)
    assert units(said) <= DISPLAYED
    assert sum(1 for _ in view.walk_children()) <= COMPONENTS


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_begins_with_a_paragraph_and_a_button_with_the_details(language: str) -> None:
    translations = translations_for(language)
    said = [item.content for item in privacy_text(translations).walk_children() if hasattr(item, "content")]
    assert translations.say("privacy-never") in said[0]
    assert "forget-me" in said[1] or translations.say("command-privacy-forget") in said[1]
    assert units("".join(said)) < 1_000


@pytest.mark.usefixtures("bobbin")
async def test_the_details_stand_in_the_place_of_the_paragraph(
    loopback: Loopback, hall: Channel, alice: Person
) -> None:
    first = await (await alice.uses(hall, "privacy")).reply()
    await alice.presses(first, "Details")
    details = await loopback.edited(first)
    assert details.seen_only_by is alice
    assert sentence_of("posts", translations_for("en")) in details.text
    assert sentence_of("posts", translations_for("en")) not in first.text


async def test_what_has_had_its_days_is_gone_at_the_next_look(archive: Archive, settings: Settings) -> None:
    now = [NOW]
    client = Bobbin(archive, settings, now=lambda: now[0])
    client.unanswered.note(7, "rye", NOW.date())
    await client.services.note(7, ["x"], "off the mark")
    present = frozenset({7})
    for days, left in ((29, 2), (30, 1), (89, 1), (91, 0)):
        now[0] = NOW + timedelta(days=days)
        await client._retention.look(present, {0}, 1)
        with client.server_file.reading() as db:
            assert db.table("unanswered").count + db.table("judgement_notes").count == left, days
    client.server_file.close()


async def test_a_visit_leaves_nothing_of_the_visitor_in_any_file(
    loopback: Loopback, archive: Archive, settings: Settings, hall: Channel
) -> None:
    visitor = loopback.add_user("quillfeather")
    assert hall.guild is not None
    hall.guild.add_member(visitor)
    question = "Why does the ferry cross with the current?"
    async with running(Bobbin(archive, settings, ready_timeout=0.01), loopback) as bobbin:
        bobbin.servers.change(
            hall.guild.id, lambda before: replace(before, person=Quota(9, 60), unanswered=True)
        )
        answer = await (await visitor.uses(hall, "ask", question=question)).reply()
        private = await (await visitor.uses(hall, "ask", question=question, private=True)).reply()
        await visitor.presses(answer, "More")
        await (await visitor.presses(private, "Share")).followup()
        await (await visitor.presses(answer, "👍")).reply()
        await (await visitor.presses(answer, "👎")).acknowledged()
        await visitor.says(hall, f"{loopback.bot_user.mention} {question}")
        await loopback.next_message(in_=hall, after=answer)
        await visitor.dm(question)
        await loopback.next_message(in_=visitor.dm_channel)
        await (await visitor.uses(hall, "ask", question="a zeppelin over Batumi, says @quillfeather")).reply()
        await (await visitor.uses(hall, "thread", thread="quillfeather")).reply()
        await (await visitor.uses(hall, "privacy", **{"forget-me": True})).reply()
    for path in settings.data_dir.rglob("*"):
        if path.is_file():
            content = path.read_bytes().lower()
            for trace in (str(visitor.id), "quillfeather", "cross with the current"):
                assert trace.encode() not in content, f"{trace} in {path.name}"
    assert b"zeppelin over batumi says" in settings.servers.read_bytes()


@pytest.mark.usefixtures("bobbin")
async def test_the_text_is_shown_to_all_who_ask_anywhere(hall: Channel, alice: Person) -> None:
    for place in (hall, alice.dm_channel):
        shown = await (await alice.uses(place, "privacy")).reply()
        assert shown.ephemeral
        assert "What I keep" in shown.text
        assert "forget-me" in shown.text


async def test_where_words_are_kept_the_text_says_so(bobbin: Bobbin, hall: Channel, alice: Person) -> None:
    assert hall.guild is not None
    said = "In this server, the words of questions"
    assert said not in (await (await alice.uses(hall, "privacy")).reply()).text
    bobbin.servers.change(hall.guild.id, lambda before: replace(before, unanswered=True))
    assert said in (await (await alice.uses(hall, "privacy")).reply()).text


async def test_who_is_forgotten_reads_what_there_was(
    bobbin: Bobbin, hall: Channel, alice: Person, bob: Person
) -> None:
    assert hall.guild is not None
    bobbin.servers.change(hall.guild.id, lambda before: replace(before, person=Quota(2, 3_600)))
    for person in (alice, alice, bob):
        await (await person.uses(hall, "ask", question="ferry")).reply()
    told = await (await alice.uses(hall, "privacy", **{"forget-me": True})).reply()
    assert told.seen_only_by is alice
    assert "you asked, 2 times" in told.text
    again = await (await alice.uses(hall, "privacy", **{"forget-me": True})).reply()
    assert "nothing of you" in again.text
    assert bobbin.access_check.usage.held() == 1
    assert bobbin.services.locales.of(alice.id) is None


def test_an_account_is_taken_out_of_every_table_that_may_hold_it(archive: Archive, tmp_path: Path) -> None:
    kept = [TableInventory(SERVERS, "looms", ("server_id", "weaver"), DataSubject.SERVERS, person="weaver")]
    with ServerFile.open(tmp_path / "servers.db") as file:
        with file.changing() as db:
            rows = [{"server_id": "7", "weaver": "4242424242"}, {"server_id": "8", "weaver": "43"}]
            db.table("looms").insert_all(rows)
        assert forget_account(file, 4_242_424_242, archive, datetime.now(UTC), kept) == 1
        with file.reading() as db:
            assert [row["weaver"] for row in db.table("looms").rows] == [None, "43"]
    assert b"4242424242" not in (tmp_path / "servers.db").read_bytes()
