"""File descriptors: the limit of the process, how connections share it, and a reserve for the health page."""

import contextlib
import errno
import os
import resource
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

__all__ = [
    "RECOMMENDED_DESCRIPTORS",
    "DescriptorBudget",
    "ReservingSocket",
    "descriptor_limit",
    "free_descriptors",
    "raise_descriptor_limit",
    "split_descriptors",
]

RECOMMENDED_DESCRIPTORS: Final = 1024
"""With fewer descriptors, `bobbin check` warns."""

#: Raised to this where the system allows; more would only slow down the count of free ones.
_WANTED: Final = 4096
#: Databases, the index, event loops, listening sockets, the import's pipes; 31 were counted in a running bot.
_OWN_USE: Final = 40
_MAX_OUTGOING: Final = 100
_MAX_PAGE_CLIENTS: Final = 2000
_MIN_OUTGOING: Final = 4
_MIN_PAGE_CLIENTS: Final = 2
_MARGIN: Final = 8
_RESERVE: Final = 3
_EXHAUSTED: Final = frozenset({errno.EMFILE, errno.ENFILE})


@dataclass(frozen=True, slots=True)
class DescriptorBudget:
    """How many connections to Discord, and from readers of pages, may be open at once."""

    outgoing: int
    page_clients: int


def descriptor_limit() -> int:
    """Return how many descriptors this process may have."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _WANTED if soft == resource.RLIM_INFINITY else soft


def raise_descriptor_limit() -> int:
    """Raise this process's soft limit as far as useful and allowed; return the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED if hard == resource.RLIM_INFINITY else min(_WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return descriptor_limit()


def split_descriptors(limit: int) -> DescriptorBudget:
    """Share a limit between requests to Discord and readers of pages, so that neither can take all of it.

    What the process itself needs, and a margin, stay free.
    """
    free = max(0, limit - _OWN_USE)
    outgoing = min(_MAX_OUTGOING, max(_MIN_OUTGOING, free // 2))
    pages = min(_MAX_PAGE_CLIENTS, max(_MIN_PAGE_CLIENTS, free - outgoing - _MARGIN))
    return DescriptorBudget(outgoing, pages)


def free_descriptors() -> int:
    """Return how many more descriptors this process may open."""
    limit = descriptor_limit()
    try:
        # The listing itself has one open.
        return max(0, limit - len(os.listdir("/proc/self/fd")) + 1)  # noqa: PTH208 - no Path for each
    except OSError as error:
        if error.errno in _EXHAUSTED:
            return 0
    # A system without /proc: each number is tried.
    return limit - sum(map(_is_open, range(limit)))


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


class ReservingSocket(socket.socket):
    """A listening socket that accepts connections even when the process has no descriptor left.

    It holds some descriptors in reserve, gives one up for a connection, and takes it back before the next.
    Once only the last is left, ``make_room`` may end another connection, which returns whether it did; where
    it did not, a connection is turned away. So clients that only hold connections keep nobody out, and none
    waits in a queue that the event loop would be called for without end.
    """

    def __init__(self, *given: Any, make_room: Callable[[], bool] = lambda: False) -> None:
        super().__init__(*given)
        self.make_room = make_room
        self._reserved: list[int] = []

    def reserve(self) -> None:
        """Fill the reserve, as far as descriptors are free."""
        with contextlib.suppress(OSError):
            while len(self._reserved) < _RESERVE:
                self._reserved.append(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))

    def accept(self) -> tuple[socket.socket, object]:
        """Accept a connection, with a reserved descriptor where no other is left.

        Raises ``BlockingIOError`` where this one has to wait for another to end, or was turned away.
        """
        self.reserve()
        try:
            return super().accept()
        except OSError as error:
            if error.errno not in _EXHAUSTED or not self._reserved:
                raise
            if len(self._reserved) > 1:
                os.close(self._reserved.pop())
                return super().accept()
            if not self.make_room():
                os.close(self._reserved.pop())
                super().accept()[0].close()
                self.reserve()
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN)) from error

    def close(self) -> None:
        """Close the socket and give up the reserve."""
        while getattr(self, "_reserved", None):
            os.close(self._reserved.pop())
        super().close()
