"""Who may ask where. Pure: it looks at a server's settings and at who asks, and decides."""

from dataclasses import dataclass
from enum import StrEnum

from bot.servers.preferences import Preferences

__all__ = ["Asker", "Refusal", "exempt", "refusal"]


class Refusal(StrEnum):
    """Why somebody may not ask, or not yet."""

    MENTIONS = "mentions"
    """Only commands are answered in this server."""
    CHANNEL = "channel"
    ROLE = "role"
    PERSON = "person"
    """The person has asked as often as their quota allows."""
    SERVER = "server"
    """The server's quota is used up."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody in a server, at the place where they ask.

    ``places`` are the ids of the channel, of the one that a thread belongs to, and of their category;
    ``manages`` says whether they have the permission Manage Server.
    """

    person: int
    places: frozenset[int]
    roles: frozenset[int] = frozenset()
    manages: bool = False


def refusal(
    preferences: Preferences,
    asker: Asker,
    *,
    by_message: bool,
    channels: bool = True,
    roles: bool = True,
) -> Refusal | None:
    """Return why this person may not ask here at all, ``None`` where they may.

    ``channels`` and ``roles`` say whether the server's choice of them holds for what is asked.

    Whoever manages the server may ask whatever their roles are, so that no choice of roles locks
    them out.
    """
    if by_message and not preferences.mentions:
        return Refusal.MENTIONS
    if channels and preferences.channels and not preferences.channels & asker.places:
        return Refusal.CHANNEL
    if roles and preferences.roles and not asker.manages and not preferences.roles & asker.roles:
        return Refusal.ROLE
    return None


def exempt(preferences: Preferences, asker: Asker) -> bool:
    """Return whether no quota holds for this person."""
    return not preferences.exempt.isdisjoint(asker.roles)
