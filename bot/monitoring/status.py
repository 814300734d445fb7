"""How a running Bobbin is: taken from the client in one piece, and judged without looking again."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.monitoring.metrics import Metrics

__all__ = ["ArchiveSize", "BotStatus", "Shard", "complaints", "update_gauges"]

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
class ArchiveSize:
    """What the archive holds: posts in the index, bytes of its arrays, bytes of the file and its log."""

    posts: int
    index_bytes: int
    file_bytes: int


@dataclass(frozen=True, slots=True)
class BotStatus:
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
    held: ArchiveSize | None
    refusal: str | None = None


def complaints(bot_status: BotStatus) -> tuple[list[str], list[str]]:
    """Return what keeps Bobbin from answering, and what only makes it slow; each a sentence.

    With nothing in the first list it is well enough to be sent questions.
    """
    grave: list[str] = []
    slight: list[str] = []
    up = {shard.id: shard for shard in bot_status.shards if shard.connected}
    missing = [str(number) for number in bot_status.expected if number not in up]
    if missing or not bot_status.expected:
        which = f"shard {', '.join(missing)}" if missing else "any shard"
        grave.append(f"Not connected to Discord with {which}; it tries again by itself.")
    if bot_status.held is None:
        grave.append(f"The archive refuses: {bot_status.refusal}")
    slight += [
        f"Shard {shard.id} waits {shard.latency:.1f} s for Discord's heartbeat."
        for shard in up.values()
        if shard.latency is not None and shard.latency > _SLOW_GATEWAY
    ]
    if bot_status.loop_delay > _SLOW_LOOP:
        slight.append(
            f"The event loop stood still for {bot_status.loop_delay:.1f} s within the last five minutes."
        )
    return grave, slight


def update_gauges(bot_status: BotStatus, metrics: Metrics) -> None:
    """Set the gauges of what is looked at only when somebody asks."""
    known = {shard.id: shard for shard in bot_status.shards}
    for number in bot_status.expected:
        shard = known.get(number)
        metrics.gateway_up.labels(str(number)).set(float(shard is not None and shard.connected))
        latency = shard.latency if shard else None
        metrics.gateway_latency.labels(str(number)).set(math.nan if latency is None else latency)
    metrics.servers.set(bot_status.servers)
    metrics.in_hand.set(bot_status.in_hand)
    metrics.loop_delay_longest.set(bot_status.loop_delay)
    if bot_status.held:
        metrics.index_posts.set(bot_status.held.posts)
        metrics.index_bytes.set(bot_status.held.index_bytes)
        metrics.archive_bytes.set(bot_status.held.file_bytes)
