"""What a shell completes, out of the table of options and a look into the archive, without click.

The scripts of :mod:`bot.cli.completion_scripts` start Bobbin at every press of the key, so this imports next
to nothing: neither a command nor click, and SQLite only where ids or names are asked for. The archive is read
and never made, migrated or written; a completion that fails offers nothing and says nothing.
"""

import os
from collections.abc import Iterable
from typing import NamedTuple

from bot.cli.completion_scripts import SCRIPTS, script
from bot.cli.completion_table import COMMANDS as TAKEN
from bot.cli.completion_table import COMMON, GROUP, Options
from bot.cli.main import COMMANDS

__all__ = ["Offer", "complete", "offers"]

_OFFERED = 20
_HEADING = 80
_PUBLIC = "select id from collections where server_id is null and not handbook"
_HANDBOOK = "select id from collections where handbook"
#: What is offered of the archive: public threads, or the handbook's while there are none.
_SCOPE = (
    f"(collection_id in ({_PUBLIC}) or (not exists (select 1 from threads where collection_id in ({_PUBLIC}))"
    f" and collection_id in ({_HANDBOOK})))"
)
_THREADS = (
    f"select id, coalesce(nullif(title, ''), opening) from threads where {_SCOPE} and id >= ? and id < ?"
    f" order by imported_at desc, pk desc limit {_OFFERED}"
)
_AUTHORS = (
    f"select author from threads where {_SCOPE} and author is not null"
    " group by author collate nocase order by count(*) desc, author collate nocase"
)
_COLLECTIONS = f"select name from collections where id in ({_PUBLIC}) order by id"


class Offer(NamedTuple):
    """A word that may stand where something is typed, with what it means.

    ``kind`` is "plain", or "file" or "dir" where the shell itself lists the names.
    """

    value: str
    meaning: str = ""
    kind: str = "plain"


class _Line(NamedTuple):
    """A command line up to the word that is being typed.

    ``option`` is the one whose value is typed, and ``ended`` whether "--" ended the options.
    """

    command: str | None
    option: str | None
    given: tuple[str, ...]
    arguments: int
    data_dir: str | None
    ended: bool


def complete(instruction: str) -> str | None:
    """Return what a shell's script reads, for an instruction as ``bash_complete`` or ``bash_source``.

    ``None`` for a shell or an action that there is not. The words are in COMP_WORDS, the place of the one
    that is typed (in fish: the word itself) in COMP_CWORD.
    """
    shell, _, action = instruction.partition("_")
    if shell not in SCRIPTS or action not in {"complete", "source"}:
        return None
    if action == "source":
        return f"{script(shell)}\n"
    words, typed = _typed(shell)
    prefix = ""
    if shell == "fish" and typed.startswith("--") and "=" in typed:
        prefix = typed[: typed.index("=") + 1]  # fish completes "--author=Ada" as one word
    return "".join(f"{_written(shell, offer, prefix)}\n" for offer in offers(words, typed))


def offers(words: list[str], typed: str) -> list[Offer]:
    """Return what may stand in the place of ``typed`` behind other words of a command line.

    The words are without the program's name.
    """
    line = _parsed(words)
    if line.command is not None and line.command not in TAKEN:
        return []
    argument, options = TAKEN[line.command][0] if line.command else None, _options(line.command)
    if line.option is None and not line.ended and typed.startswith("-"):
        name, equals, typed_value = typed.partition("=")
        if not equals:
            return [
                Offer(name, meaning)
                for names, _, many, meaning in options
                for name in names
                if name.startswith(typed) and (many or not set(names) & set(line.given))
            ]
        line, typed = line._replace(option=name), typed_value
    if line.option is not None:
        values = next((values for names, values, _, _ in options if line.option in names), None)
    elif line.command is None:
        return [Offer(name, text) for name, (_, _, text) in COMMANDS.items() if name.startswith(typed)]
    else:
        values, many = argument or ("", False)
        if line.arguments and not many:
            return []
    return list(_values(values, typed, line.data_dir))


def _values(values: str | tuple[str, ...] | None, typed: str, data_dir: str | None) -> Iterable[Offer]:
    if isinstance(values, tuple):
        return (Offer(value) for value in values if value.startswith(typed))
    if values in {"file", "dir"}:
        return (Offer(typed, kind=values),)
    if values not in {"threads", "authors", "collections"}:
        return ()
    try:
        if values == "threads":
            start = typed.lower()
            found = _rows(data_dir, _THREADS, (start, f"{start}~"))
            return [Offer(thread_id, _line(heading)) for thread_id, heading in found]
        names = [name for (name,) in _rows(data_dir, _AUTHORS if values == "authors" else _COLLECTIONS)]
    except Exception:  # noqa: BLE001 - a completion that fails offers nothing and says nothing
        return ()
    names = [name for name in names if name.isprintable()]
    # A shell puts in what all have in common: names that begin otherwise would take away what is typed.
    near = [name for name in names if name.startswith(typed)]
    if not near and values == "authors":
        wanted = typed.casefold().removeprefix("@")
        near = [name for name in names if name.casefold().removeprefix("@").startswith(wanted)]
    return [Offer(name) for name in near[:_OFFERED]]


