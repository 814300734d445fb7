"""The share of a bot's servers that one process serves, written as shards: ``0-1/4``."""

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["EVERYTHING", "Shards"]

#: Discord's own bound is far lower; this only keeps a slip of the finger from making a huge list.
_MOST: Final = 65_536
_WRITTEN: Final = re.compile(r"\s*(?P<ids>\d+(?:-\d+)?(?:\s*,\s*\d+(?:-\d+)?)*)\s*/\s*(?P<count>\d+)\s*")
_REMEDY: Final = "must be written as shards/count, like 0/2, 0-3/16 or 0,5,7-9/16"


@dataclass(frozen=True, slots=True)
class Shards:
    """Some of ``count`` shards, by their numbers 0 … count-1 in rising order.

    Raises ``ValueError`` for a shard that is not among them.
    """

    ids: tuple[int, ...]
    count: int

    def __post_init__(self) -> None:
        if not 1 <= self.count <= _MOST:
            raise ValueError(f"{_REMEDY}; the count is from 1 to {_MOST}")
        if not self.ids or list(self.ids) != sorted(set(self.ids)):
            raise ValueError(f"{_REMEDY}; each shard once")
        if not 0 <= self.ids[0] <= self.ids[-1] < self.count:
            raise ValueError(f"{_REMEDY}; of {self.count} shards the last is {self.count - 1}")

    @classmethod
    def parse(cls, text: str) -> "Shards":
        """Read shards as they are written: numbers and ranges, a slash, and how many there are in all."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError(_REMEDY)
        count = int(found["count"])
        ids: list[int] = []
        for part in found["ids"].split(","):
            first, _, last = part.strip().partition("-")
            if int(last or first) > _MOST:
                raise ValueError(f"{_REMEDY}; of {count} shards the last is {count - 1}")
            ids += range(int(first), int(last or first) + 1)
        return cls(tuple(sorted(ids)), count)

    def has(self, server_id: int | None) -> bool:
        """Return whether Discord hands this server's events to these shards; ``None`` is a direct message."""
        shard = 0 if server_id is None else (server_id >> 22) % self.count
        return shard in self.ids

    @property
    def leads(self) -> bool:
        """Return whether shard 0 is among them: what is to be done once for the whole bot is done there."""
        return self.ids[0] == 0

    def __str__(self) -> str:
        """Write them as :meth:`parse` reads them."""
        parts: list[list[int]] = []
        for one in self.ids:
            if parts and parts[-1][1] == one - 1:
                parts[-1][1] = one
            else:
                parts.append([one, one])
        written = ",".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)
        return f"{written}/{self.count}"


EVERYTHING: Final = Shards((0,), 1)
"""What a process serves that shares with no other: every server, and direct messages."""
