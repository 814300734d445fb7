"""The one place where an error in Discord becomes a person's sentence, and a trace in the log.

Nothing of what was asked is logged, and no token: only what happened, and a short reference that
stands in the sentence too, so that a person can name their trouble to the operator.
"""

import logging
import secrets
from pathlib import PurePath
from typing import Final

import discord
from discord import app_commands

from bot.i18n import ENGLISH, Translations
from bot.interactions.app_client import AppClient, Interaction
from bot.interactions.locale import reply_to, translations_of
from bot.interactions.responses import (
    EXPIRED,
    CannotSendError,
    reply_to_message,
    send_direct,
    send_private,
    send_private_view,
)
from bot.interactions.services import Services
from bot.views.escape import escape_line
from bot.views.layout import lines_view
from bot.views.lists import alike
from bot.views.notices import notice
from retrieval.commits import committed
from retrieval.errors import AmbiguousThreadError, NotFoundError, StoreError

__all__ = [
    "OutdatedButtonError",
    "log_error",
    "log_refusal",
    "on_command_error",
    "on_interaction_error",
    "on_message_error",
]

log = logging.getLogger(__name__)

_OUT_OF_MEMORY = "there is not enough memory; close other programs, or give this machine more"


#: What keeps an answer from being sent, by Discord's codes.
_OBSTACLES: Final = {
    50001: "obstacle-permissions",
    50013: "obstacle-permissions",
    50083: "obstacle-archived",
    160005: "obstacle-locked",
    20016: "obstacle-slow-mode",
    200000: "obstacle-filter",
}
_FOR_ADMINS: Final = frozenset({"obstacle-permissions"})
_GONE: Final = frozenset({10003, 10008})
_INVALID: Final = 50035
_SERVER_NAME: Final = 80


class OutdatedButtonError(Exception):
    """A button whose custom_id does not decode: of another version of Bobbin, or damaged."""


#: Errors that are no fault of Bobbin: of a stale command or button, of Discord, or of permissions.
_NOT_FAILURES = (
    discord.HTTPException,
    CannotSendError,
    NotFoundError,
    OutdatedButtonError,
    app_commands.CommandNotFound,
    app_commands.CommandSignatureMismatch,
)


