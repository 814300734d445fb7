"""``bobbin ask`` and ``bobbin help-me``: questions answered in the terminal."""

import sys

import click

from bot.cli import terminal
from bot.cli.options import Completed, WholeNumber
from bot.startup import open_archive, start, take_up
from retrieval.archive import Archive
from retrieval.model import Scope, Verdict
from retrieval.query_language import Kind, UnwritableError, one_line, with_operators

__all__ = ["ask", "handbook_note", "help_me"]

_MOST = 50
_DATES = frozenset({Kind.AFTER, Kind.BEFORE})

_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
_limit = click.option(
    "-n",
    "--limit",
    type=WholeNumber(1, _MOST),
    help=f"At most so many quotes, up to {_MOST}.  [default: 3, by setting]",
)
_explain = click.option(
    "--explain",
    is_flag=True,
    help="Show what each score is made of, and what spoke for and against an answer.",
)


def _question(_context: click.Context, _parameter: click.Parameter, words: tuple[str, ...]) -> str:
    """Join the words of a question, so that it needs no quotation marks."""
    question = one_line(" ".join(words))
    if not question:
        raise click.BadParameter("is empty; write what you want to know.")
    return question


_words = click.argument("question", nargs=-1, required=True, metavar="QUESTION...", callback=_question)


@click.command(short_help="Answer a question with quotes from the archive.")
@_words
@click.option("--author", metavar="NAME", type=Completed("authors"), help="Only posts of this author.")
@click.option(
    "--after", metavar="DATE", help="Only posts of this day, month or year, or later; 1w: a week ago."
)
@click.option("--before", metavar="DATE", help="Only posts before this day, month or year; 1w: a week ago.")
@click.option(
    "--in",
    "collection",
    metavar="NAME",
    type=Completed("collections"),
    help="Only posts of this collection.",
)
@_limit
@_as_json
@_explain
def ask(  # noqa: PLR0913 - each is an option of the command
    question: str,
    limit: int | None,
    *,
    author: str | None,
    after: str | None,
    before: str | None,
    collection: str | None,
    as_json: bool,
    explain: bool,
) -> None:
    """Answer QUESTION with quotes from the archive.

    QUESTION may hold operators, which the options write as well: "exact phrase", -word, author:, before:,
    after:, on:, in:, thread:, has:link, lang:, OR, and groups in parentheses.

    While the archive holds no thread yet, the handbook answers. Where no post
    answers for certain, the closest are shown. The exit status is 1 when nothing comes close.
    """
    options = {Kind.AUTHOR: author, Kind.AFTER: after, Kind.BEFORE: before, Kind.IN: collection}
    try:
        question = with_operators(question, options.items())
    except UnwritableError as error:
        kind = "date; write it like 2024, 2024-05, 2024-05-17 or 1w" if error.kind in _DATES else "name"
        raise click.BadParameter(f"{error.value!r} is no {kind}", param_hint=f"--{error.kind}") from error
    _answer(question, limit, as_json=as_json, explain=explain, handbook=False)


@click.command("help-me", short_help="Answer a question about Bobbin, from the handbook.")
@_words
@_limit
@_as_json
@_explain
def help_me(question: str, limit: int | None, *, as_json: bool, explain: bool) -> None:
    """Answer QUESTION about Bobbin itself, from the handbook.

    Where no post
    answers for certain, the closest are shown. The exit status is 1 when nothing comes close.
    """
    _answer(question, limit, as_json=as_json, explain=explain, handbook=True)


def handbook_note(archive: Archive, scope: Scope) -> str | None:
    """Return a line that says so where the handbook stands in for an empty archive, else ``None``."""
    if scope != archive.catalog.handbook_scope():
        return None
    return "The archive is empty, so this is Bobbin's handbook; fill the archive with: bobbin import PATH"


def _answer(question: str, limit: int | None, *, as_json: bool, explain: bool, handbook: bool) -> None:
    """Ask, print, and exit with status 1 when nothing was found."""
    settings = start()
    with open_archive(settings) as archive:
        take_up(archive)
        scope = archive.catalog.handbook_scope() if handbook else archive.catalog.scope()
        result = archive.ask(question, scope, limit=limit or settings.quotes_per_answer)
        languages = () if result.answered else archive.answers.other_language(question, scope)
        note = None if handbook else handbook_note(archive, scope)
    if as_json:
        from bot.json_output import serializers  # noqa: PLC0415 - no other form needs it

        click.echo(serializers.dumps(serializers.answer(result, explain=explain)))
    else:
        style = terminal.terminal_style(sys.stdout)
        click.echo(terminal.answer(result, style, languages=languages, explain=explain), nl=False)
        if note:
            click.echo(note, err=True)
    if result.verdict is Verdict.NOTHING:
        raise click.exceptions.Exit(1)
