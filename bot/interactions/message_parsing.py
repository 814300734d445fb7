"""From what a person wrote to the question in it. Pure: it looks at a message and decides."""

import re
from enum import StrEnum

import discord

__all__ = ["MAX_QUESTION_LENGTH", "MessageTrigger", "question_in", "trigger_of"]

MAX_QUESTION_LENGTH = 1000
"""A question is clipped to this many characters."""

_WRITTEN = frozenset({discord.MessageType.default, discord.MessageType.reply})
_MENTION = re.compile(r"<@!?(?P<user>\d{1,20})>|<@&\d{1,20}>|<#\d{1,20}>")
_EMOJI = re.compile(r"<a?:(?P<name>\w{1,32}):\d{1,20}>")


class MessageTrigger(StrEnum):
    """How a message reached Bobbin."""

    MENTION = "mention"
    REPLY = "reply"
    DIRECT = "direct message"


def trigger_of(message: discord.Message, own_id: int) -> MessageTrigger | None:
    """Return how a message asks Bobbin, or ``None`` where it does not.

    Bots, webhooks and Bobbin itself never ask, nor do notices of Discord's own (joins, pins). A reply
    without the ping does not mention, and its words do not arrive.
    """
    if message.author.bot or message.webhook_id is not None or message.type not in _WRITTEN:
        return None
    if message.guild is None:
        return MessageTrigger.DIRECT
    if all(user.id != own_id for user in message.mentions):
        return None
    replied = message.reference.resolved if message.reference else None
    to_bobbin = isinstance(replied, discord.Message) and replied.author.id == own_id
    return MessageTrigger.REPLY if to_bobbin else MessageTrigger.MENTION


def question_in(message: discord.Message, own_id: int | None = None) -> str:
    """Return the question that a message asks, at most :data:`LONGEST` characters; it may be empty.

    Bobbin's own mention is left out, other people's become their names, emoji their words; mentions
    of roles and channels, whose names do not come with the message, are dropped.
    """
    names = {user.id: user.display_name for user in message.mentions if user.id != own_id}

    def name(found: re.Match[str]) -> str:
        return f" {names.get(int(found['user'] or 0), '')} "

    text = _EMOJI.sub(lambda found: f" {found['name']} ", _MENTION.sub(name, message.content))
    return " ".join(text.split())[:MAX_QUESTION_LENGTH].rstrip()
