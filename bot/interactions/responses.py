"""How Bobbin speaks in Discord: acknowledging, answering, turning pages; once each, pinging no one.

Every send and every edit passes through here, so that each carries ``AllowedMentions.none()``: an
edit parses mentions anew. Every view is stopped before it is sent, for discord.py keeps those that
are not for as long as the process lives; the buttons are dynamic items and need no such memory.
"""

import asyncio
import io
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, TypeVar

import aiohttp
import discord
from discord.ui import LayoutView, Modal, TextDisplay

from bot.interactions.app_client import Interaction, server_in_scope
from bot.views.layout import stopped
from bot.views.notices import notice

__all__ = [
    "EXPIRED",
    "CannotSendError",
    "acknowledge",
    "acknowledge_as_wished",
    "acknowledge_press",
    "begun",
    "delete_message",
    "edit_reply",
    "linked",
    "open_modal",
    "post_in_channel",
    "post_publicly",
    "react_to",
    "reply_to_message",
    "send_direct",
    "send_private",
    "send_private_view",
    "show_view",
]

log = logging.getLogger(__name__)

ALREADY_ACKNOWLEDGED = 40060
UNKNOWN_MESSAGE = 10008
EXPIRED = frozenset({10062, 10015, 50027, ALREADY_ACKNOWLEDGED})
"""Discord's codes for an interaction that can no longer be answered: unknown or spent."""

#: Set in an interaction's extras once it is acknowledged: whether what stands there may be replaced.
_PROVISIONAL = "provisional"

_NOBODY = discord.AllowedMentions.none()
_LOST = (discord.DiscordServerError, aiohttp.ClientConnectionError, ConnectionError, TimeoutError)
_PAUSES = (0.25, 0.5, 1.0, 2.0, 4.0)
_NO_HISTORY = 160002
_COMMAND = re.compile(r"`/[^`\n]{1,80}`")
#: Discord waits three seconds for a first reply.
_BEGINNING = 1.0
_FAULT = 500

T = TypeVar("T")


async def acknowledge(interaction: Interaction, *, private: bool) -> bool:
    """Show that an answer is coming, as a new message that only its asker sees if ``private``.

    Return whether it is private: Discord makes it so where people may not show what apps of their own
    say.
    """
    return await _acknowledge(interaction, private=private, thinking=True)


async def acknowledge_as_wished(interaction: Interaction, *, wish: bool | None) -> bool:
    """Do the same, as the person wishes, or else as the server prefers."""
    private = interaction.client.services.privately(server_in_scope(interaction), wish=wish)
    return await acknowledge(interaction, private=private)


