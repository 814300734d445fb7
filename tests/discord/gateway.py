"""Speak Discord's gateway: identify, dispatch, resume, and every way to lose a socket."""

import asyncio
import contextlib
import json
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.discord.events import Event, place_event
from tests.discord.intents import PRIVILEGED, wants
from tests.discord.lines import cut
from tests.discord.payloads import ready_payload
from tests.discord.state import World
from tests.discord.wire import Json, encode

__all__ = ["Gateway", "Session"]

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
_IGNORED = frozenset({3, 4, 8})
_BACKLOG = 20_000


@dataclass(eq=False)
class Session:
    """Hold one client's session on one shard; it outlives its socket until it is invalidated."""

    id: str
    shard: tuple[int, int]
    intents: int
    sequence: int = 0
    backlog: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=_BACKLOG), repr=False)
    link: "Link | None" = field(default=None, repr=False)
    is_ready: bool = False
    resumes: int = 0

    def sees(self, event: Event) -> bool:
        """Tell whether an event is for this session: private ones go to shard 0."""
        shard_id, count = self.shard
        mine = shard_id == 0 if event.guild_id is None else (event.guild_id >> 22) % count == shard_id
        return mine and wants(self.intents, event.intent)

    def dispatch(self, name: str, data: Json, sent: Callable[[], None] | None = None) -> None:
        """Number an event, keep it for a resume and send it if there is a socket."""
        self.sequence += 1
        frame = encode({"op": DISPATCH, "t": name, "s": self.sequence, "d": data})
        self.backlog.append((self.sequence, frame))
        if self.link is not None:
            self.link.send(frame, sent)


