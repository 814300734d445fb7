"""Asking by message: a mention, a reply to Bobbin, a direct message, and edits of these."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

import aiohttp
import discord
from discord.abc import Messageable
from discord.ui import LayoutView

from bot.commands.ask import answer_view, log_answer, page_view
from bot.interactions.app_client import AppClient
from bot.interactions.errors import on_message_error
from bot.interactions.followups import followed_answer
from bot.interactions.locale import message_translations
from bot.interactions.message_parsing import (
    MessageTrigger,
    Wording,
    is_withheld,
    own_names,
    question_in,
    trigger_of,
    wording_of,
)
from bot.interactions.responses import edit_reply, linked, react_to, reply_to_message
from bot.views.answers import nothing_found
from bot.views.custom_id import AnswerAction, AnswerState
from bot.views.layout import Reply
from bot.views.notices import explain_itself, notice
from retrieval.errors import ThreadNotFoundError
from retrieval.model import Suggestions

__all__ = ["on_edit", "on_message"]

_TYPING_AT_MOST = 0.5
_HEARD: Final = "👍"
# With more than so many questions in hand, one request more for each would make all of them wait.
_BUSY = 16
#: Within so long an edit changes the answer; later, people have read it.
_MENDED: Final = timedelta(minutes=1)
#: For so long an edit may turn a message into a question. Older ones may have been answered before a restart.
_ASKED_LATE: Final = timedelta(minutes=10)


async def on_message(client: AppClient, message: discord.Message) -> None:
    """Answer a message that asks Bobbin, once, with a reply to it. Raises nothing."""
    if client.user is None:
        return
    trigger = trigger_of(message, client.user.id)
    # After a resumed connection Discord may hand over again what was answered already.
    if trigger is None or not client.services.answered.is_new(message.id):
        return
    translations = message_translations(client.services.locales, message)
    try:
        with client.services.at_work():
            await _answer(
                client, message, trigger, Reply(message.author.id, private=False, translations=translations)
            )
    except Exception as error:  # noqa: BLE001 - the edge: the person gets a sentence
        await on_message_error(client, message, error, translations)


async def on_edit(client: AppClient, message: discord.Message) -> None:
    """Answer a message that an edit made a question; mend the answer to one that was edited at once.

    Raises nothing.
    """
    edited = message.edited_at
    if client.user is None or edited is None or trigger_of(message, client.user.id) is None:
        return
    services = client.services
    if services.replies.of(message.id) is None:
        if edited - message.created_at <= _ASKED_LATE:
            services.answered.forget(message.id)
            if await client.access_check.admits_message(message, client.user.id, anew=True):
                await on_message(client, message)
    elif edited - message.created_at <= _MENDED:
        services.answered.forget(message.id)
        await on_message(client, message)


async def _answer(client: AppClient, message: discord.Message, trigger: MessageTrigger, reply: Reply) -> None:
    started = time.perf_counter()
    services, own_id = client.services, client.user.id if client.user else 0
    if is_withheld(message, own_id):
        await reply_to_message(message, notice(reply.say("notice-mention-me")))
        return
    names = own_names(client, message.guild)
    question = question_in(message, names)
    wording = wording_of(question)
    server_id = message.guild.id if message.guild else None
    previous = followed_answer(message, own_id)
    if wording is Wording.GREETING or (wording is Wording.EMPTY and _is_bare(message, trigger)):
        await _send(client, message, question, explain_itself(names[0], reply.translations))
        return
    if wording is Wording.DOUBT and previous is not None:
        await _send(client, message, question, await _more(client, server_id, previous, reply))
        return
    if wording in {Wording.SMALL_TALK, Wording.EMPTY} and services.preferences(server_id).react:
        await react_to(message, _HEARD)
        return
    if wording is not Wording.QUESTION or services.replies.answers(message.id, question):
        return
    async with _typing(message.channel) if services.working <= _BUSY else contextlib.nullcontext():
        found = await services.ask(question, server_id, previous=previous)
    await _send(client, message, question, answer_view(services, found, reply, server_id=server_id))
    log_answer(services, trigger.value, started, found, server_id)


def _is_bare(message: discord.Message, trigger: MessageTrigger) -> bool:
    """Return whether a message without words is a bare mention; a picture asks nothing."""
    return trigger is not MessageTrigger.REPLY and not (message.attachments or message.stickers)


async def _more(client: AppClient, server_id: int | None, previous: AnswerState, reply: Reply) -> LayoutView:
    """Show the page after the one that the person did not find enough, or that there is none."""
    services = client.services
    state = replace(previous, asker=reply.reader, page=previous.page + 1, action=AnswerAction.TURN)
    if state.page * services.preferences(server_id).quotes < len(state.keys):
        excerpts = await services.recall(state.keys, state.marks, server_id)
        with contextlib.suppress(ThreadNotFoundError):
            return page_view(services, server_id, excerpts, state, reply, heading="")
    return nothing_found(None, Suggestions(), reply)


async def _send(client: AppClient, message: discord.Message, question: str, view: LayoutView) -> None:
    """Send the reply to a message, or put it in the place of the one to what it was before an edit."""
    replies, view = client.services.replies, linked(view, client.command_links)
    reply_id = replies.of(message.id)
    if reply_id is None:
        reply_id = (await reply_to_message(message, view)).id
    else:
        await edit_reply(message, reply_id, view)
    replies.note(message.id, reply_id, question)


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
