"""Access is denied by default: what answers to people declares who may use it, and the gate enforces it."""

import contextlib
import re
from collections.abc import AsyncIterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest
from discord import app_commands
from discord.app_commands import Choice
from discord.ui import Button, DynamicItem, Select

from bot.alerts.model import AlertOptions
from bot.client import Bobbin
from bot.commands.ask import AnswerButton
from bot.digest.model import DigestOptions, Position
from bot.fetching.service import Account
from bot.interactions.access import (
    ASKING,
    BELOW,
    EVERYONE,
    MANAGING,
    OWN_HERE,
    READING,
    WATCHING,
    Access,
    Where,
    Who,
    access,
    access_of,
)
from bot.interactions.app_client import Interaction
from bot.interactions.buttons import Form, Pressed
from bot.interactions.responses import send_private
from bot.servers.follow_store import Place
from bot.servers.preferences import Quota
from bot.settings import Settings
from retrieval.archive import Archive
from tests.bot.archives import HANDBOOK
from tests.bot.commands.census import MANAGE_SERVER, WAYS, Stage, Way, handlers, hidden, staged, undeclared
from tests.discord import FinalState, Person, Use
from tests.discord.components import walk
from tests.discord.fixtures import Loopback

#: What is declared, once more: a change of who may do what is a decision, and shows here.
DECLARED = {
    "/ask": ASKING,
    "Ask the threads": ASKING,
    "/verify": ASKING,
    "/when": ASKING,
    "Check the quotes": ASKING,
    "Save to the archive": MANAGING,
    "/thread": READING,
    "/threads": READING,
    "/trend": READING,
    "/help": EVERYONE,
    "/privacy": EVERYONE,
    "/settings": MANAGING,
    "/setup": MANAGING,
    **{
        f"/archive {name}": MANAGING
        for name in (
            "add",
            "follow",
            "following",
            "list",
            "remove",
            "export",
            "stats",
            "unanswered",
            "unfollow",
        )
    },
    **{
        f"/digest {name}": MANAGING
        for name in ("setup", "preview", "now", "pause", "resume", "off", "weigh", "status")
    },
    "/alert add": WATCHING,
    **{f"/alert {name}": OWN_HERE for name in ("list", "remove")},
    "AnswerButton": BELOW,
    "PostButton": BELOW,
    "ThreadButton": BELOW,
    "ListButton": BELOW,
    "FilteredListButton": BELOW,
    "ArrivalsButton": BELOW,
    "DeleteButton": EVERYONE,
    "PrivacyButton": EVERYONE,
    "SettingControl": MANAGING,
    "SetupButton": MANAGING,
    "UploadButton": MANAGING,
    "PlainButton": MANAGING,
    "feedback_form": BELOW,
    "settings_form": MANAGING,
    "digest_form": MANAGING,
}
NOT_DECLARED = "does not declare who may use it"
NEEDS_MANAGER = "Only people with the permission “Manage Server”"
#: What each rule of a server says to whom it refuses.
REFUSALS = {
    "channel": "I may not be asked here",
    "role": "only be asked by people with one of these roles",
    "quota": "You have asked as often as this server allows",
}
#: The rules that hold for each way: below a message its channel is decided already, sharing is posting.
RULES = {
    **dict.fromkeys(
        ("/ask", "Ask the threads", "/verify", "Check the quotes", "/when"),
        frozenset({"channel", "role", "quota"}),
    ),
    **dict.fromkeys(
        ("/alert-add", "/thread", "/threads", "/trend", "AnswerButton-share"), frozenset({"channel", "role"})
    ),
    **dict.fromkeys(("AnswerButton", "PostButton", "ThreadButton", "ListButton"), frozenset({"role"})),
    **dict.fromkeys(("FilteredListButton", "ArrivalsButton", "feedback_form"), frozenset({"role"})),
}
MANAGED = [way for way in WAYS if DECLARED[way.handler].who is Who.MANAGERS]


@pytest.fixture
def client(archive: Archive, settings: Settings) -> Bobbin:
    return Bobbin(archive, settings, ready_timeout=0.01)


def rules_of(way: Way) -> frozenset[str]:
    return RULES.get(str(way), RULES.get(way.handler, frozenset()))


def lay_down(stage: Stage, person: Person, rules: AbstractSet[str]) -> None:
    """Let these rules, and no others, stand in this person's way."""
    assert stage.hall.guild is not None
    preferences = stage.bobbin.servers.change(
        stage.server_id,
        lambda before: replace(
            before,
            channels=frozenset({1}) if "channel" in rules else frozenset(),
            roles=frozenset(stage.hall.guild.roles) if "role" in rules else frozenset(),  # type: ignore[union-attr]
            person=Quota(1, 86_400) if "quota" in rules else None,
        ),
    )
    if "quota" in rules:
        stage.bobbin.access_check.usage.take(stage.server_id, person.id, preferences, stage.bobbin.now())


