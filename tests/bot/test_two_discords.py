"""The same scenarios in two Discords: the loopback server of ours, and SimCord, which others wrote.

What both take is likely to be Discord's rule; where they disagree, `bot/DISCORD.md` says which holds.
SimCord runs the client in this process, without sockets, and waits after each step until the client is idle:
Bobbin's background loops are ended before their first turn.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import discord
import pytest
import pytest_asyncio

from bot.client import Bobbin
from bot.interactions.command_sync import command_links, sync_commands
from bot.settings import Settings
from retrieval.archive import Archive
from tests.bot.conftest import running, visitor
from tests.discord import SeenMessage
from tests.discord.components import buttons, displayed_text
from tests.discord.fixtures import Loopback

simcord: Any = pytest.importorskip("simcord", reason="there is no SimCord; the extra dev brings it")

QUESTION = "Why does the ferry cross with the current?"
_ADMINISTRATOR = 8


class Still(Bobbin):
    """Bobbin without anything that runs for as long as the client does."""

    async def setup_hook(self) -> None:
        """Set up as Bobbin does, end the loops before their first turn, and do once what they do at start."""
        await super().setup_hook()
        loops = [*self._background, *self._monitoring]
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
        known = await sync_commands(self.tree, self.settings.data_dir / "commands.json")
        self.command_links = command_links(self.tree, known)
        self.registered.set()
        await self.services.complete("a", None, limit=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as a person sees it; ``handle`` is what its Discord knows it by."""

    text: str
    labels: tuple[str, ...]
    private: bool
    replies_to: int | None
    handle: Any

    def button(self, name: str) -> str:
        """Return the label of the button of this name: "More" is "More (2/3)", too."""
        return next(label for label in self.labels if label == name or label.startswith(f"{name} ("))


class Stage(Protocol):
    """A server with a channel and two people: 0 is an administrator, 1 is not."""

    async def asks(self, text: str, who: int = 0, to: Shown | None = None) -> tuple[int, Shown]:
        """Mention the bot; return the message's id and the answer."""

    async def says_in_vain(self, text: str, who: int = 0) -> None:
        """Write a message in the channel, and hold that the bot writes none."""

    async def writes_in_private(self, text: str) -> Shown:
        """Write a direct message; return the answer."""

    async def asks_where_it_is_mute(self, text: str) -> Shown:
        """Mention the bot in a channel where it may not write; return its direct message."""

    async def uses(self, command: str, who: int = 0, **options: Any) -> Shown:
        """Use a command, also one that Discord hides by default; return the answer."""

    async def points(self, text: str) -> Shown:
        """Use "Ask the threads" on a message of that text; return the answer."""

    async def types(self, command: str, option: str, value: str) -> list[str]:
        """Type into an option; return what is offered."""

    async def presses(self, message: Shown, button: str, who: int = 0) -> Shown | None:
        """Press a button; return what it shows anew, else the message as it is then; ``None``: it is gone."""

    async def fills(self, message: Shown, button: str, field: str, words: str) -> Shown:
        """Press a button that opens a form, and send the form; return the answer."""

    async def chooses(self, message: Shown, menu: str, value: str) -> Shown:
        """Choose in a menu; return the message as it is then."""

    async def restarts(self) -> None:
        """Stop the client, and start another one over the same archive."""

    async def everyone_sees(self) -> list[str]:
        """Return the texts of the bot's messages that all see in the channel, the latest last."""


