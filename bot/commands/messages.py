"""Asking by message: a mention, a reply to Bobbin, a direct message."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import aiohttp
import discord
from discord.abc import Messageable

from bot.commands.ask import answer_view, log_answer
from bot.i18n import Translations
from bot.interactions.errors import on_message_error
from bot.interactions.followups import followed_answer
from bot.interactions.locale import message_translations
from bot.interactions.message_parsing import question_in, trigger_of
from bot.interactions.responses import reply_to_message
from bot.interactions.services import Services
from bot.views.layout import Reply
from bot.views.notices import explain_itself

__all__ = ["on_message"]

_TYPING_AT_MOST = 0.5
# With more than so many questions in hand, one request more for each would make all of them wait.
_BUSY = 16


async def on_message(services: Services, message: discord.Message, own: discord.ClientUser) -> None:
    """Answer a message that asks Bobbin, once, with a reply to it. Raises nothing."""
    way = trigger_of(message, own.id)
    # After a resumed connection Discord may hand over again what was answered already.
    if way is None or not services.answered.is_new(message.id):
        return
    translations = message_translations(services.locales, message)
    try:
        with services.at_work():
            await _answer(services, message, own, translations, event=way.value)
    except Exception as error:  # noqa: BLE001 - the edge: whatever it is, the person is told
        await on_message_error(services, message, error, translations)


async def _answer(
    services: Services,
    message: discord.Message,
    own: discord.ClientUser,
    translations: Translations,
    *,
    event: str,
) -> None:
    started = time.perf_counter()
    question = question_in(message, own.id)
    if not question:
        me = message.guild.me if message.guild else None
        await reply_to_message(message, explain_itself(me.display_name if me else own.name, translations))
        return
    server_id = message.guild.id if message.guild else None
    previous = followed_answer(message, own.id)
    async with _typing(message.channel) if services.working <= _BUSY else contextlib.nullcontext():
        found = await services.ask(question, server_id, previous=previous)
    reply = Reply(message.author.id, private=False, translations=translations)
    view = answer_view(services, found, reply, server_id=server_id)
    await reply_to_message(message, view)
    log_answer(services, event, started, found, server_id)


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
