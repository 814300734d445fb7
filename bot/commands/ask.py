"""Asking by command: ``/ask``, "Ask the threads", and the buttons that turn and share an answer."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.ui import Button, DynamicItem, LayoutView

from bot.commands.list_threads import complete_author, complete_collection
from bot.interactions.access import ASKING, BELOW, READING, access, everywhere
from bot.interactions.app_client import Interaction, server_in_scope
from bot.interactions.buttons import Pressed, decoded
from bot.interactions.command_translations import translated, translated_options
from bot.interactions.feedback import record_feedback
from bot.interactions.followups import heading_above, is_shareable
from bot.interactions.locale import reply_to, translations_of
from bot.interactions.message_parsing import (
    MAX_QUESTION_LENGTH,
    Wording,
    clean_question,
    own_names,
    question_in,
    wording_of,
)
from bot.interactions.responses import (
    acknowledge,
    acknowledge_press,
    post_publicly,
    send_private,
    send_private_view,
    show_view,
)
from bot.interactions.services import AnsweredQuestion, AnswerSource, Services
from bot.monitoring.query_log import AnsweredQuery
from bot.operators import language_notes
from bot.views.answers import (
    answer_heading,
    answer_page,
    asked_by,
    filter_sentences,
    no_such_value,
    nothing_found,
)
from bot.views.custom_id import AnswerAction, AnswerState
from bot.views.layout import Reply
from bot.views.notices import explain_itself
from retrieval.errors import ThreadNotFoundError
from retrieval.model import Excerpt, Verdict, Weighing
from retrieval.query_language import Kind, UnwritableError, with_operators

_TYPED = 100
__all__ = ["AnswerButton", "answer_view", "ask", "ask_the_threads", "log_answer", "page_view"]


@access(ASKING)
@app_commands.command(name=translated("command-ask"), description=translated("command-ask-does"))
@translated_options("command-ask", "question", "author", "after", "before", "collection", "private")
@everywhere
async def ask(  # noqa: PLR0913, PLR0917 - the options of the command
    interaction: Interaction,
    question: app_commands.Range[str, 1, MAX_QUESTION_LENGTH],
    author: app_commands.Range[str, 1, _TYPED] | None = None,
    after: app_commands.Range[str, 1, _TYPED] | None = None,
    before: app_commands.Range[str, 1, _TYPED] | None = None,
    collection: app_commands.Range[str, 1, _TYPED] | None = None,
    private: bool | None = None,  # noqa: FBT001 - an option of the command, given by its name
) -> None:
    """Answer in the channel, or to the asker alone; as the server prefers by default.

    The other options write operators into the question.
    """
    with interaction.client.services.at_work():
        cleaned = clean_question(question, own_names(interaction.client, interaction.guild))
        # Some clients send a suggestion's label, which ends in how many threads there are.
        name = author.rpartition(" · ")[0] or author if author else None
        options = {Kind.AUTHOR: name, Kind.AFTER: after, Kind.BEFORE: before, Kind.IN: collection}
        try:
            whole = with_operators(cleaned, options.items()) if cleaned else ""
        except UnwritableError as error:
            own = translations_of(interaction, private=True)
            await send_private(interaction, no_such_value(error, own))
            return
        await _answer(interaction, whole, "notice-empty-question", wish=private, event="command")


ask.autocomplete("author")(complete_author)


@ask.autocomplete("collection")
async def _complete_collection(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Offer the collections that may be seen here, by their names."""
    return await complete_collection(interaction, typed, by_name=True)


@access(ASKING)
@app_commands.context_menu(name=translated("menu-ask"))
@everywhere
async def ask_the_threads(interaction: Interaction, message: discord.Message) -> None:
    """Answer the question of a message, for the person who picks the menu."""
    with interaction.client.services.at_work():
        question = question_in(message, own_names(interaction.client, interaction.guild))
        await _answer(interaction, question, "notice-empty-message", wish=None, event="context menu")


async def _answer(
    interaction: Interaction, question: str, if_empty: str, *, wish: bool | None, event: str
) -> None:
    """Answer a question; whatever is none is answered to its asker alone."""
    started = time.perf_counter()
    services, server_id = interaction.client.services, server_in_scope(interaction)
    own, wording = translations_of(interaction, private=True), wording_of(question)
    if wording is Wording.EMPTY:
        await send_private(interaction, own.say(if_empty))
        return
    if wording is Wording.GREETING:
        name = own_names(interaction.client, interaction.guild)[0]
        await send_private_view(interaction, explain_itself(name, own))
        return
    asked_for = wording is not Wording.QUESTION or services.privately(server_id, wish=wish)
    private = await acknowledge(interaction, private=asked_for)
    found = await services.ask(question, server_id)
    reply = reply_to(interaction, private=private)
    view = answer_view(
        services, found, reply, server_id=server_id, question=question, shareable=private == asked_for
    )
    await show_view(interaction, view)
    log_answer(services, event, started, found, server_id)


