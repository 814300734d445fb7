"""Rate limiting: a token bucket for each client address, charged by work. Pure."""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass

__all__ = ["SECONDS_PER_TOKEN", "Rate", "RateLimiter", "client_network"]

_NETWORK = 64
#: A question to a large archive takes some 20 ms, a list of threads 2.
SECONDS_PER_TOKEN = 0.005


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket of ``burst`` tokens that gains ``per_second``; a request costs one at least.

    What takes long to make costs a token for each :data:`SECONDS_PER_TOKEN` of processor time.
    """

    burst: float = 120.0
    per_second: float = 4.0


class RateLimiter:
    """The buckets of the latest ``capacity`` clients."""

    def __init__(self, rate: Rate, *, capacity: int = 20_000) -> None:
        self._rate = rate
        self._capacity = capacity
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, cost: float, now: float) -> float:
        """Take ``cost`` tokens from a client's bucket; return 0.0, or in how many seconds it holds enough.

        ``now`` is in seconds of a monotonic clock.
        """
        left, since = self._buckets.get(client, (self._rate.burst, now))
        left = min(self._rate.burst, left + (now - since) * self._rate.per_second)
        wait = max(0.0, (cost - left) / self._rate.per_second)
        self._buckets[client] = (left if wait else left - cost), now
        self._buckets.move_to_end(client)
        if len(self._buckets) > self._capacity:
            self._buckets.popitem(last=False)
        return wait

    def charge(self, client: str, seconds: float, paid: float) -> None:
        """Take what work of so many seconds costs beyond the tokens ``paid``; at most a burst is owed."""
        more = seconds / SECONDS_PER_TOKEN - paid
        if more > 0 and client in self._buckets:
            left, since = self._buckets[client]
            self._buckets[client] = max(-self._rate.burst, left - more), since


def client_network(peer: str | None, forwarded: str | None) -> str:
    """Return the client that a request counts for: an IPv4 address, or the network of an IPv6 address.

    ``peer`` is the address at the other end of the socket. ``forwarded`` is the header X-Forwarded-For; it
    is trusted only from a proxy on this machine, and of it only the last address, which that proxy added.
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
