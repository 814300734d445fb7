"""Looking up: ``/thread`` with completion, and the buttons that open a thread and turn its pages."""

import asyncio
from dataclasses import replace
from typing import Any

from discord import app_commands
from discord.app_commands import Choice
from discord.ui import Button, DynamicItem

from bot.i18n import LANGUAGES, translations_for
from bot.interactions.access import BELOW, READING, access, everywhere
from bot.interactions.app_client import Interaction, server_in_scope
from bot.interactions.buttons import Pressed, decoded
from bot.interactions.command_translations import translated, translated_options
from bot.interactions.errors import log_error
from bot.interactions.locale import reply_to, translations_of
from bot.interactions.responses import (
    acknowledge,
    acknowledge_as_wished,
    acknowledge_press,
    begun,
    send_private,
    show_view,
)
from bot.interactions.services import Services
from bot.views.custom_id import PostAction, PostState, ThreadState
from bot.views.headers import choice_label
from bot.views.layout import Reply
from bot.views.lists import alike, thread_list
from bot.views.notices import notice
from bot.views.pages import page_with, place_of
from bot.views.threads import post_context, thread_page
from retrieval.errors import AmbiguousThreadError, ThreadNotFoundError
from retrieval.model import Thread, ThreadSummary

__all__ = ["PostButton", "ThreadButton", "thread"]

MOST_CHOICES = 25

_TYPED = 100
_PASTED = 2_000
_CLOSEST = 5
_MOST_POSTS = 1_000_000


@access(READING)
@app_commands.command(name=translated("command-thread"), description=translated("command-thread-does"))
@translated_options("command-thread", "thread", "post", "private")
@everywhere
async def thread(
    interaction: Interaction,
    thread: str,
    post: app_commands.Range[int, 1, _MOST_POSTS] | None = None,
    private: bool | None = None,  # noqa: FBT001 - an option of the command, given by its name
) -> None:
    """Show a thread from its first page or a post on, or the threads that come closest to what was typed."""
    services, server_id = interaction.client.services, server_in_scope(interaction)
    with services.at_work():
        looked_up = await begun(_look_up(services, thread.strip()[:_PASTED], server_id))
        dead_end = looked_up.done() and looked_up.result() == []
        hidden = await acknowledge_as_wished(interaction, wish=True if dead_end else private)
        reply = reply_to(interaction, private=hidden)
        found = await looked_up
        if isinstance(found, AmbiguousThreadError):
            await show_view(interaction, alike(found.candidates, found.total, reply))
            return
        if isinstance(found, list):
            closest = thread_list(found, reply, title=reply.say("threads-closest"))
            await show_view(interaction, closest if found else notice(reply.say("threads-no-such")))
            return
        whole, linked = found
        ordinal = linked if post is None else place_of(whole, post)
        if ordinal is None and post is not None:
            own = translations_of(interaction, private=True)
            sentence = own.say("thread-no-such-post", number=post, length=whole.length)
            await send_private(interaction, sentence)
            return
        if ordinal is None or ordinal > whole.length:
            await _show_page(interaction, whole, 0, reply)
            return
        page = await asyncio.to_thread(page_with, whole, ordinal)
        await _show_page(interaction, whole, page, reply, marked=linked)


async def _look_up(
    services: Services, typed: str, server_id: int | None
) -> tuple[Thread, int | None] | AmbiguousThreadError | list[ThreadSummary]:
    """Return the thread that was typed and the place in it, else those that it may be, else the closest."""
    try:
        return await _named(services, typed, server_id)
    except AmbiguousThreadError as error:
        return error
    except ThreadNotFoundError:
        return await services.complete(typed[:_TYPED], server_id, limit=_CLOSEST) if typed else []


async def _named(services: Services, typed: str, server_id: int | None) -> tuple[Thread, int | None]:
    """Return the thread of an id, a link, a title or a suggestion's label, and the place of a linked post.

    Some clients send a suggestion's label in the place of its value. Raises ``ThreadNotFoundError``,
    ``AmbiguousThreadError`` where it is of several threads.
    """
    try:
        return await services.look_up(typed, server_id)
    except AmbiguousThreadError:
        raise
    except ThreadNotFoundError:
        # A label ends in author and number of posts, and may be clipped.
        for words in dict.fromkeys(typed.rsplit(" · ", count)[0] for count in (1, 2)):
            for one in await services.complete(words.rstrip("…"), server_id, limit=MOST_CHOICES):
                if typed in {choice_label(one, translations_for(language)) for language in LANGUAGES}:
                    return await services.thread(one.id, server_id), None
        raise


@thread.autocomplete("thread")
async def _complete(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer threads by title, author, words or link; the newest before anything is typed."""
    try:
        near = await interaction.client.services.completions(
            typed.strip()[:_PASTED], server_in_scope(interaction), limit=MOST_CHOICES
        )
        translations = translations_of(interaction, private=True)
        choices = [
            Choice(name=choice_label(one, translations), value=f"{one.id}/{place}" if place else one.id)
            for one, place in near[:MOST_CHOICES]
        ]
        await interaction.response.autocomplete(choices)
    except Exception as error:  # noqa: BLE001 - the edge; there is no place to say anything but the log
        log_error(error, f"completion {interaction.id}")
    return []  # the choices are on their way; discord.py offers nothing on top of them


@access(BELOW)
class PostButton(Pressed, DynamicItem[Button[Any]], template=PostState.TEMPLATE):
    """Read thread beside a quote: a private reply. Below earlier answers it was Full thread and Context."""

    async def press(self, interaction: Interaction) -> None:
        """Show what stands around the post, or its thread at the page that holds it."""
        state = decoded(PostState.decode, self.custom_id)
        await acknowledge(interaction, private=True)
        reply = reply_to(interaction, private=True)
        whole, post = await interaction.client.services.locate(state.key, server_in_scope(interaction))
        if state.action is PostAction.CONTEXT:
            await show_view(interaction, await asyncio.to_thread(post_context, whole, post.ordinal, reply))
            return
        page = await asyncio.to_thread(page_with, whole, post.ordinal)
        await _show_page(interaction, whole, page, reply, marked=post.ordinal)


@access(BELOW)
class ThreadButton(Pressed, DynamicItem[Button[Any]], template=ThreadState.TEMPLATE):
    """The pages of a thread, and Open in a list of threads."""

    async def press(self, interaction: Interaction) -> None:
        """Open the thread for the person who presses, privately; turn a page for its reader only."""
        state, reader = decoded(ThreadState.decode, self.custom_id), interaction.user.id
        if state.opens:
            await acknowledge(interaction, private=True)
        elif state.reader not in {0, reader}:
            await send_private(
                interaction, translations_of(interaction, private=True).say("notice-not-yours")
            )
            return
        else:
            await acknowledge_press(interaction)
        private = state.opens or (interaction.message is not None and interaction.message.flags.ephemeral)
        found = await interaction.client.services.thread(state.thread_id, server_in_scope(interaction))
        turner = reader if state.opens else state.reader
        reply = replace(reply_to(interaction, private=private), reader=turner)
        await _show_page(interaction, found, state.page, reply)


async def _show_page(
    interaction: Interaction, whole: Thread, page: int, reply: Reply, *, marked: int | None = None
) -> None:
    """Show a page of a thread; laying a long one out takes long enough to belong in a thread."""
    await show_view(interaction, await asyncio.to_thread(thread_page, whole, page, reply, marked=marked))
