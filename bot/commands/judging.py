"""Helpful and Not helpful: counting what helped, and asking once what was wrong."""

from typing import Any

import discord
from discord.ui import Label, Modal, TextInput

from bot.catalogue import Catalogue
from bot.commands.access import BELOW, access
from bot.commands.buttons import decoded, form
from bot.commands.desk import AnyInteraction, desk_of, server_of
from bot.commands.replies import acknowledge, open_modal, tell
from bot.commands.speech import speech_of
from bot.feedback import LONGEST
from bot.render.limits import LABEL, clip
from bot.render.state import AnswerAction, AnswerState

__all__ = ["judge", "reason_form"]

_WORDS = "words"
_TITLE = 45


async def judge(interaction: AnyInteraction, state: AnswerState) -> None:
    """Count what somebody thinks of an answer's page, once a person and answer; ask why it did not help.

    Who judged is remembered in memory only, and only as long as there is room.
    """
    desk, speech = desk_of(interaction), speech_of(interaction, private=True)
    judged = hash((interaction.message.id if interaction.message else 0, interaction.user.id))
    if not desk.judged.is_new(judged):
        await tell(interaction, speech.say("feedback-counted-before"))
        return
    helpful = state.action is AnswerAction.HELPFUL
    try:
        if helpful:
            await acknowledge(interaction, private=True)
        else:
            # A modal must be the first reply, so it opens before anything is written.
            await open_modal(interaction, _reason(state, speech))
        await desk.judge(server_of(interaction), await _threads(interaction, state), helpful=helpful)
    except Exception:
        desk.judged.forget(judged)
        raise
    if helpful:
        await tell(interaction, speech.say("feedback-thanks"))


@access(BELOW)
@form(AnswerState.TEMPLATE)
async def reason_form(interaction: AnyInteraction) -> None:
    """Keep what somebody wrote about an answer that did not help, if anything.

    The modal's custom_id says which answer it is about, so it may have been opened before a restart.
    """
    desk = desk_of(interaction)
    state = decoded(AnswerState.decode, interaction.custom_id or "")
    await acknowledge(interaction, private=True)
    words = _written(interaction.data or {})
    if words.strip():
        await desk.note(server_of(interaction), await _threads(interaction, state), words)
    await tell(interaction, speech_of(interaction, private=True).say("feedback-thanks"))


async def _threads(interaction: AnyInteraction, state: AnswerState) -> list[str]:
    """Return the threads that the judged page quotes, as far as they are still there."""
    desk, server_id = desk_of(interaction), server_of(interaction)
    quotes = desk.preferences(server_id).quotes
    keys = state.keys[state.page * quotes : (state.page + 1) * quotes]
    return [excerpt.thread.id for excerpt in await desk.recall(keys, (), server_id)]


def _reason(state: AnswerState, speech: Catalogue) -> Modal:
    modal = Modal(title=clip(speech.say("feedback-what-was-wrong"), _TITLE), custom_id=state.encode())
    words: TextInput[Any] = TextInput(
        custom_id=_WORDS, style=discord.TextStyle.paragraph, required=False, max_length=LONGEST
    )
    modal.add_item(
        Label(
            text=clip(speech.say("feedback-in-your-words"), _TITLE),
            description=clip(speech.say("feedback-what-is-kept"), LABEL + 20),
            component=words,
        )
    )
    return modal


def _written(data: Any) -> str:
    """Return what was written into the modal's one field, wherever in the payload it stands."""
    for part in data.get("components") or []:
        inner = part.get("component") or {}
        if inner.get("custom_id") == _WORDS:
            return str(inner.get("value") or "")
    return ""