async def on_command_error(interaction: Interaction, error: app_commands.AppCommandError) -> None:
    """Handle what a command raised, unwrapped; the command tree's error handler."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, app_commands.CommandNotFound):
        interaction.client.commands_doubted.set()
    await on_interaction_error(interaction, cause)


async def on_interaction_error(interaction: Interaction, error: Exception) -> None:
    """Say what went wrong to the person of the interaction, once, and log it. Raises nothing."""
    if _was_stopped(interaction.client, error, f"interaction {interaction.id}"):
        return
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
    client: AppClient, message: discord.Message, error: Exception, translations: Translations
) -> None:
    """Say what went wrong to the person of a message, once, and log it. Raises nothing.

    Where no answer can be sent, the person learns in private why, once an hour, and the server's owner
    what to change, once a day.
    """
    if _was_stopped(client, error, f"message {message.id}"):
        return
    author, services = message.author, client.services
    manages = isinstance(author, discord.Member) and author.guild_permissions.manage_guild
    _count(services, error)
    acts = manages or author.id == services.operator
    try:
        if (key := obstacle_of(error)) is not None:
            log.info("no answer to message %s: %s", message.id, key)
            await _tell_obstacle(client, message, key, translations)
        elif sentence := log_error(error, f"message {message.id}", translations, acts=acts):
            await reply_to_message(message, notice(sentence))
    except Exception as second:  # noqa: BLE001 - the last handler there is; nothing may leave it
        log.info("the sentence about the trouble could not be sent: %s", _name(second))


def _was_stopped(client: AppClient, error: Exception, where: str) -> bool:
    """Return whether a reply was not sent because the connections had been closed by then; log that."""
    stopped = client.is_closed() and isinstance(error, RuntimeError)
    if stopped:
        log.info("not answered: %s: Bobbin was stopped", where)
    return stopped


def obstacle_of(error: Exception) -> str | None:
    """Return the sentence about what keeps an answer from being sent where it was asked for."""
    if isinstance(error, CannotSendError):
        return "obstacle-permissions"
    return _OBSTACLES.get(error.code) if isinstance(error, discord.HTTPException) else None


def is_gone(error: Exception) -> bool:
    """Return whether an error says that the question, or where it was asked, was deleted."""
    if not isinstance(error, discord.HTTPException):
        return False
    # A reply to a deleted message is refused as an invalid form that names the reference.
    return error.code in _GONE or (error.code == _INVALID and "message_reference" in error.text)


async def _tell_obstacle(
    client: AppClient, message: discord.Message, key: str, translations: Translations
) -> None:
    explained, guild, hour = (
        client.services.explained,
        message.guild,
        int(message.created_at.timestamp()) // 3_600,
    )
    channel = f"<#{message.channel.id}>"
    if explained.is_new(hash((message.author.id, message.channel.id, key, hour))):
        sentence = translations.say("obstacle-asker", channel=channel, reason=translations.say(key))
        await send_direct(message.author, lines_view(sentence))
    if guild is None or guild.owner_id is None or key not in _FOR_ADMINS:
        return
    if explained.is_new(hash((guild.id, message.channel.id, key, hour // 24))):
        where = escape_line(guild.name, _SERVER_NAME)
        sentence = translations.say("obstacle-admin", channel=channel, server=where)
        owner = await client.create_dm(discord.Object(guild.owner_id))
        await send_direct(owner, lines_view(sentence))


def _count(services: Services, error: Exception) -> None:
    """Count an error of Bobbin's own as a failed question."""
    if not isinstance(error, _NOT_FAILURES):
        services.record.failed()


def log_error(  # noqa: C901 - one case a kind of error
    error: Exception, where: str, translations: Translations = ENGLISH, *, acts: bool = False
) -> str | None:
    """Log an error in one line; return the sentence for the person, ``None`` where there is none to say.

    ``acts`` says that the person can mend what is wrong with Bobbin: they get the reason and the remedy.
    """
    sentence: str | None = None
    match error:
        case discord.HTTPException() if error.code in EXPIRED:
            log.info("expired: %s (%s)", where, _name(error))
        case discord.HTTPException(code=50001 | 50013):
            log.warning("not allowed to answer: %s (%s)", where, _name(error))
        case _ if (key := obstacle_of(error)) is not None:
            log.info("not sent: %s (%s)", where, _name(error))
            sentence = translations.say(key)
        case _ if is_gone(error):
            log.info("the question is gone: %s (%s)", where, _name(error))
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
            reason = log_refusal(error, where)
            sentence = translations.say("notice-cannot-answer")
            if acts:
                key = "notice-store-refuses-partly" if committed() else "notice-store-refuses"
                sentence = translations.say(key, reason=reason)
        case _:
            reference = secrets.token_hex(3)
            log.error("trouble %s: %s", reference, where, exc_info=error)
            sentence = translations.say("notice-failed", reference=reference)
    return sentence


def log_refusal(error: StoreError | MemoryError, where: str) -> str:
    """Log in one line that a store refused; return the reason for those who can act, without folders."""
    reason = _OUT_OF_MEMORY if isinstance(error, MemoryError) else str(error)
    log.error("not answered: %s: %s", where, reason)
    return _without_folder(reason)


def _without_folder(reason: str) -> str:
    """Return a reason with its file's name alone; the machine's folders are not a server's business."""
    place, colon, rest = reason.partition(": ")
    return f"{PurePath(place).name}{colon}{rest}" if colon else reason


def _name(error: Exception) -> str:
    """Return the kind of an error, with Discord's code where it has one; never its text."""
    code = getattr(error, "code", None)
    return type(error).__name__ if code is None else f"{type(error).__name__} {code}"
