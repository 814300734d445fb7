"""Requests that Discord may get but once, since it knows no second one for the same: opening forum posts.

A message carries a nonce by which Discord drops a repetition, a forum post does not; and discord.py repeats
by itself what a server answered with 500, 502, 504 or 524, though it may have been done.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Final

import aiohttp

__all__ = ["UncertainError", "once_trace", "single_attempt"]

_ONCE: Final[ContextVar[bool]] = ContextVar("single attempt", default=False)
_FAULT: Final = 500


class UncertainError(OSError):
    """Discord failed over a request that may have been done all the same."""


@contextmanager
def single_attempt() -> Iterator[None]:
    """Have requests within raise :class:`UncertainError` for a server's fault, instead of being repeated."""
    token = _ONCE.set(True)
    try:
        yield
    finally:
        _ONCE.reset(token)


def once_trace() -> aiohttp.TraceConfig:
    """Return what the client's session needs for :func:`single_attempt`."""

    async def ended(
        _session: aiohttp.ClientSession, _context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        if _ONCE.get() and params.response.status >= _FAULT:
            raise UncertainError(f"{params.response.status} for what may be done")

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(ended)
    return trace
