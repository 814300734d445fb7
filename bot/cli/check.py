"""``bobbin check``: the state of settings, files, archive and running bot, each with a remedy."""

import base64
import importlib.metadata
import os
import platform
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Final

import click

from bot.alerts import ledger as alert_ledger
from bot.cli.health_probe import probe
from bot.cli.terminal import counted, escape_terminal, language_called
from bot.database import ServerFile, last_backup
from bot.descriptors import RECOMMENDED_DESCRIPTORS, raise_descriptor_limit
from bot.digest import tables, usage_counts
from bot.json_output import serializers
from bot.monitoring import self_test
from bot.servers import (
    feedback_store,
    follow_store,
    permission_gaps,
    preference_store,
    retention,
    saved_messages,
    setup_cards,
    unanswered,
)
from bot.settings import Settings, nearest_variable, unknown, where_set
from bot.startup import open_archive, start
from bot.web import signing
from retrieval.archive import Archive
from retrieval.errors import ArchiveError
from retrieval.sqlite import LIBRARY

__all__ = [
    "SERVER_TABLES",
    "CheckStatus",
    "Finding",
    "check",
    "check_token",
    "findings",
]

SERVER_TABLES: Final = (
    preference_store.migrations,
    retention.migrations,
    setup_cards.migrations,
    saved_messages.migrations,
    permission_gaps.migrations,
    unanswered.migrations,
    feedback_store.migrations,
    alert_ledger.migrations,
    tables.migrations,
    usage_counts.migrations,
    self_test.migrations,
    signing.migrations,
    follow_store.migrations,
)
"""The migrations of every part of the bot that keeps tables about servers."""

# How the archive begins what is worth knowing and breaks nothing.
_NOTE = "note: "
_MIB: Final = 2**20
#: Half of what the archive's log may grow to (SQLite keeps it to 64 MiB between two large changes).
_SMALL: Final = 64 * _MIB
_MAX_FAILED: Final = 1_024 * _MIB
#: After so many days a backup is old.
_BACKUP_DAYS: Final = 8
#: So many lie in a folder that keeps them for two months, one a day.
_MAX_BACKUPS: Final = 60
_TOKEN_SHAPE = re.compile(r"[\w-]{18,32}\.[\w-]{5,8}\.[\w-]{25,}")
_APPLICATION_ID: Final = re.compile(r"[0-9]{17,20}")


class CheckStatus(Enum):
    """The state of a subject: working, worth a note, or broken."""

    WORKS = "ok"
    LOOK = "note"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """A subject that was checked, its state, and a sentence about it."""

    subject: str
    state: CheckStatus
    message: str


_LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
_STATES = {"well": CheckStatus.WORKS, "away": CheckStatus.WORKS, "in trouble": CheckStatus.BROKEN}


def findings(settings: Settings, unknown_variables: Iterable[str] = ()) -> Iterator[Finding]:
    """Check every subject in turn; a failed check does not stop the later ones."""
    yield Finding("Python", CheckStatus.WORKS, platform.python_version())
    yield Finding("SQLite", CheckStatus.WORKS, LIBRARY)
    yield _folder(settings.data_dir)
    yield _handbook(settings.handbook)
    upgrades = dict(_upgrades(settings))
    yield from upgrades.values()
    archive_is_behind = settings.database in upgrades
    if not archive_is_behind:  # opening the archive would change its tables
        yield from _archive(settings)
        yield from _growth(settings)
    yield _discord()
    token = settings.discord_token.reveal() if settings.discord_token else None
    yield check_token(token)
    if (application_id := application_of(token)) is not None:
        # discord.py takes a third of a second to load, and is needed for nothing else here.
        from bot.posting.permissions import invite_link  # noqa: PLC0415

        yield Finding("invitation", CheckStatus.WORKS, invite_link(application_id))
    if settings.servers not in upgrades and settings.servers.exists():
        yield from _servers(settings)
    yield _pages(settings)
    if settings.shards and not archive_is_behind:
        yield from _shards(settings)
    for subject, address, usual in (
        ("Discord's API", settings.discord_api, "BOBBIN_DISCORD_API"),
        ("Discord's gateway", settings.discord_gateway, "BOBBIN_DISCORD_GATEWAY"),
    ):
        source = f"{address}, by {usual}" if address else "Discord's own"
        yield Finding(subject, CheckStatus.WORKS, source)
    yield from _health(settings)
    yield _descriptors(raise_descriptor_limit())
    for name in unknown_variables:
        near = nearest_variable(name)
        remedy = f"did you mean {near}?" if near else "remove it; .env.example lists them all"
        yield Finding(name, CheckStatus.LOOK, f"({where_set(name)}) is no setting of Bobbin; {remedy}")


