"""Listening: connections in, within bounds for those who are slow or never read."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final, cast

from aiohttp import web

__all__ = ["Patience", "serving"]

_HEAD_END: Final = b"\r\n\r\n"
_BACKLOG: Final = 1024
_SHUTDOWN: Final = 2.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How many connections there may be, and how many seconds each may take.

    ``head`` is for a request's head, ``reading`` for a reader who takes nothing of a reply, ``idle``
    between two requests.
    """

    connections: int = 2_000
    head: float = 10.0
    reading: float = 20.0
    idle: float = 15.0


class _Guarded(asyncio.Protocol):
    """A connection that ends when its client lets it wait too long; all else is aiohttp's."""

    def __init__(self, inner: asyncio.Protocol, patience: Patience, there: "set[_Guarded]") -> None:
        self._inner = inner
        self._patience = patience
        self._there = there
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._tail = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._inner.connection_made(transport)
        if len(self._there) >= self._patience.connections:
            self._transport.abort()
            return
        self._there.add(self)
        self._within(self._patience.head)

    def connection_lost(self, exc: Exception | None) -> None:
        self._there.discard(self)
        self._rest()
        self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        seen = self._tail + data
        if _HEAD_END in seen:
            self._rest()
            self._tail = b""
        else:
            self._tail = seen[-len(_HEAD_END) + 1 :]
            if self._timer is None:
                self._within(self._patience.head)
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        self._within(self._patience.reading)
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._rest()
        self._inner.resume_writing()

    def _within(self, seconds: float) -> None:
        self._rest()
        if self._transport is not None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._transport.abort)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


@contextlib.asynccontextmanager
async def serving(
    app: web.Application, host: str, port: int, *, patience: Patience = Patience()
) -> AsyncIterator[int]:
    """Serve an application at an address for as long as the context lasts; give the port.

    ``port`` 0 lets the system choose. Raises ``OSError`` where the address cannot be had.
    """
    runner = web.AppRunner(app, access_log=None, keepalive_timeout=patience.idle, shutdown_timeout=_SHUTDOWN)
    await runner.setup()
    try:
        inner = cast("Callable[[], asyncio.Protocol]", runner.server)
        there: set[_Guarded] = set()
        server = await asyncio.get_running_loop().create_server(
            lambda: _Guarded(inner(), patience, there), host, port, backlog=_BACKLOG, reuse_address=True
        )
        try:
            yield int(server.sockets[0].getsockname()[1])
        finally:
            server.close()
    finally:
        await runner.cleanup()
