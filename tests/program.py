"""What the program has, for the tests that hold its documents to it."""

from functools import cache
from pathlib import Path

import click

from bot.cli.group import bobbin
from bot.client import Bobbin
from bot.settings import Settings, variables
from retrieval.archive import Archive

__all__ = ["COMMANDS", "SETTINGS", "options_of", "slash_commands"]

_ROOT = click.Context(bobbin, info_name="bobbin")
COMMANDS = set(bobbin.list_commands(_ROOT))
SETTINGS = set(variables())


def options_of(command: str) -> set[str]:
    """Return the options of a terminal command as they are written, ``--help`` among them."""
    known_command = bobbin.get_command(_ROOT, command)
    assert known_command is not None, command
    written = [known.opts for known in known_command.params if isinstance(known, click.Option)]
    return {"--help", *(option for known in written for option in known)}


@cache
def slash_commands(folder: Path) -> frozenset[str]:
    """Return the names of the commands that the client registers, menus among them."""
    with Archive.open(folder / "archive.db") as archive:
        client = Bobbin(archive, Settings(data_dir=folder, discord_api=None, discord_gateway=None))
        return frozenset(command.name for command in client.tree.get_commands())
