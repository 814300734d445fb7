"""The line to Discord's gateway: it keeps its session through trouble, and lets others take their turn.

discord.py gives up a session, and with it every event that Discord would have sent after a resume, when
the line is lost while it resumes: when connecting fails, or when the line closes before the request is
written. Questions asked meanwhile would never be answered. And it reads whatever has arrived without a
pause, so that a thousand messages at once hold up everything else.
"""

import asyncio
import fcntl
import itertools
import logging
import random
import time
from pathlib import Path
from typing import Any, Final, cast

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.http import HTTPClient
from discord.shard import EventItem, EventType, Shard

__all__ = ["IdentifyGate", "drop_own_messages", "keep_apart", "keep_sessions"]

log = logging.getLogger(__name__)

#: Between attempts to connect anew, in seconds: within the minute that discord.py waits for it.
_PAUSES: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0)
#: What a session's own host gets before the default gateway is asked to resume it: seconds an attempt.
_OWN_HOST: Final = (1.5, 1.5)
_SPREAD: Final = (0.5, 1.5)
#: Discord takes ``max_concurrency`` identifies in so many seconds.
_IDENTIFY_EVERY: Final = 5.0
#: For so many seconds messages are read in a row before others take their turn.
_IN_A_ROW: Final = 0.005


def keep_sessions(http: HTTPClient) -> None:
    """Let every gateway connection of a client, after its first, be made with patience and kept fair.

    A host that Discord named for resuming gets two attempts; where it does not answer, the default gateway
    resumes the session, within four seconds. Pauses vary, so that many shards do not ask at once.
    """
    connect = http.ws_connect
    known = itertools.count()

    async def ws_connect(url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        default = DiscordWebSocket.DEFAULT_GATEWAY
        if yarl.URL(url).origin() != default.origin():
            for pause, limit in zip(_PAUSES, _OWN_HOST, strict=False):
                try:
                    return _resumable(await asyncio.wait_for(connect(url, compress=compress), limit))
                except (aiohttp.ClientError, OSError, TimeoutError) as error:
                    log.info("gateway: resume host not reached (%s)", type(error).__name__)
                    await asyncio.sleep(pause * random.uniform(*_SPREAD) / 2)  # noqa: S311 - only spreads
            log.info("gateway: resuming through the default gateway")
            url = str(default.with_query(yarl.URL(url).query))
        for pause in _PAUSES if next(known) else ():
            pause *= random.uniform(*_SPREAD)  # noqa: S311, PLW2901 - only spreads
            try:
                return _resumable(await connect(url, compress=compress))
            except (aiohttp.ClientError, OSError) as error:
                log.info("gateway: not reached (%s), next try in %.2f s", type(error).__name__, pause)
                await asyncio.sleep(pause)
        return _resumable(await connect(url, compress=compress))

    http.ws_connect = ws_connect  # type: ignore[method-assign]


def keep_apart(shard: Shard, tasks: set[asyncio.Task[None]]) -> None:
    """Let a shard reconnect beside the others, and let an error of its own cost its session only.

    discord.py awaits one shard's reconnection after another, and an error that it does not expect in one
    ends the client. ``tasks`` holds what is under way.
    """
    for name in ("reidentify", "reconnect"):
        method = getattr(shard, name)

        async def beside(*values: Any, method: Any = method) -> None:
            task = asyncio.create_task(method(*values), name=f"reconnect-shard-{shard.id}")
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        setattr(shard, name, beside)
    put = shard._queue_put  # noqa: SLF001 - discord.py offers no other way

    def put_or_go_on(item: EventItem) -> None:
        if item.type is EventType.terminate and not isinstance(item.error, discord.PrivilegedIntentsRequired):
            log.error("shard %d failed; it identifies anew", shard.id, exc_info=item.error)
            item = EventItem(EventType.identify, shard, ReconnectWebSocket(shard.id, resume=False))
        put(item)

    shard._queue_put = put_or_go_on  # noqa: SLF001 - the same


def drop_own_messages(client: discord.Client) -> None:
    """Let a client not parse what it sent itself, which Discord hands back with every message.

    Nothing here asks for it, and it took 6 % of an answer's processor time.
    """
    state = client._connection  # noqa: SLF001 - discord.py offers no other way
    parse = state.parsers["MESSAGE_CREATE"]

    def parse_of_others(data: dict[str, Any]) -> None:
        own = state.user
        if own is None or data.get("author", {}).get("id") != str(own.id):
            parse(data)

    state.parsers["MESSAGE_CREATE"] = parse_of_others


class IdentifyGate:
    """Spaces identifies as Discord asks, over all processes of a bot that share a folder.

    Shards whose numbers are equal modulo ``max_concurrency`` wait for each other for five seconds.
    """

    def __init__(self, folder: Path, max_concurrency: int, *, every: float = _IDENTIFY_EVERY) -> None:
        self._folder = folder
        self._buckets = max(1, max_concurrency)
        self._every = every

    async def wait(self, shard_id: int) -> None:
        """Wait until a shard may identify; it counts as having done so."""
        path = self._folder / f"identify-{shard_id % self._buckets}.lock"
        while (left := await asyncio.to_thread(self._take, path)) > 0:  # noqa: ASYNC110 - other processes set it
            await asyncio.sleep(left)

    def _take(self, path: Path) -> float:
        """Note an identify now, or return for how many seconds it is too early."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            written, now = file.read().strip(), time.time()
            latest = float(written) if written else 0.0
            # A clock that was set back must not keep a shard waiting for longer than the rule says.
            if 0 <= now - latest < self._every:
                return self._every - (now - latest)
            file.truncate(0)
            file.write(f"{now:.3f}")
        return 0.0


def _resumable(socket: aiohttp.ClientWebSocketResponse) -> aiohttp.ClientWebSocketResponse:
    return cast("aiohttp.ClientWebSocketResponse", _ResumableSocket(socket))


class _ResumableSocket:
    """A socket as discord.py uses it; what is not defined here is the socket's own."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._since = time.monotonic()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    async def send_str(self, data: str) -> None:
        """Send a text; one that finds the line closed is dropped, and the next read tells why.

        discord.py resumes after a failed read. After a failed write it would identify anew, unless what
        is raised is a ``RuntimeError``: that it leaves to the next read.
        """
        try:
            await self._socket.send_str(data)
        except (aiohttp.ClientError, OSError) as error:
            raise RuntimeError("the line to the gateway is closed") from error

    async def receive(self, timeout: float | None = None) -> aiohttp.WSMessage:  # noqa: ASYNC109 - the socket's own
        """Receive the next message, now and then after what else the loop has to do."""
        if time.monotonic() - self._since > _IN_A_ROW:
            await asyncio.sleep(0)
            self._since = time.monotonic()
        return await self._socket.receive(timeout)
