"""The settings: one frozen, typed object, read once from the environment and ``.env`` and passed in."""

import difflib
import ipaddress
import logging
import os
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from dotenv.parser import Binding, parse_stream
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.shards import EVERYTHING, Shards
from retrieval.formats.import_types import Limits

__all__ = [
    "PREFIX",
    "LogFormat",
    "LogLevel",
    "Network",
    "Settings",
    "SettingsError",
    "broken_lines",
    "load",
    "nearest_variable",
    "unknown",
    "variables",
    "where_set",
]

PREFIX = "BOBBIN_"
_ENV_FILE = ".env"
_PACKAGE = Path(__file__).resolve().parent

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
LogFormat = Literal["pretty", "json"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


# It logs what it cannot parse without naming the file; `broken_lines` names both.
logging.getLogger("dotenv.main").setLevel(logging.ERROR)

#: What each page's path may begin with.
_PUBLIC_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")


class SettingsError(Exception):
    """A setting is not valid; the message names the variable, where it was set, and the remedy."""


def _handbook() -> Path:
    """Return the folder of the handbook: the checkout's where there is one, else the packaged copy."""
    checkout = _PACKAGE.parent / "data" / "threads"
    return checkout if checkout.is_dir() else _PACKAGE / "handbook"


def _token(value: SecretStr) -> SecretStr:
    """Strip whitespace around a pasted token; refuse what cannot be sent in a header."""
    text = value.get_secret_value().strip()
    if not re.fullmatch(r"[\x21-\x7e]+", text):
        raise ValueError("must be one word of plain letters, digits and dots; copy the token once more")
    return SecretStr(text)


def _address(value: str, *schemes: str) -> str:
    """Return the address without its last slash; refuse other schemes and one without a host."""
    address = value.strip().rstrip("/")
    try:
        good = urlsplit(address).scheme in schemes and bool(urlsplit(address).hostname)
    except ValueError:  # brackets around what is no IPv6 address
        good = False
    if not good:
        raise ValueError(f"must be an address that begins with {' or '.join(f'{s}://' for s in schemes)}")
    return address


def _http(value: str) -> str:
    return _address(value, "http", "https")


def _websocket(value: str) -> str:
    return _address(value, "ws", "wss")


def _public(value: str) -> str:
    """Return an address of scheme, host, port and path, without a slash at its end."""
    address = _http(value)
    parts = urlsplit(address)
    plain = not (parts.query or parts.fragment or "@" in parts.netloc) and address.isascii()
    if not plain or _PUBLIC_PATH.fullmatch(parts.path) is None:
        raise ValueError("must be like https://threads.example.org or https://example.org/threads")
    return address


def _contact(value: str) -> str:
    """Return an address or e-mail address that can stand in a header."""
    if not value.isascii() or not value.isprintable() or any(sign in "()<>" for sign in value):
        raise ValueError("must be an e-mail address or the address of a page")
    return value


def _shards(value: object) -> object:
    return Shards.parse(value) if isinstance(value, str) else value


def _networks(value: object) -> object:
    """Return the networks of a list of addresses and networks, separated by commas or spaces."""
    if not isinstance(value, str):
        return value
    try:
        return tuple(ipaddress.ip_network(part) for part in re.split(r"[,\s]+", value.strip()) if part)
    except ValueError as error:
        raise ValueError(
            "must be addresses or networks with commas between them, like 127.0.0.1, 10.0.0.0/8"
        ) from error


def _path(value: Path) -> Path:
    """Return the path with the home folder in the place of "~"."""
    if "\0" in str(value):
        raise ValueError("must be a path without a NUL character")
    try:
        return value.expanduser()
    except RuntimeError as error:
        raise ValueError("must be the path in full, for the home folder in it is not known") from error


def _upper(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


class Settings(BaseSettings):
    """The operator's settings; a field is read from the variable ``BOBBIN_`` and its name in capitals.

    The environment wins over ``.env`` in the working directory; an empty value counts as unset. Create it
    with :func:`load`, which turns pydantic's errors into one sentence.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=_ENV_FILE,
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    discord_token: Annotated[SecretStr, AfterValidator(_token)] | None = None
    discord_api: Annotated[str, AfterValidator(_http)] | None = None
    discord_gateway: Annotated[str, AfterValidator(_websocket)] | None = None
    shards: Annotated[Shards, BeforeValidator(_shards), NoDecode] | None = None
    data_dir: Annotated[Path, AfterValidator(_path)] = Path("data")
    inbox: Annotated[Path, AfterValidator(_path)] | None = None
    inbox_done_mib: Annotated[int, Field(ge=0)] = 10_240
    handbook: Annotated[Path, AfterValidator(_path)] = Field(default_factory=_handbook)
    log_level: Annotated[LogLevel, BeforeValidator(_upper)] = "INFO"
    log_format: Annotated[LogFormat, BeforeValidator(_lower)] = "pretty"
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8470
    public_url: Annotated[str, AfterValidator(_public)] | None = None
    contact: Annotated[str, AfterValidator(_contact)] | None = None
    trusted_proxies: Annotated[tuple[Network, ...], BeforeValidator(_networks), NoDecode] = ()
    health_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    health_host: str = "127.0.0.1"
    health_token: Annotated[SecretStr, AfterValidator(_token)] | None = None
    operator: Annotated[int, Field(ge=1, lt=2**64)] | None = None
    quotes_per_answer: Annotated[int, Field(ge=1, le=5)] = 3
    import_seconds: Annotated[int, Field(ge=1)] = 600
    import_memory_mib: Annotated[int, Field(ge=256)] = 1024
    import_file_mib: Annotated[int, Field(ge=1)] = 100
    import_unpacked_mib: Annotated[int, Field(ge=1)] = 8192
    import_members: Annotated[int, Field(ge=1)] = 100_000
    import_ratio: Annotated[int, Field(ge=2)] = 200
    upload_mib: Annotated[int, Field(ge=1, le=500)] = 25
    upload_seconds: Annotated[int, Field(ge=1, le=780)] = 300
    server_posts: Annotated[int, Field(ge=1)] = 200_000
    server_follows: Annotated[int, Field(ge=0)] = 25
    follows: Annotated[int, Field(ge=0)] = 1_000

    @property
    def share(self) -> Shards:
        """Return the shards that this process serves: all of them, unless others share the work."""
        return self.shards or EVERYTHING

    @property
    def database(self) -> Path:
        """Return the path of the archive's database."""
        return self.data_dir / "archive.db"

    @property
    def servers(self) -> Path:
        """Return the path of the database about servers."""
        return self.data_dir / "servers.db"

    @property
    def health_beside_pages(self) -> bool:
        """Return whether the pages' port serves the health page: with no port of its own and no proxy set."""
        return self.health_port is None and self.public_url is None and not self.trusted_proxies

    @property
    def inbox_folder(self) -> Path:
        """Return the folder whose files are imported while the bot runs."""
        return self.inbox or self.data_dir / "inbox"

    @property
    def limits(self) -> Limits:
        """Return the limits of reading a saved file."""
        return Limits(
            seconds=self.import_seconds,
            memory=self.import_memory_mib * 2**20,
            file=self.import_file_mib * 2**20,
            members=self.import_members,
            ratio=self.import_ratio,
            unpacked=self.import_unpacked_mib * 2**20,
        )


def variables() -> list[str]:
    """Return the names of all environment variables that are read, in the order of the fields."""
    return [PREFIX + name.upper() for name in Settings.model_fields]


def load() -> Settings:
    """Return the settings of this process.

    Raises :class:`SettingsError` with one sentence that names the variable, where it was set and what
    it may be. The sentence repeats no value, and so no secret.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        name = PREFIX + str(first["loc"][0]).upper()
        reason = first["msg"].removeprefix("Value error, ").removeprefix("Input ")
        sentence = f"{name} ({where_set(name)}) {reason[:1].lower()}{reason[1:]}; .env.example explains it"
        raise SettingsError(sentence) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(f"{_file()}, line {line}: is no UTF-8 text; save the file as UTF-8") from error
    except OSError as error:
        raise SettingsError(
            f"{_file()}: cannot be read ({error.strerror}); make it a file that Bobbin may read"
        ) from error


def unknown() -> list[str]:
    """Return the variables that begin with ``BOBBIN_`` and are no settings: most likely misspelt."""
    known = set(variables())
    named = {name.upper() for name in (*os.environ, *(each.key for each in _bindings() if each.key))}
    return sorted(name for name in named - known if name.startswith(PREFIX))


def broken_lines() -> list[str]:
    """Return a sentence for each line of the settings file that sets nothing, with the file and the line."""
    return [
        f"{_file()}, line {_line(each)}: is left out, for it is not like NAME=value; mend or remove it"
        for each in _bindings()
        if each.error
    ]


def nearest_variable(name: str) -> str | None:
    """Return the setting whose name is closest to a misspelt one, ``None`` where none is close."""
    return next(iter(difflib.get_close_matches(name, variables(), n=1)), None)


def where_set(name: str) -> str:
    """Return where a variable was set: the environment, which wins, or the file and the line."""
    if any(key.upper() == name and value for key, value in os.environ.items()):
        return "set in the environment"
    lines = [_line(each) for each in _bindings() if each.key and each.key.upper() == name]
    return f"{_file()}, line {lines[-1]}" if lines else f"set in {_file()}"


def _bindings() -> list[Binding]:
    """Return what stands in the settings file, line by line; nothing where there is no file."""
    path = Path(_ENV_FILE)
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig") as file:
        return list(parse_stream(file))


def _line(binding: Binding) -> int:
    """Return the line that a binding begins at; the blank lines before it are part of what was read."""
    written = binding.original.string
    return binding.original.line + written[: len(written) - len(written.lstrip())].count("\n")


def _file() -> Path:
    return Path(_ENV_FILE).resolve()
