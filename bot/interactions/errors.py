"""The one place where an error in Discord becomes a person's sentence, and a trace in the log.

Nothing of what was asked is logged, and no token: only what happened, and a short reference that
stands in the sentence too, so that a person can name their trouble to the operator.
"""

import logging
import secrets
from pathlib import PurePath

import discord
from discord import app_commands

from bot.i18n import ENGLISH, Translations
from bot.interactions.app_client import Interaction
from bot.interactions.locale import reply_to, translations_of
from bot.interactions.responses import EXPIRED, reply_to_message, send_private, send_private_view
from bot.interactions.services import Services
from bot.views.lists import alike
from bot.views.notices import notice
from retrieval.errors import AmbiguousThreadError, NotFoundError, StoreError

__all__ = ["OutdatedButtonError", "log_error", "on_command_error", "on_interaction_error", "on_message_error"]

log = logging.getLogger(__name__)

_OUT_OF_MEMORY = "there is not enough memory; close other programs, or give this machine more"


class OutdatedButtonError(Exception):
    """A button whose custom_id does not decode: of another version of Bobbin, or damaged."""


#: Errors that are no fault of Bobbin: of a stale command or button, of Discord, or of permissions.
_NOT_FAILURES = (
    discord.HTTPException,
    NotFoundError,
    OutdatedButtonError,
    app_commands.CommandNotFound,
    app_commands.CommandSignatureMismatch,
)


async def on_command_error(interaction: Interaction, error: app_commands.AppCommandError) -> None:
    """Handle what a command raised, unwrapped; the command tree's error handler."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    await on_interaction_error(interaction, cause)


async def on_interaction_error(interaction: Interaction, error: Exception) -> None:
    """Say what went wrong to the person of the interaction, once, and log it. Raises nothing."""
    translations = translations_of(interaction, private=True)
    operator = interaction.client.settings.operator
    acts = interaction.user.id == operator or interaction.permissions.manage_guild
    _count(interaction.client.services, error)
    sentence = log_error(error, f"interaction {interaction.id}", translations, acts=acts)
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


async def on_message_error(
    services: Services, message: discord.Message, error: Exception, translations: Translations
) -> None:
    """Say what went wrong under the person's message, once, and log it. Raises nothing."""
    author = message.author
    manages = isinstance(author, discord.Member) and author.guild_permissions.manage_guild
    _count(services, error)
    acts = manages or author.id == services.operator
    sentence = log_error(error, f"message {message.id}", translations, acts=acts)
    if sentence is None:
        return
    try:
        await reply_to_message(message, notice(sentence))
    except Exception as second:  # noqa: BLE001 - the last handler there is; nothing may leave it
        log.info("the sentence about the trouble could not be sent: %s", _name(second))


def _count(services: Services, error: Exception) -> None:
    """Count an error of Bobbin's own as a failed question."""
    if isinstance(error, StoreError):
        services.refused(str(error))
    if not isinstance(error, _NOT_FAILURES):
        services.record.failed()


def log_error(
    error: Exception, where: str, translations: Translations = ENGLISH, *, acts: bool = False
) -> str | None:
    """Log an error in one line; return the sentence for the person, ``None`` where there is none to say.

    ``acts`` says that the person can mend what is wrong with Bobbin: they get the reason and the remedy.
    """
    sentence: str | None = None
    match error:
        case discord.HTTPException() if error.code in EXPIRED:
            log.info("expired: %s (%s)", where, _name(error))
        case discord.Forbidden():
            log.warning("not allowed to answer: %s (%s)", where, _name(error))
        case NotFoundError():
            log.info("gone: %s", where)
            sentence = translations.say("notice-gone")
        case OutdatedButtonError():
            log.info("outdated button: %s", where)
            sentence = translations.say("notice-button-expired")
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            log.warning("a command that Discord still shows: %s (%s)", where, _name(error))
            sentence = translations.say("notice-command-outdated")
        case StoreError() | MemoryError():
            reason = _OUT_OF_MEMORY if isinstance(error, MemoryError) else str(error)
            log.error("not answered: %s: %s", where, reason)
            sentence = translations.say("notice-cannot-answer")
            if acts:
                sentence = translations.say("notice-store-refuses", reason=_without_folder(reason))
        case _:
            reference = secrets.token_hex(3)
            log.error("trouble %s: %s", reference, where, exc_info=error)
            sentence = translations.say("notice-failed", reference=reference)
    return sentence


def _without_folder(reason: str) -> str:
    """Return a reason with its file's name alone; the machine's folders are not a server's business."""
    place, colon, rest = reason.partition(": ")
    return f"{PurePath(place).name}{colon}{rest}" if colon else reason


def _name(error: Exception) -> str:
    """Return the kind of an error, with Discord's code where it has one; never its text."""
    code = getattr(error, "code", None)
    return type(error).__name__ if code is None else f"{type(error).__name__} {code}"
