"""Asking and looking up in a terminal: ``ask``, ``help-me``, ``threads`` and ``thread``."""

import sys

import click

from bot.cli import terminal
from bot.json_output import serializers
from bot.startup import open_archive, start, take_up
from retrieval.archive import Archive
from retrieval.errors import AmbiguousThreadError, ThreadNotFoundError
from retrieval.model import Scope, Thread

__all__ = ["ask", "fetch", "handbook_note", "help_me", "show_thread", "show_threads"]

_MOST = 50

_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
_limit = click.option(
    "-n", "--limit", type=click.IntRange(1, _MOST), help="At most so many quotes.  [default: 3, by setting]"
)
_explain = click.option("--explain", is_flag=True, help="Show what each score is made of.")


def _question(_context: click.Context, _parameter: click.Parameter, words: tuple[str, ...]) -> str:
    """Join the words of a question, so that it needs no quotation marks."""
    question = " ".join(words).strip()
    if not question:
        raise click.BadParameter("is empty; write what you want to know.")
    return question


_words = click.argument("question", nargs=-1, required=True, metavar="QUESTION...", callback=_question)


@click.command()
@_words
@_limit
@_as_json
@_explain
def ask(question: str, limit: int | None, *, as_json: bool, explain: bool) -> None:
    """Answer QUESTION with quotes from the archive.

    While the archive holds no thread yet, the handbook answers. The exit status is 1 when nothing fits.
    """
    _answer(question, limit, as_json=as_json, explain=explain, handbook=False)


@click.command("help-me")
@_words
@_limit
@_as_json
@_explain
def help_me(question: str, limit: int | None, *, as_json: bool, explain: bool) -> None:
    """Answer QUESTION about Bobbin itself, from the handbook.

    The exit status is 1 when nothing fits.
    """
    _answer(question, limit, as_json=as_json, explain=explain, handbook=True)


@click.command("threads")
@click.option("--author", metavar="NAME", help="Only the threads of this author.")
@click.option("-n", "--limit", type=click.IntRange(1), default=25, show_default=True, help="At most so many.")
@_as_json
def show_threads(author: str | None, limit: int, *, as_json: bool) -> None:
    """List the threads of the archive, the newest first."""
    with open_archive(start()) as archive:
        scope = archive.catalog.scope()
        listed = archive.catalog.threads(scope, author=author, limit=limit)
        total = archive.catalog.statistics(scope).threads
        note = handbook_note(archive, scope)
    if as_json:
        click.echo(serializers.dumps(serializers.threads(listed)))
        return
    click.echo(terminal.threads(listed, terminal.terminal_style(sys.stdout)), nl=False)
    if not listed:
        by = f" by {terminal.escape_terminal(author, line=True)}" if author else ""
        click.echo(f"The archive holds no thread{by}.", err=True)
    elif author is None and total > len(listed):
        click.echo(f"{len(listed)} of {total} threads; -n {total} lists them all.", err=True)
    if note and listed:
        click.echo(note, err=True)


@click.command("thread")
@click.argument("thread_id", metavar="ID")
@_as_json
def show_thread(thread_id: str, *, as_json: bool) -> None:
    """Print the whole thread ID, word for word.

    The id is the one that `bobbin threads` and every answer show. For an id that several threads that
    open alike had earlier, these are listed, and the exit status is 1.
    """
    with open_archive(start()) as archive:
        try:
            whole = fetch(archive, thread_id)
        except AmbiguousThreadError as error:
            listed = terminal.threads(error.candidates, terminal.terminal_style(sys.stdout))
            click.echo(listed, nl=False, err=as_json)
            click.echo(f"{thread_id.strip()} may have been any of these {error.total} threads.", err=True)
            raise click.exceptions.Exit(1) from error
    if as_json:
        click.echo(serializers.dumps(serializers.thread(whole)))
    else:
        click.echo(terminal.thread(whole, terminal.terminal_style(sys.stdout)), nl=False)


def fetch(archive: Archive, thread_id: str) -> Thread:
    """Return a thread of the archive or else of the handbook.

    A post's id ("THREAD/7") finds its thread. Raises ``ThreadNotFoundError`` that names the threads
    whose words come closest to what was asked for, ``AmbiguousThreadError`` for an earlier id of several.
    """
    wanted = thread_id.strip().partition("/")[0].lower()
    try:
        return archive.catalog.thread(wanted, archive.catalog.lookup_scope())
    except AmbiguousThreadError:
        raise
    except ThreadNotFoundError:
        scope = archive.catalog.scope()
        near = archive.autocomplete.threads(thread_id.strip(), scope, limit=3) if thread_id.strip() else []
    closest = "; ".join(f"{one.id} “{terminal.escape_terminal(one.heading, line=True)}”" for one in near)
    remedy = f"the closest: {closest}" if closest else "`bobbin threads` lists their ids"
    raise ThreadNotFoundError(
        f"no thread has the id {terminal.escape_terminal(thread_id, line=True)!r}; {remedy}"
    )


def handbook_note(archive: Archive, scope: Scope) -> str | None:
    """Return a line that says so where the handbook stands in for an empty archive, else ``None``."""
    if scope != archive.catalog.handbook_scope():
        return None
    return "The archive is empty, so this is Bobbin's handbook; fill the archive with: bobbin import PATH"


def _answer(question: str, limit: int | None, *, as_json: bool, explain: bool, handbook: bool) -> None:
    """Ask, print, and leave with status 1 when nothing was found."""
    settings = start()
    with open_archive(settings) as archive:
        take_up(archive)
        scope = archive.catalog.handbook_scope() if handbook else archive.catalog.scope()
        found = archive.ask(question, scope, limit=limit or settings.quotes_per_answer)
        note = None if handbook else handbook_note(archive, scope)
    if as_json:
        click.echo(serializers.dumps(serializers.answer(found, explain=explain)))
    else:
        click.echo(terminal.answer(found, terminal.terminal_style(sys.stdout), explain=explain), nl=False)
        if note:
            click.echo(note, err=True)
    if not found.answered:
        raise click.exceptions.Exit(1)
