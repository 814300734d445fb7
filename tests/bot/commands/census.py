"""Everything in a client that answers to people, and how a person comes to use each of it.

:func:`handlers` walks the client; :data:`WAYS` lead to every handler that the walk finds, which
``test_access`` holds, so that what is added later cannot be left out of the tests that go through them.
"""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import app_commands

from bot.client import Bobbin
from bot.interactions.access import access_of
from bot.views.custom_id import AnswerAction, AnswerState, ArrivalsState, PostAction, PostState, ThreadState
from retrieval.formats.import_types import SavedFile
from tests.bot.archives import HOSTILE, fill
from tests.bot.conftest import running
from tests.discord import Channel, Person, SeenMessage, Upload, Use
from tests.discord.components import walk
from tests.discord.fixtures import Loopback
from tests.retrieval.readers.exports import zipped

__all__ = ["MANAGE_SERVER", "QUESTION", "WAYS", "Stage", "Way", "handlers", "hidden", "staged", "undeclared"]

MANAGE_SERVER = 1 << 5
QUESTION = "Why does the ferry cross with the current?"
PAGE = "A thread about the cranes of the quay.\n/1\nThe zirconium crane lifts at night.\n/END\n"

Act = Callable[[], Awaitable[Use]]


def handlers(client: Bobbin) -> dict[str, Any]:
    """Return the commands, menus, classes of buttons and forms that a client answers to, by their names."""
    found: dict[str, Any] = {}
    places = [None, *map(discord.Object, client.tree._guild_commands)]
    for kind in discord.AppCommandType:
        for place in places:
            for command in client.tree.walk_commands(guild=place, type=kind):
                if not isinstance(command, app_commands.Group):
                    slash = "/" if kind is discord.AppCommandType.chat_input else ""
                    found[slash + command.qualified_name] = command
    found |= {item.__name__: item for item in client._connection._view_store._dynamic_items.values()}
    return found | {form.name: form for form in client.forms}


def undeclared(client: Bobbin) -> list[str]:
    """Return the names of what a client answers to without a declaration of who may use it."""
    return sorted(name for name, handler in handlers(client).items() if access_of(handler) is None)


def hidden(client: Bobbin) -> list[Any]:
    """Return the views and modals that discord.py keeps in memory and calls behind the gate's back."""
    store = client._connection._view_store
    return [*store._views.values(), *store._modals.values()]


@dataclass
class Stage:
    """A server with Bobbin in it, where everything can be used, by Ada who manages it and by Alice."""

    loopback: Loopback
    bobbin: Bobbin
    hall: Channel
    ada: Person
    alice: Person

    @property
    def server_id(self) -> int:
        """The server's id."""
        assert self.hall.guild is not None
        return self.hall.guild.id

    def make_ready(self) -> None:
        """Fill the server's and the public archive, so that each handler has something to show."""
        fill(self.bobbin.archive, hostile=HOSTILE)
        for server_id, collection, count in ((None, "main", 9), (self.server_id, "own", 11)):
            pages = {f"{collection} {n}.txt": PAGE.replace("quay", f"{collection} {n}") for n in range(count)}
            file = SavedFile("pages.zip", zipped(pages))
            report = self.bobbin.archive.import_file(file, collection=collection, server_id=server_id)
            assert report.threads.new == count, report
        self.bobbin.archive.refresh()

    async def shown(self, use: Use) -> SeenMessage:
        """Return the message that a use ends with."""
        original = (await use.final()).original
        assert original is not None
        return original

    async def command(self, person: Person, name: str, **options: object) -> SeenMessage:
        """Use a command and return its message."""
        return await self.shown(await person.uses(self.hall, name, even_if_hidden=True, **options))

    async def answer(self, person: Person, *, private: bool = False) -> SeenMessage:
        """Ask by command."""
        return await self.command(person, "ask", question=QUESTION, private=private)

    def plant(self, message: SeenMessage, custom_id: str, *, instead_of: str = "") -> SeenMessage:
        """Give a message's first button or menu, or a named one, another custom_id."""
        found = self.loopback.world.message(message.id)
        assert found is not None
        parts = (part for part in walk(found.components) if part.get("custom_id"))
        next(part for part in parts if instead_of in {"", part["custom_id"]})["custom_id"] = custom_id
        return self.loopback.now(message)


@contextlib.asynccontextmanager
async def staged(loopback: Loopback, client: Bobbin) -> AsyncIterator[Stage]:
    """Run a client in a server where everything can be used."""
    hall = loopback.add_guild("Reading room").add_channel("hall")
    assert hall.guild is not None
    hall.guild.add_role("Readers")
    people = {name: loopback.add_user(name) for name in ("ada", "alice")}
    hall.guild.add_member(people["ada"], MANAGE_SERVER)
    hall.guild.add_member(people["alice"])
    stage = Stage(loopback, client, hall, **people)
    stage.make_ready()
    async with running(client, loopback):
        yield stage


