"""What the commands of a server's admins share: whose they are, and what they work on."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol, cast

from bot.commands.desk import AnyInteraction, Desk
from bot.commands.gate import Gate
from bot.database import ServerFile
from bot.feedback import Feedback
from bot.servers.store import Servers
from bot.servers.unanswered import Unanswered
from bot.settings import Settings
from retrieval.archive import Archive

__all__ = ["Keeper", "Uploading", "keeper_of"]

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
