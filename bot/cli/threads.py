"""``bobbin threads``, ``thread`` and ``open``: finding threads without a question."""

import csv
import io
import sys
from collections.abc import Iterable
from datetime import UTC

import click

from bot.cli import terminal
from bot.cli.ask import handbook_note
from bot.cli.options import Completed, WholeNumber
from bot.settings import Settings
from bot.startup import open_archive, start
from retrieval.archive import Archive, ThreadFilter, ThreadOrder
from retrieval.errors import AmbiguousThreadError, CollectionNotFoundError, ThreadNotFoundError
from retrieval.model import Scope, Thread, ThreadSummary

__all__ = ["fetch", "open_thread", "page_address", "show_thread", "show_threads"]

_COLUMNS = ("id", "title", "author", "posted", "posts", "completeness", "url", "opening")


@click.command("threads", short_help="List the threads of the archive.")
@click.option("--author", metavar="NAME", type=Completed("authors"), help="Only the threads of this author.")
@click.option(
    "--collection",
    metavar="NAME",
    type=Completed("collections"),
    help="Only the threads of this collection.",
)
@click.option("--search", metavar="WORDS", help="Only those with these words in title, opening or author.")
@click.option(
    "--sort",
    "order",
    type=click.Choice([order.value for order in ThreadOrder]),
    default=ThreadOrder.DATE.value,
    show_default=True,
    help="In which order: the newest, the last to arrive, the longest, or by title.",
)
@click.option("-n", "--limit", type=WholeNumber(1), default=25, show_default=True, help="At most so many.")
@click.option("--offset", type=WholeNumber(0), default=0, help="Leave out so many at the beginning.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV, with a head.")
@click.option("--json", "form", flag_value="json", help="Print JSON, for scripts.")
def show_threads(  # noqa: PLR0913 - each is an option of the command
    *,
    author: str | None,
    collection: str | None,
    search: str | None,
    order: str,
    limit: int,
    offset: int,
    form: str | None,
) -> None:
    """List the threads of the archive, the newest first unless --sort says otherwise."""
    with open_archive(start()) as archive:
        scope = _scope(archive, collection)
        chosen = ThreadFilter(author=author, words=search)
        listed, total = archive.thread_lists.page(
            scope, chosen, ThreadOrder(order), offset=offset, limit=limit
        )
        note = handbook_note(archive, scope)
    if form == "json":
        from bot.json_output import serializers  # noqa: PLC0415 - no other form needs it

        click.echo(serializers.dumps(serializers.threads(listed)))
        return
    if form == "csv":
        click.echo(_csv(listed), nl=False)
        return
    click.echo(terminal.threads(listed, terminal.terminal_style(sys.stdout)), nl=False)
    if not listed:
        by = f" by {terminal.escape_terminal(author, line=True)}" if author else ""
        like = " like that" if search or offset else ""
        click.echo(f"The archive holds no thread{by}{like}.", err=True)
    elif total > offset + len(listed):
        rest = f"; -n {total} lists them all" if not offset else f", from number {offset + 1} on"
        click.echo(f"{len(listed)} of {total} threads{rest}.", err=True)
    if note and listed:
        click.echo(note, err=True)


def _scope(archive: Archive, collection: str | None) -> Scope:
    """Return the scope of a public collection, or of all of them; raise for a name that none has."""
    if collection is None:
        return archive.catalog.scope()
    known = archive.catalog.collections()
    ids = [each.id for each in known if each.name == collection]
    if not ids:
        names = ", ".join(terminal.escape_terminal(each.name, line=True) for each in known) or "none"
        raise CollectionNotFoundError(
            f"no collection {terminal.escape_terminal(collection, line=True)!r}; there are: {names}"
        )
    return Scope(frozenset(ids))


