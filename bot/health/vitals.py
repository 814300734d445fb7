"""How a running Bobbin is: taken from the client in one piece, and judged without looking again."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.health.meter import Meter

__all__ = ["Held", "Shard", "Vitals", "complaints", "put"]

#: Seconds for which a person notices that nothing moves.
_SLOW_LOOP: Final = 1.0
#: Seconds a heartbeat may take; Discord itself drops a connection after some forty.
_SLOW_GATEWAY: Final = 5.0


@dataclass(frozen=True, slots=True)
class Shard:
    """One shard of this process; ``latency`` is in seconds, ``None`` while nothing is known of it."""

    id: int
    connected: bool
    latency: float | None


@dataclass(frozen=True, slots=True)
class Held:
    """What the archive holds: posts in the index, bytes of its arrays, bytes of the file and its log."""

    posts: int
    index_bytes: int
    file_bytes: int


@dataclass(frozen=True, slots=True)
class Vitals:
    """How Bobbin is at one moment.

    ``expected`` are the shards that this process is to serve, of ``shard_count``; ``held`` is ``None``
    when the archive refuses, and ``refusal`` says why. ``loop_delay`` is the longest of the last five
    minutes, in seconds.
    """

    version: str
    since: datetime
    expected: tuple[int, ...]
    shard_count: int
    shards: tuple[Shard, ...]
    servers: int
    in_hand: int
    loop_delay: float
    held: Held | None
    refusal: str | None = None


def complaints(vitals: Vitals) -> tuple[list[str], list[str]]:
    """Return what keeps Bobbin from answering, and what only makes it slow; each a sentence.

    With nothing in the first list it is well enough to be sent questions.
    """
    grave: list[str] = []
    slight: list[str] = []
    up = {shard.id: shard for shard in vitals.shards if shard.connected}
    missing = [str(number) for number in vitals.expected if number not in up]
    if missing or not vitals.expected:
        which = f"shard {', '.join(missing)}" if missing else "any shard"
        grave.append(f"Not connected to Discord with {which}; it tries again by itself.")
    if vitals.held is None:
        grave.append(f"The archive refuses: {vitals.refusal}")
    slight += [
        f"Shard {shard.id} waits {shard.latency:.1f} s for Discord's heartbeat."
        for shard in up.values()
        if shard.latency is not None and shard.latency > _SLOW_GATEWAY
    ]
    if vitals.loop_delay > _SLOW_LOOP:
        slight.append(
            f"The event loop stood still for {vitals.loop_delay:.1f} s within the last five minutes."
        )
    return grave, slight


def put(vitals: Vitals, meter: Meter) -> None:
    """Set the gauges of what is looked at only when somebody asks."""
    known = {shard.id: shard for shard in vitals.shards}
    for number in vitals.expected:
        shard = known.get(number)
        meter.gateway_up.labels(str(number)).set(float(shard is not None and shard.connected))
        latency = shard.latency if shard else None
        meter.gateway_latency.labels(str(number)).set(math.nan if latency is None else latency)
    meter.servers.set(vitals.servers)
    meter.in_hand.set(vitals.in_hand)
    meter.loop_delay_longest.set(vitals.loop_delay)
    if vitals.held:
        meter.index_posts.set(vitals.held.posts)
        meter.index_bytes.set(vitals.held.index_bytes)
        meter.archive_bytes.set(vitals.held.file_bytes)
