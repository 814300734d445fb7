"""Cut connections the way networks do."""

import asyncio
import socket
import struct

__all__ = ["cut"]

_RESET_AT_ONCE = struct.pack("ii", 1, 0)


def cut(transport: asyncio.BaseTransport | None, *, reset: bool = True) -> None:
    """End a connection without a word: by a reset (errno 104 at the other end) or by closing it."""
    if not isinstance(transport, asyncio.Transport):
        return
    line = transport.get_extra_info("socket")
    if reset and line is not None and line.fileno() >= 0:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_ONCE)
    transport.abort()