class Link:
    """Hold one socket and write its frames in order."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        """Take a socket that is open."""
        self._request = request
        self.socket = socket
        self.closed_here = False
        self._outbox: asyncio.Queue[tuple[str, Callable[[], None] | None]] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())

    def send(self, frame: str, sent: Callable[[], None] | None = None) -> None:
        """Queue a frame; `sent` is called once it is on its way."""
        self._outbox.put_nowait((frame, sent))

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                frame, sent = await self._outbox.get()
                try:
                    await self.socket.send_str(frame)
                    if sent is not None:
                        sent()
                finally:
                    self._outbox.task_done()

    async def flush(self) -> None:
        """Wait until every queued frame is written."""
        # A writer that died leaves its frames for the next socket: nothing more to wait for.
        written = asyncio.create_task(self._outbox.join())
        await asyncio.wait({written, self._writer}, return_when=asyncio.FIRST_COMPLETED)
        written.cancel()

    def abort(self) -> None:
        """Cut the connection as a lost network would."""
        self._writer.cancel()
        cut(self._request.transport)

    async def close(self, code: int, reason: str = "") -> None:
        """Close the connection as Discord closes it."""
        self._writer.cancel()
        self.closed_here = True
        await self.socket.close(code=code, message=reason.encode())


class Gateway:
    """Serve every socket, and keep the sessions behind them."""

    def __init__(self, world: World, token: str, privileged: int, on_change: Callable[[], None]) -> None:
        """Take the world to tell of; `privileged` are the intents that were granted."""
        self._world = world
        self._token = token
        self.privileged = privileged
        self._on_change = on_change
        self.url = ""
        #: The host that READY names for resuming; without one it is that of the gateway.
        self.resume_url = ""
        self.heartbeat_ms = 41_250
        self.answers_heartbeats = True
        self.refuse_with: int | None = None
        self.turn_away = 0
        self.cut_after_hello = 0
        self.cut_resumes = 0
        self.sessions: dict[str, Session] = {}
        self.links: set[Link] = set()
        self.identifies: list[Json] = []
        #: Shards that may identify at once, and for how many seconds others must wait; Discord's are 5.
        self.concurrency, self.identify_seconds = 1, 0.0
        self.identified_too_soon = 0
        self._identified: dict[int, float] = {}
        self.heartbeats = 0
        self.flags = (1 << 19) if privileged & (1 << 15) else 0

    @property
    def live(self) -> list[Session]:
        """List the sessions that have a socket and were told that they are ready."""
        return [
            session for session in self.sessions.values() if session.link is not None and session.is_ready
        ]

    def publish(self, event: Event, sent: Callable[[], None] | None = None) -> None:
        """Send an event to every session that may see it."""
        for session in list(self.sessions.values()):
            if session.sees(event):
                session.dispatch(event.name, event.build(session.intents), sent)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one socket from Hello to its end."""
        if self.turn_away:
            self.turn_away -= 1
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(max_msg_size=1 << 20)
        await socket.prepare(request)
        link = Link(request, socket)
        self.links.add(link)
        link.send(encode({"op": HELLO, "s": None, "t": None, "d": {"heartbeat_interval": self.heartbeat_ms}}))
        session: Session | None = None
        if self.cut_after_hello:
            self.cut_after_hello -= 1
            await link.flush()
            link.abort()
        try:
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    continue
                session = await self._take(link, session, json.loads(frame.data))
        finally:
            self.links.discard(link)
            link.abort()
            if session is not None and session.link is link:
                session.link = None
                # A client that says so ends its session; one that answers a close from here does not.
                if socket.close_code in (1000, 1001) and not link.closed_here:
                    self.sessions.pop(session.id, None)
            self._on_change()
        return socket

    async def _take(self, link: Link, session: Session | None, frame: Json) -> Session | None:
        op = frame.get("op")
        if op == HEARTBEAT:
            self.heartbeats += 1
            if self.answers_heartbeats:
                link.send(encode({"op": ACK}))
        elif op == IDENTIFY and session is None:
            return await self._identify(link, frame["d"])
        elif op == RESUME and session is None and self.cut_resumes:
            self.cut_resumes -= 1
            link.abort()
        elif op == RESUME and session is None:
            return await self._resume(link, frame["d"])
        elif op in (IDENTIFY, RESUME):
            await link.close(4005, "Already authenticated.")
        elif session is None:
            await link.close(4003, "Not authenticated.")
        elif op not in _IGNORED:
            await link.close(4001, "Unknown opcode.")
        return session

    async def _identify(self, link: Link, data: Json) -> Session | None:
        self.identifies.append(data)
        shard_id, count = data.get("shard") or (0, 1)
        intents = int(data.get("intents", 0))
        if self._is_too_soon(shard_id):
            self.identified_too_soon += 1
            link.send(encode({"op": INVALID_SESSION, "d": False}))
            return None
        refusal = self._refusal(data, shard_id, count, intents)
        if refusal is not None:
            await link.close(*refusal)
            return None
        session = Session(secrets.token_hex(16), (shard_id, count), intents, link=link)
        self.sessions[session.id] = session
        shard = (shard_id, count)
        session.dispatch(
            "READY", ready_payload(self._world, session.id, shard, self.resume_url or self.url, self.flags)
        )
        for guild in self._world.bot_guilds():
            event = place_event("GUILD_CREATE", guild, known=True)
            if session.sees(event):
                session.dispatch(event.name, event.build(intents))
        await link.flush()
        session.is_ready = True
        self._on_change()
        return session

    def _is_too_soon(self, shard_id: int) -> bool:
        """Tell whether another shard of this rate limit key has just identified."""
        key, now = shard_id % self.concurrency, time.monotonic()
        if now - self._identified.get(key, -self.identify_seconds) < self.identify_seconds:
            return True
        self._identified[key] = now
        return False

    def _refusal(self, data: Json, shard_id: int, count: int, intents: int) -> tuple[int, str] | None:
        if self.refuse_with is not None:
            return self.refuse_with, "Refused by the test."
        if data.get("token") != self._token:
            return 4004, "Authentication failed."
        if not 0 <= shard_id < count:
            return 4010, "Invalid shard."
        if intents & PRIVILEGED & ~self.privileged:
            return 4014, "Disallowed intent(s)."
        return None

    async def _resume(self, link: Link, data: Json) -> Session | None:
        if data.get("token") != self._token or self.refuse_with is not None:
            await link.close(self.refuse_with or 4004, "Authentication failed.")
            return None
        session = self.sessions.get(str(data.get("session_id")))
        seen = data.get("seq")
        if session is None or not isinstance(seen, int) or seen > session.sequence:
            link.send(encode({"op": INVALID_SESSION, "d": False}))
            return None
        if session.link is not None:
            session.link.abort()
        session.link = link
        for sequence, frame in session.backlog:
            if sequence > seen:
                link.send(frame)
        session.resumes += 1
        session.dispatch("RESUMED", {"_trace": ["[]"]})
        await link.flush()
        self._on_change()
        return session

    def drop(self) -> None:
        """Cut every socket without a word; the sessions can be resumed."""
        for session in self.sessions.values():
            session.link = None
        for link in list(self.links):
            link.abort()

    def ask_reconnect(self) -> None:
        """Ask every client to come back and resume."""
        for link in self.links:
            link.send(encode({"op": RECONNECT, "d": None}))

    def invalidate(self, *, resumable: bool) -> None:
        """Tell every client that its session is void."""
        for session in list(self.sessions.values()):
            if not resumable:
                del self.sessions[session.id]
            if session.link is not None:
                session.link.send(encode({"op": INVALID_SESSION, "d": resumable}))

    async def close_all(self, code: int) -> None:
        """Close every socket with a code."""
        for link in list(self.links):
            await link.close(code)
