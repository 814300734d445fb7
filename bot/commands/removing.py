"""The bin below a public message: it removes the message, for whoever asked for it and for moderators."""

from typing import Any

from discord.ui import Button, DynamicItem

from bot.commands.access import EVERYONE, access
from bot.commands.buttons import Pressed, decoded
from bot.commands.desk import AnyInteraction
from bot.commands.replies import acknowledge_press, remove, tell
from bot.commands.speech import speech_of
from bot.render.state import BinState

__all__ = ["BinButton"]


@access(EVERYONE)
class BinButton(Pressed, DynamicItem[Button[Any]], template=BinState.TEMPLATE):
    """Remove, below what Bobbin showed to everyone."""

    async def press(self, interaction: AnyInteraction) -> None:
        """Remove the message, or say who can."""
        state = decoded(BinState.decode, self.custom_id)
        # Whoever may delete other people's messages here may delete this one, too.
        if interaction.user.id != state.owner and not interaction.permissions.manage_messages:
            await tell(interaction, speech_of(interaction, private=True).say("notice-not-yours-to-remove"))
            return
        await acknowledge_press(interaction)
        await remove(interaction)