def _servers(settings: Settings) -> Iterator[Finding]:
    """Report which servers the bot is in, and what each does not let it do, by its own record."""
    try:
        with ServerFile.open(settings.servers) as file:
            with file.reading() as db:
                if not permission_gaps.migrations.applied(db):
                    return  # to open the record would make its table
            servers = permission_gaps.PermissionGaps(file).servers()
    except ArchiveError as error:
        yield Finding("servers", CheckStatus.BROKEN, str(error))
        return
    lacking = [(name, missing) for name, missing in servers if missing]
    if servers:
        message = (
            f"{counted(len(servers), 'server')} connected, {len(lacking)} of them with too few permissions"
        )
        yield Finding("servers", CheckStatus.WORKS, message)
    for name, missing in lacking:
        listed = ", ".join(permission.replace("_", " ").title() for permission in missing)
        message = f"“{name}” lacks {listed}; give them to Bobbin's role, or invite it with the link above"
        yield Finding("server", CheckStatus.LOOK, message)


def _health(settings: Settings) -> Iterator[Finding]:
    """Report whether the bot is at work, asked of its health page; and settings that keep it closed."""
    host, port, token = settings.http_host, settings.http_port, None
    if settings.health_port is not None:
        host, port = settings.health_host, settings.health_port
        token = settings.health_token.reveal() if settings.health_token else None
        if token is None and host not in _LOOPBACK_HOSTS:
            message = f"open to all who reach {host}; set BOBBIN_HEALTH_TOKEN"
            yield Finding("health page", CheckStatus.LOOK, message)
    elif not settings.health_beside_pages:
        message = (
            "not served, because BOBBIN_PUBLIC_URL or BOBBIN_TRUSTED_PROXIES is set; set BOBBIN_HEALTH_PORT,"
            " to 8471 say"
        )
        yield Finding("health page", CheckStatus.LOOK, message)
        port = 0
    if settings.health_token and settings.health_port is None:
        message = "BOBBIN_HEALTH_TOKEN has no effect without BOBBIN_HEALTH_PORT; set that, to 8471 say"
        yield Finding("health page", CheckStatus.LOOK, message)
    if settings.health_port and settings.health_port == settings.http_port:
        message = f"BOBBIN_HEALTH_PORT and BOBBIN_HTTP_PORT are both {settings.http_port}; set two ports"
        yield Finding("health page", CheckStatus.LOOK, message)
    if settings.public_url and not settings.trusted_proxies:
        message = (
            "BOBBIN_TRUSTED_PROXIES is not set, so all visitors behind a reverse proxy share one rate limit;"
            " set it to the proxy's address, 127.0.0.1 for one on this machine"
        )
        yield Finding("proxy", CheckStatus.LOOK, message)
    if any(network.prefixlen == 0 for network in settings.trusted_proxies):
        message = (
            "BOBBIN_TRUSTED_PROXIES trusts every address, so visitors choose theirs, and with it their rate"
            " limit; name the proxy alone, 127.0.0.1 for one on this machine"
        )
        yield Finding("proxy", CheckStatus.LOOK, message)
    if port:
        result = probe(host, port, token)
        yield Finding("at work", _STATES.get(result.state, CheckStatus.LOOK), result.message)


