"""The gate before every question: who may ask where, and how often; whoever may not is told alone."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final, Protocol, cast

import discord
from discord import app_commands
from discord.ui import LayoutView

from bot.catalogue import catalogue
from bot.commands.desk import AnyInteraction, server_of
from bot.commands.errors import on_interaction_error
from bot.commands.question import way_of
from bot.commands.recent import Recent
from bot.commands.replies import tell_view
from bot.render.access import refused
from bot.servers.access import Asker, Why, exempt, refusal
from bot.servers.quotas import Usage
from bot.servers.store import Servers

__all__ = ["Gate", "Tree"]

log = logging.getLogger(__name__)

ASKING: Final = frozenset({"ask", "Ask the threads"})
"""Commands that ask the archive: they count against quotas."""
READING: Final = frozenset({"thread", "threads", "trend"})
"""Commands that show what the archive holds: where and by whom is a server's to say, how often is not."""

_AGAIN: Final = timedelta(hours=1)
_TOLD: Final = 4_096


class Gate:
    """What lets questions through, by what each server decided.

    ``now`` is the clock, aware. Outside servers everything passes.
    """

    def __init__(self, servers: Servers, now: Callable[[], datetime]) -> None:
        self.usage = Usage()
        self._servers = servers
        self._now = now
        self._seen = Recent()
        self._told: OrderedDict[tuple[int, int, Why], datetime] = OrderedDict()

    async def admits(self, interaction: AnyInteraction) -> bool:
        """Return whether a command may go on; tell its person where it may not. Raises nothing."""
        command = interaction.command.qualified_name if interaction.command else ""
        server_id = server_of(interaction)
        if (
            server_id is None
            or interaction.type is not discord.InteractionType.application_command
            or command not in ASKING | READING
        ):
            return True
        asker = _asker(interaction.user, interaction.channel, interaction.permissions.manage_guild)
        why, until = self._why(server_id, asker, by_message=False, counts=command in ASKING)
        if why is None:
            return True
        log.info("not admitted: interaction %s, %s", interaction.id, why)
        speech = catalogue(interaction.locale.value)
        preferences = self._servers.of(server_id)
        view = refused(why, preferences, speech, until=until, roles=_roles(interaction.guild))
        try:
            await tell_view(interaction, view)
        except Exception as error:  # noqa: BLE001 - the edge: nobody above would handle it
            await on_interaction_error(interaction, error)
        return False

    async def admits_message(self, message: discord.Message, own_id: int) -> bool:
        """Return whether a message may be answered; whoever may not ask learns it in private, once an hour.

        What does not ask passes; so does what Discord hands over once more. Raises nothing.
        """
        if message.guild is None or way_of(message, own_id) is None or not self._seen.is_new(message.id):
            return True
        member = message.author
        manages = isinstance(member, discord.Member) and member.guild_permissions.manage_guild
        asker = _asker(member, message.channel, manages)
        why, until = self._why(message.guild.id, asker, by_message=True, counts=True)
        if why is None:
            return True
        log.info("not admitted: message %s, %s", message.id, why)
        key, now = (message.guild.id, member.id, why), self._now()
        if self._told.get(key, now) > now:
            return False
        self._told[key] = until or now + _AGAIN
        self._told.move_to_end(key)
        if len(self._told) > _TOLD:
            self._told.popitem(last=False)
        speech = catalogue(message.guild.preferred_locale.value)
        view = refused(
            why,
            self._servers.of(message.guild.id),
            speech,
            until=until,
            roles=_roles(message.guild),
            server=message.guild.name,
        )
        await _write_to(member, view)
        return False

    def forget_person(self, person: int) -> int:
        """Forget how often somebody asked and what they were told; return how many questions that were."""
        for key in [key for key in self._told if key[1] == person]:
            del self._told[key]
        return self.usage.forget_person(person)

    def _why(
        self, server_id: int, asker: Asker, *, by_message: bool, counts: bool
    ) -> tuple[Why | None, datetime | None]:
        preferences = self._servers.of(server_id)
        why = refusal(preferences, asker, by_message=by_message)
        if why is not None or not counts or exempt(preferences, asker):
            return why, None
        return self.usage.take(server_id, asker.person, preferences, self._now()) or (None, None)


class _HasGate(Protocol):
    gate: Gate


class Tree(app_commands.CommandTree[Any]):
    """The commands, behind the gate."""

    async def interaction_check(self, interaction: AnyInteraction, /) -> bool:
        """Return whether a command may go on."""
        return await cast("_HasGate", interaction.client).gate.admits(interaction)


def _asker(person: discord.abc.User, channel: object, manages: bool) -> Asker:  # noqa: FBT001 - private
    roles: Iterable[Any] = person.roles if isinstance(person, discord.Member) else ()
    return Asker(person.id, frozenset(_places(channel)), frozenset(role.id for role in roles), manages)


def _places(channel: object) -> Iterable[int]:
    """Yield the ids of a channel, of the one a thread belongs to, and of their category."""
    parent = channel.parent if isinstance(channel, discord.Thread) else channel
    if isinstance(channel, discord.Thread):
        yield channel.parent_id
    for one in (channel, parent):
        for name in ("id", "category_id"):
            number = None if isinstance(one, discord.Thread) and name != "id" else getattr(one, name, None)
            if number is not None:
                yield number


def _roles(guild: discord.Guild | None) -> dict[int, str]:
    return {role.id: role.name for role in guild.roles} if guild else {}


async def _write_to(person: discord.User | discord.Member, view: LayoutView) -> None:
    """Write somebody a direct message; who takes none is left alone."""
    view.stop()
    try:
        await person.send(view=view, allowed_mentions=discord.AllowedMentions.none())
    except discord.HTTPException as error:
        log.info("the reason could not be told: %s %s", type(error).__name__, error.code)
    except (OSError, discord.DiscordException) as error:
        log.info("the reason could not be told: %s", type(error).__name__)
