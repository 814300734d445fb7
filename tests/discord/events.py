"""Describe what happened, once, for all the clients that may learn of it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.discord.intents import DIRECT_MESSAGES, GUILD_MESSAGES, GUILDS
from tests.discord.payloads import channel_payload, guild_payload, message_payload
from tests.discord.state import Channel, Guild, Message
from tests.discord.wire import Json

__all__ = ["Event", "message_event", "place_event"]


@dataclass(frozen=True)
class Event:
    """Describe something that happened.

    `build` takes the client's intents and gives what that client is told; `intent` is the bit a
    client needs, 0 for none; `guild_id` decides the shard.
    """

    name: str
    build: Callable[[int], Json]
    guild_id: int | None = None
    intent: int = 0


def place_event(name: str, place: Guild | Channel, *, known: bool = False) -> Event:
    """Describe what happened to a server or a channel; a ``known`` server was named by READY before.

    Of a server that the bot has just joined Discord says nothing of being available.
    """
    if isinstance(place, Channel):
        guild_id = place.guild.id if place.guild else None
        return Event(name, lambda _: channel_payload(place), guild_id, GUILDS)
    if name == "GUILD_DELETE":
        return Event(name, lambda _: {"id": str(place.id)}, place.id, GUILDS)
    available = {"unavailable": False} if known else {}
    return Event(name, lambda _: guild_payload(place) | available, place.id, GUILDS)


def message_event(name: str, message: Message) -> Event:
    """Describe what happened to a message."""
    guild = message.channel.guild
    guild_id, intent = (None, DIRECT_MESSAGES) if guild is None else (guild.id, GUILD_MESSAGES)
    if name == "MESSAGE_DELETE":
        gone: Json = {"id": str(message.id), "channel_id": str(message.channel.id)}
        if guild is not None:
            gone["guild_id"] = str(guild.id)
        return Event(name, lambda _: gone, guild_id, intent)
    return Event(name, lambda intents: message_payload(message, intents, told=True), guild_id, intent)
