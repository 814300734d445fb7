"""The table that completion reads, made from the commands.

``python -m tests.bot.cli.completion_table`` writes it.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from bot.cli.group import bobbin
from bot.cli.main import COMMANDS
from bot.cli.options import Completed
from tests.bot.cli.commands import ROOT

__all__ = ["TABLE", "main", "table"]

TABLE = ROOT / "bot" / "cli" / "completion_table.py"
#: What begins the part that is made; the head before it is written by hand, in the module itself.
_BEGIN = "#: The options of every command.\n"


def table() -> str:
    """Return the text of the module."""
    root = click.Context(bobbin, info_name="bobbin", **bobbin.context_settings)
    group = _options(bobbin, root)
    common = tuple(option for option in group if "--version" not in option[0])
    commands = {}
    for name in COMMANDS:
        command = bobbin.get_command(root, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=root)
        arguments = [each for each in command.params if isinstance(each, click.Argument)]
        assert len(arguments) <= 1
        argument = next(((_values(each), each.nargs != 1) for each in arguments), None)
        options = _options(command, context)
        assert set(common) <= set(options), name
        commands[name] = (argument, tuple(option for option in options if option not in common))
    head = TABLE.read_text(encoding="utf-8").partition(_BEGIN)[0]
    text = (
        f"{head}{_BEGIN}COMMON: Final[Options] = {common!r}\n"
        "#: The options before a command.\n"
        f"GROUP: Final[Options] = (*COMMON, {', '.join(map(repr, set(group) - set(common)))})\n"
        "#: The options of each command beside those, behind its argument.\n"
        f"COMMANDS: Final[dict[str, tuple[Argument | None, Options]]] = {commands!r}\n"
    )
    formatting = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(TABLE), "-"]
    return subprocess.run(formatting, input=text, capture_output=True, text=True, check=True, cwd=ROOT).stdout


def _options(command: click.Command, context: click.Context) -> tuple[tuple[Any, ...], ...]:
    return tuple(
        (
            (*option.opts, *option.secondary_opts),
            None if option.is_flag else _values(option),
            option.multiple,
            option.help or "",
        )
        for option in command.get_params(context)
        if isinstance(option, click.Option) and not option.hidden
    )


def _values(parameter: click.Parameter) -> str | tuple[str, ...]:
    kind = parameter.type
    if isinstance(kind, Completed):
        return kind.values
    if isinstance(kind, click.Choice):
        return tuple(map(str, kind.choices))
    if isinstance(kind, click.Path):
        return "file" if kind.file_okay else "dir"
    return ""


def main() -> None:
    """Write the table."""
    Path(TABLE).write_text(table(), encoding="utf-8")


if __name__ == "__main__":
    main()
