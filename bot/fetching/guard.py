"""The guard: the one place that fetches what people name, so that nobody reaches what they may not.

Every address is checked before a connection is made, the names that lead to it are resolved once, and what
was checked is what is connected to. Nothing of the environment takes part: no proxy, credentials or cookies.
"""

import asyncio
import ssl
import time
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.fetching.addresses import check, is_public
from bot.fetching.errors import FetchError, RefusedAddressError

__all__ = ["NOT_MODIFIED", "FetchLimits", "Fetched", "Guard", "Network"]

#: The status of what has not changed since the answer that a validator came with.
NOT_MODIFIED: Final = 304

_CHUNK: Final = 64 * 2**10
_MEDIA_TYPES: Final = ("application/json", "application/activity+json", "application/ld+json")
_NOT_FOUND: Final = frozenset({404, 410})
_UNAUTHORISED: Final = frozenset({401, 403})
_TOO_MANY: Final = 429
_FAILED: Final = 400
#: A host that says nothing of when to ask again is left alone for so many seconds.
_COOL_DOWN: Final = 60.0


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What one request may cost: seconds in all, bytes once unpacked, redirects, and seconds between two."""

    seconds: float = 20.0
    size: int = 8 * 2**20
    redirects: int = 3
    apart: float = 1.0


@dataclass(frozen=True, slots=True)
class Network:
    """The network that is fetched from: how names are resolved, what is allowed, and who vouches for hosts.

    There is one, the public internet. Tests put theirs in its place; no setting does.
    """

    resolver: Callable[[], AbstractResolver] = aiohttp.ThreadedResolver
    allowed: Callable[[str], bool] = is_public
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: the address that gave it, its status, its headers and its bytes, unpacked."""

    url: URL
    status: int
    headers: Mapping[str, str]
    body: bytes


class _CheckedResolver(AbstractResolver):
    """Resolves a name once, and refuses it where one of its addresses is not public."""

    def __init__(self, network: Network) -> None:
        self._inner = network.resolver()
        self._allowed = network.allowed

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        """Return the addresses that the connection may be made to."""
        found = await self._inner.resolve(host, port, family)
        if not found or not all(self._allowed(one["host"]) for one in found):
            raise RefusedAddressError("leads into a private network; only public addresses are fetched")
        return found

    async def close(self) -> None:
        """Close the resolver behind this one."""
        await self._inner.close()


