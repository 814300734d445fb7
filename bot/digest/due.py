"""When a digest is due, by local time in a server's zone. Pure: the time is passed in.

Every local date on one of the chosen weekdays has one digest. It is due from the first moment of that date at
which local time has reached the hour, or has jumped over it; one that was missed stays due until the hour of
the next such date.
"""

from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

__all__ = ["EVERY_DAY", "due_date", "exists", "first_moment", "next_moment"]

EVERY_DAY: Final = frozenset(range(7))
"""All weekdays, by their numbers: Monday is 0."""

_DAY = timedelta(days=1)
_NOON = time(12)
#: No zone ever skipped more than one whole date.
_LONGEST_JUMP = timedelta(hours=50)


def due_date(now: datetime, zone: tzinfo, at: time, weekdays: AbstractSet[int] = EVERY_DAY) -> date:
    """Return the latest local date on one of the weekdays whose hour has passed.

    ``now`` is aware. A date that the zone skipped is never returned. Raises ``ValueError`` for no weekday.
    """
    if not weekdays & EVERY_DAY:
        raise ValueError("a digest needs a weekday")
    local = now.astimezone(zone)
    day = local.date() if local.time() >= at else _before(local.date(), zone)
    while day.weekday() not in weekdays:
        day = _before(day, zone)
    return day


def first_moment(day: date, zone: tzinfo, at: time) -> datetime:
    """Return the first moment, in UTC, at which a date is due.

    Where local time jumps over the hour it is the end of the jump; for a date that the zone skipped, the
    first moment of a later date.
    """
    # An hour inside a forward jump has two readings: fold=1 lies before the jump, fold=0 after it.
    wanted = datetime.combine(day, at, tzinfo=zone)
    early, late = sorted(wanted.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if early == late or due_date(early, zone, at) >= day:
        return (
            early
            if due_date(early, zone, at) >= day
            else _search(early, early + _LONGEST_JUMP, day, zone, at)
        )
    return _search(early, late, day, zone, at)


def next_moment(
    now: datetime, zone: tzinfo, at: time, last: date, weekdays: AbstractSet[int] = EVERY_DAY
) -> datetime:
    """Return when the next digest after that of ``last`` is due, in UTC; it may lie in the past."""
    due = due_date(now, zone, at, weekdays)
    if due > last:
        return first_moment(due, zone, at)
    day = last + _DAY
    while day.weekday() not in weekdays or not exists(day, zone):
        day += _DAY
    return first_moment(day, zone, at)


def exists(day: date, zone: tzinfo) -> bool:
    """Return whether the zone had, or will have, that date at all."""
    noon = datetime.combine(day, _NOON, tzinfo=zone)
    return noon.astimezone(UTC).astimezone(zone).date() == day


def _before(day: date, zone: tzinfo) -> date:
    day -= _DAY
    while not exists(day, zone):
        day -= _DAY
    return day


def _search(early: datetime, late: datetime, day: date, zone: tzinfo, at: time) -> datetime:
    """Return the second within ``(early, late]`` at which the date becomes due."""
    first, last = int(early.timestamp()), int(late.timestamp())
    while last - first > 1:
        middle = (first + last) // 2
        if due_date(datetime.fromtimestamp(middle, UTC), zone, at) >= day:
            last = middle
        else:
            first = middle
    return datetime.fromtimestamp(last, UTC)
