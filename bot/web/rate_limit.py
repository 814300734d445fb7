"""How much one address may ask for: a bucket each that fills again with time. Pure."""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass

__all__ = ["Rate", "RateLimiter", "client_network"]

_NETWORK = 64


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` requests at once, then ``per_second``; what needs a search costs several."""

    burst: float = 120.0
    per_second: float = 4.0


class RateLimiter:
    """The buckets of the latest ``room`` addresses."""

    def __init__(self, rate: Rate, *, room: int = 20_000) -> None:
        self._rate = rate
        self._room = room
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, cost: float, now: float) -> float:
        """Take ``cost`` out of a bucket; return 0.0, or after how many seconds it holds enough.

        ``now`` is in seconds of any clock that never goes back.
        """
        left, since = self._buckets.get(client, (self._rate.burst, now))
        left = min(self._rate.burst, left + (now - since) * self._rate.per_second)
        wait = max(0.0, (cost - left) / self._rate.per_second)
        self._buckets[client] = (left if wait else left - cost), now
        self._buckets.move_to_end(client)
        if len(self._buckets) > self._room:
            self._buckets.popitem(last=False)
        return wait


def client_network(peer: str | None, forwarded: str | None) -> str:
    """Return whom a request counts for: an IPv4 address, or the network of an IPv6 address.

    ``peer`` is the address at the other end of the socket. ``forwarded`` is the header
    X-Forwarded-For; it is believed where a proxy on this machine says it, and of it only the last
    address, which that proxy added itself.
    """
    named = _address(peer)
    if named is not None and named.is_loopback and forwarded:
        named = _address(forwarded.rpartition(",")[2].strip()) or named
    if isinstance(named, ipaddress.IPv6Address):
        if named.ipv4_mapped is None:
            return str(ipaddress.IPv6Network((int(named) >> _NETWORK << _NETWORK, _NETWORK)))
        named = named.ipv4_mapped
    return str(named)


def _address(text: str | None) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address((text or "").partition("%")[0])
    except ValueError:
        return None
