"""Names and descriptions of commands in every language Bobbin speaks, from the catalogue."""

import asyncio

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.i18n import ENGLISH, LANGUAGES, translations_for

__all__ = ["CommandTranslator", "translated"]

_KEY = "key"


def translated(key: str) -> locale_str:
    """Return a sentence of the catalogue as a command's name, description or option.

    Discord is told it in English and, by :class:`InCatalogue`, in the other languages. Raises
    ``KeyError`` for a sentence that the catalogue has not.
    """
    return locale_str(ENGLISH.say(key), **{_KEY: key})


class CommandTranslator(app_commands.Translator):
    """Translate what :func:`named` made; what else a command says stays as it is."""

    async def load(self) -> None:
        """Read every language's sentences, in a thread, before anybody is spoken to."""
        await asyncio.to_thread(_read)

    async def translate(
        self,
        string: locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002 - the library hands it over
    ) -> str | None:
        """Return the sentence in the language of the locale, ``None`` where Bobbin does not speak it."""
        key = string.extras.get(_KEY)
        translations = translations_for(locale.value)
        spoken = locale.value.partition("-")[0] in LANGUAGES[1:]
        return translations.say(key) if key and spoken else None


def _read() -> None:
    for language in LANGUAGES:
        translations_for(language).say("posts", count=1)
