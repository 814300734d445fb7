"""Decide what a client may see: which events by intent, which text by message."""

from tests.discord.state import Message

__all__ = [
    "DIRECT_MESSAGES",
    "GUILDS",
    "GUILD_MESSAGES",
    "MESSAGE_CONTENT",
    "PRIVILEGED",
    "is_readable",
    "wants",
]

GUILDS = 1 << 0
GUILD_MEMBERS = 1 << 1
GUILD_PRESENCES = 1 << 8
GUILD_MESSAGES = 1 << 9
DIRECT_MESSAGES = 1 << 12
MESSAGE_CONTENT = 1 << 15
PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT


def wants(intents: int, needed: int) -> bool:
    """Tell whether a client with these intents is sent an event; 0 needs none."""
    return needed == 0 or bool(intents & needed)


def is_readable(message: Message, *, intents: int, bot_id: int) -> bool:
    """Tell whether the bot gets a message's text, embeds, files and components.

    Without the Message Content intent these are its own messages, direct messages, and messages
    that mention it, to which a reply with the ping on belongs.
    """
    return (
        bool(intents & MESSAGE_CONTENT)
        or message.author.id == bot_id
        or message.channel.guild is None
        or any(user.id == bot_id for user in message.mentions)
        or (
            message.channel.world.role_mentions_carry_text
            and any(role.bot_id == bot_id for role in message.role_mentions)
        )
    )
