"""``/privacy``: what Bobbin keeps of whom, and being forgotten."""

import asyncio
from typing import Any

from discord import app_commands
from discord.ui import Button, DynamicItem

from bot.interactions.access import EVERYONE, access, everywhere
from bot.interactions.app_client import Interaction, server_in_scope
from bot.interactions.buttons import Pressed
from bot.interactions.command_translations import translated, translated_options
from bot.interactions.locale import own_translations
from bot.interactions.responses import acknowledge, acknowledge_press, show_view
from bot.runtime import run_in_thread
from bot.servers.data_inventory import forget_account
from bot.views.privacy import DETAILS, forgotten_view, privacy_details, privacy_text

__all__ = ["PrivacyButton", "privacy"]


@access(EVERYONE)
class PrivacyButton(Pressed, DynamicItem[Button[Any]], template=DETAILS):
    """Details, below the paragraph."""

    async def press(self, interaction: Interaction) -> None:
        """Show the tables in the paragraph's place."""
        await acknowledge_press(interaction)
        unanswered = interaction.client.servers.of(server_in_scope(interaction)).unanswered
        await show_view(interaction, privacy_details(own_translations(interaction), unanswered=unanswered))


@access(EVERYONE)
@app_commands.command(name=translated("command-privacy"), description=translated("command-privacy-does"))
@translated_options("command-privacy", forget_me="forget")
@everywhere
async def privacy(
    interaction: Interaction,
    forget_me: bool = False,  # noqa: FBT001, FBT002 - an option of the command, given by its name
) -> None:
    """Tell what is kept, or forget the person who asks; to them alone."""
    client, person = interaction.client, interaction.user.id
    with interaction.client.services.at_work():
        await acknowledge(interaction, private=True)
        if not forget_me:
            unanswered = client.servers.of(server_in_scope(interaction)).unanswered
            await show_view(interaction, privacy_text(own_translations(interaction), unanswered=unanswered))
            return
        translations = own_translations(interaction)
        questions = client.access_check.forget_person(person)
        client.services.locales.forget(person)
        await run_in_thread(lambda: client.saved_messages.forget_author(person), "forgetting")
        await asyncio.to_thread(forget_account, client.server_file, person, client.archive, client.now())
        await show_view(interaction, forgotten_view(questions, translations))
