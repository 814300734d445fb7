"""Asking by message: a mention, a reply to Bobbin, a direct message."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import aiohttp
import discord
from discord.abc import Messageable

from bot.catalogue import Catalogue
from bot.commands.ask import answer_view, log_answer
from bot.commands.desk import Desk
from bot.commands.errors import on_message_error
from bot.commands.following import followed
from bot.commands.question import question_in, way_of
from bot.commands.replies import reply
from bot.commands.speech import speech_for
from bot.render.notices import explain_itself

__all__ = ["on_message"]

_TYPING_AT_MOST = 0.5
# With more than so many questions in hand, one request more for each would make all of them wait.
_BUSY = 16


async def on_message(desk: Desk, message: discord.Message, own: discord.ClientUser) -> None:
    """Answer a message that asks Bobbin, once, with a reply to it. Raises nothing."""
    way = way_of(message, own.id)
    # After a resumed connection Discord may hand over again what was answered already.
    if way is None or not desk.answered.is_new(message.id):
        return
    speech = speech_for(desk.locales, message)
    try:
        with desk.at_work():
            await _answer(desk, message, own, speech, event=way.value)
    except Exception as error:  # noqa: BLE001 - the edge: whatever it is, the person is told
        await on_message_error(message, error, speech)


async def _answer(
    desk: Desk, message: discord.Message, own: discord.ClientUser, speech: Catalogue, *, event: str
) -> None:
    started = time.perf_counter()
    question = question_in(message, own.id)
    if not question:
        me = message.guild.me if message.guild else None
        await reply(message, explain_itself(me.display_name if me else own.name, speech))
        return
    server_id = message.guild.id if message.guild else None
    previous = followed(message, own.id)
    async with _typing(message.channel) if desk.working <= _BUSY else contextlib.nullcontext():
        found = await desk.ask(question, server_id, previous=previous)
    view = answer_view(desk, found, server_id=server_id, asker=message.author.id, speech=speech)
    await reply(message, view)
    log_answer(desk, event, started, found, server_id)


@contextlib.asynccontextmanager
async def _typing(channel: Messageable) -> AsyncIterator[None]:
    """Show Bobbin typing while it searches; what goes wrong with that never holds up an answer."""

    async def type_() -> None:
        with contextlib.suppress(discord.DiscordException, aiohttp.ClientError, OSError):
            await channel.typing()

    typing = asyncio.create_task(type_())
    try:
        yield
    finally:
        await asyncio.wait([typing], timeout=_TYPING_AT_MOST)
        typing.cancel()
