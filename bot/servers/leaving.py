"""Servers that Bobbin is no longer in: when they are due to be forgotten. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

__all__ = ["GRACE", "Membership", "compared", "due"]

GRACE: Final = timedelta(days=30)
"""For how long a server's settings and uploads are kept after Bobbin left it, in case it comes back."""


@dataclass(frozen=True, slots=True)
class Membership:
    """What a look at the servers tells: those that were left, and those that Bobbin is in again."""

    left: frozenset[int] = frozenset()
    back: frozenset[int] = frozenset()


def compared(
    known: Iterable[int], departed: Iterable[int], present: Iterable[int], *, shards: Iterable[int], of: int
) -> Membership:
    """Compare the servers that something is kept of with those that Bobbin is in.

    Only those count that belong to one of the ``shards`` of all ``of``: another process knows the
    others. Raises ``ValueError`` for no shards at all.
    """
    if of < 1:
        raise ValueError("a bot has at least one shard")
    there, gone, own = frozenset(present), frozenset(departed), frozenset(shards)
    ours = frozenset(server for server in known if (server >> 22) % of in own)
    return Membership(left=ours - there - gone, back=gone & there)


def due(departed: Mapping[int, datetime], now: datetime) -> list[int]:
    """Return the servers whose time is over, in the order in which they were left."""
    over = (server for server, left in departed.items() if left + GRACE <= now)
    return sorted(over, key=lambda server: (departed[server], server))
