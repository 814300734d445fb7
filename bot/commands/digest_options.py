"""The options of ``/digest`` that tell digests apart and say what they take: days, sources, names."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.digest.due import EVERY_DAY
from bot.digest.model import LedgerEntry, Subscription
from bot.digest.resurfacing import Frequency, Selection
from bot.i18n import LANGUAGES, Translations, translations_for
from bot.interactions.app_client import Interaction
from bot.interactions.command_translations import translated
from bot.interactions.errors import log_error
from bot.interactions.locale import own_translations
from bot.views.digests import DIGEST_PLACES
from bot.views.escape import escape_line, plain_line
from bot.views.limits import CHOICE_NAME, CHOICES, clip, units
from retrieval.archive import Archive

__all__ = [
    "DAYS",
    "MAX_NAME",
    "DigestPlace",
    "days_key",
    "find_digest",
    "frequency_choices",
    "name_of",
    "names_of",
    "of_digest",
    "offer_digests",
    "offer_sources",
    "parse_sources",
    "post_link",
    "real_name",
    "selection_lines",
    "separated",
    "weekdays_of",
]

T = TypeVar("T")

MAX_NAME: Final = 40
_TYPED: Final = 100
_MOST_SOURCES: Final = 20
DAYS: Final = {
    "daily": EVERY_DAY,
    "workdays": frozenset(range(5)),
    "weekend": frozenset({5, 6}),
    **{f"weekday-{number}": frozenset({number}) for number in range(7)},
}
"""On which weekdays a digest may come, by the end of the sentence's key."""


class DigestPlace(app_commands.Transformer):
    """A channel that a digest may be posted in."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Return that a channel is chosen."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Return the kinds of channels that are offered."""
        return list(DIGEST_PLACES)

    async def transform(self, interaction: Any, value: Any, /) -> Any:  # noqa: ARG002 - the library's form
        """Return the channel as it is."""
        return value


def weekdays_of(choice: Choice[str] | None) -> frozenset[int]:
    """Return the weekdays of a choice; without one, all."""
    return DAYS.get(choice.value, EVERY_DAY) if choice else EVERY_DAY


def days_key(weekdays: frozenset[int]) -> str:
    """Return the key of the sentence that names weekdays."""
    return next(f"digest-days-{name}" for name, days in DAYS.items() if days == weekdays)


def of_digest(handler: T) -> T:
    """Give a command the option ``digest``, which names one of several digests."""
    rename = app_commands.rename(digest_name=translated("command-digest-digest"))
    describe = app_commands.describe(digest_name=translated("command-digest-digest-is"))
    return rename(describe(handler))


def name_of(subscription: Subscription, translations: Translations) -> str:
    """Return what a digest is called, as plain text."""
    return subscription.options.name or translations.say("digest-unnamed")


def names_of(subscriptions: Iterable[Subscription], translations: Translations) -> str:
    """Return what digests are called, for a sentence."""
    return ", ".join(f"**{escape_line(name_of(one, translations), _TYPED)}**" for one in subscriptions)


def find_digest(subscriptions: Sequence[Subscription], typed: str | None) -> Subscription | None:
    """Return the digest of a name, without one the only one there is; ``None`` where it is not clear."""
    if typed is None:
        return subscriptions[0] if len(subscriptions) == 1 else None
    wanted = real_name(typed).casefold()
    return next((one for one in subscriptions if one.options.name.casefold() == wanted), None)


def real_name(typed: str | None) -> str:
    """Return the name of a digest as it is stored: "" for what the one without a name is called anywhere."""
    name = " ".join(plain_line(typed or "").split())[:MAX_NAME].rstrip()
    unnamed = {translations_for(language).say("digest-unnamed").casefold() for language in LANGUAGES}
    return "" if name.casefold() in unnamed else name


def separated(typed: str | None) -> list[str]:
    """Return what stands between commas, each once."""
    parts = (" ".join(part.split()) for part in (typed or "").split(","))
    return list({part.casefold(): part for part in parts if part}.values())


