"""Options that several commands have, and those that all have."""

import os
from typing import Any

import click

from bot.cli.main import COMMON_OPTIONS

__all__ = ["Completed", "Day", "WholeNumber", "add_common_options", "colour_choice", "language"]

_COLOUR = "bot.cli.colour"
_DATA_DIR = "BOBBIN_DATA_DIR"


class Completed(click.ParamType[str]):
    """A text that a shell completes out of the archive ("threads", "authors", "collections") or itself.

    Itself it completes the names of files ("file") and of folders ("dir").
    """

    name = "text"

    def __init__(self, values: str) -> None:
        self.values = values


class WholeNumber(click.ParamType[int]):
    """A whole number within bounds; what is none is refused in words.

    It is no :class:`click.IntRange`, which puts its bounds into the help as "[0<=x<=65535]".
    """

    name = "number"

    def __init__(self, least: int, most: int | None = None) -> None:
        self._bounds = f"from {least} on" if most is None else f"from {least} to {most}"
        self._range = click.IntRange(least, most)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number that is written."""
        try:
            return self._range.convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is no whole number {self._bounds}", param, ctx)


class Day(click.DateTime):
    """A date; what is none is refused in words."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the date that is written."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is no date; write it like 2026-11-22", param, ctx)


def _code(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Accept the shape of a language code."""
    if value is None or (value.isascii() and value.isalpha() and len(value) in {2, 3}):
        return value and value.lower()
    raise click.BadParameter("is no language code; write two letters, like en or uk.")


language = click.option(
    "--language", callback=_code, metavar="CODE", help="The language of the collection, like en or uk."
)


def _set_data_dir(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    """Put the folder in the place of the setting, until the command ends."""
    if value is None:
        return
    before = os.environ.get(_DATA_DIR)
    os.environ[_DATA_DIR] = value

    def restore() -> None:
        if before is None:
            os.environ.pop(_DATA_DIR, None)
        else:
            os.environ[_DATA_DIR] = before

    context.call_on_close(restore)


def _set_colour(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    """Keep the choice for what is printed; click, which takes colours out of pipes, follows it, too."""
    if value is not None:
        context.meta[_COLOUR] = value
    context.color = colour_choice()


def colour_choice() -> bool | None:
    """Return whether colour is wanted: by ``--color``, else NO_COLOR, else FORCE_COLOR; ``None`` for auto."""
    context = click.get_current_context(silent=True)
    chosen: Any = context.meta.get(_COLOUR) if context else None
    if chosen in {"always", "never"}:
        return bool(chosen == "always")
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR") else None


def add_common_options(command: click.Command) -> click.Command:
    """Give a command the options that every command has; once, however often it is called."""
    if any(parameter.name == "data_dir" for parameter in command.params):
        return command
    command.params += [
        click.Option(
            ["--data-dir"],
            metavar="DIR",
            type=Completed("dir"),
            expose_value=False,
            is_eager=True,
            callback=_set_data_dir,
            help=COMMON_OPTIONS["--data-dir DIR"],
        ),
        click.Option(
            ["--color"],
            type=click.Choice(["auto", "always", "never"]),
            expose_value=False,
            is_eager=True,
            callback=_set_colour,
            help=COMMON_OPTIONS["--color [auto|always|never]"],
        ),
    ]
    return command
