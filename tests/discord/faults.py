"""Plan what shall go wrong: statuses, rate limits, lost connections, slow answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.discord.wire import Json

__all__ = ["Fault", "Faults"]

_WORDS = {
    429: "You are being rate limited.",
    500: "500: Internal Server Error",
    502: "502: Bad Gateway",
    503: "503: Service Unavailable",
    504: "504: Gateway Timeout",
}


@dataclass(eq=False)
class Fault:
    """Describe what goes wrong with which requests, and how often it did.

    `delay` in seconds comes first; then the connection is reset (`reset`: errno 104 for the client),
    closed without an answer (`hang_up`) or `status` answered; with none of these, the request is
    served. `after` serves the request first and then spoils its answer.
    `times` is how often it strikes, `None` for always.
    """

    method: str
    path: re.Pattern[str]
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Json | str | None = None
    times: int | None = 1
    delay: float = 0.0
    reset: bool = False
    hang_up: bool = False
    after: bool = False
    hits: int = 0

    def strikes(self, method: str, path: str) -> bool:
        """Tell whether the fault is for this request and not used up."""
        is_left = self.times is None or self.hits < self.times
        return is_left and self.method in (method, "*") and self.path.search(path) is not None

    @property
    def spoils(self) -> bool:
        """Tell whether the client gets no proper answer."""
        return self.reset or self.hang_up or self.status is not None

    @property
    def answer(self) -> Json | str:
        """Give the body that goes with the status."""
        if self.body is not None:
            return self.body
        return {"message": _WORDS.get(self.status or 0, f"{self.status}: Error"), "code": 0}


class Faults:
    """Keep the planned faults in the order in which they were planned."""

    def __init__(self) -> None:
        """Start with nothing going wrong."""
        self._planned: list[Fault] = []

    def plan(self, fault: Fault) -> Fault:
        """Add a fault."""
        self._planned.append(fault)
        return fault

    def strike(self, method: str, path: str) -> Fault | None:
        """Take the fault for this request, counting it, or `None`."""
        for fault in self._planned:
            if fault.strikes(method, path):
                fault.hits += 1
                return fault
        return None

    def heal(self) -> None:
        """Let nothing go wrong any more."""
        self._planned.clear()