def parse_sources(
    archive: Archive, server_id: int, collections: Sequence[str], authors: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...], str | None]:
    """Return the collections and authors, these with an @, and the first one that is unknown. It blocks."""
    names = {one.name.casefold(): one.name for one in archive.catalog.collections(server_id)}
    found: list[str] = []
    for typed in collections[:_MOST_SOURCES]:
        if typed.casefold() not in names:
            return (), (), typed
        found.append(names[typed.casefold()])
    handles: list[str] = []
    scope = archive.catalog.scope(server_id)
    for typed in authors[:_MOST_SOURCES]:
        name = typed.removeprefix("@")
        if not any(archive.catalog.count(scope, author=known) for known in (name, f"@{name}")):
            return (), (), typed
        handles.append(f"@{name}")
    return tuple(found), tuple(handles), None


def selection_lines(selection: Selection, translations: Translations) -> list[str]:
    """Return what a digest takes and how often, where that is not the usual."""
    lines = []
    if selection.narrow:
        sources = ", ".join(_bold(one) for one in (*selection.collections, *selection.authors))
        lines.append(translations.say("digest-takes", sources=sources))
    if selection.size:
        lines.append(translations.say("digest-size-is", size=selection.size))
    if selection.recency:
        lines.append(translations.say("digest-recency-is", number=selection.recency))
    for frequency in Frequency:
        named = [_bold(name) for name, chosen in selection.frequency if chosen is frequency]
        if named:  # the normal one is not kept
            lines.append(translations.say(f"digest-shown-{frequency.value}", sources=", ".join(named)))
    return lines


async def offer_digests(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer the digests of the server."""

    def near() -> list[str]:
        translations, ledger = own_translations(interaction), interaction.client.digests.ledger
        return [name_of(one, translations) for one in ledger.subscriptions_of(interaction.guild_id or 0)]

    return await _offer(interaction, near, typed)


async def offer_sources(
    interaction: Interaction, typed: str, *, collections: bool = True, authors: bool = True
) -> list[Choice[str]]:
    """Offer collections and authors for the last part of a list with commas."""
    archive, server_id = interaction.client.archive, interaction.guild_id or 0
    before, _, last = typed[:_TYPED].rpartition(",")

    def near() -> list[str]:
        names = [one.name for one in archive.catalog.collections(server_id)] if collections else []
        found = names if len(names) > 1 or not authors else []
        if authors:
            scope = archive.catalog.scope(server_id)
            typed_author = last.strip().removeprefix("@")
            handles = archive.autocomplete.authors(typed_author, scope, limit=CHOICES)
            found = [*found, *(f"@{name.removeprefix('@')}" for name, _ in handles)]
        return [f"{before.strip()}, {name}" if before else name for name in found]

    return await _offer(interaction, near, last, prefix=before)


async def _offer(
    interaction: Interaction, near: Callable[[], list[str]], typed: str, *, prefix: str = ""
) -> list[Choice[str]]:
    try:
        wanted = typed.strip().casefold().removeprefix("@")
        names = await asyncio.to_thread(near)
        fitting = [name for name in names if wanted in name[len(prefix) :].casefold()]
        choices = [
            Choice(name=clip(plain_line(name), CHOICE_NAME) or "…", value=name)
            for name in fitting
            if units(name) <= CHOICE_NAME
        ]
        await interaction.response.autocomplete(choices[:CHOICES])
    except Exception as error:  # noqa: BLE001 - the edge; there is no place to say anything but the log
        log_error(error, f"completion {interaction.id}")
    return []  # the choices are on their way; discord.py offers nothing on top of them


def _bold(name: str) -> str:
    return f"**{escape_line(name, _TYPED)}**"


def frequency_choices() -> list[Choice[Any]]:
    """Return the frequencies as choices of an option."""
    return [Choice(name=translated(f"digest-often-{one.value}"), value=one.value) for one in Frequency]


def post_link(entry: LedgerEntry, guild: discord.Guild | None) -> str:
    """Return the address of a digest that was posted."""
    if guild and isinstance(guild.get_channel(entry.channel_id), discord.ForumChannel):
        # A post's first message has the id of the post, which is a channel of its own.
        return f"https://discord.com/channels/{entry.server_id}/{entry.message_id}"
    return f"https://discord.com/channels/{entry.server_id}/{entry.channel_id}/{entry.message_id}"