def assert_refused(final: FinalState, person: Person, reason: str) -> None:
    """Hold that an interaction came to nothing but its reason, which the person alone sees."""
    (message,) = final.messages
    assert reason in message.text
    assert message.seen_only_by is person
    assert [part for part in walk(message.components) if part.get("custom_id")] == []
    assert final.modal is None


def state_of(stage: Stage) -> tuple[Any, ...]:
    """Everything that an admin's command could change."""
    bobbin = stage.bobbin
    return (
        bobbin.servers.of(stage.server_id),
        bobbin.archive.catalog.uploads(stage.server_id),
        bobbin.digests.ledger.subscriptions_of(stage.server_id),
        bobbin.digests.ledger.entries(stage.server_id),
        [
            (message.id, message.text)
            for message in stage.loopback.messages(stage.hall)
            if not message.ephemeral
        ],
    )


def completions(client: Bobbin) -> list[tuple[str, str]]:
    return [
        (name.removeprefix("/"), str(parameter.display_name))
        for name, handler in handlers(client).items()
        if isinstance(handler, app_commands.Command)
        for parameter in handler.parameters
        if parameter.autocomplete
    ]


async def test_everything_that_answers_to_people_declares_its_access(
    loopback: Loopback, client: Bobbin
) -> None:
    async with staged(loopback, client):
        assert undeclared(client) == []
        assert {name: access_of(handler) for name, handler in handlers(client).items()} == DECLARED
        assert {way.handler for way in WAYS} == set(DECLARED)


async def test_what_discord_is_asked_to_hide_is_what_needs_manage_server(client: Bobbin) -> None:
    for name, command in handlers(client).items():
        if isinstance(command, app_commands.Command | app_commands.ContextMenu):
            top = getattr(command, "root_parent", None) or command
            declared = access_of(command)
            assert declared is not None
            hides = top.default_permissions is not None and top.default_permissions.manage_guild
            assert hides == (declared.who is Who.MANAGERS), name
            contexts = top.allowed_contexts
            servers_only = contexts is not None and contexts.guild and not contexts.dm_channel
            assert servers_only == (declared.where in {Where.SERVERS, Where.SERVER_CHANNELS}), name


@pytest.mark.parametrize("way", MANAGED, ids=str)
async def test_what_needs_manage_server_does_nothing_without_it(
    loopback: Loopback, client: Bobbin, way: Way
) -> None:
    async with staged(loopback, client) as stage:
        act = await way.prepare(stage, stage.ada)
        before = state_of(stage)
        assert stage.hall.guild is not None
        stage.hall.guild.members[stage.ada.id].permissions &= ~MANAGE_SERVER
        final = await (await act()).final()
        assert_refused(final, stage.ada, NEEDS_MANAGER)
        assert state_of(stage) == before
        # And it is the permission alone that was missing.
        stage.hall.guild.members[stage.ada.id].permissions |= MANAGE_SERVER
        assert NEEDS_MANAGER not in (await (await act()).final()).text


async def test_a_control_of_an_admin_s_does_nothing_outside_servers(
    loopback: Loopback, client: Bobbin
) -> None:
    async with staged(loopback, client) as stage:
        await stage.ada.dm("Why does the ferry cross with the current?")
        answer = await loopback.next_message(in_=stage.ada.dm_channel)
        for custom_id in ("bob1s.private.on", "bob1u.remove.0"):
            use = await stage.ada.presses(stage.plant(answer, custom_id), custom_id)
            assert_refused(await use.final(), stage.ada, "in a server only")


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS, ids=str)
async def test_a_server_s_rules_hold_for_what_is_subject_to_them_and_for_nothing_else(
    loopback: Loopback, client: Bobbin, way: Way
) -> None:
    async with staged(loopback, client) as stage:
        person = stage.ada if way in MANAGED else stage.alice
        act = await way.prepare(stage, person)
        subject = rules_of(way)
        for rule in sorted(subject):
            lay_down(stage, person, {rule})
            before = state_of(stage)
            assert_refused(await (await act()).final(), person, REFUSALS[rule])
            assert state_of(stage) == before
        lay_down(stage, person, set(REFUSALS) - subject)
        final = await (await act()).final()
        for refusal in (NEEDS_MANAGER, NOT_DECLARED, "went wrong", "cannot answer", *REFUSALS.values()):
            assert refusal not in final.text
        assert hidden(client) == []


