"""What all of Bobbin's buttons, menus and forms share: found by custom_id, gated, errors handled."""

import re
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar, final

import discord
from discord.ui import Item

from bot.interactions.access import access_of
from bot.interactions.app_client import AppClient, Interaction
from bot.interactions.errors import OutdatedButtonError, on_interaction_error

__all__ = ["Form", "Pressed", "decoded", "form"]

S = TypeVar("S")
Work = Callable[[Interaction], Coroutine[Any, Any, None]]


class Pressed:
    """The common half of a dynamic button or menu: keep its message, pass the access check, handle the press.

    A class of buttons names this first and ``discord.ui.DynamicItem`` second, says in :meth:`press` what
    a press does, and declares its access.
    """

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: Item[Any], _match: object, /
    ) -> Self:
        """Make the button anew from the message's own, whichever process made that."""
        return cls(item)  # type: ignore[call-arg]  # the constructor is DynamicItem's

    @final
    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Return whether the press may go on; discord.py asks before :meth:`callback`."""
        client: AppClient = interaction.client
        return await client.access_check.admits(interaction, access_of(type(self)))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the button says; discord.py would log an error here and leave the person waiting."""
        await _handle(interaction, self.press)

    async def press(self, interaction: Interaction) -> None:
        """Do what the button says."""
        raise NotImplementedError


class Form:
    """A form (a modal of Discord's) that was filled in, whichever process opened it.

    ``template`` matches the whole custom_id of its modals. ``extras`` hold its access, as a command's do.
    """

    def __init__(self, name: str, template: re.Pattern[str], submit: Work) -> None:
        self.name = name
        self.template = template
        self.extras: dict[str, Any] = {}
        self._submit = submit

    async def take(self, interaction: Interaction) -> None:
        """Take what was filled in, of whom the access check admits. Raises nothing."""
        if await interaction.client.access_check.admits(interaction, access_of(self)):
            await _handle(interaction, self._submit)


def form(template: re.Pattern[str]) -> Callable[[Work], Form]:
    """Make a function the form of the modals whose custom_id the template matches."""
    return lambda submit: Form(submit.__name__, template, submit)


def decoded(decode: Callable[[str], S], custom_id: str) -> S:
    """Return the state in a custom_id. Raises ``OutdatedButtonError`` when it does not decode."""
    try:
        return decode(custom_id)
    except ValueError as error:
        raise OutdatedButtonError from error


async def _handle(interaction: Interaction, work: Work) -> None:
    """Do the work, and say what went wrong with it to the person of the interaction. Raises nothing."""
    with interaction.client.services.at_work():
        try:
            await work(interaction)
        except Exception as error:  # noqa: BLE001 - the edge: the person gets a sentence
            await on_interaction_error(interaction, error)
