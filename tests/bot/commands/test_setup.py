"""The first day in a server: the setup card on joining, ``/setup``, and the card's three buttons."""

from datetime import time

import pytest

from bot.cli.check import _servers
from bot.client import Bobbin
from bot.commands.digest_options import DigestPlace
from bot.commands.setup import greet
from bot.servers.permission_gaps import PermissionGaps
from bot.settings import Settings
from tests.bot.commands.census import MANAGE_SERVER
from tests.bot.conftest import Start
from tests.discord import Channel, Guild, Person
from tests.discord.components import walk
from tests.discord.fixtures import Loopback
from tests.discord.waiting import until

SEND = 1 << 11
QUESTION = "Why does the ferry cross at dawn?"
STEPS = ("Add threads", "Choose", "Set up")


@pytest.fixture
def ada(loopback: Loopback, hall: Channel) -> Person:
    ada = loopback.add_user("ada")
    assert hall.guild is not None
    hall.guild.add_member(ada, MANAGE_SERVER)
    return ada


def joined(
    loopback: Loopback, *, system: bool, locale: str = "en-US", owner: Person | None = None
) -> tuple[Guild, Channel]:
    guild = loopback.add_guild("New server", with_bot=False, locale=locale, owner=owner)
    lobby = guild.add_channel("lobby")
    guild.admit_bot(lobby if system else None)
    return guild, lobby


@pytest.mark.parametrize(
    ("locale", "words"), [("en-US", "Hello, I am"), ("de", "Hallo, ich bin"), ("uk", "Привіт, я")]
)
async def test_on_joining_one_card_with_three_buttons_stands_in_the_system_channel(
    loopback: Loopback, bobbin: Bobbin, locale: str, words: str
) -> None:
    await bobbin.wait_until_ready()
    _, lobby = joined(loopback, system=True, locale=locale)
    card = await loopback.next_message(in_=lobby)
    assert words in card.text
    assert len(card.buttons) == 3
    assert "</setup:" in card.text
    await loopback.settled()
    assert len(loopback.messages(lobby)) == 1


async def test_a_start_is_no_joining(loopback: Loopback, start: Start, hall: Channel) -> None:
    assert hall.guild is not None
    hall.guild.system_channel = hall
    for _ in range(2):
        async with start():
            await loopback.settled()
    assert loopback.messages(hall) == []


async def test_a_server_that_was_joined_before_the_first_start_gets_its_card_once(
    loopback: Loopback, start: Start
) -> None:
    _, lobby = joined(loopback, system=True)
    async with start():
        assert "Three steps" in (await loopback.next_message(in_=lobby)).text
        await loopback.settled()
    async with start() as client:
        await client.wait_until_ready()
        await loopback.settled()
    assert len(loopback.messages(lobby)) == 1


@pytest.mark.parametrize("denied", [False, True], ids=["no system channel", "may not send there"])
async def test_else_the_first_manager_who_speaks_to_it_gets_the_card_also_after_a_restart(
    loopback: Loopback, start: Start, ada: Person, alice: Person, *, denied: bool
) -> None:
    async with start() as client:
        await client.wait_until_ready()
        if denied:
            guild = loopback.add_guild("New server", with_bot=False, owner=ada)
            lobby = guild.add_channel("lobby")
            lobby.denied = SEND
            guild.admit_bot(lobby)
        else:
            guild, lobby = joined(loopback, system=False, owner=ada)
        await loopback.settled()
        await until(lambda: client.setup_cards.awaited(guild.id), "the note that the card waits")
    lobby.allow_bot()
    guild.add_member(alice)
    async with start():
        await alice.says(lobby, f"{loopback.bot_user.mention} {QUESTION}")
        answer = await loopback.next_message(in_=lobby)
        assert "**ferry**" in answer.text
        await ada.says(lobby, "good morning everyone")
        await loopback.stays_silent(in_=lobby, after=answer)
        await ada.says(lobby, f"{loopback.bot_user.mention} {QUESTION}")
        answer = await loopback.next_message(in_=lobby)
        card = await loopback.next_message(in_=lobby)
        assert [button.label for button in card.buttons] == list(STEPS)
        await ada.says(lobby, f"{loopback.bot_user.mention} {QUESTION}")
        await loopback.next_message(in_=lobby)
        await loopback.settled()
        assert sum("Three steps" in message.text for message in loopback.messages(lobby)) == 1