@pytest.mark.parametrize("rule", ["channel", "role"])
async def test_a_person_who_may_not_use_a_command_is_offered_no_choices_either(
    loopback: Loopback, client: Bobbin, rule: str
) -> None:
    async with staged(loopback, client) as stage:
        walked = completions(client)
        options = DigestOptions(stage.hall.id, ZoneInfo("Etc/UTC"), time(9))
        client.digests.ledger.subscribe(stage.server_id, options, Position("a", 0), datetime.now(UTC))
        families = {"alert", "ask", "thread", "threads", "archive", "digest"}
        assert {name.split()[0] for name, _ in walked} == families
        for person in (stage.ada, stage.alice):
            own = AlertOptions(person.id, stage.hall.id, "ferry")
            client.alerts.ledger.add(stage.server_id, own, Position("a", 0))
        client.following.store.add(
            Account("Bluesky", "a.example", "did:plc:a", "ada.example"),
            Place(stage.server_id, "main"),
            datetime.now(UTC) + timedelta(days=1),
        )
        for name, option in walked:
            declared, word = DECLARED[f"/{name}"], "berl" if option == "timezone" else ""

            async def offered(
                person: Person, name: str = name, typed: tuple[str, str] = (option, word)
            ) -> list[dict[str, Any]]:
                options: dict[str, Any] = dict([typed])
                return await person.completes(stage.hall, name, even_if_hidden=True, **options)

            lay_down(stage, stage.alice, set())
            assert await offered(stage.ada), name
            assert bool(await offered(stage.alice)) == (declared is not MANAGING), name
            lay_down(stage, stage.alice, {rule, "quota"})
            assert bool(await offered(stage.alice)) == (declared is OWN_HERE), name
            assert bool(await offered(stage.ada)) == (declared in {MANAGING, OWN_HERE} or rule == "role"), (
                name
            )


async def test_completion_counts_against_no_quota(loopback: Loopback, client: Bobbin) -> None:
    async with staged(loopback, client) as stage:
        access(ASKING)(handlers(client)["/thread"])
        try:
            client.servers.change(stage.server_id, lambda before: replace(before, person=Quota(1, 86_400)))
            for _ in range(3):
                assert await stage.alice.completes(stage.hall, "thread", thread="hostile")
            answer = await stage.command(stage.alice, "thread", thread="hostile")
            assert REFUSALS["quota"] not in answer.text
        finally:
            access(READING)(handlers(client)["/thread"])


async def test_below_a_private_message_its_reader_goes_on_but_shares_only_where_asking_is_allowed(
    loopback: Loopback, client: Bobbin
) -> None:
    async with staged(loopback, client) as stage:
        lay_down(stage, stage.alice, {"channel", "role"})
        answer = await stage.command(stage.alice, "help", question="How do I ask in a server?")
        assert HANDBOOK.split("\n/")[1][2:40] in answer.text.replace("*", "").replace("\\", "")
        opened = await (await stage.alice.presses(answer, "Read thread")).final()
        assert "This thread tells how to ask" in opened.text.replace("\\", "")
        refused = await (await stage.alice.presses(answer, "Share")).final()
        assert_refused(refused, stage.alice, REFUSALS["channel"])
        assert [message for message in loopback.messages(stage.hall) if not message.ephemeral] == []


# What is not declared.


@app_commands.command(name="stray", description="A command that declares nothing")
async def stray(interaction: Interaction, word: str = "") -> None:
    used.append(f"stray {word}")
    await send_private(interaction, "It ran")


@stray.autocomplete("word")
async def _words(_interaction: Interaction, typed: str) -> list[Choice[str]]:
    used.append(f"completion {typed}")
    return [Choice(name="a word", value="a word")]


pack = app_commands.Group(name="pack", description="A group whose commands declare nothing")


@pack.command(name="stray", description="A command below a group")
async def below(interaction: Interaction) -> None:
    used.append("below")
    await send_private(interaction, "It ran")


@app_commands.context_menu(name="Stray message")
async def on_a_message(interaction: Interaction, message: discord.Message) -> None:
    used.append(f"message {message.id}")
    await send_private(interaction, "It ran")


@app_commands.context_menu(name="Stray person")
async def on_a_person(interaction: Interaction, person: discord.Member) -> None:
    used.append(f"person {person.id}")
    await send_private(interaction, "It ran")


class Runs(Pressed):
    async def press(self, interaction: Interaction) -> None:
        used.append(type(self).__name__)
        await send_private(interaction, "It ran")


class StrayButton(Runs, DynamicItem[Button[Any]], template=r"stray\.button"):
    """A button that declares nothing."""


class StrayMenu(Runs, DynamicItem[Select[Any]], template=r"stray\.menu"):
    """A menu that declares nothing."""


class Heir(Runs, AnswerButton, template=r"stray\.heir"):
    """A button that declares nothing below a class that does."""


async def stray_form(interaction: Interaction) -> None:
    used.append("form")
    await send_private(interaction, "It ran")


