"""``bobbin completion`` and ``bobbin man``: shell completion and manual pages, made from the commands."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ZshComplete,
    add_completion_class,
)

from bot.cli.completion_scripts import SCRIPTS, script
from bot.cli.main import VERSION

__all__ = ["author_names", "collection_names", "completion", "files", "man", "manual_pages", "thread_ids"]

_OFFERED = 20


@add_completion_class
class _Bash(BashComplete):
    """Completion in bash, which takes "--author=Ada" for three words."""

    source_template: ClassVar[str] = SCRIPTS["bash"]

    def source(self) -> str:
        return self.source_template % self.source_vars()

    def get_completion_args(self) -> tuple[list[str], str]:
        words, typed = super().get_completion_args()
        if typed == "=":
            return words, ""
        return (words[:-1] if words and words[-1] == "=" else words), typed


@add_completion_class
class _Fish(FishComplete):
    """Completion in fish, which completes "--author=Ada" as one word."""

    source_template: ClassVar[str] = SCRIPTS["fish"]

    def format_completion(self, item: CompletionItem) -> str:
        option, equals, _ = os.environ["COMP_CWORD"].partition("=")
        if item.type == "plain" and option.startswith("--") and equals:
            item = CompletionItem(f"{option}={item.value}", help=item.help)
        return super().format_completion(item)


@add_completion_class
class _Zsh(ZshComplete):
    """Completion in zsh."""

    source_template: ClassVar[str] = SCRIPTS["zsh"]


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


def thread_ids(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the threads whose id begins like this, or whose heading holds it, with their headings."""
    from bot.cli.terminal import escape_terminal  # noqa: PLC0415 - the script itself needs none of it
    from bot.startup import open_archive, start  # noqa: PLC0415
    from retrieval.archive import ThreadFilter, ThreadOrder  # noqa: PLC0415

    try:
        with open_archive(start()) as archive:
            scope = archive.catalog.scope()
            listed, _ = archive.thread_lists.page(scope, ThreadFilter(), ThreadOrder.ARRIVAL, limit=2_000)
            near = [summary for summary in listed if summary.id.startswith(incomplete.lower())]
    except Exception:  # noqa: BLE001 - a completion that fails offers nothing and says nothing
        return []
    return [
        CompletionItem(summary.id, help=escape_terminal(summary.heading, line=True))
        for summary in near[:_OFFERED]
    ]


def author_names(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the authors whose name begins so; where none does, "@" and case do not matter."""
    from bot.startup import open_archive, start  # noqa: PLC0415 - as above

    wanted = incomplete.casefold().removeprefix("@")
    try:
        with open_archive(start()) as archive:
            authors = archive.catalog.authors(archive.catalog.scope())
    except Exception:  # noqa: BLE001 - as above
        return []
    names = [author.name for author in authors if author.name.isprintable()]
    # A shell puts in what all have in common: names that begin otherwise would take away what is typed.
    near = [name for name in names if name.startswith(incomplete)]
    near = near or [name for name in names if name.casefold().removeprefix("@").startswith(wanted)]
    return [CompletionItem(name) for name in near[:_OFFERED]]


def collection_names(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the collections whose name begins like this."""
    from bot.startup import open_archive, start  # noqa: PLC0415 - as above

    try:
        with open_archive(start()) as archive:
            names = [each.name for each in archive.catalog.collections()]
    except Exception:  # noqa: BLE001 - as above
        return []
    return [CompletionItem(name) for name in names if name.startswith(incomplete) and name.isprintable()]


def files(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Leave the names of files and folders to the shell."""
    return [CompletionItem(incomplete, type="file")]


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