@dataclass(frozen=True)
class Way:
    """One way to use a handler: ``prepare`` leads a person up to it and returns the last step."""

    handler: str
    name: str
    prepare: Callable[[Stage, Person], Awaitable[Act]]

    def __str__(self) -> str:
        """The test's name."""
        return f"{self.handler} {self.name}".strip().replace(" ", "-")


def _command(name: str, options: dict[str, object] | None = None, *, digest: bool = False) -> Way:
    async def prepare(stage: Stage, person: Person) -> Act:
        if digest:
            await _set_up(stage, person)
        given = {key: stage.hall if value is Channel else value for key, value in (options or {}).items()}
        return lambda: person.uses(stage.hall, name, even_if_hidden=True, **given)

    return Way(f"/{name}", "", prepare)


async def _set_up(stage: Stage, person: Person) -> None:
    await stage.command(person, "digest setup", channel=stage.hall, at="9:00", timezone="Europe/Berlin")


async def _menu(stage: Stage, person: Person) -> Act:
    message = await person.says(stage.hall, QUESTION)
    return lambda: person.points_at(message, "Ask the threads")


async def _save_menu(stage: Stage, person: Person) -> Act:
    message = await person.says(stage.hall, "The harbour master keeps a green ledger of storms.")
    return lambda: person.points_at(message, "Save to the archive", even_if_hidden=True)


async def _check_menu(stage: Stage, person: Person) -> Act:
    message = await person.says(stage.hall, "> The ferry crosses at dawn because the current is calm then")
    return lambda: person.points_at(message, "Check the quotes")


def _press(handler: str, name: str, opening: Any, chosen: Callable[[str], bool] | str) -> Way:
    """Press a button of the message that ``opening`` shows: by its custom_id, or its label."""

    async def prepare(stage: Stage, person: Person) -> Act:
        message = await opening(stage, person)
        return lambda: person.presses(message, _picked(message, chosen))

    return Way(handler, name, prepare)


def _choose(name: str, values: Callable[[Stage], list[Any]], which: str = "") -> Way:
    async def prepare(stage: Stage, person: Person) -> Act:
        panel = await _panel(stage, person)
        return lambda: person.chooses(panel, f"bob1s.{name}", values(stage))

    return Way("SettingControl", f"menu {name} {which}".strip(), prepare)


def _fill(handler: str, name: str, opening: Any, press: Any, values: dict[str, Any]) -> Way:
    """Submit the form that opens when ``press`` is used on the message that ``opening`` shows."""

    async def prepare(stage: Stage, person: Person) -> Act:
        use = await press(person, await opening(stage, person))
        await use.opened_modal()
        given = {key: [str(stage.hall.id)] if value is Channel else value for key, value in values.items()}
        return lambda: person.submits(use, given)

    return Way(handler, name, prepare)


def _picked(message: SeenMessage, chosen: Callable[[str], bool] | str) -> str:
    if isinstance(chosen, str):
        return chosen
    custom_ids = [button.custom_id for button in message.buttons if button.custom_id and not button.disabled]
    return next(filter(chosen, custom_ids))


def _is(state: Any, **wanted: Any) -> Callable[[str], bool]:
    """Return whether a custom_id holds such a state."""

    def holds(custom_id: str) -> bool:
        if not state.TEMPLATE.fullmatch(custom_id):
            return False
        decoded = state.decode(custom_id)
        return all(getattr(decoded, key) == value for key, value in wanted.items())

    return holds


async def _public(stage: Stage, person: Person) -> SeenMessage:
    return await stage.answer(person)


async def _earlier(stage: Stage, person: Person) -> SeenMessage:
    """Post an answer with the button Context, as earlier versions did."""
    answer = await stage.answer(person)
    known = _picked(answer, _is(PostState))
    return stage.plant(
        answer, replace(PostState.decode(known), action=PostAction.CONTEXT).encode(), instead_of=known
    )


async def _private(stage: Stage, person: Person) -> SeenMessage:
    return await stage.answer(person, private=True)


async def _list(stage: Stage, person: Person) -> SeenMessage:
    return await stage.command(person, "threads")


async def _filtered(stage: Stage, person: Person) -> SeenMessage:
    return await stage.command(person, "threads", title="thread", sort="title")


async def _thread(stage: Stage, person: Person) -> SeenMessage:
    (found,) = await stage.bobbin.services.complete("hostile", None, limit=1)
    return await stage.command(person, "thread", thread=found.id)


async def _panel(stage: Stage, person: Person) -> SeenMessage:
    return await stage.command(person, "settings")


async def _privacy(stage: Stage, person: Person) -> SeenMessage:
    return await stage.command(person, "privacy")


async def _setup(stage: Stage, person: Person) -> SeenMessage:
    return await stage.command(person, "setup")


async def _files(stage: Stage, person: Person) -> SeenMessage:
    return await stage.command(person, "archive list")


async def _removal(stage: Stage, person: Person) -> SeenMessage:
    return await stage.command(person, "archive remove", file="0")


