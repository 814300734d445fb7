"""Which language Bobbin speaks to whom: the reader's own, or the server's where everyone reads."""

import discord

from bot.catalogue import Catalogue, catalogue
from bot.commands.desk import AnyInteraction, desk_of
from bot.commands.recent import Locales

__all__ = ["own_speech", "speech_for", "speech_of"]

#: Discord's own default for a server, which says nothing about what is spoken there.
_UNSET = discord.Locale.american_english.value


def speech_of(interaction: AnyInteraction, *, private: bool) -> Catalogue:
    """Return what to speak in the answer to an interaction.

    A private one is in its reader's language; a public one in the server's where one is set, for
    others read it too, and else in the asker's.
    """
    own = interaction.locale.value
    desk_of(interaction).locales.note(interaction.user.id, own)
    return catalogue(own if private else _shared(interaction.guild_locale) or own)


def own_speech(interaction: AnyInteraction) -> Catalogue:
    """Return what to speak to one person alone who is about something else than reading."""
    return catalogue(interaction.locale.value)


def speech_for(locales: Locales, message: discord.Message) -> Catalogue:
    """Return what to speak in the answer to a message: the server's language, else its author's if known."""
    server = message.guild.preferred_locale if message.guild else None
    return catalogue(_shared(server) or locales.of(message.author.id) or _UNSET)


def _shared(locale: discord.Locale | None) -> str | None:
    return None if locale is None or locale.value == _UNSET else locale.value
