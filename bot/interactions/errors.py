"""The one place where an error in Discord becomes a person's sentence, and a trace in the log.

Nothing of what was asked is logged, and no token: only what happened, and a short reference that
stands in the sentence too, so that a person can name their trouble to the operator.
"""

import logging
import secrets

import discord
from discord import app_commands

from bot.i18n import ENGLISH, Translations
from bot.interactions.app_client import Interaction
from bot.interactions.locale import reply_to, translations_of
from bot.interactions.responses import EXPIRED, reply_to_message, send_private, send_private_view
from bot.views.lists import alike
from bot.views.notices import notice
from retrieval.errors import AmbiguousThreadError, NotFoundError

__all__ = ["OutdatedButtonError", "log_error", "on_command_error", "on_interaction_error", "on_message_error"]

log = logging.getLogger(__name__)


class OutdatedButtonError(Exception):
    """A button whose custom_id does not decode: of another version of Bobbin, or damaged."""


async def on_command_error(interaction: Interaction, error: app_commands.AppCommandError) -> None:
    """Handle what a command raised, unwrapped; the command tree's error handler."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    await on_interaction_error(interaction, cause)


async def on_interaction_error(interaction: Interaction, error: Exception) -> None:
    """Say what went wrong to the person of the interaction, once, and log it. Raises nothing."""
    translations = translations_of(interaction, private=True)
    sentence = log_error(error, f"interaction {interaction.id}", translations)
    if sentence is None:
        return
    try:
        if isinstance(error, AmbiguousThreadError):
            view = alike(error.candidates, error.total, reply_to(interaction, private=True))
            await send_private_view(interaction, view)
        else:
            await send_private(interaction, sentence)
    except Exception as second:  # noqa: BLE001 - the last handler there is; nothing may leave it
        log.info("the sentence about the trouble could not be sent: %s", _name(second))


async def on_message_error(message: discord.Message, error: Exception, translations: Translations) -> None:
    """Say what went wrong under the person's message, once, and log it. Raises nothing."""
    sentence = log_error(error, f"message {message.id}", translations)
    if sentence is None:
        return
    try:
        await reply_to_message(message, notice(sentence))
    except Exception as second:  # noqa: BLE001 - the last handler there is; nothing may leave it
        log.info("the sentence about the trouble could not be sent: %s", _name(second))


def log_error(error: Exception, where: str, translations: Translations = ENGLISH) -> str | None:
    """Log an error as it deserves; return what to say of it, ``None`` where nothing is to be said."""
    match error:
        case discord.HTTPException() if error.code in EXPIRED:
            log.info("expired: %s (%s)", where, _name(error))
            return None
        case discord.Forbidden():
            log.warning("not allowed to answer: %s (%s)", where, _name(error))
            return None
        case NotFoundError():
            log.info("gone: %s", where)
            return translations.say("notice-gone")
        case OutdatedButtonError():
            log.info("outdated button: %s", where)
            return translations.say("notice-button-expired")
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            log.warning("a command that Discord still shows: %s (%s)", where, _name(error))
            return translations.say("notice-command-outdated")
    reference = secrets.token_hex(3)
    log.error("trouble %s: %s", reference, where, exc_info=error)
    return translations.say("notice-failed", reference=reference)


def _name(error: Exception) -> str:
    """Return the kind of an error, with Discord's code where it has one; never its text."""
    code = getattr(error, "code", None)
    return type(error).__name__ if code is None else f"{type(error).__name__} {code}"
