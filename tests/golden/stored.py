"""What Bobbin keeps on disk: the schema of its databases, and the stored index to the byte."""

import asyncio
import contextlib
import hashlib
import json
import mmap
import re
from collections.abc import Mapping
from pathlib import Path

from retrieval.sqlite import sqlite3
from tests.discord import LoopbackDiscord
from tests.discord.fixtures import point_at
from tests.golden.normal import as_json, without_stamps
from tests.golden.samples import OWN, PUBLIC, SERVER, large_archive, write, write_handbook
from tests.golden.seams import NOON, Clock, build, client, store_index

__all__ = ["files"]

_POSTS = 5_200
_MAGIC = b"bobbin\r\n"
_HEAD_AT = len(_MAGIC) + 8 + 16


async def files(folder: Path) -> Mapping[str, str]:
    """Return the schemas, what the archive's tables hold, and the digest of each array of the index."""
    cases: dict[str, str] = {}
    data, handbook = folder / "data", write_handbook(folder / "handbook")
    build(data, handbook, write(folder / "saved", PUBLIC), {SERVER: write(folder / "own", OWN)})
    async with LoopbackDiscord(contract=False, clock=NOON.timestamp) as loopback:
        loopback.add_guild("Reading room")
        with point_at(loopback):
            async with client(data, handbook, loopback, Clock()):
                pass
    for name in ("archive", "servers"):
        cases[f"schema/{name}.sql"] = _schema(data / f"{name}.db")
    cases["archive.jsonl"] = without_stamps(_rows(data / "archive.db"))
    # An SQLite that is too old for two writers has a file beside each database that names the one.
    files = sorted(path for path in data.rglob("*") if not path.name.endswith("-writer"))
    cases["files.txt"] = _unmarked("".join(f"{path.relative_to(data)}\n" for path in files))
    large = folder / "large"
    await asyncio.to_thread(build, large, handbook, write(folder, {"large.jsonl": large_archive(_POSTS)}))
    await asyncio.to_thread(store_index, large, handbook)
    # There is a segment for each language that is found in made-up words: the largest is recorded.
    for path in sorted((large / "index").iterdir(), key=lambda path: path.stat().st_size):
        name = _unmarked(path.name).removesuffix(".json")
        cases[f"index/{name}.json"] = _segment(path) if path.suffix == ".segment" else _list(path)
    return cases


def _unmarked(names: str) -> str:
    """Return names of segments without what is by chance: all behind the number of the collection."""
    return re.sub(r"-[0-9a-f]{16}", "", names)


def _schema(path: Path) -> str:
    """Return the statements that make a database, by name, and which migrations were applied."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        statements = database.execute(
            "select sql from sqlite_master where sql is not null order by type, name"
        )
        made = [f"{sql};\n" for (sql,) in statements]
        applied = database.execute("select migration_set, name from _sqlite_migrations order by id")
        made += [f"-- {group}: {name}\n" for group, name in applied]
        pragmas = ("user_version", "application_id", "journal_mode", "page_size", "auto_vacuum")
        made += [f"-- {name} = {database.execute(f'pragma {name}').fetchone()[0]}\n" for name in pragmas]
    return "".join(made)


def _rows(path: Path) -> str:
    """Return what each table holds, a row a line; of bytes a digest, of what is salted nothing.

    Keys of receipts change with the code that reads, as does the second digest of the handbook.
    """
    with contextlib.closing(sqlite3.connect(path)) as database:
        tables = [
            name
            for (name,) in database.execute(
                "select name from sqlite_master where type = 'table' order by name"
            )
        ]
        lines = []
        for table in tables:
            if table in {"_sqlite_migrations", "salt"} or table.startswith("sqlite_"):
                continue
            rows = database.execute(f"select * from {table}")  # noqa: S608 - a name out of the schema
            names = [column[0] for column in rows.description]
            hidden = {"key"} if table == "receipts" else set()
            shown = (
                {name: _shown(value) for name, value in zip(names, row, strict=True) if name not in hidden}
                for row in rows
            )
            lines += sorted(json.dumps({"table": table} | row, ensure_ascii=False) + "\n" for row in shown)
    return "".join(lines)


def _shown(value: object) -> object:
    if isinstance(value, str):
        return re.sub(r"(?<=^[0-9a-f]{64}) [0-9a-f]{64}$", "", value)
    return (
        f"{len(value)} bytes, sha256 {hashlib.sha256(value).hexdigest()[:16]}"
        if isinstance(value, bytes)
        else value
    )


def _segment(path: Path) -> str:
    """Return the arrays of a segment's file with type, shape, and the digest of each.

    The file is read by its own form: a magic word, the length of the head, its digest, the head in JSON,
    then the arrays from the next page on.
    """
    content = path.read_bytes()
    assert content.startswith(_MAGIC), path
    length = int.from_bytes(content[len(_MAGIC) : len(_MAGIC) + 8], "little")
    head = json.loads(content[_HEAD_AT : _HEAD_AT + length])
    begin = -(-(_HEAD_AT + length) // mmap.PAGESIZE) * mmap.PAGESIZE
    places = sorted(head["arrays"].items(), key=lambda named: named[1][2])
    ends = [place[2] for _, place in places[1:]] + [head["size"]]
    arrays = {
        name: {
            "at": at,
            "sha256": hashlib.sha256(content[begin + at : begin + end]).hexdigest(),
            "shape": shape,
            "type": kind,
        }
        for (name, (kind, shape, at)), end in zip(places, ends, strict=True)
    }
    # Who made it names the versions of the stemmer and of Unicode; the label is the file's name.
    told = {name: head[name] for name in ("format", "spelled", "size")} | {
        "keys": sorted(head),
        "arrays": arrays,
    }
    return as_json(told)


def _list(path: Path) -> str:
    """Return the list of a collection's segments without their names."""
    digest, _, content = path.read_bytes().partition(b"\n")
    told = json.loads(content)
    told["segments"] = len(told["segments"])
    return without_stamps(as_json({"digest": f"{len(digest)} characters"} | told))
