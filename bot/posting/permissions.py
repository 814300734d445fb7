"""The permissions that a digest needs in its channel, as far as the client knows them."""

from collections.abc import Iterable
from typing import Final

import discord

__all__ = [
    "NEEDED",
    "Place",
    "invite_link",
    "lacking_permissions",
    "may_mention",
    "missing_permissions",
    "places_of",
]

#: To see the channel, send, and search for the own post after a crash. Messages of components need no Embed
#: Links (discord-api-docs #8462).
NEEDED = ("view_channel", "send_messages", "read_message_history")

#: What the invitation asks for: to be seen, to answer in channels and threads, and to reply to messages.
_INVITED: Final = discord.Permissions(
    view_channel=True, send_messages=True, send_messages_in_threads=True, read_message_history=True
)

Place = discord.TextChannel | discord.Thread | discord.ForumChannel
"""Where a digest may be posted."""


def invite_link(application_id: int) -> str:
    """Return the address by which a bot is added to a server, with exactly the permissions it needs."""
    return discord.utils.oauth_url(
        application_id, permissions=_INVITED, scopes=("bot", "applications.commands")
    )


def lacking_permissions(guild: discord.Guild) -> tuple[str, ...]:
    """Return the permissions of the invitation that a server as a whole does not give."""
    granted = guild.me.guild_permissions
    return tuple(name for name, asked in _INVITED if asked and not getattr(granted, name))


def missing_permissions(guild: discord.Guild | None, channel_id: int) -> tuple[str, ...]:
    """Return the permissions of ``NEEDED`` that are missing in a channel.

    A channel that the client does not know counts as one that it may not view.
    """
    place = guild.get_channel_or_thread(channel_id) if guild else None
    if guild is None or not isinstance(place, Place):
        return NEEDED[:1]
    allowed = place.permissions_for(guild.me)
    sends = allowed.send_messages_in_threads if isinstance(place, discord.Thread) else allowed.send_messages
    has = {name: getattr(allowed, name) for name in NEEDED} | {"send_messages": sends}
    return tuple(name for name in NEEDED if not has[name])


def may_mention(guild: discord.Guild | None, channel_id: int, role: discord.Role) -> bool:
    """Return whether mentioning a role in a channel pings it."""
    place = guild.get_channel_or_thread(channel_id) if guild else None
    if guild is None or not isinstance(place, Place):
        return False
    return role.mentionable or place.permissions_for(guild.me).mention_everyone


def places_of(channel: object) -> Iterable[int]:
    """Yield the ids of a channel, of the one a thread belongs to, and of their category.

    What is no channel has none.
    """
    parent = channel.parent if isinstance(channel, discord.Thread) else channel
    if isinstance(channel, discord.Thread):
        yield channel.parent_id
    for one in (channel, parent):
        for name in ("id", "category_id"):
            number = None if isinstance(one, discord.Thread) and name != "id" else getattr(one, name, None)
            if number is not None:
                yield number