class OverSockets:
    """The loopback Discord."""

    def __init__(self, loopback: Loopback, start: Callable[[], AbstractAsyncContextManager[Bobbin]]) -> None:
        guild = loopback.add_guild("Reading room")
        self._loopback, self._start, self._hall = loopback, start, guild.add_channel("hall")
        self._people = [visitor(loopback, self._hall, name) for name in ("alice", "bob")]
        guild.members[self._people[0].id].permissions = _ADMINISTRATOR
        self._running = start()

    async def begin(self) -> None:
        await self._running.__aenter__()

    async def end(self) -> None:
        await self._running.__aexit__(None, None, None)

    async def asks(self, text: str, who: int = 0, to: Shown | None = None) -> tuple[int, Shown]:
        words = f"{self._loopback.bot_user.mention} {text}" if to is None else text
        message = await self._people[who].says(self._hall, words, replying_to=to.handle if to else None)
        return message.id, self._seen(await self._loopback.next_message(in_=self._hall, after=message))

    async def says_in_vain(self, text: str, who: int = 0) -> None:
        words = text.format(bot=self._loopback.bot_user.mention)
        message = await self._people[who].says(self._hall, words)
        await self._loopback.stays_silent(in_=self._hall, after=message)

    async def writes_in_private(self, text: str) -> Shown:
        alice = self._people[0]
        message = await alice.dm(text)
        return self._seen(await self._loopback.next_message(in_=alice.dm_channel, after=message))

    async def asks_where_it_is_mute(self, text: str) -> Shown:
        assert self._hall.guild is not None
        closed = self._hall.guild.add_channel("closed")
        closed.deny_bot()
        await self._people[0].says(closed, f"{self._loopback.bot_user.mention} {text}")
        return self._seen(await self._loopback.next_message(in_=self._people[0].dm_channel))

    async def uses(self, command: str, who: int = 0, **options: Any) -> Shown:
        use = await self._people[who].uses(self._hall, command, even_if_hidden=True, **options)
        return self._seen(await use.reply())

    async def points(self, text: str) -> Shown:
        message = await self._people[1].says(self._hall, text)
        return self._seen(await (await self._people[0].points_at(message, "Ask the threads")).reply())

    async def types(self, command: str, option: str, value: str) -> list[str]:
        typed: dict[str, Any] = {option: value}
        choices = await self._people[0].completes(self._hall, command, **typed)
        return [str(choice["name"]) for choice in choices]

    async def presses(self, message: Shown, button: str, who: int = 0) -> Shown | None:
        use = await self._people[who].presses(message.handle, message.button(button))
        final = await use.final()
        others = [one for one in final.messages if one.id != message.handle.id]
        if others:
            return self._seen(others[-1])
        there = self._loopback.world.message(message.handle.id)
        return self._seen(self._loopback.now(message.handle)) if there and not there.deleted else None

    async def fills(self, message: Shown, button: str, field: str, words: str) -> Shown:
        use = await self._people[0].presses(message.handle, message.button(button))
        return self._seen(await (await self._people[0].submits(use, {field: words})).reply())

    async def chooses(self, message: Shown, menu: str, value: str) -> Shown:
        await (await self._people[0].chooses(message.handle, menu, [value])).final()
        return self._seen(self._loopback.now(message.handle))

    async def restarts(self) -> None:
        await self.end()
        self._running = self._start()
        await self.begin()

    async def everyone_sees(self) -> list[str]:
        await self._loopback.settled()
        seen = self._loopback.messages(self._hall)
        return [message.text for message in seen if message.seen_only_by is None]

    def _seen(self, message: SeenMessage) -> Shown:
        labels = tuple(str(button.label or button.emoji) for button in message.buttons)
        reference = message.reference
        replies_to = int(reference["message_id"]) if reference else None
        return Shown(message.text, labels, message.seen_only_by is not None, replies_to, message)


