"""The command ``bobbin``: its start, its help and what its completion is, without importing commands.

Importing click takes four times as long as starting Python, and a command's modules ten times that. So
what needs neither is answered here.
"""

import gc
import os
import sys

__all__ = ["COMMANDS", "COMMON_OPTIONS", "VERSION", "columns", "help_text", "main"]

VERSION = "0.1.0"

#: The commands in the order of the help: the module of each, its name there, and its line of help.
#: Written here, so that help and completion import none of them; a test holds the lines equal.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "ask": ("ask", "ask", "Answer a question with quotes from the archive."),
    "chat": ("chat", "chat", "Talk with the archive: questions, follow-ups, whole threads."),
    "verify": ("verify", "verify", "Check whether a quotation stands in the archive."),
    "when": ("when", "when", "Find who said some words first, and when."),
    "trend": ("when", "trend", "Count the posts that hold some words, by month."),
    "threads": ("threads", "show_threads", "List the threads of the archive."),
    "thread": ("threads", "show_thread", "Print a whole thread, word for word."),
    "open": ("threads", "open_thread", "Open a thread in the browser."),
    "help-me": ("ask", "help_me", "Answer a question about Bobbin, from the handbook."),
    "import": ("import_files", "importing", "Take saved threads into the archive."),
    "follow": ("following", "follow", "Follow an author into a public collection."),
    "unfollow": ("following", "unfollow", "End a follow."),
    "following": ("following", "following", "List whom Bobbin follows, and how that goes."),
    "export": ("export", "exporting", "Write threads out, for import elsewhere."),
    "sources": ("sources", "show_sources", "List the files that threads came from."),
    "forget": ("sources", "forget", "Take a file back, or an author out for good."),
    "backup": ("backup", "backup", "Back up both databases, also while the bot runs."),
    "restore": ("backup", "restore", "Put a backup in the place of both databases."),
    "init": ("init", "init", "Set Bobbin up in this folder: settings, token, invite link."),
    "digest": ("digest", "digest", "Print a server's digest."),
    "run": ("serve", "run", "Start the bot in Discord."),
    "commands": ("commands", "commands", "List, register or remove the commands in Discord."),
    "serve": ("serve", "serve", "Serve the pages to a browser."),
    "mcp": ("mcp", "mcp", "Offer the archive to programs by MCP, over stdio."),
    "check": ("check", "check", "Tell what works, what does not, and what to do."),
    "evaluate": ("evaluate", "evaluate", "Measure how well posts are found."),
    "completion": ("manual", "completion", "Print the completion script of a shell."),
    "licences": ("licences", "licences", "List what Bobbin runs on, with licences."),
    "man": ("manual", "man", "Write the manual pages."),
}

_ABOUT = (
    "Hold threads and hand them back: quotes, word for word, from an archive of saved threads.",
    'Begin with: bobbin ask "How do I import my threads?"',
)
_SETTINGS = "Settings are read from the environment and from .env; .env.example lists them all."
#: The options that every command has, and how the help of the group lists its own.
COMMON_OPTIONS = {
    "--data-dir DIR": "The data folder, in the place of BOBBIN_DATA_DIR.",
    "--color [auto|always|never]": "Whether to use colour; auto does on a terminal.",
}
_OPTIONS = {
    "--version": "Show the version and exit.",
    **COMMON_OPTIONS,
    "-h, --help": "Show this message and exit.",
}
_NARROWEST, _WIDEST = 40, 100
_GAP = 2


def main() -> None:
    """Run the command line; what a terminal cannot show becomes a question mark, never an error."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by the caller; what is written goes nowhere
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - for good
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    text = _quick(sys.argv[1:])
    if text is None:
        gc.disable()  # until the command is imported: what modules make stays, and looking for more costs 8 %
        from bot.cli.group import run  # noqa: PLC0415 - click, which help and completion do without

        run()
    else:
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except OSError as error:
            # The reader closed the pipe, or the disk is full; Python would complain once more while it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            if not isinstance(error, BrokenPipeError):
                sys.stderr.write(f"bobbin: the output: {error.strerror}; check where the output goes\n")
            sys.exit(1)


def _quick(words: list[str]) -> str | None:
    """Return what is printed where no command has to be imported for it, ``None`` otherwise."""
    asked = os.environ.get("_BOBBIN_COMPLETE")
    if asked is not None:
        from bot.cli.completion import complete  # noqa: PLC0415 - nothing else needs it

        return complete(asked)
    if words[:1] == ["completion"]:
        from bot.cli.completion_scripts import SCRIPTS, script  # noqa: PLC0415 - nothing else needs them

        return f"{script(words[1])}\n" if len(words) == 2 and words[1] in SCRIPTS else None  # noqa: PLR2004
    if words == ["--version"]:
        return f"bobbin {VERSION}\n"
    if words in (["--help"], ["-h"]):
        return help_text(columns())
    return None


def columns() -> int:
    """Return the width of the terminal, by COLUMNS first; 80 where there is none."""
    written = os.environ.get("COLUMNS", "")
    if written.isdecimal() and int(written):
        return int(written)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError, AttributeError):
        return 80


def help_text(width: int) -> str:
    """Return the help of ``bobbin`` in lines of at most ``width`` columns, from 40 to 100."""
    width = max(_NARROWEST, min(width, _WIDEST))
    lines = ["Usage: bobbin [OPTIONS] COMMAND [ARGS]...", ""]
    for paragraph in _ABOUT:
        lines += [*_wrapped(paragraph, width, "  "), ""]
    lines += ["Options:", *_listed(_OPTIONS, width), ""]
    lines += ["Commands:", *_listed({name: line for name, (_, _, line) in COMMANDS.items()}, width), ""]
    return "\n".join([*lines, *_wrapped(_SETTINGS, width, "  "), ""])


def _listed(entries: dict[str, str], width: int) -> list[str]:
    """Return entries with their explanations beside them, or below those too long for that."""
    column = min(max(map(len, entries)), width // 3) + 2 + _GAP
    lines: list[str] = []
    for name, text in entries.items():
        beside = _wrapped(text, width, " " * column)
        head = f"  {name}"
        if len(head) + _GAP <= column:
            beside[0] = head.ljust(column) + beside[0][column:]
            lines += beside
        else:
            lines += [head, *beside]
    return lines


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    lines = [indent]
    for word in text.split():
        if len(lines[-1]) > len(indent) and len(lines[-1]) + 1 + len(word) > width:
            lines.append(indent)
        lines[-1] += (" " if len(lines[-1]) > len(indent) else "") + word
    return lines
