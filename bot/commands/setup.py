"""The first day in a server: the setup card on joining, ``/setup``, and the card's buttons."""

import asyncio
import logging
from datetime import timedelta
from typing import Any, Final

import discord
from discord import app_commands
from discord.ui import Button, DynamicItem

from bot.commands.digest import set_up
from bot.i18n import translations_for
from bot.interactions.access import MANAGING, access, for_managers
from bot.interactions.app_client import AppClient, Interaction
from bot.interactions.buttons import Pressed, form
from bot.interactions.command_translations import translated
from bot.interactions.errors import OutdatedButtonError
from bot.interactions.locale import own_translations
from bot.interactions.message_parsing import own_names, trigger_of
from bot.interactions.responses import (
    acknowledge,
    linked,
    open_modal,
    post_in_channel,
    send_private_view,
    show_view,
)
from bot.views.layout import lines_view
from bot.views.settings import settings_panel
from bot.views.setup import SetupControl, SetupProgress, digest_modal, setup_card
from retrieval.archive import Archive

__all__ = [
    "SetupButton",
    "digest_form",
    "greet",
    "greet_manager",
    "greet_recent",
    "on_command_used",
    "setup",
]

log = logging.getLogger(__name__)

#: A server that was joined longer ago is no new one.
_LATELY: Final = timedelta(days=7)


@access(MANAGING)
@app_commands.command(name=translated("command-setup"), description=translated("command-setup-does"))
@for_managers
async def setup(interaction: Interaction) -> None:
    """Show the card with what is done to a person who manages the server, privately."""
    with interaction.client.services.at_work():
        await acknowledge(interaction, private=True)
        progress = await _progress(interaction.client, interaction.guild_id or 0)
        name = own_names(interaction.client, interaction.guild)[0]
        await show_view(interaction, setup_card(name, progress, own_translations(interaction)))
        await asyncio.to_thread(interaction.client.setup_cards.note, interaction.guild_id or 0, shown=True)


@access(MANAGING)
class SetupButton(Pressed, DynamicItem[Button[Any]], template=SetupControl.TEMPLATE):
    """A step of the setup card."""

    async def press(self, interaction: Interaction) -> None:
        """Explain how threads are added, show the settings, or open the form of the digest; in private."""
        found = self.template.fullmatch(self.custom_id)
        translations = own_translations(interaction)
        match found["step"] if found else "":
            case "threads":
                lines = [translations.say(f"setup-threads-{how}") for how in ("how", "saved", "operator")]
                await send_private_view(interaction, lines_view(*lines))
            case "places":
                preferences = interaction.client.servers.of(interaction.guild_id)
                server = interaction.guild.name if interaction.guild else ""
                await send_private_view(interaction, settings_panel(preferences, translations, server=server))
            case "digest":
                await open_modal(interaction, digest_modal(translations))
            case _:
                raise OutdatedButtonError


@access(MANAGING)
@form(SetupControl.FORM)
async def digest_form(interaction: Interaction) -> None:
    """Set the digest up by the form of the setup card."""
    data: Any = interaction.data or {}
    fields = {one["component"]["custom_id"]: one["component"] for one in data.get("components", [])}
    try:
        (channel,) = fields["channel"]["values"]
        at, zone = fields["at"]["value"], fields["timezone"]["value"]
    except (KeyError, ValueError) as error:
        raise OutdatedButtonError from error
    await set_up(interaction, int(channel), at, zone)


async def greet(client: AppClient, guild: discord.Guild) -> None:
    """Post the setup card in the system channel of a server just joined; else it waits for a manager."""
    channel = guild.system_channel
    posted = channel is not None and await _post_card(client, guild, channel)
    await asyncio.to_thread(client.setup_cards.note, guild.id, shown=posted)


async def greet_recent(client: AppClient) -> None:
    """Do the same in the servers that were joined lately, while this program did not run."""
    for guild in client.guilds:
        joined = guild.me.joined_at
        lately = joined is not None and client.now() - joined < _LATELY
        if lately and not client.setup_cards.known(guild.id):
            await greet(client, guild)


async def greet_manager(client: AppClient, message: discord.Message) -> None:
    """Post a card that waits where a manager first speaks to Bobbin."""
    guild, author = message.guild, message.author
    if guild is None or client.user is None or not client.setup_cards.awaited(guild.id):
        return
    manages = isinstance(author, discord.Member) and author.guild_permissions.manage_guild
    if manages and trigger_of(message, client.user.id) and await _post_card(client, guild, message.channel):
        await asyncio.to_thread(client.setup_cards.note, guild.id, shown=True)


async def on_command_used(interaction: Interaction) -> None:
    """Show a card that waits to the first manager who uses a command, alone, after its own reply."""
    server_id = interaction.guild_id
    if server_id is None or not interaction.client.setup_cards.awaited(server_id):
        return
    if interaction.permissions.manage_guild:
        name = own_names(interaction.client, interaction.guild)[0]
        progress = await _progress(interaction.client, server_id)
        await send_private_view(interaction, setup_card(name, progress, own_translations(interaction)))
        await asyncio.to_thread(interaction.client.setup_cards.note, server_id, shown=True)


async def _post_card(client: AppClient, guild: discord.Guild, channel: Any) -> bool:
    translations = translations_for(guild.preferred_locale.value)
    card = setup_card(own_names(client, guild)[0], await _progress(client, guild.id), translations)
    posted = await post_in_channel(channel, linked(card, client.command_links), nonce=f"setup{guild.id}")
    log.info(
        "setup card of server %s: %s", client.services.record.mark(guild.id), "posted" if posted else "waits"
    )
    return posted


async def _progress(client: AppClient, server_id: int) -> SetupProgress:
    def count(archive: Archive) -> int:
        return archive.catalog.statistics(archive.catalog.visible_scope(server_id)).threads

    subscriptions = await asyncio.to_thread(client.digests.ledger.subscriptions_of, server_id)
    return SetupProgress(
        threads=await client.services.look(count),
        decided=server_id in client.servers.decided(),
        digest=bool(subscriptions),
    )