def answer_view(  # noqa: PLR0913 - all but the first three are named where it is called
    services: Services,
    found: AnsweredQuestion,
    reply: Reply,
    *,
    server_id: int | None,
    question: str | None = None,
    shareable: bool = True,
) -> LayoutView:
    """Show the first page of an answer, or of the closest posts, or what to try where nothing was found.

    ``question`` is repeated above the answer where it does not stand in the channel anyway.
    """
    answer, notes = found.answer, _notes(found, reply)
    if answer.verdict is Verdict.NOTHING:
        return nothing_found(question, answer.suggestions, reply, corrected=answer.corrected, notes=notes)
    weighing = answer.weighing if answer.verdict is Verdict.CLOSEST else Weighing()
    return page_view(
        services,
        server_id,
        answer.excerpts,
        AnswerState(reply.reader, page=0, keys=found.keys, marks=found.marks, verdict=answer.verdict),
        reply,
        heading=answer_heading(question, answer.corrected, reply, weighing, notes=notes),
        shareable=shareable,
    )


def _notes(found: AnsweredQuestion, reply: Reply) -> list[str]:
    """Return what an answer says of itself: that it is the handbook's, or that the languages differ."""
    notes = filter_sentences(found.answer, reply)
    if found.source is AnswerSource.EMPTY and found.answer.verdict is Verdict.NOTHING:
        notes.append(reply.say("answer-empty"))
    elif found.source is not AnswerSource.ARCHIVE:
        notes.append(reply.say(f"answer-source-{found.source}"))
    return notes + language_notes(found.languages, reply.translations)


def page_view(  # noqa: PLR0913 - what an answer and what its button give
    services: Services,
    server_id: int | None,
    excerpts: Sequence[Excerpt],
    state: AnswerState,
    reply: Reply,
    *,
    heading: str,
    shareable: bool = True,
) -> LayoutView:
    """Show the page that the state names out of an answer's excerpts.

    Raises ``ThreadNotFoundError`` when nothing of the page is in the archive any more.
    """
    quotes = services.preferences(server_id).quotes
    pages = max(1, -(-len(state.keys) // quotes))
    # A server that shows more quotes than it did has fewer pages than an old button may name.
    page = min(state.page, pages - 1)
    shown = [excerpt for excerpt in excerpts if page * quotes < excerpt.rank <= (page + 1) * quotes]
    if not shown:
        raise ThreadNotFoundError("the posts of this page are no longer in the archive; ask again")
    return answer_page(
        shown,
        reply,
        heading=heading,
        state=replace(state, page=page),
        pages=pages,
        shareable=shareable,
        page_of=services.page_of(state.marks),
    )


def log_answer(
    services: Services, event: str, started: float, found: AnsweredQuestion, server_id: int | None
) -> None:
    """Log and count a question: how it came, where, how fast, with which verdict and how many quotes."""
    seconds, answer = time.perf_counter() - started, found.answer
    services.record(AnsweredQuery(event, server_id, seconds, answer.verdict, len(answer.excerpts)))


@access(BELOW)
class AnswerButton(Pressed, DynamicItem[Button[Any]], template=AnswerState.TEMPLATE):
    """Back, More, Share, Helpful and Not helpful below an answer."""

    async def press(self, interaction: Interaction) -> None:
        """Turn the page for its asker, show it to anyone else alone; share it; take a reader's judgement."""
        state = decoded(AnswerState.decode, self.custom_id)
        if state.action in {AnswerAction.HELPFUL, AnswerAction.UNHELPFUL}:
            await record_feedback(interaction, state)
        elif state.action is AnswerAction.SHARE:
            await self._share(interaction, state)
        else:
            await self._turn(interaction, state)

    async def _turn(self, interaction: Interaction, state: AnswerState) -> None:
        services, message, reader = interaction.client.services, interaction.message, interaction.user.id
        own = reader == state.asker
        if own:
            await acknowledge_press(interaction)
        else:
            await acknowledge(interaction, private=True)
        server_id = server_in_scope(interaction)
        excerpts = await services.recall(state.keys, state.marks, server_id)
        private = not own or (message is not None and message.flags.ephemeral)
        view = page_view(
            services,
            server_id,
            excerpts,
            replace(state, asker=reader),
            reply_to(interaction, private=private),
            heading=heading_above(message),
            shareable=own and message is not None and is_shareable(message),
        )
        await show_view(interaction, view)

    async def _share(self, interaction: Interaction, state: AnswerState) -> None:
        """Post the page for everyone, once, in its asker's name, and say so on the private one."""
        if interaction.user.id != state.asker:
            await send_private(
                interaction, translations_of(interaction, private=True).say("notice-not-yours")
            )
            return
        # It posts into the channel, so what holds for asking there holds for it, also below /help.
        if not await interaction.client.access_check.admits(interaction, READING):
            return
        await acknowledge_press(interaction)
        services, server_id = interaction.client.services, server_in_scope(interaction)
        excerpts = await services.recall(state.keys, state.marks, server_id)
        shared = interaction.message.id if interaction.message else interaction.id
        if not services.shared.is_new(shared):
            return
        reply = reply_to(interaction, private=False)
        heading = asked_by(interaction.user.display_name, heading_above(interaction.message), reply)
        try:
            view = page_view(services, server_id, excerpts, state, reply, heading=heading)
            await post_publicly(interaction, view)
        except Exception:
            services.shared.forget(shared)
            raise
        self.item.label = translations_of(interaction, private=True).say("answer-shared")
        self.item.disabled = True
        if isinstance(self.view, LayoutView):
            await show_view(interaction, self.view)
