"""``bobbin sources`` and ``bobbin forget``: imported files, and removal of files and authors."""

import sys
from collections.abc import Iterator, Sequence

import click

from bot.cli.options import Completed, WholeNumber
from bot.cli.terminal import counted, escape_terminal
from bot.database import ServerFile
from bot.json_output import serializers
from bot.servers.follow_store import FollowStore
from bot.startup import open_archive, start
from retrieval.archive import Archive
from retrieval.errors import SourceNotFoundError
from retrieval.formats.import_types import Forgotten, SourceFile

__all__ = ["forget", "select_sources", "show_sources"]

_SHOWN_OF_HASH = 12
_SHORTEST_HASH = 8
_SHOWN_FILES = 10


def select_sources(sources: Sequence[SourceFile], wanted: str) -> list[SourceFile]:
    """Return the files that are meant by a number, a name, or the beginning of a hash, in this order.

    A name is what ``bobbin sources`` shows, or the last part of it; several files may have one. Raises
    :class:`~retrieval.errors.SourceNotFoundError`.
    """
    word = wanted.strip()
    hexadecimal = len(word) >= _SHORTEST_HASH and not set(word.lower()) - set("0123456789abcdef")
    selected = (
        [file for file in sources if word.isdecimal() and file.id == int(word)]
        or [file for file in sources if file.name == word]
        or [file for file in sources if file.name.rstrip("/").rpartition("/")[2] == word]
        or [file for file in sources if hexadecimal and file.sha256.startswith(word.lower())]
    )
    if not selected:
        raise SourceNotFoundError(
            f"no file {escape_terminal(wanted, line=True)!r} was imported; "
            "`bobbin sources` lists those that were"
        )
    return selected


@click.command("sources", short_help="List the files that threads came from.")
@click.option(
    "--thread",
    "thread_id",
    metavar="ID",
    type=Completed("threads"),
    help="Only the files that this thread is known from.",
)
@click.option("-n", "--limit", type=WholeNumber(1), default=25, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
def show_sources(*, thread_id: str | None, limit: int, as_json: bool) -> None:
    """List the imported files, the newest first, with what is in the archive from each.

    A thread that several files have is counted with each of them.
    """
    with open_archive(start()) as archive:
        if thread_id is None:
            files = archive.catalog.sources()
        else:
            wanted = thread_id.strip().partition("/")[0].lower()
            files = archive.catalog.sources_of(wanted, archive.catalog.scope())
    listed = files[:limit]
    if as_json:
        click.echo(serializers.dumps(serializers.sources(listed)))
        return
    for file in listed:
        click.echo("\n".join(_listed(file)))
    if not files:
        click.echo("Nothing has been imported yet.", err=True)
    elif len(files) > len(listed):
        click.echo(f"{len(listed)} of {len(files)} files; -n {len(files)} lists them all.", err=True)


@click.command(short_help="Take a file back, or an author out for good.")
@click.argument("author", required=False, metavar="[@HANDLE]", type=Completed("authors"))
@click.option(
    "--source",
    "wanted",
    multiple=True,
    metavar="NAME|ID|HASH",
    help="Take back this file, as `bobbin sources` shows it; may be given several times.",
)
@click.option("-y", "--yes", is_flag=True, help="Do not ask; for scripts.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
def forget(*, author: str | None, wanted: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """Take back imported files, or take an author out of the archive for good.

    Of a file that is taken back, the threads go that no other file has; the others stay as those files
    gave them. Of an author, every thread and post goes from every collection, and later imports leave
    out what is theirs: a hash is kept by which it is known again, and nothing else.

    The saved files themselves stay where they are.
    """
    if bool(author) == bool(wanted):
        raise click.UsageError("name an author, or files with --source; one of the two.")
    if author and not any(character.isalnum() for character in author):
        raise click.BadParameter("is no name; write it like @someone.", param_hint="@HANDLE")
    if not yes and not sys.stdin.isatty():
        raise click.UsageError("standard input is no terminal to confirm on; add --yes.")
    settings = start()
    with open_archive(settings) as archive:
        files = {file.id: file for word in wanted for file in select_sources(archive.catalog.sources(), word)}
        if not yes:
            for line in _rehearsed(_forget(archive, author, files, rehearse=True), author):
                click.echo(line, err=True)
            if not click.confirm("Go on?", err=True):
                click.echo("Nothing was changed.", err=True)
                raise click.exceptions.Exit(1)
        removal = _forget(archive, author, files, rehearse=False)
        if author:
            with ServerFile.open(settings.servers) as file:
                FollowStore(file).forget_author(author)
    if as_json:
        click.echo(serializers.dumps(serializers.forgotten(removal)))
    else:
        click.echo("\n".join(_removed(removal, author)))
    if not removal.wiped:
        click.echo(
            "Another program is reading the archive, so the database's files may still hold the removed "
            "text. A running bot wipes them within a minute after that; else run the same command again.",
            err=True,
        )
        raise click.exceptions.Exit(1)


def _forget(
    archive: Archive, author: str | None, files: dict[int, SourceFile], *, rehearse: bool
) -> Forgotten:
    if author:
        return archive.forget_author(author, rehearse=rehearse)
    return archive.take_back(list(files), rehearse=rehearse)


def _listed(file: SourceFile) -> Iterator[str]:
    yield f"{file.id}  {escape_terminal(file.name, line=True)}"
    where = f"in {escape_terminal(file.collection, line=True)}"
    if file.server_id is not None:
        where += f" of server {file.server_id}"
    yield f"   {counted(file.threads, 'thread')}, {counted(file.posts, 'post')} {where}; {file.form}"
    yield f"   read {file.read_at:%Y-%m-%d %H:%M} UTC; sha256 {file.sha256[:_SHOWN_OF_HASH]}"


def _rehearsed(removal: Forgotten, author: str | None) -> Iterator[str]:
    """Yield what would be removed."""
    yield f"This takes out {counted(removal.threads, 'thread')}, {counted(removal.posts, 'post')} in all."
    if removal.changed:
        yield f"{counted(removal.changed, 'other thread')} would change."
    if author:
        yield "Later imports will leave out what is by this author. There is no way back."
    yield from _files("From:", removal.files)


def _removed(removal: Forgotten, author: str | None) -> Iterator[str]:
    """Yield what was removed."""
    yield f"Taken out: {counted(removal.threads, 'thread')}, {counted(removal.posts, 'post')} in all."
    if removal.changed:
        yield f"Changed: {counted(removal.changed, 'other thread')}."
    if author:
        yield "Later imports leave out what is by this author."
    yield from _files(
        "The saved files stay where they are; delete what should be gone from the disk:", removal.files
    )


def _files(head: str, files: Sequence[SourceFile]) -> Iterator[str]:
    if files:
        yield head
        yield from (f"  {escape_terminal(file.name, line=True)}" for file in files[:_SHOWN_FILES])
    if len(files) > _SHOWN_FILES:
        yield f"  and {len(files) - _SHOWN_FILES} more"
