"""Processes of one machine over one archive: what one of them changes, the others say within five seconds."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from retrieval.sqlite import sqlite3
from tests.benchmarks.web import bot, free_port
from tests.bot.archives import LAMPS, RIVERS
from tests.bot.cli.commands import ROOT, process
from tests.discord import LoopbackDiscord
from tests.unprivileged import bound_by_permissions, needs_permissions

#: What another process changed is seen within some two seconds; a busy machine may take longer.
WITHIN = 60.0
PAGES = {"ask", "threads", "trend"}


def bobbin(place: Path, *words: str) -> str:
    """Run a command to its end in a folder, as an operator does; return what it prints."""
    command = [sys.executable, "-m", "bot", *words]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=place, env=environment, check=True, capture_output=True, text=True, timeout=60
    )
    return done.stdout


@contextmanager
def served(place: Path, **options: Any) -> Iterator[str]:
    """Serve the pages of the archive in a folder by a process of its own; give their address."""
    # Every request comes through a proxy, from another visitor each.
    proxied = {"BOBBIN_TRUSTED_PROXIES": "127.0.0.0/8", **options.pop("env", {})}
    with process("serve", "--port", "0", cwd=place, env=proxied, **options) as serving:
        assert serving.stdout is not None
        line = serving.stdout.readline()
        try:
            assert "pages are at" in line, serving.stderr and serving.stderr.read()
            yield line.split(" at ")[1].split("/ ")[0]
        finally:
            serving.send_signal(signal.SIGTERM)
            serving.communicate(timeout=60)


@dataclass(frozen=True, slots=True)
class Known:
    """A thread by what each page shows of it: the answer to a question, the list, the trend of a word."""

    question: str
    quote: str
    heading: str
    word: str


FERRIES = Known("Why does the ferry cross at dawn?", "Gozdowice", "ferries of the river Oder", "gozdowice")
LIGHTS = Known("Why do lighthouses turn?", "Fresnel", "A thread about lamps", "quicksilver")

visitors = count(1)


def page(address: str, path: str) -> str:
    # Each request as another visitor's, passed on by a proxy: how often one may ask is not the question.
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{address}{path}", headers={"X-Forwarded-For": f"192.0.2.{next(visitors) % 250}"}
    )
    with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310 - as above
        return str(reply.read().decode())


def pages_with(address: str, known: Known) -> set[str]:
    """Return the pages that tell of a thread."""
    shown = {
        "ask": known.quote in page(address, f"/ask?q={urllib.parse.quote(known.question)}"),
        "threads": known.heading in page(address, "/threads"),
        "trend": "No post holds" not in page(address, f"/trend?q={known.word}"),
    }
    return {name for name, there in shown.items() if there}


def until(address: str, known: Known, *, there: bool) -> float:
    """Wait until every page tells of a thread, or none; return how many seconds that took."""
    started = time.monotonic()
    while (shown := pages_with(address, known)) != (PAGES if there else set()):
        assert time.monotonic() - started < WITHIN, f"after {WITHIN} s {shown} tell of {known.heading}"
        time.sleep(0.05)
    return time.monotonic() - started


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "rivers.txt").write_text(RIVERS)
    (tmp_path / "lamps.txt").write_text(LAMPS)
    bobbin(tmp_path, "import", "rivers.txt", "--author", "@ada")
    return tmp_path


def test_pages_tell_what_other_processes_import_forget_and_restore(place: Path) -> None:
    archive = place / "data" / "archive.db"
    with closing(sqlite3.connect(archive)) as raw:
        raw.execute("vacuum into ?", [str(place / "backup.db")])
    delays = []
    with served(place) as address:
        assert pages_with(address, FERRIES) == PAGES
        assert not pages_with(address, LIGHTS)
        bobbin(place, "import", "lamps.txt")
        delays.append(until(address, LIGHTS, there=True))
        bobbin(place, "forget", "--source", "lamps.txt", "--yes")
        delays.append(until(address, LIGHTS, there=False))
        bobbin(place, "import", "lamps.txt")
        delays.append(until(address, LIGHTS, there=True))
        bobbin(place, "forget", "--source", "rivers.txt", "--yes")
        delays.append(until(address, FERRIES, there=False))
        shutil.copy(place / "backup.db", place / "moved.db")
        (place / "moved.db").replace(archive)
        delays.append(until(address, FERRIES, there=True))
        assert not pages_with(address, LIGHTS)
        bobbin(place, "import", "lamps.txt")
        delays.append(until(address, LIGHTS, there=True))
        shutil.copyfile(place / "backup.db", archive)
        delays.append(until(address, LIGHTS, there=False))
        assert pages_with(address, FERRIES) == PAGES
        # Who was forgotten stays forgotten, whatever copy is put back.
        bobbin(place, "forget", "@ada", "--yes")
        delays.append(until(address, FERRIES, there=False))
    print("seconds until the pages tell:", [round(delay, 2) for delay in delays])  # noqa: T201 - pytest -rP


def test_a_conversation_in_the_terminal_knows_what_came_in_since_it_began(place: Path) -> None:
    with process("chat", cwd=place) as talking:
        assert talking.stdin is not None
        talking.stdin.write(f"{FERRIES.question}\n")
        talking.stdin.flush()
        bobbin(place, "import", "lamps.txt")
        out, errors = talking.communicate(f"{LIGHTS.question}\n", timeout=60)
    assert errors == ""
    assert "Gozdowice" in out
    assert "quicksilver" in out


def test_commands_and_pages_answer_while_another_program_keeps_both_files_locked(place: Path) -> None:
    with served(place):
        pass  # so that servers.db is there
    with (
        closing(sqlite3.connect(place / "data" / "archive.db")) as archive,
        closing(sqlite3.connect(place / "data" / "servers.db")) as servers,
    ):
        for held in (archive, servers):
            held.execute("begin immediate")
        assert "Gozdowice" in bobbin(place, "ask", FERRIES.question)
        with served(place) as address:
            assert pages_with(address, FERRIES) == PAGES


@needs_permissions
@pytest.mark.parametrize("servers", [True, False], ids=["servers.db there", "servers.db missing"])
def test_pages_are_served_out_of_a_folder_that_only_may_be_read(place: Path, servers: bool) -> None:  # noqa: FBT001 - a case
    data = place / "data"
    if servers:
        with served(place):
            pass
    for file in data.iterdir():
        file.chmod(0o555 if file.is_dir() else 0o444)
    data.chmod(0o555)
    try:
        with served(place, preexec_fn=bound_by_permissions) as address:
            assert pages_with(address, FERRIES) == PAGES
    finally:
        data.chmod(0o755)


def appears(path: Path) -> None:
    """Wait until a file is there."""
    while not path.exists():
        time.sleep(0.05)


async def test_the_bot_starts_and_answers_while_another_program_keeps_both_files_locked(place: Path) -> None:
    data = place / "data"
    async with LoopbackDiscord() as discord:
        alice = discord.add_user("alice")
        async with bot(discord, data, free_port()):
            # So that servers.db is there, and the commands are noted.
            await asyncio.to_thread(appears, data / "commands.json")
        noted = (data / "commands.json").read_bytes()
        with (
            closing(sqlite3.connect(data / "archive.db")) as archive,
            closing(sqlite3.connect(data / "servers.db")) as servers,
        ):
            for held in (archive, servers):
                held.execute("begin immediate")
            started = time.monotonic()
            async with bot(discord, data, free_port()):
                assert time.monotonic() - started < 4 * WITHIN
                await alice.dm(FERRIES.question)
                assert FERRIES.quote in (await discord.next_message(in_=alice.dm_channel)).text
        assert (data / "commands.json").read_bytes() == noted