class InProcess:
    """SimCord."""

    def __init__(self, start: Callable[[], Bobbin], env: Any) -> None:
        guild = env.create_guild()
        self._start, self._env, self._guild = start, env, guild
        self._hall = guild.create_text_channel("hall")
        admin = guild.create_role("admin", permissions=discord.Permissions(_ADMINISTRATOR))
        alice, bob = (env.create_user(name) for name in ("alice", "bob"))
        self._people = [guild.add_member(alice, roles=[admin]), guild.add_member(bob)]

    async def asks(self, text: str, who: int = 0, to: Shown | None = None) -> tuple[int, Shown]:
        words = f"<@{self._bot}> {text}" if to is None else text
        message = await self._people[who].send(self._hall, words, reply_to=to.handle if to else None)
        answer = self._hall.last_message
        assert answer is not None
        assert answer.id > message.id
        return message.id, self._seen(answer)

    async def says_in_vain(self, text: str, who: int = 0) -> None:
        message = await self._people[who].send(self._hall, text.format(bot=f"<@{self._bot}>"))
        assert self._hall.last_message is not None
        assert self._hall.last_message.id == message.id

    async def writes_in_private(self, text: str) -> Shown:
        await self._people[0].send_dm(text)
        answer = self._people[0].user.dm_channel.last_message
        assert answer is not None
        return self._seen(answer)

    async def asks_where_it_is_mute(self, text: str) -> Shown:
        silence = discord.PermissionOverwrite(send_messages=False)
        closed = self._guild.create_text_channel("closed", overwrites={self._env.bot.user: silence})
        await self._people[0].send(closed, f"<@{self._bot}> {text}")
        answer = self._people[0].user.dm_channel.last_message
        assert answer is not None
        return self._seen(answer)

    async def uses(self, command: str, who: int = 0, **options: Any) -> Shown:
        client: Any = self._env.bot
        registered = next(each for each in await client.tree.fetch_commands() if each.name == command)
        self._guild.set_command_permissions(registered, {self._people[who]: True})
        return self._seen((await self._people[who].slash(self._hall, command, **options)).response)

    async def points(self, text: str) -> Shown:
        message = await self._people[1].send(self._hall, text)
        used = await self._people[0].context_menu(self._hall, "Ask the threads", message)
        return self._seen(used.response)

    async def types(self, command: str, option: str, value: str) -> list[str]:
        choices = await self._people[0].autocomplete(self._hall, command, option, value)
        return [str(choice["name"]) for choice in choices]

    async def presses(self, message: Shown, button: str, who: int = 0) -> Shown | None:
        used = await self._people[who].click(message.handle, custom_id=self._custom_id(message, button))
        shown = [*used.followups, used.response]
        return next((self._seen(one) for one in shown if one is not None), None)

    async def fills(self, message: Shown, button: str, field: str, words: str) -> Shown:
        opened = await self._people[0].click(message.handle, custom_id=self._custom_id(message, button))
        return self._seen((await self._people[0].submit_modal(opened, {field: words})).response)

    async def chooses(self, message: Shown, menu: str, value: str) -> Shown:
        used = await self._people[0].select(message.handle, [value], custom_id=menu)
        return self._seen(used.response)

    async def restarts(self) -> None:
        await self._env.restart_bot(self._start())

    async def everyone_sees(self) -> list[str]:
        return [self._seen(one).text for one in self._hall.history() if one.author.id == self._bot]

    @property
    def _bot(self) -> int:
        assert self._env.bot.user is not None
        return int(self._env.bot.user.id)

    def _custom_id(self, message: Shown, name: str) -> str:
        label = message.button(name)
        return next(
            str(button.custom_id) for button in self._buttons(message.handle) if button.is_called(label)
        )

    def _buttons(self, message: Any) -> list[Any]:
        return buttons(self._raw(message))

    def _raw(self, message: Any) -> list[dict[str, Any]]:
        return [part if isinstance(part, dict) else part.to_dict() for part in message.components]

    def _seen(self, message: Any) -> Shown:
        labels = tuple(str(button.label or button.emoji) for button in self._buttons(message))
        reference = getattr(message, "reference", None)
        text = displayed_text({"components": self._raw(message)})
        replies_to = reference.message_id if reference else None
        return Shown(text, labels, message.flags.ephemeral, replies_to, message)


@pytest_asyncio.fixture(params=["sockets", "simcord"])
async def stage(
    request: pytest.FixtureRequest, loopback: Loopback, archive: Archive, settings: Settings
) -> AsyncIterator[Stage]:
    """Give each of the two Discords with the bot in it."""
    if request.param == "sockets":
        sockets = OverSockets(
            loopback, lambda: running(Bobbin(archive, settings, ready_timeout=0.01), loopback)
        )
        await sockets.begin()
        yield sockets
        await sockets.end()
        return

    def start() -> Bobbin:
        return Still(archive, settings, refresh_every=3600, ready_timeout=0.01)

    # A busy machine must not end the wait for the client.
    env = simcord.Env(start(), shard_count=1, settle_timeout=30.0)
    await env.start()
    yield InProcess(start, env)
    await env.shutdown()
    env.raise_errors()


async def test_a_mention_is_answered_by_a_reply_with_quotes(stage: Stage) -> None:
    asked, answer = await stage.asks(QUESTION, 1)
    assert answer.replies_to == asked
    assert "> The **ferry** at Gozdowice **crosses** at dawn" in answer.text
    assert answer.labels[-4:] == ("More (2/4)", "👍", "👎", "🗑️")


