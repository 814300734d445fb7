"""Clients of the loopback Discord as processes of their own, and people who ask them many questions."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from tests.discord import Channel, LoopbackDiscord, Person, Use
from tests.interrupts import heed_interrupts

__all__ = ["asked", "bobbin_at", "client_process", "environment"]

_ROOT = Path(__file__).resolve().parents[2]
_TIMEOUT = 120


def environment(server: LoopbackDiscord, folder: Path) -> dict[str, str]:
    """Return the environment of a process that is a client of the loopback Discord, its data in a folder."""
    return dict(os.environ) | {
        "BOBBIN_DATA_DIR": str(folder),
        "BOBBIN_DISCORD_TOKEN": server.token,
        "BOBBIN_DISCORD_API": server.api_url,
        "BOBBIN_DISCORD_GATEWAY": server.gateway_url,
        "PYTHONPATH": str(_ROOT),
    }


@contextlib.asynccontextmanager
async def bobbin_at(module: Sequence[str], server: LoopbackDiscord, folder: Path) -> AsyncIterator[None]:
    """Run a Python module, with arguments, as a client with its data in a folder; its log goes nowhere."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *module,
        cwd=folder,
        env=environment(server, folder),
        stderr=asyncio.subprocess.DEVNULL,
        preexec_fn=heed_interrupts,
    )
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(signal.SIGINT)
        await child.wait()


@contextlib.asynccontextmanager
async def client_process(
    arguments: Sequence[str], server: LoopbackDiscord, folder: Path, log: Path, tree: Path = _ROOT
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run Python as a client that answers on its standard output; its log is added to a file.

    Its data is in ``folder``; ``tree`` holds the Bobbin that is meant.
    """
    with log.open("a") as errors:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=folder,
            env=environment(server, folder) | {"PYTHONPATH": os.fspath(tree)},
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
        )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def asked(person: Person, channel: Channel, questions: Sequence[str], at_once: int) -> list[Use]:
    """Ask questions, each as soon as there is room for it among so many; return how each went."""
    room = asyncio.Semaphore(at_once)

    async def one(question: str) -> Use:
        async with room:
            use = await person.uses(channel, "ask", question=question)
            await use.reply(timeout=_TIMEOUT)
            return use

    return await asyncio.gather(*(one(question) for question in questions))
