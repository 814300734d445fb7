"""The client with its monitoring: its shards' connections are counted, its status is taken on request."""

import asyncio
import logging
import math
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import aiohttp
import discord

from bot.interactions.app_client import AppClient
from bot.monitoring.health_alerts import HealthAlerts
from bot.monitoring.loop_lag import LongestDelay, measure_loop_lag
from bot.monitoring.metrics import Metrics
from bot.monitoring.query_log import LogLevelCounter, QueryLog
from bot.monitoring.self_test import SELF_TEST_SECONDS, SelfTest, SelfTestResult
from bot.monitoring.status import ArchiveSize, BotStatus, Shard, complaints
from bot.runtime import run_in_thread
from bot.settings import Settings
from bot.startup import version
from bot.views.notices import notice
from retrieval.archive import Archive
from retrieval.errors import ArchiveError

__all__ = ["MonitoredClient"]

log = logging.getLogger(__name__)

#: Seconds that Discord may take to answer a heartbeat.
_ANSWER_SECONDS: Final = 10.0


class MonitoredClient(AppClient):
    """A client over an archive that counts what it does; ``options`` are discord.py's own.

    It connects the shards that the settings name, or as many as Discord advises.
    """

    self_test: SelfTest

    def __init__(self, archive: Archive, settings: Settings, **options: Any) -> None:
        if settings.shards:
            options |= {"shard_ids": list(settings.shards.ids), "shard_count": settings.shards.count}
        super().__init__(**options)
        self.archive = archive
        self.settings = settings
        self.metrics = Metrics()
        token = settings.discord_token
        # Marks of servers stay the same from start to start, and nothing new is to be kept for that.
        key = token.reveal().encode() if token else secrets.token_bytes()
        self.record = QueryLog(self.metrics, key)
        self._since = datetime.now(UTC)
        self._longest = LongestDelay()
        self._lost: set[int] = set()
        self._troubles = LogLevelCounter(self.metrics)
        self._monitoring: list[asyncio.Task[None]] = []
        self._tested: SelfTestResult | None = None
        self._alerts = HealthAlerts()
        self._unsent: list[str] = []

    async def setup_hook(self) -> None:
        """Start measuring the event loop and testing Bobbin itself."""
        logging.getLogger().addHandler(self._troubles)
        self._monitoring = [
            asyncio.create_task(measure_loop_lag(self.metrics, self._longest), name="loop-lag"),
            asyncio.create_task(self._keep_testing(), name="self-test"),
        ]

    async def close(self) -> None:
        """Stop watching and close every connection."""
        logging.getLogger().removeHandler(self._troubles)
        for task in self._monitoring:
            task.cancel()
        await super().close()

    async def on_shard_connect(self, shard_id: int) -> None:
        """Count a shard that connected anew."""
        self._count(shard_id, "connected")

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Count a shard that went on where it was."""
        self._count(shard_id, "resumed")

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Count a shard that lost its connection."""
        self._lost.add(shard_id)
        self.metrics.gateway_events.labels(str(shard_id), "lost").inc()

    def _count(self, shard_id: int, event: str) -> None:
        self._lost.discard(shard_id)
        self.metrics.gateway_events.labels(str(shard_id), event).inc()

    def alive(self) -> bool:
        """Return whether the event loop runs; callable from any thread."""
        return not self._longest.is_stuck()

    async def test_itself(self) -> SelfTestResult:
        """Run the self-test in a thread of its own, remember the result, and return it."""
        before = self._tested
        self._tested = result = await run_in_thread(self.self_test.run, "self-test")
        if before and before.problems and not result.problems:
            self.record.outcomes.clear()
        return result

    async def _keep_testing(self) -> None:
        """Test, log lasting changes of health and notify the operator, for as long as the client lives."""
        while True:
            try:
                await self.test_itself()
                if self.is_ready():
                    await self._report_change()
            except Exception:
                log.exception("health: the self-test did not end; retrying in %.0f s", SELF_TEST_SECONDS)
            await asyncio.sleep(SELF_TEST_SECONDS)

    async def _report_change(self) -> None:
        now = datetime.now(UTC)
        grave, _ = complaints(await self.bot_status(), now)
        change = self._alerts.note(grave, now)
        if change is not None and change.good:
            lasted = str(change.lasted).partition(".")[0]
            log.info("health: good again after %s", lasted)
            self._unsent.append(f"Bobbin is well again after {lasted}.")
        elif change is not None:
            log.error(
                "health: in trouble; /health shows this until it is mended: %s", " ".join(change.reasons)
            )
            self._unsent.append(" ".join(["Bobbin is in trouble.", *change.reasons]))
        while self._unsent and self.settings.operator is not None:
            try:
                operator = await self.fetch_user(self.settings.operator)
                await operator.send(view=notice(self._unsent[0]))
            except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                log.warning(
                    "health: the operator cannot be messaged (%s); retrying in %.0f s",
                    type(error).__name__,
                    SELF_TEST_SECONDS,
                )
                return
            self._unsent.pop(0)

    async def bot_status(self) -> BotStatus:
        """Return how this client is now; the archive is asked in a thread."""
        count = self.shard_count or 1
        asked, failed = self.record.outcomes.at(time.monotonic())
        held, refusal = await asyncio.to_thread(_held, self.archive, self.settings.database)
        return BotStatus(
            version=version(),
            since=self._since,
            expected=tuple(self.shard_ids or range(count)),
            shard_count=count,
            shards=tuple(self._shard(shard) for shard in self.shards.values()),
            servers=len(self.guilds),
            in_hand=self.services.working,
            loop_delay=self._longest.at(asyncio.get_running_loop().time()),
            held=held,
            refusal=refusal,
            asked=asked,
            failed=failed,
            self_test=self._tested,
        )

    def _shard(self, shard: discord.ShardInfo) -> Shard:
        latency, keep_alive = shard.latency, _keep_alive(shard)
        up = shard.id not in self._lost and not shard.is_closed() and not _is_silent(keep_alive)
        # Where an answer is back before discord.py noted when it asked, it counts from the heartbeat before.
        is_known = math.isfinite(latency) and (keep_alive is None or latency < keep_alive.interval)
        return Shard(shard.id, up, latency if is_known else None)


def _keep_alive(shard: discord.ShardInfo) -> Any:
    """Return what sends a shard's heartbeats, ``None`` while it is not connected."""
    gateway = getattr(shard._parent, "ws", None)  # noqa: SLF001 - discord.py shows nothing else of it
    return getattr(gateway, "_keep_alive", None)


def _is_silent(keep_alive: Any) -> bool:
    """Return whether a heartbeat was not answered in time; discord.py itself notices a minute later."""
    if keep_alive is None:
        return False
    waited = time.perf_counter() - keep_alive._last_ack  # noqa: SLF001 - discord.py shows nothing else of it
    return bool(waited > keep_alive.interval + _ANSWER_SECONDS)


def _held(archive: Archive, database: Path) -> tuple[ArchiveSize | None, str | None]:
    try:
        size = archive.index_size()
        files = (database, database.with_name(f"{database.name}-wal"))
        return ArchiveSize(
            size.posts, size.bytes, sum(one.stat().st_size for one in files if one.exists())
        ), None
    except (ArchiveError, OSError) as error:
        return None, str(error)
