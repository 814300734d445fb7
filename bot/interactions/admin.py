"""What the commands of a server's admins share: whose they are, and what they work on."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol, cast

from bot.database import ServerFile
from bot.interactions.access_check import AccessCheck
from bot.interactions.services import AnyInteraction, Services
from bot.servers.feedback_store import Feedback
from bot.servers.preference_store import PreferenceStore
from bot.servers.unanswered import Unanswered
from bot.settings import Settings
from retrieval.archive import Archive

__all__ = ["AdminServices", "UploadSlots", "admin_services_of"]

_AT_ONCE: Final = 2


class UploadSlots:
    """Which servers have an upload under way, and whose turn it is. For the event loop only."""

    def __init__(self) -> None:
        self.servers: set[int] = set()
        self.room = asyncio.Semaphore(_AT_ONCE)


class AdminServices(Protocol):
    """What a client has that admins' commands work on."""

    archive: Archive
    services: Services
    feedback: Feedback
    access_check: AccessCheck
    now: Callable[[], datetime]
    server_file: ServerFile
    servers: PreferenceStore
    settings: Settings
    unanswered: Unanswered
    uploading: UploadSlots

    def stopping(self) -> bool:
        """Return whether the process is about to stop."""
        ...


def admin_services_of(interaction: AnyInteraction) -> AdminServices:
    """Return the client that received the interaction."""
    return cast("AdminServices", interaction.client)
