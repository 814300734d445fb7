"""Looking up: ``/thread`` with completion, and the buttons that open a thread and turn its pages."""

import asyncio
from typing import Any

from discord import app_commands
from discord.app_commands import Choice
from discord.ui import Button, DynamicItem

from bot.commands.buttons import Pressed, decoded
from bot.commands.desk import AnyInteraction, desk_of
from bot.commands.errors import log_error
from bot.commands.replies import acknowledge, acknowledge_press, show, tell
from bot.render.notices import NOT_YOURS
from bot.render.state import PostAction, PostState, ThreadState
from bot.render.threads import choice_label, context, page_with, thread_list, thread_page
from retrieval.errors import ThreadNotFoundError
from retrieval.model import Thread

__all__ = ["PostButton", "ThreadButton", "thread"]

MOST_CHOICES = 25
NO_SUCH_THREAD = "No thread of that name is here. These come closest:"
NOTHING_LIKE_IT = (
    "There is no such thread here. Begin to type a title, an author or a few words, and choose from the list."
)

_TYPED = 100
_CLOSEST = 5


@app_commands.command(name="thread", description="Read a whole thread, found by title, author or words.")
@app_commands.describe(
    thread="Begin to type a title, an author or a few words", private="Show the thread to you alone"
)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
async def thread(
    interaction: AnyInteraction,
    thread: str,
    private: bool = False,  # noqa: FBT001, FBT002 - an option of the command, given by its name
) -> None:
    """Show a thread from its first page, or the threads that come closest to what was typed."""
    desk, reader = desk_of(interaction), interaction.user.id
    with desk.at_work():
        await acknowledge(interaction, private=private)
        typed = thread.strip()[:_TYPED]
        try:
            found = await desk.thread(typed.lower(), interaction.guild_id)
        except ThreadNotFoundError:
            # Somebody who sends before choosing has typed words and no id.
            near = await desk.complete(typed, interaction.guild_id, limit=_CLOSEST) if typed else []
            if near:
                await show(interaction, thread_list(near, title=NO_SUCH_THREAD, reader=reader))
            else:
                await tell(interaction, NOTHING_LIKE_IT)
            return
        await _show_page(interaction, found, 0, reader)


@thread.autocomplete("thread")
async def _complete(interaction: AnyInteraction, typed: str) -> list[Choice[str]]:
    """Offer threads by title, author and words; the newest before anything is typed."""
    try:
        near = await desk_of(interaction).complete(
            typed.strip()[:_TYPED], interaction.guild_id, limit=MOST_CHOICES
        )
        choices = [Choice(name=choice_label(one), value=one.id) for one in near[:MOST_CHOICES]]
        await interaction.response.autocomplete(choices)
    except Exception as error:  # noqa: BLE001 - the edge; there is no place to say anything but the log
        log_error(error, f"completion {interaction.id}")
    return []  # the choices are on their way; discord.py offers nothing on top of them


class PostButton(Pressed, DynamicItem[Button[Any]], template=PostState.TEMPLATE):
    """Context and Full thread below a quote: a private reply to whoever presses."""

    async def press(self, interaction: AnyInteraction) -> None:
        """Show what stands around the post, or its thread at the page that holds it."""
        state, reader = decoded(PostState.decode, self.custom_id), interaction.user.id
        await acknowledge(interaction, private=True)
        found, post = await desk_of(interaction).locate(state.key, interaction.guild_id)
        if state.action is PostAction.CONTEXT:
            await show(interaction, await asyncio.to_thread(context, found, post.ordinal, reader))
        else:
            page = await asyncio.to_thread(page_with, found, post.ordinal)
            await _show_page(interaction, found, page, reader)


class ThreadButton(Pressed, DynamicItem[Button[Any]], template=ThreadState.TEMPLATE):
    """The pages of a thread, and Open in a list of threads."""

    async def press(self, interaction: AnyInteraction) -> None:
        """Open the thread for whoever presses, privately; turn a page for its reader only."""
        state, reader = decoded(ThreadState.decode, self.custom_id), interaction.user.id
        if state.opens:
            await acknowledge(interaction, private=True)
        elif state.reader not in {0, reader}:
            await tell(interaction, NOT_YOURS)
            return
        else:
            await acknowledge_press(interaction)
        found = await desk_of(interaction).thread(state.thread_id, interaction.guild_id)
        await _show_page(interaction, found, state.page, reader if state.opens else state.reader)


async def _show_page(interaction: AnyInteraction, whole: Thread, page: int, reader: int) -> None:
    """Show a page of a thread; laying a long one out takes long enough to belong in a thread."""
    await show(interaction, await asyncio.to_thread(thread_page, whole, page, reader))
