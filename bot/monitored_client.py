"""The client with its monitoring: its shards' connections are counted, its status is taken on request."""

import asyncio
import contextlib
import importlib.metadata
import logging
import math
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord

from bot.interactions.app_client import AppClient
from bot.monitoring.loop_lag import LongestDelay, measure_loop_lag
from bot.monitoring.metrics import Metrics
from bot.monitoring.query_log import LogLevelCounter, QueryLog
from bot.monitoring.status import ArchiveSize, BotStatus, Shard
from bot.settings import Settings
from retrieval.archive import Archive
from retrieval.errors import ArchiveError

__all__ = ["MonitoredClient"]


class MonitoredClient(AppClient):
    """A client over an archive that counts what it does; ``options`` are discord.py's own.

    It connects the shards that the settings name, or as many as Discord advises.
    """

    def __init__(self, archive: Archive, settings: Settings, **options: Any) -> None:
        if settings.shards:
            options |= {"shard_ids": list(settings.shards.ids), "shard_count": settings.shards.count}
        super().__init__(**options)
        self.archive = archive
        self.settings = settings
        self.metrics = Metrics()
        token = settings.discord_token
        # Marks of servers stay the same from start to start, and nothing new is to be kept for that.
        key = token.get_secret_value().encode() if token else secrets.token_bytes()
        self.record = QueryLog(self.metrics, key)
        self._since = datetime.now(UTC)
        self._longest = LongestDelay()
        self._lost: set[int] = set()
        self._troubles = LogLevelCounter(self.metrics)

    async def setup_hook(self) -> None:
        """Begin to watch the log and the event loop."""
        logging.getLogger().addHandler(self._troubles)
        self._beating = asyncio.create_task(measure_loop_lag(self.metrics, self._longest), name="pulse")

    async def close(self) -> None:
        """Stop watching and close every connection."""
        logging.getLogger().removeHandler(self._troubles)
        with contextlib.suppress(AttributeError):  # closed before it was set up
            self._beating.cancel()
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

    async def bot_status(self) -> BotStatus:
        """Return how this client is now; the archive is asked in a thread."""
        count = self.shard_count or 1
        held, refusal = await asyncio.to_thread(_held, self.archive, self.settings.database)
        return BotStatus(
            version=_version(),
            since=self._since,
            expected=tuple(self.shard_ids or range(count)),
            shard_count=count,
            shards=tuple(self._shard(shard) for shard in self.shards.values()),
            servers=len(self.guilds),
            in_hand=self.services.working,
            loop_delay=self._longest.at(asyncio.get_running_loop().time()),
            held=held,
            refusal=refusal,
        )

    def _shard(self, shard: discord.ShardInfo) -> Shard:
        latency = shard.latency
        up = shard.id not in self._lost and not shard.is_closed()
        return Shard(shard.id, up, latency if math.isfinite(latency) else None)


def _held(archive: Archive, database: Path) -> tuple[ArchiveSize | None, str | None]:
    try:
        size = archive.index_size()
        files = (database, database.with_name(f"{database.name}-wal"))
        return ArchiveSize(
            size.posts, size.bytes, sum(one.stat().st_size for one in files if one.exists())
        ), None
    except (ArchiveError, OSError) as error:
        return None, str(error)


def _version() -> str:
    try:
        return importlib.metadata.version("bobbin")
    except importlib.metadata.PackageNotFoundError:
        return "from a checkout"
