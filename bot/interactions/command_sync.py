"""Registering the commands with Discord, only when they changed here or there, and links to them."""

import asyncio
import contextlib
import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import discord
from discord import app_commands

from bot.i18n import LANGUAGES, Translations, translations_for

__all__ = ["command_links", "differences", "sync_commands"]

_Command = app_commands.Command[Any, Any, Any] | app_commands.Group | app_commands.ContextMenu

log = logging.getLogger(__name__)

_SLASH = discord.AppCommandType.chat_input.value


async def sync_commands(
    tree: app_commands.CommandTree[Any], noted: Path, *, anew: bool = False
) -> list[app_commands.AppCommand]:
    """Register the tree's commands when they differ from those noted or from Discord's; return Discord's.

    ``noted`` is a small JSON file, written after Discord took them: the hash of the commands by
    application id. Where it cannot be written the next start registers again, which is logged. Where the
    hash is unchanged Discord is asked, for another program with the same token may have replaced them.
    With ``anew`` they are registered in any case. Raises what ``CommandTree.sync`` and ``fetch_commands``
    raise.
    """
    commands = [await _payload(command, tree) for command in tree.get_commands()]
    digest = hashlib.sha256(json.dumps(commands, sort_keys=True).encode()).hexdigest()
    application = str(tree.client.application_id)
    known = await asyncio.to_thread(_read, noted)
    if known.get(application) == digest and not anew:
        there = await tree.fetch_commands()
        if not (others := await differences(tree, there)):
            log.info("commands unchanged: %d", len(commands))
            return there
        log.warning("Discord lists other commands than were registered; registering them again: %s", others)
    registered = await tree.sync()
    try:
        await asyncio.to_thread(_write, noted, known | {application: digest})
    except OSError as error:
        log.warning("commands registered, but %s cannot be written: %s", noted, error)
    log.info("commands registered: %d", len(commands))
    return registered


async def differences(
    tree: app_commands.CommandTree[Any], there: Iterable[app_commands.AppCommand]
) -> list[str]:
    """Return how Discord's commands differ from the tree's, each a sentence; none where they are the same.

    Names, descriptions and options count, in English.
    """
    payloads = [await _payload(command, tree) for command in tree.get_commands()]
    ours = {_outline_name(one): _outline(one) for one in payloads}
    theirs = {_outline_name(one): _outline(one) for one in (command.to_dict() for command in there)}
    both = ours.keys() & theirs.keys()
    return [
        *(f"Missing in Discord: {name}" for name in ours if name not in both),
        *(f"Only in Discord: {name}" for name in theirs if name not in both),
        *(f"Different in Discord: {name}" for name in ours if name in both and ours[name] != theirs[name]),
    ]


def _outline_name(payload: Mapping[str, Any]) -> str:
    slash = "/" if payload.get("type", _SLASH) == _SLASH else ""
    return f"{slash}{payload['name']}"


def _outline(payload: Mapping[str, Any]) -> Any:
    """Return what counts of a command or option: its type, name, description and options."""
    options = payload.get("options") or []
    required = bool(payload.get("required"))
    return (
        payload.get("type", _SLASH),
        payload["name"],
        payload.get("description") or "",
        required,
        [_outline(option) for option in options],
    )


def command_links(
    tree: app_commands.CommandTree[Any], registered: Iterable[app_commands.AppCommand]
) -> dict[str, str]:
    """Return the markup that links to each command, by what sentences call it in each language.

    A sentence says `` `/digest setup` ``. Discord opens a command only by its English name, and shows a link
    as it is written (discord-api-docs #5518), so in other languages the link stands behind the reader's name.
    """
    links: dict[str, str] = {}

    def link(name: str, command: app_commands.AppCommand | app_commands.AppCommandGroup) -> None:
        shown = f"`/{name}`"
        own = command.mention.startswith(f"</{name}:")
        links[shown] = command.mention if own else f"{shown} ({command.mention})"

    for command in registered:
        own = tree.get_command(command.name)
        if own is None or command.type is not discord.AppCommandType.chat_input:
            continue
        below = [option for option in command.options if isinstance(option, app_commands.AppCommandGroup)]
        for language in LANGUAGES:
            translations = translations_for(language)
            called = _called(own, translations)
            link(called, command)
            if isinstance(own, app_commands.Group):
                named = {each.name: _called(each, translations) for each in own.commands}
                for each in below:
                    if each.name in named:
                        link(f"{called} {named[each.name]}", each)
    return links


def _called(
    command: app_commands.Command[Any, Any, Any] | app_commands.Group, translations: Translations
) -> str:
    name = command._locale_name  # noqa: SLF001 - discord.py keeps it for its own translation only
    key = name.extras.get("key") if name else None
    return translations.say(key) if key else command.name


async def _payload(command: _Command, tree: app_commands.CommandTree[Any]) -> dict[str, Any]:
    """Return what is registered of a command, in every language."""
    if tree.translator is None:
        return command.to_dict(tree)
    return await command.get_translated_payload(tree, tree.translator)


def _read(path: Path) -> dict[str, str]:
    """Return what was noted; a file that is missing or damaged notes nothing."""
    try:
        noted = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _write(path: Path, noted: dict[str, str]) -> None:
    """Replace the file in one step, so that it is never half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w") as file:
            json.dump(noted, file, indent=2)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
