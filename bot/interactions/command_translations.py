"""Names and descriptions of commands in every language Bobbin speaks, from the catalogue."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.i18n import ENGLISH, LANGUAGES, translations_for

__all__ = ["CommandTranslator", "translated", "translated_options"]

_KEY = "key"

T = TypeVar("T")


def translated(key: str) -> locale_str:
    """Return a sentence of the catalogue as a command's name, description or option.

    Discord gets it in English and, by :class:`CommandTranslator`, in the other languages. Raises
    ``KeyError`` for a sentence that the catalogue has not.
    """
    return locale_str(ENGLISH.say(key), **{_KEY: key})


def translated_options(command: str, *names: str, group: str | None = None, **keys: str) -> Callable[[T], T]:
    """Name and describe the options of a command out of the catalogue.

    The sentences of an option are those of the command's key and the option's name, or the word that
    ``keys`` gives for it: ``command-trend-words``, ``command-trend-words-is``. Commands of a ``group``
    share the names of options; so do all with "private". Raises ``KeyError`` as :func:`translated` does.
    """
    keys = {name: name for name in names} | keys

    def name_key(word: str) -> str:
        return "option-private" if word == "private" else f"{group or command}-{word}"

    rename = app_commands.rename(**{name: translated(name_key(word)) for name, word in keys.items()})
    describe = app_commands.describe(
        **{name: translated(f"{command}-{word}-is") for name, word in keys.items()}
    )
    return lambda handler: rename(describe(handler))


class CommandTranslator(app_commands.Translator):
    """Translate what :func:`translated` made; what else a command says stays as it is."""

    async def load(self) -> None:
        """Read every language's sentences, in a thread, before the first use."""
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
