"""``bobbin init``: from an empty folder to a bot that can be started and invited."""

import getpass
import http.client
import json
import os
import re
import sys
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from bot.cli.check import CheckStatus, check_token
from bot.cli.errors import complain
from bot.cli.terminal import counted, escape_terminal
from bot.settings import Settings, SettingsError, load
from bot.startup import deploy_folder, open_archive, start, version

__all__ = ["Application", "TokenCheck", "ask_discord", "init", "unit_file", "with_token"]

_ENV: Final = Path(".env")
_TOKEN: Final = "BOBBIN_DISCORD_TOKEN"  # noqa: S105 - the variable's name
_API: Final = "https://discord.com/api/v10"
_TIMEOUT: Final = 10.0
_ATTEMPTS: Final = 3
_MOST: Final = 1 << 20
#: What in the unit is of an installation for all, and not of one in the user's own folder.
_OF_ALL: Final = re.compile(r"^(?:StateDirectory\w*|EnvironmentFile|Environment|Group)=.*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Application:
    """The application that a token belongs to."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class TokenCheck:
    """The answer of Discord to a token: its application, or why there is none and whether it was refused."""

    application: Application | None = None
    problem: str = ""
    refused: bool = False


@click.command(short_help="Set Bobbin up in this folder: settings, token, invite link.")
@click.option("--unit/--no-unit", default=None, help="Write a unit file for systemd here; asked otherwise.")
@click.option(
    "--empty-archive",
    is_flag=True,
    help="Only begin with an empty archive, where the old one is gone for good.",
)
def init(*, unit: bool | None, empty_archive: bool) -> None:
    """Write .env in this folder, check the token with Discord, and print the link that invites the bot.

    The token is read without showing it. What .env holds already is kept. In a script, give the token on
    standard input.

    Every other command begins an archive by itself on a fresh installation, and refuses where settings of
    servers, a stored index or imported files show that there was one: its disk may not be mounted.
    --empty-archive begins anew all the same. An archive that is there is left alone.
    """
    if empty_archive:
        _begin_archive()
        return
    token, check = _token()
    _write_private(_ENV, with_token(_ENV.read_text("utf-8") if _ENV.exists() else _example(), token))
    click.echo(f"Wrote {_ENV.resolve()}, which only you can read.")
    if check.application is None:
        click.echo(f"The token could not be checked: {check.problem}. `bobbin run` will tell.", err=True)
        click.echo("The invite link needs the application's id; run `bobbin init` again to have it printed.")
    else:
        # discord.py takes a third of a second to load, and is needed for nothing else here.
        from bot.posting.permissions import invite_link  # noqa: PLC0415

        name = escape_terminal(check.application.name, line=True)
        click.echo(f"Discord knows the token; it is that of {name}. Invite the bot to your server with:")
        click.echo(f"\n  {invite_link(int(check.application.id))}\n")
    if unit is None:
        unit = sys.stdin.isatty() and click.confirm("Write a unit file for systemd here?", default=False)
    if unit:
        path = Path("bobbin.service")
        path.write_text(unit_file(Path.cwd(), getpass.getuser()), encoding="utf-8")
        click.echo(f"Wrote {path.resolve()}. Install it with:")
        click.echo(f"  sudo cp {path} /etc/systemd/system/ && sudo systemctl enable --now bobbin")
    click.echo("Next: bobbin check, then bobbin run")


def with_token(text: str, token: str) -> str:
    """Return the text of a settings file with the token in it; every other line stays."""
    line = f"{_TOKEN}={token}"
    pattern = re.compile(rf"^\s*(?:export\s+)?{_TOKEN}\s*=.*$", re.MULTILINE)
    if pattern.search(text):
        return pattern.sub(lambda _: line, text)
    return f"{text.rstrip()}\n{line}\n" if text.strip() else f"{line}\n"


def unit_file(folder: Path, user: str) -> str:
    """Return the shipped unit for systemd, for this Python, a folder with ``.env`` in it, and a user."""
    shipped = (deploy_folder() / "bobbin.service").read_text(encoding="utf-8")
    program = Path(sys.executable).with_name("bobbin")
    command = f'"{program}"' if program.exists() else f'"{sys.executable}" -m bot'
    lines = {
        "User": user,
        "WorkingDirectory": str(folder),
        "ExecStart": f"{command} run",
        "ProtectHome": "read-only",
        "ProtectSystem": f'strict\nReadWritePaths="{folder}"',
    }
    text = _OF_ALL.sub("", shipped)
    for name, value in lines.items():
        made = f"{name}={value.replace('%', '%%')}".replace("\\", r"\\")
        text = re.sub(rf"^{name}=.*$", made, text, flags=re.MULTILINE)
    return text


def ask_discord(token: str, api: str | None) -> TokenCheck:
    """Ask Discord whose token it is; this sends one request and waits ten seconds at most."""
    request = urllib.request.Request(  # noqa: S310 - the settings allow http and https only
        f"{api or _API}/oauth2/applications/@me",
        headers={
            "Authorization": f"Bot {token}",
            "User-Agent": f"DiscordBot (https://discord.com/developers, {version()})",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as response:  # noqa: S310 - as above
            found = json.loads(response.read(_MOST))
        return TokenCheck(Application(str(int(found["id"])), str(found["name"])))
    except urllib.error.HTTPError as error:
        refused = error.code in {http.HTTPStatus.UNAUTHORIZED, http.HTTPStatus.FORBIDDEN}
        return TokenCheck(problem=f"Discord answered {error.code}", refused=refused)
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError) as error:
        reason = getattr(error, "reason", None) or error
        return TokenCheck(problem=f"Discord could not be asked ({reason})")


def _begin_archive() -> None:
    settings = start()
    with open_archive(settings, anew=True) as archive:
        held = archive.catalog.statistics(archive.catalog.public_scope())
    click.echo(f"{settings.database}: {counted(held.threads, 'thread')}; fill it with: bobbin import PATH")


def _token() -> tuple[str, TokenCheck]:
    """Read a token until one has the right shape and is not refused; three times in a terminal."""
    settings = _settings()
    interactive = sys.stdin.isatty()
    for _ in range(_ATTEMPTS if interactive else 1):
        if interactive:
            token = click.prompt("The bot's token (it is not shown)", hide_input=True, err=True)
        else:
            token = sys.stdin.readline()
        token = token.strip()
        finding = check_token(token or None)
        if finding.state is not CheckStatus.WORKS:
            problem = f"that is no bot's token: {finding.message}"
        else:
            check = ask_discord(token, settings.discord_api)
            if not check.refused:
                return token, check
            problem = f"{check.problem}: it refuses this token; make a new one on the page Bot"
        if interactive:
            complain(problem)
    raise click.ClickException(
        "no usable token was given, so nothing was written"
        if interactive
        else f"{problem}; nothing was written"
    )


def _settings() -> Settings:
    """Return the settings as they are; those of a file that cannot be used do not stand in the way."""
    try:
        return load()
    except SettingsError as error:
        raise click.ClickException(f"{error}; nothing was written") from error


def _example() -> str:
    path = deploy_folder() / "env.example"
    if not path.exists():  # a checkout
        path = deploy_folder().parent.parent / ".env.example"
    return path.read_text(encoding="utf-8")


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.absolute().parent, prefix=".env-", delete=False
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)
