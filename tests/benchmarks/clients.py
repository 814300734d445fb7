"""The clients that questions are asked of, each in a process of its own: Bobbin, and a bare discord.py one.

It is run as a file, ``python -P tests/benchmarks/clients.py bobbin|bare [--sample]``, with ``PYTHONPATH`` at
the tree whose Bobbin is meant, so that an older revision can be measured beside this one. SIGUSR1 begins the
measurement anew; SIGTERM ends the process, which then writes what it measured since as a line of JSON.
"""

import asyncio
import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import FrameType
from typing import Any

import discord
import yarl

__all__ = ["Sampler", "be_bare", "be_bobbin"]

#: The longest wait for the compiled loops, which the first start on a machine compiles, in seconds.
_COMPILING = 120.0
_BEAT = 0.01
_SAMPLED_EVERY = 0.001
#: Where a thread waits and takes no processor time, by file and function.
_IDLE = frozenset({("selectors.py", "select"), ("threading.py", "wait"), ("thread.py", "_worker")})


class Sampler:
    """Looks a thousand times a second where each thread is, and counts for which package it works.

    What the standard library, or code in C, does counts for the package that calls it.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sampler", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> dict[str, int]:
        """Return how often each package was seen at work, most often first."""
        self._stop.set()
        self._thread.join()
        return dict(self.counts.most_common())

    def _run(self) -> None:
        own = threading.get_ident()
        while not self._stop.wait(_SAMPLED_EVERY):
            for ident, frame in sys._current_frames().items():
                if ident != own and not _is_idle(frame):
                    self.counts[_package_of(frame)] += 1


def _is_idle(frame: FrameType) -> bool:
    return (Path(frame.f_code.co_filename).name, frame.f_code.co_name) in _IDLE


def _package_of(frame: FrameType | None) -> str:
    """Return the innermost package at work: two levels of Bobbin's own, the name of another's."""
    first = ""
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        top = name.partition(".")[0]
        if top in {"bot", "retrieval"}:
            return ".".join(name.split(".")[:2])
        if "site-packages" in frame.f_code.co_filename:
            return str(top)
        first = first or str(top)
        frame = frame.f_back
    return "asyncio" if first in {"asyncio", "selectors"} else "python"


async def be_bobbin(*, sample: bool = False) -> None:
    """Be Bobbin, as ``bobbin run`` is, connected once its compiled loops are loaded."""
    from bot.client import Bobbin  # noqa: PLC0415 - not for the bare client
    from bot.log import configure  # noqa: PLC0415
    from bot.runtime import freeze_loaded_objects  # noqa: PLC0415
    from bot.settings import load  # noqa: PLC0415
    from retrieval.archive import Archive  # noqa: PLC0415

    settings = load()
    configure(settings)
    with Archive.open(settings.database, handbook=settings.handbook) as archive:
        archive.refresh()
        freeze_loaded_objects()
        loaded = threading.Event()

        def note() -> None:
            freeze_loaded_objects()
            loaded.set()

        archive.hasten(note)
        await asyncio.to_thread(loaded.wait, _COMPILING)
        client = Bobbin(archive, settings, ready_timeout=0.01)
        await _until_stopped(client, client.finish, sample=sample)


async def be_bare(*, sample: bool = False) -> None:
    """Be a client that answers always the same, as fast as discord.py can."""
    discord.http.Route.BASE = os.environ["BOBBIN_DISCORD_API"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["BOBBIN_DISCORD_GATEWAY"])
    nobody = discord.AllowedMentions.none()
    client = discord.AutoShardedClient(
        intents=discord.Intents(guilds=True, guild_messages=True),
        guild_ready_timeout=0.01,
        max_messages=None,
        allowed_mentions=nobody,
    )
    tree = discord.app_commands.CommandTree(client)

    @tree.command(description="Answer always the same")
    async def ask(interaction: discord.Interaction[Any], question: str) -> None:
        assert question
        await interaction.response.defer()
        await interaction.edit_original_response(content="The same as ever.", allowed_mentions=nobody)

    async def on_message(message: discord.Message) -> None:
        if not message.author.bot:
            await message.reply("The same as ever.", mention_author=False, nonce=str(message.id))

    async def setup_hook() -> None:
        await tree.sync()

    client.on_message = on_message  # type: ignore[attr-defined]
    client.setup_hook = setup_hook  # type: ignore[method-assign]
    await _until_stopped(client, client.close, sample=sample)


class _Measurement:
    """Processor seconds and the longest delay of the loop, in seconds, since the last :meth:`begin`."""

    def __init__(self, *, sample: bool) -> None:
        self._sample = sample
        self._sampler: Sampler | None = None
        self.begin()

    def begin(self) -> None:
        """Begin anew."""
        if self._sampler is not None:
            self._sampler.stop()
        self._sampler = Sampler() if self._sample else None
        if self._sampler is not None:
            self._sampler.start()
        self._began, self._longest = time.process_time(), 0.0

    def result(self) -> dict[str, Any]:
        """Return what was measured."""
        processor = time.process_time() - self._began
        packages = self._sampler.stop() if self._sampler is not None else {}
        return {"loop_delay": self._longest, "processor": processor, "packages": packages}

    async def watch(self) -> None:
        """Note how late the loop is, for as long as it runs."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due = loop.time() + _BEAT
            await asyncio.sleep(_BEAT)
            self._longest = max(self._longest, loop.time() - due)


async def _until_stopped(
    client: discord.Client, close: Callable[[], Coroutine[Any, Any, object]], *, sample: bool
) -> None:
    """Run a client until SIGTERM, and print what was measured."""
    stop, loop, measurement = asyncio.Event(), asyncio.get_running_loop(), _Measurement(sample=sample)
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGUSR1, measurement.begin)
    watching = asyncio.create_task(measurement.watch())
    running = asyncio.create_task(client.start(os.environ["BOBBIN_DISCORD_TOKEN"]))
    await asyncio.wait({running, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
    result = measurement.result()
    watching.cancel()
    await close()
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    chosen = {"bobbin": be_bobbin, "bare": be_bare}[sys.argv[1]]
    asyncio.run(chosen(sample="--sample" in sys.argv))
