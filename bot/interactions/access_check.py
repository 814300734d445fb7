"""The access check before every command, button, menu, form and question: it enforces what each declares.

A refusal is private.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import discord
from discord import app_commands
from discord.ui import LayoutView

from bot.i18n import translations_for
from bot.interactions.access import Access, Where, Who, access_of
from bot.interactions.app_client import AppClient, Interaction, server_in_scope
from bot.interactions.errors import log_error, on_interaction_error
from bot.interactions.lru import RecentIds
from bot.interactions.message_parsing import trigger_of
from bot.interactions.responses import send_direct, send_private_view
from bot.posting.permissions import places_of
from bot.servers.access import Asker, Refusal, exempt, refusal
from bot.servers.preference_store import PreferenceStore
from bot.servers.quotas import Usage
from bot.views.access import refused
from bot.views.notices import notice

__all__ = ["AccessCheck", "CheckedTree"]

log = logging.getLogger(__name__)

_AGAIN: Final = timedelta(hours=1)
_MOST_EXPLAINED: Final = 4_096


class AccessCheck:
    """What lets questions through, by what each server decided.

    ``now`` is the clock, aware. Outside servers everything passes.
    """

    def __init__(self, servers: PreferenceStore, now: Callable[[], datetime]) -> None:
        self.usage = Usage()
        self._servers = servers
        self._now = now
        self._seen = RecentIds()
        self._explained: OrderedDict[tuple[int, int, Refusal], datetime] = OrderedDict()

    async def admits(self, interaction: Interaction, declared: Access | None) -> bool:
        """Return whether a use of what declared this access may go on; tell its person where it may not.

        ``None`` was not declared and is refused to everybody. A completion that may not go on offers
        nothing, and counts against no quota. Raises nothing.
        """
        completes = interaction.type is discord.InteractionType.autocomplete
        try:
            view = self._refused(interaction, declared, counts=not completes)
            if view is None:
                return True
            if completes:
                await interaction.response.autocomplete([])
            else:
                await send_private_view(interaction, view)
        except Exception as error:  # noqa: BLE001 - the edge: nothing above would handle it
            if completes:
                log_error(error, f"completion {interaction.id}")
            else:
                await on_interaction_error(interaction, error)
        return False

    async def admits_message(self, message: discord.Message, own_id: int, *, anew: bool = False) -> bool:
        """Return whether a message may be answered; a refusal is sent in private, once an hour.

        What does not ask passes; so does what Discord hands over once more, unless an edit asks ``anew``.
        Raises nothing.
        """
        if anew:
            self._seen.forget(message.id)
        if message.guild is None or trigger_of(message, own_id) is None or not self._seen.is_new(message.id):
            return True
        member = message.author
        manages = isinstance(member, discord.Member) and member.guild_permissions.manage_guild
        asker = _asker(member, message.channel, manages)
        why, until = self._why(message.guild.id, asker, by_message=True)
        if why is None:
            return True
        log.info("not admitted: message %s, %s", message.id, why)
        key, now = (message.guild.id, member.id, why), self._now()
        if self._explained.get(key, now) > now:
            return False
        self._explained[key] = until or now + _AGAIN
        self._explained.move_to_end(key)
        if len(self._explained) > _MOST_EXPLAINED:
            self._explained.popitem(last=False)
        translations = translations_for(message.guild.preferred_locale.value)
        view = refused(
            why,
            self._servers.of(message.guild.id),
            translations,
            until=until,
            roles=_roles(message.guild),
            server=message.guild.name,
        )
        await send_direct(member, view)
        return False

    def forget_person(self, person: int) -> int:
        """Forget how often a person asked and which refusals they got; return the number of questions."""
        for key in [key for key in self._explained if key[1] == person]:
            del self._explained[key]
        return self.usage.forget_person(person)

    def _refused(
        self, interaction: Interaction, declared: Access | None, *, counts: bool
    ) -> LayoutView | None:
        """Return the notice to the person of an interaction that may not go on, ``None`` where it may."""
        translations, server_id = translations_for(interaction.locale.value), server_in_scope(interaction)
        permissions = interaction.permissions
        manages = permissions.manage_guild or permissions.administrator
        if declared is None:
            log.error(
                "refused, for it declares no access: interaction %s, %s", interaction.id, _name(interaction)
            )
            return notice(translations.say("access-undeclared"))
        if declared.where in {Where.SERVERS, Where.SERVER_CHANNELS} and interaction.guild_id is None:
            return notice(translations.say("settings-servers-only"))
        if declared.who is Who.MANAGERS and not manages:
            return notice(translations.say("settings-needs-manager"))
        if server_id is None:
            return None
        shown = interaction.message
        asker = _asker(interaction.user, interaction.channel, manages)
        why, until = self._why(
            server_id,
            asker,
            by_message=False,
            channels=declared.where in {Where.CHANNELS, Where.SERVER_CHANNELS},
            roles=declared.who is Who.ASKERS
            or (declared.who is Who.READERS and not (shown is not None and shown.flags.ephemeral)),
            counts=counts and declared.counts,
        )
        if why is None:
            return None
        log.info("not admitted: interaction %s, %s", interaction.id, why)
        preferences = self._servers.of(server_id)
        return refused(why, preferences, translations, until=until, roles=_roles(interaction.guild))

    def _why(  # noqa: PLR0913 - all but the first two are named where it is called
        self,
        server_id: int,
        asker: Asker,
        *,
        by_message: bool,
        channels: bool = True,
        roles: bool = True,
        counts: bool = True,
    ) -> tuple[Refusal | None, datetime | None]:
        preferences = self._servers.of(server_id)
        why = refusal(preferences, asker, by_message=by_message, channels=channels, roles=roles)
        if why is not None or not counts or exempt(preferences, asker):
            return why, None
        return self.usage.take(server_id, asker.person, preferences, self._now()) or (None, None)


class CheckedTree(app_commands.CommandTree[AppClient]):
    """The commands, behind the access check."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Return whether a command, or the completion of one, may go on."""
        command = interaction.command
        # One that the tree does not know runs nothing: the error handler says that it is outdated.
        return command is None or await interaction.client.access_check.admits(
            interaction, access_of(command)
        )


def _asker(person: discord.abc.User, channel: object, manages: bool) -> Asker:  # noqa: FBT001 - private
    roles: Iterable[Any] = person.roles if isinstance(person, discord.Member) else ()
    return Asker(person.id, frozenset(places_of(channel)), frozenset(role.id for role in roles), manages)


def _name(interaction: Interaction) -> str:
    """Return which command, or which kind of button or form, an interaction uses; no state of it."""
    if interaction.command is not None:
        return f"command {interaction.command.qualified_name!r}"
    return f"custom_id {(interaction.custom_id or '').partition('.')[0]!r}"


def _roles(guild: discord.Guild | None) -> dict[int, str]:
    return {role.id: role.name for role in guild.roles} if guild else {}
