"""Looking up: ``/thread`` with completion, and the buttons that open a thread and turn its pages."""

import asyncio
from typing import Any

from discord import app_commands
from discord.app_commands import Choice
from discord.ui import Button, DynamicItem

from bot.interactions.access import BELOW, READING, access
from bot.interactions.app_client import Interaction, server_in_scope
from bot.interactions.buttons import Pressed, decoded
from bot.interactions.command_translations import translated
from bot.interactions.errors import log_error
from bot.interactions.locale import translations_of
from bot.interactions.responses import (
    acknowledge,
    acknowledge_as_wished,
    acknowledge_press,
    send_private,
    show_view,
)
from bot.views.custom_id import PostAction, PostState, ThreadState
from bot.views.threads import alike, choice_label, context, page_with, place_of, thread_list, thread_page
from retrieval.errors import AmbiguousThreadError, ThreadNotFoundError
from retrieval.model import Thread

__all__ = ["PostButton", "ThreadButton", "thread"]

MOST_CHOICES = 25

_TYPED = 100
_CLOSEST = 5
_MOST_POSTS = 1_000_000


@access(READING)
@app_commands.command(name=translated("command-thread"), description=translated("command-thread-does"))
@app_commands.rename(
    thread=translated("command-thread-thread"),
    post=translated("command-thread-post"),
    private=translated("option-private"),
)
@app_commands.describe(
    thread=translated("command-thread-thread-is"),
    post=translated("command-thread-post-is"),
    private=translated("command-thread-private-is"),
)
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def thread(
    interaction: Interaction,
    thread: str,
    post: app_commands.Range[int, 1, _MOST_POSTS] | None = None,
    private: bool | None = None,  # noqa: FBT001 - an option of the command, given by its name
) -> None:
    """Show a thread from its first page or a post on, or the threads that come closest to what was typed."""
    services, reader, server_id = (
        interaction.client.services,
        interaction.user.id,
        server_in_scope(interaction),
    )
    with services.at_work():
        hidden = await acknowledge_as_wished(interaction, wish=private)
        translations = translations_of(interaction, private=hidden)
        typed = thread.strip()[:_TYPED]
        try:
            found = await services.thread(typed.lower(), server_id)
        except AmbiguousThreadError as error:
            await show_view(
                interaction,
                alike(
                    error.candidates, error.total, reader=reader, private=hidden, translations=translations
                ),
            )
            return
        except ThreadNotFoundError:
            # Somebody who sends before choosing has typed words and no id.
            near = await services.complete(typed, server_id, limit=_CLOSEST) if typed else []
            if near:
                title = translations.say("threads-closest")
                await show_view(
                    interaction,
                    thread_list(near, title=title, reader=reader, private=hidden, translations=translations),
                )
            else:
                await send_private(interaction, translations.say("threads-no-such"))
            return
        if post is None:
            await _show_page(interaction, found, 0, reader, private=hidden)
        else:
            await _show_post(interaction, found, post, reader, private=hidden)


@thread.autocomplete("thread")
async def _complete(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer threads by title, author and words; the newest before anything is typed."""
    try:
        near = await interaction.client.services.complete(
            typed.strip()[:_TYPED], server_in_scope(interaction), limit=MOST_CHOICES
        )
        translations = translations_of(interaction, private=True)
        choices = [Choice(name=choice_label(one, translations), value=one.id) for one in near[:MOST_CHOICES]]
        await interaction.response.autocomplete(choices)
    except Exception as error:  # noqa: BLE001 - the edge; there is no place to say anything but the log
        log_error(error, f"completion {interaction.id}")
    return []  # the choices are on their way; discord.py offers nothing on top of them


@access(BELOW)
class PostButton(Pressed, DynamicItem[Button[Any]], template=PostState.TEMPLATE):
    """Context and Full thread below a quote: a private reply to whoever presses."""

    async def press(self, interaction: Interaction) -> None:
        """Show what stands around the post, or its thread at the page that holds it."""
        state, reader = decoded(PostState.decode, self.custom_id), interaction.user.id
        await acknowledge(interaction, private=True)
        found, post = await interaction.client.services.locate(state.key, server_in_scope(interaction))
        if state.action is PostAction.CONTEXT:
            translations = translations_of(interaction, private=True)
            view = await asyncio.to_thread(context, found, post.ordinal, reader, translations=translations)
            await show_view(interaction, view)
        else:
            page = await asyncio.to_thread(page_with, found, post.ordinal)
            await _show_page(interaction, found, page, reader, private=True)


@access(BELOW)
class ThreadButton(Pressed, DynamicItem[Button[Any]], template=ThreadState.TEMPLATE):
    """The pages of a thread, and Open in a list of threads."""

    async def press(self, interaction: Interaction) -> None:
        """Open the thread for whoever presses, privately; turn a page for its reader only."""
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
        await _show_page(interaction, found, state.page, turner, private=private)


async def _show_post(
    interaction: Interaction, whole: Thread, number: int, reader: int, *, private: bool
) -> None:
    """Show the page of a thread that holds the post of a number, or say which there are."""
    ordinal = place_of(whole, number)
    if ordinal is None:
        translations = translations_of(interaction, private=True)
        await send_private(
            interaction, translations.say("thread-no-such-post", number=number, length=whole.length)
        )
        return
    page = await asyncio.to_thread(page_with, whole, ordinal)
    await _show_page(interaction, whole, page, reader, private=private)


async def _show_page(
    interaction: Interaction, whole: Thread, page: int, reader: int, *, private: bool
) -> None:
    """Show a page of a thread; laying a long one out takes long enough to belong in a thread."""
    translations = translations_of(interaction, private=private)
    view = await asyncio.to_thread(
        thread_page, whole, page, reader, private=private, translations=translations
    )
    await show_view(interaction, view)
