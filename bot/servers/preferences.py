"""A server's preferences, set by its admins."""

from dataclasses import dataclass
from typing import Final

__all__ = ["MOST_PLACES", "MOST_QUESTIONS", "MOST_QUOTES", "PERIODS", "Preferences", "Quota"]

MOST_QUOTES: Final = 5
"""Most quotes that an answer may show at first."""
MOST_PLACES: Final = 25
"""Most channels or roles that one setting may name: as many as a menu in Discord allows."""
MOST_QUESTIONS: Final = 10_000
PERIODS: Final = (60, 3_600, 86_400)
"""The periods of quotas in seconds: a minute, an hour, a day."""


@dataclass(frozen=True, slots=True)
class Quota:
    """At most ``questions`` in any period of ``seconds``.

    Raises ``ValueError`` for fewer than one question, more than 10,000, and a period that is not in
    :data:`PERIODS`.
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
    """A server's preferences; without arguments, the defaults.

    ``channels`` and ``roles`` are the ids of those in which and with which people may ask; empty means all.
    ``exempt`` are the ids of roles without a quota. ``mentions``: whether mentions and replies are answered,
    or commands only. ``quotes`` is how many an answer shows at first, ``private`` whether answers to
    commands are shown to their asker alone by default. ``language`` is that of the server's own
    collections, an ISO 639-1 code, ``None`` to detect it. ``person`` and ``server`` are quotas, ``None`` for
    none. ``unanswered``: whether the words of questions that found nothing are kept. ``react``: whether a
    message that asks nothing ("thanks!") gets a reaction.
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
    react: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.quotes <= MOST_QUOTES:
            raise ValueError(f"an answer shows 1 to {MOST_QUOTES} quotes, not {self.quotes}")
        for places in (self.channels, self.roles, self.exempt):
            if len(places) > MOST_PLACES:
                raise ValueError(f"a setting names at most {MOST_PLACES} channels or roles")
