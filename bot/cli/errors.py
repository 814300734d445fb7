"""Errors in the terminal: one line on standard error, ``bobbin: what happened to what; what to do``."""

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

__all__ = ["INTERRUPTION", "complain", "explain", "keep_interrupts", "with_remedy"]

INTERRUPTION: Final = ("interrupted; run the command again", 130)
"""The sentence for an interrupt, and the exit status."""
_LOOK: Final = "`bobbin check` shows what works"
_NO_MEMORY: Final = (
    "there is not enough memory; close other programs, or give this machine more, and run it again"
)
_AGAIN: Final = 0.05
"""Seconds after which an interrupt that was lost is raised once more."""
_FAILURE: Final = 1
_MISUSE: Final = 2


def complain(message: str) -> None:
    """Print an error in its one form; nothing in it moves the terminal."""
    from bot.cli.terminal import escape_terminal  # noqa: PLC0415 - only an error needs it

    click.echo(f"bobbin: {escape_terminal(message, line=True)}", err=True)


def keep_interrupts() -> None:
    """Raise an interrupt once more that came while an object was cleared away.

    What is raised in a finalizer, a ``__del__`` or a callback of the garbage collector is printed and lost, a
    ``KeyboardInterrupt``, too: Ctrl-C would do nothing.
    """
    before = sys.unraisablehook

    def hook(lost: "UnraisableHookArgs") -> None:
        if not issubclass(lost.exc_type, KeyboardInterrupt):
            before(lost)
            return
        import signal  # noqa: PLC0415 - only an interrupt needs it
        import threading  # noqa: PLC0415 - the same

        # Later, and from elsewhere: here it would be lost again. A true signal ends a call that waits, too.
        main = threading.main_thread().ident or 0
        started = False
        while not started:
            # On a machine that stands still for a moment it can come before the timer's start returns.
            with suppress(KeyboardInterrupt):
                again = threading.Timer(_AGAIN, signal.pthread_kill, (main, signal.SIGINT))
                again.daemon = True
                again.start()
                started = True

    sys.unraisablehook = hook


def with_remedy(message: str, remedy: str) -> str:
    """Return a sentence that ends in what to do; one that does so already stays as it is."""
    return message if "; " in message else f"{message}; {remedy}"


def explain(error: BaseException) -> tuple[str, int] | None:  # noqa: PLR0911 - one for each kind
    """Return the sentence for an error and the exit status; ``None`` for a mistake of Bobbin's own."""
    from bot.settings import SettingsError  # noqa: PLC0415 - only an error needs it
    from retrieval.errors import ArchiveError, ReadError  # noqa: PLC0415 - the same

    match error:
        case click.UsageError():
            return _misuse(error), error.exit_code
        case click.ClickException():
            return with_remedy(error.format_message().rstrip("."), _LOOK), error.exit_code
        case click.Abort():
            return "the question was not answered; run the command again", _FAILURE
        case KeyboardInterrupt():
            return INTERRUPTION
        case SettingsError():
            return str(error), _MISUSE
        case ArchiveError():
            return with_remedy(
                str(error), "check the file" if isinstance(error, ReadError) else _LOOK
            ), _FAILURE
        case MemoryError():
            return _NO_MEMORY, _FAILURE
        case OSError():
            return _of_system(error), _FAILURE
    return None


def _of_system(error: OSError) -> str:
    """Return the sentence for what the system refused; one that names a remedy stays as it is."""
    if error.filename is None and error.strerror is None:
        reason = str(error)
    else:
        subject = "the output" if error.filename is None else os.fsdecode(error.filename)
        reason = f"{subject}: {error.strerror}"
    remedy = "where the output goes" if error.filename is None else "the path, its permissions and the disk"
    return with_remedy(reason, f"check {remedy}")


def _misuse(error: click.UsageError) -> str:
    """Return the sentence for words that a command cannot take."""
    context = error.ctx
    path = context.command_path if context else "bobbin"
    name = path.removeprefix("bobbin").strip()
    subject, message, remedy = "", error.format_message(), f"`{path} --help` shows what it takes"
    surplus = type(error) is click.UsageError and "extra argument" in message
    if context and (surplus or isinstance(error, click.MissingParameter)):
        remedy = f"write: {path} {' '.join(context.command.collect_usage_pieces(context))}"
        message = message.replace("Got unexpected", "takes no")
    match error:
        case click.NoSuchOption(option_name=option, possibilities=near):
            message = f"there is no option {option}"
            remedy = f"did you mean {' or '.join(sorted(near))}?" if near else f"`{path} --help` lists them"
        case click.BadOptionUsage(option_name=option):
            message, remedy = f"{option} has no value", "write one behind it"
        case click.MissingParameter():
            message = f"{_label(error)} is missing"
            if context and isinstance(error.param, click.Option):
                remedy = f"write: {path} {_label(error)} {error.param.make_metavar(context)}"
        case click.BadParameter():
            subject, message = _label(error), f"{error.message[:1].lower()}{error.message[1:]}"
            if isinstance(error.param and error.param.type, click.Path):
                remedy = "check the path"
    message = message.rstrip(".")
    message = with_remedy(message, remedy)
    return ": ".join(part for part in (" ".join(filter(None, (name, subject))), message) if part)


def _label(error: click.BadParameter) -> str:
    """Return how a command's help names what an error is about."""
    if error.param is None or error.param_hint is not None:
        hint = error.param_hint or ""
        return hint if isinstance(hint, str) else " ".join(hint)
    if isinstance(error.param, click.Option):
        return max(error.param.opts, key=len)
    return error.param.make_metavar(error.ctx or click.Context(click.Command("bobbin")))
