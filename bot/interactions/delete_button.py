"""The bin below a public message: its asker and moderators remove the message with it."""

from typing import Any

from discord.ui import Button, DynamicItem

from bot.interactions.access import EVERYONE, access
from bot.interactions.app_client import Interaction
from bot.interactions.buttons import Pressed, decoded
from bot.interactions.locale import translations_of
from bot.interactions.responses import acknowledge_press, delete_message, send_private
from bot.views.custom_id import DeleteState

__all__ = ["DeleteButton"]


@access(EVERYONE)
class DeleteButton(Pressed, DynamicItem[Button[Any]], template=DeleteState.TEMPLATE):
    """Remove, below what Bobbin showed to everyone."""

    async def press(self, interaction: Interaction) -> None:
        """Remove the message, or say who can."""
        state = decoded(DeleteState.decode, self.custom_id)
        # People who may delete others' messages here may delete this one, too.
        if interaction.user.id != state.owner and not interaction.permissions.manage_messages:
            await send_private(
                interaction, translations_of(interaction, private=True).say("notice-not-yours-to-remove")
            )
            return
        await acknowledge_press(interaction)
        await delete_message(interaction)