def _descriptors(limit: int) -> Finding:
    """Report how many file descriptors a process may have, and whether that is enough."""
    if limit >= RECOMMENDED_DESCRIPTORS:
        return Finding(
            "descriptors",
            CheckStatus.WORKS,
            f"{RECOMMENDED_DESCRIPTORS:,} or more open files and connections are allowed",
        )
    message = (
        f"only {limit:,} open files and connections are allowed, so many questions at once take turns; allow"
        f" {RECOMMENDED_DESCRIPTORS:,} or more (ulimit -n, LimitNOFILE=)"
    )
    return Finding("descriptors", CheckStatus.LOOK, message)


def _pages(settings: Settings) -> Finding:
    """Report where the pages will be, and whether anything leads others there."""
    at = f"http://{settings.http_host}:{settings.http_port}"
    if settings.public_url:
        return Finding("pages", CheckStatus.WORKS, f"{at}, for others {settings.public_url}")
    if settings.http_host in _LOOPBACK_HOSTS:
        return Finding("pages", CheckStatus.WORKS, f"{at}, for this machine alone; no links from Discord")
    message = f"{at}, open to others, but no links from Discord lead there; set BOBBIN_PUBLIC_URL"
    return Finding("pages", CheckStatus.LOOK, message)


def application_of(token: str | None) -> int | None:
    """Return the id of the application that a token names in its first part, ``None`` where it names none."""
    named = (token or "").partition(".")[0]
    try:
        written = base64.urlsafe_b64decode(named + "=" * (-len(named) % 4)).decode("ascii")
    except ValueError:
        return None
    return int(written) if _APPLICATION_ID.fullmatch(written) else None


def check_token(token: str | None) -> Finding:
    """Check the shape of a token; the message repeats no part of it."""
    if token is None:
        message = (
            "not set, so `bobbin run` cannot start; the terminal works without. Set BOBBIN_DISCORD_TOKEN"
        )
        return Finding("token", CheckStatus.LOOK, message)
    if not _TOKEN_SHAPE.fullmatch(token):
        message = (
            "set, but it does not look like a bot's token; copy it from the Bot page of Discord's "
            "developer portal into BOBBIN_DISCORD_TOKEN"
        )
        return Finding("token", CheckStatus.LOOK, message)
    return Finding(
        "token", CheckStatus.WORKS, "set, and it looks like one; `bobbin run` will tell whether it is taken"
    )


