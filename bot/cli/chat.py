"""A conversation in the terminal: questions, follow-ups, more, context, whole threads."""

import contextlib
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import click

from bot.cli import terminal
from bot.cli.ask import fetch, handbook_note
from bot.cli.terminal import TerminalStyle
from bot.startup import open_archive, start, take_up
from retrieval.archive import Archive
from retrieval.errors import NotFoundError
from retrieval.model import Answer, Excerpt

__all__ = ["Conversation", "chat"]

# So many quotes are fetched with a question; `more` shows them page by page.
_DEPTH = 50
_PROMPT = "ask> "
_LEAVE = frozenset({"quit", "exit", "bye"})
_ON_EXCERPT = re.compile(r"(context|thread)\s+(?:\[?(\d{1,3})\]?|([0-9a-z]{12}))", re.IGNORECASE)

WELCOME = (
    "Ask the archive. A follow-up may lean on the question before it. Type help for more, quit to leave."
)
HELP = """\
Write a question, or one of:
  more         the next quotes for the last question
  context N    quote N with the posts before and after it
  thread N     the whole thread of quote N; thread ID works, too
  new          forget the last question: what follows is no follow-up
  help         this list
  quit         leave; so do Ctrl-D and Ctrl-C
The arrow keys bring back earlier lines of this conversation. Nothing you write is kept on disk.
"""


@dataclass(slots=True)
class Conversation:
    """What has been asked, and how far its answer has been shown."""

    archive: Archive
    style: TerminalStyle
    page: int = 3
    last: Answer | None = None
    shown: int = 0

    def reply(self, line: str) -> str | None:
        """Return what to print for a line that a person wrote; ``None`` when they want to leave."""
        said = " ".join(line.split())
        word = said.casefold()
        if word in _LEAVE:
            return None
        on_excerpt = _ON_EXCERPT.fullmatch(said)
        if on_excerpt:
            return self._look_up(on_excerpt[1].lower(), on_excerpt[2], on_excerpt[3])
        commands: dict[str, Callable[[], str]] = {
            "": str,
            "help": lambda: HELP,
            "?": lambda: HELP,
            "more": self._more,
            "new": self._forget,
            "context": lambda: "Write the number of a quote behind it: context 1\n",
            "thread": lambda: "Write the number of a quote behind it: thread 1\n",
        }
        return commands.get(word, lambda: self._ask(said))()

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
        if not self.last.answered:
            return terminal.answer(self.last, self.style)
        note = handbook_note(self.archive, scope)
        return self._more() + (f"{note}\n" if note else "")

    def _more(self) -> str:
        """Show the next page of the last answer."""
        if self.last is None or not self.last.answered:
            return "There is nothing to show more of yet; ask something.\n"
        page = self.last.excerpts[self.shown : self.shown + self.page]
        if not page:
            return "That was all the archive has on this.\n"
        self.shown += len(page)
        drawn = terminal.answer(replace(self.last, excerpts=page), self.style)
        left = len(self.last.excerpts) - self.shown
        return drawn + (f"{left} more: type more\n" if left else "")

    def _look_up(self, what: str, number: str | None, thread_id: str | None) -> str:
        """Show a quote's neighbours or its whole thread."""
        try:
            if thread_id is not None:
                return terminal.thread(fetch(self.archive, thread_id), self.style)
            excerpt = self._shown(int(number or 0))
            if excerpt is None:
                last = f"they run from 1 to {self.shown}" if self.shown else "ask something first"
                return f"No quote has the number {number}; {last}.\n"
            whole = fetch(self.archive, excerpt.thread.id)
        except NotFoundError as error:
            return f"{error}.\n"
        if what == "thread":
            return terminal.thread(whole, self.style)
        return terminal.context(whole, excerpt.post.ordinal, self.style)

    def _shown(self, rank: int) -> Excerpt | None:
        """Return the quote of that number, if it has been shown."""
        excerpts = self.last.excerpts[: self.shown] if self.last else ()
        return next((excerpt for excerpt in excerpts if excerpt.rank == rank), None)


@click.command()
def chat() -> None:
    """Talk with the archive: questions, follow-ups, whole threads.

    Nothing you write is kept on disk. Lines may also come through a pipe.
    """
    settings = start()
    talking = sys.stdin.isatty() and sys.stdout.isatty()
    with open_archive(settings) as archive:
        style = terminal.terminal_style(sys.stdout)
        conversation = Conversation(archive, style, page=settings.quotes_per_answer)
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
        import readline  # noqa: F401, PLC0415 - importing it gives input() a history; not every build has it
    while True:
        try:
            yield input(_PROMPT)
        except (EOFError, KeyboardInterrupt):
            click.echo()
            return
