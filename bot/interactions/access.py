"""Who may use a command, button, menu or form, where, and whether it counts against the quota.

Each declares it beside its definition, with :func:`access`, and the access check enforces it. What declares
nothing is refused: access is denied by default. A command below a group, and a class of buttons below
another, inherits nothing and declares its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final, TypeVar

from discord import app_commands
from discord.ui import Item

__all__ = [
    "ASKING",
    "BELOW",
    "EVERYONE",
    "MANAGING",
    "OWN_HERE",
    "READING",
    "WATCHING",
    "Access",
    "Where",
    "Who",
    "access",
    "access_of",
    "everywhere",
    "for_managers",
    "in_servers",
]

T = TypeVar("T")


class Who(Enum):
    """Who may use it."""

    EVERYONE = auto()
    ASKERS = auto()
    """Who has one of the roles that the server lets ask; everyone where none is chosen."""
    READERS = auto()
    """Below a private message its reader, who was admitted before; below a public one, as ``ASKERS``."""
    MANAGERS = auto()
    """Who has the permission Manage Server."""


class Where(Enum):
    """Where it may be used."""

    ANYWHERE = auto()
    CHANNELS = auto()
    """In the channels where the server lets people ask; anywhere where it chose none, or outside servers."""
    SERVERS = auto()
    """In servers only, in whatever channel."""
    SERVER_CHANNELS = auto()
    """In servers only, in the channels where they let people ask."""


@dataclass(frozen=True, slots=True)
class Access:
    """A declaration; ``counts`` says that each use is a question that counts against the server's quotas."""

    who: Who
    where: Where = Where.ANYWHERE
    counts: bool = False


EVERYONE: Final = Access(Who.EVERYONE)
"""What explains Bobbin itself, or concerns its user alone."""
ASKING: Final = Access(Who.ASKERS, Where.CHANNELS, counts=True)
"""What asks the archive."""
READING: Final = Access(Who.ASKERS, Where.CHANNELS)
"""What shows the archive, or posts out of it, without a question."""
BELOW: Final = Access(Who.READERS)
"""What hangs below a message. Its channel was decided when it was posted: an admin may have the digest
posted in a channel where asking is not allowed."""
MANAGING: Final = Access(Who.MANAGERS, Where.SERVERS)
"""What changes or shows what a server's admins decided. Discord hides such commands by itself, but lets
admins show them to others, and buttons are never hidden."""

WATCHING: Final = Access(Who.ASKERS, Where.SERVER_CHANNELS)
"""What has a search watched in a server, within its rules."""
OWN_HERE: Final = Access(Who.EVERYONE, Where.SERVERS)
"""What shows or deletes what a person left in a server, whatever its rules are now."""

_DECLARED: Final = "access"


def access(declared: Access) -> Callable[[T], T]:
    """Declare the access of a command, a context menu, a class of buttons or menus, or a form.

    It stands above the decorator that makes the command. Raises ``TypeError`` for anything else,
    a group of commands among it.
    """

    def declare(handler: T) -> T:
        if isinstance(handler, type) and issubclass(handler, Item):
            setattr(handler, f"__{_DECLARED}__", declared)
            return handler
        extras = None if isinstance(handler, app_commands.Group) else getattr(handler, "extras", None)
        if extras is None:
            raise TypeError(f"{handler!r} is no command, button, menu or form that could declare its access")
        extras[_DECLARED] = declared
        return handler

    return declare


def access_of(handler: Any) -> Access | None:
    """Return what a command, a class of buttons or a form declares itself, ``None`` where it does not."""
    if isinstance(handler, type):
        found = vars(handler).get(f"__{_DECLARED}__")
    else:
        found = getattr(handler, "extras", {}).get(_DECLARED)
    return found if isinstance(found, Access) else None


def everywhere(handler: T) -> T:
    """Offer a command in servers, direct messages and groups, and to people who installed it."""
    offered = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    return app_commands.allowed_installs(guilds=True, users=True)(offered(handler))


def in_servers(handler: T) -> T:
    """Offer a command or group in servers alone, to everyone there."""
    offered = app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)(handler)
    return app_commands.allowed_installs(guilds=True, users=False)(offered)


def for_managers(handler: T) -> T:
    """Offer a command or group in servers alone, to those who manage them unless the server differs."""
    return app_commands.default_permissions(manage_guild=True)(in_servers(handler))
