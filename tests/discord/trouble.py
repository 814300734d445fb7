"""Let things go wrong between Discord and its clients."""

import asyncio
import re
from collections.abc import Mapping

from tests.discord.faults import Fault, Faults
from tests.discord.gateway import Gateway
from tests.discord.wire import Json

__all__ = ["Trouble"]


class Trouble:
    """Plan faults of the HTTP API, and break gateway connections."""

    def __init__(self, faults: Faults, gateway: Gateway) -> None:
        """Take what is to fail."""
        self.faults = faults
        self.gateway = gateway

    def fail(
        self,
        method: str,
        path: str,
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        body: Json | str | None = None,
        times: int | None = 1,
        delay: float = 0.0,
        reset: bool = False,
        hang_up: bool = False,
        after: bool = False,
    ) -> Fault:
        """Plan a fault for requests of a method ("*" for any) whose path matches `path`; see `Fault`."""
        fault = Fault(
            method, re.compile(path), status, headers or {}, body, times, delay, reset, hang_up, after
        )
        return self.faults.plan(fault)

    def limit_rate(
        self,
        method: str,
        path: str,
        *,
        retry_after: float = 0.1,
        everywhere: bool = False,
        via: bool = True,
        times: int | None = 1,
    ) -> Fault:
        """Plan a 429; without `via` it looks like a ban at the edge, which clients do not retry."""
        body: Json = {
            "message": "You are being rate limited.",
            "retry_after": retry_after,
            "global": everywhere,
        }
        headers = {"Retry-After": str(max(1, round(retry_after)))}
        if via:
            headers |= {"Via": "1.1 google", "X-RateLimit-Scope": "global" if everywhere else "user"}
        return self.fail(method, path, status=429, headers=headers, body=body, times=times)

    def heal(self) -> None:
        """Let nothing go wrong any more."""
        self.faults.heal()
        self.gateway.refuse_with = None
        self.gateway.answers_heartbeats = True

    async def drop_sockets(self) -> None:
        """Cut every gateway socket; sessions can be resumed."""
        self.gateway.drop()
        await asyncio.sleep(0)

    async def ask_reconnect(self) -> None:
        """Ask every client to reconnect and resume."""
        self.gateway.ask_reconnect()

    async def invalidate_sessions(self, *, resumable: bool = False) -> None:
        """Tell every client that its session is void."""
        self.gateway.invalidate(resumable=resumable)

    async def close_sockets(self, code: int = 4000) -> None:
        """Close every gateway socket with a code."""
        await self.gateway.close_all(code)

    def spoil_connecting(self, *, turned_away: int = 0, after_hello: int = 0, resuming: int = 0) -> None:
        """Spoil so many of the next attempts to connect: with a 503, after Hello, or while resuming."""
        self.gateway.turn_away, self.gateway.cut_after_hello = turned_away, after_hello
        self.gateway.cut_resumes = resuming

    def refuse_sessions(self, code: int = 4004) -> None:
        """Refuse every later identify and resume with a code; HTTP goes on."""
        self.gateway.refuse_with = code
