"""Keep interactions: who asked, until when an answer counts, what was answered."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from tests.canary import INTERACTION
from tests.discord.payloads import channel_payload, member_payload, message_payload, user_payload
from tests.discord.state import USE_EXTERNAL_APPS, Channel, Message, User
from tests.discord.wire import Json, Refusal

__all__ = ["Interaction", "Kind", "Reply", "Timing", "interaction_payload"]


class Kind(IntEnum):
    """Name what a person did."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


class Reply(IntEnum):
    """Name how the bot answered first."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE_MESSAGE = 7
    CHOICES = 8
    MODAL = 9


@dataclass(frozen=True)
class Timing:
    """Say how long things count, in seconds.

    `acknowledge` is for a first reply, by the clock `clock`; `token` for all later ones, `nonce` for a nonce
    to return the first message; `followups` is how many of them a user-installed command may send.
    """

    acknowledge: float = 3.0
    token: float = 15 * 60.0
    nonce: float = 5 * 60.0
    followups: int = 5
    clock: Callable[[], float] = time.monotonic


@dataclass(eq=False)
class Interaction:
    """Hold one interaction; times are seconds of `time.monotonic()`, `due_since` those of `Timing.clock`."""

    id: int
    kind: Kind
    user: User
    channel: Channel
    data: Json
    source: Message | None = None
    due_since: float = 0.0
    token: str = field(default_factory=lambda: f"aW50ZXJhY3Rpb246{INTERACTION}{secrets.token_urlsafe(72)}")
    created: float = field(default_factory=time.monotonic)
    sent_at: float | None = None
    replied_at: float | None = None
    answered_at: float | None = None
    refused_at: float | None = None
    reply: Reply | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    choices: list[Json] | None = None
    modal: Json | None = None

    @property
    def by_user_install(self) -> bool:
        """Tell whether the command came along with its person, not with the server."""
        return not self.channel.has_bot

    @property
    def is_forced_private(self) -> bool:
        """Tell whether the person may not show others what apps of their own say here."""
        guild = self.channel.guild
        if guild is None or not self.by_user_install:
            return False
        return not guild.members[self.user.id].permissions & USE_EXTERNAL_APPS

    def check_first_reply(self, timing: Timing) -> None:
        """Refuse a first reply that is late or not the first."""
        if self.reply is not None:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        if timing.clock() - self.due_since > timing.acknowledge:
            self.refused_at = time.monotonic()
            raise Refusal(404, 10062, "Unknown interaction")

    def check_token(self, timing: Timing) -> None:
        """Refuse what comes before a first reply or after the token's life."""
        if self.reply is None or time.monotonic() - self.created > timing.token:
            raise Refusal(404, 10015, "Unknown Webhook")

    def message(self, name: str) -> Message:
        """Find a message that this interaction may change: `@original` or an id."""
        mine = [self.original, *self.followups]
        found = (
            self.original
            if name == "@original"
            else next((one for one in mine if one and str(one.id) == name), None)
        )
        if found is None or found.deleted:
            raise Refusal(404, 10008, "Unknown Message")
        return found

    def metadata(self) -> Json:
        """Give what a message says about the interaction it answers."""
        owners = {"1": str(self.user.id)} if self.by_user_install else {"0": _guild_owner(self)}
        metadata: Json = {
            "id": str(self.id),
            "type": int(self.kind),
            "user": user_payload(self.user),
            "authorizing_integration_owners": owners,
        }
        if self.kind is Kind.COMMAND:
            metadata |= {"name": self.data["name"], "command_type": self.data["type"]}
        if self.kind is Kind.COMPONENT and self.source is not None:
            metadata["interacted_message_id"] = str(self.source.id)
        return metadata


def _guild_owner(interaction: Interaction) -> str:
    guild = interaction.channel.guild
    return str(guild.id) if guild is not None else "0"


def interaction_payload(interaction: Interaction) -> Json:
    """Shape an interaction with everything a client reads from it."""
    channel, user = interaction.channel, interaction.user
    world, guild = channel.world, channel.guild
    is_bot_dm = guild is None and channel.has_bot
    owners = {"1": str(user.id)} if interaction.by_user_install else {"0": _guild_owner(interaction)}
    payload: Json = {
        "id": str(interaction.id),
        "application_id": str(world.application_id),
        "type": int(interaction.kind),
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel_id": str(channel.id),
        "channel": {**channel_payload(channel), "permissions": str(channel.bot_permissions)},
        "app_permissions": str(channel.bot_permissions),
        "locale": user.locale,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": owners,
        "context": 0 if guild is not None else (1 if is_bot_dm else 2),
        "attachment_size_limit": 10 * 1024 * 1024,
    }
    if guild is None:
        payload["user"] = user_payload(user)
    else:
        member = guild.members[user.id]
        payload["channel"]["permissions"] = str(member.permissions)
        payload |= {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
            "guild_locale": guild.locale,
            "member": member_payload(member, permissions=True),
        }
    if interaction.source is not None:
        payload["message"] = message_payload(interaction.source, full=True)
    return payload