@dataclass(slots=True)
class _Host:
    """A host's turn: one request at a time, the next one no earlier than ``ready`` on the clock."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    ready: float = 0.0


class Guard:
    """Fetches addresses within limits, for one event loop; closed when it is left or by :meth:`close`.

    ``agent`` is the user agent. Requests to one host are made one at a time and ``limits.apart`` seconds
    apart, and not before a host that asked for rest wants to be asked again. ``clock`` and ``sleep`` are in
    seconds.
    """

    def __init__(
        self,
        agent: str,
        *,
        limits: FetchLimits | None = None,
        network: Network | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.limits = limits or FetchLimits()
        self._agent = agent
        self._network = network or Network()
        self._clock, self._sleep = clock, sleep
        self._hosts: dict[str, _Host] = {}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Return the guard, to be closed when it is left."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections."""
        await self.close()

    async def close(self) -> None:
        """Close the connections; the next request opens them anew."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _opened(self) -> aiohttp.ClientSession:
        """Return the connections, made at the first request: most runs fetch nothing."""
        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=_CheckedResolver(self._network),
                use_dns_cache=False,
                ssl=self._network.tls(),
                limit=8,
                limit_per_host=1,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
                headers={"User-Agent": self._agent, "Accept-Encoding": "gzip"},
            )
        return self._session

    async def get(self, link: str, etag: str | None = None) -> Fetched:
        """Return what stands at an address: JSON, within the limits.

        With ``etag``, a validator that came with an earlier answer, the status is 304 and the body empty
        where nothing changed since.

        Raises :class:`FetchError` with the reason, :class:`RefusedAddressError` before anything is sent to an
        address that is not to be fetched.
        """
        target = check(link)
        for _ in range(self.limits.redirects + 1):
            fetched = await self._turn(target, etag)
            if fetched.status not in {301, 302, 303, 307, 308}:
                return self._accepted(fetched)
            target = self._led_on(fetched)
        raise FetchError(f"leads on more than {self.limits.redirects} times; open it and copy where it ends")

    def _led_on(self, fetched: Fetched) -> URL:
        try:
            # Joined as text: an address that is parsed first has its characters replaced before the check.
            onward = urljoin(str(fetched.url), fetched.headers.get("location", ""))
        except ValueError as error:
            raise FetchError("leads on to what is no address") from error
        return check(onward)

    async def _turn(self, target: URL, etag: str | None) -> Fetched:
        host = self._hosts.setdefault(target.raw_host or "", _Host())
        async with host.lock:
            wait = host.ready - self._clock()
            if wait > self.limits.seconds:
                raise FetchError(_resting(wait), status=_TOO_MANY, retry_after=wait)
            if wait > 0:
                await self._sleep(wait)
            try:
                fetched = await self._request(target, etag)
                rest = _rest(fetched)
            finally:
                host.ready = self._clock() + self.limits.apart
            if rest is not None:
                host.ready = self._clock() + rest
            return fetched

    async def _request(self, target: URL, etag: str | None) -> Fetched:
        try:
            async with (
                asyncio.timeout(self.limits.seconds),
                self._opened().get(
                    target,
                    allow_redirects=False,
                    timeout=aiohttp.ClientTimeout(),
                    headers={"If-None-Match": etag} if etag else None,
                ) as response,
            ):
                headers = {name.lower(): value for name, value in response.headers.items()}
                body = b""
                if response.status < 300:  # noqa: PLR2004 - of the rest, only the status counts
                    body = await self._body(response, headers)
                return Fetched(target, response.status, headers, body)
        except FetchError:
            raise
        except TimeoutError as error:
            raise FetchError(
                f"gave no answer within {self.limits.seconds:.0f} seconds; try again later"
            ) from error
        except aiohttp.ClientConnectorCertificateError as error:
            raise FetchError("has no valid certificate; nothing is fetched from there") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            refusal = _refusal(error)
            if refusal:
                raise refusal from error
            raise FetchError(f"cannot be reached ({type(error).__name__}); try again later") from error

    async def _body(self, response: aiohttp.ClientResponse, headers: Mapping[str, str]) -> bytes:
        """Return the bytes of an answer, unpacked and never more than the limit."""
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in _MEDIA_TYPES:
            raise FetchError(
                "is no page that a service gives to programs; save the page and import that file"
            )
        packing = headers.get("content-encoding", "identity").strip().lower()
        if packing not in {"identity", "gzip", "x-gzip", ""}:
            raise FetchError(
                "answers in a packing that was not asked for; save the page and import that file"
            )
        unpacker = zlib.decompressobj(wbits=31) if "gzip" in packing else None
        body = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            waiting = chunk
            while waiting:
                if unpacker is None:
                    body += waiting
                    waiting = b""
                else:
                    try:
                        body += unpacker.decompress(waiting, self.limits.size + 1 - len(body))
                    except zlib.error as error:
                        raise FetchError("answers with damaged bytes; try again later") from error
                    waiting = unpacker.unconsumed_tail
                if len(body) > self.limits.size:
                    raise FetchError(
                        f"answers with more than {self.limits.size // 2**20} MiB; nothing was kept"
                    )
        return bytes(body)

    def _accepted(self, fetched: Fetched) -> Fetched:
        status = fetched.status
        if status in _NOT_FOUND:
            raise FetchError("is no public post, or is gone", status=status)
        if status in _UNAUTHORISED:
            raise FetchError("is shown to people who are logged in there only", status=status)
        if status == _TOO_MANY:
            wait = _rest(fetched) or _COOL_DOWN
            raise FetchError(_resting(wait), status=status, retry_after=wait)
        if status >= _FAILED:
            rest = _rest(fetched)
            raise FetchError(
                f"was answered with an error ({status}); try again later", status=status, retry_after=rest
            )
        return fetched


def _refusal(error: BaseException) -> RefusedAddressError | None:
    """Return the refusal behind an error of the connection, ``None`` where it is another's."""
    at: BaseException | None = error
    while at is not None and not isinstance(at, RefusedAddressError):
        at = at.__cause__ or at.__context__
    return at


def _resting(seconds: float) -> str:
    return f"is on a server that wants to be left alone for {max(1, round(seconds))} seconds; try again then"


def _rest(fetched: Fetched) -> float | None:
    """Return for how many seconds a host is to be left alone: what it says, or a minute after it refused."""
    value = fetched.headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(min(int(value), 24 * 3600))
    if value:
        try:
            until = parsedate_to_datetime(value).timestamp()
        except ValueError:
            return _COOL_DOWN
        return min(max(0.0, until - time.time()), 24 * 3600.0)
    return _COOL_DOWN if fetched.status == _TOO_MANY else None