async def test_the_asker_turns_the_page_and_others_see_the_next_one_alone(stage: Stage) -> None:
    _, answer = await stage.asks(QUESTION, 1)
    alone = await stage.presses(answer, "More", 0)
    assert alone is not None
    assert alone.private
    turned = await stage.presses(answer, "More", 1)
    assert turned is not None
    assert not turned.private
    assert turned.text == alone.text != answer.text
    assert "More (3/4)" in turned.labels


async def test_read_thread_opens_the_thread_at_the_post_for_its_reader_alone(stage: Stage) -> None:
    _, answer = await stage.asks(QUESTION, 1)
    thread = await stage.presses(answer, "Read thread", 0)
    assert thread is not None
    assert thread.private
    assert "the quoted post" in thread.text


async def test_a_private_answer_is_shared_in_its_askers_name(stage: Stage) -> None:
    answer = await stage.uses("ask", 1, question=QUESTION, private=True)
    assert answer.private
    assert await stage.everyone_sees() == []
    await stage.presses(answer, "Share", 1)
    (shared,) = await stage.everyone_sees()
    assert shared.casefold().startswith("-# bob asked: why does the ferry cross")


async def test_the_bin_is_the_askers_and_the_moderators(stage: Stage) -> None:
    answer = await stage.uses("ask", 0, question=QUESTION)
    refused = await stage.presses(answer, "🗑️", 1)
    assert refused is not None
    assert refused.private
    await stage.presses(answer, "🗑️", 0)
    assert await stage.everyone_sees() == []


async def test_what_was_wrong_is_asked_in_a_form(stage: Stage) -> None:
    answer = await stage.uses("ask", question=QUESTION)
    assert "Thank you" in (await stage.fills(answer, "👎", "words", "It was about boats.")).text


async def test_a_reply_goes_on_from_an_answer_and_small_talk_gets_nothing(stage: Stage) -> None:
    _, answer = await stage.asks(QUESTION)
    _, following = await stage.asks("And in winter?", to=answer)
    assert "rests on the slip" in following.text
    await stage.says_in_vain("{bot} thanks!")
    await stage.says_in_vain("Nobody mentions a bot here.")


async def test_a_direct_message_and_a_menu_on_a_message_ask(stage: Stage) -> None:
    assert "Gozdowice" in (await stage.writes_in_private(QUESTION)).text
    assert "Gozdowice" in (await stage.points(QUESTION)).text


async def test_completion_offers_threads_and_the_command_opens_one(stage: Stage) -> None:
    assert await stage.types("thread", "thread", "Lam") == ["Lamps · @Ada · 3 posts"]
    assert "quicksilver" in (await stage.uses("thread", thread="Lamps")).text


async def test_settings_are_for_who_manages_the_server_and_hold_at_once(stage: Stage) -> None:
    refused = await stage.uses("settings", 1)
    assert refused.private
    assert "Manage Server" in refused.text
    panel = await stage.uses("settings")
    changed = await stage.chooses(panel, "bob1s.quotes", "3")
    assert "shows 3 quotes" in changed.text
    answer = await stage.uses("ask", question=QUESTION)
    assert answer.labels.count("Read thread") == 3


async def test_buttons_work_after_a_restart(stage: Stage) -> None:
    _, answer = await stage.asks(QUESTION, 1)
    await stage.restarts()
    turned = await stage.presses(answer, "More", 1)
    assert turned is not None
    assert "More (3/4)" in turned.labels


async def test_where_the_bot_may_not_write_the_asker_learns_why_in_private(stage: Stage) -> None:
    told = await stage.asks_where_it_is_mute(QUESTION)
    assert "I cannot answer you in" in told.text
    assert "permission to send messages" in told.text


async def test_privacy_is_a_paragraph_with_the_tables_behind_a_button(stage: Stage) -> None:
    paragraph = await stage.uses("privacy", 1)
    assert paragraph.private
    details = await stage.presses(paragraph, "Details", 1)
    assert details is not None
    assert len(details.text) > 2 * len(paragraph.text)


async def test_a_word_of_doubt_below_an_answer_shows_its_next_quotes(stage: Stage) -> None:
    _, answer = await stage.asks(QUESTION)
    _, following = await stage.asks("?", to=answer)
    assert "More (3/4)" in following.labels