def _csv(listed: Iterable[ThreadSummary]) -> str:
    """Return threads as CSV (RFC 4180); a cell that a spreadsheet would take for a formula is quoted so."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(_COLUMNS)
    for summary in listed:
        posted = summary.posted_at.astimezone(UTC).isoformat() if summary.posted_at else ""
        cells = (
            summary.id,
            summary.title or "",
            summary.author or "",
            posted,
            str(summary.length),
            summary.completeness.value,
            summary.url or "",
            summary.opening,
        )
        rows.writerow([terminal.escape_terminal(cell) for cell in cells])
    return written.getvalue().replace("\r\n", "\n")


@click.command("thread", short_help="Print a whole thread, word for word.")
@click.argument("thread_id", metavar="ID", type=Completed("threads"))
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "txt", "json"]),
    help="Print it as a file of this form, as its page offers it.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def show_thread(thread_id: str, form: str | None, *, as_json: bool) -> None:
    """Print a whole thread, word for word: by its ID, a link or its title.

    The id is the one that `bobbin threads` and every answer show. A link may lead to any of the thread's
    posts, to its unrolled page or to Bobbin's own. A title may lack accents or have one wrong letter. Where
    several threads are meant, these are listed, and the exit status is 1.
    """
    form = "json" if as_json else form
    with open_archive(start()) as archive:
        try:
            thread = fetch(archive, thread_id)
        except AmbiguousThreadError as error:
            listed = terminal.threads(error.candidates, terminal.terminal_style(sys.stdout))
            click.echo(listed, nl=False, err=form is not None)
            click.echo(f"{thread_id.strip()} may be any of these {error.total} threads.", err=True)
            raise click.exceptions.Exit(1) from error
    if form is None:
        click.echo(terminal.thread(thread, terminal.terminal_style(sys.stdout)), nl=False)
    elif form == "json":
        from bot.json_output import serializers  # noqa: PLC0415 - no other form needs it

        click.echo(serializers.dumps(serializers.thread(thread)))
    else:
        from bot.web.export_formats import markdown, text  # noqa: PLC0415 - no other form needs them

        written = {"md": markdown, "txt": text}[form](thread)
        # Into a file or another program it goes as it is; a terminal would obey what is in it.
        click.echo(terminal.escape_terminal(written) if sys.stdout.isatty() else written, nl=False)


@click.command("open", short_help="Open a thread in the browser.")
@click.argument("thread_id", metavar="ID", type=Completed("threads"))
@click.option("--print", "only_print", is_flag=True, help="Print the address instead.")
def open_thread(thread_id: str, *, only_print: bool) -> None:
    """Open the thread of an ID, a link or a title in the browser: where it was posted, or else its page.

    The page is that of BOBBIN_PUBLIC_URL, or of `bobbin serve` on this machine.
    """
    settings = start()
    with open_archive(settings) as archive:
        thread = fetch(archive, thread_id)
    from bot.web.addresses import safe_url  # noqa: PLC0415 - the other commands need none of it

    address = safe_url(thread.url) or page_address(settings, thread.id)
    from bot.cli.browser import open_in_browser  # noqa: PLC0415 - as above

    if only_print or not open_in_browser(address):
        click.echo(address)


def page_address(settings: Settings, thread_id: str) -> str:
    """Return the address of a thread's page: the public one, else that of this machine."""
    if settings.public_url:
        return f"{settings.public_url}/t/{thread_id}"
    from bot.web.runner import local_address  # noqa: PLC0415 - as above

    return f"{local_address(settings.http_host, settings.http_port)}/t/{thread_id}"


def fetch(archive: Archive, thread_id: str) -> Thread:
    """Return a thread of the archive or else of the handbook.

    It is found by id, also a post's ("THREAD/7"), by a link that leads to it, or by its title. Raises
    ``ThreadNotFoundError`` that names the threads whose words come closest to what was asked for,
    ``AmbiguousThreadError`` where it may be any of several.
    """
    try:
        return archive.lookup.thread(thread_id, archive.catalog.lookup_scope())[0]
    except AmbiguousThreadError:
        raise
    except ThreadNotFoundError:
        scope = archive.catalog.scope()
        near = archive.autocomplete.threads(thread_id.strip(), scope, limit=3) if thread_id.strip() else []
    closest = "; ".join(f"{each.id} “{terminal.escape_terminal(each.heading, line=True)}”" for each in near)
    remedy = f"the closest: {closest}" if closest else "`bobbin threads` lists their ids"
    raise ThreadNotFoundError(
        f"no thread has the id, link or title {terminal.escape_terminal(thread_id, line=True)!r}; {remedy}"
    )
