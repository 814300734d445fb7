"""``/alert``: a person has a search watched for new threads; an admin has matches reported to a channel."""

import asyncio
from typing import Any, Final
from zoneinfo import ZoneInfo

import discord
from discord import app_commands
from discord.app_commands import Choice

from bot.alerts.ledger import ALERTS_OF_A_PERSON, ALERTS_OF_A_SERVER, TooManyAlertsError
from bot.alerts.model import Alert, AlertOptions, QuietHours, parse_quiet_hours
from bot.commands.digest import lacking_sentence, no_zone_view, offer_zones
from bot.digest.model import Position
from bot.digest.timezones import find_timezone, timezone_name
from bot.i18n import Translations
from bot.interactions.access import OWN_HERE, WATCHING, access, in_servers
from bot.interactions.app_client import Interaction, server_in_scope
from bot.interactions.command_translations import translated, translated_options
from bot.interactions.errors import log_error
from bot.interactions.locale import own_translations, translations_of
from bot.interactions.responses import acknowledge, show_view
from bot.views.alerts import alert_lines
from bot.views.escape import escape_line, plain_line
from bot.views.layout import lines_view
from bot.views.limits import CHOICE_NAME, CHOICES, clip

__all__ = ["alert"]

_LONGEST: Final = 200
_TYPED: Final = 100
_ALL: Final = "all"
_UTC: Final = ZoneInfo("Etc/UTC")

alert = in_servers(
    app_commands.Group(name=translated("command-alert"), description=translated("command-alert-does"))
)


@access(WATCHING)
@alert.command(name=translated("command-alert-add"), description=translated("command-alert-add-does"))
@translated_options("command-alert-add", "query", "channel", "quiet", "timezone")
async def add(
    interaction: Interaction,
    query: app_commands.Range[str, 1, _LONGEST],
    channel: discord.TextChannel | discord.Thread | None = None,
    quiet: app_commands.Range[str, 1, _TYPED] | None = None,
    timezone: app_commands.Range[str, 1, _TYPED] | None = None,
) -> None:
    """Watch a search from now on, or say what is in the way; in private."""
    client, translations = interaction.client, own_translations(interaction)
    with client.services.at_work():
        await acknowledge(interaction, private=True)
        server_id = server_in_scope(interaction)
        if server_id is None:
            await _show(interaction, translations.say("settings-servers-only"))
            return
        zone = await asyncio.to_thread(_zone, interaction, server_id, timezone)
        if zone is None:
            now = client.now()
            await show_view(
                interaction,
                await asyncio.to_thread(no_zone_view, timezone or "", now, interaction, translations),
            )
            return
        hours = parse_quiet_hours(quiet, zone) if quiet is not None else None
        words = " ".join(query.split())
        trouble = _in_the_way(interaction, channel, translations)
        if quiet is not None and hours is None:
            trouble = translations.say("alert-quiet-unknown", typed=escape_line(quiet, _TYPED))
        scope_of = client.archive.catalog.visible_scope
        if not trouble and not await client.services.look(
            lambda archive: archive.answers.can_match(words, archive.catalog.scope(server_id))
        ):
            trouble = translations.say("alert-no-words", typed=escape_line(words, _TYPED))
        if trouble:
            await _show(interaction, trouble)
            return
        options = AlertOptions(
            person_id=interaction.user.id,
            asked_in=interaction.channel_id or 0,
            query=words,
            channel_id=channel.id if channel else None,
            language=(translations_of(interaction, private=False) if channel else translations).language,
            quiet=hours,
        )
        try:
            made, first = await asyncio.to_thread(
                lambda: client.alerts.ledger.add(
                    server_id, options, Position(*client.archive.timeline.position())
                )
            )
        except TooManyAlertsError as error:
            key = "alert-too-many" if error.of_person else "alert-server-full"
            most = ALERTS_OF_A_PERSON if error.of_person else ALERTS_OF_A_SERVER
            await _show(interaction, translations.say(key, count=most))
            return
        held = await client.services.look(
            lambda archive: archive.answers.count_matching(words, scope_of(server_id))
        )
        await _show(interaction, *_confirmed(made, held, translations, first=first))


@access(OWN_HERE)
@alert.command(name=translated("command-alert-list"), description=translated("command-alert-list-does"))
async def list_(interaction: Interaction) -> None:
    """Show a person's alerts here, and to admins those of the server's channels; to them alone."""
    translations = own_translations(interaction)
    with interaction.client.services.at_work():
        await acknowledge(interaction, private=True)
        alerts = await asyncio.to_thread(_alerts_of, interaction)
        if not alerts:
            await _show(interaction, translations.say("alert-none"))
            return
        now = interaction.client.now()

        def held(one: Alert) -> bool:
            return one.held_until is not None and one.held_until > now

        await _show(
            interaction, *alert_lines(alerts, translations, held), translations.say("alert-list-below")
        )


