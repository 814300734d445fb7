"""Dates in a query: years, months, days and times ago, as spans of time in UTC."""

import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from typing import Final

__all__ = ["Span", "is_ago", "period_of"]

_DAY: Final = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_DAY_FIRST: Final = re.compile(r"(?:(\d{1,2})[-/.])?(\d{1,2})[-/.](\d{4})")
_AGO: Final = re.compile(r"([<>]?)(\d{1,4})([hdwmy])", re.IGNORECASE)
_MONTHS_OF: Final = {"m": 1, "y": 12}
_HOURS_OF: Final = {"h": 1, "d": 24, "w": 24 * 7}
_DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time, from ``start`` on and before ``end``, in UTC; ``None`` is without bound."""

    start: datetime | None
    end: datetime | None


def period_of(key: str, value: str, now: datetime) -> Span | None:
    """Return the time that a date condition allows, ``None`` for a value that is no date.

    ``2024``, ``2024-05`` and ``2024-05-03`` (or ``03.05.2024``) are spans in UTC. ``after`` is from the
    beginning of one on, as in lists of threads, and ``before`` what is earlier than that. ``1w`` is a week
    ago: ``after:1w`` and ``on:<1w`` are the last week, ``before:1w`` and ``on:>1w`` what is older. Hours,
    days, weeks, months and years are ``h``, ``d``, ``w``, ``m`` and ``y``.
    """
    if ago := _AGO.fullmatch(value):
        moment = _ago(now, int(ago[2]), ago[3].lower())
        if key == "before" or (key == "on" and ago[1] == ">"):
            return Span(None, moment)
        if key == "after" or ago[1] == "<":
            return Span(moment, None)
        start = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        return Span(start, _later(start, timedelta(days=1)))
    span = _span(value)
    if span is None:
        return None
    if key == "before":
        return Span(None, span.start)
    return Span(span.start, None) if key == "after" else span


def is_ago(value: str) -> bool:
    """Return whether a value is a time ago, such as ``<1w``."""
    return _AGO.fullmatch(value) is not None


def _span(value: str) -> Span | None:
    if match := _DAY.fullmatch(value):
        year, month, day = match[1], match[2], match[3]
    elif match := _DAY_FIRST.fullmatch(value):
        day, month, year = match[1], match[2], match[3]
    else:
        return None
    try:
        start = datetime(int(year), int(month or 1), int(day or 1), tzinfo=UTC)
    except ValueError:
        return None
    if day:
        return Span(start, _later(start, timedelta(days=1)))
    return Span(start, _months_later(start, 1 if month else _DECEMBER))


def _later(start: datetime, by: timedelta) -> datetime | None:
    try:
        return start + by
    except OverflowError:
        return None


def _months_later(start: datetime, months: int) -> datetime | None:
    """Return the first of a month so many months later, ``None`` behind the last year that there is."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return start.replace(year=year, month=month + 1) if year <= MAXYEAR else None


def _ago(now: datetime, count: int, unit: str) -> datetime:
    """Return the moment so long ago; of months, the same day or the last one that the month has."""
    first = datetime.min.replace(tzinfo=UTC)
    if unit in _HOURS_OF:
        try:
            return now - timedelta(hours=count * _HOURS_OF[unit])
        except OverflowError:
            return first
    year, month = divmod(now.year * 12 + now.month - 1 - count * _MONTHS_OF[unit], 12)
    if year < MINYEAR:
        return first
    for day in (now.day, 30, 29, 28):
        try:
            return now.replace(year=year, month=month + 1, day=min(day, now.day))
        except ValueError:
            continue
    return first
