"""The settings: one frozen, typed object, read once from the environment and ``.env`` and passed in."""

import dataclasses
import difflib
import ipaddress
import logging
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar, get_args
from urllib.parse import urlsplit

from bot.shards import EVERYTHING, Shards
from retrieval.formats.import_types import Limits

if TYPE_CHECKING:
    from dotenv.parser import Binding

__all__ = [
    "PREFIX",
    "LogFormat",
    "LogLevel",
    "Network",
    "Secret",
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
_Value = TypeVar("_Value")
_Word = TypeVar("_Word", bound=str)
_LOG_LEVELS: Final[tuple[LogLevel, ...]] = get_args(LogLevel)
_LOG_FORMATS: Final[tuple[LogFormat, ...]] = get_args(LogFormat)
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


# It logs what it cannot parse without naming the file; `broken_lines` names both.
logging.getLogger("dotenv.main").setLevel(logging.ERROR)

#: What each page's path may begin with.
_PUBLIC_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")


#: A whole number as it is written: with a sign, underscores between digits or an empty fraction.
_WHOLE = re.compile(r"\s*([+-]?[0-9](?:_?[0-9]){0,999})(?:\.0+)?\s*")


class SettingsError(Exception):
    """A setting is not valid; the message names the variable, where it was set, and the remedy."""


class Secret:
    """A text that no representation, log line or traceback shows."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        """Keep the text."""
        self._value = value

    def reveal(self) -> str:
        """Return the text itself."""
        return self._value

    def __repr__(self) -> str:
        """Return the same for every text."""
        return "Secret('**********')"

    def __eq__(self, other: object) -> bool:
        """Return whether another secret keeps the same text."""
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        """Return the hash of the text."""
        return hash(self._value)


def _handbook() -> Path:
    """Return the folder of the handbook: the checkout's where there is one, else the packaged copy."""
    checkout = _PACKAGE.parent / "data" / "threads"
    return checkout if checkout.is_dir() else _PACKAGE / "handbook"


def _token(value: str) -> Secret:
    """Strip whitespace around a pasted token; refuse what cannot be sent in a header."""
    text = value.strip()
    if not re.fullmatch(r"[\x21-\x7e]+", text):
        raise ValueError("must be one word of plain letters, digits and dots; copy the token once more")
    return Secret(text)


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


def _networks(value: str) -> tuple[Network, ...]:
    """Return the networks of a list of addresses and networks, separated by commas or spaces."""
    try:
        return tuple(ipaddress.ip_network(part) for part in re.split(r"[,\s]+", value.strip()) if part)
    except ValueError:
        raise ValueError(
            "must be addresses or networks with commas between them, like 127.0.0.1, 10.0.0.0/8"
        ) from None


def _path(value: str) -> Path:
    """Return the path with the home folder in the place of "~"."""
    if "\0" in value:
        raise ValueError("must be a path without a NUL character")
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        raise ValueError("must be the path in full, for the home folder in it is not known") from error


def _whole(least: int, most: int | None = None) -> Callable[[str], int]:
    """Return what reads a whole number and refuses one out of bounds, which are both allowed themselves."""
    bounds = f"of at least {least}" if most is None else f"from {least} to {most}"

    def read(value: str) -> int:
        written = _WHOLE.fullmatch(value)
        number = int(written[1]) if written else None
        if number is None or number < least or (most is not None and number > most):
            raise ValueError(f"must be a whole number {bounds}")
        return number

    return read


def _word(choices: tuple[_Word, ...]) -> Callable[[str], _Word]:
    """Return what reads one of some words, in capitals or not."""
    *others, last = map(repr, choices)
    remedy = f"must be {', '.join(others)} or {last}"

    def read(value: str) -> _Word:
        for choice in choices:
            if choice.lower() == value.strip().lower():
                return choice
        raise ValueError(remedy)

    return read


def _setting(default: _Value, read: Callable[[str], _Value]) -> _Value:
    """Return a field with its default and what makes its value of a text, or raises ``ValueError``."""
    return dataclasses.field(default=default, metadata={"read": read})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """The operator's settings; a field is read from the variable ``BOBBIN_`` and its name in capitals.

    :func:`load` reads them; the environment wins over ``.env`` in the working directory, and an empty value
    counts as unset. What is passed in by name is taken as it is.
    """

    discord_token: Secret | None = _setting(None, _token)
    discord_api: str | None = _setting(None, _http)
    discord_gateway: str | None = _setting(None, _websocket)
    shards: Shards | None = _setting(None, Shards.parse)
    data_dir: Path = _setting(Path("data"), _path)
    inbox: Path | None = _setting(None, _path)
    inbox_done_mib: int = _setting(10_240, _whole(0))
    handbook: Path = _setting(_handbook(), _path)
    log_level: LogLevel = _setting("INFO", _word(_LOG_LEVELS))
    log_format: LogFormat = _setting("pretty", _word(_LOG_FORMATS))
    http_host: str = _setting("127.0.0.1", str)
    http_port: int = _setting(8470, _whole(0, 65535))
    public_url: str | None = _setting(None, _public)
    contact: str | None = _setting(None, _contact)
    trusted_proxies: tuple[Network, ...] = _setting((), _networks)
    health_port: int | None = _setting(None, _whole(0, 65535))
    health_host: str = _setting("127.0.0.1", str)
    health_token: Secret | None = _setting(None, _token)
    operator: int | None = _setting(None, _whole(1, 2**64 - 1))
    quotes_per_answer: int = _setting(3, _whole(1, 5))
    import_seconds: int = _setting(600, _whole(1))
    import_memory_mib: int = _setting(1024, _whole(256))
    import_file_mib: int = _setting(100, _whole(1))
    import_unpacked_mib: int = _setting(8192, _whole(1))
    import_members: int = _setting(100_000, _whole(1))
    import_ratio: int = _setting(200, _whole(2))
    upload_mib: int = _setting(25, _whole(1, 500))
    upload_seconds: int = _setting(300, _whole(1, 780))
    server_posts: int = _setting(200_000, _whole(1))
    server_follows: int = _setting(25, _whole(0))
    follows: int = _setting(1_000, _whole(0))

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
    return [PREFIX + field.name.upper() for field in dataclasses.fields(Settings)]


def load() -> Settings:
    """Return the settings of this process.

    Raises :class:`SettingsError` with one sentence that names the variable, where it was set and what
    it may be. The sentence repeats no value, and so no secret.
    """
    try:
        written = _in_file() | _in_environment()
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(f"{_file()}, line {line}: is no UTF-8 text; save the file as UTF-8") from error
    except OSError as error:
        raise SettingsError(
            f"{_file()}: cannot be read ({error.strerror}); make it a file that Bobbin may read"
        ) from error
    values: dict[str, Any] = {}
    for field, name in zip(dataclasses.fields(Settings), variables(), strict=True):
        if name in written:
            try:
                values[field.name] = field.metadata["read"](written[name])
            except ValueError as error:
                raise SettingsError(
                    f"{name} ({where_set(name)}) {error}; .env.example explains it"
                ) from error
    return Settings(**values)


def _in_environment() -> dict[str, str]:
    """Return what the environment sets, by name in capitals."""
    return {name.upper(): value for name, value in os.environ.items() if value}


def _in_file() -> dict[str, str]:
    """Return what the settings file sets, by name in capitals; nothing where there is no file."""
    if not Path(_ENV_FILE).is_file():
        return {}
    from dotenv import dotenv_values  # noqa: PLC0415 - slow to import, and many commands have no such file

    values = dotenv_values(_ENV_FILE, encoding="utf-8-sig")
    return {name.upper(): value for name, value in values.items() if value}


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


def _bindings() -> "list[Binding]":
    """Return what stands in the settings file, line by line; nothing where there is no file."""
    path = Path(_ENV_FILE)
    if not path.is_file():
        return []
    from dotenv.parser import parse_stream  # noqa: PLC0415 - as above

    with path.open(encoding="utf-8-sig") as file:
        return list(parse_stream(file))


def _line(binding: "Binding") -> int:
    """Return the line that a binding begins at; the blank lines before it are part of what was read."""
    written = binding.original.string
    return binding.original.line + written[: len(written) - len(written.lstrip())].count("\n")


def _file() -> Path:
    return Path(_ENV_FILE).resolve()
