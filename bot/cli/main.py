"""The command ``bobbin``: its commands, and the one place that turns errors into a sentence."""

import errno
import importlib.metadata
import logging
import signal
import sys
from io import TextIOWrapper
from typing import Any

import click

from bot.cli.ask import ask, help_me, show_thread, show_threads
from bot.cli.backup import backup, init, restore
from bot.cli.chat import chat
from bot.cli.check import check
from bot.cli.digest import digest
from bot.cli.evaluate import evaluate
from bot.cli.export import exporting
from bot.cli.import_files import importing
from bot.cli.serve import serve
from bot.cli.sources import forget, show_sources
from bot.cli.terminal import escape_terminal
from bot.settings import SettingsError
from bot.startup import start
from retrieval.errors import ArchiveError

__all__ = ["bobbin", "main"]

_INTERRUPTED = 130


class _FailureError(click.ClickException):
    """An error that is told in one sentence on standard error."""

    def __init__(self, message: str) -> None:
        super().__init__(escape_terminal(message, line=True))


class _MisuseError(_FailureError):
    """The same where the operator's own settings are to blame."""

    exit_code = 2


class _Group(click.Group):
    """The group whose commands raise what they like; here it becomes a sentence and an exit status.

    A click usage error, and the quiet end when a reader closes the pipe, are click's own doing.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise _MisuseError(str(error)) from error
        except ArchiveError as error:
            raise _FailureError(str(error)) from error
        except KeyboardInterrupt as error:
            click.echo("Interrupted.", err=True)
            raise click.exceptions.Exit(_INTERRUPTED) from error
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            raise _FailureError(f"{error}; check what it names, and where the output goes") from error


def _version() -> str:
    """Return the installed version; a bare checkout has none."""
    try:
        return importlib.metadata.version("bobbin")
    except importlib.metadata.PackageNotFoundError:
        return "from a checkout, not installed"


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Settings are read from the environment and from .env; .env.example lists them all.",
)
@click.version_option(_version(), message="%(prog)s %(version)s")
def bobbin() -> None:
    """Hold threads and hand them back: quotes, word for word, from an archive of saved threads.

    Begin with: bobbin ask "How do I import my threads?"
    """


@bobbin.command()
@click.pass_context
def run(context: click.Context) -> None:
    """Start the bot in Discord; it runs until it is stopped.

    The token is read from BOBBIN_DISCORD_TOKEN.
    """
    # Being stopped while still loading is a clean end too; the client takes the signal over.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    settings = start(at_least=logging.NOTSET)
    # Not at the top: the commands of the terminal should not wait for discord.py to load.
    from bot.client import run as run_bot  # noqa: PLC0415

    context.exit(run_bot(settings))


for _command in (
    backup,
    restore,
    init,
    ask,
    help_me,
    chat,
    show_threads,
    show_thread,
    importing,
    exporting,
    check,
    evaluate,
    show_sources,
    forget,
    serve,
    digest,
):
    bobbin.add_command(_command)


def main() -> None:
    """Run the command line; what a terminal cannot show becomes a question mark, never an error."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        bobbin(prog_name="bobbin")
    except KeyboardInterrupt:
        # Between click's own guards, on the way in or out.
        click.echo("Interrupted.", err=True)
        sys.exit(_INTERRUPTED)
