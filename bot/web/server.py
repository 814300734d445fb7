"""Listening: connections in, within bounds for those who are slow or never read."""

import asyncio
import contextlib
import errno
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterable
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
#: So many requests of a connection are read before those before them have their replies.
_READ_AHEAD: Final = 16
#: asyncio takes as many in one go as its backlog says, and does nothing else meanwhile.
_TAKEN_AT_ONCE: Final = 32
_SHUTDOWN: Final = 2.0
#: After so many seconds of silence a connection makes room for a new one.
_REPLACEABLE: Final = 1.0
#: What the system says of an address, or a kind of addresses, that this machine does not have.
_ABSENT: Final = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})


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


def _nothing() -> None:
    """Do nothing."""


class _Handler(web.RequestHandler):
    """aiohttp's connection, but for what is no request at all: that gets a page, and no log entry.

    ``at_work`` is set while a request that was read has no reply yet; ``replied`` is called after each reply.
    """

    __slots__ = ("at_work", "replied")

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.at_work = False
        self.replied: Callable[[], None] = _nothing

    @property
    def waiting(self) -> int:
        """Return how many requests were read that no reply was begun for."""
        return len(self._messages)

    async def finish_response(self, *given: Any, **named: Any) -> Any:
        """Send a reply; from then on the connection waits for its client."""
        try:
            return await super().finish_response(*given, **named)
        finally:
            self.at_work = self.waiting > 0
            self.replied()

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
    """A connection that ends when its client lets it wait too long; all else is aiohttp's.

    ``there`` are the connections in the order they came. Beyond the bound a new one takes the place of the
    first whose client has sent nothing for a while, so that idle connections keep no reader out.
    Of requests that come before the replies to those before them, a few are read; the others wait as bytes,
    and then with their client.
    """

    def __init__(self, inner: _Handler, patience: Patience, there: "dict[_Guarded, None]") -> None:
        self._inner = inner
        self._patience = patience
        self._there = there
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._tail = b""
        self._unread = b""
        self._paused = False
        self._heard = 0.0
        inner.replied = self._read_on

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._inner.connection_made(transport)
        if len(self._there) >= self._patience.connections and not self._make_room():
            self._transport.abort()
            return
        self._there[self] = None
        self._heard = asyncio.get_running_loop().time()
        self._within(self._patience.head)

    def _make_room(self) -> bool:
        return _end_idle(self._there)

    def end_if_idle(self) -> bool:
        """End the connection if its client is silent and no reply is due; return whether it was ended."""
        silent = asyncio.get_running_loop().time() - self._heard
        if self._inner.at_work or self._transport is None or silent < _REPLACEABLE:
            return False
        self._there.pop(self, None)
        self._transport.abort()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self._there.pop(self, None)
        self._rest()
        self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._heard = asyncio.get_running_loop().time()
        seen = self._tail + data
        if _HEAD_END in seen:
            self._rest()
            self._tail = b""
            self._inner.at_work = True
        else:
            self._tail = seen[-len(_HEAD_END) + 1 :]
            if self._timer is None:
                self._within(self._patience.head)
        self._unread += data
        self._read_on()

    def _read_on(self) -> None:
        """Have aiohttp read what came, up to so many requests that wait."""
        while self._unread and self._inner.waiting < _READ_AHEAD:
            part = _up_to_head(self._unread, _READ_AHEAD - self._inner.waiting)
            self._unread = self._unread[len(part) :]
            self._inner.data_received(part)
        if self._transport is not None and not self._transport.is_closing():
            if self._unread:
                self._transport.pause_reading()
            elif self._paused:
                self._transport.resume_reading()
            self._paused = bool(self._unread)

    def eof_received(self) -> None:
        self._inner.eof_received()

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


def _up_to_head(data: bytes, count: int) -> bytes:
    """Return what came up to the end of so many heads, all of it where there are fewer."""
    end = 0
    for _ in range(count):
        found = data.find(_HEAD_END, end)
        if found < 0:
            return data
        end = found + len(_HEAD_END)
    return data[:end]


def _end_idle(there: Iterable[_Guarded]) -> bool:
    """End the first connection whose client is silent; return whether there is one."""
    return any(other.end_if_idle() for other in list(there))


@contextlib.asynccontextmanager
async def serving(
    app: web.Application,
    host: str,
    port: int,
    *,
    patience: Patience = Patience(),
) -> AsyncIterator[int]:
    """Serve an application at an address for as long as the context lasts; give the port.

    ``port`` 0 lets the system choose. Connections are accepted even when the process has no descriptor left.
    Raises ``OSError`` where the address cannot be had.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN, handler_cancellation=True)
    await runner.setup()
    try:
        loop = asyncio.get_running_loop()
        manager = runner.server
        if manager is None:
            raise RuntimeError("a runner that was set up has a server")
        there: dict[_Guarded, None] = {}

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

        # Those beyond the bound are let go after they were accepted, so few may be at once where few may be.
        taken = max(1, min(_TAKEN_AT_ONCE, patience.connections // 4))
        servers = [
            await loop.create_server(connection, sock=bound, backlog=taken)
            for bound in _sockets(host, port, lambda: _end_idle(there))
        ]
        for listening in (listening for server in servers for listening in server.sockets):
            # The same socket once more, to let more wait before they are taken.
            with socket.socket(fileno=os.dup(listening.fileno())) as twin:
                twin.listen(_WAITING)
        try:
            yield int(servers[0].sockets[0].getsockname()[1])
        finally:
            for server in servers:
                server.close()
    finally:
        await runner.cleanup()


def _sockets(host: str, port: int, make_room: Callable[[], bool]) -> list[ReservingSocket]:
    """Return a socket for each address of a host, all at one port, each with descriptors in reserve.

    Addresses that this machine does not have are left out, as long as there is another one.
    """
    infos = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    bound: list[ReservingSocket] = []
    absent: OSError | None = None
    with contextlib.ExitStack() as opened:
        for family, kind, protocol, _, address in dict.fromkeys(infos):
            try:
                made = opened.enter_context(ReservingSocket(family, kind, protocol, make_room=make_room))
                made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                # Where the system chooses the port, it does so once.
                chosen = bound[0].getsockname()[1] if bound else port
                made.bind((address[0], chosen, *address[2:]))
            except OSError as error:
                if error.errno not in _ABSENT:
                    raise
                absent = error
                continue
            made.settimeout(0)
            made.reserve()
            bound.append(made)
        if absent is not None and not bound:
            raise absent
        opened.pop_all()
    return bound
