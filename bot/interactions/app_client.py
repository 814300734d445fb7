"""The client as commands, buttons and forms see it: what they work with, and where they were used."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import discord

if TYPE_CHECKING:  # most of these modules import this one
    from bot.database import ServerFile
    from bot.fetching.guard import Guard
    from bot.interactions.access_check import AccessCheck
    from bot.interactions.services import Services
    from bot.interactions.upload_job import UploadSlots
    from bot.posting.alerts import AlertReporter
    from bot.posting.digest_service import DigestService
    from bot.servers.feedback_store import Feedback
    from bot.servers.following import Following
    from bot.servers.preference_store import PreferenceStore
    from bot.servers.saved_messages import SavedMessages
    from bot.servers.setup_cards import SetupCards
    from bot.servers.unanswered import Unanswered
    from bot.settings import Settings
    from retrieval.archive import Archive

__all__ = ["AppClient", "Interaction", "server_in_scope"]


class AppClient(discord.AutoShardedClient):
    """A client that holds what its commands work with; its maker sets every attribute.

    ``now`` is the clock, aware. ``archive``, ``server_file`` and the stores block: use them in a thread.
    """

    archive: "Archive"
    settings: "Settings"
    now: Callable[[], datetime]
    server_file: "ServerFile"
    servers: "PreferenceStore"
    setup_cards: "SetupCards"
    saved_messages: "SavedMessages"
    unanswered: "Unanswered"
    feedback: "Feedback"
    services: "Services"
    digests: "DigestService"
    alerts: "AlertReporter"
    access_check: "AccessCheck"
    uploading: "UploadSlots"
    guard: "Guard"
    following: "Following"
    command_links: dict[str, str]
    """The markup that links to a command, by what sentences call it; empty until Discord has sent the ids."""
    commands_doubted: asyncio.Event
    """Set where Discord offered a command that is not there."""

    def stopping(self) -> bool:
        """Return whether the process is about to stop."""
        raise NotImplementedError


Interaction = discord.Interaction[AppClient]
"""A use of a command, button, menu or form."""


def server_in_scope(interaction: Interaction) -> int | None:
    """Return the server whose own threads may be shown, ``None`` outside servers.

    Where Bobbin came along with a person and is no member of the server, that is as good as outside.
    """
    server_id = interaction.guild_id
    return server_id if server_id is not None and interaction.client.get_guild(server_id) else None
