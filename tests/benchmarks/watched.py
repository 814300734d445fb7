"""Run a module while its event loop is watched: ``python -m tests.benchmarks.watched FILE CORES MODULE …``.

Every five milliseconds a call is due. When it comes late by a millisecond or more, how late and when, by
the clock that all processes share, is noted, and at the end written to the file as JSON. What the process
did not work itself in that time was the doing of others on the machine: a delay is not longer than the
processor time that all its threads spent since the call before. ``CORES`` are the processor's cores that
the process may use, apart by commas.
"""

import asyncio
import atexit
import json
import os
import runpy
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

__all__ = ["longest"]

_EVERY = 0.005
_LATE = 0.001


class _Policy(asyncio.DefaultEventLoopPolicy):
    """Makes event loops that are watched from their first turn on."""

    def __init__(self, late: list[tuple[float, float]]) -> None:
        super().__init__()
        self._late = late

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        """Return a new loop with the first call due."""
        loop = super().new_event_loop()
        loop.call_later(_EVERY, self._look, loop, time.monotonic() + _EVERY, time.process_time())
        return loop

    def _look(self, loop: asyncio.AbstractEventLoop, due: float, spent: float) -> None:
        now = time.monotonic()
        delay = min(now - due, time.process_time() - spent)
        if delay >= _LATE:
            self._late.append((now, delay))
        loop.call_later(_EVERY, self._look, loop, time.monotonic() + _EVERY, time.process_time())


def longest(file: Path, start: float, end: float) -> float:
    """Return the longest delay, in seconds, that was noted between two moments of the monotonic clock."""
    late: list[tuple[float, float]] = json.loads(file.read_text())
    return max((delay for moment, delay in late if start <= moment <= end + delay), default=_LATE)


def _main(arguments: Sequence[str]) -> None:
    file, cores, module, *rest = arguments
    os.sched_setaffinity(0, {int(core) for core in cores.split(",")})
    late: list[tuple[float, float]] = []
    atexit.register(lambda: Path(file).write_text(json.dumps(late)))
    asyncio.set_event_loop_policy(_Policy(late))
    # A shell that starts the benchmark in the background has its processes ignore what ends this one.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main(sys.argv[1:])
