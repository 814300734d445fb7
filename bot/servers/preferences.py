"""What the admins of one server decided about Bobbin in it."""

from dataclasses import dataclass
from typing import Final

__all__ = ["MOST_PLACES", "MOST_QUESTIONS", "MOST_QUOTES", "PERIODS", "Preferences", "Quota"]

MOST_QUOTES: Final = 5
"""Quotes that an answer may show at first."""
MOST_PLACES: Final = 25
"""Channels or roles that one setting may name: as many as a menu of Discord's lets people choose."""
MOST_QUESTIONS: Final = 10_000
PERIODS: Final = (60, 3_600, 86_400)
"""What a quota may be counted over, in seconds: a minute, an hour, a day."""


@dataclass(frozen=True, slots=True)
class Quota:
    """At most so many questions in any stretch of so many seconds.

    Raises ``ValueError`` for no question at all, for more than 10,000, and for another period than
    those of :data:`PERIODS`.
    """

    questions: int
    seconds: int

    def __post_init__(self) -> None:
        if not 1 <= self.questions <= MOST_QUESTIONS:
            raise ValueError(f"a quota allows 1 to {MOST_QUESTIONS:,} questions, not {self.questions:,}")
        if self.seconds not in PERIODS:
            raise ValueError(f"a quota is counted over a minute, an hour or a day, not {self.seconds} s")


@dataclass(frozen=True, slots=True)
class Preferences:
    """A server's settings; without arguments, what holds where nobody decided anything.

    ``channels`` and ``roles`` are the ids of those that may ask, ``exempt`` those of roles that no quota
    holds for; of the first two, none means all. ``mentions``: whether mentions and replies are answered,
    or commands only. ``quotes`` is how many an answer shows at first, ``private`` whether answers to
    commands are shown to their asker alone where nobody says otherwise. ``language`` is that of the
    server's own collections, as an ISO 639-1 code, ``None`` to find out. ``person`` and ``server`` are
    quotas, ``None`` for none. ``unanswered``: whether the words of questions that found nothing are kept.
    """

    channels: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()
    exempt: frozenset[int] = frozenset()
    mentions: bool = True
    quotes: int = 3
    private: bool = False
    language: str | None = None
    person: Quota | None = None
    server: Quota | None = None
    unanswered: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.quotes <= MOST_QUOTES:
            raise ValueError(f"an answer shows 1 to {MOST_QUOTES} quotes, not {self.quotes}")
        for places in (self.channels, self.roles, self.exempt):
            if len(places) > MOST_PLACES:
                raise ValueError(f"a setting names at most {MOST_PLACES} channels or roles")
