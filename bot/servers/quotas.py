"""How often people asked, against the quotas of their server; in memory only, and for a day at most.

Nothing of it is written down: a restart forgets who asked how often, which costs a quota little and
spares a record of people.
"""

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.servers.access import Refusal
from bot.servers.preferences import PERIODS, Preferences, Quota

__all__ = ["Usage", "free_at"]

_LONGEST: Final = timedelta(seconds=max(PERIODS))
_SWEEP: Final = 1_000


def free_at(asked: Sequence[datetime], quota: Quota, now: datetime) -> datetime | None:
    """Return when the next question is allowed, ``None`` where it is allowed now.

    ``asked`` are the times of the questions before, in their order. A stretch of the quota's length
    never holds more questions than the quota allows, wherever it begins.
    """
    since = now - timedelta(seconds=quota.seconds)
    within = sum(1 for moment in asked if moment > since)
    if within < quota.questions:
        return None
    # When this one has left the stretch, there is room for one more.
    return asked[len(asked) - quota.questions] + timedelta(seconds=quota.seconds)


class Usage:
    """The times of the questions that quotas count. Not for several threads."""

    def __init__(self) -> None:
        self._asked: dict[tuple[int, int | None], deque[datetime]] = {}
        self._since_sweep = 0

    def take(
        self, server_id: int, person: int, preferences: Preferences, now: datetime
    ) -> tuple[Refusal, datetime] | None:
        """Count a question, or return which quota is used up and when the next one is allowed.

        A question that is refused is not counted. ``now`` is aware; it does not run backwards.
        """
        quotas = ((person, preferences.person, Refusal.PERSON), (None, preferences.server, Refusal.SERVER))
        for who, quota, why in quotas:
            asked = self._asked.get((server_id, who))
            free = free_at(asked, quota, now) if quota and asked else None
            if free is not None:
                return why, free
        for who, quota, _ in quotas:
            if quota:
                asked = self._asked.setdefault((server_id, who), deque())
                asked.append(now)
                while len(asked) > quota.questions:
                    asked.popleft()
        self._sweep(now)
        return None

    def forget_person(self, person: int) -> int:
        """Forget when somebody asked; return how many questions that were."""
        theirs = [known for known in self._asked if known[1] == person]
        return sum(len(self._asked.pop(known)) for known in theirs)

    def forget_server(self, server_id: int) -> None:
        """Forget when anybody asked in a server."""
        for known in [known for known in self._asked if known[0] == server_id]:
            del self._asked[known]

    def held(self) -> int:
        """Return how many people's and servers' times are held."""
        return len(self._asked)

    def _sweep(self, now: datetime) -> None:
        """Drop, now and then, those who have not asked for as long as any quota counts."""
        self._since_sweep += 1
        if self._since_sweep < _SWEEP:
            return
        self._since_sweep = 0
        for known in [known for known, asked in self._asked.items() if asked[-1] <= now - _LONGEST]:
            del self._asked[known]
