"""Count questions against the quotas of a server; in memory only, and for a day at most.

Nothing is written to the file: a restart resets the counts, which costs a quota little and keeps no record
of people.
"""

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.servers.access import Refusal
from bot.servers.preferences import PERIODS, Preferences, Quota

__all__ = ["Usage", "free_at"]

_LONGEST_PERIOD: Final = timedelta(seconds=max(PERIODS))
_SWEEP_EVERY: Final = 1_000


def free_at(asked: Sequence[datetime], quota: Quota, now: datetime) -> datetime | None:
    """Return when the next question is allowed, ``None`` where it is allowed now.

    ``asked`` are the times of earlier questions, in order. No period of the quota's length, wherever it
    begins, holds more questions than the quota allows.
    """
    since = now - timedelta(seconds=quota.seconds)
    within = sum(1 for moment in asked if moment > since)
    if within < quota.questions:
        return None
    # Once this question leaves the period, one more is allowed.
    return asked[len(asked) - quota.questions] + timedelta(seconds=quota.seconds)


class Usage:
    """The times of the questions that quotas count. Not thread-safe."""

    def __init__(self) -> None:
        self._asked: dict[tuple[int, int | None], deque[datetime]] = {}
        self._since_sweep = 0

    def take(
        self, server_id: int, person: int, preferences: Preferences, now: datetime
    ) -> tuple[Refusal, datetime] | None:
        """Count a question, or return the quota that is used up and when the next question is allowed.

        A question that is refused is not counted. ``now`` is aware; it does not run backwards.
        """
        quotas = ((person, preferences.person, Refusal.PERSON), (None, preferences.server, Refusal.SERVER))
        for asker, quota, reason in quotas:
            asked = self._asked.get((server_id, asker))
            free = free_at(asked, quota, now) if quota and asked else None
            if free is not None:
                return reason, free
        for asker, quota, _ in quotas:
            if quota:
                asked = self._asked.setdefault((server_id, asker), deque())
                asked.append(now)
                while len(asked) > quota.questions:
                    asked.popleft()
        self._sweep(now)
        return None

    def forget_person(self, person: int) -> int:
        """Delete the times of a person's questions; return how many there were."""
        keys = [key for key in self._asked if key[1] == person]
        return sum(len(self._asked.pop(key)) for key in keys)

    def held(self) -> int:
        """Return of how many people and servers times are held."""
        return len(self._asked)

    def _sweep(self, now: datetime) -> None:
        """Delete, once in a thousand questions, the times that no quota counts any more."""
        self._since_sweep += 1
        if self._since_sweep < _SWEEP_EVERY:
            return
        self._since_sweep = 0
        for key in [key for key, asked in self._asked.items() if asked[-1] <= now - _LONGEST_PERIOD]:
            del self._asked[key]
