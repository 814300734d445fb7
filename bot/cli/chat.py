"""``bobbin chat``: a conversation of questions, follow-ups, further quotes, whole threads."""

import contextlib
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import click

from bot.cli import terminal
from bot.cli.ask import handbook_note
from bot.cli.browser import open_in_browser
from bot.cli.terminal import TerminalStyle
from bot.cli.threads import fetch, page_address
from bot.startup import open_archive, start, take_up
from bot.web.addresses import safe_url
from retrieval.archive import Archive
from retrieval.errors import NotFoundError
from retrieval.model import Answer, Excerpt, Thread

__all__ = ["ChatSession", "chat"]

# So many quotes are fetched with a question; `more` shows them page by page.
_DEPTH = 50
_PROMPT = "ask> "
#: What a line may begin with instead of being a question, with or without a slash.
_COMMANDS = {
    "/more": "the next quotes for the last question",
    "/context N": "quote N with the posts before and after it",
    "/thread N": "the whole thread of quote N; /thread ID works, too",
    "/open N": "that thread in the browser; /open ID works, too",
    "/new": "forget the last question: what follows is no follow-up",
    "/help": "this list",
    "/quit": "leave; so do Ctrl-D and Ctrl-C",
}
_LEAVE = frozenset({"quit", "exit", "bye"})
_NUMBERED = ("context", "thread", "open")
_WITH_NUMBER = re.compile(
    r"/?(context|thread|open)\s+(?:\[?(\d{1,3})\]?|([0-9a-z]{12})(?:/\d+)?)", re.IGNORECASE
)

WELCOME = (
    "Ask the archive. A follow-up may lean on the question before it. Type /help for more, /quit to leave."
)
HELP = (
    "Write a question, or one of these, with or without the slash:\n"
    + "".join(f"  {name:<12} {meaning}\n" for name, meaning in _COMMANDS.items())
    + "The arrow keys bring back earlier lines of this conversation, Tab completes the commands. Nothing\n"
    "you write is kept on disk.\n"
)


@dataclass(slots=True)
class ChatSession:
    """What has been asked, and how far its answer has been shown.

    ``address_of`` gives the address at which a thread is opened.
    """

    archive: Archive
    style: TerminalStyle
    page: int = 3
    address_of: Callable[[Thread], str] = lambda thread: thread.url or thread.id
    last: Answer | None = None
    shown: int = 0

    def reply(self, line: str) -> str | None:
        """Return what to print for a line that a person wrote; ``None`` when they want to leave."""
        words = " ".join(line.split())
        command = words.casefold().removeprefix("/")
        if command in _LEAVE:
            return None
        on_excerpt = _WITH_NUMBER.fullmatch(words)
        if on_excerpt:
            return self._look_up(on_excerpt[1].lower(), on_excerpt[2], on_excerpt[3])
        commands: dict[str, Callable[[], str]] = {
            "": str,
            "help": lambda: HELP,
            "?": lambda: HELP,
            "more": self._more,
            "new": self._forget,
            **{
                name: lambda name=name: f"Write the number of a quote behind it: /{name} 1\n"  # type: ignore[misc]
                for name in _NUMBERED
            },
        }
        if command in commands:
            return commands[command]()
        if words.startswith("/"):
            name, _, meant = words.partition(" ")
            if name.casefold().removeprefix("/") in _NUMBERED:
                shown = terminal.escape_terminal(meant, line=True)
                return f"{shown!r} is no number of a quote and no id of a thread; write it like {name} 1\n"
            unknown = terminal.escape_terminal(name, line=True)
            return f"There is no {unknown}; /help lists what there is.\n"
        return self._ask(words)

    def _forget(self) -> str:
        """Drop the last question, so that what follows is no follow-up."""
        self.last, self.shown = None, 0
        return "Forgotten. What would you like to know?\n"

    def _ask(self, question: str) -> str:
        """Answer a question in the light of the one before, and show the first page."""
        take_up(self.archive)
        scope = self.archive.catalog.scope()
        self.last = self.archive.ask(question, scope, limit=_DEPTH, previous=self.last)
        self.shown = 0
        if not self.last.excerpts:
            languages = self.archive.answers.other_language(question, scope)
            return terminal.answer(self.last, self.style, languages=languages)
        note = handbook_note(self.archive, scope)
        return self._more() + (f"{note}\n" if note else "")

    def _more(self) -> str:
        """Show the next page of the last answer."""
        if self.last is None or not self.last.excerpts:
            return "There is nothing to show more of yet; ask something.\n"
        page = self.last.excerpts[self.shown : self.shown + self.page]
        if not page:
            return "That was all the archive has on this.\n"
        self.shown += len(page)
        drawn = terminal.answer(replace(self.last, excerpts=page), self.style)
        left = len(self.last.excerpts) - self.shown
        return drawn + (f"{left} more: type /more\n" if left else "")

    def _look_up(self, command: str, number: str | None, thread_id: str | None) -> str:
        """Show a quote's neighbours, or show or open its whole thread."""
        excerpt = self._shown(int(number)) if number else None
        if number and excerpt is None:
            last = f"they run from 1 to {self.shown}" if self.shown else "ask something first"
            return f"No quote has the number {number}; {last}.\n"
        try:
            thread = fetch(self.archive, excerpt.thread.id if excerpt else str(thread_id))
        except NotFoundError as error:
            return f"{error}.\n"
        if command == "open":
            address = self.address_of(thread)
            return "" if open_in_browser(address) else f"{terminal.escape_terminal(address, line=True)}\n"
        if command == "context" and excerpt:
            return terminal.context(thread, excerpt.post.ordinal, self.style)
        return terminal.thread(thread, self.style)

    def _shown(self, rank: int) -> Excerpt | None:
        """Return the quote of that number, if it has been shown."""
        excerpts = self.last.excerpts[: self.shown] if self.last else ()
        return next((excerpt for excerpt in excerpts if excerpt.rank == rank), None)


@click.command(short_help="Talk with the archive: questions, follow-ups, whole threads.")
def chat() -> None:
    """Talk with the archive: questions, follow-ups, whole threads.

    Nothing you write is kept on disk. Lines may also come through a pipe.
    """
    settings = start()
    talking = sys.stdin.isatty() and sys.stdout.isatty()
    with open_archive(settings) as archive:
        style = terminal.terminal_style(sys.stdout)
        conversation = ChatSession(
            archive,
            style,
            page=settings.quotes_per_answer,
            address_of=lambda thread: safe_url(thread.url) or page_address(settings, thread.id),
        )
        if talking:
            click.echo(WELCOME)
        lines = _typed() if talking else sys.stdin
        with contextlib.suppress(KeyboardInterrupt) if talking else contextlib.nullcontext():
            for line in lines:
                reply = conversation.reply(line)
                if reply is None:
                    break
                click.echo(reply, nl=False)
    if talking:
        click.echo("Goodbye.")


def _typed() -> Iterator[str]:
    """Yield the lines a person types, with a prompt and history, until Ctrl-D or Ctrl-C."""
    with contextlib.suppress(ImportError):
        import readline  # noqa: PLC0415 - importing it gives input() editing; not every build has it

        # Behind one that takes a number, Tab leaves room for it.
        names = [name.removesuffix("N") for name in _COMMANDS]
        readline.set_completer_delims(" ")
        readline.set_completer(
            lambda typed, place: next(iter([name for name in names if name.startswith(typed)][place:]), None)
        )
        readline.parse_and_bind("tab: complete")
    while True:
        try:
            yield input(_PROMPT)
        except (EOFError, KeyboardInterrupt):
            click.echo()
            return
