"""``/settings``: one panel for what a server's admins decide; every change is kept and holds at once."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from discord import app_commands
from discord.ui import DynamicItem, Item

from bot.interactions.access import MANAGING, access, for_managers
from bot.interactions.app_client import Interaction
from bot.interactions.buttons import Pressed, form
from bot.interactions.command_translations import translated
from bot.interactions.errors import OutdatedButtonError
from bot.interactions.locale import own_translations
from bot.interactions.responses import (
    acknowledge_press,
    open_modal,
    send_private,
    send_private_view,
    show_view,
)
from bot.servers.preferences import MOST_QUESTIONS, Preferences, Quota
from bot.views.settings import (
    AUTO,
    OTHER,
    Control,
    language_modal,
    language_named,
    quotas_modal,
    settings_panel,
)

__all__ = ["SettingControl", "settings", "settings_form"]

log = logging.getLogger(__name__)

Change = Callable[[Preferences], Preferences]

_PLACES: Final = frozenset({"channels", "roles", "exempt"})
_SWITCHES: Final = frozenset({"mentions", "private", "react", "unanswered"})


@access(MANAGING)
@app_commands.command(name=translated("command-settings"), description=translated("command-settings-does"))
@for_managers
async def settings(interaction: Interaction) -> None:
    """Show the panel to a person who manages the server, privately."""
    with interaction.client.services.at_work():
        preferences = interaction.client.servers.of(interaction.guild_id)
        panel = settings_panel(preferences, own_translations(interaction), server=_server(interaction))
        await send_private_view(interaction, panel)


@access(MANAGING)
class SettingControl(Pressed, DynamicItem[Item[Any]], template=Control.TEMPLATE):
    """A menu or a button of the panel."""

    async def press(self, interaction: Interaction) -> None:
        """Change what was chosen, or open the form for it."""
        found = self.template.fullmatch(self.custom_id)
        setting, value = (found["setting"], found["value"]) if found else ("", None)
        translations = own_translations(interaction)
        data: Mapping[str, Any] = interaction.data or {}
        chosen: list[str] = data.get("values", [])
        if setting == "quotas":
            preferences = interaction.client.servers.of(interaction.guild_id)
            await open_modal(interaction, quotas_modal(preferences, translations))
        elif setting == "language" and chosen == [OTHER]:
            await open_modal(interaction, language_modal(translations))
        else:
            await _change(interaction, (setting,), _chosen(setting, value, chosen))


@access(MANAGING)
@form(Control.TEMPLATE)
async def settings_form(interaction: Interaction) -> None:
    """Take a form of the panel that was filled in."""
    translations, fields = own_translations(interaction), dict(_fields(interaction))
    if interaction.custom_id == Control.custom_id("language"):
        code = await asyncio.to_thread(language_named, fields.get("language", ""), translations)
        if code is None:
            await send_private(
                interaction, translations.say("settings-language-unknown", name=fields.get("language", ""))
            )
            return
        await _change(interaction, ("language",), lambda before: replace(before, language=code))
        return
    try:
        person, server = _quota(fields, "person"), _quota(fields, "server")
    except ValueError:
        await send_private(interaction, translations.say("settings-quotas-wrong", most=MOST_QUESTIONS))
        return
    await _change(
        interaction, ("person", "server"), lambda before: replace(before, person=person, server=server)
    )


async def _change(interaction: Interaction, changed: tuple[str, ...], change: Change) -> None:
    """Keep a change, let it hold, and confirm it in the panel."""
    server_id = interaction.guild_id
    if server_id is None:  # it has been looked at before
        return
    client = interaction.client
    await acknowledge_press(interaction)
    preferences = await asyncio.to_thread(client.servers.change, server_id, change)
    if "language" in changed and preferences.language is not None:
        language = preferences.language

        def reindex() -> None:
            if client.archive.set_language(server_id, language):
                client.archive.refresh()

        await asyncio.to_thread(reindex)
    log.info("settings changed: %s", ", ".join(changed))
    translations = own_translations(interaction)
    await show_view(
        interaction, settings_panel(preferences, translations, server=_server(interaction), saved=changed)
    )


def _chosen(setting: str, value: str | None, chosen: list[str]) -> Change:
    """Return the change that a menu or a button stands for; raise ``OutdatedButtonError`` for none known."""
    changes: dict[str, Any]
    try:
        if setting in _PLACES:
            changes = {setting: frozenset(int(one) for one in chosen)}
        elif setting in _SWITCHES and value:
            changes = {setting: value == "on"}
        elif setting == "quotes":
            changes = {setting: int(chosen[0])}
        elif setting == "language":
            changes = {setting: None if chosen[0] == AUTO else chosen[0]}
        else:
            raise OutdatedButtonError
        replace(Preferences(), **changes)
    except (ValueError, IndexError) as error:
        raise OutdatedButtonError from error
    return lambda before: replace(before, **changes)


def _quota(fields: Mapping[str, str], setting: str) -> Quota | None:
    """Read a quota from a form. Raises ``ValueError`` for what is none."""
    written = fields.get(setting, "").strip()
    return Quota(int(written), int(fields[f"{setting}.period"])) if written else None


def _fields(interaction: Interaction) -> Iterator[tuple[str, str]]:
    """Yield what was written or chosen in each field of a form, by its custom_id."""
    data: Mapping[str, Any] = interaction.data or {}
    for row in data.get("components", []):
        for field in (row["component"],) if "component" in row else row.get("components", ()):
            values = field.get("values")
            yield field["custom_id"], (values[0] if values else "") if values is not None else field["value"]


def _server(interaction: Interaction) -> str:
    return interaction.guild.name if interaction.guild else ""
