"""``bobbin completion`` and ``bobbin man``: completion scripts, and manual pages made from the help."""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from bot.cli.completion_scripts import SCRIPTS, script
from bot.cli.main import VERSION

__all__ = ["completion", "man", "manual_pages"]


@click.command(short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(list(SCRIPTS)))
def completion(shell: str) -> None:
    """Print the script that completes bobbin's commands, options, ids and names in SHELL.

    \b
    bash, in ~/.bashrc:
      eval "$(bobbin completion bash)"
    zsh, in ~/.zshrc behind compinit:
      eval "$(bobbin completion zsh)"
    fish, in ~/.config/fish/config.fish:
      bobbin completion fish | source
    """  # noqa: D301 - \b is click's mark of lines to leave as they are
    click.echo(script(shell))


@click.command(short_help="Write the manual pages.")
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write a file for each command into this folder; without it, bobbin(1) to standard output.",
)
@click.pass_context
def man(context: click.Context, output: Path | None) -> None:
    """Write manual pages, made from the help of the commands: bobbin(1), bobbin-ask(1) and so on."""
    pages = manual_pages(context.find_root())
    if output is None:
        click.echo(next(pages)[1], nl=False)
        return
    output.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, page in pages:
        (output / f"{name}.1").write_text(page, encoding="utf-8")
        count += 1
    click.echo(f"{count} manual pages written to {output}.", err=True)


def manual_pages(root: click.Context) -> Iterator[tuple[str, str]]:
    """Yield each manual page as its name and its text in the man macros of roff, the group's first."""
    group = root.command
    yield "bobbin", _page("bobbin", group, root)
    if not isinstance(group, click.Group):
        raise TypeError("the root of the commands is a group")
    for name in group.list_commands(root):
        command = group.get_command(root, name)
        if command is not None and not command.hidden:
            context = click.Context(command, info_name=name, parent=root)
            yield f"bobbin-{name}", _page(f"bobbin {name}", command, context)


def _page(title: str, command: click.Command, context: click.Context) -> str:
    short = command.get_short_help_str(200).rstrip(".")
    usage = " ".join(command.collect_usage_pieces(context))
    lines = [
        f'.TH "{_roff(title.replace(" ", "-").upper())}" 1 "" "bobbin {_roff(VERSION)}"',
        ".SH NAME",
        f"{_roff(title.replace(' ', '-'))} \\- {_roff(short)}",
        ".SH SYNOPSIS",
        f".B {_roff(title)}",
        _roff(usage),
        ".SH DESCRIPTION",
    ]
    for paragraph in (command.help or "").split("\n\n"):
        verbatim = "\b" in paragraph
        text = paragraph.replace("\b", "").strip("\n")
        laid_out = text if verbatim else " ".join(text.split())
        lines += [".PP", *([".nf"] if verbatim else []), _roff(laid_out), *([".fi"] if verbatim else [])]
    records = [
        record for parameter in command.get_params(context) if (record := parameter.get_help_record(context))
    ]
    if records:
        lines.append(".SH OPTIONS")
        lines += [line for names, text in records for line in (".TP", f".B {_roff(names)}", _roff(text))]
    if isinstance(command, click.Group):
        lines.append(".SH COMMANDS")
        for name in command.list_commands(context):
            known = command.get_command(context, name)
            if known is not None:
                lines += [".TP", f".B bobbin-{_roff(name)}(1)", _roff(known.get_short_help_str(200))]
    if command.epilog:
        lines += [".SH FILES", _roff(command.epilog)]
    return "\n".join([*lines, ""])


def _roff(text: str) -> str:
    """Return a text as roff shows it literally."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", escaped, flags=re.MULTILINE)