async def _refused(stage: Stage, person: Person) -> SeenMessage:
    diary = Upload("diary.txt", b"The zirconium gunner slept between two shots.", "text/plain")
    return await stage.command(person, "archive add", file=diary)


def _arrivals(*, opens: bool) -> Callable[[Stage, Person], Awaitable[SeenMessage]]:
    async def posted(stage: Stage, person: Person) -> SeenMessage:
        return stage.plant(await stage.answer(person), ArrivalsState(0, 2**40, opens=opens).encode())

    return posted


def _all() -> Iterator[Way]:  # noqa: PLR0915 - one line for each way
    yield _command("ask", {"question": QUESTION})
    yield Way("Ask the threads", "", _menu)
    yield _command("verify", {"quote": "The ferry at Gozdowice crosses at noon because the current is calm"})
    yield from (Way("Check the quotes", "", _check_menu), Way("Save to the archive", "", _save_menu))
    yield _command("thread", {"thread": "hostile"})
    yield _command("threads")
    yield _command("when", {"words": "the ferry"})
    yield _command("trend", {"words": "ferry"})
    yield _command("help", {"question": "How do I ask?"})
    yield _command("privacy", {"forget-me": True})
    yield _command("settings")
    yield _command("setup")
    yield _command("archive add", {"file": Upload("cranes.txt", PAGE.encode(), "text/plain")})
    yield _command("archive follow", {"author": "nobody"})
    yield _command("archive unfollow", {"author": "nobody"})
    yield _command("archive following")
    yield _command("archive list")
    yield _command("archive remove", {"file": "0"})
    yield _command("archive export", {"collection": "own"})
    yield _command("archive stats")
    yield _command("archive unanswered")
    yield _command("digest setup", {"channel": Channel, "at": "9:00", "timezone": "Europe/Berlin"})
    for name in ("preview", "now", "pause", "resume", "off", "status"):
        yield _command(f"digest {name}", digest=True)
    yield _command("digest weigh", {"source": "main", "often": "often"}, digest=True)
    yield _command("alert add", {"query": "ferry"})
    yield _command("alert list")
    yield _command("alert remove", {"alert": "all"})
    turn, share = AnswerAction.TURN, AnswerAction.SHARE
    yield _press("AnswerButton", "more", _public, _is(AnswerState, action=turn))
    yield _press("AnswerButton", "helpful", _public, "👍")
    yield _press("AnswerButton", "not helpful", _public, "👎")
    yield _press("AnswerButton", "share", _private, _is(AnswerState, action=share))
    yield _press("PostButton", "context", _earlier, _is(PostState, action=PostAction.CONTEXT))
    yield _press("PostButton", "thread", _public, _is(PostState, action=PostAction.THREAD))
    yield _press("ThreadButton", "open", _list, _is(ThreadState, opens=True))
    yield _press("ThreadButton", "page", _thread, _is(ThreadState, opens=False))
    yield _press("ListButton", "more", _list, "More")
    yield _press("FilteredListButton", "more", _filtered, "More")
    yield _press("DeleteButton", "", _public, "🗑️")
    yield _press("PrivacyButton", "", _privacy, "Details")
    yield _press("ArrivalsButton", "open", _arrivals(opens=True), _is(ArrivalsState))
    yield _press("ArrivalsButton", "page", _arrivals(opens=False), _is(ArrivalsState))
    for label in (
        "Do not answer mentions",
        "Private by default",
        "React to thanks",
        "Keep unanswered words",
        "Change quotas…",
    ):
        yield _press("SettingControl", f"button {label}", _panel, label)
    for step in ("threads", "places", "digest"):
        yield _press("SetupButton", step, _setup, f"bob1w.{step}")
    yield _choose("channels", lambda stage: [stage.hall])
    yield _choose("roles", lambda stage: [next(iter(stage.hall.guild.roles.values()))])  # type: ignore[union-attr]
    yield _choose("exempt", lambda stage: [next(iter(stage.hall.guild.roles.values()))])  # type: ignore[union-attr]
    yield _choose("quotes", lambda _: ["4"])
    yield _choose("language", lambda _: ["German"])
    yield _choose("language", lambda _: ["other"], "other")
    yield _press("UploadButton", "page", _files, "Next")
    yield _press("UploadButton", "remove", _removal, "Remove")
    yield _press("UploadButton", "keep", _removal, "Keep")
    yield _press("PlainButton", "", _refused, "Import as plain text")
    yield _fill("feedback_form", "", _public, lambda one, at: one.presses(at, "👎"), {"words": "Too long."})
    yield _fill(
        "digest_form",
        "",
        _setup,
        lambda one, at: one.presses(at, "bob1w.digest"),
        {"channel": Channel, "at": "9:00", "timezone": "Berlin"},
    )
    yield _fill(
        "settings_form", "quotas", _panel, lambda one, at: one.presses(at, "Change quotas…"), {"person": "5"}
    )
    yield _fill(
        "settings_form",
        "language",
        _panel,
        lambda one, at: one.chooses(at, "bob1s.language", ["other"]),
        {"language": "greek"},
    )


WAYS = tuple(_all())
