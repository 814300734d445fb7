"""Listening: connections in, within bounds for those who are slow or never read."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final, cast

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.descriptors import ReservingSocket
from bot.web.error_pages import page_of_status
from bot.web.page import PageRequest
from bot.web.responses import security_headers

__all__ = ["Patience", "serving"]

_WRONG: Final = 400
#: A question of a thousand characters, each of four bytes, each byte written as three.
_LONGEST_LINE: Final = 16_384
_HEAD_END: Final = b"\r\n\r\n"
_WAITING: Final = 1024
#: asyncio takes as many in one go as its backlog says, and does nothing else meanwhile.
_TAKEN_AT_ONCE: Final = 32
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


class _Handler(web.RequestHandler):
    """aiohttp's connection, but for what is no request at all: that gets a page, and no log entry."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Return the reply to what could not be read; anything else is aiohttp's to handle."""
        if not isinstance(exc, HttpProcessingError):
            return super().handle_error(request, status, exc, message)
        made = page_of_status(_WRONG, PageRequest())
        headers = security_headers(None) | {"Content-Type": "text/html; charset=utf-8"}
        response = web.Response(status=_WRONG, body=made.body, headers=headers)
        response.force_close()
        return response


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
    app: web.Application,
    host: str,
    port: int,
    *,
    patience: Patience = Patience(),
    reserving: bool = False,
) -> AsyncIterator[int]:
    """Serve an application at an address for as long as the context lasts; give the port.

    ``port`` 0 lets the system choose. With ``reserving`` connections are accepted even when the process has
    no descriptor left. Raises ``OSError`` where the address cannot be had.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN)
    await runner.setup()
    try:
        loop = asyncio.get_running_loop()
        manager = runner.server
        if manager is None:
            raise RuntimeError("a runner that was set up has a server")
        there: set[_Guarded] = set()

        # No log of who read what.
        options: dict[str, Any] = {
            "access_log": None,
            "keepalive_timeout": patience.idle,
            "max_line_size": _LONGEST_LINE,
            # Bodies are read before a page is made; what is left of one ends the connection.
            "lingering_time": 0.0,
        }

        def connection() -> asyncio.Protocol:
            return _Guarded(_Handler(manager, loop=loop, **options), patience, there)

        listening_at: dict[str, Any] = {"host": host, "port": port, "reuse_address": True}
        if reserving:
            listening_at = {"sock": _reserving_socket(host, port)}
        # Those beyond the bound are let go after they were accepted, so few may be at once where few may be.
        taken = max(1, min(_TAKEN_AT_ONCE, patience.connections // 4))
        server = await loop.create_server(connection, **listening_at, backlog=taken)
        for listening in server.sockets:
            # The same socket once more, to let more wait before they are taken.
            with socket.socket(fileno=os.dup(listening.fileno())) as twin:
                twin.listen(_WAITING)
        try:
            yield int(server.sockets[0].getsockname()[1])
        finally:
            server.close()
    finally:
        await runner.cleanup()


def _reserving_socket(host: str, port: int) -> ReservingSocket:
    """Return a socket bound to the first address of a host, with descriptors in reserve."""
    infos = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = infos[0]
    bound = ReservingSocket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.settimeout(0)
        bound.reserve()
    except BaseException:
        bound.close()
        raise
    return bound