async def test_a_manager_who_uses_a_command_first_sees_it_alone_and_once(
    bobbin: Bobbin, hall: Channel, ada: Person
) -> None:
    assert hall.guild is not None
    guild = bobbin.get_guild(hall.guild.id)
    assert guild is not None
    await greet(bobbin, guild)
    use = await ada.uses(hall, "ask", question=QUESTION)
    assert "**ferry**" in (await use.reply()).text
    card = await use.followup()
    assert card.seen_only_by is ada
    assert [button.label for button in card.buttons] == list(STEPS)
    again = await (await ada.uses(hall, "ask", question=QUESTION)).final()
    assert len(again.messages) == 1


async def test_the_form_of_the_card_takes_every_kind_of_channel_that_the_command_takes(
    bobbin: Bobbin, hall: Channel, ada: Person
) -> None:
    assert hall.guild is not None
    forum = hall.guild.add_forum("news")
    await until(lambda: bobbin.get_channel(forum.id) is not None)
    form = await ada.presses(await (await ada.uses(hall, "setup")).reply(), "Set up")
    modal = await form.opened_modal()
    (chosen,) = (part for part in walk(modal["components"]) if part.get("custom_id") == "channel")
    assert chosen["channel_types"] == [kind.value for kind in DigestPlace().channel_types]
    values: dict[str, str | list[str]] = {"channel": [str(forum.id)], "at": "17:30", "timezone": "Berlin"}
    done = await (await ada.submits(form, values)).reply()
    assert f"The digest comes to <#{forum.id}>" in done.text


@pytest.mark.usefixtures("bobbin")
async def test_each_button_leads_on_and_setup_shows_what_is_done(
    bobbin: Bobbin, hall: Channel, ada: Person, alice: Person
) -> None:
    card = await (await ada.uses(hall, "setup")).reply()
    assert card.seen_only_by is ada
    assert card.text.count("✅") == 1
    assert "2 threads can be asked here" in card.text
    how = await (await ada.presses(card, "Add threads")).reply()
    assert "</archive add:" in how.text
    panel = await (await ada.presses(card, "Choose")).reply()
    await ada.presses(panel, "Private by default")
    form = await ada.presses(card, "Set up")
    await form.opened_modal()
    wrong = await (await ada.submits(form, {"channel": [str(hall.id)], "timezone": "IST"})).reply()
    assert "not sure which clock" in wrong.text
    form = await ada.presses(card, "Set up")
    await form.opened_modal()
    values: dict[str, str | list[str]] = {"channel": [str(hall.id)], "at": "17:30", "timezone": "Berlin"}
    done = await (await ada.submits(form, values)).reply()
    assert f"The digest comes to <#{hall.id}> every day at 17:30" in done.text
    assert hall.guild is not None
    subscription = bobbin.digests.ledger.subscription(hall.guild.id)
    assert subscription is not None
    assert subscription.options.at == time(17, 30)
    again = await (await ada.uses(hall, "setup")).reply()
    assert again.text.count("✅") == 3
    refused = await alice.uses(hall, "setup", even_if_hidden=True)
    assert "Manage Server" in (await refused.reply()).text


async def test_check_lists_what_each_connected_server_lacks(
    loopback: Loopback, start: Start, settings: Settings, hall: Channel
) -> None:
    assert hall.guild is not None
    other = loopback.add_guild("Silent room")
    other.members[loopback.bot_user.id].permissions &= ~(SEND | 1 << 38)
    async with start() as client:
        await client.wait_until_ready()
        # It is recorded in a thread, of which the loopback learns nothing.
        await until(lambda: PermissionGaps(client.server_file).servers(), "the record of permissions")
    said = {finding.subject: finding.message for finding in _servers(settings)}
    assert said["servers"] == "2 servers connected, 1 of them with too few permissions"
    assert "“Silent room” lacks Send Messages, Send Messages In Threads" in said["server"]