used: list[str] = []
BUTTONS = (StrayButton, StrayMenu, Heir)
COMMANDS = ("/stray", "/pack stray", "Stray message", "Stray person")
STRAYS = sorted([*COMMANDS, "StrayButton", "StrayMenu", "Heir", "stray_form"])


class Straying(Bobbin):
    """A Bobbin with one of each that declares nothing."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        super().__init__(archive, settings, ready_timeout=0.01)
        self.tree.add_command(stray)
        self.tree.add_command(pack)
        self.tree.add_command(on_a_message)
        self.tree.add_command(on_a_person)
        self.forms.append(Form("stray_form", re.compile(r"stray\.form"), stray_form))

    async def setup_hook(self) -> None:
        await super().setup_hook()
        self.add_dynamic_items(*BUTTONS)


@contextlib.asynccontextmanager
async def straying(loopback: Loopback, archive: Archive, settings: Settings) -> AsyncIterator[Stage]:
    used.clear()
    async with staged(loopback, Straying(archive, settings)) as stage:
        yield stage


async def strays_used(stage: Stage) -> AsyncIterator[tuple[str, Use]]:
    """Let the server's admin use each of them."""
    ada, hall = stage.ada, stage.hall
    yield "/stray", await ada.uses(hall, "stray")
    yield "/pack stray", await ada.uses(hall, "pack stray")
    yield "Stray message", await ada.points_at(await ada.says(hall, "hello"), "Stray message")
    yield "Stray person", await ada.points_at(stage.alice, "Stray person", hall)
    for name, custom_id in (("StrayButton", "stray.button"), ("Heir", "stray.heir")):
        message = stage.plant(await stage.answer(ada), custom_id)
        yield name, await ada.presses(message, custom_id)
    menu = stage.plant(await stage.command(ada, "settings"), "stray.menu", instead_of="bob1s.quotes")
    yield "StrayMenu", await ada.chooses(menu, "stray.menu", ["4"])
    form = await ada.presses(await stage.answer(ada), "👎")
    opened = await form.opened_modal()
    opened["custom_id"] = "stray.form"
    yield "stray_form", await ada.submits(form, {})


async def test_the_walk_finds_each_kind_that_declares_nothing(
    loopback: Loopback, archive: Archive, settings: Settings
) -> None:
    async with straying(loopback, archive, settings) as stage:
        assert undeclared(stage.bobbin) == STRAYS


async def test_what_declares_nothing_is_refused_to_everybody_when_it_is_used(
    loopback: Loopback, archive: Archive, settings: Settings
) -> None:
    async with straying(loopback, archive, settings) as stage:
        names = []
        async for name, use in strays_used(stage):
            names.append(name)
            assert_refused(await use.final(), stage.ada, NOT_DECLARED)
        assert sorted(names) == STRAYS
        assert await stage.ada.completes(stage.hall, "stray", word="a") == []
        assert used == []


async def test_declared_they_run(
    loopback: Loopback, archive: Archive, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with straying(loopback, archive, settings) as stage:
        for name in STRAYS:
            handler = handlers(stage.bobbin)[name]
            if isinstance(handler, type):
                monkeypatch.setattr(handler, "__access__", EVERYONE, raising=False)
            else:
                monkeypatch.setitem(handler.extras, "access", EVERYONE)
        assert undeclared(stage.bobbin) == []
        async for name, use in strays_used(stage):
            assert "It ran" in (await use.final()).text, name
        assert len(used) == len(STRAYS)
        assert await stage.ada.completes(stage.hall, "stray", word="a")


async def test_a_button_without_the_gate_before_it_cannot_be_registered(client: Bobbin) -> None:
    class Bare(DynamicItem[Button[Any]], template=r"stray\.bare"):
        pass

    class Own(Pressed, DynamicItem[Button[Any]], template=r"stray\.own"):
        async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:  # type: ignore[misc]  # that is the fault
            return bool(interaction)

    for button in (Bare, Own):
        with pytest.raises(TypeError, match="must name Pressed first"):
            client.add_dynamic_items(button)
    await client.close()


async def test_a_view_or_modal_that_discord_py_would_call_by_itself_is_found(
    loopback: Loopback, client: Bobbin
) -> None:
    async with staged(loopback, client):
        view = discord.ui.View(timeout=None)
        view.add_item(Button(label="x", custom_id="stray.view"))
        client.add_view(view)
        assert len(hidden(client)) == 1


@pytest.mark.parametrize(
    "what", [pack, stray_form, Access, object()], ids=["a group", "a function", "a class", "an object"]
)
def test_only_what_people_use_can_declare_an_access(what: object) -> None:
    with pytest.raises(TypeError, match="no command, button, menu or form"):
        access(EVERYONE)(what)
