"""The digest's clock: a tick that asks the ledger what is due and has it posted, and survives everything.

The tick decides nothing. What is due follows from the ledger and the time, so a tick that fails, comes
late or comes twice makes no difference but a delay.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from bot.digest.composer import Composer
from bot.digest.due import first_moment
from bot.digest.ledger import Ledger
from bot.digest.model import Subscription
from bot.digest.usage_counts import UsageCounts
from bot.posting.poster import Poster, PostOutcome

__all__ = ["Scheduler", "by_waiting_time"]

log = logging.getLogger(__name__)

#: Seconds between two ticks.
TICK_SECONDS: Final = 20.0
_AT_ONCE: Final = 8
#: After so many failures in a row the rest waits for the next tick: Discord, or the way to it, is in trouble.
_FAILURES: Final = 10
_TIDY_EVERY: Final = timedelta(days=1)


class Scheduler:
    """Posts what is due, tick after tick. ``now`` is the clock; ``ours`` tells which servers are.

    Several processes may share the ledger, each with the servers of its own shards or all of them.
    """

    def __init__(  # noqa: PLR0913 - all but the first four are named where it is called
        self,
        ledger: Ledger,
        asked: UsageCounts,
        composer: Composer,
        poster: Poster,
        *,
        now: Callable[[], datetime],
        ours: Callable[[int], bool] = lambda _server_id: True,
        at_once: int = _AT_ONCE,
    ) -> None:
        self._ledger = ledger
        self._asked = asked
        self._composer = composer
        self._poster = poster
        self._now = now
        self._ours = ours
        self._at_once = at_once
        self._stopped = False
        self._tidied: datetime | None = None

    def stop(self) -> None:
        """Begin no further digest; those in hand go on."""
        self._stopped = True

    async def run(self, every: float = TICK_SECONDS) -> None:
        """Tick for as long as nobody cancels it."""
        while not self._stopped:
            for work in (self._count, self.tick, self._tidy):
                try:
                    await work()
                except Exception:
                    log.exception("the digest's clock stumbled; next tick in %.0f s", every)
            await asyncio.sleep(every)

    async def tick(self) -> int:
        """Have everything posted that is due now; return how many digests were begun.

        One that fails is logged and holds up no other.
        """
        now = self._now()
        waiting = await asyncio.to_thread(self._ledger.waiting, now)
        queue = by_waiting_time((one for one in waiting if self._ours(one.server_id)), now)
        if not queue:
            return 0
        self._composer.refresh()
        turns, failures = iter(queue), 0

        async def work() -> int:
            nonlocal failures
            begun = 0
            for subscription in turns:
                if self._stopped or failures >= _FAILURES:
                    break
                # Since it was listed the hour of the next date may have come.
                day = subscription.due(self._now())
                if day is not None:
                    begun += 1
                    failures = 0 if await self._post(subscription.server_id, day) else failures + 1
            return begun

        return sum(await asyncio.gather(*(work() for _ in range(min(self._at_once, len(queue))))))

    async def _post(self, server_id: int, day: date) -> bool:
        """Return whether Discord and the files did what was asked of them."""
        try:
            return (await self._poster.post(server_id, day)).outcome is not PostOutcome.LATER
        except Exception:
            log.exception("a digest could not be posted; it is tried again")
            return False

    async def _count(self) -> None:
        """Write down what was asked since the last tick."""

        def write() -> None:
            zones = {one.server_id: one.wish.zone for one in self._ledger.subscriptions()}

            def zone_of(server_id: int) -> tzinfo:
                return zones.get(server_id, UTC)

            self._asked.write(zone_of)

        if self._asked.pending:
            await asyncio.to_thread(write)

    async def _tidy(self) -> None:
        """Forget what is kept no longer, once a day."""
        now = self._now()
        if self._tidied is None or now - self._tidied >= _TIDY_EVERY:
            await asyncio.to_thread(self._ledger.tidy, now)
            await asyncio.to_thread(self._asked.tidy, now)
            self._tidied = now


def by_waiting_time(waiting: Iterable[Subscription], now: datetime) -> list[Subscription]:
    """Return what is due in the order of its turn: who waits longest is first.

    Among those who became due together, the order is another one each day.
    """

    def turn(subscription: Subscription) -> tuple[datetime, bytes]:
        wish, day = subscription.wish, subscription.due(now)
        since = first_moment(day, wish.zone, wish.at) if day else now
        return since, hashlib.sha256(f"{subscription.server_id}/{day}".encode()).digest()

    return sorted(waiting, key=turn)
