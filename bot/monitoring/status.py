"""The status of a running Bobbin: a snapshot of the client, and what is wrong in it. Pure."""

import math
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.monitoring.metrics import Metrics
from bot.monitoring.self_test import SelfTestResult

__all__ = ["ArchiveSize", "BotStatus", "OutcomeWindow", "Shard", "complaints", "update_gauges"]

#: An older self-test says nothing of the present.
_STALE: Final = timedelta(seconds=60)
#: Questions, of those within five minutes, from which on a share says something.
_ENOUGH_QUESTIONS: Final = 10
_FAILED_SHARE: Final = 0.2
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


class OutcomeWindow:
    """The outcomes of the questions of the last five minutes, in constant memory. For one event loop."""

    def __init__(self, seconds: float = 300.0, most: int = 1_000) -> None:
        self._seconds = seconds
        self._outcomes: deque[tuple[float, bool]] = deque(maxlen=most)

    def note(self, now: float, *, failed: bool) -> None:
        """Note a question's outcome; ``now`` is in seconds and never runs backwards."""
        self._outcomes.append((now, failed))

    def clear(self) -> None:
        """Begin anew: what failed before a repair says nothing of the time after it."""
        self._outcomes.clear()

    def at(self, now: float) -> tuple[int, int]:
        """Return how many questions were asked and how many of them failed.

        Once the latest ten were answered, earlier failures count no more.
        """
        recent = [failed for moment, failed in self._outcomes if moment > now - self._seconds]
        if not any(recent[-_ENOUGH_QUESTIONS:]):
            return len(recent), 0
        return len(recent), sum(recent)


@dataclass(frozen=True, slots=True)
class BotStatus:
    """The status of Bobbin at one moment.

    ``expected`` are the shards that this process is to serve, of ``shard_count``; ``held`` is ``None``
    when the archive refuses, and ``refusal`` says why. ``loop_delay`` is the longest of the last five
    minutes, in seconds. ``asked`` and ``failed`` count the questions of the last five minutes.
    ``self_test`` is the last one, ``None`` before the first has ended.
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
    asked: int = 0
    failed: int = 0
    self_test: SelfTestResult | None = None


def complaints(bot_status: BotStatus, now: datetime | None = None) -> tuple[list[str], list[str]]:
    """Return what keeps Bobbin from answering, and what only makes it slow; each a sentence.

    ``now``, aware, is for the age of the self-test. With nothing in the first list Bobbin answers questions.
    """
    grave: list[str] = []
    slight: list[str] = []
    up = {shard.id: shard for shard in bot_status.shards if shard.connected}
    missing = [str(number) for number in bot_status.expected if number not in up]
    if missing or not bot_status.expected:
        which = f"shard {', '.join(missing)}" if missing else "any shard"
        grave.append(f"Not connected to Discord with {which}; it tries again by itself.")
    if bot_status.held is None:
        grave.append(_sentence(str(bot_status.refusal)))
    if bot_status.self_test is not None:
        grave += [_sentence(problem) for problem in bot_status.self_test.problems]
        age = now - bot_status.self_test.at if now else timedelta()
        if age > _STALE:
            grave.append(
                f"The last self-test ended {age.total_seconds():.0f} s ago; the next one does not end."
            )
    if bot_status.asked >= _ENOUGH_QUESTIONS and bot_status.failed >= _FAILED_SHARE * bot_status.asked:
        grave.append(
            f"{bot_status.failed} of {bot_status.asked} questions within five minutes failed; see the log."
        )
    grave = list(dict.fromkeys(grave))
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


def _sentence(problem: str) -> str:
    return problem if problem.endswith(".") else f"{problem}."


def update_gauges(bot_status: BotStatus, metrics: Metrics) -> None:
    """Set the gauges of values that are read only on request."""
    known = {shard.id: shard for shard in bot_status.shards}
    for number in bot_status.expected:
        shard = known.get(number)
        metrics.gateway_up.labels(str(number)).set(float(shard is not None and shard.connected))
        latency = shard.latency if shard else None
        metrics.gateway_latency.labels(str(number)).set(_or_nan(latency))
    metrics.servers.set(bot_status.servers)
    metrics.in_hand.set(bot_status.in_hand)
    metrics.loop_delay_longest.set(bot_status.loop_delay)
    if bot_status.self_test:
        metrics.self_test_problems.set(len(bot_status.self_test.problems))
        metrics.free_disk.set(_or_nan(bot_status.self_test.free_disk))
        metrics.free_descriptors.set(_or_nan(bot_status.self_test.free_descriptors))
    if bot_status.held:
        metrics.index_posts.set(bot_status.held.posts)
        metrics.index_bytes.set(bot_status.held.index_bytes)
        metrics.archive_bytes.set(bot_status.held.file_bytes)


def _or_nan(number: float | None) -> float:
    return math.nan if number is None else number
