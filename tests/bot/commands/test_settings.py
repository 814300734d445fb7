"""The panel of a server's settings: for its admins, confirmed, kept and in force at once."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.client import Bobbin
from bot.servers.preference_store import PreferenceStore
from bot.servers.preferences import Preferences, Quota
from retrieval.archive import Archive
from tests.bot.archives import keep
from tests.bot.conftest import Start
from tests.discord import Channel, Person, Role, SeenMessage
from tests.discord.components import walk
from tests.discord.fixtures import Loopback

MANAGE_SERVER = 1 << 5


@pytest.fixture
def ada(loopback: Loopback, hall: Channel) -> Person:
    """An admin."""
    person = loopback.add_user("ada")
    assert hall.guild is not None
    hall.guild.add_member(person, MANAGE_SERVER)
    return person


@pytest.fixture
def readers(hall: Channel) -> Role:
    assert hall.guild is not None
    return hall.guild.add_role("Readers")


@pytest_asyncio.fixture
async def bobbin(start: Start, readers: Role) -> AsyncIterator[Bobbin]:  # noqa: ARG001 - made before it connects
    async with start() as client:
        yield client


def server_of(channel: Channel) -> int:
    assert channel.guild is not None
    return channel.guild.id


async def panel_of(person: Person, channel: Channel) -> SeenMessage:
    return await (await person.uses(channel, "settings")).reply()


async def test_the_panel_tells_what_holds_and_only_its_admin_sees_it(
    bobbin: Bobbin, hall: Channel, ada: Person
) -> None:
    bobbin.servers.change(server_of(hall), lambda before: replace(before, person=Quota(4, 86_400)))
    panel = await panel_of(ada, hall)
    assert panel.seen_only_by is ada
    assert "Settings of Reading room" in panel.text
    assert "I may be asked in every channel." in panel.text
    assert "An answer shows 2 quotes at first." in panel.text
    assert "A person may ask 4 questions a day." in panel.text
    assert [menu["custom_id"] for menu in panel.menus] == [
        f"bob1s.{setting}" for setting in ("channels", "roles", "quotes", "language", "exempt")
    ]


@pytest.mark.usefixtures("bobbin")
async def test_discord_hides_the_command_and_the_handler_looks_again(hall: Channel, alice: Person) -> None:
    with pytest.raises(LookupError, match="hidden"):
        await alice.uses(hall, "settings")
    refused = await (await alice.uses(hall, "settings", even_if_hidden=True)).reply()
    assert refused.seen_only_by is alice
    assert "Manage Server" in refused.text
    assert refused.menus == []


async def test_a_person_who_lost_the_permission_changes_nothing_any_more(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, ada: Person
) -> None:
    panel = await panel_of(ada, hall)
    form = await ada.presses(panel, "Change quotas…")
    await form.opened_modal()
    assert hall.guild is not None
    hall.guild.members[ada.id].permissions &= ~MANAGE_SERVER
    for use in (
        await ada.presses(panel, "Do not answer mentions"),
        await ada.chooses(panel, "bob1s.quotes", ["5"]),
        await ada.submits(form, {"person": "5"}),
    ):
        assert "Manage Server" in (await use.reply()).text
    assert bobbin.servers.of(server_of(hall)) == bobbin.servers.defaults
    assert loopback.now(panel).edits == 0


async def test_every_part_changes_its_setting_and_confirms_it(
    loopback: Loopback,
    bobbin: Bobbin,
    hall: Channel,
    ada: Person,
    readers: Role,
) -> None:
    panel = await panel_of(ada, hall)
    for menu, chosen in (
        ("channels", [hall]),
        ("roles", [readers]),
        ("quotes", ["4"]),
        ("language", ["German"]),
        ("exempt", [readers]),
    ):
        await ada.chooses(panel, f"bob1s.{menu}", chosen)
        panel = await loopback.edited(panel)
        assert "✓ Saved." in panel.text
    for button in ("Do not answer mentions", "Private by default", "Keep unanswered words"):
        await ada.presses(panel, button)
        panel = await loopback.edited(panel)
    form = await ada.presses(panel, "Change quotas…")
    await form.opened_modal()
    await ada.submits(form, {"person": "3", "person.period": ["an hour"], "server": "100"})
    panel = await loopback.edited(panel)
    wanted = Preferences(
        channels=frozenset({hall.id}),
        roles=frozenset({readers.id}),
        exempt=frozenset({readers.id}),
        mentions=False,
        quotes=4,
        private=True,
        language="de",
        person=Quota(3, 3_600),
        server=Quota(100, 3_600),
        unanswered=True,
    )
    assert bobbin.servers.of(server_of(hall)) == wanted
    assert PreferenceStore(bobbin.server_file).of(server_of(hall)) == wanted
    assert "✓ Saved. A person may ask 3 questions an hour." in panel.text
    assert hall.mention in panel.text
    assert f"<@&{readers.id}>" in panel.text
    (channels, *_) = [menu for menu in panel.menus if menu["custom_id"] == "bob1s.channels"]
    assert [int(one["id"]) for one in channels["default_values"]] == [hall.id]


async def test_an_emptied_menu_and_field_take_the_setting_back(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, ada: Person
) -> None:
    bobbin.servers.change(
        server_of(hall), lambda before: replace(before, channels=frozenset({hall.id}), person=Quota(2, 60))
    )
    panel = await panel_of(ada, hall)
    await ada.chooses(panel, "bob1s.channels", [])
    panel = await loopback.edited(panel)
    form = await ada.presses(panel, "Change quotas…")
    opened = await form.opened_modal()
    assert opened["components"][0]["component"]["value"] == "2"
    await ada.submits(form, {"person": " "})
    await loopback.edited(panel)
    assert bobbin.servers.of(server_of(hall)) == bobbin.servers.defaults


@pytest.mark.parametrize("written", ["many", "0", "-3", "10001", "1.5"])
async def test_a_quota_that_is_none_is_reported_and_changes_nothing(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, ada: Person, written: str
) -> None:
    panel = await panel_of(ada, hall)
    form = await ada.presses(panel, "Change quotas…")
    await form.opened_modal()
    told = await (await ada.submits(form, {"person": written})).reply()
    assert told.seen_only_by is ada
    assert "whole number from 1 to 10,000" in told.text.replace("\\", "")
    assert bobbin.servers.of(server_of(hall)) == bobbin.servers.defaults
    assert loopback.now(panel).edits == 0


async def test_the_language_holds_at_once_for_the_server_s_own_threads(
    loopback: Loopback, archive: Archive, bobbin: Bobbin, hall: Channel, ada: Person
) -> None:
    keep(archive, "own", "Ein Faden über Brücken.\n/1\nDie Brücken tragen Züge.\n/END\n", server_of(hall))
    panel = await panel_of(ada, hall)
    await ada.chooses(panel, "bob1s.language", ["uk"])
    panel = await loopback.edited(panel)
    form = await ada.chooses(panel, "bob1s.language", ["other"])
    await form.opened_modal()
    await ada.submits(form, {"language": "greek"})
    panel = await loopback.edited(panel)
    assert "Their language is Greek." in panel.text
    assert bobbin.servers.of(server_of(hall)).language == "el"
    own = [known for known in archive.catalog.collections(server_of(hall)) if known.server_id]
    assert [known.language for known in own] == ["el"]
    form = await ada.chooses(panel, "bob1s.language", ["other"])
    await form.opened_modal()
    told = await (await ada.submits(form, {"language": "*Klingon of nowhere*"})).reply()
    assert r"\*Klingon of nowhere\*" in told.text


async def test_the_panel_works_after_a_restart_with_the_form_open(
    loopback: Loopback, start: Start, hall: Channel, ada: Person
) -> None:
    async with start():
        panel = await panel_of(ada, hall)
        form = await ada.presses(panel, "Change quotas…")
        await form.opened_modal()
    async with start() as again:
        await ada.submits(form, {"server": "7"})
        panel = await loopback.edited(panel)
        await ada.presses(panel, "Private by default")
        await loopback.edited(panel)
        wanted = replace(again.servers.defaults, server=Quota(7, 3_600), private=True)
        assert again.servers.of(server_of(hall)) == wanted


@pytest.mark.parametrize("custom_id", ["bob1s.nothing", "bob1s.mentions", "bob1s.quotas.on"])
async def test_a_control_of_another_version_is_reported_so(
    loopback: Loopback, bobbin: Bobbin, hall: Channel, ada: Person, custom_id: str
) -> None:
    panel = await panel_of(ada, hall)
    found = loopback.world.message(panel.id)
    assert found is not None
    button = next(part for part in walk(found.components) if part.get("custom_id") == "bob1s.mentions.off")
    button["custom_id"] = custom_id
    use = await ada.presses(panel, custom_id)
    if custom_id == "bob1s.quotas.on":
        assert await use.opened_modal()
    else:
        assert "no longer works" in (await use.reply()).text
    assert bobbin.servers.of(server_of(hall)) == bobbin.servers.defaults


async def test_the_panel_speaks_the_admins_language(
    loopback: Loopback, bobbin: Bobbin, hall: Channel
) -> None:
    karl = loopback.add_user("karl", locale="de")
    assert hall.guild is not None
    hall.guild.add_member(karl, administrator=True)
    panel = await panel_of(karl, hall)
    assert "Einstellungen für Reading room" in panel.text
    await karl.chooses(panel, "bob1s.language", ["Ukrainisch"])
    assert "Ihre Sprache ist Ukrainisch." in (await loopback.edited(panel)).text
    assert bobbin.servers.of(server_of(hall)).language == "uk"


@pytest.mark.usefixtures("bobbin")
async def test_the_panel_is_not_offered_in_direct_messages(alice: Person) -> None:
    with pytest.raises(LookupError, match="not offered"):
        await alice.uses(alice.dm_channel, "settings")


async def test_a_file_that_refuses_is_reported_and_nothing_holds(
    bobbin: Bobbin, hall: Channel, ada: Person
) -> None:
    panel = await panel_of(ada, hall)
    bobbin.server_file.close()
    told = await (await ada.presses(panel, "Do not answer mentions")).followup()
    assert "it has been closed" in told.text
    assert "Nothing was changed" in told.text
    assert bobbin.servers.of(server_of(hall)).mentions
