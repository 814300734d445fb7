"""``bobbin check``: what is configured, what works, what does not, and what to do about it."""

import importlib.metadata
import os
import platform
import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import click

from bot.cli.health_probe import probe
from bot.cli.terminal import escape_terminal
from bot.settings import Settings, nearest_variable, unknown
from bot.startup import open_archive, start
from retrieval.errors import ArchiveError

__all__ = ["CheckStatus", "Finding", "check", "check_token", "findings"]

# How the archive begins what is worth knowing and breaks nothing.
_NOTE = "note: "
_TOKEN_SHAPE = re.compile(r"[\w-]{18,32}\.[\w-]{5,8}\.[\w-]{25,}")


class CheckStatus(Enum):
    """How a thing stands: it works, it wants a look, or something needed is broken."""

    WORKS = "ok"
    LOOK = "note"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, how it stands, and what to say of it."""

    about: str
    state: CheckStatus
    said: str


_OURS = frozenset({"127.0.0.1", "::1", "localhost"})
_AT_WORK = {"well": CheckStatus.WORKS, "away": CheckStatus.WORKS, "in trouble": CheckStatus.BROKEN}


def findings(settings: Settings, unknown_variables: Iterable[str] = ()) -> Iterator[Finding]:
    """Look at everything in turn; a later thing is looked at even when an earlier one is broken."""
    yield Finding("Python", CheckStatus.WORKS, platform.python_version())
    yield Finding("SQLite", CheckStatus.WORKS, sqlite3.sqlite_version)
    yield _folder(settings.data_dir)
    yield _handbook(settings.handbook)
    yield from _archive(settings)
    yield _discord()
    yield check_token(settings.discord_token.get_secret_value() if settings.discord_token else None)
    yield _pages(settings)
    if settings.shards:
        yield from _shards(settings)
    for about, address, usual in (
        ("Discord's API", settings.discord_api, "BOBBIN_DISCORD_API"),
        ("Discord's gateway", settings.discord_gateway, "BOBBIN_DISCORD_GATEWAY"),
    ):
        told = f"{address}, by {usual}" if address else "Discord's own"
        yield Finding(about, CheckStatus.WORKS, told)
    if settings.http_port:
        seen = probe(settings.http_host, settings.http_port)
        yield Finding("at work", _AT_WORK.get(seen.state, CheckStatus.LOOK), seen.said)
    for name in unknown_variables:
        near = nearest_variable(name)
        remedy = f"did you mean {near}?" if near else "remove it; .env.example lists them all"
        yield Finding(name, CheckStatus.LOOK, f"is no setting of Bobbin; {remedy}")


def _pages(settings: Settings) -> Finding:
    """Tell where the pages will be, and whether anything leads others there."""
    at = f"http://{settings.http_host}:{settings.http_port}"
    if settings.public_url:
        return Finding("pages", CheckStatus.WORKS, f"{at}, for others {settings.public_url}")
    if settings.http_host in _OURS:
        return Finding("pages", CheckStatus.WORKS, f"{at}, for this machine alone; no links from Discord")
    said = f"{at}, open to others, but no links from Discord lead there; set BOBBIN_PUBLIC_URL"
    return Finding("pages", CheckStatus.LOOK, said)


def check_token(token: str | None) -> Finding:
    """Judge a token by its shape; no part of it is ever repeated."""
    if token is None:
        said = "not set, so `bobbin run` cannot start; the terminal works without. Set BOBBIN_DISCORD_TOKEN"
        return Finding("token", CheckStatus.LOOK, said)
    if not _TOKEN_SHAPE.fullmatch(token):
        said = (
            "set, but it does not look like a bot's token; copy it from the Bot page of Discord's "
            "developer portal into BOBBIN_DISCORD_TOKEN"
        )
        return Finding("token", CheckStatus.LOOK, said)
    return Finding(
        "token", CheckStatus.WORKS, "set, and it looks like one; `bobbin run` will tell whether it is taken"
    )


@click.command(short_help="Tell what works, what does not, and what to do.")
def check() -> None:
    """Tell what is configured, what works, what does not, and what to do.

    The exit status is 1 when something needed is broken. A missing token is not: the terminal works
    without one.
    """
    settings = start()
    broken = False
    for finding in findings(settings, unknown()):
        colour = {CheckStatus.WORKS: "green", CheckStatus.LOOK: "yellow", CheckStatus.BROKEN: "red"}[
            finding.state
        ]
        mark = click.style(f"{finding.state.value:<7}", fg=colour)
        click.echo(f"{mark}{finding.about}: {escape_terminal(finding.said, line=True)}")
        broken = broken or finding.state is CheckStatus.BROKEN
    if broken:
        raise click.exceptions.Exit(1)


def _folder(folder: Path) -> Finding:
    """Tell whether the data folder can be written, or made."""
    nearest = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if not nearest.is_dir():
        said = f"{nearest} is a file; point BOBBIN_DATA_DIR at a folder"
        return Finding("data folder", CheckStatus.BROKEN, said)
    if not os.access(nearest, os.W_OK | os.X_OK):
        said = f"{nearest} cannot be written; change its permissions, or BOBBIN_DATA_DIR"
        return Finding("data folder", CheckStatus.BROKEN, said)
    return Finding("data folder", CheckStatus.WORKS, f"{folder.absolute()} can be written")


def _handbook(folder: Path) -> Finding:
    """Tell whether the handbook's threads are there."""
    try:
        count = sum(path.is_file() and not path.name.startswith(".") for path in folder.iterdir())
    except OSError as error:
        said = f"{folder} cannot be read ({error.strerror}); unset BOBBIN_HANDBOOK or install Bobbin again"
        return Finding("handbook", CheckStatus.BROKEN, said)
    if not count:
        said = f"{folder} is empty; unset BOBBIN_HANDBOOK or install Bobbin again"
        return Finding("handbook", CheckStatus.BROKEN, said)
    return Finding("handbook", CheckStatus.WORKS, f"{count} files in {folder}")


