"""The group of commands: each is imported when it runs, and what it raises becomes a sentence here."""

import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from bot.cli.errors import INTERRUPTION, complain, explain, keep_interrupts
from bot.cli.main import COMMANDS, VERSION, columns, help_text
from bot.cli.options import add_common_options

__all__ = ["bobbin", "run"]


class _LazyGroup(click.Group):
    """The group that imports a command when it runs, and makes a line of what a command raises."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names without importing them."""
        return [*COMMANDS, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, name, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"bot.cli.{module}"), name)
        gc.freeze()  # what modules made stays: looking through it again finds nothing
        gc.enable()  # see `main`
        return add_common_options(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve a command; say which one a misspelt name is near to."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib  # noqa: PLC0415 - only a mistake needs it

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            remedy = f"did you mean {near[0]}?" if near else "`bobbin --help` lists the commands"
            ctx.fail(f"{args[0]!r} is no command; {remedy}")
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:  # noqa: ARG002 - as click calls it
        """Return the same help as without click."""
        return help_text(columns()).rstrip("\n")

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; click would begin its own words on an interrupt with an empty line."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            message, status = INTERRUPTION
            complain(message)
            raise click.exceptions.Exit(status) from error

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002 - as click calls it
        **extra: Any,
    ) -> Any:
        """Run the command line; every error ends in one line and an exit status.

        A mistake of Bobbin's own goes on with its traceback. The quiet end when a reader closes the pipe is
        click's doing.
        """
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        try:
            status = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(error.exit_code)
        except (Exception, KeyboardInterrupt) as error:
            explained = explain(error)
            if explained is None:
                raise
            message, status = explained
            complain(message)
        sys.exit(status if isinstance(status, int) else 0)


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
    keep_interrupts()
    bobbin(prog_name="bobbin")
