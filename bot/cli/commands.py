"""``bobbin commands``: what Discord lists of Bobbin's commands, registering them, and taking them away."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import click

from bot.settings import Settings
from bot.startup import start

if TYPE_CHECKING:  # importing it takes as long as starting twice
    from discord import Object
    from discord.app_commands import AppCommand, CommandTree

__all__ = ["commands"]

_NOTED = "commands.json"


@click.command(short_help="List, register or remove the commands in Discord.")
@click.argument("what", metavar="list|sync|clear", type=click.Choice(["list", "sync", "clear"]))
@click.option("--server", type=int, metavar="ID", help="Those of one server, which an earlier program left.")
@click.option("--yes", is_flag=True, help="Remove without asking.")
def commands(what: str, server: int | None, *, yes: bool) -> None:
    """List Bobbin's commands as Discord has them, register them anew, or remove them.

    `bobbin run` registers them by itself when they changed here or there. After `clear` it does so at its
    next start. Commands of one server come from another program, or an earlier one: Bobbin's are for
    every server, and `clear --server ID` removes what shows twice.
    """
    settings = start(at_least=logging.ERROR)
    if settings.discord_token is None:
        raise click.ClickException("there is no Discord token; set BOBBIN_DISCORD_TOKEN")
    if what == "sync" and server is not None:
        raise click.UsageError("Bobbin registers commands for every server; leave out --server")
    if what == "clear" and not yes:
        where = f"of server {server}" if server else "of every server"
        click.confirm(f"Remove the bot's commands {where} from Discord?", abort=True)
    work = {"list": _list, "sync": _sync, "clear": _clear}[what]
    click.echo("\n".join(asyncio.run(_with_tree(settings, lambda tree: work(tree, settings, server)))))


async def _with_tree(
    settings: Settings, work: Callable[["CommandTree[Any]"], Awaitable[list[str]]]
) -> list[str]:
    """Do work with the tree of Bobbin's commands, logged in without the gateway."""
    import discord  # noqa: PLC0415 - as above
    from discord.http import Route  # noqa: PLC0415 - the same

    from bot.client import COMMANDS  # noqa: PLC0415 - the same
    from bot.interactions.command_translations import CommandTranslator  # noqa: PLC0415 - the same

    if settings.discord_api:
        Route.BASE = settings.discord_api
    token = settings.discord_token.reveal() if settings.discord_token else ""
    async with discord.Client(intents=discord.Intents.none()) as client:
        tree: CommandTree[Any] = discord.app_commands.CommandTree(client)
        for command in COMMANDS:
            tree.add_command(command)
        try:
            await client.login(token)
            await tree.set_translator(CommandTranslator())
            return await work(tree)
        except discord.LoginFailure as error:
            raise click.ClickException("Discord refuses the token; make a new one") from error
        except discord.HTTPException as error:
            raise click.ClickException(f"Discord refuses: {error.status} {error.text}") from error


async def _list(tree: "CommandTree[Any]", _settings: Settings, server: int | None) -> list[str]:
    from bot.interactions.command_sync import differences  # noqa: PLC0415 - as above

    there = await tree.fetch_commands(guild=_object(server))
    lines = [line for command in there for line in _lines(command)] or ["Discord lists no commands."]
    if server is None:
        lines += await differences(tree, there) or ["They are those of this version."]
    return lines


async def _sync(tree: "CommandTree[Any]", settings: Settings, _server: int | None) -> list[str]:
    from bot.interactions.command_sync import sync_commands  # noqa: PLC0415 - as above

    registered = await sync_commands(tree, settings.data_dir / _NOTED, anew=True)
    return [f"Registered: {len(registered)} commands. Discord shows them after a reload (Ctrl+R)."]


async def _clear(tree: "CommandTree[Any]", settings: Settings, server: int | None) -> list[str]:
    there = await tree.fetch_commands(guild=_object(server))
    if server is None:
        # Before the removal: where it fails, the next start compares and finds nothing to do.
        (settings.data_dir / _NOTED).unlink(missing_ok=True)
    tree.clear_commands(guild=None)
    await tree.sync(guild=_object(server))
    again = "" if server else " `bobbin run` registers them at its next start."
    return [f"Removed: {len(there)} commands.{again}"]


def _object(server: int | None) -> "Object | None":
    import discord  # noqa: PLC0415 - as above

    return None if server is None else discord.Object(server)


def _lines(command: "AppCommand") -> list[str]:
    """Return a line for a command and for each that it has below it."""
    from discord import AppCommandType  # noqa: PLC0415 - as above
    from discord.app_commands import AppCommandGroup  # noqa: PLC0415 - the same

    slash = "/" if command.type is AppCommandType.chat_input else ""
    below = [option for option in command.options if isinstance(option, AppCommandGroup)]
    names = [f"{command.name} {one.name}" for one in below] or [command.name]
    return [f"{command.id}  {slash}{name}" for name in names]
