"""Measure how long health takes to turn bad for each fault, and good again after its repair.

    python -m tests.benchmarks.health [--beside-pages] [FAULT ...]

A bot is a process of its own; its folder is a small file system in memory, which only the superuser can
mount. Exits 1 where a turn takes more than 60 seconds. Faults: damaged, full, readonly, replaced,
descriptors, gateway. With --beside-pages the health page is at the port of the pages, which as many clients
as may hold open meanwhile; else at a port of its own.
"""

import argparse
import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import aiohttp

from retrieval.archive import Archive
from tests.benchmarks.trial import say
from tests.benchmarks.web import free_port
from tests.bot.archives import RIVERS, fill, handbook_in
from tests.discord import LoopbackDiscord
from tests.promises import sabotage
from tests.unprivileged import bound_by_permissions

__all__ = ["main"]

ROOT = Path(__file__).resolve().parents[2]
BAR = 60.0
SETTLED = 8.0
Repair = Callable[[], object]


class Stage:
    """A bot at work, and the faults that can be made around it; each returns how it is repaired."""

    def __init__(self, discord: LoopbackDiscord, folder: Path, child: asyncio.subprocess.Process) -> None:
        self._discord = discord
        self._folder = folder
        self._child = child

    def damaged(self) -> Repair:
        path = self._folder / "archive.db"
        whole = path.read_bytes()
        with path.open("r+b") as opened:
            opened.seek(len(whole) // 2 // 4096 * 4096)
            opened.write(b"\xa5" * 4_000)

        def repair() -> None:
            with path.open("r+b") as opened:
                opened.write(whole)

        return repair

    def full(self) -> Repair:
        filler = self._folder / "filler"
        with contextlib.suppress(OSError), filler.open("wb") as opened:
            while True:
                opened.write(bytes(1 << 16))
        return filler.unlink

    def readonly(self) -> Repair:
        self._folder.chmod(0o500)
        return lambda: self._folder.chmod(0o700)

    def replaced(self) -> Repair:
        path, away = self._folder / "archive.db", self._folder / "away.db"
        path.rename(away)
        path.write_bytes(b"no database" * 1000)
        return lambda: away.replace(path)

    async def settled(self) -> None:
        """Wait until the bot has held as many descriptors for a while: none is given back after a fault."""
        held, since = self._held(), time.monotonic()
        while time.monotonic() - since < SETTLED:
            await asyncio.sleep(0.5)
            if self._held() != held:
                held, since = self._held(), time.monotonic()

    def descriptors(self) -> Repair:
        self._limit(self._held())
        return lambda: self._limit(1024)

    def gateway(self) -> Repair:
        self._discord.spoil_connecting(turned_away=1_000_000)
        self._discord.gateway.drop()
        return self._discord.spoil_connecting

    def _held(self) -> int:
        return len(list(Path(f"/proc/{self._child.pid}/fd").iterdir()))

    def _limit(self, number: int) -> None:
        command = ["prlimit", "--pid", str(self._child.pid), f"--nofile={number}:{max(number, 1024)}"]
        subprocess.run(command, check=True)


FAULTS = ("damaged", "full", "readonly", "replaced", "descriptors", "gateway")


@contextlib.contextmanager
def mounted(size: str = "64m") -> Iterator[Path]:
    """Mount a small file system in memory; give its folder."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, "data")
        folder.mkdir()
        options = f"size={size},mode=700"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)  # noqa: S607
        try:
            yield folder
        finally:
            subprocess.run(["umount", "-l", folder], check=True)  # noqa: S607


async def state(address: str) -> str:
    """Return what the health page says, ``silent`` where it does not answer."""
    try:
        timeout = aiohttp.ClientTimeout(total=10)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(address) as reply:
            return str((await reply.json())["state"])
    except (aiohttp.ClientError, OSError, TimeoutError):
        return "silent"


async def turned(address: str, *, good: bool) -> float:
    """Wait until the health page says so; return after how many seconds."""
    started = time.monotonic()
    while time.monotonic() - started < 2 * BAR:
        if await state(address) in ({"well", "slow"} if good else {"in trouble"}):
            return time.monotonic() - started
        await asyncio.sleep(0.5)
    return time.monotonic() - started


async def hold(port: int, number: int = 300) -> list[asyncio.StreamWriter]:
    """Open connections to the pages that ask for nothing; return those that there were descriptors for."""
    writers = []
    for _ in range(number):
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writers.append(writer)
    return writers


async def measure(faults: list[str], *, beside_pages: bool = False) -> bool:
    """Make each fault and repair it; return whether each turn came in time."""
    fast = True
    with mounted() as folder, tempfile.TemporaryDirectory() as other:
        handbook, health = handbook_in(Path(other) / "handbook"), free_port()
        with Archive.open(folder / "archive.db", handbook=handbook) as archive:
            fill(archive, rivers=RIVERS)
        async with LoopbackDiscord() as discord:
            discord.add_guild("Reading room").add_channel("hall")
            child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                "run",
                cwd=other,
                preexec_fn=bound_by_permissions,
                env={
                    "PATH": os.environ["PATH"],
                    "PYTHONPATH": str(ROOT),
                    "BOBBIN_DATA_DIR": str(folder),
                    "BOBBIN_HANDBOOK": str(handbook),
                    "BOBBIN_DISCORD_TOKEN": discord.token,
                    "BOBBIN_DISCORD_API": discord.api_url,
                    "BOBBIN_DISCORD_GATEWAY": discord.gateway_url,
                    **(
                        {"BOBBIN_HTTP_PORT": str(health)}
                        if beside_pages
                        else {"BOBBIN_HTTP_PORT": "0", "BOBBIN_HEALTH_PORT": str(health)}
                    ),
                    "BOBBIN_LOG_LEVEL": "error",
                },
            )
            try:
                await discord.ready(timeout=120)
                address = f"http://127.0.0.1:{health}/health"
                stage = Stage(discord, folder, child)
                await turned(address, good=True)
                for fault in faults:
                    await stage.settled()
                    repair = getattr(stage, fault)()
                    writers = await hold(health) if beside_pages else []
                    bad = await turned(address, good=False)
                    repair()
                    good = await turned(address, good=True)
                    fast = fast and max(bad, good) <= BAR
                    for writer in writers:
                        writer.close()
                    say(f"{fault:<12} bad after {bad:5.1f} s, good after {good:5.1f} s")
            finally:
                child.terminate()
                await child.wait()
    return fast


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faults", nargs="*", metavar="FAULT", default=list(FAULTS))
    parser.add_argument("--beside-pages", action="store_true", help="on the port of the pages")
    given = parser.parse_args()
    sabotage.apply()
    return 0 if asyncio.run(measure(given.faults, beside_pages=given.beside_pages)) else 1


if __name__ == "__main__":
    sys.exit(main())
