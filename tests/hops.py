"""Count the modules and functions that one ``/ask``, one imported text file and one digest pass.

``python -m tests.hops`` prints them by package; ``--names`` names each function. Only what the handler itself
calls counts, in whatever task or thread: neither the gateway nor the loops in the background.
"""

import argparse
import asyncio
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final, TypeVar

from bot.client import Bobbin
from bot.settings import Secret, Settings
from retrieval.archive import Archive
from retrieval.formats.import_types import SavedFile
from tests.bot.archives import LAMPS, RIVERS, fill, handbook_in
from tests.bot.conftest import running, visitor
from tests.canary import TOKEN
from tests.discord import Channel, LoopbackDiscord
from tests.discord.fixtures import point_at

__all__ = ["Calls", "calls_of_a_digest", "calls_of_an_import", "calls_of_ask", "main", "profiled"]

ROOT: Final = Path(__file__).resolve().parent.parent
BEES: Final = "The waggle dance shows the bees where the linden blooms.\n/1\nSo they fly there.\n/END\n"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Calls:
    """The functions that were called, by module and qualified name; a lambda is part of where it stands."""

    functions: set[tuple[str, str]] = field(default_factory=set)

    @property
    def modules(self) -> set[str]:
        """Return the modules that were passed."""
        return {module for module, _ in self.functions}

    def by_package(self) -> dict[str, tuple[int, int]]:
        """Return how many modules and functions of each package were passed."""
        packages: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for module, name in self.functions:
            packages[".".join(module.split(".")[:2])].add((module, name))
        return {
            package: (len({module for module, _ in functions}), len(functions))
            for package, functions in sorted(packages.items())
        }


_current: ContextVar[Calls | None] = ContextVar("calls", default=None)
_names: dict[CodeType, tuple[str, str] | None] = {}


@contextmanager
def profiled() -> Iterator[None]:
    """Note every call in this thread, and in those that begin meanwhile."""
    threading.setprofile(_note)
    sys.setprofile(_note)
    try:
        yield
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def _note(frame: FrameType, event: str, _: Any) -> None:
    # A task and what it runs in a thread have the context of the handler that began them.
    if event == "call" and (calls := _current.get()) is not None:
        code = frame.f_code
        if code not in _names:
            _names[code] = _name(code)
        if (name := _names[code]) is not None:
            calls.functions.add(name)


def _name(code: CodeType) -> tuple[str, str] | None:
    """Return the module and the name of a function of ours."""
    path = Path(code.co_filename)
    if path.is_relative_to(ROOT / "bot") or path.is_relative_to(ROOT / "retrieval"):
        name = code.co_qualname.partition(".<locals>.<")[0]
        if not name.startswith("<"):
            return ".".join(path.relative_to(ROOT).with_suffix("").parts), name
    return None


def _noting(calls: Calls, handler: Callable[..., Awaitable[T]]) -> Callable[..., Awaitable[T]]:
    """Return a handler whose calls are noted, with those of the tasks and threads that it begins."""

    async def run(*arguments: Any) -> T:
        token = _current.set(calls)
        try:
            return await handler(*arguments)
        finally:
            _current.reset(token)

    return run


@asynccontextmanager
async def _client(
    folder: Path, now: Callable[[], datetime]
) -> AsyncIterator[tuple[Bobbin, LoopbackDiscord, Channel]]:
    settings = Settings(
        discord_token=Secret(TOKEN),
        data_dir=folder / "data",
        handbook=handbook_in(folder / "handbook"),
    )
    async with LoopbackDiscord() as loopback:
        hall = loopback.add_guild("Reading room").add_channel("hall")
        with point_at(loopback), Archive.open(settings.database, handbook=settings.handbook) as archive:
            fill(archive, rivers=RIVERS, lamps=LAMPS)
            client = Bobbin(archive, settings, ready_timeout=0.01, now=now)
            async with running(client, loopback):
                yield client, loopback, hall


async def calls_of_ask(folder: Path) -> Calls:
    """Ask a question that the archive answers, as a member of a server."""
    calls = Calls()
    async with _client(folder, lambda: datetime.now(UTC)) as (client, loopback, hall):
        alice = visitor(loopback, hall, "alice")
        # The first question also brings the index up to date.
        await (await alice.uses(hall, "ask", question="Who cut the lens?")).final()
        client.tree._call = _noting(calls, client.tree._call)  # type: ignore[assignment]
        (answer,) = (
            await (await alice.uses(hall, "ask", question="Why does the ferry cross at dawn?")).final()
        ).messages
        assert "current is calm" in answer.text
    return calls


async def calls_of_a_digest(folder: Path) -> Calls:
    """Post the first digest of a server with new threads, in one tick of the scheduler."""
    calls = Calls()
    now = datetime(2026, 11, 22, 18, tzinfo=UTC)
    clock = [now]
    async with _client(folder, lambda: clock[0]) as (client, loopback, hall):
        client.digests.scheduler.stop()
        ada = loopback.add_user("ada")
        assert hall.guild
        hall.guild.add_member(ada, administrator=True)
        await (await ada.uses(hall, "digest setup", channel=hall, at="9:00", timezone="UTC")).final()
        fill(
            client.archive,
            bees="The waggle dance tells the bees where the linden blooms.\n/1\nSo they fly.\n/END\n",
        )
        clock[0] = now + timedelta(hours=16)
        client.digests.scheduler._stopped = False
        assert await _noting(calls, client.digests.scheduler.tick)() == 1
        assert any("waggle" in str(message.components) for message in hall.messages.values())
    return calls


async def calls_of_an_import(folder: Path) -> Calls:
    """Import a text file into an archive that holds others, without the process that reads files apart."""
    calls = Calls()
    with Archive.open(folder / "archive.db") as archive:
        fill(archive, lamps=LAMPS)

        async def work() -> None:
            report = archive.import_file(SavedFile("rivers.txt", RIVERS.encode()))
            assert report.error is None

        await _noting(calls, work)()
    return calls


_MEASURED: Final[dict[str, Callable[[Path], Coroutine[Any, Any, Calls]]]] = {
    "one /ask": calls_of_ask,
    "one imported text file": calls_of_an_import,
    "one digest": calls_of_a_digest,
}


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.hops", description=__doc__)
    parser.add_argument("--names", action="store_true", help="name each function")
    names = parser.parse_args(arguments).names
    for title, measured in _MEASURED.items():
        with tempfile.TemporaryDirectory() as folder, profiled():
            calls = asyncio.run(measured(Path(folder)))
        packages = calls.by_package()
        sys.stdout.write(f"{title}: {len(calls.modules)} modules, {len(calls.functions)} functions\n")
        for package, (modules, functions) in packages.items():
            sys.stdout.write(f"  {package:26} {modules:3} modules {functions:4} functions\n")
        for module, name in sorted(calls.functions) if names else ():
            sys.stdout.write(f"    {module} {name}\n")


if __name__ == "__main__":
    main()
