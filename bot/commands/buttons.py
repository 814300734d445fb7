"""What every button of Bobbin's shares: it is found again by its custom_id, and its errors are handled."""

from collections.abc import Callable
from typing import Any, Self, TypeVar

import discord
from discord.ui import Button, Item

from bot.commands.desk import AnyInteraction, desk_of
from bot.commands.errors import OutdatedButtonError, on_interaction_error

__all__ = ["Pressed", "decoded"]

S = TypeVar("S")


class Pressed:
    """The common half of a dynamic button: keep the message's own button, handle the press.

    A class of buttons names this first and ``discord.ui.DynamicItem`` second, and says in
    :meth:`press` what a press does.
    """

    item: Button[Any]
    view: discord.ui.LayoutView | discord.ui.View | None

    @classmethod
    async def from_custom_id(cls, _interaction: AnyInteraction, item: Item[Any], _match: object, /) -> Self:
        """Make the button anew from the message's own, whichever process made that."""
        return cls(item)  # type: ignore[call-arg]  # the constructor is DynamicItem's

    async def callback(self, interaction: AnyInteraction) -> None:
        """Do what the button says; discord.py would log an error here and leave the person waiting."""
        try:
            with desk_of(interaction).at_work():
                await self.press(interaction)
        except Exception as error:  # noqa: BLE001 - the edge: whatever it is, the person is told
            await on_interaction_error(interaction, error)

    async def press(self, interaction: AnyInteraction) -> None:
        """Do what the button says."""
        raise NotImplementedError


def decoded(decode: Callable[[str], S], custom_id: str) -> S:
    """Return the state in a custom_id. Raises ``OutdatedButtonError`` when it does not decode."""
    try:
        return decode(custom_id)
    except ValueError as error:
        raise OutdatedButtonError from error
