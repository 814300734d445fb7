"""Another server's private thread changes nothing at any entry point: no reply, and no step taken for it.

Every command, menu, button, completion and program is used with what a person may know or guess of a thread,
before it is in the archive and again when it is, private to a server. The walks go over what there is, so
that what is added later is in them.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import discord
import pytest
import pytest_asyncio
from discord import app_commands

from bot.cli.completion import offers
from bot.cli.completion_table import COMMANDS
from bot.client import Bobbin
from bot.settings import Settings
from bot.views.custom_id import AnswerAction, AnswerState, ListState, PostAction, PostState, ThreadState
from retrieval.archive import Archive
from retrieval.errors import ThreadNotFoundError
from retrieval.model import post_key
from tests.bot.archives import LAMPS, RIVERS, fill, handbook_in
from tests.bot.cli.commands import run
from tests.bot.commands.census import Stage, handlers, staged
from tests.bot.test_private_threads import MISSING, steps
from tests.bot.web.threads import keep_threads, thread_of
from tests.discord.fixtures import Loopback

OTHER_SERVER = 7
#: There already: what is compared is a private thread and none, not a server with and without any.
NEIGHBOUR = thread_of("A list of spoons.", "Each spoon has a number.", author="@cook", day=(2021, 3, 4))
SECRET = thread_of(
    "The quorum of Zanzibar keeps a ledger of every yttrium crate that was ever moved.",
    "The ledger is kept behind the vermilion hatch, and the padlock hangs on a peg.",
    author="@spy",
    title="Zanzibar's own ledger",
    day=(2020, 3, 4),
)
GUESSES = {
    "id": f"{SECRET.id}/2",
    "link": str(SECRET.posts[0].url),
    "text": f'{SECRET.title} "{SECRET.posts[1].text[:60]}" OR author:@spy OR thread:{SECRET.id}',
}
#: Commands that only set something up, and options whose words name no thread.
_SETTINGS = frozenset(
    {
        "/alert add",
        "/archive add",
        "/archive follow",
        "/digest setup",
        *(f"/digest {one}" for one in ("preview", "now", "pause", "resume", "off", "status")),
    }
)
_ELSEWHERE = frozenset({"after", "before", "since", "until", "language"})


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    with Archive.open(settings.database, handbook=settings.handbook) as opened:
        fill(opened, rivers=RIVERS, lamps=LAMPS)
        keep_threads(opened, [NEIGHBOUR], server_id=OTHER_SERVER)
        yield opened


@pytest_asyncio.fixture
async def stage(loopback: Loopback, archive: Archive, settings: Settings) -> AsyncIterator[Stage]:
    async with staged(loopback, Bobbin(archive, settings, ready_timeout=0.01)) as ready:
        yield ready


def typed_options(client: Bobbin) -> Iterator[tuple[str, str, bool]]:
    """Yield the options of commands into which words are typed, and whether they are completed."""
    for name, handler in handlers(client).items():
        if isinstance(handler, app_commands.Command):
            for option in handler.parameters:
                words = option.type is discord.AppCommandOptionType.string
                if words and not option.choices and option.name not in _ELSEWHERE and name not in _SETTINGS:
                    yield name.removeprefix("/"), str(option.display_name), option.autocomplete


async def used(stage: Stage, name: str, option: str, typed: str) -> str:
    given: dict[str, object] = {
        "channel": stage.hall,
        "at": "9:00",
        "timezone": "Europe/Berlin",
        "often": "often",
    }
    words = dict.fromkeys(("question", "words", "quote", "source"), "the ferry on the river crosses at dawn")
    known = {str(one.display_name): one for one in handlers(stage.bobbin)[f"/{name}"].parameters}
    typed = typed[: int(known[option].max_value or len(typed))]
    options = {one: value for one, value in (given | words | {option: typed}).items() if one in known}
    use = await stage.ada.uses(stage.hall, name, even_if_hidden=True, **options)
    return (await use.final(quiet=0.01)).text


async def shown_everywhere(stage: Stage) -> dict[str, str]:
    """Use every entry point in Discord with every guess; return what is shown."""
    seen: dict[str, str] = {}
    for kind, typed in GUESSES.items():
        for name, option, completed in typed_options(stage.bobbin):
            seen[f"/{name} {option} {kind}"] = await used(stage, name, option, typed)
            if completed:
                given: dict[str, Any] = {option: typed}
                choices = await stage.ada.completes(stage.hall, name, even_if_hidden=True, **given)
                seen[f"/{name} {option} {kind}, completed"] = str(choices)
        for menu in ("Ask the threads", "Check the quotes"):
            message = await stage.alice.says(stage.hall, typed)
            seen[f"{menu} {kind}"] = await _final(stage.ada.points_at(message, menu))
    key, asker = post_key(SECRET.id, 1), stage.ada.id
    for state in (
        PostState(key, PostAction.THREAD),
        PostState(key, PostAction.CONTEXT),
        ThreadState(0, SECRET.id, opens=True),
        ThreadState(0, SECRET.id, page=1),
        ListState(0, thread_id=SECRET.id),
        AnswerState(asker, 0, (key,)),
        AnswerState(asker, 0, (key,), action=AnswerAction.SHARE),
    ):
        planted = stage.plant(await stage.answer(stage.ada), state.encode())
        seen[repr(state)] = await _final(stage.ada.presses(planted, state.encode()))
    return seen


async def _final(use: Awaitable[Any]) -> str:
    return str((await (await use).final(quiet=0.01)).text)


@pytest.mark.slow
async def test_discord_shows_the_same_with_a_private_thread_as_without(stage: Stage) -> None:
    before = await shown_everywhere(stage)
    keep_threads(stage.bobbin.archive, [SECRET], server_id=OTHER_SERVER)
    stage.bobbin.archive.refresh()
    after = await shown_everywhere(stage)
    assert len(before) > 40
    assert {name: (text, after[name]) for name, text in before.items() if text != after[name]} == {}


def test_what_discord_looks_up_takes_as_many_steps_for_a_private_thread_as_for_none(archive: Archive) -> None:
    keep_threads(archive, [SECRET], server_id=OTHER_SERVER)
    archive.refresh()
    mine, catalog = OTHER_SERVER + 1, archive.catalog
    looks: dict[str, Callable[[str], object]] = {
        "a thread by its id": lambda name: archive.lookup.thread(name, catalog.lookup_scope(mine)),
        "a button's thread": lambda name: catalog.thread(name, catalog.lookup_scope(mine)),
        "a button's post": lambda name: catalog.locate(post_key(name, 1), catalog.lookup_scope(mine)),
        "an answer's posts": lambda name: archive.answers.recall(
            [post_key(name, 1)], [], catalog.lookup_scope(mine)
        ),
        "completion": lambda name: archive.lookup.complete(name, catalog.scope(mine), 25),
        "a filter": lambda name: archive.ask(f"ferry thread:{name}", catalog.scope(mine)),
    }
    for what, look in looks.items():
        taken = [steps(partial(_tried, look, name)) for name in (MISSING, MISSING, SECRET.id)]
        assert taken[1] == taken[2], what


def _tried(look: Callable[[str], object], name: str) -> None:
    with suppress(ThreadNotFoundError):
        look(name)


def test_the_program_prints_and_does_the_same_with_a_private_thread_as_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOBBIN_HANDBOOK", str(handbook_in(tmp_path / "handbook")))
    with Archive.open(tmp_path / "data" / "archive.db", handbook=tmp_path / "handbook") as archive:
        fill(archive, rivers=RIVERS, lamps=LAMPS)
        keep_threads(archive, [NEIGHBOUR], server_id=OTHER_SERVER)
        archive.refresh()
        before = printed()
        keep_threads(archive, [SECRET], server_id=OTHER_SERVER)
        archive.refresh()
        after = printed()
    assert len(before) > 40
    assert before == after
    # As many steps as for a thread that is not there, once the second has the first one's caches.
    for command in named_threads():
        missing, missing_again, private = (
            steps(partial(run, *command, wanted)) for wanted in (MISSING, MISSING, SECRET.id)
        )
        assert missing_again == private, (command, missing)


def named_threads() -> list[tuple[str, ...]]:
    """Return the commands that are given a thread; none opens a browser."""
    named = [name for name, (argument, _) in COMMANDS.items() if argument and argument[0] == "threads"]
    assert {"thread", "open"} <= set(named)
    return [(name, "--print") if name == "open" else (name,) for name in named]


def printed() -> dict[str, tuple[int, str, str]]:
    """Return what each command prints that is given words, with every guess, and what is completed."""
    seen = {}
    for typed in GUESSES.values():
        ways = [
            *((*command, typed) for command in named_threads()),
            ("thread", typed, "--json"),
            ("sources", "--thread", typed),
            ("export", "-o", "-", "--author", typed),
            *((name, typed, "--json") for name in ("ask", "verify", "when", "trend")),
            *((name, "the ferry crosses at dawn", "--author", typed) for name in ("ask", "verify", "when")),
            ("ask", "ferry", "--in", typed),
            ("ask", f"ferry thread:{typed}"),
            *(("threads", option, typed) for option in ("--search", "--author", "--collection")),
        ]
        for words in ways:
            result = run(*words)
            seen[" ".join(words)] = result.exit_code, result.stdout, result.stderr
        for words in ways:
            offered = [one.value for one in offers(list(words[:-1]), typed[:4])]
            seen[f"{words[:-1]} completed"] = 0, json.dumps(offered), ""
    return seen
