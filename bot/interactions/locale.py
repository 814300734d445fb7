"""Which language Bobbin speaks to whom: the reader's own, or the server's where everyone reads."""

import discord

from bot.i18n import Translations, translations_for
from bot.interactions.app_client import Interaction
from bot.interactions.lru import RecentLocales
from bot.views.layout import Reply

__all__ = ["message_translations", "own_translations", "reply_to", "translations_of"]

#: Discord's own default for a server, which says nothing about what is spoken there.
_UNSET = discord.Locale.american_english.value


def translations_of(interaction: Interaction, *, private: bool) -> Translations:
    """Return what to speak in the answer to an interaction.

    A private one is in its reader's language; a public one in the server's where one is set, for
    others read it too, and else in the asker's.
    """
    own = interaction.locale.value
    interaction.client.services.locales.note(interaction.user.id, own)
    return translations_for(own if private else _shared(interaction.guild_locale) or own)


def reply_to(interaction: Interaction, *, private: bool) -> Reply:
    """Return for whom the answer to an interaction is, and what to speak in it."""
    return Reply(interaction.user.id, private, translations_of(interaction, private=private))


def own_translations(interaction: Interaction) -> Translations:
    """Return what to speak to one person alone who is about something else than reading."""
    return translations_for(interaction.locale.value)


def message_translations(locales: RecentLocales, message: discord.Message) -> Translations:
    """Return what to speak in the answer to a message: the server's language, else its author's if known."""
    server = message.guild.preferred_locale if message.guild else None
    return translations_for(_shared(server) or locales.of(message.author.id) or _UNSET)


def _shared(locale: discord.Locale | None) -> str | None:
    return None if locale is None or locale.value == _UNSET else locale.value
