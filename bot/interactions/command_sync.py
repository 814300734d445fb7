"""Registering the commands with Discord, only when they changed."""

import asyncio
import contextlib
import hashlib
import json
import logging
import os
import tempfile
from pathlib import Path
from typing import Any

from discord import app_commands

__all__ = ["sync_commands"]

_Command = app_commands.Command[Any, Any, Any] | app_commands.Group | app_commands.ContextMenu

log = logging.getLogger(__name__)


async def sync_commands(tree: app_commands.CommandTree[Any], noted: Path) -> bool:
    """Register the tree's commands when they differ from those noted; return whether they did.

    ``noted`` is a small JSON file, written after Discord took them: the hash of the commands by
    application id. Where it cannot be written the next start registers again, which is logged. Raises
    what ``CommandTree.sync`` raises.
    """
    commands = [await _payload(command, tree) for command in tree.get_commands()]
    digest = hashlib.sha256(json.dumps(commands, sort_keys=True).encode()).hexdigest()
    application = str(tree.client.application_id)
    known = await asyncio.to_thread(_read, noted)
    if known.get(application) == digest:
        log.info("commands unchanged: %d", len(commands))
        return False
    await tree.sync()
    try:
        await asyncio.to_thread(_write, noted, known | {application: digest})
    except OSError as error:
        log.warning("commands registered, but %s cannot be written: %s", noted, error)
    log.info("commands registered: %d", len(commands))
    return True


async def _payload(command: _Command, tree: app_commands.CommandTree[Any]) -> dict[str, Any]:
    """Return what Discord is told of a command, in every language."""
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
