"""When to notify the operator of a change of health. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

__all__ = ["HealthAlerts", "HealthChange"]

#: Self-tests in a row that must agree, so that a connection that is renewed in seconds alerts no one.
_IN_A_ROW: Final = 2


@dataclass(frozen=True, slots=True)
class HealthChange:
    """A change that lasted: to bad with its ``reasons``, or to good after ``lasted``."""

    good: bool
    reasons: tuple[str, ...] = ()
    lasted: timedelta = timedelta()


class HealthAlerts:
    """Turns the self-tests' results into one change each way."""

    def __init__(self) -> None:
        self._good = True
        self._since: datetime | None = None
        self._reasons: tuple[str, ...] = ()
        self._count = 0

    def note(self, reasons: list[str], now: datetime) -> HealthChange | None:
        """Note the reasons for which Bobbin is in trouble, none when it is well; return a lasting change."""
        good = not reasons
        if good == self._good:
            self._count = 0
            self._reasons = tuple(reasons)
            return None
        self._count += 1
        if self._count == 1 and not good:
            self._since = now
        if self._count < _IN_A_ROW:
            return None
        self._good, self._count, self._reasons = good, 0, tuple(reasons)
        if good:
            return HealthChange(good=True, lasted=now - (self._since or now))
        return HealthChange(good=False, reasons=self._reasons)
