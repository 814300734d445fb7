"""Alerts, their matches and the reports of these, as frozen data; and quiet hours."""

import re
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.digest.model import Position
from bot.digest.time_parsing import parse_hour

__all__ = ["Alert", "AlertOptions", "Match", "QuietHours", "Report", "ReportKind", "parse_quiet_hours"]

_BETWEEN: Final = re.compile(r"\s*(?:-|–|—|\bto\b|\bbis\b|\bдо\b)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The hours of each day, by a zone's clock, in which no report is sent; they may go over midnight."""

    start: time
    end: time
    zone: ZoneInfo

    def hold(self, now: datetime) -> bool:
        """Return whether a moment, aware, is within them."""
        at = now.astimezone(self.zone).time().replace(tzinfo=None)
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def __str__(self) -> str:
        """Return them as they are stored and shown: 22:00-07:00."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def parse_quiet_hours(typed: str, zone: ZoneInfo) -> QuietHours | None:
    """Parse 22-7, 22:00–07:30 or "10 pm to 7 am"; return ``None`` for anything else, or for no hours."""
    ends = [parse_hour(part) for part in _BETWEEN.split(typed.strip())]
    if len(ends) != 2 or ends[0] is None or ends[1] is None or ends[0] == ends[1]:  # noqa: PLR2004 - two ends
        return None
    return QuietHours(ends[0], ends[1], zone)


@dataclass(frozen=True, slots=True)
class AlertOptions:
    """What a person wants to be watched in a server, and where matches go.

    ``channel_id`` is where an admin has them reported, ``None`` for direct messages. ``asked_in`` is the
    channel in which the alert was made, whose rules hold at every report; ``language`` that of Bobbin's own
    words in them.
    """

    person_id: int
    asked_in: int
    query: str
    channel_id: int | None = None
    language: str = "en"
    quiet: QuietHours | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert of a server, looked through up to ``position``; it reports nothing until ``held_until``."""

    id: int
    server_id: int
    options: AlertOptions
    position: Position
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A thread that matches an alert, and the place of the first post that does."""

    alert_id: int
    thread_id: str
    ordinal: int


class ReportKind(StrEnum):
    """What a report says."""

    MATCHES = "matches"
    ENDED = "ended"
    """That a person's alerts in a server ended, since Discord refused a direct message."""


@dataclass(frozen=True, slots=True)
class Report:
    """One message about some matches, claimed by a process.

    ``channel_id`` is ``None`` for a direct message to the person. It was claimed from ``claimed_at`` on;
    with ``again`` an earlier claim expired, under which it may have been sent.
    """

    id: int
    server_id: int
    person_id: int
    kind: ReportKind
    owner: str
    claimed_at: datetime
    held_until: datetime
    channel_id: int | None = None
    language: str = "en"
    again: bool = False