@access(OWN_HERE)
@alert.command(name=translated("command-alert-remove"), description=translated("command-alert-remove-does"))
@translated_options("command-alert-remove", which="alert")
async def remove(interaction: Interaction, which: app_commands.Range[str, 1, _LONGEST]) -> None:
    """Delete an alert by its place in the list or its search, or all of the person's own."""
    translations, typed = own_translations(interaction), " ".join(which.split())
    with interaction.client.services.at_work():
        await acknowledge(interaction, private=True)
        alerts = await asyncio.to_thread(_alerts_of, interaction)
        everything = {_ALL, translations.say("alert-all").casefold()}
        if typed.casefold() in everything:
            chosen = [one for one in alerts if one.options.person_id == interaction.user.id]
        elif (number := typed.removesuffix(".")).isdecimal() and int(number) in range(1, len(alerts) + 1):
            chosen = [alerts[int(number) - 1]]
        else:
            chosen = [one for one in alerts if _named(one, typed)]
        if not chosen:
            await _show(interaction, translations.say("alert-unknown", typed=escape_line(typed, _TYPED)))
            return
        ledger = interaction.client.alerts.ledger
        removed = await asyncio.to_thread(ledger.remove, [one.id for one in chosen])
        await _show(interaction, translations.say("alert-removed", count=removed))


@remove.autocomplete("which")
async def _own(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer the alerts that may be removed, and all of them."""
    try:
        translations = own_translations(interaction)
        alerts = await asyncio.to_thread(_alerts_of, interaction)
        wanted = typed.strip().casefold()
        choices = [
            Choice(name=clip(f"{number}. {plain_line(one.options.query)}", CHOICE_NAME), value=str(number))
            for number, one in enumerate(alerts, start=1)
            if wanted in one.options.query.casefold() or wanted == str(number)
        ][: CHOICES - 1]
        if len(alerts) > 1:
            choices.append(Choice(name=translations.say("alert-all"), value=_ALL))
        await interaction.response.autocomplete(choices)
    except Exception as error:  # noqa: BLE001 - the edge; there is no place to say anything but the log
        log_error(error, f"completion {interaction.id}")
    return []  # the choices are on their way; discord.py offers nothing on top of them


add.autocomplete("timezone")(offer_zones)


def _alerts_of(interaction: Interaction) -> list[Alert]:
    """Return the alerts that a person sees and may remove here. It blocks."""
    ledger, server_id = interaction.client.alerts.ledger, interaction.guild_id or 0
    return ledger.alerts_of(server_id, interaction.user.id, manages=_manages(interaction))


def _manages(interaction: Interaction) -> bool:
    return interaction.permissions.manage_guild or interaction.permissions.administrator


def _named(one: Alert, typed: str) -> bool:
    return one.options.query.casefold() == typed.casefold()


def _zone(interaction: Interaction, server_id: int, typed: str | None) -> ZoneInfo | None:
    """Return the zone that is typed, else that of the server's first digest, else UTC. It blocks."""
    if typed is not None:
        return find_timezone(typed)
    subscriptions = interaction.client.digests.ledger.subscriptions_of(server_id)
    return subscriptions[0].options.zone if subscriptions else _UTC


def _in_the_way(interaction: Interaction, channel: Any, translations: Translations) -> str:
    """Return a sentence about why matches cannot be reported to a channel, or ""."""
    if channel is None:
        return ""
    if not _manages(interaction):
        return translations.say("alert-channel-managers")
    return lacking_sentence(interaction.guild, channel.id, translations)


def _confirmed(made: Alert, held: int, translations: Translations, *, first: bool) -> list[str]:
    options = made.options
    query = f"**{escape_line(options.query, _LONGEST)}**"
    lines = [translations.say("alert-added" if first else "alert-changed", query=query)]
    if options.channel_id is None:
        lines.append(translations.say("alert-goes-to-you"))
    else:
        lines.append(translations.say("alert-goes-to-channel", channel=f"<#{options.channel_id}>"))
    if options.quiet is not None:
        lines.append(_quiet(options.quiet, translations))
    if first:
        lines.append(translations.say("alert-held-already", count=held))
    lines.append(translations.say("alert-stored"))
    return lines


def _quiet(hours: QuietHours, translations: Translations) -> str:
    return translations.say(
        "alert-quiet-is", hours=str(hours).replace("-", "–"), zone=timezone_name(hours.zone.key)
    )


async def _show(interaction: Interaction, *sentences: str) -> None:
    await show_view(interaction, lines_view(*sentences))
