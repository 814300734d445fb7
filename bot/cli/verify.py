"""``bobbin verify``: a quotation held against the archive."""

import sys

import click

from bot.cli import terminal
from bot.cli.options import Completed
from bot.json_output import serializers
from bot.startup import open_archive, start, take_up
from retrieval.archive import MAX_QUOTE_LENGTH
from retrieval.model import QuoteResult

__all__ = ["verify"]


def _quote(_context: click.Context, _parameter: click.Parameter, words: tuple[str, ...]) -> str:
    """Join the words of a quotation, or read it from standard input where they are "-"."""
    text = sys.stdin.read() if words == ("-",) else " ".join(words)
    if not text.strip():
        raise click.BadParameter("is empty; write the quotation.")
    if len(text) > MAX_QUOTE_LENGTH:
        raise click.BadParameter(f"has {len(text):,} characters; at most {MAX_QUOTE_LENGTH:,} are checked.")
    return text


@click.command(short_help="Check whether a quotation stands in the archive.")
@click.argument("text", nargs=-1, required=True, metavar="TEXT...", callback=_quote)
@click.option("--author", metavar="NAME", type=Completed("authors"), help="Who is said to have written it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
def verify(text: str, author: str | None, *, as_json: bool) -> None:
    """Check whether a post of the archive holds TEXT, word for word; - reads it from standard input.

    The result is exact, the same but for typography (marks, dashes, case, spaces, shortened links),
    altered (with the nearest post and what differs), not in this archive, or too short to tell.
    Parts between … or [...] are looked for one by one, in one thread and in their order. The exit status
    is 0 for exact and the same, 1 for the others.
    """
    with open_archive(start()) as archive:
        take_up(archive)
        check = archive.answers.check_quote(text, archive.catalog.scope(), author=author)
    if as_json:
        click.echo(serializers.dumps(serializers.quote_check(check)))
    else:
        click.echo(terminal.quote_check(check, terminal.terminal_style(sys.stdout)), nl=False)
    if check.result not in {QuoteResult.EXACT, QuoteResult.SAME}:
        raise click.exceptions.Exit(1)
