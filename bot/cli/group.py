"""The group of commands: each is imported when it runs, and what it raises becomes a sentence here."""

import difflib
import errno
import sys
from importlib import import_module
from typing import Any, Final, NoReturn

import click
from click.shell_completion import CompletionItem

from bot.cli.main import COMMANDS, VERSION, columns, help_text
from bot.cli.options import add_common_options

__all__ = ["bobbin", "run"]

_INTERRUPTED: Final = 130
_USAGE_ERROR: Final = 2


class _FailureError(click.ClickException):
    """An error in one sentence on standard error."""

    def __init__(self, message: str) -> None:
        from bot.cli.terminal import escape_terminal  # noqa: PLC0415 - only an error needs it

        super().__init__(escape_terminal(message, line=True))


class _MisuseError(_FailureError):
    """The same where the operator's own settings are to blame."""

    exit_code = _USAGE_ERROR


class _LazyGroup(click.Group):
    """The group that imports a command when it runs, and makes a sentence of what a command raises.

    A click usage error, and the quiet end when a reader closes the pipe, are click's own doing.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names without importing them."""
        return [*COMMANDS, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, name, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"bot.cli.{module}"), name)
        return add_common_options(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve a command; say which one a misspelt name is near to."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            remedy = f"did you mean {near[0]!r}?" if near else "`bobbin --help` lists the commands."
            ctx.fail(f"No such command {args[0]!r}; {remedy}")
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:  # noqa: ARG002 - as click calls it
        """Return the same help as without click."""
        return help_text(columns()).rstrip("\n")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the commands' names and the group's options without importing a command."""
        commands = [
            CompletionItem(name, help=line)
            for name, (_, _, line) in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt as error:
            click.echo("Interrupted.", err=True)
            raise click.exceptions.Exit(_INTERRUPTED) from error
        except Exception as error:  # noqa: BLE001 - what is not known here goes on as it is
            _fail(error)


def _fail(error: Exception) -> NoReturn:
    """Raise an error that a command let through as one sentence; any other goes on as it is."""
    from bot.settings import SettingsError  # noqa: PLC0415 - only an error needs it
    from retrieval.errors import ArchiveError  # noqa: PLC0415 - the same

    if isinstance(error, SettingsError):
        raise _MisuseError(str(error)) from error
    if isinstance(error, ArchiveError):
        raise _FailureError(str(error)) from error
    if isinstance(error, MemoryError):
        raise _FailureError(
            "there is not enough memory; close other programs, or give this machine more, and run it again"
        ) from error
    if isinstance(error, OSError) and error.errno != errno.EPIPE:
        raise _FailureError(f"{error}; check what it names, and where the output goes") from error
    raise error


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Settings are read from the environment and from .env; .env.example lists them all.",
)
@click.version_option(VERSION, message="%(prog)s %(version)s")
def bobbin() -> None:
    """Hold threads and hand them back: quotes, word for word, from an archive of saved threads.

    Begin with: bobbin ask "How do I import my threads?"
    """


add_common_options(bobbin)


def run() -> None:
    """Run the command line."""
    try:
        bobbin(prog_name="bobbin")
    except KeyboardInterrupt:
        # Between click's own guards, on the way in or out.
        click.echo("Interrupted.", err=True)
        sys.exit(_INTERRUPTED)