@click.command(short_help="Tell what works, what does not, and what to do.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
def check(*, as_json: bool) -> None:
    """Tell what is configured, what works, what does not, and what to do.

    The exit status is 1 when something needed is broken. A missing token is not: the terminal works
    without one.
    """
    settings = start()
    broken = False
    found = []
    for finding in findings(settings, unknown()):
        broken = broken or finding.state is CheckStatus.BROKEN
        if as_json:
            found.append(
                {"subject": finding.subject, "state": finding.state.value, "message": finding.message}
            )
            continue
        colour = {CheckStatus.WORKS: "green", CheckStatus.LOOK: "yellow", CheckStatus.BROKEN: "red"}[
            finding.state
        ]
        mark = click.style(f"{finding.state.value:<7}", fg=colour)
        click.echo(f"{mark}{finding.subject}: {escape_terminal(finding.message, line=True)}")
    if as_json:
        click.echo(serializers.dumps({"findings": found, "broken": broken}))
    if broken:
        raise click.exceptions.Exit(1)


def _folder(folder: Path) -> Finding:
    """Check whether the data folder can be written, or made."""
    nearest = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    if not nearest.is_dir():
        message = f"{nearest} is a file; point BOBBIN_DATA_DIR at a folder"
        return Finding("data folder", CheckStatus.BROKEN, message)
    if not os.access(nearest, os.W_OK | os.X_OK):
        message = f"{nearest} cannot be written; change its permissions, or BOBBIN_DATA_DIR"
        return Finding("data folder", CheckStatus.BROKEN, message)
    return Finding("data folder", CheckStatus.WORKS, f"{folder.absolute()} can be written")


def _handbook(folder: Path) -> Finding:
    """Check whether the handbook's threads are there."""
    try:
        count = sum(path.is_file() and not path.name.startswith(".") for path in folder.iterdir())
    except OSError as error:
        message = f"{folder} cannot be read ({error.strerror}); unset BOBBIN_HANDBOOK or install Bobbin again"
        return Finding("handbook", CheckStatus.BROKEN, message)
    if not count:
        message = f"{folder} is empty; unset BOBBIN_HANDBOOK or install Bobbin again"
        return Finding("handbook", CheckStatus.BROKEN, message)
    return Finding("handbook", CheckStatus.WORKS, f"{count} files in {folder}")


def _upgrades(settings: Settings) -> Iterator[tuple[Path, Finding]]:
    """Report, by file, what the next start will change in the tables of an earlier version."""
    looks: tuple[tuple[Path, Callable[[Path], list[str]]], ...] = (
        (settings.database, Archive.pending_changes),
        (settings.servers, lambda path: ServerFile.pending_changes(path, SERVER_TABLES)),
    )
    for path, look in looks:
        try:
            changes = look(path)
        except ArchiveError as error:
            yield path, Finding(path.stem, CheckStatus.BROKEN, str(error))
            continue
        if changes:
            message = (
                f"{path.name} is of an earlier version. The next start of `bobbin run`, `ask` or `import` "
                f"changes it, and earlier versions cannot open it then: {'; '.join(changes)}. "
                "Make a backup first, with `bobbin backup`"
            )
            yield path, Finding("upgrade", CheckStatus.LOOK, message)


def _archive(settings: Settings) -> Iterator[Finding]:
    """Open the archive as every command does; report its health and size."""
    try:
        with open_archive(settings) as archive:
            problems = archive.check()
            collections = archive.catalog.collections()
            held = [
                archive.catalog.statistics(archive.catalog.scope()),
                archive.catalog.statistics(archive.catalog.handbook_scope()),
            ]
            languages = archive.languages(archive.catalog.scope())
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
        message = (
            f"none yet, so the handbook's {held[1].threads} threads answer; fill it with: bobbin import PATH"
        )
        yield Finding("threads", CheckStatus.LOOK, message)
        return
    names = ", ".join(collection.name for collection in collections)
    previews = f", {held[0].previews} of the threads only in preview" if held[0].previews else ""
    threads, posts = counted(held[0].threads, "thread"), counted(held[0].posts, "post")
    message = f"{threads}, {posts} in {names}{previews}"
    yield Finding("threads", CheckStatus.WORKS, message)
    counted_languages = (f"{language_called(code)} ({posts:,} posts)" for code, posts in languages.items())
    yield Finding("languages", CheckStatus.WORKS, ", ".join(counted_languages))


def _growth(settings: Settings) -> Iterator[Finding]:
    """Yield how large everything is that grows, against its bound, and when the last backup was made."""
    database, inbox = settings.database, settings.inbox_folder
    another = "another program keeps an old state open; stop it, and import or restart"
    for about, path, bound, remedy in (
        (
            "search index",
            settings.data_dir / "index",
            max(_SMALL, 4 * _size(database)),
            "delete the folder; it is made anew",
        ),
        ("archive's log", _log_of(database), 2 * _SMALL, another),
        ("servers' log", _log_of(settings.servers), 2 * _SMALL, another),
        (
            "imported files",
            inbox / "done",
            settings.inbox_done_mib * _MIB,
            "`bobbin run` deletes the oldest at the next import",
        ),
        (
            "failed files",
            inbox / "failed",
            _MAX_FAILED,
            f"look at their reports, and delete them from {inbox / 'failed'}",
        ),
    ):
        size = _size(path)
        if bound and size > bound:
            problem = (
                f"{size / _MIB:,.0f} MiB, more than the {bound / _MIB:,.0f} MiB that are usual; {remedy}"
            )
            yield Finding(about, CheckStatus.LOOK, problem)
        elif size:
            most = (
                f"of at most {bound / _MIB:,.0f} MiB" if bound else "MiB; BOBBIN_INBOX_DONE_MIB sets no bound"
            )
            yield Finding(about, CheckStatus.WORKS, f"{size / _MIB:,.1f} {most}")
    if _size(database):
        yield _last_backup(settings)
    if (backup := last_backup(settings.data_dir)) is not None:
        yield _backups(backup[1].parent)


def _backups(folder: Path) -> Finding:
    """Report how many backups a folder holds, and their size."""
    kept = [manifest.parent for manifest in folder.glob("bobbin-*/backup.json")]
    message = f"{len(kept)} in {folder}, {sum(map(_size, kept)) / _MIB:,.1f} MiB"
    if len(kept) <= _MAX_BACKUPS:
        return Finding("backups", CheckStatus.WORKS, f"{message}, of at most {_MAX_BACKUPS}")
    remedy = f"delete the older ones with: bobbin backup {folder} --keep 30"
    return Finding("backups", CheckStatus.LOOK, f"{message}, more than {_MAX_BACKUPS}; {remedy}")


def _last_backup(settings: Settings) -> Finding:
    backup = last_backup(settings.data_dir)
    if backup is None:
        return Finding("backup", CheckStatus.LOOK, "none was made yet; make one with: bobbin backup DIR")
    made_at, path = backup
    days = (datetime.now(UTC) - made_at).days
    if days >= _BACKUP_DAYS:
        problem = f"the last one is {days} days old, {path}; make one with: bobbin backup {path.parent}"
        return Finding("backup", CheckStatus.LOOK, problem)
    return Finding("backup", CheckStatus.WORKS, f"{path}, of {made_at:%Y-%m-%d %H:%M} UTC")


def _log_of(database: Path) -> Path:
    return database.with_name(f"{database.name}-wal")


def _size(path: Path) -> int:
    """Return the bytes of a file, or of all files in a folder; 0 for what is not there."""
    try:
        if path.is_dir():
            return sum(part.stat().st_size for part in path.rglob("*") if part.is_file())
        return path.stat().st_size
    except OSError:
        return 0


def _shards(settings: Settings) -> Iterator[Finding]:
    """Report which part of the work this process does, and what sharing it asks of the machine."""
    share, only = settings.share, "" if settings.share.leads else "; direct messages go to the one with 0"
    rest = share.count - len(share.ids)
    others = f"{rest} more for other processes" if rest else "all there are"
    message = f"{share}, by BOBBIN_SHARDS: {len(share.ids)} here, {others}{only}"
    yield Finding("shards", CheckStatus.WORKS, message)
    # Of several programs that write, an old SQLite may lose a file; the archive's own check says more.
    if rest and any("two programs write" in problem for problem in _problems(settings)):
        message = (
            "share one archive among processes only with SQLite 3.51.3 or newer, or give each a "
            "BOBBIN_DATA_DIR of its own"
        )
        yield Finding("shards", CheckStatus.LOOK, message)


def _problems(settings: Settings) -> list[str]:
    try:
        with open_archive(settings) as archive:
            return archive.check()
    except ArchiveError:
        return []


def _discord() -> Finding:
    """Report discord.py's version without importing it."""
    try:
        return Finding("discord.py", CheckStatus.WORKS, importlib.metadata.version("discord.py"))
    except importlib.metadata.PackageNotFoundError:
        message = f"is not installed; run: {sys.executable} -m pip install bobbin"
        return Finding("discord.py", CheckStatus.BROKEN, message)
