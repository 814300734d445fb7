"""What the commands of a server's admins share: whose they are, and what they work on."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol, cast

from bot.commands.desk import AnyInteraction, Desk
from bot.commands.gate import Gate
from bot.commands.replies import tell
from bot.commands.speech import own_speech
from bot.database import ServerFile
from bot.feedback import Feedback
from bot.servers.store import Servers
from bot.servers.unanswered import Unanswered
from bot.settings import Settings
from retrieval.archive import Archive

__all__ = ["Keeper", "Uploading", "keeper_of", "manages"]


_AT_ONCE: Final = 2


class Uploading:
    """Which servers have an upload under way, and whose turn it is. For the event loop only."""

    def __init__(self) -> None:
        self.servers: set[int] = set()
        self.room = asyncio.Semaphore(_AT_ONCE)


class Keeper(Protocol):
    """What a client has that admins' commands work on."""

    archive: Archive
    desk: Desk
    feedback: Feedback
    gate: Gate
    now: Callable[[], datetime]
    server_file: ServerFile
    servers: Servers
    settings: Settings
    unanswered: Unanswered
    uploading: Uploading

    def stopping(self) -> bool:
        """Return whether the process is about to stop."""
        ...


def keeper_of(interaction: AnyInteraction) -> Keeper:
    """Return the client that received the interaction."""
    return cast("Keeper", interaction.client)


async def manages(interaction: AnyInteraction) -> bool:
    """Return whether the person manages the server, and tell them where not.

    Discord hides the commands from others by itself, but lets admins of a server show them to anybody,
    and buttons are hidden from no one.
    """
    speech = own_speech(interaction)
    if interaction.guild_id is None:
        await tell(interaction, speech.say("settings-servers-only"))
        return False
    if interaction.permissions.manage_guild or interaction.permissions.administrator:
        return True
    await tell(interaction, speech.say("settings-needs-manager"))
    return False