def _archive(settings: Settings) -> Iterator[Finding]:
    """Open the archive as every command does, and tell its health and its size."""
    try:
        with open_archive(settings) as archive:
            problems = archive.check()
            collections = archive.catalog.collections()
            held = [
                archive.catalog.statistics(archive.catalog.scope()),
                archive.catalog.statistics(archive.catalog.handbook_scope()),
            ]
            empty = archive.catalog.scope() == archive.catalog.handbook_scope()
    except ArchiveError as error:
        yield Finding("archive", CheckStatus.BROKEN, str(error))
        return
    for problem in problems:
        state = CheckStatus.LOOK if problem.startswith(_NOTE) else CheckStatus.BROKEN
        yield Finding("archive", state, problem.removeprefix(_NOTE))
    if all(problem.startswith(_NOTE) for problem in problems):
        yield Finding("archive", CheckStatus.WORKS, f"{settings.database.absolute()} is sound")
    if empty:
        said = (
            f"none yet, so the handbook's {held[1].threads} threads answer; fill it with: bobbin import PATH"
        )
        yield Finding("threads", CheckStatus.LOOK, said)
        return
    names = ", ".join(collection.name for collection in collections)
    previews = f", {held[0].previews} of the threads only in preview" if held[0].previews else ""
    said = f"{held[0].threads} threads, {held[0].posts} posts in {names}{previews}"
    yield Finding("threads", CheckStatus.WORKS, said)


def _shards(settings: Settings) -> Iterator[Finding]:
    """Tell which part of the work this process does, and what sharing it asks of the machine."""
    share, only = settings.share, "" if settings.share.leads else "; direct messages go to the one with 0"
    rest = share.count - len(share.ids)
    others = f"{rest} more for other processes" if rest else "all there are"
    said = f"{share}, by BOBBIN_SHARDS: {len(share.ids)} here, {others}{only}"
    yield Finding("shards", CheckStatus.WORKS, said)
    # Of several programs that write, an old SQLite may lose a file; the archive's own check says more.
    if rest and any("two programs write" in problem for problem in _problems(settings)):
        said = (
            "share one archive among processes only with SQLite 3.51.3 or newer, or give each a "
            "BOBBIN_DATA_DIR of its own"
        )
        yield Finding("shards", CheckStatus.LOOK, said)


def _problems(settings: Settings) -> list[str]:
    try:
        with open_archive(settings) as archive:
            return archive.check()
    except ArchiveError:
        return []


def _discord() -> Finding:
    """Tell discord.py's version without importing it."""
    try:
        return Finding("discord.py", CheckStatus.WORKS, importlib.metadata.version("discord.py"))
    except importlib.metadata.PackageNotFoundError:
        said = f"is not installed; run: {sys.executable} -m pip install bobbin"
        return Finding("discord.py", CheckStatus.BROKEN, said)
