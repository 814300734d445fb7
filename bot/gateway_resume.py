"""The line to Discord's gateway: it keeps its session through trouble, and lets others take their turn.

discord.py gives up a session, and with it every event that Discord would have sent after a resume, when
the line is lost while it resumes: when connecting fails, or when the line closes before the request is
written. Questions asked meanwhile would never be answered. And it reads whatever has arrived without a
pause, so that a thousand messages at once hold up everything else.
"""

import asyncio
import itertools
import logging
import time
from typing import Any, Final, cast

import aiohttp
from discord.http import HTTPClient

__all__ = ["keep_sessions"]

log = logging.getLogger(__name__)

#: Between attempts to connect anew, in seconds: within the minute that discord.py waits for it.
_PAUSES: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0)
#: For so many seconds messages are read in a row before others take their turn.
_IN_A_ROW: Final = 0.005


def keep_sessions(http: HTTPClient) -> None:
    """Let every gateway connection of a client, after its first, be made with patience and kept fair."""
    connect = http.ws_connect
    known = itertools.count()

    async def ws_connect(url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        for pause in _PAUSES if next(known) else ():
            try:
                return _line(await connect(url, compress=compress))
            except (aiohttp.ClientError, OSError) as error:
                log.info("gateway: not reached (%s), next try in %.2f s", type(error).__name__, pause)
                await asyncio.sleep(pause)
        return _line(await connect(url, compress=compress))

    http.ws_connect = ws_connect  # type: ignore[method-assign]


def _line(socket: aiohttp.ClientWebSocketResponse) -> aiohttp.ClientWebSocketResponse:
    return cast("aiohttp.ClientWebSocketResponse", _Line(socket))


class _Line:
    """A socket as discord.py uses it; whatever is not said here is the socket's own."""

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
