"""Helpful and Not helpful: counting what helped, and asking once what was wrong."""

from typing import Any

import discord
from discord.ui import Label, Modal, TextInput

from bot.i18n import Translations
from bot.interactions.access import BELOW, access
from bot.interactions.app_client import Interaction, server_in_scope
from bot.interactions.buttons import decoded, form
from bot.interactions.locale import translations_of
from bot.interactions.responses import acknowledge, open_modal, send_private
from bot.servers.feedback_store import MAX_FEEDBACK_LENGTH
from bot.views.custom_id import AnswerAction, AnswerState
from bot.views.limits import LABEL, clip

__all__ = ["feedback_form", "record_feedback"]

_WORDS = "words"
_TITLE = 45


async def record_feedback(interaction: Interaction, state: AnswerState) -> None:
    """Count a person's judgement of an answer's page, once a person and answer; ask why it did not help.

    Who judged is remembered in memory only, and only as long as there is room.
    """
    services, translations = interaction.client.services, translations_of(interaction, private=True)
    judged = hash((interaction.message.id if interaction.message else 0, interaction.user.id))
    if not services.judged.is_new(judged):
        await send_private(interaction, translations.say("feedback-counted-before"))
        return
    helpful = state.action is AnswerAction.HELPFUL
    try:
        if helpful:
            await acknowledge(interaction, private=True)
        else:
            # A modal must be the first reply, so it opens before anything is written.
            await open_modal(interaction, _reason(state, translations))
        await services.judge(
            server_in_scope(interaction), await _threads(interaction, state), helpful=helpful
        )
    except Exception:
        services.judged.forget(judged)
        raise
    if helpful:
        await send_private(interaction, translations.say("feedback-thanks"))


@access(BELOW)
@form(AnswerState.TEMPLATE)
async def feedback_form(interaction: Interaction) -> None:
    """Keep what a person wrote about an answer that did not help, if anything.

    The modal's custom_id says which answer it is about, so it may have been opened before a restart.
    """
    services = interaction.client.services
    state = decoded(AnswerState.decode, interaction.custom_id or "")
    await acknowledge(interaction, private=True)
    words = _written(interaction.data or {})
    if words.strip():
        await services.note(server_in_scope(interaction), await _threads(interaction, state), words)
    await send_private(interaction, translations_of(interaction, private=True).say("feedback-thanks"))


async def _threads(interaction: Interaction, state: AnswerState) -> list[str]:
    """Return the threads that the judged page quotes, as far as they are still there."""
    services, server_id = interaction.client.services, server_in_scope(interaction)
    quotes = services.preferences(server_id).quotes
    keys = state.keys[state.page * quotes : (state.page + 1) * quotes]
    return [excerpt.thread.id for excerpt in await services.recall(keys, (), server_id)]


def _reason(state: AnswerState, translations: Translations) -> Modal:
    modal = Modal(title=clip(translations.say("feedback-what-was-wrong"), _TITLE), custom_id=state.encode())
    words: TextInput[Any] = TextInput(
        custom_id=_WORDS, style=discord.TextStyle.paragraph, required=False, max_length=MAX_FEEDBACK_LENGTH
    )
    modal.add_item(
        Label(
            text=clip(translations.say("feedback-in-your-words"), _TITLE),
            description=clip(translations.say("feedback-what-is-kept"), LABEL + 20),
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
