"""What the commands of a server's admins share: whose they are, and what they work on."""

from typing import Protocol, cast

from bot.catalogue import Catalogue, catalogue
from bot.commands.desk import AnyInteraction, Desk
from bot.commands.gate import Gate
from bot.commands.replies import tell
from bot.servers.store import Servers
from bot.settings import Settings
from retrieval.archive import Archive

__all__ = ["Keeper", "keeper_of", "manages", "speech_of"]


class Keeper(Protocol):
    """What a client has that admins' commands work on."""

    archive: Archive
    desk: Desk
    gate: Gate
    servers: Servers
    settings: Settings


def keeper_of(interaction: AnyInteraction) -> Keeper:
    """Return the client that received the interaction."""
    return cast("Keeper", interaction.client)


def speech_of(interaction: AnyInteraction) -> Catalogue:
    """Return Bobbin's sentences in the person's own language."""
    return catalogue(interaction.locale.value)


async def manages(interaction: AnyInteraction) -> bool:
    """Return whether the person manages the server, and tell them where not.

    Discord hides the commands from others by itself, but lets admins of a server show them to anybody,
    and buttons are hidden from no one.
    """
    speech = speech_of(interaction)
    if interaction.guild_id is None:
        await tell(interaction, speech.say("settings-servers-only"))
        return False
    if interaction.permissions.manage_guild or interaction.permissions.administrator:
        return True
    await tell(interaction, speech.say("settings-needs-manager"))
    return False