async def begun(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Begin work before the interaction is acknowledged, and give it a second.

    What is ready by then can still be answered in private, whatever the person wished: a dead end is.
    """
    task = asyncio.ensure_future(work)
    await asyncio.wait([task], timeout=_BEGINNING)
    return task


async def acknowledge_press(interaction: Interaction) -> None:
    """Take a press of a button whose message is about to change."""
    await _acknowledge(interaction, private=False, thinking=False)


async def _acknowledge(interaction: Interaction, *, private: bool, thinking: bool) -> bool:
    try:
        taken = await interaction.response.defer(ephemeral=private, thinking=thinking)
    except discord.HTTPException as error:
        # A lost response makes discord.py say it twice, and then Discord knows of it already.
        if error.code != ALREADY_ACKNOWLEDGED:
            raise
        log.info("interaction acknowledged before: %s", interaction.id)
        taken = None
    interaction.extras[_PROVISIONAL] = thinking
    return private or (taken is not None and taken.is_ephemeral())


async def show_view(
    interaction: Interaction,
    view: LayoutView,
    *,
    attached: Mapping[str, bytes] | None = None,
    provisional: bool = False,
) -> discord.InteractionMessage:
    """Put a view where the acknowledgement stands: the new message, or the message of the button.

    ``attached`` are files that go with it, under the names by which it shows them, in the place of those
    that hang on the message; without, these stay. What is ``provisional``, such as progress, is replaced by
    what is shown or sent next; anything else stays, and what is sent next stands in a message of its own.
    """
    view = linked(view, interaction.client.command_links)

    def edit() -> Awaitable[discord.InteractionMessage]:
        if attached is None:
            return interaction.edit_original_response(view=view, allowed_mentions=_NOBODY)
        # Files of their own for each attempt: one that was sent is read to its end.
        files = [discord.File(io.BytesIO(content), name) for name, content in attached.items()]
        return interaction.edit_original_response(view=view, attachments=files, allowed_mentions=_NOBODY)

    shown = await _persist(edit)
    if _PROVISIONAL in interaction.extras:
        interaction.extras[_PROVISIONAL] &= provisional
    return shown


async def open_modal(interaction: Interaction, modal: Modal) -> None:
    """Open a modal as the first reply. What is filled in comes as an interaction of the modal's custom_id."""
    # Stopped, it is not kept in memory until it is filled in, which may be never.
    modal.stop()
    await interaction.response.send_modal(modal)


async def delete_message(interaction: Interaction) -> None:
    """Remove the message of the button; it does not matter whether it was removed meanwhile."""
    try:
        await _persist(interaction.delete_original_response)
    except discord.NotFound as error:
        if error.code != UNKNOWN_MESSAGE:
            raise
        log.info("removed before: interaction %s", interaction.id)


async def post_publicly(interaction: Interaction, view: LayoutView) -> None:
    """Post a view publicly where the acknowledged interaction came from."""
    view = linked(view, interaction.client.command_links)
    # Not repeated after a lost connection: a follow-up takes no nonce and might appear twice.
    await interaction.followup.send(view=view, allowed_mentions=_NOBODY)


async def post_in_channel(channel: "discord.abc.MessageableChannel", view: LayoutView, *, nonce: str) -> bool:
    """Post a view in a channel of a server; return whether it is there. Raises nothing of Discord's."""
    guild = channel.guild
    may = channel.permissions_for(guild.me) if guild else discord.Permissions.all()
    sends = may.send_messages_in_threads if isinstance(channel, discord.Thread) else may.send_messages
    if not (may.view_channel and sends):
        return False
    view = stopped(view)
    try:
        await _persist(lambda: channel.send(view=view, allowed_mentions=_NOBODY, nonce=nonce))
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        log.info("message not posted: %s", type(error).__name__)
        return False
    return True


class CannotSendError(Exception):
    """The bot may not send messages where it is asked."""


async def reply_to_message(message: discord.Message, view: LayoutView) -> discord.Message:
    """Reply to a message without a ping.

    The question's id is the nonce: Discord itself drops a second answer, be it from a repeated
    request or from a restarted process that is handed the same question again. Where the bot may not read
    the message history, which a reply needs, the answer stands by itself. Raises ``CannotSendError``, without
    a request, where the bot may not send.
    """
    view = stopped(view)
    may = _permissions(message)
    if may is not None:
        in_thread = isinstance(message.channel, discord.Thread)
        sends = may.send_messages_in_threads if in_thread else may.send_messages
        if not (may.view_channel and sends):
            raise CannotSendError
        if not may.read_message_history:
            return await _send_beside(message, view)

    def reply() -> Awaitable[discord.Message]:
        return message.reply(view=view, mention_author=False, allowed_mentions=_NOBODY, nonce=str(message.id))

    try:
        return await _persist(reply)
    except discord.HTTPException as error:
        if error.code != _NO_HISTORY:
            raise
        return await _send_beside(message, view)


async def react_to(message: discord.Message, emoji: str) -> None:
    """React to a message where that is allowed. Raises nothing of Discord's."""
    may = _permissions(message)
    if may is not None and not (may.add_reactions and may.read_message_history):
        return
    try:
        await message.add_reaction(emoji)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        log.info("reaction not added: %s", type(error).__name__)


async def edit_reply(message: discord.Message, reply_id: int, view: LayoutView) -> None:
    """Replace the bot's reply to a message; raises ``discord.NotFound`` where it was removed."""
    view = stopped(view)
    reply = message.channel.get_partial_message(reply_id)  # type: ignore[union-attr]  # every place of messages has it
    await _persist(lambda: reply.edit(view=view, allowed_mentions=_NOBODY))


async def send_direct(person: discord.abc.Messageable, view: LayoutView) -> None:
    """Send a direct message; a person who takes none is left alone. Raises nothing of Discord's."""
    view = stopped(view)
    try:
        await person.send(view=view, allowed_mentions=_NOBODY)
    except discord.HTTPException as error:
        log.info("direct message not sent: %s %s", type(error).__name__, error.code)
    except (OSError, discord.DiscordException) as error:
        log.info("direct message not sent: %s", type(error).__name__)


def _permissions(message: discord.Message) -> discord.Permissions | None:
    """Return what the bot may do where a message stands, ``None`` where that is not known."""
    place = message.channel
    if message.guild is None or not isinstance(place, discord.abc.GuildChannel | discord.Thread):
        return None
    try:
        return place.permissions_for(message.guild.me)
    except discord.ClientException:  # a thread whose channel the client does not know
        return None


async def _send_beside(message: discord.Message, view: LayoutView) -> discord.Message:
    return await _persist(
        lambda: message.channel.send(view=view, allowed_mentions=_NOBODY, nonce=str(message.id))
    )


def linked(view: LayoutView, links: Mapping[str, str]) -> LayoutView:
    """Return a view, stopped, in which the names of commands are links to them.

    Quotes and names hold no such name: every backtick in them has a backslash before it.
    """
    view = stopped(view)
    for item in view.walk_children() if links else ():
        if isinstance(item, TextDisplay) and "`/" in item.content:
            item.content = _COMMAND.sub(lambda name: links.get(name[0], name[0]), item.content)
    return view


async def send_private(interaction: Interaction, text: str) -> None:
    """Send a sentence to the person of an interaction, as :func:`send_private_view` shows a view."""
    await send_private_view(interaction, notice(text))


async def send_private_view(interaction: Interaction, view: LayoutView) -> None:
    """Show a view to the person of an interaction, whatever became of it so far.

    It takes the place of a "thinking…" or of what was provisional, which may be public, and of nothing
    else; everywhere else it is a message that the person alone sees.
    """
    view = linked(view, interaction.client.command_links)
    if interaction.extras.get(_PROVISIONAL):
        await show_view(interaction, view)
    elif interaction.response.type is None and _PROVISIONAL not in interaction.extras:
        await interaction.response.send_message(view=view, ephemeral=True, allowed_mentions=_NOBODY)
    else:
        await interaction.followup.send(view=view, ephemeral=True, allowed_mentions=_NOBODY)


async def _persist(send: Callable[[], Awaitable[T]]) -> T:
    """Send what may be sent twice without harm until it is through, or Discord is gone for long."""
    for pause in _PAUSES:
        try:
            return await send()
        except _LOST as error:
            # discord.py has sent it five times by now; a fault of Discord's own in this very message stays.
            if isinstance(error, discord.DiscordServerError) and error.status == _FAULT:
                raise
            log.info("sending again in %.2f s: %s", pause, type(error).__name__)
            await asyncio.sleep(pause)
    return await send()
