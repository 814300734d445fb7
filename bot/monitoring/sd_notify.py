"""Messages to systemd, as its protocol sd_notify has them: ready, stopping, and a sign of life.

Nothing is sent where ``NOTIFY_SOCKET`` is not set, so Bobbin runs alike without systemd.
"""

import asyncio
import os
import socket

__all__ = ["READY", "STOPPING", "keep_watchdog", "notify"]

READY = "READY=1"
STOPPING = "STOPPING=1"
_ALIVE = "WATCHDOG=1"


def notify(*lines: str) -> bool:
    """Send lines such as :data:`READY` to the service manager; return whether it took them. Never blocks."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        channel.settimeout(0)
        try:
            # A name that begins with @ is in Linux's abstract namespace.
            channel.sendto("\n".join(lines).encode(), address.replace("@", "\0", 1))
        except OSError:
            return False
    return True


async def keep_watchdog() -> None:
    """Send a sign of life twice in each interval of the unit's ``WatchdogSec``, from the event loop itself.

    A loop that is stuck sends none, and systemd starts the service again. Returns at once where the unit has
    no watchdog, or where that is another process's.
    """
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    pid = os.environ.get("WATCHDOG_PID", "") or str(os.getpid())
    if not microseconds.isdecimal() or not int(microseconds) or pid != str(os.getpid()):
        return
    while True:
        notify(_ALIVE)
        await asyncio.sleep(int(microseconds) / 2_000_000)
