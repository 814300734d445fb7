"""Rate limiting: a token bucket for each client address, charged by work. Pure."""

import ipaddress
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.settings import Network

__all__ = ["SECONDS_PER_TOKEN", "Rate", "RateLimiter", "client_network"]

_NETWORK = 64
#: So many seconds lie between two refusals of one client, which waits at most so many for one.
_BETWEEN_REFUSALS, _LONGEST_PAUSE = 0.02, 1.0
#: A question to a large archive takes some 20 ms, 200 posts of a long thread 40, a list of threads 2.
SECONDS_PER_TOKEN = 0.01


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
        self._next_refusals: OrderedDict[str, float] = OrderedDict()

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

    def pause(self, client: str, now: float) -> float:
        """Return in how many seconds a refusal is sent to a client: one after the other, however many ask.

        Without it, an address that asks on as fast as it is refused keeps the event loop busy with refusals.
        """
        due = min(max(now, self._next_refusals.get(client, now)), now + _LONGEST_PAUSE)
        self._next_refusals[client] = due + _BETWEEN_REFUSALS
        self._next_refusals.move_to_end(client)
        if len(self._next_refusals) > self._capacity:
            self._next_refusals.popitem(last=False)
        return due - now

    def is_heavy(self, client: str, now: float) -> bool:
        """Return whether a client has used up more than half of what it may ask for at once."""
        left, since = self._buckets.get(client, (self._rate.burst, now))
        return left + (now - since) * self._rate.per_second < self._rate.burst / 2

    def charge(self, client: str, seconds: float, paid: float) -> None:
        """Take what work of so many seconds costs beyond the tokens ``paid``; at most a burst is owed."""
        more = seconds / SECONDS_PER_TOKEN - paid
        if more > 0 and client in self._buckets:
            left, since = self._buckets[client]
            self._buckets[client] = max(-self._rate.burst, left - more), since


def client_network(peer: str | None, forwarded: str | None, trusted: Sequence[Network] = ()) -> str:
    """Return the client that a request counts for: an IPv4 address, or the network of an IPv6 address.

    ``peer`` is the address at the other end of the socket, ``forwarded`` the header X-Forwarded-For. Each
    proxy appends the address of its own peer, so the header is read from its end, for as long as the
    address before is that of a ``trusted`` proxy. Without trusted proxies it does not count.
    """
    client = _address(peer)
    hops = forwarded.split(",") if forwarded else []
    while hops and client is not None and any(client in network for network in trusted):
        hop = _address(hops.pop().strip())
        if hop is None:
            break
        client = hop
    if isinstance(client, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((int(client) >> _NETWORK << _NETWORK, _NETWORK)))
    return str(client)


def _address(text: str | None) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Parse an address, also with a zone or a port; IPv4 in the form of IPv6 is IPv4."""
    bare = (text or "").partition("%")[0]
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
