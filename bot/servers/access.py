"""Who may ask where, decided from a server's preferences and the asker. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from bot.servers.preferences import Preferences

__all__ = ["Asker", "Refusal", "exempt", "refusal"]


class Refusal(StrEnum):
    """Why a person may not ask, or not yet."""

    MENTIONS = "mentions"
    """Only commands are answered in this server."""
    CHANNEL = "channel"
    ROLE = "role"
    PERSON = "person"
    """The person's quota is used up."""
    SERVER = "server"
    """The server's quota is used up."""


@dataclass(frozen=True, slots=True)
class Asker:
    """A person in a server, and the place where they ask.

    ``places`` are the ids of the channel, of a thread's parent channel, and of the category; ``manages`` is
    whether they have the permission Manage Server.
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
    """Return why this person may not ask here, ``None`` where they may.

    ``channels`` and ``roles`` say whether the server's choice of them applies. A person who manages the
    server may ask with any role, so that no choice of roles locks them out.
    """
    if by_message and not preferences.mentions:
        return Refusal.MENTIONS
    if channels and preferences.channels and not preferences.channels & asker.places:
        return Refusal.CHANNEL
    if roles and preferences.roles and not asker.manages and not preferences.roles & asker.roles:
        return Refusal.ROLE
    return None


def exempt(preferences: Preferences, asker: Asker) -> bool:
    """Return whether this person has no quota."""
    return not preferences.exempt.isdisjoint(asker.roles)
