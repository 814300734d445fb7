"""``bobbin backup`` and ``bobbin restore``: one moment of both databases, and the way back."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli.options import WholeNumber
from bot.cli.terminal import counted, escape_terminal
from bot.database import ServerFile, note_backup
from bot.servers.erasures import apply_erasures
from bot.servers.preference_store import PreferenceStore
from bot.settings import Settings
from bot.startup import data_in_use, open_archive, start
from retrieval.errors import ArchiveError
from retrieval.storage.backup import Backup, back_up, imported_since, put_back, read_backup, rows_of
from retrieval.storage.migrations import migrations
from retrieval.storage.tombstones import read_tombstones, tombstone_path

__all__ = ["backup", "restore"]

_MIB = 2**20
#: The tables whose rows an operator would miss, in the words of a person.
_MISSED = {
    "threads": "thread",
    "posts": "post",
    "sources": "imported file",
    "preferences": "server's settings",
    "subscriptions": "digest",
}
_LISTED = 10


@click.command(short_help="Back up both databases, also while the bot runs.")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--keep", type=WholeNumber(1), metavar="N", help="Keep the newest N backups in DIR, delete older ones."
)
def backup(folder: Path, keep: int | None) -> None:
    """Write a backup into a new folder in DIR: archive, servers' settings, and tombstones.

    It holds one moment of both databases and is verified after it was written. The bot may run, and
    imports may go on: a backup waits for the one that writes. What lies in the inbox, and .env, are not
    in it.
    """
    settings = start()
    now = datetime.now(UTC)
    made = back_up([settings.database, settings.servers], folder, now, keep=keep)
    try:
        note_backup(settings.data_dir, now, made.path)
    except OSError as error:
        click.echo(f"The time of this backup could not be noted: {error}", err=True)
    held = made.rows[settings.database.name]
    click.echo(
        f"{made.path}: {counted(held['threads'], 'thread')}, {counted(held['posts'], 'post')},"
        f" with the handbook's, {made.size / _MIB:.1f} MiB; verified"
    )


@click.command(short_help="Put a backup in the place of both databases.")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--tombstones",
    "tombstones",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="archive.tombstones of the machine that the backup is from, with what was forgotten since.",
)
@click.option("-y", "--yes", is_flag=True, help="Do not ask; for scripts.")
def restore(folder: Path, tombstones: Path | None, *, yes: bool) -> None:
    """Put the backup in DIR, or the newest of the backups in it, in the place of both databases.

    Stop the bot first. What was imported or set since the backup is lost, and listed before anything is
    changed. What was forgotten since stays forgotten: archive.tombstones in the data folder says what that
    is. On another machine, bring it along and name it with --tombstones.
    """
    if not yes and not sys.stdin.isatty():
        raise click.UsageError("standard input is no terminal to confirm on; add --yes.")
    settings = start()
    with data_in_use(settings, exclusive=True):
        chosen = read_backup(folder)
        given = read_tombstones(tombstones) if tombstones else []
        for line in _lost(settings, chosen):
            click.echo(line, err=True)
        if not (tombstones or settings.database.is_file() or tombstone_path(settings.database).is_file()):
            click.echo(
                "There was no archive here. Who was forgotten after the backup was made is not known and"
                " comes back, unless --tombstones names the archive.tombstones of the other machine.",
                err=True,
            )
        if not yes and not click.confirm("Go on?", err=True):
            click.echo("Nothing was changed.", err=True)
            raise click.exceptions.Exit(1)
        put_back(chosen, [settings.database, settings.servers], migrations, given)
        with open_archive(settings) as archive:
            with ServerFile.open(settings.servers) as file:
                erased = apply_erasures(file, archive, PreferenceStore(file))
            held = archive.catalog.statistics(archive.catalog.scope())
    click.echo(f"Restored the backup of {_when(chosen)}: {counted(held.threads, 'thread')} to ask.")
    if erased:
        click.echo("Data of servers or accounts that had been deleted since was deleted again.")


def _lost(settings: Settings, chosen: Backup) -> Iterator[str]:
    """Yield what the backup replaces, and what of that it does not hold."""
    yield f"This replaces the databases in {settings.data_dir} by the backup of {_when(chosen)}."
    for path in (settings.database, settings.servers):
        if path.name not in chosen.rows:
            yield f"{path.name} is not in the backup and stays as it is."
            continue
        try:
            now, then = rows_of(path), chosen.rows[path.name]
        except ArchiveError as error:
            yield f"What is lost of {path.name} is not known: {error}"
            continue
        for table, name in _MISSED.items():
            if table in now and now[table] != then.get(table, 0):
                yield f"{counted(now[table], name)} now, {then.get(table, 0)} in the backup."
    try:
        newer = imported_since(settings.database, chosen.made_at) if settings.database.is_file() else []
    except ArchiveError:
        return
    if newer:
        yield f"{counted(len(newer), 'file')} imported since the backup; import them again afterwards:"
        yield from (f"  {escape_terminal(name, line=True)}" for name in newer[:_LISTED])
        if len(newer) > _LISTED:
            yield f"  and {len(newer) - _LISTED} more"


def _when(chosen: Backup) -> str:
    return f"{chosen.made_at:%Y-%m-%d %H:%M} UTC"
