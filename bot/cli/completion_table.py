"""What each command takes, for completion, which imports no command; a test holds it equal to them.

Written by ``python -m tests.bot.cli.completion_table``. An option is its names, what a value of it is,
whether it may be repeated, and its help. A value is one of some words, or of the archive ("threads",
"authors", "collections"), or a name that the shell completes ("file", "dir"), or anything (""); ``None``
for a flag.
"""
# ruff: noqa: E501 - the help of an option stands on one line

from typing import Final

__all__ = ["COMMANDS", "COMMON", "GROUP", "Argument", "Options"]

Values = str | tuple[str, ...] | None
Options = tuple[tuple[tuple[str, ...], Values, bool, str], ...]
#: What the values of a command's argument are, and whether there may be many.
Argument = tuple[str | tuple[str, ...], bool]

#: The options of every command.
COMMON: Final[Options] = (
    (("--data-dir",), "dir", False, "The data folder, in the place of BOBBIN_DATA_DIR."),
    (("--color",), ("auto", "always", "never"), False, "Whether to use colour; auto does on a terminal."),
    (("-h", "--help"), None, False, "Show this message and exit."),
)
#: The options before a command.
GROUP: Final[Options] = (*COMMON, (("--version",), None, False, "Show the version and exit."))
#: The options of each command beside those, behind its argument.
COMMANDS: Final[dict[str, tuple[Argument | None, Options]]] = {
    "ask": (
        ("", True),
        (
            (("--author",), "authors", False, "Only posts of this author."),
            (("--after",), "", False, "Only posts of this day, month or year, or later; 1w: a week ago."),
            (("--before",), "", False, "Only posts before this day, month or year; 1w: a week ago."),
            (("--in",), "collections", False, "Only posts of this collection."),
            (("-n", "--limit"), "", False, "At most so many quotes, up to 50.  [default: 3, by setting]"),
            (("--json",), None, False, "Print JSON, for scripts."),
            (
                ("--explain",),
                None,
                False,
                "Show what each score is made of, and what spoke for and against an answer.",
            ),
        ),
    ),
    "chat": (None, ()),
    "verify": (
        ("", True),
        (
            (("--author",), "authors", False, "Who is said to have written it."),
            (("--json",), None, False, "Print JSON, for scripts."),
        ),
    ),
    "when": (
        ("", True),
        (
            (("-n", "--limit"), "", False, "At most so many posts in JSON.  [default: all]"),
            (
                ("--author",),
                "authors",
                False,
                "Then and now: this author's earliest and latest posts with the words, whatever their endings.",
            ),
            (("--csv",), None, False, "Print every post as CSV, with a head."),
            (("--json",), None, False, "Print JSON, for scripts."),
        ),
    ),
    "trend": (("", True), ((("--json",), None, False, "Print JSON, for scripts."),)),
    "threads": (
        None,
        (
            (("--author",), "authors", False, "Only the threads of this author."),
            (("--collection",), "collections", False, "Only the threads of this collection."),
            (("--search",), "", False, "Only those with these words in title, opening or author."),
            (
                ("--sort",),
                ("date", "arrival", "length", "title"),
                False,
                "In which order: the newest, the last to arrive, the longest, or by title.",
            ),
            (("-n", "--limit"), "", False, "At most so many."),
            (("--offset",), "", False, "Leave out so many at the beginning."),
            (("--csv",), None, False, "Print CSV, with a head."),
            (("--json",), None, False, "Print JSON, for scripts."),
        ),
    ),
    "thread": (
        ("threads", False),
        (
            (
                ("--format",),
                ("md", "txt", "json"),
                False,
                "Print it as a file of this form, as its page offers it.",
            ),
            (("--json",), None, False, "The same as --format json."),
        ),
    ),
    "open": (("threads", False), ((("--print",), None, False, "Print the address instead."),)),
    "help-me": (
        ("", True),
        (
            (("-n", "--limit"), "", False, "At most so many quotes, up to 50.  [default: 3, by setting]"),
            (("--json",), None, False, "Print JSON, for scripts."),
            (
                ("--explain",),
                None,
                False,
                "Show what each score is made of, and what spoke for and against an answer.",
            ),
        ),
    ),
    "import": (
        ("file", True),
        (
            (("--collection",), "collections", False, "Where the threads are kept."),
            (("--author",), "", False, "The author, where the files do not say."),
            (("--title",), "", False, "The title of the one thread, where the file does not say."),
            (("--url",), "", False, "The address of the one thread, where the file does not say."),
            (("--posted",), "", False, "When it was posted: a date or an ISO time, UTC if unsaid."),
            (("--form",), ("text",), False, "Import what shows no sign of a thread, too: as plain text."),
            (("--language",), "", False, "The language of the collection, like en or uk."),
            (("-q", "--quiet"), None, False, "Print errors only."),
            (("-v", "--verbose"), None, False, "Print the whole report of each file, however many."),
            (("--json",), None, False, "Print JSON, for scripts."),
        ),
    ),
    "follow": (("", False), ((("--collection",), "collections", False, "Where the threads are kept."),)),
    "unfollow": (("", False), ()),
    "following": (
        None,
        (
            (("--all",), None, False, "Also those that servers follow."),
            (("--json",), None, False, "Print JSON, for scripts."),
        ),
    ),
    "export": (
        None,
        (
            (("--collection",), "collections", False, "Whose threads."),
            (("--author",), "authors", False, "Only the threads of this author."),
            (("-o", "--output"), "file", False, "Where to; standard output without it."),
        ),
    ),
    "sources": (
        None,
        (
            (("--thread",), "threads", False, "Only the files that this thread is known from."),
            (("-n", "--limit"), "", False, "At most so many."),
            (("--json",), None, False, "Print JSON, for scripts."),
        ),
    ),
    "forget": (
        ("authors", False),
        (
            (
                ("--source",),
                "",
                True,
                "Take back this file, as `bobbin sources` shows it; may be given several times.",
            ),
            (("-y", "--yes"), None, False, "Do not ask; for scripts."),
            (("--json",), None, False, "Print JSON, for scripts."),
        ),
    ),
    "backup": (
        ("dir", False),
        ((("--keep",), "", False, "Keep the newest N backups in DIR, delete older ones."),),
    ),
    "restore": (
        ("dir", False),
        (
            (
                ("--tombstones",),
                "file",
                False,
                "archive.tombstones of the machine that the backup is from, with what was forgotten since.",
            ),
            (("-y", "--yes"), None, False, "Do not ask; for scripts."),
        ),
    ),
    "init": (
        None,
        (
            (("--unit", "--no-unit"), None, False, "Write a unit file for systemd here; asked otherwise."),
            (
                ("--empty-archive",),
                None,
                False,
                "Only begin with an empty archive, where the old one is gone for good.",
            ),
        ),
    ),
    "digest": (
        None,
        (
            (("--server",), "", False, "The server's id in Discord."),
            (("--date",), "", False, "A local date: 2026-11-22."),
            (("--digest",), "", False, "Which digest, where the server has several."),
            (("--preview",), None, False, "Compose the one that comes next; nothing is posted."),
        ),
    ),
    "run": (None, ()),
    "commands": (
        (("list", "sync", "clear"), False),
        (
            (("--server",), "", False, "Those of one server, which an earlier program left."),
            (("--yes",), None, False, "Remove without asking."),
        ),
    ),
    "serve": (
        None,
        (
            (("--host",), "", False, "Listen at this address; :: or 0.0.0.0 is every one."),
            (("--port",), "", False, "Listen at this port, up to 65535; 0 takes any that is free."),
            (("--open",), None, False, "Open the first page in the browser."),
        ),
    ),
    "mcp": (None, ()),
    "check": (None, ((("--json",), None, False, "Print JSON, for scripts."),)),
    "evaluate": (
        ("dir", True),
        (
            (("--peers",), None, False, "Measure other BM25 programs beside it, on the same questions."),
            (("--foreign",), None, False, "Put each collection's questions to the others' archives, too."),
            (("--misspelt",), None, False, "Ask once more with one letter wrong in each question."),
            (("--follow-ups",), None, False, "Ask pairs of questions about one thread as conversations."),
            (
                ("--asking",),
                "file",
                False,
                "Ask once more as people write in a chat, by the templates of a file.",
            ),
            (("--answers",), "", False, "Write verdict and posts, a line of JSON each."),
            (("--run",), "", False, "Write the ranking as a TREC run."),
            (("--language",), "", False, "The language of the collection, like en or uk."),
            (("--limit",), "", False, "At most so many questions of each, evenly spread."),
            (("--seed",), "", False, "What --misspelt draws by."),
            (("--json",), None, False, "Print JSON, for scripts."),
        ),
    ),
    "completion": ((("bash", "zsh", "fish"), False), ()),
    "licences": (None, ((("--json",), None, False, "Print JSON for scripts."),)),
    "man": (
        None,
        (
            (
                ("-o", "--output"),
                "dir",
                False,
                "Write a file for each command into this folder; without it, bobbin(1) to standard output.",
            ),
        ),
    ),
}
