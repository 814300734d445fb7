"""Asking by command: ``/ask``, "Ask the threads", and the buttons that turn and share an answer."""

import time
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ui import Button, DynamicItem, LayoutView

from bot.commands.buttons import Pressed, decoded
from bot.commands.desk import AnyInteraction, Desk, Found, desk_of
from bot.commands.question import LONGEST, question_in
from bot.commands.replies import acknowledge, acknowledge_press, post, show, tell
from bot.health.record import Answered
from bot.render.answers import answer_page, nothing_found
from bot.render.notices import NOT_YOURS
from bot.render.state import AnswerAction, AnswerState
from retrieval.errors import ThreadNotFoundError
from retrieval.model import Excerpt

__all__ = ["AnswerButton", "answer_view", "ask", "ask_the_threads", "log_answer"]

SHARED = "Shared"
EMPTY_QUESTION = "There is nothing to look for in an empty question. Write what you want to know."
EMPTY_MESSAGE = "That message has no words to ask about. Try it on a message with text in it."


@app_commands.command(name="ask", description="Ask the archive; it answers with quotes, word for word.")
@app_commands.describe(question="What you want to know", private="Show the answer to you alone")
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
async def ask(
    interaction: AnyInteraction,
    question: app_commands.Range[str, 1, LONGEST],
    private: bool = False,  # noqa: FBT001, FBT002 - an option of the command, given by its name
) -> None:
    """Answer in the channel, or to the asker alone."""
    with desk_of(interaction).at_work():
        await acknowledge(interaction, private=private)
        if not question.strip():
            await tell(interaction, EMPTY_QUESTION)
            return
        await _answer(interaction, question.strip(), private=private, event="command")


@app_commands.context_menu(name="Ask the threads")
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
async def ask_the_threads(interaction: AnyInteraction, message: discord.Message) -> None:
    """Answer the question that somebody's message asks, to whoever wants to know."""
    with desk_of(interaction).at_work():
        question = question_in(message)
        if not question:
            await tell(interaction, EMPTY_MESSAGE)
            return
        await acknowledge(interaction, private=False)
        await _answer(interaction, question, private=False, event="context menu")


async def _answer(interaction: AnyInteraction, question: str, *, private: bool, event: str) -> None:
    started = time.perf_counter()
    desk = desk_of(interaction)
    found = await desk.ask(question, interaction.guild_id)
    view = answer_view(desk, found, asker=interaction.user.id, question=question, private=private)
    message = await show(interaction, view)
    desk.remember(message.id, found.answer)
    log_answer(desk, event, started, found, interaction.guild_id)


def answer_view(
    desk: Desk, found: Found, *, asker: int, question: str | None = None, private: bool = False
) -> LayoutView:
    """Show the first page of an answer, or what to try where nothing was found.

    ``question`` is repeated above the answer where it does not stand in the channel anyway.
    """
    answer = found.answer
    if not answer.answered:
        return nothing_found(question, answer.suggestions, reader=asker)
    state = AnswerState(asker=asker, page=0, keys=found.keys, marks=found.marks)
    return _page(desk, answer.excerpts, state, question=question, corrected=answer.corrected, private=private)


def _page(  # noqa: PLR0913 - all but the first three are named where it is called
    desk: Desk,
    excerpts: Sequence[Excerpt],
    state: AnswerState,
    *,
    question: str | None = None,
    corrected: Sequence[tuple[str, str]] = (),
    private: bool = False,
) -> LayoutView:
    """Show the page that the state names, out of an answer's excerpts.

    Raises ``ThreadNotFoundError`` when nothing of the page is in the archive any more.
    """
    first = state.page * desk.quotes
    shown = [excerpt for excerpt in excerpts if first < excerpt.rank <= first + desk.quotes]
    if not shown:
        raise ThreadNotFoundError("the posts of this page are no longer in the archive; ask again")
    pages = -(-len(state.keys) // desk.quotes)
    return answer_page(
        shown,
        question=question,
        corrected=corrected,
        state=state,
        page=state.page,
        pages=pages,
        private=private,
    )


def log_answer(desk: Desk, event: str, started: float, found: Found, server_id: int | None) -> None:
    """Log and count that a question was answered: how it came, where, how fast, with how many hits."""
    seconds = time.perf_counter() - started
    desk.record(Answered(event, server_id, seconds, len(found.answer.excerpts)))


class AnswerButton(Pressed, DynamicItem[Button[Any]], template=AnswerState.TEMPLATE):
    """Back, More and Share below an answer."""

    async def press(self, interaction: AnyInteraction) -> None:
        """Turn the page for its asker, or share it."""
        state = decoded(AnswerState.decode, self.custom_id)
        if interaction.user.id != state.asker:
            await tell(interaction, NOT_YOURS)
            return
        await acknowledge_press(interaction)
        desk = desk_of(interaction)
        excerpts = await desk.recall(state.keys, state.marks, interaction.guild_id)
        if state.action is AnswerAction.SHARE:
            await self._share(interaction, desk, excerpts, state)
            return
        private = interaction.message is not None and interaction.message.flags.ephemeral
        await show(interaction, _page(desk, excerpts, state, private=private))

    async def _share(
        self, interaction: AnyInteraction, desk: Desk, excerpts: Sequence[Excerpt], state: AnswerState
    ) -> None:
        """Post the page for everyone, once, in its asker's name, and say so on the private one."""
        shared = interaction.message.id if interaction.message else interaction.id
        if not desk.shared.is_new(shared):
            return
        try:
            by = f"Shared by {interaction.user.display_name}"
            await post(interaction, _page(desk, excerpts, state, question=by))
        except Exception:
            desk.shared.forget(shared)
            raise
        self.item.label, self.item.disabled = SHARED, True
        if isinstance(self.view, LayoutView):
            await show(interaction, self.view)
