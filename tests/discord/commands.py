"""Keep the commands that the bot has registered, and offer them as Discord would."""

from collections.abc import Callable

from tests.discord.limits import command_faults
from tests.discord.snowflakes import SnowflakeMint
from tests.discord.state import ADMINISTRATOR, Channel, User
from tests.discord.wire import Json, invalid_form

__all__ = ["Commands"]

_WHERE = {0: "servers", 1: "direct messages with the bot", 2: "private conversations"}


class Commands:
    """Keep registered commands: those for everyone under `None`, those of a server under its id."""

    def __init__(self, ids: SnowflakeMint, application_id: int) -> None:
        """Start with no commands."""
        self._ids = ids
        self._application_id = application_id
        self._registered: dict[int | None, list[Json]] = {}
        self.replacements = 0
        self.on_change: Callable[[], None] = lambda: None

    def of(self, guild_id: int | None = None) -> list[Json]:
        """List the commands of a server, or those for everyone."""
        return list(self._registered.get(guild_id, []))

    def replace(self, wanted: list[Json], guild_id: int | None = None) -> list[Json]:
        """Register these commands in place of all; one that stays keeps its id."""
        faults = command_faults(wanted)
        if faults:
            raise invalid_form(faults)
        before = {(one["type"], one["name"]): one for one in self.of(guild_id)}
        self._registered[guild_id] = [self._complete(one, before, guild_id) for one in wanted]
        self.replacements += 1
        self.on_change()
        return self.of(guild_id)

    def _complete(self, command: Json, before: dict[tuple[int, str], Json], guild_id: int | None) -> Json:
        kind = command.get("type") or 1
        known = before.get((kind, command["name"]))
        permissions = command.get("default_member_permissions")
        complete: Json = {
            "options": [],
            "nsfw": False,
            "dm_permission": True,
            "contexts": None,
            "name_localizations": None,
            "description_localizations": None,
            **command,
            "description": command.get("description") or "",
            "type": kind,
            "id": known["id"] if known else str(self._ids.mint()),
            "application_id": str(self._application_id),
            "version": str(self._ids.mint()),
            "integration_types": command.get("integration_types") or [0],
            "default_member_permissions": None if permissions is None else str(permissions),
        }
        if guild_id is not None:
            complete["guild_id"] = str(guild_id)
        if known and all(known.get(key) == value for key, value in complete.items() if key != "version"):
            return known
        return complete

    def offered(
        self, name: str, kind: int, user: User, channel: Channel, *, even_if_hidden: bool = False
    ) -> Json:
        """Find a command as this person would here; LookupError says why it is not offered."""
        guild = channel.guild
        candidates = (self.of(guild.id) if guild else []) + self.of()
        found = next((one for one in candidates if one["name"] == name and one["type"] == kind), None)
        if found is None:
            known = sorted(one["name"] for one in candidates if one["type"] == kind)
            raise LookupError(f"no command {name!r} of type {kind} is registered; registered are {known}")
        context = 0 if guild is not None else (1 if channel.has_bot else 2)
        if found["contexts"] is not None and context not in found["contexts"]:
            raise LookupError(f"command {name!r} is not offered in {_WHERE[context]}")
        install = 0 if channel.has_bot else 1
        # A direct message with the bot shows commands of either kind of installation.
        if context != 1 and install not in (found["integration_types"] or [0]):
            raise LookupError(
                f"command {name!r} cannot be installed by {'a server' if install == 0 else 'a person'}"
            )
        needed = found["default_member_permissions"]
        if guild is not None and needed is not None and not even_if_hidden:
            has = guild.members[user.id].permissions
            if not has & ADMINISTRATOR and int(needed) & has != int(needed):
                raise LookupError(
                    f"command {name!r} is hidden from {user.name}, who lacks permission {needed}"
                )
        return found
