"""The digest's scheduler: a tick that posts what the ledger says is due, and survives any error.

The tick decides nothing. What is due follows from the ledger and the time, so a tick that fails, comes late
or comes twice only delays a digest.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from bot.digest.composer import Composer
from bot.digest.due import first_moment
from bot.digest.model import Subscription
from bot.digest.resurfacing import draw_hash
from bot.posting.poster import Poster, PostOutcome

__all__ = ["Scheduler", "by_waiting_time"]

log = logging.getLogger(__name__)

#: Seconds between two ticks.
TICK_SECONDS: Final = 20.0
_CONCURRENT_POSTS: Final = 8
#: After this many failures in a row the rest waits for the next tick: Discord or the network is failing.
_MAX_FAILURES: Final = 10
_TIDY_EVERY: Final = timedelta(days=1)


class Scheduler:
    """Posts what is due, tick after tick; ``owns`` says of which servers.

    Several processes may share the ledger, each with the servers of its own shards or all of them.
    """

    def __init__(
        self,
        composer: Composer,
        poster: Poster,
        now: Callable[[], datetime],
        *,
        owns: Callable[[int], bool] = lambda _server_id: True,
        concurrent_posts: int = _CONCURRENT_POSTS,
    ) -> None:
        self._composer = composer
        self._ledger = composer.ledger
        self._usage = composer.usage
        self._poster = poster
        self._now = now
        self._owns = owns
        self._concurrent_posts = concurrent_posts
        self._stopped = False
        self._tidied: datetime | None = None

    def stop(self) -> None:
        """Begin no further digest; those being posted are finished."""
        self._stopped = True

    async def run(self, every: float = TICK_SECONDS) -> None:
        """Tick ``every`` so many seconds, until stopped or cancelled."""
        while not self._stopped:
            for step in (self._write_usage, self.tick, self._tidy):
                try:
                    await step()
                except Exception:
                    log.exception("digest tick failed; retrying in %.0f s", every)
            await asyncio.sleep(every)

    async def tick(self) -> int:
        """Post everything that is due now; return how many digests were begun.

        One that fails is logged and holds up no other.
        """
        now = self._now()
        waiting = await asyncio.to_thread(self._ledger.waiting, now)
        queue = by_waiting_time((entry for entry in waiting if self._owns(entry.server_id)), now)
        if not queue:
            return 0
        self._composer.clear_cache()
        remaining, failures = iter(queue), 0

        async def work() -> int:
            nonlocal failures
            begun = 0
            for subscription in remaining:
                if self._stopped or failures >= _MAX_FAILURES:
                    break
                # The hour of the next date may have come since the queue was made.
                day = subscription.due(self._now())
                if day is not None:
                    begun += 1
                    failures = 0 if await self._post(subscription, day) else failures + 1
            return begun

        return sum(await asyncio.gather(*(work() for _ in range(min(self._concurrent_posts, len(queue))))))

    async def _post(self, subscription: Subscription, day: date) -> bool:
        """Return whether Discord and the files did what was asked of them."""
        try:
            result = await self._poster.post(subscription.server_id, day, subscription.number)
        except Exception:
            log.exception("digest of %s: posting failed; retrying once its claim expires", day)
            return False
        return result.outcome is not PostOutcome.LATER

    async def _write_usage(self) -> None:
        """Write the usage counts noted since the last tick."""

        def write() -> None:
            # Of several digests the first, by its number, says which zone is the server's.
            known = sorted(self._ledger.subscriptions(), key=lambda one: one.number, reverse=True)
            zones = {entry.server_id: entry.options.zone for entry in known}

            def zone_of(server_id: int) -> tzinfo:
                return zones.get(server_id, UTC)

            self._usage.write(zone_of)

        if self._usage.pending:
            await asyncio.to_thread(write)

    async def _tidy(self) -> None:
        """Delete what has passed its retention, once a day."""
        now = self._now()
        if self._tidied is None or now - self._tidied >= _TIDY_EVERY:
            await asyncio.to_thread(self._ledger.tidy, now)
            await asyncio.to_thread(self._usage.tidy, now)
            self._tidied = now


def by_waiting_time(waiting: Iterable[Subscription], now: datetime) -> list[Subscription]:
    """Return what is due, longest waiting first.

    Among those that became due together, the order differs from day to day.
    """

    def sort_key(subscription: Subscription) -> tuple[datetime, bytes]:
        options, day = subscription.options, subscription.due(now)
        since = first_moment(day, options.zone, options.at) if day else now
        return since, draw_hash(subscription.server_id, subscription.number, day or now.date(), "order")

    return sorted(waiting, key=sort_key)
