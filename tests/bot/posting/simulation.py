"""Years of a server's clock in a moment: every digest that ticks would post, zone by zone."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.digest.due import EVERY_DAY, due_date, exists

__all__ = ["HOURS", "Outcome", "simulate", "ticks"]

#: Ordinary hours, and those that clocks skip or show twice somewhere.
HOURS = (time(0, 0), time(0, 30), time(1, 30), time(2, 30), time(9, 0), time(23, 45))
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Outcome:
    """The digests of one zone and hour: how many, the dates that came twice, and those that never came."""

    posted: int
    twice: tuple[date, ...]
    missed: tuple[date, ...]
    skipped: tuple[date, ...]


def ticks(zone: ZoneInfo, start: datetime, end: datetime, *, coarse: int, fine: int) -> Iterator[datetime]:
    """Yield moments from start to end: every ``coarse`` minutes, near a clock change every ``fine``."""
    now, step = start, timedelta(minutes=coarse)
    while now < end:
        following = now + step
        offsets = {moment.astimezone(zone).utcoffset() for moment in (now - 2 * step, now, following + step)}
        if len(offsets) > 1:
            while now < following:
                yield now
                now += timedelta(minutes=fine)
        else:
            yield now
        now = following


def simulate(
    zone: ZoneInfo,
    hours: Sequence[time],
    moments: Sequence[datetime],
    weekdays: AbstractSet[int] = EVERY_DAY,
) -> list[Outcome]:
    """Post by the rule of the bot, at each moment and for each hour: when a later date is due, once."""
    outcomes = []
    for at in hours:
        last = due_date(moments[0], zone, at, weekdays)
        first, posted = last, []
        for now in moments:
            due = due_date(now, zone, at, weekdays)
            if due > last:
                posted.append(due)
                last = due
        dates = (first + _DAY * days for days in range(1, (last - first).days + 1))
        span = [day for day in dates if day.weekday() in weekdays]
        missed = tuple(day for day in span if day not in set(posted) and exists(day, zone))
        twice = tuple(sorted({day for day in posted if posted.count(day) > 1})) if _repeats(posted) else ()
        skipped = tuple(day for day in span if not exists(day, zone))
        outcomes.append(Outcome(len(posted), twice, missed, skipped))
    return outcomes


def _repeats(posted: Sequence[date]) -> bool:
    return len(set(posted)) != len(posted)


def utc(year: int, month: int = 1, day: int = 1) -> datetime:
    """Return midnight of a date in UTC."""
    return datetime(year, month, day, tzinfo=UTC)
