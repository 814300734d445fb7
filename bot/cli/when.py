"""``bobbin when``: who said some words first, by the dates that the archive knows."""

import sys

import click

from bot.cli import terminal
from bot.cli.options import Completed, WholeNumber
from bot.json_output import serializers
from bot.json_output.mentions import csv_of, first_mention, then_and_now, trend_fields
from bot.startup import open_archive, start, take_up
from retrieval.archive import MAX_WORDS_LENGTH

__all__ = ["trend", "when"]

_SIDE = 3


def _words(_context: click.Context, _parameter: click.Parameter, words: tuple[str, ...]) -> str:
    """Join the words, so that they need no quotation marks."""
    text = " ".join(" ".join(words).split())
    if not any(letter.isalnum() for letter in text):
        raise click.BadParameter("hold no letter or digit; write the words to look for.")
    if len(text) > MAX_WORDS_LENGTH:
        raise click.BadParameter(f"have {len(text)} characters; at most {MAX_WORDS_LENGTH} are looked for.")
    return text


@click.command(short_help="Find who said some words first, and when.")
@click.argument("words", nargs=-1, required=True, metavar="WORDS...", callback=_words)
@click.option("-n", "--limit", type=WholeNumber(1), help="At most so many posts in JSON.  [default: all]")
@click.option(
    "--author",
    metavar="NAME",
    type=Completed("authors"),
    help="Then and now: this author's earliest and latest posts with the words, whatever their endings.",
)
@click.option("--csv", "form", flag_value="csv", help="Print every post as CSV, with a head.")
@click.option("--json", "form", flag_value="json", help="Print JSON, for scripts.")
def when(words: str, limit: int | None, author: str | None, form: str | None) -> None:
    """Find the first post of the archive that says WORDS, and the first of each author.

    The words are looked for one behind the other as they are written; only case, marks, dashes and spaces
    do not count. Posts without a known date are counted apart, and what the archive covers is said. The
    exit status is 1 where no post says them.
    """
    if author is not None:
        _then_and_now(words, author, limit, form)
        return
    with open_archive(start()) as archive:
        take_up(archive)
        found = archive.answers.first_mention(words, archive.catalog.scope())
    if form == "json":
        click.echo(serializers.dumps(first_mention(found, limit=limit)))
    elif form == "csv":
        click.echo(csv_of(found), nl=False)
    else:
        click.echo(terminal.first_mention(found, terminal.terminal_style(sys.stdout)), nl=False)
    if not found.mentions:
        raise click.exceptions.Exit(1)


def _then_and_now(words: str, author: str, limit: int | None, form: str | None) -> None:
    """Print an author's earliest and latest posts on a subject; exit with status 1 for none."""
    if form == "csv":
        raise click.UsageError("--csv lists every post with the words; leave out --author.")
    with open_archive(start()) as archive:
        take_up(archive)
        scope = archive.catalog.scope()
        found = archive.answers.then_and_now(author, words, scope, limit=limit or _SIDE)
    if form == "json":
        click.echo(serializers.dumps(then_and_now(found)))
    else:
        click.echo(terminal.then_and_now(found, terminal.terminal_style(sys.stdout)), nl=False)
    if not found.total:
        raise click.exceptions.Exit(1)


@click.command(short_help="Count the posts that hold some words, by month.")
@click.argument("words", nargs=-1, required=True, metavar="WORDS...", callback=_words)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
def trend(words: str, *, as_json: bool) -> None:
    """Count by month the posts of the archive that hold all WORDS, whatever their endings.

    Words that nearly every post holds, like "the", are not counted. The exit status is 1 where there is
    nothing to count.
    """
    with open_archive(start()) as archive:
        take_up(archive)
        scope = archive.catalog.scope()
        uncounted = archive.answers.uncounted(words, scope)
        counts = {} if uncounted else archive.answers.months(words, scope)
    if as_json:
        click.echo(serializers.dumps(trend_fields(words, counts, uncounted)))
    else:
        click.echo(terminal.trend(counts, terminal.terminal_style(sys.stdout), uncounted), nl=False)
    if not counts:
        raise click.exceptions.Exit(1)