def _rows(data_dir: str | None, query: str, values: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return rows of the archive's file, which is only read; raise where that is not possible."""
    import sqlite3  # noqa: PLC0415 - options and commands are completed without it

    path = os.path.join(_data_dir(data_dir), "archive.db")  # noqa: PTH118 - pathlib is slow to import
    escaped = os.path.abspath(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")  # noqa: PTH100
    try:
        return _read(sqlite3.connect(f"file:{escaped}?mode=ro", uri=True, timeout=0.2), query, values)
    except sqlite3.OperationalError:
        # A folder that only may be read has no place for the log's index; without a log none is needed.
        if os.path.exists(f"{path}-wal"):  # noqa: PTH110 - as above
            raise
        return _read(sqlite3.connect(f"file:{escaped}?immutable=1", uri=True), query, values)


def _read(db, query: str, values: tuple[str, ...]) -> list[tuple[str, ...]]:  # type: ignore[no-untyped-def]  # noqa: ANN001 - sqlite3 is imported late
    try:
        rows: list[tuple[str, ...]] = db.execute(query, values).fetchall()
        return rows
    finally:
        db.close()


def _data_dir(written: str | None) -> str:
    """Return the data folder as the settings have it: by option, environment, ``.env``, or the default."""
    name = "BOBBIN_DATA_DIR"
    folder = written or next((text for key, text in os.environ.items() if key.upper() == name and text), None)
    if folder is None and os.path.isfile(".env"):  # noqa: PTH113 - pathlib is slow to import
        with open(".env", encoding="utf-8-sig") as file:  # noqa: PTH123 - as above
            mentioned = name in file.read().upper()
        if mentioned:
            from dotenv import dotenv_values  # noqa: PLC0415 - slow to import, and seldom needed

            settings = dotenv_values(".env", encoding="utf-8-sig")
            folder = next((text for key, text in settings.items() if key.upper() == name and text), None)
    return os.path.expanduser(folder or "data")  # noqa: PTH111 - as above


def _typed(shell: str) -> tuple[list[str], str]:
    """Return the words before the one that is being typed, without the program's name, and that one."""
    words, at = _split(os.environ.get("COMP_WORDS", "")), os.environ.get("COMP_CWORD", "")
    if shell == "fish":
        typed = next(iter(_split(at)), "")
        before = words[1:]
        return (before[:-1] if typed and before[-1:] == [typed] else before), typed
    place = int(at) if at.isdecimal() else len(words)
    before, typed = words[1:place], words[place] if place < len(words) else ""
    if shell == "bash":
        # bash takes "--author=Ada" for three words.
        typed = "" if typed == "=" else typed
        before = [
            word for i, word in enumerate(before) if not (word == "=" and before[i - 1].startswith("--"))
        ]
    return before, typed


def _split(line: str) -> list[str]:
    """Return a line's words as a shell takes them; the last may be in quotation marks that are not closed."""
    if not any(sign in line for sign in "'\"\\"):
        return line.split()
    import shlex  # noqa: PLC0415 - seldom needed

    lexer = shlex.shlex(line, posix=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    words: list[str] = []
    try:
        words.extend(lexer)
    except ValueError:
        words.append(lexer.token)
    return words


def _options(command: str | None) -> Options:
    """Return the options of a command; ``None`` is the group."""
    if command is None:
        return GROUP
    return (*TAKEN[command][1], *COMMON) if command in TAKEN else ()


def _parsed(words: list[str]) -> _Line:
    """Read a command line as far as it is written."""
    options = GROUP
    command, pending, data_dir, ended = None, None, None, False
    given: list[str] = []
    arguments = 0
    for word in words:
        if pending is not None:
            data_dir = word if pending == "--data-dir" else data_dir
            pending = None
        elif word == "--" and not ended:
            ended = True
        elif word.startswith("-") and len(word) > 1 and not ended:
            name, equals, value = word.partition("=")
            given.append(name)
            if any(values is not None for names, values, _, _ in options if name in names):
                if not equals:
                    pending = name
                elif name == "--data-dir":
                    data_dir = value
        elif command is None:
            command, given, ended = word, [], False
            options = _options(word)
        else:
            arguments += 1
    return _Line(command, pending, tuple(given), arguments, data_dir, ended)


def _written(shell: str, offer: Offer, prefix: str) -> str:
    """Return an offer as the shell's script reads it."""
    value, meaning = offer.value, offer.meaning
    if shell == "zsh":
        return f"{offer.kind}\n{value.replace(':', chr(92) + ':') if meaning else value}\n{meaning or '_'}"
    if shell == "fish":
        value = f"{prefix}{value}" if offer.kind == "plain" and not value.startswith("-") else value
        return f"{offer.kind},{value}\t{meaning}" if meaning else f"{offer.kind},{value}"
    return f"{offer.kind},{value}"


def _line(text: str) -> str:
    """Return the beginning of a text on one line, without what a terminal would interpret."""
    kept = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return kept if len(kept) <= _HEADING else f"{kept[: _HEADING - 1]}…"
